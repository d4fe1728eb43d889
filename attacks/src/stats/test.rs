use super::coverage::{Coverage, residual_risk};
use super::effective::effective_attempts;
use super::hypergeometric::overlap_between_one_and;
use super::proportion::{finite_population, wilson};
use super::ratio::{Count, score_interval};
use super::*;

fn near(a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() <= tolerance, "{a} is not {b} within {tolerance}");
}

#[test]
fn wilson_matches_published_values() {
    // Newcombe (1998, Statistics in Medicine 17:857), table I, method 3.
    for (x, n, lo, hi) in [
        (81.0, 263.0, 0.2553, 0.3662),
        (15.0, 148.0, 0.0624, 0.1605),
        (0.0, 20.0, 0.0, 0.1611),
        (1.0, 29.0, 0.0061, 0.1718),
    ] {
        let interval = wilson(x, n, 0.95);
        near(interval.lo, lo, 5e-5);
        near(interval.hi, hi, 5e-5);
    }
    assert_eq!(wilson(0.0, 0.0, 0.95), ConfidenceInterval { lo: 0.0, hi: 1.0 });
    assert_eq!(wilson(7.0, 7.0, 0.95).hi, 1.0);
}

#[test]
fn zero_successes_need_the_known_numbers_of_targets() {
    // Smallest n whose Wilson upper end at 95 % is at most the limit, with no success.
    for (limit, n) in [(0.2, 16), (0.1, 35), (0.09, 39), (0.05, 73), (0.01, 381)] {
        assert!(wilson(0.0, f64::from(n), 0.95).hi <= limit);
        assert!(wilson(0.0, f64::from(n - 1), 0.95).hi > limit);
    }
}

#[test]
fn a_census_leaves_no_sampling_error() {
    let all = finite_population(30.0, 100.0, 100.0, 0.95);
    assert_eq!((all.lo, all.hi), (0.3, 0.3));
    let half = finite_population(30.0, 100.0, 200.0, 0.95);
    let infinite = wilson(30.0, 100.0, 0.95);
    near((half.hi - half.lo) / (infinite.hi - infinite.lo), (100.0f64 / 199.0).sqrt(), 0.01);
}

#[test]
fn score_interval_matches_published_values() {
    // Koopman (1984), Biometrics 40:513: 36/40 against 16/80 is [2.94, 7.15]; the factor N/(N-1) of
    // Miettinen and Nurminen changes the third decimal.
    let interval =
        score_interval(Count { successes: 36.0, attempts: 40.0 }, Count { successes: 16.0, attempts: 80.0 }, 0.95)
            .unwrap();
    near(interval.lo, 2.939, 0.02);
    near(interval.hi, 7.152, 0.04);
}

#[test]
fn score_interval_at_the_edges() {
    let none = Count { successes: 0.0, attempts: 50.0 };
    let all = Count { successes: 50.0, attempts: 50.0 };
    assert_eq!(score_interval(all, none, 0.95), None);
    let zero = score_interval(none, all, 0.95).unwrap();
    assert_eq!(zero.lo, 0.0);
    assert!(zero.hi > 0.0 && zero.hi < 0.2);
    let one = score_interval(all, all, 0.95).unwrap();
    assert!(one.lo < 1.0 && one.hi > 1.0 && one.lo > 0.85, "{one:?}");
}

#[test]
fn effective_attempts_shrink_with_repeated_hits() {
    assert_eq!(effective_attempts(100, []), 100.0);
    assert_eq!(effective_attempts(100, [1, 1, 1]), 100.0);
    assert_eq!(effective_attempts(100, [2, 2]), 50.0);
    near(effective_attempts(100, [3, 1]), 40.0, 1e-12);
}

/// The overlap of two draws, counted over all pairs of subsets.
fn enumerated_overlap(most: u64, population: u32, a: u32, b: u32) -> f64 {
    let subsets = |size: u32| (0u32..1 << population).filter(move |set| set.count_ones() == size);
    let pairs = subsets(a).flat_map(|one| subsets(b).map(move |other| (one & other).count_ones()));
    let (hits, all) = pairs.fold((0u64, 0u64), |(hits, all), overlap| {
        (hits + u64::from(overlap >= 1 && u64::from(overlap) <= most), all + 1)
    });
    hits as f64 / all as f64
}

#[test]
fn overlap_of_random_draws_equals_enumeration() {
    for population in 1..=7 {
        for a in 0..=population {
            for b in 0..=population {
                for most in 1..=3 {
                    near(
                        overlap_between_one_and(most, population.into(), a.into(), b.into()),
                        enumerated_overlap(most, population, a, b),
                        1e-12,
                    );
                }
            }
        }
    }
    // Closed form for one of each: 1/population.
    near(overlap_between_one_and(1, 1_000_000, 1, 1), 1e-6, 1e-18);
}

/// The interval of every run counts.
fn every(_: usize, _: usize) -> bool {
    true
}

#[test]
fn residual_risk_interval_covers() {
    // The short form of METHOD section 8.3; the full grid is in the calibration example.
    for (n, control, risk) in [(100, 0.0001, 0.05), (100, 0.5, 0.0), (100, 0.9, 0.2), (100, 0.98, 0.0), (500, 0.3, 0.1)]
    {
        let Coverage { covered, above, .. } = residual_risk(n, control, risk, every);
        assert!(covered >= 0.94, "n={n} control={control} risk={risk}: {covered}");
        assert!(above <= 0.04, "n={n} control={control} risk={risk}: above {above}");
    }
}

/// What the page on calibration says of a hundred targets: the interval covers 93.6 % at the least, and the truth lies above it with
/// a chance of at most 6 %, both at the ends of the control's rate.
#[test]
fn a_hundred_targets_are_covered_nearly_as_well() {
    let (mut least, mut most) = (1.0f64, 0.0f64);
    for control in [0.0001, 0.001, 0.01, 0.5, 0.95, 0.98] {
        for risk in [0.0, 0.02, 0.05, 0.1, 0.3, 0.6, 0.9] {
            let Coverage { covered, above, .. } = residual_risk(100, control, risk, every);
            (least, most) = (least.min(covered), most.max(above));
        }
    }
    assert!((0.935..0.94).contains(&least), "the smallest coverage is {least}");
    assert!((0.05..0.06).contains(&most), "the largest chance to lie above is {most}");
}

/// Where the control nearly always succeeds, few attacks fail, and the truth lies above the interval of a hundred targets too often.
/// Such attackers stand apart ([`headline::FEWEST_SAFE`]): those who enter the headline are wrong as seldom as elsewhere.
#[test]
fn who_enters_the_headline_is_covered_where_hardly_anybody_is_safe() {
    let risks = [0.0, 0.02, 0.05, 0.1, 0.3, 0.6, 0.9];
    let enters = |x0: usize, n: usize| (n - x0) as f64 >= headline::FEWEST_SAFE;
    for (n, control) in
        [(100, 0.5), (100, 0.7), (100, 0.9), (500, 0.9), (500, 0.95), (500, 0.98), (2000, 0.95), (2000, 0.98)]
    {
        for risk in risks {
            let Coverage { below, above, .. } = residual_risk(n, control, risk, enters);
            assert!(above <= 0.04 && below + above <= 0.06, "n={n} control={control} risk={risk}: {below} {above}");
        }
    }
    // What the rule is for: with ten failures or fewer, the truth lies above the interval with more than 5 %.
    let above = risks.map(|risk| residual_risk(100, 0.98, risk, every).above);
    assert!(above.iter().any(|above| *above > 0.05), "{above:?}");
}

#[test]
fn the_right_one_is_among_the_overlap_as_often_as_enumerated() {
    // Three of ten each: P(H = 1) = 0.525, and a given item is the one with a tenth of that.
    near(overlap_between_one_and(1, 10, 3, 3), 0.525, 1e-12);
    near(super::hypergeometric::overlap_with_one_item(1, 10, 3, 3), 0.0525, 1e-12);
    // With any overlap allowed it is the chance of being in both draws.
    near(super::hypergeometric::overlap_with_one_item(3, 10, 3, 3), 0.09, 1e-12);
}
