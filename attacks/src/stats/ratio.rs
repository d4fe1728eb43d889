//! The score interval of a ratio of two proportions.

use super::{ConfidenceInterval, bisect, two_sided_quantile};

/// Successes out of attempts; both may be effective, that is fractional, numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Count {
    /// How often it happened.
    pub successes: f64,
    /// How often it was tried; positive.
    pub attempts: f64,
}

impl Count {
    fn rate(&self) -> f64 {
        self.successes / self.attempts
    }
}

/// Score interval of φ = p₁/p₀ for two independent proportions, by inverting the score test with the
/// variance taken at the constrained maximum-likelihood estimates (Koopman 1984, Biometrics 40:513) and the
/// factor N/(N − 1) of Miettinen & Nurminen (1985, Statistics in Medicine 4:213).
///
/// Returns `None` when nothing was counted in the denominator: the ratio does not exist. The upper end may be
/// infinite.
pub fn score_interval(numerator: Count, denominator: Count, confidence: f64) -> Option<ConfidenceInterval> {
    if denominator.successes <= 0.0 {
        return None;
    }
    let z = two_sided_quantile(confidence);
    let estimate = numerator.rate() / denominator.rate();
    let lo = if numerator.successes <= 0.0 {
        0.0
    } else {
        bisect(0.0, estimate, |phi| score(numerator, denominator, phi) - z)
    };
    let mut above = estimate.max(1.0) * 2.0;
    while score(numerator, denominator, above) > -z && above < 1e15 {
        above *= 2.0;
    }
    let hi = if above >= 1e15 {
        f64::INFINITY
    } else {
        bisect(estimate, above, |phi| score(numerator, denominator, phi) + z)
    };
    Some(ConfidenceInterval { lo, hi })
}

/// The signed score statistic at φ: falls from positive below the estimate to negative above it.
fn score(one: Count, zero: Count, phi: f64) -> f64 {
    let total = one.attempts + zero.attempts;
    // Constrained estimate of p₁ under p₁ = φ p₀: the smaller root of the likelihood equation
    // total·p² − b·p + φ·(x₁ + x₀) = 0, computed in the form that does not cancel.
    let hits = one.successes + zero.successes;
    let b = phi * (one.attempts + zero.successes) + one.successes + zero.attempts;
    let root = (b * b - 4.0 * phi * total * hits).max(0.0).sqrt();
    let p1 = (2.0 * phi * hits / (b + root)).clamp(0.0, 1.0);
    let p0 = if phi > 0.0 { (p1 / phi).min(1.0) } else { (hits / total).min(1.0) };
    let variance =
        (p1 * (1.0 - p1) / one.attempts + phi * phi * p0 * (1.0 - p0) / zero.attempts) * total / (total - 1.0).max(1.0);
    let difference = one.rate() - phi * zero.rate();
    if variance > 0.0 {
        difference / variance.sqrt()
    } else if difference == 0.0 {
        0.0
    } else {
        difference.signum() * f64::INFINITY
    }
}
