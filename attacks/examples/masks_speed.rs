//! How long masks take: `cargo run --release -p reident-attacks --example masks_speed -- ROWS`.
//!
//! Sixty thousand persons by default, each with a code of five figures and four other columns; the release tells the code, or masks its last or
//! its first two figures by one of a thousand sets. Everybody is linked, and three hundred persons' ages are inferred, by either matcher.

use reident_attacks::inference::{Correctness, Guesser, InferenceAttacker};
use reident_attacks::linkability::LinkabilityAttacker;
use reident_attacks::matcher::Matcher;
use reident_attacks::sampling::{Stream, Task};
use reident_attacks::table::{Cell, Kind, RawColumn, Tables, TablesBuilder};
use reident_attacks::targets::{NoProgress, TargetRows, Targets};
use std::time::Instant;

/// Codes that exist.
const CODES: u64 = 100_000;

/// What the release says of a code.
fn released(form: &str, code: u64) -> Cell {
    let covered = |codes: &mut dyn Iterator<Item = u64>| Cell::OneOf(codes.map(|code| format!("{code:05}")).collect());
    match form {
        "prefix" => covered(&mut (code / 100 * 100..code / 100 * 100 + 100)),
        "suffix" => covered(&mut (0..100).map(|first| first * 1000 + code % 1000)),
        _ => Cell::Category(format!("{code:05}")),
    }
}

fn tables(form: &str, rows: usize) -> Tables {
    let mut builder = TablesBuilder::new(rows, rows, Some(rows));
    let draw = |stream: u64, values: u64| -> Vec<u64> {
        let mut stream = Stream::new(1, Task::Population, stream);
        (0..rows).map(|_| stream.below(values)).collect()
    };
    let distinct = |values: &[u64], cell: &dyn Fn(u64) -> Cell| {
        let mut known: Vec<u64> = values.to_vec();
        known.sort_unstable();
        known.dedup();
        let codes = values.iter().map(|value| known.partition_point(|one| one < value) as u32).collect();
        RawColumn::coded(known.into_iter().map(cell).collect(), codes)
    };
    for (at, values) in [CODES, 8, 2, 72, 3].into_iter().enumerate() {
        let [original, control] = [0, 10].map(|table| draw(table + at as u64, values));
        let exact = |value: u64| match at {
            0 => released("exact", value),
            3 => Cell::Number(value as f64),
            _ => Cell::Category(value.to_string()),
        };
        let of_release = |value: u64| if at == 0 { released(form, value) } else { exact(value) };
        let kind = if at == 3 { Kind::Numeric } else { Kind::Categorical };
        let [o, a, c] = [distinct(&original, &exact), distinct(&original, &of_release), distinct(&control, &exact)];
        builder.add(&format!("c{at}"), kind, o, a, Some(c)).expect("cells of their kind");
    }
    builder.finish()
}

fn main() {
    let rows = std::env::args().nth(1).map_or(60_000, |rows| rows.parse().expect("a number of rows"));
    for form in ["exact", "prefix", "suffix"] {
        let start = Instant::now();
        let tables = tables(form, rows);
        println!("{form}: {rows} rows made in {:.2} s", start.elapsed().as_secs_f64());
        let some = TargetRows::draw(&tables, Targets::Sample(300), 1);
        for matcher in [Matcher::Distance, Matcher::Agreement] {
            for halves in [[vec![0, 1], vec![2, 3, 4]], [vec![0, 2, 3], vec![1, 4]]] {
                let start = Instant::now();
                let attacker = LinkabilityAttacker { halves: halves.clone(), matcher, neighbors: 1, searched: None };
                let found = attacker.attack(&tables, &some, &NoProgress);
                let hits = found.main.iter().filter(|attempt| attempt.is_success()).count();
                println!("  links {halves:?} by {}: {hits}, {:.2} s", matcher.name(), start.elapsed().as_secs_f64());
            }
            let start = Instant::now();
            let (known, correctness) = (vec![0, 1, 2, 4], Correctness::default());
            let attacker = InferenceAttacker {
                secret: 3,
                known,
                guesser: Guesser::nearest(matcher, 1),
                correctness,
                searched: None,
            };
            let found = attacker.attack(&tables, &some, 0, &NoProgress);
            let hits = found.main.iter().filter(|attempt| attempt.is_success()).count();
            println!("  infers c3 by {}: {hits}, {:.2} s", matcher.name(), start.elapsed().as_secs_f64());
        }
    }
}
