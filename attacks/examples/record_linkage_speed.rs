//! How long record linkage takes: `cargo run --release -p reident-attacks --example record_linkage_speed -- ROWS [FILE]`.
//!
//! A million persons by default, six quasi-identifiers, three of them released in bands or sets, against a release of as many records and
//! a register of as many persons; then the search for the columns that expose most, over fifteen columns of forty thousand rows, or over
//! those of a file with commas and a header, such as Adult, whose numbers of more than twenty values are released in twenty bands. Each
//! line gives seconds that passed and seconds of processors, which other programs do not lengthen.

use reident_attacks::classes::Classes;
use reident_attacks::classes::population::Population;
use reident_attacks::record_linkage::{
    Claims, LARGEST_FILE, LinkageMatcher, RecordLinkageAttacker, Truth, TruthSource, halves, search,
};
use reident_attacks::sampling::{Stream, Task};
use reident_attacks::search::LARGEST_SET;
use reident_attacks::table::{Cell, Interval, Kind, RawColumn, Tables, TablesBuilder};
use reident_attacks::targets::{NoProgress, TargetRows, Targets};
use std::time::Instant;

/// A column of numbers or categories of so many values, released exactly or in bands of a width.
struct Column {
    values: u64,
    numeric: bool,
    width: u64,
}

const fn column(values: u64, numeric: bool, width: u64) -> Column {
    Column { values, numeric, width }
}

const QUASI_IDENTIFIERS: [Column; 6] = [
    column(80, true, 5),
    column(3000, false, 10),
    column(50_000, true, 1000),
    column(2, false, 1),
    column(7, false, 1),
    column(40, false, 1),
];

/// Seconds of processors that the program has used; nothing where the system does not say.
fn processors() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The program's name may hold blanks; user and system time are the twelfth and thirteenth number behind it.
    let after = stat.rsplit(')').next().unwrap_or_default();
    after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Does something and says how long it took.
fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (begun, used) = (Instant::now(), processors());
    let done = work();
    println!("{what}: {:.1} s, {:.1} s of processors", begun.elapsed().as_secs_f64(), processors() - used);
    done
}

fn tables(rows: usize, columns: &[Column]) -> Tables {
    let mut builder = TablesBuilder::new(rows, rows, None);
    for (at, column) in columns.iter().enumerate() {
        let mut stream = Stream::new(1, Task::Population, at as u64);
        let values: Vec<u64> = (0..rows).map(|_| stream.below(column.values)).collect();
        let exact = |value: u64| match column.numeric {
            true => Cell::Number(value as f64),
            false => Cell::Category(format!("{value:05}")),
        };
        let released = |value: u64| {
            let lo = value / column.width * column.width;
            match (column.width, column.numeric) {
                (1, _) => exact(value),
                (width, true) => Cell::Interval(Interval::closed(lo as f64, (lo + width - 1) as f64)),
                (width, false) => {
                    let covered = (lo..(lo + width).min(column.values)).map(|value| format!("{value:05}"));
                    Cell::OneOf(covered.collect())
                }
            }
        };
        let distinct: Vec<u64> = (0..column.values).collect();
        let codes = || values.iter().map(|value| *value as u32).collect();
        let of =
            |cell: &dyn Fn(u64) -> Cell| RawColumn::coded(distinct.iter().map(|value| cell(*value)).collect(), codes());
        let kind = if column.numeric { Kind::Numeric } else { Kind::Categorical };
        builder.add(&format!("c{at}"), kind, of(&exact), of(&released), None).expect("cells of their kind");
    }
    let records: Vec<u32> = (0..rows as u32).collect();
    builder.records(records.clone(), records);
    builder.finish()
}

/// The rows of a file, their numbers of many values in bands.
fn of_file(path: &str) -> Tables {
    let text = std::fs::read_to_string(path).expect("a file that can be read");
    let mut lines = text.lines().map(|line| line.split(',').map(str::trim).collect::<Vec<_>>());
    let names = lines.next().expect("a header");
    let lines: Vec<Vec<&str>> = lines.filter(|line| line.len() == names.len()).collect();
    let mut builder = TablesBuilder::new(lines.len(), lines.len(), None);
    for (at, name) in names.iter().enumerate() {
        let values = || lines.iter().map(|line| line[at]);
        let numbers: Option<Vec<f64>> = values().map(|value| value.parse().ok()).collect();
        let texts = RawColumn::texts(&values().collect::<Vec<_>>());
        let Some(numbers) = numbers else {
            builder.add(name, Kind::Categorical, texts.clone(), texts, None).expect("categories");
            continue;
        };
        let mut distinct = numbers.clone();
        distinct.sort_by(f64::total_cmp);
        distinct.dedup();
        let width = ((distinct[distinct.len() - 1] - distinct[0]) / 20.0).max(1.0);
        let band = |number: &f64| match distinct.len() {
            21.. => {
                let lo = (number / width).floor() * width;
                Cell::Interval(Interval { lo, hi: lo + width, lo_included: true, hi_included: false })
            }
            _ => Cell::Number(*number),
        };
        let released = RawColumn::cells(numbers.iter().map(band).collect());
        builder.add(name, Kind::Numeric, RawColumn::numbers(&numbers), released, None).expect("numbers");
    }
    let records: Vec<u32> = (0..lines.len() as u32).collect();
    builder.records(records.clone(), records);
    builder.finish()
}

fn main() {
    let rows = std::env::args().nth(1).and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    let world = timed(&format!("{rows} rows made"), || tables(rows, &QUASI_IDENTIFIERS));
    let truth = Truth::known(&world).expect("the records are known");
    let targets = TargetRows::draw(&world, Targets::All, 0);
    for matcher in LinkageMatcher::ALL.into_iter().filter(|matcher| rows <= LARGEST_FILE || !matcher.is_one_to_one()) {
        let attacker = RecordLinkageAttacker {
            columns: (0..6).collect(),
            matcher,
            searched: None,
            truth: TruthSource::Known,
            earlier: 0,
        };
        let what = format!("{rows} x {rows}, {}", matcher.name());
        let found = timed(&what, || attacker.attack(&world, &truth, &targets, &NoProgress));
        println!("  {:?}, searched by {:?}", Claims::of(&found.main), found.searches);
        if rows > 200_000 {
            break;
        }
    }
    // The original is a register of whom the release is about.
    let found = timed(&format!("{rows} x {rows}, persons who fit"), || {
        Population::of(&world, &Classes::of(&world, &[0, 1, 2, 3, 4, 5], true))
    });
    println!("  {found:?}");

    let world = std::env::args().nth(2).map_or_else(
        || {
            let columns: Vec<Column> = [74, 9, 20_000, 16, 16, 7, 15, 6, 5, 2, 120, 99, 96, 42, 2]
                .into_iter()
                .enumerate()
                .map(|(at, values)| column(values, at % 2 == 0, if at % 5 == 0 { 5 } else { 1 }))
                .collect();
            tables(39_032, &columns)
        },
        |path| of_file(&path),
    );
    let truth = Truth::known(&world).expect("the records are known");
    let [searched, _] = halves(&world, &TargetRows::draw(&world, Targets::All, 0));
    let columns: Vec<usize> = (0..world.columns.len()).collect();
    let found = timed(&format!("search over {} columns of {} rows", columns.len(), world.original.rows()), || {
        search(&world, &truth, &searched, &columns, LARGEST_SET, &NoProgress)
    });
    println!("  {} sets, {:?}", found.searched, found.sets);
}
