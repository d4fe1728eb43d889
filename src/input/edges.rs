//! Rows at the ends of a file that are no persons: units or a second header above them, totals and notes below.
//!
//! Such a row would be attacked as a person. What shows it is that it holds words, which stand nowhere else, in columns of numbers and
//! dates. A release may leave numbers out of any row, and so one such cell alone is no sign.

use super::InputError;
use super::file::Request;
use super::looks::Looks;
use super::missing::Words;
use super::tokens::{Token, TokenColumn};

/// Values of a column that are looked at to tell what it holds.
const LOOKED_AT: usize = 200;

/// Rows at the end that may be totals and notes.
const LAST: usize = 3;

/// Words with which a row of totals or a note begins.
const BEGINNINGS: [&str; 21] = [
    "total",
    "totals",
    "sum",
    "average",
    "mean",
    "median",
    "source",
    "note",
    "notes",
    "summe",
    "gesamt",
    "mittelwert",
    "quelle",
    "somme",
    "moyenne",
    "合计",
    "总计",
    "小计",
    "平均",
    "平均值",
    "来源",
];

/// Refuses a table whose first or last rows are no persons. `row_in_file` gives the number of a row among the data rows, from 1.
pub(super) fn check(
    request: Request<'_>,
    columns: &[TokenColumn],
    row_in_file: impl Fn(usize) -> usize,
) -> Result<(), InputError> {
    let Some(rows) = columns.first().map(|column| column.codes.len()) else { return Ok(()) };
    let refuse =
        |row: usize, what| Err(InputError::NoPerson { path: request.path.to_owned(), row: row_in_file(row), what });
    if rows < 4 {
        return Ok(());
    }
    let is_odd = |column: &TokenColumn, row: usize| {
        let code = column.codes[row] as usize;
        column.counts[code] == 1
            && matches!(&column.tokens[code], Token::Text(text) if is_word(text, request))
            && holds_numbers(column, code)
    };
    let odd = |row: usize| columns.iter().filter(|column| is_odd(column, row)).count();
    let units = odd(0);
    if units > 1 {
        let others = columns.iter().filter(|column| !is_odd(column, 0) && holds_numbers(column, 0)).count();
        if units > others {
            return refuse(0, "a row of units or a second line of names");
        }
    }
    let empty = |row: usize| columns.iter().filter(|column| column.codes[row] == 0).count();
    let missing: usize = columns.iter().map(|column| column.counts[0] as usize).sum();
    let is_full = 4 * missing < columns.len() * rows;
    let is_rest = |row: &usize| {
        let code = |column: &&TokenColumn| column.codes[*row] as usize;
        let first = columns.iter().find(|column| code(column) != 0);
        let is_titled = first.is_some_and(|column| {
            column.counts[code(&column)] == 1
                && matches!(&column.tokens[code(&column)], Token::Text(text) if begins(text))
        });
        let (empty, odd) = (empty(*row), odd(*row));
        is_titled && empty + odd > 0 || 2 * empty >= columns.len() && odd > 0
    };
    match (rows - LAST..rows).find(is_rest).filter(|_| is_full) {
        Some(row) => refuse(row, "a row of totals or a note"),
        None => Ok(()),
    }
}

fn begins(text: &str) -> bool {
    let lower = text.to_lowercase();
    let word = lower.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    lower.starts_with('#') || BEGINNINGS.contains(&word)
}

/// Whether a text is letters without a digit, and no word for "missing" or "suppressed".
fn is_word(text: &str, request: Request<'_>) -> bool {
    text.chars().any(char::is_alphabetic)
        && !text.chars().any(|c| c.is_numeric())
        && Words::of(text).is_empty()
        && !request.options.is_suppressed(text)
}

/// Whether most of a column's values but one are numbers, dates or times.
fn holds_numbers(column: &TokenColumn, except: usize) -> bool {
    let sample = column.tokens.iter().enumerate().skip(1).filter(|(code, _)| *code != except).take(LOOKED_AT);
    let tokens: Vec<Token> = sample.map(|(_, token)| token.clone()).collect();
    let sample = TokenColumn { name: String::new(), counts: vec![1; tokens.len()], tokens, codes: Vec::new() };
    let (numbers, dates) = Looks::of(&sample).mostly();
    !sample.tokens.is_empty() && (numbers || dates)
}
