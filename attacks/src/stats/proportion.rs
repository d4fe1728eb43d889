//! The interval of one success rate.

use super::{ConfidenceInterval, two_sided_quantile};

/// Wilson's score interval of a proportion (Wilson 1927, JASA 22:209).
///
/// The ends are the two solutions p of |p̂ − p| = z·√(p(1 − p)/n). `successes` and `attempts` may be fractional:
/// effective numbers. With no attempt at all the interval is [0, 1].
pub fn wilson(successes: f64, attempts: f64, confidence: f64) -> ConfidenceInterval {
    if attempts <= 0.0 {
        return ConfidenceInterval { lo: 0.0, hi: 1.0 };
    }
    let z = two_sided_quantile(confidence);
    let rate = successes / attempts;
    let shrink = 1.0 + z * z / attempts;
    let centre = (rate + z * z / (2.0 * attempts)) / shrink;
    let half = z / shrink * (rate * (1.0 - rate) / attempts + z * z / (4.0 * attempts * attempts)).sqrt();
    // At 0 and at 1 the end is exact; computing it would leave a rounding error of either sign.
    let lo = if successes <= 0.0 { 0.0 } else { (centre - half).max(0.0) };
    let hi = if successes >= attempts { 1.0 } else { (centre + half).min(1.0) };
    ConfidenceInterval { lo, hi }
}

/// The interval of the rate that attacking the *whole* finite table would count, from a sample of its records
/// without replacement: the sampling error shrinks by the finite-population factor (N − n)/(N − 1)
/// (Cochran 1977, Sampling Techniques, 3rd ed., eq. 2.20), which is the same as n effective attempts growing by
/// its inverse. With the whole table attacked, the rate is known and the interval is the rate itself.
pub fn finite_population(successes: f64, attempts: f64, population: f64, confidence: f64) -> ConfidenceInterval {
    if attempts <= 0.0 {
        return ConfidenceInterval { lo: 0.0, hi: 1.0 };
    }
    let rate = successes / attempts;
    if population <= attempts {
        return ConfidenceInterval { lo: rate, hi: rate };
    }
    let grown = attempts * (population - 1.0) / (population - attempts);
    wilson(rate * grown, grown, confidence)
}
