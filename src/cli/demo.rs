//! `reident demo`: what is measured on a fictional population, beside what is known to be true of it.

use super::evaluate;
use super::output::{self, Output};
use super::progress::Bar;
use crate::demo::World;
use anyhow::{Context, Result, bail};
use clap::Args;
use reident_reports::evidence::{AttackKind, Evidence};
use reident_reports::words;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// `reident demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Share of the release that is copied from the original
    #[arg(long, default_value_t = 0.2, value_name = "SHARE")]
    pub leak: f64,
    /// Persons in the original, in the release and in the control
    #[arg(long, default_value_t = 10_000, value_name = "N", value_parser = clap::value_parser!(u32).range(20..=10_000_000))]
    pub rows: u32,
    /// Seed of the population and of the attacks
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// Write the three tables as CSV files into this directory
    #[arg(long, value_name = "DIR")]
    pub write: Option<PathBuf>,
    /// Replace tables that stand in that directory
    #[arg(long, requires = "write")]
    pub force: bool,
    /// Where to write the evidence; `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Runs the demo.
///
/// # Errors
/// When the share is out of range or a file cannot be written.
pub fn run(args: &DemoArgs) -> Result<()> {
    if !(0.0..=1.0).contains(&args.leak) {
        bail!("--leak is a share between 0 and 1, for example 0.2");
    }
    let out = args.out.as_deref().map(Output::open).transpose()?;
    let world = World::new(args.rows as usize, args.leak, args.seed);
    if let Some(directory) = &args.write {
        write_tables(directory, &world, args.force)?;
    }
    let bar = Bar::new(false);
    let evidence = world.evaluate(args.seed, &bar)?;
    bar.finish();
    let to_stderr = matches!(out, Some(Output::Stdout));
    evaluate::show(&evidence, to_stderr);
    let truth = truth(&evidence, &world, args.write.as_deref());
    if to_stderr {
        eprint!("{truth}");
    } else {
        output::print(&truth);
    }
    match out {
        Some(out) => out.finish(reident_reports::json::write(&evidence).as_bytes()),
        None => Ok(()),
    }
}

/// What is known to be true, beside what was measured.
fn truth(evidence: &Evidence, world: &World, written: Option<&Path>) -> String {
    let planted = world.leaked as f64 / world.release.len() as f64;
    let mut text = String::new();
    let _ = writeln!(
        text,
        "\nThe truth of this fictional release: {} of its {} rows ({}) are verbatim copies of originals, the others are \
         persons who are in no other table.",
        world.leaked,
        world.release.len(),
        words::percent(planted)
    );
    for attack in [AttackKind::Linkability, AttackKind::Inference] {
        let risks: Vec<_> = evidence
            .attacks
            .iter()
            .filter(|shown| shown.attack == attack)
            .filter_map(|shown| shown.risk.as_ref())
            .collect();
        let ends = |pick: fn(f64, f64) -> f64, start: f64| {
            words::percent(risks.iter().map(|risk| risk.value).fold(start, pick))
        };
        let holding = risks.iter().filter(|risk| risk.interval[0] <= planted && planted <= risk.interval[1]).count();
        let _ = writeln!(
            text,
            "  {}: {} attackers measure {} to {}; {holding} of the {} intervals hold {}.",
            words::attack_title(attack),
            risks.len(),
            ends(f64::min, 1.0),
            ends(f64::max, 0.0),
            risks.len(),
            words::percent(planted)
        );
    }
    let _ = writeln!(text, "  Singling out grows with the share, and is 0 without a leak.");
    if let Some(directory) = written {
        let shown = directory.display();
        let _ = writeln!(
            text,
            "\nThe tables are in {shown}. The same from files:\n  reident evaluate --original {shown}/original.csv \
             --anonymized {shown}/anonymized.csv --control {shown}/control.csv --seed {} --out evidence.json",
            evidence.settings.seed
        );
    }
    text
}

/// Writes the three tables, over nobody's own files unless told to.
fn write_tables(directory: &Path, world: &World, force: bool) -> Result<()> {
    std::fs::create_dir_all(directory).with_context(|| format!("cannot make the directory {}", directory.display()))?;
    let tables = world.files().map(|(name, text)| (directory.join(format!("{name}.csv")), text));
    if let Some((path, _)) = tables.iter().find(|(path, _)| path.exists() && !force) {
        bail!(
            "{} is there already: name another directory, or pass --force to replace the tables in it",
            path.display()
        );
    }
    for (path, text) in tables {
        Output::open(&path)?.finish(text.as_bytes())?;
    }
    Ok(())
}
