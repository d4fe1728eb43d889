//! Guessing a secret from the release records that are nearest to what is known.

use super::guess::{Guess, best_constant};
use super::votes::{OwnVote, Tallier, Votes};
use super::{InferenceAttacker, attempt};
use crate::matcher::{Matcher, Search};
use crate::outcome::{Attempt, Attempts, Baseline};
use crate::progress::Progress;
use crate::questions::{OwnRows, Questions, Release};
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
        progress: &dyn Progress,
    ) -> Attempts {
        let InferenceAttacker { secret, known, correctness, .. } = attacker;
        let domain = &tables.columns[*secret].domain;
        let released = tables.anonymized.column(*secret);
        let questions = Questions::new(tables, targets, known, Release::Anonymized);
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

        let secrets = targets.codes(tables, *secret);
        let asked = questions.groups.of_row.iter().zip(&secrets);
        let attempts: Vec<Attempt> =
            asked.map(|(question, secret)| attempt(attacker, domain, guesses[*question as usize].0, *secret)).collect();
        let (main, control) = attempts.split_at(targets.original.len());
        let answers = targets.control.as_ref().map(|_| {
            let profile = |question: &u32| guesses[*question as usize].1.unwrap_or(NO_ANSWER);
            let (main, control) = questions.groups.of_row.split_at(targets.original.len());
            [main, control].map(|questions| questions.iter().map(profile).collect())
        });
        let constant = best_constant(domain, released, *correctness);
        let is_hit = |secret: &&u32| attempt(attacker, domain, constant, **secret).is_success();
        let hits = secrets[..main.len()].iter().filter(is_hit).count();
        let nonmember = tables.control.is_none().then(|| self.nonmember(attacker, tables, targets, progress));
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
        self,
        attacker: &InferenceAttacker,
        tables: &Tables,
        targets: &TargetRows,
        progress: &dyn Progress,
    ) -> (Vec<Attempt>, Option<Search>) {
        let domain = &tables.columns[attacker.secret].domain;
        let secrets = tables.original.column(attacker.secret);
        let targets = targets.of_original();
        let questions = Questions::new(tables, &targets, &attacker.known, Release::Original);
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
                    attempt(attacker, domain, guess, secrets[row as usize])
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
}
