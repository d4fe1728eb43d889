//! Attribute inference (推断): does the release reveal a secret about a person of whom other columns are known?
//!
//! # The attack
//! The attacker knows some columns of a person, finds the nearest set of release records on them, and guesses the
//! secret from the secrets of those records ([`guess`]): the most frequent value, or the median of a numeric secret.
//! A guess is correct when it equals the person's secret; a numeric one when it is within a relative tolerance
//! ([`Correctness`]). Missing is a value: a missing secret is hit by guessing that it is missing.
//!
//! A record whose secret is suppressed has no vote, one whose secret is generalized votes for all that it covers, for each value as
//! much as it is frequent. Of a person whose own secret is a band or a set, a guess inside it is correct.
//!
//! # Nonmember
//! The same with the original as its own release: everybody's secret is guessed from the records of the others, his own rows
//! left out of the nearest set, of the votes and of the frequencies that break ties.
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
mod votes;

pub use guess::{Correctness, Guess};
pub use rarity::{Balanced, RARITY_BANDS, RarityBand};
pub use scoring::{Others, Scoring};

use crate::AttackError;
use crate::attack::{Attack, Played, Scene, left};
use crate::matcher::{Matcher, Search};
use crate::outcome::{Attempt, Attempts, Baseline, Outcomes, Tally};
use crate::progress::Progress;
use crate::questions::{OwnRows, Questions, Release};
use crate::stats::design::NO_ANSWER;
use crate::table::{Domain, Tables};
use crate::targets::TargetRows;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use votes::{OwnVote, Tallier, Votes};

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

/// What inference has to tell besides its counts.
#[derive(Debug, Clone, PartialEq)]
pub struct InferenceDetail {
    /// Whom the secret was scored on, and how.
    pub scoring: Scoring,
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
        if self.neighbors == 0 {
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
        attackers.iter().enumerate().map(|(at, attacker)| attacker.play_on_scored(at, scene)).collect()
    }
}

impl InferenceAttacker {
    /// Plays one attacker on those of the targets that he is scored on.
    fn play_on_scored(&self, at: usize, scene: &Scene<'_>) -> Played<InferenceDetail> {
        let tables = scene.tables;
        let (scoring, targets) = Scoring::of(self, tables, scene.targets);
        let infeasible = || Played::infeasible(at, InferenceDetail { scoring, by_rarity: Vec::new(), balanced: None });
        if !scoring.feasible() {
            return infeasible();
        }
        let played = InferenceAttacker { correctness: scoring.correctness, ..self.clone() };
        let attempts = played.attack(tables, &targets, scene.progress);
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

    /// Attacks every target; without a control, the nonmember reference is attacked, too.
    pub fn attack(&self, tables: &Tables, targets: &TargetRows, progress: &dyn Progress) -> Attempts {
        let domain = &tables.columns[self.secret].domain;
        let released = tables.anonymized.column(self.secret);
        let questions = Questions::new(tables, targets, &self.known, Release::Anonymized);
        if questions.profiles.is_empty() {
            return Attempts::none(tables);
        }
        progress.begin("inference", questions.len() as u64);

        let (planned, votes) = rayon::join(
            || questions.plan(self.matcher, self.neighbors),
            || Votes::new(domain, released, &questions.profiles),
        );
        let prints = questions.profiles.prints();
        let guesses = questions.ask(
            planned.index.as_ref(),
            self.neighbors,
            progress,
            || Tallier::new(&votes),
            |tallier, _, nearest| {
                // One of several stands for all of them: whichever it is, it does not hang on the order of the rows.
                let answer = nearest.profiles.iter().copied().min_by_key(|profile| prints[*profile as usize]);
                (tallier.guess(&nearest.profiles), answer)
            },
        );

        let secrets = targets.codes(tables, self.secret);
        let asked = questions.groups.of_row.iter().zip(&secrets);
        let attempts: Vec<Attempt> =
            asked.map(|(question, secret)| self.attempt(domain, guesses[*question as usize].0, *secret)).collect();
        let (main, control) = attempts.split_at(targets.original.len());
        let answers = targets.control.as_ref().map(|_| {
            let profile = |question: &u32| guesses[*question as usize].1.unwrap_or(NO_ANSWER);
            let (main, control) = questions.groups.of_row.split_at(targets.original.len());
            [main, control].map(|questions| questions.iter().map(profile).collect())
        });
        let constant = guess::best_constant(domain, released, self.correctness);
        let is_hit = |secret: &&u32| self.attempt(domain, constant, **secret).is_success();
        let hits = secrets[..main.len()].iter().filter(is_hit).count();
        let nonmember = tables.control.is_none().then(|| self.nonmember(tables, targets, progress));
        let (nonmember, search) = nonmember.unzip();
        Attempts {
            main: main.to_vec(),
            control: targets.control.as_ref().map(|_| control.to_vec()),
            nonmember,
            answers,
            baseline: Baseline { attempted: main.len() as u64, successes: hits as f64 },
            searches: std::iter::once(planned.plan).chain(search.flatten()).collect(),
        }
    }

    /// The attack with the original as its own release: everybody's secret is guessed from those of the others.
    fn nonmember(
        &self,
        tables: &Tables,
        targets: &TargetRows,
        progress: &dyn Progress,
    ) -> (Vec<Attempt>, Option<Search>) {
        let domain = &tables.columns[self.secret].domain;
        let secrets = tables.original.column(self.secret);
        let targets = targets.of_original();
        let questions = Questions::new(tables, &targets, &self.known, Release::Original);
        if questions.profiles.is_empty() {
            return (vec![Attempt::Miss; targets.original.len()], None);
        }
        progress.begin("inference", questions.len() as u64);
        let planned = questions.plan(self.matcher, self.neighbors);
        let votes = Votes::new(domain, secrets, &questions.profiles);
        let (own, who_asks) = (OwnRows::new(tables), questions.groups.members());
        let profile_of_row = questions.profiles.of_row();
        let attempts = questions.ask(
            planned.index.as_ref(),
            self.neighbors,
            progress,
            || Tallier::new(&votes),
            |tallier, question, nearest| {
                tallier.count(&nearest.profiles);
                let is_found = |row: u32| nearest.profiles.binary_search(&profile_of_row[row as usize]).is_ok();
                // Many of those who ask the same have the same secret, and get the same guess.
                let mut guesses: HashMap<Vec<OwnVote>, Guess, FixedState> = HashMap::default();
                let asking = who_asks.of(question).iter().map(|target| targets.original[*target as usize]);
                let attempts = asking.map(|row| {
                    let vote = |row: &u32| OwnVote { secret: secrets[*row as usize], counted: is_found(*row) };
                    let mut gone: Vec<OwnVote> = own.of(&row).iter().map(vote).collect();
                    gone.sort_unstable();
                    let guess = match guesses.get(&gone) {
                        Some(guess) => *guess,
                        None => {
                            let guess = tallier.guess_without(&gone);
                            guesses.insert(gone, guess);
                            guess
                        }
                    };
                    self.attempt(domain, guess, secrets[row as usize])
                });
                let attempts: Vec<Attempt> = attempts.collect();
                tallier.clear();
                attempts
            },
        );
        let mut placed = vec![Attempt::Miss; targets.original.len()];
        for (question, attempts) in attempts.into_iter().enumerate() {
            for (target, attempt) in who_asks.of(question as u32).iter().zip(attempts) {
                placed[*target as usize] = attempt;
            }
        }
        (placed, Some(planned.plan))
    }

    fn attempt(&self, domain: &Domain, guess: Guess, secret: u32) -> Attempt {
        match self.correctness.holds(domain, guess, secret) {
            true => Attempt::HIT,
            false => Attempt::Miss,
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
