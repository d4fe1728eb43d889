//! Releases and persons that say less: what is still told is still found, and nothing more.

use super::*;
use crate::matcher::Matcher;
use crate::sampling::{Stream, Task};
use crate::stats::risk::RiskModel;
use crate::table::{Cell, Interval, Kind, RawColumn, TablesBuilder};
use crate::targets::{NoProgress, Targets};

/// Three numbers and three categories of a person.
type Person = ([f64; 3], [u64; 3]);

fn persons(stream: &mut Stream, count: usize) -> Vec<Person> {
    let number =
        |stream: &mut Stream, lo: u64, spread: u64| (lo + (stream.below(spread) + stream.below(spread)) / 2) as f64;
    (0..count)
        .map(|_| {
            let numbers = [number(stream, 18, 70), number(stream, 45, 80), number(stream, 0, 45)];
            (numbers, [stream.below(4), stream.below(6), stream.below(6)])
        })
        .collect()
}

/// The band of some width in which a number lies.
fn band(number: f64, width: f64) -> Cell {
    let lo = (number / width).floor() * width;
    Cell::Interval(Interval { lo, hi: lo + width, lo_included: true, hi_included: false })
}

/// Half of the persons released, with as many fresh ones, each table in its own form.
struct World {
    tables: [Vec<Person>; 3],
}

impl World {
    fn new(seed: u64) -> World {
        let mut stream = Stream::new(seed, Task::Population, 0);
        let original = persons(&mut stream, 300);
        let mut release = original[..150].to_vec();
        release.extend(persons(&mut stream, 150));
        let control = persons(&mut stream, 300);
        World { tables: [original, release, control] }
    }

    /// Tables in which a number of the persons and of the release is written in these ways; `extra` rows follow in the release.
    fn tables(
        &self,
        of_persons: impl Fn(f64) -> Cell,
        of_release: impl Fn(f64) -> Cell,
        category: impl Fn(u64) -> Cell,
        extra: &[[Cell; 6]],
    ) -> Tables {
        let [original, release, control] = &self.tables;
        let mut builder = TablesBuilder::new(original.len(), release.len() + extra.len(), Some(control.len()));
        for at in 0..6 {
            let exact = |value: u64| Cell::Category(value.to_string());
            let column = |rows: &[Person], number: &dyn Fn(f64) -> Cell, category: &dyn Fn(u64) -> Cell| -> Vec<Cell> {
                let cell = |row: &Person| if at < 3 { number(row.0[at]) } else { category(row.1[at - 3]) };
                rows.iter().map(cell).collect()
            };
            let mut released = column(release, &of_release, &category);
            released.extend(extra.iter().map(|row| row[at].clone()));
            let kind = if at < 3 { Kind::Numeric } else { Kind::Categorical };
            let [original, control] =
                [original, control].map(|rows| RawColumn::cells(column(rows, &of_persons, &exact)));
            builder.add(&format!("c{at}"), kind, original, RawColumn::cells(released), Some(control)).unwrap();
        }
        builder.finish()
    }
}

/// Who of whom are attacked and linked, as a risk with its interval.
fn risk(tables: &Tables) -> (f64, [f64; 2]) {
    let attacker = LinkabilityAttacker {
        halves: [vec![0, 1, 3], vec![2, 4, 5]],
        matcher: Matcher::Distance,
        neighbors: 1,
        searched: None,
    };
    let targets = TargetRows::draw(tables, Targets::All, 0);
    let attempts = attacker.attack(tables, &targets, &NoProgress);
    let outcomes = crate::outcome::Outcomes::default();
    let main = crate::outcome::Tally::of(&attempts.main, outcomes, &tables.original, &targets.original);
    let control = attempts.control.as_ref().zip(tables.control.as_ref()).zip(targets.control.as_ref());
    let control = control.map(|((attempts, table), rows)| crate::outcome::Tally::of(attempts, outcomes, table, rows));
    let risk = RiskModel::of_targets(main, control, None).estimate(0.95).unwrap();
    (risk.signed, [risk.interval.lo, risk.interval.hi])
}

fn exact(number: f64) -> Cell {
    Cell::Number(number)
}

fn category(value: u64) -> Cell {
    Cell::Category(value.to_string())
}

#[test]
fn bands_are_found_by_persons_who_are_known_exactly_or_by_narrower_bands() {
    for seed in 0..3 {
        let world = World::new(seed);
        let wide = |number| band(number, 10.0);
        for tables in
            [world.tables(exact, wide, category, &[]), world.tables(|number| band(number, 5.0), wide, category, &[])]
        {
            let (risk, [lo, hi]) = risk(&tables);
            assert!(lo <= 0.5 && hi >= 0.5 && (risk - 0.5).abs() < 0.12, "seed {seed}: {risk} [{lo}, {hi}]");
        }
    }
}

#[test]
fn rows_that_say_little_move_no_risk() {
    for seed in 0..3 {
        let world = World::new(seed);
        let before = risk(&world.tables(exact, exact, category, &[]));
        let star = || Cell::Suppressed;
        // Everything but one number suppressed, everything but a category, and nothing said at all.
        let little: Vec<[Cell; 6]> = (0..60)
            .map(|at| match at % 3 {
                0 => [exact(f64::from(at)), star(), star(), star(), star(), star()],
                1 => [star(), star(), star(), star(), category(at as u64 % 6), star()],
                _ => [star(), star(), star(), star(), star(), star()],
            })
            .collect();
        let (risk, [lo, hi]) = risk(&world.tables(exact, exact, category, &little));
        assert!(
            lo <= 0.5 && hi >= 0.5 && (risk - before.0).abs() < 0.03,
            "seed {seed}: {risk} [{lo}, {hi}] {before:?}"
        );
    }
}

#[test]
fn some_cells_suppressed_hide_less_than_everything() {
    for seed in 0..3 {
        let world = World::new(seed);
        let stream = std::cell::RefCell::new(Stream::new(seed, Task::Population, 1));
        let kept = |cell: Cell| if stream.borrow_mut().below(5) == 0 { Cell::Suppressed } else { cell };
        let (risk, [lo, _]) =
            risk(&world.tables(exact, |number| kept(exact(number)), |value| kept(category(value)), &[]));
        // All six cells are kept in .26 of the rows, and half of the persons are released.
        assert!(lo > 0.05 && risk > 0.08, "seed {seed}: {risk}, at least {lo}");
    }
}

#[test]
fn nobody_in_a_class_of_five_is_found_with_more_than_a_fifth() {
    // Fifty classes of five persons, released as bands that hold just their class.
    let ages: Vec<f64> = (0..250).map(f64::from).collect();
    let bands = |offset: f64| {
        RawColumn::cells(
            ages.iter()
                .map(|age| {
                    let lo = (age / 5.0).floor() * 5.0 + offset;
                    Cell::Interval(Interval::closed(lo, lo + 4.0))
                })
                .collect(),
        )
    };
    for key in [false, true] {
        let mut builder = TablesBuilder::new(250, 250, None);
        builder.add("x", Kind::Numeric, RawColumn::numbers(&ages), bands(0.0), None).unwrap();
        let other: Vec<f64> = ages.iter().map(|age| age + 1000.0).collect();
        builder.add("y", Kind::Numeric, RawColumn::numbers(&other), bands(1000.0), None).unwrap();
        if key {
            builder.records((0..250).collect(), (0..250).collect());
        }
        let tables = builder.finish();
        let attacker = LinkabilityAttacker {
            halves: [vec![0], vec![1]],
            matcher: Matcher::Distance,
            neighbors: 1,
            searched: None,
        };
        let attempts = attacker.attack(&tables, &TargetRows::draw(&tables, Targets::All, 0), &NoProgress);
        assert!(attempts.main.iter().all(|attempt| *attempt == Attempt::Success(5)), "{:?}", attempts.main);
    }
}
