//! Attribute inference (推断): does the release reveal a secret about a person of whom other columns are known?
//!
//! # The attack
//! The attacker knows some columns of a person, finds the nearest set of release records on them, and guesses the
//! secret from the secrets of those records ([`guess`]): the most frequent value, or the median of a numeric secret.
//! A guess is correct when it equals the person's secret; a numeric one when it is within a relative tolerance
//! ([`Correctness`]). Missing is a value: a missing secret is hit by guessing that it is missing.
//!
//! Or the attacker trains a model on the whole release and guesses by that ([`Model`]).
//!
//! A record whose secret is suppressed has no vote, one whose secret is generalized votes for all that it covers, for each value as
//! much as it is frequent. Of a person whose own secret is a band or a set, a guess inside it is correct.
//!
//! # Nonmember
//! The same with the original as its own release: everybody's secret is guessed from the records of the others, each person's own
//! rows left out of the nearest set, of the votes and of the frequencies that break ties.
//!
//! # Baseline
//! The best guess that ignores what is known: the most frequent value of the release's column, or the constant that
//! scores most hits on it ([`guess::best_constant`]).
//!
//! # Sources
//! Article 29 Working Party, Opinion 05/2014 (WP216), section 2.2.3, for the criterion; guessing from the nearest
//! records is the k-nearest-neighbour rule (Cover & Hart 1967, IEEE Transactions on Information Theory 13:21).

pub mod guess;
mod models;
mod nearest;
mod rarity;
pub mod scoring;
mod votes;

pub use guess::{Correctness, Guess};
pub use models::{MOST_CLASSES, Model, Pilot, TREES};
pub use nearest::Nearest;
pub use rarity::{Balanced, RARITY_BANDS, RarityBand};
pub use scoring::{Others, Scoring};

use crate::AttackError;
use crate::attack::{Attack, Played, Scene, left};
use crate::halves::Attacked;
use crate::matcher::Matcher;
use crate::outcome::{Attempt, Attempts, Outcomes, Tally};
use crate::parts::Parts;
use crate::progress::Progress;
use crate::table::{Domain, Tables};
use crate::targets::TargetRows;

#[cfg(test)]
mod test;

/// An attacker who wants to know one column.
#[derive(Debug, Clone, PartialEq)]
pub struct InferenceAttacker {
    /// The column that the attacker wants to know.
    pub secret: usize,
    /// Columns that the attacker knows, ascending, without the secret.
    pub known: Vec<usize>,
    /// How the attacker comes to a guess.
    pub guesser: Guesser,
    /// When a guess of a numeric secret is correct.
    pub correctness: Correctness,
    /// How many sets of columns were tried to find the known ones, on persons who are not attacked; `None` where nothing was
    /// searched for and everybody is attacked.
    pub searched: Option<u64>,
}

/// How an attacker comes to a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guesser {
    /// From the records that are nearest to what the attacker knows.
    Nearest(Nearest),
    /// By a model that is trained on the release.
    Model(Model),
}

impl Guesser {
    /// From the nearest records, so many rows asked for.
    pub fn nearest(matcher: Matcher, neighbors: usize) -> Guesser {
        Guesser::Nearest(Nearest { matcher, neighbors })
    }
}

impl Default for Guesser {
    /// From the nearest record by distance.
    fn default() -> Guesser {
        Guesser::nearest(Matcher::Distance, 1)
    }
}

/// What inference has to tell besides its counts.
#[derive(Debug, Clone, PartialEq)]
pub struct InferenceDetail {
    /// Whom the secret was scored on, and how.
    pub scoring: Scoring,
    /// Rows of the release whose secret a model never guesses, because [`MOST_CLASSES`] others are more frequent; 0 of other guessers.
    pub not_guessed: u64,
    /// The counts split by how rare the secret's value is, rarest first.
    pub by_rarity: Vec<RarityBand>,
    /// The hit rate balanced over the secret's values.
    pub balanced: Option<Balanced>,
}

impl Attack for InferenceAttacker {
    type Detail = InferenceDetail;

    fn check(&self, tables: &Tables) -> Result<(), AttackError> {
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
        if matches!(self.guesser, Guesser::Nearest(Nearest { neighbors: 0, .. })) {
            return fail("at least 1 neighbour is needed");
        }
        Ok(())
    }

    fn known(&self) -> Option<Vec<usize>> {
        Some(self.known.clone())
    }

    fn without(&self, column: usize) -> Option<Self> {
        let known = left(&self.known, column).filter(|_| column != self.secret)?;
        Some(InferenceAttacker { known, ..self.clone() })
    }

    fn play(attackers: &[&InferenceAttacker], scene: &Scene<'_>) -> Vec<Played<InferenceDetail>> {
        let attacked = Attacked::new(scene.tables, scene.targets);
        let play = |(at, attacker): (usize, &&InferenceAttacker)| {
            scene.progress.attacker();
            attacker.play_on_scored(at, attacked.by(attacker.searched), scene)
        };
        attackers.iter().enumerate().map(play).collect()
    }
}

impl InferenceAttacker {
    /// Plays one attacker on those of the targets that count for the score.
    fn play_on_scored(&self, at: usize, targets: &TargetRows, scene: &Scene<'_>) -> Played<InferenceDetail> {
        let tables = scene.tables;
        let (scoring, targets) = Scoring::of(self, tables, targets);
        let infeasible = || {
            let detail = InferenceDetail { scoring, not_guessed: 0, by_rarity: Vec::new(), balanced: None };
            Played::infeasible(at, detail)
        };
        if !scoring.feasible() {
            return infeasible();
        }
        let played = InferenceAttacker { correctness: scoring.correctness, ..self.clone() };
        let attempts = played.attack_parts(tables, &targets, scene.parts, scene.seed, scene.progress);
        if attempts.main.is_empty() {
            return infeasible();
        }
        let (mut counts, subgroups) = scene.counts(&targets, &attempts, Outcomes::default());
        if let Some(others) = scoring.others {
            let of = |tally: Option<Tally>, rows: usize| tally.map(|tally| Tally { population: rows as u64, ..tally });
            counts.main = of(counts.main, others.original);
            counts.nonmember = of(counts.nonmember, others.original);
            counts.control = of(counts.control, others.control.unwrap_or(0));
        }
        let detail = InferenceDetail {
            scoring,
            not_guessed: match self.guesser {
                Guesser::Nearest(_) => 0,
                Guesser::Model(_) => models::not_guessed(tables, self.secret, scoring.correctness),
            },
            by_rarity: self.by_rarity(tables, &targets, &attempts),
            balanced: self.balanced(tables, &targets, &attempts),
        };
        Played {
            attacker: at,
            counts,
            subgroups,
            detail,
            hits: scene.hits(&targets, &attempts),
            searches: attempts.searches,
        }
    }

    /// Attacks every target; without a control, the nonmember reference is attacked, too. The seed is that of what the guesser
    /// draws.
    pub fn attack(&self, tables: &Tables, targets: &TargetRows, seed: u64, progress: &dyn Progress) -> Attempts {
        self.attack_parts(tables, targets, &Parts::whole(), seed, progress)
    }

    /// The same, the targets of each part by themselves.
    fn attack_parts(
        &self,
        tables: &Tables,
        targets: &TargetRows,
        parts: &Parts,
        seed: u64,
        progress: &dyn Progress,
    ) -> Attempts {
        match self.guesser {
            Guesser::Nearest(nearest) => nearest.attack(self, tables, targets, parts, progress),
            Guesser::Model(model) => model.attack(self, tables, targets, parts, seed, progress),
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

/// What a guess of an attacker comes to.
fn attempt(attacker: &InferenceAttacker, domain: &Domain, guess: Guess, secret: u32) -> Attempt {
    match attacker.correctness.holds(domain, guess, secret) {
        true => Attempt::HIT,
        false => Attempt::Miss,
    }
}
