//! The verdict on each attack.

use super::characteristic::{self, chances};
use super::groups;
use super::needed::needed;
use super::policy::{Limit, Policy};
use super::result::{AttackVerdict, Needed, Reason, Verdict};
use super::soundness::{self, Doubt, leaves_failure};
use super::words;
use crate::evidence::warning;
use crate::evidence::{AttackKind, Evidence, Headline, Status, Warning};
use crate::message::Language;

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
pub(super) fn judge(evidence: &Evidence, policy: &Policy, attack: AttackKind) -> Option<AttackVerdict> {
    let headline = evidence.headline.get(&attack);
    let limit = policy.limits.get(&attack).filter(|limit| headline.is_some() || !limit.where_played);
    if limit.is_none() && headline.is_none() {
        return None;
    }
    let doubts = soundness::doubts(evidence, attack, policy.confidence);
    let (verdict, reason, needed) = reason(evidence, attack, limit, &doubts);
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
        doubts: doubts.iter().filter_map(|doubt| Doubt::of(*doubt, Language::English)).collect(),
        notes: headline.map(|headline| notes(headline, verdict)).unwrap_or_default(),
    };
    judged
        .notes
        .extend(characteristic::sentence(&judged.chances).map(|text| warning("operating_characteristic", &text)));
    // Whoever is judged by the mean alone is told of a group that it hides.
    let hidden = limit.filter(|limit| verdict != Some(Verdict::Fail) && limit.max_group_risk.is_none());
    judged.notes.extend(hidden.into_iter().flat_map(|limit| {
        let above = groups::above(evidence, attack, limit.max_risk);
        above
            .into_iter()
            .map(|group| warning("group_above_limit", &groups::sentence(group, limit.max_risk)))
            .collect::<Vec<_>>()
    }));
    judged.message = message(&judged, evidence, policy);
    Some(judged)
}

/// The verdict, why, and what would decide, of an attack about which there are these doubts.
fn reason(
    evidence: &Evidence,
    attack: AttackKind,
    limit: Option<&Limit>,
    doubts: &[Reason],
) -> (Option<Verdict>, Reason, Option<Needed>) {
    let Some(limit) = limit else { return (None, Reason::NoLimit, None) };
    let decided = evidence
        .headline
        .get(&attack)
        .and_then(|headline| headline.interval)
        .and_then(|interval| decide(interval, limit.max_risk));
    let of_groups = limit.max_group_risk.map(|limit| groups::judge(evidence, attack, limit));
    if decided != Some(Verdict::Fail)
        && of_groups == Some(Verdict::Fail)
        && doubts.iter().all(|doubt| leaves_failure(*doubt))
    {
        return (of_groups, Reason::GroupAboveLimit, None);
    }
    if decided == Some(Verdict::Fail) && doubts.iter().all(|doubt| leaves_failure(*doubt)) {
        return (decided, Reason::AboveLimit, None);
    }
    if let Some(doubt) = doubts.first() {
        return (Some(Verdict::Inconclusive), *doubt, None);
    }
    match decided {
        Some(_) if of_groups == Some(Verdict::Inconclusive) => {
            (Some(Verdict::Inconclusive), Reason::GroupUndecided, None)
        }
        Some(verdict) => (Some(verdict), Reason::BelowLimit, None),
        None => {
            let needed = needed(evidence, attack, limit.max_risk);
            (Some(Verdict::Inconclusive), Reason::LimitInsideInterval, Some(needed))
        }
    }
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
        Reason::GroupAboveLimit => {
            let of_groups = judged.limit.as_ref().and_then(|limit| limit.max_group_risk).unwrap_or_default();
            let worst = groups::above(evidence, judged.attack, of_groups);
            let worst = worst.first().map_or(String::new(), |group| groups::sentence(group, of_groups));
            format!("{found}, and the limit is {limit}. {worst}")
        }
        Reason::GroupUndecided => format!(
            "{found}: below the limit of {limit}. That every group of persons is below its limit of {} is not shown.",
            words::percent(judged.limit.as_ref().and_then(|limit| limit.max_group_risk).unwrap_or_default())
        ),
        Reason::NotRun => format!("The policy limits this attack to {limit}, and the evidence does not have it."),
        Reason::ConfidenceTooLow => format!(
            "The evidence's intervals have a confidence of {}, and the policy asks for {}.",
            words::percent(evidence.settings.confidence),
            words::percent(policy.confidence)
        ),
        Reason::NoLimit => format!("{found}; the policy sets no limit."),
        // The first doubt: what was found does not count.
        _ => judged.doubts.first().map_or(String::new(), |doubt| format!("{} {}", doubt.message, doubt.advice)),
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
