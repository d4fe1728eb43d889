//! `reident/manifest/v1`: what the filer says and no tool can measure, from a TOML file.
//!
//! [`Manifest::parse`] and [`check`] list everything that is wrong at once, with line and key. An answer that was not given is `unknown`, and
//! unknown never counts as the favourable answer.

use super::calendar::Date;
use std::collections::BTreeMap;

mod checks;
mod countries;
mod fault;
mod looks;
mod node;
mod read;
mod template;
#[cfg(test)]
mod test;
mod uscc;
mod words;

pub use checks::{Measured, check};
pub use fault::{Code, Fault};
pub use template::template;
pub use words::{
    AdjustRule, Basis, Claimed, Controls, Exemption, FilingRoute, Group, Impact, ImportantData, Likelihood, Model,
    Motive, Onward, Perspective, Relation, ReleaseKind, Role, Secret, Sector, SensitiveClass, SeparateConsent,
    Taxonomy, TeamRole, Transform, Word, YesNo,
};

/// The format's name, in the key `schema` of every manifest.
pub const SCHEMA: &str = "reident/manifest/v1";

/// What a manifest is read for: decides which keys must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The annex: all facts.
    Write,
    /// The route and the dates: the facts that they need.
    Route,
    /// A comparison: whatever is there.
    Compare,
}

/// A manifest that was read. Text that was not given is empty, a value that was not given `None`.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// Number, version and day of the report.
    pub report: Report,
    /// Who files.
    pub filer: Filer,
    /// Who prepares, reviews and approves.
    pub approval: Approval,
    /// How the evaluation was done.
    pub assessment: Assessment,
    /// An external evaluator.
    pub third_party: Option<ThirdParty>,
    /// What is done with the data, and on which basis.
    pub processing: Processing,
    /// How the data are shared.
    pub release: Release,
    /// What is claimed of them.
    pub claim: Claim,
    /// Who receives them.
    pub recipients: Vec<Recipient>,
    /// Probability of the context.
    pub context: Context,
    /// Persons of this year.
    pub volume: Volume,
    /// Important data.
    pub important_data: Important,
    /// An exemption from the three routes.
    pub exemption: Exempt,
    /// A negative list.
    pub negative_list: NegativeList,
    /// The Greater Bay Area.
    pub gba: Gba,
    /// What is filed, and when.
    pub filing: Filing,
    /// The certificate, where there is one.
    pub certificate: Option<Certificate>,
    /// The result of a security assessment, where there is one.
    pub sa_result: Option<SaResult>,
    /// The data set.
    pub dataset: Dataset,
    /// Its columns, by name.
    pub columns: Vec<Column>,
    /// What was done to it.
    pub measures: Vec<Measure>,
    /// Mapping tables and keys.
    pub secrets: Secrets,
    /// Impact on persons, if it went wrong: autonomy, discrimination, reputation, property.
    pub impact: [Option<Rated<Impact>>; 4],
    /// Likelihood: network, process, people, scale.
    pub likelihood: [Option<Rated<Likelihood>>; 4],
    /// Corrections of the rating.
    pub adjust: Vec<Adjustment>,
    /// Whether the data still serve their use.
    pub utility: Vec<Utility>,
    /// What is done about what is left.
    pub treatment: Vec<Treatment>,
    /// When it is done again.
    pub review: Review,
    /// Standards followed, by their ids in the rules.
    pub standards: Vec<String>,
    /// Line of each key.
    pub(in crate::annex) lines: BTreeMap<String, usize>,
}

impl Manifest {
    /// The line of a key, or of the nearest table that holds it; 1 where there is none.
    pub fn line(&self, key: &str) -> usize {
        let mut key = key;
        loop {
            if let Some(line) = self.lines.get(key) {
                return *line;
            }
            match key.rfind('.') {
                Some(at) => key = &key[..at],
                None => return 1,
            }
        }
    }

    /// Whether the filer intends a route, says that he needs none, or does not say.
    pub fn intended(&self) -> FilingRoute {
        self.filing.route.unwrap_or(FilingRoute::Unknown)
    }

    /// Whether any column holds sensitive information, or the persons' age makes all of it sensitive.
    pub fn is_sensitive(&self) -> bool {
        self.columns.iter().any(|column| column.class.is_some_and(|class| class != SensitiveClass::None))
            || self.dataset.groups.contains(&Group::MinorsUnder14)
    }
}

/// `report`.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Number.
    pub id: String,
    /// Version, from 1.
    pub version: Option<u64>,
    /// Day of issue.
    pub issued: Option<Date>,
}

/// `filer`.
#[derive(Debug, Clone, Default)]
pub struct Filer {
    /// Name.
    pub name: String,
    /// Unified social credit code.
    pub uscc: String,
    /// Address.
    pub address: String,
    /// Whether it operates critical information infrastructure.
    pub ciio: YesNo,
    /// Persons whose information it processes.
    pub persons_processed: Option<u64>,
    /// Sector.
    pub sector: Option<Sector>,
}

/// `approval`: preparer, reviewer, pi_officer, top_management.
#[derive(Debug, Clone, Default)]
pub struct Approval(pub [Option<Signatory>; 4]);

/// The keys of [`Approval`], in its order.
pub const SIGNATORIES: [&str; 4] = ["preparer", "reviewer", "pi_officer", "top_management"];

impl Approval {
    /// Keys of those who have not signed with a date.
    pub fn missing(&self) -> Vec<&'static str> {
        let open = |it: &Option<Signatory>| !it.as_ref().is_some_and(|it| it.date.is_some() && !it.name.is_empty());
        SIGNATORIES.into_iter().zip(&self.0).filter(|(_, it)| open(it)).map(|(key, _)| key).collect()
    }
}

/// A person who signs.
#[derive(Debug, Clone, Default)]
pub struct Signatory {
    /// Name.
    pub name: String,
    /// Title.
    pub title: String,
    /// Day of the signature.
    pub date: Option<Date>,
}

/// `assessment`.
#[derive(Debug, Clone, Default)]
pub struct Assessment {
    /// First day.
    pub started: Option<Date>,
    /// Last day.
    pub ended: Option<Date>,
    /// Who organized it.
    pub organization: String,
    /// How.
    pub method: String,
    /// What was done, in order.
    pub steps: Vec<String>,
    /// Who did it.
    pub team: Vec<Member>,
    /// Whether the evaluator is neither the anonymizer nor a recipient.
    pub independent: YesNo,
}

/// A member of the team.
#[derive(Debug, Clone)]
pub struct Member {
    /// Name.
    pub name: String,
    /// Role.
    pub role: Option<TeamRole>,
}

/// `third_party`.
#[derive(Debug, Clone, Default)]
pub struct ThirdParty {
    /// Name.
    pub name: String,
    /// Unified social credit code.
    pub uscc: String,
    /// Role.
    pub role: String,
    /// Part of the work.
    pub part: String,
}

/// `processing`.
#[derive(Debug, Clone, Default)]
pub struct Processing {
    /// Purpose.
    pub purpose: String,
    /// Method.
    pub method: String,
    /// Necessity.
    pub necessity: String,
    /// Legal basis.
    pub legal_basis: Option<Basis>,
    /// Whether persons were told.
    pub notice: YesNo,
    /// Whether they consented apart.
    pub separate_consent: SeparateConsent,
    /// Until when the recipient keeps the data.
    pub retention_until: Option<Date>,
    /// Where they are kept.
    pub storage_place: String,
    /// Day of the last transfer.
    pub last_transfer_on: Option<Date>,
}

/// `release`.
#[derive(Debug, Clone, Default)]
pub struct Release {
    /// How the data are shared.
    pub model: Option<Model>,
    /// How they were made.
    pub kind: Option<ReleaseKind>,
    /// Whether more follow.
    pub part_of_series: Option<bool>,
    /// Other releases.
    pub others: Vec<OtherRelease>,
}

/// Another release.
#[derive(Debug, Clone)]
pub struct OtherRelease {
    /// Name.
    pub name: String,
    /// Day.
    pub date: Option<Date>,
    /// SHA-256, where it is known.
    pub sha256: String,
    /// Whose persons it holds.
    pub relation: Relation,
}

/// `claim`.
#[derive(Debug, Clone, Default)]
pub struct Claim {
    /// What is claimed.
    pub kind: Option<Claimed>,
    /// In whose eyes.
    pub perspective: Option<Perspective>,
    /// Who decides that article 73(4) holds.
    pub accepted_by: Option<Signatory>,
}

/// One of `recipients`.
#[derive(Debug, Clone, Default)]
pub struct Recipient {
    /// Name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Purpose.
    pub purpose: String,
    /// Method.
    pub method: String,
    /// Where the data are kept.
    pub storage_place: String,
    /// Whether they go on to others.
    pub onward: Onward,
    /// Controls of the recipient.
    pub controls: Option<Controls>,
    /// Motive and capacity of the recipient.
    pub motive_capacity: Option<Motive>,
    /// What the contract says: no re-identification, no linkage, no re-sharing, deletion, audit.
    pub agreement: [YesNo; 5],
    /// What else the recipient has.
    pub other_data: Vec<String>,
    /// When the law of the destination changed.
    pub law_changed_on: Option<Date>,
}

/// The keys of [`Recipient::agreement`], in its order.
pub const AGREEMENT: [&str; 5] = ["no_reid", "no_link", "no_reshare", "delete", "audit"];

/// `context`.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Share of acquaintances among all persons.
    pub p: Option<Sourced<f64>>,
    /// Number of acquaintances.
    pub m: Option<Sourced<u64>>,
    /// Share of organizations of the sector that had a breach.
    pub breach_rate: Option<Sourced<f64>>,
}

/// A figure of the filer with its source.
#[derive(Debug, Clone, PartialEq)]
pub struct Sourced<T> {
    /// The figure.
    pub value: T,
    /// Where it is from.
    pub source: String,
}

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
    /// Why.
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
    /// Which.
    pub kind: Option<Exemption>,
    /// Why.
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
    /// Number.
    pub number: String,
    /// Body.
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
    /// Number.
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
    /// When.
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

/// The keys of [`Manifest::impact`].
pub const IMPACTS: [&str; 4] = ["autonomy", "discrimination", "reputation", "property"];
/// The keys of [`Manifest::likelihood`].
pub const LIKELIHOODS: [&str; 4] = ["network", "process", "people", "scale"];

/// One of `adjust`.
#[derive(Debug, Clone)]
pub struct Adjustment {
    /// Rule.
    pub rule: AdjustRule,
    /// By how many levels.
    pub delta: i64,
    /// Why.
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
    /// What happened.
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
    /// Day.
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
