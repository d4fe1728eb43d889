//! What to do next: one step that follows from the verdict.

use super::options::RuleOutcome;
use super::{Source, Verdict, Verdicts};
use crate::check::Doubt;
use crate::evidence::{Attack, Attacker};

/// Columns named at most.
const NAMES: usize = 5;

/// The step.
pub fn next(source: &Source<'_>) -> String {
    let texts = &source.texts;
    let Some(check) = &source.options.check else { return texts.text("next.no_policy").to_owned() };
    let not_met = check.rules.iter().any(|rule| rule.outcome == RuleOutcome::NotMet);
    match check.overall {
        Verdict::Fail => failed(source, check, not_met),
        Verdict::Inconclusive => open(source, check),
        Verdict::Pass if !check.loosened.is_empty() => texts.text("next.loosened").to_owned(),
        Verdict::Pass if not_met => texts.text("next.rules_not_met").to_owned(),
        Verdict::Pass => match check.rules.is_empty() {
            true => texts.text("next.pass").to_owned(),
            false => texts.text("next.pass_with_rules").to_owned(),
        },
    }
}

fn failed(source: &Source<'_>, check: &Verdicts, not_met: bool) -> String {
    let texts = &source.texts;
    let found: Vec<String> = check.found.iter().flat_map(|found| found.columns.clone()).collect();
    if !found.is_empty() {
        return texts.fill("next.identifiers", &[("columns", &source.columns(&found))]);
    }
    let limits = check.limits.iter().filter(|limit| limit.verdict == Verdict::Fail);
    let mut columns: Vec<String> = Vec::new();
    for attack in limits.filter_map(|limit| source.worst_of(limit.attack)) {
        for column in exposed(source, attack) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
    }
    match columns.len() {
        0 if not_met => texts.text("next.rules_not_met").to_owned(),
        1..=NAMES => texts.fill("next.columns", &[("columns", &source.columns(&columns))]),
        _ => texts.text("next.fail").to_owned(),
    }
}

/// The columns through which an attacker succeeded: of inference the secret, else those that the attacker combined.
fn exposed(source: &Source<'_>, attack: &Attack) -> Vec<String> {
    match &attack.attacker {
        Attacker::NearestRecord { secret, .. } | Attacker::TrainedModel { secret, .. } => vec![secret.clone()],
        attacker => source.evidence.inputs.names(attacker.columns()).map(str::to_owned).collect(),
    }
}

fn open(source: &Source<'_>, check: &Verdicts) -> String {
    let texts = &source.texts;
    if let Some(doubt) = check.doubts.first().and_then(|(_, reason)| Doubt::of(*reason, texts.language())) {
        return doubt.advice;
    }
    match check.limits.iter().filter_map(|limit| limit.further_targets).max() {
        Some(targets) => texts.fill("next.further", &[("targets", &texts.count(targets))]),
        None => texts.text("next.larger").to_owned(),
    }
}
