//! Finding the rows that match a predicate without scanning the table.

use super::predicate::{Condition, Predicate};
use crate::table::{Lists, Table, Tables};

/// For each column, the rows sorted by code: a condition's rows are a few stretches of it.
#[derive(Debug)]
pub(super) struct RowIndex {
    by_code: Vec<Lists>,
}

impl RowIndex {
    pub fn new(tables: &Tables, table: &Table) -> RowIndex {
        let columns = tables.columns.iter().enumerate();
        RowIndex { by_code: columns.map(|(at, column)| Lists::by_key(table.column(at), column.domain.len())).collect() }
    }

    /// Rows of one code in one column, ascending.
    pub fn rows(&self, column: usize, code: u32) -> &[u32] {
        self.by_code[column].of(code)
    }

    fn selectivity(&self, condition: &Condition) -> usize {
        condition.ranges.iter().map(|range| self.by_code[condition.column].range(range.clone()).len()).sum()
    }

    /// Calls `found` with every row that matches until it returns false: the most selective condition gives the
    /// candidates, the others are checked.
    pub fn each_match(&self, table: &Table, predicate: &Predicate, mut found: impl FnMut(u32) -> bool) {
        let selective =
            predicate.conditions.iter().enumerate().min_by_key(|(_, condition)| self.selectivity(condition));
        let Some((first, condition)) = selective else { return };
        let others: Vec<(&Condition, &[u32])> = predicate
            .conditions
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != first)
            .map(|(_, condition)| (condition, table.column(condition.column)))
            .collect();
        for range in &condition.ranges {
            for row in self.by_code[condition.column].range(range.clone()) {
                let matches = others.iter().all(|(condition, codes)| condition.passes(codes[*row as usize]));
                if matches && !found(*row) {
                    return;
                }
            }
        }
    }
}
