//! Annotations of GitHub Actions: one line per failure (`error`), inconclusive case (`warning`) and pass (`notice`).

use super::cases;
use crate::check::policy::Inconclusive;
use crate::check::result::{CheckResult, Verdict};
use crate::check::words;
use crate::message::Messages;
use std::fmt::Write;

pub(super) fn render(result: &CheckResult, evidence: &str) -> String {
    let texts = Messages::of(result.language);
    let mut text = String::new();
    for case in cases(result) {
        let command = match (case.verdict, result.policy.inconclusive) {
            (Verdict::Pass, _) => "notice",
            (Verdict::Inconclusive, Inconclusive::Pass | Inconclusive::Inconclusive) => "warning",
            (Verdict::Fail, _) | (Verdict::Inconclusive, Inconclusive::Fail) => "error",
        };
        let title = format!("reident {}: {}", case.title, words::verdict(texts, case.verdict));
        let lines: Vec<&str> = std::iter::once(case.message).chain(case.details.iter().map(String::as_str)).collect();
        let (file, title, message) = (property(evidence), property(&title), data(&lines.join("\n")));
        let _ = writeln!(text, "::{command} file={file},title={title}::{message}");
    }
    text
}

/// Text after the `::`: a line break would end the command, and what followed would be read as another one.
/// Other control characters could drive the terminal that shows the log.
pub(super) fn data(text: &str) -> String {
    let shown = |letter: char| if letter.is_control() && !"\r\n".contains(letter) { '\u{fffd}' } else { letter };
    let text: String = text.chars().map(shown).collect();
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's value, which `:` and `,` would end.
pub(super) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
