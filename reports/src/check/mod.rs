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
use result::{PolicyShown, SCHEMA, Subject};
use std::collections::BTreeMap;

/// Checks evidence against a policy alone.
pub fn check(evidence: &Evidence, policy: &Policy) -> CheckResult {
    finish(evidence, policy, None)
}

/// Checks evidence against a policy and an earlier run, whose outcomes by target may be known (see [`compare()`]).
pub fn check_with_baseline(
    evidence: &Evidence,
    policy: &Policy,
    earlier: &Evidence,
    outcomes: &BTreeMap<usize, PairedRun<'_>>,
) -> CheckResult {
    let mut comparison = compare(evidence, earlier, policy.regression.margin, policy.confidence, outcomes);
    comparison.earlier = (!policy.limits.is_empty()).then(|| {
        let CheckResult { verdict, summary, .. } = finish(earlier, policy, None);
        Earlier { verdict, summary }
    });
    finish(evidence, policy, Some(comparison))
}

/// The JSON Schema of a check's result.
pub fn schema() -> String {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(CheckResult)).expect("a schema is plain JSON");
    text.push('\n');
    text
}

fn finish(evidence: &Evidence, policy: &Policy, comparison: Option<Comparison>) -> CheckResult {
    let attacks: Vec<AttackVerdict> =
        AttackKind::ALL.iter().filter_map(|attack| verdict::judge(evidence, policy, *attack)).collect();
    let found = found::judge(evidence, policy);
    let rules = rules::judge(evidence, policy);
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
        verdict,
        summary: summary(verdict, &attacks, &found, &rules, comparison.as_ref()),
        exit_code: exit::code(verdict, policy.inconclusive),
        subject: Subject {
            tool: evidence.tool.clone(),
            release_sha256: evidence.inputs.anonymized.sha256.clone(),
            release_rows: evidence.inputs.anonymized.rows,
            seed: evidence.settings.seed,
            confidence: evidence.settings.confidence,
        },
        policy: PolicyShown::of(policy),
        notes: notes(evidence, policy, &attacks, &rules),
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
    verdict: Verdict,
    attacks: &[AttackVerdict],
    found: &[found::Judged],
    rules: &[JudgedRule],
    comparison: Option<&Comparison>,
) -> String {
    let of = |wanted: Verdict| {
        let names = attacks.iter().filter(|a| a.verdict == Some(wanted)).map(|a| words::attack(a.attack).to_owned());
        let compared = comparison.filter(|comparison| comparison.verdict == wanted);
        let found = found.iter().filter(|found| found.verdict == wanted).map(|found| found.kind.replace('_', " "));
        let rules =
            rules.iter().filter(|rule| rule.verdict == Some(wanted)).map(|rule| format!("rule {}", rule.rule.id));
        let names = names.chain(found).chain(rules);
        let names: Vec<String> =
            names.chain(compared.map(|_| "the comparison with the earlier run".to_owned())).collect();
        names.join(", ")
    };
    let (failed, open) = (of(Verdict::Fail), of(Verdict::Inconclusive));
    match verdict {
        Verdict::Pass => format!("Pass: {}.", of(Verdict::Pass)),
        Verdict::Fail if open.is_empty() => format!("Fail: {failed}."),
        Verdict::Fail => format!("Fail: {failed}. Inconclusive: {open}."),
        Verdict::Inconclusive if open.is_empty() => {
            "Inconclusive: the policy sets no limit, and no earlier run was given.".to_owned()
        }
        Verdict::Inconclusive => format!("Inconclusive: {open}."),
    }
}

fn notes(evidence: &Evidence, policy: &Policy, attacks: &[AttackVerdict], rules: &[JudgedRule]) -> Vec<Warning> {
    let mut notes = Vec::new();
    if attacks.iter().any(|attack| attack.limit.is_some()) {
        notes.push(warning(
            "limits_are_organization_set",
            "No authority sets a limit for attack scores: the limits here are the organization's own, borrowed by analogy \
             as their sources say.",
        ));
    }
    for change in &policy.overrides {
        let from = change.from.as_ref().map_or("not set".to_owned(), |from| from.clone());
        let text = format!("`{}` is {} and not the policy's own value ({from}).", change.key, change.to);
        notes.push(warning("override", &text));
    }
    if evidence.settings.confidence < policy.confidence {
        notes.push(warning("confidence_too_low", "The evidence has less confidence than the policy asks for."));
    }
    if rules.iter().any(|rule| rule.state == RuleState::NotChecked) {
        notes.push(warning(
            "data_rules_not_checked",
            "Rules about class sizes and the like could not all be checked: the verdict does not cover those that were not.",
        ));
    }
    // The evidence's own reservations (no control, a small one, shared rows) hold for the verdict as well.
    notes.extend(evidence.warnings.iter().cloned());
    notes.push(warning("not_legal_advice", "A verdict is about measured attacks under the stated settings. It is not legal advice, and it does not say that the release is anonymous."));
    notes
}
