//! Persons of the control who are persons of the original, as the subject key tells.

use super::file::RawTable;
use super::{ReadOptions, keys};
use reident_attacks::comparison::numbering;
use reident_attacks::table::Tables;

/// Persons of the control who are persons of the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedPersons {
    /// How many have the key of a person of the original.
    pub shared: usize,
    /// Persons of the control.
    pub persons: usize,
    /// Whether they are the same persons: not where either file numbers its persons from the start, and those of one number
    /// agree no more than neighbours.
    pub are_same: bool,
}

/// The persons that the subject key finds in the original and the control.
pub(super) fn shared_keys(
    options: &ReadOptions,
    original: &RawTable,
    control: Option<&RawTable>,
) -> Option<keys::Shared> {
    let key = options.subject_key.as_ref()?;
    Some(keys::shared(original.column(key)?, control?.column(key)?))
}

/// Whether persons of one key are the same persons.
pub(super) fn same_persons(tables: &Tables, shared: &keys::Shared) -> Option<SharedPersons> {
    let control = tables.control.as_ref()?;
    let agree = || numbering::following(&shared.pairs, [&tables.original, control]).follows;
    let are_same = !shared.pairs.is_empty() && (!shared.are_own_numbers || agree());
    Some(SharedPersons { shared: shared.pairs.len(), persons: shared.persons, are_same })
}
