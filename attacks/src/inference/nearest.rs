//! Guessing a secret from the release records that are nearest to what is known.

use super::guess::{Guess, best_constant};
use super::votes::{OwnVote, Tallier, Votes};
use super::{InferenceAttacker, attempt};
use crate::matcher::{Matcher, Search};
use crate::outcome::{Attempt, Attempts, Baseline};
use crate::parts::{InParts, Parts, Persons};
use crate::progress::Progress;
use crate::questions::{OwnRows, Questions, Release, Searched};
use crate::stats::design::NO_ANSWER;
use crate::table::Tables;
use crate::targets::TargetRows;
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// Which records are the nearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nearest {
    /// What makes a release record the answer.
    pub matcher: Matcher,
    /// k: nearest rows asked for.
    pub neighbors: usize,
}

impl Nearest {
    /// Attacks every target; without a control, the nonmember reference is attacked, too.
    pub(super) fn attack(
        self,
        attacker: &InferenceAttacker,
        tables: &Tables,
        targets: &TargetRows,
        parts: &Parts,
        progress: &dyn Progress,
    ) -> Attempts {
        let (domain, released) = (&tables.columns[attacker.secret].domain, tables.anonymized.column(attacker.secret));
        let profiles = Release::Anonymized.profiles(tables, &attacker.known);
        if profiles.is_empty() {
            return Attempts::none(tables);
        }
        let (searched, votes) = rayon::join(
            || Searched::new(tables, &attacker.known, &profiles, self.matcher, targets),
            || Votes::new(domain, released, &profiles),
        );
        let constant = best_constant(domain, released, attacker.correctness);
        let guessing =
            Guessing { nearest: self, attacker, searched, votes, prints: profiles.prints(), constant, progress };
        let guessed = parts.play(&guessing, targets);
        let costs = guessing.searched.costs();
        let nonmember =
            tables.control.is_none().then(|| self.nonmember(attacker, tables, targets, costs, parts, progress));
        let (nonmember, searches) = nonmember.unzip();
        let (main, control) = guessed.attempts.split_at(targets.original.len());
        let answers = targets.control.as_ref().map(|_| {
            let (main, control) = guessed.answers.split_at(targets.original.len());
            [main.to_vec(), control.to_vec()]
        });
        Attempts {
            main: main.to_vec(),
            control: targets.control.as_ref().map(|_| control.to_vec()),
            nonmember,
            answers,
            baseline: Baseline { attempted: main.len() as u64, successes: guessed.by_constant as f64 },
            searches: guessed.searches.into_iter().chain(searches.into_iter().flatten()).collect(),
        }
    }

    /// The attack with the original as its own release: everybody's secret is guessed from those of the others, under the
    /// attacker's costs of disagreement.
    fn nonmember(
        self,
        attacker: &InferenceAttacker,
        tables: &Tables,
        targets: &TargetRows,
        costs: Option<&[f64]>,
        parts: &Parts,
        progress: &dyn Progress,
    ) -> (Vec<Attempt>, Vec<Search>) {
        let (domain, secrets) = (&tables.columns[attacker.secret].domain, tables.original.column(attacker.secret));
        let targets = targets.of_original();
        let profiles = Release::Original.profiles(tables, &attacker.known);
        if profiles.is_empty() {
            return (vec![Attempt::Miss; targets.original.len()], Vec::new());
        }
        let searched = Searched::of_others(tables, &attacker.known, &profiles, costs);
        let (votes, own) = (Votes::new(domain, secrets, &profiles), OwnRows::new(tables));
        parts.play(&GuessingFromOthers { nearest: self, attacker, searched, votes, own, progress }, &targets)
    }
}

/// Guesses from the records of the release.
struct Guessing<'a> {
    nearest: Nearest,
    attacker: &'a InferenceAttacker,
    searched: Searched<'a>,
    votes: Votes<'a>,
    /// Fingerprints of the profiles.
    prints: Vec<u64>,
    /// The best guess that ignores what is known.
    constant: Guess,
    progress: &'a dyn Progress,
}

/// What guesses came to.
#[derive(Default)]
struct Guessed {
    /// On each target.
    attempts: Vec<Attempt>,
    /// The profile that each target's answer came from.
    answers: Vec<u32>,
    /// How many of the original's secrets the best constant hits.
    by_constant: u64,
    searches: Vec<Search>,
}

impl InParts for Guessing<'_> {
    type Partial = Guessed;
    type Merged = Guessed;

    fn partial(&self, persons: &TargetRows) -> Guessed {
        let (attacker, tables) = (self.attacker, self.searched.tables);
        let domain = &tables.columns[attacker.secret].domain;
        let questions = Questions::new(&self.searched, persons);
        self.progress.begin("inference", questions.len() as u64);
        let planned = questions.plan(self.nearest.neighbors);
        let guesses = questions.ask(
            planned.index.as_ref(),
            self.nearest.neighbors,
            self.progress,
            || Tallier::new(&self.votes),
            |tallier, _, nearest| {
                // One of several stands for all of them: whichever it is, it does not hang on the order of the rows.
                let answer = nearest.profiles.iter().copied().min_by_key(|profile| self.prints[*profile as usize]);
                (tallier.guess(&nearest.profiles), answer)
            },
        );
        let secrets = persons.codes(tables, attacker.secret);
        let of_targets = || questions.groups.of_row.iter().map(|question| guesses[*question as usize]);
        let attempts = of_targets().zip(&secrets).map(|((guess, _), secret)| attempt(attacker, domain, guess, *secret));
        let is_hit = |secret: &&u32| attempt(attacker, domain, self.constant, **secret).is_success();
        Guessed {
            attempts: attempts.collect(),
            answers: of_targets().map(|(_, answer)| answer.unwrap_or(NO_ANSWER)).collect(),
            by_constant: secrets[..persons.original.len()].iter().filter(is_hit).count() as u64,
            searches: vec![planned.plan],
        }
    }

    fn merge(&self, persons: &Persons<'_>, partials: Vec<Guessed>) -> Guessed {
        let (mut attempts, mut answers, mut merged) = (Vec::new(), Vec::new(), Guessed::default());
        for part in partials {
            attempts.push(part.attempts);
            answers.push(part.answers);
            merged.by_constant += part.by_constant;
            merged.searches.extend(part.searches);
        }
        Guessed { attempts: persons.in_order(attempts), answers: persons.in_order(answers), ..merged }
    }
}

/// Guesses about persons of the original from the records of everybody else.
struct GuessingFromOthers<'a> {
    nearest: Nearest,
    attacker: &'a InferenceAttacker,
    searched: Searched<'a>,
    votes: Votes<'a>,
    own: OwnRows<'a>,
    progress: &'a dyn Progress,
}

impl InParts for GuessingFromOthers<'_> {
    type Partial = (Vec<Attempt>, Vec<Search>);
    type Merged = (Vec<Attempt>, Vec<Search>);

    fn partial(&self, persons: &TargetRows) -> (Vec<Attempt>, Vec<Search>) {
        let (attacker, tables) = (self.attacker, self.searched.tables);
        let (domain, secrets) = (&tables.columns[attacker.secret].domain, tables.original.column(attacker.secret));
        let questions = Questions::new(&self.searched, persons);
        self.progress.begin("inference", questions.len() as u64);
        let planned = questions.plan(self.nearest.neighbors);
        let who_asks = questions.groups.members();
        let profile_of_row = questions.profiles.of_row();
        let attempts = questions.ask(
            planned.index.as_ref(),
            self.nearest.neighbors,
            self.progress,
            || Tallier::new(&self.votes),
            |tallier, question, nearest| {
                tallier.count(&nearest.profiles);
                let is_found = |row: u32| nearest.profiles.binary_search(&profile_of_row[row as usize]).is_ok();
                // Many of those who ask the same have the same secret, and get the same guess.
                let mut guesses: HashMap<Vec<OwnVote>, Guess, FixedState> = HashMap::default();
                let asking = who_asks.of(question).iter().map(|target| persons.original[*target as usize]);
                let attempts = asking.map(|row| {
                    let vote = |row: &u32| OwnVote { secret: secrets[*row as usize], counted: is_found(*row) };
                    let mut gone: Vec<OwnVote> = self.own.of(&row).iter().map(vote).collect();
                    gone.sort_unstable();
                    let guess = match guesses.get(&gone) {
                        Some(guess) => *guess,
                        None => {
                            let guess = tallier.guess_without(&gone);
                            guesses.insert(gone, guess);
                            guess
                        }
                    };
                    attempt(attacker, domain, guess, secrets[row as usize])
                });
                let attempts: Vec<Attempt> = attempts.collect();
                tallier.clear();
                attempts
            },
        );
        let mut placed = vec![Attempt::Miss; persons.original.len()];
        for (question, attempts) in attempts.into_iter().enumerate() {
            for (target, attempt) in who_asks.of(question as u32).iter().zip(attempts) {
                placed[*target as usize] = attempt;
            }
        }
        (placed, vec![planned.plan])
    }

    fn merge(&self, persons: &Persons<'_>, partials: Vec<Self::Partial>) -> Self::Merged {
        let (attempts, searches): (Vec<_>, Vec<_>) = partials.into_iter().unzip();
        (persons.in_order(attempts), searches.concat())
    }
}
