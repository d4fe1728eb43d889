//! The gaps of the distance: how far a target's numbers are from the boxes of release records.

use super::distance::over_range;
use super::{GowerDistance, Profiles};
use crate::table::{Cell, MISSING};
use rayon::prelude::*;

/// Records that one task places.
const CHUNK: usize = 8192;

/// Boxes of records, one interval per numeric column: an exact number has no width, what is missing or suppressed is the whole
/// line (its whole part is counted elsewhere).
pub(super) struct Boxes {
    columns: Vec<BoxColumn>,
    /// Lower ends, record by record, over the range and measured from the column's origin, so that large offsets keep
    /// their digits.
    lo: Vec<f64>,
    /// Upper ends; `None` when every box has no width.
    hi: Option<Vec<f64>>,
}

struct BoxColumn {
    /// Position among the attacker's columns.
    at: usize,
    range: f64,
    origin: f64,
}

impl BoxColumn {
    fn scaled(&self, value: f64) -> f64 {
        over_range(value - self.origin, self.range)
    }

    /// The box of each code of the column.
    fn boxes(&self, distance: &GowerDistance<'_>) -> Vec<(f64, f64)> {
        let domain = distance.domains()[self.at];
        let ends = |code: u32| match domain.number(code) {
            value if !value.is_nan() => (value, value),
            _ => match domain.cell(code) {
                Cell::Interval(interval) => (interval.lo, interval.hi),
                _ => (f64::NEG_INFINITY, f64::INFINITY),
            },
        };
        let scaled = |(lo, hi)| (self.scaled(lo), self.scaled(hi));
        (0..domain.len() as u32).map(|code| scaled(ends(code))).collect()
    }
}

impl Boxes {
    /// Boxes of some profiles.
    pub fn new(distance: &GowerDistance<'_>, profiles: &Profiles, order: &[u32]) -> Boxes {
        let numeric = distance.domains().iter().enumerate().filter(|(_, domain)| domain.range() > 0.0);
        let columns: Vec<BoxColumn> = numeric
            .map(|(at, domain)| {
                let smallest = domain.exact_codes().start;
                BoxColumn { at, range: domain.range(), origin: domain.number(smallest) }
            })
            .collect();
        // What each code's box is, so that a record costs a look per column.
        let of_codes: Vec<Vec<(f64, f64)>> = columns.par_iter().map(|column| column.boxes(distance)).collect();
        let has_width = columns.iter().zip(&of_codes).any(|(column, of_code)| {
            let is_wide = |code: u32| of_code[code as usize].0 != of_code[code as usize].1;
            profiles.any(column.at, is_wide)
        });
        let ends = |end: fn((f64, f64)) -> f64| {
            let mut ends = vec![0.0; order.len() * columns.len()];
            let chunks = ends.par_chunks_mut(CHUNK * columns.len().max(1)).zip(order.par_chunks(CHUNK));
            chunks.for_each(|(ends, order)| {
                for (ends, profile) in ends.chunks_exact_mut(columns.len().max(1)).zip(order) {
                    let codes = profiles.codes(*profile);
                    for ((slot, column), of_code) in ends.iter_mut().zip(&columns).zip(&of_codes) {
                        *slot = end(of_code[codes[column.at] as usize]);
                    }
                }
            });
            ends
        };
        let lo = ends(|(lo, _)| lo);
        let hi = has_width.then(|| ends(|(_, hi)| hi));
        Boxes { columns, lo, hi }
    }

    /// Whether any box has a width.
    pub fn have_width(&self) -> bool {
        self.hi.is_some()
    }

    /// Number of numeric columns.
    pub fn columns(&self) -> usize {
        self.columns.len()
    }

    /// A target's place among the boxes; NaN where it is missing.
    pub fn place(&self, distance: &GowerDistance<'_>, target: &[u32], values: &mut Vec<f64>) {
        values.clear();
        values.extend(self.columns.iter().map(|column| match target[column.at] {
            MISSING => f64::NAN,
            code => column.scaled(distance.domains()[column.at].number(code)),
        }));
    }

    /// The sum of the gaps to one record's box. A missing value adds nothing: its whole part does.
    #[inline]
    pub fn gap(&self, record: usize, values: &[f64]) -> f64 {
        let ends = record * values.len()..(record + 1) * values.len();
        let lo = &self.lo[ends.clone()];
        let hi = self.hi.as_ref().map_or(lo, |hi| &hi[ends]);
        // `max` drops NaN.
        lo.iter().zip(hi).zip(values).map(|((lo, hi), value)| (lo - value).max(value - hi).max(0.0)).sum()
    }

    /// The points of some records, coordinates one after the other; `None` when a box has a width.
    pub fn points(&self, records: std::ops::Range<usize>) -> Option<&[f64]> {
        let ends = records.start * self.columns()..records.end * self.columns();
        let lo = &self.lo[ends.clone()];
        self.hi.as_ref().is_none_or(|hi| hi[ends] == *lo).then_some(lo)
    }

    /// Both ends of one record's box in one column.
    pub fn ends(&self, record: usize, column: usize) -> (f64, f64) {
        let at = record * self.columns() + column;
        (self.lo[at], self.hi.as_ref().map_or(self.lo[at], |hi| hi[at]))
    }
}
