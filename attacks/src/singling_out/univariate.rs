//! Predicates on one column.

use super::Prepared;
use super::predicate::{Predicate, Test};
use crate::sampling::Stream;
use rayon::prelude::*;

/// Up to `wanted` predicates, drawn from the columns in turn; and how many exist.
///
/// A column offers: each cell (the missing value included) that one distinct release row holds, and the largest and the
/// smallest number when one distinct row holds it: a person who was released twice is not thereby protected. A suppressed
/// cell says nothing and is not offered.
pub(super) fn predicates(
    prepared: &Prepared<'_>,
    columns: &[usize],
    wanted: usize,
    stream: &mut Stream,
) -> (Vec<Predicate>, u64) {
    // Made here, and not from within parallel work.
    prepared.distinct();
    let mut offers: Vec<(usize, Vec<Test>)> =
        columns.par_iter().map(|column| (*column, offers(prepared, *column))).collect();
    let exist = offers.iter().map(|(_, tests)| tests.len() as u64).sum();
    for (_, tests) in &mut offers {
        stream.shuffle(tests);
    }
    let mut predicates = Vec::new();
    while predicates.len() < wanted && offers.iter().any(|(_, tests)| !tests.is_empty()) {
        for (column, tests) in &mut offers {
            if predicates.len() == wanted {
                break;
            }
            if let Some(test) = tests.pop() {
                predicates.push(Predicate { conditions: vec![prepared.condition(*column, test)] });
            }
        }
    }
    (predicates, exist)
}

fn offers(prepared: &Prepared<'_>, column: usize) -> Vec<Test> {
    let domain = &prepared.tables.columns[column].domain;
    let of_row = &prepared.distinct().of_row;
    let single = |code: u32| match prepared.release.rows(column, code) {
        [] => false,
        [first, others @ ..] => others.iter().all(|row| of_row[*row as usize] == of_row[*first as usize]),
    };
    let says_something = |code: u32| *domain.cell(code) != crate::table::Cell::Suppressed;
    let mut tests: Vec<Test> =
        (0..domain.len() as u32).filter(|code| single(*code) && says_something(*code)).map(Test::Is).collect();
    if domain.kind().is_numeric() {
        let held = |code: &u32| !prepared.release.rows(column, *code).is_empty();
        let largest = domain.number_codes().rev().find(held).filter(|code| single(*code));
        let smallest = domain.number_codes().find(held).filter(|code| single(*code));
        tests.extend(largest.map(Test::AtLeast));
        tests.extend(smallest.map(Test::AtMost));
    }
    tests
}
