//! What one cell can hold.

use std::cmp::Ordering;
use std::fmt;

/// How the values of a column are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Numbers: distance is the gap over the range.
    Numeric,
    /// Days since 1970-01-01: compared like numbers, hit only by the same day unless a tolerance is set.
    Date,
    /// Seconds since 1970-01-01T00:00:00: compared like numbers, hit only by the same second unless a tolerance is set.
    DateTime,
    /// Two categories, `false` and `true`.
    Boolean,
    /// Categories: equal or not.
    Categorical,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 5] = [Kind::Numeric, Kind::Date, Kind::DateTime, Kind::Boolean, Kind::Categorical];

    /// Whether cells are numbers, with a range and an order that predicates may use.
    pub fn is_numeric(self) -> bool {
        matches!(self, Kind::Numeric | Kind::Date | Kind::DateTime)
    }

    /// The name used in configuration files and in evidence.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Numeric => "numeric",
            Kind::Date => "date",
            Kind::DateTime => "datetime",
            Kind::Boolean => "boolean",
            Kind::Categorical => "categorical",
        }
    }

    /// The kind of that [name](Kind::name).
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A generalized number: every value between two ends, each included or not, either possibly infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end; `-inf` when open to below.
    pub lo: f64,
    /// Upper end; `+inf` when open to above.
    pub hi: f64,
    /// Whether the lower end belongs to the interval.
    pub lo_included: bool,
    /// Whether the upper end belongs to the interval.
    pub hi_included: bool,
}

impl Interval {
    /// The closed interval `[lo, hi]`.
    pub fn closed(lo: f64, hi: f64) -> Interval {
        Interval { lo, hi, lo_included: true, hi_included: true }
    }

    /// Whether a value lies inside.
    pub fn contains(&self, value: f64) -> bool {
        let above = value > self.lo || (self.lo_included && value == self.lo);
        let below = value < self.hi || (self.hi_included && value == self.hi);
        above && below
    }

    /// Whether some value lies in both.
    pub fn meets(&self, other: &Interval) -> bool {
        let (lo, hi) = (self.lo.max(other.lo), self.hi.min(other.hi));
        lo < hi || (lo == hi && self.contains(lo) && other.contains(lo))
    }

    /// Gap between a value and the interval, 0 inside it and at either end: an open end is
    /// approached arbitrarily closely by the values inside.
    pub fn gap(&self, value: f64) -> f64 {
        if value < self.lo {
            self.lo - value
        } else if value > self.hi {
            value - self.hi
        } else {
            0.0
        }
    }

    /// The middle, or the finite end when the other is infinite; `None` when both are.
    pub fn representative(&self) -> Option<f64> {
        match (self.lo.is_finite(), self.hi.is_finite()) {
            (true, true) => Some(self.lo + (self.hi - self.lo) / 2.0),
            (true, false) => Some(self.lo),
            (false, true) => Some(self.hi),
            (false, false) => None,
        }
    }

    fn order(&self, other: &Interval) -> Ordering {
        self.lo
            .total_cmp(&other.lo)
            .then(self.hi.total_cmp(&other.hi))
            .then(self.lo_included.cmp(&other.lo_included))
            .then(self.hi_included.cmp(&other.hi_included))
    }
}

/// One distinct cell of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// No value: a value of its own, equal to itself and at distance 1 from any other.
    Missing,
    /// An exact number (or day, or second), never NaN or beyond [`Cell::LARGEST`].
    Number(f64),
    /// An exact category. In a numeric column it is a text among numbers, such as a code for "not asked": a value of its own,
    /// equal to itself and at distance 1 from any other.
    Category(String),
    /// A number known to lie in an interval.
    Interval(Interval),
    /// One of these categories, sorted; what a set, a mask or a hierarchy node covers.
    OneOf(Vec<String>),
    /// Suppressed, compatible with every value, missing included. Of a person, it is a value that is not known.
    Suppressed,
}

impl Cell {
    /// The largest number by size: between any two numbers lies a finite distance.
    pub const LARGEST: f64 = 1e300;

    /// A set of one category says what the category says.
    pub(super) fn simplified(self) -> Cell {
        match self {
            Cell::OneOf(mut covered) if covered.len() == 1 => Cell::Category(covered.remove(0)),
            other => other,
        }
    }

    /// Whether the cell is missing or one exact value.
    pub fn is_exact(&self) -> bool {
        matches!(self, Cell::Missing | Cell::Number(_) | Cell::Category(_))
    }

    /// Whether the cell may stand in a column of that kind.
    pub fn fits(&self, kind: Kind) -> bool {
        match self {
            Cell::Missing | Cell::Suppressed => true,
            Cell::Number(value) => kind.is_numeric() && value.abs() <= Cell::LARGEST,
            Cell::Interval(interval) => {
                let in_limits = |end: f64| end.is_infinite() || end.abs() <= Cell::LARGEST;
                kind.is_numeric() && interval.lo <= interval.hi && in_limits(interval.lo) && in_limits(interval.hi)
            }
            Cell::Category(_) => true,
            Cell::OneOf(_) => !kind.is_numeric(),
        }
    }

    fn class(&self) -> u8 {
        match self {
            Cell::Missing => 0,
            Cell::Number(_) => 1,
            Cell::Category(_) => 2,
            Cell::Interval(_) => 3,
            Cell::OneOf(_) => 4,
            Cell::Suppressed => 5,
        }
    }

    /// The order of codes: missing, exact values ascending, generalized cells.
    pub(crate) fn order(&self, other: &Cell) -> Ordering {
        match (self, other) {
            (Cell::Number(a), Cell::Number(b)) => a.total_cmp(b),
            (Cell::Category(a), Cell::Category(b)) => a.cmp(b),
            (Cell::Interval(a), Cell::Interval(b)) => a.order(b),
            (Cell::OneOf(a), Cell::OneOf(b)) => a.cmp(b),
            _ => self.class().cmp(&other.class()),
        }
    }
}
