//! Who files, what is done with the data, and for whom.

use super::super::calendar::Date;
use super::words::*;

/// `report`.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Number of the report.
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
    /// How the assessment was made.
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
    /// Day of the release.
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
