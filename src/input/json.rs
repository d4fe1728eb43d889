//! JSON lines: one object per line.

use super::InputError;
use super::file::{Content, Request};
use super::tokens::{Encoder, number_token, text_token};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::path::Path;

/// A JSON value as far as it can be a cell.
#[derive(Hash, PartialEq, Eq)]
enum Key {
    Text(String),
    Number(u64),
}

/// Whether a text is JSON: it begins with an object, or with an array in a file that is named so.
pub(super) fn is_json(path: &Path, text: &str) -> bool {
    let named = path.file_name().and_then(|name| name.to_str()).is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        [".json", ".jsonl", ".ndjson"].iter().any(|end| name.contains(end))
    });
    let first = text.trim_ascii_start();
    let line = first.lines().next().unwrap_or("");
    named || (first.starts_with('{') && serde_json::from_str::<Map<String, Value>>(line).is_ok())
}

/// Reads a text of one JSON object per line. A key that is not there is a missing value.
pub(super) fn read(request: Request<'_>, text: &str) -> Result<Content, InputError> {
    let mut names = Vec::new();
    let mut position: HashMap<String, usize> = HashMap::new();
    let mut encoders: Vec<(Encoder<Key>, usize)> = Vec::new();
    let mut rows = 0;
    for (at, line) in text.lines().enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        for (name, value) in object(request, at + 1, line)? {
            let column = *position.entry(name).or_insert_with_key(|name| {
                encoders.push((Encoder::new(name.trim(), 0), 0));
                names.push(name.trim().to_owned());
                names.len() - 1
            });
            if !request.options.is_ignored(&names[column]) {
                let (encoder, filled) = &mut encoders[column];
                fill(encoder, filled, rows);
                add(request, encoder, &names[column], value)?;
                *filled += 1;
            }
        }
        rows += 1;
    }
    request.check_names(&names)?;
    let mut columns = Vec::new();
    for ((mut encoder, mut filled), name) in encoders.into_iter().zip(&names) {
        if !request.options.is_ignored(name) {
            fill(&mut encoder, &mut filled, rows);
            columns.push(encoder.finish());
        }
    }
    Ok(Content { names, columns, rows, delimiter: None })
}

/// The object of a line. What is wrong with a line is said without quoting it.
fn object(request: Request<'_>, line: usize, text: &str) -> Result<Map<String, Value>, InputError> {
    serde_json::from_str(text).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Data => "this is not an object".to_owned(),
            _ => format!("this is not valid JSON at column {}", error.column()),
        };
        InputError::JsonLine { path: request.path.to_owned(), line, what }
    })
}

/// Adds missing values up to a row.
fn fill(encoder: &mut Encoder<Key>, filled: &mut usize, row: usize) {
    while *filled < row {
        encoder.missing();
        *filled += 1;
    }
}

fn add(request: Request<'_>, encoder: &mut Encoder<Key>, name: &str, value: Value) -> Result<(), InputError> {
    let key = match value {
        Value::Null => {
            encoder.missing();
            return Ok(());
        }
        Value::Bool(value) => Key::Text(value.to_string()),
        Value::String(text) => Key::Text(text),
        Value::Number(value) if !value.is_f64() => Key::Text(value.to_string()),
        Value::Number(value) => Key::Number((value.as_f64().unwrap_or(f64::NAN) + 0.0).to_bits()),
        Value::Array(_) | Value::Object(_) => {
            let found = if value.is_array() { "array" } else { "object" };
            let (path, column) = (request.path.to_owned(), name.to_owned());
            return Err(InputError::ColumnType { path, column, found: found.to_owned() });
        }
    };
    let nulls = request.nulls();
    encoder.value(key, |key| match key {
        Key::Text(text) => text_token(text, nulls),
        Key::Number(bits) => number_token(f64::from_bits(*bits), nulls),
    });
    Ok(())
}
