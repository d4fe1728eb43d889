//! In-toto Statement v1 (`spec/v1/statement.md` of in-toto/attestation): what a signature says about a release.
//!
//! Two kinds: the evidence itself, under a predicate type of this program's own, and the verdict of a policy as
//! `test-result/v0.1`, which policy engines read without knowing this program. An envelope holds one of them.
//!
//! Evidence goes in byte for byte: the JSON text of the file stands in the statement as it is, so engines can look into
//! it and its digest is the digest of the file. The statement is serialised once; those bytes are signed and kept.

use super::commitment::Commitments;
use super::log::Head;
use crate::check::{soundness, words};
use crate::digest::Digests;
use crate::evidence::{Evidence, Tool};
use crate::json::{self, ReadError};
use crate::message::{Language, Messages};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use thiserror::Error;

/// Type of every statement of this version.
pub const STATEMENT: &str = "https://in-toto.io/Statement/v1";
/// Predicate type of signed evidence.
pub const EVIDENCE: &str = "https://reident.dev/attestation/evidence/v1";
/// Predicate type of a policy's verdict (`spec/predicates/test-result.md` of in-toto/attestation).
pub const TEST_RESULT: &str = "https://in-toto.io/attestation/test-result/v0.1";

/// Why a statement cannot be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The text is no evidence.
    #[error("not evidence: {0}")]
    Evidence(#[from] ReadError),
    /// The text is evidence, but not as this program writes it.
    #[error("the evidence is not as `reident` wrote it: it was edited or reformatted")]
    Edited,
    /// The text is evidence whose statuses or headlines do not follow from its counts.
    #[error(
        "the evidence's headline of {0} does not follow from its counts: it was changed, or made by another version"
    )]
    DoesNotFollow(&'static str),
    /// The evidence does not say what it is about.
    #[error("the evidence names no digest of the release: nothing ties its figures to a file")]
    NoRelease,
    /// The evidence is about another release.
    #[error("the evidence is about another release: its SHA-256 is not that of the file given")]
    OtherRelease,
    /// The evidence identifies original or control.
    #[error("the evidence carries a plain digest of the {0}, by which anybody could test guesses of its rows")]
    PlainDigest(&'static str),
    /// Commitments that do not fit the evidence.
    #[error("the commitments do not fit the evidence: the {0} is missing or too many")]
    Commitments(&'static str),
    /// A verdict without tests.
    #[error("no test passed, warned or failed: there is no result to state")]
    NoTests,
}

/// Why a payload is no statement that this version reads.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StatementError {
    /// Not JSON, a field missing, twice or of a wrong type.
    #[error("the statement has not the shape of its type: {0}")]
    Json(#[from] serde_json::Error),
    /// Another kind of statement.
    #[error("the statement's type is not {STATEMENT}")]
    Type,
    /// A predicate that this version does not know.
    #[error("the statement's predicate type is neither {EVIDENCE} nor {TEST_RESULT}")]
    PredicateType,
    /// About no file or about several.
    #[error("the statement is about {0} files and must be about one")]
    Subjects(usize),
    /// A verdict that its own tests contradict.
    #[error("the test result contradicts its own lists of tests")]
    Verdict,
}

/// The released file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// What the file is called: without folders, which would tell about the signer's machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Digests of its bytes.
    pub digest: Digests,
}

/// What a statement of evidence says besides the evidence.
#[derive(Debug, Clone, Default)]
pub struct Extras {
    /// Commitments to original and control.
    pub commitments: Option<Commitments>,
    /// Where the audit log ended when the evidence was signed.
    pub audit_log: Option<Head>,
    /// When it was signed, UTC, RFC 3339: the signer's word.
    pub signed_on: Option<String>,
}

/// Predicate of type [`EVIDENCE`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EvidencePredicate {
    /// Digests of the evidence file.
    pub evidence_digest: Digests,
    /// The program that made the statement; the evidence names the one that ran the attacks.
    pub tool: Tool,
    /// Commitments to original and control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitments: Option<Commitments>,
    /// Where the audit log ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit_log: Option<Head>,
    /// When it was signed, as the signer says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_on: Option<String>,
    evidence: Box<RawValue>,
}

impl EvidencePredicate {
    /// The evidence file's text.
    pub fn evidence(&self) -> String {
        format!("{}\n", self.evidence)
    }
}

/// A verdict as `test-result/v0.1` spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verdict {
    /// Every test passed.
    Passed,
    /// No test failed, some passed with a warning.
    Warned,
    /// Some test failed.
    Failed,
}

/// Something a test result refers to: in-toto `ResourceDescriptor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// What it is called.
    pub name: String,
    /// Digests of its bytes.
    pub digest: Digests,
}

/// Predicate of type [`TEST_RESULT`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TestResult {
    /// The verdict.
    pub result: Verdict,
    /// The policy, and the evidence under the name `evidence`.
    pub configuration: Vec<Resource>,
    /// Tests that passed.
    #[serde(default)]
    pub passed_tests: Vec<String>,
    /// Tests that passed with a warning.
    #[serde(default)]
    pub warned_tests: Vec<String>,
    /// Tests that failed.
    #[serde(default)]
    pub failed_tests: Vec<String>,
}

impl TestResult {
    /// The result of a policy on evidence; the verdict follows from the lists. `warned` counts as passed for whoever
    /// reads only the verdict, so an inconclusive test belongs there only when the policy lets it pass.
    ///
    /// # Errors
    /// When all lists are empty: nothing tested is not passed.
    pub fn new(policy: Resource, evidence: &[u8], tests: [Vec<String>; 3]) -> Result<TestResult, BuildError> {
        let [passed_tests, warned_tests, failed_tests] = tests;
        let evidence = Resource { name: "evidence".to_owned(), digest: Digests::of(evidence) };
        let configuration = vec![policy, evidence];
        let result = verdict(&passed_tests, &warned_tests, &failed_tests).ok_or(BuildError::NoTests)?;
        Ok(TestResult { result, configuration, passed_tests, warned_tests, failed_tests })
    }

    /// Digests of the evidence that was tested.
    pub fn evidence(&self) -> Option<&Digests> {
        self.configuration.iter().find(|resource| resource.name == "evidence").map(|resource| &resource.digest)
    }
}

fn verdict(passed: &[String], warned: &[String], failed: &[String]) -> Option<Verdict> {
    match (passed.is_empty(), warned.is_empty(), failed.is_empty()) {
        (true, true, true) => None,
        (_, _, false) => Some(Verdict::Failed),
        (_, false, true) => Some(Verdict::Warned),
        (false, true, true) => Some(Verdict::Passed),
    }
}

#[derive(Serialize, Deserialize)]
struct Wire<P> {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: P,
}

fn payload<P: Serialize>(subject: Subject, predicate_type: &str, predicate: P) -> Vec<u8> {
    let kind = STATEMENT.to_owned();
    let wire = Wire { kind, subject: vec![subject], predicate_type: predicate_type.to_owned(), predicate };
    serde_json::to_vec(&wire).expect("a statement is plain JSON")
}

/// The payload that says: this is the evidence about this release.
///
/// # Errors
/// When the text is not evidence as this program writes it, is about another release, or would identify original or
/// control.
pub fn evidence_statement(subject: Subject, evidence: &str, tool: Tool, extras: Extras) -> Result<Vec<u8>, BuildError> {
    let read = json::read(evidence)?;
    if json::write(&read) != evidence {
        return Err(BuildError::Edited);
    }
    for (attack, headline) in &read.headline {
        if headline.attackers_tried > 0 && !soundness::follows(&read, *attack) {
            return Err(BuildError::DoesNotFollow(words::attack(Messages::of(Language::English), *attack)));
        }
    }
    fits(&subject, &read, extras.commitments.as_ref())?;
    let predicate = EvidencePredicate {
        evidence_digest: Digests::of(evidence.as_bytes()),
        tool,
        commitments: extras.commitments,
        audit_log: extras.audit_log,
        signed_on: extras.signed_on,
        evidence: RawValue::from_string(evidence.trim_end().to_owned()).map_err(|_| BuildError::Edited)?,
    };
    Ok(payload(subject, EVIDENCE, predicate))
}

/// The payload that says: this is what a policy found about this release.
pub fn test_result_statement(subject: Subject, result: TestResult) -> Vec<u8> {
    payload(subject, TEST_RESULT, result)
}

fn fits(subject: &Subject, evidence: &Evidence, commitments: Option<&Commitments>) -> Result<(), BuildError> {
    let inputs = &evidence.inputs;
    match &inputs.anonymized.sha256 {
        None => return Err(BuildError::NoRelease),
        Some(digest) if *digest != subject.digest.sha256 => return Err(BuildError::OtherRelease),
        Some(_) => {}
    }
    if inputs.original.sha256.is_some() {
        return Err(BuildError::PlainDigest("original"));
    }
    if inputs.control.as_ref().is_some_and(|control| control.sha256.is_some()) {
        return Err(BuildError::PlainDigest("control"));
    }
    match commitments {
        Some(made) if made.original.is_none() => Err(BuildError::Commitments("original")),
        Some(made) if made.control.is_some() != inputs.control.is_some() => Err(BuildError::Commitments("control")),
        _ => Ok(()),
    }
}

/// What a statement says.
#[derive(Debug, Clone)]
pub enum Predicate {
    /// The evidence about a release.
    Evidence(Box<EvidencePredicate>),
    /// A policy's verdict on a release.
    TestResult(TestResult),
}

/// A statement that was read.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The released file.
    pub subject: Subject,
    /// What is said about it.
    pub predicate: Predicate,
}

impl Statement {
    /// Reads a payload; only after its signature was checked. Fields that the specification does not know are skipped,
    /// as it asks.
    ///
    /// # Errors
    /// When it is not one of the two kinds of statement, or contradicts itself.
    pub fn read(payload: &[u8]) -> Result<Statement, StatementError> {
        let wire: Wire<Box<RawValue>> = serde_json::from_slice(payload)?;
        if wire.kind != STATEMENT {
            return Err(StatementError::Type);
        }
        let [subject] = <[Subject; 1]>::try_from(wire.subject).map_err(|all| StatementError::Subjects(all.len()))?;
        let predicate = match wire.predicate_type.as_str() {
            EVIDENCE => Predicate::Evidence(serde_json::from_str(wire.predicate.get())?),
            TEST_RESULT => {
                let result: TestResult = serde_json::from_str(wire.predicate.get())?;
                let stated = Some(result.result);
                if verdict(&result.passed_tests, &result.warned_tests, &result.failed_tests) != stated {
                    return Err(StatementError::Verdict);
                }
                Predicate::TestResult(result)
            }
            _ => return Err(StatementError::PredicateType),
        };
        Ok(Statement { subject, predicate })
    }
}
