//! `reident check` and `reident policy`: evidence against limits, and against an earlier run.

use crate::attest;
use crate::cli::{CheckArgs, PolicyCommand};
use crate::exit::Mismatch;
use crate::outcomes::{self, Outcomes};
use crate::output::{self, Output};
use anyhow::{Context, Result, anyhow, bail};
use clap::ArgMatches;
use reident_reports::attest::digest::sha256;
use reident_reports::check::format::Format;
use reident_reports::check::{PairedOutcomes, PairedRun, Policy, check, check_with_baseline, profiles};
use reident_reports::evidence::Evidence;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
    let policy = policy(&args.policy, &args.overrides)?;
    // A log that cannot be added to is found before anything is written.
    args.audit.audit_log.as_deref().map(attest::log::Log::open).transpose()?;
    let bytes = read(&args.evidence)?;
    let evidence = parsed(&bytes, &args.evidence)?;
    if let Some(file) = &args.anonymized {
        same_release(&evidence, file)?;
    }
    let baseline = args.baseline.as_deref().map(read).transpose()?;
    let inputs = [Some(args.evidence.as_path()), args.baseline.as_deref(), Some(Path::new(&args.policy))];
    args.out.iter().try_for_each(|out| output::apart(Some(out), &inputs))?;
    let outputs = outputs(args, order)?;
    let result = match args.baseline.as_deref().zip(baseline.as_deref()) {
        None => check(&evidence, &policy),
        Some((path, bytes)) => {
            let earlier = parsed(bytes, path)?;
            let outcomes = |path: &Option<PathBuf>| path.as_deref().map_or_else(|| Ok(Vec::new()), outcomes::read);
            let (new, old) = (outcomes(&args.outcomes)?, outcomes(&args.baseline_outcomes)?);
            check_with_baseline(&evidence, &policy, &earlier, &paired(&evidence, &earlier, &new, &old))
        }
    };
    let shown = args.evidence.to_string_lossy();
    for (format, output) in outputs {
        output.finish(format.render(&result, &shown).as_bytes())?;
    }
    if args.audit.audit_log.is_some() {
        attest::log::record_check(&args.audit, &bytes, baseline.as_deref(), &result)?;
    }
    Ok(result.exit_code)
}

/// Lists or shows the embedded policies.
///
/// # Errors
/// When there is none of that name.
pub fn policies(command: &PolicyCommand) -> Result<()> {
    match command {
        PolicyCommand::List => {
            for (name, _) in profiles::PROFILES {
                let policy = profiles::policy(name)?;
                output::print(&format!("{name:24} {}\n", policy.title));
            }
        }
        PolicyCommand::Show { name } => {
            profiles::policy(name)?;
            output::print(profiles::text(name).unwrap_or_default());
        }
    }
    Ok(())
}

/// A policy from a file, or by its name, with some values changed.
///
/// A name means the policy that comes with the program, whatever files lie about: a file needs a `/` or ends in `.toml`.
///
/// # Errors
/// When it cannot be read, is no policy, or a change cannot be applied.
pub fn policy(file_or_name: &str, overrides: &[String]) -> Result<Policy> {
    let mut policy = if file_or_name.contains(['/', '\\']) || file_or_name.ends_with(".toml") {
        let text =
            std::fs::read_to_string(file_or_name).with_context(|| format!("cannot read the policy {file_or_name}"))?;
        Policy::parse(&text, file_or_name)?
    } else {
        profiles::policy(file_or_name).map_err(|error| match Path::new(file_or_name).is_file() {
            true => anyhow!("{error}; to use the file of that name, write ./{file_or_name}"),
            false => error.into(),
        })?
    };
    for text in overrides {
        policy.override_with(text)?;
    }
    Ok(policy)
}

/// Reads evidence.
///
/// # Errors
/// When it cannot be read or is no evidence of this version.
pub fn evidence(path: &Path) -> Result<Evidence> {
    parsed(&read(path)?, path)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| anyhow!("cannot read the evidence {}: {error}", path.display()))
}

/// Evidence from the bytes of a file, which are read once: what is judged is what a log names.
fn parsed(bytes: &[u8], path: &Path) -> Result<Evidence> {
    let text = std::str::from_utf8(bytes).map_err(|_| anyhow!("{}: the evidence is no UTF-8 text", path.display()))?;
    reident_reports::json::read(text).map_err(|error| anyhow!("{}: {error}", path.display()))
}

/// Refuses a file that is not the release of the evidence.
fn same_release(evidence: &Evidence, file: &Path) -> Result<()> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let shown = file.display();
    match &evidence.inputs.anonymized.sha256 {
        None => {
            bail!("the evidence names no digest of its release, so {shown} cannot be tied to it; run evaluate again")
        }
        Some(digest) if *digest != sha256(&bytes) => {
            let message = format!("{shown} is not the release that the evidence is about: its SHA-256 differs");
            Err(Mismatch(message).into())
        }
        Some(_) => Ok(()),
    }
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

/// Pairs the outcomes of the attackers that both runs have, where both runs attacked the same rows.
fn paired<'a>(
    new: &Evidence,
    old: &Evidence,
    new_outcomes: &'a [Option<Outcomes>],
    old_outcomes: &'a [Option<Outcomes>],
) -> BTreeMap<usize, PairedRun<'a>> {
    let same_targets = new.settings.seed == old.settings.seed
        && new.settings.attacks == old.settings.attacks
        && new.inputs.original.rows == old.inputs.original.rows
        && new.inputs.control.as_ref().map(|table| table.rows) == old.inputs.control.as_ref().map(|table| table.rows);
    if !same_targets {
        return BTreeMap::new();
    }
    let pair = |(at, attack): (usize, &_)| {
        let attack: &reident_reports::evidence::Attack = attack;
        let before = old
            .attacks
            .iter()
            .position(|other| (other.attack, &other.attacker) == (attack.attack, &attack.attacker))?;
        let new = new_outcomes.get(at)?.as_ref()?;
        let old = old_outcomes.get(before)?.as_ref()?;
        let main = PairedOutcomes { old: &old.main, new: &new.main };
        let control = old.control.as_ref().zip(new.control.as_ref());
        Some((at, PairedRun { main, control: control.map(|(old, new)| PairedOutcomes { old, new }) }))
    };
    new.attacks.iter().enumerate().filter_map(pair).collect()
}
