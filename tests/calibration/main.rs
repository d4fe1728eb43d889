//! The short form of the calibration: does what is measured hold what is true? The full form, with 200 seeds and the
//! coverage of the interval by enumeration, is `cargo run --release --example calibration`.

mod world;

use rayon::prelude::*;

#[test]
fn measured_risks_hold_the_planted_leak() {
    for leak in [0.05, 0.2, 0.5, 1.0] {
        let runs: Vec<_> = (0..6u64)
            .into_par_iter()
            .map(|seed| world::measure(&world::tables(1500, 1500, leak, seed), seed, 1500))
            .collect();
        for at in 0..world::FOLLOWING {
            let held = runs.iter().filter(|run| run[at].1[0] <= leak && leak <= run[at].1[1]).count();
            assert!(held >= 5, "{} at leak {leak}: {held} of 6 intervals hold it", world::ATTACKERS[at]);
        }
    }
}

#[test]
fn without_a_leak_the_intervals_hold_zero() {
    let runs: Vec<_> = (0..12u64)
        .into_par_iter()
        .map(|seed| world::measure(&world::tables(1500, 1500, 0.0, seed), seed, 1500))
        .collect();
    for (at, name) in world::ATTACKERS.iter().enumerate() {
        let held = runs.iter().filter(|run| run[at].1[0] <= 0.0 && 0.0 <= run[at].1[1]).count();
        assert!(held >= 10, "{name}: {held} of 12 intervals hold 0");
    }
}

#[test]
fn a_control_of_another_size_does_not_invent_a_risk() {
    for control in [30, 150, 750, 3000] {
        let runs: Vec<_> = (0..8u64)
            .into_par_iter()
            .map(|seed| world::measure(&world::tables(1500, control, 0.0, seed), seed, 1500))
            .collect();
        for at in [0, 4, 5, 6] {
            let held = runs.iter().filter(|run| run[at].1[0] <= 0.0 && 0.0 <= run[at].1[1]).count();
            assert!(held >= 7, "{}, control of {control}: {held} of 8 intervals hold 0", world::ATTACKERS[at]);
        }
    }
}

#[test]
fn rows_that_say_nothing_change_nothing() {
    for (seed, leak) in [(0, 0.0), (1, 0.2), (2, 1.0)] {
        let plain = world::measure(&world::tables(800, 800, leak, seed), seed, 800);
        for stars in [1, 50] {
            let tables = world::tables_saying(800, Some(800), leak, seed, world::Saying::Stars(stars));
            assert_eq!(world::measure(&tables, seed, 800), plain, "{stars} rows of stars, leak {leak}");
        }
    }
}

#[test]
fn a_release_that_says_less_invents_no_risk() {
    for saying in [world::Saying::Coarser, world::Saying::Suppressed(0.1), world::Saying::Suppressed(0.3)] {
        let runs: Vec<_> = (0..12u64)
            .into_par_iter()
            .map(|seed| world::measure(&world::tables_saying(1000, Some(1000), 0.0, seed, saying), seed, 1000))
            .collect();
        for (at, name) in world::ATTACKERS.iter().enumerate() {
            let held = runs.iter().filter(|run| run[at].1[0] <= 0.0 && 0.0 <= run[at].1[1]).count();
            assert!(held >= 10, "{name}, {saying:?}: {held} of 12 intervals hold 0");
        }
    }
}

#[test]
fn without_a_control_the_leak_lies_inside() {
    for leak in [0.0, 0.2, 0.5] {
        let runs: Vec<_> = (0..8u64)
            .into_par_iter()
            .map(|seed| world::measure(&world::tables_saying(1000, None, leak, seed, world::Saying::All), seed, 1000))
            .collect();
        for at in 0..world::FOLLOWING {
            let held = runs.iter().filter(|run| run[at].1[0] <= leak && leak <= run[at].1[1]).count();
            assert!(held >= 7, "{} at leak {leak}: {held} of 8 intervals hold it", world::ATTACKERS[at]);
        }
    }
}
