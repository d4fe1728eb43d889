//! How long record linkage takes: `cargo run --release -p reident-attacks --example record_linkage_speed -- ROWS`.
//!
//! A million persons by default, six quasi-identifiers, three of them released in bands or sets; then the search for the columns
//! that expose most, over fifteen columns of forty thousand rows.

use reident_attacks::record_linkage::{
    Claims, LARGEST_SET, LinkageMatcher, RecordLinkageAttacker, Truth, TruthSource, halves, search,
};
use reident_attacks::sampling::{Stream, Task};
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
        let of = |cell: &dyn Fn(u64) -> Cell| RawColumn {
            cells: distinct.iter().map(|value| cell(*value)).collect(),
            codes: values.iter().map(|value| *value as u32).collect(),
        };
        let kind = if column.numeric { Kind::Numeric } else { Kind::Categorical };
        builder.add(&format!("c{at}"), kind, of(&exact), of(&released), None).expect("cells of their kind");
    }
    let records: Vec<u32> = (0..rows as u32).collect();
    builder.records(records.clone(), records);
    builder.finish()
}

fn main() {
    let rows = std::env::args().nth(1).and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    let world = tables(rows, &QUASI_IDENTIFIERS);
    let truth = Truth::known(&world).expect("the records are known");
    let targets = TargetRows::draw(&world, Targets::All, 0);
    for matcher in LinkageMatcher::ALL {
        let attacker =
            RecordLinkageAttacker { columns: (0..6).collect(), matcher, searched: None, truth: TruthSource::Known };
        let begun = Instant::now();
        let found = attacker.attack(&world, &truth, &targets, &NoProgress);
        println!(
            "{rows} x {rows}, {}: {:.1} s, {:?}",
            matcher.name(),
            begun.elapsed().as_secs_f64(),
            Claims::of(&found.main)
        );
        if rows > 200_000 {
            break;
        }
    }

    let columns: Vec<Column> = [74, 9, 20_000, 16, 16, 7, 15, 6, 5, 2, 120, 99, 96, 42, 2]
        .into_iter()
        .enumerate()
        .map(|(at, values)| column(values, at % 2 == 0, if at % 5 == 0 { 5 } else { 1 }))
        .collect();
    let world = tables(39_032, &columns);
    let truth = Truth::known(&world).expect("the records are known");
    let [searched, _] = halves(&world, &TargetRows::draw(&world, Targets::All, 0));
    let begun = Instant::now();
    let found = search(&world, &truth, &searched, &(0..columns.len()).collect::<Vec<_>>(), LARGEST_SET);
    println!("search: {:.1} s, {} sets, {:?}", begun.elapsed().as_secs_f64(), found.searched, found.sets);
}
