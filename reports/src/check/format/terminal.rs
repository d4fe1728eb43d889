//! Plain text for a person: verdict first. No colour, so that it is the same in a log.

use super::{cases, policy};
use crate::check::result::{CheckResult, Verdict};
use crate::check::words;
use std::fmt::Write;

/// Columns of the running text.
const WIDTH: usize = 100;

pub(super) fn render(result: &CheckResult) -> String {
    let mut text = String::new();
    line(&mut text, 0, &result.summary);
    line(&mut text, 0, &format!("Policy {}: {}.", policy(result), result.policy.title));
    for case in cases(result) {
        let verdict = words::verdict(case.verdict).to_uppercase();
        let _ = writeln!(text, "\n{verdict:<13} {}", case.title);
        line(&mut text, 2, case.message);
        case.details.iter().for_each(|detail| line(&mut text, 2, detail));
    }
    for attack in result.attacks.iter().filter(|attack| attack.verdict.is_none()) {
        let _ = writeln!(text, "\n{:<13} {}", "NOT JUDGED", words::attack(attack.attack));
        line(&mut text, 2, &attack.message);
    }
    if let Some(comparison) = &result.comparison {
        for change in comparison.changes.iter().filter(|change| change.regression) {
            let what = format!(
                "- {}, {}: {} to {}, rise {} {}, {}",
                words::attack(change.attack),
                change.who,
                words::percent(change.old_risk),
                words::percent(change.new_risk),
                words::percent(change.rise),
                words::interval(change.interval),
                words::p(change.p)
            );
            line(&mut text, 2, &what);
        }
    }
    if !result.not_checked.is_empty() || !result.requirements.is_empty() {
        let _ = writeln!(text, "\nNot checked");
        for judged in result.rules.iter().filter(|judged| judged.verdict.is_none()) {
            let rule = &judged.rule;
            line(&mut text, 2, &format!("- {} ({}: {})", judged.message, rule.source_status.words(), rule.source));
        }
        result.requirements.iter().for_each(|requirement| line(&mut text, 2, &format!("- {requirement}")));
    }
    let _ = writeln!(text, "\nNotes");
    result.notes.iter().for_each(|note| line(&mut text, 2, &format!("- {}", note.message)));
    if result.verdict == Verdict::Inconclusive {
        let _ = writeln!(text, "\nExit code {} for inconclusive.", result.exit_code);
    }
    text
}

/// A paragraph, broken between words.
fn line(text: &mut String, indent: usize, paragraph: &str) {
    let mut column = 0;
    for word in paragraph.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > WIDTH {
            text.push('\n');
            column = 0;
        }
        if column == 0 {
            text.push_str(&" ".repeat(indent));
            column = indent;
        } else {
            text.push(' ');
            column += 1;
        }
        // Control characters of a column's name could drive the terminal.
        text.extend(word.chars().filter(|letter| !letter.is_control()));
        column += length;
    }
    text.push('\n');
}
