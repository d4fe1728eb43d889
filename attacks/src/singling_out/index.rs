//! Finding the rows that match a predicate without scanning the table.

use super::predicate::{Condition, Predicate};
use crate::table::{Lists, Table, Tables};
use rayon::prelude::*;
use std::sync::OnceLock;

/// For each column, the rows sorted by code: a condition's rows are a few stretches of it.
#[derive(Debug)]
pub(super) struct RowIndex<'a> {
    tables: &'a Tables,
    table: &'a Table,
    /// Sorted when first asked for.
    by_code: Vec<OnceLock<Lists>>,
}

impl<'a> RowIndex<'a> {
    /// Of one of the tables.
    pub fn new(tables: &'a Tables, table: &'a Table) -> RowIndex<'a> {
        RowIndex { tables, table, by_code: tables.columns.iter().map(|_| OnceLock::new()).collect() }
    }

    /// Sorts these columns, in parallel.
    pub fn prepare(&self, columns: &[usize]) {
        columns.par_iter().for_each(|column| {
            self.sorted(*column);
        });
    }

    fn sorted(&self, column: usize) -> &Lists {
        let sort = || Lists::by_key(self.table.column(column), self.tables.columns[column].domain.len());
        self.by_code[column].get_or_init(sort)
    }

    /// Rows of one code in one column, ascending.
    pub fn rows(&self, column: usize, code: u32) -> &[u32] {
        self.sorted(column).of(code)
    }

    /// The code that stands at this place when the rows are sorted by the column's codes.
    pub fn code_at(&self, column: usize, place: usize) -> u32 {
        self.table.column(column)[self.sorted(column).all()[place] as usize]
    }

    fn selectivity(&self, condition: &Condition) -> usize {
        condition.ranges.iter().map(|range| self.sorted(condition.column).range(range.clone()).len()).sum()
    }

    /// Calls `found` with every row that matches until it returns false: the most selective condition gives the
    /// candidates, the others are checked.
    pub fn each_match(&self, predicate: &Predicate, mut found: impl FnMut(u32) -> bool) {
        let selective =
            predicate.conditions.iter().enumerate().min_by_key(|(_, condition)| self.selectivity(condition));
        let Some((first, condition)) = selective else { return };
        let others: Vec<(&Condition, &[u32])> = predicate
            .conditions
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != first)
            .map(|(_, condition)| (condition, self.table.column(condition.column)))
            .collect();
        for range in condition.ranges.iter() {
            for row in self.sorted(condition.column).range(range.clone()) {
                let matches = others.iter().all(|(condition, codes)| condition.passes(codes[*row as usize]));
                if matches && !found(*row) {
                    return;
                }
            }
        }
    }
}
