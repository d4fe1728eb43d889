//! Subgroups of persons: whom does a mean over everybody hide?
//!
//! A release that exposes 1 % of its persons and among them everybody of a small group passes any limit on the mean. Every
//! attack on targets is therefore counted again for parts of the original, and for the same parts of the control:
//!
//! * *outliers*: the 1 % and the 5 % of the original farthest from their nearest other original (METHOD section 6, *Groups*).
//!   Who is far from everybody has the most to lose: a generator that keeps this person's record keeps the person
//!   (Stadler, Oprisanu & Troncoso 2022, USENIX Security, on outliers as targets). Persons of the control belong to them when
//!   they are as far from their nearest original;
//! * *holders of rare values*: who has, in some column of categories, a value that at most 1 % of the original have;
//! * *the parts of a column* that was asked for: the holders of each of its values, or the fifths of a column of numbers.
//!
//! The risks of the parts are estimated as everybody's are. They hold at once for all parts and attackers of an attack at the level
//! 1 − α/(K·G) of K attackers and G parts (Bonferroni; Miller 1981, Simultaneous Statistical Inference, section 1.4).
//!
//! Values are not told, but the place of a value among the column's values by how many persons hold it.

use crate::AttackError;
use crate::outcome::{Attempt, Attempts, Outcomes, Tally};
use crate::progress::Progress;
use crate::stats::risk::{Risk, RiskModel};
use crate::table::{Table, Tables};
use crate::targets::TargetRows;
use rayon::prelude::*;

mod columns;
mod outliers;
#[cfg(test)]
mod test;

/// The shares of the original that are called outliers.
pub const OUTLIERS: [f64; 2] = [0.01, 0.05];
/// A value is rare when at most this share of the original hold it.
pub const RARE: f64 = 0.01;
/// Fewest attacked persons of a part whose risk is estimated.
pub const FEWEST_PERSONS: u64 = 20;

/// What makes persons a subgroup.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Who {
    /// Among this share of the original, they are farthest from their nearest other original.
    Outliers {
        /// The share.
        share: f64,
    },
    /// They hold a value that at most [`RARE`] of the original hold, in some column of categories.
    RareValues,
    /// They hold one value of a column.
    Value {
        /// The column.
        column: usize,
        /// The value's place among the column's values, the one that most persons hold being the first.
        rank: u32,
    },
    /// They hold none of the values of a column that are parts of their own.
    OtherValues {
        /// The column.
        column: usize,
    },
    /// Their number lies in one fifth of those of the original.
    Fifth {
        /// The column.
        column: usize,
        /// Which, from 1, the smallest numbers first.
        fifth: u32,
    },
}

/// Who belongs to a part.
#[derive(Debug, Clone)]
struct Subgroup {
    who: Who,
    /// Whether each row of the original does.
    original: Vec<bool>,
    /// Whether each row of the control does.
    control: Option<Vec<bool>>,
}

/// Which parts are looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Outliers and holders of rare values.
    pub exposed: bool,
    /// Columns whose parts are looked at.
    pub columns: Vec<usize>,
}

/// The parts of some tables' persons.
#[derive(Debug, Clone, Default)]
pub struct Subgroups(Vec<Subgroup>);

/// One part's counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SubgroupCounts {
    /// Whose.
    pub who: Who,
    /// On its persons in the original.
    pub main: Tally,
    /// On its persons in the control.
    pub control: Option<Tally>,
    /// On its persons in the original, from everybody else's records.
    pub nonmember: Option<Tally>,
}

impl SubgroupCounts {
    /// The part's risk; `None` where it cannot be told, or is of fewer than [`FEWEST_PERSONS`] persons.
    pub fn risk(&self, confidence: f64) -> Option<Risk> {
        let enough = self.main.attempted >= FEWEST_PERSONS;
        enough.then(|| RiskModel::of_targets(self.main, self.control, self.nonmember).estimate(confidence))?
    }
}

impl Wanted {
    /// Whether all columns exist.
    ///
    /// # Errors
    /// When one does not.
    pub fn check(&self, tables: &Tables) -> Result<(), AttackError> {
        match self.columns.iter().all(|column| *column < tables.columns.len()) {
            true => Ok(()),
            false => Err(AttackError::Attacker("subgroups: a column is out of range".to_owned())),
        }
    }
}

impl Subgroups {
    /// The parts that are wanted and that exist in these tables.
    pub fn of(tables: &Tables, wanted: &Wanted, progress: &dyn Progress) -> Subgroups {
        let mut all = Vec::new();
        if wanted.exposed {
            all.extend(outliers::find(tables, progress));
            all.extend(columns::holders_of_rare_values(tables));
        }
        all.extend(wanted.columns.iter().flat_map(|column| columns::parts(tables, *column)));
        // A part of nobody, or of everybody, tells nothing.
        all.retain(|part| part.original.contains(&true) && part.original.contains(&false));
        Subgroups(all)
    }

    /// The counts of each part among attempts on some targets; `effect` is the design effect of all of these attempts.
    pub fn counts(
        &self,
        tables: &Tables,
        targets: &TargetRows,
        attempts: &Attempts,
        outcomes: Outcomes,
        effect: f64,
    ) -> Vec<SubgroupCounts> {
        let count = |part: &Subgroup| {
            let of = |table: &Table, rows: &[u32], attempts: &[Attempt], members: &[bool]| {
                Tally::of_part(attempts, outcomes, table, rows, |row| members[row as usize])
            };
            let original = |attempts: &[Attempt]| of(&tables.original, &targets.original, attempts, &part.original);
            let control = tables.control.as_ref().zip(targets.control.as_ref()).zip(part.control.as_ref());
            let control = control
                .zip(attempts.control.as_ref())
                .map(|(((table, rows), members), attempts)| of(table, rows, attempts, members).of_fewer(effect));
            SubgroupCounts {
                who: part.who,
                main: original(&attempts.main).of_fewer(effect),
                control,
                nonmember: attempts.nonmember.as_deref().map(|attempts| original(attempts).of_fewer(effect)),
            }
        };
        let counts: Vec<SubgroupCounts> = self.0.par_iter().map(count).collect();
        counts.into_iter().filter(|counts| counts.main.attempted > 0).collect()
    }
}
