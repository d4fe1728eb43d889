//! Tables: named columns with shares of the page's width, and cells of text.

use super::{Serialize, Text};

/// A table. Its rows are not cut by the end of a page, and its heads are repeated.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Table {
    /// Stands above it; empty for none.
    pub title: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each with a cell per column.
    pub rows: Vec<Vec<Cell>>,
    /// Whether its rows leave room for a signature.
    #[serde(skip_serializing_if = "is_false")]
    pub signed: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// A column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// Its name, as printed.
    pub name: String,
    /// Its width, as a share of the sum over the columns.
    pub width: u32,
    /// On which side its cells stand.
    #[serde(skip)]
    pub align: Align,
}

/// On which side of its column a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Words.
    #[default]
    Left,
    /// Short words and verdicts.
    Center,
    /// Figures.
    Right,
}

/// A cell.
pub type Cell = Text;

impl Table {
    /// A table of columns, each a name and a width, without rows.
    pub fn new(title: impl Into<String>, columns: &[(&str, u32)]) -> Table {
        let column =
            |(name, width): &(&str, u32)| Column { name: (*name).to_owned(), width: *width, align: Align::Left };
        Table { title: title.into(), columns: columns.iter().map(column).collect(), rows: Vec::new(), signed: false }
    }

    /// The same with columns that stand otherwise than on the left: positions, from 0.
    pub fn align(mut self, align: Align, columns: &[usize]) -> Table {
        for column in columns {
            self.columns[*column].align = align;
        }
        self
    }

    /// Adds a row.
    ///
    /// # Panics
    /// If it has not a cell per column: a table with a hole is no table.
    pub fn row<C: Into<Cell>>(&mut self, cells: impl IntoIterator<Item = C>) {
        let cells: Vec<Cell> = cells.into_iter().map(Into::into).collect();
        assert_eq!(cells.len(), self.columns.len(), "cells of a row of the table “{}”", self.title);
        self.rows.push(cells);
    }
}
