//! One file: from its path to columns of tokens.

use super::source::{self, Signature};
use super::tokens::{Nulls, TokenColumn};
use super::{InputError, InputWarning, ReadOptions, columnar, delimited, json, text};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// What a file is, without what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSummary {
    /// Where it is.
    pub path: PathBuf,
    /// `csv`, `json-lines`, `parquet`, `arrow-file` or `arrow-stream`.
    pub format: &'static str,
    /// `gzip` or `zstd`.
    pub compression: Option<&'static str>,
    /// Encoding of a text file.
    pub encoding: Option<&'static str>,
    /// Delimiter of a delimited file.
    pub delimiter: Option<char>,
    /// Rows, without the header.
    pub rows: usize,
    /// Columns, whether or not they are used.
    pub columns: usize,
    /// SHA-256 of the file as it lies on the disk, in hexadecimal digits; of a release only, which evidence names by it.
    pub sha256: Option<String>,
    /// Size of the file as it lies on the disk.
    pub bytes: usize,
}

/// What a reader of one format hands back.
pub(super) struct Content {
    /// Names of all columns, those that were not asked for included.
    pub(super) names: Vec<String>,
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

    /// Refuses columns without a name and two columns of one name.
    pub(super) fn check_names(&self, names: &[String]) -> Result<(), InputError> {
        let mut seen = HashSet::new();
        for (at, name) in names.iter().enumerate() {
            if name.is_empty() {
                return Err(InputError::UnnamedColumn { path: self.path.to_owned(), position: at + 1 });
            }
            if !seen.insert(name) {
                return Err(InputError::DuplicateColumn { path: self.path.to_owned(), column: name.clone() });
            }
        }
        Ok(())
    }

    pub(super) fn corrupt(&self, format: &'static str, reason: impl std::fmt::Display) -> InputError {
        InputError::Corrupt { path: self.path.to_owned(), format, reason: reason.to_string() }
    }
}

/// A file that was read.
pub(super) struct RawTable {
    pub(super) summary: FileSummary,
    pub(super) names: Vec<String>,
    pub(super) columns: Vec<TokenColumn>,
    pub(super) warnings: Vec<InputWarning>,
}

impl RawTable {
    pub(super) fn path(&self) -> &Path {
        &self.summary.path
    }

    pub(super) fn rows(&self) -> usize {
        self.summary.rows
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|column| column == name)
    }

    /// The column of that name, moved out.
    pub(super) fn take(&mut self, name: &str) -> Option<TokenColumn> {
        let at = self.columns.iter().position(|column| column.name == name)?;
        Some(self.columns.swap_remove(at))
    }
}

/// Reads a file of any supported format. `role` names the table in warnings.
pub(super) fn read(path: &Path, options: &ReadOptions, role: &str) -> Result<RawTable, InputError> {
    let raw = source::read(path)?;
    parse(path, options, role, &raw)
}

/// The same with the file's SHA-256.
pub(super) fn read_with_digest(path: &Path, options: &ReadOptions, role: &str) -> Result<RawTable, InputError> {
    let raw = source::read(path)?;
    // The digest is one thread's work, and begun first: whoever is free then finds parts of the text to read.
    let (digest, table) = rayon::join(|| source::digest(&raw), || parse(path, options, role, &raw));
    let mut table = table?;
    table.summary.sha256 = Some(digest);
    Ok(table)
}

fn parse(path: &Path, options: &ReadOptions, role: &str, raw: &[u8]) -> Result<RawTable, InputError> {
    let source = source::open(path, raw)?;
    let request = Request { path, options };
    let mut warnings = Vec::new();
    let mut encoding = None;
    let (format, content) = match source.signature {
        Signature::Parquet => ("parquet", columnar::parquet(request, &source.content)?),
        Signature::ArrowFile => ("arrow-file", columnar::arrow_file(request, &source.content)?),
        Signature::ArrowStream => ("arrow-stream", columnar::arrow_stream(request, &source.content)?),
        Signature::Text => {
            let decoded = text::decode(path, &source.content, options.encoding.as_deref())?;
            encoding = Some(decoded.encoding);
            if decoded.guessed {
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
    };
    if content.names.is_empty() || content.rows == 0 {
        return Err(InputError::EmptyTable { path: path.to_owned() });
    }
    let max = u32::MAX as usize / 2;
    if content.rows > max {
        return Err(InputError::TooManyRows { path: path.to_owned(), rows: content.rows, max });
    }
    let summary = FileSummary {
        path: path.to_owned(),
        format,
        compression: source.compression,
        encoding,
        delimiter: content.delimiter,
        rows: content.rows,
        columns: content.names.len(),
        sha256: None,
        bytes: raw.len(),
    };
    Ok(RawTable { summary, names: content.names, columns: content.columns, warnings })
}
