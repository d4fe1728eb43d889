//! Any bytes, for every reader of what comes from outside: none may panic or run without end.
//!
//! The inputs are those that were found to matter (`fuzz/corpus`), changed at random: by the same seeds in every run, so that a
//! failure is found again. `REIDENT_FUZZ=100000` tries so many for each reader instead of a few. Where a nightly toolchain is at
//! hand, the targets in `fuzz` feed the same readers by what the code has not done yet.

use reident::input::untrusted;
use reident::settings::config::Config;
use reident_attacks::sampling::{Stream, Task};
use reident_reports::attest::verify::{Inputs, verify};
use reident_reports::check::policy::Policy;
use std::path::Path;

/// Inputs for each reader when nothing else is said.
const TRIED: u64 = 3000;

/// What formats are made of: pieces that random bytes would hardly hit upon.
const PIECES: [&str; 40] = [
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "\"",
    "\"\"",
    "\u{feff}",
    "\0",
    "*",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "-",
    "..",
    "to",
    "1e999",
    "-0",
    "nan",
    "9999999999999999999",
    "0x",
    "٣",
    "年",
    "岁以上",
    "2020-02-30",
    "Q1",
    "\\u0000",
    "null",
    "true",
    "{\"a\":",
    "[[",
    "max_risk = ",
    "\"payload\":",
    "=",
    "under ",
    "and over",
    "\u{202e}",
];

/// The inputs that are kept for a reader.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// An input with so many changes.
fn changed(mut stream: Stream, kept: &[Vec<u8>]) -> Vec<u8> {
    let mut below = |bound: usize| stream.below(bound as u64) as usize;
    let mut bytes = kept[below(kept.len())].clone();
    for _ in 0..below(6) {
        let at = below(bytes.len() + 1);
        let until = (at + below(9)).min(bytes.len());
        match below(5) {
            0 => drop(bytes.splice(at..at, PIECES[below(PIECES.len())].bytes())),
            1 => drop(bytes.drain(at..until)),
            2 => {
                let piece = bytes[at..until].to_vec();
                bytes.splice(at..at, piece);
            }
            3 if at < bytes.len() => bytes[at] ^= 1 << below(8),
            _ => {
                let other = &kept[below(kept.len())];
                let from = below(other.len() + 1);
                drop(bytes.splice(at..until, other[from..(from + 40).min(other.len())].to_vec()));
            }
        }
    }
    bytes
}

fn feed(name: &str, read: impl Fn(&[u8])) {
    let kept = corpus(name);
    assert!(!kept.is_empty(), "{name} has inputs to begin with");
    kept.iter().for_each(|bytes| read(bytes));
    let tried = std::env::var("REIDENT_FUZZ").ok().and_then(|count| count.parse().ok()).unwrap_or(TRIED);
    for at in 0..tried {
        let bytes = changed(Stream::new(at, Task::Population, 0), &kept);
        // The input is said before it is tried, and shown when the test fails.
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let read = std::panic::AssertUnwindSafe(|| read(&bytes));
        assert!(std::panic::catch_unwind(read).is_ok(), "{name}, input {at}: {shown:?}");
    }
}

#[test]
fn delimited_text() {
    feed("delimited", untrusted::delimited_text);
}

#[test]
fn json_lines() {
    feed("json", untrusted::json_lines);
}

#[test]
fn values() {
    feed("values", untrusted::value);
}

#[test]
fn hierarchies() {
    feed("hierarchy", untrusted::hierarchy);
}

#[test]
fn evidence() {
    feed("evidence", |bytes| drop(reident_reports::json::read(&String::from_utf8_lossy(bytes))));
}

#[test]
fn envelopes() {
    let nothing = Inputs { release: None, evidence: None, tables: None, log: None, rerun: None, foreign_form: true };
    feed("envelope", |bytes| drop(verify(bytes, &[], &nothing)));
}

#[test]
fn policies() {
    feed("policy", |bytes| drop(Policy::parse(&String::from_utf8_lossy(bytes), "policy.toml")));
}

#[test]
fn configurations() {
    feed("config", |bytes| drop(Config::parse(&String::from_utf8_lossy(bytes))));
}
