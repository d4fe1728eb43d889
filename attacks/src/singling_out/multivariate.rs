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
use super::predicate::{Condition, Predicate, Test};
use crate::sampling::Stream;
use crate::table::{Cell, Domain, Groups, MISSING};
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

/// Up to `wanted` predicates over `size` columns each.
pub(super) fn predicates(
    bench: &Bench<'_>,
    columns: &[usize],
    size: usize,
    wanted: usize,
    stream: &mut Stream,
) -> Found {
    let sides: Vec<Side> = columns.iter().map(|column| Side::new(bench, *column)).collect();
    let rows = bench.distinct.len();
    let mut pool: Vec<(Vec<usize>, Vec<u32>)> = Vec::new();
    let (mut examined, mut exist) = (0, 0);
    let most = (MOST_WORK / rows.max(1)).clamp(LEAST_SETS, MOST_SETS);
    for block in column_sets(columns.len(), size, most, stream).chunks(BLOCK) {
        if examined >= LEAST_SETS && exist >= wanted {
            break;
        }
        let isolated: Vec<Vec<u32>> = block.par_iter().map(|set| isolated(bench, &sides, set)).collect();
        examined += block.len();
        exist += isolated.iter().map(Vec::len).sum::<usize>();
        pool.extend(block.iter().cloned().zip(isolated));
    }
    let mut chosen = stream.sample(exist, wanted).into_iter().peekable();
    let mut predicates = Vec::new();
    let mut start = 0;
    for (set, rows) in &pool {
        while let Some(at) = chosen.next_if(|at| *at < start + rows.len()) {
            predicates.push(about(bench, &sides, set, rows[at - start]));
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

/// One column of the distinct release rows, as predicates see it.
struct Side {
    column: usize,
    /// What two rows must share to match each other: the category, the side of the median, that both are missing.
    class: Vec<u32>,
    /// How far out a number lies on its side; 0 for anything that is no number.
    extremeness: Vec<u32>,
    numeric: bool,
    generalized: bool,
}

const LOW: u32 = 1;
const HIGH: u32 = 2;
const FIRST_GENERALIZED: u32 = 3;

impl Side {
    fn new(bench: &Bench<'_>, column: usize) -> Side {
        let domain = &bench.tables.columns[column].domain;
        let cells = bench.tables.anonymized.column(column);
        let codes: Vec<u32> = bench.distinct.first.iter().map(|row| cells[*row as usize]).collect();
        let numeric = domain.kind().is_numeric();
        let median = median(bench, column);
        let class_of = |code: u32| match domain.cell(code) {
            _ if !numeric => code,
            Cell::Missing => MISSING,
            Cell::Number(value) if *value > median => HIGH,
            Cell::Number(_) => LOW,
            _ => code - domain.exact_codes().end + FIRST_GENERALIZED,
        };
        let extremeness_of = |code: u32| match class_of(code) {
            HIGH if numeric => code,
            LOW if numeric => domain.exact_codes().end - code,
            _ => 0,
        };
        Side {
            column,
            class: codes.iter().map(|code| class_of(*code)).collect(),
            extremeness: codes.iter().map(|code| extremeness_of(*code)).collect(),
            numeric,
            generalized: codes.iter().any(|code| !domain.is_exact(*code)),
        }
    }
}

/// The distinct rows that a column set isolates, ascending.
fn isolated(bench: &Bench<'_>, sides: &[Side], set: &[usize]) -> Vec<u32> {
    let classes = Groups::of(bench.distinct.len(), set.iter().map(|at| sides[*at].class.as_slice()));
    let numbers: Vec<&[u32]> =
        set.iter().filter(|at| sides[**at].numeric).map(|at| sides[*at].extremeness.as_slice()).collect();
    let members = classes.members();
    let mut maxima = Vec::new();
    for class in 0..classes.len() as u32 {
        match members.of(class) {
            [only] => maxima.push(*only),
            _ if numbers.is_empty() => {}
            several => strict_maxima(several, &numbers, &mut maxima),
        }
    }
    if set.iter().any(|at| sides[*at].generalized) {
        // Classes took a generalized cell for a value of its own. It may match other rows too, and a suppressed one says
        // nothing, so that the predicate would be one over fewer columns.
        maxima.retain(|row| {
            let predicate = about(bench, sides, set, *row);
            predicate.conditions.len() == set.len() && isolates(bench, &predicate)
        });
    }
    maxima.sort_unstable();
    maxima
}

/// Adds the rows than which no other is at least as large in every number.
fn strict_maxima(rows: &[u32], numbers: &[&[u32]], maxima: &mut Vec<u32>) {
    let key = |row: u32| numbers.iter().map(move |number| number[row as usize]);
    let covers = |by: u32, row: u32| key(by).zip(key(row)).all(|(by, row)| by >= row);
    if let [number] = numbers {
        // The usual case of one number needs no sorting.
        let most = rows.iter().map(|row| number[*row as usize]).max();
        let mut first = rows.iter().filter(|row| Some(number[**row as usize]) == most);
        if let (Some(only), None) = (first.next(), first.next()) {
            maxima.push(*only);
        }
        return;
    }
    let mut descending = undominated(rows, numbers);
    descending.sort_unstable_by(|a, b| key(*b).cmp(key(*a)).then(a.cmp(b)));
    // Rows that nothing before them covers, and whether an equal row follows: equal rows cover each other.
    let mut frontier: Vec<(u32, bool)> = Vec::new();
    for row in descending {
        match frontier.iter_mut().find(|(kept, _)| covers(*kept, row)) {
            Some((kept, repeated)) => *repeated |= covers(row, *kept),
            None => frontier.push((row, false)),
        }
    }
    maxima.extend(frontier.into_iter().filter(|(_, repeated)| !repeated).map(|(row, _)| row));
}

/// The rows without those that one strong row covers: most of a large class, so that what has to be sorted is small.
///
/// The strong row has the largest sum of numbers, each over the class's largest. Rows equal to it stay: they tell
/// that it is no strict maximum.
fn undominated(rows: &[u32], numbers: &[&[u32]]) -> Vec<u32> {
    let largest: Vec<f64> = numbers
        .iter()
        .map(|number| f64::from(rows.iter().map(|row| number[*row as usize]).max().unwrap_or(0).max(1)))
        .collect();
    let strength = |row: u32| -> f64 {
        numbers.iter().zip(&largest).map(|(number, largest)| f64::from(number[row as usize]) / largest).sum()
    };
    let strongest = rows.iter().copied().max_by(|a, b| strength(*a).total_cmp(&strength(*b)));
    let Some(strongest) = strongest else { return Vec::new() };
    let stays = |row: &u32| {
        let mut pairs = numbers.iter().map(|number| (number[*row as usize], number[strongest as usize]));
        let mut above = false;
        let mut equal = true;
        pairs.all(|(own, other)| {
            above |= own > other;
            equal &= own == other;
            !above
        });
        above || equal
    };
    rows.iter().copied().filter(stays).collect()
}

/// The predicate that a distinct release row and a column set make.
fn about(bench: &Bench<'_>, sides: &[Side], set: &[usize], row: u32) -> Predicate {
    let release_row = bench.distinct.first[row as usize] as usize;
    let conditions = set.iter().filter_map(|at| {
        let side = &sides[*at];
        let domain: &Domain = &bench.tables.columns[side.column].domain;
        let code = bench.tables.anonymized.column(side.column)[release_row];
        let test = match domain.cell(code) {
            Cell::Suppressed => return None,
            Cell::Number(_) if side.class[row as usize] == HIGH => Test::AtLeast(code),
            Cell::Number(_) => Test::AtMost(code),
            _ => Test::Is(code),
        };
        Some(Condition::new(side.column, domain, test))
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
    let count = |code: u32| bench.release.rows(column, code).len();
    let present: usize = domain.exact_codes().map(count).sum();
    if present == 0 || !domain.kind().is_numeric() {
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

    #[test]
    fn strict_maxima_of_hand_worked_points() {
        let maxima = |points: &[[u32; 2]]| {
            let columns: Vec<Vec<u32>> = (0..2).map(|at| points.iter().map(|point| point[at]).collect()).collect();
            let numbers: Vec<&[u32]> = columns.iter().map(Vec::as_slice).collect();
            let rows: Vec<u32> = (0..points.len() as u32).collect();
            let mut maxima = Vec::new();
            strict_maxima(&rows, &numbers, &mut maxima);
            maxima.sort_unstable();
            maxima
        };
        assert_eq!(maxima(&[[3, 1], [2, 2], [1, 3], [1, 1], [2, 1]]), [0, 1, 2]);
        // Equal points cover each other; a point equal in one number and larger in the other covers.
        assert_eq!(maxima(&[[3, 1], [3, 1], [1, 3], [1, 2]]), [2]);
    }
}
