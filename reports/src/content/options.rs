//! What the caller decides about a report, and the verdicts he may bring.

use crate::evidence::AttackName;
use crate::message::Language;

/// Persons below which a count is not told, unless the policy says otherwise.
pub const MIN_CELL: u64 = 5;

/// How a report is written.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportOptions {
    /// Language of all text but the names of columns.
    pub language: Language,
    /// Verdicts against limits; without them the report describes risks and says that no limit was applied.
    pub check: Option<Verdicts>,
    /// Whether small counts are told exactly; every page is stamped then.
    pub include_sensitive: bool,
    /// Counts of persons above 0 and below this are shown as `<min_cell`.
    pub min_cell: u64,
}

impl Default for ReportOptions {
    fn default() -> ReportOptions {
        ReportOptions { language: Language::English, check: None, include_sensitive: false, min_cell: MIN_CELL }
    }
}

/// The outcome of a policy check, as far as a report shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdicts {
    /// The policy's name.
    pub policy: String,
    /// The verdict on the release as a whole.
    pub overall: Verdict,
    /// One entry per attack with a limit.
    pub limits: Vec<LimitVerdict>,
}

/// One attack against its limit.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitVerdict {
    /// The attack.
    pub attack: AttackName,
    /// The risk that the whole interval must stay below, from 0 to 1.
    pub limit: f64,
    /// The policy's own limit, where somebody replaced it by the one above.
    pub overridden: Option<f64>,
    /// What became of it.
    pub verdict: Verdict,
    /// Where the limit comes from, in the policy's words.
    pub source: String,
    /// What that source is worth.
    pub source_status: SourceStatus,
    /// Inconclusive: how many more targets would decide; `None` when that cannot be said.
    pub further_targets: Option<u64>,
}

/// Pass, fail, or neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The whole interval lies below the limit.
    Pass,
    /// The whole interval lies at or above the limit.
    Fail,
    /// The interval holds the limit, or there is no interval.
    Inconclusive,
}

/// What the source of a limit is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceStatus {
    /// A law or a standard sets it.
    LawOrStandard,
    /// A secondary source reports it.
    SecondarySource,
    /// The organization set it: no authority does.
    OrganizationSet,
}
