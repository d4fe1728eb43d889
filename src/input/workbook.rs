//! Workbooks of spreadsheet programs: Excel's, old and new, and OpenDocument's.
//!
//! A cell is what its type says: a date is one however it is shown, and a number written as text is text, of which
//! [`remarks`] tells. The first row that holds anything has the names of the columns.

use super::file::{Content, Request};
use super::header::column_name;
use super::signature::Signature;
use super::tokens::{Encoder, Nulls, Token, TokenColumn, number_token};
use super::{InputError, InputWarning, ReadOptions, number, time};
use calamine::{Data, ExcelDateTime, Range, Reader, SheetType, SheetVisible, Sheets};
use reident_reports::nearest::{did_you_mean, nearest};
use reident_reports::visible::visible;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What is asked of a workbook that cannot be given.
enum Refused {
    /// The workbook cannot be read.
    Corrupt(String),
    /// It is not clear which sheet is meant, or what is in it.
    Sheet(String),
}

/// Reads the table of a workbook.
pub(super) fn decode(request: Request<'_>, format: Signature, content: &[u8]) -> Result<Content, InputError> {
    // The parser is known to panic on damaged files.
    let read = catch_unwind(AssertUnwindSafe(|| table(request, format, content)));
    read.unwrap_or_else(|_| Err(Refused::Corrupt("the parser gave up on it".to_owned()))).map_err(|refused| {
        match refused {
            Refused::Corrupt(reason) => request.corrupt(format.name(), reason),
            Refused::Sheet(what) => InputError::Sheet { path: request.path.to_owned(), what },
        }
    })
}

fn table(request: Request<'_>, format: Signature, content: &[u8]) -> Result<Content, Refused> {
    let corrupt = |error: calamine::Error| match error.to_string() {
        reason if reason.contains("password") => {
            Refused::Sheet("is protected by a password; save a copy without one".to_owned())
        }
        reason => Refused::Corrupt(visible(&reason).into_owned()),
    };
    let mut book = open(format, content).map_err(corrupt)?;
    let (name, cells) = sheet(request, &mut book, corrupt)?;
    // The sheet is read once more for its formulas, which matters where a cell shows no value.
    if cells.cells().any(|(.., cell)| *cell == Data::Empty) {
        let formulas = book.worksheet_formula(&name).unwrap_or_else(|_| Range::empty());
        never_computed(&cells, &formulas)?;
    }
    let mut rows = cells.rows();
    let nulls = request.nulls();
    let named = |cell: &Data| match token(cell, Nulls(&[])) {
        Token::Missing | Token::NotFinite => String::new(),
        Token::Text(text) => column_name(&text),
        Token::Number(value) => number::text_of(value),
        Token::Day(day) => time::date_text(day),
        Token::Second(second) => time::datetime_text(second),
    };
    let names: Vec<String> = rows.next().unwrap_or_default().iter().map(named).collect();
    let height = cells.height().saturating_sub(1);
    let wanted = names.iter().enumerate().filter(|(_, name)| !request.options.is_ignored(name));
    let columns = wanted.map(|(at, name)| column(name, rows.clone().map(move |row| &row[at]), height, nulls));
    let columns = columns.collect();
    Ok(Content { names, columns, rows: height, delimiter: None })
}

type Book<'a> = Sheets<Cursor<&'a [u8]>>;

fn open(format: Signature, content: &[u8]) -> Result<Book<'_>, calamine::Error> {
    let bytes = || Cursor::new(content);
    match format {
        Signature::OldExcel => match calamine::Xls::new(bytes()) {
            Ok(book) => Ok(Sheets::Xls(book)),
            // A new workbook that a password protects stands in a container of the old kind, and only its own reader says so.
            Err(error) => match calamine::Xlsx::new(bytes()) {
                Err(protected @ calamine::XlsxError::Password) => Err(protected.into()),
                _ => Err(error.into()),
            },
        },
        Signature::OpenDocument => Ok(Sheets::Ods(calamine::Ods::new(bytes())?)),
        _ if memchr::memmem::find(content, b"xl/workbook.bin").is_some() => {
            Ok(Sheets::Xlsb(calamine::Xlsb::new(bytes())?))
        }
        _ => Ok(Sheets::Xlsx(calamine::Xlsx::new(bytes())?)),
    }
}

/// The sheet that is asked for; else the only one that holds anything and is shown.
fn sheet(
    request: Request<'_>,
    book: &mut Book<'_>,
    corrupt: impl Fn(calamine::Error) -> Refused,
) -> Result<(String, Range<Data>), Refused> {
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let (shown, hidden): (Vec<_>, Vec<_>) = sheets.cloned().partition(|sheet| sheet.visible == SheetVisible::Visible);
    let listed =
        |names: &[String]| names.iter().map(|name| format!("`{}`", visible(name))).collect::<Vec<_>>().join(", ");
    if let Some(asked) = &request.options.sheet {
        let all = shown.iter().chain(&hidden).map(|sheet| sheet.name.clone());
        if let Some(name) = all.clone().find(|name| name == asked) {
            return book.worksheet_range(&name).map(|cells| (name, cells)).map_err(corrupt);
        }
        let names: Vec<String> = all.collect();
        let meant = did_you_mean(nearest(asked, names.iter().map(String::as_str)).as_deref());
        let asked = visible(asked);
        return Err(Refused::Sheet(format!("has no sheet `{asked}`, but {}{meant}", listed(&names))));
    }
    let mut filled = Vec::new();
    for sheet in &shown {
        let cells = book.worksheet_range(&sheet.name).map_err(&corrupt)?;
        if !cells.is_empty() {
            filled.push((sheet.name.clone(), cells));
        }
    }
    match filled.len() {
        0 => Ok((String::new(), Range::empty())),
        1 => Ok(filled.swap_remove(0)),
        _ => {
            let names: Vec<String> = filled.into_iter().map(|(name, _)| name).collect();
            Err(Refused::Sheet(format!("has several sheets: {}; say which one with --sheet", listed(&names))))
        }
    }
}

/// A remark on a sheet that is asked for where no table is a workbook.
pub(super) fn sheet_of_none(
    options: &ReadOptions,
    mut formats: impl Iterator<Item = &'static str>,
) -> Option<InputWarning> {
    let unused = options.sheet.is_some() && !formats.any(|format| matches!(format, "xlsx" | "xls" | "ods"));
    let message = "a sheet is asked for, but no table is a workbook: it chose nothing";
    unused.then(|| InputWarning::new("sheet_unused", message.to_owned()))
}

/// Refuses formulas that no program has computed: their cells look empty.
fn never_computed(cells: &Range<Data>, formulas: &Range<String>) -> Result<(), Refused> {
    let (height, width) = cells.get_size();
    let Some((top, left)) = cells.start() else { return Ok(()) };
    let value = |row: usize, at: usize| cells.get((row, at)).unwrap_or(&Data::Empty);
    for at in 0..width {
        let is_formula = |row: &usize| {
            let place = (top + *row as u32, left + at as u32);
            formulas.get_value(place).is_some_and(|formula| !formula.is_empty())
        };
        let mut computed = (1..height).filter(is_formula).peekable();
        if computed.peek().is_some() && computed.all(|row| *value(row, at) == Data::Empty) {
            let column = at + 1;
            return Err(Refused::Sheet(format!(
                "holds formulas in column {column} whose values were never computed; open it in a spreadsheet program and save it"
            )));
        }
    }
    Ok(())
}

/// What the cells of a column are told apart by.
#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Text(&'a str),
    Number(u64),
    Time(u64, bool),
    Truth(bool),
    Error,
}

fn column<'a>(name: &str, cells: impl Iterator<Item = &'a Data>, rows: usize, nulls: Nulls<'_>) -> TokenColumn {
    let mut encoder = Encoder::new(name, rows);
    for cell in cells {
        let key = match cell {
            Data::Empty => {
                encoder.missing();
                continue;
            }
            Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Key::Text(text),
            Data::Int(value) => Key::Number((*value as f64).to_bits()),
            Data::Float(value) => Key::Number(value.to_bits()),
            Data::Bool(value) => Key::Truth(*value),
            Data::DateTime(time) => Key::Time(time.as_f64().to_bits(), time.is_duration()),
            Data::Error(_) => Key::Error,
        };
        encoder.value(key, |_| token(cell, nulls));
    }
    encoder.finish()
}

/// The value of a cell.
fn token(cell: &Data, nulls: Nulls<'_>) -> Token {
    match cell {
        Data::Empty => Token::Missing,
        Data::String(text) | Data::DateTimeIso(text) => written(text, nulls),
        Data::DurationIso(text) => clock_of(text).map_or_else(|| written(text, nulls), |clock| written(&clock, nulls)),
        Data::Int(value) => number_token(*value as f64, nulls),
        Data::Float(value) => number_token(*value, nulls),
        Data::Bool(value) => written(if *value { "true" } else { "false" }, nulls),
        Data::DateTime(time) => of_time(time, nulls),
        // A value that could not be computed, as a number that is none.
        Data::Error(_) => Token::NotFinite,
    }
}

fn written(text: &str, nulls: Nulls<'_>) -> Token {
    let text = text.trim();
    if nulls.has(text) { Token::Missing } else { Token::Text(text.into()) }
}

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// A date, a date with a time, a time of the day, or seconds.
fn of_time(time: &ExcelDateTime, nulls: Nulls<'_>) -> Token {
    if time.is_duration() {
        return number_token((time.as_f64() * DAY * 1000.0).round() / 1000.0, nulls);
    }
    let (year, month, day, hour, minute, second, millisecond) = time.to_ymd_hms_milli();
    if (0.0..1.0).contains(&time.as_f64()) {
        return written(&format!("{hour:02}:{minute:02}:{second:02}"), nulls);
    }
    let Some(days) = time::days_from_civil(year.into(), month.into(), day.into()) else { return Token::NotFinite };
    let seconds =
        f64::from(hour) * 3600.0 + f64::from(minute) * 60.0 + f64::from(second) + f64::from(millisecond) / 1000.0;
    match seconds {
        0.0 => Token::Day(days),
        _ => Token::Second(days * DAY + seconds),
    }
}

/// `PT08H05M00S` as `08:05:00`, where it is less than a day.
fn clock_of(text: &str) -> Option<String> {
    let (hours, rest) = text.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?.split(['.', ',']).next()?;
    let [hours, minutes, seconds] = [hours, minutes, seconds].map(|part| part.parse::<u32>().ok());
    let (hours, minutes, seconds) = (hours?, minutes?, seconds?);
    (hours < 24).then(|| format!("{hours:02}:{minutes:02}:{seconds:02}"))
}

/// Integers from here on are rounded by spreadsheet programs, which keep fifteen digits.
const ROUNDED: f64 = 1e15;

/// What there is to say about the columns of a workbook.
pub(super) fn remarks(content: &Content, role: &str) -> Vec<InputWarning> {
    let mut warnings = Vec::new();
    for column in &content.columns {
        let rows_of = |is: &dyn Fn(&Token) -> bool| -> usize {
            column
                .tokens
                .iter()
                .zip(&column.counts)
                .filter(|(token, _)| is(token))
                .map(|(_, rows)| *rows as usize)
                .sum()
        };
        let numbers = rows_of(&|token| matches!(token, Token::Number(_)));
        let as_text = rows_of(&|token| matches!(token, Token::Text(text) if number::read(text).is_some()));
        let rounded = rows_of(&|token| matches!(token, Token::Number(value) if value.abs() >= ROUNDED));
        let total = column.codes.len() - column.counts[0] as usize;
        let name = &column.name;
        let mut warn = |code, count: usize, message: String| {
            warnings.push(InputWarning::new(code, message).table(role).column(name).count(count, total));
        };
        if numbers > 0 && as_text > 0 {
            warn(
                "numbers_as_text",
                as_text,
                format!(
                    "{role}: `{name}` holds {as_text} numbers that are stored as text beside {numbers} that are stored as numbers; they are read alike"
                ),
            );
        }
        if rounded > 0 {
            warn(
                "digits_lost",
                rounded,
                format!(
                    "{role}: `{name}` holds {rounded} numbers of more than 15 digits, of which a spreadsheet program keeps no more; if they are identifiers, store them as text"
                ),
            );
        }
    }
    warnings
}
