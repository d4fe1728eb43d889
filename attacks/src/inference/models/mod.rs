//! Guessing a secret by a model that is trained on the release, instead of from the records nearest to what is known.
//!
//! A model uses what all records together say about how the columns hang together; the nearest record, what one says. Where a
//! release keeps the dependence of its columns but no record of anybody, the model is the stronger guesser.
//!
//! # What is compared
//! Main, control and baseline are those of inference. The *nonmember* reference is the same model trained on the original without
//! the rows of the person who is asked about: exactly so for [naive Bayes](bayes), whose counts can be taken back, and
//! for the [forest] by the trees that have not seen the person, which are as many and have learnt from as many rows as
//! those that the release is attacked with.
//!
//! # The pilot
//! Before anybody is attacked, a model guesses the release's own secrets, each row left out of what it learns from. One that is right
//! about no more rows than the best constant gains nothing on the secret, and need not be played. The pilot looks at
//! the release alone, so that choosing by it favours neither original nor control.
//!
//! [Reconstruction](reconstruction) of a secret of two values asks about everybody at once, and is compared with a control only.
//!
//! # Why own trees
//! The forests that are there for Rust (smartcore 0.7, linfa-ensemble 0.8, randomforest 0.2) take matrices of numbers, so that
//! categories would be cut in the order of their codes and a cell could not cover several values; none can leave out the rows of
//! a person; and what they draw comes from generators whose numbers may change with the version of a library, while a seed must
//! mean the same in every release of this one.

mod bayes;
mod classes;
mod forest;
mod parts;
mod reconstruction;
#[cfg(test)]
mod test;
#[cfg(test)]
mod test_reconstruction;
mod training;

pub use classes::MOST_CLASSES;
pub use forest::TREES;

use super::{Correctness, Guess, InferenceAttacker, Scoring, guess};
use crate::outcome::{Attempt, Attempts, Baseline};
use crate::parts::{InParts, Parts, Persons};
use crate::progress::{Progress, go_on};
use crate::questions::OwnRows;
use crate::table::{Groups, Table, Tables};
use crate::targets::TargetRows;
use bayes::{Bayes, Scratch};
use classes::Classes;
use forest::Forest;
use rayon::prelude::*;
use reconstruction::Solved;
use training::Training;

/// Who is asked about at a time.
const CHUNK: usize = 256;
/// Pairs of trees that a pilot grows.
const PILOT_PAIRS: usize = 8;

/// Rows of the release with an exact secret that no model guesses, because it has more classes than [`MOST_CLASSES`].
pub(super) fn not_guessed(tables: &Tables, secret: usize, correctness: Correctness) -> u64 {
    let (domain, codes) = (&tables.columns[secret].domain, tables.anonymized.column(secret));
    let parts = Classes::of(domain, codes, correctness).parts;
    let is_left_out = |code: &&u32| domain.is_exact(**code) && parts.of(**code).is_empty();
    codes.iter().filter(is_left_out).count() as u64
}

/// A model that guesses a secret from known columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Model {
    /// Naive Bayes.
    NaiveBayes,
    /// Extremely randomised trees.
    Forest,
    /// Linear reconstruction of a secret of two values.
    LinearReconstruction,
}

impl Model {
    /// All models.
    pub const ALL: [Model; 3] = [Model::NaiveBayes, Model::Forest, Model::LinearReconstruction];

    /// The name used in configuration files and in evidence.
    pub fn name(self) -> &'static str {
        match self {
            Model::NaiveBayes => "naive_bayes",
            Model::Forest => "forest",
            Model::LinearReconstruction => "linear_reconstruction",
        }
    }
}

/// What a model comes to on the release itself, each row left out of what it learns from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pilot {
    /// Rows of the release whose secret was guessed.
    pub rows: usize,
    /// On how many of them the model was right.
    pub model: usize,
    /// On how many the best constant is.
    pub constant: usize,
}

impl Pilot {
    /// Whether the model is worth playing.
    pub fn gains(&self) -> bool {
        self.model > self.constant
    }
}

impl Model {
    /// Whether the model can guess a secret at all: reconstruction guesses one of two values, and takes a control to be compared with.
    pub fn can_guess(self, tables: &Tables, secret: usize, correctness: Correctness) -> bool {
        let classes = || Classes::of(&tables.columns[secret].domain, tables.anonymized.column(secret), correctness);
        self != Model::LinearReconstruction
            || (tables.control.is_some() && classes().guesses.len() == reconstruction::CLASSES)
    }

    /// Tries the model out on the release: on the rows with an exact secret and, of a secret that nearly everybody shares a value of,
    /// on those with another one.
    pub fn pilot(
        self,
        tables: &Tables,
        secret: usize,
        known: &[usize],
        correctness: Correctness,
        seed: u64,
        progress: &dyn Progress,
    ) -> Pilot {
        let (scoring, usual) = Scoring::of_column(tables, secret, correctness);
        let (domain, codes) = (&tables.columns[secret].domain, tables.anonymized.column(secret));
        let scored = |row: &u32| {
            let code = codes[*row as usize];
            domain.is_exact(code) && Some(code) != usual
        };
        let rows: Vec<u32> = (0..tables.anonymized.rows() as u32).filter(scored).collect();
        let training = Training::new(tables, &tables.anonymized, known, secret, scoring.correctness);
        progress.begin("pilot", rows.len() as u64);
        let guesses = self.guesses_without(&training, &rows, None, PILOT_PAIRS, seed, progress);
        let holds = |guess: Guess, row: u32| scoring.correctness.holds(domain, guess, codes[row as usize]);
        let constant = guess::best_constant(domain, codes, scoring.correctness);
        Pilot {
            rows: rows.len(),
            model: rows.iter().zip(guesses).filter(|(row, guess)| holds(*guess, **row)).count(),
            constant: rows.iter().filter(|row| holds(constant, **row)).count(),
        }
    }

    /// Attacks every target; without a control, the nonmember reference is attacked, too.
    pub(super) fn attack(
        self,
        attacker: &InferenceAttacker,
        tables: &Tables,
        targets: &TargetRows,
        parts: &Parts,
        seed: u64,
        progress: &dyn Progress,
    ) -> Attempts {
        let InferenceAttacker { secret, known, correctness, .. } = attacker;
        let (domain, released) = (&tables.columns[*secret].domain, tables.anonymized.column(*secret));
        if !self.can_guess(tables, *secret, *correctness) {
            return Attempts::none(tables);
        }
        let modelling = |table: &'_ Table, own: Option<OwnRows<'_>>, persons: &TargetRows| {
            let training = Training::new(tables, table, known, *secret, *correctness);
            if training.rows.is_empty() && own.is_none() {
                return None;
            }
            // Whoever is asked about is one of all persons, who are solved for at once.
            let solved = (self == Model::LinearReconstruction && own.is_none())
                .then(|| Solved::new(&training, tables, persons, seed, progress));
            let modelling = Modelling { model: self, attacker, tables, training, solved, own, seed, progress };
            Some(parts.play(&modelling, persons))
        };
        let Some(attempts) = modelling(&tables.anonymized, None, targets) else {
            return Attempts::none(tables);
        };
        let (main, control) = attempts.split_at(targets.original.len());
        let constant = guess::best_constant(domain, released, *correctness);
        let secrets = tables.original.column(*secret);
        let is_hit = |row: &&u32| super::attempt(attacker, domain, constant, secrets[**row as usize]).is_success();
        let hits = targets.original.iter().filter(is_hit).count();
        let own = tables.control.is_none().then(|| OwnRows::new(tables));
        let nonmember = own.and_then(|own| modelling(&tables.original, Some(own), &targets.of_original()));
        Attempts {
            main: main.to_vec(),
            control: targets.control.as_ref().map(|_| control.to_vec()),
            nonmember,
            // All are answered by the release as a whole.
            answers: None,
            baseline: Baseline { attempted: main.len() as u64, successes: hits as f64 },
            searches: Vec::new(),
        }
    }

    /// What the model says of every target. Those of whom the same is known are asked about once.
    fn guesses(
        self,
        training: &Training<'_>,
        tables: &Tables,
        targets: &TargetRows,
        seed: u64,
        progress: &dyn Progress,
    ) -> Vec<Guess> {
        let of_column: Vec<Vec<u32>> = training.known.iter().map(|column| targets.codes(tables, *column)).collect();
        let groups = Groups::of(targets.len(), of_column.iter().map(Vec::as_slice));
        let codes: Vec<u32> =
            groups.first.iter().flat_map(|first| of_column.iter().map(|codes| codes[*first as usize])).collect();
        progress.begin("inference", groups.len() as u64);
        let classes: Vec<Option<u32>> = match self {
            Model::NaiveBayes => {
                let bayes = Bayes::new(training, &training.rows);
                let guess_chunk = |codes: &[u32]| {
                    go_on(progress);
                    let mut scratch = Scratch::default();
                    let asked = codes.chunks(training.known.len());
                    let classes: Vec<Option<u32>> = asked.map(|codes| bayes.class_of(codes, &mut scratch)).collect();
                    progress.advance(classes.len() as u64);
                    classes
                };
                codes.par_chunks(CHUNK * training.known.len()).flat_map_iter(guess_chunk).collect()
            }
            Model::Forest => Forest::new(training, seed).classes_of(&codes, progress),
            // Reconstruction asks about everybody at once, and about nobody by what is known of that one person.
            Model::LinearReconstruction => vec![None; groups.len()],
        };
        groups.of_row.iter().map(|group| training.classes.guess(classes[*group as usize])).collect()
    }

    /// What the model says of rows of the table that it learns from, without those of their persons: the `own` ones, or else the row
    /// alone.
    fn guesses_without(
        self,
        training: &Training<'_>,
        rows: &[u32],
        own: Option<&OwnRows<'_>>,
        pairs: usize,
        seed: u64,
        progress: &dyn Progress,
    ) -> Vec<Guess> {
        let classes: Vec<Option<u32>> = match self {
            Model::NaiveBayes => {
                let bayes = Bayes::new(training, &training.rows);
                let table: &Table = training.table;
                let guess_chunk = |rows: &[u32]| {
                    go_on(progress);
                    let mut scratch = Scratch::default();
                    let asked = rows.iter().map(|row| {
                        let own = own.map_or(std::slice::from_ref(row), |own| own.of(row));
                        bayes.class_without(&training.codes(table, &[*row]), own, &mut scratch)
                    });
                    let classes: Vec<Option<u32>> = asked.collect();
                    progress.advance(classes.len() as u64);
                    classes
                };
                rows.par_chunks(CHUNK).flat_map_iter(guess_chunk).collect()
            }
            Model::Forest => Forest::new(training, seed).classes_without(rows, pairs, progress),
            Model::LinearReconstruction => reconstruction::by_other_half(training, rows, seed, progress),
        };
        classes.into_iter().map(|class| training.classes.guess(class)).collect()
    }
}

/// Guesses by a model.
struct Modelling<'a> {
    model: Model,
    attacker: &'a InferenceAttacker,
    tables: &'a Tables,
    training: Training<'a>,
    /// What reconstruction says of everybody.
    solved: Option<Solved>,
    /// Whose rows are left out of what the model learns from, where it learns from the original.
    own: Option<OwnRows<'a>>,
    seed: u64,
    progress: &'a dyn Progress,
}

impl InParts for Modelling<'_> {
    type Partial = Vec<Attempt>;
    type Merged = Vec<Attempt>;

    fn partial(&self, persons: &TargetRows) -> Vec<Attempt> {
        let Modelling { model, attacker, tables, training, solved, own, seed, progress } = self;
        let guesses = match (own, solved) {
            (None, Some(solved)) => solved.guesses(training, persons),
            (None, None) => model.guesses(training, tables, persons, *seed, *progress),
            (Some(own), _) => {
                progress.begin("inference", persons.original.len() as u64);
                model.guesses_without(training, &persons.original, Some(own), TREES, *seed, *progress)
            }
        };
        let domain = &tables.columns[attacker.secret].domain;
        let secrets = persons.codes(tables, attacker.secret);
        let attempts = guesses.into_iter().zip(secrets);
        attempts.map(|(guess, secret)| super::attempt(attacker, domain, guess, secret)).collect()
    }

    fn merge(&self, persons: &Persons<'_>, partials: Vec<Vec<Attempt>>) -> Vec<Attempt> {
        persons.in_order(partials)
    }
}
