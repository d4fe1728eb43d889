//! The kind of a column, from the values that occur.

use super::tokens::{CHUNK, Token, TokenColumn};
use super::{InputWarning, number, time};
use rayon::prelude::*;
use reident_attacks::table::Kind;
use std::ops::Add;

/// Rows by what their value looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Looks {
    numbers: usize,
    /// Texts such as `nan`: numbers that are missing if the rest are numbers, else ordinary texts.
    not_finite: usize,
    /// Digits that begin with zeros: codes, not numbers.
    codes: usize,
    /// Integers with more digits than a number holds: identifiers.
    too_long: usize,
    booleans: usize,
    days: usize,
    seconds: usize,
    times: usize,
    texts: usize,
}

impl Looks {
    /// Looks at every token of a column.
    pub(super) fn of(column: &TokenColumn) -> Looks {
        let parts = column.tokens.par_chunks(CHUNK).zip(column.counts.par_chunks(CHUNK)).map(|(tokens, counts)| {
            let mut looks = Looks::default();
            for (token, count) in tokens.iter().zip(counts) {
                looks.count(token, *count as usize);
            }
            looks
        });
        parts.reduce(Looks::default, Looks::add)
    }

    fn count(&mut self, token: &Token, rows: usize) {
        let slot = match token {
            Token::Missing => return,
            Token::Number(_) => &mut self.numbers,
            Token::NotFinite => return,
            Token::Day(_) => &mut self.days,
            Token::Second(_) => &mut self.seconds,
            Token::Text(text) => match number::read(text) {
                Some(reading) if reading.too_long => &mut self.too_long,
                Some(reading) if reading.leading_zeros => &mut self.codes,
                Some(reading) if !reading.value.is_finite() => &mut self.not_finite,
                Some(_) => &mut self.numbers,
                None if is_boolean(text) => &mut self.booleans,
                None if time::date(text).is_some() => &mut self.days,
                None if time::datetime(text).is_some() => &mut self.seconds,
                None if time::time_of_day(text).is_some() => &mut self.times,
                None => &mut self.texts,
            },
        };
        *slot += rows;
    }

    fn total(&self) -> usize {
        let words = self.booleans + self.texts + self.not_finite;
        self.numbers + self.codes + self.too_long + self.days + self.seconds + self.times + words
    }

    /// Whether there is no value at all.
    pub(super) fn is_empty(&self) -> bool {
        self.total() == 0
    }

    /// Whether any value is a day without a time.
    pub(super) fn has_days(&self) -> bool {
        self.days > 0
    }

    /// The kind that all these values have, categorical if they have none in common.
    pub(super) fn kind(&self) -> Kind {
        let total = self.total();
        if self.numbers > 0 && self.numbers + self.not_finite == total {
            Kind::Numeric
        } else if total > 0 && self.booleans == total {
            Kind::Boolean
        } else if self.days > 0 && self.days == total {
            Kind::Date
        } else if total > 0 && (self.days + self.seconds == total || self.times == total) {
            Kind::DateTime
        } else {
            Kind::Categorical
        }
    }

    /// Why a column is categorical although many of its values look like numbers or dates.
    pub(super) fn warnings(&self, column: &str) -> Vec<InputWarning> {
        if self.kind() != Kind::Categorical {
            return Vec::new();
        }
        let total = self.total();
        let share = |count: usize| format!("{count} of {total} values ({:.1} %)", 100.0 * count as f64 / total as f64);
        let digits = self.numbers + self.codes + self.too_long;
        let warn = |name, count: usize, what: String| {
            let message = format!("`{column}` is categorical: {} {what}", share(count));
            vec![InputWarning::new(name, message).column(column).count(count, total)]
        };
        if self.too_long > 0 && digits == total {
            let what = "are integers with more digits than a number holds, so they are taken for identifiers";
            warn("long_integers", self.too_long, what.to_owned())
        } else if self.codes > 0 && digits == total {
            warn("leading_zeros", self.codes, "begin with a zero, so they are taken for codes".to_owned())
        } else if self.numbers > 0 {
            let what = "are numbers, the others are not; list those as null if the column is meant to be numeric";
            warn("mixed_column", self.numbers, what.to_owned())
        } else if self.days + self.seconds + self.times > 0 {
            let what = "are dates or times, the others are not; list those as null if the column is meant to be one";
            warn("mixed_column", self.days + self.seconds + self.times, what.to_owned())
        } else {
            Vec::new()
        }
    }
}

impl Add for Looks {
    type Output = Looks;

    fn add(self, other: Looks) -> Looks {
        Looks {
            numbers: self.numbers + other.numbers,
            not_finite: self.not_finite + other.not_finite,
            codes: self.codes + other.codes,
            too_long: self.too_long + other.too_long,
            booleans: self.booleans + other.booleans,
            days: self.days + other.days,
            seconds: self.seconds + other.seconds,
            times: self.times + other.times,
            texts: self.texts + other.texts,
        }
    }
}

/// `true` or `false` in any case.
pub(super) fn is_boolean(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}
