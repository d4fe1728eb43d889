//! Describing files without attacking them.

use super::columns::{
    CellColumn, Context, NotOfKind, exact_column, release_column, table_warnings, with_one_dictionary,
};
use super::exact::Reader;
use super::file::{self, FileSummary, RawTable};
use super::kinds::Looks;
use super::tokens::TokenColumn;
use super::{ColumnCounts, InputError, InputWarning, ReadOptions, encodings, number, time};
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use rayon::prelude::*;
use reident_attacks::table::{Cell, JointColumn, Kind};
use reident_reports::visible::visible;
use std::collections::HashSet;
use std::fmt::Write;
use std::path::PathBuf;

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

/// Reads files and describes their columns, whose kinds are inferred over all files together.
///
/// Which file is a release is not known here: a column that is numeric in one file and made of intervals in another is
/// described as numeric, as [`load`](super::load) would read it.
///
/// # Errors
/// When a file cannot be read, or a column cannot be read as the kind that the options fix.
pub fn inspect(paths: &[PathBuf], options: &ReadOptions) -> Result<Inspection, InputError> {
    let read = |path: &PathBuf| file::read(path, options, &path.display().to_string());
    let mut tables = paths.iter().map(read).collect::<Result<Vec<RawTable>, _>>()?;
    let roles: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let mut read: Vec<_> = tables.iter_mut().zip(roles.iter().map(String::as_str)).collect();
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
    let described =
        of_names.into_par_iter().map(|(name, columns)| describe(name, columns, options, paths)).collect::<Vec<_>>();
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
    for (column, remarks) in described {
        columns.push(column);
        warnings.extend(remarks);
    }
    Ok(Inspection { files: tables.into_iter().map(|table| table.summary).collect(), columns, warnings })
}

fn describe(
    name: String,
    columns: Vec<Option<TokenColumn>>,
    options: &ReadOptions,
    paths: &[PathBuf],
) -> Result<(InspectedColumn, Vec<InputWarning>), InputError> {
    let fixed = options.kinds.get(&name).copied();
    let own: Vec<Option<Looks>> = columns.iter().map(|column| column.as_ref().map(Looks::of)).collect();
    let together = own.iter().flatten().fold(Looks::default(), |sum, looks| sum + *looks);
    let mut warnings = Vec::new();

    let mut candidates = vec![fixed.unwrap_or_else(|| together.kind())];
    if fixed.is_none() && candidates[0] == Kind::Categorical {
        // Perhaps some of the files are releases of the others.
        let own = own.iter().flatten().filter(|looks| !looks.is_empty()).map(Looks::kind);
        candidates.splice(0..0, own.filter(|kind| kind.is_numeric()).take(1));
    }
    let mut refused = None;
    for kind in candidates {
        match read_as(Reader { kind, fixed: fixed.is_some() }, &columns, options) {
            Err((file, cells)) => refused = Some((kind, file, cells)),
            Ok(read) => {
                if fixed.is_none() && kind == Kind::Categorical {
                    warnings.extend(together.warnings(&name));
                }
                warnings.extend(differing(&name, kind, &own, paths));
                let (joint, files) = with_one_dictionary(kind, read);
                let of_files = paths.iter().zip(&files).filter_map(|(path, counts)| Some((path, counts.as_ref()?)));
                for ((path, counts), table) in of_files.zip(&joint.tables) {
                    warnings.extend(table_warnings(&name, &path.display().to_string(), table.codes.len(), counts));
                }
                return Ok((summarize(name, kind, fixed.is_some(), &joint, files), warnings));
            }
        }
    }
    let (kind, file, cells) = refused.expect("a kind was tried");
    Err(InputError::Cells {
        path: paths[file].clone(),
        column: name,
        kind: kind.to_string(),
        row: cells.row + 1,
        count: cells.count,
        release: true,
    })
}

type Read = Vec<Option<CellColumn>>;

/// Reads every file's column as one kind: exactly where that goes, as a release's otherwise.
fn read_as(reader: Reader, columns: &[Option<TokenColumn>], options: &ReadOptions) -> Result<Read, (usize, NotOfKind)> {
    let mut read: Read = columns
        .iter()
        .map(|column| column.as_ref().and_then(|column| exact_column(column.clone(), reader).ok()))
        .collect();
    let exact: Vec<Cell> = read.iter().flatten().flat_map(|column| &column.raw.cells).cloned().collect();
    for (at, column) in columns.iter().enumerate() {
        if let Some(column) = column
            && read[at].is_none()
        {
            let context = Context { reader, options, exact: exact.iter().collect(), coarse_days: false };
            read[at] = Some(release_column(column.clone(), &context).map_err(|cells| (at, cells))?);
        }
    }
    Ok(read)
}

fn differing(name: &str, kind: Kind, own: &[Option<Looks>], paths: &[PathBuf]) -> Option<InputWarning> {
    let differing: Vec<String> = own
        .iter()
        .zip(paths)
        .filter_map(|(looks, path)| looks.as_ref().filter(|looks| !looks.is_empty()).map(|looks| (looks.kind(), path)))
        .filter(|(own, _)| *own != kind)
        .map(|(own, path)| format!("{own} in {}", path.display()))
        .collect();
    (!differing.is_empty()).then(|| {
        let message = format!("`{name}` is read as {kind}, but on its own it would be {}", differing.join(" and "));
        InputWarning::new("kind_differs", message).column(name)
    })
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
            let _ = writeln!(text, "[{}] {}", at + 1, describe_file(file));
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
