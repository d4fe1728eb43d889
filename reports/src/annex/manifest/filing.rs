//! How much goes abroad and by which route, the data set, and what was and will be done about its risks.

use super::super::calendar::Date;
use super::words::*;

/// `volume`.
#[derive(Debug, Clone, Default)]
pub struct Volume {
    /// Day from which persons are counted.
    pub since: Option<Date>,
    /// Whether each person is counted once.
    pub deduplicated: Option<bool>,
    /// Persons without sensitive information, earlier this year.
    pub non_sensitive_before: Option<u64>,
    /// With sensitive information, earlier this year.
    pub sensitive_before: Option<u64>,
    /// Without, this transfer.
    pub non_sensitive: Option<u64>,
    /// With, this transfer.
    pub sensitive: Option<u64>,
    /// Persons of the next three years.
    pub forecast: Vec<u64>,
}

/// `important_data`.
#[derive(Debug, Clone, Default)]
pub struct Important {
    /// Whether the data are important data.
    pub status: ImportantData,
    /// What the status rests on.
    pub basis: String,
    /// When the filer was told.
    pub told_on: Option<Date>,
    /// Whether they were declared.
    pub declared: YesNo,
    /// Core data or a state secret.
    pub core_or_secret: YesNo,
}

/// `exemption`.
#[derive(Debug, Clone, Default)]
pub struct Exempt {
    /// Which exemption is claimed.
    pub kind: Option<Exemption>,
    /// Why the exemption holds.
    pub reason: String,
}

/// `negative_list`.
#[derive(Debug, Clone, Default)]
pub struct NegativeList {
    /// The area; empty for none.
    pub area: String,
    /// Name and edition of the list.
    pub list: String,
    /// Whether the filer is registered and exports there.
    pub registered: YesNo,
    /// Whether the list covers its sector.
    pub sector_covered: YesNo,
    /// Whether the data are on the list.
    pub listed: YesNo,
}

/// `gba`.
#[derive(Debug, Clone, Default)]
pub struct Gba {
    /// Whether both ends lie in the Greater Bay Area.
    pub both_ends: YesNo,
}

/// `filing`.
#[derive(Debug, Clone, Default)]
pub struct Filing {
    /// Day of the filing.
    pub planned_on: Option<Date>,
    /// Route intended.
    pub route: Option<FilingRoute>,
    /// Number of the filing; empty before it has one.
    pub number: String,
    /// Day from which the contract holds.
    pub contract_effective: Option<Date>,
}

/// `certificate`.
#[derive(Debug, Clone, Default)]
pub struct Certificate {
    /// Number of the certificate.
    pub number: String,
    /// The body that certified.
    pub body: String,
    /// First day.
    pub issued: Option<Date>,
    /// Last day.
    pub expires: Option<Date>,
    /// What it covers.
    pub scope: String,
}

/// `sa_result`.
#[derive(Debug, Clone, Default)]
pub struct SaResult {
    /// Number of the result.
    pub number: String,
    /// First day.
    pub issued: Option<Date>,
    /// Last day.
    pub expires: Option<Date>,
}

/// `dataset`.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// Name.
    pub name: String,
    /// Source.
    pub source: String,
    /// First day that it is about.
    pub period_from: Option<Date>,
    /// Last day.
    pub period_to: Option<Date>,
    /// Persons that it is about.
    pub subjects: Option<u64>,
    /// Groups of persons.
    pub groups: Vec<Group>,
    /// Standard by which sensitive information is classed.
    pub taxonomy: Taxonomy,
}

/// One of `columns`.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// Name, as in the tables.
    pub name: String,
    /// Role.
    pub role: Option<Role>,
    /// Class of sensitive information.
    pub class: Option<SensitiveClass>,
    /// What was done to it.
    pub transform: Option<Transform>,
    /// Why it is needed abroad.
    pub necessity: String,
    /// What it holds.
    pub description: String,
    /// Whether it holds important data.
    pub important: bool,
}

/// One of `measures`.
#[derive(Debug, Clone)]
pub struct Measure {
    /// Columns.
    pub columns: Vec<String>,
    /// Technique, without its parameters.
    pub technique: String,
    /// Reason.
    pub reason: String,
}

/// `secrets`.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// Mapping tables.
    pub mapping: Option<Secret>,
    /// Keys.
    pub keys: Option<Secret>,
    /// Who says so.
    pub attested_by: String,
    /// The day on which this was said.
    pub on: Option<Date>,
}

impl Secrets {
    /// Whether nobody holds a mapping table or a key, and somebody says so with a date.
    pub fn are_gone(&self) -> bool {
        let gone = |secret: Option<Secret>| matches!(secret, Some(Secret::None | Secret::Destroyed));
        gone(self.mapping) && gone(self.keys) && !self.attested_by.is_empty() && self.on.is_some()
    }
}

/// A level with its reason.
#[derive(Debug, Clone)]
pub struct Rated<T> {
    /// Level.
    pub level: T,
    /// Reason.
    pub reason: String,
}

/// The keys of [`Manifest::impact`](super::Manifest::impact).
pub const IMPACTS: [&str; 4] = ["autonomy", "discrimination", "reputation", "property"];
/// The keys of [`Manifest::likelihood`](super::Manifest::likelihood).
pub const LIKELIHOODS: [&str; 4] = ["network", "process", "people", "scale"];

/// One of `adjust`.
#[derive(Debug, Clone)]
pub struct Adjustment {
    /// Rule that corrects a level.
    pub rule: AdjustRule,
    /// By how many levels.
    pub delta: i64,
    /// Why it is asked for.
    pub reason: String,
}

/// One of `utility`.
#[derive(Debug, Clone)]
pub struct Utility {
    /// Use.
    pub purpose: String,
    /// Criterion.
    pub criterion: String,
    /// Result.
    pub result: String,
    /// Whether it is met.
    pub met: YesNo,
}

/// One of `treatment`.
#[derive(Debug, Clone)]
pub struct Treatment {
    /// Risk.
    pub risk: String,
    /// Measure.
    pub measure: String,
    /// Who sees to it.
    pub owner: String,
    /// Until when.
    pub due: Option<Date>,
    /// When it was done.
    pub done: Option<Date>,
}

/// `review`.
#[derive(Debug, Clone, Default)]
pub struct Review {
    /// Months from one review to the next.
    pub interval_months: Option<u32>,
    /// Incidents since the last review.
    pub incidents: Vec<Incident>,
    /// When control of the filer or a recipient changed.
    pub control_changed_on: Option<Date>,
    /// When the contract changed.
    pub contract_changed_on: Option<Date>,
    /// When the target system changed.
    pub system_changed_on: Option<Date>,
    /// Changes of wording that are none of substance.
    pub same: Vec<Same>,
}

/// One of `review.incidents`.
#[derive(Debug, Clone)]
pub struct Incident {
    /// Day of the incident.
    pub date: Option<Date>,
    /// What happened.
    pub text: String,
    /// Persons.
    pub persons: Option<u64>,
}

/// One of `review.same`.
#[derive(Debug, Clone)]
pub struct Same {
    /// Key whose words changed.
    pub key: String,
    /// Why nothing else did.
    pub reason: String,
}
