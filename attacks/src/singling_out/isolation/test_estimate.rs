//! The estimate as a whole: drawn from its own model, at its edges, and searched plainly.

use super::mixture::Demand;
use super::test::{apart, near};
use super::*;
use crate::sampling::{Stream, Task};

/// Weights in hits among N persons, with their shares.
const WEIGHTS: [(f64, f64); 4] = [(0.4, 0.02), (0.3, 0.8), (0.2, 4.0), (0.1, 60.0)];

/// Counts drawn from the mixture itself, each predicate on persons of its own.
fn drawn(seed: u64, persons: [u64; 2], leak: f64, predicates: usize) -> IsolationCounts {
    let mut stream = Stream::new(seed, Task::Population, 0);
    let mut binomial = |count: f64, weight: f64| {
        // By the gaps between successes.
        let (mut at, mut hits) = (0.0, 0);
        loop {
            at += ((1.0 - stream.unit()).ln() / (-weight).ln_1p()).ceil().max(1.0);
            if at > count {
                return hits;
            }
            hits += 1;
        }
    };
    let [size, control_size] = persons.map(|count| count as f64);
    let (mut main, mut control) = (Vec::new(), Vec::new());
    for at in 0..predicates {
        // Shares as given, exactly; leaks at random.
        let share = (at as f64 + 0.5) / predicates as f64;
        let mut sum = 0.0;
        let typical = WEIGHTS.iter().find(|(part, _)| {
            sum += part;
            share < sum
        });
        let weight = typical.map_or(0.0, |(_, hits)| hits / size);
        let own = binomial(1.0, leak.clamp(1e-12, 1.0 - 1e-12));
        main.push(own + binomial(size * (1.0 - leak), weight));
        control.push(binomial(control_size, weight));
    }
    IsolationCounts::new(persons, persons[0], &apart(&main), &apart(&control))
}

/// The risk that `drawn` has.
fn truth(size: f64, leak: f64) -> f64 {
    let left = size * (1.0 - leak);
    let (mut with, mut without) = (0.0, 0.0);
    for (share, hits) in WEIGHTS {
        let w = hits / size;
        let nobody = |count: f64| (1.0 - w).powf(count);
        with += share * (leak * nobody(left) + (1.0 - leak) * left * w * nobody(left - 1.0));
        without += share * size * w * nobody(size - 1.0);
    }
    1.0 - (1.0 - with) / (1.0 - without)
}

#[test]
fn slopes_equal_differences() {
    let counts = drawn(1, [4000, 400], 0.3, 300);
    let mixture = Mixture::new(&counts.cells, counts.persons, counts.release_rows);
    for (lambda, demand) in [
        (0.001, Demand::Free),
        (0.3, Demand::Free),
        (0.8, Demand::Free),
        (0.3, Demand::Risk(0.1)),
        (0.3, Demand::Risk(0.25)),
    ] {
        let value = |lambda: f64| mixture.fit(lambda, demand).unwrap().value;
        let slope = mixture.fit(lambda, demand).unwrap().slope;
        let step = 1e-6;
        near((value(lambda + step) - value(lambda - step)) / (2.0 * step), slope, 1e-4 * slope.abs().max(10.0));
    }
}

/// The ends against the profile computed plainly: every λ of a fine grid, every ν of a fine grid.
#[test]
fn ends_equal_a_plain_search() {
    for (seed, leak) in [(1, 0.0), (2, 0.0), (4, 0.4)] {
        let counts = drawn(seed, [2000, 200], leak, 200);
        let mixture = Mixture::new(&counts.cells, counts.persons, counts.release_rows);
        let isolating: u64 = counts.cells.iter().filter(|cell| cell.original == 1).map(|cell| cell.count).sum();
        let plain = |risk: f64| -> f64 {
            let grid = (1..200).map(|step| f64::from(step) / 200.0);
            if risk >= 0.0 {
                let lambdas = grid.map(|step| risk + (1.0 - risk) * step);
                let values = lambdas.filter_map(|lambda| mixture.fit(lambda, Demand::Risk(risk)));
                return values.fold(f64::NEG_INFINITY, |best, fit| best.max(fit.value));
            }
            let value = |rate: f64| {
                let fit = mixture.fit(0.0, Demand::NullRate(rate))?;
                let chance = 1.0 - (1.0 - risk) * (1.0 - rate);
                (chance > 0.0).then(|| {
                    fit.value + isolating as f64 * (chance / rate).ln() + (200 - isolating) as f64 * (1.0 - risk).ln()
                })
            };
            grid.map(|step| step * 0.4).filter_map(value).fold(f64::NEG_INFINITY, f64::max)
        };
        let profile = Profile::new(&mixture, 200, isolating);
        let peak = profile.peak().unwrap();
        let drop = 1.92 * counts.design.original;
        for upper in [false, true] {
            let (end, seen) = profile.end(&peak, drop, upper);
            assert!(seen <= peak.value + 1e-9);
            let missed = plain(end) - (peak.value - drop);
            // A grid finds a little less, never more.
            assert!(missed < 1e-6 && missed > -0.1, "seed {seed}, upper {upper}: {end} {missed}");
        }
        assert!(plain(peak.risk.max(1e-3)) < peak.value + 1e-9);
    }
}

#[test]
fn intervals_cover_and_the_estimate_is_unbiased() {
    // The short form; on tables: examples/isolation_calibration.rs.
    for (leak, control) in [(0.0, 80), (0.0, 400), (0.2, 400), (0.2, 4000), (0.2, 8000)] {
        let seeds = 40;
        let truth = truth(4000.0, leak);
        let (mut covered, mut sum) = (0, 0.0);
        for seed in 0..seeds {
            let risk = drawn(seed, [4000, control], leak, 300).estimate(0.95).unwrap();
            assert!(risk.interval.contains(risk.signed));
            covered += u32::from(risk.interval.contains(truth));
            sum += risk.signed;
        }
        // 40 seeds of coverage 0.95: fewer than 34 once in 300.
        assert!(covered >= 34, "leak {leak}, control {control}: {covered} of {seeds}");
        near(sum / seeds as f64, truth, if control < 400 { 0.05 } else { 0.03 });
    }
}

#[test]
fn another_confidence_nests() {
    let counts = drawn(9, [4000, 400], 0.2, 300);
    let levels = [0.5, 0.9, 0.95, 0.999];
    let risks = levels.map(|confidence| counts.estimate(confidence).unwrap());
    // All at once, in any order and one of them twice, is one after the other.
    let at_once = counts.estimates(&[0.999, 0.5, 0.95, 0.9, 0.5]);
    assert_eq!(at_once, [3, 0, 2, 1, 0].map(|at| Some(risks[at])));
    for pair in risks.windows(2) {
        assert_eq!(pair[0].signed, pair[1].signed);
        assert!(pair[1].interval.lo <= pair[0].interval.lo && pair[0].interval.hi <= pair[1].interval.hi);
    }
}

#[test]
fn edges() {
    let estimate = |persons, main: &[u64], control: &[u64]| {
        IsolationCounts::new(persons, persons[0], &apart(main), &apart(control)).estimate(0.95)
    };
    // Nothing attempted.
    assert_eq!(estimate([100, 10], &[], &[]), None);
    // Everybody isolated, nobody in the control: certain, whatever the null rate.
    let all = estimate([1000, 100], &[1; 200], &[0; 200]).unwrap();
    assert_eq!((all.signed, all.interval.hi), (1.0, 1.0));
    assert!(all.interval.lo > 0.9, "{all:?}");
    // Nobody isolated, as a model without anybody says.
    let none = estimate([1000, 100], &[0; 200], &[0; 200]).unwrap();
    near(none.signed, 0.0, 1e-3);
    assert!(none.interval.hi < 0.05, "{none:?}");
    // Nobody isolated although chance would: −ν/(1 − ν).
    let main: Vec<u64> = (0..200).map(|at| if at % 2 == 0 { 0 } else { 2 }).collect();
    let fewer = estimate([1000, 500], &main, &[1; 200]).unwrap();
    let null_rate = fewer.null_rate.unwrap();
    near(fewer.signed, -null_rate / (1.0 - null_rate), 1e-12);
    assert!(null_rate > 0.2, "{fewer:?}");
    // One predicate says next to nothing.
    let one = estimate([1000, 100], &[3], &[1]).unwrap();
    assert!(one.interval.hi > 0.8 && one.interval.lo < 0.0, "{one:?}");
    // Every predicate isolates in the control too: the ratio does not exist.
    assert_eq!(estimate([100, 100], &[1; 5], &[1; 5]), None);
}

#[test]
fn a_million_persons() {
    let counts = drawn(3, [1_000_000, 250_000], 0.25, 2000);
    let risk = counts.estimate(0.95).unwrap();
    assert!(risk.interval.contains(truth(1e6, 0.25)), "{risk:?}");
    assert!(risk.interval.hi - risk.interval.lo < 0.1);
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let counts = drawn(6, [4000, 400], 0.1, 300);
    let of = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let risk = pool.install(|| counts.estimate(0.95)).unwrap();
        [risk.signed, risk.interval.lo, risk.interval.hi].map(f64::to_bits)
    };
    assert_eq!(of(1), of(3));
}
