//! Describing files without attacking them.
//!
//! Two or three files are loaded as an evaluation loads them, so that what is said of them is what it does; one file is read as
//! an original that has no release yet.

use super::columns::Availability;
use super::comparable;
use super::file::{self, FileSummary};
use super::forms;
use super::join::{join, table_name};
use super::load::{Loaded, load_and_show, read_hierarchies};
use super::looks::Looks;
use super::named::unknown;
use super::tokens::TokenColumn;
use super::{ColumnCounts, InputError, InputWarning, ReadOptions, Source, Sources, number, time, warning};
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table};
use rayon::prelude::*;
use reident_attacks::table::{Cell, JointColumn, Kind};
use reident_reports::percent::percent_of;
use reident_reports::visible::visible;
use std::collections::HashMap;
use std::fmt::Write;

/// Most frequent values that are kept.
const TOP: usize = 5;

/// What some files hold.
#[derive(Debug)]
pub struct Inspection {
    /// The files, as given: the original, the release, the control.
    pub files: Vec<FileSummary>,
    /// Their columns: those of the original in its order, then those that only the release has.
    pub columns: Vec<InspectedColumn>,
    /// Remarks, those that decide first.
    pub warnings: Vec<InputWarning>,
    /// The tables that an evaluation would attack; `None` of one file alone.
    pub loaded: Option<Loaded>,
}

/// A column of some files.
#[derive(Clone, Debug, PartialEq)]
pub struct InspectedColumn {
    /// Its name.
    pub name: String,
    /// What an attacker can do with it.
    pub availability: Availability,
    /// Its kind, inferred over all files; `None` of keys.
    pub kind: Option<Kind>,
    /// Whether the configuration fixed the kind.
    pub fixed: bool,
    /// Its counts in each file, where the file has it and it is read.
    pub files: Vec<Option<ColumnCounts>>,
    /// Smallest and largest number, day or second over all files: values of cells.
    pub range: Option<(f64, f64)>,
    /// The most frequent categories over all files with their rows: values of cells.
    pub frequent: Vec<(String, usize)>,
}

/// Reads tables and describes their columns: an original, a release and a control, as many as are given.
///
/// # Errors
/// When the tables cannot be read or do not fit each other, as [`load`](super::load) says it, or when there are more than three.
pub fn inspect(sources: &[Source], options: &ReadOptions) -> Result<Inspection, InputError> {
    match sources {
        [original] => alone(original, options),
        [original, anonymized] => together(original, anonymized, None, options),
        [original, anonymized, control] => together(original, anonymized, Some(control), options),
        _ => Err(InputError::TooManyFiles { files: sources.len() }),
    }
}

fn together(
    original: &Source,
    anonymized: &Source,
    control: Option<&Source>,
    options: &ReadOptions,
) -> Result<Inspection, InputError> {
    let sources = Sources {
        original: original.clone(),
        anonymized: anonymized.clone(),
        control: control.cloned(),
        population: None,
    };
    let mut most_frequent = HashMap::new();
    let mut loaded = load_and_show(&sources, options, |name, column| {
        most_frequent.insert(name.to_owned(), frequent(column));
    })?;
    let has_control = loaded.control.is_some();
    let columns = loaded.columns.iter().map(|summary| {
        let counts = [Some(&summary.original), Some(&summary.anonymized), has_control.then_some(&summary.control)];
        let files: Vec<Option<ColumnCounts>> = counts.into_iter().flatten().cloned().collect();
        InspectedColumn {
            name: summary.name.clone(),
            availability: summary.availability,
            kind: summary.kind,
            fixed: summary.fixed,
            range: range(&files),
            files,
            frequent: most_frequent.remove(&summary.name).unwrap_or_default(),
        }
    });
    let files = [Some(&loaded.original), Some(&loaded.anonymized), loaded.control.as_ref()];
    Ok(Inspection {
        files: files.into_iter().flatten().cloned().collect(),
        columns: columns.collect(),
        warnings: std::mem::take(&mut loaded.warnings),
        loaded: Some(loaded),
    })
}

fn alone(source: &Source, options: &ReadOptions) -> Result<Inspection, InputError> {
    let hierarchies = read_hierarchies(options)?;
    let mut table = file::read(source, options, table_name(0))?;
    if let Some(column) = hierarchies.keys().find(|column| !table.has(column)) {
        return Err(unknown(&table, column, "`hierarchy`"));
    }
    let mut warnings = std::mem::take(&mut table.warnings);
    let columns: Vec<TokenColumn> = table.take_all();
    // As in an evaluation: the form of a column may show in the others of its file.
    let looks: Vec<Vec<Option<Looks>>> = columns.par_iter().map(|column| vec![Some(Looks::of(column))]).collect();
    let files = forms::of_files(&looks, 1);
    let joined: Vec<_> = columns
        .into_par_iter()
        .zip(&looks)
        .map(|(column, looks)| {
            let (name, hierarchy) = (column.name.clone(), hierarchies.get(&column.name));
            (name.clone(), join(&name, options, vec![Some(column)], looks, &files, hierarchy))
        })
        .collect();
    let mut described = Vec::new();
    for (name, joined) in joined {
        let joined = joined.map_err(|refused| refused.into_error(name.clone(), &[Some(&table)]))?;
        let availability = comparable::alone(&name, options, &joined);
        match availability {
            Availability::RowNumber => warnings.push(comparable::row_number(&name)),
            _ => warnings.extend(joined.warnings),
        }
        described.push(InspectedColumn {
            name,
            availability,
            kind: Some(joined.kind),
            fixed: joined.fixed,
            range: range(&joined.counts),
            frequent: frequent(&joined.column),
            files: joined.counts,
        });
    }
    let warnings = warning::told(warnings);
    Ok(Inspection { files: vec![table.summary], columns: described, warnings, loaded: None })
}

/// The smallest and the largest number over some files.
fn range(files: &[Option<ColumnCounts>]) -> Option<(f64, f64)> {
    let min = files.iter().flatten().filter_map(|counts| counts.min).min_by(f64::total_cmp);
    let max = files.iter().flatten().filter_map(|counts| counts.max).max_by(f64::total_cmp);
    min.zip(max)
}

/// The most frequent categories.
fn frequent(joint: &JointColumn) -> Vec<(String, usize)> {
    let mut rows = vec![0usize; joint.domain.len()];
    for table in &joint.tables {
        rows.iter_mut().zip(&table.counts).for_each(|(sum, rows)| *sum += *rows as usize);
    }
    let categories = joint.domain.cells().iter().zip(rows).filter_map(|(cell, rows)| match cell {
        Cell::Category(text) if rows > 0 => Some((text, rows)),
        _ => None,
    });
    let mut frequent: Vec<(&String, usize)> = categories.collect();
    frequent.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    frequent.into_iter().take(TOP).map(|(text, rows)| (text.clone(), rows)).collect()
}

impl Inspection {
    /// As text in so many columns: a line per file, a table with a line for each column in each file, the warnings.
    ///
    /// Without `show_values` no value of a cell is in it. Ranges and frequent categories are such values.
    pub fn render(&self, show_values: bool, width: u16) -> String {
        let mut text = String::new();
        for (at, file) in self.files.iter().enumerate() {
            let _ = writeln!(text, "[{}] {}, {}", at + 1, table_name(at), describe_file(file));
        }
        let _ = writeln!(text, "{}", self.table(show_values, width));
        if !self.warnings.is_empty() {
            let _ = writeln!(text, "Warnings:");
        }
        for warning in &self.warnings {
            let _ = writeln!(text, "  {}", warning.message);
        }
        text
    }

    fn table(&self, show_values: bool, width: u16) -> Table {
        let mut table = Table::new();
        table.load_style(UTF8_BORDERS_ONLY).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        let mut header = vec!["column", "kind", "file", "distinct", "read as"];
        header.extend(show_values.then_some("values"));
        table.set_header(header);
        for column in &self.columns {
            let mut first = Some((column.name.clone(), column.what(), column.values()));
            for (at, counts) in column.files.iter().enumerate() {
                let Some(counts) = counts else { continue };
                let (name, kind, values) = first.take().unwrap_or_default();
                let read_as = read_as(counts, self.files[at].rows);
                let mut row = vec![name, kind, format!("[{}]", at + 1), counts.distinct.to_string(), read_as];
                row.extend(show_values.then_some(values));
                table.add_row(row);
            }
            // Of keys nothing is read.
            if let Some((name, kind, _)) = first {
                table.add_row([name, kind]);
            }
        }
        for at in [2, 3] {
            if let Some(column) = table.column_mut(at) {
                column.set_constraint(ColumnConstraint::ContentWidth);
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }
}

/// Which share of the rows was read as what.
fn read_as(counts: &ColumnCounts, rows: usize) -> String {
    let ColumnCounts { missing, suppressed, generalized, sets, texts, .. } = *counts;
    let exact = rows.saturating_sub(missing + suppressed + generalized + texts);
    let parts = [
        ("exact", exact),
        ("intervals", generalized - sets),
        ("sets", sets),
        ("suppressed", suppressed),
        ("other texts", texts),
        ("missing", missing),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(
            |(what, count)| if count == rows { what.to_owned() } else { format!("{what} {}", percent_of(count, rows)) },
        )
        .collect();
    parts.join(", ")
}

impl InspectedColumn {
    /// Its kind, and why no attacker uses it.
    fn what(&self) -> String {
        let left_out = match self.availability {
            Availability::Attackable => None,
            Availability::NotSelected => Some("left out"),
            Availability::Token => Some("token"),
            Availability::Incomparable => Some("cannot be compared"),
            Availability::RowNumber => Some("row number"),
            Availability::MissingFromRelease => Some("not released"),
            Availability::OnlyInRelease => Some("only in the release"),
            Availability::RecordKey => Some("record key"),
            Availability::SubjectKey => Some("subject key"),
        };
        let kind = self.kind.map(|kind| format!("{kind}{}", if self.fixed { " (fixed)" } else { "" }));
        kind.into_iter().chain(left_out.map(str::to_owned)).collect::<Vec<_>>().join(", ")
    }

    /// The range, or the most frequent categories.
    fn values(&self) -> String {
        let number = |value: f64| match self.kind {
            Some(Kind::Date) => time::date_text(value),
            Some(Kind::DateTime) => time::datetime_text(value),
            _ => number::text_of(value),
        };
        match self.range {
            Some((min, max)) => format!("{} … {}", number(min), number(max)),
            None => {
                let frequent = self.frequent.iter().map(|(text, rows)| format!("{} ({rows})", visible(text)));
                frequent.collect::<Vec<_>>().join(", ")
            }
        }
    }
}

fn describe_file(file: &FileSummary) -> String {
    let delimiter = file.delimiter.map(|delimiter| match delimiter {
        '\t' => "delimited by tabs".to_owned(),
        other => format!("delimited by `{other}`"),
    });
    let details = [
        Some(file.format.to_owned()),
        file.compression.map(str::to_owned),
        file.encoding.map(str::to_owned),
        delimiter,
    ];
    let details: Vec<String> = details.into_iter().flatten().collect();
    format!("{}: {} rows, {} columns ({})", file.path.display(), file.rows, file.columns, details.join(", "))
}
