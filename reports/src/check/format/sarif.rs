//! SARIF 2.1.0 (OASIS standard of 27 March 2020): one rule per attack and one for the comparison.
//!
//! `kind` says what `level` cannot: `fail`, `pass`, and `open` for inconclusive, which the standard gives to a rule that
//! was evaluated without enough information to decide (3.27.9). A level other than `none` may only stand with
//! `fail` (3.27.10).

use super::{NOTHING_JUDGED, cases, policy};
use crate::check::result::{CheckResult, Verdict};
use crate::check::words;
use serde_json::{Value, json};

pub(super) fn render(result: &CheckResult, evidence: &str) -> String {
    let cases = cases(result);
    let rules: Vec<Value> = cases
        .iter()
        .map(|case| {
            json!({
                "id": rule(&case.id),
                "name": case.title,
                "shortDescription": { "text": short(&case.id) },
                "fullDescription": { "text": full(&case.id) },
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
                "verdict": words::verdict(result.verdict),
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

fn short(id: &str) -> &'static str {
    match id {
        "singling-out" => "The release lets somebody isolate a person.",
        "linkability" => "The release joins two files about the same persons.",
        "inference" => "The release reveals a secret about a person.",
        "membership" => "The release tells who was used to make it.",
        NOTHING_JUDGED => "The policy judges nothing here.",
        id if id.starts_with("rule-") => "The release does not keep to a rule about its classes or identifiers.",
        "direct-identifier" => "The release holds direct identifiers.",
        "restorable-column" => "A column of the release can be restored.",
        _ => "The risk rose since the earlier run.",
    }
}

fn full(id: &str) -> &'static str {
    match id {
        NOTHING_JUDGED => "The policy sets no limit, and no earlier run was given, so that nothing was decided.",
        id if id.starts_with("rule-") => {
            "Fails when the figure that the rule names is not within the rule's value; open when there is no figure that decides."
        }
        "direct-identifier" => "Fails whatever the attacks find, in every policy that limits an attack.",
        "restorable-column" => {
            "Fails whatever the attacks find, in every policy that is about anonymity or de-identification."
        }
        "regression" => {
            "Fails when a risk is significantly larger than in the earlier run, by more than the policy's margin."
        }
        _ => {
            "Fails when the simultaneous interval of the worst attacker's residual risk is not below the policy's limit. No \
             authority sets a limit for attack scores: it is the organization's own."
        }
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
