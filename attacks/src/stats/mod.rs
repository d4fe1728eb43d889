//! From counts to rates, risks and intervals. Every formula names its source.

pub mod coverage;
pub mod design;
pub mod effective;
pub mod headline;
pub mod hypergeometric;
pub mod proportion;
pub mod ratio;
pub mod risk;
pub mod status;
pub mod tally;
pub(crate) mod unseen;

use statrs::distribution::{ContinuousCDF, Normal};

/// An interval with two ends. Not clipped: the interval of a signed risk may reach below 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConfidenceInterval {
    /// Lower end.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
}

impl ConfidenceInterval {
    /// Whether a value lies inside, ends included.
    pub fn contains(&self, value: f64) -> bool {
        self.lo <= value && value <= self.hi
    }
}

/// The two-sided standard normal quantile of a confidence level: 1.96 for 0.95.
pub fn two_sided_quantile(confidence: f64) -> f64 {
    Normal::standard().inverse_cdf(0.5 + confidence / 2.0)
}

/// Root of a monotone function between two points of different sign, to the last bits of `f64`.
fn bisect(mut lo: f64, mut hi: f64, f: impl Fn(f64) -> f64) -> f64 {
    let rising = f(hi) > 0.0;
    for _ in 0..200 {
        let middle = lo + (hi - lo) / 2.0;
        if middle <= lo || middle >= hi {
            break;
        }
        if (f(middle) > 0.0) == rising {
            hi = middle;
        } else {
            lo = middle;
        }
    }
    lo + (hi - lo) / 2.0
}

#[cfg(test)]
mod test;
#[cfg(test)]
mod test_risk;
