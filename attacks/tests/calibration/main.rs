//! The short form of the calibration: does what is measured hold what is true? The full form, with 200 seeds and more rows, is
//! `cargo run --release -p reident-attacks --example calibration`.
//!
//! Every attacker's intervals are counted over some hundred worlds, and so many must hold the truth that a method which covers 90 % is
//! found out ([`fewest`]).

mod world;

use rayon::prelude::*;
use statrs::distribution::{Binomial, DiscreteCDF};
use world::{Measured, Saying};

/// Rows of each table.
const ROWS: usize = 400;

/// A chance that is taken for none.
const HARDLY: f64 = 0.02;

/// The fewest of so many intervals that must hold the truth: a method that covers 90 % hardly reaches it.
fn fewest(intervals: u64) -> u64 {
    let poor = Binomial::new(0.9, intervals).expect("a probability");
    (1..=intervals).find(|count| poor.sf(count - 1) <= HARDLY).expect("not all intervals of a poor method hold")
}

/// What is measured on a world for each of some seeds.
fn over(seeds: u64, world: impl Fn(u64) -> Vec<Measured> + Sync + Send) -> Vec<Vec<Measured>> {
    (0..seeds).into_par_iter().map(world).collect()
}

/// How many intervals of a level hold the truth of their runs.
fn held(runs: &[(f64, Vec<Measured>)], at: usize, level: usize) -> u64 {
    runs.iter().filter(|(truth, run)| run[at].holds(level, *truth)).count() as u64
}

fn with_truth(truth: f64, runs: Vec<Vec<Measured>>) -> impl Iterator<Item = (f64, Vec<Measured>)> {
    runs.into_iter().map(move |run| (truth, run))
}

fn must_hold(runs: &[(f64, Vec<Measured>)], attackers: impl IntoIterator<Item = usize>, what: &str) {
    let fewest = fewest(runs.len() as u64);
    for at in attackers {
        let held = held(runs, at, 0);
        assert!(held >= fewest, "{}, {what}: {held} of {} intervals hold it", world::ATTACKERS[at], runs.len());
    }
}

#[test]
fn the_counts_tell_ninety_from_ninety_five_percent() {
    // As many worlds as the tests below look at.
    for (intervals, missed) in [(300, 0.12), (400, 0.06), (800, 0.01)] {
        let [poor, good] = [0.9, 0.95].map(|covers| Binomial::new(covers, intervals).expect("a probability"));
        let fewest = fewest(intervals);
        assert!(poor.sf(fewest - 1) <= HARDLY, "{intervals}: a poor method passes too often");
        assert!(good.cdf(fewest - 1) <= missed, "{intervals}: a good method fails with {}", good.cdf(fewest - 1));
    }
}

#[test]
fn measured_risks_hold_the_planted_leak() {
    let runs: Vec<_> = [0.05, 0.2, 0.5, 1.0]
        .into_iter()
        .flat_map(|leak| {
            with_truth(leak, over(100, |seed| world::measure(&world::tables(ROWS, ROWS, leak, seed), seed, ROWS)))
        })
        .collect();
    must_hold(&runs, 0..world::FOLLOWING, "a leak");
}

#[test]
fn record_linkage_holds_the_planted_leak() {
    let runs: Vec<_> = [0.05, 0.2, 0.5, 1.0]
        .into_iter()
        .flat_map(|leak| {
            let tables = move |seed| world::tables_with_records(ROWS, ROWS, leak, seed);
            with_truth(leak, over(75, |seed| world::measure_record_linkage(&tables(seed), seed)))
        })
        .collect();
    for at in 0..3 {
        let held = held(&runs, at, 0);
        assert!(held >= fewest(300), "matcher {at}: {held} of 300 intervals hold the leak");
    }
}

#[test]
fn without_a_leak_the_intervals_hold_zero() {
    let runs = over(800, |seed| world::measure(&world::tables(ROWS, ROWS, 0.0, seed), seed, ROWS));
    must_hold(&with_truth(0.0, runs).collect::<Vec<_>>(), 0..world::ATTACKERS.len(), "no leak");
}

/// Inference without a leak has the tightest intervals: they hold 0 in 95 % of the worlds and in hardly more. The intervals of the
/// 90 % level are a method that covers 90 %, and fail what the others pass.
#[test]
fn a_method_that_covers_ninety_percent_fails() {
    let runs = over(800, |seed| world::measure_inference(&world::tables(ROWS, ROWS, 0.0, seed), seed));
    let runs: Vec<_> = with_truth(0.0, runs).collect();
    for at in 0..2 {
        let [good, poor] = [0, 1].map(|level| held(&runs, at, level));
        let fewest = fewest(800);
        assert!(good >= fewest && poor < fewest, "attacker {at}: {good} and {poor} of 800, {fewest} asked for");
    }
}

#[test]
fn a_control_of_another_size_does_not_invent_a_risk() {
    for control in [30, 150, 750, 3000] {
        let runs = over(8, |seed| world::measure(&world::tables(1500, control, 0.0, seed), seed, 1500));
        let runs: Vec<_> = with_truth(0.0, runs).collect();
        for at in world::SINGLING_OUT {
            let held = held(&runs, at, 0);
            assert!(held >= 7, "{}, control of {control}: {held} of 8 intervals hold 0", world::ATTACKERS[at]);
        }
    }
}

#[test]
fn rows_that_say_nothing_change_nothing() {
    for (seed, leak) in [(0, 0.0), (1, 0.2), (2, 1.0)] {
        let plain = world::measure(&world::tables(800, 800, leak, seed), seed, 800);
        for stars in [1, 50] {
            let tables = world::tables_saying(800, Some(800), leak, seed, Saying::Stars(stars));
            assert_eq!(world::measure(&tables, seed, 800), plain, "{stars} rows of stars, leak {leak}");
        }
    }
}

#[test]
fn a_release_that_says_less_invents_no_risk() {
    let runs: Vec<_> = [Saying::Coarser, Saying::Suppressed(0.1), Saying::Suppressed(0.3)]
        .into_iter()
        .flat_map(|saying| {
            let tables = move |seed| world::tables_saying(ROWS, Some(ROWS), 0.0, seed, saying);
            with_truth(0.0, over(100, |seed| world::measure(&tables(seed), seed, ROWS)))
        })
        .collect();
    must_hold(&runs, 0..world::ATTACKERS.len(), "a release that says less");
}

/// What is left of a leak when cells are suppressed is what the attack comes to over all worlds.
#[test]
fn what_suppression_leaves_of_a_leak_is_held() {
    let tables = |seed| world::tables_saying(ROWS, Some(ROWS), 0.2, seed, Saying::Suppressed(0.2));
    let runs = over(300, |seed| world::measure(&tables(seed), seed, ROWS));
    for (at, name) in world::ATTACKERS.iter().enumerate().take(world::FOLLOWING) {
        let rate = |side: usize| runs.iter().map(|run| run[at].rates[side]).sum::<f64>() / runs.len() as f64;
        let left = 1.0 - (1.0 - rate(0)) / (1.0 - rate(1));
        let held = runs.iter().filter(|run| run[at].holds(0, left)).count() as u64;
        assert!(held >= fewest(300), "{name}: {held} of 300 intervals hold {left}");
        assert!((0.02..0.21).contains(&left), "{name}: {left} is left of a leak of 0.2");
    }
}

#[test]
fn without_a_control_the_leak_lies_inside() {
    let runs: Vec<_> = [0.0, 0.2, 0.5]
        .into_iter()
        .flat_map(|leak| {
            let tables = move |seed| world::tables_saying(ROWS, None, leak, seed, Saying::All);
            with_truth(leak, over(200, |seed| world::measure(&tables(seed), seed, ROWS)))
        })
        .collect();
    must_hold(&runs, 0..world::FOLLOWING, "no control");
    for leak in [0.0, 0.2, 0.5] {
        let of_leak = || runs.iter().filter(|(planted, _)| *planted == leak).map(|(_, run)| run);
        for (at, name) in world::ATTACKERS.iter().enumerate().take(world::FOLLOWING) {
            let mean = of_leak().map(|run| run[at].signed).sum::<f64>() / of_leak().count() as f64;
            assert!((mean - leak).abs() < 0.05, "{name}: {mean} for a leak of {leak}");
        }
    }
}
