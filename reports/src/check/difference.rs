//! By how much a risk rose, with interval and test.
//!
//! The two risks come with score intervals, which are not symmetric, so the interval of their difference is put together
//! from the four ends and not from two standard errors (MOVER, the method of variance estimates recovery: Zou & Donner
//! 2008, Statistics in Medicine 27:1693; for two proportions with Wilson intervals it is method 10 of Newcombe 1998,
//! Statistics in Medicine 17:873). With d = r₁ − r₀, [l₁, u₁] and [l₀, u₀]:
//!
//! ```text
//! lower = d − √( (r₁ − l₁)² + (u₀ − r₀)² − 2ρ (r₁ − l₁)(u₀ − r₀) )
//! upper = d + √( (u₁ − r₁)² + (r₀ − l₀)² − 2ρ (u₁ − r₁)(r₀ − l₀) )
//! ```
//!
//! ρ is the correlation of the two estimates (Zou 2007, Psychological Methods 12:399): 0 for separate samples. Runs on the
//! same persons are positively correlated as a rule, so that taking 0 there makes the interval too wide and never too narrow.

use crate::evidence::counts::{Counts, tail, upper_quantile};

/// Beyond this many standard errors a confidence level cannot be told from 1 in `f64`.
const FARTHEST: f64 = 7.5;

/// A rise with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rise {
    /// New estimate less old one.
    pub estimate: f64,
    /// Interval of the rise.
    pub interval: [f64; 2],
}

/// Interval of a difference from the intervals of its terms; see the module's text.
///
/// Each term is its estimate and the two ends of its interval.
pub fn mover(new: (f64, [f64; 2]), old: (f64, [f64; 2]), correlation: f64) -> Rise {
    let ((r1, [l1, u1]), (r0, [l0, u0])) = (new, old);
    let joint = |a: f64, b: f64| (a * a + b * b - 2.0 * correlation * a * b).max(0.0).sqrt();
    let estimate = r1 - r0;
    Rise { estimate, interval: [estimate - joint(r1 - l1, u0 - r0), estimate + joint(u1 - r1, r0 - l0)] }
}

/// The rise whose lower end is a one-sided bound at level 1 − `alpha`; `None` when either risk does not exist.
pub(super) fn rise(new: &Counts, old: &Counts, correlation: f64, alpha: f64) -> Option<Rise> {
    at(new, old, correlation, upper_quantile(alpha))
}

/// One-sided p of "the rise is at most `margin`": the smallest α at which the lower end exceeds the margin.
pub(super) fn p_of_rise(new: &Counts, old: &Counts, correlation: f64, margin: f64) -> Option<f64> {
    let estimate = at(new, old, correlation, 1.0)?.estimate;
    let above = estimate > margin;
    // Above the margin the lower end comes down to it as z grows; below it the upper end comes up to it.
    let reached = |z: f64| {
        at(new, old, correlation, z).is_some_and(|rise| match above {
            true => rise.interval[0] <= margin,
            false => rise.interval[1] >= margin,
        })
    };
    let (mut near, mut far) = (0.0, FARTHEST);
    if !reached(far) {
        near = far;
    }
    for _ in 0..60 {
        let middle = near + (far - near) / 2.0;
        if reached(middle) { far = middle } else { near = middle }
    }
    let tail = tail(far);
    Some(if above { tail } else { 1.0 - tail })
}

fn at(new: &Counts, old: &Counts, correlation: f64, z: f64) -> Option<Rise> {
    Some(mover(new.at(z, [1.0; 2])?, old.at(z, [1.0; 2])?, correlation))
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::evidence::counts::Reference;
    use reident_attacks::outcome::Tally;
    use reident_attacks::sampling::{Stream, Task};
    use reident_attacks::stats::proportion::wilson;
    use reident_attacks::stats::two_sided_quantile;

    #[test]
    fn mover_of_wilson_intervals_matches_published_values() {
        // Newcombe (1998), Statistics in Medicine 17:873, table II, method 10: cases (a) and (d).
        for ((x1, n1), (x0, n0), lo, hi) in
            [((56.0, 70.0), (48.0, 80.0), 0.0524, 0.3339), ((9.0, 10.0), (3.0, 10.0), 0.1705, 0.8090)]
        {
            let term = |x: f64, n: f64| {
                let interval = wilson(x, n, 0.95);
                (x / n, [interval.lo, interval.hi])
            };
            let rise = mover(term(x1, n1), term(x0, n0), 0.0);
            assert!((rise.interval[0] - lo).abs() < 6e-5, "{rise:?}");
            assert!((rise.interval[1] - hi).abs() < 6e-5, "{rise:?}");
        }
    }

    #[test]
    fn test_and_interval_agree() {
        let stated = |signed: f64, half: f64| Counts::Stated {
            signed,
            interval: [signed - half, signed + half],
            confidence: 0.95,
        };
        let (new, old) = (stated(0.06, 0.006), stated(0.02, 0.004));
        for margin in [0.0, 0.02, 0.03, 0.035, 0.04, 0.05] {
            let p = p_of_rise(&new, &old, 0.0, margin).unwrap();
            // Symmetric intervals: the plain z test of a difference.
            let z = (0.04 - margin) / ((0.006f64.powi(2) + 0.004f64.powi(2)).sqrt() / two_sided_quantile(0.95));
            assert!((p - tail(z).max(tail(FARTHEST))).abs() < 1e-9, "{margin}: {p} {}", tail(z));
            if p > 1e-6 && p < 0.5 {
                let bound = rise(&new, &old, 0.0, p).unwrap().interval[0];
                assert!((bound - margin).abs() < 1e-6);
            }
        }
    }

    /// Successes out of `n` at rate `p`.
    fn tally(stream: &mut Stream, n: u64, p: f64) -> Tally {
        let successes = (0..n).filter(|_| stream.unit() < p).count() as u64;
        Tally {
            attempted: n,
            successes,
            expected: successes as f64,
            ambiguous: None,
            wrong: None,
            effective: n as f64,
            population: n,
        }
    }

    #[test]
    fn the_test_of_a_rise_keeps_its_level_where_the_rise_is_the_margin() {
        // Both risks are true by construction: main = 1 − (1 − risk)(1 − control). The old and the new run have their own
        // samples. One-sided level 0.05; 2000 runs have a standard error of 0.005.
        for (n, control, old, new) in
            [(300, 0.0, 0.02, 0.04), (300, 0.3, 0.0, 0.02), (1000, 0.1, 0.05, 0.07), (1000, 0.8, 0.1, 0.12)]
        {
            let mut stream = Stream::new(n, Task::Population, (control * 100.0) as u64);
            let mut draw = |risk: f64| Counts::Model {
                main: tally(&mut stream, n, 1.0 - (1.0 - risk) * (1.0 - control)),
                reference: Some(Reference::Control(tally(&mut stream, n, control))),
            };
            let found = (0..2000)
                .filter(|_| {
                    let (now, then) = (draw(new), draw(old));
                    rise(&now, &then, 0.0, 0.05).is_some_and(|rise| rise.interval[0] > 0.02)
                })
                .count();
            println!("n = {n}, control {control}, {old} to {new}: {found} of 2000");
            assert!(found <= 130, "n = {n}, control {control}, {old} to {new}: {found} of 2000");
        }
    }
}
