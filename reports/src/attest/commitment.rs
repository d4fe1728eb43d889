//! Commitments to original and control that only the holder of a secret can check.
//!
//! A plain digest of a table of persons is a membership oracle: whoever knows all rows but one can hash the candidates
//! for the last one and see which fits; for a table of a few columns and rows there may be few enough candidates to
//! try them all. So neither evidence nor statement ever carries a plain digest of original or control, but
//! HMAC-SHA256 (RFC 2104, FIPS 198-1) under 32 random bytes that stay with the holder. Without them the commitment
//! tells nothing; with them an auditor on site sees that the tables at hand are the ones that were attacked.
//!
//! The same table under the same secret always gives the same commitment, which shows that two releases came from one
//! original. Where that must not be seen, every release needs a secret of its own. If the secret gets out, commitments
//! become plain digests; if it is lost, nobody can check them again.

use crate::digest;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::fmt;
use thiserror::Error;
use zeroize::Zeroizing;

/// Starts every message, so that no other use of the secret can give the same commitment.
const DOMAIN: &[u8] = b"reident commitment v1";

/// The algorithm's name in a statement.
pub const ALGORITHM: &str = "HMAC-SHA256";

/// Why a commitment key could not be made or read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CommitmentKeyError {
    /// The operating system gave no randomness.
    #[error("no randomness from the operating system: {0}")]
    Randomness(getrandom::Error),
    /// Not the format of the file. The text is not repeated, as it may be a secret.
    #[error("a commitment key is one line of 64 lower-case hexadecimal digits")]
    Format,
}

/// Which table a commitment is to: part of what is committed to, so that one table's commitment never passes for the
/// other's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// The persons the release was made from.
    Original,
    /// Persons who were not used.
    Control,
}

impl Label {
    /// The label as it enters the computation.
    pub fn name(self) -> &'static str {
        match self {
            Label::Original => "original",
            Label::Control => "control",
        }
    }
}

/// The holder's secret. Wiped from memory when dropped; never shown by `Debug`.
#[derive(Clone)]
pub struct CommitmentKey(Zeroizing<[u8; 32]>);

impl CommitmentKey {
    /// A new secret from the operating system's randomness.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn generate() -> Result<CommitmentKey, CommitmentKeyError> {
        let mut key = CommitmentKey(Zeroizing::new([0; 32]));
        getrandom::fill(key.0.as_mut()).map_err(CommitmentKeyError::Randomness)?;
        Ok(key)
    }

    /// Reads the file's text: 64 lower-case hexadecimal digits, white space around them allowed.
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn from_text(text: &str) -> Result<CommitmentKey, CommitmentKeyError> {
        digest::unhex32(text.trim()).map(|bytes| CommitmentKey(Zeroizing::new(bytes))).ok_or(CommitmentKeyError::Format)
    }

    /// The file's text. Like a private key it belongs into a file that only its owner can read.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(digest::hex(self.0.as_ref()) + "\n")
    }

    /// A name for the secret that does not give it away: tells a wrong secret from a changed table.
    pub fn id(&self) -> String {
        self.start("key").finish()
    }

    /// Starts a commitment to a table that is read in pieces.
    pub fn committer(&self, table: Label) -> Committer {
        self.start(table.name())
    }

    /// The commitment to a table's bytes.
    pub fn commit(&self, table: Label, bytes: &[u8]) -> String {
        let mut committer = self.committer(table);
        committer.update(bytes);
        committer.finish()
    }

    fn start(&self, label: &str) -> Committer {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_ref()).expect("HMAC takes a key of any length");
        // The label's length goes first: no label and table can be read as another label and table.
        mac.update(DOMAIN);
        mac.update(&(label.len() as u64).to_be_bytes());
        mac.update(label.as_bytes());
        Committer(mac)
    }
}

impl fmt::Debug for CommitmentKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("CommitmentKey(secret)")
    }
}

/// A commitment in the making.
pub struct Committer(Hmac<Sha256>);

impl Committer {
    /// Adds the next piece of the file.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The commitment: 64 hexadecimal digits.
    pub fn finish(self) -> String {
        digest::hex(&self.0.finalize().into_bytes())
    }
}

/// Whether two commitments are the same, compared in constant time: how long a refusal takes tells nothing about the
/// value that would have been right. Anything but 64 lower-case hexadecimal digits equals nothing.
pub fn same(one: &str, other: &str) -> bool {
    let (Some(one), Some(other)) = (digest::unhex32(one), digest::unhex32(other)) else { return false };
    let difference = one.iter().zip(&other).fold(0, |difference, (a, b)| std::hint::black_box(difference | (a ^ b)));
    difference == 0
}

/// The commitments that a statement carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Commitments {
    /// Always `HMAC-SHA256`.
    pub algorithm: String,
    /// [`CommitmentKey::id`] of the secret.
    pub key_id: String,
    /// Commitment to the original. Always there in a statement; absent when only a control is at hand to be checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
    /// Commitment to the control, when there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<String>,
}

impl Commitments {
    /// Commits to the bytes of both files. [`CommitmentKey::committer`] does it piece by piece.
    pub fn of(key: &CommitmentKey, original: &[u8], control: Option<&[u8]>) -> Commitments {
        Commitments {
            algorithm: ALGORITHM.to_owned(),
            key_id: key.id(),
            original: Some(key.commit(Label::Original, original)),
            control: control.map(|bytes| key.commit(Label::Control, bytes)),
        }
    }

    /// The commitment to one table.
    pub fn to(&self, table: Label) -> Option<&str> {
        match table {
            Label::Original => self.original.as_deref(),
            Label::Control => self.control.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_value() {
        // printf 'reident commitment v1\0\0\0\0\0\0\0\010originalabc' | openssl dgst -sha256 -mac HMAC -macopt hexkey:…
        let key = CommitmentKey::from_text(&"0b".repeat(32)).expect("64 digits");
        assert_eq!(
            key.commit(Label::Original, b"abc"),
            "525b091b899ed67f6cd6438327b1ee58e0224e4c9a14d064505e31e1dcacb46c"
        );
    }

    #[test]
    fn tables_and_secrets_are_kept_apart() {
        let key = CommitmentKey::generate().expect("randomness");
        let other = CommitmentKey::generate().expect("randomness");
        let commitment = key.commit(Label::Original, b"abc");
        assert_ne!(commitment, key.commit(Label::Control, b"abc"));
        assert_ne!(commitment, other.commit(Label::Original, b"abc"));
        assert_ne!(key.id(), other.id());
        let mut pieces = key.committer(Label::Original);
        pieces.update(b"a");
        pieces.update(b"bc");
        assert!(same(&pieces.finish(), &commitment));
        assert!(!same(&key.commit(Label::Original, b"abd"), &commitment));
        assert!(!same(&commitment.to_uppercase(), &commitment.to_uppercase()) && !same("", ""));
    }

    #[test]
    fn files_are_read_back_and_nothing_else_is() {
        let key = CommitmentKey::generate().expect("randomness");
        let text = key.to_text();
        assert_eq!(text.len(), 65);
        assert_eq!(CommitmentKey::from_text(&text).expect("own text").id(), key.id());
        for wrong in ["", "0b", &text[1..], &text.to_uppercase().replace(char::is_numeric, "G")] {
            assert!(CommitmentKey::from_text(wrong).is_err());
        }
        assert!(!format!("{key:?}").contains(text.trim()));
    }
}
