//! Markdown for job summaries.

use super::{cases, policy};
use crate::check::result::{CheckResult, Verdict};
use crate::check::words;
use crate::escape::escape;
use std::fmt::Write;

pub(super) fn render(result: &CheckResult) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "## {} reident check: {}\n", sign(result.verdict), words::verdict(result.verdict));
    let _ = writeln!(text, "{}\n", escape(&result.summary));
    let _ = writeln!(text, "Policy **{}**: {}\n", escape(&policy(result)), escape(&result.policy.title));
    let _ = writeln!(text, "| verdict | attack | risk | interval | limit |\n|---|---|---:|---:|---:|");
    for attack in &result.attacks {
        let verdict = match attack.verdict {
            Some(verdict) => format!("{} {}", sign(verdict), words::verdict(verdict)),
            None => "not judged".to_owned(),
        };
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
        let _ = writeln!(
            text,
            "| {verdict} | {} | {} | {} | {} |",
            words::attack(attack.attack),
            or_dash(attack.risk.map(words::percent)),
            or_dash(attack.interval.map(words::interval).map(|interval| escape(&interval))),
            or_dash(attack.limit.as_ref().map(|limit| words::percent(limit.max_risk))),
        );
    }
    text.push('\n');
    for case in cases(result) {
        let title = format!("{} {}: {}", sign(case.verdict), escape(&case.title), words::verdict(case.verdict));
        let _ = writeln!(text, "**{title}.** {} {}\n", escape(case.message), escape(&case.details.join(" ")));
    }
    if let Some(comparison) = result.comparison.as_ref().filter(|comparison| !comparison.changes.is_empty()) {
        let _ =
            writeln!(text, "| regression | attack | who | before | now | rise | p |\n|---|---|---|---:|---:|---|---|");
        let mut changes: Vec<_> = comparison.changes.iter().collect();
        changes.sort_by(|a, b| b.rise.total_cmp(&a.rise));
        for change in changes {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} | {} {} | {} |",
                if change.regression { "yes" } else { "no" },
                words::attack(change.attack),
                escape(&change.who),
                words::percent(change.old_risk),
                words::percent(change.new_risk),
                words::percent(change.rise),
                escape(&words::interval(change.interval)),
                escape(&words::p(change.p)),
            );
        }
        text.push('\n');
    }
    if !result.not_checked.is_empty() || !result.requirements.is_empty() {
        let _ = writeln!(text, "<details><summary>Not checked</summary>\n");
        for judged in result.rules.iter().filter(|judged| judged.verdict.is_none()) {
            let source = format!("{}: {}", judged.rule.source_status.words(), judged.rule.source);
            let _ = writeln!(text, "- {} ({})", escape(&judged.message), escape(&source));
        }
        result.requirements.iter().for_each(|requirement| {
            let _ = writeln!(text, "- {}", escape(requirement));
        });
        let _ = writeln!(text, "\n</details>\n");
    }
    result.notes.iter().for_each(|note| {
        let _ = writeln!(text, "- {}", escape(&note.message));
    });
    text
}

/// A sign beside the word, never instead of it.
fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✅",
        Verdict::Fail => "❌",
        Verdict::Inconclusive => "⚠️",
    }
}
