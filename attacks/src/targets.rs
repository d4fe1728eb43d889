//! Which persons are attacked, and asking each distinct question once.

use crate::neighbors::{self, GowerDistance, Nearest, NeighborIndex, Planned, Profiles, Searcher};
use crate::sampling::{Stream, Task};
use crate::table::{Groups, Table, Tables};
use rayon::prelude::*;

/// How many records of the original and of the control are attacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Targets {
    /// Every record.
    #[default]
    All,
    /// This many of each, drawn without replacement; all where a table has fewer.
    Sample(usize),
}

/// The rows under attack: of the original first, then of the control.
#[derive(Debug, Clone)]
pub struct TargetRows {
    /// Rows of the original, ascending.
    pub original: Vec<u32>,
    /// Rows of the control, ascending; `None` without a control.
    pub control: Option<Vec<u32>>,
}

impl TargetRows {
    /// Draws the targets. The draw depends on the seed and the tables' sizes only, so all attackers, and all runs with
    /// one seed, attack the same persons.
    pub fn draw(tables: &Tables, targets: Targets, seed: u64) -> TargetRows {
        let rows = |table: &Table, task| match targets {
            Targets::All => (0..table.rows() as u32).collect(),
            Targets::Sample(count) => {
                let drawn = Stream::new(seed, task, 0).sample(table.rows(), count);
                drawn.into_iter().map(|row| row as u32).collect()
            }
        };
        TargetRows {
            original: rows(&tables.original, Task::OriginalTargets),
            control: tables.control.as_ref().map(|control| rows(control, Task::ControlTargets)),
        }
    }

    /// Number of targets of both tables.
    pub fn len(&self) -> usize {
        self.original.len() + self.control.as_ref().map_or(0, Vec::len)
    }

    /// Whether nothing is attacked.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A column's codes of all targets.
    pub fn codes(&self, tables: &Tables, column: usize) -> Vec<u32> {
        let of = |table: &Table, rows: &[u32]| -> Vec<u32> {
            let codes = table.column(column);
            rows.iter().map(|row| codes[*row as usize]).collect()
        };
        let mut codes = of(&tables.original, &self.original);
        if let (Some(table), Some(rows)) = (&tables.control, &self.control) {
            codes.extend(of(table, rows));
        }
        codes
    }
}

/// Targets that are equal on an attacker's columns are asked once.
#[derive(Debug)]
pub(crate) struct Questions {
    /// Group of each target, in the order of [`TargetRows`].
    pub groups: Groups,
    columns: usize,
    /// Codes per group and column, group by group.
    codes: Vec<u32>,
}

impl Questions {
    pub fn new(tables: &Tables, targets: &TargetRows, columns: &[usize]) -> Questions {
        let of_column: Vec<Vec<u32>> = columns.iter().map(|column| targets.codes(tables, *column)).collect();
        let groups = Groups::of(targets.len(), of_column.iter().map(Vec::as_slice));
        let codes =
            groups.first.iter().flat_map(|first| of_column.iter().map(|codes| codes[*first as usize])).collect();
        Questions { groups, columns: columns.len(), codes }
    }

    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// The index that suits these questions.
    pub fn plan<'a>(
        &self,
        tables: &'a Tables,
        profiles: &'a Profiles<'a>,
        columns: &[usize],
        neighbors: usize,
    ) -> Planned<'a> {
        let distance = GowerDistance::new(tables, columns);
        neighbors::plan(profiles, distance, columns, self.len(), neighbors, |at| self.codes(at as u32))
    }

    /// Questions, those that share work one after the other.
    fn order(&self, index: &dyn NeighborIndex) -> Vec<u32> {
        let key = |question| (index.sharing_key(self.codes(question)), question);
        let mut order: Vec<(u64, u32)> = (0..self.len() as u32).into_par_iter().map(key).collect();
        order.par_sort_unstable();
        order.into_iter().map(|(_, question)| question).collect()
    }

    /// Codes of a question on the attacker's columns.
    fn codes(&self, question: u32) -> &[u32] {
        &self.codes[question as usize * self.columns..(question as usize + 1) * self.columns]
    }

    /// Finds the nearest set of every question and keeps what `keep` makes of it, in question order.
    ///
    /// Questions that share work follow one another. The result does not depend on their order, nor on the number of
    /// threads.
    pub fn ask<T: Send, S>(
        &self,
        index: &dyn NeighborIndex,
        neighbors: usize,
        progress: &dyn Progress,
        scratch: impl Fn() -> S + Sync,
        keep: impl Fn(&mut S, &Nearest) -> T + Sync,
    ) -> Vec<T> {
        let (order, answers) =
            self.ask_in_parts(index, neighbors, progress, scratch, |scratch, nearest, part: &mut Vec<T>| {
                part.push(keep(scratch, nearest));
            });
        let mut placed: Vec<Option<T>> = (0..self.len()).map(|_| None).collect();
        for (question, answer) in order.iter().zip(answers.into_iter().flatten()) {
            placed[*question as usize] = Some(answer);
        }
        placed.into_iter().map(|answer| answer.expect("every question was asked")).collect()
    }

    /// Finds the nearest set of every question and keeps its profiles.
    pub fn nearest_sets(&self, index: &dyn NeighborIndex, neighbors: usize, progress: &dyn Progress) -> NearestSets {
        let (order, parts) = self.ask_in_parts(
            index,
            neighbors,
            progress,
            || (),
            |(), nearest, part: &mut SetsOfPart| {
                part.profiles.extend_from_slice(&nearest.profiles);
                part.ends.push(part.profiles.len());
            },
        );
        let mut places = vec![(0, 0, 0); self.len()];
        let sets = parts.iter().enumerate().flat_map(|(at, part)| {
            let starts = std::iter::once(&0).chain(&part.ends);
            starts.zip(&part.ends).map(move |(start, end)| (at as u32, *start, *end))
        });
        for (question, place) in order.iter().zip(sets) {
            places[*question as usize] = place;
        }
        NearestSets { parts: parts.into_iter().map(|part| part.profiles).collect(), places }
    }

    /// Asks the questions part by part: the order of the questions, and what each part of them came to.
    fn ask_in_parts<P: Default + Send, S>(
        &self,
        index: &dyn NeighborIndex,
        neighbors: usize,
        progress: &dyn Progress,
        scratch: impl Fn() -> S + Sync,
        keep: impl Fn(&mut S, &Nearest, &mut P) + Sync,
    ) -> (Vec<u32>, Vec<P>) {
        let order = self.order(index);
        let answer = |(searcher, scratch): &mut (Box<dyn Searcher + '_>, S), questions: &[u32]| {
            let targets: Vec<&[u32]> = questions.iter().map(|question| self.codes(*question)).collect();
            let mut part = P::default();
            searcher.nearest_of_each(&targets, neighbors, &mut |_, nearest| keep(scratch, nearest, &mut part));
            progress.advance(questions.len() as u64);
            part
        };
        let parts = order.par_chunks(PART).map_init(|| (index.searcher(), scratch()), answer).collect();
        (order, parts)
    }
}

/// Questions that a thread takes at once.
const PART: usize = 256;

/// Nearest sets of consecutive questions, one after the other.
#[derive(Default)]
struct SetsOfPart {
    profiles: Vec<u32>,
    ends: Vec<usize>,
}

/// The profiles in the nearest set of each question.
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

/// Told how far a run is; called from several threads.
pub trait Progress: Sync {
    /// A step begins, of so many units (questions, or predicates).
    fn begin(&self, step: &str, units: u64);
    /// So many more units are done.
    fn advance(&self, units: u64);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&self, _step: &str, _units: u64) {}
    fn advance(&self, _units: u64) {}
}
