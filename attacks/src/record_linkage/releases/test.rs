//! Worlds of two releases whose truth is known by construction, and the plain loop.

use super::*;
use crate::agreement::are_compatible;
use crate::questions::{Release as Searching, Searched};
use crate::record_linkage::{Claims, LinkageMatcher, RecordLinkageAttacker, TruthSource};
use crate::sampling::{Stream, Task};
use crate::table::{Cell, Interval, Kind, RawColumn, Tables, TablesBuilder};
use crate::targets::NoProgress;
use std::sync::Arc;

const PERSONS: usize = 2000;
const NAMES: [&str; 3] = ["age", "place", "pay"];

/// An age, a place and what nobody knows of a person.
type Person = [u32; 3];
type Row = [Cell; 3];

/// Every age and every place is that of 20 persons; pays are one of so many.
fn persons(seed: u64, pays: u64) -> Vec<Person> {
    let mut stream = Stream::new(seed, Task::Population, 0);
    let mut places: Vec<u32> = (0..PERSONS as u32).map(|at| at % 100).collect();
    stream.shuffle(&mut places);
    (0..PERSONS as u32).map(|at| [at % 100, places[at as usize], stream.below(pays) as u32]).collect()
}

fn exact(person: &Person) -> Row {
    person.map(|value| Cell::Number(f64::from(value)))
}

/// Rows of a release with the person of each.
type Release = Vec<(Row, u32)>;

fn hiding(persons: &[Person], hidden: usize) -> Release {
    let row = |person: &Person| {
        let mut row = exact(person);
        row[hidden] = Cell::Suppressed;
        row
    };
    persons.iter().zip(0..).map(|(person, at)| (row(person), at)).collect()
}

fn triple(original: &[Person], release: &Release, control: &[Person]) -> Tables {
    let mut builder = TablesBuilder::new(original.len(), release.len(), Some(control.len()));
    for (at, name) in NAMES.into_iter().enumerate() {
        let of =
            |persons: &[Person]| RawColumn::cells(persons.iter().map(|person| exact(person)[at].clone()).collect());
        let released = RawColumn::cells(release.iter().map(|(row, _)| row[at].clone()).collect());
        builder.add(name, Kind::Numeric, of(original), released, Some(of(control))).unwrap();
    }
    builder.records((0..original.len() as u32).collect(), release.iter().map(|(_, person)| *person).collect());
    builder.finish()
}

fn columns(latest: &Release, earlier: &Release, used: &[usize]) -> Vec<ReleaseColumn> {
    let raw = |release: &Release, at: usize| RawColumn::cells(release.iter().map(|(row, _)| row[at].clone()).collect());
    let column = |at: &usize| ReleaseColumn {
        name: NAMES[*at].to_owned(),
        kind: Kind::Numeric,
        latest: raw(latest, *at),
        earlier: raw(earlier, *at),
    };
    used.iter().map(column).collect()
}

/// The tables of the latest release with earlier ones beside it.
fn tables(original: &[Person], latest: &Release, earlier: &[&Release], control: &[Person]) -> Tables {
    let mut tables = triple(original, latest, control);
    for earlier in earlier {
        let columns = columns(latest, earlier, &[0, 1, 2]);
        let versions = compare([latest.len(), earlier.len()], columns).unwrap().unwrap();
        let earlier = triple(original, earlier, control);
        tables.earlier.push(Arc::new(Earlier {
            tables: earlier,
            columns: vec![Some(0), Some(1), Some(2)],
            links: versions.links,
        }));
    }
    tables
}

/// What knowing age and place comes to on the original and on the control, with the earlier releases or without them.
fn claims(tables: &Tables, earlier: usize) -> (Claims, Claims) {
    let matcher = LinkageMatcher::Compatible;
    let attacker =
        RecordLinkageAttacker { columns: vec![0, 1], matcher, searched: None, truth: TruthSource::Known, earlier };
    let attempts = attacker.attack(tables, &Truth::known(tables).unwrap(), &TargetRows::everybody(tables), &NoProgress);
    (Claims::of(&attempts.main), Claims::of(&attempts.control.unwrap()))
}

#[test]
fn two_releases_that_each_hide_everybody_among_twenty_name_most_persons_together() {
    let (original, control) = (persons(1, 100_000), persons(2, 100_000));
    let (latest, earlier) = (hiding(&original, 1), hiding(&original, 0));
    let tables = tables(&original, &latest, &[&earlier], &control);
    let (alone, _) = claims(&tables, 0);
    assert_eq!((alone.correct, alone.wrong), (0, 0));
    assert!((alone.expected - PERSONS as f64 / 20.0).abs() < 1e-6, "{}", alone.expected);
    let (joined, control) = claims(&tables, 1);
    // Nobody else of one's age lives in the same place.
    let mut both: Vec<[u32; 2]> = original.iter().map(|person| [person[0], person[1]]).collect();
    both.sort_unstable();
    let alone = both.chunk_by(|a, b| a == b).filter(|same| same.len() == 1).count() as f64;
    assert!(joined.correct as f64 > 0.93 * alone && alone > 0.75 * PERSONS as f64, "{} of {alone}", joined.correct);
    assert!(joined.wrong < 40, "{}", joined.wrong);
    // About persons who are in no release, whatever is claimed is false.
    assert_eq!(control.correct, 0);
}

#[test]
fn a_release_of_other_persons_adds_nothing() {
    for (seed, pays) in [(3, 100_000), (4, 1000), (5, 50)] {
        let (original, others, control) = (persons(seed, pays), persons(seed + 10, pays), persons(seed + 20, pays));
        let (latest, earlier) = (hiding(&original, 1), hiding(&others, 0));
        let tables = tables(&original, &latest, &[&earlier], &control);
        let (alone, _) = claims(&tables, 0);
        let (joined, _) = claims(&tables, 1);
        // Choosing by chance among 20 is right as often; its count is spread as a sum of chances is.
        let spread = 4.0 * (PERSONS as f64 / 20.0).sqrt();
        assert!((joined.expected - alone.expected).abs() < spread, "{pays}: {} {}", joined.expected, alone.expected);
    }
}

#[test]
fn without_links_the_answer_is_that_of_the_latest_release() {
    let (original, control) = (persons(6, 1000), persons(7, 1000));
    let latest = hiding(&original, 1);
    let moved: Release =
        latest.iter().map(|(row, at)| ([row[0].clone(), Cell::Suppressed, Cell::Number(-1.0)], *at)).collect();
    let tables = tables(&original, &latest, &[&moved], &control);
    assert_eq!(claims(&tables, 0), claims(&tables, 1));
}

/// A random cell of few values, some of them bands.
fn random(stream: &mut Stream) -> Cell {
    let value = stream.below(4) as f64;
    match stream.below(6) {
        0 => Cell::Suppressed,
        1 => Cell::Interval(Interval::closed(value, value + 1.0)),
        2 => Cell::Missing,
        _ => Cell::Number(value),
    }
}

/// The plain loop over records of the latest release and their partners in each earlier one.
fn by_hand(tables: &Tables, releases: &[&Release], target: u32, columns: &[usize]) -> Vec<u32> {
    use crate::agreement::{Shares, Weights};
    let scored = |tables: &Tables, row: usize| -> Option<u64> {
        let shares: Vec<Shares> = columns.iter().map(|column| Shares::of(tables, *column)).collect();
        let weights = Weights::new(tables, columns, &shares, &vec![0.0; columns.len()]);
        let codes = |table: &crate::table::Table, row: usize| -> Vec<u32> {
            columns.iter().map(|column| table.column(*column)[row]).collect()
        };
        let (own, released) = (codes(&tables.original, target as usize), codes(&tables.anonymized, row));
        let domains = || columns.iter().map(|column| &tables.columns[*column].domain);
        let fits = domains().zip(&own).zip(&released).all(|((domain, own), cell)| are_compatible(domain, *own, *cell));
        let says = domains().zip(&released).any(|(domain, cell)| !domain.says_nothing(*cell))
            || domains().zip(&released).all(|(domain, cell)| domain.is_exact(*cell));
        let score = weights.compatible_score(&own, &released);
        (fits && says).then(|| (f64::from(score) * (65536.0 / weights.units())) as u64)
    };
    let meet = |one: &Cell, other: &Cell| match (one, other) {
        (Cell::Suppressed, _) | (_, Cell::Suppressed) => true,
        (Cell::Interval(one), Cell::Interval(other)) => one.meets(other),
        (Cell::Interval(band), Cell::Number(value)) | (Cell::Number(value), Cell::Interval(band)) => {
            band.contains(*value)
        }
        (one, other) => one == other,
    };
    let silent = |row: &Row| row.iter().all(|cell| *cell == Cell::Suppressed);
    let mut best: (u64, u64) = (0, 0);
    let mut left = Vec::new();
    for (row, (cells, _)) in releases[0].iter().enumerate() {
        let Some(own) = scored(tables, row) else { continue };
        let mut found = (0, own);
        for (release, earlier) in releases[1..].iter().zip(&tables.earlier) {
            let partners = release.iter().enumerate().filter(|(_, (other, _))| {
                !silent(cells) && !silent(other) && cells.iter().zip(other).all(|(one, other)| meet(one, other))
            });
            if let Some(most) = partners.filter_map(|(at, _)| scored(&earlier.tables, at)).max() {
                found = (found.0 + 1, found.1 + most);
            }
        }
        if found > best || left.is_empty() {
            best = found;
            left.clear();
        }
        if found == best {
            left.push(row as u32);
        }
    }
    left
}

#[test]
fn claims_are_those_of_the_plain_loop() {
    for round in 0..40 {
        let mut stream = Stream::new(8, Task::Population, round);
        let person = |stream: &mut Stream| -> Person { [0; 3].map(|_| stream.below(5) as u32) };
        let original: Vec<Person> = (0..20).map(|_| person(&mut stream)).collect();
        let control: Vec<Person> = (0..5).map(|_| person(&mut stream)).collect();
        let mut release =
            |rows: u32| -> Release { (0..rows).map(|at| ([0; 3].map(|_| random(&mut stream)), at % 20)).collect() };
        let (latest, first, second) = (release(25), release(15), release(20));
        let tables = tables(&original, &latest, &[&first, &second], &control);
        let truth = Truth::known(&tables).unwrap();
        let targets = TargetRows::everybody(&tables);
        let columns = [0, 1];
        let profiles = Searching::Anonymized.profiles(&tables, &columns);
        let searched = Searched::about(&tables, &columns, &profiles);
        let found = compatible(&Naming { truth: &truth, searched, progress: &NoProgress }, &targets);
        for (target, claim) in targets.original.iter().zip(found) {
            let left = by_hand(&tables, &[&latest, &first, &second], *target, &[0, 1]);
            let mut records: Vec<u32> = left.iter().map(|row| truth.record(*row)).collect();
            records.sort_unstable();
            records.dedup();
            let right = truth.rows_of(*target).iter().any(|row| left.contains(row));
            let expected = (!left.is_empty()).then_some((records.len() as u32, right));
            assert_eq!(claim.map(|claim| (claim.records, claim.is_right)), expected, "round {round}, target {target}");
        }
    }
}

fn versions(latest: &[&[f64]], earlier: &[&[f64]]) -> Versions {
    let column = |at: usize| ReleaseColumn {
        name: ["id", "a", "b", "c"][at].to_owned(),
        kind: Kind::Numeric,
        latest: RawColumn::numbers(&latest.iter().map(|row| row[at]).collect::<Vec<_>>()),
        earlier: RawColumn::numbers(&earlier.iter().map(|row| row[at]).collect::<Vec<_>>()),
    };
    compare([latest.len(), earlier.len()], (0..4).map(column).collect()).unwrap().unwrap()
}

#[test]
fn a_pseudonym_that_was_kept_shows_who_came_went_and_changed() {
    let earlier: [&[f64]; 6] = [
        &[11.0, 1.0, 7.0, 1.0],
        &[12.0, 2.0, 5.0, 2.0],
        &[13.0, 3.0, 3.0, 3.0],
        &[14.0, 4.0, 9.0, 4.0],
        &[15.0, 5.0, 2.0, 5.0],
        &[16.0, 6.0, 1.0, 6.0],
    ];
    let latest: [&[f64]; 6] = [
        &[12.0, 2.0, 5.0, 2.0],
        &[11.0, 1.0, 7.0, 9.0],
        &[14.0, 4.0, 9.0, 4.0],
        &[13.0, 3.0, 3.0, 3.0],
        &[15.0, 5.0, 2.0, 5.0],
        &[99.0, 8.0, 8.0, 8.0],
    ];
    let found = versions(&latest, &earlier);
    assert_eq!(found.key.as_deref(), Some("id"));
    assert_eq!((found.linked, found.appeared, found.disappeared, found.changed), (5, 1, 1, Some(1)));
}

#[test]
fn row_numbers_that_are_given_anew_name_no_record() {
    let rows = [[1.0, 1.0, 1.0], [1.0, 2.0, 1.0], [2.0, 1.0, 1.0], [2.0, 2.0, 2.0], [3.0, 1.0, 2.0], [3.0, 2.0, 2.0]];
    let numbered = |rows: &mut dyn Iterator<Item = [f64; 3]>| -> Vec<Vec<f64>> {
        (11..).zip(rows).map(|(number, [a, b, c])| vec![f64::from(number), a, b, c]).collect()
    };
    let (earlier, latest) = (numbered(&mut rows.into_iter()), numbered(&mut rows.into_iter().rev()));
    let [earlier, latest] = [&earlier, &latest].map(|rows| rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let found = versions(&latest, &earlier);
    assert_eq!((found.key, found.linked, found.changed), (None, 0, None));
    assert_eq!(found.columns.len(), 4);
}
