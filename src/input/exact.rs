//! Tokens to exact cells of a kind.

use super::form::Form;
use super::looks::is_boolean;
use super::missing::Words;
use super::tokens::Token;
use super::{dates, number, time};
use reident_attacks::table::{Cell, Kind};
use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// How the values of one column of one table are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reader {
    pub(super) kind: Kind,
    /// Whether the configuration says so: then more forms are accepted, since they cannot mean anything else.
    pub(super) fixed: bool,
    /// How the table writes numbers and dates.
    pub(super) form: Form,
    /// The words that mean "missing" in the column.
    pub(super) words: Words,
    /// Digits of every number of the original and the control, if they all have as many.
    pub(super) width: Option<usize>,
}

impl Reader {
    /// A reader of what programs write.
    pub(super) fn new(kind: Kind, fixed: bool) -> Reader {
        Reader { kind, fixed, form: Form::default(), words: Words::ALL, width: None }
    }
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
        let missing = Exact { cell: Cell::Missing, not_finite: false };
        if self.kind.is_numeric() {
            let Some(value) = self.number(token) else {
                return self.is_missing(token).then_some(missing);
            };
            let cell = if value.is_finite() { Cell::Number(value + 0.0) } else { Cell::Missing };
            return Some(Exact { cell, not_finite: !value.is_finite() });
        }
        if self.is_missing(token) {
            return Some(missing);
        }
        let text = self.category(token)?;
        Some(Exact { cell: Cell::Category(text), not_finite: false })
    }

    /// Whether a token is a word that means "missing", or nothing but white space.
    pub(super) fn is_missing(self, token: &Token) -> bool {
        matches!(token, Token::Text(text) if self.words.has(text.trim()) || text.trim().is_empty())
    }

    /// The number of a token in the unit of the kind; NaN or infinite where it has no finite value.
    fn number(self, token: &Token) -> Option<f64> {
        match (self.kind, token) {
            (Kind::Numeric, Token::Number(value)) => Some(*value),
            (Kind::Numeric, Token::Text(text)) => number::local(text.trim(), self.form.decimal),
            (Kind::Date, Token::Number(value)) => self.date(&number::text_of(*value)),
            (Kind::Date, Token::Text(text)) => self.date(text.trim()),
            (Kind::Date, Token::Day(day)) | (Kind::DateTime, Token::Second(day)) => Some(*day),
            (Kind::Date, Token::Second(second)) => Some((second / time::DAY).floor()),
            (Kind::DateTime, Token::Day(day)) => Some(day * time::DAY),
            (Kind::DateTime, Token::Text(text)) => self.datetime(text.trim()),
            _ => None,
        }
    }

    /// Days since 1970 of a date, of eight digits too: in a column of dates they cannot mean anything else.
    pub(super) fn date(self, text: &str) -> Option<f64> {
        let of_datetime = || self.second(text).map(|seconds| (seconds / time::DAY).floor());
        self.day(text).or_else(of_datetime)
    }

    fn datetime(self, text: &str) -> Option<f64> {
        let of_date = || self.day(text).map(|days| days * time::DAY);
        self.second(text).or_else(of_date).or_else(|| time::time_of_day(text))
    }

    /// Days since 1970 of a date without a time.
    pub(super) fn day(self, text: &str) -> Option<f64> {
        time::date(text).or_else(|| time::compact_date(text)).or_else(|| dates::date(text, self.form))
    }

    /// Seconds since 1970 of a date with a time.
    pub(super) fn second(self, text: &str) -> Option<f64> {
        time::datetime(text).or_else(|| dates::datetime(text, self.form))
    }

    fn category(self, token: &Token) -> Option<String> {
        let text = text_of(token)?;
        if self.kind != Kind::Boolean {
            return Some(as_category(&text).into_owned());
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

/// A text as a category: without white space around it, composed (Unicode NFC), and where it is a number the shortest text of
/// the number, so that `1.0` is `1`.
pub(super) fn as_category(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.bytes().next().is_some_and(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.'))
        && let Some(reading) = number::read(text)
    {
        let is_number = reading.value.is_finite() && !reading.leading_zeros && !reading.too_long;
        return if is_number { Cow::Owned(number::text_of(reading.value)) } else { Cow::Borrowed(text) };
    }
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// The text of a token that has one.
pub(super) fn text_of(token: &Token) -> Option<Cow<'_, str>> {
    match token {
        Token::Missing | Token::NotFinite => None,
        Token::Text(text) => Some(Cow::Borrowed(text.trim())),
        Token::Number(value) => Some(Cow::Owned(number::text_of(*value))),
        Token::Day(day) => Some(Cow::Owned(time::date_text(*day))),
        Token::Second(second) => Some(Cow::Owned(time::datetime_text(*second))),
    }
}
