//! JUnit XML: one test case per attack and one for the comparison.
//!
//! The format has no third verdict. An inconclusive case is an `error` (a test that could not tell), which fails a
//! pipeline as the exit code does; where the policy maps inconclusive to pass it is `skipped`, to fail a `failure`.

use super::{Case, cases, policy};
use crate::check::policy::Inconclusive;
use crate::check::result::{CheckResult, Verdict};
use crate::check::words;
use crate::message::{Language, Messages};
use std::fmt::Write;

pub(super) fn render(result: &CheckResult) -> String {
    let texts = Messages::of(result.language);
    let cases: Vec<(Case<'_>, Option<&str>)> = cases(result)
        .into_iter()
        .map(|case| {
            let element = match (case.verdict, result.policy.inconclusive) {
                (Verdict::Pass, _) => None,
                (Verdict::Fail, _) | (Verdict::Inconclusive, Inconclusive::Fail) => Some("failure"),
                (Verdict::Inconclusive, Inconclusive::Inconclusive) => Some("error"),
                (Verdict::Inconclusive, Inconclusive::Pass) => Some("skipped"),
            };
            (case, element)
        })
        .collect();
    let count = |element: &str| cases.iter().filter(|(_, found)| *found == Some(element)).count();
    let counts = format!("tests=\"{}\" failures=\"{}\" errors=\"{}\"", cases.len(), count("failure"), count("error"));
    let name = escape(&texts.fill("check.table.title", &[("verdict", &policy(result))]));
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(text, "<testsuites name=\"reident\" {counts}>");
    let _ = writeln!(text, "  <testsuite name=\"{name}\" {counts} skipped=\"{}\">", count("skipped"));
    for (case, element) in &cases {
        let class = escape(&format!("reident.{}", result.policy.name));
        let _ = writeln!(text, "    <testcase classname=\"{class}\" name=\"{}\">", escape(&case.title));
        let lines = case.details.join("\n");
        if let Some(element) = element {
            // The type is read by machines, and has one language.
            let kind = words::verdict(Messages::of(Language::English), case.verdict);
            let message = escape(case.message);
            // `skipped` knows no type in the published schemas.
            let kind = if *element == "skipped" { String::new() } else { format!(" type=\"{kind}\"") };
            let _ = writeln!(text, "      <{element} message=\"{message}\"{kind}>{}</{element}>", escape(&lines));
        } else {
            let _ = writeln!(text, "      <system-out>{}</system-out>", escape(&format!("{}\n{lines}", case.message)));
        }
        text.push_str("    </testcase>\n");
    }
    let notes: Vec<&str> = result.notes.iter().map(|note| note.message.as_str()).collect();
    let _ = writeln!(text, "    <system-out>{}</system-out>", escape(&notes.join("\n")));
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}

/// Text for an element or an attribute; characters that XML 1.0 cannot hold become U+FFFD.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push('\n'),
            '\t' => escaped.push_str("&#9;"),
            '\r' => escaped.push_str("&#13;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            letter => escaped.push(letter),
        }
    }
    escaped
}
