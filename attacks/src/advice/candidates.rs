//! The changes that are tried.

use super::calendar::Unit;
use super::{Change, Levels};
use crate::neighbors::{Nearest, Profiles};
use crate::persons::Persons;
use crate::progress::Progress;
use crate::questions::{Questions, Searched};
use crate::table::{Domain, Kind, Tables};
use crate::targets::TargetRows;
use std::collections::BTreeMap;

/// Into so many bands the middle nine tenths of the released numbers are cut.
const BANDS: f64 = 10.0;
/// Numbers beyond this quantile of the release are top-coded.
const TOP: f64 = 0.95;
/// Columns with fewer numbers than this are neither banded nor top-coded.
const FEW: usize = 6;
/// Parts of the persons whose records are suppressed, the most exposed first.
const SUPPRESSED: [f64; 2] = [0.01, 0.05];

/// The changes of a release, by columns, given the hierarchies of columns; then the suppression of those who are exposed.
pub fn candidates(
    tables: &Tables,
    levels: &BTreeMap<usize, Levels>,
    persons: &Persons,
    progress: &dyn Progress,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for (column, of_tables) in tables.columns.iter().enumerate() {
        changes.push(Change::Drop { column });
        let domain = &of_tables.domain;
        let released = released_numbers(domain, tables.anonymized.column(column));
        match (levels.get(&column), domain.kind()) {
            (Some(levels), _) if !levels.is_empty() => {
                changes.push(Change::Level { column, levels: levels.clone() });
            }
            (_, Kind::Date | Kind::DateTime) if !released.is_empty() => {
                changes.extend([Unit::Month, Unit::Year].map(|unit| Change::Calendar { column, unit }));
            }
            (_, Kind::Numeric) => changes.extend(bands(column, &released)),
            _ => {}
        }
        if domain.kind() == Kind::Numeric {
            changes.extend(top_code(column, &released));
        }
    }
    changes.extend(suppressions(tables, persons, progress));
    changes
}

/// Numbers of the release, ascending, one per row.
pub(super) fn released_numbers(domain: &Domain, codes: &[u32]) -> Vec<f64> {
    let mut numbers: Vec<f64> = codes.iter().map(|code| domain.number(*code)).filter(|n| !n.is_nan()).collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers
}

fn distinct(sorted: &[f64]) -> usize {
    sorted.chunk_by(|one, other| one == other).count()
}

fn quantile(sorted: &[f64], at: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * at).round() as usize]
}

/// Bands of a round width: 1, 2 or 5 times a power of ten, and at least twice the usual gap.
fn bands(column: usize, released: &[f64]) -> Option<Change> {
    if distinct(released) < FEW {
        return None;
    }
    let spread = quantile(released, TOP) - quantile(released, 1.0 - TOP);
    let spread = if spread > 0.0 { spread } else { quantile(released, 1.0) - quantile(released, 0.0) };
    let least = spread / BANDS;
    let power = 10f64.powf(least.log10().floor());
    let width = [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|width| *width >= least * 0.999)?;
    let whole = released.iter().all(|number| number.fract() == 0.0);
    let width = if whole { width.max(2.0) } else { width };
    (width.is_finite() && width > 0.0).then_some(Change::Bands { column, origin: 0.0, width })
}

fn top_code(column: usize, released: &[f64]) -> Option<Change> {
    if distinct(released) < FEW {
        return None;
    }
    let from = quantile(released, TOP);
    // Something above it has to be hidden, and something below it left.
    (from < quantile(released, 1.0) && from > quantile(released, 0.0)).then_some(Change::TopCode { column, from })
}

fn suppressions(tables: &Tables, persons: &Persons, progress: &dyn Progress) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for part in SUPPRESSED {
        let count = ((part * tables.original.persons() as f64).ceil() as usize).min(persons.hit.len());
        let mut original: Vec<u32> =
            persons.hit[..count].iter().flat_map(|person| person.rows.iter().copied()).collect();
        original.sort_unstable();
        let rows = records_of(tables, original, progress);
        let change = Change::Suppress { persons: count, rows };
        let has_rows = matches!(&change, Change::Suppress { rows, .. } if !rows.is_empty());
        if has_rows && changes.last() != Some(&change) {
            changes.push(change);
        }
    }
    changes
}

/// The release rows of some rows of the original: theirs where that is known, else the nearest in all columns.
fn records_of(tables: &Tables, original: Vec<u32>, progress: &dyn Progress) -> Vec<u32> {
    let released = &tables.anonymized;
    if let (Some(records), Some(of_release)) = (&tables.original.records, &released.records) {
        let wanted: std::collections::HashSet<u32> = original.iter().map(|row| records[*row as usize]).collect();
        return (0..released.rows() as u32).filter(|row| wanted.contains(&of_release[*row as usize])).collect();
    }
    let columns: Vec<usize> = (0..tables.columns.len()).collect();
    let targets = TargetRows { original, control: None };
    let profiles = Profiles::new(tables, &columns).distinct();
    let searched = Searched::about(tables, &columns, &profiles);
    let questions = Questions::new(&searched, &targets);
    if profiles.is_empty() || questions.len() == 0 {
        return Vec::new();
    }
    let planned = questions.plan(1);
    let keep = |(): &mut (), _: u32, nearest: &Nearest| nearest.profiles.clone();
    let found = questions.ask(planned.index.as_ref(), 1, progress, || (), keep);
    let mut is_near = vec![false; questions.profiles.len()];
    found.into_iter().flatten().for_each(|profile| is_near[profile as usize] = true);
    let of_row = questions.profiles.of_row();
    let near = |row: &u32| is_near.get(of_row[*row as usize] as usize).copied().unwrap_or(false);
    (0..released.rows() as u32).filter(near).collect()
}
