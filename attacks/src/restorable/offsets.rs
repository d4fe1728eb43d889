//! Numbers of the release that were moved or multiplied, in all rows or in a part of them, where what is moved back meets the original's numbers
//! far more often than anything else would.
//!
//! Between numbers of the release and of the original, one difference stands out when a part of them was moved by it: it is met once for each of those
//! persons, and every other difference as often as numbers lie near each other by chance. The most frequent difference is believed when it is met
//! six standard errors more often than the second. A number counts once, however many rows hold it: two frequent values are no persons. Numbers that
//! are rounded alike, or that fill their range, have many differences that are met about as often, and none stands out.
//!
//! Factors are differences of logarithms.

/// Differences that are counted at the most, and places for them.
const MOST: usize = 1 << 20;
/// Fewest numbers of either table.
const FEWEST: usize = 40;
/// Fewest times that a difference is met.
const LEAST_MET: f64 = 15.0;
/// Standard errors by which it is met more often than the second.
const BEYOND: f64 = 6.0;
/// A logarithm's place is so many times as wide as rounding moves it.
const WIDTH: f64 = 2.0;

/// The difference of these numbers from the original's that stands out, if it is not zero; all are multiples of a unit.
pub(super) fn difference(own: &[f64], theirs: &[f64], unit: f64) -> Option<f64> {
    let found = standing_out(&placed(own, unit)?, &placed(theirs, unit)?, 0)?;
    Some(found as f64 * unit)
}

/// The factor of these numbers that stands out, if it is not one; the numbers of the release are rounded to a unit.
pub(super) fn factor(own: &[f64], theirs: &[f64], unit: f64) -> Option<f64> {
    let positive = |numbers: &[f64]| -> Vec<f64> { numbers.iter().copied().filter(|number| *number > 0.0).collect() };
    let (own, theirs) = (positive(own), positive(theirs));
    if own.len() < FEWEST || theirs.len() < FEWEST {
        return None;
    }
    let width = (WIDTH * unit / theirs[theirs.len() / 2]).max(1e-6);
    let logs = |numbers: &[f64]| numbers.iter().map(|number| libm::log(*number)).collect::<Vec<_>>();
    let found = standing_out(&placed(&logs(&own), width)?, &placed(&logs(&theirs), width)?, 1)?;
    Some(libm::exp(found as f64 * width))
}

/// Places on a grid, ascending, each once.
fn placed(numbers: &[f64], width: f64) -> Option<Vec<i64>> {
    let is_fit = |number: &f64| (number / width).abs() < 1e15;
    if numbers.len() < FEWEST || width <= 0.0 || !numbers.iter().all(is_fit) {
        return None;
    }
    let mut places: Vec<i64> = numbers.iter().map(|number| (number / width).round() as i64).collect();
    places.dedup();
    Some(places)
}

/// The difference that stands out, in places; those at most `blur` places apart are one.
fn standing_out(own: &[i64], theirs: &[i64], blur: usize) -> Option<i64> {
    let step = (own.len() * theirs.len()).div_ceil(MOST);
    let compared = || theirs.iter().step_by(step);
    let (least, most) = (theirs[0] - own[own.len() - 1], theirs[theirs.len() - 1] - own[0]);
    let width = usize::try_from(most - least).ok().filter(|width| *width < 4 * MOST)?;
    if compared().count() < FEWEST || own.len() < FEWEST {
        return None;
    }
    let mut met = vec![0u16; width + 1];
    for number in compared() {
        for other in own {
            let met = &mut met[(number - other - least) as usize];
            *met = met.saturating_add(1);
        }
    }
    for _ in 0..blur {
        // Each place with those beside it.
        let alone = met.clone();
        met.iter_mut().zip(&alone[1..]).for_each(|(met, next)| *met = met.saturating_add(*next));
        met[1..].iter_mut().zip(&alone).for_each(|(met, before)| *met = met.saturating_add(*before));
    }
    let most_of = |met: &[u16]| met.iter().copied().max().unwrap_or(0);
    let most_met = most_of(&met);
    let at = met.iter().position(|met| *met == most_met)?;
    let beside = 2 * blur + 1;
    let (below, above) = (&met[..at.saturating_sub(beside)], &met[(at + beside + 1).min(met.len())..]);
    let second = most_of(below).max(most_of(above));
    let (found, second) = (f64::from(most_met), f64::from(second));
    let by = at as i64 + least;
    let stands_out = found >= LEAST_MET && found > second + BEYOND * (second + 1.0).sqrt();
    (stands_out && by.unsigned_abs() > 2 * blur as u64).then_some(by)
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::sampling::{Stream, Task};

    fn sorted(mut numbers: Vec<f64>) -> Vec<f64> {
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        numbers
    }

    /// Days of births, weights of two decimals, incomes of which most are round.
    fn drawn(which: usize, rows: usize, seed: u64) -> Vec<f64> {
        let mut stream = Stream::new(seed, Task::Population, which as u64);
        let mut number = || match which {
            0 => (stream.unit() * 20_000.0).round(),
            1 => (stream.normal() * 0.15 + 4.3).exp() * 100.0,
            _ if stream.below(10) < 7 => (stream.normal().exp() * 300.0).round() * 100.0,
            _ => (stream.normal().exp() * 30_000.0).round(),
        };
        (0..rows).map(|_| number().round()).collect()
    }

    #[test]
    fn a_part_that_was_moved_or_multiplied_is_found() {
        for seed in 0..5 {
            for part in [300, 600, 1000] {
                let own = drawn(0, 1000, seed);
                let release = own[..part].iter().copied().chain(drawn(0, 1000 - part, seed + 100));
                let release = sorted(release.map(|day| day - 1462.0).collect());
                assert_eq!(difference(&sorted(own), &release, 1.0), Some(-1462.0), "{seed} {part}");
            }
            let own = drawn(1, 1500, seed);
            let release = own[..1000].iter().copied().chain(drawn(1, 500, seed + 100));
            let release = sorted(release.map(|weight| (weight * 2.204_622_6).round()).collect());
            let found = factor(&sorted(own), &release, 1.0).unwrap();
            assert!((found - 2.204_622_6).abs() < 1e-3, "{seed}: {found}");
        }
    }

    #[test]
    fn fresh_persons_and_copies_have_none() {
        for seed in 0..30 {
            for which in 0..3 {
                let (own, fresh) = (drawn(which, 1000, seed), drawn(which, 1000, seed + 100));
                let rounded = fresh.iter().map(|number| (number / 500.0).round() * 500.0).collect();
                let noisy = fresh.iter().enumerate().map(|(at, number)| number + (at % 7) as f64).collect();
                for release in [fresh.clone(), own.clone(), rounded, noisy, [&own[..300], &fresh[..700]].concat()] {
                    let (own, release) = (sorted(own.clone()), sorted(release));
                    assert_eq!(difference(&own, &release, 1.0), None, "{seed} {which}");
                    assert_eq!(factor(&own, &release, 1.0), None, "{seed} {which}");
                }
            }
        }
    }
}
