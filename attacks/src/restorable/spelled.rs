//! Values that are only written otherwise: whoever sees one knows how to read all.

use super::{How, Restored, TextColumn, Texts};
use base64ct::{Base64, Base64Unpadded, Encoding};
use rayon::prelude::*;

/// How a value was written otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spelling {
    /// In Base64.
    Base64,
    /// The hexadecimal digits of its bytes.
    Hexadecimal,
    /// From its end to its beginning.
    Reversed,
    /// Each Latin letter moved by so many places in the alphabet.
    Letters(u8),
    /// So much added to each digit, without carrying.
    Digits(u8),
}

impl Spelling {
    /// The name used in evidence. It does not tell by how much letters or digits were moved.
    pub fn name(self) -> &'static str {
        match self {
            Spelling::Base64 => "base64",
            Spelling::Hexadecimal => "hexadecimal",
            Spelling::Reversed => "reversed",
            Spelling::Letters(_) => "letters_shifted",
            Spelling::Digits(_) => "digits_shifted",
        }
    }

    fn all() -> impl Iterator<Item = Spelling> {
        let fixed = [Spelling::Base64, Spelling::Hexadecimal, Spelling::Reversed];
        fixed.into_iter().chain((1..26).map(Spelling::Letters)).chain((1..10).map(Spelling::Digits))
    }

    /// The value that a text stands for; `None` when it is not written so, or would stand for itself.
    fn read(self, text: &str) -> Option<String> {
        let moved = |by: u8, first: u8, length: u8, byte: u8| first + (byte - first + length - by) % length;
        let read = match self {
            Spelling::Base64 => {
                let bytes = Base64::decode_vec(text).or_else(|_| Base64Unpadded::decode_vec(text)).ok()?;
                String::from_utf8(bytes).ok()?
            }
            Spelling::Hexadecimal => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
                    [high, low] => Some((digit(*high)? * 16 + digit(*low)?) as u8),
                    _ => None,
                });
                String::from_utf8(pairs.collect::<Option<Vec<u8>>>()?).ok()?
            }
            Spelling::Reversed => text.chars().rev().collect(),
            Spelling::Letters(by) => text
                .chars()
                .map(|c| match c {
                    'a'..='z' => char::from(moved(by, b'a', 26, c as u8)),
                    'A'..='Z' => char::from(moved(by, b'A', 26, c as u8)),
                    other => other,
                })
                .collect(),
            Spelling::Digits(by) => text
                .chars()
                .map(|c| if c.is_ascii_digit() { char::from(moved(by, b'0', 10, c as u8)) } else { c })
                .collect(),
        };
        (read != text && !read.is_empty()).then_some(read)
    }
}

/// Values of the release that are read first.
const SAMPLE: usize = 500;

/// The least share of values that must be the original's.
const LEAST: f64 = 0.9;

/// How densely the original may fill the texts of its form for a match to be no accident.
const DENSE: f64 = 0.01;

/// Columns of the release that spell a column of the original otherwise.
pub fn restored(original: &[TextColumn<'_>], release: &[TextColumn<'_>]) -> Vec<Restored> {
    let lookup: Vec<Texts<'_>> = original.par_iter().map(Texts::of).collect();
    let has = |name: &str| original.iter().any(|column| column.name == name);
    (0..release.len())
        .into_par_iter()
        .filter_map(|released| {
            let column = &release[released];
            // A column of the same name is meant to be that column; others may be any.
            let candidates = (0..original.len()).filter(|of| original[*of].name == column.name || !has(column.name));
            let found = candidates.filter_map(|of| {
                let how = of_pair(&original[of], &lookup[of], column)?;
                let rows = column
                    .values
                    .iter()
                    .filter(|(text, _)| how.read(text).is_some_and(|text| lookup[of].rows_of(&text) > 0));
                Some(Restored {
                    released,
                    original: of,
                    how: How::Spelled(how),
                    rows: rows.map(|(_, rows)| rows).sum(),
                })
            });
            // The most rows; the first of equal ones.
            found.reduce(|best, next| if next.rows > best.rows { next } else { best })
        })
        .collect()
}

fn of_pair(original: &TextColumn<'_>, lookup: &Texts<'_>, column: &TextColumn<'_>) -> Option<Spelling> {
    let sample = column.sample(SAMPLE);
    let known = sample.iter().filter(|text| lookup.rows_of(text) > 0).count();
    // Released as it is.
    if sample.len() < 2 || 2 * known > sample.len() {
        return None;
    }
    Spelling::all().find(|spelling| {
        let read = |text: &&str| spelling.read(text).is_some_and(|text| lookup.rows_of(&text) > 0);
        let few = sample.iter().take(20).filter(|text| read(text)).count();
        if (few as f64) < LEAST * sample.len().min(20) as f64 * 0.8 {
            return false;
        }
        let found = sample.iter().filter(|text| read(text)).count() as f64;
        found >= LEAST * sample.len() as f64
            && (density(original) <= DENSE || is_as_frequent(original, column, *spelling))
    })
}

/// The share of the texts of its form that a column holds: how often any text of that form would be met.
fn density(column: &TextColumn<'_>) -> f64 {
    let sample = column.sample(SAMPLE);
    let texts_of_form = |text: &&str| -> f64 {
        let symbols = |c: char| match c {
            '0'..='9' => 10.0,
            'a'..='z' | 'A'..='Z' => 26.0,
            c if c.is_alphanumeric() => 3000.0,
            _ => 1.0,
        };
        text.chars().map(symbols).product()
    };
    let fewest = sample.iter().map(texts_of_form).fold(f64::INFINITY, f64::min);
    column.values.len() as f64 / fewest
}

/// Whether the values that are read are as frequent as the original's, and as they stand are not.
fn is_as_frequent(original: &TextColumn<'_>, column: &TextColumn<'_>, spelling: Spelling) -> bool {
    let (rows, own_rows) = (original.rows() as f64, column.rows() as f64);
    let texts = Texts::of(original);
    let difference = |read: &dyn Fn(&str) -> Option<String>| -> f64 {
        let excess = column.values.iter().map(|(text, held)| {
            let theirs = read(text).map_or(0, |text| texts.rows_of(&text));
            (*held as f64 / own_rows - theirs as f64 / rows).max(0.0)
        });
        excess.sum()
    };
    difference(&|text| spelling.read(text)) <= 0.05 && difference(&|text| Some(text.to_owned())) >= 0.3
}
