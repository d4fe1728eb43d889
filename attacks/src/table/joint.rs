//! One column of several tables, encoded against a dictionary of all their cells.

use super::{Cell, Domain, Kind, MISSING, count_codes};
use rayon::prelude::*;
use std::collections::HashMap;

/// A column of one table before it meets the others: its own cells in any order, and a code per row into them.
#[derive(Debug, Clone, Default)]
pub struct RawColumn {
    /// Cells that occur; a cell may stand twice.
    pub cells: Vec<Cell>,
    /// Per row, the position in `cells`.
    pub codes: Vec<u32>,
    /// Rows of each of `cells`.
    pub counts: Vec<u32>,
}

impl RawColumn {
    /// A column of numbers; NaN, infinities and what is beyond [`Cell::LARGEST`] become missing.
    pub fn numbers(values: &[f64]) -> RawColumn {
        let (mut codes_of, mut cells) = (HashMap::new(), Vec::new());
        let code = |value: &f64| {
            // `+ 0.0` turns -0.0 into 0.0, so that both are one cell.
            let cell = if value.abs() <= Cell::LARGEST { Cell::Number(value + 0.0) } else { Cell::Missing };
            let key = if let Cell::Number(number) = cell { number.to_bits() } else { u64::MAX };
            *codes_of.entry(key).or_insert_with(|| {
                cells.push(cell);
                cells.len() as u32 - 1
            })
        };
        let codes = values.iter().map(code).collect();
        RawColumn::coded(cells, codes)
    }

    /// A column of categories.
    pub fn texts<S: AsRef<str>>(values: &[S]) -> RawColumn {
        RawColumn::cells(values.iter().map(|text| Cell::Category(text.as_ref().to_owned())).collect())
    }

    /// A column of any cells, one per row.
    pub fn cells(cells: Vec<Cell>) -> RawColumn {
        RawColumn { codes: (0..cells.len() as u32).collect(), counts: vec![1; cells.len()], cells }
    }

    /// A column of these cells, given the position among them of each row's.
    ///
    /// # Panics
    /// When a position is not among them.
    pub fn coded(cells: Vec<Cell>, codes: Vec<u32>) -> RawColumn {
        RawColumn { counts: count_codes(&codes, cells.len()), cells, codes }
    }

    /// The rows of a column that was joined, with the cells that they hold, each changed.
    pub fn of_codes(domain: &Domain, codes: &[u32], change: impl Fn(&Cell) -> Cell) -> RawColumn {
        let rows = count_codes(codes, domain.len());
        let (mut place, mut column) = (vec![0; domain.len()], RawColumn::default());
        for (code, rows) in rows.into_iter().enumerate().filter(|(_, rows)| *rows > 0) {
            place[code] = column.cells.len() as u32;
            column.cells.push(change(domain.cell(code as u32)));
            column.counts.push(rows);
        }
        column.codes = codes.iter().map(|code| place[*code as usize]).collect();
        column
    }
}

/// A column of several tables with one dictionary.
#[derive(Debug, Clone)]
pub struct JointColumn {
    /// All its cells over all tables.
    pub domain: Domain,
    /// Its rows in each table.
    pub tables: Vec<CodedColumn>,
}

/// The rows that one table has of a joint column.
#[derive(Debug, Clone)]
pub struct CodedColumn {
    /// Code of each row.
    pub codes: Vec<u32>,
    /// Rows of each code.
    pub counts: Vec<u32>,
    /// Cells that the table has, the missing value not counted.
    pub distinct: usize,
    /// Codes of the smallest and the largest number that the table has, of the first and the last category in a column of
    /// categories.
    pub ends: Option<(u32, u32)>,
    /// Whether any of its cells is generalized.
    pub is_generalized: bool,
}

impl JointColumn {
    /// Merges the dictionaries of some tables into one, in the order of codes, and recodes every row.
    pub fn of(kind: Kind, tables: Vec<RawColumn>) -> JointColumn {
        let mut parts = Vec::with_capacity(tables.len());
        // Numbers, of which there may be as many as rows, are sorted apart.
        let is_number = |cell: &&Cell| matches!(cell, Cell::Number(_));
        let count: usize = tables.iter().map(|table| table.cells.iter().filter(is_number).count()).sum();
        let (mut numbers, mut others) = (Vec::with_capacity(count), Vec::new());
        let mut end = 0;
        for table in tables {
            let start = end;
            for cell in table.cells {
                match cell.simplified() {
                    Cell::Number(number) => numbers.push((rank(number), end)),
                    other => others.push((other, end)),
                }
                end += 1;
            }
            parts.push((start..end, table.codes, table.counts));
        }
        numbers.par_sort_unstable();
        others.par_sort_unstable_by(|(a, _), (b, _)| a.order(b));
        let behind = others.split_off(others.partition_point(|(cell, _)| *cell == Cell::Missing));
        let numbers = numbers.into_iter().map(|(rank, at)| (Cell::Number(number(rank)), at));
        let mut joint = vec![MISSING; end];
        let mut sorted = Vec::with_capacity(end + 1);
        sorted.push(Cell::Missing);
        for (cell, at) in others.into_iter().chain(numbers).chain(behind) {
            if sorted.last() != Some(&cell) {
                sorted.push(cell);
            }
            joint[at] = sorted.len() as u32 - 1;
        }
        let domain = Domain::from_sorted(kind, sorted);
        let tables = parts.into_par_iter();
        let tables = tables.map(|(own, codes, rows)| CodedColumn::of(&domain, &joint[own], codes, &rows)).collect();
        JointColumn { domain, tables }
    }
}

impl CodedColumn {
    /// From codes into a table's own cells, for which `joint` has the codes of the domain, and the rows of each.
    fn of(domain: &Domain, joint: &[u32], mut codes: Vec<u32>, rows: &[u32]) -> CodedColumn {
        let mut counts = vec![0; domain.len()];
        joint.iter().zip(rows).for_each(|(code, rows)| counts[*code as usize] += rows);
        if joint.iter().zip(0..).any(|(code, own)| *code != own) {
            codes.iter_mut().for_each(|code| *code = joint[*code as usize]);
        }
        let mut occurs = vec![false; domain.len()];
        joint.iter().for_each(|code| occurs[*code as usize] = true);
        let distinct = occurs[1..].iter().filter(|occurs| **occurs).count();
        let ordered = if domain.kind().is_numeric() { domain.number_codes() } else { domain.exact_codes() };
        let exact = || ordered.clone().filter(|code| occurs[*code as usize]);
        let is_generalized =
            occurs.iter().rposition(|occurs| *occurs).is_some_and(|last| !domain.is_exact(last as u32));
        CodedColumn { codes, counts, distinct, ends: exact().next().zip(exact().next_back()), is_generalized }
    }
}

/// An integer that orders numbers as [`f64::total_cmp`] does.
fn rank(number: f64) -> u64 {
    let bits = number.to_bits();
    if number.is_sign_negative() { !bits } else { bits | 1 << 63 }
}

/// The number of a rank.
fn number(rank: u64) -> f64 {
    f64::from_bits(if rank >> 63 == 1 { rank & !(1 << 63) } else { !rank })
}
