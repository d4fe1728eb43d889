//! CSV and its relatives.

use super::file::{Content, Request};
use super::tokens::encode_texts;
use super::{InputError, columnar, delimiter, rows};
use polars::prelude::{CsvParseOptions, CsvReadOptions, DataType, Field, PlSmallStr, Schema, SerReader};
use rayon::prelude::*;
use std::io::Cursor;
use std::sync::Arc;

/// Reads a delimited text. All columns are read as text: what they are is inferred over all tables later.
pub(super) fn read(request: Request<'_>, text: String) -> Result<Content, InputError> {
    let mut text = with_line_feeds(text);
    let delimiter = match request.options.delimiter {
        None => delimiter::sniff(&text),
        Some(character) => match u8::try_from(character) {
            Ok(byte) if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r' | 0) => byte,
            _ => return Err(InputError::Delimiter { delimiter: character }),
        },
    };
    let (names, start) = rows::header(request.path, &text, delimiter)?;
    request.check_names(&names)?;
    drop_trailing_line_breaks(&mut text, names.len(), start);
    let shape = rows::check(request.path, &text, start, delimiter, names.len())?;
    let delimiter_char = Some(char::from(delimiter));
    if shape.rows == 0 {
        return Ok(Content { names, columns: Vec::new(), rows: 0, delimiter: delimiter_char });
    }
    let wanted: Vec<usize> = (0..names.len()).filter(|at| !request.options.is_ignored(&names[*at])).collect();
    if wanted.is_empty() {
        return Ok(Content { names, columns: Vec::new(), rows: shape.rows, delimiter: delimiter_char });
    }
    let frame = columnar::guarded(|| {
        let fields = (0..names.len()).map(|at| Field::new(column_name(at), DataType::String));
        let parse = CsvParseOptions::default()
            .with_separator(delimiter)
            .with_quote_char(shape.quoted.then_some(b'"'))
            .with_missing_is_null(true);
        CsvReadOptions::default()
            .with_has_header(false)
            .with_schema(Some(Arc::new(Schema::from_iter(fields))))
            .with_columns(Some(wanted.iter().map(|at| column_name(*at)).collect()))
            .with_parse_options(parse)
            .into_reader_with_file_handle(Cursor::new(&text.as_bytes()[start..]))
            .finish()
    })
    .map_err(|reason| request.corrupt("CSV", reason))?;
    drop(text);
    if frame.height() != shape.rows {
        let reason = format!("the parser found {} rows where there are {}", frame.height(), shape.rows);
        return Err(request.corrupt("CSV", reason));
    }
    let columns = frame
        .columns()
        .par_iter()
        .zip(&wanted)
        .map(|(column, at)| {
            let texts = column.str().map_err(|error| request.corrupt("CSV", error))?;
            Ok(encode_texts(&names[*at], shape.rows, texts.iter(), request.nulls()))
        })
        .collect::<Result<_, InputError>>()?;
    Ok(Content { names, columns, rows: shape.rows, delimiter: delimiter_char })
}

fn column_name(at: usize) -> PlSmallStr {
    format!("c{at}").into()
}

/// Text whose lines end in a carriage return only gets line feeds.
fn with_line_feeds(text: String) -> String {
    let bytes = text.as_bytes();
    if memchr::memchr(b'\n', bytes).is_none() && memchr::memchr(b'\r', bytes).is_some() {
        text.replace('\r', "\n")
    } else {
        text
    }
}

/// Empty lines at the end are no rows; in a table of one column they are missing values.
fn drop_trailing_line_breaks(text: &mut String, columns: usize, start: usize) {
    if columns > 1 {
        text.truncate(start + text[start..].trim_end_matches(['\n', '\r']).len());
    }
}
