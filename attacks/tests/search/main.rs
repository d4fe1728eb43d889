//! The short form of `examples/known_columns.rs`: the search finds what was planted, and its price is honest.

mod world;

use rayon::prelude::*;
use reident_attacks::inference::InferenceAttacker;
use reident_attacks::linkability::LinkabilityAttacker;
use statrs::distribution::{Binomial, DiscreteCDF};
use world::{KnownSearched, risk, search, tables};

const ROWS: usize = 300;

/// A risk, and the ends of its interval.
type Estimate = (f64, f64, f64);

/// The largest set that was found in each of some worlds, and whether the others' interval of it holds the truth; the last figure counts the
/// worlds in which the interval of those who were searched on lies above 0.
fn worlds<A: KnownSearched>(seeds: u64, share: f64) -> (Vec<Vec<usize>>, Vec<Estimate>, usize) {
    let of_seed = |seed: u64| {
        let tables = tables(seed, ROWS, share, A::PLANTED);
        let (found, [searched, others]) = search::<A>(&tables);
        let best = found.sets.last().expect("a set shows something");
        let ((signed, honest), (_, naive)) = (risk(best, &tables, &others), risk(best, &tables, &searched));
        (best.known().expect("the attacker knows columns"), (signed, honest.lo, honest.hi), naive.lo > 0.0)
    };
    let all: Vec<_> = (0..seeds).into_par_iter().map(of_seed).collect();
    let above = all.iter().filter(|(_, _, above)| *above).count();
    let (sets, intervals) = all.into_iter().map(|(set, interval, _)| (set, interval)).unzip();
    (sets, intervals, above)
}

/// The fewest of so many intervals that must hold the truth: intervals that cover 95 % hold it less often once in a thousand times. That a
/// method covers 95 % and not 90 % is shown by the longer form.
fn fewest(intervals: usize) -> usize {
    let good = Binomial::new(0.95, intervals as u64).expect("a probability");
    (0..intervals).find(|count| good.cdf(*count as u64) > 0.001).unwrap_or(intervals)
}

fn finds_what_was_planted<A: KnownSearched>() {
    let (sets, intervals, _) = worlds::<A>(20, 0.3);
    let found = sets.iter().filter(|set| *set == A::KNOWN).count();
    assert!(found >= 16, "{}: {found} of 20, {sets:?}", A::NAME);
    // Nobody else decides how much of it is found: the mean over the worlds is what is true of each.
    let of_planted: Vec<_> = sets.iter().zip(&intervals).filter(|(set, _)| *set == A::KNOWN).collect();
    let truth = of_planted.iter().map(|(_, (signed, ..))| signed).sum::<f64>() / of_planted.len() as f64;
    assert!((0.15..0.31).contains(&truth), "{}: {truth}", A::NAME);
    let held = of_planted.iter().filter(|(_, (_, lo, hi))| (*lo..=*hi).contains(&truth)).count();
    assert!(held >= fewest(of_planted.len()), "{}: {held} of {}", A::NAME, of_planted.len());
}

fn invents_no_risk<A: KnownSearched>() {
    let (_, intervals, naive) = worlds::<A>(60, 0.0);
    let held = intervals.iter().filter(|(_, lo, hi)| *lo <= 0.0 && 0.0 <= *hi).count();
    assert!(held >= fewest(60), "{}: {held} of 60", A::NAME);
    // Whoever was searched on would show a risk that is none: the price is needed.
    assert!(naive > 6, "{}: {naive} of 60", A::NAME);
}

#[test]
fn two_files_with_what_was_planted_are_found() {
    finds_what_was_planted::<LinkabilityAttacker>();
}

#[test]
fn what_tells_a_secret_is_found() {
    finds_what_was_planted::<InferenceAttacker>();
}

#[test]
fn without_a_leak_the_best_of_many_files_shows_none() {
    invents_no_risk::<LinkabilityAttacker>();
}

#[test]
fn without_a_leak_the_best_of_many_known_sets_shows_none() {
    invents_no_risk::<InferenceAttacker>();
}
