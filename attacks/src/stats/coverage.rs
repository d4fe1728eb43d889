//! How often the interval of a residual risk holds the truth, by enumeration: every pair of counts that can come out, with its chance.
//! Nothing is drawn.

use super::ratio::{Count, score_interval};

/// Counts of a smaller chance are left out; all others stand for them.
const LEAST_CHANCE: f64 = 1e-8;

/// What becomes of the interval of one risk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    /// Chance that it holds the risk, or claims nothing.
    pub covered: f64,
    /// Chance that the risk lies below it.
    pub below: f64,
    /// Chance that the risk lies above it.
    pub above: f64,
}

/// Coverage of the 95 % interval of a risk, when so many persons of the original and as many of the control are attacked and the control is
/// hit with this rate. Where `enters` refuses how often the control was hit of so many, the interval counts as claiming nothing.
pub fn residual_risk(n: usize, control: f64, risk: f64, enters: impl Fn(usize, usize) -> bool) -> Coverage {
    let main = 1.0 - (1.0 - risk) * (1.0 - control);
    let (main_terms, control_terms) = (binomial_terms(n, main), binomial_terms(n, control));
    let failures = |x: usize| Count { successes: (n - x) as f64, attempts: n as f64 };
    let (mut covered, mut below, mut above) = (0.0, 0.0, 0.0);
    for (x1, p1) in main_terms.iter().enumerate().filter(|(_, p)| **p > LEAST_CHANCE) {
        for (x0, p0) in control_terms.iter().enumerate().filter(|(_, p)| **p > LEAST_CHANCE) {
            let chance = p1 * p0;
            match score_interval(failures(x1), failures(x0), 0.95).filter(|_| enters(x0, n)) {
                Some(ratio) if risk < 1.0 - ratio.hi => below += chance,
                Some(ratio) if risk > 1.0 - ratio.lo => above += chance,
                _ => covered += chance,
            }
        }
    }
    let all = covered + below + above;
    Coverage { covered: covered / all, below: below / all, above: above / all }
}

/// Chances of 0 to n successes: a recurrence from the mode, normalised, which is accurate far into the tails.
pub(super) fn binomial_terms(n: usize, p: f64) -> Vec<f64> {
    let mode = (((n + 1) as f64) * p).floor().min(n as f64) as usize;
    let mut terms = vec![0.0; n + 1];
    terms[mode] = 1.0;
    for k in mode..n {
        terms[k + 1] = terms[k] * (n - k) as f64 / (k + 1) as f64 * p / (1.0 - p);
    }
    for k in (0..mode).rev() {
        terms[k] = terms[k + 1] * (k + 1) as f64 / (n - k) as f64 * (1.0 - p) / p;
    }
    let total: f64 = terms.iter().sum();
    terms.iter().map(|term| term / total).collect()
}
