//! Tables for the benches: seeded, of any number of rows, columns and distinct values.
#![allow(dead_code)] // every bench is a program of its own and uses a part

use reident_attacks::sampling::{Stream, Task};
use reident_attacks::table::{Kind, RawColumn, Tables, TablesBuilder};
use std::fmt::Write;

/// What tables look like.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Rows of the original and of the release; the control has a quarter.
    pub rows: usize,
    /// Categorical columns.
    pub categories: usize,
    /// Numeric columns.
    pub numbers: usize,
    /// Distinct values of a column; numeric columns have 100 times as many.
    pub cardinality: u64,
}

impl Shape {
    /// Columns of both kinds.
    pub fn columns(&self) -> usize {
        self.categories + self.numbers
    }

    /// A name for criterion.
    pub fn name(&self) -> String {
        format!("{}x({}+{})c{}", self.rows, self.categories, self.numbers, self.cardinality)
    }

    /// Values of one table, column by column. Small values are more frequent than large ones, as in tables about
    /// persons; every third numeric column is 0 in nine rows of ten.
    fn columns_of(&self, rows: usize, item: u64) -> (Vec<Vec<u64>>, Vec<Vec<f64>>) {
        let mut stream = Stream::new(1, Task::Population, item);
        let mut skewed = |bound: u64| ((stream.unit() * stream.unit()) * bound as f64) as u64;
        let categories = (0..self.categories).map(|_| (0..rows).map(|_| skewed(self.cardinality)).collect()).collect();
        let mut numbers = Vec::new();
        for column in 0..self.numbers {
            let mut value = || match column % 3 == 2 && skewed(1000) < 670 {
                true => 0.0,
                false => skewed(100 * self.cardinality) as f64,
            };
            numbers.push((0..rows).map(|_| value()).collect());
        }
        (categories, numbers)
    }

    fn table_rows(&self) -> [usize; 3] {
        [self.rows, self.rows, (self.rows / 4).max(1)]
    }

    /// Original, release and control, independent draws.
    pub fn tables(&self) -> Tables {
        let [original, anonymized, control] = self.table_rows();
        let mut builder = TablesBuilder::new(original, anonymized, Some(control));
        let parts = [0, 1, 2].map(|item| self.columns_of(self.table_rows()[item], item as u64));
        for column in 0..self.categories {
            let [original, anonymized, control] = [0, 1, 2].map(|part: usize| {
                let texts: Vec<String> = parts[part].0[column].iter().map(|value| format!("value {value}")).collect();
                RawColumn::texts(&texts)
            });
            let name = format!("category {column}");
            builder.add(&name, Kind::Categorical, original, anonymized, Some(control)).expect("tables fit");
        }
        for column in 0..self.numbers {
            let [original, anonymized, control] =
                [0, 1, 2].map(|part: usize| RawColumn::numbers(&parts[part].1[column]));
            let name = format!("number {column}");
            builder.add(&name, Kind::Numeric, original, anonymized, Some(control)).expect("tables fit");
        }
        builder.finish()
    }

    /// The original (0), the release (1) or the control (2) as CSV.
    pub fn csv(&self, item: usize) -> String {
        let rows = self.table_rows()[item];
        let (categories, numbers) = self.columns_of(rows, item as u64);
        let names = (0..self.categories).map(|at| format!("category {at}"));
        let mut text = names.chain((0..self.numbers).map(|at| format!("number {at}"))).collect::<Vec<_>>().join(",");
        text.push('\n');
        for row in 0..rows {
            let fields = categories.iter().map(|column| format!("value {}", column[row]));
            let fields: Vec<String> = fields.chain(numbers.iter().map(|column| column[row].to_string())).collect();
            writeln!(text, "{}", fields.join(",")).expect("memory takes text");
        }
        text
    }
}
