//! JSON lines: one object per line.
//!
//! A value is taken as it is written, so that integers and decimals of any length stay what they are. The lines are read in
//! parts at the same time, as those of delimited text are.

use super::file::{Content, Request};
use super::header::column_name;
use super::rows::line_at;
use super::texts::TextEncoder;
use super::tokens::{Nulls, TokenColumn};
use super::{InputError, ReadOptions};
use rayon::prelude::*;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::path::Path;

/// A text is not cut into smaller parts.
const SMALLEST_PART: usize = 1 << 19;

/// Whether a text is JSON: its file is named so, or it begins with an object or a list of them. What a file is compressed by does not matter,
/// nor what stands in the middle of its name.
pub(super) fn is_json(path: &Path, text: &str) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let compressed = [".gz", ".gzip", ".zst", ".zstd"].iter().find_map(|end| name.strip_suffix(end));
    let named = [".json", ".jsonl", ".ndjson"].iter().any(|end| compressed.unwrap_or(&name).ends_with(end));
    let first = text.trim_ascii_start();
    let begins = |line: &str| serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok();
    let list = first.strip_prefix('[').is_some_and(|rest| rest.trim_ascii_start().starts_with('{'));
    named || list || (first.starts_with('{') && first.lines().next().is_some_and(begins))
}

/// Reads a text of one JSON object per line. A key that is not there is a missing value.
pub(super) fn read(request: Request<'_>, text: &str) -> Result<Content, InputError> {
    let parts = (text.len() / SMALLEST_PART).clamp(1, rayon::current_num_threads());
    let read: Vec<_> = spans(text, parts).into_par_iter().map(|span| Part::read(request.options, text, span)).collect();
    let mut names: Vec<String> = Vec::new();
    let mut position: HashMap<String, usize> = HashMap::new();
    let mut columns: Vec<Option<TokenColumn>> = Vec::new();
    let mut rows = 0;
    for part in read {
        let part = part.map_err(|fault| fault.into_error(request.path, text))?;
        for (key, column) in part.columns {
            let at = *position.entry(key).or_insert_with_key(|key| {
                names.push(column_name(key));
                columns.push(None);
                names.len() - 1
            });
            let Some(column) = column else { continue };
            let whole = columns[at].get_or_insert_with(|| TokenColumn::new(&names[at], rows));
            whole.add_missing(rows);
            whole.append(column);
        }
        rows += part.rows;
    }
    columns.iter_mut().flatten().for_each(|column| column.add_missing(rows));
    Ok(Content { names, columns: columns.into_iter().flatten().collect(), rows, delimiter: None })
}

/// Parts of a text that begin with a line.
fn spans(text: &str, parts: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let after_line = |at: usize| memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |found| at + found + 1);
    let mut cuts: Vec<usize> = (1..parts).map(|part| after_line(bytes.len() / parts * part)).collect();
    cuts.insert(0, 0);
    cuts.push(bytes.len());
    cuts.windows(2).map(|cuts| cuts[0]..cuts[1]).filter(|span| !span.is_empty()).collect()
}

/// What is wrong with a line, and where it begins.
struct Fault {
    at: usize,
    what: What,
}

enum What {
    Line(String),
    Twice(String),
    Nested { column: String, found: &'static str },
}

impl Fault {
    fn into_error(self, path: &Path, text: &str) -> InputError {
        let path = path.to_owned();
        let line = line_at(text, self.at);
        match self.what {
            What::Line(what) => InputError::JsonLine { path, line, what },
            What::Twice(column) => InputError::DuplicateKey { path, line, column },
            What::Nested { column, found } => InputError::ColumnType { path, column, found: found.to_owned() },
        }
    }
}

/// Some lines.
struct Part {
    rows: usize,
    /// The columns by their keys, in the order in which these occur; none where a column is not asked for. A column ends with
    /// the last row that has its key.
    columns: Vec<(String, Option<TokenColumn>)>,
}

/// A column of a part.
struct Growing<'a> {
    key: String,
    encoder: Option<TextEncoder<'a>>,
    /// Rows it has so far.
    rows: usize,
}

impl Part {
    fn read(options: &ReadOptions, text: &str, span: Range<usize>) -> Result<Part, Fault> {
        let mut columns: Vec<Growing<'_>> = Vec::new();
        let mut position: HashMap<String, usize> = HashMap::new();
        let (mut rows, mut at) = (0, span.start);
        for line in text[span].split_inclusive('\n') {
            let start = at;
            at += line.len();
            let line = line.trim_ascii();
            if line.is_empty() {
                continue;
            }
            let fault = |what| Fault { at: start, what };
            // Most objects have their keys in the same order.
            let mut next = 0;
            for (key, value) in object(line).map_err(|what| fault(What::Line(what)))? {
                let found = match columns.get(next).is_some_and(|column| column.key == key) {
                    true => next,
                    false => *position.entry(key.into_owned()).or_insert_with_key(|key| {
                        let name = column_name(key);
                        let encoder =
                            (!options.is_ignored(&name)).then(|| TextEncoder::new(&name, 0, Nulls(&options.nulls)));
                        columns.push(Growing { key: key.clone(), encoder, rows: 0 });
                        columns.len() - 1
                    }),
                };
                next = found + 1;
                columns[found].add(rows, value).map_err(fault)?;
            }
            rows += 1;
        }
        let finish = |column: Growing<'_>| (column.key, column.encoder.map(TextEncoder::finish));
        Ok(Part { rows, columns: columns.into_iter().map(finish).collect() })
    }
}

impl Growing<'_> {
    /// Adds the value of a row.
    fn add(&mut self, row: usize, value: &RawValue) -> Result<(), What> {
        if self.rows > row {
            return Err(What::Twice(column_name(&self.key)));
        }
        let missing = row - self.rows;
        self.rows = row + 1;
        let Some(encoder) = &mut self.encoder else { return Ok(()) };
        (0..missing).for_each(|_| encoder.missing());
        let text = value.get();
        match text.as_bytes().first() {
            Some(b'n') => encoder.missing(),
            Some(b'"') => {
                let text: Cow<'_, str> = match text[1..text.len() - 1].contains('\\') {
                    false => Cow::Borrowed(&text[1..text.len() - 1]),
                    true => Cow::Owned(serde_json::from_str(text).map_err(|error| What::Line(not_valid(&error)))?),
                };
                encoder.add_one(&text);
            }
            Some(first @ (b'[' | b'{')) => {
                let found = if *first == b'[' { "array" } else { "object" };
                return Err(What::Nested { column: column_name(&self.key), found });
            }
            _ => encoder.add_one(text),
        }
        Ok(())
    }
}

/// The keys and values of the object that a line is, in its order. What is wrong with a line is said without quoting it.
fn object(line: &str) -> Result<Vec<(Cow<'_, str>, &RawValue)>, String> {
    let mut reader = serde_json::Deserializer::from_str(line);
    let fields = reader.deserialize_map(Fields).and_then(|fields| reader.end().map(|()| fields));
    fields.map_err(|error| match error.classify() {
        serde_json::error::Category::Data => "this is not an object".to_owned(),
        _ => not_valid(&error),
    })
}

fn not_valid(error: &serde_json::Error) -> String {
    format!("this is not valid JSON at column {}", error.column())
}

/// Reads an object without losing what stands in it twice.
struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(Key(key)) = map.next_key()? {
            fields.push((key, map.next_value()?));
        }
        Ok(fields)
    }
}

/// A key, borrowed where it holds no escape.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
