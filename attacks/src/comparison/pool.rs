//! Persons of two tables, column by column, and how far each is from somebody.
//!
//! What is asked of them is bounded: of large tables a sample, drawn over the rows in the order of their values, so that the order of the
//! files changes nothing, and by a seed of its own.

use crate::neighbors::kernel::{Instructions, add_gaps, add_unequal, find_least, leave_out};
use crate::sampling::{Stream, Task};
use crate::table::{Table, Tables, print_of};
use rayon::prelude::*;
use std::cmp::Ordering;

/// Distances of two cells that are computed at the most.
const BUDGET: usize = 150_000_000;
/// Persons who ask at the least, and of each table at the most.
pub(super) const ASKING: (usize, usize) = (60, 2_000);

/// Persons of both tables, column by column.
pub(super) struct Pool {
    /// Per column: numbers as shares of the range, NaN for what is none, and the codes. Single precision tells who is nearest well
    /// enough, in half of the time.
    pub(super) columns: Vec<(Vec<f32>, Vec<u32>)>,
    pub(super) is_numeric: Vec<bool>,
    /// How many are the original's; they come first.
    originals: usize,
    /// Person of each row, other tables' persons being others.
    pub(super) subjects: Vec<u32>,
    pub(super) instructions: Instructions,
}

impl Pool {
    pub(super) fn new(tables: &Tables, parts: [(&Table, usize); 2]) -> Pool {
        let chosen = [0, 1].map(|at| chosen(parts[at].0, parts[at].1, at as u64));
        let mut columns = Vec::with_capacity(tables.columns.len());
        for (at, column) in tables.columns.iter().enumerate() {
            let codes: Vec<u32> = [0, 1]
                .into_iter()
                .flat_map(|part| chosen[part].iter().map(move |row| parts[part].0.column(at)[*row]))
                .collect();
            let scale = scale(column.domain.range());
            let numbers = codes.iter().map(|code| (column.domain.number(*code) * scale) as f32).collect();
            columns.push((numbers, codes));
        }
        let is_numeric = tables.columns.iter().map(|column| column.domain.kind().is_numeric()).collect();
        let subjects =
            [0, 1].into_iter().flat_map(|part| chosen[part].iter().map(move |row| parts[part].0.subject(*row)));
        let (originals, subjects, instructions) = (chosen[0].len(), subjects.collect(), Instructions::detect());
        Pool { columns, is_numeric, originals, subjects, instructions }
    }

    pub(super) fn rows(&self) -> usize {
        self.subjects.len()
    }

    pub(super) fn is_original(&self, row: usize) -> bool {
        row < self.originals
    }

    /// Those who ask: half of either table, more of one where the other has fewer.
    pub(super) fn queries(&self, asking: usize) -> Vec<usize> {
        let (n, m) = (self.originals, self.rows() - self.originals);
        let of_control = m.min((asking / 2).max(asking.saturating_sub(n))).min(ASKING.1);
        let of_original = n.min(asking - of_control.min(asking)).min(ASKING.1);
        let mut queries = Stream::new(0, Task::Mixing, 2).sample(n, of_original);
        queries.extend(Stream::new(0, Task::Mixing, 3).sample(m, of_control).iter().map(|at| n + at));
        queries
    }

    /// Chance that the nearest other person is of the same table.
    pub(super) fn by_lots(&self, row: usize) -> f64 {
        let own = if self.is_original(row) { self.originals } else { self.rows() - self.originals };
        (own - 1) as f64 / (self.rows() - 1) as f64
    }

    /// How many persons may ask all of them.
    pub(super) fn asking(&self) -> usize {
        BUDGET / (self.rows() * self.columns.len())
    }

    /// How far all persons are from one whose cells are given, each as a share of the range and as a code.
    fn measure(&self, cells: impl Iterator<Item = (f32, u32)>, sums: &mut [f32]) {
        sums.fill(0.0);
        for (((numbers, codes), is_numeric), (number, code)) in self.columns.iter().zip(&self.is_numeric).zip(cells) {
            if *is_numeric && !number.is_nan() {
                add_gaps(self.instructions, number, numbers, sums);
            } else {
                add_unequal(self.instructions, code, codes, sums);
            }
        }
    }

    /// How far the nearest person of each table is from somebody of a third one.
    pub(super) fn nearest(&self, tables: &Tables, table: &Table, row: usize, sums: &mut [f32]) -> [f32; 2] {
        let cells = tables.columns.iter().enumerate().map(|(at, column)| {
            let code = table.column(at)[row];
            ((column.domain.number(code) * scale(column.domain.range())) as f32, code)
        });
        self.measure(cells, sums);
        let (first, second) = sums.split_at(self.originals);
        [first, second].map(|sums| {
            let (mut least, mut count) = (f32::INFINITY, 0);
            find_least(self.instructions, sums, &mut least, &mut count);
            least
        })
    }

    /// The share of a person's nearest others who are of the same table.
    pub(super) fn own(&self, row: usize, sums: &mut [f32]) -> f64 {
        self.measure(self.columns.iter().map(|(numbers, codes)| (numbers[row], codes[row])), sums);
        let (originals, controls) = sums.split_at_mut(self.originals);
        let (of_originals, of_controls) = self.subjects.split_at(self.originals);
        let (own, others, subjects) = match self.is_original(row) {
            true => (originals, controls, of_originals),
            false => (controls, originals, of_controls),
        };
        leave_out(self.instructions, self.subjects[row], subjects, own);
        let nearest = |sums: &[f32]| {
            let (mut least, mut count) = (f32::INFINITY, 0);
            find_least(self.instructions, sums, &mut least, &mut count);
            (least, f64::from(count))
        };
        let ((least_own, own), (least_other, others)) = (nearest(own), nearest(others));
        match least_own.partial_cmp(&least_other) {
            _ if least_own.min(least_other) == f32::INFINITY => self.by_lots(row),
            Some(Ordering::Less) => 1.0,
            Some(Ordering::Equal) => own / (own + others),
            _ => 0.0,
        }
    }
}

fn scale(range: f64) -> f64 {
    if range > 0.0 { 1.0 / range } else { 0.0 }
}

/// So many rows of a table, drawn over the rows in the order of their values.
pub(super) fn chosen(table: &Table, count: usize, item: u64) -> Vec<usize> {
    let print =
        |row: usize| (print_of((0..table.columns()).map(|column| table.column(column)[row])), table.subject(row), row);
    let mut rows: Vec<(u64, u32, usize)> = (0..table.rows()).into_par_iter().with_min_len(4096).map(print).collect();
    rows.par_sort_unstable();
    let sample = Stream::new(0, Task::Mixing, item).sample(rows.len(), count);
    sample.into_iter().map(|at| rows[at].2).collect()
}
