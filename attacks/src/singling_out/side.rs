//! The release's columns as predicates see them.

use super::Bench;
use crate::table::{Cell, MISSING};

/// One column of the distinct release rows, as predicates see it.
pub(super) struct Side {
    /// The column.
    pub column: usize,
    /// What two rows must share to match each other: the category, the side of the median, that both are missing.
    pub class: Vec<u32>,
    /// One past the largest class.
    pub classes: usize,
    /// How far out a number lies on its side; 0 for anything that is no number.
    pub extremeness: Vec<u32>,
    /// One past the largest extremeness.
    pub farthest: u32,
    /// Whether the column holds numbers.
    pub numeric: bool,
    /// Whether any row is generalized.
    pub generalized: bool,
}

/// Classes of numbers: up to the median and above it.
const LOW: u32 = 1;
pub(super) const HIGH: u32 = 2;
const FIRST_GENERALIZED: u32 = 3;

impl Side {
    /// A column of the release.
    pub fn new(bench: &Bench<'_>, column: usize) -> Side {
        let domain = &bench.tables.columns[column].domain;
        let cells = bench.tables.anonymized.column(column);
        let codes: Vec<u32> = bench.distinct.first.iter().map(|row| cells[*row as usize]).collect();
        let numeric = domain.kind().is_numeric();
        let median = median(bench, column);
        let class_of = |code: u32| match domain.cell(code) {
            _ if !numeric => code,
            Cell::Missing => MISSING,
            Cell::Number(value) if *value > median => HIGH,
            Cell::Number(_) => LOW,
            _ => code - domain.exact_codes().end + FIRST_GENERALIZED,
        };
        let extremeness_of = |code: u32| match class_of(code) {
            HIGH if numeric => code,
            LOW if numeric => domain.exact_codes().end - code,
            _ => 0,
        };
        let farthest = domain.exact_codes().end;
        let generalized = domain.len() - farthest as usize;
        Side {
            column,
            classes: if numeric { FIRST_GENERALIZED as usize + generalized } else { domain.len() },
            farthest,
            class: codes.iter().map(|code| class_of(*code)).collect(),
            extremeness: codes.iter().map(|code| extremeness_of(*code)).collect(),
            numeric,
            generalized: codes.iter().any(|code| !domain.is_exact(*code)),
        }
    }
}

/// The median of a column's exact numbers in the release; NaN without any.
fn median(bench: &Bench<'_>, column: usize) -> f64 {
    let domain = &bench.tables.columns[column].domain;
    let count = |code: u32| bench.release.rows(column, code).len();
    let present: usize = domain.exact_codes().map(count).sum();
    if present == 0 || !domain.kind().is_numeric() {
        return f64::NAN;
    }
    let at_rank = |rank: usize| {
        let mut seen = 0;
        let found = domain.exact_codes().find(|code| {
            seen += count(*code);
            seen > rank
        });
        domain.number(found.unwrap_or(MISSING))
    };
    at_rank((present - 1) / 2) / 2.0 + at_rank(present / 2) / 2.0
}
