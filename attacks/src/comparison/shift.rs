//! Whether the columns of the control are distributed as the original's.
//!
//! Per column two figures, each with what chance explains at most when both are drawn from one population:
//!
//! * *labels*: control rows that hold a category which neither the original nor the release has. A fresh row holds a
//!   category that the original lacks with about the probability n₁/N, where n₁ categories stand in one row of N (Good 1953,
//!   Biometrika 40:237); taken at its upper end.
//! * *marginals*: the largest difference of the distribution functions of numbers, at most √(ln(2/α)(1/n + 1/m)/2) (the bound of
//!   Dvoretzky, Kiefer & Wolfowitz with Massart's constant, 1990, Annals of Probability 18:1269; for two samples, Wei & Dudley 2012,
//!   Statistics & Probability Letters 82:636); or the total variation of categories, at most ½·Σ√(p(1 − p)(1/n + 1/m)) + √(ln(1/α)(1/n + 1/m)/2)
//!   (McDiarmid 1989, On the method of bounded differences).
//!
//! Significance alone is not enough: with many persons the smallest difference is significant and harmless, and persons of one
//! household make two honest samples differ more than the formulas say. A column fails when the figure is beyond chance and
//! large besides.

use super::values::Values;
use super::{column, poisson_reaches};
use crate::stats::proportion::wilson;
use crate::table::{Cell, MISSING, Tables};
use rayon::prelude::*;

/// One figure about one column of the control.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    /// The column's position.
    pub column: usize,
    /// Rows, or a distance between 0 and 1.
    pub found: f64,
    /// What chance explains at most.
    pub expected_at_most: f64,
    /// Whether what was found is explained, or small.
    pub passed: bool,
}

/// Probability of a false alarm over all columns.
const CHANCE: f64 = 1e-5;
/// A distance beyond the expected one by less than this is no other population.
const LARGE: f64 = 0.1;
/// A smaller share of rows with other labels is not taken for another population.
const MANY: f64 = 0.05;

/// Labels that only the control has, per column where there may be any.
pub fn labels(tables: &Tables) -> Vec<Shift> {
    let Some(control) = &tables.control else { return Vec::new() };
    let chance = CHANCE / tables.columns.len().max(1) as f64;
    let of_column = |at: usize| {
        let domain = &tables.columns[at].domain;
        let values = |codes: &[u32]| Values::counted(domain, codes);
        let [original, release] = [&tables.original, &tables.anonymized].map(|table| values(table.column(at)));
        let control = values(control.column(at));
        let is_text = |cell: &Cell| matches!(cell, Cell::Category(_));
        let held = original.and(&release).held();
        let texts = control.telling().filter(|(cell, _, _)| is_text(cell));
        let (mut rows, mut found) = (0, 0);
        for (cell, code, n) in texts {
            rows += n as usize;
            found += if control.is_held(cell, code, &held) { 0 } else { n as usize };
        }
        let once = original.telling().filter(|(cell, _, n)| is_text(cell) && *n == 1).count() as f64;
        let expected_at_most = rows as f64 * wilson(once, original.rows() as f64, 0.9999).hi;
        let passed = poisson_reaches(expected_at_most, found) >= chance || (found as f64) < MANY * rows as f64;
        (rows > 0).then_some(Shift { column: at, found: found as f64, expected_at_most, passed })
    };
    (0..tables.columns.len()).into_par_iter().filter_map(of_column).collect()
}

/// How far the control's distribution is from the original's, per column.
pub fn marginals(tables: &Tables) -> Vec<Shift> {
    let Some(control) = &tables.control else { return Vec::new() };
    let chance = CHANCE / tables.columns.len().max(1) as f64;
    let of_column = |at: usize| {
        let domain = &tables.columns[at].domain;
        let (one, other) = (tables.original.column(at), control.column(at));
        let (one, other) = (Values::counted(domain, one), Values::counted(domain, other));
        let (n, m) = (one.rows() as f64, other.rows() as f64);
        let missing = |values: &Values<'_>, rows: f64| {
            let missing = f64::from(values.counts[MISSING as usize]);
            missing / (missing + rows).max(1.0)
        };
        let blanks = (missing(&one, n) - missing(&other, m)).abs();
        let (all, all_control) = (tables.original.rows() as f64, control.rows() as f64);
        let spread = |n: f64, m: f64| 1.0 / n.max(1.0) + 1.0 / m.max(1.0);
        let of_blanks = ((2.0 / chance).ln() * spread(all, all_control) / 2.0).sqrt();
        let expected_at_most = if domain.kind().is_numeric() {
            ((2.0 / chance).ln() * spread(n, m) / 2.0).sqrt()
        } else {
            let shares = one.and(&other);
            let shares = shares.telling().map(|(_, _, rows)| f64::from(rows) / (n + m));
            let mean: f64 = shares.map(|p| (p * (1.0 - p) * spread(n, m)).sqrt()).sum::<f64>() / 2.0;
            (mean + ((1.0 / chance).ln() * spread(n, m) / 2.0).sqrt()).min(1.0)
        };
        let found = column::distance(&one, &other);
        let beyond = |found: f64, most: f64| found > most && found > most.min(LARGE) + LARGE;
        // The larger of the two: other values, or more of them missing.
        if beyond(blanks, of_blanks) && !beyond(found, expected_at_most) {
            return Shift { column: at, found: blanks, expected_at_most: of_blanks, passed: false };
        }
        Shift { column: at, found, expected_at_most, passed: !beyond(found, expected_at_most) }
    };
    (0..tables.columns.len()).into_par_iter().map(of_column).collect()
}
