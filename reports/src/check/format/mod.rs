//! A check's result as text for persons and machines: one file per format.

mod github;
mod json;
mod junit;
mod markdown;
mod sarif;
mod terminal;

use super::result::{AttackVerdict, CheckResult, Verdict};
use super::words;

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
    let mut cases: Vec<Case<'_>> = result
        .attacks
        .iter()
        .filter_map(|attack| {
            Some(Case {
                id: attack.attack.argument().to_owned(),
                title: words::attack(attack.attack).to_owned(),
                verdict: attack.verdict?,
                message: &attack.message,
                details: details(attack),
            })
        })
        .collect();
    cases.extend(result.found.iter().map(|found| Case {
        id: found.kind.replace('_', "-"),
        title: found.kind.replace('_', " "),
        verdict: found.verdict,
        message: &found.message,
        details: vec![found.advice.clone()],
    }));
    cases.extend(result.rules.iter().filter_map(|judged| {
        Some(Case {
            id: format!("rule-{}", judged.rule.id),
            title: format!("rule {}", judged.rule.id),
            // What was not checked is no case: it stands among what the verdict does not cover.
            verdict: judged.verdict?,
            message: &judged.message,
            details: vec![format!(
                "Measured by `{}`; {}: {}.",
                judged.measure,
                judged.rule.source_status.words(),
                judged.rule.source.trim_end_matches('.')
            )],
        })
    }));
    if let Some(comparison) = &result.comparison {
        cases.push(Case {
            id: "regression".to_owned(),
            title: "comparison with the earlier run".to_owned(),
            verdict: comparison.verdict,
            message: &comparison.message,
            details: {
                let earlier =
                    comparison.earlier.as_ref().map(|earlier| format!("The earlier run: {}", earlier.summary));
                let said = comparison.differences.iter().chain(&comparison.notes);
                earlier.into_iter().chain(said.map(|note| note.message.clone())).collect()
            },
        });
    }
    if cases.iter().all(|case| case.verdict < result.verdict) {
        // Without a case of it, or beside rules that are met, a reader of test reports would take "nothing judged" for a pass.
        cases.push(Case {
            id: NOTHING_JUDGED.to_owned(),
            title: "nothing judged".to_owned(),
            verdict: result.verdict,
            message: &result.summary,
            details: Vec::new(),
        });
    }
    cases
}

fn details(attack: &AttackVerdict) -> Vec<String> {
    let mut details = Vec::new();
    if let Some(worst) = &attack.worst {
        details.push(match attack.attackers_tried {
            1 => format!("The one attacker tried: {worst}."),
            tried => format!("Worst of {tried} attackers: {worst}."),
        });
    }
    if let Some(limit) = &attack.limit {
        details.push(format!(
            "Limit {}, {}: {}.",
            words::percent(limit.max_risk),
            limit.source_status.words(),
            limit.source.trim_end_matches('.')
        ));
    }
    // The first doubt is the message, where it decides.
    let decides = attack.doubts.first().is_some_and(|doubt| doubt.reason == attack.reason);
    let more = attack.doubts.iter().skip(usize::from(decides));
    details.extend(more.map(|doubt| format!("{} {}", doubt.message, doubt.advice)));
    details.extend(attack.notes.iter().map(|note| note.message.clone()));
    details
}

/// The policy in one phrase.
fn policy(result: &CheckResult) -> String {
    let overridden = match result.policy.overrides.len() {
        0 => String::new(),
        1 => ", 1 value overridden".to_owned(),
        more => format!(", {more} values overridden"),
    };
    let digest = result.policy.digest.get(..12).unwrap_or_default();
    format!("{} version {}, SHA-256 {digest}{overridden}", result.policy.name, result.policy.version)
}

#[cfg(test)]
mod test;
