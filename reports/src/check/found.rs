//! What was found in the release without an attacker and decides by itself.
//!
//! A release that still holds direct identifiers names its persons to whoever reads it: it fails every policy that limits
//! an attack, whatever the attacks found (GB/T 42460-2023 annex A; METHOD section 0). A column that can be restored fails
//! every policy that is about anonymity or de-identification (PIPL article 73: no restoring, no identifying without more).

use super::policy::{Claim, Policy};
use super::result::Verdict;
use crate::evidence::{Evidence, Finding};
use crate::message::Language;
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
pub(super) fn judge(evidence: &Evidence, policy: &Policy) -> Vec<Judged> {
    if policy.limits.is_empty() {
        return Vec::new();
    }
    let direct = judged(
        evidence,
        "direct_identifier",
        "The release holds direct identifiers",
        "It is not anonymous, whatever the attacks find.",
        "Remove these columns from the release, or replace their values by ones that nobody can look up.",
    );
    let restorable = judged(
        evidence,
        "restorable_column",
        "Columns of the release can be restored",
        "Data that can be restored are neither anonymous nor de-identified, whatever the attacks find.",
        "Remove these columns from the release, or replace their values by random ones of which no table is kept.",
    );
    direct.into_iter().chain(restorable.filter(|_| policy.claim != Claim::None)).collect()
}

/// The judgement on all findings of one kind.
fn judged(evidence: &Evidence, kind: &str, found: &str, verdict: &str, advice: &str) -> Option<Judged> {
    let of_kind = || evidence.findings.iter().filter(|finding| finding.kind == kind);
    let said = |finding: &Finding| {
        let column = finding.column.as_deref().unwrap_or("?");
        format!("`{column}` ({})", words::how(finding, Language::English))
    };
    let all: Vec<String> = of_kind().map(said).collect();
    (!all.is_empty()).then(|| Judged {
        kind: kind.to_owned(),
        columns: of_kind().filter_map(|finding| finding.column.clone()).collect(),
        verdict: Verdict::Fail,
        message: format!("{found}: {}. {verdict}", all.join("; ")),
        advice: advice.to_owned(),
    })
}
