//! The same persons attacked twice.

use super::difference::Rise;
use crate::evidence::counts::{tail, upper_quantile};

/// Whether each target was hit, in an earlier run and in a new one, in the same order.
#[derive(Debug, Clone, Copy)]
pub struct PairedOutcomes<'a> {
    /// In the earlier run.
    pub old: &'a [bool],
    /// In the new run.
    pub new: &'a [bool],
}

/// Outcomes of one attacker on the same targets.
#[derive(Debug, Clone, Copy)]
pub struct PairedRun<'a> {
    /// On the original.
    pub main: PairedOutcomes<'a>,
    /// On the control.
    pub control: Option<PairedOutcomes<'a>>,
}

/// Numbers of pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairCounts {
    /// Hit in the new run only.
    pub new_only: u64,
    /// Hit in the earlier run only.
    pub old_only: u64,
    /// Hit in both.
    pub both: u64,
    /// All.
    pub pairs: u64,
}

impl PairedOutcomes<'_> {
    /// Counts the pairs; `None` without a pair or when the runs do not have equally many targets.
    pub fn counts(&self) -> Option<PairCounts> {
        if self.old.len() != self.new.len() || self.old.is_empty() {
            return None;
        }
        let count = |old: bool, new: bool| {
            self.old.iter().zip(self.new).filter(|(was, is)| **was == old && **is == new).count() as u64
        };
        Some(PairCounts {
            new_only: count(false, true),
            old_only: count(true, false),
            both: count(true, true),
            pairs: self.old.len() as u64,
        })
    }
}

impl PairCounts {
    /// Rise of the success rate.
    pub fn rise(&self) -> f64 {
        (self.new_only as f64 - self.old_only as f64) / self.pairs as f64
    }

    /// Successes of the new run and of the earlier one.
    pub fn successes(&self) -> [u64; 2] {
        [self.both + self.new_only, self.both + self.old_only]
    }

    /// The score statistic of "the rate rose by exactly δ" (Tango 1998, Statistics in Medicine 17:891).
    ///
    /// With b pairs hit in the new run only, c in the earlier one only and n in all,
    /// T = (b − c − nδ) / √(n (2q + δ(1 − δ))), where q is the constrained maximum-likelihood estimate of the
    /// probability of the c pairs: the larger root of 2n q² + (−b − c + (2n − b + c) δ) q − c δ (1 − δ) = 0. At δ = 0 it is
    /// McNemar's statistic (b − c)/√(b + c) (McNemar 1947, Psychometrika 12:153).
    pub fn score(&self, delta: f64) -> f64 {
        let (b, c, n) = (self.new_only as f64, self.old_only as f64, self.pairs as f64);
        let linear = -b - c + (2.0 * n - b + c) * delta;
        let constant = -c * delta * (1.0 - delta);
        let q = ((linear * linear - 8.0 * n * constant).max(0.0).sqrt() - linear) / (4.0 * n);
        let variance = n * (2.0 * q + delta * (1.0 - delta));
        let difference = b - c - n * delta;
        if variance > 1e-12 {
            difference / variance.sqrt()
        } else if difference.abs() < 1e-12 {
            0.0
        } else {
            difference.signum() * f64::INFINITY
        }
    }

    /// The rise with Tango's score interval, whose lower end is a one-sided bound at level 1 − `alpha`.
    pub fn score_interval(&self, alpha: f64) -> Rise {
        let z = upper_quantile(alpha);
        let estimate = self.rise();
        let end = |mut inside: f64, mut outside: f64, z: f64| {
            for _ in 0..100 {
                let middle = inside + (outside - inside) / 2.0;
                if self.score(middle).abs() > z { outside = middle } else { inside = middle }
            }
            inside
        };
        Rise { estimate, interval: [end(estimate, -1.0, z), end(estimate, 1.0, z)] }
    }

    /// One-sided p of "the rate rose by at most `margin`".
    pub fn p_of_rise(&self, margin: f64) -> f64 {
        tail(self.score(margin))
    }

    /// Variances of the failures' indicator in the new run and the earlier one, and their covariance.
    fn moments(&self) -> [f64; 3] {
        let share = |count: u64| count as f64 / self.pairs as f64;
        let [new, old] = self.successes().map(share);
        [new * (1.0 - new), old * (1.0 - old), share(self.both) - new * old]
    }
}

/// Correlation of two residual risks r = 1 − q_main/q_control of one attacker on the same targets, q being shares of
/// failures, by the delta method: a change of q_main counts 1/q_control, one of q_control counts q_main/q_control².
/// 0 where it cannot be computed, or where the control's pairs are unknown for its part.
pub(super) fn correlation(main: PairCounts, control: Option<PairCounts>, control_rates: [f64; 2]) -> f64 {
    let pairs = main.pairs as f64;
    let fail = main.successes().map(|successes| 1.0 - successes as f64 / pairs);
    let safe = control_rates.map(|rate| 1.0 - rate);
    if safe.iter().any(|safe| *safe <= 0.0) {
        return 0.0;
    }
    let [new, old, both] = main.moments().map(|moment| moment / pairs);
    let mut variance = [new / safe[0].powi(2), old / safe[1].powi(2)];
    let mut covariance = both / (safe[0] * safe[1]);
    if let Some(control) = control {
        let weight = [fail[0] / safe[0].powi(2), fail[1] / safe[1].powi(2)];
        let [new, old, both] = control.moments().map(|moment| moment / control.pairs as f64);
        variance[0] += weight[0].powi(2) * new;
        variance[1] += weight[1].powi(2) * old;
        covariance += weight[0] * weight[1] * both;
    }
    let scale = (variance[0] * variance[1]).sqrt();
    if scale > 0.0 { (covariance / scale).clamp(-1.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::check::difference::rise;
    use crate::evidence::counts::{Counts, Reference};
    use reident_attacks::outcome::Tally;
    use reident_attacks::sampling::{Stream, Task};

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() <= tolerance, "{a} is not {b}");
    }

    #[test]
    fn score_interval_matches_published_values() {
        // Complete response before and after consolidation (Cavo 2012): 59, 6, 16, 80 as worked in Fagerland, Lydersen &
        // Laake (2017), Statistical Analysis of Contingency Tables, chapter 8: −0.0621 (−0.1240 to −0.0054);
        // McNemar's Z = −2.132, two-sided p = 0.033006.
        let cavo = PairCounts { new_only: 6, old_only: 16, both: 59, pairs: 161 };
        let rise = cavo.score_interval(0.025);
        near(rise.estimate, -0.0621, 5e-5);
        near(rise.interval[0], -0.1240, 5e-5);
        near(rise.interval[1], -0.0054, 5e-5);
        near(cavo.score(0.0), -2.132, 5e-4);
        near(2.0 * (1.0 - cavo.p_of_rise(0.0)), 0.033006, 5e-7);
    }

    #[test]
    fn score_interval_at_the_edges() {
        // Without a discordant pair the interval is ±z²/(n + z²) (Tango 1998, section 4).
        let z2 = upper_quantile(0.025).powi(2);
        let none = PairCounts { new_only: 0, old_only: 0, both: 3, pairs: 44 };
        let rise = none.score_interval(0.025);
        near(rise.interval[0], -z2 / (44.0 + z2), 1e-9);
        near(rise.interval[1], z2 / (44.0 + z2), 1e-9);
        let all = PairCounts { new_only: 44, old_only: 0, both: 0, pairs: 44 };
        near(all.score_interval(0.025).interval[1], 1.0, 1e-9);
        assert!(all.p_of_rise(0.02) < 1e-6);
    }

    #[test]
    fn the_interval_is_the_set_of_rises_that_the_test_accepts() {
        let counts = PairCounts { new_only: 30, old_only: 11, both: 20, pairs: 200 };
        let rise = counts.score_interval(0.05);
        near(counts.p_of_rise(rise.interval[0]), 0.05, 1e-9);
        near(counts.p_of_rise(rise.interval[1]), 0.95, 1e-9);
    }

    #[test]
    fn unequal_runs_are_no_pairs() {
        assert_eq!(PairedOutcomes { old: &[true], new: &[true, false] }.counts(), None);
        assert_eq!(PairedOutcomes { old: &[], new: &[] }.counts(), None);
    }

    #[test]
    fn equal_outcomes_correlate_fully() {
        let same = PairCounts { new_only: 0, old_only: 0, both: 10, pairs: 100 };
        near(correlation(same, Some(same), [0.1, 0.1]), 1.0, 1e-12);
        let independent = PairCounts { new_only: 16, old_only: 16, both: 4, pairs: 100 };
        near(correlation(independent, None, [0.0, 0.0]), 0.0, 1e-12);
    }

    #[test]
    fn the_paired_test_with_a_control_keeps_its_level() {
        // A target is hit in both runs with `both`, else in the earlier one with `old` and in the new one with `new`; the
        // control has a rate of its own that both runs share. The true rise of the residual risk is the margin.
        let (both, old, new, control) = (0.05, 0.02, 0.05, [0.1, 0.05]);
        let main_rate = |extra: f64| both + (1.0 - both) * extra;
        let control_rate = control[0] + (1.0 - control[0]) * control[1];
        let margin = (main_rate(new) - main_rate(old)) / (1.0 - control_rate);
        let mut stream = Stream::new(1, Task::Population, 0);
        let mut pairs = |n: u64, shared: f64, old: f64, new: f64| {
            let mut counts = PairCounts { new_only: 0, old_only: 0, both: 0, pairs: n };
            for _ in 0..n {
                let together = stream.unit() < shared;
                match (together || stream.unit() < old, together || stream.unit() < new) {
                    (true, true) => counts.both += 1,
                    (true, false) => counts.old_only += 1,
                    (false, true) => counts.new_only += 1,
                    (false, false) => {}
                }
            }
            counts
        };
        let tally = |pairs: PairCounts, side: usize| Tally {
            attempted: pairs.pairs,
            successes: pairs.successes()[side],
            expected: pairs.successes()[side] as f64,
            ambiguous: None,
            wrong: None,
            effective: pairs.pairs as f64,
            population: pairs.pairs,
        };
        let (mut paired, mut unpaired) = (0, 0);
        for _ in 0..2000 {
            let (main, safe) = (pairs(600, both, old, new), pairs(600, control[0], control[1], control[1]));
            let counts = |side| Counts::Model {
                main: tally(main, side),
                reference: Some(Reference::Control(tally(safe, side))),
            };
            let rates = safe.successes().map(|successes| successes as f64 / 600.0);
            let together = correlation(main, Some(safe), rates);
            let found = |rho| rise(&counts(0), &counts(1), rho, 0.05).is_some_and(|rise| rise.interval[0] > margin);
            paired += usize::from(found(together));
            unpaired += usize::from(found(0.0));
        }
        println!("paired {paired}, as two samples {unpaired} of 2000");
        assert!((50..=130).contains(&paired), "{paired} of 2000");
        assert!(unpaired < paired, "{unpaired} of 2000");
    }
}
