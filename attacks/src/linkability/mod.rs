//! Linkability (关联): does the release join two files about the same persons?
//!
//! # The attack
//! The attacker holds two files about the same persons with different columns, and the release, which has both sets of
//! columns. For each person he finds the nearest set in the release on either half, N0 and N1. When a release profile
//! stands in both, it links the two files.
//!
//! * *linked*: N0 ∩ N1 holds between 1 and k distinct profiles (equality over both halves together),
//! * *ambiguous*: more than k,
//! * otherwise nothing is claimed.
//!
//! With a record key, a link whose profiles hold the target's own record is a success and any other is *wrong*.
//!
//! # Baseline
//! The same rule on two independent uniform draws of as many distinct profiles as N0 and N1 hold. The size of their
//! overlap is hypergeometric, so the expected number of links is computed and not simulated
//! ([`overlap_between_one_and`]); with a record key, the expected number of right links ([`overlap_with_one_item`]).
//!
//! # Sources
//! Article 29 Working Party, Opinion 05/2014 (WP216), section 2.2.2, for the criterion; the nearest-record
//! attack is record linkage by distance (Domingo-Ferrer & Torra 2001, in Confidentiality, Disclosure and Data Access).

use crate::AttackError;
use crate::matcher::Matcher;
use crate::neighbors::{Profiles, SearchPlan};
use crate::outcome::{Attempt, Attempts, Baseline};
use crate::stats::hypergeometric::{overlap_between_one_and, overlap_with_one_item};
use crate::table::{Groups, Lists, Tables};
use crate::targets::{NearestSets, Progress, Questions, TargetRows};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashSet};

#[cfg(test)]
mod test;

/// An attacker with two files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkabilityAttacker {
    /// Columns of either file, ascending, no column in both.
    pub halves: [Vec<usize>; 2],
    /// What makes a release record the answer.
    pub matcher: Matcher,
    /// k: nearest rows asked for on either half, and most profiles a link may have.
    pub neighbors: usize,
}

impl LinkabilityAttacker {
    /// Whether the attacker can be played on these tables.
    ///
    /// # Errors
    /// When a half is empty, a column is out of range or in both halves, or k is 0.
    pub fn check(&self, tables: &Tables) -> Result<(), AttackError> {
        let [one, other] = &self.halves;
        let fail = |why: &str| Err(AttackError::Attacker(format!("linkability: {why}")));
        if one.is_empty() || other.is_empty() {
            return fail("each half needs at least one column");
        }
        if one.iter().chain(other).any(|column| *column >= tables.columns.len()) {
            return fail("a column is out of range");
        }
        if one.iter().any(|column| other.contains(column)) {
            return fail("a column stands in both halves");
        }
        if self.neighbors == 0 {
            return fail("at least 1 neighbour is needed");
        }
        Ok(())
    }

    /// Attacks every target.
    pub fn attack(&self, tables: &Tables, targets: &TargetRows, progress: &dyn Progress) -> Attempts {
        let both = |side: usize| Half::new(tables, targets, &self.halves[side]);
        let halves: [Half; 2] = rayon::join(|| both(0), || both(1)).into();
        progress.begin("linkability", halves.iter().map(|half| half.questions.len() as u64).sum());
        let search = |side: usize| halves[side].nearest_sets(tables, &self.halves[side], self.neighbors, progress);
        let [(one, plan_of_one), (other, plan_of_other)] = rayon::join(|| search(0), || search(1)).into();
        let nearest = [one, other];
        let joint = Joint::new(&halves);

        // Targets that ask the same question on both halves get the same answer.
        let mut pairs = halves[0].questions.groups.clone();
        pairs.refine(&halves[1].questions.groups.of_row);
        let keep_links = tables.original.records.is_some();
        let answers: Vec<Link> = pairs
            .first
            .par_iter()
            .map(|target| {
                let sets = [0, 1].map(|side| {
                    let question = halves[side].questions.groups.of_row[*target as usize];
                    nearest[side].of(question)
                });
                joint.link(sets, self.neighbors, keep_links)
            })
            .collect();

        let (main, control) = pairs.of_row.split_at(targets.original.len());
        let attempt = |pair: &u32| answers[*pair as usize].attempt(self.neighbors);
        let main_attempts = match (&tables.original.records, &tables.anonymized.records) {
            (Some(original), Some(released)) => {
                let rows = RecordRows::new(released);
                let pairs = targets.original.iter().zip(main);
                pairs
                    .map(|(row, pair)| {
                        let right = rows.any(original[*row as usize], |row| {
                            answers[*pair as usize].links.contains(&joint.of_row[row as usize])
                        });
                        match attempt(pair) {
                            Attempt::Success(_) if !right => Attempt::Wrong,
                            other => other,
                        }
                    })
                    .collect()
            }
            _ => main.iter().map(attempt).collect(),
        };
        // No record of the release is a control person's, so with a record key every link to one is wrong.
        let control_attempt = |pair: &u32| match attempt(pair) {
            Attempt::Success(_) if keep_links => Attempt::Wrong,
            other => other,
        };
        Attempts {
            main: main_attempts,
            control: targets.control.as_ref().map(|_| control.iter().map(control_attempt).collect()),
            nonmember: None,
            baseline: self.baseline(tables, targets, main, &answers, joint.len() as u64),
            searches: vec![plan_of_one, plan_of_other],
        }
    }

    fn baseline(
        &self,
        tables: &Tables,
        targets: &TargetRows,
        pairs: &[u32],
        answers: &[Link],
        profiles: u64,
    ) -> Baseline {
        let records = tables.original.records.as_ref().zip(tables.anonymized.records.as_ref());
        let released = records.map(|(_, released)| released.iter().copied().collect::<HashSet<u32>>());
        let mut sizes: BTreeMap<[u64; 2], u64> = BTreeMap::new();
        for (row, pair) in targets.original.iter().zip(pairs) {
            // With a record key only the right link counts, and without a released record there is none.
            let linkable = match (records, &released) {
                (Some((original, _)), Some(released)) => released.contains(&original[*row as usize]),
                _ => true,
            };
            if linkable {
                *sizes.entry(answers[*pair as usize].sizes).or_default() += 1;
            }
        }
        let chance = if records.is_some() { overlap_with_one_item } else { overlap_between_one_and };
        let sizes: Vec<([u64; 2], u64)> = sizes.into_iter().collect();
        let expected: Vec<f64> = sizes
            .par_iter()
            .map(|([a, b], count)| *count as f64 * chance(self.neighbors as u64, profiles, *a, *b))
            .collect();
        Baseline { attempted: pairs.len() as u64, successes: expected.iter().sum() }
    }
}

/// One file's view of the release.
struct Half<'t> {
    profiles: Profiles<'t>,
    questions: Questions,
}

impl<'t> Half<'t> {
    fn new(tables: &'t Tables, targets: &TargetRows, columns: &[usize]) -> Half<'t> {
        let (profiles, questions) =
            rayon::join(|| Profiles::new(tables, columns), || Questions::new(tables, targets, columns));
        Half { profiles, questions }
    }

    /// The nearest profiles of each question, and how they were found.
    fn nearest_sets(
        &self,
        tables: &Tables,
        columns: &[usize],
        neighbors: usize,
        progress: &dyn Progress,
    ) -> (NearestSets, SearchPlan) {
        let planned = self.questions.plan(tables, &self.profiles, columns, neighbors);
        (self.questions.nearest_sets(planned.index.as_ref(), neighbors, progress), planned.plan)
    }
}

/// Profiles over both halves together, and which profiles of either half they are made of.
struct Joint {
    /// Joint profile of each release row.
    of_row: Vec<u32>,
    /// Per side, the half's profile of each joint profile.
    half: [Vec<u32>; 2],
    /// Per side, the joint profiles of each of the half's profiles.
    by_half: [Lists; 2],
}

impl Joint {
    fn new(halves: &[Half; 2]) -> Joint {
        let rows = halves[0].profiles.of_row().len();
        let groups = Groups::of(rows, halves.iter().map(|half| half.profiles.of_row()));
        let half = [0, 1].map(|side: usize| {
            let of_row = halves[side].profiles.of_row();
            groups.first.iter().map(|row| of_row[*row as usize]).collect::<Vec<u32>>()
        });
        let by_half = [0, 1].map(|side: usize| Lists::by_key(&half[side], halves[side].profiles.len()));
        Joint { of_row: groups.of_row, half, by_half }
    }

    fn len(&self) -> usize {
        self.half[0].len()
    }

    /// The joint profiles in both nearest sets; at most one more than k is looked for.
    fn link(&self, sets: [&[u32]; 2], neighbors: usize, keep_links: bool) -> Link {
        let sizes = [0, 1].map(|side: usize| {
            sets[side].iter().map(|profile| self.by_half[side].of(*profile).len() as u64).sum::<u64>()
        });
        let (from, to) = if sizes[0] <= sizes[1] { (0, 1) } else { (1, 0) };
        let candidates = sets[from].iter().flat_map(|profile| self.by_half[from].of(*profile));
        let common = candidates.filter(|joint| sets[to].binary_search(&self.half[to][**joint as usize]).is_ok());
        let links: Vec<u32> = common.take(neighbors + 1).copied().collect();
        let found = links.len();
        Link { sizes, found, links: if keep_links { links } else { Vec::new() } }
    }
}

/// What the two nearest sets of a target have in common.
struct Link {
    /// Distinct joint profiles in either nearest set.
    sizes: [u64; 2],
    /// Joint profiles in both, counted up to k + 1.
    found: usize,
    /// Those profiles, kept when a record key will ask for them.
    links: Vec<u32>,
}

impl Link {
    fn attempt(&self, neighbors: usize) -> Attempt {
        match self.found {
            0 => Attempt::Miss,
            found if found <= neighbors => Attempt::HIT,
            _ => Attempt::Ambiguous,
        }
    }
}

/// Release rows of each record.
struct RecordRows(Lists);

impl RecordRows {
    fn new(records: &[u32]) -> RecordRows {
        RecordRows(Lists::by_key(records, records.iter().max().map_or(0, |max| *max as usize + 1)))
    }

    fn any(&self, record: u32, test: impl Fn(u32) -> bool) -> bool {
        (record as usize) < self.0.len() && self.0.of(record).iter().any(|row| test(*row))
    }
}
