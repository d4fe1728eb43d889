//! What each attack of the default run costs, in seconds of processor time over all threads, on three CSV files.
//!
//! ```text
//! cargo run --release -p reident-attacks --example default_run -- [--repeat 3] [--only inference,distance] [--digest] FOLDER
//! ```
//!
//! `FOLDER` holds `adults_train.csv`, `adults_syn_ctgan.csv` and `adults_control.csv` (comma-separated, one header line, no quotes).
//! With `--digest`, a line is printed that depends on what every attempt came to: two versions of the attacks that print the same
//! line have the same outcomes.

use reident_attacks::comparison::{mixing, shift, used};
use reident_attacks::evaluation::{Attacker, Plan, evaluate};
use reident_attacks::inference::{Correctness, Guesser, InferenceAttacker};
use reident_attacks::linkability::LinkabilityAttacker;
use reident_attacks::matcher::Matcher;
use reident_attacks::sampling::{Stream, Task};
use reident_attacks::singling_out::{Mode, SinglingOutAttacker};
use reident_attacks::subgroups::{Subgroups, Wanted};
use reident_attacks::table::{Kind, RawColumn, Tables, TablesBuilder};
use reident_attacks::targets::NoProgress;
use sha2::{Digest, Sha256};
use std::error::Error;
use std::path::Path;
use std::time::Instant;

/// The cells of a file, column by column, and the columns' names.
struct Cells {
    names: Vec<String>,
    columns: Vec<Vec<String>>,
}

fn read(path: &Path) -> Result<Cells, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    let mut lines = text.lines();
    let names: Vec<String> = lines.next().ok_or("no header")?.split(',').map(str::to_owned).collect();
    let mut columns = vec![Vec::new(); names.len()];
    for line in lines {
        for (column, value) in columns.iter_mut().zip(line.split(',')) {
            column.push(value.to_owned());
        }
    }
    Ok(Cells { names, columns })
}

/// A column is numeric when all its cells are numbers in all tables.
fn tables(folder: &Path) -> Result<Tables, Box<dyn Error>> {
    let file = |name: &str| read(&folder.join(name));
    let (original, release) = (file("adults_train.csv")?, file("adults_syn_ctgan.csv")?);
    let control = file("adults_control.csv")?;
    let rows = |cells: &Cells| cells.columns[0].len();
    let mut builder = TablesBuilder::new(rows(&original), rows(&release), Some(rows(&control)));
    for (at, name) in original.names.iter().enumerate() {
        let tables = [&original, &release, &control].map(|cells| &cells.columns[at]);
        let is_numeric = tables.iter().all(|cells| cells.iter().all(|cell| cell.parse::<f64>().is_ok()));
        let kind = if is_numeric { Kind::Numeric } else { Kind::Categorical };
        let [original, release, control] = tables.map(|cells| match is_numeric {
            true => RawColumn::numbers(&cells.iter().map(|cell| cell.parse().unwrap()).collect::<Vec<f64>>()),
            false => RawColumn::texts(cells),
        });
        builder.add(name, kind, original, release, Some(control))?;
    }
    Ok(builder.finish())
}

/// The attackers of the default run, by name of the part.
fn parts(tables: &Tables) -> Vec<(String, Vec<Attacker>)> {
    let all: Vec<usize> = (0..tables.columns.len()).collect();
    let modes = [Mode::Univariate, Mode::Multivariate(2), Mode::Multivariate(3), Mode::Multivariate(4)];
    let singling_out = |mode| Attacker::from(SinglingOutAttacker { mode, columns: all.clone(), predicates: 20_000 });
    let mut parts = vec![("singling out".to_owned(), modes.map(singling_out).to_vec())];
    for matcher in [Matcher::Distance, Matcher::Agreement] {
        let split = |item| {
            let mut shuffled = all.clone();
            Stream::new(0, Task::Halves, item).shuffle(&mut shuffled);
            let (one, other) = shuffled.split_at(all.len().div_ceil(2));
            let mut halves = [one.to_vec(), other.to_vec()];
            halves.iter_mut().for_each(|half| half.sort_unstable());
            LinkabilityAttacker { halves, matcher, neighbors: 1, searched: None }.into()
        };
        parts.push((format!("linkability, {}", matcher.name()), (0..5).map(split).collect()));
    }
    for matcher in [Matcher::Distance, Matcher::Agreement] {
        let infer = |secret: &usize| {
            let known = all.iter().copied().filter(|column| column != secret).collect();
            let correctness = Correctness::default();
            InferenceAttacker {
                secret: *secret,
                known,
                guesser: Guesser::nearest(matcher, 1),
                correctness,
                searched: None,
            }
            .into()
        };
        parts.push((format!("inference, {}", matcher.name()), all.iter().map(infer).collect()));
    }
    parts
}

/// Seconds of all threads so far.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn timed<T>(name: &str, repeat: usize, run: impl Fn() -> T) -> T {
    let (cpu, wall) = (processor_seconds(), Instant::now());
    let mut result = run();
    for _ in 1..repeat {
        result = run();
    }
    let of_one = |seconds: f64| seconds / repeat as f64;
    let (cpu, wall) = (of_one(processor_seconds() - cpu), of_one(wall.elapsed().as_secs_f64()));
    println!("{name:30} {cpu:6.2} s of processors, {wall:6.2} s by the clock");
    result
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut folder, mut repeat, mut only, mut digest) = (None, 1, Vec::new(), false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or("an option needs a value");
        match argument.as_str() {
            "--repeat" => repeat = value()?.parse()?,
            "--only" => only = value()?.split(',').map(str::to_owned).collect(),
            "--digest" => digest = true,
            _ => folder = Some(argument),
        }
    }
    let tables = tables(Path::new(&folder.ok_or("which folder?")?))?;
    let is_wanted = |name: &str| only.iter().all(|word| name.contains(word.as_str()));
    let (cpu, wall) = (processor_seconds(), Instant::now());
    if is_wanted("checks of the control") {
        let control = tables.control.as_ref().ok_or("no control")?;
        timed("checks of the control", repeat, || {
            (
                mixing::mixing(&tables),
                shift::labels(&tables),
                shift::marginals(&tables),
                used::used(&tables.original, &tables.anonymized, control),
            )
        });
    }
    let wanted = Wanted { exposed: true, columns: Vec::new() };
    if is_wanted("subgroups") {
        timed("subgroups", repeat, || Subgroups::of(&tables, &wanted, &NoProgress));
    }
    for (name, attackers) in parts(&tables).into_iter().filter(|(name, _)| is_wanted(name)) {
        let plan = Plan { attackers, keep_hits: digest, ..Plan::new(0) };
        let results = timed(&name, repeat, || evaluate(&tables, &plan, &NoProgress).expect("the plan fits"));
        let risks = timed("  its risks", repeat, || results.risks(0.95));
        if digest {
            let told: Vec<_> =
                results.attackers.iter().map(|result| (&result.counts, &result.detail, &result.hits)).collect();
            let digest: String =
                Sha256::digest(format!("{told:?} {risks:?}")).iter().map(|byte| format!("{byte:02x}")).collect();
            println!("{name:30} {digest}");
        }
    }
    println!(
        "together: {:.2} s of processors, {:.2} s by the clock",
        (processor_seconds() - cpu) / repeat as f64,
        wall.elapsed().as_secs_f64() / repeat as f64
    );
    Ok(())
}
