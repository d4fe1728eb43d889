//! Checks an envelope and everything that was given with it.
//!
//! In the order that DSSE prescribes: the signature before anything signed is looked into, then the format, the
//! digests, and last what the attacks gave when they were run again. What follows from a part that failed is not
//! checked, and the table says so.

use super::commitment::{Commitments, Label, same};
use super::diff;
use super::dsse::{Envelope, IN_TOTO};
use super::keys::PublicKey;
use super::log::{self, Head};
use super::report::{Outcome, Part, Report};
use super::statement::{EvidencePredicate, Predicate, Statement};
use crate::check::soundness::{self, Doubt};
use crate::check::{Reason, words};
use crate::digest::Digests;
use crate::evidence::Evidence;
use crate::json;
use crate::message::{Language, Messages};

/// What an envelope is checked against, as far as it is at hand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Inputs<'a> {
    /// Digests of the released file.
    pub release: Option<&'a Digests>,
    /// The evidence file beside the envelope.
    pub evidence: Option<&'a [u8]>,
    /// Commitments to original and control as they are, made with the holder's secret.
    pub tables: Option<&'a Commitments>,
    /// The audit log.
    pub log: Option<&'a [u8]>,
    /// The evidence file that running the attacks again gave.
    pub rerun: Option<&'a [u8]>,
    /// Accepts envelopes that another tool wrote or reformatted. Changes to bytes that no signature covers (white
    /// space, key ids, unknown fields) go unnoticed then.
    pub foreign_form: bool,
}

const AFTER_SIGNATURE: [Part; 10] = [
    Part::PayloadType,
    Part::Statement,
    Part::EvidenceSchema,
    Part::EvidenceDigest,
    Part::EvidenceRelease,
    Part::Release,
    Part::EvidenceFile,
    Part::Original,
    Part::Control,
    Part::AuditLog,
];

/// Checks an envelope. Never fails as a whole: all that is wrong is in the report.
pub fn verify(envelope: &[u8], keys: &[PublicKey], inputs: &Inputs) -> Report {
    let mut report = Report::default();
    let skip = |report: &mut Report, from: usize, reason: &str| {
        report.skip(&AFTER_SIGNATURE[from..], reason);
        report.skip(&[Part::Rerun], reason);
    };
    let parsed = match Envelope::from_json(envelope) {
        Ok(parsed) => parsed,
        Err(error) => {
            report.add(Part::Envelope, Outcome::Failed, error.to_string());
            report.skip(&[Part::Signature], "The envelope cannot be read.");
            skip(&mut report, 0, "The envelope cannot be read.");
            return report;
        }
    };
    form(&mut report, &parsed, envelope, inputs.foreign_form);
    signatures(&mut report, &parsed, keys, inputs.foreign_form);
    if report.signers.is_empty() {
        skip(&mut report, 0, "Without a signature by a given key nothing in the envelope can be relied on.");
        return report;
    }
    if parsed.payload_type != IN_TOTO {
        report.add(Part::PayloadType, Outcome::Failed, format!("The payload's type is not {IN_TOTO}."));
        skip(&mut report, 1, "The payload is of another type.");
        return report;
    }
    report.add(Part::PayloadType, Outcome::Passed, format!("The payload's type is {IN_TOTO}."));
    match Statement::read(&parsed.payload) {
        Ok(statement) => {
            report.add(Part::Statement, Outcome::Passed, "The payload is an in-toto Statement v1 about one file.");
            contents(&mut report, &statement, inputs);
        }
        Err(error) => {
            report.add(Part::Statement, Outcome::Failed, format!("What was signed cannot be read: {error}."));
            skip(&mut report, 2, "What was signed cannot be read.");
        }
    }
    report
}

fn form(report: &mut Report, parsed: &Envelope, file: &[u8], foreign: bool) {
    if parsed.is_own_form(file) {
        return report.add(Part::Envelope, Outcome::Passed, "A DSSE envelope, byte for byte as reident writes it.");
    }
    if foreign {
        let message = "Another tool's form: only what the signatures cover is protected.";
        return report.add(Part::Envelope, Outcome::NotChecked, message);
    }
    let line = diff::first(parsed.to_json().as_bytes(), file).map_or(1, |difference| difference.line);
    let message = format!(
        "The envelope is not as reident writes it, first on line {line}: white space, fields or their spelling were \
         changed, or another tool wrote it."
    );
    report.add(Part::Envelope, Outcome::Failed, message);
}

/// One line for each signature, and one more when none is by a given key.
///
/// DSSE only skips a signature that does not verify. Here it fails when it claims to be by a given key: a holder's file
/// does not contain one unless it was changed.
fn signatures(report: &mut Report, envelope: &Envelope, keys: &[PublicKey], foreign: bool) {
    let ids: Vec<String> = keys.iter().map(PublicKey::id).collect();
    let signers = envelope.signers(keys);
    for (at, (signature, signer)) in envelope.signatures.iter().zip(signers).enumerate() {
        let number = at + 1;
        let claimed = signature.keyid.as_deref();
        let (outcome, message) = match signer.map(|key| &ids[key]) {
            Some(id) => {
                if !report.signers.contains(id) {
                    report.signers.push(id.clone());
                }
                if claimed == Some(id) || foreign {
                    (Outcome::Passed, format!("Signature {number} is by key {id}."))
                } else {
                    let message = format!("Signature {number} is by key {id}, but its key id was changed or removed.");
                    (Outcome::Failed, message)
                }
            }
            None if claimed.is_some_and(|claimed| ids.iter().any(|id| id == claimed)) => {
                let message = format!(
                    "Signature {number} claims a given key, but is not its signature: the payload, its type or the \
                     signature was changed."
                );
                (Outcome::Failed, message)
            }
            None => (Outcome::NotChecked, format!("Signature {number} is by none of the given keys.")),
        };
        report.add(Part::Signature, outcome, message);
    }
    if report.signers.is_empty() {
        let message = match (keys.is_empty(), envelope.signatures.is_empty()) {
            (true, _) => "No public key was given to check signatures with.",
            (_, true) => "The envelope carries no signature.",
            _ => "No signature is by a given key: the keys are wrong, or payload, type or signature were changed.",
        };
        report.add(Part::Signature, Outcome::Failed, message);
    }
}

fn contents(report: &mut Report, statement: &Statement, inputs: &Inputs) {
    let stated = &statement.subject.digest;
    match &statement.predicate {
        Predicate::Evidence(predicate) => {
            let text = predicate.evidence();
            schema(report, &text, stated, &predicate.evidence_digest);
            release(report, stated, inputs.release);
            let beside = inputs.evidence.map(|file| same_evidence(&text, file));
            let absent = "No evidence file was given beside the envelope.";
            given(report, Part::EvidenceFile, beside, absent);
            table(report, Part::Original, Label::Original, predicate, inputs.tables);
            table(report, Part::Control, Label::Control, predicate, inputs.tables);
            audit_log(report, predicate.audit_log.as_ref(), inputs.log);
            let again = inputs.rerun.map(|file| same_rerun(&text, file));
            given(report, Part::Rerun, again, "The attacks were not run again.");
            report.evidence = Some(text);
        }
        Predicate::TestResult(result) => {
            let reason = "A test result carries no evidence.";
            report.skip(&[Part::EvidenceSchema, Part::EvidenceDigest, Part::EvidenceRelease], reason);
            release(report, stated, inputs.release);
            let beside = inputs.evidence.map(|file| match result.evidence() {
                None => Err("The test result does not say which evidence it is of.".to_owned()),
                Some(tested) => match tested.differs(&Digests::of(file)) {
                    None => Ok("The evidence file is the one that was tested.".to_owned()),
                    Some(by) => Err(format!("The evidence file is not the one that was tested, by {by}.")),
                },
            });
            given(report, Part::EvidenceFile, beside, "No evidence file was given beside the envelope.");
            report.skip(&[Part::Original, Part::Control], "A test result carries no commitments.");
            audit_log(report, None, inputs.log);
            report.skip(&[Part::Rerun], reason);
        }
    }
}

/// That the evidence has its format, and whether it can carry a pass: a signature under low figures says neither.
fn carries(evidence: &Evidence) -> Result<String, String> {
    let mut said = Vec::new();
    for attack in evidence.headline.keys() {
        for doubt in soundness::doubts(evidence, *attack, 0.0) {
            let Some(Doubt { message, .. }) = Doubt::of(doubt, Language::English) else { continue };
            let sentence = format!("{}: {message}", words::attack(Messages::of(Language::English), *attack));
            if doubt == Reason::HeadlineDoesNotFollow {
                return Err(sentence);
            }
            said.push(sentence);
        }
    }
    let format = "The evidence has the format that it names.";
    match said.is_empty() {
        true => Ok(format.to_owned()),
        false => Ok(format!("{format} It carries no pass for {}", said.join(" "))),
    }
}

/// The evidence in itself, and against what the statement says about it.
fn schema(report: &mut Report, text: &str, stated: &Digests, digest: &Digests) {
    let read = json::read(text);
    report.judge(
        Part::EvidenceSchema,
        match &read {
            Ok(evidence) => carries(evidence),
            Err(error) => Err(format!("The evidence in the statement cannot be read: {error}.")),
        },
    );
    report.judge(
        Part::EvidenceDigest,
        match digest.differs(&Digests::of(text.as_bytes())) {
            None => Ok("The evidence has the digests that the statement names.".to_owned()),
            Some(by) => Err(format!("The evidence in the statement has not the {by} that the statement names.")),
        },
    );
    match read {
        Err(_) => report.skip(&[Part::EvidenceRelease], "The evidence cannot be read."),
        Ok(evidence) => report.judge(
            Part::EvidenceRelease,
            match &evidence.inputs.anonymized.sha256 {
                None => Err("The evidence does not say which release it is about.".to_owned()),
                Some(digest) if *digest != stated.sha256 => {
                    Err("The evidence is about another release than the statement.".to_owned())
                }
                Some(_) => Ok("Evidence and statement are about the same release.".to_owned()),
            },
        ),
    }
}

fn given(report: &mut Report, part: Part, verdict: Option<Result<String, String>>, absent: &str) {
    match verdict {
        Some(verdict) => report.judge(part, verdict),
        None => report.add(part, Outcome::NotChecked, absent),
    }
}

fn release(report: &mut Report, stated: &Digests, found: Option<&Digests>) {
    let verdict = found.map(|found| match stated.differs(found) {
        None => Ok("The released file is the one that the statement is about.".to_owned()),
        Some(by) => Err(format!("The released file is not the one that the statement is about: its {by} differs.")),
    });
    given(report, Part::Release, verdict, "The released file was not given.");
}

fn same_evidence(text: &str, file: &[u8]) -> Result<String, String> {
    match diff::first(text.as_bytes(), file) {
        None => Ok("The evidence file is the signed one, byte for byte.".to_owned()),
        Some(difference) => Err(format!("The evidence file is not the signed one: {}.", place(&difference))),
    }
}

/// Time and place of the run cannot come out the same: evidence that carries them is compared without.
fn same_rerun(text: &str, file: &[u8]) -> Result<String, String> {
    let without_run = |text: &str| {
        let mut evidence = json::read(text).ok()?;
        evidence.run.take().map(|_| json::write(&evidence))
    };
    let (signed, again) = (without_run(text), std::str::from_utf8(file).ok().and_then(without_run));
    let note = if signed.is_some() || again.is_some() { ", apart from time and place of the run" } else { "" };
    let signed = signed.as_deref().unwrap_or(text).as_bytes();
    match diff::first(signed, again.as_deref().map_or(file, str::as_bytes)) {
        None => Ok(format!("Running the attacks again gave the same evidence, byte for byte{note}.")),
        Some(difference) => Err(format!("Running the attacks again gave other evidence: {}.", place(&difference))),
    }
}

fn place(difference: &diff::Difference) -> String {
    match &difference.pointer {
        Some(pointer) => format!("the first difference is on line {}, at `{pointer}`", difference.line),
        None => format!("the first difference is on line {}, and of spelling only or no JSON", difference.line),
    }
}

fn table(report: &mut Report, part: Part, label: Label, signed: &EvidencePredicate, found: Option<&Commitments>) {
    let name = label.name();
    let verdict = found.and_then(|found| Some((found, found.to(label)?))).map(|(found, commitment)| {
        let stated = signed.commitments.as_ref();
        match stated.and_then(|stated| Some((stated, stated.to(label)?))) {
            None => Err(format!(
                "The statement carries no commitment to the {name}: it cannot be told whether it is the one."
            )),
            Some((stated, _)) if stated.algorithm != found.algorithm => {
                Err(format!("The commitment to the {name} is of another algorithm than this version makes."))
            }
            Some((stated, _)) if !same(&stated.key_id, &found.key_id) => {
                Err(format!("The commitment key is not the one that the {name} was committed to with."))
            }
            Some((_, expected)) if !same(expected, commitment) => {
                Err(format!("The {name} is not the table that was committed to."))
            }
            Some(_) => Ok(format!("The {name} is the table that was committed to.")),
        }
    });
    given(report, part, verdict, &format!("The {name} was not given, or not the commitment key."));
}

fn audit_log(report: &mut Report, signed: Option<&Head>, file: Option<&[u8]>) {
    let verdict = file.map(|file| match (log::verify(file, signed), signed) {
        (Err(error), _) => Err(format!("The audit log is not whole: {error}.")),
        (Ok(head), Some(_)) => Ok(format!("The audit log has {} entries and contains the signed head.", head.entries)),
        (Ok(head), None) => Ok(format!(
            "The audit log has {} unbroken entries; no head was signed, so a cut end would not show.",
            head.entries
        )),
    });
    given(report, Part::AuditLog, verdict, "The audit log was not given.");
}
