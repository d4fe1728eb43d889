//! `reident demo`: a fictional population, a release with a known share of copied persons, and what is measured.

mod population;

use crate::cli::DemoArgs;
use crate::config::Config;
use crate::evaluate::{self, Options};
use crate::output::{self, Output};
use crate::settings::{Overrides, Settings};
use anyhow::{Context, Result, bail};
use population::{Person, World};
use reident_attacks::AttackError;
use reident_attacks::table::{Kind, RawColumn, Tables, TablesBuilder};
use reident_reports::evidence::{AttackName, ColumnShape, Evidence, Inputs, TableShape};
use reident_reports::words;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::Path;

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
    let settings = Settings::resolve(Config::default(), Overrides { seed: Some(args.seed), ..Overrides::default() })?;
    let tables = tables(&world).context("the demo's own tables")?;
    let evidence = evaluate::tables(
        &tables,
        inputs(&world, &tables),
        &settings,
        Vec::new(),
        Options { quiet: false, reproducible: true, keep_hits: false, explain: false },
    )?
    .evidence;
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
    for attack in [AttackName::Linkability, AttackName::Inference] {
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
    let tables = [("original", &world.original), ("anonymized", &world.release), ("control", &world.control)];
    let tables = tables.map(|(name, persons)| (directory.join(format!("{name}.csv")), persons));
    if let Some((path, _)) = tables.iter().find(|(path, _)| path.exists() && !force) {
        bail!(
            "{} is there already: name another directory, or pass --force to replace the tables in it",
            path.display()
        );
    }
    for (path, persons) in tables {
        Output::open(&path)?.finish(population::csv(persons).as_bytes())?;
    }
    Ok(())
}

fn inputs(world: &World, tables: &Tables) -> Inputs {
    let shape = |persons: &[Person]| TableShape {
        rows: persons.len() as u64,
        columns: tables.columns.len() as u64,
        sha256: None,
    };
    let digest = Sha256::digest(population::csv(&world.release).as_bytes());
    let hex = digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    Inputs {
        original: shape(&world.original),
        anonymized: TableShape { sha256: Some(hex), ..shape(&world.release) },
        control: Some(shape(&world.control)),
        columns: tables
            .columns
            .iter()
            .map(|column| ColumnShape {
                name: column.name.clone(),
                kind: column.domain.kind().name().to_owned(),
                missing_original: 0,
                missing_anonymized: 0,
                generalized: 0,
                comparable: None,
            })
            .collect(),
        not_released: Vec::new(),
        only_released: Vec::new(),
        overlap: None,
        control_checks: Vec::new(),
        blank_rows: None,
    }
}

fn tables(world: &World) -> Result<Tables, AttackError> {
    let sizes = (world.original.len(), world.release.len(), Some(world.control.len()));
    let mut builder = TablesBuilder::new(sizes.0, sizes.1, sizes.2);
    let three =
        |of: &dyn Fn(&[Person]) -> RawColumn| (of(&world.original), of(&world.release), Some(of(&world.control)));
    let mut numbers = |name: &str, kind: Kind, value: fn(&Person) -> f64| {
        let column = |persons: &[Person]| RawColumn::numbers(&persons.iter().map(value).collect::<Vec<_>>());
        let (original, release, control) = three(&column);
        builder.add(name, kind, original, release, control)
    };
    numbers("age", Kind::Numeric, |person| f64::from(person.age))?;
    numbers("income", Kind::Numeric, |person| f64::from(person.income))?;
    numbers("visits", Kind::Numeric, |person| f64::from(person.visits))?;
    numbers("visit_date", Kind::Date, |person| f64::from(person.visit_day))?;
    let mut texts = |name: &str, value: fn(&Person) -> &'static str| {
        let column = |persons: &[Person]| RawColumn::texts(&persons.iter().map(value).collect::<Vec<_>>());
        let (original, release, control) = three(&column);
        builder.add(name, Kind::Categorical, original, release, control)
    };
    texts("sex", |person| person.sex)?;
    texts("district", |person| person.district)?;
    texts("occupation", |person| person.occupation)?;
    texts("diagnosis", |person| person.diagnosis)?;
    Ok(builder.finish())
}
