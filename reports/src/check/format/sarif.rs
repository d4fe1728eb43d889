//! SARIF 2.1.0 (OASIS standard of 27 March 2020): one rule per attack and one for the comparison.
//!
//! `kind` says what `level` cannot: `fail`, `pass`, and `open` for inconclusive, which the standard gives to a rule that
//! was evaluated without enough information to decide (3.27.9). A level other than `none` may only stand with
//! `fail` (3.27.10).

use super::{NOTHING_JUDGED, cases, policy};
use crate::check::result::{CheckResult, Verdict};
use crate::check::words;
use crate::message::{Language, Messages};
use serde_json::{Value, json};

pub(super) fn render(result: &CheckResult, evidence: &str) -> String {
    let texts = Messages::of(result.language);
    let cases = cases(result);
    let rules: Vec<Value> = cases
        .iter()
        .map(|case| {
            json!({
                "id": rule(&case.id),
                "name": case.title,
                "shortDescription": { "text": texts.text(short(&case.id)) },
                "fullDescription": { "text": texts.text(full(&case.id)) },
                "defaultConfiguration": { "level": "error" },
                "properties": { "tags": ["privacy", "re-identification"] }
            })
        })
        .collect();
    let results: Vec<Value> = cases
        .iter()
        .enumerate()
        .map(|(at, case)| {
            let (kind, level) = match case.verdict {
                Verdict::Pass => ("pass", "none"),
                Verdict::Inconclusive => ("open", "none"),
                Verdict::Fail => ("fail", "error"),
            };
            let lines: Vec<&str> =
                std::iter::once(case.message).chain(case.details.iter().map(String::as_str)).collect();
            json!({
                "ruleId": rule(&case.id),
                "ruleIndex": at,
                "kind": kind,
                "level": level,
                "message": { "text": lines.join("\n") },
                "locations": [{
                    "physicalLocation": {
                        "artifactLocation": { "uri": uri(evidence) },
                        "region": { "startLine": 1 }
                    }
                }],
                // The same finding of the same policy is the same alert in the next run, whatever its figures.
                "partialFingerprints": { "reidentCheck/v1": format!("{}:{}", result.policy.name, case.id) }
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "reident",
                    "semanticVersion": result.subject.tool.version,
                    "rules": rules
                }
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": {
                "policy": policy(result),
                "verdict": words::verdict(Messages::of(Language::English), result.verdict),
                "summary": result.summary,
                "notes": result.notes.iter().map(|note| note.message.as_str()).collect::<Vec<_>>()
            }
        }]
    });
    let mut text = serde_json::to_string_pretty(&log).expect("the log is plain JSON");
    text.push('\n');
    text
}

fn rule(id: &str) -> String {
    format!("reident/{id}")
}

/// The key of a rule in a sentence.
fn short(id: &str) -> &'static str {
    match id {
        "record-linkage" => "check.sarif.short.record_linkage",
        "singling-out" => "check.sarif.short.singling_out",
        "linkability" => "check.sarif.short.linkability",
        "inference" => "check.sarif.short.inference",
        "membership" => "check.sarif.short.membership",
        NOTHING_JUDGED => "check.sarif.short.nothing_judged",
        id if id.starts_with("rule-") => "check.sarif.short.rule",
        "direct-identifier" => "check.sarif.short.direct_identifier",
        "restorable-column" => "check.sarif.short.restorable_column",
        _ => "check.sarif.short.regression",
    }
}

/// The key of when a rule fails.
fn full(id: &str) -> &'static str {
    match id {
        NOTHING_JUDGED => "check.sarif.full.nothing_judged",
        id if id.starts_with("rule-") => "check.sarif.full.rule",
        "direct-identifier" => "check.sarif.full.direct_identifier",
        "restorable-column" => "check.sarif.full.restorable_column",
        "regression" => "check.sarif.full.regression",
        _ => "check.sarif.full.attack",
    }
}

/// A path as a URI reference (RFC 3986): separators as slashes, everything that is not unreserved as percent codes.
pub(super) fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
