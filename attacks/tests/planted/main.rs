//! The short form of `examples/planted_worlds.rs`: planted leaks are found by somebody, and nobody cries out without one.

mod world;

use rayon::prelude::*;
use world::{FINDERS, Planted, found};

const ROWS: usize = 400;

/// In how many of some worlds each of [`FINDERS`] finds something, and in how many any of them does.
fn counts(planted: Planted, seeds: u64) -> ([u64; FINDERS.len()], u64) {
    let found: Vec<_> = (0..seeds).into_par_iter().map(|seed| found(planted, ROWS, seed)).collect();
    let of = |at: usize| found.iter().filter(|found| found[at]).count() as u64;
    (std::array::from_fn(of), found.iter().filter(|found| found.contains(&true)).count() as u64)
}

#[test]
fn every_planted_leak_is_found_by_somebody() {
    for planted in Planted::ALL.into_iter().filter(|planted| *planted != Planted::Nobody) {
        let (of_each, any) = counts(planted, 3);
        // Four copies among four hundred are few.
        let fewest = if planted == Planted::Copies { 1 } else { 3 };
        assert!(any >= fewest, "{}: {of_each:?}", planted.name());
    }
}

#[test]
fn without_a_leak_hardly_anybody_finds_one() {
    let (of_each, _) = counts(Planted::Nobody, 30);
    for (name, found) in FINDERS.iter().zip(of_each) {
        // More than four of 30 come with 5 % once in sixty times.
        assert!(found <= 4, "{name}: {found} of 30");
    }
}
