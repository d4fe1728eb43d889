//! Columns that settings name must be there.

use super::file::RawTable;
use super::{InputError, ReadOptions};
use reident_reports::nearest::nearest;

/// Refuses settings that name a column which is not there.
pub(super) fn check(
    options: &ReadOptions,
    original: &RawTable,
    anonymized: &RawTable,
    control: Option<&RawTable>,
) -> Result<(), InputError> {
    let in_table = |table: &RawTable, column: &str, setting: &str| {
        if table.has(column) { Ok(()) } else { Err(unknown(table, column, &format!("`{setting}`"))) }
    };
    if let Some(key) = &options.record_key {
        in_table(original, key, "record_key")?;
        in_table(anonymized, key, "record_key")?;
    }
    if let Some(key) = &options.subject_key {
        in_table(original, key, "subject_key")?;
        control.map_or(Ok(()), |control| in_table(control, key, "subject_key"))?;
    }
    for column in options.columns.iter().flatten() {
        in_table(original, column, "columns")?;
    }
    // They were looked for when the latest release was read.
    if options.is_earlier {
        return Ok(());
    }
    let all = [Some(original), Some(anonymized), control];
    let described = options.described.iter().map(|(name, line)| (name, format!("[columns.{name}], line {line},")));
    let ignored = options.ignore.iter().map(|name| (name, "`ignore`".to_owned()));
    let kinds = options.kinds.keys().map(|name| (name, "`kinds`".to_owned()));
    let tokens = options.tokens.iter().map(|name| (name, "role = \"token\"".to_owned()));
    let hierarchies = options.hierarchies.keys().map(|name| (name, "`hierarchy`".to_owned()));
    for (column, setting) in described.chain(ignored).chain(tokens).chain(kinds).chain(hierarchies) {
        if !all.into_iter().flatten().any(|table| table.has(column)) {
            return Err(unknown(original, column, &setting));
        }
    }
    Ok(())
}

/// That a setting names a column which is not there.
pub(super) fn unknown(table: &RawTable, column: &str, setting: &str) -> InputError {
    InputError::UnknownColumn {
        path: table.path().to_owned(),
        column: column.to_owned(),
        setting: setting.to_owned(),
        nearest: nearest(column, table.names.iter().map(String::as_str)),
    }
}
