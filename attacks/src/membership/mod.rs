//! Membership: does the release tell who was used to make it?
//!
//! # The attack
//! Everybody of the original and of the control is given a score, the higher the more the release looks as if this person had
//! been used ([`Score`]). Persons of the control were not used, so how well the scores tell the two tables apart is what the
//! release gives away about having been in it. Without a control there is nothing to tell apart, and the attack is not played.
//!
//! # What is told
//! * The area under the curve ([`Area`]): the chance that somebody of the original scores higher than somebody of the control,
//!   ties for a half; .5 when nothing is told. It sees what is told of many.
//! * The rates of persons of the original who score higher than all but 1 % and .1 % of the control ([`Tail`]). They see the
//!   few who are told for certain and whom the mean over everybody hides: of 1,000 persons of whom 20 were copied, the area
//!   is .51 and the tail holds three times as many as it should (Carlini et al. 2022, IEEE S&P, 1897, on why the tail is
//!   what matters).
//!
//! # From these to a risk
//! All are put on the scale of the other attacks, the share of otherwise safe persons whom the release exposes. For a tail it is
//! 1 − (1 − p)/(1 − q), with p of the original and q of the control in it. For the area a it is 2a − 1 (Somers' D), since
//! a copied share λ that scores above everybody else makes the area (1 + λ)/2. The attack's risk is the largest of the three:
//! its lower end holds for all of them at once, its upper end is the largest of their single ones, as among attackers
//! ([`headline`](crate::stats::headline)).
//!
//! # Equal persons and persons in both tables
//! Persons with equal values have equal scores, in whatever table they stand, so that repeated rows, and rows of the original that
//! the control was allowed to keep, are ties; none of them makes a difference between the tables. Release rows that
//! are equal count once. With a subject key a person's rows are a cluster in every variance.

mod area;
mod attacker;
mod scores;
mod tail;

pub use area::Area;
pub use attacker::MembershipAttacker;
pub use scores::{Score, Scores, scores};
pub use tail::Tail;

use crate::matcher::Search;
use crate::outcome::{Attempt, Outcomes, Tally};
use crate::parts::Parts;
use crate::progress::Progress;
use crate::stats::ConfidenceInterval;
use crate::stats::risk::{Risk, RiskMethod, RiskModel};
use crate::table::{Table, Tables};
use crate::targets::TargetRows;
use rayon::prelude::*;
use scores::scores_of_parts;

#[cfg(test)]
mod test;
#[cfg(test)]
mod test_plain;

/// The rates of false positives at which tails are looked at.
pub const FALSE_POSITIVES: [f64; 2] = [0.01, 0.001];

/// What a score tells of who was used.
#[derive(Debug, Clone, PartialEq)]
pub struct Separation {
    /// Over everybody.
    pub area: Area,
    /// At each rate of [`FALSE_POSITIVES`].
    pub tails: [Tail; 2],
    /// Whether each person of the original, and each of the control, is in the first of the tails.
    pub in_tail: [Vec<bool>; 2],
    /// The share of persons of the original whose unchanged copy in the release would stand in the first of the tails: how many copies
    /// the attack can notice one by one.
    pub noticed: f64,
}

/// What each of these scores on some columns tells of who was used, and how its records were searched for.
///
/// `None` without a control, without anybody to attack in either table, and when the release has no candidate.
pub fn separate(
    tables: &Tables,
    targets: &TargetRows,
    columns: &[usize],
    wanted: &[Score],
    progress: &dyn Progress,
) -> Option<Vec<(Separation, Vec<Search>)>> {
    separate_parts(tables, targets, columns, wanted, &Parts::whole(), progress)
}

/// The same, the targets of each part by themselves.
fn separate_parts(
    tables: &Tables,
    targets: &TargetRows,
    columns: &[usize],
    wanted: &[Score],
    parts: &Parts,
    progress: &dyn Progress,
) -> Option<Vec<(Separation, Vec<Search>)>> {
    let (control, control_rows) = tables.control.as_ref().zip(targets.control.as_deref())?;
    if targets.original.is_empty() || control_rows.is_empty() {
        return None;
    }
    let scores = scores_of_parts(tables, targets, columns, wanted, parts, progress)?;
    let sides = [(&tables.original, targets.original.as_slice()), (control, control_rows)];
    let separation = |scores: Scores| {
        let (original, control) = scores.of_target.split_at(targets.original.len());
        let copies = &scores.of_copy[..targets.original.len()];
        (Separation::new([original, control], sides, copies), scores.searches)
    };
    Some(scores.into_par_iter().map(separation).collect())
}

impl Separation {
    /// From the scores of rows of the original and of the control, neither empty, the tables and these rows, and what copies of the
    /// original's would score.
    fn new(scores: [&[f64]; 2], sides: [(&Table, &[u32]); 2], copies: &[f64]) -> Separation {
        let sorted = scores.map(|scores| {
            let mut sorted = scores.to_vec();
            sorted.par_sort_unstable_by(f64::total_cmp);
            sorted
        });
        let sorted: [&[f64]; 2] = sorted.each_ref().map(Vec::as_slice);
        let tail = |false_positives: f64| {
            let cut = Tail::cut(sorted[1], false_positives);
            let tally = |side: usize| {
                let attempt = |score: &f64| if *score >= cut { Attempt::HIT } else { Attempt::Miss };
                let attempts: Vec<Attempt> = scores[side].iter().map(attempt).collect();
                Tally::of(&attempts, Outcomes::default(), sides[side].0, sides[side].1)
            };
            Tail::new(false_positives, sorted, [0, 1].map(tally))
        };
        let cut = Tail::cut(sorted[1], FALSE_POSITIVES[0]);
        let noticed = copies.iter().filter(|score| **score >= cut).count() as f64 / copies.len() as f64;
        Separation {
            area: Area::new(scores, sorted, sides),
            tails: FALSE_POSITIVES.map(tail),
            in_tail: scores.map(|scores| scores.iter().map(|score| *score >= cut).collect()),
            noticed,
        }
    }

    /// The largest of the three risks at a two-sided confidence level; `None` when none of them exists.
    pub fn risk(&self, confidence: f64) -> Option<Risk> {
        let figures = 1.0 + self.tails.len() as f64;
        let all_at_once = 1.0 - (1.0 - confidence) / figures;
        let at = |level: f64| {
            let tails = self.tails.iter().map(move |tail| {
                let model = RiskModel::Residual { main: tail.original, control: tail.control };
                model.estimate(level).map(|risk| (risk.signed, risk.interval))
            });
            std::iter::once(Some(self.area.advantage(level))).chain(tails)
        };
        let mut worst: Option<(f64, ConfidenceInterval)> = None;
        for (together, single) in at(all_at_once).zip(at(confidence)) {
            let (Some((signed, together)), Some((_, single))) = (together, single) else { continue };
            let found = worst.get_or_insert((signed, ConfidenceInterval { lo: together.lo, hi: single.hi }));
            if (together.lo, signed) > (found.1.lo, found.0) {
                (found.0, found.1.lo) = (signed, together.lo);
            }
            found.1.hi = found.1.hi.max(single.hi);
        }
        let (signed, interval) = worst?;
        Some(Risk { signed, interval, method: RiskMethod::Separation, null_rate: None })
    }
}
