//! An append-only record of who did what: JSON lines, each bound to the one before by a hash.
//!
//! A line ends with `,"hash":"…"}`, 75 bytes; the hash is SHA-256 of the line's bytes before them (`head -c -75` of the
//! line without its line break, into `sha256sum`), and `previous` repeats the hash of the line before, 64 zeros on the
//! first. A changed, removed, inserted or moved line breaks the chain.
//!
//! Two things the chain alone cannot show. A log cut off at the end of a line is a shorter log: only a [`Head`]
//! remembered elsewhere tells. And the hash has no key: whoever can write the file can write the whole chain anew. So
//! the head belongs into what is signed ([`Extras::audit_log`](super::statement::Extras::audit_log)) or into a
//! colleague's mailbox; [`verify`] compares with it.
//!
//! Files are named by digest, original and control by [`commitment`](super::commitment) or by name only. Two programs
//! that append at once would both follow the same line: the caller holds a lock from reading to writing.

use crate::digest;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What the first line names as the hash before it.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Length of `,"hash":"`, 64 digits and `"}`.
const SEAL: usize = 75;

/// One action, as the caller tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When: UTC, RFC 3339. The clock's word; only the order of lines is protected.
    pub time: String,
    /// Who did it: the name that the caller gives.
    pub actor: String,
    /// `evaluate`, `check`, `sign`, `verify`, …
    pub action: String,
    /// SHA-256 of the resolved parameters, hexadecimal.
    pub parameters_sha256: String,
    /// What was read.
    pub inputs: Vec<Item>,
    /// What was written.
    pub outputs: Vec<Item>,
}

/// A file of an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What it was used as or is called; no path with a person's name in it.
    pub name: String,
    /// `sha256:…`, or `hmac-sha256:…` for original and control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// Where a log ended: enough to see later that nothing before was taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Number of entries.
    pub entries: u64,
    /// Hash of the last one; [`GENESIS`] of an empty log.
    pub hash: String,
}

/// What is wrong with a log. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LogError {
    /// The last line has no line break: a write was cut short, or the file was.
    #[error("line {line} is truncated: the log ends without a line break")]
    Truncated {
        /// The last line.
        line: u64,
    },
    /// The line's content does not have the hash that the line ends with.
    #[error("line {line} was changed: its content does not have the hash at its end")]
    Changed {
        /// The line.
        line: u64,
    },
    /// The line has the right hash and no log entry in it.
    #[error("line {line} is no log entry: {message}")]
    Shape {
        /// The line.
        line: u64,
        /// What is wrong with it.
        message: String,
    },
    /// Entries are missing.
    #[error("entries {from} to {to} were removed: line {line} has number {}", to + 1)]
    Removed {
        /// The line after the gap.
        line: u64,
        /// First entry missing.
        from: u64,
        /// Last entry missing.
        to: u64,
    },
    /// An entry stands at the wrong place, or twice.
    #[error("line {line} has number {found} where {expected} belongs: entries were reordered, repeated or inserted")]
    Order {
        /// The line.
        line: u64,
        /// The number that belongs there.
        expected: u64,
        /// The number found.
        found: u64,
    },
    /// The line does not continue the one before.
    #[error("line {line} does not continue the line before: one of the two was replaced, hash and all")]
    Previous {
        /// The line.
        line: u64,
    },
    /// The log ends before the remembered head.
    #[error("the log has {found} entries, but had {expected} when its head was noted: the end was cut off")]
    CutOff {
        /// Entries when the head was noted.
        expected: u64,
        /// Entries now.
        found: u64,
    },
    /// The log is another one than the remembered head is of.
    #[error("entry {entry} is not the one whose hash was noted: the log was written anew")]
    Head {
        /// The entry whose hash was remembered.
        entry: u64,
    },
}

/// An entry with its place in the chain.
#[derive(Serialize, Deserialize)]
struct Link {
    seq: u64,
    #[serde(flatten)]
    entry: Entry,
    previous: String,
}

/// The line that adds an entry to a log, with its line break.
///
/// # Errors
/// When the log is not whole: an entry on a broken chain would vouch for what it follows.
pub fn append(log: &[u8], entry: Entry) -> Result<String, LogError> {
    let head = verify(log, None)?;
    let link = Link { seq: head.entries + 1, entry, previous: head.hash };
    let mut line = serde_json::to_string(&link).expect("an entry is plain JSON");
    line.pop();
    let hash = digest::sha256(line.as_bytes());
    line.push_str(",\"hash\":\"");
    line.push_str(&hash);
    line.push_str("\"}\n");
    Ok(line)
}

/// Checks a log from its first line on, and that it contains the expected head, after which it may have grown.
///
/// # Errors
/// Names the first line that is wrong, or says that the end is missing.
pub fn verify(log: &[u8], expected: Option<&Head>) -> Result<Head, LogError> {
    let mut head = Head { entries: 0, hash: GENESIS.to_owned() };
    let mut met = expected.is_none_or(|expected| *expected == head);
    let mut rest = log;
    while !rest.is_empty() {
        let line = head.entries + 1;
        let end = rest.iter().position(|byte| *byte == b'\n').ok_or(LogError::Truncated { line })?;
        let (link, hash) = link(&rest[..end], line)?;
        rest = &rest[end + 1..];
        if link.seq != line {
            return Err(misplaced(line, link.seq, rest));
        }
        if link.previous != head.hash {
            return Err(LogError::Previous { line });
        }
        head = Head { entries: line, hash };
        met |= expected == Some(&head);
    }
    match expected {
        Some(expected) if head.entries < expected.entries => {
            Err(LogError::CutOff { expected: expected.entries, found: head.entries })
        }
        Some(expected) if !met => Err(LogError::Head { entry: expected.entries }),
        _ => Ok(head),
    }
}

/// Takes a line apart and checks its own hash.
fn link(text: &[u8], line: u64) -> Result<(Link, String), LogError> {
    let changed = LogError::Changed { line };
    let Some(at) = text.len().checked_sub(SEAL) else { return Err(changed) };
    let (body, seal) = text.split_at(at);
    let hash = digest::sha256(body);
    if seal != format!(",\"hash\":\"{hash}\"}}").as_bytes() {
        return Err(changed);
    }
    let link = serde_json::from_slice(text).map_err(|error| LogError::Shape { line, message: error.to_string() })?;
    Ok((link, hash))
}

/// Tells removed entries from moved ones: a removed entry stands nowhere below.
fn misplaced(line: u64, found: u64, below: &[u8]) -> LogError {
    let is_below =
        |seq: u64| below.split(|byte| *byte == b'\n').any(|text| link(text, 0).is_ok_and(|(link, _)| link.seq == seq));
    if found > line && !is_below(line) {
        LogError::Removed { line, from: line, to: found - 1 }
    } else {
        LogError::Order { line, expected: line, found }
    }
}
