//! Whether three tables can be compared at all, and whether the control is what it says (METHOD sections 1 and 2).
//!
//! An attack on tables whose values cannot meet finds nothing, and a control that was used hides what there is: neither
//! shows that a release is safe. This module looks at the coded tables alone, plays no attacker, and gives figures:
//!
//! * [`mod@column`]: whether a column's values in the original and the control can meet those of the release,
//! * [`tokens`]: what the values of a column that cannot be compared look like,
//! * [`numbering`]: columns that only number the rows, and whether such numbers follow the original,
//! * [`overlap`]: rows of the control that equal rows of the original,
//! * [`used`]: rows of the control that stand in the release,
//! * [`shift`]: whether the control's columns are distributed as the original's,
//! * [`mixing`]: the nearest-neighbour test of the original against the control, over all columns together,
//! * [`mod@nearness`]: whether persons of the control are nearer to the release than to the original,
//! * [`mod@joined`]: whether what says which release row came from which person can be true,
//! * [`mod@together`]: columns in which release and persons agree together beyond chance.

pub mod column;
mod exchanged;
pub mod joined;
pub mod mixing;
pub mod nearness;
pub mod numbering;
pub mod overlap;
mod pool;
mod rewritten;
pub mod shift;
pub mod together;
pub mod tokens;
pub mod used;
mod values;

#[cfg(test)]
mod test;

/// P(X ≥ count) for a Poisson variable X, by its series: no difference of nearly equal numbers is taken. Below the mean
/// it is more than a half of nothing of interest here, and 1 is returned.
pub(crate) fn poisson_reaches(mean: f64, count: usize) -> f64 {
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
