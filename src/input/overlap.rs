//! Whether the control repeats rows of the original.

use reident_attacks::stats::proportion::wilson;
use reident_attacks::table::Groups;

/// Control rows that are equal to a row of the original, on all columns that both have, keys left out.
///
/// Some are expected: in a table of few columns many persons are alike. How many is told from each table alone: the
/// share of rows of the original that have an equal in it, and the same share of the control scaled to the size of the
/// original, whichever is larger, at the upper end of its 99.9 % interval. The count is beyond chance when a Poisson
/// variable of that mean reaches it with probability less than 1 in 10,000.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overlap {
    /// Control rows equal to some original row.
    pub shared: usize,
    /// Rows of the control.
    pub control_rows: usize,
    /// How many chance explains.
    pub expected_at_most: f64,
    /// Whether chance does not explain it.
    pub beyond_chance: bool,
}

/// Below this probability a count is beyond chance.
const CHANCE: f64 = 1e-4;

/// Compares the control with the original: pairs of columns whose codes mean the same.
pub(super) fn overlap(rows: [usize; 2], columns: &[(&[u32], &[u32])]) -> Overlap {
    let [originals, controls] = rows;
    let group_of = Groups::across(rows, columns).of_row;
    let groups = group_of.iter().max().map_or(0, |max| *max as usize + 1);
    let mut in_original = vec![0u32; groups];
    let mut in_control = vec![0u32; groups];
    for group in &group_of[..originals] {
        in_original[*group as usize] += 1;
    }
    for group in &group_of[originals..] {
        in_control[*group as usize] += 1;
    }
    let of_groups = |rows: &[u32], wanted: &dyn Fn(usize) -> bool| -> usize {
        rows.iter().enumerate().filter(|(group, _)| wanted(*group)).map(|(_, rows)| *rows as usize).sum()
    };
    let shared = of_groups(&in_control, &|group| in_original[group] > 0);
    let repeated = of_groups(&in_original, &|group| in_original[group] > 1) as f64;
    let repeated_in_control = of_groups(&in_control, &|group| in_control[group] > 1) as f64;

    let (n, m) = (originals as f64, controls as f64);
    let scaled = if controls > 1 { (repeated_in_control / m * (n - 1.0) / (m - 1.0)).min(1.0) } else { 0.0 };
    let (share, attempts) = if scaled > repeated / n { (scaled, m) } else { (repeated / n, n) };
    let expected_at_most = m * wilson(share * attempts, attempts, 0.999).hi;
    let beyond_chance = poisson_reaches(expected_at_most, shared) < CHANCE;
    Overlap { shared, control_rows: controls, expected_at_most, beyond_chance }
}

/// P(X ≥ count) for a Poisson variable X, by its series: no difference of nearly equal numbers is taken. Below the mean
/// it is more than a half of nothing of interest here, and 1 is returned.
fn poisson_reaches(mean: f64, count: usize) -> f64 {
    if count == 0 || count as f64 <= mean {
        return 1.0;
    }
    let log_factorial: f64 = (2..=count).map(|i| (i as f64).ln()).sum();
    let first = (count as f64 * mean.ln() - mean - log_factorial).exp();
    let (mut sum, mut term, mut at) = (0.0, 1.0, count as f64);
    while term > 1e-17 * sum {
        sum += term;
        at += 1.0;
        term *= mean / at;
    }
    (first * sum).min(1.0)
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn poisson_tail_is_that_of_the_tables() {
        // P(X ≥ 3) for mean 1 is 1 − 2.5/e.
        assert!((poisson_reaches(1.0, 3) - (1.0 - 2.5 / std::f64::consts::E)).abs() < 1e-15);
        assert!((poisson_reaches(0.5, 1) - (1.0 - (-0.5f64).exp())).abs() < 1e-15);
        assert_eq!(poisson_reaches(5.0, 0), 1.0);
        assert_eq!(poisson_reaches(1e6, 1_000_000), 1.0);
        assert!(poisson_reaches(1e6, 1_010_000) < 1e-20);
    }

    #[test]
    fn copied_rows_are_beyond_chance_and_common_ones_are_not() {
        let original: Vec<u32> = (0..1000).collect();
        let copied: Vec<u32> = (500..600).collect();
        let fresh: Vec<u32> = (1000..1100).collect();
        let found = overlap([1000, 100], &[(&original, &copied)]);
        assert_eq!((found.shared, found.beyond_chance), (100, true));
        let found = overlap([1000, 100], &[(&original, &fresh)]);
        assert_eq!((found.shared, found.beyond_chance), (0, false));
        let common: Vec<u32> = (0..1000).map(|i| i % 7).collect();
        let found = overlap([1000, 100], &[(&common, &common[..100])]);
        assert_eq!((found.shared, found.beyond_chance), (100, false));
    }
}
