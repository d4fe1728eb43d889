//! A column as it stands in one file: the values that occur and a code per row.

use super::texts::TextEncoder;
use compact_str::CompactString;
use foldhash::fast::FixedState;
use reident_attacks::table::count_codes;
use std::collections::HashMap;
use std::hash::Hash;

/// One value, before the kind of its column is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// No value: an empty field, a null, or a text that is configured to mean one.
    Missing,
    /// Text, without white space around it; never empty.
    Text(CompactString),
    /// A number of a typed file.
    Number(f64),
    /// NaN, infinite, or beyond 1e300, in a typed file.
    NotFinite,
    /// Days since 1970-01-01, in a typed file.
    Day(f64),
    /// Seconds since 1970-01-01T00:00:00, in a typed file.
    Second(f64),
}

/// Tokens that one task looks at.
pub(super) const CHUNK: usize = 4096;

/// A column of one file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TokenColumn {
    pub(super) name: String,
    /// Values that occur, after the missing value, which is always the first. A file that was read in parts may have a
    /// value once per part: whoever joins tables brings equal values together anyway.
    pub(super) tokens: Vec<Token>,
    /// Rows of each token.
    pub(super) counts: Vec<u32>,
    /// Token of each row.
    pub(super) codes: Vec<u32>,
}

impl TokenColumn {
    /// A column without rows, which has room for so many.
    pub(super) fn new(name: &str, rows: usize) -> TokenColumn {
        TokenColumn {
            name: name.to_owned(),
            tokens: vec![Token::Missing],
            counts: vec![0],
            codes: Vec::with_capacity(rows),
        }
    }

    /// Adds a value that no row has yet, and returns its code.
    pub(super) fn add_token(&mut self, token: Token) -> u32 {
        self.tokens.push(token);
        self.counts.push(0);
        self.tokens.len() as u32 - 1
    }

    /// Adds a row with a value.
    pub(super) fn add_row(&mut self, code: u32) {
        self.counts[code as usize] += 1;
        self.codes.push(code);
    }

    /// Counts the rows of each token anew.
    pub(super) fn count_rows(&mut self) {
        self.counts = count_codes(&self.codes, self.tokens.len());
    }

    /// Adds the rows of another part, after those so far.
    pub(super) fn append(&mut self, part: TokenColumn) {
        let offset = self.tokens.len() as u32 - 1;
        self.counts[0] += part.counts[0];
        self.counts.extend_from_slice(&part.counts[1..]);
        self.tokens.extend(part.tokens.into_iter().skip(1));
        self.codes.extend(part.codes.iter().map(|code| if *code == 0 { 0 } else { code + offset }));
    }

    /// Adds missing values up to a number of rows.
    pub(super) fn add_missing(&mut self, rows: usize) {
        self.counts[0] += (rows - self.codes.len()) as u32;
        self.codes.resize(rows, 0);
    }

    /// Takes rows out, which are given in their order.
    pub(super) fn remove_rows(&mut self, rows: &[u32]) {
        let mut removed = rows.iter().peekable();
        let mut row = 0;
        self.codes.retain(|code| {
            let is_removed = removed.next_if(|next| **next == row).is_some();
            row += 1;
            if is_removed {
                self.counts[*code as usize] -= 1;
            }
            !is_removed
        });
        self.forget_unused();
    }

    /// Drops the tokens that no row has any more.
    fn forget_unused(&mut self) {
        let is_used = |at: usize, rows: u32| at == 0 || rows > 0;
        let mut next = 0;
        let moved: Vec<u32> = self
            .counts
            .iter()
            .enumerate()
            .map(|(at, rows)| {
                next += u32::from(is_used(at, *rows));
                next - 1
            })
            .collect();
        let mut used =
            self.counts.iter().enumerate().map(|(at, rows)| is_used(at, *rows)).collect::<Vec<_>>().into_iter();
        self.tokens.retain(|_| used.next().unwrap_or(true));
        let mut at = 0;
        self.counts.retain(|rows| {
            at += 1;
            is_used(at - 1, *rows)
        });
        self.codes.iter_mut().for_each(|code| *code = moved[*code as usize]);
    }

    /// The first row (from 0) that holds one of these tokens.
    pub(super) fn first_row(&self, is_wanted: impl Fn(usize) -> bool) -> Option<usize> {
        self.codes.iter().position(|code| is_wanted(*code as usize))
    }
}

/// Texts that mean "missing".
#[derive(Debug, Clone, Copy)]
pub(super) struct Nulls<'a>(pub(super) &'a [String]);

impl Nulls<'_> {
    /// Whether a text without white space around it is one of them; the empty text always is.
    pub(super) fn has(self, text: &str) -> bool {
        text.is_empty() || self.0.iter().any(|null| null.trim_ascii() == text)
    }
}

/// Collects values of any hashable form, row by row.
pub(super) struct Encoder<K> {
    code_of: HashMap<K, u32, FixedState>,
    column: TokenColumn,
}

impl<K: Hash + Eq> Encoder<K> {
    pub(super) fn new(name: &str, rows: usize) -> Encoder<K> {
        Encoder { code_of: HashMap::default(), column: TokenColumn::new(name, rows) }
    }

    /// A row without a value.
    pub(super) fn missing(&mut self) {
        self.column.add_row(0);
    }

    /// A row with a value; its token is asked for once.
    pub(super) fn value(&mut self, key: K, token: impl FnOnce(&K) -> Token) {
        let column = &mut self.column;
        let code = *self.code_of.entry(key).or_insert_with_key(|key| match token(key) {
            Token::Missing => 0,
            token => column.add_token(token),
        });
        column.add_row(code);
    }

    pub(super) fn finish(self) -> TokenColumn {
        self.column
    }
}

/// A column of texts, borrowed from where the parser keeps them.
pub(super) fn encode_texts<'a>(
    name: &str,
    rows: usize,
    values: impl Iterator<Item = Option<&'a str>>,
    nulls: Nulls<'_>,
) -> TokenColumn {
    let mut encoder = TextEncoder::new(name, rows, nulls);
    for value in values {
        match value {
            None => encoder.missing(),
            Some(text) => encoder.add_one(text),
        }
    }
    encoder.finish()
}

/// A column of values that are no text.
pub(super) fn encode_values<K: Hash + Eq>(
    name: &str,
    rows: usize,
    values: impl Iterator<Item = Option<K>>,
    token: impl Fn(&K) -> Token,
) -> TokenColumn {
    let mut encoder = Encoder::new(name, rows);
    for value in values {
        match value {
            None => encoder.missing(),
            Some(key) => encoder.value(key, &token),
        }
    }
    encoder.finish()
}

/// A column of whole numbers. Where they lie near each other, a code for each number between the least and the largest is found at once.
pub(super) fn encode_whole<I: Iterator<Item = Option<i64>>>(
    name: &str,
    rows: usize,
    values: impl Fn() -> I,
    token: impl Fn(&i64) -> Token,
) -> TokenColumn {
    let ends =
        values().flatten().fold((i64::MAX, i64::MIN), |(least, most), value| (least.min(value), most.max(value)));
    let width = ends.1.checked_sub(ends.0).and_then(|width| usize::try_from(width).ok());
    let Some(width) = width.filter(|width| *width < 4 * rows) else {
        return encode_values(name, rows, values(), token);
    };
    let mut column = TokenColumn::new(name, 0);
    let mut code_of = vec![NO_CODE; width + 1];
    let mut codes = Vec::with_capacity(rows);
    values().for_each(|value| {
        let Some(value) = value else { return codes.push(0) };
        let code = &mut code_of[(value - ends.0) as usize];
        if *code == NO_CODE {
            *code = match token(&value) {
                Token::Missing => 0,
                token => column.add_token(token),
            };
        }
        codes.push(*code);
    });
    column.codes = codes;
    column.count_rows();
    column
}

/// The code of a value that was not met yet.
pub(super) const NO_CODE: u32 = u32::MAX;

/// The token of a number: 0 and -0 are one, what is not finite is set apart.
pub(super) fn number_token(value: f64, nulls: Nulls<'_>) -> Token {
    if !value.is_finite() || value.abs() > super::number::LARGEST {
        return Token::NotFinite;
    }
    let is_null = |null: &String| super::number::read(null.trim_ascii()).is_some_and(|n| n.value == value);
    if nulls.0.iter().any(is_null) { Token::Missing } else { Token::Number(value + 0.0) }
}

#[cfg(test)]
mod test {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whole_numbers_get_the_codes_that_a_plain_search_gives(
            values in prop::collection::vec(prop::option::of(prop_oneof![-5i64..5, prop::num::i64::ANY]), 0..40),
            small in prop::collection::vec(prop::option::of(-5i64..60), 0..40),
        ) {
            let token = |value: &i64| if *value == 3 { Token::Missing } else { Token::Number(*value as f64) };
            for values in [&values, &small] {
                let plain = encode_values("x", values.len(), values.iter().copied(), token);
                prop_assert_eq!(encode_whole("x", values.len(), || values.iter().copied(), token), plain);
            }
        }
    }
}
