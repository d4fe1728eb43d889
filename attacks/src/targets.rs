//! Which persons are attacked, and asking each distinct question once.

use crate::neighbors::{self, GowerDistance, Nearest, NeighborIndex, Planned, Profiles};
use crate::sampling::{Stream, Task};
use crate::table::{Groups, Table, Tables, print_of};
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
        profiles: &'a Profiles,
        columns: &[usize],
        neighbors: usize,
    ) -> Planned<'a> {
        let distance = GowerDistance::new(tables, columns);
        neighbors::plan(profiles, distance, columns, self.len(), neighbors, |at| self.codes(at as u32))
    }

    /// Questions, those that are equal on some columns one after the other.
    fn order(&self, columns: &[usize]) -> Vec<u32> {
        let print = |question| {
            let codes = self.codes(question);
            (print_of(columns.iter().map(|at| codes[*at])), question)
        };
        let mut order: Vec<(u64, u32)> = (0..self.len() as u32).into_par_iter().map(print).collect();
        order.par_sort_unstable();
        order.into_iter().map(|(_, question)| question).collect()
    }

    /// Codes of a question on the attacker's columns.
    fn codes(&self, question: u32) -> &[u32] {
        &self.codes[question as usize * self.columns..(question as usize + 1) * self.columns]
    }

    /// Finds the nearest set of every question and keeps what `keep` makes of it, in question order.
    ///
    /// Questions that are equal on the index's sharing order follow one another. The result does not depend on it, nor
    /// on the number of threads.
    pub fn ask<T: Send, S>(
        &self,
        index: &dyn NeighborIndex,
        neighbors: usize,
        progress: &dyn Progress,
        scratch: impl Fn() -> S + Sync,
        keep: impl Fn(&mut S, &Nearest) -> T + Sync,
    ) -> Vec<T> {
        let order = self.order(&index.sharing_order());
        let answers: Vec<Vec<T>> = order
            .par_chunks(256)
            .map_init(
                || (index.searcher(), scratch()),
                |(searcher, scratch), questions| {
                    let targets: Vec<&[u32]> = questions.iter().map(|question| self.codes(*question)).collect();
                    let mut answers = Vec::with_capacity(targets.len());
                    searcher
                        .nearest_of_each(&targets, neighbors, &mut |_, nearest| answers.push(keep(scratch, nearest)));
                    progress.advance(questions.len() as u64);
                    answers
                },
            )
            .collect();
        let mut placed: Vec<Option<T>> = (0..self.len()).map(|_| None).collect();
        for (question, answer) in order.iter().zip(answers.into_iter().flatten()) {
            placed[*question as usize] = Some(answer);
        }
        placed.into_iter().map(|answer| answer.expect("every question was asked")).collect()
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
