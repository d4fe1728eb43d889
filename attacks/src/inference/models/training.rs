//! What a model learns from: the rows of a table that tell something, their known columns in bins, their secrets in classes.

use super::classes::Classes;
use super::parts::Parts;
use crate::inference::Correctness;
use crate::table::{Domain, Table, Tables};
use rayon::prelude::*;

/// Most bins of a known column's numbers.
const MOST_BINS: usize = 64;
/// A bin of numbers holds this many rows, of a table so small that it cannot fill all.
const ROWS_PER_BIN: usize = 8;

/// A table to learn from.
pub(super) struct Training<'t> {
    pub table: &'t Table,
    /// Columns that are known.
    pub known: &'t [usize],
    pub secret: usize,
    /// Rows that count, in the order of their values: those that say something of a known column and of the secret.
    pub rows: Vec<u32>,
    /// The bins of each known column.
    pub bins: Vec<Parts>,
    /// What can be guessed.
    pub classes: Classes,
}

impl<'t> Training<'t> {
    /// Prepares a table of `tables`.
    pub fn new(
        tables: &'t Tables,
        table: &'t Table,
        known: &'t [usize],
        secret: usize,
        correctness: Correctness,
    ) -> Training<'t> {
        let domain = |column: usize| &tables.columns[column].domain;
        let generalized = known.iter().any(|column| domain(*column).has_generalized());
        let says_something = |row: &u32| {
            let codes = || known.iter().map(|column| (domain(*column), table.column(*column)[*row as usize]));
            let exact = |(domain, code): (&Domain, u32)| domain.is_exact(code);
            !generalized || codes().all(exact) || !codes().all(|(domain, code)| domain.says_nothing(code))
        };
        let mut rows: Vec<u32> = (0..table.rows() as u32).filter(says_something).collect();
        let of_rows = |rows: &[u32], column: usize| -> Vec<u32> {
            let codes = table.column(column);
            rows.iter().map(|row| codes[*row as usize]).collect()
        };
        let classes = Classes::of(domain(secret), &of_rows(&rows, secret), correctness);
        rows.retain(|row| !classes.parts.of(table.column(secret)[*row as usize]).is_empty());
        let most = (rows.len() / ROWS_PER_BIN).clamp(2, MOST_BINS);
        let bins = |column: &usize| Parts::bins(domain(*column), &of_rows(&rows, *column), most);
        let bins = known.par_iter().map(bins).collect();
        let rows = tables.in_order(table, rows);
        Training { table, known, secret, rows, bins, classes }
    }

    /// The secret of a row, as classes with a share each.
    pub fn classes_of(&self, row: u32) -> &[(u32, f64)] {
        self.classes.parts.of(self.table.column(self.secret)[row as usize])
    }

    /// Codes of rows of a table on the known columns, row by row.
    pub fn codes(&self, table: &Table, rows: &[u32]) -> Vec<u32> {
        let columns: Vec<&[u32]> = self.known.iter().map(|column| table.column(*column)).collect();
        rows.iter().flat_map(|row| columns.iter().map(|codes| codes[*row as usize])).collect()
    }
}
