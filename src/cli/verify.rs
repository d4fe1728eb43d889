//! `reident verify`: an envelope and everything that lies beside it.

use super::audit::{AuditArgs, waiting};
use super::progress::Bar;
use super::{output, terminal_width, use_threads};
use crate::attest::log::{self, Log};
use crate::attest::{files, rerun};
use crate::document::DocumentError;
use crate::evaluation;
use crate::input::Sources;
use anyhow::{Context, Result, bail};
use clap::Args;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use reident_reports::attest::commitment::{Commitments, Label};
use reident_reports::attest::report::{Check, Outcome, Part, Report};
use reident_reports::attest::verify::{Inputs, verify};
use reident_reports::digest::{Digests, sha256};
use reident_reports::evidence::Tool;
use reident_reports::json;
use std::path::{Path, PathBuf};

/// `reident verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Envelope to check
    #[arg(value_name = "ENVELOPE")]
    pub envelope: PathBuf,
    /// Public key of a signer to trust; may be repeated
    #[arg(long = "public-key", value_name = "FILE", required = true)]
    pub public_keys: Vec<PathBuf>,
    /// Evidence file that must be the signed one
    #[arg(long, value_name = "FILE")]
    pub evidence: Option<PathBuf>,
    /// Released file that must be the signed one
    #[arg(long, value_name = "FILE")]
    pub anonymized: Option<PathBuf>,
    /// The original, for its commitment and for --rerun
    #[arg(long, value_name = "FILE")]
    pub original: Option<PathBuf>,
    /// The control, for its commitment and for --rerun
    #[arg(long, value_name = "FILE")]
    pub control: Option<PathBuf>,
    /// The population file that the evidence was made with, for --rerun
    #[arg(long, value_name = "FILE", requires = "rerun")]
    pub population: Option<PathBuf>,
    /// An earlier release that the evidence was made with, for --rerun; may be repeated
    #[arg(long = "earlier-release", value_name = "FILE", requires = "rerun")]
    pub earlier: Vec<PathBuf>,
    /// Which release row came from which original row, for --rerun
    #[arg(long, value_name = "FILE")]
    pub record_map: Option<PathBuf>,
    /// Secret of the commitments
    #[arg(long, value_name = "FILE")]
    pub commitment_key: Option<PathBuf>,
    /// Hierarchy of a column that the evidence was made with, for --rerun; may be repeated
    #[arg(long = "hierarchy", value_name = "COLUMN=FILE", value_parser = super::read::hierarchy, requires = "rerun")]
    pub hierarchies: Vec<(String, PathBuf)>,
    /// Run the attacks of the evidence again: they must give the same bytes
    #[arg(long, requires = "original", requires = "anonymized")]
    pub rerun: bool,
    /// Threads for the attacks [default: all cores]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// Accept an envelope that another tool wrote: only what the signatures cover is protected then
    #[arg(long)]
    pub foreign_form: bool,
    /// No progress and no table
    #[arg(long, short)]
    pub quiet: bool,
    /// Audit log: checked against where it ended when the evidence was signed, then added to.
    #[command(flatten)]
    pub audit: AuditArgs,
}

/// What lies beside the envelope, as far as it was given.
struct Beside {
    evidence: Option<Vec<u8>>,
    release: Option<Digests>,
    tables: Option<Commitments>,
    log: Option<Vec<u8>>,
}

/// Checks everything that was given and prints what was found.
///
/// # Errors
/// When a file cannot be read, or a check failed.
pub fn run(args: &VerifyArgs) -> Result<()> {
    use_threads(args.threads)?;
    let keys =
        args.public_keys.iter().map(|path| files::public_key(path)).collect::<Result<Vec<_>, DocumentError>>()?;
    let envelope = files::bytes(&args.envelope)?;
    let beside = Beside {
        evidence: args.evidence.as_deref().map(files::bytes).transpose()?,
        release: args.anonymized.as_deref().map(files::release).transpose()?,
        tables: files::commitments(
            args.commitment_key.as_deref(),
            args.original.as_deref(),
            args.control.as_deref(),
            &output::warn,
        )?,
        log: args.audit.audit_log.as_deref().map(|path| log::read(path, waiting)).transpose()?,
    };
    let inputs = Inputs {
        release: beside.release.as_ref(),
        evidence: beside.evidence.as_deref(),
        tables: beside.tables.as_ref(),
        log: beside.log.as_deref(),
        rerun: None,
        foreign_form: args.foreign_form,
    };
    let mut report = verify(&envelope, &keys, &inputs);
    let mut rows = Vec::new();
    if args.rerun
        && let Some(signed) = report.evidence.clone()
    {
        if report.failures().any(|check| decides_rerun(check.part)) {
            let reason = "The attacks were not run again: a check above failed, so the files are not those of the run.";
            replace(&mut report, Outcome::NotChecked, reason.to_owned());
        } else if let Some(sources) = sources(args) {
            let signed = json::read(&signed)?;
            let map = args.record_map.as_deref();
            rerun::check_tables(&signed, &sources, map, &args.earlier)?;
            let bar = Bar::new(args.quiet);
            let hierarchies = args.hierarchies.iter().cloned().collect();
            let again =
                rerun::run(signed, &sources, map, args.earlier.clone(), hierarchies, &bar).map_err(anyhow::Error::new);
            bar.finish();
            match again {
                Ok(again) => {
                    let inputs = Inputs { rerun: Some(again.evidence.as_bytes()), ..inputs };
                    report = verify(&envelope, &keys, &inputs);
                    rows.extend(again.other_program.as_ref().map(other_program));
                }
                Err(error) => {
                    let message = format!("The attacks cannot be run again on these files: {error:#}.");
                    replace(&mut report, Outcome::Failed, message);
                }
            }
        }
    }
    if !args.quiet {
        output::print(&format!("{}\n", table(&report, &rows)));
    }
    record(args, &envelope, &beside, &report)?;
    verdict(args, &report)
}

fn sources(args: &VerifyArgs) -> Option<Sources> {
    let sources = Sources::files(args.original.clone()?, args.anonymized.clone()?, args.control.clone());
    Some(sources.with_population(args.population.clone()))
}

/// Checks without which the same tables and settings are not at hand.
fn decides_rerun(part: Part) -> bool {
    use Part::{Control, EvidenceDigest, EvidenceRelease, EvidenceSchema, Original, Release};
    matches!(part, EvidenceSchema | EvidenceDigest | EvidenceRelease | Release | Original | Control)
}

/// Puts another outcome into the line about running the attacks again.
fn replace(report: &mut Report, outcome: Outcome, message: String) {
    report.checks.retain(|check| check.part != Part::Rerun);
    report.checks.push(Check { part: Part::Rerun, outcome, message: message.replace(char::is_control, "\u{fffd}") });
}

/// Another version or another build may give the same figures, and here it is compared whether it does.
fn other_program(signed: &Tool) -> [String; 3] {
    let name = |tool: &Tool| {
        let name = format!("{} {}, commit {}", tool.name, tool.version, tool.commit);
        name.replace(char::is_control, "\u{fffd}")
    };
    let message = format!(
        "The evidence was made by {}; this is {}. Everything but this name was compared.",
        name(signed),
        name(&evaluation::tool())
    );
    ["program".to_owned(), word(Outcome::NotChecked).to_owned(), message]
}

fn table(report: &Report, more: &[[String; 3]]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_BORDERS_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(terminal_width())
        .set_header(["what", "result", "finding"]);
    for check in &report.checks {
        table.add_row([name(check.part), word(check.outcome), &check.message]);
    }
    for row in more {
        table.add_row(row);
    }
    for column in 0..2 {
        if let Some(column) = table.column_mut(column) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "FAILED",
        Outcome::NotChecked => "not checked",
    }
}

fn name(part: Part) -> &'static str {
    match part {
        Part::Envelope => "envelope",
        Part::Signature => "signature",
        Part::PayloadType => "payload type",
        Part::Statement => "statement",
        Part::EvidenceSchema => "evidence: format",
        Part::EvidenceDigest => "evidence: digest",
        Part::EvidenceRelease => "evidence: release",
        Part::Release => "release",
        Part::EvidenceFile => "evidence file",
        Part::Original => "original",
        Part::Control => "control",
        Part::AuditLog => "audit log",
        Part::Rerun => "re-run",
        _ => "other",
    }
}

/// Adds a line to the log that was checked; not to one that is not whole, and not to one that is kept from writing.
fn record(args: &VerifyArgs, envelope: &[u8], beside: &Beside, report: &Report) -> Result<()> {
    let Some(path) = &args.audit.audit_log else { return Ok(()) };
    if report.failures().any(|check| check.part == Part::AuditLog) {
        return Ok(());
    }
    if !writable(path) {
        eprintln!("warning: {} cannot be written: this check is not recorded", path.display());
        return Ok(());
    }
    let mut inputs = vec![log::item("envelope", &sha256(envelope))];
    inputs.extend(beside.evidence.iter().map(|file| log::item("evidence", &sha256(file))));
    inputs.extend(beside.release.iter().map(|digests| log::item("anonymized", &digests.sha256)));
    let tables = [("original", Label::Original, &args.original), ("control", Label::Control, &args.control)];
    for (name, label, path) in tables {
        let commitment = beside.tables.as_ref().and_then(|made| made.to(label));
        inputs.extend(path.iter().map(|_| log::committed(name, commitment)));
    }
    let verdict = if report.ok() { "report: verified" } else { "report: failed" };
    let outputs = vec![log::item(verdict, &sha256(&serde_json::to_vec(report).context("the report")?))];
    let parameters = (&report.signers, args.rerun, args.foreign_form);
    Log::open(path, waiting)?.append(args.audit.entry("verify", &parameters, inputs, outputs)?)?;
    Ok(())
}

fn writable(path: &Path) -> bool {
    std::fs::File::options().append(true).open(path).is_ok()
}

fn verdict(args: &VerifyArgs, report: &Report) -> Result<()> {
    let count = |outcome| report.checks.iter().filter(|check| check.outcome == outcome).count();
    if report.ok() {
        if !args.quiet {
            let (passed, not) = (count(Outcome::Passed), count(Outcome::NotChecked));
            output::print(&format!("verified: {passed} checks passed, none failed, {not} were not made\n"));
        }
        return Ok(());
    }
    let mut failed: Vec<&str> = report.failures().map(|check| name(check.part)).collect();
    failed.dedup();
    // Signed as it is, and no evidence: the signature is not the reason.
    if report.failures().all(|check| check.part == Part::EvidenceSchema) {
        bail!("{}: the signed evidence cannot be read", args.envelope.display());
    }
    let message = format!("{}: not verified: {} failed", args.envelope.display(), failed.join(", "));
    Err(DocumentError::mismatch(message).in_file(&args.envelope).into())
}
