//! The words that a manifest may use, one enumeration a key.

use serde::{Deserialize, Serialize};

/// An enumeration whose values have a word in the manifest and a label in the messages.
pub trait Word: Copy + PartialEq + 'static {
    /// Name of the enumeration, under which the messages keep its labels.
    const NAME: &'static str;
    /// All values with their words.
    const ALL: &'static [(Self, &'static str)];

    /// The word in the manifest.
    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(value, _)| *value == self).map_or("", |(_, word)| word)
    }

    /// The value of a word.
    fn read(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(value, _)| *value)
    }

    /// Key of the label in the messages.
    fn key(self) -> String {
        format!("annex.word.{}.{}", Self::NAME, self.word())
    }
}

macro_rules! words {
    ($(#[$about:meta])* $name:ident, $messages:literal { $($(#[$value_about:meta])* $value:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$value_about])* $value),+ }

        impl Word for $name {
            const NAME: &'static str = $messages;
            const ALL: &'static [($name, &'static str)] = &[$(($name::$value, $word)),+];
        }
    };
}

words!(
    /// An answer.
    YesNo, "yes_no" {
        /// It is so.
        Yes = "yes",
        /// It is not.
        No = "no",
        /// Nobody knows, or nobody said.
        Unknown = "unknown",
    }
);

#[allow(clippy::derivable_impls)] // A value of the macro cannot be marked as the default.
impl Default for YesNo {
    fn default() -> YesNo {
        YesNo::Unknown
    }
}

words!(
    /// Whether persons consented apart.
    SeparateConsent, "consent" {
        /// They did.
        Yes = "yes",
        /// They did not.
        No = "no",
        /// Nobody knows, or nobody said.
        Unknown = "unknown",
        /// The law asks for none here.
        NotRequired = "not_required",
    }
);

#[allow(clippy::derivable_impls)] // A value of the macro cannot be marked as the default.
impl Default for SeparateConsent {
    fn default() -> SeparateConsent {
        SeparateConsent::Unknown
    }
}

words!(
    /// Sector of the filer.
    Sector, "sector" {
        /// None of those with rules of their own.
        General = "general",
        /// Cars.
        Automotive = "automotive",
        /// Health.
        Health = "health",
        /// Finance.
        Finance = "finance",
        /// Telecommunications.
        Telecom = "telecom",
        /// Industry.
        Industrial = "industrial",
        /// Mapping.
        Mapping = "mapping",
        /// Education.
        Education = "education",
        /// Another.
        Other = "other",
    }
);

words!(
    /// Role of a member of the team.
    TeamRole, "team_role" {
        /// Law and compliance.
        Compliance = "compliance",
        /// De-identification.
        Deidentification = "deidentification",
        /// The business.
        Business = "business",
        /// The evaluation.
        Evaluator = "evaluator",
    }
);

words!(
    /// Legal basis of the processing, PIPL article 13.
    Basis, "basis" {
        /// Consent.
        Consent = "consent",
        /// A contract with the person.
        Contract = "contract",
        /// Employment.
        Hr = "hr",
        /// A duty by law.
        StatutoryDuty = "statutory_duty",
        /// An emergency.
        Emergency = "emergency",
        /// News in the public interest.
        News = "news",
        /// Information that is public.
        PublicInfo = "public_info",
        /// Another law.
        OtherLaw = "other_law",
    }
);

words!(
    /// How a release is shared, GB/T 37964 clause 4.5.
    Model, "model" {
        /// With everybody.
        Public = "public",
        /// With those who agree to conditions.
        Controlled = "controlled",
        /// Inside of a place that the data do not leave.
        Enclave = "enclave",
    }
);

words!(
    /// How a release was made.
    ReleaseKind, "release_kind" {
        /// Synthetic records.
        Synthetic = "synthetic",
        /// Records with changed values.
        DeIdentified = "de_identified",
        /// Sums over persons.
        Aggregated = "aggregated",
        /// Records with tokens for identifiers.
        Pseudonymized = "pseudonymized",
        /// Several of these.
        Mixed = "mixed",
    }
);

words!(
    /// Whose persons another release holds.
    Relation, "relation" {
        /// The same.
        SamePersons = "same_persons",
        /// Some of them.
        Overlapping = "overlapping",
        /// Other persons.
        Unrelated = "unrelated",
        /// Nobody knows, or nobody said.
        Unknown = "unknown",
    }
);

words!(
    /// What is claimed of the data.
    Claimed, "claim" {
        /// That they are anonymous.
        Anonymized = "anonymized",
        /// That they are de-identified, and still personal information.
        DeIdentified = "de_identified",
    }
);

words!(
    /// In whose eyes persons cannot be identified.
    Perspective, "perspective" {
        /// The filer's, who holds the original.
        Filer = "filer",
        /// The recipient's.
        Recipient = "recipient",
        /// Everybody's.
        Public = "public",
    }
);

words!(
    /// Whether a recipient hands the data on.
    Onward, "onward" {
        /// To nobody.
        None = "none",
        /// To those listed.
        Listed = "listed",
        /// To those whom the contract allows.
        ByContract = "by_contract",
        /// Nobody knows, or nobody said.
        Unknown = "unknown",
    }
);

#[allow(clippy::derivable_impls)] // A value of the macro cannot be marked as the default.
impl Default for Onward {
    fn default() -> Onward {
        Onward::Unknown
    }
}

words!(
    /// Privacy and security controls of a recipient, in the order of table B.1.
    Controls, "controls" {
        /// High.
        High = "high",
        /// Medium.
        Medium = "medium",
        /// Low.
        Low = "low",
    }
);

words!(
    /// Motive and capacity of a recipient to re-identify, in the order of table B.1.
    Motive, "motive" {
        /// Low.
        Low = "low",
        /// Medium.
        Medium = "medium",
        /// High.
        High = "high",
    }
);

words!(
    /// Whether data are important data.
    ImportantData, "important" {
        /// They are not.
        None = "none",
        /// The filer itself holds them to be.
        SelfIdentified = "self_identified",
        /// An authority told the filer.
        Notified = "notified",
        /// A published list says so.
        Published = "published",
        /// Nobody knows, or nobody said.
        Unknown = "unknown",
    }
);

#[allow(clippy::derivable_impls)] // A value of the macro cannot be marked as the default.
impl Default for ImportantData {
    fn default() -> ImportantData {
        ImportantData::Unknown
    }
}

words!(
    /// An exemption from the three routes.
    Exemption, "exemption" {
        /// None.
        None = "none",
        /// Foreign data in transit.
        Transit = "transit",
        /// A contract with the person.
        Contract = "contract",
        /// Employment.
        Hr = "hr",
        /// An emergency.
        Emergency = "emergency",
        /// A duty by law.
        StatutoryDuty = "statutory_duty",
    }
);

words!(
    /// The route that a filer intends.
    FilingRoute, "route" {
        /// Standard contract.
        Scc = "scc",
        /// Certification.
        Certification = "certification",
        /// Security assessment.
        SecurityAssessment = "security_assessment",
        /// Standard contract of the Greater Bay Area.
        Gba = "gba",
        /// None of them.
        None = "none",
        /// Not decided.
        Unknown = "unknown",
    }
);

words!(
    /// A group of persons.
    Group, "group" {
        /// Younger than 14.
        MinorsUnder14 = "minors_under_14",
        /// Students.
        Students = "students",
        /// Old persons.
        Elderly = "elderly",
        /// Patients.
        Patients = "patients",
        /// Employees.
        Employees = "employees",
        /// Persons of another kind.
        Other = "other",
    }
);

words!(
    /// Standard by which sensitive information is classed.
    Taxonomy, "taxonomy" {
        /// GB/T 45574-2025.
        Gbt45574 = "gbt45574",
        /// GB/T 35273-2020.
        Gbt35273 = "gbt35273",
    }
);

#[allow(clippy::derivable_impls)] // A value of the macro cannot be marked as the default.
impl Default for Taxonomy {
    fn default() -> Taxonomy {
        Taxonomy::Gbt45574
    }
}

words!(
    /// Role of a column.
    Role, "role" {
        /// Names a person by itself.
        DirectIdentifier = "direct_identifier",
        /// Helps to name a person.
        QuasiIdentifier = "quasi_identifier",
        /// Stands in an identifier's place.
        Token = "token",
        /// What is to be kept from others.
        Sensitive = "sensitive",
        /// None of these.
        Other = "other",
    }
);

words!(
    /// Class of sensitive information of a column.
    SensitiveClass, "class" {
        /// Not sensitive.
        None = "none",
        /// Biometric.
        Biometric = "biometric",
        /// Religion.
        Religion = "religion",
        /// A specific identity.
        SpecificIdentity = "specific_identity",
        /// Health.
        Health = "health",
        /// Financial accounts.
        Finance = "finance",
        /// Whereabouts.
        Whereabouts = "whereabouts",
        /// Of minors.
        Minor = "minor",
        /// Another class.
        OtherSensitive = "other_sensitive",
    }
);

words!(
    /// What was done to a column.
    Transform, "transform" {
        /// It was released as it is.
        Kept = "kept",
        /// It was left out.
        Removed = "removed",
        /// It was made coarser.
        Generalized = "generalized",
        /// Cells were left out.
        Suppressed = "suppressed",
        /// It was changed at random.
        Perturbed = "perturbed",
        /// Tokens stand in its place.
        Pseudonymized = "pseudonymized",
        /// It was made anew.
        Synthesized = "synthesized",
        /// Sums stand in its place.
        Aggregated = "aggregated",
        /// It was encrypted.
        Encrypted = "encrypted",
    }
);

words!(
    /// What became of a mapping table or a key.
    Secret, "secret" {
        /// There never was one.
        None = "none",
        /// It was destroyed.
        Destroyed = "destroyed",
        /// Somebody has it.
        Held = "held",
    }
);

words!(
    /// Impact on persons.
    Impact, "impact" {
        /// Low.
        Low = "low",
        /// Medium.
        Medium = "medium",
        /// High.
        High = "high",
        /// Severe.
        Severe = "severe",
    }
);

words!(
    /// Likelihood.
    Likelihood, "likelihood" {
        /// Low.
        Low = "low",
        /// Medium.
        Medium = "medium",
        /// High.
        High = "high",
        /// Very high.
        VeryHigh = "very_high",
    }
);

words!(
    /// A correction of the rating.
    AdjustRule, "adjust" {
        /// Sensitive information of many persons: impact one level up.
        SensitiveScale = "sensitive_scale",
        /// Persons who need protection: impact one level up.
        VulnerableGroup = "vulnerable_group",
        /// De-identification lowers the sensitivity: impact one level down.
        Deidentified = "deidentified",
        /// Complete measures in spite of many persons: likelihood one level down.
        Measures = "measures",
    }
);

impl super::Model {
    /// The same in evidence and policies.
    pub fn sharing(self) -> crate::evidence::SharingName {
        match self {
            Self::Public => crate::evidence::SharingName::Public,
            Self::Controlled => crate::evidence::SharingName::Controlled,
            Self::Enclave => crate::evidence::SharingName::Enclave,
        }
    }
}
