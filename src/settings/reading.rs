//! How files are read by what is on record.

use super::SettingsError;
use crate::input::{LocalForm, ReadOptions, Rounding};
use reident_attacks::table::Kind;
use reident_reports::evidence;
use std::collections::BTreeMap;

/// What settings on record say of reading. Where files are (hierarchies, the record map) is on no record.
///
/// # Errors
/// When a kind or a form of a column is none.
pub(super) fn options(values: &evidence::Settings) -> Result<ReadOptions, SettingsError> {
    let units = values.rounding.iter().map(|(name, unit)| (name.clone(), Rounding::Unit(*unit)));
    let widths = values.midpoints.iter().map(|(name, width)| (name.clone(), Rounding::Midpoints(*width)));
    Ok(ReadOptions {
        delimiter: values.delimiter,
        encoding: values.encoding.clone(),
        sheet: values.sheet.clone(),
        nulls: values.nulls.clone(),
        suppressed: values.suppressed.clone(),
        missing_is_suppressed: values.missing_is_suppressed,
        rounding: units.chain(widths).collect(),
        kinds: by_name(&values.kinds, "kind", Kind::from_name, &Kind::ALL.map(Kind::name))?,
        forms: by_name(&values.forms, "form", LocalForm::from_name, &LocalForm::ALL.map(LocalForm::name))?,
        ignore: values.ignored.clone(),
        tokens: values.tokens.clone(),
        record_key: values.record_key.clone(),
        row_aligned: values.row_aligned,
        subject_key: values.subject_key.clone(),
        ..ReadOptions::default()
    })
}

/// What the names of columns' kinds or forms stand for.
fn by_name<T>(
    named: &BTreeMap<String, String>,
    key: &str,
    read: impl Fn(&str) -> Option<T>,
    names: &[&str],
) -> Result<BTreeMap<String, T>, SettingsError> {
    let of_column = |(column, name): (&String, &String)| match read(name) {
        Some(found) => Ok((column.clone(), found)),
        None => {
            let message = format!("columns.{column}.{key}: `{name}` is none of {}", names.join(", "));
            Err(SettingsError::new(message).of_setting(key).of_column(column))
        }
    };
    named.iter().map(of_column).collect()
}
