//! Typed files: Parquet and Arrow IPC.

use super::InputError;
use super::file::{Content, Request};
use super::header::column_name;
use super::tokens::{Token, TokenColumn, encode_texts, encode_values, number_token};
use super::{number, time};
use polars::prelude::{
    Column, DataFrame, DataType, IpcReader, ParquetReader, PolarsResult, SerReader, Series, TimeUnit,
};
use polars_arrow::io::ipc::read::{StreamReader, StreamState, read_stream_metadata};
use rayon::prelude::*;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a parser that is known to panic on some damaged files, and turns the panic into a reason.
fn guarded<T>(parse: impl FnOnce() -> PolarsResult<T>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(parse)) {
        Ok(Ok(parsed)) => Ok(parsed),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the parser gave up on it".to_owned()),
    }
}

/// Reads a Parquet file.
pub(super) fn parquet(request: Request<'_>, content: &[u8]) -> Result<Content, InputError> {
    let read = || ParquetReader::new(Cursor::new(content)).finish();
    encode(request, "Parquet", guarded(read))
}

/// Reads an Arrow IPC file (Feather version 2).
pub(super) fn arrow_file(request: Request<'_>, content: &[u8]) -> Result<Content, InputError> {
    let read = || IpcReader::new(Cursor::new(content)).finish();
    encode(request, "Arrow IPC", guarded(read))
}

/// Reads an Arrow IPC stream.
pub(super) fn arrow_stream(request: Request<'_>, content: &[u8]) -> Result<Content, InputError> {
    let read = || {
        let mut reader = Cursor::new(content);
        let metadata = read_stream_metadata(&mut reader)?;
        let fields: Vec<_> = metadata.schema.iter_values().cloned().collect();
        let mut chunks = vec![Vec::new(); fields.len()];
        for state in StreamReader::new(reader, metadata, None) {
            let StreamState::Some(batch) = state? else { break };
            for (chunks, array) in chunks.iter_mut().zip(batch.into_arrays()) {
                chunks.push(array);
            }
        }
        let columns = fields.iter().zip(chunks).filter(|(_, chunks)| !chunks.is_empty());
        let columns = columns.map(|(field, chunks)| Series::try_from((field, chunks)).map(Column::from));
        let columns = columns.collect::<PolarsResult<Vec<_>>>()?;
        DataFrame::new_infer_height(columns)
    };
    encode(request, "Arrow IPC stream", guarded(read))
}

fn encode(request: Request<'_>, format: &'static str, frame: Result<DataFrame, String>) -> Result<Content, InputError> {
    let frame = frame.map_err(|reason| request.corrupt(format, reason))?;
    let names: Vec<String> = frame.get_column_names().iter().map(|name| column_name(name)).collect();
    let columns = frame
        .columns()
        .par_iter()
        .zip(&names)
        .filter(|(_, name)| !request.options.is_ignored(name))
        .map(|(column, name)| {
            let series = column.as_materialized_series();
            guarded(|| column_of(request, name, series)).map_err(|reason| request.corrupt(format, reason))?.ok_or_else(
                || InputError::ColumnType {
                    path: request.path.to_owned(),
                    column: name.clone(),
                    found: series.dtype().to_string(),
                },
            )
        })
        .collect::<Result<_, InputError>>()?;
    Ok(Content { rows: frame.height(), names, columns, delimiter: None })
}

/// The tokens of a typed column; `None` when its type is no single value.
fn column_of(request: Request<'_>, name: &str, series: &Series) -> PolarsResult<Option<TokenColumn>> {
    let rows = series.len();
    let nulls = request.nulls();
    let number = |value: f64| number_token(value, nulls);
    let column = match series.dtype() {
        DataType::Null => encode_texts(name, rows, std::iter::repeat_n(None, rows), nulls),
        DataType::String => encode_texts(name, rows, series.str()?.iter(), nulls),
        // As text they keep all their digits.
        DataType::UInt64 | DataType::Int128 | DataType::UInt128 | DataType::Decimal(..) | DataType::Categorical(..) => {
            as_text(request, name, series)?
        }
        DataType::Enum(..) | DataType::Boolean | DataType::Time => as_text(request, name, series)?,
        dtype if dtype.is_integer() => {
            let values = series.cast(&DataType::Int64)?;
            let exact = |value: &i64| match number::read(&value.to_string()) {
                Some(reading) if reading.too_long => Token::Text(value.to_string().into()),
                _ => number(*value as f64),
            };
            encode_values(name, rows, values.i64()?.iter(), exact)
        }
        DataType::Float64 => {
            let bits = series.f64()?.iter().map(|value| value.map(f64::to_bits));
            encode_values(name, rows, bits, |bits| number(f64::from_bits(*bits)))
        }
        dtype if dtype.is_float() => {
            // The shortest text of the narrow number is what was meant: 0.1, not 0.10000000149.
            let values = series.cast(&DataType::Float32)?;
            let bits = values.f32()?.iter().map(|value| value.map(f32::to_bits));
            let widened = |bits: &u32| f32::from_bits(*bits).to_string().parse().unwrap_or(f64::NAN);
            encode_values(name, rows, bits, |bits| number(widened(bits)))
        }
        DataType::Date => {
            let days = series.cast(&DataType::Int32)?;
            encode_values(name, rows, days.i32()?.iter(), |day| Token::Day(f64::from(*day)))
        }
        DataType::Datetime(unit, _) => {
            let per_second = units_per_second(*unit);
            let values = series.cast(&DataType::Int64)?;
            let second = |value: &i64| Token::Second(seconds(*value, per_second));
            encode_values(name, rows, values.i64()?.iter(), second)
        }
        DataType::Duration(unit) => {
            let per_second = units_per_second(*unit);
            let values = series.cast(&DataType::Int64)?;
            encode_values(name, rows, values.i64()?.iter(), |value| number(seconds(*value, per_second)))
        }
        _ => return Ok(None),
    };
    Ok(Some(column))
}

fn as_text(request: Request<'_>, name: &str, series: &Series) -> PolarsResult<TokenColumn> {
    let texts = series.cast(&DataType::String)?;
    Ok(encode_texts(name, series.len(), texts.str()?.iter(), request.nulls()))
}

fn units_per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Nanoseconds => 1_000_000_000,
        TimeUnit::Microseconds => 1_000_000,
        TimeUnit::Milliseconds => 1_000,
    }
}

/// Seconds of a count of smaller units, rounded as the text of the same time would be.
fn seconds(value: i64, per_second: i64) -> f64 {
    let whole = value.div_euclid(per_second);
    let day = whole.div_euclid(86_400);
    let rest = whole.rem_euclid(86_400) as f64 + value.rem_euclid(per_second) as f64 / per_second as f64;
    day as f64 * time::DAY + rest
}
