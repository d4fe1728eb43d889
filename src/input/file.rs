//! One table: from where it comes from to columns of tokens.

use super::memory::Columns;
use super::signature::Signature;
use super::source;
use super::tokens::{Nulls, TokenColumn};
use super::{
    InputError, InputWarning, ReadOptions, Source, blank, columnar, delimited, edges, header, isolated, json, text,
    workbook,
};
use reident_reports::digest::sha256;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What a table comes from, without what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSummary {
    /// Where it is, or the name of a table in memory.
    pub path: PathBuf,
    /// `csv`, `json-lines`, `parquet`, `arrow-file`, `arrow-stream`, `xlsx`, `xls`, `ods` or `memory`.
    pub format: &'static str,
    /// `gzip` or `zstd`.
    pub compression: Option<&'static str>,
    /// Encoding of a text file.
    pub encoding: Option<&'static str>,
    /// Delimiter of a delimited file.
    pub delimiter: Option<char>,
    /// Rows that hold a value, without the header.
    pub rows: usize,
    /// Rows that hold none and were left out: they are no persons.
    pub blank_rows: usize,
    /// Columns, whether or not they are used.
    pub columns: usize,
    /// SHA-256 of the file as it lies on the disk, in hexadecimal digits; of a released file only,
    /// which evidence names by it.
    pub sha256: Option<String>,
    /// Size of the file as it lies on the disk; none of a table in memory.
    pub bytes: Option<usize>,
}

/// What a reader of one format hands back.
pub(super) struct Content {
    /// Names of all columns, those that were not asked for included; empty where a column has none.
    pub(super) names: Vec<String>,
    /// The columns that were asked for, in that order.
    pub(super) columns: Vec<TokenColumn>,
    pub(super) rows: usize,
    pub(super) delimiter: Option<char>,
}

/// What a reader of one format needs to know.
#[derive(Clone, Copy)]
pub(super) struct Request<'a> {
    pub(super) path: &'a Path,
    pub(super) options: &'a ReadOptions,
}

impl<'a> Request<'a> {
    pub(super) fn nulls(&self) -> Nulls<'a> {
        Nulls(&self.options.nulls)
    }

    pub(super) fn corrupt(&self, format: &'static str, reason: impl std::fmt::Display) -> InputError {
        InputError::Corrupt { path: self.path.to_owned(), format, reason: reason.to_string() }
    }
}

/// A file that was read.
pub(super) struct RawTable {
    pub(super) summary: FileSummary,
    pub(super) names: Vec<String>,
    pub(super) warnings: Vec<InputWarning>,
    /// Whether the encoding was told from the bytes alone.
    pub(super) guessed: bool,
    /// Where in the names each of them stands.
    positions: HashMap<String, usize>,
    /// The column of each name, when it was asked for and has not been taken.
    columns: Vec<Option<TokenColumn>>,
    /// Rows that were left out, by their numbers in the file, from 0.
    blank: Vec<u32>,
}

impl RawTable {
    pub(super) fn path(&self) -> &Path {
        &self.summary.path
    }

    pub(super) fn rows(&self) -> usize {
        self.summary.rows
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.positions.contains_key(name)
    }

    /// Where among the names one stands.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// The column of that name.
    pub(super) fn column(&self, name: &str) -> Option<&TokenColumn> {
        self.columns[self.position(name)?].as_ref()
    }

    /// All columns that are left, in the order of the file.
    pub(super) fn columns(&self) -> impl Iterator<Item = &TokenColumn> {
        self.columns.iter().flatten()
    }

    /// The column of that name, moved out.
    pub(super) fn take(&mut self, name: &str) -> Option<TokenColumn> {
        let at = self.position(name)?;
        self.columns[at].take()
    }

    /// All columns that are left, moved out, in the order of the file.
    pub(super) fn take_all(&mut self) -> Vec<TokenColumn> {
        self.columns.iter_mut().filter_map(Option::take).collect()
    }

    /// The number of every row that was kept among the data rows of the file, from 0.
    pub(super) fn rows_in_file(&self) -> Vec<u32> {
        let all = self.summary.rows + self.summary.blank_rows;
        let mut blank = self.blank.iter().copied().peekable();
        (0..all as u32).filter(|row| blank.next_if_eq(row).is_none()).collect()
    }

    /// The number of a row among the data rows of the file, from 1.
    pub(super) fn data_row(&self, row: usize) -> usize {
        blank::row_in_file(&self.blank, row) + 1
    }
}

/// Reads a table. `role` names it in warnings.
pub(super) fn read(source: &Source, options: &ReadOptions, role: &str) -> Result<RawTable, InputError> {
    match source {
        Source::File(path) => read_file(path, options, role),
        Source::Memory(columns) => of_memory(columns, options, role),
    }
}

/// The same with a file's SHA-256.
pub(super) fn read_with_digest(source: &Source, options: &ReadOptions, role: &str) -> Result<RawTable, InputError> {
    let path = match source {
        Source::File(path) => path,
        Source::Memory(columns) => return of_memory(columns, options, role),
    };
    let raw = source::read(path)?;
    // The digest is one thread's work, and begun first: whoever is free then finds parts of the text to read.
    let (digest, table) = rayon::join(|| sha256(&raw), || parse(path, options, role, &raw));
    let mut table = table?;
    table.summary.sha256 = Some(digest);
    Ok(table)
}

/// Takes columns that are in memory.
fn of_memory(columns: &Columns, options: &ReadOptions, role: &str) -> Result<RawTable, InputError> {
    let request = Request { path: columns.name(), options };
    let content = columnar::of_memory(request, columns)?;
    let read = Read { format: "memory", compression: None, encoding: None, guessed: false, bytes: None };
    table(request, role, content, read, Vec::new())
}

/// Reads a file of any supported format.
pub(super) fn read_file(path: &Path, options: &ReadOptions, role: &str) -> Result<RawTable, InputError> {
    let raw = source::read(path)?;
    parse(path, options, role, &raw)
}

fn parse(path: &Path, options: &ReadOptions, role: &str, raw: &[u8]) -> Result<RawTable, InputError> {
    let source = source::open(path, raw, options.max_size)?;
    let request = Request { path, options };
    let mut warnings = Vec::new();
    let (mut encoding, mut guessed) = (None, false);
    let (format, content) = match source.signature {
        Signature::Text => {
            let decoded = text::decode(path, &source.content, options.encoding.as_deref())?;
            encoding = Some(decoded.encoding);
            guessed = decoded.source == text::Source::Guessed;
            if decoded.source == text::Source::NotAsGiven {
                let message = format!("{role}: the file is UTF-8 and was read so, not in the encoding that was given");
                warnings.push(InputWarning::new("encoding_not_as_given", message).table(role));
            }
            if guessed {
                let message = format!(
                    "{role}: the encoding was taken for {}, which nothing in the file declares; give it if that is wrong",
                    decoded.encoding
                );
                warnings.push(InputWarning::new("encoding_guessed", message).table(role));
            }
            if decoded.text.trim_ascii().is_empty() {
                return Err(InputError::EmptyFile { path: path.to_owned() });
            }
            if json::is_json(path, &decoded.text) {
                ("json-lines", json::read(request, &decoded.text)?)
            } else {
                ("csv", delimited::read(request, &decoded.text)?)
            }
        }
        typed => {
            let content = isolated::decode(request, typed, &source.content)?;
            if typed.is_workbook() {
                warnings.extend(workbook::remarks(&content, role));
            }
            (typed.code(), content)
        }
    };
    let read = Read { format, compression: source.compression, encoding, guessed, bytes: Some(raw.len()) };
    table(request, role, content, read, warnings)
}

/// What is known of a source once its content was read.
struct Read {
    format: &'static str,
    compression: Option<&'static str>,
    encoding: Option<&'static str>,
    guessed: bool,
    bytes: Option<usize>,
}

/// A table of some content: its columns have names, and its rows hold something.
fn table(
    request: Request<'_>,
    role: &str,
    mut content: Content,
    read: Read,
    mut warnings: Vec<InputWarning>,
) -> Result<RawTable, InputError> {
    let path = request.path;
    header::settle(request, &mut content, role, &mut warnings)?;
    if content.names.is_empty() || content.rows == 0 {
        return Err(InputError::EmptyTable { path: path.to_owned() });
    }
    let max = u32::MAX as usize / 2;
    if content.rows > max {
        return Err(InputError::TooManyRows { path: path.to_owned(), rows: content.rows, max });
    }
    let blank = blank::remove(&mut content.columns, request.options);
    if !blank.is_empty() {
        let message = format!(
            "{role}: {} of {} rows hold no value, so they are no persons and are left out",
            blank.len(),
            content.rows
        );
        warnings.push(InputWarning::new("blank_rows", message).table(role).count(blank.len(), content.rows));
    }
    if blank.len() == content.rows {
        return Err(InputError::OnlyBlank { path: path.to_owned(), rows: content.rows });
    }
    edges::check(request, &content.columns, |row| blank::row_in_file(&blank, row) + 1)?;
    let summary = FileSummary {
        path: path.to_owned(),
        format: read.format,
        compression: read.compression,
        encoding: read.encoding,
        delimiter: content.delimiter,
        rows: content.rows - blank.len(),
        blank_rows: blank.len(),
        columns: content.names.len(),
        sha256: None,
        bytes: read.bytes,
    };
    let positions = content.names.iter().enumerate().map(|(at, name)| (name.clone(), at)).collect();
    let mut left = content.columns.into_iter().peekable();
    let columns = content.names.iter().map(|name| left.next_if(|column| column.name == *name)).collect();
    Ok(RawTable { summary, names: content.names, warnings, guessed: read.guessed, positions, columns, blank })
}
