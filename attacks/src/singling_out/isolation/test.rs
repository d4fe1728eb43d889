//! The parts: cells, design effects, rarefaction, roots, the solver.

use super::binomial::falling;
use super::counts::design_effect;
use super::rarefaction::isolated;
use super::root::root;
use super::solver::{FINE, Likelihood, maximise};
use super::*;
use crate::sampling::{Stream, Task};
use std::collections::BTreeSet;

pub(super) fn near(a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() <= tolerance, "{a} is not {b} within {tolerance}");
}

fn hit(kept: &[u32]) -> Hit {
    Hit { persons: kept.len() as u64, kept: kept.to_vec() }
}

/// Predicates on pairwise different persons.
pub(super) fn apart(counts: &[u64]) -> Vec<Hit> {
    let mut next = 0;
    let mut hit = |persons: u64| {
        let kept = if persons > Hit::KEPT as u64 { Vec::new() } else { (next..next + persons as u32).collect() };
        next += persons as u32;
        Hit { persons, kept }
    };
    counts.iter().map(|persons| hit(*persons)).collect()
}

#[test]
fn cells_are_counted() {
    let cells = cells(&apart(&[1, 0, 1, 2, 1]), &apart(&[0, 0, 0, 5, 1]));
    let cells: Vec<_> = cells.iter().map(|cell| (cell.original, cell.control, cell.count)).collect();
    assert_eq!(cells, [(0, 0, 1), (1, 0, 2), (1, 1, 1), (2, 5, 1)]);
}

#[test]
fn design_effects_by_hand() {
    let effect = |hits: &[(Hit, f64)]| design_effect(hits.iter().map(|(hit, weight)| (hit, *weight)));
    assert_eq!(effect(&[]), None);
    assert_eq!(effect(&[(hit(&[]), 1.0)]), None);
    // Kish: (2² + 1²)/3.
    near(effect(&[(hit(&[7]), 1.0), (hit(&[7]), 1.0), (hit(&[3]), 1.0)]).unwrap(), 5.0 / 3.0, 1e-15);
    // Alone, on however many persons: 1. Twice the same persons: 2.
    near(effect(&[(hit(&[1, 2, 3]), 1.0)]).unwrap(), 1.0, 1e-15);
    near(effect(&[(hit(&[1, 2, 3]), 1.0), (hit(&[1, 2, 3]), 1.0)]).unwrap(), 2.0, 1e-15);
    // One of two persons in common: (1/√2)², (1/√2 + 1)², over 2.
    let expected = (0.5 + (0.5f64.sqrt() + 1.0).powi(2)) / 2.0;
    near(effect(&[(hit(&[1, 2]), 1.0), (hit(&[2]), 1.0)]).unwrap(), expected, 1e-15);
    // Fractions: (½)²/½.
    near(effect(&[(hit(&[1]), 0.5)]).unwrap(), 0.5, 1e-15);
}

/// The variance of Σ a·c_O over random exchanges of persons between the tables, against the closed form.
#[test]
fn the_effect_on_what_tells_a_leak_is_that_of_permutations() {
    let persons = [60u64, 30];
    let mut stream = Stream::new(9, Task::Population, 0);
    // Persons with low numbers are hit more often.
    let mut person = || {
        let end = 1 + stream.below(90);
        stream.below(end) as usize
    };
    let matched: Vec<Vec<usize>> =
        (0..40).map(|at| (0..=at % 4).map(|_| person()).collect::<BTreeSet<usize>>().into_iter().collect()).collect();
    let split = |is_original: &dyn Fn(usize) -> bool| -> (Vec<Hit>, Vec<Hit>) {
        let of = |wanted: bool| {
            let kept = |set: &Vec<usize>| {
                set.iter().filter(|at| is_original(**at) == wanted).map(|at| *at as u32).collect::<Vec<_>>()
            };
            matched.iter().map(|set| hit(&kept(set))).collect()
        };
        (of(true), of(false))
    };
    let (originals, controls) = split(&|at| at < 60);
    let weights = [0.0, 0.5, -0.25, -0.5, -0.6];
    let effect = Overlap::new(persons, &originals, &controls).effect(&weights);
    let tells = |set: &Vec<usize>| weights[set.len()];
    let (mut sums, runs) = ((0.0, 0.0), 20_000);
    for _ in 0..runs {
        let mut order: Vec<usize> = (0..90).collect();
        stream.shuffle(&mut order);
        let told: f64 =
            matched.iter().map(|set| tells(set) * set.iter().filter(|at| order[**at] < 60).count() as f64).sum();
        sums = (sums.0 + told, sums.1 + told * told);
    }
    let mean = sums.0 / f64::from(runs);
    let variance = sums.1 / f64::from(runs) - mean * mean;
    // Without replacement, a person's place has the variance of a coin times 90/89.
    let coin = 60.0 * 30.0 / (90.0 * 89.0);
    let independent: f64 = matched.iter().map(|set| tells(set).powi(2) * set.len() as f64).sum();
    near(effect, variance / (coin * independent), 0.04 * effect);
    assert!(effect > 1.1, "{effect}");
}

/// Predicates that share persons: pairs of persons, of whom the first few are in many.
fn sharing(order: &[u32]) -> (Vec<Hit>, Vec<Hit>) {
    let (mut hits, mut control) = (Vec::new(), Vec::new());
    for at in 0..300u32 {
        let matched = [at % 7, 7 + at];
        let of = |wanted: bool| {
            let mut kept: Vec<u32> =
                matched.iter().filter(|at| (**at % 3 > 0) == wanted).map(|at| order[*at as usize]).collect();
            kept.sort_unstable();
            hit(&kept)
        };
        hits.push(of(true));
        control.push(of(false));
    }
    (hits, control)
}

#[test]
fn exchanges_keep_whom_a_predicate_hits_and_deal_him_out_by_chance() {
    let numbers: Vec<u32> = (0..400).collect();
    let (hits, control) = sharing(&numbers);
    let exchange = Exchange::new([400, 200], &hits, &control);
    let mut originals = 0;
    for run in 0..400 {
        let cells = exchange.dealt(run);
        assert!(cells.iter().all(|cell| cell.original + cell.control == 2));
        assert_eq!(cells.iter().map(|cell| cell.count).sum::<u64>(), 300);
        originals += cells.iter().map(|cell| cell.original * cell.count).sum::<u64>();
    }
    // 600 hits, two in three on the original.
    near(originals as f64 / 400.0, 400.0, 12.0);
    // The same persons under other numbers are dealt out the same.
    let others: Vec<u32> = (0..400).map(|at| (at * 7 + 3) % 401).collect();
    let (hits, control) = sharing(&others);
    assert_eq!(Exchange::new([400, 200], &hits, &control), exchange);
}

#[test]
fn predicates_that_share_nobody_have_no_effect_and_copies_have() {
    let counts = |copies: usize| {
        let mut stream = Stream::new(7, Task::Population, 0);
        // As many as chance gives, when each predicate expects .3, 1.5 or 6 persons of 3,000.
        let mut drawn = |trials: u64| -> Vec<u64> {
            let hits = |at: usize, stream: &mut Stream| {
                let expected = [30, 150, 600][at % 3];
                (0..trials).filter(|_| stream.below(6000) < expected).count() as u64
            };
            (0..240 / copies).map(|at| hits(at, &mut stream)).collect()
        };
        let (main, control) = (drawn(60), drawn(30));
        let copied = |hits: Vec<Hit>| -> Vec<Hit> {
            hits.into_iter().flat_map(|hit| std::iter::repeat_n(hit, copies)).collect()
        };
        let (main, control) = (copied(apart(&main)), copied(apart(&control)));
        Exchange::new([3000, 1500], &main, &control).effect(3000).unwrap()
    };
    let (apart, copies) = (counts(1), counts(6));
    assert!((0.5..2.0).contains(&apart), "{apart}");
    assert!((3.0..12.0).contains(&copies), "{copies}");
}

#[test]
fn leaving_out_predicates_with_many_persons_hardly_matters() {
    // Predicates with 1 to 400 persons out of 20,000, rarer the larger, as in real tables: the design effect of
    // all of them against that of those with at most 64.
    let mut stream = Stream::new(5, Task::Population, 0);
    let all: Vec<Hit> = (0..2000)
        .map(|_| {
            let persons = (1.0 / (0.0025 + stream.unit())) as usize;
            hit(&stream.sample(20_000, persons.max(1)).into_iter().map(|person| person as u32).collect::<Vec<_>>())
        })
        .collect();
    let weighted = |most: usize| all.iter().filter(move |hit| hit.kept.len() <= most).map(|hit| (hit, 1.0));
    let (with, without) = (design_effect(weighted(400)).unwrap(), design_effect(weighted(Hit::KEPT)).unwrap());
    assert!(weighted(400).count() > weighted(Hit::KEPT).count() + 20);
    assert!((with / without - 1.0).abs() < 0.05, "{with} {without}");
}

#[test]
fn rarefaction_equals_enumeration() {
    for population in 1..=9u32 {
        for size in 1..=population {
            for matching in 0..=population {
                // The persons with the lowest numbers match.
                let of = (1u32 << matching) - 1;
                let samples = (0u32..1 << population).filter(|set| set.count_ones() == size);
                let (one, all) = samples
                    .fold((0u32, 0u32), |(one, all), set| (one + u32::from((set & of).count_ones() == 1), all + 1));
                let expected = f64::from(one) / f64::from(all);
                near(isolated(matching.into(), population.into(), size.into()), expected, 1e-14);
            }
        }
    }
    // At equal sizes it is the count itself.
    assert_eq!(isolated(1, 5000, 5000), 1.0);
    assert_eq!(isolated(2, 5000, 5000), 0.0);
}

#[test]
fn equal_sizes_agree_with_the_raw_control() {
    let (main, control) = (apart(&[1, 1, 1, 2, 0, 1, 3, 0, 1, 1]), apart(&[1, 0, 2, 1, 0, 0, 4, 0, 0, 1]));
    let counts = IsolationCounts::new([500, 500], 500, &main, &control);
    let risk = counts.estimate(0.95).unwrap();
    near(risk.null_rate.unwrap(), 0.3, 1e-15);
    near(risk.signed, 1.0 - 0.4 / 0.7, 1e-15);
    let count = |failures: f64| crate::stats::ratio::Count { successes: failures, attempts: 10.0 };
    let ratio = crate::stats::ratio::score_interval(count(4.0), count(7.0), 0.95).unwrap();
    near(risk.interval.lo, 1.0 - ratio.hi, 1e-12);
    near(risk.interval.hi, 1.0 - ratio.lo, 1e-12);
}

#[test]
fn falling_factorials() {
    for (x, k) in [(5.0, 0), (5.0, 3), (5.0, 5), (64.5, 64), (65.0, 65), (300.25, 299), (1e6, 65), (1e6, 5000)] {
        let direct = |x: f64| (0..k).map(|factor| (x - f64::from(factor)).ln()).sum::<f64>();
        let (value, slope) = falling(x, k as u64);
        near(value, direct(x), 1e-12 * direct(x).abs().max(1.0));
        near(slope, (0..k).map(|factor| 1.0 / (x - f64::from(factor))).sum(), 1e-12);
    }
}

#[test]
fn roots() {
    for target in [0.1, 0.5, 0.999] {
        let f = |x: f64| (x * x * x - target) * 7.0;
        near(root((0.0, f(0.0)), (1.0, f(1.0)), 1e-13, |_, _| false, f), f64::cbrt(target), 1e-12);
        let jump = |x: f64| if x < target { -1.0 } else { f64::INFINITY };
        near(root((0.0, -1.0), (1.0, f64::INFINITY), 1e-12, |_, _| false, jump), target, 2e-12);
    }
}

/// Two cells by three weights: every g on a fine grid of the simplex.
#[test]
fn solver_equals_brute_force() {
    let rows = [(3.0, [1.0, 0.4, 0.1]), (5.0, [0.2, 1.0, 0.3]), (2.0, [0.0, 0.1, 1.0])];
    let mut likelihood = Likelihood::new(3);
    rows.iter().for_each(|(weight, values)| likelihood.push(*weight, 0, values.iter().copied()));
    let value = |g: [f64; 3]| -> f64 {
        let density = |row: &[f64; 3]| row.iter().zip(g).map(|(value, g)| value * g).sum::<f64>();
        rows.iter().map(|(weight, row)| weight * density(row).ln()).sum()
    };
    let steps = 800;
    let point = |i: i32, j: i32| [i, j, steps - i - j].map(|part| f64::from(part) / f64::from(steps));
    let simplex = (0..=steps).flat_map(|i| (0..=steps - i).map(move |j| point(i, j)));
    let brute = simplex.map(value).fold(f64::NEG_INFINITY, f64::max);
    let found = maximise(&likelihood, None, FINE).unwrap();
    assert!(found.gap < 1e-9 && found.value >= brute && found.value < brute + 1e-4, "{found:?} {brute}");
    near(found.weights.iter().sum(), 1.0, 1e-14);
    near(found.value, value([found.weights[0], found.weights[1], found.weights[2]]), 1e-12);

    // Under g₀ − 0.3·g₁ − 0.1·g₂ = 0 the simplex is a line.
    let equality = [1.0, -0.3, -0.1];
    let line = (0..=200_000).map(|step| {
        let share = f64::from(step) / 200_000.0;
        let first = (0.3 * share + 0.1 * (1.0 - share)) / (1.0 + 0.3 * share + 0.1 * (1.0 - share));
        [first, (1.0 - first) * share, (1.0 - first) * (1.0 - share)]
    });
    let brute = line.map(value).fold(f64::NEG_INFINITY, f64::max);
    let found = maximise(&likelihood, Some(&equality), FINE).unwrap();
    assert!(found.gap < 1e-9, "{found:?}");
    near(found.value, brute, 1e-7);
    near(found.weights.iter().zip(equality).map(|(g, c)| g * c).sum(), 0.0, 1e-13);
    // The multiplier is the fall of the maximum as the right side rises.
    let raised = |by: f64| maximise(&likelihood, Some(&equality.map(|c| c - by)), FINE).unwrap().value;
    near((raised(1e-4) - raised(-1e-4)) / 2e-4, found.multiplier, 1e-4 * found.multiplier.abs().max(1.0));

    assert!(maximise(&likelihood, Some(&[1.0, 0.5, 0.0]), FINE).is_none());
    near(
        maximise(&likelihood, Some(&[0.0; 3]), FINE).unwrap().value,
        maximise(&likelihood, None, FINE).unwrap().value,
        1e-9,
    );
}
