//! Calibration of singling out with a control of another size (METHOD section 8, items 1 and 2).
//!
//! A release holds a share f of the rows of the original and fresh rows besides; the control holds others. For every f and
//! every size of the control, over many seeds: the mean of the signed risk, how often its 95 % interval covers the
//! truth, how often the truth lies above it, and its width.
//!
//! The truth is the mean risk at the original's size: 1 − (1 − p)/(1 − ν) with p the mean share of isolating predicates at
//! this f and ν its mean among as many fresh persons as the original has, over all seeds and all f (without a
//! leak p = ν). For a column of distinct values it is f.
//!
//! ```text
//! cargo run --release -p reident-attacks --example isolation_calibration -- [--seeds 200] [--persons 4000] [--predicates 500]
//!     [--modes distinct,univariate,2,3,4] [--leaks 0,0.05,0.1,0.2,0.25,0.5,1] [--sizes 0.02,0.1,0.5,1,2] [TABLE.csv]
//! ```
//!
//! Without a CSV file (comma-separated, one header line, no quotes), rows are synthetic: two columns of many values, three
//! of counts with long tails and four of categories, all depending on one another a little.

use rayon::prelude::*;
use reident_attacks::sampling::{Stream, Task};
use reident_attacks::singling_out::{Mode, Prepared, SinglingOutAttacker};
use reident_attacks::stats::risk::Risk;
use reident_attacks::table::{Kind, RawColumn, TablesBuilder};
use reident_attacks::targets::NoProgress;
use std::error::Error;
use std::time::Instant;

/// Columns of a population.
enum Column {
    Numbers(Vec<f64>),
    Texts(Vec<String>),
}

impl Column {
    fn rows(&self, rows: &[u32]) -> RawColumn {
        match self {
            Column::Numbers(values) => {
                RawColumn::numbers(&rows.iter().map(|row| values[*row as usize]).collect::<Vec<_>>())
            }
            Column::Texts(values) => {
                RawColumn::texts(&rows.iter().map(|row| &values[*row as usize]).collect::<Vec<_>>())
            }
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Column::Numbers(_) => Kind::Numeric,
            Column::Texts(_) => Kind::Categorical,
        }
    }
}

struct Options {
    seeds: u64,
    persons: usize,
    predicates: usize,
    modes: Vec<String>,
    leaks: Vec<f64>,
    sizes: Vec<f64>,
    table: Option<String>,
}

fn options() -> Result<Options, Box<dyn Error>> {
    let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
    let numbers = |text: &str| text.split(',').map(str::parse).collect::<Result<Vec<f64>, _>>();
    let mut options = Options {
        seeds: 200,
        persons: 4000,
        predicates: 500,
        modes: list("distinct,univariate,2,3,4"),
        leaks: numbers("0,0.05,0.1,0.2,0.25,0.5,1")?,
        sizes: numbers("0.02,0.1,0.5,1,2")?,
        table: None,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or("an option needs a value");
        match argument.as_str() {
            "--seeds" => options.seeds = value()?.parse()?,
            "--persons" => options.persons = value()?.parse()?,
            "--predicates" => options.predicates = value()?.parse()?,
            "--modes" => options.modes = list(&value()?),
            "--leaks" => options.leaks = numbers(&value()?)?,
            "--sizes" => options.sizes = numbers(&value()?)?,
            _ => options.table = Some(argument),
        }
    }
    Ok(options)
}

/// The columns of a CSV file; one whose every value is a number or `?` is numeric.
fn read(path: &str) -> Result<Vec<Column>, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    let mut lines = text.lines();
    let width = lines.next().ok_or("no header")?.split(',').count();
    let mut columns = vec![Vec::new(); width];
    for line in lines {
        for (column, value) in columns.iter_mut().zip(line.split(',')) {
            column.push(value.trim().to_owned());
        }
    }
    let number = |value: &String| if value == "?" { Some(f64::NAN) } else { value.parse().ok() };
    Ok(columns
        .into_iter()
        .map(|values| match values.iter().map(number).collect::<Option<Vec<f64>>>() {
            Some(numbers) => Column::Numbers(numbers),
            None => Column::Texts(values),
        })
        .collect())
}

/// Synthetic persons.
fn synthetic(rows: usize) -> Vec<Column> {
    let mut stream = Stream::new(20, Task::Population, 0);
    let mut numbers: Vec<Vec<f64>> = vec![Vec::new(); 5];
    let mut texts: Vec<Vec<String>> = vec![Vec::new(); 4];
    for _ in 0..rows {
        let shared = stream.normal();
        let mut mixed = |share: f64| share * shared + (1.0 - share * share).sqrt() * stream.normal();
        let values = [
            (60_000.0 + 25_000.0 * mixed(0.2)).round(),
            (9.0 + 1.2 * mixed(0.5)).exp().round(),
            (40.0 + 14.0 * mixed(0.4)).round(),
            (1.5 + mixed(0.3)).exp().round(),
            (mixed(0.6) * 1.6 - 1.0).exp().round() * 100.0,
        ];
        numbers.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
        for (column, categories) in texts.iter_mut().zip([3.0f64, 8.0, 20.0, 60.0]) {
            // Categories with frequencies that fall like a power.
            let rank = (categories.ln() * (mixed(0.4) / 2.0).abs().min(1.0)).exp().floor();
            column.push(format!("c{rank}"));
        }
    }
    numbers.into_iter().map(Column::Numbers).chain(texts.into_iter().map(Column::Texts)).collect()
}

/// What one seed gave for one control.
struct Outcome {
    main: f64,
    risk: Option<Risk>,
    seconds: f64,
}

/// One seed with one leak, for every size of the control.
fn run(columns: &[Column], mode: &str, leak: f64, seed: u64, options: &Options) -> Vec<Outcome> {
    let persons = options.persons;
    let largest = options.sizes.iter().fold(0.0f64, |max, size| max.max(*size));
    let control = (largest * persons as f64).round() as usize;
    let population = match &columns[0] {
        Column::Numbers(values) => values.len(),
        Column::Texts(values) => values.len(),
    };
    let mut stream = Stream::new(seed, Task::Population, (leak * 1000.0) as u64);
    let mut order: Vec<u32> = (0..population as u32).collect();
    stream.shuffle(&mut order);
    let (original, rest) = order.split_at(persons);
    let (fresh, rest) = rest.split_at(persons);
    let control = &rest[..control.min(rest.len())];
    let leaked = (leak * persons as f64).round() as usize;
    let mut release: Vec<u32> = original[..leaked].iter().chain(&fresh[leaked..]).copied().collect();
    stream.shuffle(&mut release);
    let kind = match mode {
        "distinct" | "univariate" => Mode::Univariate,
        columns => Mode::Multivariate(columns.parse().expect("a mode is distinct, univariate or a number of columns")),
    };
    let size = |share: &f64| {
        let control = &control[..((share * persons as f64).round() as usize).min(control.len())];
        let mut builder = TablesBuilder::new(persons, persons, Some(control.len()));
        let identity;
        let columns = if mode == "distinct" {
            identity = [Column::Texts((0..population).map(|row| row.to_string()).collect())];
            &identity[..]
        } else {
            columns
        };
        for (at, column) in columns.iter().enumerate() {
            let [original, release, control] = [original, &release, control].map(|rows| column.rows(rows));
            builder.add(&format!("c{at}"), column.kind(), original, release, Some(control)).expect("columns fit");
        }
        let tables = builder.finish();
        let attacker =
            SinglingOutAttacker { mode: kind, columns: (0..columns.len()).collect(), predicates: options.predicates };
        let outcome = attacker.attack(&Prepared::new(&tables), seed, 0, &NoProgress);
        let begun = Instant::now();
        let risk = outcome.estimate(0.95).map(|risk| Risk {
            // At equal sizes the control's own rate is the null rate.
            null_rate: risk.null_rate.or(outcome.control.map(|control| control.rate())),
            ..risk
        });
        Outcome { main: outcome.main.rate(), risk, seconds: begun.elapsed().as_secs_f64() }
    };
    options.sizes.iter().map(size).collect()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let columns = match &options.table {
        Some(path) => read(path)?,
        None => synthetic(40_000),
    };
    println!("mode        leak  m/N   null  truth |   mean    sd  cover above below width  undetermined  s/estimate");
    for mode in &options.modes {
        let results: Vec<Vec<Vec<Outcome>>> = options
            .leaks
            .iter()
            .map(|leak| {
                (0..options.seeds).into_par_iter().map(|seed| run(&columns, mode, *leak, seed, &options)).collect()
            })
            .collect();
        // The null rate at the original's size, by the largest control, which must not be smaller than the original.
        let null_rates = results.iter().flatten().filter_map(|sizes| sizes.last()?.risk.as_ref()?.null_rate);
        let null_rate = mean(null_rates);
        for (leak, seeds) in options.leaks.iter().zip(&results) {
            let main = mean(seeds.iter().map(|sizes| sizes[0].main));
            let truth = match (mode.as_str(), *leak == 0.0) {
                ("distinct", _) => *leak,
                (_, true) => 0.0,
                _ => 1.0 - (1.0 - main) / (1.0 - null_rate),
            };
            for (at, size) in options.sizes.iter().enumerate() {
                let all: Vec<&Risk> = seeds.iter().filter_map(|sizes| sizes[at].risk.as_ref()).collect();
                let share = |of: &dyn Fn(&Risk) -> bool| mean(all.iter().map(|risk| f64::from(u8::from(of(risk)))));
                let average = mean(all.iter().map(|risk| risk.signed));
                let deviation = mean(all.iter().map(|risk| (risk.signed - average).powi(2))).sqrt();
                assert!(all.iter().all(|risk| risk.interval.contains(risk.signed)), "an estimate outside its interval");
                println!(
                    "{mode:<11} {leak:<5} {size:<5} {null_rate:.3} {truth:.3} | {average:+.3} {deviation:.3}  {:.3} {:.3} {:.3} {:.3}  {:>3}  {:.4}",
                    share(&|risk| risk.interval.lo - 1e-9 <= truth && truth <= risk.interval.hi + 1e-9),
                    share(&|risk| truth > risk.interval.hi + 1e-9),
                    share(&|risk| truth < risk.interval.lo - 1e-9),
                    mean(all.iter().map(|risk| risk.interval.hi - risk.interval.lo)),
                    seeds.len() - all.len(),
                    mean(seeds.iter().map(|sizes| sizes[at].seconds)),
                );
            }
        }
    }
    Ok(())
}
