//! Releases with known truth: row n of the release is made from row n of the original. What share of the persons is found?

use super::*;
use crate::neighbors::{GowerDistance, Nearest, NeighborIndex, Profiles, Scan as DistanceScan, Searcher};
use crate::sampling::{Stream, Task};
use crate::table::{Cell, Kind, MISSING, RawColumn, Tables, TablesBuilder};

/// Persons with columns of these numbers of values, the first ones the most frequent.
fn persons(rows: usize, values: &[u64], stream: &mut Stream) -> Vec<Vec<u64>> {
    let cell = |values: &u64, unit: f64| (*values as f64 * unit.powi(3)) as u64;
    (0..rows).map(|_| values.iter().map(|values| cell(values, stream.unit())).collect()).collect()
}

/// Tables of persons and of what a release says of each cell; `None` is suppressed.
fn tables(persons: &[Vec<u64>], release: &[Vec<Option<u64>>]) -> Tables {
    let mut builder = TablesBuilder::new(persons.len(), release.len(), None);
    for column in 0..persons[0].len() {
        let category = |value: u64| Cell::Category(format!("v{value:04}"));
        let original = RawColumn::cells(persons.iter().map(|row| category(row[column])).collect());
        let cell = |row: &Vec<Option<u64>>| row[column].map_or(Cell::Suppressed, category);
        let released = RawColumn::cells(release.iter().map(cell).collect());
        builder.add(&format!("c{column}"), Kind::Categorical, original, released, None).unwrap();
    }
    builder.finish()
}

/// The expected share of the first persons whose own record is drawn from the answer.
fn found(tables: &Tables, persons: usize, searcher: &mut dyn Searcher, profiles: &Profiles<'_>) -> f64 {
    let mut answer = Nearest::default();
    let share = |row: usize| {
        searcher.nearest(&tables.original.row(row), 1, &mut answer);
        let rows: u32 = answer.profiles.iter().map(|profile| profiles.multiplicity(*profile)).sum();
        let is_inside = answer.profiles.binary_search(&profiles.of_row()[row]).is_ok();
        if is_inside { 1.0 / f64::from(rows) } else { 0.0 }
    };
    (0..persons).map(share).sum::<f64>() / persons as f64
}

/// What agreement and the distance find of the first persons.
fn both(tables: &Tables, persons: usize) -> [f64; 2] {
    let columns: Vec<usize> = (0..tables.columns.len()).collect();
    let profiles = Profiles::new(tables, &columns);
    let rows: Vec<Vec<u32>> = (0..tables.original.rows()).map(|row| tables.original.row(row)).collect();
    let planned = plan(tables, &profiles, &columns, &Sample::of_questions(&rows));
    let agreement = found(tables, persons, planned.index.searcher().as_mut(), &profiles);
    let distance = DistanceScan::new(&profiles, GowerDistance::new(tables, &columns));
    [agreement, found(tables, persons, distance.searcher().as_mut(), &profiles)]
}

/// The compatible record with most exact and rare cells, found by a plain loop over the rows.
fn best_compatible(tables: &Tables) -> f64 {
    let columns = tables.columns.len();
    let (original, release) = (&tables.original, &tables.anonymized);
    let shares: Vec<Vec<f64>> = (0..columns)
        .map(|column| {
            let domain = &tables.columns[column].domain;
            let mut counts = vec![0.0f64; domain.len()];
            let cells = original.column(column).iter().chain(release.column(column));
            cells.filter(|code| domain.is_exact(**code)).for_each(|code| counts[*code as usize] += 1.0);
            let total: f64 = counts.iter().sum();
            counts.iter().map(|count| -(count / total).ln()).collect()
        })
        .collect();
    let mut found = 0.0;
    for person in 0..original.rows() {
        let (mut best, mut rows, mut is_inside) = (f64::NEG_INFINITY, 0, false);
        for row in 0..release.rows() {
            let cells =
                || (0..columns).map(|column| (column, original.column(column)[person], release.column(column)[row]));
            if !cells().all(|(column, own, cell)| own == cell || !tables.columns[column].domain.is_exact(cell)) {
                continue;
            }
            let weight: f64 =
                cells().filter(|(_, own, cell)| own == cell).map(|(at, own, _)| shares[at][own as usize]).sum();
            if weight > best {
                (best, rows, is_inside) = (weight, 0, false);
            }
            if weight == best {
                rows += 1;
                is_inside |= row == person;
            }
        }
        if is_inside {
            found += 1.0 / f64::from(rows);
        }
    }
    assert!(original.column(0).iter().all(|code| *code != MISSING));
    found / original.rows() as f64
}

/// Each cell suppressed with some probability: agreement finds whom the best compatible record finds.
#[test]
fn suppressed_cells_hide_nobody_whom_the_others_tell() {
    let values = [2, 73, 5, 7, 16, 41, 8, 14, 2];
    for suppressed in [0.0, 0.05, 0.1, 0.2, 0.3] {
        let mut stream = Stream::new(1, Task::Population, 0);
        let persons = persons(1500, &values, &mut stream);
        let cell = |value: &u64, stream: &mut Stream| (stream.unit() >= suppressed).then_some(*value);
        let release: Vec<Vec<Option<u64>>> =
            persons.iter().map(|row| row.iter().map(|value| cell(value, &mut stream)).collect()).collect();
        let tables = tables(&persons, &release);
        let ([agreement, distance], best) = (both(&tables, persons.len()), best_compatible(&tables));
        println!("{suppressed}: agreement {agreement:.3}, distance {distance:.3}, best compatible {best:.3}");
        assert!(agreement > best - 0.02, "{suppressed}: {agreement} {best}");
    }
}

/// Nearly half of the cells drawn anew from their column: agreement finds most persons, and more than the distance.
#[test]
fn imputed_cells_hide_nobody() {
    let mut stream = Stream::new(2, Task::Population, 0);
    let values: Vec<u64> = (0..29).map(|column| [2, 3, 5, 9, 40][column % 5]).collect();
    let persons = persons(900, &values, &mut stream);
    let release: Vec<Vec<Option<u64>>> = persons
        .iter()
        .map(|row| {
            let cell = |(at, value): (usize, &u64)| match stream.unit() < 0.45 {
                true => Some(persons[stream.below(900) as usize][at]),
                false => Some(*value),
            };
            row.iter().enumerate().map(cell).collect()
        })
        .collect();
    let [agreement, distance] = both(&tables(&persons, &release), persons.len());
    println!("imputed: agreement {agreement:.3}, distance {distance:.3}");
    assert!(agreement > 0.9 && agreement > distance + 0.05, "{agreement} {distance}");
}

/// A fifth of the release copied, five of fourteen columns drawn anew: what is rare tells the copies.
#[test]
fn copies_with_five_other_columns_are_found() {
    let mut stream = Stream::new(3, Task::Population, 0);
    let values = [73, 9, 300, 16, 7, 14, 6, 5, 2, 100, 90, 95, 41, 2];
    let (persons, fresh) = (persons(2000, &values, &mut stream), persons(2000, &values, &mut stream));
    let release: Vec<Vec<Option<u64>>> = persons
        .iter()
        .zip(&fresh)
        .enumerate()
        .map(|(row, (own, other))| {
            let other_columns = if row < 400 { stream.sample(14, 5) } else { (0..14).collect() };
            (0..14).map(|at| Some(if other_columns.contains(&at) { other[at] } else { own[at] })).collect()
        })
        .collect();
    let [agreement, distance] = both(&tables(&persons, &release), 400);
    println!("five of fourteen: agreement {agreement:.3}, distance {distance:.3}");
    assert!(agreement > distance && agreement > 0.5, "{agreement} {distance}");
}
