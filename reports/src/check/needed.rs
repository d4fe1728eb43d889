//! How many more targets would decide an inconclusive verdict.
//!
//! The rates are kept as they were counted and the numbers of attempts grow; the two ends of the headline are computed again
//! by the formulas that made the evidence's. At the number where an end just clears the limit, the next
//! estimate would fall on the wrong side of it every other time; so the number is the one that decides with a
//! probability of [`POWER`] if the truth is the estimate: the limit must be clear by that many standard errors more (Fleiss,
//! Levin & Paik 2003, Statistical Methods for Rates and Proportions, chapter 4). It is a plan and no promise.
//!
//! # Where it holds
//! Targets are persons: twice as many halve the variance. Predicates of one release are not: they hit the same persons, so that
//! their variance is a + b/n and more of them do not help beyond a. Such a plan came true in 7 of 49 cases, and none is given.
//! A plan for a failure is given only when some risk is shown already: the largest of several estimates lies above 0 by
//! chance, and more targets would only tell that it was chance.

use super::result::{Needed, Verdict};
use crate::evidence::counts::{Counts, upper_quantile};
use crate::evidence::{Attack, AttackKind, Evidence, Rate};
use crate::message::Messages;
use reident_attacks::attack::Attempted;
use reident_attacks::stats::two_sided_quantile;

/// Numbers of targets that are not worth printing.
const MOST: u64 = 1_000_000_000;
/// Estimates this close to the limit are equal to it: the evidence has nine decimals.
const EQUAL: f64 = 2e-9;
/// Probability with which the number decides.
pub(super) const POWER: f64 = 0.8;

/// One attacker and how far its attempts can grow.
struct Candidate {
    counts: Counts,
    attempted: [u64; 2],
    /// How many the attacker could attack at most: all rows, or, where the columns were searched for, the share that is attacked.
    most: [f64; 2],
}

/// The attackers of one attack, with everything that decides their headline's width.
struct Board {
    candidates: Vec<Candidate>,
    /// Standard errors that the limit must be away: those of the simultaneous lower end and of the single upper end, each with
    /// those of the power.
    z: [f64; 2],
    limit: f64,
}

impl Board {
    /// The verdict with attempts grown as told; `None` when it is still inconclusive.
    fn verdict(&self, grown: impl Fn(&Candidate) -> [f64; 2]) -> Option<Verdict> {
        let mut ends = [f64::NEG_INFINITY; 2];
        for candidate in &self.candidates {
            let by = grown(candidate);
            let (_, simultaneous) = candidate.counts.at(self.z[0], by)?;
            let (_, single) = candidate.counts.at(self.z[1], by)?;
            ends = [ends[0].max(simultaneous[0]), ends[1].max(single[1])];
        }
        super::verdict::decide(ends, self.limit)
    }

    /// The smallest number in `1..=most` at which a verdict is reached.
    fn smallest(&self, most: u64, grown: impl Fn(&Candidate, u64) -> [f64; 2]) -> Option<(u64, Verdict)> {
        let at = |number: u64| self.verdict(|candidate| grown(candidate, number));
        let mut high = 1;
        while at(high).is_none() {
            if high >= most {
                return None;
            }
            high = (high * 2).min(most);
        }
        let mut low = high / 2;
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if at(middle).is_some() { high = middle } else { low = middle }
        }
        at(high).map(|verdict| (high, verdict))
    }
}

/// Bonferroni: confidence of each of several attackers' intervals.
pub(super) fn simultaneous(evidence: &Evidence, attackers: usize) -> f64 {
    1.0 - (1.0 - evidence.settings.confidence) / attackers.max(1) as f64
}

/// What would decide the inconclusive verdict on an attack that has a risk.
pub(super) fn needed(texts: Messages, evidence: &Evidence, attack: AttackKind, limit: f64) -> Needed {
    let never = |why: &str| Needed::Never { why: texts.text(why).to_owned() };
    let of_kind: Vec<&Attack> = evidence.attacks.iter().filter(|result| result.attack == attack).collect();
    // Those who stand apart decide nothing.
    let counting = of_kind.iter().filter(|result| result.apart.is_none());
    let attempted = |result: &Attack| {
        [&result.main, &result.control].map(|rate| rate.as_ref().map_or(0, |rate: &Rate| rate.attempted))
    };
    let rows = [evidence.inputs.original.rows, evidence.inputs.control.as_ref().map_or(0, |control| control.rows)];
    let by_all = [0, 1].map(|side| of_kind.iter().map(|result| attempted(result)[side]).max().unwrap_or(0));
    let candidates: Vec<Candidate> = counting
        .filter_map(|result| {
            let attempted = attempted(result);
            let share = |side: usize| match result.attacker.searched() {
                Some(_) if by_all[side] > 0 => attempted[side] as f64 / by_all[side] as f64,
                _ => 1.0,
            };
            let most = [0, 1].map(|side| rows[side] as f64 * share(side));
            Some(Candidate { counts: Counts::of(result, evidence.settings.confidence)?, attempted, most })
        })
        .collect();
    let Some(headline) = evidence.headline.get(&attack).filter(|_| !candidates.is_empty()) else {
        return never("check.needed.nothing_measured");
    };
    let estimates = candidates.iter().filter_map(|candidate| candidate.counts.signed());
    let estimate = estimates.fold(f64::MIN, f64::max);
    if headline.undetermined > 0 && estimate < limit {
        return never("check.needed.always_hit");
    }
    if (estimate - limit).abs() <= EQUAL {
        return never("check.needed.equal");
    }
    if attack.attempted() == Attempted::Predicates {
        return never("check.needed.predicates");
    }
    if evidence.inputs.control.is_none() {
        return never("check.needed.no_control");
    }
    let shown = headline.interval.is_some_and(|[lower, _]| lower > 0.0);
    let single = two_sided_quantile(evidence.settings.confidence);
    let power = upper_quantile(1.0 - POWER);
    let z = [two_sided_quantile(simultaneous(evidence, of_kind.len())) + power, single + power];
    match targets(&Board { candidates, z, limit }, evidence) {
        Some((_, Verdict::Fail)) if !shown => never("check.needed.chance"),
        Some((needed, _)) => needed,
        None => never("check.needed.too_close"),
    }
}

fn targets(board: &Board, evidence: &Evidence) -> Option<(Needed, Verdict)> {
    let original = evidence.inputs.original.rows;
    let control = evidence.inputs.control.as_ref().map(|control| control.rows);
    let rows = [original, control.unwrap_or(0)];
    let ratio = |now: u64, then: f64| if now == 0 { 1.0 } else { then / now as f64 };
    let attempted = board.candidates.first()?.attempted;
    let left = (0..2).map(|side| rows[side].saturating_sub(attempted[side])).max().unwrap_or(0);
    // Each further target is drawn from both tables, until one of them has no more.
    let sampled = |candidate: &Candidate, further: u64| {
        [0, 1].map(|side| {
            let now = candidate.attempted[side];
            ratio(now, ((now + further) as f64).min(candidate.most[side].max(now as f64)))
        })
    };
    if left > 0
        && let Some((further, decides)) = board.smallest(left, sampled)
    {
        let total = (attempted[0] + further).min(original);
        return Some((Needed::FurtherTargets { further, total, decides }, decides));
    }
    let all = |candidate: &Candidate, side: usize| ratio(candidate.attempted[side], candidate.most[side]);
    let (larger, decides) = board.smallest(MOST, |candidate, persons| {
        let by = 1.0 + persons as f64 / original as f64;
        [all(candidate, 0) * by, all(candidate, 1) * by]
    })?;
    let in_proportion = |rows: u64| (rows as f64 * (1.0 + larger as f64 / original as f64)).ceil() as u64;
    let control_alone = control.and_then(|control| {
        let (more, same) = board.smallest(MOST, |candidate, persons| {
            [all(candidate, 0), all(candidate, 1) * (1.0 + persons as f64 / control as f64)]
        })?;
        (same == decides).then_some(control + more)
    });
    let control = control.map(in_proportion);
    Some((Needed::LargerTables { original: original + larger, control, control_alone, decides }, decides))
}
