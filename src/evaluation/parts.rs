//! Whom to attack at once.

use reident_attacks::AttackError;
use reident_attacks::parts::Parts;
use reident_attacks::table::{Table, Tables};

/// The persons of the tables in parts of about so many, all in one when not told. Whatever they are, the figures are the same.
pub(super) fn of(tables: &Tables, at_once: Option<usize>) -> Result<Parts, AttackError> {
    let rows = tables.original.rows() + tables.control.as_ref().map_or(0, Table::rows);
    let count = at_once.map_or(1, |at_once| rows.div_ceil(at_once.max(1)).max(1));
    if count == 1 {
        return Ok(Parts::whole());
    }
    let spread = |table: &Table| -> Vec<u32> {
        let persons = table.persons().max(1) as u64;
        (0..table.rows()).map(|row| (u64::from(table.subject(row)) * count as u64 / persons) as u32).collect()
    };
    Parts::split(tables, spread(&tables.original), tables.control.as_ref().map(spread).unwrap_or_default())
}
