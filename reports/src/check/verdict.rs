//! The verdict on each attack.

use super::characteristic::{self, chances};
use super::follows::recomputed;
use super::needed::needed;
use super::policy::{Limit, Policy};
use super::result::{AttackVerdict, Needed, Reason, Verdict};
use super::words;
use crate::build::warning;
use crate::evidence::{AttackName, Evidence, Headline, Status, Warning};

/// The verdict that an interval allows; `None` when it allows none (METHOD section 6).
///
/// Pass when the whole interval is below the limit, fail when it is at the limit or above. A lower end of 0 shows no
/// risk at all, so it does not fail even a limit of 0.
pub(super) fn decide(interval: [f64; 2], limit: f64) -> Option<Verdict> {
    let [lower, upper] = interval;
    if upper < limit {
        Some(Verdict::Pass)
    } else if lower >= limit && lower > 0.0 {
        Some(Verdict::Fail)
    } else {
        None
    }
}

/// Judges one attack. `None` when neither the policy nor the evidence speaks of it.
pub(super) fn judge(evidence: &Evidence, policy: &Policy, attack: AttackName) -> Option<AttackVerdict> {
    let limit = policy.limits.get(&attack);
    let headline = evidence.headline.get(&attack);
    if limit.is_none() && headline.is_none() {
        return None;
    }
    let (verdict, reason, needed) = reason(evidence, policy, attack, limit, headline);
    let worst = headline.and_then(|headline| evidence.attacks.get(headline.attacker? as usize));
    let mut judged = AttackVerdict {
        attack,
        verdict,
        reason,
        message: String::new(),
        limit: limit.cloned(),
        risk: headline.and_then(|headline| headline.risk),
        interval: headline.and_then(|headline| headline.interval),
        status: headline.map(|headline| headline.status),
        attackers_tried: headline.map_or(0, |headline| headline.attackers_tried),
        worst: worst.map(|worst| words::attacker(&evidence.inputs, worst)),
        needed,
        chances: limit.and_then(|limit| chances(evidence, attack, limit.max_risk)).unwrap_or_default(),
        notes: headline.map(|headline| notes(headline, verdict)).unwrap_or_default(),
    };
    judged
        .notes
        .extend(characteristic::sentence(&judged.chances).map(|text| warning("operating_characteristic", &text)));
    judged.message = message(&judged, evidence, policy);
    Some(judged)
}

fn reason(
    evidence: &Evidence,
    policy: &Policy,
    attack: AttackName,
    limit: Option<&Limit>,
    headline: Option<&Headline>,
) -> (Option<Verdict>, Reason, Option<Needed>) {
    let open = |reason| (Some(Verdict::Inconclusive), reason, None);
    let Some(limit) = limit else { return (None, Reason::NoLimit, None) };
    let Some(headline) = headline else { return open(Reason::NotRun) };
    let Some(interval) = headline.interval.filter(|_| headline.risk.is_some()) else {
        return open(match headline.status {
            Status::Infeasible => Reason::Infeasible,
            _ if headline.apart > 0 && headline.undetermined == 0 => Reason::TooFew,
            _ => Reason::Undetermined,
        });
    };
    if evidence.settings.confidence < policy.confidence {
        return open(Reason::ConfidenceTooLow);
    }
    let again = recomputed(evidence, attack).and_then(|again| again.interval);
    if again.is_some_and(|again| !same(again, interval)) {
        return open(Reason::HeadlineDoesNotFollow);
    }
    match decide(interval, limit.max_risk) {
        // Shared rows push the control's rate up and the risk down: a failure stands, a pass does not.
        Some(Verdict::Pass) if overlaps(evidence) => open(Reason::ControlOverlaps),
        Some(verdict) if verdict == Verdict::Fail => (Some(verdict), Reason::AboveLimit, None),
        Some(verdict) => (Some(verdict), Reason::BelowLimit, None),
        None => {
            let needed = needed(evidence, attack, limit.max_risk);
            (Some(Verdict::Inconclusive), Reason::LimitInsideInterval, Some(needed))
        }
    }
}

/// Whether two intervals agree but for the rounding of the counts they come from.
fn same(one: [f64; 2], other: [f64; 2]) -> bool {
    one.iter().zip(other).all(|(a, b)| (a.clamp(-1e9, 1e9) - b).abs() <= 1e-6 * b.abs().max(1.0))
}

fn overlaps(evidence: &Evidence) -> bool {
    evidence.inputs.overlap.as_ref().is_some_and(|overlap| overlap.beyond_chance)
}

fn notes(headline: &Headline, verdict: Option<Verdict>) -> Vec<Warning> {
    let mut notes = Vec::new();
    // A risk that was shown to be above the limit is not low, whatever the baseline does.
    if headline.status == Status::Weak && verdict != Some(Verdict::Fail) {
        notes.push(warning(
            "not_above_baseline",
            "The worst attack does no better than one that ignores the release's joint structure: the risk is low, or the \
             attack is a bad one, and the counts cannot tell which.",
        ));
    }
    if headline.infeasible > 0 && headline.risk.is_some() {
        let text = format!("{} of {} attackers had nothing to attempt.", headline.infeasible, headline.attackers_tried);
        notes.push(warning("some_infeasible", &text));
    }
    if headline.undetermined > 0 && headline.risk.is_some() {
        let text = format!(
            "{} of {} attackers hit the control every time, so that their risk does not exist as a number and the \
             interval reaches to 100 %.",
            headline.undetermined, headline.attackers_tried
        );
        notes.push(warning("some_undetermined", &text));
    }
    notes
}

fn message(judged: &AttackVerdict, evidence: &Evidence, policy: &Policy) -> String {
    let found = match (judged.risk, judged.interval) {
        (Some(risk), Some(interval)) => format!("The risk is {} {}", words::percent(risk), words::interval(interval)),
        _ => "There is no risk as a number".to_owned(),
    };
    let limit = judged.limit.as_ref().map_or(String::new(), |limit| words::percent(limit.max_risk));
    match judged.reason {
        Reason::BelowLimit => format!("{found}: below the limit of {limit}."),
        Reason::AboveLimit => format!("{found}: not below the limit of {limit}."),
        Reason::LimitInsideInterval => {
            let needed = judged.needed.as_ref().map_or(String::new(), |needed| format!(" {}", needed_words(needed)));
            format!("{found}: the limit of {limit} lies inside the interval.{needed}")
        }
        Reason::NotRun => format!("The policy limits this attack to {limit}, and the evidence does not have it."),
        Reason::Infeasible => {
            "The release yields nothing to attempt: a result of these attackers, and not a measured risk of zero."
                .to_owned()
        }
        Reason::Undetermined => {
            "Every attack on the control succeeds, so nobody is otherwise safe and the risk does not exist as a number."
                .to_owned()
        }
        Reason::TooFew => {
            "The counts of every attacker are too few for a share: they are given in persons, and allow no verdict."
                .to_owned()
        }
        Reason::ConfidenceTooLow => format!(
            "The evidence's intervals have a confidence of {}, and the policy asks for {}.",
            words::percent(evidence.settings.confidence),
            words::percent(policy.confidence)
        ),
        Reason::HeadlineDoesNotFollow => {
            "The evidence's interval of the worst risk does not follow from its own counts: the file \
             was changed, or made by a version that computes otherwise."
                .to_owned()
        }
        Reason::ControlOverlaps => format!(
            "{found}: below the limit of {limit}, but the control shares more rows with the original than chance explains, \
             which hides leaks."
        ),
        Reason::NoLimit => format!("{found}; the policy sets no limit."),
    }
}

/// What would decide, in a sentence.
pub(super) fn needed_words(needed: &Needed) -> String {
    const STAYS: &str = "four times in five if the rates are what they seem";
    match needed {
        Needed::FurtherTargets { further, total, decides } => {
            let verdict = words::verdict(*decides);
            format!("About {further} further targets ({total} in all) of each table would decide ({verdict}) {STAYS}.")
        }
        Needed::LargerTables { original, control, control_alone, decides } => {
            let verdict = words::verdict(*decides);
            let control = control.map_or(String::new(), |control| format!(" with a control of {control}"));
            let alone = control_alone
                .map_or(String::new(), |control| format!("; with this original, a control of {control} would do"));
            format!(
                "More targets of these tables cannot decide: attacking every record is not enough. About {original} \
                 persons{control} would decide ({verdict}) {STAYS}{alone}."
            )
        }
        Needed::Never { why } => why.clone(),
    }
}
