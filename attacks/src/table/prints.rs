//! Fingerprints of rows: equal rows are found in one pass, however many columns they have.
//!
//! A row's fingerprint is the sum of one mixed number per cell (Zobrist 1970, a hashing method with application for
//! game playing, with sums in place of exclusive or). Equal rows have equal fingerprints; that different rows have different
//! ones is likely and is checked, cell by cell, before it is believed.

use super::Groups;
use rayon::prelude::*;
use std::hash::{BuildHasherDefault, Hasher};

/// Rows that one task mixes.
const CHUNK: usize = 4096;

/// A fingerprint per row of columns of codes.
pub(super) fn prints(rows: usize, columns: &[&[u32]]) -> Vec<u64> {
    let mut prints = vec![0; rows];
    add_prints(&mut prints, columns);
    prints
}

/// Adds each row's fingerprint to a number that is 0 before.
pub(super) fn add_prints(prints: &mut [u64], columns: &[&[u32]]) {
    prints.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, prints)| {
        let start = chunk * CHUNK;
        for (at, codes) in columns.iter().enumerate() {
            let salt = salt(at);
            for (print, code) in prints.iter_mut().zip(&codes[start..]) {
                *print = print.wrapping_add(mixed(salt, *code));
            }
        }
    });
}

/// The fingerprint of one row, given by its codes in the order of the columns.
pub(crate) fn print_of(codes: impl IntoIterator<Item = u32>) -> u64 {
    codes.into_iter().enumerate().fold(0, |print, (at, code)| print.wrapping_add(mixed(salt(at), code)))
}

/// The fingerprint that is left when the code of one column is struck out; it differs from column to column.
pub(crate) fn print_without(print: u64, column: usize, code: u32) -> u64 {
    print.wrapping_sub(mixed(salt(column), code)).wrapping_add(salt(column))
}

/// Groups rows that are equal, numbered by first occurrence; `equal` is asked about rows of one fingerprint.
///
/// They are taken for equal first, and looked at afterwards, by all threads. Only where two different rows have one
/// fingerprint are they grouped again, one comparison after the other.
pub(super) fn group(prints: &[u64], equal: impl Fn(usize, usize) -> bool + Sync) -> Groups {
    let groups = group_by(prints, |_, _| true);
    let is_in_its_group = |row: usize| {
        let first = groups.first[groups.of_row[row] as usize] as usize;
        first == row || equal(row, first)
    };
    let are_right = (0..prints.len()).into_par_iter().with_min_len(CHUNK).all(is_in_its_group);
    if are_right { groups } else { group_by(prints, equal) }
}

/// Groups rows of one fingerprint that are equal.
///
/// A table of the groups found so far, by fingerprint and with linear probing: half empty, and a quarter of what a map
/// with its keys would take.
pub(super) fn group_by(prints: &[u64], equal: impl Fn(usize, usize) -> bool) -> Groups {
    let slots = (2 * prints.len()).next_power_of_two();
    let mut table = vec![EMPTY; slots];
    let mut groups = Groups { of_row: Vec::with_capacity(prints.len()), first: Vec::new() };
    for (row, print) in prints.iter().enumerate() {
        let mut slot = (print.wrapping_mul(SPREAD) >> 32) as usize & (slots - 1);
        let group = loop {
            let group = table[slot];
            if group == EMPTY {
                table[slot] = groups.first.len() as u32;
                groups.first.push(row as u32);
                break table[slot];
            }
            let first = groups.first[group as usize] as usize;
            if prints[first] == *print && equal(row, first) {
                break group;
            }
            slot = (slot + 1) & (slots - 1);
        };
        groups.of_row.push(group);
    }
    groups
}

/// A slot without a group.
const EMPTY: u32 = u32::MAX;

/// An odd number, by which neighbouring fingerprints are spread.
const SPREAD: u64 = 0xd6e8_feb8_6659_fd93;

/// Columns are told apart by odd multiples of the golden ratio's bits.
fn salt(column: usize) -> u64 {
    (2 * column as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Both halves of a product of 64 bits, so that every bit of the code moves every bit of the result.
fn mixed(salt: u64, code: u32) -> u64 {
    let product = u128::from(salt ^ u64::from(code)) * 0xa076_1d64_78bd_642f_u128;
    product as u64 ^ (product >> 64) as u64
}

/// Hashes fingerprints by themselves: they are mixed already.
pub(crate) type PrintHasher = BuildHasherDefault<AsItIs>;

#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0 << 8 | u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn groups_are_those_of_refining(
            rows in prop::collection::vec([0u32..3, 0u32..4, 0u32..2], 0..60),
            buckets in 1u64..9,
            cut in 0..60usize,
        ) {
            let columns = [0, 1, 2].map(|column| rows.iter().map(|row| row[column]).collect::<Vec<_>>());
            let columns = columns.each_ref().map(Vec::as_slice);
            let mut expected = Groups::one(rows.len());
            for codes in columns {
                expected.refine(codes);
            }
            let prints = prints(rows.len(), &columns);
            prop_assert!(rows.iter().zip(&prints).all(|(row, print)| print_of(*row) == *print));
            // Different rows of one fingerprint, too.
            let alike: Vec<u64> = prints.iter().map(|print| print % buckets).collect();
            for prints in [prints, alike] {
                let groups = group(&prints, |a, b| columns.iter().all(|codes| codes[a] == codes[b]));
                prop_assert_eq!(&groups.of_row, &expected.of_row);
                prop_assert_eq!(&groups.first, &expected.first);
            }
            let cut = cut.min(rows.len());
            let halves = columns.map(|codes| codes.split_at(cut));
            let mut expected = Groups::one(rows.len());
            for taken in 0..=3 {
                let groups = Groups::across([cut, rows.len() - cut], &halves[..taken]);
                prop_assert_eq!(&groups.of_row, &expected.of_row);
                prop_assert_eq!(&groups.first, &expected.first);
                columns.get(taken).into_iter().for_each(|codes| expected.refine(codes));
            }
        }
    }
}
