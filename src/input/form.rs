//! Local forms: which sign separates decimals, and whether the day or the month of a date comes first.
//!
//! `1.5` and `1,5` say it themselves, as `31/12/1980` does; `1.234` and `03/04/1980` do not. The form is therefore found per
//! column and table from all its values, each once: from those that say it, else from how the separators are used, from
//! the other tables' values, from the same column in other tables and from the other columns of the file. Where these do not
//! settle it, the column is read in one form and reported as ambiguous.

use std::ops::Add;

/// The decimal sign.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Decimal {
    #[default]
    Point,
    Comma,
}

/// What comes first in a date that begins with neither its year nor the name of its month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum DayOrder {
    #[default]
    DayFirst,
    MonthFirst,
}

/// How one column of one table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) decimal: Decimal,
    pub(super) order: DayOrder,
    /// Years of two digits are the hundred that end with this one.
    pub(super) last_year: i64,
}

/// The last year that two digits stand for where nothing else is known, as in spreadsheets.
const LAST_YEAR: i64 = 2029;

impl Default for Form {
    fn default() -> Form {
        Form { decimal: Decimal::Point, order: DayOrder::DayFirst, last_year: LAST_YEAR }
    }
}

/// In which of two forms (point or comma, day or month first) a text can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// In both, as the same value.
    Any,
    /// In the first only.
    First,
    /// In the second only.
    Second,
    /// In both, as different values.
    Either,
}

impl Fit {
    /// From the values in both forms.
    pub(super) fn of(first: Option<f64>, second: Option<f64>) -> Option<Fit> {
        match (first, second) {
            (None, None) => None,
            (Some(_), None) => Some(Fit::First),
            (None, Some(_)) => Some(Fit::Second),
            (Some(first), Some(second)) => Some(if first == second { Fit::Any } else { Fit::Either }),
        }
    }
}

/// Rows by the forms in which their values can be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Fits([usize; 4]);

impl Fits {
    pub(super) fn count(&mut self, fit: Fit, rows: usize) {
        self.0[fit as usize] += rows;
    }

    pub(super) fn of(&self, fit: Fit) -> usize {
        self.0[fit as usize]
    }

    /// Rows that can be read in one form or the other.
    pub(super) fn total(&self) -> usize {
        self.0.iter().sum()
    }

    /// Rows that can be read in the first form, or in the second.
    pub(super) fn under(&self, second: bool) -> usize {
        self.total() - self.of(if second { Fit::First } else { Fit::Second })
    }

    /// What the values say themselves: the form that they need, if any needs one; of two that are needed the more frequent.
    pub(super) fn needed(&self) -> Option<bool> {
        let (first, second) = (self.of(Fit::First), self.of(Fit::Second));
        (first + second > 0).then_some(second > first)
    }
}

impl Add for Fits {
    type Output = Fits;

    fn add(self, other: Fits) -> Fits {
        Fits(std::array::from_fn(|at| self.0[at] + other.0[at]))
    }
}

/// What the values of one column of one table say about one of the two questions, and what they leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// No value is written so that it matters.
    Silent,
    /// It is the first form, or the second.
    Second(bool),
    /// It matters, and nothing says which it is. `Some` when reading all tables alike in the given form can do no harm.
    Open { harmless: Option<bool> },
}

/// One table's part in settling a column's form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) sign: Sign,
    /// What the other columns of its file say.
    pub(super) file: Option<bool>,
    /// In which form its values meet those of the tables whose form is known, if they do in one much more than in the other.
    pub(super) meets: Option<bool>,
}

/// The form of each table's column (whether it is the second), and whether that is settled.
pub(super) fn settle(parts: &[Option<Part>]) -> Vec<(bool, bool)> {
    let signs = || parts.iter().flatten().map(|part| part.sign);
    let known: Vec<bool> =
        signs().filter_map(|sign| if let Sign::Second(second) = sign { Some(second) } else { None }).collect();
    let sibling = known.first().copied().filter(|first| known.iter().all(|second| second == first));
    let open: Vec<Option<bool>> =
        signs().filter_map(|sign| if let Sign::Open { harmless } = sign { Some(harmless) } else { None }).collect();
    let alone = known.is_empty() && signs().all(|sign| sign != Sign::Silent);
    let harmless =
        open.first().copied().flatten().filter(|first| alone && open.iter().all(|other| *other == Some(*first)));
    let of = |part: &Part| match part.sign {
        Sign::Second(second) => (second, true),
        Sign::Silent => (part.file.or(sibling).unwrap_or(false), true),
        Sign::Open { .. } => match (part.meets, part.file, sibling) {
            (Some(second), _, _) | (None, Some(second), None) | (None, None, Some(second)) => (second, true),
            (None, Some(file), Some(sibling)) => (file, file == sibling),
            (None, None, None) => (harmless.unwrap_or(false), harmless.is_some()),
        },
    };
    parts.iter().map(|part| part.as_ref().map_or((false, true), of)).collect()
}

/// The form that several columns of a file agree on.
pub(super) fn agreed(columns: impl Iterator<Item = Sign>) -> Option<bool> {
    let (mut first, mut second) = (0usize, 0usize);
    for sign in columns {
        match sign {
            Sign::Second(false) => first += 1,
            Sign::Second(true) => second += 1,
            _ => {}
        }
    }
    match (first, second) {
        (0, 1..) => Some(true),
        (1.., 0) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn a_form_is_settled_by_values_then_meeting_then_the_file_and_the_other_tables() {
        let part = |sign, file, meets| Some(Part { sign, file, meets });
        let open = Sign::Open { harmless: None };
        let settled = |parts: &[Option<Part>]| settle(parts);
        assert_eq!(settled(&[part(Sign::Second(true), None, None), part(open, None, None)]), [(true, true); 2]);
        assert_eq!(settled(&[part(Sign::Second(false), None, None), part(open, None, Some(true))])[1], (true, true));
        assert_eq!(settled(&[part(Sign::Second(false), None, None), part(open, Some(true), None)])[1], (true, false));
        assert_eq!(settled(&[part(open, Some(true), None), None]), [(true, true), (false, true)]);
        assert_eq!(settled(&[part(open, None, None), part(Sign::Silent, None, None)])[0], (false, false));
        let harmless = part(Sign::Open { harmless: Some(true) }, None, None);
        assert_eq!(settled(&[harmless, harmless]), [(true, true); 2]);
        assert_eq!(settled(&[harmless, part(Sign::Silent, None, None)])[0], (false, false));
        assert_eq!(agreed([Sign::Silent, Sign::Second(true), open].into_iter()), Some(true));
        assert_eq!(agreed([Sign::Second(false), Sign::Second(true)].into_iter()), None);
    }
}
