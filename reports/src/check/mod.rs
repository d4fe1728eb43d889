//! Evidence against a policy and against an earlier run.
//!
//! [`check`] gives a [`CheckResult`]: pass, fail or inconclusive per attack and over all. A pass is given only where the
//! simultaneous interval of the worst risk lies below the limit; what could not be computed is inconclusive.
//! [`mod@format`] renders it for persons and machines, [`exit`] has the exit codes.

pub mod characteristic;
pub mod compare;
pub mod difference;
mod differs;
pub mod exit;
pub mod follows;
pub mod format;
pub mod found;
mod groups;
mod needed;
mod overrides;
pub mod paired;
pub mod policy;
mod power;
pub mod profiles;
pub mod result;
pub mod rules;
pub mod soundness;
mod verdict;
pub mod words;

pub use compare::{Comparison, Earlier, compare};
pub use paired::{PairedOutcomes, PairedRun};
pub use policy::{Policy, PolicyError};
pub use result::{AttackVerdict, CheckResult, Needed, Reason, Verdict};
pub use rules::{JudgedRule, RuleState};
pub use soundness::Doubt;

use crate::evidence::warning;
use crate::evidence::{AttackKind, Evidence, Warning};
use crate::message::{Language, Messages};
use result::{PolicyShown, SCHEMA, Subject};
use std::collections::BTreeMap;

/// Checks evidence against a policy alone, in English words.
pub fn check(evidence: &Evidence, policy: &Policy) -> CheckResult {
    check_in(Language::English, evidence, policy)
}

/// Checks evidence against a policy alone, in the words of a language.
pub fn check_in(language: Language, evidence: &Evidence, policy: &Policy) -> CheckResult {
    finish(Messages::of(language), evidence, policy, None)
}

/// Checks evidence against a policy and an earlier run, whose outcomes by target may be known (see [`compare()`]), in the words
/// of a language.
pub fn check_with_baseline(
    language: Language,
    evidence: &Evidence,
    policy: &Policy,
    earlier: &Evidence,
    outcomes: &BTreeMap<usize, PairedRun<'_>>,
) -> CheckResult {
    let texts = Messages::of(language);
    let margin = policy.regression.margin;
    let mut comparison = compare::compare_in(texts, evidence, earlier, margin, policy.confidence, outcomes);
    comparison.earlier = (!policy.limits.is_empty()).then(|| {
        let CheckResult { verdict, summary, .. } = finish(texts, earlier, policy, None);
        Earlier { verdict, summary }
    });
    finish(texts, evidence, policy, Some(comparison))
}

/// The JSON Schema of a check's result.
pub fn schema() -> String {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(CheckResult)).expect("a schema is plain JSON");
    text.push('\n');
    text
}

fn finish(texts: Messages, evidence: &Evidence, policy: &Policy, comparison: Option<Comparison>) -> CheckResult {
    let attacks: Vec<AttackVerdict> =
        AttackKind::ALL.iter().filter_map(|attack| verdict::judge(evidence, policy, *attack, texts)).collect();
    let found = found::judge(evidence, policy, texts);
    let rules = rules::judge(evidence, policy, texts.language());
    let judged: Vec<Verdict> = attacks
        .iter()
        .filter_map(|attack| attack.verdict)
        .chain(found.iter().map(|found| found.verdict))
        // A rule that is met makes no pass of a policy that limits nothing: the other rules may not have been checked.
        .chain(rules.iter().filter_map(|rule| rule.verdict).filter(|verdict| *verdict == Verdict::Fail))
        .chain(comparison.as_ref().map(|comparison| comparison.verdict))
        .collect();
    // Nothing judged is nothing shown.
    let verdict = judged.iter().copied().max().unwrap_or(Verdict::Inconclusive);
    CheckResult {
        schema: SCHEMA.to_owned(),
        language: texts.language(),
        verdict,
        summary: summary(texts, verdict, &attacks, &found, &rules, comparison.as_ref()),
        exit_code: exit::code(verdict, policy.inconclusive),
        subject: Subject {
            tool: evidence.tool.clone(),
            release_sha256: evidence.inputs.anonymized.sha256.clone(),
            release_rows: evidence.inputs.anonymized.rows,
            seed: evidence.settings.seed,
            confidence: evidence.settings.confidence,
        },
        policy: PolicyShown::of(policy),
        notes: notes(texts, evidence, policy, &attacks, &rules),
        attacks,
        found,
        comparison,
        not_checked: rules
            .iter()
            .filter(|judged| judged.state == RuleState::NotChecked)
            .map(|judged| judged.rule.clone())
            .collect(),
        rules,
        requirements: policy.requirements.clone(),
        requirements_zh: policy.requirements_zh.clone(),
    }
}

fn summary(
    texts: Messages,
    verdict: Verdict,
    attacks: &[AttackVerdict],
    found: &[found::Judged],
    rules: &[JudgedRule],
    comparison: Option<&Comparison>,
) -> String {
    let of = |wanted: Verdict| {
        let names = attacks.iter().filter(|a| a.verdict == Some(wanted));
        let names = names.map(|a| words::attack(texts, a.attack).to_owned());
        let compared = comparison.filter(|comparison| comparison.verdict == wanted);
        let found = found.iter().filter(|found| found.verdict == wanted).map(|found| title_of(texts, &found.kind));
        let rules = rules.iter().filter(|rule| rule.verdict == Some(wanted));
        let rules = rules.map(|rule| texts.fill("check.title.rule", &[("id", &rule.rule.id)]));
        let names = names.chain(found).chain(rules);
        let names: Vec<String> =
            names.chain(compared.map(|_| texts.text("check.summary.comparison").to_owned())).collect();
        names.join(texts.text("list.separator"))
    };
    let (failed, open) = (of(Verdict::Fail), of(Verdict::Inconclusive));
    let values = [("failed", failed.as_str()), ("open", &open)];
    match verdict {
        Verdict::Pass => texts.fill("check.summary.pass", &[("names", &of(Verdict::Pass))]),
        Verdict::Fail if open.is_empty() => texts.fill("check.summary.fail", &values),
        Verdict::Fail => texts.fill("check.summary.fail_and_open", &values),
        Verdict::Inconclusive if open.is_empty() => texts.text("check.summary.nothing").to_owned(),
        Verdict::Inconclusive => texts.fill("check.summary.open", &values),
    }
}

/// The title of a finding that decides.
fn title_of(texts: Messages, kind: &str) -> String {
    match kind {
        "direct_identifier" => texts.text("check.title.direct_identifier").to_owned(),
        "restorable_column" => texts.text("check.title.restorable_column").to_owned(),
        other => other.replace('_', " "),
    }
}

fn notes(
    texts: Messages,
    evidence: &Evidence,
    policy: &Policy,
    attacks: &[AttackVerdict],
    rules: &[JudgedRule],
) -> Vec<Warning> {
    let mut notes = Vec::new();
    let note = |code: &str, key: &str| warning(code, texts.text(key));
    if attacks.iter().any(|attack| attack.limit.is_some()) {
        notes.push(note("limits_are_organization_set", "check.note.limits_are_organization_set"));
    }
    for change in &policy.overrides {
        let from = change.from.as_deref().unwrap_or(texts.text("check.note.override_none"));
        let values = [("key", change.key.as_str()), ("to", &change.to), ("from", from)];
        notes.push(warning("override", &texts.fill("check.note.override", &values)));
    }
    if evidence.settings.confidence < policy.confidence {
        notes.push(note("confidence_too_low", "check.note.confidence_too_low"));
    }
    if rules.iter().any(|rule| rule.state == RuleState::NotChecked) {
        notes.push(note("data_rules_not_checked", "check.note.data_rules_not_checked"));
    }
    // The evidence's own reservations (no control, a small one, shared rows) hold for the verdict as well.
    notes.extend(evidence.warnings.iter().map(|warning| words::remark(texts, warning)));
    notes.push(note("not_legal_advice", "check.note.not_legal_advice"));
    notes
}
