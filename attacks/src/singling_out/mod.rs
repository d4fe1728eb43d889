//! Singling out (分离): does the release let somebody write down a condition that exactly one person meets?
//!
//! # The attack
//! Predicates are made from the release alone and judged on the original. A predicate succeeds when exactly one person
//! of the original meets it; equal rows of different persons are different persons.
//!
//! * *univariate*: a value that one row of the release holds, the only missing value of a column, a numeric
//!   extreme that one row holds; drawn from the columns in turn, so that one column of many values cannot fill the quota;
//! * *multivariate*: a random release row and k random columns, joined into a condition that isolates that
//!   row in the release.
//!
//! # Control
//! The same predicates are counted in the control. Whether a predicate isolates somebody by chance depends on the size
//! of the population, so a control of another size is not compared as it stands: see
//! [`IsolationCounts`].
//!
//! # Baseline
//! Predicates over the same columns whose values and operators are drawn independently from the release's marginals.
//!
//! # Sources
//! Cohen & Nissim (2020), PNAS 117:8344, for predicate singling out; Article 29 Working Party, Opinion 05/2014 (WP216),
//! section 2.2.1, for the criterion.

mod baseline;
mod classes;
mod counting;
mod index;
pub mod isolation;
mod maxima;
mod multivariate;
mod predicate;
mod side;
mod tests;
mod univariate;

pub use counting::Hit;
pub use predicate::{Condition, Predicate, Test};

use crate::AttackError;
use crate::attack::{Attack, Attempted, Counts, HitRows, Hits, Played, Scene, left};
use crate::outcome::Baseline;
use crate::outcome::Tally;
use crate::parts::Parts;
use crate::progress::{Progress, go_on};
use crate::sampling::{Stream, Task};
use crate::stats::effective::effective_attempts;

use crate::stats::risk::{Risk, RiskModel};
use crate::table::{Groups, Table, Tables};
use crate::targets::TargetRows;
use counting::{Counting, count};
use index::RowIndex;
use isolation::IsolationCounts;
use rayon::prelude::*;
use side::Side;
use std::collections::HashMap;
use std::sync::OnceLock;
use tests::Tests;

#[cfg(test)]
mod test;

/// How an attacker makes predicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// One column at a time.
    Univariate,
    /// This many random columns at a time.
    Multivariate(usize),
}

/// An attacker who isolates persons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinglingOutAttacker {
    /// How predicates are made.
    pub mode: Mode,
    /// Columns predicates may use, ascending.
    pub columns: Vec<usize>,
    /// Predicates asked for.
    pub predicates: usize,
}

/// What an attacker's predicates came to.
#[derive(Debug, Clone, PartialEq)]
pub struct SinglingOutOutcome {
    /// Predicates that isolate a person of the original. `attempted` is the number of predicates that exist.
    pub main: Tally,
    /// Predicates that isolate a person of the control, as counted, whatever its size.
    pub control: Option<Tally>,
    /// Predicates drawn from the marginals.
    pub baseline: Option<Baseline>,
    /// What the risk is estimated from when the control is of another size.
    pub null: Option<IsolationCounts>,
    /// Predicates that exist in what was examined, before the wanted number was drawn from them.
    pub exist: u64,
    /// Distinct persons of the original whom a predicate isolates, by number, ascending.
    pub isolated: Vec<u32>,
}

impl SinglingOutOutcome {
    /// The risk at a two-sided confidence level; `None` when undetermined.
    pub fn estimate(&self, confidence: f64) -> Option<Risk> {
        match &self.null {
            Some(null) => null.estimate(confidence),
            None => RiskModel::of_targets(self.main, self.control, None).estimate(confidence),
        }
    }

    /// The rows of the persons who are isolated. How many of the control are by chance is not comparable as it stands.
    fn hits(&self, original: &Table) -> Hits {
        let rows: Vec<u32> = (0..original.rows() as u32).collect();
        let is_isolated = |row: &u32| self.isolated.binary_search(&original.subject(*row as usize)).is_ok();
        let worth = rows.iter().map(|row| f32::from(u8::from(is_isolated(row)))).collect();
        Hits { main: HitRows { rows, worth }, control: None, are_attempts: false }
    }
}

/// What singling out has to tell besides its counts.
#[derive(Debug, Clone, PartialEq)]
pub struct SinglingOutDetail {
    /// Predicates that exist in what was examined, before the wanted number was drawn from them.
    pub exist: u64,
    /// Distinct persons of the original whom a predicate isolates; `None` when nothing was attempted.
    pub persons: Option<u64>,
    /// What the risk is estimated from when the control is of another size.
    pub null: Option<IsolationCounts>,
}

impl Attack for SinglingOutAttacker {
    type Detail = SinglingOutDetail;

    const ATTEMPTS: Attempted = Attempted::Predicates;

    fn check(&self, tables: &Tables) -> Result<(), AttackError> {
        let fail = |why: &str| Err(AttackError::Attacker(format!("singling out: {why}")));
        if self.columns.iter().any(|column| *column >= tables.columns.len()) {
            return fail("a column is out of range");
        }
        if self.columns.is_empty() || self.mode == Mode::Multivariate(0) {
            return fail("a predicate needs at least one column");
        }
        if self.predicates == 0 {
            return fail("at least 1 predicate is needed");
        }
        Ok(())
    }

    /// Predicates are made from the release alone.
    fn known(&self) -> Option<Vec<usize>> {
        None
    }

    fn without(&self, column: usize) -> Option<Self> {
        let columns = left(&self.columns, column)?;
        let needed = if let Mode::Multivariate(columns) = self.mode { columns } else { 1 };
        (columns.len() >= needed).then(|| SinglingOutAttacker { columns, ..self.clone() })
    }

    fn play(attackers: &[&SinglingOutAttacker], scene: &Scene<'_>) -> Vec<Played<SinglingOutDetail>> {
        let prepared = Prepared::new(scene.tables);
        let mut played = Vec::with_capacity(attackers.len());
        let mut used_up = vec![false; attackers.len()];
        let again = |round: u64| attackers.iter().enumerate().map(move |(at, attacker)| (round, at, attacker));
        for (round, at, attacker) in (0..scene.seeds).flat_map(again) {
            if round == 0 {
                scene.progress.attacker();
            }
            // Who tried all that exist would try the same again.
            if used_up[at] {
                continue;
            }
            let item = round * ROUND + at as u64;
            let outcome = attacker.attack_parts(&prepared, scene.seed, item, scene.parts, scene.progress);
            used_up[at] = outcome.exist <= outcome.main.attempted;
            let feasible = outcome.main.attempted > 0;
            let hits = (scene.keep_hits && feasible).then(|| outcome.hits(&scene.tables.original));
            let detail = SinglingOutDetail {
                exist: outcome.exist,
                persons: feasible.then_some(outcome.isolated.len() as u64),
                null: outcome.null,
            };
            let counts = match feasible {
                true => Counts {
                    main: Some(outcome.main),
                    control: outcome.control,
                    nonmember: None,
                    baseline: outcome.baseline,
                },
                false => Counts::default(),
            };
            played.push(Played { counts, hits, ..Played::infeasible(at, detail) });
        }
        played
    }

    fn own_risks(detail: &SinglingOutDetail, levels: &[f64]) -> Option<Vec<Option<Risk>>> {
        detail.null.as_ref().map(|null| null.estimates(levels))
    }
}

/// Attackers of one round of draws have numbers below this.
const ROUND: u64 = 1 << 32;

impl SinglingOutAttacker {
    /// The predicates of this attacker, those of the baseline, and how many exist.
    fn predicates(
        &self,
        prepared: &Prepared<'_>,
        seed: u64,
        item: u64,
        progress: &dyn Progress,
    ) -> ([Vec<Predicate>; 2], u64) {
        let mut stream = Stream::new(seed, Task::Predicates, item);
        let (predicates, exist) = match self.mode {
            Mode::Univariate => univariate::predicates(prepared, &self.columns, self.predicates, &mut stream),
            Mode::Multivariate(columns) => {
                let found =
                    multivariate::predicates(prepared, &self.columns, columns, self.predicates, &mut stream, progress);
                (found.predicates, found.exist)
            }
        };
        let mut stream = Stream::new(seed, Task::BaselinePredicates, item);
        let random = baseline::predicates(prepared, &predicates, &mut stream);
        ([predicates, random], exist)
    }

    /// The predicates that isolate a person of the original: those of the attack, which [`SinglingOutAttacker::attack`] counts as successes, and
    /// those of the baseline.
    pub fn isolating(
        &self,
        prepared: &Prepared<'_>,
        seed: u64,
        item: u64,
        progress: &dyn Progress,
    ) -> [Vec<Predicate>; 2] {
        let (both, _) = self.predicates(prepared, seed, item, progress);
        prepared.original.prepare(&self.columns);
        both.map(|predicates| {
            let hits = count(&predicates, &prepared.tables.original, &prepared.original, None, Some(2), progress);
            predicates
                .into_iter()
                .zip(hits)
                .filter(|(_, hit)| hit.persons == 1)
                .map(|(predicate, _)| predicate)
                .collect()
        })
    }

    /// Makes predicates and counts whom they isolate. `item` tells this attacker's random numbers from others'.
    pub fn attack(&self, prepared: &Prepared<'_>, seed: u64, item: u64, progress: &dyn Progress) -> SinglingOutOutcome {
        self.attack_parts(prepared, seed, item, &Parts::whole(), progress)
    }

    /// The same, counting in each part of the persons by itself.
    fn attack_parts(
        &self,
        prepared: &Prepared<'_>,
        seed: u64,
        item: u64,
        parts: &Parts,
        progress: &dyn Progress,
    ) -> SinglingOutOutcome {
        progress.begin("singling out", (self.predicates as u64).saturating_mul(2));
        go_on(progress);
        let ([predicates, random], exist) = self.predicates(prepared, seed, item, progress);
        progress.advance(self.predicates as u64);

        let tables = prepared.tables;
        go_on(progress);
        prepared.original.prepare(&self.columns);
        prepared.control.iter().for_each(|control| control.prepare(&self.columns));
        let same_size = prepared.persons[0] == prepared.persons[1] || prepared.control.is_none();
        let counting = Counting { prepared, predicates: &predicates, random: &random, same_size, progress };
        let matches = parts.play(&counting, &TargetRows::everybody(tables));
        let by_chance = matches.random.iter().filter(|hit| hit.persons == 1).count();
        let baseline =
            (!random.is_empty()).then_some(Baseline { attempted: random.len() as u64, successes: by_chance as f64 });
        let (main, isolated) = tally(&matches.original);
        let Some(control_hits) = matches.control else {
            return SinglingOutOutcome { main, control: None, baseline, null: None, exist, isolated };
        };
        let (control, _) = tally(&control_hits);
        let null = (!same_size).then(|| {
            IsolationCounts::new(prepared.persons, tables.anonymized.rows() as u64, &matches.original, &control_hits)
        });
        SinglingOutOutcome { main, control: Some(control), baseline, null, exist, isolated }
    }
}

/// The tables prepared for making and counting predicates; shared by all attackers. What none of them needs is not
/// prepared.
pub struct Prepared<'a> {
    pub(crate) tables: &'a Tables,
    /// Equal release rows as one, numbered in the order of their values; made when first asked for, which must not be from within parallel work: all threads make
    /// them, and one that waits for the others could be given work that asks for them again.
    distinct: OnceLock<Groups>,
    /// Made when first asked for, each by one thread, which waits for no other.
    sides: Vec<OnceLock<Side>>,
    tests: Vec<Tests<'a>>,
    release: RowIndex<'a>,
    original: RowIndex<'a>,
    control: Option<RowIndex<'a>>,
    /// Persons in the original and in the control.
    persons: [u64; 2],
}

impl<'a> Prepared<'a> {
    /// Of these tables.
    pub fn new(tables: &'a Tables) -> Prepared<'a> {
        let persons = |table: &Table| match &table.subjects {
            Some(subjects) => subjects.iter().max().map_or(0, |max| u64::from(*max) + 1),
            None => table.rows() as u64,
        };
        Prepared {
            tables,
            distinct: OnceLock::new(),
            sides: tables.columns.iter().map(|_| OnceLock::new()).collect(),
            tests: tables.columns.iter().enumerate().map(|(at, column)| Tests::new(at, &column.domain)).collect(),
            release: RowIndex::new(tables, &tables.anonymized),
            original: RowIndex::new(tables, &tables.original),
            control: tables.control.as_ref().map(|control| RowIndex::new(tables, control)),
            persons: [persons(&tables.original), tables.control.as_ref().map_or(0, persons)],
        }
    }

    fn distinct(&self) -> &Groups {
        let release = &self.tables.anonymized;
        let columns = (0..release.columns()).map(|column| release.column(column));
        let in_order = |rows| self.tables.in_order(release, rows);
        self.distinct.get_or_init(|| Groups::of(release.rows(), columns).renumbered(in_order))
    }

    fn condition(&self, column: usize, test: Test) -> Condition {
        self.tests[column].condition(test)
    }

    fn sides(&self, columns: &[usize]) -> Vec<(usize, &Side)> {
        let (release, distinct) = (&self.tables.anonymized, self.distinct());
        let side = |column: usize| Side::new(&self.tables.columns[column].domain, release.column(column), distinct);
        columns.par_iter().map(|column| (*column, self.sides[*column].get_or_init(|| side(*column)))).collect()
    }
}

/// What the hits count, and which persons are isolated.
fn tally(hits: &[Hit]) -> (Tally, Vec<u32>) {
    let mut per_person: HashMap<u32, u64> = HashMap::new();
    for hit in hits.iter().filter(|hit| hit.persons == 1) {
        *per_person.entry(hit.kept[0]).or_default() += 1;
    }
    let mut isolated: Vec<u32> = per_person.keys().copied().collect();
    isolated.sort_unstable();
    let tally = Tally {
        attempted: hits.len() as u64,
        successes: per_person.values().sum(),
        expected: per_person.values().sum::<u64>() as f64,
        ambiguous: None,
        wrong: None,
        effective: effective_attempts(hits.len() as u64, per_person.into_values()),
        // Predicates are no sample of the table's records.
        population: hits.len() as u64,
    };
    (tally, isolated)
}
