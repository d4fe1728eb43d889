//! Columns of a release that can be undone: hashes that can be tried out, codes, shifts, tokens, and rows that still follow the
//! original (PIPL article 73(4): anonymized data cannot be restored).
//!
//! A column that nobody can compare with the original is no safe column. Here it is asked whether it is a function of a column of
//! the original, and what an intruder needs who has not the original: nothing but patience, one known pair, or a table of tokens.
//!
//! * [`hashes`]: digests and checksums of values, hexadecimal, in Base64 or decimal, whole or cut,
//! * [`spelled`]: values that are only written otherwise: Base64, hexadecimal, reversed, letters or digits shifted,
//! * [`numbers`]: numbers and dates that were mapped in order or moved by a constant, all or a part of them,
//! * [`rows`]: rows in the original's order, and rows that were copied.
//!
//! What is found is confirmed on all rows; a sample decides only what is looked at. Nothing here needs the rows to be
//! paired, but where they are (by a key, or because the order of rows follows) more is found.

pub mod hashes;
pub mod numbers;
mod offsets;
pub mod rows;
pub mod spelled;
mod texts;

#[cfg(test)]
mod test;

pub use texts::{TextColumn, Texts};

use crate::identifiers::{IdentifierKind, kind_of};

/// How the values of a column were made from those of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// A digest or checksum.
    Hash(hashes::Algorithm),
    /// Another spelling.
    Spelled(spelled::Spelling),
}

impl How {
    /// The name used in evidence.
    pub fn name(self) -> &'static str {
        match self {
            How::Hash(algorithm) => algorithm.name(),
            How::Spelled(spelling) => spelling.name(),
        }
    }
}

/// A column of the release that is a function of one of the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// Position among the release's columns.
    pub released: usize,
    /// Position among the original's columns.
    pub original: usize,
    /// How its values are made.
    pub how: How,
    /// Rows of the release that are restored so.
    pub rows: u64,
}

/// Whether a column holds a token of its own for nearly each row: long texts of digits and letters, or whole numbers, of one
/// length. Such a column is a pseudonym: it joins all releases that have it, and the table that it was made by.
pub fn are_unique_tokens(column: &TextColumn<'_>) -> bool {
    const FEWEST: u64 = 20;
    let rows = column.rows();
    let Some((first, _)) = column.values.first() else { return false };
    let is_token = |text: &str| {
        text.len() == first.len()
            && text.len() >= 6
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let enough = |part: usize| part as f64 >= 0.98 * rows as f64;
    rows >= FEWEST && enough(column.values.len()) && column.values.iter().all(|(text, _)| is_token(text))
}

/// How many values a column of identifiers can have, as a power of ten: how much there is to try out. `None` where no form
/// says it, so that an intruder needs a list of the values.
pub fn enumerable(column: &TextColumn<'_>) -> Option<u32> {
    let sample = column.sample(200);
    let most = |found: usize| 10 * found >= 9 * sample.len() && !sample.is_empty();
    let of_kind = |kind| sample.iter().filter(|text| kind_of(text) == Some(kind)).count();
    // Areas, birth dates and serial numbers; the check digit follows from them.
    if most(of_kind(IdentifierKind::ResidentId)) {
        return Some(11);
    }
    if most(of_kind(IdentifierKind::MobilePhone)) {
        return Some(10);
    }
    let digits = |text: &&&str| text.bytes().all(|byte| byte.is_ascii_digit());
    let longest = sample.iter().map(|text| text.len()).max()? as u32;
    let is_date = |text: &&&str| text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    match () {
        () if most(sample.iter().filter(digits).count()) => Some(longest),
        () if most(sample.iter().filter(is_date).count()) => Some(5),
        () => None,
    }
}
