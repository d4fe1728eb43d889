//! What was found in the release without an attacker and decides by itself.
//!
//! A release that still holds direct identifiers names its persons to whoever reads it: it fails every policy that limits
//! an attack, whatever the attacks found (GB/T 42460-2023 annex A; METHOD section 0). A column that can be restored fails
//! every policy that is about anonymity or de-identification (PIPL article 73: no restoring, no identifying without more).

use super::policy::{Claim, Policy};
use super::result::Verdict;
use crate::evidence::{Evidence, Finding};
use crate::message::Messages;
use crate::words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A finding that was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// The finding's kind.
    pub kind: String,
    /// Columns it was made in.
    pub columns: Vec<String>,
    /// What it means for the policy.
    pub verdict: Verdict,
    /// What was found, in a sentence.
    pub message: String,
    /// What to do.
    pub advice: String,
}

/// Judges the findings of evidence; empty when nothing of the kind was found, or the policy limits nothing.
pub(super) fn judge(evidence: &Evidence, policy: &Policy, texts: Messages) -> Vec<Judged> {
    if policy.limits.is_empty() {
        return Vec::new();
    }
    let direct = judged(
        evidence,
        texts,
        "direct_identifier",
        ["check.found.direct_identifier", "check.found.direct_identifier_advice"],
    );
    let restorable = judged(
        evidence,
        texts,
        "restorable_column",
        ["check.found.restorable_column", "check.found.restorable_column_advice"],
    );
    direct.into_iter().chain(restorable.filter(|_| policy.claim != Claim::None)).collect()
}

/// The judgement on all findings of one kind, with the keys of what it says and advises.
fn judged(evidence: &Evidence, texts: Messages, kind: &str, [what, advice]: [&str; 2]) -> Option<Judged> {
    let of_kind = || evidence.findings.iter().filter(|finding| finding.kind == kind);
    let said = |finding: &Finding| {
        let column = finding.column.as_deref().unwrap_or("?");
        let how = words::how(finding, texts.language(), |count| count.to_string());
        let how = how.trim_end_matches(['.', '。']);
        texts.fill("check.found.column", &[("column", column), ("how", how)])
    };
    let all: Vec<String> = of_kind().map(said).collect();
    (!all.is_empty()).then(|| Judged {
        kind: kind.to_owned(),
        columns: of_kind().filter_map(|finding| finding.column.clone()).collect(),
        verdict: Verdict::Fail,
        message: texts.fill(what, &[("columns", &all.join(texts.text("check.found.separator")))]),
        advice: texts.text(advice).to_owned(),
    })
}
