//! What a release must keep to: limits with their sources, read from a TOML file.

use crate::digest::sha256;
use crate::evidence::{AttackKind, SharingName};
use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

/// A policy as a file says it, with what was overridden since.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Name, the file's name without its ending.
    pub name: String,
    /// Version of the file's content.
    pub version: u32,
    /// Title in English.
    pub title: String,
    /// Title in Chinese.
    pub title_zh: String,
    /// What it is for.
    pub description: String,
    /// Where it comes from; empty when from nowhere in particular.
    pub jurisdiction: String,
    /// Two-sided confidence that the evidence's intervals must have at least.
    #[serde(deserialize_with = "confidence")]
    #[schemars(range(min = 0.5, max = 1.0))]
    pub confidence: f64,
    /// Counts below this are not shown by reports.
    pub min_cell: u64,
    /// What an inconclusive verdict means for the exit code.
    pub inconclusive: Inconclusive,
    /// What a pass of the attack tests is about.
    #[serde(default)]
    pub claim: Claim,
    /// What else is required, in words; nothing here checks it.
    #[serde(default)]
    pub requirements: Vec<String>,
    /// The same in Chinese, in the same order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requirements_zh: Vec<String>,
    /// Limit per attack; an attack without one is not judged.
    #[serde(default)]
    pub limits: BTreeMap<AttackKind, Limit>,
    /// By how much the risk may rise over an earlier run.
    pub regression: Margin,
    /// Rules about class sizes and the like, judged by the evidence's measures.
    #[serde(default)]
    pub data_rules: Vec<DataRule>,
    /// SHA-256 of the policy as read, before anything was overridden: of its content as canonical JSON, so that comments and
    /// spacing do not matter.
    #[serde(skip_deserializing, default)]
    pub digest: String,
    /// What was changed after reading the file.
    #[serde(skip_deserializing, default)]
    pub overrides: Vec<Override>,
}

/// The largest acceptable risk of one attack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Risk that the interval must stay below.
    #[serde(deserialize_with = "share")]
    pub max_risk: f64,
    /// Whether the attack is judged only where it was played. Record linkage is not where nothing says which release record is
    /// whose, as of a synthetic release; without this, an attack that is not there is inconclusive.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub where_played: bool,
    /// Risk that the interval of every group of persons must stay below; groups are not judged without one.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "share_or_none")]
    pub max_group_risk: Option<f64>,
    /// How often the attack must have found unchanged copies of a share of the persons as large as the limit, for a pass: what is
    /// shown of it by the evidence's calibration. Not asked for without one.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "share_or_none")]
    pub min_power: Option<f64>,
    /// Where the value comes from.
    pub source: String,
    /// The same in Chinese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source_zh: String,
    /// What kind of source that is.
    pub source_status: SourceStatus,
    /// What the reader must know about it.
    #[serde(default)]
    pub note: String,
    /// The same in Chinese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note_zh: String,
}

/// By how much the risk may rise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Margin {
    /// Rise that is still acceptable.
    #[serde(deserialize_with = "share")]
    pub margin: f64,
    /// Where the value comes from.
    pub source: String,
    /// The same in Chinese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source_zh: String,
    /// What kind of source that is.
    pub source_status: SourceStatus,
    /// What the reader must know about it.
    #[serde(default)]
    pub note: String,
    /// The same in Chinese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note_zh: String,
}

/// A rule about the data, which no attack checks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataRule {
    /// Name within the policy.
    pub id: String,
    /// The figure it is about.
    pub metric: Metric,
    /// The measure of the evidence that is judged, by its id, where the figure alone does not say which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// Ways of sharing for which the rule holds; all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sharing: Vec<SharingName>,
    /// How the figure relates to the value.
    pub comparison: Relation,
    /// The value.
    pub value: f64,
    /// The rule in words.
    pub text: String,
    /// The same in Chinese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text_zh: String,
    /// Where it comes from.
    pub source: String,
    /// The same in Chinese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source_zh: String,
    /// What kind of source that is.
    pub source_status: SourceStatus,
}

impl DataRule {
    /// The id of the measure that is judged. An overall risk that names none is that of GB/T 42460 for public sharing, the
    /// strictest.
    pub fn measure(&self) -> &str {
        self.measure.as_deref().unwrap_or(match self.metric {
            Metric::MinClassSize => "classes.k",
            Metric::OverallRisk => "gbt42460.r.public",
            Metric::DirectIdentifiers => "gbt42460.direct_columns",
        })
    }
}

/// Figures of data rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Records of the smallest equivalence class.
    MinClassSize,
    /// Data risk times the probability of the context.
    OverallRisk,
    /// Direct identifiers left.
    DirectIdentifiers,
}

/// How a figure relates to a rule's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Relation {
    /// At least.
    #[serde(rename = ">=")]
    AtLeast,
    /// At most.
    #[serde(rename = "<=")]
    AtMost,
    /// Below.
    #[serde(rename = "<")]
    Below,
}

/// What kind of source a value has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceStatus {
    /// The text of a law or a standard says so.
    LawOrStandard,
    /// A guideline of an authority says so.
    AuthorityGuidance,
    /// Somebody says that a law or a standard says so.
    SecondarySource,
    /// The organization's own choice.
    OrganizationSet,
}

/// What a pass of the attack tests is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// The organization's criteria for treating the data as anonymized.
    Anonymized,
    /// Its criteria for the effect of de-identification: the data are still personal information.
    DeIdentified,
    /// The tests alone.
    #[default]
    None,
}

/// What an inconclusive verdict means for the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Inconclusive {
    /// An exit code of its own.
    Inconclusive,
    /// As good as a pass.
    Pass,
    /// As bad as a failure.
    Fail,
}

/// One value changed after the policy was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The value's place, as `limits.linkability.max_risk`.
    pub key: String,
    /// What the file said; null when it said nothing.
    pub from: Option<String>,
    /// What it is now.
    pub to: String,
}

/// Why a policy cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// The file is not a policy.
    #[error("{file}, line {line}: {message}")]
    File {
        /// The file, as named by the caller.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
    /// No embedded policy of that name.
    #[error("no policy is named `{0}`; `reident policy list` shows them")]
    Unknown(String),
    /// An override that cannot be applied.
    #[error("override `{text}`: {message}")]
    Override {
        /// The override, as given.
        text: String,
        /// What is wrong with it.
        message: String,
    },
}

impl Policy {
    /// Reads a policy. `file` is only named in errors.
    ///
    /// # Errors
    /// When the text is not TOML, lacks a key, has an unknown one or an unknown attack, or a value is of the wrong type
    /// or out of range: with the line.
    pub fn parse(text: &str, file: &str) -> Result<Policy, PolicyError> {
        let mut policy: Policy = toml::from_str(text).map_err(|error: toml::de::Error| PolicyError::File {
            file: file.to_owned(),
            line: error.span().map_or(1, |span| line_of(text, span.start)),
            // The library's message goes over several lines for some errors.
            message: error.message().split_whitespace().collect::<Vec<_>>().join(" "),
        })?;
        policy.digest = sha256(&serde_json::to_vec(&policy).expect("a policy is plain JSON"));
        Ok(policy)
    }
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

/// Whether a value is a share: between 0 and 1, ends included.
pub(super) fn check_share(value: f64) -> Result<f64, String> {
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err(format!("{value} is outside [0, 1]")) }
}

/// Whether a value is a confidence level. Below one half, "not shown" would be called shown.
pub(super) fn check_confidence(value: f64) -> Result<f64, String> {
    if (0.5..1.0).contains(&value) { Ok(value) } else { Err(format!("{value} is no confidence in [0.5, 1)")) }
}

fn share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    check_share(f64::deserialize(deserializer)?).map_err(D::Error::custom)
}

fn share_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    share(deserializer).map(Some)
}

fn confidence<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    check_confidence(f64::deserialize(deserializer)?).map_err(D::Error::custom)
}
