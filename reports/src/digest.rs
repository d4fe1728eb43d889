//! Digests of released files, and hexadecimal text.
//!
//! SHA-256 (FIPS 180-4) is what `sha256sum` prints; SM3 (GB/T 32905-2016, ISO/IEC 10118-3) is what Chinese filings ask
//! for. Only releases are named this way: see [`commitment`](crate::attest::commitment) for original and control.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sm3::Sm3;

/// Digests of one file, as an in-toto `DigestSet`: lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digests {
    /// SHA-256 of the bytes.
    pub sha256: String,
    /// SM3 of the bytes; others may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sm3: Option<String>,
}

impl Digests {
    /// Digests of bytes at hand. [`Hasher`] does the same for a file read in pieces.
    pub fn of(bytes: &[u8]) -> Digests {
        let mut hasher = Hasher::default();
        hasher.update(bytes);
        hasher.finish()
    }

    /// The first algorithm by which the two differ, if they do: an algorithm that only one of them has is no difference.
    ///
    /// Stricter than in-toto, where one matching algorithm is enough: two digests that disagree about one file mean that
    /// one of them is wrong.
    pub fn differs(&self, other: &Digests) -> Option<&'static str> {
        if self.sha256 != other.sha256 {
            return Some("SHA-256");
        }
        match (&self.sm3, &other.sm3) {
            (Some(mine), Some(theirs)) if mine != theirs => Some("SM3"),
            _ => None,
        }
    }
}

/// Both digests of a file that is read in pieces.
#[derive(Default, Clone)]
pub struct Hasher {
    sha256: Sha256,
    sm3: Sm3,
}

impl Hasher {
    /// Adds the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        self.sm3.update(bytes);
    }

    /// The digests of everything added.
    pub fn finish(self) -> Digests {
        Digests { sha256: hex(&self.sha256.finalize()), sm3: Some(hex(&self.sm3.finalize())) }
    }
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// 32 bytes from 64 lower-case hexadecimal digits; nothing else is accepted, so that every value has one spelling.
pub fn unhex32(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_vectors() {
        // FIPS 180-2 appendix B.1 and GB/T 32905-2016 appendix A.1: both of "abc".
        let digests = Digests::of(b"abc");
        assert_eq!(digests.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(digests.sm3.as_deref(), Some("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"));
    }

    #[test]
    fn hexadecimal_has_one_spelling() {
        let text = sha256(b"");
        assert_eq!(unhex32(&text).map(|bytes| hex(&bytes)), Some(text.clone()));
        assert_eq!(unhex32(&text.to_uppercase()), None);
        assert_eq!(unhex32(&text[1..]), None);
        assert_eq!(unhex32(&format!(" {}", &text[1..])), None);
    }
}
