//! Markdown for job summaries.

use super::{cases, policy, title, unchecked};
use crate::check::result::{CheckResult, Verdict};
use crate::check::{Comparison, words};
use crate::escape::escape;
use crate::message::Messages;
use crate::percent::{interval, percent, round_percent};
use std::fmt::Write;

pub(super) fn render(result: &CheckResult) -> String {
    let texts = Messages::of(result.language);
    let mut text = String::new();
    let heading = texts.fill("check.table.title", &[("verdict", words::verdict(texts, result.verdict))]);
    let _ = writeln!(text, "## {} {heading}\n", sign(result.verdict));
    let _ = writeln!(text, "{}\n", escape(&result.summary));
    let values = [("name", escape(&policy(result))), ("title", escape(title(result)))];
    let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let _ = writeln!(text, "{}\n", texts.fill("check.table.policy", &values));
    attacks(&mut text, texts, result);
    for case in cases(result) {
        let verdict = words::verdict(texts, case.verdict);
        let title = format!("{} {}", sign(case.verdict), escape(&case.title));
        let title = texts.fill("check.table.case", &[("title", &title), ("verdict", verdict)]);
        let (message, details) = (escape(case.message), escape(&case.details.join(" ")));
        let _ = writeln!(text, "{title} {message} {details}\n");
    }
    if let Some(comparison) = result.comparison.as_ref().filter(|comparison| !comparison.changes.is_empty()) {
        changes(&mut text, texts, comparison);
    }
    let unchecked = unchecked(result);
    if !unchecked.is_empty() {
        let _ = writeln!(text, "<details><summary>{}</summary>\n", texts.text("check.text.unchecked"));
        for what in unchecked {
            let _ = writeln!(text, "- {}", escape(&what));
        }
        let _ = writeln!(text, "\n</details>\n");
    }
    result.notes.iter().for_each(|note| {
        let _ = writeln!(text, "- {}", escape(&note.message));
    });
    text
}

/// A row of column heads, by their keys.
fn heads(text: &mut String, texts: Messages, keys: &[&'static str], rule: &str) {
    let heads: Vec<&str> = keys.iter().map(|key| texts.text(key)).collect();
    let _ = writeln!(text, "| {} |\n{rule}", heads.join(" | "));
}

fn attacks(text: &mut String, texts: Messages, result: &CheckResult) {
    let keys =
        ["check.table.verdict", "check.table.attack", "check.table.risk", "check.table.interval", "check.table.limit"];
    heads(text, texts, &keys, "|---|---|---:|---:|---:|");
    for attack in &result.attacks {
        let verdict = match attack.verdict {
            Some(verdict) => format!("{} {}", sign(verdict), words::verdict(texts, verdict)),
            None => texts.text("check.verdict.not_judged").to_owned(),
        };
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
        let _ = writeln!(
            text,
            "| {verdict} | {} | {} | {} | {} |",
            words::attack(texts, attack.attack),
            or_dash(attack.risk.map(percent)),
            or_dash(attack.interval.map(|ends| escape(&interval(ends)))),
            or_dash(attack.limit.as_ref().map(|limit| round_percent(limit.max_risk))),
        );
    }
    text.push('\n');
}

fn changes(text: &mut String, texts: Messages, comparison: &Comparison) {
    let keys = [
        "check.table.regression",
        "check.table.attack",
        "check.table.who",
        "check.table.before",
        "check.table.now",
        "check.table.rise",
        "check.table.p",
    ];
    heads(text, texts, &keys, "|---|---|---|---:|---:|---|---|");
    let mut changes: Vec<_> = comparison.changes.iter().collect();
    changes.sort_by(|a, b| b.rise.total_cmp(&a.rise));
    for change in changes {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} {} | {} |",
            texts.text(if change.regression { "check.table.yes" } else { "check.table.no" }),
            words::attack(texts, change.attack),
            escape(&change.who),
            percent(change.old_risk),
            percent(change.new_risk),
            percent(change.rise),
            escape(&interval(change.interval)),
            escape(&words::p(change.p)),
        );
    }
    text.push('\n');
}

/// A sign beside the word, never instead of it.
fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✅",
        Verdict::Fail => "❌",
        Verdict::Inconclusive => "⚠️",
    }
}
