//! A control at least as large as the original: the null rate by counting.

use super::counts::{Cell, Design};
use crate::stats::ConfidenceInterval;
use crate::stats::ratio::{Count, score_interval};
use crate::stats::risk::{Risk, RiskMethod};

/// The chance that exactly one of `matching` persons is among `size` drawn without replacement from `population`:
/// c·C(m − c, N − 1)/C(m, N). It is Hurlbert's rarefaction (1971, Ecology 52:577): what the control would have shown
/// if it had been as small as the original, averaged over all ways to make it so. Exact, and without bias.
///
/// As a product, c·(N/m)·Π_{k<c−1} (m − N − k)/(m − 1 − k): no factorials, no rounding to speak of.
pub(super) fn isolated(matching: u64, population: u64, size: u64) -> f64 {
    if matching == 0 {
        return 0.0;
    }
    let mut chance = matching as f64 * (size as f64 / population as f64);
    for k in 0..matching - 1 {
        if k + size >= population || chance == 0.0 {
            return 0.0;
        }
        chance *= (population - size - k) as f64 / (population - 1 - k) as f64;
    }
    chance
}

/// Risk against the rarefied control: 1 − (1 − p)/(1 − ν) with the score interval of the ratio, on effective numbers
/// of predicates. At m = N it is the plain residual risk.
pub(super) fn estimate(cells: &[Cell], persons: [u64; 2], design: &Design, confidence: f64) -> Option<Risk> {
    let predicates: u64 = cells.iter().map(|cell| cell.count).sum();
    let share = |value: &dyn Fn(&Cell) -> f64| {
        cells.iter().map(|cell| cell.count as f64 * value(cell)).sum::<f64>() / predicates as f64
    };
    let failing = 1.0 - share(&|cell| f64::from(u8::from(cell.original == 1)));
    let null_rate = share(&|cell| isolated(cell.control, persons[1], persons[0]));
    let count = |rate: f64, effect: f64| {
        let attempts = predicates as f64 / effect;
        Count { successes: rate * attempts, attempts }
    };
    let failing_null = 1.0 - null_rate;
    let ratio = score_interval(count(failing, design.original), count(failing_null, design.control), confidence)?;
    Some(Risk {
        signed: 1.0 - failing / failing_null,
        interval: ConfidenceInterval { lo: 1.0 - ratio.hi, hi: 1.0 - ratio.lo },
        method: RiskMethod::IsolationNull,
        null_rate: Some(null_rate),
    })
}
