//! Signs of a truth that nobody gave: rows that stand where they stood, and rows that were copied.

use crate::agreement::are_compatible;
use crate::outcome::Tally;
use crate::stats::risk::RiskModel;
use crate::table::{Groups, Table, Tables};
use rayon::prelude::*;

/// Rows that one task looks at.
const CHUNK: usize = 4096;

/// How far the release follows the original's order of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InPlace {
    /// Rows of either table.
    pub rows: usize,
    /// Rows that agree in more than half of the columns with the original's row in the same place.
    pub agreeing: usize,
    /// Rows that so agree with the row half the table further on: what agrees without any order.
    pub elsewhere: usize,
}

impl InPlace {
    /// Whether most rows agree in place, and few would anywhere else.
    pub fn follows(&self) -> bool {
        2 * self.agreeing > self.rows && 2 * self.elsewhere < self.agreeing
    }
}

/// Compares the rows of original and release place by place; `None` when they are not equally many.
pub fn in_place(tables: &Tables) -> Option<InPlace> {
    let rows = tables.original.rows();
    if rows != tables.anonymized.rows() {
        return None;
    }
    // Column by column, as they lie in memory.
    let of_chunk = |chunk: &[u32], shift: usize| {
        let mut agreeing = vec![0u32; chunk.len()];
        for (at, column) in tables.columns.iter().enumerate() {
            let (original, anonymized) = (tables.original.column(at), tables.anonymized.column(at));
            let agree = |own: u32, released: u32| match column.domain.has_generalized() {
                false => own == released,
                true => !column.domain.says_nothing(released) && are_compatible(&column.domain, own, released),
            };
            for (agreeing, row) in agreeing.iter_mut().zip(chunk) {
                let row = *row as usize;
                *agreeing += u32::from(agree(original[row], anonymized[(row + shift) % rows]));
            }
        }
        agreeing.into_iter().filter(|agreeing| 2 * *agreeing as usize > tables.columns.len()).count()
    };
    let all: Vec<u32> = (0..rows as u32).collect();
    let count = |shift: usize| all.par_chunks(CHUNK).map(|chunk| of_chunk(chunk, shift)).sum();
    Some(InPlace { rows, agreeing: count(0), elsewhere: count(rows / 2) })
}

/// Share of the release's rows, beyond chance, from which on it is evidently made of the original's.
const EVIDENT: f64 = 0.5;

/// Whether the release is evidently made of rows of the original: more than half of its rows equal some row there, beyond those
/// that chance explains. Chance is the share of the control's rows that do; without a control, of the original's rows that equal
/// another one.
pub fn is_subset(tables: &Tables, confidence: f64) -> bool {
    let found = |table: &Table| -> u64 {
        let columns: Vec<(&[u32], &[u32])> =
            (0..tables.columns.len()).map(|at| (tables.original.column(at), table.column(at))).collect();
        let groups = Groups::across([tables.original.rows(), table.rows()], &columns);
        let known = groups.of_row[..tables.original.rows()].iter().max().map_or(0, |most| most + 1);
        groups.of_row[tables.original.rows()..].iter().filter(|group| **group < known).count() as u64
    };
    let released = Tally::whole(found(&tables.anonymized), tables.anonymized.rows() as u64);
    let by_chance = match &tables.control {
        Some(control) => Tally::whole(found(control), control.rows() as u64),
        None => {
            let columns = (0..tables.columns.len()).map(|at| tables.original.column(at));
            let groups = Groups::of(tables.original.rows(), columns);
            let repeated = groups.sizes().into_iter().filter(|rows| *rows > 1).map(u64::from).sum();
            Tally::whole(repeated, tables.original.rows() as u64)
        }
    };
    let beyond = RiskModel::Residual { main: released, control: by_chance }.estimate(confidence);
    beyond.is_some_and(|beyond| beyond.interval.lo > EVIDENT)
}
