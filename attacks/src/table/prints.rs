//! Fingerprints of rows: equal rows are found in one pass, however many columns they have.
//!
//! A row's fingerprint is the sum of one mixed number per cell (Zobrist 1970, a hashing method with application for
//! game playing, with sums in place of exclusive or). Equal rows have equal fingerprints; that different rows have different
//! ones is likely and is checked, cell by cell, before it is believed.

use rayon::prelude::*;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Rows that one task mixes.
const CHUNK: usize = 16_384;

/// A fingerprint per row of columns of codes.
pub(super) fn prints(rows: usize, columns: &[&[u32]]) -> Vec<u64> {
    let mut prints = vec![0u64; rows];
    prints.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, prints)| {
        let start = chunk * CHUNK;
        for (at, codes) in columns.iter().enumerate() {
            let salt = salt(at);
            for (print, code) in prints.iter_mut().zip(&codes[start..]) {
                *print = print.wrapping_add(mixed(salt, *code));
            }
        }
    });
    prints
}

/// The fingerprint of one row, given by its codes in the order of the columns.
pub(crate) fn print_of(codes: impl IntoIterator<Item = u32>) -> u64 {
    codes.into_iter().enumerate().fold(0, |print, (at, code)| print.wrapping_add(mixed(salt(at), code)))
}

/// The fingerprint that is left when the code of one column is struck out; it differs from column to column.
pub(crate) fn print_without(print: u64, column: usize, code: u32) -> u64 {
    print.wrapping_sub(mixed(salt(column), code)).wrapping_add(salt(column))
}

/// A dense number per fingerprint, in order of first occurrence: the number of each row and the first row of each number.
pub(super) fn number(prints: &[u64]) -> (Vec<u32>, Vec<u32>) {
    let mut numbers: HashMap<u64, u32, PrintHasher> = HashMap::with_capacity_and_hasher(prints.len(), <_>::default());
    let mut first = Vec::new();
    let of_row = prints.iter().enumerate().map(|(row, print)| {
        *numbers.entry(*print).or_insert_with(|| {
            first.push(row as u32);
            first.len() as u32 - 1
        })
    });
    (of_row.collect(), first)
}

/// Whether rows of one number are equal indeed.
pub(super) fn are_equal(of_row: &[u32], first: &[u32], columns: &[&[u32]]) -> bool {
    let later: Vec<(u32, u32)> = of_row
        .iter()
        .enumerate()
        .map(|(row, number)| (row as u32, first[*number as usize]))
        .filter(|(row, first)| row != first)
        .collect();
    columns.par_iter().all(|codes| later.iter().all(|(row, first)| codes[*row as usize] == codes[*first as usize]))
}

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
