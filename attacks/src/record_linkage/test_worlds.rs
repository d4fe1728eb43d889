//! Worlds whose truth is known by construction.

use super::*;
use crate::sampling::{Stream, Task};
use crate::search::LARGEST_SET;
use crate::table::{Cell, Interval, Kind, RawColumn, TablesBuilder};
use crate::targets::{NoProgress, Targets};

const PERSONS: usize = 2000;

/// What is known of a person: an age, a district and a job.
type Person = [u32; 3];

fn persons(seed: u64, count: usize) -> Vec<Person> {
    let mut stream = Stream::new(seed, Task::Population, 0);
    (0..count).map(|_| [18 + stream.below(70) as u32, stream.below(40) as u32, stream.below(30) as u32]).collect()
}

fn column(cells: impl Iterator<Item = Cell>) -> RawColumn {
    RawColumn::cells(cells.collect())
}

fn exact(person: &Person, at: usize) -> Cell {
    match at {
        0 => Cell::Number(f64::from(person[0])),
        _ => Cell::Category(format!("{:02}", person[at])),
    }
}

/// Tables of persons, a release given cell by cell with the person of each row, and a control.
fn tables(original: &[Person], release: &[([Cell; 3], u32)], control: &[Person]) -> Tables {
    let mut builder = TablesBuilder::new(original.len(), release.len(), Some(control.len()));
    for (at, name) in ["age", "district", "job"].into_iter().enumerate() {
        let kind = if at == 0 { Kind::Numeric } else { Kind::Categorical };
        let of = |persons: &[Person]| column(persons.iter().map(|person| exact(person, at)));
        let released = column(release.iter().map(|(cells, _)| cells[at].clone()));
        builder.add(name, kind, of(original), released, Some(of(control))).unwrap();
    }
    builder.records((0..original.len() as u32).collect(), release.iter().map(|(_, person)| *person).collect());
    builder.finish()
}

fn verbatim(person: &Person) -> [Cell; 3] {
    [0, 1, 2].map(|at| exact(person, at))
}

fn counts(tables: &Tables, matcher: LinkageMatcher) -> (Claims, LinkageTallies) {
    let attacker = RecordLinkageAttacker {
        columns: vec![0, 1, 2],
        matcher,
        searched: None,
        truth: TruthSource::Known,
        earlier: 0,
    };
    let targets = TargetRows::draw(tables, Targets::All, 0);
    let attempts = attacker.attack(tables, &Truth::known(tables).unwrap(), &targets, &NoProgress);
    (Claims::of(&attempts.main), attempts.tallies(tables, &targets).unwrap())
}

#[test]
fn a_pseudonymised_table_exposes_everybody_who_is_unique() {
    let original = persons(1, PERSONS);
    let release: Vec<_> = original.iter().zip(0..).map(|(person, at)| (verbatim(person), at)).collect();
    let mut sorted = original.clone();
    sorted.sort_unstable();
    let unique = sorted.chunk_by(|a, b| a == b).filter(|same| same.len() == 1).count() as u64;
    let distinct = sorted.chunk_by(|a, b| a == b).count() as f64;
    for matcher in LinkageMatcher::ALL {
        let (counts, _) = counts(&tables(&original, &release, &persons(2, 500)), matcher);
        assert_eq!((counts.correct, counts.wrong), (unique, 0), "{matcher:?}");
        // Each class of equal persons is worth one of them.
        assert!((counts.expected - distinct).abs() < 1e-9 && counts.expected > 0.97 * PERSONS as f64);
    }
}

#[test]
fn of_a_half_half_are_found_and_the_others_are_named_in_vain() {
    let original = persons(3, PERSONS);
    let release: Vec<_> = original.iter().zip(0..).step_by(2).map(|(person, at)| (verbatim(person), at)).collect();
    let tables = tables(&original, &release, &persons(4, PERSONS));
    for matcher in LinkageMatcher::ALL {
        let (counts, tallies) = counts(&tables, matcher);
        let share = counts.expected / counts.attempted as f64;
        assert!((0.48..=0.5).contains(&share), "{matcher:?}: {share}");
        // Who does not know that a person is in the release speaks where it is sure, and is right about nearly as many.
        let [main, control] = tallies.careful.unwrap();
        assert!(control.rate() < 0.02, "{matcher:?}: {}", control.rate());
        // By margins such an attacker has to leave out those whose next record is a year older.
        let least = if matcher == LinkageMatcher::Compatible { 0.45 } else { 0.15 };
        assert!(main.rate() > least && main.rate() <= share, "{matcher:?}: {}", main.rate());
        let risk = tallies.estimate(TruthSource::Known, 0.95).unwrap();
        assert!(risk.interval.lo <= risk.signed && share < risk.interval.hi, "{matcher:?}: {risk:?}");
    }
}

#[test]
fn columns_that_were_shuffled_apart_expose_nobody() {
    let original = persons(5, PERSONS);
    let mut release: Vec<_> = original.iter().zip(0..).map(|(person, at)| (verbatim(person), at)).collect();
    for at in 0..3 {
        let column: Vec<Cell> = release.iter().map(|(cells, _)| cells[at].clone()).collect();
        let shift = 1 + 611 * at;
        release
            .iter_mut()
            .enumerate()
            .for_each(|(row, (cells, _))| cells[at] = column[(row + shift) % PERSONS].clone());
    }
    for matcher in LinkageMatcher::ALL {
        let (counts, _) = counts(&tables(&original, &release, &persons(6, PERSONS)), matcher);
        assert!(counts.expected < 0.01 * PERSONS as f64, "{matcher:?}: {counts:?}");
    }
}

#[test]
fn a_class_of_k_gives_at_most_one_in_k() {
    let original = persons(7, PERSONS);
    // Ages in bands of ten and districts in sets of five; classes of fewer than five are suppressed.
    let band = |person: &Person| person[0] / 10;
    let district = |person: &Person| person[1] / 5;
    let mut sizes = std::collections::HashMap::new();
    original.iter().for_each(|person| *sizes.entry((band(person), district(person))).or_insert(0) += 1);
    let generalized = |person: &Person| {
        if sizes[&(band(person), district(person))] < 5 {
            return [Cell::Suppressed, Cell::Suppressed, Cell::Suppressed];
        }
        let lo = f64::from(10 * band(person));
        let districts = (0..5).map(|at| format!("{:02}", 5 * district(person) + at)).collect();
        [Cell::Interval(Interval::closed(lo, lo + 9.0)), Cell::OneOf(districts), Cell::Suppressed]
    };
    let release: Vec<_> = original.iter().zip(0..).map(|(person, at)| (generalized(person), at)).collect();
    for matcher in LinkageMatcher::ALL {
        let (counts, tallies) = counts(&tables(&original, &release, &persons(8, 500)), matcher);
        assert!(counts.correct == 0 && counts.largest <= 0.2, "{matcher:?}: {counts:?}");
        assert_eq!(tallies.careful.unwrap()[1].successes, 0);
    }
}

/// The column that tells most comes first, and nobody who was searched on is attacked.
#[test]
fn the_search_finds_what_exposes_most() {
    let original = persons(9, PERSONS);
    let release: Vec<_> = original.iter().zip(0..).map(|(person, at)| (verbatim(person), at)).collect();
    let tables = tables(&original, &release, &persons(10, 500));
    let targets = TargetRows::draw(&tables, Targets::All, 0);
    let [searched, estimated] = halves(&tables, &targets);
    assert_eq!(searched.original.len() + estimated.original.len(), PERSONS);
    assert!((0.4..0.6).contains(&(searched.original.len() as f64 / PERSONS as f64)));
    assert!(searched.control.is_none() && estimated.control == targets.control);
    let truth = Truth::known(&tables).unwrap();
    let found = search(&tables, &truth, &searched, &[0, 1, 2], LARGEST_SET, &NoProgress);
    assert_eq!(found.sets, [vec![0], vec![0, 1], vec![0, 1, 2]]);
    assert_eq!(found.searched, 3 + 3 + 1);
}

#[test]
fn rows_in_place_and_copies_are_seen() {
    let original = persons(11, PERSONS);
    let of = |rows: Vec<(&Person, u32)>| {
        let release: Vec<_> = rows.into_iter().map(|(person, at)| (verbatim(person), at)).collect();
        tables(&original, &release, &persons(12, PERSONS))
    };
    let aligned = of(original.iter().zip(0..).collect());
    assert!(in_place(&aligned).unwrap().follows() && is_subset(&aligned, 0.95));
    let shuffled = of((0..PERSONS).map(|at| (&original[at * 7 % PERSONS], 0)).collect());
    assert!(!in_place(&shuffled).unwrap().follows() && is_subset(&shuffled, 0.95));
    let others = persons(13, PERSONS);
    let fresh = of(others.iter().zip(0..).collect());
    assert!(!in_place(&fresh).unwrap().follows() && !is_subset(&fresh, 0.95));
    assert_eq!(in_place(&of(original.iter().zip(0..).take(9).collect())), None);
}
