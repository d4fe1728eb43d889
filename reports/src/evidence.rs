//! What a run of the attacks leaves behind: `reident/evidence/v1`.
//!
//! Field order is the order of keys in the file. Figures are rounded to nine decimals, so that the last bits of a
//! platform's mathematical library cannot change the bytes.

mod attacker;
mod attacks;
mod calibration;
mod columns;
mod context;
pub(crate) mod counts;
mod groups;
mod settings;
mod validate;

pub use attacker::{Attacker, MatcherName, ModelName, RecordMatcher, ScoreName, Truth};
pub use attacks::{Abstention, Area, Attack, Balanced, Careful, Detail, RarityBand, TruePositives};
pub use calibration::{AttackCalibration, Calibration, ENOUGH_POWER, FoundShare, LeakName, LeakPower};
pub use columns::Columns;
pub use context::{Context, GradeName, QuasiIdentifiers, SharingName};
pub use groups::{Group, GroupFigures};
pub use reident_attacks::evaluation::AttackKind;
pub use settings::{Settings, all_but_membership};
pub use validate::Fault;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The format's name, in the field `schema` of every file.
pub const SCHEMA: &str = "reident/evidence/v1";

/// The format's minor version, in the field `format`. It grows with every addition:
///
/// - 0 (no field `format`): attackers' columns by name.
/// - 1: attackers' columns by position in `inputs.columns`.
/// - 2: record linkage and membership with what only they tell; groups of persons; hierarchies, rounding and context of the settings;
///   measures of equivalence classes and the quasi-identifiers of the settings; the population file; earlier releases.
pub const FORMAT: u32 = 2;

/// Beginning of the ids of measures that say that the release was searched for columns that can be restored.
const REVERSIBILITY: &str = "reversibility.";

impl Evidence {
    /// Whether the release was searched for columns that can be restored: without that, no finding of the kind means nothing.
    pub fn is_searched(&self) -> bool {
        self.measures.iter().any(|measure| measure.id.starts_with(REVERSIBILITY))
    }
}

/// Everything a third party needs to re-run the attacks and to check the figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Always `reident/evidence/v1`.
    pub schema: String,
    /// Minor version of the format: what it may hold besides what version 0 holds.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub format: u32,
    /// The program that ran.
    pub tool: Tool,
    /// The tables, by shape; the release also by digest.
    pub inputs: Inputs,
    /// All settings as resolved: configuration file, command line and defaults.
    pub settings: Settings,
    /// One entry per attacker: record linkage, singling out, linkability, inference, then membership.
    pub attacks: Vec<Attack>,
    /// The worst attacker of each attack that was run.
    pub headline: BTreeMap<AttackKind, Headline>,
    /// Figures that no attacker made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
    /// What was found in the tables without an attacker: columns that cannot be compared, row numbers, verbatim rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// Whether the attacks would have noticed a leak; left out where it was not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<Calibration>,
    /// What the reader must know before trusting the figures.
    pub warnings: Vec<Warning>,
    /// When and where it ran; left out of reproducible evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Run>,
    /// Parts of a file of a newer minor version that this one does not know, as JSON pointers; they were left out when it was
    /// read. No gate passes on evidence that has any.
    #[serde(skip)]
    pub unknown: Vec<String>,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The program that made the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// `reident`.
    pub name: String,
    /// Version of the release.
    pub version: String,
    /// Source commit the program was built from; `unknown` outside a checkout.
    pub commit: String,
}

/// The tables and what became of their columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// The persons the release was made from. No digest: of a small table it would tell who is in it.
    pub original: TableShape,
    /// The release under test.
    pub anonymized: TableShape,
    /// Persons who were not used; null without a control.
    pub control: Option<TableShape>,
    /// Columns that attackers could use, in table order; then those that cannot be compared, which none of them uses.
    pub columns: Vec<ColumnShape>,
    /// Columns of the original that the release does not have: not available to attackers.
    pub not_released: Vec<String>,
    /// Columns that only the release has: not used.
    pub only_released: Vec<String>,
    /// Control rows that equal an original row, and how many chance explains; null without a control.
    pub overlap: Option<Overlap>,
    /// Checks that the control is what it says; empty without a control.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub control_checks: Vec<ControlCheck>,
    /// The population file; null without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<PopulationShape>,
    /// Earlier releases of the same persons, in the order in which they were given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<EarlierShape>,
    /// Rows of each table that hold no value at all and were left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blank_rows: Option<BlankRows>,
}

/// A register of persons of whom the release may hold a record. No digest: nothing is told of the file but its shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PopulationShape {
    /// Its rows, each a person.
    pub rows: u64,
    /// What it knows of them: its columns that attackers can use, in table order.
    pub columns: Vec<String>,
}

/// An earlier release of the same persons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EarlierShape {
    /// Rows.
    pub rows: u64,
    /// Columns in the file.
    pub columns: u64,
    /// SHA-256 of the file's bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// What it and the latest release show of one another; null where they could not be linked.
    pub versions: Option<Versions>,
}

/// What anybody can tell who has two releases, of who came, went and changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// The columns by which their records were compared: two can be of one person when they are compatible in all of them.
    pub columns: Vec<String>,
    /// The column that names the records in both releases, where one does; then nothing else was compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Records of the latest release that exactly one record of the earlier one can be of one person with, and the other way round.
    pub linked: u64,
    /// Records of the latest release that no record of the earlier one can be of one person with.
    pub appeared: u64,
    /// Records of the earlier release that no record of the latest one can be of one person with.
    pub disappeared: u64,
    /// Linked records that differ in some other column than the one that names them; null where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<u64>,
}

/// Rows without any value, which are no persons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BlankRows {
    /// Of the original.
    pub original: u64,
    /// Of the release.
    pub anonymized: u64,
    /// Of the control.
    pub control: u64,
}

/// One check that the control is what it says (METHOD section 1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ControlCheck {
    /// A stable name for machines: `control_equals_original`, `control_in_release`, `control_subjects`,
    /// `control_labels`, `control_marginals`, `control_neighbors`, `control_persons_apart`, `control_near_release`, …
    pub check: String,
    /// The column it is about, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What was found: rows, a distance, a share; the check's documentation says which.
    pub found: f64,
    /// What chance explains at most, where the check has such a figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_at_most: Option<f64>,
    /// Whether what was found is within what chance explains.
    pub passed: bool,
    /// Whether the control was accepted all the same, on request. No gate passes on it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overridden: bool,
}

/// A figure that no attacker made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// A stable name for machines.
    pub id: String,
    /// The column it is about, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The figure; null when it does not exist.
    pub value: Option<f64>,
    /// What it is a share of, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<u64>,
    /// Where it is a distribution of sizes: how many there are in each band, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sizes: Vec<SizeBand>,
    /// How it was computed: a stable name for machines.
    pub how: String,
    /// Where the formula comes from.
    pub source: String,
}

/// Equivalence classes of some sizes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SizeBand {
    /// Records of the smallest class of the band.
    pub from: u64,
    /// Records of its largest; null when it is open.
    pub to: Option<u64>,
    /// Classes in the band.
    pub classes: u64,
    /// Records in these classes.
    pub rows: u64,
}

/// Something found in the tables without an attacker.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// A stable name for machines: `incomparable_column`, `token_column`, `row_order`, `row_number`, `verbatim_rows`, `direct_identifier`,
    /// `restorable_column`, `renamed_column`, …
    pub kind: String,
    /// The column it is about, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Restorable columns: the column of the original that its values are made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Rows it is about, where they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Rows that were looked at for it, where they are not all: those with a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub among: Option<u64>,
    /// How it was found, a stable code for machines; for direct identifiers their kind.
    pub how: String,
    /// What to do, or what an intruder would need: a stable code for machines. `enumeration_eN`: to try out 10^N values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
}

/// Size of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableShape {
    /// Rows.
    pub rows: u64,
    /// Columns in the file.
    pub columns: u64,
    /// SHA-256 of the file's bytes; the release only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// A column that attackers could use. Counts only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnShape {
    /// Name.
    pub name: String,
    /// `numeric`, `date`, `datetime`, `boolean` or `categorical`.
    pub kind: String,
    /// Missing cells in the original.
    pub missing_original: u64,
    /// Missing cells in the release.
    pub missing_anonymized: u64,
    /// Release cells that are intervals, sets, masks or suppressed.
    pub generalized: u64,
    /// How far the column's values can meet the release's; null in evidence of before this was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparable: Option<Comparable>,
}

/// Shares of rows whose value could occur in the release (METHOD section 2, *Comparable*).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Comparable {
    /// Of the original.
    pub original: f64,
    /// Of the control; null without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<f64>,
    /// How far apart the original's and the release's distributions are: the largest difference of the distribution functions
    /// (numbers, dates) or the total variation (categories), at the least that generalized cells allow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance: Option<f64>,
    /// Share of the release's rows that hold what was not read, or what no person has although it is frequent: how much of the release no
    /// attacker could meet.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub unread: f64,
    /// Whether the column can be compared at all. One that cannot is known to no attacker and is no secret.
    pub comparable: bool,
}

/// Rows that control and original have in common.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Overlap {
    /// Control rows that equal an original row.
    pub shared: u64,
    /// Most that chance would explain.
    pub expected_at_most: f64,
    /// Whether more are shared than chance explains.
    pub beyond_chance: bool,
}

fn is_nothing(value: &f64) -> bool {
    *value == 0.0
}

/// Successes of one attack on one table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Attempts.
    pub attempted: u64,
    /// Successes; of a computed baseline, their expected number.
    pub successes: Number,
    /// What the successes are worth together, where some count in part: the expected number of persons found. The rate is
    /// this over the attempts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<f64>,
    /// Record linkage: attempts that named one record, the person's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correct: Option<u64>,
    /// Attempts that left several candidates; null where the attack has no such outcome.
    pub ambiguous: Option<u64>,
    /// Links to somebody else, and records of somebody else that were named; only where it is known which record is whose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong: Option<u64>,
    /// Successes over attempts.
    pub rate: f64,
    /// Wilson interval of the rate, on the effective number of attempts.
    pub interval: [f64; 2],
    /// Effective number of attempts, where several successes fall on one person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<f64>,
    /// Where only a sample was attacked: interval of the rate that attacking the whole table would count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole_table: Option<[f64; 2]>,
}

/// A number written without a fraction when it has none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Number {
    /// A count.
    Whole(u64),
    /// An expected number.
    Expected(f64),
}

impl Number {
    /// As a floating-point number.
    pub fn value(self) -> f64 {
        match self {
            Number::Whole(whole) => whole as f64,
            Number::Expected(value) => value,
        }
    }
}

/// The share of otherwise safe persons whom the release exposes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// The estimate, floored at 0.
    pub value: f64,
    /// The estimate as it came: below 0 when the control was hit more often.
    pub signed: f64,
    /// Interval of the signed risk.
    pub interval: [f64; 2],
    /// The same at the level at which all attackers of the attack hold at once; null where the attacker is one of no group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simultaneous: Option<[f64; 2]>,
    /// How it was computed, a stable code for machines: `residual_score_ratio` (against the control), `isolation_null` (the
    /// control is of another size), `beyond_nonmember` (no control: from what is told beyond everybody else's data to all that
    /// is told), `main_only` (neither: from nothing to all that is told); of record linkage `known_records` (what the truth says),
    /// `net_of_false_claims` (from what a careful attacker names net of false claims to what the truth says) and `equal_rows`
    /// (a lower bound, and anything up to 1).
    pub method: String,
    /// Singling out with a control of another size: the null rate at the original's size that the risk is measured from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub null_rate: Option<f64>,
}

/// What a figure is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Measured, and better than the baseline.
    Measured,
    /// There was nothing to attempt: a result, not a zero.
    Infeasible,
    /// Every control attack succeeds: the risk does not exist as a number.
    Undetermined,
    /// Main not above the baseline: a low risk or a bad attack.
    Weak,
    /// The whole simultaneous interval lies below 0: the control was hit more often than the persons of the release.
    Contradicted,
}

/// Why an attacker stands apart from the headline (METHOD section 6a).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Apart {
    /// Fewer than 20 targets.
    FewAttempts,
    /// Fewer than 100 predicates.
    FewPredicates,
    /// Fewer than 30 attacks on the control (without one: of the nonmember reference) fail.
    FewSafe,
}

/// The worst attacker of one attack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Headline {
    /// The worst attacker's risk, floored at 0; null when no attacker counts.
    pub risk: Option<f64>,
    /// Interval of the largest risk. The lower end holds for all attackers tried at once; the upper end is the largest of their
    /// single ones, since each of them must lie below a limit for a pass.
    pub interval: Option<[f64; 2]>,
    /// Position of the worst attacker in `attacks`: the one with the largest simultaneous lower end, then estimate.
    pub attacker: Option<u64>,
    /// How many attackers were tried.
    pub attackers_tried: u64,
    /// How many of them had nothing to attempt.
    pub infeasible: u64,
    /// How many of them have no risk as a number and could be anything; the interval reaches 1 then.
    pub undetermined: u64,
    /// How many of them stand apart, because their counts are too few for a share.
    #[serde(default, skip_serializing_if = "none")]
    pub apart: u64,
    /// How many of them contradict themselves: their risk lies below 0.
    #[serde(default, skip_serializing_if = "none")]
    pub contradicted: u64,
    /// Whether all attackers who could be measured are weak and do significantly worse than their baselines.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub broken: bool,
    /// Status of the worst attacker; of all when none counts.
    pub status: Status,
}

/// Whether a count is 0, and not written.
fn none(count: &u64) -> bool {
    *count == 0
}

/// Something the reader must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// A stable name for machines.
    pub code: String,
    /// The column it is about, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// A sentence for persons, without cell values.
    pub message: String,
}

/// A warning that is not about one column.
pub fn warning(code: &str, message: &str) -> Warning {
    Warning { code: code.to_owned(), column: None, message: message.to_owned() }
}

/// When and where the attacks ran: not part of what can be reproduced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Start, UTC, RFC 3339.
    pub started: String,
    /// Seconds from start to the end of the attacks.
    pub seconds: f64,
    /// Threads used.
    pub threads: u64,
    /// Operating system and architecture.
    pub platform: String,
}

/// Nine decimals, no negative zero, nothing infinite: JSON has no infinity, and a bound of minus a billion says the same.
pub fn round(value: f64) -> f64 {
    ((value.clamp(-1e9, 1e9) * 1e9).round() / 1e9) + 0.0
}
