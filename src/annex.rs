//! The annex's files: manifests, and envelopes that must be verified before evidence is read.

use crate::attest::files;
use crate::document::DocumentError;
use reident_reports::annex::Signature;
use reident_reports::annex::manifest::{Fault, Manifest, Purpose};
use reident_reports::annex::rules::Rules;
use reident_reports::attest::dsse::Envelope;
use reident_reports::attest::report::Part;
use reident_reports::attest::statement::{Predicate, Statement};
use reident_reports::attest::verify::{Inputs, verify};
use std::path::{Path, PathBuf};

/// A manifest from a file.
///
/// # Errors
/// When it cannot be read, or anything is wrong with it: all of it is listed, with lines and keys.
pub fn manifest(path: &Path, purpose: Purpose) -> Result<Manifest, DocumentError> {
    Manifest::read(&files::text(path)?, purpose, Rules::newest()).map_err(|faults| listed(&faults, path))
}

/// A manifest from a file with what is wrong with it by itself, so that it can be listed together with what other files tell.
///
/// # Errors
/// When it cannot be read, or is not TOML.
pub fn parsed(path: &Path, purpose: Purpose) -> Result<(Manifest, Vec<Fault>), DocumentError> {
    Manifest::parse(&files::text(path)?, purpose, Rules::newest()).map_err(|faults| listed(&faults, path))
}

/// Faults as one error: a line each, with file, line and key.
pub fn listed(faults: &[Fault], path: &Path) -> DocumentError {
    let file = path.display().to_string();
    let lines: Vec<String> = faults.iter().map(|fault| fault.shown(&file)).collect();
    let many = if faults.len() == 1 { "fault" } else { "faults" };
    DocumentError::new(format!("{} {many} in the manifest:\n{}", faults.len(), lines.join("\n"))).in_file(path)
}

/// Verifies an envelope and that it is about this evidence, whose bytes are looked into only afterwards.
///
/// # Errors
/// When a file cannot be read, or the envelope, its signature, or a digest does not match.
pub fn signature(envelope: &Path, keys: &[PathBuf], evidence: &[u8]) -> Result<Signature, DocumentError> {
    let keys = keys.iter().map(|path| files::public_key(path)).collect::<Result<Vec<_>, _>>()?;
    let bytes = files::bytes(envelope)?;
    let report = verify(&bytes, &keys, &Inputs { evidence: Some(evidence), ..Inputs::default() });
    let shown = envelope.display();
    if !report.ok() {
        let about = |part: Part| matches!(part, Part::EvidenceRelease | Part::EvidenceFile);
        let code = if report.failures().any(|check| about(check.part)) { "E7: " } else { "" };
        let why: Vec<&str> = report.failures().map(|check| check.message.as_str()).collect();
        return Err(
            DocumentError::mismatch(format!("{code}{shown}: not verified: {}", why.join(" "))).in_file(envelope)
        );
    }
    let unreadable = || DocumentError::mismatch(format!("{shown}: what was signed cannot be read")).in_file(envelope);
    let parsed = Envelope::from_json(&bytes).map_err(|_| unreadable())?;
    match Statement::read(&parsed.payload).map_err(|_| unreadable())?.predicate {
        Predicate::Evidence(predicate) => Ok(Signature {
            signers: report.signers,
            signed_on: predicate.signed_on.clone(),
            commitments: predicate.commitments.clone(),
            audit_log: predicate.audit_log.clone(),
        }),
        Predicate::TestResult(_) => {
            let message =
                format!("{shown}: holds a policy's verdict, and no evidence: give the envelope of the evidence");
            Err(DocumentError::mismatch(message).in_file(envelope))
        }
    }
}
