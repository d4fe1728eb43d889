//! `reident demo`: what is measured on a fictional population, beside what is known to be true of it.

use super::evaluate;
use super::output::{self, Output};
use super::progress::Bar;
use crate::demo::{Treated, Treatment, World};
use crate::evaluation::{self, Options};
use crate::input::Sources;
use crate::settings::Settings;
use crate::settings::config::Config;
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use reident_reports::evidence::{AttackKind, Evidence};
use reident_reports::percent::percent;
use reident_reports::words;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// `reident demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Share of the release that is copied from the original
    #[arg(long, default_value_t = 0.2, value_name = "SHARE")]
    pub leak: f64,
    /// Make the release of the original's own records, so that it is known whose each is
    #[arg(long, value_enum, conflicts_with = "leak")]
    pub release: Option<ReleaseKind>,
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

/// What is done to the records of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReleaseKind {
    /// Ages, incomes and dates in bands
    Generalized,
    /// A token in the place of the name, all else as it was
    Pseudonymized,
    /// Numbers moved, some categories drawn again
    Perturbed,
    /// Half of the persons, as they were
    Sampled,
}

impl ReleaseKind {
    fn treatment(self) -> Treatment {
        match self {
            ReleaseKind::Generalized => Treatment::Generalized,
            ReleaseKind::Pseudonymized => Treatment::Pseudonymized,
            ReleaseKind::Perturbed => Treatment::Perturbed,
            ReleaseKind::Sampled => Treatment::Sampled,
        }
    }

    fn what(self) -> &'static str {
        match self {
            ReleaseKind::Generalized => "ages are in bands of ten years, incomes in bands of 20,000, dates are months",
            ReleaseKind::Pseudonymized => "a token stands in the place of each name, and all else is as it was",
            ReleaseKind::Perturbed => {
                "ages moved by about two years, incomes by a twentieth, dates by a week; a tenth of the districts and diagnoses \
                 are somebody else's"
            }
            ReleaseKind::Sampled => "half of the persons are in it, as they were",
        }
    }
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
    if let Some(release) = args.release {
        return of_records(args, release, out);
    }
    let world = World::new(args.rows as usize, args.leak, args.seed);
    if let Some(directory) = &args.write {
        write_files(directory, &world.files(), args.force)?;
    }
    let bar = Bar::new(false);
    let evidence = world.evaluate(args.seed, &bar)?;
    bar.finish();
    let truth = truth(&evidence, &world, args.write.as_deref());
    show(&evidence, &truth, out)
}

/// Shows what was measured and, beside it, what is true; writes the evidence where it was asked for.
fn show(evidence: &Evidence, truth: &str, out: Option<Output>) -> Result<()> {
    let to_stderr = matches!(out, Some(Output::Stdout));
    evaluate::show(evidence, to_stderr);
    if to_stderr {
        eprint!("{truth}");
    } else {
        output::print(truth);
    }
    match out {
        Some(out) => out.finish(reident_reports::json::write(evidence).as_bytes()),
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
        percent(planted)
    );
    for attack in [AttackKind::Linkability, AttackKind::Inference] {
        let risks: Vec<_> = evidence
            .attacks
            .iter()
            .filter(|shown| shown.attack == attack)
            .filter_map(|shown| shown.risk.as_ref())
            .collect();
        let ends =
            |pick: fn(f64, f64) -> f64, start: f64| percent(risks.iter().map(|risk| risk.value).fold(start, pick));
        let holding = risks.iter().filter(|risk| risk.interval[0] <= planted && planted <= risk.interval[1]).count();
        let _ = writeln!(
            text,
            "  {}: {} attackers measure {} to {}; {holding} of the {} intervals hold {}.",
            words::attack_title(attack),
            risks.len(),
            ends(f64::min, 1.0),
            ends(f64::max, 0.0),
            risks.len(),
            percent(planted)
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

/// The demo of a release that is made of the original's records: it goes through files, as a user's does.
fn of_records(args: &DemoArgs, release: ReleaseKind, out: Option<Output>) -> Result<()> {
    let world = World::new(args.rows as usize, 0.0, args.seed);
    let treated = world.treated(release.treatment(), args.seed);
    let away;
    let directory = match &args.write {
        Some(directory) => directory.as_path(),
        None => {
            away = tempfile::tempdir().context("cannot make a directory for the demo's tables")?;
            away.path()
        }
    };
    let [(original, of_original), _, (control, of_control)] = world.files();
    let files = [
        (original, of_original),
        ("anonymized", treated.csv.clone()),
        (control, of_control),
        ("record_map", treated.map()),
    ];
    write_files(directory, &files, args.force)?;
    let path = |name: &str| directory.join(format!("{name}.csv"));
    let sources = Sources::files(path(original), path("anonymized"), Some(path(control)));
    let settings = Settings::resolve(Config { seed: Some(args.seed), ..Config::default() })?;
    let settings = settings.with_record_map(Some(path("record_map")));
    let bar = Bar::new(false);
    let options = Options { reproducible: true, ..Options::default() };
    let evidence = evaluation::evaluate(&sources, &settings, options, &bar)?.evidence;
    bar.finish();
    let truth = truth_of_records(&evidence, release, &treated, args.write.as_deref());
    show(&evidence, &truth, out)
}

/// What is known to be true of a release of records, beside what was measured.
fn truth_of_records(evidence: &Evidence, release: ReleaseKind, treated: &Treated, written: Option<&Path>) -> String {
    let persons = evidence.inputs.original.rows.max(1) as f64;
    let mut text = format!(
        "\nThe truth of this fictional release: each of its {} rows is a person of the original, and it is known which; {}.\n",
        treated.from.len(),
        release.what()
    );
    let rates = evidence.attacks.iter().filter(|shown| shown.attack == AttackKind::RecordLinkage);
    let named = rates.filter_map(|shown| shown.main.as_ref()).map(|rate| rate.rate).fold(0.0, f64::max);
    let _ = match treated.most {
        Some(most) => writeln!(
            text,
            "  Its rows are of {most} kinds: nobody can name more than {} of the persons, and the best attacker names {}.",
            percent(most as f64 / persons),
            percent(named)
        ),
        None => writeln!(text, "  The best attacker names {} of the persons.", percent(named)),
    };
    if let Some(directory) = written {
        let shown = directory.display();
        let _ = writeln!(
            text,
            "\nThe tables are in {shown}. The same from files:\n  reident evaluate --original {shown}/original.csv \
             --anonymized {shown}/anonymized.csv --control {shown}/control.csv --record-map {shown}/record_map.csv --seed {} \
             --out evidence.json",
            evidence.settings.seed
        );
    }
    text
}

/// Writes files, over nobody's own unless told to.
fn write_files(directory: &Path, files: &[(&str, String)], force: bool) -> Result<()> {
    std::fs::create_dir_all(directory).with_context(|| format!("cannot make the directory {}", directory.display()))?;
    let path = |name: &str| directory.join(format!("{name}.csv"));
    if let Some(path) = files.iter().map(|(name, _)| path(name)).find(|path| path.exists() && !force) {
        bail!(
            "{} is there already: name another directory, or pass --force to replace the tables in it",
            path.display()
        );
    }
    for (name, text) in files {
        Output::open(&path(name))?.finish(text.as_bytes())?;
    }
    Ok(())
}
