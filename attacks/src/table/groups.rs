//! Grouping rows that are equal on some columns.

use super::prints;
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// The group of a row that is in none.
pub const LEFT_OUT: u32 = u32::MAX;

/// Rows grouped by equality: a dense group number per row, in order of first occurrence.
#[derive(Debug, Clone)]
pub struct Groups {
    /// Group of each row.
    pub of_row: Vec<u32>,
    /// First row of each group.
    pub first: Vec<u32>,
}

impl Groups {
    /// All rows in one group (none when there are no rows).
    pub fn one(rows: usize) -> Groups {
        Groups { of_row: vec![0; rows], first: if rows == 0 { vec![] } else { vec![0] } }
    }

    /// Rows equal on all of these columns, each a code per row. Takes time and memory linear in the rows.
    pub fn of<'a>(rows: usize, columns: impl IntoIterator<Item = &'a [u32]>) -> Groups {
        let columns: Vec<&[u32]> = columns.into_iter().collect();
        if columns.len() > 1 {
            let equal = |a: usize, b: usize| columns.iter().all(|codes| codes[a] == codes[b]);
            return prints::group(&prints::prints(rows, &columns), equal);
        }
        let mut groups = Groups::one(rows);
        for codes in columns {
            groups.refine(codes);
        }
        groups
    }

    /// Rows of two tables, one table after the other, equal on all columns. Each column is a code per row of either table, and
    /// a code means the same in both. Takes time and memory linear in the rows.
    pub fn across(rows: [usize; 2], columns: &[(&[u32], &[u32])]) -> Groups {
        let (first, second): (Vec<&[u32]>, Vec<&[u32]>) = columns.iter().copied().unzip();
        let mut prints = vec![0; rows[0] + rows[1]];
        let (prints_of_first, prints_of_second) = prints.split_at_mut(rows[0]);
        prints::add_prints(prints_of_first, &first);
        prints::add_prints(prints_of_second, &second);
        let code = |(first, second): &(&[u32], &[u32]), row: usize| match row.checked_sub(rows[0]) {
            None => first[row],
            Some(row) => second[row],
        };
        prints::group(&prints, |a, b| columns.iter().all(|column| code(column, a) == code(column, b)))
    }

    /// Number of groups.
    pub fn len(&self) -> usize {
        self.first.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// Splits groups by one more column. Takes time and memory linear in the rows.
    pub fn refine(&mut self, codes: &[u32]) {
        let groups = self.len();
        if groups == self.of_row.len() {
            return; // every row stands alone already
        }
        let codes_end = codes.iter().max().map_or(0, |max| *max as usize + 1);
        let mut first = Vec::with_capacity(groups);
        let mut number = |row: usize, slot: &mut u32| {
            if *slot == u32::MAX {
                *slot = first.len() as u32;
                first.push(row as u32);
            }
            *slot
        };
        // A table of all pairs is the faster way while it is no larger than a few times the rows.
        match groups.checked_mul(codes_end).filter(|pairs| *pairs <= 4 * codes.len() + 1024) {
            Some(pairs) => {
                let mut slots = vec![u32::MAX; pairs];
                for (row, (group, code)) in self.of_row.iter_mut().zip(codes).enumerate() {
                    *group = number(row, &mut slots[*group as usize * codes_end + *code as usize]);
                }
            }
            None => {
                let mut slots: HashMap<u64, u32, FixedState> = HashMap::default();
                for (row, (group, code)) in self.of_row.iter_mut().zip(codes).enumerate() {
                    let slot = slots.entry(u64::from(*group) << 32 | u64::from(*code)).or_insert(u32::MAX);
                    *group = number(row, slot);
                }
            }
        }
        self.first = first;
    }

    /// Keeps some of the groups, renumbered; rows of others get [`LEFT_OUT`].
    pub fn retain(&mut self, mut keep: impl FnMut(u32) -> bool) {
        let mut kept = Vec::with_capacity(self.len());
        let new: Vec<u32> = (0..self.len() as u32)
            .map(|group| match keep(group) {
                true => {
                    kept.push(self.first[group as usize]);
                    kept.len() as u32 - 1
                }
                false => LEFT_OUT,
            })
            .collect();
        if kept.len() < self.len() {
            self.of_row.iter_mut().for_each(|group| *group = new[*group as usize]);
            self.first = kept;
        }
    }

    /// The same groups, numbered in the order in which `order` puts their first rows.
    pub fn renumbered(self, order: impl FnOnce(Vec<u32>) -> Vec<u32>) -> Groups {
        let first = order(self.first.clone());
        let mut number = vec![0; first.len()];
        first.iter().enumerate().for_each(|(at, row)| number[self.of_row[*row as usize] as usize] = at as u32);
        Groups { of_row: self.of_row.iter().map(|group| number[*group as usize]).collect(), first }
    }

    /// Number of rows in each group.
    pub fn sizes(&self) -> Vec<u32> {
        let mut sizes = vec![0; self.len()];
        for group in self.of_row.iter().filter(|group| **group != LEFT_OUT) {
            sizes[*group as usize] += 1;
        }
        sizes
    }

    /// Rows of each group, ascending.
    pub fn members(&self) -> Lists {
        Lists::by_key(&self.of_row, self.len())
    }
}

/// Many short lists in two arrays.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    /// For each key in `0..keys`, the positions that carry it, ascending (a counting sort). Positions that carry
    /// [`LEFT_OUT`] are in no list.
    pub fn by_key(key_of: &[u32], keys: usize) -> Lists {
        let mut starts = vec![0u32; keys + 1];
        for key in key_of.iter().filter(|key| **key != LEFT_OUT) {
            starts[*key as usize + 1] += 1;
        }
        for key in 0..keys {
            starts[key + 1] += starts[key];
        }
        let mut next = starts.clone();
        let mut items = vec![0; starts[keys] as usize];
        for (at, key) in key_of.iter().enumerate().filter(|(_, key)| **key != LEFT_OUT) {
            let slot = &mut next[*key as usize];
            items[*slot as usize] = at as u32;
            *slot += 1;
        }
        Lists { starts, items }
    }

    /// The same lists of other items.
    pub fn map(mut self, item: impl Fn(u32) -> u32) -> Lists {
        self.items.iter_mut().for_each(|at| *at = item(*at));
        self
    }

    /// Where the list of one key is among all items.
    pub fn span(&self, key: u32) -> std::ops::Range<usize> {
        self.starts[key as usize] as usize..self.starts[key as usize + 1] as usize
    }

    /// The list of one key.
    pub fn of(&self, key: u32) -> &[u32] {
        &self.items[self.span(key)]
    }

    /// All items of a range of keys, one list after the other.
    pub fn range(&self, keys: std::ops::Range<u32>) -> &[u32] {
        &self.items[self.starts[keys.start as usize] as usize..self.starts[keys.end as usize] as usize]
    }

    /// All items, list after list.
    pub fn all(&self) -> &[u32] {
        &self.items
    }

    /// Where each list starts and ends among all items.
    pub fn bounds(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.starts.windows(2).map(|pair| (pair[0], pair[1]))
    }

    /// Number of lists.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there are no lists.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
