//! Tokens to exact cells of a kind.

use super::kinds::is_boolean;
use super::tokens::Token;
use super::{number, time};
use reident_attacks::table::{Cell, Kind};
use std::borrow::Cow;

/// How the values of one column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reader {
    pub(super) kind: Kind,
    /// Whether the configuration says so: then more forms are accepted, since they cannot mean anything else.
    pub(super) fixed: bool,
}

/// An exact cell, and whether it is missing because the number was NaN or infinite.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Exact {
    pub(super) cell: Cell,
    pub(super) not_finite: bool,
}

impl Reader {
    /// The cell of a token; `None` when it is no value of the kind.
    pub(super) fn exact(self, token: &Token) -> Option<Exact> {
        if let Token::Missing | Token::NotFinite = token {
            return Some(Exact { cell: Cell::Missing, not_finite: *token == Token::NotFinite });
        }
        if self.kind.is_numeric() {
            let value = self.number(token)?;
            let cell = if value.is_finite() { Cell::Number(value + 0.0) } else { Cell::Missing };
            return Some(Exact { cell, not_finite: !value.is_finite() });
        }
        let text = self.category(token)?;
        Some(Exact { cell: Cell::Category(text), not_finite: false })
    }

    /// The number of a token in the unit of the kind; NaN or infinite where it has no finite value.
    fn number(self, token: &Token) -> Option<f64> {
        match (self.kind, token) {
            (Kind::Numeric, Token::Number(value)) => Some(*value),
            (Kind::Numeric, Token::Text(text)) => number::read(text).map(|reading| reading.value),
            (Kind::Date, Token::Number(value)) => self.date(&number::text_of(*value)),
            (Kind::Date, Token::Text(text)) => self.date(text),
            (Kind::Date, Token::Day(day)) | (Kind::DateTime, Token::Second(day)) => Some(*day),
            (Kind::Date, Token::Second(second)) => Some((second / time::DAY).floor()),
            (Kind::DateTime, Token::Day(day)) => Some(day * time::DAY),
            (Kind::DateTime, Token::Text(text)) => self.datetime(text),
            _ => None,
        }
    }

    fn date(self, text: &str) -> Option<f64> {
        let compact = || time::compact_date(text).filter(|_| self.fixed);
        let of_datetime = || time::datetime(text).map(|seconds| (seconds / time::DAY).floor());
        time::date(text).or_else(compact).or_else(of_datetime)
    }

    fn datetime(self, text: &str) -> Option<f64> {
        let of_date = || time::date(text).map(|days| days * time::DAY);
        time::datetime(text).or_else(of_date).or_else(|| time::time_of_day(text))
    }

    fn category(self, token: &Token) -> Option<String> {
        let text = text_of(token)?;
        if self.kind != Kind::Boolean {
            return Some(text.into_owned());
        }
        if is_boolean(&text) {
            return Some(text.to_ascii_lowercase());
        }
        let truth = match text.to_ascii_lowercase().as_str() {
            "1" | "t" | "y" | "yes" | "是" => true,
            "0" | "f" | "n" | "no" | "否" => false,
            _ => return None,
        };
        self.fixed.then(|| truth.to_string())
    }
}

/// The text of a token that has one.
pub(super) fn text_of(token: &Token) -> Option<Cow<'_, str>> {
    match token {
        Token::Missing | Token::NotFinite => None,
        Token::Text(text) => Some(Cow::Borrowed(text)),
        Token::Number(value) => Some(Cow::Owned(number::text_of(*value))),
        Token::Day(day) => Some(Cow::Owned(time::date_text(*day))),
        Token::Second(second) => Some(Cow::Owned(time::datetime_text(*second))),
    }
}
