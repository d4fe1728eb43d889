//! What was checked, what came out, and what was not looked at.

use serde::Serialize;

/// What a check is about, in the order of checking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// The file: a DSSE envelope, byte for byte as this program writes it.
    Envelope,
    /// One signature, or that there is none by a given key.
    Signature,
    /// The envelope's payload type.
    PayloadType,
    /// The in-toto statement.
    Statement,
    /// The evidence in the statement: its format.
    EvidenceSchema,
    /// The evidence against the digests that the statement names.
    EvidenceDigest,
    /// The release that the evidence is about against the one that the statement is about.
    EvidenceRelease,
    /// The released file.
    Release,
    /// The evidence file that lies beside the envelope.
    EvidenceFile,
    /// The original against its commitment.
    Original,
    /// The control against its commitment.
    Control,
    /// The audit log: whole, and the one that was signed.
    AuditLog,
    /// Evidence from running the attacks again.
    Rerun,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is as it must be.
    Passed,
    /// It is not.
    Failed,
    /// Nobody looked.
    NotChecked,
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was checked.
    pub part: Part,
    /// What came out.
    pub outcome: Outcome,
    /// A sentence that says what was found, or why nobody looked. No cell values.
    pub message: String,
}

/// All checks of one envelope.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The checks in order.
    pub checks: Vec<Check>,
    /// Ids of the given keys that signed, each once.
    pub signers: Vec<String>,
    /// The evidence file's text, once a given key's signature was found over it.
    #[serde(skip)]
    pub evidence: Option<String>,
}

impl Report {
    /// Whether a given key signed and nothing that was checked failed. What was not checked does not count: the table
    /// says what that was.
    pub fn ok(&self) -> bool {
        !self.signers.is_empty() && self.failures().next().is_none()
    }

    /// The checks that failed.
    pub fn failures(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.outcome == Outcome::Failed)
    }

    /// Adds a line to the table. A message may quote the file, and the file may try to steer a terminal.
    pub(super) fn add(&mut self, part: Part, outcome: Outcome, message: impl Into<String>) {
        let message = message.into().replace(char::is_control, "\u{fffd}");
        self.checks.push(Check { part, outcome, message });
    }

    /// Adds lines for what could not be looked at.
    pub(super) fn skip(&mut self, parts: &[Part], reason: &str) {
        for part in parts {
            self.add(*part, Outcome::NotChecked, reason);
        }
    }

    /// Adds a line that passed or failed.
    pub(super) fn judge(&mut self, part: Part, verdict: Result<String, String>) {
        match verdict {
            Ok(message) => self.add(part, Outcome::Passed, message),
            Err(message) => self.add(part, Outcome::Failed, message),
        }
    }
}
