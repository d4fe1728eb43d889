//! Digests and checksums of values.
//!
//! A digest without a secret hides a value only from who cannot list the values: telephone numbers, identity numbers and dates
//! are tried out in seconds. Each value of a sample of the original, in its usual spellings, is hashed and looked up among the
//! release's; what is met more often than chance allows is confirmed on all.
//!
//! # Sources
//! MD5: RFC 1321. SHA-1, SHA-256, SHA-512: FIPS 180-4. SM3: GB/T 32905-2016. CRC-32: ISO/IEC 3309.

use super::{How, Restored, TextColumn};
use crate::comparison::poisson_reaches;
use base64ct::{Base64, Encoding};
use md5::Md5;
use rayon::prelude::*;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use sm3::Sm3;
use std::collections::HashSet;

/// A function that makes tokens of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
    /// SM3.
    Sm3,
    /// CRC-32, a checksum.
    Crc32,
}

impl Algorithm {
    const ALL: [Algorithm; 6] =
        [Algorithm::Md5, Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512, Algorithm::Sm3, Algorithm::Crc32];

    /// The name used in evidence.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Md5 => "md5",
            Algorithm::Sha1 => "sha1",
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha512 => "sha512",
            Algorithm::Sm3 => "sm3",
            Algorithm::Crc32 => "crc32",
        }
    }

    fn digest(self, text: &str) -> Vec<u8> {
        let bytes = text.as_bytes();
        match self {
            Algorithm::Md5 => Md5::digest(bytes).to_vec(),
            Algorithm::Sha1 => Sha1::digest(bytes).to_vec(),
            Algorithm::Sha256 => Sha256::digest(bytes).to_vec(),
            Algorithm::Sha512 => Sha512::digest(bytes).to_vec(),
            Algorithm::Sm3 => Sm3::digest(bytes).to_vec(),
            Algorithm::Crc32 => crc32fast::hash(bytes).to_be_bytes().to_vec(),
        }
    }
}

/// How digests are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    /// Hexadecimal digits in either case.
    Hexadecimal,
    /// Base64, in either alphabet, with or without padding.
    Base64,
    /// A decimal number.
    Decimal,
}

/// Shortest tokens: below this everything is met by chance.
const SHORTEST: usize = 8;

/// The form of a column of tokens, and their length.
struct Form {
    written: Written,
    length: usize,
}

impl Form {
    /// The forms that the values of a column may have; none for what are no tokens.
    fn of(column: &TextColumn<'_>) -> Vec<Form> {
        let values = || column.values.iter().map(|(text, _)| &**text);
        let Some(length) = values().next().map(|text| bare(text).len()) else { return Vec::new() };
        let all = |is: fn(u8) -> bool| values().all(|text| bare(text).bytes().all(is));
        let same_length = values().all(|text| bare(text).len() == length);
        let mut forms = Vec::new();
        if same_length && length >= SHORTEST && all(|byte| byte.is_ascii_hexdigit()) {
            forms.push(Form { written: Written::Hexadecimal, length });
        }
        let in_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
        if same_length && length >= SHORTEST && all(in_base64) && !all(|byte| byte.is_ascii_hexdigit()) {
            forms.push(Form { written: Written::Base64, length });
        }
        let is_checksum = |text: &str| text.parse::<u32>().is_ok() && !text.starts_with('+');
        // Checksums lie all over the numbers of 32 bits, so that most have ten digits.
        let long = || values().filter(|text| text.len() >= 9).count();
        if values().all(is_checksum) && 2 * long() > column.values.len() {
            forms.push(Form { written: Written::Decimal, length: 10 });
        }
        forms
    }

    /// A token as it is looked up: without what does not matter.
    fn normal(&self, text: &str) -> String {
        match self.written {
            Written::Hexadecimal => bare(text).to_ascii_lowercase(),
            Written::Base64 => bare(text).replace('-', "+").replace('_', "/"),
            Written::Decimal => text.to_owned(),
        }
    }

    /// The token that an algorithm makes of a value; `None` when it makes none of this length.
    fn token(&self, algorithm: Algorithm, text: &str) -> Option<String> {
        if self.written == Written::Decimal && algorithm != Algorithm::Crc32 {
            return None;
        }
        let digest = algorithm.digest(text);
        let mut token = match self.written {
            Written::Hexadecimal => {
                let digits =
                    |byte: &u8| [byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16).unwrap_or('0'));
                digest.iter().flat_map(digits).collect::<String>()
            }
            Written::Base64 => bare(&Base64::encode_string(&digest)).to_owned(),
            Written::Decimal => return Some(u32::from_be_bytes(digest.try_into().ok()?).to_string()),
        };
        if token.len() < self.length {
            return None;
        }
        token.truncate(self.length);
        Some(token)
    }

    /// Bits that a token of this form holds.
    fn bits(&self) -> f64 {
        match self.written {
            Written::Hexadecimal => 4.0 * self.length as f64,
            Written::Base64 => 6.0 * self.length as f64,
            Written::Decimal => 32.0,
        }
    }
}

/// A token without padding and the prefix of hexadecimal numbers. Base64 may begin with the prefix's letters by chance.
fn bare(text: &str) -> &str {
    let text = text.trim_end_matches('=');
    let is_number = |digits: &&str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.strip_prefix("0x").filter(is_number).unwrap_or(text)
}

/// How a value may have been written before it was hashed.
const SPELLINGS: [fn(&str) -> String; 5] = [
    str::to_owned,
    str::to_lowercase,
    str::to_uppercase,
    |text| text.chars().filter(|c| c.is_alphanumeric()).collect(),
    |text| format!("+86{text}"),
];

/// Values of the original that are tried out first.
const SAMPLE: usize = 5000;

/// Below this probability, what is met is no chance: many columns, algorithms and spellings are tried.
const CHANCE: f64 = 1e-9;

/// Columns of the release that hold digests or checksums of a column of the original.
pub fn restored(original: &[TextColumn<'_>], release: &[TextColumn<'_>]) -> Vec<Restored> {
    let tokens: Vec<(usize, Form)> =
        (0..release.len()).flat_map(|at| Form::of(&release[at]).into_iter().map(move |form| (at, form))).collect();
    tokens.par_iter().filter_map(|(at, form)| of_column(original, release, *at, form)).collect()
}

fn of_column(
    original: &[TextColumn<'_>],
    release: &[TextColumn<'_>],
    released: usize,
    form: &Form,
) -> Option<Restored> {
    let held: HashSet<String> = release[released].values.iter().map(|(text, _)| form.normal(text)).collect();
    let (_, of, algorithm, spelling) = (0..original.len())
        .into_par_iter()
        .filter_map(|of| {
            let sample = original[of].sample(SAMPLE);
            // The column itself, released as it is.
            let alike = sample.iter().filter(|text| held.contains(&form.normal(text))).count();
            if 2 * alike > sample.len() {
                return None;
            }
            let mut best: Option<(usize, usize, Algorithm, usize)> = None;
            for algorithm in Algorithm::ALL {
                for (spelling, spelled) in SPELLINGS.iter().enumerate() {
                    let met = |text: &&&str| {
                        let written = spelled(text);
                        (spelling == 0 || written != **text)
                            && form.token(algorithm, &written).is_some_and(|token| held.contains(&token))
                    };
                    let found = sample.iter().filter(met).count();
                    let by_chance = sample.len() as f64 * held.len() as f64 * (-form.bits()).exp2();
                    let is_found = found > 0 && poisson_reaches(by_chance.max(1e-300), found) < CHANCE;
                    if is_found && best.is_none_or(|(most, ..)| found > most) {
                        best = Some((found, of, algorithm, spelling));
                    }
                }
            }
            best
        })
        .max_by_key(|(found, of, ..)| (*found, std::cmp::Reverse(*of)))?;
    let tokens: HashSet<String> = original[of]
        .values
        .par_iter()
        .filter_map(|(text, _)| form.token(algorithm, &SPELLINGS[spelling](text)))
        .collect();
    let of_release = release[released].values.iter().filter(|(text, _)| tokens.contains(&form.normal(text)));
    let rows = of_release.map(|(_, rows)| rows).sum();
    Some(Restored { released, original: of, how: How::Hash(algorithm), rows })
}
