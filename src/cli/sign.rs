//! `reident sign`: evidence into an envelope.

use super::audit::AuditArgs;
use super::output::{self, Output};
use crate::DocumentError;
use crate::attest::files;
use crate::attest::log;
use crate::evaluation::{self, clock};
use anyhow::{Context, Result, bail};
use clap::Args;
use reident_reports::attest::commitment::{Commitments, Label, same};
use reident_reports::attest::dsse::{Envelope, IN_TOTO};
use reident_reports::attest::statement::{
    BuildError, Extras, Predicate, Resource, Statement, Subject, TestResult, evidence_statement, test_result_statement,
};
use reident_reports::check::policy::Inconclusive;
use reident_reports::check::result::SCHEMA;
use reident_reports::check::{CheckResult, Verdict};
use reident_reports::digest::{Digests, sha256};
use reident_reports::json;
use std::path::{Path, PathBuf};

/// `reident sign`.
#[derive(Debug, Args)]
pub struct SignArgs {
    /// Evidence to sign
    #[arg(value_name = "EVIDENCE")]
    pub evidence: PathBuf,
    /// Private key; see `reident keygen`
    #[arg(long, value_name = "FILE", required_unless_present = "key_env", conflicts_with = "key_env")]
    pub key: Option<PathBuf>,
    /// Environment variable with the private key's PEM text
    #[arg(long, value_name = "VAR")]
    pub key_env: Option<String>,
    /// Environment variable with the private key's passphrase
    #[arg(long, value_name = "VAR")]
    pub passphrase_env: Option<String>,
    /// The released file that the evidence is about
    #[arg(long, value_name = "FILE", required_unless_present = "add_to")]
    pub anonymized: Option<PathBuf>,
    /// The original, to commit to; it is never named by a plain digest
    #[arg(long, value_name = "FILE", requires = "commitment_key")]
    pub original: Option<PathBuf>,
    /// The control, to commit to
    #[arg(long, value_name = "FILE", requires = "commitment_key")]
    pub control: Option<PathBuf>,
    /// Secret of the commitments; see `reident keygen --commitment`
    #[arg(long, value_name = "FILE", requires = "original")]
    pub commitment_key: Option<PathBuf>,
    /// Put the time of signing into what is signed
    #[arg(long, conflicts_with = "add_to")]
    pub signed_on: bool,
    /// Add a signature to this envelope, after checking that it holds this evidence
    #[arg(long, value_name = "ENVELOPE")]
    pub add_to: Option<PathBuf>,
    /// Where to write the envelope; `-` for standard output [default: the envelope of --add-to]
    #[arg(long, value_name = "FILE", required_unless_present = "add_to")]
    pub out: Option<PathBuf>,
    /// Result of `reident check` in JSON, to be signed as test-result/v0.1 in an envelope of its own
    #[arg(long, value_name = "FILE", requires = "check_out", conflicts_with = "add_to")]
    pub check_result: Option<PathBuf>,
    /// Where to write the envelope of the check's result
    #[arg(long, value_name = "FILE", requires = "check_result")]
    pub check_out: Option<PathBuf>,
    /// Audit log; where it ends is signed too.
    #[command(flatten)]
    pub audit: AuditArgs,
}

/// What is signed, as far as it is at hand.
struct Material {
    evidence: String,
    release: Option<Digests>,
    commitments: Option<Commitments>,
}

/// Signs.
///
/// # Errors
/// When a file cannot be read, the evidence is about another release, or an envelope to be added to holds other evidence.
pub fn run(args: &SignArgs) -> Result<()> {
    let read = [
        Some(args.evidence.as_path()),
        args.key.as_deref(),
        args.anonymized.as_deref(),
        args.original.as_deref(),
        args.control.as_deref(),
        args.commitment_key.as_deref(),
        args.check_result.as_deref(),
    ];
    output::apart(args.out.as_deref(), &read)?;
    output::apart(args.check_out.as_deref(), &read)?;
    let key = files::private_key(
        args.key.as_deref(),
        args.key_env.as_deref(),
        args.passphrase_env.as_deref(),
        &output::warn,
    )?;
    let material = Material {
        evidence: files::text(&args.evidence)?,
        release: args.anonymized.as_deref().map(files::release).transpose()?,
        commitments: files::commitments(
            args.commitment_key.as_deref(),
            args.original.as_deref(),
            args.control.as_deref(),
            &output::warn,
        )?,
    };
    // From here on nobody else adds to the log, so that the head that is signed is the one before this entry.
    let log = args.audit.open()?;
    let mut envelope = match &args.add_to {
        Some(path) => existing(path, &material)?,
        None => {
            let extras = Extras {
                commitments: material.commitments.clone(),
                audit_log: log.as_ref().map(|log| log.head.clone()),
                signed_on: args.signed_on.then(clock::now),
            };
            let payload = evidence_statement(subject(args, &material)?, &material.evidence, evaluation::tool(), extras)
                .map_err(|error| refused(error, &args.evidence))?;
            Envelope::new(IN_TOTO, payload)
        }
    };
    envelope.sign(&key)?;
    let mut envelopes = vec![("envelope", args.out.as_deref().or(args.add_to.as_deref()), envelope)];
    if let Some(path) = &args.check_result {
        let result = test_result(path, &material)?;
        let mut envelope = Envelope::new(IN_TOTO, test_result_statement(subject(args, &material)?, result));
        envelope.sign(&key)?;
        envelopes.push(("check envelope", args.check_out.as_deref(), envelope));
    }
    let mut outputs = Vec::new();
    for (name, path, envelope) in envelopes {
        let Some(path) = path else { bail!("give --out: where to write the {name}") };
        outputs.push((name, Output::open(path)?, envelope.to_json()));
    }
    let written = outputs.iter().map(|(name, _, text)| log::item(name, &sha256(text.as_bytes()))).collect();
    // The log says what was made, so it is made first.
    for (_, out, text) in outputs {
        out.finish(text.as_bytes())?;
    }
    if let Some(log) = log {
        let mut inputs = vec![log::item("evidence", &sha256(material.evidence.as_bytes()))];
        inputs.extend(material.release.iter().map(|digests| log::item("anonymized", &digests.sha256)));
        for (name, label, path) in
            [("original", Label::Original, &args.original), ("control", Label::Control, &args.control)]
        {
            let commitment = material.commitments.as_ref().and_then(|made| made.to(label));
            inputs.extend(path.iter().map(|_| log::committed(name, commitment)));
        }
        let parameters = (key.public().id(), args.signed_on, args.add_to.is_some());
        log.append(args.audit.entry("sign", &parameters, inputs, written)?)?;
    }
    eprintln!("signed by key {}", key.public().id());
    Ok(())
}

/// The released file, by its name without folders.
fn subject(args: &SignArgs, material: &Material) -> Result<Subject> {
    let (Some(path), Some(digest)) = (&args.anonymized, &material.release) else {
        bail!("give --anonymized: the released file that the evidence is about")
    };
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(Subject { name, digest: digest.clone() })
}

fn refused(error: BuildError, evidence: &Path) -> anyhow::Error {
    let message = format!("{}: {error}", evidence.display());
    match error {
        BuildError::OtherRelease => DocumentError::mismatch(message).into(),
        _ => anyhow::Error::msg(message),
    }
}

/// An envelope that another signature is to be added to. Its signatures are not checked: what counts for this signer is
/// that the payload says what the files at hand say.
fn existing(path: &Path, material: &Material) -> Result<Envelope> {
    let shown = path.display();
    let file = files::bytes(path)?;
    let envelope = Envelope::from_json(&file).with_context(|| shown.to_string())?;
    let mismatch = |what: &str| -> Result<()> { Err(DocumentError::mismatch(format!("{shown}: {what}")).into()) };
    if !envelope.is_own_form(&file) {
        mismatch("the envelope is not as `reident` writes it: it was edited, or another tool wrote it")?;
    }
    if envelope.payload_type != IN_TOTO {
        mismatch("the payload is no in-toto statement")?;
    }
    let statement = Statement::read(&envelope.payload).with_context(|| shown.to_string())?;
    let stated = match &statement.predicate {
        Predicate::Evidence(predicate) => {
            if predicate.evidence() != material.evidence {
                mismatch("the envelope holds other evidence than the file given")?;
            }
            Some(predicate)
        }
        Predicate::TestResult(result) => {
            let given = Digests::of(material.evidence.as_bytes());
            if result.evidence().is_none_or(|tested| tested.differs(&given).is_some()) {
                mismatch("the test result is of other evidence than the file given")?;
            }
            None
        }
    };
    if material.release.as_ref().is_some_and(|release| statement.subject.digest.differs(release).is_some()) {
        mismatch("the statement is about another release than the file given")?;
    }
    if let Some(given) = &material.commitments {
        let stated = stated.and_then(|predicate| predicate.commitments.as_ref());
        for label in [Label::Original, Label::Control] {
            let agree = |commitment: &str| {
                let stated = stated.and_then(|stated| stated.to(label));
                stated.is_some_and(|stated| same(stated, commitment))
            };
            if given.to(label).is_some_and(|commitment| !agree(commitment)) {
                mismatch(&format!("the {} or the commitment key is not the one that was committed to", label.name()))?;
            }
        }
    }
    Ok(envelope)
}

/// The verdicts of `reident check` as a test result. An inconclusive one is a warning where the policy lets it pass, and a
/// failure where it does not.
fn test_result(path: &Path, material: &Material) -> Result<TestResult> {
    let shown = || path.display().to_string();
    let text = files::text(path)?;
    let result: CheckResult = serde_json::from_str(&text).with_context(shown)?;
    if result.schema != SCHEMA {
        bail!("{}: is no result of `reident check` that this version reads", path.display());
    }
    let evidence = json::read(&material.evidence)?;
    let about = &result.subject;
    let same = about.release_sha256 == evidence.inputs.anonymized.sha256
        && about.seed == evidence.settings.seed
        && about.confidence == evidence.settings.confidence
        && about.tool == evidence.tool;
    if !same {
        return Err(
            DocumentError::mismatch(format!("{}: is the result of a check of other evidence", path.display())).into()
        );
    }
    let lets_pass = result.policy.inconclusive == Inconclusive::Pass;
    let judged = result.attacks.iter().filter_map(|attack| Some((attack.attack.code(), attack.verdict?)));
    let compared = result.comparison.iter().map(|comparison| ("comparison", comparison.verdict));
    let mut tests = [const { Vec::new() }; 3];
    for (name, verdict) in judged.chain(compared) {
        let list = match verdict {
            Verdict::Pass => 0,
            Verdict::Inconclusive if lets_pass => 1,
            Verdict::Inconclusive | Verdict::Fail => 2,
        };
        tests[list].push(name.to_owned());
    }
    let name = format!("check result, policy {} version {}", result.policy.name, result.policy.version);
    let policy = Resource { name, digest: Digests::of(text.as_bytes()) };
    TestResult::new(policy, material.evidence.as_bytes(), tests).with_context(shown)
}
