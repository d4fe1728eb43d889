//! Signatures that differ from a target's in exactly one column.
//!
//! Each signature is listed under the fingerprint of what is left of it when one column is struck out, for every column.
//! A target strikes out one column of its own after the other and finds all signatures at one mismatch, without
//! counting the mismatches of the rest (the deletion neighbourhoods of Mor & Fraenkel 1982, Communications of the ACM
//! 25:935, with substitutions only).

use super::whole::WholeColumns;
use crate::table::{PrintHasher, print_of, print_without};
use std::collections::HashMap;

/// No further signature.
const END: u32 = u32::MAX;

/// Signatures by what is left of them.
pub(super) struct OneOff {
    /// The last of the (column, signature) pairs with this fingerprint.
    last: HashMap<u64, u32, PrintHasher>,
    /// The pair before each pair, column by column.
    before: Vec<u32>,
    signatures: usize,
}

impl OneOff {
    /// Lists the signatures, each given by one of its profiles.
    pub fn new(whole: &WholeColumns<'_>, firsts: &[u32]) -> OneOff {
        let pairs = firsts.len() * whole.columns.len();
        let mut last = HashMap::with_capacity_and_hasher(pairs, PrintHasher::default());
        let mut before = vec![END; pairs];
        let code = |column: usize, profile: u32| whole.columns[column].1[profile as usize];
        for (signature, profile) in firsts.iter().enumerate() {
            let print = print_of((0..whole.columns.len()).map(|column| code(column, *profile)));
            for column in 0..whole.columns.len() {
                let pair = column * firsts.len() + signature;
                let left = print_without(print, column, code(column, *profile));
                before[pair] = last.insert(left, pair as u32).unwrap_or(END);
            }
        }
        OneOff { last, before, signatures: firsts.len() }
    }

    /// Whether so many signatures of so many columns can be listed.
    pub fn can_list(signatures: usize, columns: usize) -> bool {
        signatures.saturating_mul(columns) < END as usize
    }

    /// Signatures that may be equal to the target's but for one column, given its codes: all that are, each with that
    /// column, and hardly others.
    pub fn candidates(&self, signature: &[u32]) -> impl Iterator<Item = (usize, usize)> {
        let print = print_of(signature.iter().copied());
        signature.iter().enumerate().flat_map(move |(column, code)| {
            let first = self.last.get(&print_without(print, column, *code)).copied();
            let pairs =
                std::iter::successors(first, |pair| Some(self.before[*pair as usize]).filter(|pair| *pair != END));
            let of_column = pairs.filter(move |pair| *pair as usize / self.signatures == column);
            of_column.map(move |pair| (column, pair as usize % self.signatures))
        })
    }
}
