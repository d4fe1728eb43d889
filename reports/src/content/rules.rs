//! The policy's rules and requirements beside the limits of the attacks: each met, not met or not checked.

use super::options::{RuleOutcome, RuleVerdict};
use super::{Source, Table};
use crate::message::Language;

/// All of them; none without a policy, or where it has no others.
pub fn table(source: &Source<'_>) -> Option<Table> {
    let check = source.options.check.as_ref().filter(|check| !check.rules.is_empty())?;
    let texts = &source.texts;
    Some(Table {
        caption: texts.text("rules.caption").to_owned(),
        heads: ["head.rule", "head.outcome", "head.source"].map(|key| source.head(key)).into(),
        rows: check.rules.iter().map(|rule| row(source, rule)).collect(),
    })
}

fn row(source: &Source<'_>, rule: &RuleVerdict) -> Vec<String> {
    let texts = &source.texts;
    let own = |english: &str, chinese: &str| match texts.language() {
        Language::Chinese if !chinese.is_empty() => chinese.to_owned(),
        _ => english.to_owned(),
    };
    let outcome = match rule.outcome {
        RuleOutcome::Met => "rules.met",
        RuleOutcome::NotMet => "rules.not_met",
        RuleOutcome::NotChecked => "rules.not_checked",
    };
    let from = rule.source.as_ref().map(|([english, chinese], status)| {
        let shown = crate::check::words::source(*texts, english, chinese, *status);
        texts.fill("list.remark", &[("name", shown), ("remark", source.source_status(*status))])
    });
    let none = || texts.text("number.none").to_owned();
    vec![own(&rule.text, &rule.text_zh), texts.text(outcome).to_owned(), from.unwrap_or_else(none)]
}
