//! The numbers of a column with generalized cells, and what bands of them cost.

use super::bands::Bands;
use super::coverage::Counts;
use super::{Cell, Domain, Interval};

/// The numbers that a column has, with sums over all that lie below each.
#[derive(Debug, Clone)]
pub(crate) struct Numbers {
    /// Numbers ascending: all exact ones, and the middles of the persons' bands.
    numbers: Vec<f64>,
    /// Rows that hold a number before each, and those of all.
    rows: Vec<f64>,
    /// The sum of their places, a place being a number measured from the column's origin over its range.
    places: Vec<f64>,
    /// Of each code.
    spans: Vec<Span>,
    numbers_end: u32,
    bands: Bands,
    /// The least sum of the gaps between a person's number or band and all rows' numbers.
    least: f64,
}

/// A stretch of the line, and the numbers on it.
#[derive(Debug, Clone, Copy)]
struct Span {
    lo: f64,
    hi: f64,
    lo_included: bool,
    hi_included: bool,
    from: u32,
    to: u32,
}

impl Span {
    /// Whether some number may lie on both.
    fn meets(&self, other: &Span) -> bool {
        let is_before = |one: &Span, other: &Span| {
            one.hi < other.lo || (one.hi == other.lo && !(one.hi_included && other.lo_included))
        };
        !is_before(self, other) && !is_before(other, self)
    }

    fn gap(&self, other: &Span) -> f64 {
        (other.lo - self.hi).max(self.lo - other.hi).max(0.0)
    }
}

impl Numbers {
    pub fn new(domain: &Domain, counts: &Counts) -> Numbers {
        let mut held: Vec<(f64, f64)> = Vec::new();
        for (code, cell) in domain.cells().iter().enumerate() {
            match cell {
                Cell::Number(number) => held.push((*number, counts.all[code] as f64)),
                Cell::Interval(interval) if counts.persons[code] > 0 => {
                    held.extend(interval.representative().map(|middle| (middle, counts.persons[code] as f64)));
                }
                _ => {}
            }
        }
        held.sort_by(|a, b| a.0.total_cmp(&b.0));
        held.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0.0 };
            same
        });
        let numbers: Vec<f64> = held.iter().map(|(number, _)| *number).collect();
        let sums = |of: &dyn Fn(&(f64, f64)) -> f64| -> Vec<f64> {
            let mut sum = 0.0;
            let sums = held.iter().map(|held| {
                sum += of(held);
                sum
            });
            std::iter::once(0.0).chain(sums).collect()
        };
        let rows = sums(&|(_, rows)| *rows);
        let places = sums(&|(number, rows)| domain.place(*number) * rows);
        let span = |cell: &Cell| match cell {
            Cell::Number(number) => Interval::closed(*number, *number),
            Cell::Interval(interval) => *interval,
            _ => Interval::closed(f64::NEG_INFINITY, f64::INFINITY),
        };
        let spans = domain.cells().iter().map(span).map(|interval| {
            let (lo, hi) = (domain.place(interval.lo), domain.place(interval.hi));
            let is_before = |number: &f64| *number < interval.lo || (*number == interval.lo && !interval.lo_included);
            let from = numbers.partition_point(is_before);
            let held = numbers[from..].partition_point(|number| interval.contains(*number));
            let (lo_included, hi_included) = (interval.lo_included, interval.hi_included);
            Span { lo, hi, lo_included, hi_included, from: from as u32, to: (from + held) as u32 }
        });
        let spans = spans.collect();
        let numbers_end = domain.number_codes().end;
        let mut numbers =
            Numbers { numbers, rows, places, spans, numbers_end, bands: Bands::new(domain), least: f64::INFINITY };
        // Of all numbers, the median has the least sum.
        let is_below_median = |rows: &f64| *rows < numbers.rows() / 2.0;
        let median = numbers.rows[1..].partition_point(is_below_median);
        let place = numbers.numbers.get(median).map_or(0.0, |median| domain.place(*median));
        let (from, to) = (median as u32, numbers.len().min(median as u32 + 1));
        let median = Span { lo: place, hi: place, lo_included: true, hi_included: true, from, to };
        let of_persons = (numbers_end..domain.len() as u32).filter(|code| counts.persons[*code as usize] > 0);
        let bands = of_persons.filter(|code| matches!(domain.cell(*code), Cell::Interval(_)));
        let least = bands
            .map(|code| numbers.sum_of_all_gaps(code))
            .fold(numbers.sum_of_gaps(&median, 0, numbers.len()), f64::min);
        numbers.least = least;
        numbers
    }

    fn len(&self) -> u32 {
        self.numbers.len() as u32
    }

    /// Rows that hold any number.
    pub fn rows(&self) -> f64 {
        self.rows[self.numbers.len()]
    }

    /// The sum of the gaps between a target and all rows' numbers.
    pub fn sum_of_all_gaps(&self, target: u32) -> f64 {
        self.sum_of_gaps(&self.spans[target as usize], 0, self.len())
    }

    /// The least of those sums that a person's number or band has.
    pub fn least_sum_of_gaps(&self) -> f64 {
        self.least
    }

    /// Sum over the rows that hold one of these numbers of the gaps between it and a target.
    fn sum_of_gaps(&self, target: &Span, from: u32, to: u32) -> f64 {
        let over = |sums: &[f64], from: u32, to: u32| sums[to as usize] - sums[from as usize];
        let (below, above) = (to.min(target.from), from.max(target.to));
        let mut sum = 0.0;
        if from < below {
            sum += (target.lo * over(&self.rows, from, below) - over(&self.places, from, below)).max(0.0);
        }
        if above < to {
            sum += (over(&self.places, above, to) - target.hi * over(&self.rows, above, to)).max(0.0);
        }
        sum
    }

    /// What a cell costs a target, of which neither is missing or suppressed, when so many rows count.
    pub fn cost(&self, target: u32, release: u32, all_rows: f64) -> f64 {
        let (one, other) = (&self.spans[target as usize], &self.spans[release as usize]);
        let gap = one.gap(other);
        if release < self.numbers_end {
            return gap;
        }
        let sum = self.sum_of_gaps(one, other.from, other.to);
        let rows = self.rows[other.to as usize] - self.rows[other.from as usize];
        if one.meets(other) {
            sum / all_rows.max(1.0)
        } else if rows > 0.0 {
            // Rounding must not put a cell nearer than its gap, which is what indexes screen with.
            (sum / rows).max(gap)
        } else {
            gap
        }
    }

    /// Hands on the numbers and bands of a column that can be of one person with one of them, but itself, each once.
    pub fn each_meeting(&self, domain: &Domain, code: u32, found: &mut impl FnMut(u32)) {
        let interval = match domain.cell(code) {
            Cell::Number(number) => Interval::closed(*number, *number),
            Cell::Interval(interval) => *interval,
            _ => return,
        };
        let numbers = &domain.numbers()[domain.number_codes().start as usize..self.numbers_end as usize];
        let first = numbers.partition_point(|number| *number < interval.lo);
        let held = numbers[first..].iter().take_while(|number| **number <= interval.hi);
        for (number, other) in held.zip(domain.number_codes().start + first as u32..) {
            if other != code && interval.contains(*number) {
                found(other);
            }
        }
        self.bands.each_meeting(&interval, &mut |other| {
            if other != code {
                found(other);
            }
        });
    }

    /// Whether a cell may be any number of the column.
    pub fn says_nothing(&self, code: u32, others_exist: bool) -> bool {
        let span = &self.spans[code as usize];
        let is_all = self.rows[span.from as usize] == 0.0 && self.rows[span.to as usize] == self.rows();
        is_all && !(code < self.numbers_end && others_exist)
    }

    /// Positions of the numbers that a cell may be.
    pub fn covered(&self, code: u32) -> std::ops::Range<usize> {
        let span = &self.spans[code as usize];
        span.from as usize..span.to as usize
    }

    /// All numbers, ascending.
    pub fn all(&self) -> &[f64] {
        &self.numbers
    }

    /// Rows that hold one of some numbers, given by their positions.
    pub fn rows_of(&self, numbers: std::ops::Range<usize>) -> f64 {
        if numbers.is_empty() { 0.0 } else { self.rows[numbers.end] - self.rows[numbers.start] }
    }
}
