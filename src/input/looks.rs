//! What the values of a column look like, before its kind and its local form are known.

use super::form::{DayOrder, Decimal, Fit, Fits, Form, Sign};
use super::kinds::Shape;
use super::missing::{Words, is_two_letters};
use super::tokens::{CHUNK, Token, TokenColumn};
use super::{dates, number, time};
use rayon::prelude::*;
use std::ops::Add;

/// Distinct numbers from which on integers beside numbers with three digits after one separator show that it groups thousands:
/// among so many decimals some would be shorter.
const GROUPED_FROM: usize = 30;

/// What a value can look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// A number, in the form of its table.
    Number,
    /// Of the numbers: integers of four digits and more, and those of fewer.
    Long,
    Short,
    /// Of the numbers, distinct ones: a point, or a comma, before three digits at their end, as in `1.234`.
    OpenPoint,
    OpenComma,
    /// Of the numbers: not written as programs write them.
    Spelled,
    /// Of the numbers: eight digits that are a day, and how many distinct ones.
    Compact,
    CompactDistinct,
    /// Digits and nothing else, numbers or not, and how many distinct ones.
    Digits,
    DigitsDistinct,
    /// A text such as `nan`: a number that is missing if the rest are numbers, else an ordinary text.
    NotFinite,
    /// Digits that begin with zeros: a code, not a number.
    Code,
    /// An integer with more digits than a number holds: an identifier.
    TooLong,
    Boolean,
    /// A day, and a day with a time, in the form of its table; of the latter, those at midnight.
    Day,
    Second,
    Midnight,
    /// Of the days, with a time or without: a year of two digits; not written as programs write them.
    ShortYear,
    ForeignDate,
    Time,
    /// Anything else; of it, two capital letters.
    Text,
    TwoLetters,
    /// A word that may mean "missing"; it counts as no value.
    Word,
}

/// How many looks there are.
const LOOKS: usize = Look::Word as usize + 1;

/// Rows (of what is distinct: values) by what they look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counts([usize; LOOKS]);

impl Default for Counts {
    fn default() -> Counts {
        Counts([0; LOOKS])
    }
}

impl Counts {
    pub(super) fn of(&self, look: Look) -> usize {
        self.0[look as usize]
    }

    fn count(&mut self, look: Look, rows: usize) {
        self.0[look as usize] += rows;
    }
}

impl Add for Counts {
    type Output = Counts;

    fn add(self, other: Counts) -> Counts {
        Counts(std::array::from_fn(|at| self.0[at] + other.0[at]))
    }
}

/// What the values of a column of one table look like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Looks {
    counts: Counts,
    /// Numbers by decimal sign.
    numbers: Fits,
    /// Days, and days with a time, by what comes first.
    days: Fits,
    seconds: Fits,
    /// Fewest and most digits of what is digits and nothing else.
    width: Option<(u8, u8)>,
    /// Words that may mean "missing".
    pub(super) words: Words,
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
        match token {
            Token::Missing | Token::NotFinite => {}
            Token::Number(value) => {
                self.numbers.count(Fit::Any, rows);
                if value.fract() == 0.0 && (0.0..1e15).contains(value) {
                    self.whole(*value as u64, rows);
                }
            }
            Token::Day(_) => self.days.count(Fit::Any, rows),
            Token::Second(second) => self.second(Fit::Any, *second, rows),
            Token::Text(text) => self.text(text.trim(), rows),
        }
    }

    fn text(&mut self, text: &str, rows: usize) {
        let word = Words::of(text);
        if !word.is_empty() {
            self.words = self.words.and(word);
            self.counts.count(Look::Word, rows);
        } else if let Some(reading) = number::read(text) {
            if reading.too_long || reading.leading_zeros {
                self.counts.count(if reading.too_long { Look::TooLong } else { Look::Code }, rows);
                self.digits(text, rows);
            } else if !reading.value.is_finite() {
                self.counts.count(Look::NotFinite, rows);
            } else {
                self.numbers.count(reading.fit, rows);
                self.counts.count(Look::OpenPoint, usize::from(reading.fit == Fit::Either));
                if reading.fit == Fit::Any {
                    self.plain(text, rows);
                }
            }
        } else if is_boolean(text) {
            self.counts.count(Look::Boolean, rows);
        } else if time::date(text).is_some() {
            self.days.count(Fit::Any, rows);
        } else if let Some(second) = time::datetime(text) {
            self.second(Fit::Any, second, rows);
        } else if time::time_of_day(text).is_some() {
            self.counts.count(Look::Time, rows);
        } else {
            self.local(text, rows);
        }
    }

    /// What is written in a local form, or is none of all that.
    fn local(&mut self, text: &str, rows: usize) {
        if let Some(fit) = number::fit(text) {
            self.numbers.count(fit, rows);
            self.counts.count(Look::Spelled, rows);
            self.counts.count(Look::OpenComma, usize::from(fit == Fit::Either));
            return;
        }
        let folded = number::folded(text);
        let Some((reading, time)) = dates::whole(&folded, Form::default().last_year) else {
            self.counts.count(Look::Text, rows);
            self.counts.count(Look::TwoLetters, if is_two_letters(text) { rows } else { 0 });
            return;
        };
        self.counts.count(Look::ForeignDate, rows);
        self.counts.count(Look::ShortYear, if reading.short { rows } else { 0 });
        match (reading.fit(), time) {
            (Some(fit), Some(seconds)) => self.second(fit, seconds, rows),
            (Some(fit), None) => self.days.count(fit, rows),
            (None, _) => {}
        }
    }

    fn second(&mut self, fit: Fit, second: f64, rows: usize) {
        self.seconds.count(fit, rows);
        self.counts.count(Look::Midnight, if second.rem_euclid(time::DAY) == 0.0 { rows } else { 0 });
    }

    /// A number without decimals.
    fn plain(&mut self, text: &str, rows: usize) {
        if time::compact_date(text).is_some() {
            self.counts.count(Look::Compact, rows);
            self.counts.count(Look::CompactDistinct, 1);
        }
        self.counts.count(if text.len() >= 4 { Look::Long } else { Look::Short }, rows);
        self.digits(text, rows);
    }

    /// A number without decimals and sign: what [`plain`](Looks::plain) counts of its text, which only a day of eight digits needs.
    fn whole(&mut self, value: u64, rows: usize) {
        let width = 1 + value.checked_ilog10().unwrap_or(0) as u8;
        if width == 8 && time::compact_date(&value.to_string()).is_some() {
            self.counts.count(Look::Compact, rows);
            self.counts.count(Look::CompactDistinct, 1);
        }
        self.counts.count(if width >= 4 { Look::Long } else { Look::Short }, rows);
        self.of_width(width, rows);
    }

    fn digits(&mut self, text: &str, rows: usize) {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            self.of_width(u8::try_from(text.len()).unwrap_or(u8::MAX), rows);
        }
    }

    /// What is digits and nothing else, so many of them.
    fn of_width(&mut self, width: u8, rows: usize) {
        self.width = wider(self.width, Some((width, width)));
        self.counts.count(Look::Digits, rows);
        self.counts.count(Look::DigitsDistinct, 1);
    }

    /// What the values say about the decimal sign.
    pub(super) fn decimal(&self) -> Sign {
        if let Some(second) = self.numbers.needed() {
            return Sign::Second(second);
        }
        match [Look::OpenPoint, Look::OpenComma].map(|look| self.counts.of(look)) {
            [0, 0] => Sign::Silent,
            [points, commas] if points > 0 && commas > 0 => Sign::Open { harmless: None },
            [points, commas] => {
                let (is_comma, short) = (commas > 0, self.counts.of(Look::Short));
                if self.counts.of(Look::Long) > 0 {
                    // Thousands are not grouped: it separates decimals.
                    Sign::Second(is_comma)
                } else if short > 0 && points + commas >= GROUPED_FROM {
                    Sign::Second(!is_comma)
                } else {
                    Sign::Open { harmless: (short == 0).then_some(is_comma) }
                }
            }
        }
    }

    /// What the values say about the order of day and month.
    pub(super) fn order(&self) -> Sign {
        match (self.days + self.seconds).needed() {
            Some(second) => Sign::Second(second),
            None if (self.days + self.seconds).of(Fit::Either) > 0 => Sign::Open { harmless: None },
            None => Sign::Silent,
        }
    }

    /// Whether most values are numbers, and whether most are days, with a time or without.
    pub(super) fn mostly(&self) -> (bool, bool) {
        let total = self.under(Form::default()).total();
        (2 * self.numbers.total() > total, 2 * (self.days + self.seconds).total() > total)
    }

    /// Whether any value is an ordinary text, perhaps a band.
    pub(super) fn has_texts(&self) -> bool {
        self.counts.of(Look::Text) > 0
    }

    /// Whether any year has two digits, and whether any day is written with a year of four.
    pub(super) fn short_years(&self) -> (bool, bool) {
        let short = self.counts.of(Look::ShortYear);
        (short > 0, (self.days + self.seconds).total() > short)
    }

    /// Whether numbers, and whether dates, are not written as programs write them.
    pub(super) fn are_local(&self) -> (bool, bool) {
        (self.counts.of(Look::Spelled) > 0, self.counts.of(Look::ForeignDate) > 0)
    }

    /// Whether any number is written with a separator that may be a decimal sign.
    pub(super) fn has_separators(&self) -> bool {
        self.numbers.total() > self.numbers.of(Fit::Any)
    }

    /// What there is in the form of the table.
    pub(super) fn under(&self, form: Form) -> Shape {
        let month_first = form.order == DayOrder::MonthFirst;
        let mut counts = self.counts;
        for (look, fits, second) in [
            (Look::Number, self.numbers, form.decimal == Decimal::Comma),
            (Look::Day, self.days, month_first),
            (Look::Second, self.seconds, month_first),
        ] {
            counts.count(look, fits.under(second));
            counts.count(Look::Text, fits.total() - fits.under(second));
        }
        Shape { counts, width: self.width }
    }
}

impl Add for Looks {
    type Output = Looks;

    fn add(self, other: Looks) -> Looks {
        Looks {
            counts: self.counts + other.counts,
            numbers: self.numbers + other.numbers,
            days: self.days + other.days,
            seconds: self.seconds + other.seconds,
            width: wider(self.width, other.width),
            words: self.words.and(other.words),
        }
    }
}

/// The fewest and the most of both.
pub(super) fn wider(one: Option<(u8, u8)>, other: Option<(u8, u8)>) -> Option<(u8, u8)> {
    match (one, other) {
        (Some(one), Some(other)) => Some((one.0.min(other.0), one.1.max(other.1))),
        (one, other) => one.or(other),
    }
}

/// `true` or `false` in any case.
pub(super) fn is_boolean(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

#[cfg(test)]
mod test {
    use super::*;
    use proptest::prelude::*;

    fn looks(count: impl FnOnce(&mut Looks)) -> Looks {
        let mut looks = Looks::default();
        count(&mut looks);
        looks
    }

    proptest! {
        #[test]
        fn whole_numbers_look_like_their_texts(
            value in prop_oneof![0u64..2_000, 0..1_000_000_000_000_000u64, (1900u64..2100, 1u64..14, 0u64..33).prop_map(|(y, m, d)| y * 10_000 + m * 100 + d)],
            rows in 1usize..9,
        ) {
            prop_assert_eq!(looks(|looks| looks.whole(value, rows)), looks(|looks| looks.plain(&value.to_string(), rows)));
        }
    }
}
