//! Which persons are attacked.

pub use crate::progress::{NoProgress, Progress};
use crate::sampling::{Stream, Task};
use crate::table::{Table, Tables};

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
    /// Draws the targets. All attackers, and all runs with one seed, attack the same persons, however the rows of the tables
    /// are ordered: rows are drawn by their place in the order of their values.
    pub fn draw(tables: &Tables, targets: Targets, seed: u64) -> TargetRows {
        let rows = |table: &Table, task| match targets {
            Targets::All => (0..table.rows() as u32).collect(),
            Targets::Sample(count) => {
                let drawn = Stream::new(seed, task, 0).sample(table.rows(), count);
                if drawn.len() == table.rows() {
                    return (0..table.rows() as u32).collect();
                }
                let in_order = tables.in_order(table, 0..table.rows() as u32);
                let mut rows: Vec<u32> = drawn.into_iter().map(|place| in_order[place]).collect();
                rows.sort_unstable();
                rows
            }
        };
        TargetRows {
            original: rows(&tables.original, Task::OriginalTargets),
            control: tables.control.as_ref().map(|control| rows(control, Task::ControlTargets)),
        }
    }

    /// Every row of both tables.
    pub fn everybody(tables: &Tables) -> TargetRows {
        TargetRows::draw(tables, Targets::All, 0)
    }

    /// The targets of the original alone.
    pub(crate) fn of_original(&self) -> TargetRows {
        TargetRows { original: self.original.clone(), control: None }
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
        let mut codes = Vec::with_capacity(self.len());
        let mut add = |table: &Table, rows: &[u32]| {
            let of_row = table.column(column);
            codes.extend(rows.iter().map(|row| of_row[*row as usize]));
        };
        add(&tables.original, &self.original);
        if let (Some(table), Some(rows)) = (&tables.control, &self.control) {
            add(table, rows);
        }
        codes
    }

    /// A column's code of one of the targets.
    pub fn code(&self, tables: &Tables, column: usize, target: usize) -> u32 {
        let (table, row) = match target.checked_sub(self.original.len()) {
            None => (Some(&tables.original), Some(self.original[target])),
            Some(target) => (tables.control.as_ref(), self.control.as_ref().map(|rows| rows[target])),
        };
        let (table, row) = table.zip(row).expect("targets of the control are of a control");
        table.column(column)[row as usize]
    }
}
