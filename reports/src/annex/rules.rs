//! The legal numbers, from the versioned data file `reports/rules/cn-2026-11.toml`: code holds none of them.
//!
//! Each number carries a mark that says what its source is worth, and the source itself; every document that prints the number
//! prints the mark beside it.

use super::calendar::Date;
use super::document::Mark;
use crate::message::Language;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A value with its source and what that source is worth.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marked<T> {
    /// The value.
    pub value: T,
    /// What its source is worth.
    pub mark: Mark,
    /// The source in Chinese.
    pub source_zh: String,
    /// The source in English.
    pub source_en: String,
}

impl<T> Marked<T> {
    /// The source in a language.
    pub fn source(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.source_zh,
            Language::English => &self.source_en,
        }
    }
}

/// Where a rule without a number of its own comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What the source is worth.
    pub mark: Mark,
    /// The source in Chinese.
    pub source_zh: String,
    /// The source in English.
    pub source_en: String,
}

impl Source {
    /// The source in a language.
    pub fn words(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.source_zh,
            Language::English => &self.source_en,
        }
    }
}

/// All rules of one version.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Name of the version.
    pub id: String,
    /// Day of the version.
    #[serde(deserialize_with = "date")]
    pub issued: Date,
    /// Bands of persons.
    pub volume: Volume,
    /// Deadlines and retention.
    pub time: Time,
    /// Probability of the context.
    pub context: Context,
    /// Re-identification risk and levels.
    pub gbt42460: Gbt42460,
    /// Health data.
    pub health: Health,
    /// What documents show.
    pub report: Report,
    /// The rating of the impact on persons.
    pub rating: Rating,
    /// Sources of the rows of the route table.
    pub routes: BTreeMap<String, Source>,
    /// Sources of the triggers.
    pub triggers: BTreeMap<String, Source>,
    /// Standards that a manifest may name.
    pub standards: BTreeMap<String, Standard>,
    /// Clauses of the map.
    pub clauses: Vec<Clause>,
}

/// Bands of persons, per calendar year.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// From so many persons on: security assessment.
    pub assessment_persons: Marked<u64>,
    /// From so many persons with sensitive information on: security assessment.
    pub assessment_sensitive: Marked<u64>,
    /// From so many persons on: contract or certification.
    pub filing_persons: Marked<u64>,
    /// From so many persons with sensitive information on: contract or certification.
    pub filing_sensitive: Marked<u64>,
    /// Automotive: important data when more subjects than this.
    pub automotive_persons: Marked<u64>,
    /// Per cent below a limit within which to warn.
    pub warn_percent: Marked<u64>,
    /// Per cent of growth up to which an assessment result is extended.
    pub growth_percent: Marked<u64>,
}

/// Deadlines and retention.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Time {
    /// Years that reports and records are kept.
    pub retention_years: Marked<u32>,
    /// Years that they are kept after the end of a certificate or a result.
    pub retention_after_result_years: Marked<u32>,
    /// Months within which an assessment must have ended before filing: contract and security assessment.
    pub fresh_months: Marked<u32>,
    /// The same for certification.
    pub fresh_months_certification: Marked<u32>,
    /// Working days from the contract's effect to its filing.
    pub contract_filing_working_days: Marked<u32>,
    /// Months before its end at which a certificate is renewed at the latest.
    pub certificate_renewal_months: Marked<u32>,
    /// Years that a certificate holds.
    pub certificate_years: Marked<u32>,
    /// Working days before its end at which a result is extended at the latest.
    pub result_renewal_working_days: Marked<u32>,
    /// Years that a result holds.
    pub result_years: Marked<u32>,
    /// Months from being told that data are important to the declaration.
    pub important_data_months: Marked<u32>,
    /// Months from one review to the next.
    pub review_months: Marked<u32>,
    /// The longest such interval.
    pub review_months_most: Marked<u32>,
    /// Days taken off working days that are counted backward.
    pub holiday_days: Marked<u32>,
}

/// Probability of the context, GB/T 37964 annex B.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// Least number of acquaintances of an inadvertent recognition.
    pub inadvertent_least: Marked<u64>,
    /// Largest one.
    pub inadvertent_most: Marked<u64>,
    /// Table B.1: controls (high, medium, low) by motive and capacity (low, medium, high).
    pub deliberate: Marked<[[f64; 3]; 3]>,
    /// Probability of an attempt on a public release.
    pub public_attempt: Marked<f64>,
}

/// Re-identification risk and levels, GB/T 42460.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gbt42460 {
    /// Denominator of the cut-off of a public release.
    pub cut_off_public: Marked<u64>,
    /// Of a controlled one.
    pub cut_off_controlled: Marked<u64>,
    /// Of an enclave.
    pub cut_off_enclave: Marked<u64>,
    /// Acceptable overall risk; the risk must lie below.
    pub threshold: Marked<f64>,
    /// Least level of what counts as de-identified.
    pub least_level: Marked<u8>,
}

/// Health data, GB/T 39725.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Health {
    /// Least size of a class.
    pub class_size: Marked<u64>,
}

/// What documents show.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Counts of persons below this are never shown in a filing.
    pub least_count: Marked<u64>,
    /// Rise of a risk over an earlier run that is still acceptable.
    pub risk_margin: Marked<f64>,
}

/// The rating, GB/T 39335 annex D.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// From so many persons on sensitive information raises the impact.
    pub sensitive_persons: Marked<u64>,
    /// Above so many persons the likelihood is at least high.
    pub scale_high: Marked<u64>,
    /// Above so many persons the likelihood is at least medium.
    pub scale_medium: Marked<u64>,
    /// Groups of persons that raise the impact.
    pub vulnerable: Marked<Vec<String>>,
    /// Table D.5: impact (low to severe) by likelihood (low to very high).
    pub matrix: Marked<[[super::rating::Grade; 4]; 4]>,
    /// How the aspects of likelihood are combined.
    pub combination: Marked<String>,
}

/// A standard that a manifest may name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// What its text is known from.
    pub mark: Mark,
    /// Routes that name it when the manifest names none.
    pub routes: Vec<String>,
}

impl Standard {
    /// The title in a language.
    pub fn title(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.title_zh,
            Language::English => &self.title_en,
        }
    }
}

/// A clause of the map.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Name for machines.
    pub id: String,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// What its text is known from.
    pub mark: Mark,
    /// Sections that answer it, by their numbers; 0 for the cover.
    pub sections: Vec<usize>,
    /// What its status is computed from.
    pub needs: super::clauses::Needs,
}

impl Clause {
    /// The title in a language.
    pub fn title(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.title_zh,
            Language::English => &self.title_en,
        }
    }
}

static NEWEST: LazyLock<Rules> = LazyLock::new(|| {
    toml::from_str(include_str!("../../rules/cn-2026-11.toml")).expect("the rules are checked by a test")
});

impl Rules {
    /// The newest rules that this program knows.
    pub fn newest() -> &'static Rules {
        &NEWEST
    }
}

fn date<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let found = toml::value::Datetime::deserialize(deserializer)?;
    let date = found.date.and_then(|it| Date::from_ymd_opt(it.year.into(), it.month.into(), it.day.into()));
    date.ok_or_else(|| serde::de::Error::custom("not a date"))
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::annex::{route::Row, triggers::Trigger};

    #[test]
    fn the_rules_are_whole_and_name_their_sources() {
        let rules = Rules::newest();
        assert_eq!((rules.id.as_str(), rules.issued.to_string().as_str()), ("cn-2026-11", "2026-11-26"));
        let rows: Vec<&str> = rules.routes.keys().map(String::as_str).collect();
        let mut known: Vec<&str> = Row::ALL.iter().map(|row| row.id()).collect();
        known.sort_unstable();
        assert_eq!(rows, known);
        for trigger in Trigger::ALL {
            assert!(rules.triggers.contains_key(trigger.id()), "{trigger:?}");
        }
        assert_eq!(rules.triggers.len(), Trigger::ALL.len());
        for source in rules.routes.values().chain(rules.triggers.values()) {
            assert!(!source.source_zh.is_empty() && !source.source_en.is_empty());
        }
        // What only a secondary source says must not be called confirmed.
        for marked in [&rules.gbt42460.cut_off_public, &rules.gbt42460.cut_off_controlled, &rules.health.class_size] {
            assert_eq!(marked.mark, Mark::Secondary);
        }
    }
}
