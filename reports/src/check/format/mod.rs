//! A check's result as text for persons and machines: one file per format.

mod github;
mod json;
mod junit;
mod markdown;
mod sarif;
mod terminal;

use super::compare::Earlier;
use super::result::{AttackVerdict, CheckResult, Verdict};
use super::verdict::said;
use super::{title_of, words};
use crate::message::{Language, Messages};
use crate::percent::round_percent;

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Plain text.
    Terminal,
    /// `reident/check/v1`.
    Json,
    /// JUnit XML, as Jenkins and GitLab read it.
    Junit,
    /// SARIF 2.1.0.
    Sarif,
    /// Markdown for job summaries.
    Markdown,
    /// Annotations of GitHub Actions.
    Github,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 6] =
        [Format::Terminal, Format::Json, Format::Junit, Format::Sarif, Format::Markdown, Format::Github];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Terminal => "terminal",
            Format::Json => "json",
            Format::Junit => "junit",
            Format::Sarif => "sarif",
            Format::Markdown => "markdown",
            Format::Github => "github",
        }
    }

    /// The format of that [name](Format::name).
    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The result in this format, with a line break at the end. `evidence` is the path of the evidence, which some
    /// formats point at; relative to the repository's root where they are to be shown beside the file.
    pub fn render(self, result: &CheckResult, evidence: &str) -> String {
        match self {
            Format::Terminal => terminal::render(result),
            Format::Json => json::render(result),
            Format::Junit => junit::render(result),
            Format::Sarif => sarif::render(result, evidence),
            Format::Markdown => markdown::render(result),
            Format::Github => github::render(result, evidence),
        }
    }
}

/// Something that was judged: an attack, a finding, a rule about the data, or the comparison with an earlier run.
struct Case<'a> {
    /// Name for machines.
    id: String,
    /// Name for persons.
    title: String,
    verdict: Verdict,
    message: &'a str,
    /// Sentences below the message.
    details: Vec<String>,
}

/// The case that stands for all when the policy judges nothing.
const NOTHING_JUDGED: &str = "nothing-judged";

/// All that was judged, attacks first; never empty.
fn cases(result: &CheckResult) -> Vec<Case<'_>> {
    let texts = Messages::of(result.language);
    let mut cases: Vec<Case<'_>> = result
        .attacks
        .iter()
        .filter_map(|attack| {
            Some(Case {
                id: attack.attack.argument().to_owned(),
                title: words::attack(texts, attack.attack).to_owned(),
                verdict: attack.verdict?,
                message: &attack.message,
                details: details(texts, attack),
            })
        })
        .collect();
    cases.extend(result.found.iter().map(|found| Case {
        id: found.kind.replace('_', "-"),
        title: title_of(texts, &found.kind),
        verdict: found.verdict,
        message: &found.message,
        details: vec![found.advice.clone()],
    }));
    cases.extend(result.rules.iter().filter_map(|judged| {
        let rule = &judged.rule;
        let source = words::source(texts, &rule.source, &rule.source_zh, rule.source_status);
        let status = words::source_status(texts, rule.source_status);
        let values = [("measure", judged.measure.as_str()), ("status", status), ("source", source)];
        Some(Case {
            id: format!("rule-{}", rule.id),
            title: texts.fill("check.title.rule", &[("id", &rule.id)]),
            // What was not checked is no case: it stands among what the verdict does not cover.
            verdict: judged.verdict?,
            message: &judged.message,
            details: vec![texts.fill("check.detail.rule", &values)],
        })
    }));
    if let Some(comparison) = &result.comparison {
        cases.push(Case {
            id: "regression".to_owned(),
            title: texts.text("check.title.comparison").to_owned(),
            verdict: comparison.verdict,
            message: &comparison.message,
            details: {
                let said = |earlier: &Earlier| texts.fill("check.comparison.earlier", &[("summary", &earlier.summary)]);
                let earlier = comparison.earlier.as_ref().map(said);
                let said = comparison.differences.iter().chain(&comparison.notes);
                earlier.into_iter().chain(said.map(|note| note.message.clone())).collect()
            },
        });
    }
    if cases.iter().all(|case| case.verdict < result.verdict) {
        // Without a case of it, or beside rules that are met, a reader of test reports would take "nothing judged" for a pass.
        cases.push(Case {
            id: NOTHING_JUDGED.to_owned(),
            title: texts.text("check.title.nothing").to_owned(),
            verdict: result.verdict,
            message: &result.summary,
            details: Vec::new(),
        });
    }
    cases
}

fn details(texts: Messages, attack: &AttackVerdict) -> Vec<String> {
    let mut details = Vec::new();
    if let Some(worst) = &attack.worst {
        let tried = attack.attackers_tried.to_string();
        let key = if attack.attackers_tried == 1 { "check.detail.the_one" } else { "check.detail.worst" };
        details.push(texts.fill(key, &[("worst", worst), ("tried", &tried)]));
    }
    if let Some(limit) = &attack.limit {
        let source = words::source(texts, &limit.source, &limit.source_zh, limit.source_status);
        let shown = round_percent(limit.max_risk);
        let status = words::source_status(texts, limit.source_status);
        let values = [("limit", shown.as_str()), ("status", status), ("source", source)];
        details.push(texts.fill("check.detail.limit", &values));
    }
    // The first doubt is the message, where it decides.
    let decides = attack.doubts.first().is_some_and(|doubt| doubt.reason == attack.reason);
    let more = attack.doubts.iter().skip(usize::from(decides));
    details.extend(more.map(|doubt| said(texts, doubt)));
    details.extend(attack.notes.iter().map(|note| note.message.clone()));
    details
}

/// The policy in one phrase.
fn policy(result: &CheckResult) -> String {
    let texts = Messages::of(result.language);
    let policy = &result.policy;
    let (version, digest) = (policy.version.to_string(), policy.digest.get(..12).unwrap_or_default());
    let values = [("name", policy.name.as_str()), ("version", &version), ("digest", digest)];
    let shown = texts.fill("check.detail.policy", &values);
    match policy.overrides.len() {
        0 => shown,
        count => texts.fill("check.detail.policy_overridden", &[("policy", &shown), ("count", &count.to_string())]),
    }
}

/// The policy's title.
fn title(result: &CheckResult) -> &str {
    words::either(Messages::of(result.language), &result.policy.title, &result.policy.title_zh)
}

/// What the verdict does not cover, a line each: rules that were not checked, and requirements that nothing checks.
fn unchecked(result: &CheckResult) -> Vec<String> {
    let texts = Messages::of(result.language);
    let rules = result.rules.iter().filter(|judged| judged.verdict.is_none()).map(|judged| {
        let rule = &judged.rule;
        let status = words::source_status(texts, rule.source_status);
        let source = words::source(texts, &rule.source, &rule.source_zh, rule.source_status);
        let values = [("rule", judged.message.as_str()), ("status", status), ("source", source)];
        texts.fill("check.text.unchecked_rule", &values)
    });
    let chinese = result.language == Language::Chinese && !result.requirements_zh.is_empty();
    let requirements = if chinese { &result.requirements_zh } else { &result.requirements };
    rules.chain(requirements.iter().cloned()).collect()
}

#[cfg(test)]
mod test;
