//! Key columns as numbers: equal keys, equal numbers.

use super::number;
use super::tokens::{Token, TokenColumn};
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// A key as it is compared: `30` in a text file and 30.0 in a typed one are the same.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Text(String),
    Number(u64),
}

/// Numbers for the keys of some columns, dense and in order of first occurrence.
///
/// A missing key is nobody's: each gets a number of its own, so that it matches nothing.
pub(super) fn number<const N: usize>(columns: [&TokenColumn; N]) -> [Vec<u32>; N] {
    let mut numbers: HashMap<Key, u32, FixedState> = HashMap::default();
    let mut next = 0u32;
    let mut fresh = || {
        next += 1;
        next - 1
    };
    columns.map(|column| {
        let mut of_token: Vec<Option<u32>> = vec![None; column.tokens.len()];
        let number_row = |code: &u32| {
            let at = *code as usize;
            if let Some(number) = of_token[at] {
                return number;
            }
            let number = match key(&column.tokens[at]) {
                None => return fresh(),
                Some(key) => *numbers.entry(key).or_insert_with(&mut fresh),
            };
            of_token[at] = Some(number);
            number
        };
        column.codes.iter().map(number_row).collect()
    })
}

fn key(token: &Token) -> Option<Key> {
    Some(match token {
        Token::Missing | Token::NotFinite => return None,
        Token::Text(text) => match number::read(text) {
            Some(reading) if reading.value.is_finite() && !reading.leading_zeros && !reading.too_long => {
                Key::Number(reading.value.to_bits())
            }
            _ => Key::Text(text.to_string()),
        },
        Token::Number(value) => Key::Number(value.to_bits()),
        Token::Day(_) | Token::Second(_) => Key::Text(super::exact::text_of(token)?.into_owned()),
    })
}
