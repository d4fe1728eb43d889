//! Columns as they are written.

use foldhash::fast::FixedState;
use std::borrow::Cow;
use std::collections::HashMap;

/// The distinct values of a column of one table, as they are written, and the rows that hold each.
#[derive(Debug, Clone)]
pub struct TextColumn<'t> {
    /// Name.
    pub name: &'t str,
    /// Distinct values, ascending; the missing value is left out.
    pub values: Vec<(Cow<'t, str>, u64)>,
}

impl<'t> TextColumn<'t> {
    /// A column from its values and their rows; values may stand several times.
    pub fn new(name: &'t str, values: impl IntoIterator<Item = (Cow<'t, str>, u64)>) -> TextColumn<'t> {
        let mut values: Vec<(Cow<'t, str>, u64)> = values.into_iter().filter(|(_, rows)| *rows > 0).collect();
        values.sort_unstable();
        values.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0 };
            same
        });
        TextColumn { name, values }
    }

    /// Rows with a value.
    pub fn rows(&self) -> u64 {
        self.values.iter().map(|(_, rows)| rows).sum()
    }

    /// At most so many of its values, evenly spread over them in their order.
    pub fn sample(&self, most: usize) -> Vec<&str> {
        let step = self.values.len().div_ceil(most.max(1)).max(1);
        self.values.iter().step_by(step).map(|(text, _)| &**text).collect()
    }
}

/// The values of a column, to be looked up.
#[derive(Debug)]
pub struct Texts<'c>(HashMap<&'c str, u64, FixedState>);

impl<'c> Texts<'c> {
    /// The values of a column.
    pub fn of(column: &'c TextColumn<'_>) -> Texts<'c> {
        Texts(column.values.iter().map(|(text, rows)| (&**text, *rows)).collect())
    }

    /// Rows that hold a value; 0 when none does.
    pub fn rows_of(&self, text: &str) -> u64 {
        self.0.get(text).copied().unwrap_or(0)
    }
}
