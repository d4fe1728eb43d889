//! Where the answers to an attacker's questions come from: each distinct question is asked once.
//!
//! This is the one place for all attacks, matchers and tables: what is searched is the release under test, or the original as if
//! it were the release with every target's own rows left out; who asks are targets of the original, of the control, or both.

use crate::agreement;
use crate::matcher::{Matcher, Search};
use crate::neighbors::{self, GowerDistance, LeaveOut, Nearest, NeighborIndex, Profiles, Searcher};
use crate::progress::{Progress, go_on};
use crate::table::{Groups, LEFT_OUT, Lists, Table, Tables};
use crate::targets::TargetRows;
use foldhash::fast::FixedState;
use rayon::prelude::*;
use std::collections::HashMap;
use std::hash::BuildHasher;

/// Questions that a thread takes at once.
const PART: usize = 256;

/// An index and the plan that led to it.
pub(crate) struct Planned<'a> {
    /// Answers questions.
    pub index: Box<dyn NeighborIndex + 'a>,
    /// Why it is this one.
    pub plan: Search,
}

/// Whose rows are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Release {
    /// The release under test.
    Anonymized,
    /// The original, each target's own rows left out: what the data of everybody else tell (METHOD section 5, *nonmember*). Only
    /// the original's rows are targets then.
    Original,
}

/// What some targets ask about some columns, and what is searched for the answers.
pub(crate) struct Questions<'t> {
    tables: &'t Tables,
    columns: &'t [usize],
    /// The distinct records that are searched.
    pub profiles: Profiles<'t>,
    /// Question of each target, in the order of [`TargetRows`].
    pub groups: Groups,
    /// Codes per question and column, question by question.
    codes: Vec<u32>,
    /// Of each question, the profiles of the rows that are left out of its answer; `None` when nothing is.
    left_out: Option<Lists>,
}

impl<'t> Questions<'t> {
    pub fn new(tables: &'t Tables, targets: &TargetRows, columns: &'t [usize], release: Release) -> Questions<'t> {
        let searched = match release {
            Release::Anonymized => &tables.anonymized,
            Release::Original => &tables.original,
        };
        let ask = || {
            let mut of_column: Vec<Vec<u32>> = columns.iter().map(|column| targets.codes(tables, *column)).collect();
            if let (Release::Original, Some(subjects)) = (release, &tables.original.subjects) {
                // Who asks decides which rows are left out.
                of_column.push(targets.original.iter().map(|row| subjects[*row as usize]).collect());
            }
            let groups = Groups::of(targets.len(), of_column.iter().map(Vec::as_slice));
            let known = &of_column[..columns.len()];
            let codes =
                groups.first.iter().flat_map(|first| known.iter().map(|codes| codes[*first as usize])).collect();
            (groups, codes)
        };
        let (profiles, (groups, codes)) = rayon::join(|| Profiles::over(tables, searched, columns), ask);
        let left_out = (release == Release::Original).then(|| {
            let own = OwnRows::new(tables);
            let (mut questions, mut left_out) = (Vec::new(), Vec::new());
            for (question, first) in groups.first.iter().enumerate() {
                let rows = own.of(&targets.original[*first as usize]);
                let candidates = rows.iter().map(|row| profiles.of_row()[*row as usize]);
                for profile in candidates.filter(|profile| *profile != LEFT_OUT) {
                    questions.push(question as u32);
                    left_out.push(profile);
                }
            }
            Lists::by_key(&questions, groups.len()).map(|at| left_out[at as usize])
        });
        Questions { tables, columns, profiles, groups, codes, left_out }
    }

    /// What targets of both tables ask about the distinct records of a table, equal ones counted once and nothing left out. Targets
    /// whom `apart` tells apart do not share a question.
    pub fn about(
        tables: &'t Tables,
        targets: &TargetRows,
        columns: &'t [usize],
        searched: &'t Table,
        apart: Option<&[u32]>,
    ) -> Questions<'t> {
        let of_column: Vec<Vec<u32>> = columns.iter().map(|column| targets.codes(tables, *column)).collect();
        let groups = Groups::of(targets.len(), of_column.iter().map(Vec::as_slice).chain(apart));
        let codes =
            groups.first.iter().flat_map(|first| of_column.iter().map(|codes| codes[*first as usize])).collect();
        let profiles = Profiles::over(tables, searched, columns).distinct();
        Questions { tables, columns, profiles, groups, codes, left_out: None }
    }

    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// The index that suits these questions. Not to be asked for without a profile.
    pub fn plan(&self, matcher: Matcher, neighbors: usize) -> Planned<'_> {
        let codes = |at: usize| self.codes(at as u32);
        match matcher {
            Matcher::Distance => {
                let distance = GowerDistance::new(self.tables, self.columns);
                let more = (0..self.len() as u32).map(|question| self.left_out(question).len()).max().unwrap_or(0);
                let neighbors = neighbors + more;
                let planned = neighbors::plan(&self.profiles, distance, self.columns, self.len(), neighbors, codes);
                Planned { index: planned.index, plan: Search::Distance(planned.plan) }
            }
            Matcher::Agreement => {
                let planned = agreement::plan(self.tables, &self.profiles, self.columns, self.len(), codes, |at| {
                    self.left_out(at as u32)
                });
                Planned { index: Box::new(planned.index), plan: Search::Agreement(planned.plan) }
            }
        }
    }

    /// Codes of a question on the attacker's columns.
    pub fn codes(&self, question: u32) -> &[u32] {
        &self.codes[question as usize * self.columns.len()..(question as usize + 1) * self.columns.len()]
    }

    /// Profiles of the rows that are left out of a question's answer, a profile once for each row.
    fn left_out(&self, question: u32) -> &[u32] {
        self.left_out.as_ref().map_or(&[], |left_out| left_out.of(question))
    }

    /// Questions, those that share work one after the other.
    fn order(&self, index: &dyn NeighborIndex) -> Vec<u32> {
        let key = |question| (self.left_out(question).len(), index.sharing_key(self.codes(question)), question);
        let mut order: Vec<(usize, u64, u32)> = (0..self.len() as u32).into_par_iter().map(key).collect();
        order.par_sort_unstable();
        order.into_iter().map(|(_, _, question)| question).collect()
    }

    /// Finds the answer of every question and keeps what `keep` makes of it, in question order.
    ///
    /// Questions that share work follow one another. The result does not depend on their order, nor on the number of
    /// threads.
    pub fn ask<T: Send, S>(
        &self,
        index: &dyn NeighborIndex,
        neighbors: usize,
        progress: &dyn Progress,
        scratch: impl Fn() -> S + Sync,
        keep: impl Fn(&mut S, u32, &Nearest) -> T + Sync,
    ) -> Vec<T> {
        let (order, answers) =
            self.ask_in_parts(index, neighbors, progress, scratch, |scratch, question, nearest, part: &mut Vec<T>| {
                part.push(keep(scratch, question, nearest));
            });
        let mut placed: Vec<Option<T>> = (0..self.len()).map(|_| None).collect();
        for (question, answer) in order.iter().zip(answers.into_iter().flatten()) {
            placed[*question as usize] = Some(answer);
        }
        placed.into_iter().map(|answer| answer.expect("every question was asked")).collect()
    }

    /// Finds the answer of every question, keeps its profiles, and tells how they were found.
    pub fn answers(&self, matcher: Matcher, neighbors: usize, progress: &dyn Progress) -> (NearestSets, Search) {
        let planned = self.plan(matcher, neighbors);
        let (order, parts) = self.ask_in_parts(
            planned.index.as_ref(),
            neighbors,
            progress,
            || (),
            |(), _, nearest, part: &mut SetsOfPart| {
                part.keep(&nearest.profiles);
            },
        );
        let mut places = vec![(0, 0, 0); self.len()];
        let sets = parts
            .iter()
            .enumerate()
            .flat_map(|(at, part)| part.places.iter().map(move |(start, end)| (at as u32, *start, *end)));
        for (question, place) in order.iter().zip(sets) {
            places[*question as usize] = place;
        }
        (NearestSets { parts: parts.into_iter().map(|part| part.profiles).collect(), places }, planned.plan)
    }

    /// Asks the questions part by part: the order of the questions, and what each part of them came to.
    fn ask_in_parts<P: Default + Send, S>(
        &self,
        index: &dyn NeighborIndex,
        neighbors: usize,
        progress: &dyn Progress,
        scratch: impl Fn() -> S + Sync,
        keep: impl Fn(&mut S, u32, &Nearest, &mut P) + Sync,
    ) -> (Vec<u32>, Vec<P>) {
        let order = self.order(index);
        let answer = |(searcher, leave_out, scratch): &mut (Box<dyn Searcher + '_>, LeaveOut, S), part_of: &[u32]| {
            go_on(progress);
            let mut part = P::default();
            for questions in part_of.chunk_by(|a, b| self.left_out(*a).len() == self.left_out(*b).len()) {
                let targets: Vec<&[u32]> = questions.iter().map(|question| self.codes(*question)).collect();
                let more = self.left_out(questions[0]).len();
                searcher.nearest_of_each(&targets, neighbors + more, &mut |at, nearest| {
                    go_on(progress);
                    let (question, target) = (questions[at], targets[at]);
                    let nearest = match self.left_out(question) {
                        [] => nearest,
                        gone => leave_out.without(index, &self.profiles, target, neighbors, nearest, gone),
                    };
                    keep(scratch, question, nearest, &mut part);
                });
            }
            progress.advance(part_of.len() as u64);
            part
        };
        let scratch = || (index.searcher(), LeaveOut::default(), scratch());
        let parts = order.par_chunks(PART).map_init(scratch, answer).collect();
        (order, parts)
    }
}

/// Sets of fewer profiles are kept again and not looked for.
const LARGE: usize = 8;

/// Nearest sets of consecutive questions. Many large sets are the same: all who agree with the same records in the same columns
/// have one, and it is kept once.
#[derive(Default)]
struct SetsOfPart {
    profiles: Vec<u32>,
    /// Where each question's set starts and ends.
    places: Vec<(usize, usize)>,
    /// The places of large sets by what they hash to.
    large: HashMap<u64, (usize, usize), FixedState>,
}

impl SetsOfPart {
    /// Keeps the set of the next question.
    fn keep(&mut self, set: &[u32]) {
        let hash = if set.len() < LARGE { 0 } else { self.large.hasher().hash_one(set) };
        if set.len() >= LARGE
            && let Some(place) = self.large.get(&hash)
            && self.profiles[place.0..place.1] == *set
        {
            self.places.push(*place);
            return;
        }
        let start = self.profiles.len();
        self.profiles.extend_from_slice(set);
        let place = (start, self.profiles.len());
        self.places.push(place);
        if set.len() >= LARGE {
            self.large.insert(hash, place);
        }
    }
}

/// The profiles in the answer of each question.
pub(crate) struct NearestSets {
    parts: Vec<Vec<u32>>,
    /// Part of each question, and where its set starts and ends there.
    places: Vec<(u32, usize, usize)>,
}

impl NearestSets {
    /// Of one question, ascending.
    pub fn of(&self, question: u32) -> &[u32] {
        let (part, start, end) = self.places[question as usize];
        &self.parts[part as usize][start..end]
    }
}

/// The rows of the original that are about the same person as a row.
pub(crate) struct OwnRows<'t>(Option<(&'t [u32], Lists)>);

impl<'t> OwnRows<'t> {
    pub fn new(tables: &'t Tables) -> OwnRows<'t> {
        OwnRows(
            tables
                .original
                .subjects
                .as_deref()
                .map(|subjects| (subjects, Lists::by_key(subjects, tables.original.persons()))),
        )
    }

    /// Of one row, itself among them, ascending.
    pub fn of<'r>(&'r self, row: &'r u32) -> &'r [u32] {
        match &self.0 {
            None => std::slice::from_ref(row),
            Some((subjects, rows)) => rows.of(subjects[*row as usize]),
        }
    }
}
