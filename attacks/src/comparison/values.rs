//! The values of one column in one table, counted.

use crate::table::{Cell, CodedColumn, Domain, count_codes};
use std::borrow::Cow;
use std::collections::HashSet;

/// What some row of a table holds, or may hold.
pub(super) struct Held<'a> {
    codes: Vec<bool>,
    /// Categories that stand in no table by themselves.
    others: HashSet<&'a str>,
}

/// How many rows hold each cell.
pub(super) struct Values<'a> {
    pub(super) domain: &'a Domain,
    pub(super) counts: Cow<'a, [u32]>,
}

impl<'a> Values<'a> {
    pub(super) fn of(domain: &'a Domain, column: &'a CodedColumn) -> Values<'a> {
        Values { domain, counts: Cow::Borrowed(&column.counts) }
    }

    /// The same of rows that nobody counted.
    pub(super) fn counted(domain: &'a Domain, codes: &[u32]) -> Values<'a> {
        Values { domain, counts: Cow::Owned(count_codes(codes, domain.len())) }
    }

    /// The values of two tables together.
    pub(super) fn and(&self, other: &Values<'_>) -> Values<'a> {
        let counts = self.counts.iter().zip(other.counts.iter()).map(|(a, b)| a + b).collect();
        Values { domain: self.domain, counts }
    }

    /// Cells that say something, with their rows: neither missing nor suppressed.
    pub(super) fn telling(&self) -> impl Iterator<Item = (&'a Cell, u32, u32)> + '_ {
        let cells = self.domain.cells().iter().zip(self.counts.iter()).enumerate();
        cells
            .filter(|(_, (cell, rows))| **rows > 0 && !matches!(cell, Cell::Missing | Cell::Suppressed))
            .map(|(code, (cell, rows))| (cell, code as u32, *rows))
    }

    /// Rows whose cell says something.
    pub(super) fn rows(&self) -> usize {
        self.telling().map(|(_, _, rows)| rows as usize).sum()
    }

    /// The code of a category that a set covers; `None` where it stands in no table by itself.
    fn member(&self, name: &str) -> Option<u32> {
        let exact = self.domain.exact_codes();
        let cells = &self.domain.cells()[exact.start as usize..exact.end as usize];
        let order = |cell: &Cell| match cell {
            Cell::Category(category) => category.as_str().cmp(name),
            _ => std::cmp::Ordering::Less,
        };
        cells.binary_search_by(order).ok().map(|at| exact.start + at as u32)
    }

    /// What some row holds, or may hold.
    pub(super) fn held(&self) -> Held<'a> {
        let mut held = Held { codes: vec![false; self.domain.len()], others: HashSet::new() };
        for (cell, code, _) in self.telling() {
            let Cell::OneOf(set) = cell else {
                held.codes[code as usize] = true;
                continue;
            };
            for name in set {
                match self.member(name) {
                    Some(code) => held.codes[code as usize] = true,
                    None => drop(held.others.insert(name)),
                }
            }
        }
        held
    }

    /// Whether a cell may be what another table of the same column holds.
    pub(super) fn is_held(&self, cell: &Cell, code: u32, held: &Held<'_>) -> bool {
        let is_held = |name: &String| match self.member(name) {
            Some(code) => held.codes[code as usize],
            None => held.others.contains(name.as_str()),
        };
        match cell {
            Cell::OneOf(set) => set.iter().any(is_held),
            _ => held.codes[code as usize],
        }
    }

    /// The smallest and the largest number that a row holds or may hold.
    pub(super) fn ends(&self) -> Option<(f64, f64)> {
        let spans = self.telling().filter_map(|(cell, _, _)| span(cell));
        spans.reduce(|(lo, hi), (a, b)| (lo.min(a), hi.max(b)))
    }

    /// The numbers below which and above which a share of the rows lies; generalized numbers stand at their middle.
    pub(super) fn central(&self, tail: f64) -> Option<(f64, f64)> {
        let middle = |cell: &Cell| match cell {
            Cell::Number(number) => Some(*number),
            Cell::Interval(interval) => interval.representative(),
            _ => None,
        };
        let mut numbers: Vec<(f64, u32)> =
            self.telling().filter_map(|(cell, _, rows)| Some((middle(cell)?, rows))).collect();
        numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
        let total: f64 = numbers.iter().map(|(_, rows)| f64::from(*rows)).sum();
        let quantile = |share: f64| {
            let mut below = 0.0;
            let reached = numbers.iter().find(|(_, rows)| {
                below += f64::from(*rows);
                below > share * total
            });
            reached.or(numbers.last()).map(|(number, _)| *number)
        };
        Some((quantile(tail)?, quantile(1.0 - tail)?))
    }
}

/// The numbers that a cell may be.
pub(super) fn span(cell: &Cell) -> Option<(f64, f64)> {
    match cell {
        Cell::Number(number) => Some((*number, *number)),
        Cell::Interval(interval) => Some((interval.lo, interval.hi)),
        _ => None,
    }
}
