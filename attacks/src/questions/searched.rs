//! What is searched for the answers to questions, planned before anybody asks.

use crate::agreement::{self, Sample, Weights};
use crate::matcher::Matcher;
use crate::neighbors::Profiles;
use crate::table::Tables;
use crate::targets::TargetRows;

/// Whose rows are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Release {
    /// The release under test.
    Anonymized,
    /// The original, each target's own rows left out: what the data of everybody else tell (METHOD section 5, *nonmember*). Only
    /// the original's rows are targets then.
    Original,
}

impl Release {
    /// Its distinct records on some columns.
    pub fn profiles<'t>(self, tables: &'t Tables, columns: &[usize]) -> Profiles<'t> {
        match self {
            Release::Anonymized => Profiles::over(tables, &tables.anonymized, columns),
            Release::Original => Profiles::over(tables, &tables.original, columns),
        }
    }
}

/// The records that are searched, and how.
pub(crate) struct Searched<'p> {
    pub tables: &'p Tables,
    pub columns: &'p [usize],
    /// The distinct records.
    pub profiles: &'p Profiles<'p>,
    /// Whether the rows of the person whom a question is about are among them, and are no answer to it.
    pub leaves_out: bool,
    /// What agreement is worth, where that is what counts.
    pub(super) agreement: Option<agreement::Planned<'p>>,
}

impl<'p> Searched<'p> {
    /// The records of the release under test on some columns, for what all these persons ask.
    pub fn new(
        tables: &'p Tables,
        columns: &'p [usize],
        profiles: &'p Profiles<'p>,
        matcher: Matcher,
        everybody: &TargetRows,
    ) -> Searched<'p> {
        let searched = Searched::about(tables, columns, profiles);
        match matcher {
            Matcher::Agreement if !profiles.is_empty() => searched.by_agreement(everybody),
            _ => searched,
        }
    }

    /// The records of everybody else on some columns: found under the costs that the attacker on the release learned, or by distance where
    /// there are none. What is compared with that attacker must not differ by what was learned.
    pub fn of_others(
        tables: &'p Tables,
        columns: &'p [usize],
        profiles: &'p Profiles<'p>,
        costs: Option<&[f64]>,
    ) -> Searched<'p> {
        let costs = costs.filter(|_| !profiles.is_empty());
        let agreement = costs.map(|costs| agreement::plan_under(tables, profiles, columns, costs));
        Searched { tables, columns, profiles, leaves_out: true, agreement }
    }

    /// What disagreement costs in each of the columns, where agreement is what counts.
    pub fn costs(&self) -> Option<&[f64]> {
        self.agreement.as_ref().map(|planned| planned.plan.costs.as_slice())
    }

    /// Records of which none is left out, found by distance.
    pub fn about(tables: &'p Tables, columns: &'p [usize], profiles: &'p Profiles<'p>) -> Searched<'p> {
        Searched { tables, columns, profiles, leaves_out: false, agreement: None }
    }

    /// The same, found by what agreement with them is worth to all these persons. Not of no record.
    pub fn by_agreement(self, everybody: &TargetRows) -> Searched<'p> {
        let planned = agreement::plan(self.tables, self.profiles, self.columns, &self.sample(everybody));
        Searched { agreement: Some(planned), ..self }
    }

    /// What agreement is worth, where that is what counts.
    pub fn weights(&self) -> Option<&Weights<'p>> {
        self.agreement.as_ref().map(|planned| planned.index.weights())
    }

    /// A sample of what all these persons ask.
    fn sample(&self, everybody: &TargetRows) -> Sample {
        // All codes of everybody once more would be much memory, and of a million persons a few hundred are kept.
        Sample::of(everybody.len(), |target, known| {
            known.extend(self.columns.iter().map(|column| everybody.code(self.tables, *column, target)));
        })
    }
}
