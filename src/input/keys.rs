//! Key columns as numbers: equal keys, equal numbers.

use super::number;
use super::tokens::{Token, TokenColumn};
use foldhash::fast::FixedState;
use std::collections::{HashMap, HashSet};

/// A key as it is compared: `30` in a text file and 30.0 in a typed one are the same.
#[derive(PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Key {
    Text(String),
    Number(u64),
}

/// Numbers for the keys of some columns, dense and in the order of the keys, so that the order of the rows does not decide.
///
/// A missing key is nobody's: each gets a number of its own behind the others, so that it matches nothing.
pub(super) fn number<const N: usize>(columns: [&TokenColumn; N]) -> [Vec<u32>; N] {
    let keys = columns.map(|column| column.tokens.iter().map(key).collect::<Vec<Option<Key>>>());
    // A token that no row has any more takes no number.
    let mut held: HashSet<&Key, FixedState> = HashSet::default();
    for (column, keys) in columns.iter().zip(&keys) {
        held.extend(column.codes.iter().filter_map(|code| keys[*code as usize].as_ref()));
    }
    let mut sorted: Vec<&Key> = held.into_iter().collect();
    sorted.sort_unstable();
    let numbers: HashMap<&Key, u32, FixedState> = sorted.iter().copied().zip(0..).collect();
    let mut next = sorted.len() as u32;
    let mut number_rows = |column: &TokenColumn, keys: &[Option<Key>]| {
        let of_token: Vec<Option<u32>> = keys.iter().map(|key| numbers.get(key.as_ref()?).copied()).collect();
        let number = |code: &u32| {
            of_token[*code as usize].unwrap_or_else(|| {
                next += 1;
                next - 1
            })
        };
        column.codes.iter().map(number).collect()
    };
    std::array::from_fn(|at| number_rows(columns[at], &keys[at]))
}

/// Persons who stand in two tables, by their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shared {
    /// Persons of the second table; who has no key is not counted.
    pub(super) persons: usize,
    /// A row of each table for every person who stands in both, in the order of the second.
    pub(super) pairs: Vec<(usize, usize)>,
    /// Whether either table numbers its persons without a gap from 0 or 1: one key need not be one person then.
    pub(super) are_own_numbers: bool,
}

/// Finds the persons that two tables share.
pub(super) fn shared(one: &TokenColumn, other: &TokenColumn) -> Shared {
    let [of_one, of_other] = number([one, other]);
    let mut first: HashMap<u32, usize, FixedState> = HashMap::default();
    for (row, number) in of_one.iter().enumerate() {
        first.entry(*number).or_insert(row);
    }
    let mut seen = std::collections::HashSet::<u32, FixedState>::default();
    let mut pairs = Vec::new();
    for (row, number) in of_other.iter().enumerate() {
        if other.codes[row] != 0 && seen.insert(*number) {
            pairs.extend(first.get(number).map(|of_one| (*of_one, row)));
        }
    }
    Shared { persons: seen.len(), pairs, are_own_numbers: are_own_numbers(one) && are_own_numbers(other) }
}

/// Whether the keys are the numbers from 0 or 1 on, none left out, all behind one prefix (`p1`, `p2`, …) or none.
fn are_own_numbers(column: &TokenColumn) -> bool {
    let mut prefix: Option<String> = None;
    let mut numbers = Vec::new();
    for token in &column.tokens[1..] {
        let (own, number) = match key(token) {
            Some(Key::Number(bits)) => (String::new(), f64::from_bits(bits)),
            Some(Key::Text(text)) => {
                let digits = text.trim_end_matches(|last: char| last.is_ascii_digit()).len();
                match text[digits..].parse() {
                    Ok(number) => (text[..digits].to_owned(), number),
                    Err(_) => return false,
                }
            }
            None => return false,
        };
        if *prefix.get_or_insert_with(|| own.clone()) != own {
            return false;
        }
        numbers.push(number);
    }
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    let start = numbers.first().copied().unwrap_or(f64::NAN);
    (start == 0.0 || start == 1.0) && numbers.iter().enumerate().all(|(at, number)| *number == start + at as f64)
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
