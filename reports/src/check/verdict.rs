//! The verdict on each attack.

use super::characteristic::{self, chances};
use super::groups;
use super::needed::needed;
use super::policy::{Limit, Policy};
use super::power;
use super::result::{AttackVerdict, Needed, Reason, Verdict};
use super::soundness::{self, Doubt, leaves_failure};
use super::words;
use crate::evidence::warning;
use crate::evidence::{AttackKind, Evidence, Headline, Status, Warning};
use crate::message::Messages;
use crate::percent::{interval, percent, round_percent};

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
pub(super) fn judge(
    evidence: &Evidence,
    policy: &Policy,
    attack: AttackKind,
    texts: Messages,
) -> Option<AttackVerdict> {
    let headline = evidence.headline.get(&attack);
    let limit = policy.limits.get(&attack).filter(|limit| headline.is_some() || !limit.where_played);
    if limit.is_none() && headline.is_none() {
        return None;
    }
    let doubts = soundness::doubts(evidence, attack, policy.confidence);
    let (verdict, reason, needed) = reason(texts, evidence, attack, limit, &doubts);
    // These are doubts by the measure of the policy alone.
    let of_policy = [Reason::UnreadPart, Reason::PowerUnknown, Reason::TooLittlePower].contains(&reason);
    let doubts: Vec<Reason> = doubts.into_iter().chain(of_policy.then_some(reason)).collect();
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
        worst: worst.map(|worst| words::attacker(texts, &evidence.inputs, worst)),
        needed,
        chances: limit.and_then(|limit| chances(evidence, attack, limit.max_risk)).unwrap_or_default(),
        doubts: doubts.iter().filter_map(|doubt| Doubt::of(*doubt, texts.language())).collect(),
        notes: headline.map(|headline| notes(texts, headline, verdict)).unwrap_or_default(),
    };
    judged.notes.extend(
        characteristic::sentence(texts, &judged.chances).map(|text| warning("operating_characteristic", &text)),
    );
    // A pass of attacks that would not have noticed a leak of the size of the limit, or one that was refused for that.
    let speaks = verdict == Some(Verdict::Pass) || reason == Reason::TooLittlePower;
    let little = limit.filter(|_| speaks).and_then(|limit| {
        evidence.calibration.as_ref().and_then(|calibration| calibration.too_little_at(attack, limit.max_risk))
    });
    judged
        .notes
        .extend(little.map(|power| warning("too_little_power", &crate::words::calibration::too_little(&texts, power))));
    // Whoever is judged by the mean alone is told of a group that it hides.
    let hidden = limit.filter(|limit| verdict != Some(Verdict::Fail) && limit.max_group_risk.is_none());
    judged.notes.extend(hidden.into_iter().flat_map(|limit| {
        let above = groups::above(evidence, attack, limit.max_risk);
        above
            .into_iter()
            .map(|group| warning("group_above_limit", &groups::sentence(texts, group, limit.max_risk)))
            .collect::<Vec<_>>()
    }));
    judged.message = message(texts, &judged, evidence, policy);
    Some(judged)
}

/// The verdict, why, and what would decide, of an attack about which there are these doubts.
fn reason(
    texts: Messages,
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
    let leaves_failures = || doubts.iter().all(|doubt| leaves_failure(evidence, attack, *doubt));
    if decided != Some(Verdict::Fail) && of_groups == Some(Verdict::Fail) && leaves_failures() {
        return (of_groups, Reason::GroupAboveLimit, None);
    }
    if decided == Some(Verdict::Fail) && leaves_failures() {
        return (decided, Reason::AboveLimit, None);
    }
    // What takes a failure back is what is said of it.
    let takes_back = |doubt: &&Reason| decided == Some(Verdict::Fail) && !leaves_failure(evidence, attack, **doubt);
    if let Some(doubt) = doubts.iter().find(takes_back).or(doubts.first()) {
        return (Some(Verdict::Inconclusive), *doubt, None);
    }
    let upper = evidence.headline.get(&attack).and_then(|headline| headline.interval).map_or(1.0, |[_, upper]| upper);
    if decided == Some(Verdict::Pass) && upper + soundness::unread(evidence) >= limit.max_risk {
        return (Some(Verdict::Inconclusive), Reason::UnreadPart, None);
    }
    if decided == Some(Verdict::Pass)
        && let Some(reason) = power::refuses(evidence, attack, limit)
    {
        return (Some(Verdict::Inconclusive), reason, None);
    }
    match decided {
        Some(_) if of_groups == Some(Verdict::Inconclusive) => {
            (Some(Verdict::Inconclusive), Reason::GroupUndecided, None)
        }
        Some(verdict) => (Some(verdict), Reason::BelowLimit, None),
        None => {
            let needed = needed(texts, evidence, attack, limit.max_risk);
            (Some(Verdict::Inconclusive), Reason::LimitInsideInterval, Some(needed))
        }
    }
}

fn notes(texts: Messages, headline: &Headline, verdict: Option<Verdict>) -> Vec<Warning> {
    let mut notes = Vec::new();
    // A risk that was shown to be above the limit is not low, whatever the baseline does.
    if headline.status == Status::Weak && verdict != Some(Verdict::Fail) {
        notes.push(warning("not_above_baseline", texts.text("check.note.not_above_baseline")));
    }
    let tried = headline.attackers_tried.to_string();
    let counted = |key: &str, count: u64| texts.fill(key, &[("count", &count.to_string()), ("tried", &tried)]);
    if headline.infeasible > 0 && headline.risk.is_some() {
        notes.push(warning("some_infeasible", &counted("check.note.some_infeasible", headline.infeasible)));
    }
    if headline.undetermined > 0 && headline.risk.is_some() {
        notes.push(warning("some_undetermined", &counted("check.note.some_undetermined", headline.undetermined)));
    }
    notes
}

fn message(texts: Messages, judged: &AttackVerdict, evidence: &Evidence, policy: &Policy) -> String {
    let found = match (judged.risk, judged.interval) {
        (Some(risk), Some(ends)) => {
            let (risk, interval) = (percent(risk), interval(ends));
            texts.fill("check.message.found", &[("risk", &risk), ("interval", &interval)])
        }
        _ => texts.text("check.message.no_risk").to_owned(),
    };
    let limit = judged.limit.as_ref().map_or(String::new(), |limit| round_percent(limit.max_risk));
    let of_groups = judged.limit.as_ref().and_then(|limit| limit.max_group_risk).unwrap_or_default();
    let fill = |key: &str, more: &[(&str, &str)]| {
        let values: Vec<(&str, &str)> =
            [("found", found.as_str()), ("limit", &limit)].into_iter().chain(more.iter().copied()).collect();
        texts.fill(key, &values)
    };
    match judged.reason {
        Reason::BelowLimit => fill("check.message.below", &[]),
        Reason::AboveLimit => fill("check.message.not_below", &[]),
        Reason::LimitInsideInterval => {
            let needed = judged.needed.as_ref().map_or(String::new(), |needed| {
                format!("{}{}", texts.text("list.between_sentences"), needed_words(texts, needed))
            });
            fill("check.message.inside", &[("needed", &needed)])
        }
        Reason::GroupAboveLimit => {
            let worst = groups::above(evidence, judged.attack, of_groups);
            let worst = worst.first().map_or(String::new(), |group| groups::sentence(texts, group, of_groups));
            fill("check.message.group_above", &[("group", &worst)])
        }
        Reason::GroupUndecided => fill("check.message.group_open", &[("of_groups", &round_percent(of_groups))]),
        Reason::NotRun => fill("check.message.not_run", &[]),
        Reason::ConfidenceTooLow => {
            let (has, wants) = (round_percent(evidence.settings.confidence), round_percent(policy.confidence));
            fill("check.message.confidence", &[("has", &has), ("wants", &wants)])
        }
        Reason::NoLimit => fill("check.message.no_limit", &[]),
        // The first doubt: what was found does not count.
        _ => judged.doubts.first().map_or(String::new(), |doubt| said(texts, doubt)),
    }
}

/// A doubt in words.
pub(super) fn said(texts: Messages, doubt: &Doubt) -> String {
    texts.fill("check.message.doubt", &[("what", &doubt.message), ("advice", &doubt.advice)])
}

/// What would decide, in a sentence.
fn needed_words(texts: Messages, needed: &Needed) -> String {
    match needed {
        Needed::FurtherTargets { further, total, decides } => {
            let (further, total) = (further.to_string(), total.to_string());
            let values =
                [("further", further.as_str()), ("total", &total), ("verdict", words::verdict(texts, *decides))];
            texts.fill("check.needed.further", &values)
        }
        Needed::LargerTables { original, control, control_alone, decides } => {
            let alone = control_alone.map_or(String::new(), |control| {
                texts.fill("check.needed.alone", &[("control", &control.to_string())])
            });
            let (original, verdict) = (original.to_string(), words::verdict(texts, *decides));
            let mut values = vec![("original", original.as_str()), ("verdict", verdict), ("alone", &alone)];
            match control.map(|control| control.to_string()) {
                Some(control) => {
                    values.push(("control", &control));
                    texts.fill("check.needed.larger_with_control", &values)
                }
                None => texts.fill("check.needed.larger", &values),
            }
        }
        Needed::Never { why } => why.clone(),
    }
}
