//! Signatures that differ from a target's in exactly one column.
//!
//! For every column, each signature is listed under the fingerprint of what is left of it when that column is struck out.
//! A target strikes out one column of its own after the other and finds all signatures at one mismatch, without
//! counting the mismatches of the rest (the deletion neighbourhoods of Mor & Fraenkel 1982, Communications of the ACM
//! 25:935, with substitutions only).

use super::whole::WholeColumns;
use crate::table::{PrintHasher, print_of, print_without};
use rayon::prelude::*;
use std::collections::HashMap;

/// No further signature.
const END: u32 = u32::MAX;

/// Signatures by what is left of them.
pub(super) struct OneOff {
    without: Vec<Without>,
}

/// Signatures without one column.
struct Without {
    /// The last of the signatures with this fingerprint.
    last: HashMap<u64, u32, PrintHasher>,
    /// The one before each.
    before: Vec<u32>,
}

impl OneOff {
    /// Lists the signatures, each given by one of its profiles.
    pub fn new(whole: &WholeColumns<'_>, firsts: &[u32]) -> OneOff {
        let prints: Vec<u64> = firsts.par_iter().map(|profile| whole.print(*profile)).collect();
        let without = whole.columns.par_iter().enumerate().with_max_len(1).map(|(column, (_, codes))| {
            let mut last = HashMap::with_capacity_and_hasher(firsts.len(), PrintHasher::default());
            let before = firsts.iter().zip(&prints).enumerate().map(|(signature, (profile, print))| {
                let left = print_without(*print, column, codes[*profile as usize]);
                last.insert(left, signature as u32).unwrap_or(END)
            });
            let before = before.collect();
            Without { last, before }
        });
        OneOff { without: without.collect() }
    }

    /// Signatures that may be equal to the target's but for one column, given its codes: all that are, each with that
    /// column, and hardly others.
    pub fn candidates(&self, signature: &[u32]) -> impl Iterator<Item = (usize, usize)> {
        let print = print_of(signature.iter().copied());
        signature.iter().zip(&self.without).enumerate().flat_map(move |(column, (code, without))| {
            let first = without.last.get(&print_without(print, column, *code)).copied();
            let before = |signature: &u32| Some(without.before[*signature as usize]).filter(|before| *before != END);
            std::iter::successors(first, before).map(move |signature| (column, signature as usize))
        })
    }
}
