//! `reident/manifest/v1`: what the filer says and no tool can measure, from a TOML file.
//!
//! [`Manifest::parse`] and [`check`] list everything that is wrong at once, with line and key. An answer that was not given is `unknown`, and
//! unknown never counts as the favourable answer.

use std::collections::BTreeMap;

mod agree;
mod checks;
mod countries;
mod fault;
mod filing;
mod keys;
mod looks;
mod node;
mod processing;
mod read;
mod template;
#[cfg(test)]
mod test;
mod uscc;
mod words;

pub use checks::{Measured, check};
pub use fault::{Code, Fault};
pub use filing::*;
pub use processing::*;
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

    /// Whether the filer intends a route, says that none is needed, or does not say.
    pub fn intended(&self) -> FilingRoute {
        self.filing.route.unwrap_or(FilingRoute::Unknown)
    }

    /// Whether any column holds sensitive information, or the persons' age makes all of it sensitive.
    pub fn is_sensitive(&self) -> bool {
        self.columns.iter().any(|column| column.class.is_some_and(|class| class != SensitiveClass::None))
            || self.dataset.groups.contains(&Group::MinorsUnder14)
    }
}
