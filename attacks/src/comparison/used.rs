//! Rows of the control that stand in the release.
//!
//! Who splits the table that a release was trained on uses the control too: the release copies both, and every leak is
//! subtracted from itself. Rows of the control that no original equals then stand in the release more often than chance.
//!
//! How often is chance? Let p be the distribution that original and control are drawn from, and look at the rows v that the
//! original does not have. Given the original, an honest control is independent of the release, so the expected number of equal
//! pairs of a control and a release row outside the original is m·Σ p(v)·r(v), where r(v) release rows are v; by Cauchy and Schwarz at most
//! m·√(Σ p(v)² · Σ r(v)²). Σ p(v)² over what an original of N rows does not have is 2·n₂/N², with n₂ the number of rows that it has
//! exactly twice (Good 1953, Biometrika 40:237, the second moment of what was not seen); Σ r(v)² is M' + 2·(equal pairs among the M'
//! such rows), of which the pairs with itself say nothing about a fresh draw of the release and are left out. Both counts are
//! taken at the upper end of a Poisson interval, so that nothing seen is not taken for impossible. Where everything repeats, the
//! original has every row, and nothing is left to compare.

use super::poisson_reaches;
use crate::table::{Table, count_each};
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// Rows of the control that stand in the release and not in the original.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Used {
    /// Different rows of the control that no original equals.
    pub examined: usize,
    /// How many of them stand in the release.
    pub found: usize,
    /// How many chance explains.
    pub expected_at_most: f64,
    /// Whether chance does not explain them.
    pub beyond_chance: bool,
    /// Different rows of the original that no control row equals.
    pub originals: usize,
    /// How many of them stand in the release.
    pub originals_found: usize,
    /// Whether the control is the release, row by row.
    pub is_release: bool,
    /// Whether the control is the original, row by row.
    pub is_original: bool,
}

impl Used {
    /// Whether it looks as if original and control were exchanged: the control stands in the release, the original does not.
    pub fn exchanged(&self) -> bool {
        let share = |found: usize, of: usize| found as f64 / of.max(1) as f64;
        self.beyond_chance && share(self.originals_found, self.originals) < 0.2 * share(self.found, self.examined)
    }
}

/// Below this probability a count is beyond chance.
const CHANCE: f64 = 1e-4;

/// One-sided confidence of the upper ends of both counts of pairs.
const CONFIDENCE: f64 = 0.99;

/// Below this probability, two files are not equal row by row by accident.
const ACCIDENT: f64 = 1e-6;

/// Compares the control with the release, on all columns of the tables.
pub fn used(original: &Table, release: &Table, control: &Table) -> Used {
    let [of_original, of_release, of_control] =
        [original, release, control].map(|table| table.prints(0..table.columns()));
    let equals = |one: &[u64], other: &[u64]| one == other && is_no_accident(one);
    let (is_release, is_original) = (equals(&of_control, &of_release), equals(&of_control, &of_original));

    let (mut examined, mut found, mut originals, mut originals_found) = (0, 0, 0, 0);
    let (mut twice, mut pairs) = (0u64, 0u64);
    for [original, release, control] in count_each([&of_original, &of_release, &of_control]) {
        twice += u64::from(original == 2);
        match (original, control) {
            (0, 0) => {}
            (0, _) => {
                examined += 1;
                found += usize::from(release > 0);
            }
            (_, 0) => {
                originals += 1;
                originals_found += usize::from(release > 0);
            }
            _ => {}
        }
        if original == 0 && release > 1 {
            pairs += u64::from(release) * u64::from(release - 1) / 2;
        }
    }
    let (n, m) = (original.rows() as f64, control.rows() as f64);
    let expected_at_most = m / n * 2.0 * (upper(twice) * upper(pairs)).sqrt();
    let beyond_chance = is_release || poisson_reaches(expected_at_most, found) < CHANCE;
    Used { examined, found, expected_at_most, beyond_chance, originals, originals_found, is_release, is_original }
}

/// The upper end of the interval of a Poisson mean (Garwood 1936, Biometrika 28:437).
fn upper(count: u64) -> f64 {
    ChiSquared::new(2.0 * (count as f64 + 1.0)).map_or(count as f64 + 10.0, |chi| chi.inverse_cdf(CONFIDENCE) / 2.0)
}

/// Whether rows differ so much that two files of them in one order are the same: rows of equal pairs are drawn again with the
/// share of such pairs.
fn is_no_accident(prints: &[u64]) -> bool {
    let rows = prints.len() as f64;
    let alike: f64 = count_each([prints]).iter().map(|[count]| (f64::from(*count) / rows).powi(2)).sum();
    rows * alike.ln() < ACCIDENT.ln()
}
