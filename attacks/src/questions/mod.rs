//! Where the answers to an attacker's questions come from: each distinct question is asked once.
//!
//! This is the one place for all attacks, matchers and tables: what is searched is the release under test, or the original as if
//! it were the release with every target's own rows left out; who asks are targets of the original, of the control, or both.

use crate::agreement::{AgreementPlan, are_compatible};
use crate::matcher::Search;
use crate::neighbors::{self, GowerDistance, LeaveOut, Nearest, NeighborIndex, Profiles, Searcher, column_distance};
use crate::progress::{Progress, go_on};
use crate::table::{Groups, LEFT_OUT, Lists, Tables};
use crate::targets::TargetRows;
use rayon::prelude::*;
use sets::SetsOfPart;

mod own;
mod searched;
mod sets;

pub(crate) use own::OwnRows;
pub(crate) use searched::{Release, Searched};
pub(crate) use sets::NearestSets;

/// Questions that a thread takes at once, at the most, and parts that few questions make.
const PART: usize = 2048;
const PARTS: usize = 16;

/// An index and the plan that led to it.
pub(crate) struct Planned<'a> {
    /// Answers questions.
    pub index: Box<dyn NeighborIndex + 'a>,
    /// Why it is this one.
    pub plan: Search,
}

/// What some targets ask about some columns, and what is searched for the answers.
pub(crate) struct Questions<'s> {
    tables: &'s Tables,
    columns: &'s [usize],
    searched: &'s Searched<'s>,
    /// The distinct records that are searched.
    pub profiles: &'s Profiles<'s>,
    /// Question of each target, in the order of [`TargetRows`].
    pub groups: Groups,
    /// Codes per question and column, question by question.
    codes: Vec<u32>,
    /// Of each question, the profiles of the rows that are left out of its answer; `None` when nothing is.
    left_out: Option<Lists>,
}

impl<'s> Questions<'s> {
    /// What these targets ask.
    pub fn new(searched: &'s Searched<'s>, targets: &TargetRows) -> Questions<'s> {
        let tables = searched.tables;
        // Who asks decides which rows are left out.
        let subjects = tables.original.subjects.as_ref().filter(|_| searched.leaves_out);
        let apart: Option<Vec<u32>> =
            subjects.map(|subjects| targets.original.iter().map(|row| subjects[*row as usize]).collect());
        let questions = Questions::of_apart(searched, targets, apart.as_deref());
        if !searched.leaves_out {
            return questions;
        }
        let (own, profiles) = (OwnRows::new(tables), searched.profiles);
        let (mut asked, mut left_out) = (Vec::new(), Vec::new());
        for (question, first) in questions.groups.first.iter().enumerate() {
            let rows = own.of(&targets.original[*first as usize]);
            let candidates = rows.iter().map(|row| profiles.of_row()[*row as usize]);
            for profile in candidates.filter(|profile| *profile != LEFT_OUT) {
                asked.push(question as u32);
                left_out.push(profile);
            }
        }
        let left_out = Lists::by_key(&asked, questions.len()).map(|at| left_out[at as usize]);
        Questions { left_out: Some(left_out), ..questions }
    }

    /// What targets ask of whom some do not share a question although they know the same: those whom `apart` tells apart. Nothing
    /// is left out.
    pub fn of_apart(searched: &'s Searched<'s>, targets: &TargetRows, apart: Option<&[u32]>) -> Questions<'s> {
        let Searched { tables, columns, profiles, .. } = searched;
        let of_column: Vec<Vec<u32>> = columns.iter().map(|column| targets.codes(tables, *column)).collect();
        let groups = Groups::of(targets.len(), of_column.iter().map(Vec::as_slice).chain(apart));
        let codes =
            groups.first.iter().flat_map(|first| of_column.iter().map(|codes| codes[*first as usize])).collect();
        Questions { tables, columns, searched, profiles, groups, codes, left_out: None }
    }

    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// The index that suits these questions. Not to be asked for without a profile.
    pub fn plan(&self, neighbors: usize) -> Planned<'_> {
        if let Some(agreement) = &self.searched.agreement {
            let plan = AgreementPlan { questions: self.len(), ..agreement.plan.clone() };
            return Planned { index: Box::new(&agreement.index), plan: Search::Agreement(plan) };
        }
        let codes = |at: usize| self.codes(at as u32);
        let distance = GowerDistance::new(self.tables, self.columns);
        let more = (0..self.len() as u32).map(|question| self.left_out(question).len()).max().unwrap_or(0);
        let neighbors = neighbors + more;
        let planned = neighbors::plan(self.profiles, distance, self.columns, self.len(), neighbors, codes);
        Planned { index: planned.index, plan: Search::Distance(planned.plan) }
    }

    /// Codes of a question on the attacker's columns.
    pub fn codes(&self, question: u32) -> &[u32] {
        &self.codes[question as usize * self.columns.len()..(question as usize + 1) * self.columns.len()]
    }

    /// How far a profile is from what a question knows where the two contradict each other: what a cell covers is no distance.
    pub fn apart(&self, question: u32, profile: u32) -> f64 {
        let cells = self.codes(question).iter().zip(self.profiles.codes(profile)).zip(self.columns);
        let apart = |((target, release), column): ((&u32, &u32), &usize)| {
            let domain = &self.tables.columns[*column].domain;
            if are_compatible(domain, *target, *release) { 0.0 } else { column_distance(domain, *target, *release) }
        };
        cells.map(apart).sum()
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
        let keep = |scratch: &mut S, question, nearest: &Nearest, part: &mut Vec<T>| {
            part.push(keep(scratch, question, nearest));
        };
        let (order, answers) = self.ask_in_parts(index, neighbors, progress, scratch, keep, |part| part);
        let mut placed: Vec<Option<T>> = (0..self.len()).map(|_| None).collect();
        for (question, answer) in order.iter().zip(answers.into_iter().flatten()) {
            placed[*question as usize] = Some(answer);
        }
        placed.into_iter().map(|answer| answer.expect("every question was asked")).collect()
    }

    /// Finds the answer of every question, keeps its profiles, and tells how they were found.
    pub fn answers(&self, neighbors: usize, progress: &dyn Progress) -> (NearestSets, Search) {
        let planned = self.plan(neighbors);
        let (order, parts) = self.ask_in_parts(
            planned.index.as_ref(),
            neighbors,
            progress,
            || (),
            |(), _, nearest, part: &mut SetsOfPart| {
                part.keep(&nearest.profiles);
            },
            SetsOfPart::closed,
        );
        (NearestSets::new(&order, parts), planned.plan)
    }

    /// Asks the questions part by part: the order of the questions, and what each part of them came to.
    fn ask_in_parts<P: Default + Send, S>(
        &self,
        index: &dyn NeighborIndex,
        neighbors: usize,
        progress: &dyn Progress,
        scratch: impl Fn() -> S + Sync,
        keep: impl Fn(&mut S, u32, &Nearest, &mut P) + Sync,
        close: impl Fn(P) -> P + Sync,
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
                        gone => leave_out.without(index, self.profiles, target, neighbors, nearest, gone),
                    };
                    keep(scratch, question, nearest, &mut part);
                });
            }
            progress.advance(part_of.len() as u64);
            close(part)
        };
        let scratch = || (index.searcher(), LeaveOut::default(), scratch());
        let part = order.len().div_ceil(PARTS).clamp(1, PART);
        let parts = order.par_chunks(part).map_init(scratch, answer).collect();
        (order, parts)
    }
}
