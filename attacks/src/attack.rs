//! What every attack is to an evaluation: who attacks, whether the attack can be made, and what came of it.
//!
//! An attack lives in a folder of its own. It implements [`Attack`] for its attacker and has a line in the list of
//! [`crate::evaluation`]; everything else — plans, risks, headlines — follows from these two.

use crate::AttackError;
use crate::matcher::Search;
use crate::outcome::{Attempt, Attempts, Baseline, Outcomes, Tally};
use crate::parts::Parts;
use crate::progress::Progress;
use crate::stats::risk::{Risk, RiskModel};
use crate::subgroups::{SubgroupCounts, Subgroups};
use crate::table::Tables;
use crate::targets::TargetRows;
use std::ops::Deref;

/// An attack, given by the settings of one attacker of it.
pub trait Attack: Clone + PartialEq {
    /// What only this attack has to tell of a run.
    type Detail;

    /// What its attempts are made on.
    const ATTEMPTS: Attempted = Attempted::Targets;

    /// Whether the attacker can be played on these tables.
    ///
    /// # Errors
    /// When a setting does not fit the tables.
    fn check(&self, tables: &Tables) -> Result<(), AttackError>;

    /// Plays all attackers of this attack that a plan has, in order. An attacker who draws what to try is played once for each
    /// seed, as long as there is something new to draw.
    fn play(attackers: &[&Self], scene: &Scene<'_>) -> Vec<Played<Self::Detail>>;

    /// Columns that the attacker knows of a person, ascending; `None` of who knows nothing of anybody.
    fn known(&self) -> Option<Vec<usize>>;

    /// The same attacker on a release without a column; `None` of who then has nothing left to attack with, or to find out.
    fn without(&self, column: usize) -> Option<Self>;

    /// The risks at several levels, where the attack has an estimator of its own; `None` where its counts are estimated by
    /// [`RiskModel`].
    fn own_risks(_detail: &Self::Detail, _levels: &[f64]) -> Option<Vec<Option<Risk>>> {
        None
    }
}

/// The columns that are left of some when one is gone; `None` when none is.
pub(crate) fn left(columns: &[usize], gone: usize) -> Option<Vec<usize>> {
    let left: Vec<usize> = columns.iter().copied().filter(|column| *column != gone).collect();
    (!left.is_empty()).then_some(left)
}

/// A set of columns and one more, ascending.
pub(crate) fn with(known: &[usize], column: usize) -> Vec<usize> {
    let mut columns = known.to_vec();
    columns.push(column);
    columns.sort_unstable();
    columns
}

/// What the attempts of an attack are made on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempted {
    /// Records of the tables, of which a sample may be attacked.
    Targets,
    /// Predicates, of which there may be more than records.
    Predicates,
}

/// On what attackers are played, and how.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The tables.
    pub tables: &'a Tables,
    /// Who is attacked, by attacks on targets.
    pub targets: &'a TargetRows,
    /// How all persons are spread over the parts that are attacked one by one.
    pub parts: &'a Parts,
    /// Seed of all random draws.
    pub seed: u64,
    /// How many times an attacker who draws what to try is played.
    pub seeds: u64,
    /// The parts of the persons for whom attempts are counted again; found when the first attack asks for them.
    pub subgroups: &'a dyn Deref<Target = Subgroups>,
    /// Whether who was hit is kept.
    pub keep_hits: bool,
    /// Told how far the run is.
    pub progress: &'a dyn Progress,
}

impl Scene<'_> {
    /// The counts of attempts on these of the targets: on all, and on each part of the persons.
    pub fn counts(
        &self,
        targets: &TargetRows,
        attempts: &Attempts,
        outcomes: Outcomes,
    ) -> (Counts, Vec<SubgroupCounts>) {
        let tables = self.tables;
        let main = Tally::of(&attempts.main, outcomes, &tables.original, &targets.original);
        if main.attempted == 0 {
            return (Counts::default(), Vec::new());
        }
        let control = tables
            .control
            .as_ref()
            .and_then(|table| Some(Tally::of(attempts.control.as_ref()?, outcomes, table, targets.control.as_ref()?)));
        // Persons who are answered for together are fewer.
        let effect = attempts.design_effect();
        let nonmember = attempts.nonmember.as_ref();
        let counts = Counts {
            main: Some(main.of_fewer(effect)),
            control: control.map(|control| control.of_fewer(effect)),
            nonmember: nonmember
                .map(|attempts| Tally::of(attempts, outcomes, &tables.original, &targets.original).of_fewer(effect)),
            baseline: Some(attempts.baseline),
        };
        (counts, self.subgroups.counts(tables, targets, attempts, outcomes, effect))
    }

    /// Who of these targets was hit, where that is kept.
    pub fn hits(&self, targets: &TargetRows, attempts: &Attempts) -> Option<Hits> {
        self.keep_hits.then(|| Hits::of(targets, attempts))
    }
}

/// The counts that all attacks have.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Counts {
    /// On the original; `None` when there was nothing to attempt, and then all others are, too.
    pub main: Option<Tally>,
    /// On the control.
    pub control: Option<Tally>,
    /// With the original as its own release, each target left out: what everybody else's data tell.
    pub nonmember: Option<Tally>,
    /// What ignoring the release's joint structure achieves.
    pub baseline: Option<Baseline>,
}

impl Counts {
    /// What the main attack is compared with: the control, else everybody else's data, else nothing.
    pub fn reference(&self) -> Option<&Tally> {
        self.control.as_ref().or(self.nonmember.as_ref())
    }

    /// What the risk is estimated from; `None` when there was nothing to attempt.
    pub fn model(&self) -> Option<RiskModel> {
        let model = |main| RiskModel::of_targets(main, self.control, self.nonmember);
        self.main.map(|main| model(main).above(self.baseline.as_ref()))
    }
}

/// One attacker, played once.
#[derive(Debug, Clone, PartialEq)]
pub struct Played<D> {
    /// The attacker's position among those that were given.
    pub attacker: usize,
    /// What the attacker achieved.
    pub counts: Counts,
    /// The attacker's counts for parts of the persons, where the attack has targets.
    pub subgroups: Vec<SubgroupCounts>,
    /// What only this attack has to tell.
    pub detail: D,
    /// Who was hit, where it was asked for.
    pub hits: Option<Hits>,
    /// How the answers were searched for, where the attack searches.
    pub searches: Vec<Search>,
}

impl<D> Played<D> {
    /// Of an attacker who has nothing to attempt.
    pub fn infeasible(attacker: usize, detail: D) -> Played<D> {
        Played { attacker, counts: Counts::default(), subgroups: Vec::new(), detail, hits: None, searches: Vec::new() }
    }
}

/// Who was hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    /// Persons of the original.
    pub main: HitRows,
    /// Persons of the control, where they can be compared with those.
    pub control: Option<HitRows>,
    /// Whether these are the attempts themselves, a row each: another run's on the same targets can be compared with them one by one.
    pub are_attempts: bool,
}

/// Rows of a table that were attacked, and what came of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HitRows {
    /// Their numbers, from 0.
    pub rows: Vec<u32>,
    /// What the attempt on each was worth, from 0 for a miss to 1.
    pub worth: Vec<f32>,
}

impl Hits {
    fn of(targets: &TargetRows, attempts: &Attempts) -> Hits {
        let controls = attempts.control.as_ref().zip(targets.control.as_ref());
        Hits {
            main: HitRows::of(&targets.original, &attempts.main),
            control: controls.map(|(attempts, rows)| HitRows::of(rows, attempts)),
            are_attempts: true,
        }
    }
}

impl HitRows {
    /// Attempts on rows.
    pub fn of(rows: &[u32], attempts: &[Attempt]) -> HitRows {
        HitRows { rows: rows.to_vec(), worth: attempts.iter().map(|attempt| attempt.worth() as f32).collect() }
    }

    /// Whether each row was hit.
    pub fn hits(&self) -> impl Iterator<Item = bool> {
        self.worth.iter().map(|worth| *worth > 0.0)
    }
}
