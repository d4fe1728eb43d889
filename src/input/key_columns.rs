//! The columns that say which rows belong together.

use super::columns::{Availability, ColumnSummary};
use super::file::RawTable;
use super::tokens::TokenColumn;
use super::{InputWarning, ReadOptions, keys};
use reident_attacks::table::TablesBuilder;

/// Moves the key columns out of the tables and into the builder.
pub(super) fn take(
    options: &ReadOptions,
    builder: &mut TablesBuilder,
    original: &mut RawTable,
    anonymized: &mut RawTable,
    control: Option<&mut RawTable>,
    warnings: &mut Vec<InputWarning>,
) -> Vec<ColumnSummary> {
    let mut summaries = Vec::new();
    let mut summarize = |name: &str, availability| {
        let name = name.to_owned();
        summaries.push(ColumnSummary {
            name,
            availability,
            kind: None,
            fixed: false,
            original: None,
            anonymized: None,
            control: None,
            compared: None,
        });
    };
    let mut warn_missing = |table: &str, column: &TokenColumn| {
        let (missing, rows) = (column.counts[0] as usize, column.codes.len());
        if missing > 0 {
            let message = format!("key `{}` is missing in {missing} of {rows} rows of {table}", column.name);
            let warning = InputWarning::new("missing_key", message);
            warnings.push(warning.table(table).column(&column.name).count(missing, rows));
        }
    };
    let mut control = control;
    if let Some(name) = &options.subject_key {
        if let Some(column) = original.column(name) {
            warn_missing("original", column);
            let [of_original] = keys::number([column]);
            let of_control = control.as_ref().and_then(|control| {
                let column = control.column(name)?;
                warn_missing("control", column);
                let [numbers] = keys::number([column]);
                Some(numbers)
            });
            builder.subjects(of_original, of_control);
        }
        summarize(name, Availability::SubjectKey);
    }
    if let Some(name) = &options.record_key {
        if let (Some(own), Some(released)) = (original.column(name), anonymized.column(name)) {
            let columns = [own, released];
            warn_missing("original", columns[0]);
            warn_missing("anonymized", columns[1]);
            let [of_original, of_anonymized] = keys::number(columns);
            builder.records(of_original, of_anonymized);
        }
        if options.subject_key.as_ref() != Some(name) {
            summarize(name, Availability::RecordKey);
        }
    }
    for key in [&options.subject_key, &options.record_key].into_iter().flatten() {
        original.take(key);
        anonymized.take(key);
        if let Some(control) = &mut control {
            control.take(key);
        }
    }
    summaries
}
