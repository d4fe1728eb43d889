//! Answers to claims: what is said about the targets of a question.

use super::{Claim, Truth};
use crate::neighbors::{Nearest, NeighborIndex};
use crate::progress::Progress;
use crate::questions::Questions;
use crate::table::{LEFT_OUT, Lists};
use crate::targets::TargetRows;

/// Scores the answers of questions by the truth.
pub(super) struct Scorer<'q, 't> {
    truth: &'q Truth,
    targets: &'q TargetRows,
    questions: &'q Questions<'t>,
    /// Targets of each question.
    pub asking: Lists,
    /// Rows of each profile, where a record stands in the release twice.
    rows: Option<Lists>,
}

impl<'q, 't> Scorer<'q, 't> {
    pub fn new(truth: &'q Truth, targets: &'q TargetRows, questions: &'q Questions<'t>) -> Scorer<'q, 't> {
        let rows = (truth.most_rows() > 1).then(|| questions.profiles.rows());
        Scorer { truth, targets, questions, asking: questions.groups.members(), rows }
    }

    /// The claim about each target: `set` fills in the profiles that are left for a question, ascending, and tells the margin
    /// and whether they are compatible.
    pub fn ask(
        &self,
        index: &dyn NeighborIndex,
        neighbors: usize,
        progress: &dyn Progress,
        set: impl Fn(u32, &Nearest, &mut Vec<u32>) -> (f64, bool) + Sync,
    ) -> Vec<Option<Claim>> {
        let claims =
            self.questions.ask(index, neighbors, progress, Vec::new, |left: &mut Vec<u32>, question, found| {
                left.clear();
                let (margin, is_compatible) = set(question, found, left);
                self.claims(question, left, margin, is_compatible)
            });
        let mut of_target = vec![None; self.targets.len()];
        for (question, claims) in claims.into_iter().enumerate() {
            for (target, claim) in self.asking.of(question as u32).iter().zip(claims) {
                of_target[*target as usize] = Some(claim);
            }
        }
        of_target
    }

    /// The claim about each target of a question who is left with some profiles, ascending; nobody's where there are none.
    pub fn claims(&self, question: u32, left: &[u32], margin: f64, is_compatible: bool) -> Vec<Claim> {
        let records = self.records(left);
        let claim = |target: &u32| Claim {
            records,
            is_right: self.is_right(*target, left),
            margin: if records == 1 { margin } else { 0.0 },
            is_compatible,
        };
        match records {
            0 => Vec::new(),
            _ => self.asking.of(question).iter().map(claim).collect(),
        }
    }

    /// Distinct records of some profiles.
    fn records(&self, profiles: &[u32]) -> u32 {
        match &self.rows {
            None => profiles.iter().map(|profile| self.questions.profiles.multiplicity(*profile)).sum(),
            Some(rows) => {
                let rows = profiles.iter().flat_map(|profile| rows.of(*profile));
                let mut records: Vec<u32> = rows.map(|row| self.truth.record(*row)).collect();
                records.sort_unstable();
                records.dedup();
                records.len() as u32
            }
        }
    }

    /// Whether a record of a target is among some profiles.
    fn is_right(&self, target: u32, profiles: &[u32]) -> bool {
        let Some(row) = self.targets.original.get(target as usize) else { return false };
        let own = self.truth.rows_of(*row).iter().map(|row| self.questions.profiles.of_row()[*row as usize]);
        own.filter(|profile| *profile != LEFT_OUT).any(|profile| profiles.binary_search(&profile).is_ok())
    }
}
