//! Who scores higher than nearly everybody of the control.

use crate::outcome::Tally;
use crate::stats::ConfidenceInterval;
use crate::stats::proportion::wilson;
use statrs::distribution::{Binomial, DiscreteCDF};

/// The upper tail of a score, cut where at most a given share of the control lies above.
#[derive(Debug, Clone, PartialEq)]
pub struct Tail {
    /// The rate of false positives that was asked for.
    pub false_positives: f64,
    /// Persons of the original in the tail: the true positives.
    pub original: Tally,
    /// Persons of the control in it: the false positives there are. Fewer than asked for where ties end the tail early, more
    /// where those who tie for the first place are more.
    pub control: Tally,
    /// Rows of either table.
    rows: [u64; 2],
    /// Rows of the original that score above the r-th highest of the control, and at least as high, for r = 1, 2, …
    ranks: Vec<[u64; 2]>,
}

/// Ranks kept for intervals lie within so many standard deviations of the expected one; at no confidence that anybody asks for
/// is a further one needed.
const DEVIATIONS: f64 = 8.0;

impl Tail {
    /// The lowest score in the tail.
    ///
    /// The tail is closed under ties. It holds at most the share asked for of the control, but for those who tie for
    /// the first place: they cannot be left out, or a release with many copies would have an empty tail.
    pub(super) fn cut(control: &[f64], false_positives: f64) -> f64 {
        let wanted = (false_positives * control.len() as f64 + 1e-9).floor() as usize;
        let highest = control.last().copied().unwrap_or(f64::INFINITY);
        match control.len().checked_sub(wanted + 1).map(|at| control[at]) {
            // The next higher score than the first that may not be in.
            Some(out) if out < highest => out.next_up(),
            Some(_) if wanted > 0 => highest,
            Some(_) => highest.next_up(),
            None => f64::NEG_INFINITY,
        }
    }

    /// From the sorted scores, and who is in the tail.
    pub(super) fn new(false_positives: f64, [original, control]: [&[f64]; 2], tallies: [Tally; 2]) -> Tail {
        let expected = false_positives * control.len() as f64;
        let kept = (expected + DEVIATIONS * (1.0 + expected.sqrt())).ceil() as usize;
        let higher = |score: &f64| {
            let count = |below: usize| (original.len() - below) as u64;
            let above = count(original.partition_point(|own| own <= score));
            [above, count(original.partition_point(|own| own < score))]
        };
        Tail {
            false_positives,
            original: tallies[0],
            control: tallies[1],
            rows: [original.len() as u64, control.len() as u64],
            ranks: control.iter().rev().take(kept).map(higher).collect(),
        }
    }

    /// The interval of the true-positive rate at exactly the rate of false positives asked for.
    ///
    /// Where the cut for that rate lies is as uncertain as the control is small. The share of all persons who score above the r-th highest
    /// of m in the control has the distribution Beta(r, m − r + 1), whatever the scores (David & Nagaraja 2003, Order
    /// Statistics, section 2.1). So more than those who score above rank r are in the
    /// tail for the largest r with P(Bin(m, α) < r) at most δ, and fewer than those above it for the smallest with P(Bin(m, α) ≥ r)
    /// at most δ, and the rates of the original above these two have intervals of their own; δ, and what each of these is wrong with,
    /// is half of what one side may be.
    pub fn interval(&self, confidence: f64) -> ConfidenceInterval {
        let [persons, control] = self.rows;
        let half = (1.0 - confidence) / 4.0;
        let of_rate = |count: u64| {
            let effective = self.original.effective.min(persons as f64);
            wilson(count as f64 / persons as f64 * effective, effective, 1.0 - 2.0 * half)
        };
        let Ok(binomial) = Binomial::new(self.false_positives, control) else {
            return ConfidenceInterval { lo: 0.0, hi: 1.0 };
        };
        let fewer = |rank: u64| if rank == 0 { 0.0 } else { binomial.cdf(rank - 1) };
        let within = self.ranks.len() as u64;
        let surely_in = (1..=within).take_while(|rank| fewer(*rank) <= half).last();
        let surely_out = (1..=within).find(|rank| 1.0 - fewer(*rank) <= half);
        ConfidenceInterval {
            lo: surely_in.map_or(0.0, |rank| of_rate(self.ranks[rank as usize - 1][0]).lo),
            hi: surely_out.map_or(1.0, |rank| of_rate(self.ranks[rank as usize - 1][1]).hi),
        }
    }
}
