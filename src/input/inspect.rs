//! Describing files without attacking them.

use super::columns::Availability;
use super::comparable::{self, Compared};
use super::file::{self, FileSummary, RawTable};
use super::forms::{self, FileForm};
use super::join::{Joined, Refused, join, table_name};
use super::looks::Looks;
use super::tokens::TokenColumn;
use super::{ColumnCounts, InputError, InputWarning, ReadOptions, Source, encodings, number, time, warning};
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use rayon::prelude::*;
use reident_attacks::table::{Cell, JointColumn, Kind};
use reident_reports::visible::visible;
use std::collections::HashSet;
use std::fmt::Write;

/// Most frequent values that are kept.
const TOP: usize = 5;

/// What some files hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// The files, as given.
    pub files: Vec<FileSummary>,
    /// Their columns, in the order of the first file that has each.
    pub columns: Vec<InspectedColumn>,
    /// Remarks, in table order.
    pub warnings: Vec<InputWarning>,
}

/// A column of some files.
#[derive(Clone, Debug, PartialEq)]
pub struct InspectedColumn {
    /// Its name.
    pub name: String,
    /// Its kind, inferred over all files.
    pub kind: Kind,
    /// Whether the configuration fixed the kind.
    pub fixed: bool,
    /// Its counts in each file, where the file has it.
    pub files: Vec<Option<ColumnCounts>>,
    /// Smallest and largest number, day or second over all files: values of cells.
    pub range: Option<(f64, f64)>,
    /// The most frequent categories over all files with their rows: values of cells.
    pub frequent: Vec<(String, usize)>,
}

/// Reads tables and describes their columns, whose kinds are inferred over all of them together.
///
/// They are the tables of one evaluation, the original first, then the release, then the control (and others like it), and
/// each column is read as [`load`](super::load) reads it.
///
/// # Errors
/// When a table cannot be read, or a column cannot be read as the kind that the options fix.
pub fn inspect(sources: &[Source], options: &ReadOptions) -> Result<Inspection, InputError> {
    let read = |(at, source): (usize, &Source)| file::read(source, options, table_name(at));
    let mut tables = sources.iter().enumerate().map(read).collect::<Result<Vec<RawTable>, _>>()?;
    let mut read: Vec<_> = tables.iter_mut().enumerate().map(|(at, table)| (table, table_name(at))).collect();
    let encodings_differ = encodings::agree(&mut read, options)?;
    let mut seen = HashSet::new();
    let all = tables.iter().flat_map(|table| &table.names);
    let names: Vec<String> = all.filter(|name| seen.insert(*name) && !options.is_ignored(name)).cloned().collect();
    let of_names: Vec<(String, Vec<Option<TokenColumn>>)> = names
        .into_iter()
        .map(|name| {
            let columns = tables.iter_mut().map(|table| table.take(&name)).collect();
            (name, columns)
        })
        .collect();
    // As in an evaluation: the form of a column may show in the others of its file.
    let looks: Vec<Vec<Option<Looks>>> = of_names
        .par_iter()
        .map(|(_, columns)| columns.iter().map(|column| column.as_ref().map(Looks::of)).collect())
        .collect();
    let files = forms::of_files(&looks, sources.len());
    let described = of_names
        .into_par_iter()
        .zip(&looks)
        .map(|((name, columns), looks)| describe(name, columns, looks, &files, options, sources))
        .collect::<Vec<_>>();
    let data_row = |error| match error {
        InputError::Cells { path, column, kind, row, count, release } => {
            let table = tables.iter().find(|table| *table.path() == path);
            let row = table.map_or(row, |table| table.data_row(row - 1));
            InputError::Cells { path, column, kind, row, count, release }
        }
        other => other,
    };
    let described = described.into_iter().map(|column| column.map_err(data_row)).collect::<Result<Vec<_>, _>>()?;
    let mut warnings: Vec<InputWarning> =
        tables.iter_mut().flat_map(|table| std::mem::take(&mut table.warnings)).collect();
    warnings.extend(encodings_differ);
    let mut columns = Vec::new();
    let mut incomparable = Vec::new();
    for Described { column, remarks, compared } in described {
        incomparable.extend(compared.map(|compared| (column.name.clone(), compared)));
        columns.push(column);
        warnings.extend(remarks);
    }
    let incomparable: Vec<_> = incomparable.iter().map(|(name, compared)| (name.as_str(), *compared)).collect();
    warnings.extend(comparable::remark(&incomparable));
    Ok(Inspection {
        files: tables.into_iter().map(|table| table.summary).collect(),
        columns,
        warnings: warning::told(warnings),
    })
}

/// A column, what there is to say about it, and how it meets the release where it cannot.
struct Described {
    column: InspectedColumn,
    remarks: Vec<InputWarning>,
    compared: Option<Compared>,
}

fn describe(
    name: String,
    columns: Vec<Option<TokenColumn>>,
    looks: &[Option<Looks>],
    files: &[FileForm],
    options: &ReadOptions,
    sources: &[Source],
) -> Result<Described, InputError> {
    match join(&name, options, columns, looks, files) {
        Ok(joined) => {
            let (availability, compared) = comparable::inspected(&name, options, &joined);
            let Joined { kind, fixed, column, counts, warnings: mut remarks } = joined;
            match availability {
                Availability::RowNumber => remarks = vec![comparable::row_number(&name)],
                Availability::Incomparable => remarks.clear(), // the remark on all of them says it
                _ => {}
            }
            let compared = compared.filter(|_| availability == Availability::Incomparable);
            Ok(Described { column: summarize(name, kind, fixed, &column, counts), remarks, compared })
        }
        Err(Refused { kind, table, cells }) => Err(InputError::Cells {
            path: sources[table].name().to_owned(),
            column: name,
            kind: kind.to_string(),
            row: cells.row + 1,
            count: cells.count,
            release: table == 1,
        }),
    }
}

fn summarize(
    name: String,
    kind: Kind,
    fixed: bool,
    joint: &JointColumn,
    files: Vec<Option<ColumnCounts>>,
) -> InspectedColumn {
    let min = files.iter().flatten().filter_map(|counts| counts.min).min_by(f64::total_cmp);
    let max = files.iter().flatten().filter_map(|counts| counts.max).max_by(f64::total_cmp);
    let mut rows = vec![0usize; joint.domain.len()];
    for code in joint.tables.iter().flat_map(|table| &table.codes) {
        rows[*code as usize] += 1;
    }
    let categories = joint.domain.cells().iter().zip(rows).filter_map(|(cell, rows)| match cell {
        Cell::Category(text) if rows > 0 => Some((text, rows)),
        _ => None,
    });
    let mut frequent: Vec<(&String, usize)> = categories.collect();
    frequent.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    let frequent = frequent.into_iter().take(TOP).map(|(text, rows)| (text.clone(), rows)).collect();
    InspectedColumn { name, kind, fixed, files, range: min.zip(max), frequent }
}

impl Inspection {
    /// As text: a line per file, a table of columns, the warnings.
    ///
    /// Without `show_values` no value of a cell is in it. Ranges and frequent categories are such values.
    pub fn render(&self, show_values: bool) -> String {
        let mut text = String::new();
        for (at, file) in self.files.iter().enumerate() {
            let _ = writeln!(text, "[{}] {}, {}", at + 1, table_name(at), describe_file(file));
        }
        let _ = writeln!(text, "{}", self.table(show_values));
        if !self.warnings.is_empty() {
            let _ = writeln!(text, "Warnings:");
        }
        for warning in &self.warnings {
            let _ = writeln!(text, "  {}", warning.message);
        }
        text
    }

    fn table(&self, show_values: bool) -> Table {
        let mut table = Table::new();
        table.load_style(UTF8_BORDERS_ONLY).set_content_arrangement(ContentArrangement::Disabled);
        let mut header = vec!["column".to_owned(), "kind".to_owned()];
        for at in 1..=self.files.len() {
            header.extend([format!("distinct [{at}]"), format!("missing [{at}]"), format!("generalized [{at}]")]);
        }
        let numbers = 2..header.len();
        if show_values {
            header.push("values".to_owned());
        }
        table.set_header(header);
        for column in &self.columns {
            let fixed = if column.fixed { " (fixed)" } else { "" };
            let mut row = vec![column.name.clone(), format!("{}{fixed}", column.kind)];
            for counts in &column.files {
                row.extend(match counts {
                    None => ["–".to_owned(), "–".to_owned(), "–".to_owned()],
                    Some(counts) => {
                        let generalized = counts.generalized + counts.suppressed;
                        [counts.distinct, counts.missing, generalized].map(|count| count.to_string())
                    }
                });
            }
            if show_values {
                row.push(column.values());
            }
            table.add_row(row);
        }
        for at in numbers {
            if let Some(column) = table.column_mut(at) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }
}

impl InspectedColumn {
    /// The range, or the most frequent categories.
    fn values(&self) -> String {
        let number = |value: f64| match self.kind {
            Kind::Date => time::date_text(value),
            Kind::DateTime => time::datetime_text(value),
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
