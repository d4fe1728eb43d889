//! Predicates on several columns.

use super::Bench;
use super::predicate::{Condition, Predicate, Test};
use crate::sampling::Stream;
use crate::table::{Cell, MISSING};
use rayon::prelude::*;
use std::collections::HashSet;

/// After so many draws for each predicate wanted the search ends; what was found is all that counts as attempted.
const DRAWS_PER_PREDICATE: usize = 100;

/// Draws are made in blocks of this size and judged in parallel, so that threads do not change what is drawn.
const BLOCK: usize = 1024;

/// Up to `wanted` predicates over `size` columns each; and how many draws it took.
///
/// A draw is a random distinct row of the release and random columns. A number above its column's median in the release
/// asks for at least that number, any other for at most; a category, a missing value or a generalized cell asks
/// for itself. A draw is kept when it matches exactly one distinct row of the release and is new.
pub(super) fn predicates(
    bench: &Bench<'_>,
    columns: &[usize],
    size: usize,
    wanted: usize,
    stream: &mut Stream,
) -> (Vec<Predicate>, u64) {
    if size > columns.len() {
        return (Vec::new(), 0);
    }
    let medians: Vec<f64> = (0..bench.tables.columns.len()).map(|column| median(bench, column)).collect();
    let most = wanted.saturating_mul(DRAWS_PER_PREDICATE);
    let mut columns = columns.to_vec();
    let mut seen = HashSet::new();
    let mut kept = Vec::new();
    let mut draws = 0;
    while draws < most {
        let block: Vec<(u32, Vec<usize>)> = (0..BLOCK.min(most - draws))
            .map(|_| {
                let row = bench.distinct.first[stream.below(bench.distinct.len() as u64) as usize];
                for at in 0..size {
                    let other = at + stream.below((columns.len() - at) as u64) as usize;
                    columns.swap(at, other);
                }
                let mut chosen = columns[..size].to_vec();
                chosen.sort_unstable();
                (row, chosen)
            })
            .collect();
        let judged: Vec<Option<Predicate>> = block
            .par_iter()
            .map(|(row, chosen)| {
                let predicate = about(bench, &medians, *row as usize, chosen);
                isolates(bench, &predicate).then_some(predicate)
            })
            .collect();
        for (at, predicate) in judged.into_iter().enumerate() {
            if let Some(predicate) = predicate.filter(|predicate| seen.insert(predicate.key())) {
                kept.push(predicate);
                if kept.len() == wanted {
                    return (kept, (draws + at + 1) as u64);
                }
            }
        }
        draws += block.len();
    }
    (kept, draws as u64)
}

/// The condition that a release row meets on these columns.
fn about(bench: &Bench<'_>, medians: &[f64], row: usize, columns: &[usize]) -> Predicate {
    let conditions = columns.iter().filter_map(|column| {
        let domain = &bench.tables.columns[*column].domain;
        let code = bench.tables.anonymized.column(*column)[row];
        let test = match domain.cell(code) {
            Cell::Suppressed => return None,
            Cell::Number(value) if *value > medians[*column] => Test::AtLeast(code),
            Cell::Number(_) => Test::AtMost(code),
            _ => Test::Is(code),
        };
        Some(Condition::new(*column, domain, test))
    });
    Predicate { conditions: conditions.collect() }
}

/// Whether exactly one distinct row of the release matches.
fn isolates(bench: &Bench<'_>, predicate: &Predicate) -> bool {
    let mut only = None;
    let mut several = false;
    bench.release.each_match(&bench.tables.anonymized, predicate, |row| {
        let group = bench.distinct.of_row[row as usize];
        several = *only.get_or_insert(group) != group;
        !several
    });
    only.is_some() && !several
}

/// The median of a column's exact numbers in the release; NaN without any.
fn median(bench: &Bench<'_>, column: usize) -> f64 {
    let domain = &bench.tables.columns[column].domain;
    if !domain.kind().is_numeric() {
        return f64::NAN;
    }
    let count = |code: u32| bench.release.rows(column, code).len();
    let present: usize = domain.exact_codes().map(count).sum();
    if present == 0 {
        return f64::NAN;
    }
    let at_rank = |rank: usize| {
        let mut seen = 0;
        let found = domain.exact_codes().find(|code| {
            seen += count(*code);
            seen > rank
        });
        domain.number(found.unwrap_or(MISSING))
    };
    at_rank((present - 1) / 2) / 2.0 + at_rank(present / 2) / 2.0
}
