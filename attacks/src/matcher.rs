//! What makes a release record the answer to what is known of a person.

use crate::agreement::AgreementPlan;
use crate::neighbors::SearchPlan;

/// How what an attacker knows is compared with the records of the release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Matcher {
    /// The nearest records, by the distance of [`crate::neighbors`].
    #[default]
    Distance,
    /// The records that agree on most that is rare: the largest weighted agreement (METHOD section 3b).
    Agreement,
}

impl Matcher {
    /// The name used in evidence.
    pub fn name(self) -> &'static str {
        match self {
            Matcher::Distance => "distance",
            Matcher::Agreement => "agreement",
        }
    }
}

/// How the answers were searched for, and why so.
#[derive(Debug, Clone, PartialEq)]
pub enum Search {
    /// By distance.
    Distance(SearchPlan),
    /// By weighted agreement.
    Agreement(AgreementPlan),
}

impl Search {
    /// Columns that were compared, as columns of the tables.
    pub fn columns(&self) -> &[usize] {
        match self {
            Search::Distance(plan) => &plan.columns,
            Search::Agreement(plan) => &plan.columns,
        }
    }
}
