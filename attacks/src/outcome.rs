//! What an attacker's attempts came to.

use crate::matcher::Search;
use crate::stats::design::{Answers, Worths, of_shared_answers};
use crate::table::{Table, Tables};
use std::collections::BTreeMap;

pub use crate::stats::tally::{Baseline, Tally};

/// What one attempt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Attempt {
    /// Nothing claimed, or a wrong guess.
    #[default]
    Miss,
    /// The attack succeeded, up to the choice among this many records that nothing tells apart: it is worth 1 over it.
    Success(u32),
    /// Several candidates are left.
    Ambiguous,
    /// Somebody else was named.
    Wrong,
}

impl Attempt {
    /// A success that counts in full.
    pub const HIT: Attempt = Attempt::Success(1);

    /// What the attempt is worth: the expected number of persons found.
    pub fn worth(self) -> f64 {
        match self {
            Attempt::Success(records) => 1.0 / f64::from(records),
            _ => 0.0,
        }
    }

    /// Whether the attack succeeded, whatever it is worth.
    pub fn is_success(self) -> bool {
        matches!(self, Attempt::Success(_))
    }
}

/// What all attempts of one attacker came to, target by target.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempts {
    /// On the original, in the order of its targets; nothing when the attack is infeasible.
    pub main: Vec<Attempt>,
    /// On the control, in the order of its targets.
    pub control: Option<Vec<Attempt>>,
    /// On the original with the original as its own release, each target's own rows left out (METHOD section 5,
    /// *nonmember*); `None` where it was not asked for.
    pub nonmember: Option<Vec<Attempt>>,
    /// The profile that each target's answer came from, in the main attack and in the one that it is compared with (the control's, else
    /// the nonmember's, whose profiles are others), or [`NO_ANSWER`](crate::stats::design::NO_ANSWER). Targets of one profile share
    /// their fate. `None` where that is not looked at.
    pub answers: Option<[Vec<u32>; 2]>,
    /// By an attacker who ignores the release's joint structure, on the original's targets.
    pub baseline: Baseline,
    /// How the answers were searched for: one plan per search.
    pub searches: Vec<Search>,
}

impl Attempts {
    /// Of an attack that nothing in the release allows: no attempt was made, which is not a miss.
    pub fn none(tables: &Tables) -> Attempts {
        Attempts {
            main: Vec::new(),
            control: tables.control.as_ref().map(|_| Vec::new()),
            nonmember: None,
            answers: None,
            baseline: Baseline { attempted: 0, successes: 0.0 },
            searches: Vec::new(),
        }
    }
}

impl Attempts {
    /// How much wider the risk's interval is than that of independent targets, for those who are answered from one release
    /// profile (see [`of_shared_answers`]); 1 where that is not looked at.
    pub fn design_effect(&self) -> f64 {
        let reference = self.control.as_ref().or(self.nonmember.as_ref());
        let Some(([main, others], attempts)) = self.answers.as_ref().zip(reference) else { return 1.0 };
        let worths = |attempts: &[Attempt]| attempts.iter().map(|attempt| attempt.worth()).collect::<Vec<f64>>();
        let (of_main, of_others) = (worths(&self.main), worths(attempts));
        let main = Answers { worth: &of_main, profile: main };
        of_shared_answers(main, Answers { worth: &of_others, profile: others })
    }
}

/// Which outcomes an attack can have besides success and miss.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outcomes {
    /// Whether an attempt can leave several candidates.
    pub ambiguous: bool,
    /// Whether a record key tells right from wrong.
    pub wrong: bool,
}

impl Tally {
    /// Counts attempts on those targets whose rows belong to a part of a table.
    pub(crate) fn of_part(
        attempts: &[Attempt],
        outcomes: Outcomes,
        table: &Table,
        rows: &[u32],
        belongs: impl Fn(u32) -> bool,
    ) -> Tally {
        let inside = rows.iter().zip(attempts).filter(|(row, _)| belongs(**row));
        let (of_part, attempts): (Vec<u32>, Vec<Attempt>) = inside.map(|(row, attempt)| (*row, *attempt)).unzip();
        let population = (0..table.rows() as u32).filter(|row| belongs(*row)).count() as u64;
        Tally { population, ..Tally::of(&attempts, outcomes, table, &of_part) }
    }

    /// Counts attempts on targets. Rows of one person are not independent: the effective number says so.
    pub fn of(attempts: &[Attempt], outcomes: Outcomes, table: &Table, rows: &[u32]) -> Tally {
        let count = |outcome| attempts.iter().filter(|attempt| **attempt == outcome).count() as u64;
        let attempted = attempts.len() as u64;
        // By their number of records, so that the order of the targets does not decide the last bits of the sum.
        let mut shared: BTreeMap<u32, u64> = BTreeMap::new();
        for attempt in attempts {
            if let Attempt::Success(records) = attempt {
                *shared.entry(*records).or_default() += 1;
            }
        }
        let worth = |records: &u32| 1.0 / f64::from(*records);
        // Begun at 0: the sum of nothing at all would be -0.
        let sum_of = |of: &dyn Fn(f64) -> f64| {
            shared.iter().fold(0.0, |sum, (records, hits)| sum + *hits as f64 * of(worth(records)))
        };
        let worths = Worths {
            attempted,
            successes: shared.values().sum(),
            sum: sum_of(&|worth| worth),
            squares: sum_of(&|worth| worth * worth),
        };
        let effective = match &table.subjects {
            None => worths.effective(),
            Some(subjects) => {
                let mut persons = vec![(0, 0.0); table.persons()];
                for (row, attempt) in rows.iter().zip(attempts) {
                    let (attempts, worth) = &mut persons[subjects[*row as usize] as usize];
                    *attempts += 1;
                    *worth += attempt.worth();
                }
                // By what they came to, so that the numbers of the persons do not decide the last bits of the sum.
                persons.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
                worths.effective_of_persons(persons)
            }
        };
        Tally {
            attempted,
            successes: worths.successes,
            expected: worths.sum,
            ambiguous: outcomes.ambiguous.then(|| count(Attempt::Ambiguous)),
            wrong: outcomes.wrong.then(|| count(Attempt::Wrong)),
            effective,
            population: table.rows() as u64,
        }
    }
}
