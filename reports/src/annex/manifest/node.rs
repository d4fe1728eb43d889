//! The manifest's file as a tree that knows the lines of its keys.

use super::super::calendar::Date;
use super::fault::{Code, Fault};
use crate::visible::visible;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value and the line on which its key stands.
#[derive(Debug, Clone)]
pub struct Node {
    /// Line, from 1.
    pub line: usize,
    /// The value.
    pub value: Value,
}

/// A value of the file.
#[derive(Debug, Clone)]
pub enum Value {
    /// Text.
    Text(String),
    /// An integer.
    Whole(i128),
    /// A number with a fraction.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Day(Date),
    /// A time, or a day that does not exist.
    Other(&'static str),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(BTreeMap<String, Node>),
}

impl Value {
    /// What it is, in words.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "a text",
            Value::Whole(_) => "an integer",
            Value::Number(_) => "a number with a fraction",
            Value::Bool(_) => "a boolean",
            Value::Day(_) => "a day",
            Value::Other(kind) => kind,
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

/// Reads the file's text.
///
/// # Errors
/// When it is not TOML: every place at which it is not.
pub fn parse(text: &str) -> Result<BTreeMap<String, Node>, Vec<Fault>> {
    let lines = Lines::of(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(table_of(&lines, table.get_ref()));
    }
    // The library quotes the file in its messages; what it says in its own words is enough with the line.
    let fault = |error: &toml::de::Error| {
        let line = error.span().map_or(1, |span| lines.line(span.start));
        let said = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
        Fault::new(Code::E1, line, "", format!("the file is not TOML: {}", visible(&said)))
    };
    let mut faults: Vec<Fault> = errors.iter().map(fault).collect();
    faults.sort();
    faults.dedup();
    Err(faults)
}

struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Lines {
        Lines(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect())
    }

    fn line(&self, at: usize) -> usize {
        1 + self.0.partition_point(|end| *end < at)
    }
}

fn table_of(lines: &Lines, table: &DeTable<'_>) -> BTreeMap<String, Node> {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        (name.clone().into_owned(), node(lines, lines.line(key.span().start), value))
    };
    table.iter().map(entry).collect()
}

fn node(lines: &Lines, line: usize, value: &Spanned<DeValue<'_>>) -> Node {
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => match i128::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::Whole(number),
            Err(_) => Value::Other("an integer that is too large"),
        },
        DeValue::Float(number) => match number.as_str().parse::<f64>() {
            Ok(number) if number.is_finite() => Value::Number(number),
            _ => Value::Other("no finite number"),
        },
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(found) => match (found.date, found.time, found.offset) {
            (Some(date), None, None) => {
                match Date::from_ymd_opt(date.year.into(), date.month.into(), date.day.into()) {
                    Some(date) => Value::Day(date),
                    None => Value::Other("a day that does not exist"),
                }
            }
            _ => Value::Other("a time"),
        },
        DeValue::Array(values) => {
            Value::List(values.iter().map(|value| node(lines, lines.line(value.span().start), value)).collect())
        }
        DeValue::Table(table) => Value::Table(table_of(lines, table)),
    };
    Node { line, value }
}
