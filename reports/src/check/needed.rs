//! How many more targets would decide an inconclusive verdict.
//!
//! The rates are kept as they were counted and the numbers of attempts grow; the simultaneous interval is computed again
//! by the same formulas that made the evidence's. At the number where the interval just clears the limit, the next
//! estimate would fall on the wrong side of it every other time; so the number is the one that decides with a
//! probability of [`POWER`] if the truth is the estimate: the limit must be clear by that many standard errors more (Fleiss,
//! Levin & Paik 2003, Statistical Methods for Rates and Proportions, chapter 4). It is a plan and no promise.

use super::counts::{Counts, upper_quantile};
use super::result::{Needed, Verdict};
use crate::evidence::{Attack, AttackName, Evidence, Rate};
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
    /// Predicates: whether the release yields more of them.
    exhausted: bool,
}

/// The attackers of one attack, with everything that decides their headline's width.
struct Board {
    candidates: Vec<Candidate>,
    /// Standard errors that the limit must be away: those of the simultaneous interval and those of the power.
    z: f64,
    undetermined: bool,
    limit: f64,
}

impl Board {
    /// The verdict with attempts grown as told; `None` when it is still inconclusive.
    fn verdict(&self, grown: impl Fn(&Candidate) -> [f64; 2]) -> Option<Verdict> {
        let mut ends = [f64::NEG_INFINITY; 2];
        for candidate in &self.candidates {
            let (_, interval) = candidate.counts.at(self.z, grown(candidate))?;
            ends = [ends[0].max(interval[0]), ends[1].max(interval[1])];
        }
        if self.undetermined {
            ends[1] = 1.0;
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
pub(super) fn needed(evidence: &Evidence, attack: AttackName, limit: f64) -> Needed {
    let of_kind: Vec<&Attack> = evidence.attacks.iter().filter(|result| result.attack == attack).collect();
    let candidates: Vec<Candidate> = of_kind
        .iter()
        .filter_map(|result| {
            let attempted = |rate: &Option<Rate>| rate.as_ref().map_or(0, |rate| rate.attempted);
            let main = attempted(&result.main);
            Some(Candidate {
                counts: Counts::of(result, evidence.settings.confidence)?,
                attempted: [main, attempted(&result.control)],
                exhausted: result.attacker.predicates.is_some_and(|asked| main < asked),
            })
        })
        .collect();
    let estimate = of_kind.iter().filter_map(|result| Some(result.risk.as_ref()?.signed)).fold(f64::MIN, f64::max);
    let undetermined = evidence.headline.get(&attack).is_some_and(|headline| headline.undetermined > 0);
    if candidates.is_empty() {
        return never("No attacker could be measured, so there is no estimate to sharpen.");
    }
    if undetermined && estimate < limit {
        return never(
            "More targets do not decide: for some attackers every control attack succeeds, so that their risk does not \
             exist as a number; another control, or attackers who know less, would be needed.",
        );
    }
    if (estimate - limit).abs() <= EQUAL {
        return never("More targets do not decide: the estimate equals the limit.");
    }
    let z = two_sided_quantile(simultaneous(evidence, of_kind.len())) + upper_quantile(1.0 - POWER);
    let board = Board { candidates, z, undetermined, limit };
    let found = match attack {
        AttackName::SinglingOut => predicates(&board),
        AttackName::Linkability | AttackName::Inference => targets(&board, evidence),
    };
    found.unwrap_or_else(|| {
        never("No number of targets below a thousand million decides: the estimate is too close to the limit.")
    })
}

fn never(why: &str) -> Needed {
    Needed::Never { why: why.to_owned() }
}

fn predicates(board: &Board) -> Option<Needed> {
    let more = |candidate: &Candidate, further: u64| match candidate.exhausted {
        true => [1.0; 2],
        false => [(candidate.attempted[0] + further) as f64 / candidate.attempted[0] as f64; 2],
    };
    if board.candidates.iter().any(|candidate| !candidate.exhausted)
        && let Some((further, decides)) = board.smallest(MOST, more)
    {
        return Some(Needed::FurtherPredicates { further, decides });
    }
    // In tenths, so that the answer has a decimal.
    let (tenths, decides) = board.smallest(MOST, |_, tenths| [1.0 + tenths as f64 / 10.0; 2])?;
    Some(Needed::LargerRelease { times: 1.0 + tenths as f64 / 10.0, decides })
}

fn targets(board: &Board, evidence: &Evidence) -> Option<Needed> {
    let original = evidence.inputs.original.rows;
    let control = evidence.inputs.control.as_ref().map(|control| control.rows);
    let rows = [original, control.unwrap_or(0)];
    let ratio = |now: u64, then: u64| if now == 0 { 1.0 } else { then as f64 / now as f64 };
    let attempted = board.candidates.first()?.attempted;
    let left = (0..2).map(|side| rows[side].saturating_sub(attempted[side])).max().unwrap_or(0);
    // Each further target is drawn from both tables, until one of them has no more.
    let sampled = |candidate: &Candidate, further: u64| {
        [0, 1].map(|side| {
            let now = candidate.attempted[side];
            ratio(now, (now + further).min(rows[side].max(now)))
        })
    };
    if left > 0
        && let Some((further, decides)) = board.smallest(left, sampled)
    {
        let total = (attempted[0] + further).min(original);
        return Some(Needed::FurtherTargets { further, total, decides });
    }
    let all = |candidate: &Candidate, side: usize| ratio(candidate.attempted[side], rows[side]);
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
    Some(Needed::LargerTables {
        original: original + larger,
        control: control.map(in_proportion),
        control_alone,
        decides,
    })
}
