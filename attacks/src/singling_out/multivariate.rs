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

use super::Prepared;
use super::classes::Classes;
use super::maxima::{Number, strict_maxima};
use super::predicate::{Predicate, Test};
use super::side::{HIGH, Side};
use crate::progress::{Progress, go_on};
use crate::sampling::Stream;
use crate::table::{Cell, Domain};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// At least this many column sets are examined, if there are as many, however many predicates the first of them yield.
const LEAST_SETS: usize = 64;

/// After examining so many cells (rows times columns of the sets), the search ends with what was found.
const MOST_WORK: usize = 800_000_000;

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
    prepared: &Prepared<'_>,
    columns: &[usize],
    size: usize,
    wanted: usize,
    stream: &mut Stream,
    progress: &dyn Progress,
) -> Found {
    let rows = prepared.distinct().len();
    let sides = prepared.sides(columns);
    let mut pool: Vec<Examined<'_>> = Vec::new();
    let mut exist = 0;
    let most = (MOST_WORK / rows.max(1) / size.max(1)).clamp(LEAST_SETS, MOST_SETS);
    let mut sets = column_sets(columns.len(), size, most, stream);
    while pool.len() < LEAST_SETS || exist < wanted {
        // All that are examined in any case go at once.
        let block = if pool.len() < LEAST_SETS { LEAST_SETS - pool.len() } else { BLOCK };
        let block: Vec<Vec<usize>> = sets.by_ref().take(block).collect();
        if block.is_empty() {
            break;
        }
        let examined = block.into_par_iter().map(|set| {
            go_on(progress);
            let set: Vec<(usize, &Side)> = set.into_iter().map(|at| sides[at]).collect();
            let rows = isolated(prepared, &set);
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
            predicates.push(about(prepared, set, rows[at - start]));
        }
        start += rows.len();
    }
    Found { predicates, exist: exist as u64 }
}

/// Sets of so many positions out of `columns`, in random order; all of them unless there are more than `most`.
///
/// A set of more than half of the columns is drawn as what it leaves out, which keeps what is held small.
fn column_sets(
    columns: usize,
    size: usize,
    most: usize,
    stream: &mut Stream,
) -> impl Iterator<Item = Vec<usize>> + use<> {
    let drawn = size.min(columns.saturating_sub(size));
    let mut sets = Vec::new();
    if (1..=columns).contains(&size) {
        sets = match choices(columns, drawn, 4 * most) {
            Some(_) => {
                let mut sets = combinations(columns, drawn);
                stream.shuffle(&mut sets);
                sets.truncate(most);
                sets
            }
            None => {
                let mut seen = BTreeSet::new();
                let draws = std::iter::repeat_with(|| stream.sample(columns, drawn));
                draws.filter(|set| seen.insert(set.clone())).take(most).collect()
            }
        };
    }
    sets.into_iter().map(move |set| match drawn == size {
        true => set,
        false => (0..columns).filter(|column| set.binary_search(column).is_err()).collect(),
    })
}

/// The number of choices of `size` out of `columns`, with `size` at most the half of them; `None` beyond `most`.
fn choices(columns: usize, size: usize, most: usize) -> Option<usize> {
    // C(n, k + 1) = C(n, k)·(n − k)/(k + 1) rises up to the half, so that no step of a number in bounds is out of them.
    (0..size).try_fold(1usize, |count, at| {
        let next = count as u128 * (columns - at) as u128 / (at as u128 + 1);
        usize::try_from(next).ok().filter(|next| *next <= most)
    })
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
fn isolated(prepared: &Prepared<'_>, set: &[(usize, &Side)]) -> Vec<u32> {
    let classes =
        Classes::new(prepared.distinct().len(), set.iter().map(|(_, side)| (side.class.as_slice(), side.classes)));
    let numbers: Vec<Number<'_>> = set.iter().filter_map(|(_, side)| side.number()).collect();
    let mut maxima = strict_maxima(&classes, &numbers);
    if set.iter().any(|(_, side)| side.generalized) {
        // Classes took a generalized cell for a value of its own. It may match other rows too, and a suppressed one says
        // nothing, so that the predicate would be one over fewer columns.
        maxima.retain(|row| {
            let predicate = about(prepared, set, *row);
            predicate.conditions.len() == set.len() && isolates(prepared, &predicate)
        });
    }
    maxima
}

/// The predicate that a distinct release row and a column set make.
fn about(prepared: &Prepared<'_>, set: &[(usize, &Side)], row: u32) -> Predicate {
    let release_row = prepared.distinct().first[row as usize] as usize;
    let conditions = set.iter().filter_map(|(column, side)| {
        let domain: &Domain = &prepared.tables.columns[*column].domain;
        let code = prepared.tables.anonymized.column(*column)[release_row];
        let test = match domain.cell(code) {
            Cell::Suppressed => return None,
            Cell::Number(_) if side.class[row as usize] == HIGH => Test::AtLeast(code),
            Cell::Number(_) => Test::AtMost(code),
            _ => Test::Is(code),
        };
        Some(prepared.condition(*column, test))
    });
    Predicate { conditions: conditions.collect() }
}

/// Whether exactly one distinct row of the release matches.
fn isolates(prepared: &Prepared<'_>, predicate: &Predicate) -> bool {
    let mut only = None;
    let mut several = false;
    prepared.release.each_match(predicate, |row| {
        let group = prepared.distinct().of_row[row as usize];
        several = *only.get_or_insert(group) != group;
        !several
    });
    only.is_some() && !several
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::sampling::Task;

    fn sets(columns: usize, size: usize, most: usize) -> Vec<Vec<usize>> {
        column_sets(columns, size, most, &mut Stream::new(1, Task::Predicates, 0)).collect()
    }

    #[test]
    fn column_sets_are_all_or_a_random_part() {
        let mut all = sets(5, 2, 64);
        all.sort_unstable();
        assert_eq!(all, combinations(5, 2));
        assert_eq!(all.len(), 10);
        assert!(sets(3, 4, 64).is_empty());
        let part = sets(60, 4, 64);
        let distinct: BTreeSet<&Vec<usize>> = part.iter().collect();
        assert_eq!((part.len(), distinct.len()), (64, 64));
    }

    #[test]
    fn sets_of_nearly_all_columns_are_found_by_what_they_leave_out() {
        for (columns, size, expected) in [(30, 30, 1), (60, 58, 1770), (140, 138, 9730), (200, 181, 10_000), (9, 7, 36)]
        {
            let found = sets(columns, size, 10_000);
            assert_eq!(found.len(), expected, "{size} of {columns}");
            let distinct: BTreeSet<&Vec<usize>> = found.iter().collect();
            assert_eq!(distinct.len(), expected);
            assert!(found.iter().all(|set| set.len() == size && set.is_sorted() && set[size - 1] < columns));
        }
        assert_eq!((choices(30, 15, 1000), choices(5, 2, 10), choices(5, 2, 9)), (None, Some(10), None));
    }
}
