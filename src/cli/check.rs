//! `reident check`: evidence against limits, and against an earlier run.

use super::audit::AuditArgs;
use super::language;
use super::output::{self, Output};
use crate::check;
use crate::evaluation::outcomes;
use anyhow::{Result, anyhow, bail};
use clap::{ArgMatches, Args};
use reident_reports::check::format::Format;
use reident_reports::message::Language;
use std::path::{Path, PathBuf};

/// `reident check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// What `evaluate --out` wrote
    #[arg(value_name = "EVIDENCE")]
    pub evidence: PathBuf,
    /// The name of a policy that comes with the program (see `reident policy list`), or a file: a path with a `/`, or ending in
    /// .toml
    #[arg(long, value_name = "NAME|FILE")]
    pub policy: String,
    /// Change a value of the policy, such as limits.linkability.max_risk=0.1; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub overrides: Vec<String>,
    /// The released file, which must be the one that the evidence is about (by SHA-256); another file is exit code 5
    #[arg(long, value_name = "FILE")]
    pub anonymized: Option<PathBuf>,
    /// Evidence of an earlier run to compare with
    #[arg(long, value_name = "EVIDENCE")]
    pub baseline: Option<PathBuf>,
    /// Who was hit in this run, for a comparison target by target
    #[arg(long, value_name = "FILE", requires = "baseline_outcomes")]
    pub outcomes: Option<PathBuf>,
    /// Who was hit in the earlier run
    #[arg(long, value_name = "FILE", requires = "outcomes", requires = "baseline")]
    pub baseline_outcomes: Option<PathBuf>,
    /// How the result is written; may be repeated, each followed by its --out
    #[arg(long, value_name = "FORMAT", value_parser = ["terminal", "json", "junit", "sarif", "markdown", "github"])]
    pub format: Vec<String>,
    /// Where the --format before it goes; standard output without one
    #[arg(long, value_name = "FILE")]
    pub out: Vec<PathBuf>,
    /// Language of the sentences: en or zh
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = language::parser())]
    pub lang: Language,
    /// The audit log.
    #[command(flatten)]
    pub audit: AuditArgs,
}

/// Where an argument stands on the command line, and whether it is a `--format` or an `--out`.
pub type Place = (usize, bool);

/// Positions of the `--format` and `--out` arguments: each `--out` belongs to the `--format` before it.
pub fn places(matches: &ArgMatches) -> Vec<Place> {
    let positions = |name: &str| matches.indices_of(name).map_or_else(Vec::new, Iterator::collect::<Vec<usize>>);
    let mut order: Vec<Place> = positions("format").into_iter().map(|at| (at, true)).collect();
    order.extend(positions("out").into_iter().map(|at| (at, false)));
    order.sort_unstable();
    order
}

/// Judges evidence and writes the result in every format asked for; returns the exit code.
///
/// # Errors
/// When a file cannot be read or written, or the policy is none.
pub fn run(args: &CheckArgs, order: &[Place]) -> Result<u8> {
    let language = args.lang;
    let policy = check::policy(&args.policy, &args.overrides)?;
    // A log that cannot be added to is found before anything is written.
    args.audit.open()?;
    let bytes = check::read(&args.evidence)?;
    let evidence = check::parsed(&bytes, &args.evidence)?;
    if let Some(file) = &args.anonymized {
        check::same_release(&evidence, file)?;
    }
    let baseline = args.baseline.as_deref().map(check::read).transpose()?;
    let inputs = [Some(args.evidence.as_path()), args.baseline.as_deref(), Some(Path::new(&args.policy))];
    args.out.iter().try_for_each(|out| output::apart(Some(out), &inputs))?;
    let outputs = outputs(args, order)?;
    let result = match args.baseline.as_deref().zip(baseline.as_deref()) {
        None => check::check_in(language, &evidence, &policy),
        Some((path, bytes)) => {
            let earlier = check::parsed(bytes, path)?;
            let outcomes = |path: &Option<PathBuf>| path.as_deref().map_or_else(|| Ok(Vec::new()), outcomes::read);
            let (new, old) = (outcomes(&args.outcomes)?, outcomes(&args.baseline_outcomes)?);
            let paired = check::paired(&evidence, &earlier, &new, &old);
            check::check_with_baseline(language, &evidence, &policy, &earlier, &paired)
        }
    };
    let shown = args.evidence.to_string_lossy();
    for (format, output) in outputs {
        output.finish(format.render(&result, &shown).as_bytes())?;
    }
    if args.audit.audit_log.is_some() {
        args.audit.record_check(&bytes, baseline.as_deref(), &result)?;
    }
    Ok(result.exit_code)
}

fn outputs(args: &CheckArgs, order: &[Place]) -> Result<Vec<(Format, Output)>> {
    let format = |name: &String| Format::from_name(name).ok_or_else(|| anyhow!("there is no format `{name}`"));
    let mut chosen: Vec<(Format, PathBuf)> = Vec::new();
    let (mut formats, mut outs) = (args.format.iter(), args.out.iter());
    let mut open = false;
    for (_, is_format) in order {
        if *is_format {
            chosen.extend(formats.next().map(format).transpose()?.map(|format| (format, PathBuf::from("-"))));
            open = true;
        } else if let Some(out) = outs.next() {
            match chosen.last_mut() {
                Some((_, path)) if open => *path = out.clone(),
                _ => bail!("--out {} has no --format before it; write --format FORMAT --out FILE", out.display()),
            }
            open = false;
        }
    }
    if chosen.is_empty() {
        chosen.push((Format::Terminal, PathBuf::from("-")));
    }
    chosen.into_iter().map(|(format, path)| Ok((format, Output::open(&path)?))).collect()
}
