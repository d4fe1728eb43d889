//! Predicates on several columns.
//!
//! A release row and a set of columns make one predicate: a number above its column's median in the release asks
//! for at least that number, any other for at most; a category, a missing value or a generalized cell asks for itself. It is
//! kept when it matches exactly one distinct row of the release. The attacker wants a uniform draw from all pairs of row and
//! column set that are kept.
//!
//! Drawing pairs until enough were kept finds next to nothing on a large release, where one pair in 10,000 isolates. So
//! column sets are drawn, and *all* rows that a set isolates are found at once: a row's predicate can only match rows that
//! are equal to it in the categories and on the same side of every median, and among those it isolates exactly when no other
//! row is at least as extreme in every number, that is when it is a strict maximum (Kung, Luccio & Preparata 1975, Journal
//! of the ACM 22:469). From what all sets examined isolate, the predicates are drawn uniformly.

use super::Bench;
use super::classes::Classes;
use super::maxima::{Number, strict_maxima};
use super::predicate::{Predicate, Test};
use super::side::{HIGH, Side};
use crate::sampling::Stream;
use crate::table::{Cell, Domain};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// At least this many column sets are examined, if there are as many, however many predicates the first of them yield.
const LEAST_SETS: usize = 64;

/// After examining sets times rows so often, the search ends with what was found.
const MOST_WORK: usize = 200_000_000;

/// And after so many sets, which a small table of many columns would otherwise exceed by far.
const MOST_SETS: usize = 50_000;

/// Column sets examined at a time, in parallel; the same on any number of threads.
const BLOCK: usize = 16;

/// What was found in the column sets examined.
pub(super) struct Found {
    /// Up to as many predicates as were wanted.
    pub predicates: Vec<Predicate>,
    /// Predicates that the examined column sets offer.
    pub exist: u64,
}

/// A column set, and the distinct rows that it isolates, ascending.
struct Examined<'a> {
    set: Vec<(usize, &'a Side)>,
    rows: Vec<u32>,
}

/// Up to `wanted` predicates over `size` columns each.
pub(super) fn predicates(
    bench: &Bench<'_>,
    columns: &[usize],
    size: usize,
    wanted: usize,
    stream: &mut Stream,
) -> Found {
    let rows = bench.distinct().len();
    let sides = bench.sides(columns);
    let mut pool: Vec<Examined<'_>> = Vec::new();
    let mut exist = 0;
    let most = (MOST_WORK / rows.max(1)).clamp(LEAST_SETS, MOST_SETS);
    let mut sets = column_sets(columns.len(), size, most, stream).into_iter();
    while pool.len() < LEAST_SETS || exist < wanted {
        // All that are examined in any case go at once.
        let block = if pool.len() < LEAST_SETS { LEAST_SETS - pool.len() } else { BLOCK };
        let block: Vec<Vec<usize>> = sets.by_ref().take(block).collect();
        if block.is_empty() {
            break;
        }
        let examined = block.into_par_iter().map(|set| {
            let set: Vec<(usize, &Side)> = set.into_iter().map(|at| sides[at]).collect();
            let rows = isolated(bench, &set);
            Examined { set, rows }
        });
        let examined: Vec<_> = examined.collect();
        exist += examined.iter().map(|examined| examined.rows.len()).sum::<usize>();
        pool.extend(examined);
    }
    let mut chosen = stream.sample(exist, wanted).into_iter().peekable();
    let mut predicates = Vec::new();
    let mut start = 0;
    for Examined { set, rows } in &pool {
        while let Some(at) = chosen.next_if(|at| *at < start + rows.len()) {
            predicates.push(about(bench, set, rows[at - start]));
        }
        start += rows.len();
    }
    Found { predicates, exist: exist as u64 }
}

/// Sets of so many positions out of `columns`, in random order; all of them unless there are more than `most`.
fn column_sets(columns: usize, size: usize, most: usize, stream: &mut Stream) -> Vec<Vec<usize>> {
    if size > columns || size == 0 {
        return Vec::new();
    }
    let all = (0..size as u128).fold(1u128, |count, at| count.saturating_mul(columns as u128 - at) / (at + 1));
    if all <= 4 * most as u128 {
        let mut sets = combinations(columns, size);
        stream.shuffle(&mut sets);
        sets.truncate(most);
        return sets;
    }
    let mut seen = BTreeSet::new();
    let mut sets = Vec::with_capacity(most);
    while sets.len() < most {
        let set: Vec<usize> = stream.sample(columns, size);
        if seen.insert(set.clone()) {
            sets.push(set);
        }
    }
    sets
}

/// All ascending choices of `size` out of `0..columns`.
fn combinations(columns: usize, size: usize) -> Vec<Vec<usize>> {
    let mut choices = vec![Vec::new()];
    for _ in 0..size {
        choices = choices
            .into_iter()
            .flat_map(|choice: Vec<usize>| {
                let from = choice.last().map_or(0, |last| last + 1);
                (from..columns).map(move |next| [choice.as_slice(), &[next]].concat())
            })
            .collect();
    }
    choices
}

/// The distinct rows that a column set isolates, ascending.
fn isolated(bench: &Bench<'_>, set: &[(usize, &Side)]) -> Vec<u32> {
    let classes =
        Classes::new(bench.distinct().len(), set.iter().map(|(_, side)| (side.class.as_slice(), side.classes)));
    let numbers: Vec<Number<'_>> = set.iter().filter_map(|(_, side)| side.number()).collect();
    let mut maxima = strict_maxima(&classes, &numbers);
    if set.iter().any(|(_, side)| side.generalized) {
        // Classes took a generalized cell for a value of its own. It may match other rows too, and a suppressed one says
        // nothing, so that the predicate would be one over fewer columns.
        maxima.retain(|row| {
            let predicate = about(bench, set, *row);
            predicate.conditions.len() == set.len() && isolates(bench, &predicate)
        });
    }
    maxima
}

/// The predicate that a distinct release row and a column set make.
fn about(bench: &Bench<'_>, set: &[(usize, &Side)], row: u32) -> Predicate {
    let release_row = bench.distinct().first[row as usize] as usize;
    let conditions = set.iter().filter_map(|(column, side)| {
        let domain: &Domain = &bench.tables.columns[*column].domain;
        let code = bench.tables.anonymized.column(*column)[release_row];
        let test = match domain.cell(code) {
            Cell::Suppressed => return None,
            Cell::Number(_) if side.class[row as usize] == HIGH => Test::AtLeast(code),
            Cell::Number(_) => Test::AtMost(code),
            _ => Test::Is(code),
        };
        Some(bench.condition(*column, test))
    });
    Predicate { conditions: conditions.collect() }
}

/// Whether exactly one distinct row of the release matches.
fn isolates(bench: &Bench<'_>, predicate: &Predicate) -> bool {
    let mut only = None;
    let mut several = false;
    bench.release.each_match(predicate, |row| {
        let group = bench.distinct().of_row[row as usize];
        several = *only.get_or_insert(group) != group;
        !several
    });
    only.is_some() && !several
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::sampling::Task;

    #[test]
    fn column_sets_are_all_or_a_random_part() {
        let mut stream = Stream::new(1, Task::Predicates, 0);
        let mut all = column_sets(5, 2, 64, &mut stream);
        all.sort_unstable();
        assert_eq!(all, combinations(5, 2));
        assert_eq!(all.len(), 10);
        assert!(column_sets(3, 4, 64, &mut stream).is_empty());
        let part = column_sets(60, 4, 64, &mut stream);
        let distinct: BTreeSet<&Vec<usize>> = part.iter().collect();
        assert_eq!((part.len(), distinct.len()), (64, 64));
    }
}
