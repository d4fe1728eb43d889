//! Plain text for a person: verdict first. No colour, so that it is the same in a log.

use super::{cases, policy, title, unchecked};
use crate::check::result::{CheckResult, Verdict};
use crate::check::words;
use crate::message::Messages;
use crate::percent::{interval, percent};
use std::fmt::Write;

/// Columns of the running text.
const WIDTH: usize = 100;

pub(super) fn render(result: &CheckResult) -> String {
    let texts = Messages::of(result.language);
    let mut text = String::new();
    line(&mut text, 0, &result.summary);
    line(&mut text, 0, &texts.fill("check.text.policy", &[("policy", &policy(result)), ("title", title(result))]));
    for case in cases(result) {
        head(&mut text, words::verdict(texts, case.verdict), &case.title);
        line(&mut text, 2, case.message);
        case.details.iter().for_each(|detail| line(&mut text, 2, detail));
    }
    for attack in result.attacks.iter().filter(|attack| attack.verdict.is_none()) {
        head(&mut text, texts.text("check.verdict.not_judged"), words::attack(texts, attack.attack));
        line(&mut text, 2, &attack.message);
    }
    if let Some(comparison) = &result.comparison {
        for change in comparison.changes.iter().filter(|change| change.regression) {
            let [old, new, rise] = [change.old_risk, change.new_risk, change.rise].map(percent);
            let values = [
                ("attack", words::attack(texts, change.attack)),
                ("who", &change.who),
                ("old", &old),
                ("new", &new),
                ("rise", &rise),
                ("interval", &interval(change.interval)),
                ("p", &words::p(change.p)),
            ];
            line(&mut text, 2, &texts.fill("check.comparison.change", &values));
        }
    }
    let unchecked = unchecked(result);
    if !unchecked.is_empty() {
        let _ = writeln!(text, "\n{}", texts.text("check.text.unchecked"));
        unchecked.iter().for_each(|what| line(&mut text, 2, &format!("- {what}")));
    }
    let _ = writeln!(text, "\n{}", texts.text("check.text.notes"));
    result.notes.iter().for_each(|note| line(&mut text, 2, &format!("- {}", note.message)));
    if result.verdict == Verdict::Inconclusive {
        let code = result.exit_code.to_string();
        let _ = writeln!(text, "\n{}", texts.fill("check.text.exit", &[("code", &code)]));
    }
    text
}

/// A verdict and what it is about.
fn head(text: &mut String, verdict: &str, title: &str) {
    let verdict = verdict.to_uppercase();
    // A Chinese character takes two columns.
    let width: usize = verdict.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum();
    let _ = writeln!(text, "\n{verdict}{} {title}", " ".repeat(13usize.saturating_sub(width)));
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
