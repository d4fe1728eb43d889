//! The gaps of the distance: how far a target's numbers are from the boxes of release records.

use super::{GowerDistance, Profiles};
use crate::table::{Cell, Domain};
use rayon::prelude::*;

/// Records that one task places.
const CHUNK: usize = 2048;

/// Boxes of records, one interval per numeric column: an exact number has no width, what is missing, suppressed or a
/// text is the whole line (its whole part is counted elsewhere).
pub(super) struct Boxes {
    columns: Vec<BoxColumn>,
    /// Lower ends, record by record, as [places](Domain::place), so that large offsets keep their digits.
    lo: Vec<f64>,
    /// Upper ends; `None` when every record has a number in every column.
    hi: Option<Vec<f64>>,
}

struct BoxColumn {
    /// Position among the attacker's columns.
    at: usize,
    /// Both ends of each code; NaN of what is neither a number nor a band.
    ends: Vec<(f64, f64)>,
}

/// A target's place among the boxes: a box of its own, which has no width where the target is a number.
#[derive(Debug, Default)]
pub(super) struct Place {
    /// Lower ends; NaN where the target has no place, because it is missing, suppressed or a text.
    pub lo: Vec<f64>,
    /// Upper ends, in the same way.
    pub hi: Vec<f64>,
}

impl Place {
    /// Whether it is a number in every column.
    pub fn is_point(&self) -> bool {
        self.lo == self.hi
    }

    /// Its number in one column.
    pub fn number(&self, column: usize) -> Option<f64> {
        Some(self.lo[column]).filter(|lo| *lo == self.hi[column])
    }
}

/// Both ends of a cell; `None` when it is neither a number nor a band.
fn ends(domain: &Domain, code: u32) -> Option<(f64, f64)> {
    match domain.cell(code) {
        Cell::Number(number) => Some((domain.place(*number), domain.place(*number))),
        Cell::Interval(interval) => Some((domain.place(interval.lo), domain.place(interval.hi))),
        _ => None,
    }
}

impl BoxColumn {
    fn new(distance: &GowerDistance<'_>, at: usize) -> BoxColumn {
        let domain = distance.domains()[at];
        let nowhere = (f64::NAN, f64::NAN);
        BoxColumn { at, ends: (0..domain.len() as u32).map(|code| ends(domain, code).unwrap_or(nowhere)).collect() }
    }

    /// One end of the box of a code.
    fn end(&self, code: u32, end: fn((f64, f64)) -> f64) -> f64 {
        match self.ends[code as usize] {
            (lo, _) if lo.is_nan() => end((f64::NEG_INFINITY, f64::INFINITY)),
            ends => end(ends),
        }
    }
}

impl Boxes {
    /// Boxes of some profiles.
    pub fn new(distance: &GowerDistance<'_>, profiles: &Profiles<'_>, order: &[u32]) -> Boxes {
        let numeric: Vec<usize> =
            (0..distance.domains().len()).filter(|at| distance.domains()[*at].range() > 0.0).collect();
        let columns: Vec<BoxColumn> = numeric.into_par_iter().map(|at| BoxColumn::new(distance, at)).collect();
        let only_numbers =
            columns.par_iter().all(|column| profiles.has_only_numbers(column.at, distance.domains()[column.at]));
        let ends = |end: fn((f64, f64)) -> f64| {
            let mut ends = vec![0.0; order.len() * columns.len()];
            let chunks = ends.par_chunks_mut(CHUNK * columns.len().max(1)).zip(order.par_chunks(CHUNK));
            chunks.for_each(|(ends, order)| {
                for (at, column) in columns.iter().enumerate() {
                    let codes = profiles.column(column.at);
                    for (slot, profile) in ends[at..].iter_mut().step_by(columns.len()).zip(order) {
                        *slot = column.end(codes[*profile as usize], end);
                    }
                }
            });
            ends
        };
        let lo = ends(|(lo, _)| lo);
        let hi = (!only_numbers).then(|| ends(|(_, hi)| hi));
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

    /// A target's place among the boxes.
    pub fn place(&self, target: &[u32], place: &mut Place) {
        place.lo.clear();
        place.hi.clear();
        for column in &self.columns {
            let (lo, hi) = column.ends[target[column.at] as usize];
            place.lo.push(lo);
            place.hi.push(hi);
        }
    }

    /// The sum of the gaps to one record's box. Where the target has no place nothing is added: its whole part is.
    #[inline]
    pub fn gap(&self, record: usize, place: &Place) -> f64 {
        let ends = record * place.lo.len()..(record + 1) * place.lo.len();
        let lo = &self.lo[ends.clone()];
        let hi = self.hi.as_ref().map_or(lo, |hi| &hi[ends]);
        // `max` drops NaN.
        let gaps = lo.iter().zip(hi).zip(place.lo.iter().zip(&place.hi));
        gaps.map(|((lo, hi), (from, to))| (lo - to).max(from - hi).max(0.0)).sum()
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
