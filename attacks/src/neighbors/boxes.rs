//! The gaps of the distance: how far a target's numbers are from the boxes of release records.

use super::distance::over_range;
use super::{GowerDistance, Profiles};
use crate::table::{Cell, MISSING};
use rayon::prelude::*;

/// Records that one task places.
const CHUNK: usize = 2048;

/// Boxes of records, one interval per numeric column: an exact number has no width, what is missing, suppressed or a text is the whole
/// line (its whole part is counted elsewhere).
pub(super) struct Boxes {
    columns: Vec<BoxColumn>,
    /// Lower ends, record by record, over the range and measured from the column's origin, so that large offsets keep
    /// their digits.
    lo: Vec<f64>,
    /// Upper ends; `None` when every record has a number in every column.
    hi: Option<Vec<f64>>,
}

struct BoxColumn {
    /// Position among the attacker's columns.
    at: usize,
    range: f64,
    origin: f64,
}

#[derive(Clone, Copy)]
enum End {
    Lower,
    Upper,
}

impl BoxColumn {
    fn scaled(&self, value: f64) -> f64 {
        over_range(value - self.origin, self.range)
    }

    /// One end of the box of each code of the column.
    fn ends(&self, distance: &GowerDistance<'_>, end: End) -> Vec<f64> {
        let domain = distance.domains()[self.at];
        let ends = domain.numbers().iter().zip(domain.cells()).map(|(number, cell)| match (cell, end) {
            (Cell::Number(_), _) => *number,
            (Cell::Interval(interval), End::Lower) => interval.lo,
            (Cell::Interval(interval), End::Upper) => interval.hi,
            (_, End::Lower) => f64::NEG_INFINITY,
            (_, End::Upper) => f64::INFINITY,
        });
        ends.map(|end| self.scaled(end)).collect()
    }
}

impl Boxes {
    /// Boxes of some profiles.
    pub fn new(distance: &GowerDistance<'_>, profiles: &Profiles<'_>, order: &[u32]) -> Boxes {
        let numeric = distance.domains().iter().enumerate().filter(|(_, domain)| domain.range() > 0.0);
        let columns: Vec<BoxColumn> = numeric
            .map(|(at, domain)| {
                let smallest = domain.number_codes().start;
                BoxColumn { at, range: domain.range(), origin: domain.number(smallest) }
            })
            .collect();
        let only_numbers =
            columns.par_iter().all(|column| profiles.has_only_numbers(column.at, distance.domains()[column.at]));
        let ends = |end: End| {
            // Of each code, so that a record costs a look per column.
            let of_codes: Vec<Vec<f64>> = columns.par_iter().map(|column| column.ends(distance, end)).collect();
            let mut ends = vec![0.0; order.len() * columns.len()];
            let chunks = ends.par_chunks_mut(CHUNK * columns.len().max(1)).zip(order.par_chunks(CHUNK));
            chunks.for_each(|(ends, order)| {
                for (at, (column, of_code)) in columns.iter().zip(&of_codes).enumerate() {
                    let codes = profiles.column(column.at);
                    for (slot, profile) in ends[at..].iter_mut().step_by(columns.len()).zip(order) {
                        *slot = of_code[codes[*profile as usize] as usize];
                    }
                }
            });
            ends
        };
        let lo = ends(End::Lower);
        let hi = (!only_numbers).then(|| ends(End::Upper));
        Boxes { columns, lo, hi }
    }

    /// Whether all boxes are numbers, of no width.
    pub fn are_numbers(&self) -> bool {
        self.hi.is_none()
    }

    /// Number of numeric columns.
    pub fn columns(&self) -> usize {
        self.columns.len()
    }

    /// A target's place among the boxes; NaN where it is missing or a text.
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

    /// The points of some records, coordinates one after the other; `None` when a box has a width, or its ends are too far away
    /// for a number.
    pub fn points(&self, records: std::ops::Range<usize>) -> Option<&[f64]> {
        let ends = records.start * self.columns()..records.end * self.columns();
        let lo = &self.lo[ends.clone()];
        (self.hi.as_ref().is_none_or(|hi| hi[ends] == *lo) && lo.iter().all(|end| end.is_finite())).then_some(lo)
    }

    /// All boxes, to be sorted part by part.
    pub fn parts(&mut self) -> Part<'_> {
        Part { columns: self.columns.len(), lo: &mut self.lo, hi: self.hi.as_deref_mut() }
    }

    /// Both ends of one record's box in one column.
    pub fn ends(&self, record: usize, column: usize) -> (f64, f64) {
        let at = record * self.columns() + column;
        (self.lo[at], self.hi.as_ref().map_or(self.lo[at], |hi| hi[at]))
    }
}

/// The boxes of consecutive records, to be put in another order.
pub(super) struct Part<'b> {
    columns: usize,
    lo: &'b mut [f64],
    hi: Option<&'b mut [f64]>,
}

impl<'b> Part<'b> {
    /// The boxes of the first records, and the rest.
    pub fn split_at(self, records: usize) -> (Part<'b>, Part<'b>) {
        let at = records * self.columns;
        let (lo, rest_of_lo) = self.lo.split_at_mut(at);
        let (hi, rest_of_hi) = self.hi.map(|hi| hi.split_at_mut(at)).unzip();
        (Part { columns: self.columns, lo, hi }, Part { columns: self.columns, lo: rest_of_lo, hi: rest_of_hi })
    }

    /// Of the columns in which no box has a width, the one that varies most; `None` when none varies.
    pub fn widest_column(&self) -> Option<usize> {
        let column = |column: usize| self.lo.iter().skip(column).step_by(self.columns);
        let has_width = |at: usize| {
            let hi = self.hi.iter().flat_map(|hi| hi.iter().skip(at).step_by(self.columns));
            column(at).zip(hi).any(|(lo, hi)| lo != hi)
        };
        let records = (self.lo.len() / self.columns) as f64;
        let variance = |at: usize| {
            let mean = column(at).sum::<f64>() / records;
            column(at).map(|value| (value - mean) * (value - mean)).sum::<f64>()
        };
        let candidates = (0..self.columns).filter(|at| !has_width(*at)).map(|at| (at, variance(at)));
        let widest = candidates.filter(|(_, variance)| *variance > 0.0).max_by(|a, b| a.1.total_cmp(&b.1));
        widest.map(|(at, _)| at)
    }

    /// Sorts the records by a column, and tells which record came from where.
    pub fn sort(&mut self, column: usize) -> Vec<u32> {
        let mut from: Vec<u32> = (0..(self.lo.len() / self.columns) as u32).collect();
        from.sort_unstable_by(|a, b| {
            let value = |record: u32| self.lo[record as usize * self.columns + column];
            value(*a).total_cmp(&value(*b)).then(a.cmp(b))
        });
        for ends in std::iter::once(&mut *self.lo).chain(self.hi.as_deref_mut()) {
            let before = ends.to_vec();
            for (slot, from) in ends.chunks_exact_mut(self.columns).zip(&from) {
                slot.copy_from_slice(&before[*from as usize * self.columns..][..self.columns]);
            }
        }
        from
    }
}
