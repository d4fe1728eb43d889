//! Rows of which half is suppressed: what linking two files can find, against somebody who weighs all pairs.
//!
//! A row with half of its cells is compatible with a fifth of the persons on either half of the columns. That just one release row
//! is compatible with both halves of *one person* says little: somebody who does not know that two records are of one person finds
//! such rows for most pairs. So compatible records are no matcher of linkability, though they are one of record linkage.

use super::*;
use crate::sampling::{Stream, Task};
use crate::table::{Cell, Kind, RawColumn, TablesBuilder};
use crate::targets::{NoProgress, Targets};

const PERSONS: usize = 200;
const COLUMNS: usize = 6;
const VALUES: u64 = 8;
const HALVES: [[usize; 3]; 2] = [[0, 2, 4], [1, 3, 5]];

type Row = [Option<u64>; COLUMNS];

/// Persons, and a release of half of them and of as many others, three cells of each row suppressed.
fn world(seed: u64) -> (Vec<[u64; COLUMNS]>, Vec<Row>) {
    let mut stream = Stream::new(seed, Task::Population, 0);
    let mut person = || std::array::from_fn(|_| stream.below(VALUES));
    let original: Vec<[u64; COLUMNS]> = (0..PERSONS).map(|_| person()).collect();
    let mut released = original[..PERSONS / 2].to_vec();
    released.extend((0..PERSONS / 2).map(|_| person()));
    let mut stream = Stream::new(seed, Task::Population, 1);
    let suppressed = |row: [u64; COLUMNS]| {
        let kept = stream.sample(COLUMNS, COLUMNS / 2);
        std::array::from_fn(|at| kept.contains(&at).then_some(row[at]))
    };
    (original, released.into_iter().map(suppressed).collect())
}

/// Persons whom linkability links by a matcher, each as much as the link is worth.
fn linked(original: &[[u64; COLUMNS]], release: &[Row], matcher: Matcher) -> f64 {
    let category = |value: u64| Cell::Category(value.to_string());
    let mut builder = TablesBuilder::new(original.len(), release.len(), None);
    for at in 0..COLUMNS {
        let persons = RawColumn::cells(original.iter().map(|row| category(row[at])).collect());
        let released = release.iter().map(|row| row[at].map_or(Cell::Suppressed, category)).collect();
        builder.add(&format!("c{at}"), Kind::Categorical, persons, RawColumn::cells(released), None).unwrap();
    }
    let tables = builder.finish();
    let attacker =
        LinkabilityAttacker { halves: HALVES.map(|half| half.to_vec()), matcher, neighbors: 1, searched: None };
    let attempts = attacker.attack(&tables, &TargetRows::draw(&tables, Targets::All, 0), &NoProgress);
    attempts.main.iter().map(|attempt| if let Attempt::Success(n) = attempt { 1.0 / f64::from(*n) } else { 0.0 }).sum()
}

/// Whether a row is compatible with a person on one half, and says anything there.
fn is_compatible(person: &[u64; COLUMNS], row: &Row, half: [usize; 3]) -> bool {
    let says_something = half.iter().any(|at| row[*at].is_some());
    says_something && half.iter().all(|at| row[*at].is_none_or(|value| value == person[*at]))
}

/// Persons whose records somebody joins who takes, for each record of one file, the record of the other for which the release rows that are
/// compatible with both speak most: each row as much as it is unlikely by chance. Of several, each with the same chance.
fn joined(original: &[[u64; COLUMNS]], release: &[Row]) -> f64 {
    let told = |row: &Row| (VALUES as f64).powi(row.iter().flatten().count() as i32);
    let of_person = |person: usize| {
        let rows = release.iter().filter(|row| is_compatible(&original[person], row, HALVES[0]));
        let rows: Vec<&Row> = rows.collect();
        let evidence = |other: &[u64; COLUMNS]| -> f64 {
            rows.iter().filter(|row| is_compatible(other, row, HALVES[1])).map(|row| told(row)).sum()
        };
        let evidence: Vec<f64> = original.iter().map(evidence).collect();
        let most = evidence.iter().copied().fold(0.0, f64::max);
        let as_likely = evidence.iter().filter(|one| **one == most).count() as f64;
        if most > 0.0 && evidence[person] == most { 1.0 / as_likely } else { 0.0 }
    };
    (0..original.len()).map(of_person).sum()
}

/// Persons with just one release row that is compatible with both of their halves.
fn with_one_row(original: &[[u64; COLUMNS]], release: &[Row]) -> usize {
    let both = |person: &[u64; COLUMNS], row: &Row| HALVES.iter().all(|half| is_compatible(person, row, *half));
    let rows = |person| release.iter().filter(|row| both(person, row)).count();
    original.iter().filter(|person| rows(person) == 1).count()
}

#[test]
fn linking_halves_of_suppressed_rows_finds_what_weighing_all_pairs_finds() {
    let (mut by_distance, mut by_agreement, mut by_pairs, mut alone) = (0.0, 0.0, 0.0, 0);
    const WORLDS: u64 = 10;
    for seed in 0..WORLDS {
        let (original, release) = world(seed);
        by_distance += linked(&original, &release, Matcher::Distance);
        by_agreement += linked(&original, &release, Matcher::Agreement);
        by_pairs += joined(&original, &release);
        alone += with_one_row(&original, &release);
    }
    let persons = WORLDS as f64 * PERSONS as f64;
    let [distance, agreement, pairs] = [by_distance, by_agreement, by_pairs].map(|found| found / persons);
    assert!(pairs < 0.05, "{pairs}");
    assert!(distance.max(agreement) >= pairs, "{distance}, {agreement}, {pairs}");
    assert!(alone as f64 / persons > 0.25, "{alone}");
}
