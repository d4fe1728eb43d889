//! Power and false alarms of the membership attack, and its time (METHOD section 8, items 1 and 2).
//!
//! A release holds a share of the rows of the original, each with some of its columns changed, and fresh rows besides; the control
//! holds others. For each kind of leak, over many seeds: how often the attack's simultaneous lower end lies above 0, by all scores, by each of
//! them, and by the areas alone, and how often its interval at that level holds the share that was copied.
//!
//! ```text
//! cargo run --release -p reident-attacks --example membership_calibration -- [--seeds 100] [--persons 1000]
//!     [--control 1000] [--leaks 0,0.01,0.02,0.05] [--changed 0,3,5]
//! ```

use rayon::prelude::*;
use reident_attacks::membership::{Score, Separation, separate};
use reident_attacks::sampling::{Stream, Task};
use reident_attacks::table::{Kind, RawColumn, Tables, TablesBuilder};
use reident_attacks::targets::{NoProgress, TargetRows};
use std::error::Error;
use std::time::Instant;

const COLUMNS: usize = 14;
/// The level at which the four scores hold at once.
const SIMULTANEOUS: f64 = 1.0 - 0.05 / 4.0;

/// Persons of two columns of many numbers and twelve of few categories, as rows.
fn population(stream: &mut Stream, persons: usize) -> Vec<Vec<f64>> {
    let person = |stream: &mut Stream| -> Vec<f64> {
        let shared = stream.normal();
        (0..COLUMNS)
            .map(|column| match column {
                0 => (40.0 + 14.0 * stream.normal()).round(),
                1 => (9.0 + 0.6 * shared + stream.normal()).exp().round(),
                2 | 3 => (20.0 * stream.unit() * stream.unit()).floor(),
                _ => (1.5 * (shared * 0.3 + stream.normal()).abs()).floor() + (column % 3) as f64,
            })
            .collect()
    };
    (0..persons).map(|_| person(stream)).collect()
}

/// Tables of which the first rows of the original are in the release but for so many columns each.
fn world(seed: u64, [persons, control]: [usize; 2], leaked: usize, changed: usize) -> Tables {
    let mut stream = Stream::new(seed, Task::Population, 2);
    let [original, mut release, control] = [persons, persons, control].map(|count| population(&mut stream, count));
    for (own, row) in original[..leaked].iter().zip(&mut release) {
        // Cells of somebody else stay where a column is changed.
        let kept = stream.sample(COLUMNS, COLUMNS - changed);
        kept.into_iter().for_each(|column| row[column] = own[column]);
    }
    let mut builder = TablesBuilder::new(original.len(), release.len(), Some(control.len()));
    for column in 0..COLUMNS {
        let kind = if column < 2 { Kind::Numeric } else { Kind::Categorical };
        let of = |rows: &[Vec<f64>]| {
            let values = || rows.iter().map(|row| row[column]);
            match kind {
                Kind::Numeric => RawColumn::numbers(&values().collect::<Vec<f64>>()),
                _ => RawColumn::texts(&values().map(|value| value.to_string()).collect::<Vec<String>>()),
            }
        };
        builder.add(&format!("c{column}"), kind, of(&original), of(&release), Some(of(&control))).expect("columns fit");
    }
    builder.finish()
}

fn separations(tables: &Tables) -> Vec<Separation> {
    let columns: Vec<usize> = (0..COLUMNS).collect();
    let found = separate(tables, &TargetRows::everybody(tables), &columns, &Score::ALL, &NoProgress);
    found.expect("there is a control").into_iter().map(|(separation, _)| separation).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let numbers = |text: &str| text.split(',').map(str::parse).collect::<Result<Vec<f64>, _>>();
    let (mut seeds, mut persons, mut control) = (100, 1000, 1000);
    let (mut leaks, mut changes) = (vec![0.0, 0.01, 0.02, 0.05], vec![0.0, 3.0, 5.0]);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or("an option needs a value")?;
        match argument.as_str() {
            "--seeds" => seeds = value.parse()?,
            "--persons" => persons = value.parse()?,
            "--control" => control = value.parse()?,
            "--leaks" => leaks = numbers(&value)?,
            "--changed" => changes = numbers(&value)?,
            other => return Err(format!("{other} is no option").into()),
        }
    }
    println!("leak   changed | found  distance ratio  relative agreement | by areas | holds | s/run");
    for leak in leaks {
        for changed in &changes {
            if leak == 0.0 && *changed > 0.0 {
                continue;
            }
            let leaked = (leak * persons as f64).round() as usize;
            let begun = Instant::now();
            let runs: Vec<Vec<Separation>> = (0..seeds)
                .into_par_iter()
                .map(|seed| separations(&world(seed, [persons, control], leaked, *changed as usize)))
                .collect();
            let seconds = begun.elapsed().as_secs_f64() / seeds as f64;
            let share = |of: &dyn Fn(&[Separation]) -> bool| {
                runs.iter().filter(|found| of(found)).count() as f64 / seeds as f64
            };
            let interval =
                |found: &Separation| found.risk(SIMULTANEOUS).expect("somebody of the control is safe").interval;
            let by = |score: usize| share(&|found| interval(&found[score]).lo > 0.0);
            println!(
                "{leak:<6} {changed:<7} | {:.2}   {:.2}     {:.2}   {:.2}     {:.2}      | {:.2}     | {:.2}  | {seconds:.2}",
                share(&|found| found.iter().any(|found| interval(found).lo > 0.0)),
                by(0),
                by(1),
                by(2),
                by(3),
                share(&|found| found.iter().any(|found| found.area.advantage(SIMULTANEOUS).1.lo > 0.0)),
                // A release that tells of all who were copied, and of nobody else.
                share(&|found| found.iter().all(|found| interval(found).lo <= leak)
                    && found.iter().any(|found| interval(found).hi >= leak)),
            );
        }
    }
    Ok(())
}
