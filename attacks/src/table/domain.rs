//! The dictionary of one column over all tables.

use super::coverage::{Counts, Coverage};
use super::{Cell, Kind};
use std::sync::Arc;

/// The code of the missing value in every column.
pub const MISSING: u32 = 0;

/// All distinct cells of one column over the original, the release and the control, in code order.
#[derive(Debug, Clone)]
pub struct Domain {
    kind: Kind,
    cells: Vec<Cell>,
    /// Number of each code, NaN where the cell is not an exact number.
    numbers: Vec<f64>,
    /// One past the last code of an exact number.
    numbers_end: u32,
    /// One past the last exact code.
    exact_end: u32,
    /// The smallest number, from which places are measured.
    origin: f64,
    range: f64,
    /// What cells cover; `None` in a column of several values that are all exact, and before the column is one of [tables](super::Tables).
    coverage: Option<Arc<Coverage>>,
}

impl Domain {
    /// A domain from cells that are sorted by code order, distinct and begin with [`Cell::Missing`].
    pub(super) fn from_sorted(kind: Kind, cells: Vec<Cell>) -> Domain {
        debug_assert_eq!(cells.first(), Some(&Cell::Missing));
        let exact_end = cells.iter().take_while(|cell| cell.is_exact()).count();
        let numbers: Vec<f64> =
            cells.iter().map(|cell| if let Cell::Number(value) = cell { *value } else { f64::NAN }).collect();
        // Texts among numbers follow the numbers.
        let numbers_end = 1 + numbers[1..exact_end].iter().take_while(|number| !number.is_nan()).count();
        let origin = if numbers_end > 1 { numbers[1] } else { 0.0 };
        let range = if numbers_end > 2 { numbers[numbers_end - 1] - origin } else { 0.0 };
        Domain {
            kind,
            cells,
            numbers,
            numbers_end: numbers_end as u32,
            exact_end: exact_end as u32,
            origin,
            range,
            coverage: None,
        }
    }

    /// Finds what generalized cells cover, given the rows of the release and those of the other tables.
    pub(super) fn cover<'a>(&mut self, release: &[u32], persons: impl IntoIterator<Item = &'a [u32]>) {
        // A column of one value says as little as a suppressed cell does.
        if !self.has_generalized() && self.len() > 2 {
            return;
        }
        let counts = Counts::new(self.len(), release, persons);
        let (mut lo, mut hi) = match self.number_codes() {
            none if none.is_empty() => (f64::INFINITY, f64::NEG_INFINITY),
            _ => (self.origin, self.origin + self.range),
        };
        // What is known of persons only as a band reaches as far as the band does.
        for (cell, _) in self.cells.iter().zip(&counts.persons).filter(|(_, persons)| **persons > 0) {
            if let Cell::Interval(interval) = cell {
                for end in [interval.lo, interval.hi].into_iter().filter(|end| end.is_finite()) {
                    (lo, hi) = (lo.min(end), hi.max(end));
                }
            }
        }
        if lo < self.origin || hi > self.origin + self.range || (self.number_codes().is_empty() && lo <= hi) {
            (self.origin, self.range) = (lo, hi - lo);
        }
        self.coverage = Some(Arc::new(Coverage::new(self, &counts)));
    }

    /// What the cells of a column of tables cover; `None` when it has several values and all are exact.
    pub(crate) fn coverage(&self) -> Option<&Coverage> {
        self.coverage.as_deref()
    }

    /// Hands on all other cells that can be of one person with a cell, each once: those that cover it, or that it covers.
    pub(crate) fn each_compatible(&self, code: u32, found: &mut impl FnMut(u32)) {
        if let Some(coverage) = self.coverage() {
            coverage.each_compatible(self, code, found);
        }
    }

    /// Whether a cell may be any value that the column has, so that nothing is learnt from it.
    pub fn says_nothing(&self, code: u32) -> bool {
        self.coverage().is_some_and(|coverage| coverage.says_nothing(code))
    }

    /// A number measured from the smallest one, over the range: 0 to 1 for all that occur.
    pub(crate) fn place(&self, number: f64) -> f64 {
        if self.range > 0.0 { (number - self.origin) / self.range } else { 0.0 }
    }

    /// How cells of this column are compared.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Number of codes, the missing value included whether or not it occurs.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Never true: the missing value always has a code.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The cell of a code.
    pub fn cell(&self, code: u32) -> &Cell {
        &self.cells[code as usize]
    }

    /// Cells in code order.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The number of a code; NaN when the cell is not an exact number.
    pub fn number(&self, code: u32) -> f64 {
        self.numbers[code as usize]
    }

    /// Numbers in code order, NaN where a cell is not an exact number.
    pub fn numbers(&self) -> &[f64] {
        &self.numbers
    }

    /// Largest minus smallest exact number over all tables, the finite ends of persons' bands included; 0 for categories and
    /// constant columns.
    pub fn range(&self) -> f64 {
        self.range
    }

    /// Whether a code is missing or one exact value.
    pub fn is_exact(&self, code: u32) -> bool {
        code < self.exact_end
    }

    /// Whether any cell is generalized (an interval, a set or suppressed).
    pub fn has_generalized(&self) -> bool {
        (self.exact_end as usize) < self.cells.len()
    }

    /// Whether a code is one exact value, and not missing.
    pub fn is_value(&self, code: u32) -> bool {
        code != MISSING && self.is_exact(code)
    }

    /// Whether a code is an exact number.
    pub fn is_number(&self, code: u32) -> bool {
        code != MISSING && code < self.numbers_end
    }

    /// Codes of the exact numbers, ascending as the numbers are; none in a column of categories.
    pub fn number_codes(&self) -> std::ops::Range<u32> {
        1..self.numbers_end
    }

    /// Codes of the exact values, the missing value left out: first the numbers, then the categories.
    pub fn exact_codes(&self) -> std::ops::Range<u32> {
        1..self.exact_end
    }
}
