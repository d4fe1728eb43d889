//! Predicates over codes.
//!
//! Because codes of exact cells are ranks, every test a predicate can make is a short list of code ranges, and whether
//! a row meets it is a comparison of integers. A generalized release cell meets a test only when every value it may
//! stand for does.

use crate::table::{Cell, Domain, MISSING};
use std::ops::Range;
use std::sync::Arc;

/// What is asked of one column; codes refer to the column's dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Test {
    /// The cell is this one; for a generalized cell, the value is among those that it covers.
    Is(u32),
    /// At least this number.
    AtLeast(u32),
    /// At most this number.
    AtMost(u32),
}

/// A test of one column, and the codes that pass it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The column.
    pub column: usize,
    /// The test.
    pub test: Test,
    /// Ascending, disjoint ranges of codes that pass.
    pub ranges: Arc<[Range<u32>]>,
}

/// A conjunction of conditions on different columns, in table order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predicate {
    /// The conditions, ascending by column.
    pub conditions: Vec<Condition>,
}

impl Condition {
    /// A test compiled against the column's dictionary, cell by cell. `Tests` finds the same for
    /// less where many tests are made.
    pub fn new(column: usize, domain: &Domain, test: Test) -> Condition {
        let passes = |code: u32| match test {
            Test::Is(of) => code == of || covers(domain.cell(of), domain.cell(code)),
            Test::AtLeast(of) => at_least(domain.cell(code), domain.number(of)),
            Test::AtMost(of) => at_most(domain.cell(code), domain.number(of)),
        };
        let (numbers, exact) = (domain.number_codes(), domain.exact_codes());
        let mut ranges: Vec<Range<u32>> = Vec::new();
        match test {
            Test::AtLeast(of) => ranges.push(of..numbers.end),
            Test::AtMost(of) => ranges.push(numbers.start..of + 1),
            Test::Is(of) if domain.is_exact(of) => ranges.push(of..of + 1),
            Test::Is(_) => (MISSING..exact.end).filter(|code| passes(*code)).for_each(|code| extend(&mut ranges, code)),
        }
        if domain.has_generalized() {
            (exact.end..domain.len() as u32).filter(|code| passes(*code)).for_each(|code| extend(&mut ranges, code));
        }
        Condition { column, test, ranges: ranges.into() }
    }

    /// Whether a code passes.
    #[inline]
    pub fn passes(&self, code: u32) -> bool {
        match &*self.ranges {
            [only] => only.contains(&code),
            several => {
                let at = several.partition_point(|range| range.end <= code);
                several.get(at).is_some_and(|range| range.start <= code)
            }
        }
    }
}

pub(super) fn extend(ranges: &mut Vec<Range<u32>>, code: u32) {
    match ranges.last_mut() {
        Some(last) if last.end == code => last.end += 1,
        _ => ranges.push(code..code + 1),
    }
}

/// Whether every value that `cell` may stand for is among those that `by` covers.
pub(super) fn covers(by: &Cell, cell: &Cell) -> bool {
    match (by, cell) {
        (Cell::Interval(by), Cell::Number(value)) => by.contains(*value),
        (Cell::Interval(by), Cell::Interval(inner)) => {
            let below = by.lo < inner.lo || (by.lo == inner.lo && (by.lo_included || !inner.lo_included));
            let above = by.hi > inner.hi || (by.hi == inner.hi && (by.hi_included || !inner.hi_included));
            below && above
        }
        (Cell::OneOf(by), Cell::Category(value)) => by.binary_search(value).is_ok(),
        (Cell::OneOf(by), Cell::OneOf(inner)) => inner.iter().all(|value| by.binary_search(value).is_ok()),
        _ => false,
    }
}

pub(super) fn at_least(cell: &Cell, limit: f64) -> bool {
    match cell {
        Cell::Number(value) => *value >= limit,
        Cell::Interval(interval) => interval.lo >= limit,
        _ => false,
    }
}

pub(super) fn at_most(cell: &Cell, limit: f64) -> bool {
    match cell {
        Cell::Number(value) => *value <= limit,
        Cell::Interval(interval) => interval.hi <= limit,
        _ => false,
    }
}

impl Predicate {
    /// What makes two predicates the same: columns and tests.
    pub fn key(&self) -> Vec<(usize, Test)> {
        self.conditions.iter().map(|condition| (condition.column, condition.test)).collect()
    }
}
