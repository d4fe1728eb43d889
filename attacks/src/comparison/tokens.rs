//! What the values of a column that cannot be compared look like: tokens, codes of labels, another spelling.

use super::exchanged::are_exchanged;
use super::values::Values;
use crate::table::{Cell, CodedColumn, Domain};
use std::collections::HashSet;

/// Why the values of a column do not meet, as far as they show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Hashes, random identifiers: digits and letters of one length.
    Hashes,
    /// Small whole numbers, one for each of the original's values.
    LabelCodes,
    /// Other values as often as the original's, one for one; they may be the same words, exchanged among themselves.
    OneToOne,
    /// The same values but for case, white space or marks.
    Spelling,
    /// Numbers of another scale or origin.
    Scale,
    /// Nothing in particular.
    Unknown,
}

/// Shortest texts that are taken for hashes.
const HASH_LENGTH: usize = 8;

/// What the release's values look like beside the original's.
pub fn look(domain: &Domain, original: &CodedColumn, release: &CodedColumn) -> Look {
    let (original, release) = (Values::of(domain, original), Values::of(domain, release));
    if are_hashes(&release) && !are_hashes(&original) {
        return Look::Hashes;
    }
    if domain.kind().is_numeric() {
        return Look::Scale;
    }
    if are_exchanged(&original, &release) {
        return Look::OneToOne;
    }
    let folded = |values: &Values<'_>| values.telling().filter_map(|(cell, _, _)| fold(cell)).collect::<HashSet<_>>();
    let (folded, of_release) = (folded(&original), folded(&release));
    if !of_release.is_empty() && 2 * of_release.intersection(&folded).count() > of_release.len() {
        return Look::Spelling;
    }
    if are_label_codes(&release, original.telling().count()) {
        return Look::LabelCodes;
    }
    if is_one_to_one(&original, &release) { Look::OneToOne } else { Look::Unknown }
}

fn fold(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Category(text) => {
            let letters = text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase);
            Some(letters.collect())
        }
        _ => None,
    }
}

/// Whether all values are texts of one length, of hexadecimal digits or of digits and letters mixed.
fn are_hashes(values: &Values<'_>) -> bool {
    let mut length = None;
    let mut mixed = 0;
    let mut texts = 0usize;
    for (cell, _, _) in values.telling() {
        let Cell::Category(text) = cell else { return false };
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=' | b'+' | b'/');
        if *length.get_or_insert(text.len()) != text.len() || !text.bytes().all(is_token) {
            return false;
        }
        texts += 1;
        mixed += usize::from(text.bytes().any(|b| b.is_ascii_digit()) && text.bytes().any(|b| b.is_ascii_alphabetic()));
    }
    length.is_some_and(|length| length >= HASH_LENGTH) && 2 * mixed > texts
}

/// Whether all values are whole numbers that hardly leave one out, and as many as there are labels.
fn are_label_codes(release: &Values<'_>, labels: usize) -> bool {
    let mut codes = Vec::new();
    for (cell, _, _) in release.telling() {
        match cell {
            Cell::Category(text) => match text.parse::<i64>() {
                Ok(code) => codes.push(code),
                Err(_) => return false,
            },
            _ => return false,
        }
    }
    let (Some(least), Some(most)) = (codes.iter().min(), codes.iter().max()) else { return false };
    *least >= 0 && *most <= 2 * labels as i64 + 1
}

/// Whether the release has as many values, and each about as often as one of the original's.
fn is_one_to_one(original: &Values<'_>, release: &Values<'_>) -> bool {
    let shares = |values: &Values<'_>| {
        let rows = values.rows() as f64;
        let mut shares: Vec<f64> = values.telling().map(|(_, _, n)| f64::from(n) / rows).collect();
        shares.sort_by(|a, b| b.total_cmp(a));
        shares
    };
    let (one, other) = (shares(original), shares(release));
    let apart: f64 = one.iter().zip(&other).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0;
    one.len() == other.len() && apart < 0.1
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::table::{JointColumn, Kind, RawColumn};

    #[test]
    fn looks_are_told_apart() {
        let words = ["primary", "secondary", "bachelor", "master"];
        let original: Vec<&str> = (0..100).map(|at| words[at * at % 7 % 4]).collect();
        let look_of = |release: Vec<String>| {
            let column =
                JointColumn::of(Kind::Categorical, vec![RawColumn::texts(&original), RawColumn::texts(&release)]);
            look(&column.domain, &column.tables[0], &column.tables[1])
        };
        let map = |to: &dyn Fn(usize) -> String| (0..100usize).map(|at| to(at * at % 7 % 4)).collect::<Vec<_>>();
        assert_eq!(look_of(map(&|at| at.to_string())), Look::LabelCodes);
        assert_eq!(look_of(map(&|at| format!("{}.", words[at].to_uppercase()))), Look::Spelling);
        assert_eq!(look_of(map(&|at| format!("{:08x}", 0x9e37_79b9u32.wrapping_mul(at as u32 + 1)))), Look::Hashes);
        assert_eq!(look_of(map(&|at| ["un", "deux", "trois", "quatre"][at].to_owned())), Look::OneToOne);
        assert_eq!(look_of(vec!["everything".to_owned(); 50]), Look::Unknown);
    }
}
