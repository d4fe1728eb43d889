//! What is wrong with a manifest.

use serde::Serialize;
use std::fmt;

/// The kinds of faults, as the documentation numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Code {
    /// An unknown or missing key, a wrong type, an empty text, a control character.
    E1,
    /// A column of the evidence that the manifest does not describe.
    E2,
    /// A column of the manifest that neither the evidence nor the release has.
    E3,
    /// A declared treatment that the release contradicts.
    E4,
    /// A unified social credit code that is none.
    E5,
    /// A country that is none, or the mainland as recipient of an export.
    E6,
    /// Evidence of another release than the envelope's.
    E7,
    /// A policy that asks for more confidence, or for something else than what is claimed.
    E8,
    /// Days in an impossible order.
    E9,
    /// Terms that contradict each other.
    E10,
    /// A volume that is not of the year of the filing.
    E11,
    /// A filing by a weaker route than the one found.
    E12,
    /// A context that is missing or out of range.
    E13,
    /// A correction or exemption without a reason.
    E14,
    /// Working papers with a filing number, or an output over an input.
    E15,
    /// Text that looks like a value of a person.
    E16,
}

/// A fault, with its place and what to do. No cell value and no text of the manifest is repeated where it could be one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// Line of the manifest, from 1.
    pub line: usize,
    /// Key.
    pub key: String,
    /// Which kind.
    pub code: Code,
    /// What is wrong and what to do.
    pub message: String,
}

impl Fault {
    /// A fault at a line and a key.
    pub fn new(code: Code, line: usize, key: impl Into<String>, message: impl Into<String>) -> Fault {
        Fault { line, key: key.into(), code, message: message.into() }
    }

    /// As a line of an error's list.
    pub fn shown(&self, file: &str) -> String {
        format!("{file}, line {}: {self}", self.line)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}: `{}`: {}", self.code, self.key, self.message)
    }
}
