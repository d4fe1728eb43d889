//! Parts of persons by what stands in a column.

use super::{RARE, Subgroup, Who};
use crate::table::{Kind, Tables};
use std::cmp::Reverse;

/// Most values of a column that are parts of their own.
const MOST_VALUES: usize = 20;
/// How many parts a column of numbers is cut into.
const PARTS: usize = 5;

/// Rows of the original that hold each code of a column.
fn holders(tables: &Tables, column: usize) -> Vec<u64> {
    let mut holders = vec![0; tables.columns[column].domain.len()];
    tables.original.column(column).iter().for_each(|code| holders[*code as usize] += 1);
    holders
}

fn part(tables: &Tables, who: Who, belongs: impl Fn(&crate::table::Table, usize) -> bool) -> Subgroup {
    let members = |table: &crate::table::Table| (0..table.rows()).map(|row| belongs(table, row)).collect();
    Subgroup { who, original: members(&tables.original), control: tables.control.as_ref().map(members) }
}

/// Who holds a rare value in some column of categories.
pub(super) fn holders_of_rare_values(tables: &Tables) -> Option<Subgroup> {
    let most = (tables.original.rows() as f64 * RARE).floor() as u64;
    let rare: Vec<(usize, Vec<bool>)> = (0..tables.columns.len())
        .filter(|column| tables.columns[*column].domain.kind() == Kind::Categorical)
        .map(|column| (column, holders(tables, column).into_iter().map(|holders| holders <= most).collect()))
        .collect();
    let holds = |table: &crate::table::Table, row: usize| {
        rare.iter().any(|(column, is_rare): &(usize, Vec<bool>)| is_rare[table.column(*column)[row] as usize])
    };
    let part = part(tables, Who::RareValues, holds);
    // Where nearly all values are rare, as in a column of names, everybody holds one.
    let many = part.original.iter().filter(|belongs| **belongs).count() * 2 > part.original.len();
    (!many).then_some(part)
}

/// The parts of a column: fifths of its numbers where there are many, else the holders of each value that is held by enough.
pub(super) fn parts(tables: &Tables, column: usize) -> Vec<Subgroup> {
    let domain = &tables.columns[column].domain;
    let holders = holders(tables, column);
    let mut by_holders: Vec<u32> = (0..domain.len() as u32).filter(|code| holders[*code as usize] > 0).collect();
    if domain.kind().is_numeric() && by_holders.len() > MOST_VALUES {
        return fifths(tables, column);
    }
    by_holders.sort_by_key(|code| (Reverse(holders[*code as usize]), *code));
    let enough = |code: &&u32| holders[**code as usize] >= super::FEWEST_PERSONS;
    let own: Vec<u32> = by_holders.iter().take(MOST_VALUES).take_while(enough).copied().collect();
    let of_value = own
        .iter()
        .zip(1..)
        .map(|(code, rank)| part(tables, Who::Value { column, rank }, |table, row| table.column(column)[row] == *code));
    let others = part(tables, Who::OtherValues { column }, |table, row| !own.contains(&table.column(column)[row]));
    of_value.chain(others.original.contains(&true).then_some(others.clone())).collect()
}

/// The fifths of a column of numbers: as many persons of the original in each as equal numbers allow.
fn fifths(tables: &Tables, column: usize) -> Vec<Subgroup> {
    let domain = &tables.columns[column].domain;
    let codes = tables.original.column(column).iter().copied();
    let mut numbers: Vec<f64> = codes.filter(|code| domain.is_number(*code)).map(|code| domain.number(code)).collect();
    numbers.sort_unstable_by(f64::total_cmp);
    let cuts: Vec<f64> = (1..PARTS).map(|at| numbers[numbers.len() * at / PARTS]).collect();
    let fifth = |code: u32| domain.is_number(code).then(|| 1 + cuts.partition_point(|cut| *cut <= domain.number(code)));
    let of_fifth = (1..=PARTS).map(|wanted| {
        let who = Who::Fifth { column, fifth: wanted as u32 };
        part(tables, who, |table, row| fifth(table.column(column)[row]) == Some(wanted))
    });
    let others = part(tables, Who::OtherValues { column }, |table, row| fifth(table.column(column)[row]).is_none());
    of_fifth.chain([others]).filter(|part| part.original.contains(&true)).collect()
}
