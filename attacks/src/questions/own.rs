//! Which rows are about one person.

use crate::table::{Lists, Tables};

/// The rows of the original that are about the same person as a row.
pub(crate) struct OwnRows<'t>(Option<(&'t [u32], Lists)>);

impl<'t> OwnRows<'t> {
    pub fn new(tables: &'t Tables) -> OwnRows<'t> {
        OwnRows(
            tables
                .original
                .subjects
                .as_deref()
                .map(|subjects| (subjects, Lists::by_key(subjects, tables.original.persons()))),
        )
    }

    /// Of one row, itself among them, ascending.
    pub fn of<'r>(&'r self, row: &'r u32) -> &'r [u32] {
        match &self.0 {
            None => std::slice::from_ref(row),
            Some((subjects, rows)) => rows.of(subjects[*row as usize]),
        }
    }
}
