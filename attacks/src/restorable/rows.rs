//! Rows of the release that still stand in the original's order, and rows that were copied.

use crate::comparison::numbering::{Following, following};
use crate::table::{PrintHasher, Table, Tables, common, count_each, print_without};
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};

/// Whether the rows of the release are about the persons of the original in the same places. `None` when their numbers differ.
///
/// It is asked over the columns that change from row to row; see [`following`].
pub fn in_order(tables: &Tables) -> Option<Following> {
    let rows = tables.original.rows();
    if rows != tables.anonymized.rows() {
        return None;
    }
    let pairs: Vec<(usize, usize)> = (0..rows).map(|row| (row, row)).collect();
    Some(following(&pairs, [&tables.original, &tables.anonymized]))
}

/// Pairs of rows that a key says are one record, in the order of the original.
pub fn by_key(tables: &Tables) -> Option<Vec<(usize, usize)>> {
    let (own, released) = (tables.original.records.as_ref()?, tables.anonymized.records.as_ref()?);
    let mut row_of: HashMap<u32, Option<usize>> = HashMap::new();
    // A key that stands twice pairs nobody.
    released.iter().enumerate().for_each(|(row, key)| {
        row_of.entry(*key).and_modify(|row| *row = None).or_insert(Some(row));
    });
    Some(own.iter().enumerate().filter_map(|(row, key)| Some((row, (*row_of.get(key)?)?))).collect())
}

/// Rows of the original that stand in the release, beside those of the control.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Copies {
    /// Rows of the release that equal a row of the original.
    pub released: u64,
    /// Rows of the original that were looked at, and how many of them stand in the release.
    pub original: (u64, u64),
    /// The same of the control; without one, of the original with an equal row elsewhere in it, which is what chance explains.
    pub others: (u64, u64),
    /// Whether more of the original's rows stand in the release than the others explain.
    pub beyond: bool,
}

/// Standard errors beyond which a share is larger than chance explains.
const BEYOND: f64 = 5.0;

/// Rows of the original and the control that are looked at for near copies.
const LOOKED_AT: usize = 20_000;

/// Fewest columns of which a row that is equal in all but one is a copy.
const NEAR_COLUMNS: usize = 5;

impl Copies {
    fn of(released: u64, original: (u64, u64), others: (u64, u64)) -> Copies {
        let share = |(of, found): (u64, u64)| if of == 0 { 0.0 } else { found as f64 / of as f64 };
        let (own, other) = (share(original), share(others));
        let (n, m) = (original.0.max(1) as f64, others.0.max(1) as f64);
        let all = (original.1 + others.1) as f64 / (n + m);
        let error = (all * (1.0 - all) * (1.0 / n + 1.0 / m)).sqrt();
        let beyond = original.1 >= 3 && own - other > BEYOND * error && own - other > 0.001;
        Copies { released, original, others, beyond }
    }
}

/// Rows that are equal in all columns.
pub fn copies(tables: &Tables) -> Copies {
    let prints = |table: &Table| table.prints(0..table.columns());
    let (released, original) = (prints(&tables.anonymized), prints(&tables.original));
    let rows_of = |held: &HashSet<u64, PrintHasher>, prints: &[u64]| {
        prints.iter().filter(|print| held.contains(print)).count() as u64
    };
    let held = common(&original, released.iter().copied());
    let others = match &tables.control {
        Some(control) => {
            let control = prints(control);
            let held = common(&control, released.iter().copied());
            (control.len() as u64, rows_of(&held, &control))
        }
        None => {
            let twice = count_each([&original]).into_iter().flatten().filter(|rows| *rows > 1);
            (original.len() as u64, twice.map(u64::from).sum())
        }
    };
    Copies::of(rows_of(&held, &released), (original.len() as u64, rows_of(&held, &original)), others)
}

/// Rows that are equal in all columns but one, at most; only beside a control, and where there are enough columns.
pub fn near_copies(tables: &Tables) -> Option<Copies> {
    let control = tables.control.as_ref()?;
    let columns = tables.columns.len();
    if columns < NEAR_COLUMNS {
        return None;
    }
    // Spread over the rows in the order of their values, so that the order of the file does not matter.
    let spread = |table: &Table| -> Vec<u32> {
        let rows = tables.in_order(table, 0..table.rows() as u32);
        let step = rows.len().div_ceil(LOOKED_AT).max(1);
        rows.into_iter().step_by(step).collect()
    };
    let (own, others) = (spread(&tables.original), spread(control));
    let (mut near_own, mut near_others) = (vec![false; own.len()], vec![false; others.len()]);
    let whole = |table: &Table| table.prints(0..columns);
    let (of_release, of_own, of_others) = (whole(&tables.anonymized), whole(&tables.original), whole(control));
    // Those who are looked at are few: they are kept, and the release's rows pass by.
    let near = |left_out: usize| {
        let without =
            |print: u64, table: &Table, row: usize| print_without(print, left_out, table.column(left_out)[row]);
        let looked_at = |table: &Table, prints: &[u64], rows: &[u32]| -> Vec<u64> {
            rows.iter().map(|row| without(prints[*row as usize], table, *row as usize)).collect()
        };
        let own = looked_at(&tables.original, &of_own, &own);
        let others = looked_at(control, &of_others, &others);
        let released = of_release.iter().enumerate().map(|(row, print)| without(*print, &tables.anonymized, row));
        let held = common(&[&own[..], &others].concat(), released);
        [own, others].map(|prints| prints.iter().map(|print| held.contains(print)).collect::<Vec<bool>>())
    };
    let of_columns: Vec<[Vec<bool>; 2]> = (0..columns).into_par_iter().map(near).collect();
    for [own, others] in of_columns {
        near_own.iter_mut().zip(own).for_each(|(near, is_near)| *near |= is_near);
        near_others.iter_mut().zip(others).for_each(|(near, is_near)| *near |= is_near);
    }
    let counted = |near: &[bool]| (near.len() as u64, near.iter().filter(|near| **near).count() as u64);
    let (original, others) = (counted(&near_own), counted(&near_others));
    Some(Copies::of(original.1, original, others))
}
