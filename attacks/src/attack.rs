//! What every attack is to an evaluation: who attacks, whether he can, what came of it.
//!
//! An attack lives in a folder of its own. It implements [`Attack`] for its attacker and has a line in the list of
//! [`crate::evaluation`]; everything else — plans, risks, headlines — follows from these two.

use crate::AttackError;
use crate::matcher::Search;
use crate::outcome::{Attempt, Attempts, Baseline, Outcomes, Tally};
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

    /// Plays all attackers of this attack that a plan has, in order. Who draws what he tries is played once for each seed, as
    /// long as there is something new to draw.
    fn play(attackers: &[&Self], scene: &Scene<'_>) -> Vec<Played<Self::Detail>>;

    /// The risks at several levels, where the attack has an estimator of its own; `None` where its counts are estimated by
    /// [`RiskModel`].
    fn own_risks(_detail: &Self::Detail, _levels: &[f64]) -> Option<Vec<Option<Risk>>> {
        None
    }
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
    /// Seed of all random draws.
    pub seed: u64,
    /// How many times an attacker who draws what he tries is played.
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
            nonmember: nonmember.map(|attempts| Tally::of(attempts, outcomes, &tables.original, &targets.original)),
            baseline: Some(attempts.baseline),
        };
        (counts, self.subgroups.counts(tables, targets, attempts, outcomes, effect))
    }

    /// Who was hit, where that is kept.
    pub fn hits(&self, attempts: &Attempts) -> Option<Hits> {
        self.keep_hits.then(|| Hits::of(attempts))
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
        self.main.map(|main| RiskModel::of_targets(main, self.control, self.nonmember))
    }
}

/// One attacker, played once.
#[derive(Debug, Clone, PartialEq)]
pub struct Played<D> {
    /// His position among the attackers that were given.
    pub attacker: usize,
    /// What he achieved.
    pub counts: Counts,
    /// His counts for parts of the persons, where the attack has targets.
    pub subgroups: Vec<SubgroupCounts>,
    /// What only this attack has to tell.
    pub detail: D,
    /// Who was hit, where the attack has targets and it was asked for.
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

/// Whether each target was hit, in the order of the targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hits {
    /// Targets of the original.
    pub main: Vec<bool>,
    /// Targets of the control.
    pub control: Option<Vec<bool>>,
}

impl Hits {
    fn of(attempts: &Attempts) -> Hits {
        let hits = |attempts: &Vec<Attempt>| attempts.iter().map(|attempt| attempt.is_success()).collect();
        Hits { main: hits(&attempts.main), control: attempts.control.as_ref().map(hits) }
    }
}
