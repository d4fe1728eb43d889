//! What was found in the release without an attacker and decides by itself.
//!
//! A release that still holds direct identifiers names its persons to whoever reads it: it fails every policy that limits
//! an attack, whatever the attacks found (GB/T 42460-2023 annex A; METHOD section 0).

use super::policy::Policy;
use super::result::Verdict;
use crate::evidence::{Evidence, Finding};
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
    let direct = |finding: &&Finding| finding.kind == "direct_identifier";
    let found: Vec<&Finding> = evidence.findings.iter().filter(direct).collect();
    if found.is_empty() || policy.limits.is_empty() {
        return Vec::new();
    }
    let said = |finding: &&Finding| {
        let column = finding.column.as_deref().unwrap_or("?");
        format!("`{column}` ({})", finding.how)
    };
    let message = format!(
        "The release holds direct identifiers: {}. It is not anonymous, whatever the attacks find.",
        found.iter().map(said).collect::<Vec<_>>().join("; ")
    );
    vec![Judged {
        kind: "direct_identifier".to_owned(),
        columns: found.iter().filter_map(|finding| finding.column.clone()).collect(),
        verdict: Verdict::Fail,
        message,
        advice: "Remove these columns from the release, or replace their values by ones that nobody can look up."
            .to_owned(),
    }]
}
