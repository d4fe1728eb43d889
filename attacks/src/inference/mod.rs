//! Attribute inference (推断): does the release reveal a secret about a person of whom other columns are known?
//!
//! # The attack
//! The attacker knows some columns of a person, finds the nearest set of release records on them, and guesses the
//! secret from the secrets of those records ([`guess::Votes`]): the most frequent value, or the median of a numeric secret.
//! A guess is correct when it equals the person's secret; a numeric one when it is within a relative tolerance
//! ([`Correctness`]). Missing is a value: a missing secret is hit by guessing that it is missing.
//!
//! # Baseline
//! The best guess that ignores what is known: the most frequent value of the release's column, or the constant that
//! scores most hits on it ([`guess::best_constant`]).
//!
//! # Sources
//! Article 29 Working Party, Opinion 05/2014 (WP216), section 2.2.3, for the criterion; guessing from the nearest
//! records is the k-nearest-neighbour rule (Cover & Hart 1967, IEEE Transactions on Information Theory 13:21).

pub mod guess;
mod rarity;
pub mod scoring;

pub use guess::{Correctness, Guess};
pub use rarity::{Balanced, RARITY_BANDS, RarityBand};
pub use scoring::{Others, Scoring};

use crate::AttackError;
use crate::matcher::Matcher;
use crate::neighbors::Profiles;
use crate::outcome::{Attempt, Attempts, Baseline};
use crate::table::Tables;
use crate::targets::{Progress, Questions, TargetRows};
use guess::{Tallier, Votes};

#[cfg(test)]
mod test;

/// An attacker who wants to know one column.
#[derive(Debug, Clone, PartialEq)]
pub struct InferenceAttacker {
    /// The column that he wants to know.
    pub secret: usize,
    /// Columns that he knows, ascending, without the secret.
    pub known: Vec<usize>,
    /// What makes a release record the answer.
    pub matcher: Matcher,
    /// k: nearest rows asked for.
    pub neighbors: usize,
    /// When a guess of a numeric secret is correct.
    pub correctness: Correctness,
}

impl InferenceAttacker {
    /// Whether the attacker can be played on these tables.
    ///
    /// # Errors
    /// When nothing is known, the secret is known, a column is out of range, or k is 0.
    pub fn check(&self, tables: &Tables) -> Result<(), AttackError> {
        let fail = |why: &str| Err(AttackError::Attacker(format!("inference: {why}")));
        if self.known.is_empty() {
            return fail("at least one known column is needed");
        }
        if self.known.contains(&self.secret) {
            return fail("the secret is among the known columns");
        }
        if self.known.iter().chain([&self.secret]).any(|column| *column >= tables.columns.len()) {
            return fail("a column is out of range");
        }
        if self.neighbors == 0 {
            return fail("at least 1 neighbour is needed");
        }
        Ok(())
    }

    /// Attacks every target.
    pub fn attack(&self, tables: &Tables, targets: &TargetRows, progress: &dyn Progress) -> Attempts {
        let domain = &tables.columns[self.secret].domain;
        let released = tables.anonymized.column(self.secret);
        let (profiles, questions) =
            rayon::join(|| Profiles::new(tables, &self.known), || Questions::new(tables, targets, &self.known));
        progress.begin("inference", questions.len() as u64);

        let (planned, votes) = rayon::join(
            || questions.plan(tables, &profiles, &self.known, self.neighbors),
            || Votes::new(domain, released, profiles.of_row(), profiles.len()),
        );
        let guesses = questions.ask(
            planned.index.as_ref(),
            self.neighbors,
            progress,
            || Tallier::new(&votes),
            |tallier, nearest| tallier.guess(&nearest.profiles),
        );

        let secrets = targets.codes(tables, self.secret);
        let hit = |guess: Guess, secret: u32| match self.correctness.holds(domain, guess, secret) {
            true => Attempt::HIT,
            false => Attempt::Miss,
        };
        let attempts: Vec<Attempt> = questions
            .groups
            .of_row
            .iter()
            .zip(&secrets)
            .map(|(question, secret)| hit(guesses[*question as usize], *secret))
            .collect();
        let (main, control) = attempts.split_at(targets.original.len());
        let constant = guess::best_constant(domain, released, self.correctness);
        let hits = secrets[..main.len()].iter().filter(|secret| hit(constant, **secret).is_success()).count();
        Attempts {
            main: main.to_vec(),
            control: targets.control.as_ref().map(|_| control.to_vec()),
            nonmember: None,
            baseline: Baseline { attempted: main.len() as u64, successes: hits as f64 },
            searches: vec![planned.plan],
        }
    }

    /// The mean over the secret's values of the hit rate of their holders; `None` without targets.
    pub fn balanced(&self, tables: &Tables, targets: &TargetRows, attempts: &Attempts) -> Option<Balanced> {
        rarity::balanced(tables, self.secret, targets, attempts)
    }

    /// Counts split by how many persons of the original share the secret's value, rarest first.
    pub fn by_rarity(&self, tables: &Tables, targets: &TargetRows, attempts: &Attempts) -> Vec<RarityBand> {
        rarity::split(tables, self.secret, targets, attempts)
    }
}
