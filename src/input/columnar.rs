//! Typed files: Parquet and Arrow IPC.

use super::InputError;
use super::file::{Content, Request};
use super::header::column_name;
use super::memory::Columns;
use super::signature::Signature;
use super::texts::TextEncoder;
use super::tokens::{Nulls, Token, TokenColumn, encode_texts, encode_values, encode_whole, number_token};
use super::{arrow_texts, arrow_types, number, parquet, time};
use polars::prelude::{Column, DataFrame, DataType, IpcReader, PolarsResult, SerReader, Series, TimeUnit};
use polars_arrow::array::Array;
use polars_arrow::datatypes::{ArrowDataType, Field, TimeUnit as ArrowTimeUnit};
use polars_arrow::io::ipc::read::{StreamReader, StreamState, read_stream_metadata};
use rayon::prelude::*;
use reident_reports::visible::visible;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a parser that is known to panic on some damaged files, and turns the panic into a reason.
fn guarded<T>(parse: impl FnOnce() -> PolarsResult<T>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(parse)) {
        Ok(Ok(parsed)) => Ok(parsed),
        Ok(Err(error)) => Err(visible(&error.to_string()).into_owned()),
        Err(_) => Err("the parser gave up on it".to_owned()),
    }
}

/// Reads a Parquet file, an Arrow IPC file (Feather version 2) or an Arrow IPC stream.
pub(super) fn decode(request: Request<'_>, signature: Signature, content: &[u8]) -> Result<Content, InputError> {
    if signature == Signature::Parquet {
        let file = guarded(|| parquet::File::open(content));
        return of_parquet(request, &file.map_err(|reason| request.corrupt(signature.name(), reason))?);
    }
    let schema = guarded(|| schema(signature, content)).map_err(|reason| {
        match guarded(|| Ok(arrow_types::unknown(content))).ok().flatten() {
            Some((column, what)) => InputError::ColumnType {
                path: request.path.to_owned(),
                column: column_name(&column),
                found: what.to_owned(),
            },
            None => request.corrupt(signature.name(), reason),
        }
    })?;
    refuse_unfit(request, &schema, |field| is_value(&field.dtype))?;
    match guarded(|| frame(signature, content, None)) {
        Ok(frame) => encode(request, signature.name(), &frame),
        Err(reason) => {
            let can_be_read = |field: &Field| guarded(|| frame(signature, content, Some(&field.name))).is_ok();
            let read: Vec<bool> = schema.iter().map(can_be_read).collect();
            Err(unknown_or_damaged(request, signature, reason, &schema.iter().zip(read).collect::<Vec<_>>()))
        }
    }
}

/// The columns of a Parquet file.
fn of_parquet(request: Request<'_>, file: &parquet::File<'_>) -> Result<Content, InputError> {
    // The parser takes the milliseconds that Parquet stores for seconds, and gives nothing for what is longer than a day then.
    let is_misread = |field: &Field| field.dtype == ArrowDataType::Time32(ArrowTimeUnit::Second);
    refuse_unfit(request, &file.fields, |field| is_value(&field.dtype) && !is_misread(field))?;
    let names: Vec<String> = file.fields.iter().map(|field| column_name(&field.name)).collect();
    let columns = file.fields.par_iter().zip(&names).filter(|(_, name)| !request.options.is_ignored(name));
    let columns: Vec<_> = columns
        .map(|(field, name)| {
            let column = || {
                let (field, parts) = file.parts(field)?;
                column_of_parts(request, name, &field, &parts)
            };
            (field, guarded(column))
        })
        .collect();
    if let Some(reason) = columns.iter().find_map(|(_, column)| column.as_ref().err()) {
        let read: Vec<_> = columns.iter().map(|(field, column)| (*field, column.is_ok())).collect();
        return Err(unknown_or_damaged(request, Signature::Parquet, reason.clone(), &read));
    }
    let columns =
        columns.into_iter().map(|(field, column)| column.ok().flatten().ok_or_else(|| refused(request, field)));
    Ok(Content { rows: file.rows(), columns: columns.collect::<Result<_, _>>()?, names, delimiter: None })
}

/// The error about a column whose type says no single value.
fn refused(request: Request<'_>, field: &Field) -> InputError {
    InputError::ColumnType {
        path: request.path.to_owned(),
        column: column_name(&field.name),
        found: type_name(&field.dtype),
    }
}

fn refuse_unfit(request: Request<'_>, fields: &[Field], is_fit: impl Fn(&Field) -> bool) -> Result<(), InputError> {
    let is_wanted = |field: &&Field| !request.options.is_ignored(&column_name(&field.name));
    match fields.iter().filter(is_wanted).find(|field| !is_fit(field)) {
        Some(field) => Err(refused(request, field)),
        None => Ok(()),
    }
}

/// The error about a file that could not be read, given which of its columns can be: a type that the parser does not know, beside others, is
/// no damage.
fn unknown_or_damaged(
    request: Request<'_>,
    signature: Signature,
    reason: String,
    columns: &[(&Field, bool)],
) -> InputError {
    let is_any_read = columns.iter().any(|(_, is_read)| *is_read);
    let unknown = columns.iter().find(|(field, is_read)| !is_read && !PLAIN.contains(&field.dtype));
    match unknown.filter(|_| is_any_read || columns.len() == 1) {
        Some((field, _)) => refused(request, field),
        None => request.corrupt(signature.name(), reason),
    }
}

/// Types that every parser reads: what fails with one of them is damaged.
const PLAIN: [ArrowDataType; 12] = [
    ArrowDataType::Boolean,
    ArrowDataType::Int8,
    ArrowDataType::Int16,
    ArrowDataType::Int32,
    ArrowDataType::Int64,
    ArrowDataType::UInt32,
    ArrowDataType::UInt64,
    ArrowDataType::Float32,
    ArrowDataType::Float64,
    ArrowDataType::Date32,
    ArrowDataType::Utf8,
    ArrowDataType::LargeUtf8,
];

/// The columns that a file says it has.
fn schema(signature: Signature, content: &[u8]) -> PolarsResult<Vec<Field>> {
    let mut reader = Cursor::new(content);
    let schema = match signature {
        Signature::ArrowFile => IpcReader::new(reader).schema()?,
        _ => return Ok(read_stream_metadata(&mut reader)?.schema.iter_values().cloned().collect()),
    };
    Ok(schema.iter_values().cloned().collect())
}

/// Reads a whole file, or one of its columns.
fn frame(signature: Signature, content: &[u8], column: Option<&str>) -> PolarsResult<DataFrame> {
    let columns = column.map(|column| vec![column.to_owned()]);
    let mut reader = Cursor::new(content);
    match signature {
        Signature::ArrowFile => IpcReader::new(reader).with_columns(columns).finish(),
        _ => {
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
            let columns = columns.filter(|(field, _)| column.is_none_or(|column| field.name == column));
            let columns = columns.map(|(field, chunks)| Series::try_from((field, chunks)).map(Column::from));
            DataFrame::new_infer_height(columns.collect::<PolarsResult<Vec<_>>>()?)
        }
    }
}

/// Whether each row of a column of this type is one value, whose text or number says what was meant. An extension has a
/// meaning of its own that its storage does not tell: the number of a month, say.
fn is_value(dtype: &ArrowDataType) -> bool {
    match dtype {
        ArrowDataType::Extension(extension) => {
            matches!(extension.inner, ArrowDataType::Utf8 | ArrowDataType::LargeUtf8 | ArrowDataType::Utf8View)
        }
        ArrowDataType::List(_)
        | ArrowDataType::LargeList(_)
        | ArrowDataType::FixedSizeList(..)
        | ArrowDataType::Struct(_)
        | ArrowDataType::Map(..)
        | ArrowDataType::Union(_)
        | ArrowDataType::Interval(_) => false,
        _ => true,
    }
}

/// A type as persons know it.
fn type_name(dtype: &ArrowDataType) -> String {
    match dtype {
        ArrowDataType::Extension(extension) => visible(&extension.name).into_owned(),
        ArrowDataType::List(_) | ArrowDataType::LargeList(_) | ArrowDataType::FixedSizeList(..) => "list".to_owned(),
        ArrowDataType::Struct(_) => "struct".to_owned(),
        ArrowDataType::Map(..) => "map".to_owned(),
        ArrowDataType::Union(_) => "union".to_owned(),
        other => visible(&format!("{other:?}").to_lowercase()).into_owned(),
    }
}

/// Takes columns that are in memory.
pub(super) fn of_memory(request: Request<'_>, table: &Columns) -> Result<Content, InputError> {
    let names: Vec<String> = table.fields.iter().map(|field| column_name(&field.name)).collect();
    refuse_unfit(request, &table.fields, |field| is_value(&field.dtype))?;
    let columns = table.fields.par_iter().zip(&table.parts).zip(&names);
    let columns = columns
        .filter(|(_, name)| !request.options.is_ignored(name))
        .map(|((field, parts), name)| {
            // What the library does not know, it may refuse or give up on.
            let column = guarded(|| column_of_parts(request, name, field, parts));
            column.ok().flatten().ok_or_else(|| refused(request, field))
        })
        .collect::<Result<_, InputError>>()?;
    Ok(Content { rows: table.rows(), names, columns, delimiter: None })
}

/// The tokens of a column in parts; `None` when its type is no single value.
fn column_of_parts(
    request: Request<'_>,
    name: &str,
    field: &Field,
    parts: &[Box<dyn Array>],
) -> PolarsResult<Option<TokenColumn>> {
    if parts.is_empty() {
        return Ok(Some(TokenColumn::new(name, 0)));
    }
    match arrow_texts::column(name, field, parts, request.nulls()) {
        Some(column) => Ok(Some(column)),
        None => column_of(request, name, &Series::try_from((field, parts.to_vec()))?),
    }
}

fn encode(request: Request<'_>, format: &'static str, frame: &DataFrame) -> Result<Content, InputError> {
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
        DataType::String => texts_of(name, series, nulls)?,
        // Old writers do not say that their bytes are text.
        DataType::Binary => {
            match series.binary()?.iter().map(|value| value.map(str::from_utf8).transpose()).collect() {
                Ok::<Vec<_>, _>(texts) => encode_texts(name, rows, texts.into_iter(), nulls),
                Err(_) => return Ok(None),
            }
        }
        // As text they keep all their digits.
        DataType::UInt64 | DataType::Int128 | DataType::UInt128 | DataType::Decimal(..) | DataType::Categorical(..) => {
            as_text(request, name, series)?
        }
        DataType::Enum(..) | DataType::Boolean | DataType::Time => as_text(request, name, series)?,
        dtype if dtype.is_integer() => {
            let values = series.cast(&DataType::Int64)?;
            let exact = |value: &i64| match number::is_too_long(*value as f64) {
                true => Token::Text(value.to_string().into()),
                false => number(*value as f64),
            };
            let chunks = values.i64()?;
            encode_whole(
                name,
                rows,
                || chunks.downcast_iter().flat_map(|part| part.iter().map(Option::<&i64>::copied)),
                exact,
            )
        }
        DataType::Float64 => {
            let chunks = series.f64()?;
            let values = || chunks.downcast_iter().flat_map(|part| part.iter().map(Option::<&f64>::copied));
            // Whole numbers beside missing ones are often written so.
            let is_whole = |value: f64| value.fract() == 0.0 && value.abs() < 1e15;
            match values().flatten().all(is_whole) {
                true => {
                    let whole = || values().map(|value| value.map(|value| value as i64));
                    encode_whole(name, rows, whole, |value| number(*value as f64))
                }
                false => {
                    let bits = values().map(|value| value.map(f64::to_bits));
                    encode_values(name, rows, bits, |bits| number(f64::from_bits(*bits)))
                }
            }
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
            let chunks = days.i32()?;
            let values =
                || chunks.downcast_iter().flat_map(|part| part.iter().map(|day| day.map(|day| i64::from(*day))));
            encode_whole(name, rows, values, |day| Token::Day(*day as f64))
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
    texts_of(name, &series.cast(&DataType::String)?, request.nulls())
}

/// A column of texts. Equal values of a dictionary stand at one place, so that most are recognized by where they stand.
fn texts_of(name: &str, series: &Series, nulls: Nulls<'_>) -> PolarsResult<TokenColumn> {
    let mut encoder = TextEncoder::new(name, series.len(), nulls);
    for array in series.str()?.downcast_iter() {
        encoder.begin_places();
        let views = array.views();
        for (row, view) in views.iter().enumerate() {
            if array.is_null(row) {
                encoder.missing();
            } else {
                encoder.add_at(view.as_u128(), || array.value(row));
            }
        }
    }
    Ok(encoder.finish())
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
