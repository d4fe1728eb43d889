//! What a check finds: `reident/check/v1`.

use super::characteristic::Chances;
use super::compare::Comparison;
use super::found::Judged;
use super::policy::{Claim, DataRule, Inconclusive, Limit, Margin, Override, Policy};
use super::rules::JudgedRule;
use super::soundness::Doubt;
use crate::evidence::{AttackKind, Status, Tool, Warning};
use crate::message::Language;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The format's name, in the field `schema` of every file.
pub const SCHEMA: &str = "reident/check/v1";

/// A verdict: never a pass unless a pass was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The whole interval is below the limit.
    Pass,
    /// Neither could be shown.
    Inconclusive,
    /// The whole interval is at the limit or above.
    Fail,
}

/// What a check finds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckResult {
    /// Always `reident/check/v1`.
    pub schema: String,
    /// The language of its sentences; English when left out.
    #[serde(default, skip_serializing_if = "is_english")]
    pub language: Language,
    /// Over all attacks and the comparison: the worst.
    pub verdict: Verdict,
    /// The verdict in a sentence.
    pub summary: String,
    /// What the program's exit code is.
    pub exit_code: u8,
    /// What was checked.
    pub subject: Subject,
    /// What it was checked against.
    pub policy: PolicyShown,
    /// One entry per attack that the policy limits or the evidence has.
    pub attacks: Vec<AttackVerdict>,
    /// What was found in the release without an attacker and decides by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<Judged>,
    /// Change since an earlier run; null without one.
    pub comparison: Option<Comparison>,
    /// Rules of the policy about the data, judged by the evidence's measures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<JudgedRule>,
    /// Those of them that could not be checked.
    pub not_checked: Vec<DataRule>,
    /// Other requirements of the policy, in words; not checked either.
    pub requirements: Vec<String>,
    /// The same in Chinese.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requirements_zh: Vec<String>,
    /// What the reader must know before trusting the verdict.
    pub notes: Vec<Warning>,
}

fn is_english(language: &Language) -> bool {
    *language == Language::English
}

/// What was checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The program that made the evidence.
    pub tool: Tool,
    /// SHA-256 of the release, where the evidence has it.
    pub release_sha256: Option<String>,
    /// Rows of the release.
    pub release_rows: u64,
    /// Seed of the run.
    pub seed: u64,
    /// Two-sided confidence of the evidence's intervals.
    pub confidence: f64,
}

/// What the evidence was checked against, overrides included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyShown {
    /// Name.
    pub name: String,
    /// Version of the file's content.
    pub version: u32,
    /// Title in English.
    pub title: String,
    /// Title in Chinese.
    pub title_zh: String,
    /// Confidence that the evidence's intervals must have at least.
    pub confidence: f64,
    /// What an inconclusive verdict means for the exit code.
    pub inconclusive: Inconclusive,
    /// What a pass of the attack tests is about.
    #[serde(default)]
    pub claim: Claim,
    /// Counts below this are not shown by reports.
    pub min_cell: u64,
    /// By how much the risk may rise over an earlier run.
    pub regression: Margin,
    /// SHA-256 of the policy's content, overrides apart.
    #[serde(default)]
    pub digest: String,
    /// Values that are not the policy's own.
    pub overrides: Vec<Override>,
}

impl PolicyShown {
    pub(super) fn of(policy: &Policy) -> PolicyShown {
        PolicyShown {
            name: policy.name.clone(),
            version: policy.version,
            title: policy.title.clone(),
            title_zh: policy.title_zh.clone(),
            confidence: policy.confidence,
            inconclusive: policy.inconclusive,
            claim: policy.claim,
            min_cell: policy.min_cell,
            regression: policy.regression.clone(),
            digest: policy.digest.clone(),
            overrides: policy.overrides.clone(),
        }
    }
}

/// The verdict on one attack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttackVerdict {
    /// Which attack.
    pub attack: AttackKind,
    /// Verdict; null when the policy sets no limit.
    pub verdict: Option<Verdict>,
    /// Why, for machines.
    pub reason: Reason,
    /// Why, in a sentence.
    pub message: String,
    /// The limit, with its source; null when the policy sets none.
    pub limit: Option<Limit>,
    /// The worst attacker's risk, floored at 0.
    pub risk: Option<f64>,
    /// Simultaneous interval of the worst risk.
    pub interval: Option<[f64; 2]>,
    /// Status of the worst attacker; null when the attack was not run.
    pub status: Option<Status>,
    /// How many attackers were tried.
    pub attackers_tried: u64,
    /// The worst attacker in words.
    pub worst: Option<String>,
    /// What would decide an inconclusive verdict.
    pub needed: Option<Needed>,
    /// What a check of these tables can show, at true risks of 0, half the limit, the limit and twice the limit; empty without
    /// a limit or an attacker who counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chances: Vec<Chances>,
    /// Why the evidence carries no pass for this attack, most decisive first; empty when it can.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
    /// What the reader must know about this verdict.
    pub notes: Vec<Warning>,
}

/// Why a verdict is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The whole interval is below the limit.
    BelowLimit,
    /// The whole interval is at the limit or above.
    AboveLimit,
    /// The limit lies inside the interval.
    LimitInsideInterval,
    /// A group of persons is shown to be at the limit for groups or above.
    GroupAboveLimit,
    /// It is not shown of every group of persons that it is below the limit for groups.
    GroupUndecided,
    /// The policy limits the attack, and the evidence does not have it.
    NotRun,
    /// No attacker had anything to attempt.
    Infeasible,
    /// The risk does not exist as a number.
    Undetermined,
    /// Every attacker's counts are too few for a share.
    TooFew,
    /// The evidence's intervals have less confidence than the policy asks for.
    ConfidenceTooLow,
    /// The evidence's interval of the worst risk does not follow from its counts.
    HeadlineDoesNotFollow,
    /// The control shares more rows with the original than chance explains, which hides leaks.
    ControlOverlaps,
    /// A check of the control failed, or was overridden.
    ControlDoubtful,
    /// The control was hit more often than persons of the release, beyond chance.
    Contradicted,
    /// Every attacker does significantly worse than one who ignores the release's joint structure.
    BrokenAttack,
    /// Columns that the attack counts on cannot be compared with the release.
    NotComparable,
    /// Earlier releases were given, and what all releases tell together was not measured.
    EarlierReleases,
    /// The form of numbers or dates of a column could be read in two ways.
    AmbiguousForm,
    /// What says which release record is whose joins few rows, or is contradicted by rows that are equal.
    TruthDoubtful,
    /// Rows that are joined by what says which record is whose agree no more than others.
    TruthNotBorneOut,
    /// So many rows of the release hold what was not read that the risk may reach the limit by them.
    UnreadPart,
    /// The policy asks how often a leak would have been found, and the evidence does not say so of the attack.
    PowerUnknown,
    /// It is not shown that a leak of the size of the limit would have been found as often as the policy asks for.
    TooLittlePower,
    /// No attacker of any attack works better than guessing, and it is not on record that all columns can be compared.
    NoneMeasured,
    /// The evidence has parts that this version does not know.
    UnknownPart,
    /// The policy sets no limit.
    NoLimit,
}

/// What would decide an inconclusive verdict, with a probability of 0.8 if the true rates are those counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Needed {
    /// Attack this many more records of each table.
    FurtherTargets {
        /// Further records.
        further: u64,
        /// Records of the original attacked then.
        total: u64,
        /// What the verdict would be.
        decides: Verdict,
    },
    /// The tables do not have enough records.
    LargerTables {
        /// Rows of the original that would do, with a control in proportion.
        original: u64,
        /// Rows of the control that go with it; null without one.
        control: Option<u64>,
        /// Rows of the control that would do with the original as it is; null when no control is large enough.
        control_alone: Option<u64>,
        /// What the verdict would be.
        decides: Verdict,
    },
    /// No number of targets decides.
    Never {
        /// Why, in a sentence.
        why: String,
    },
}
