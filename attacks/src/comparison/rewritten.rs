//! Numbers of the release of which a part is written otherwise than the persons'.
//!
//! Where some rows hold thousands for ones, pounds for kilograms, logarithms or standard scores, a leak in these rows agrees with nobody, and what the
//! other rows show is too little. Which rows they are cannot be told from one column, but how many.
//!
//! *Apart*: numbers beyond the persons' smallest or largest that a gap of a quarter of the persons' range parts from it, which is also half as wide as
//! they themselves spread. Noise and a generator's tails go on where the persons end, and leave no gap.
//!
//! *Mixed*: numbers that are distributed as a share π of the persons' rewritten in a known way ([`rewritings`]) and the rest as they are. π is the one that
//! brings the mixture nearest to the release (Kolmogorov–Smirnov, a convex function of π; the minimum-distance estimate of a mixture's
//! weight, Choi & Bulgren 1968, Journal of the Royal Statistical Society B 30:444). It is believed where it explains three quarters of a distance that is more than drift
//! usually is. A step up or down of whole numbers is so little that drift does it, too: it is believed only where it also brings the number that then
//! stands beyond the persons' last, as often as it should.

use super::values::Values;
use crate::table::Cell;

/// Rows that either table needs.
const FEWEST_ROWS: f64 = 50.0;
/// A gap is at least this part of the persons' range, and this part of what lies beyond it.
const GAP: f64 = 0.25;
const GAP_OF_OTHERS: f64 = 0.5;
/// A smaller distance is taken for drift.
const DRIFT: f64 = 0.08;
/// The part of the distance that a rewriting leaves at the most, and how much beside sampling.
const LEFT: f64 = 0.25;
const LEFT_AT_MOST: f64 = 0.04;
/// A rewriting that moves the distribution less looks like drift: a skewed one that grew by a quarter is as a fifth of it in euros.
const MOVED: f64 = 0.5;
/// Whole numbers that steps are looked for in, at the most.
const STEPS: usize = 50;
/// Points of each distribution at which distances are taken, and at which they are taken first: what is too far at a few is too far at all.
const POINTS: usize = 256;
const FIRST_POINTS: usize = 24;
/// Bisections of the share's range.
const BISECTIONS: usize = 24;

/// The share of the release's rows of numbers that are written otherwise than the persons'; 0 where nothing shows it.
pub(super) fn rewritten(persons: &Values<'_>, release: &Values<'_>) -> f64 {
    let (persons, release) = (Spread::of(persons), Spread::of(release));
    if persons.rows < FEWEST_ROWS || release.rows < FEWEST_ROWS || persons.numbers.len() < 2 {
        return 0.0;
    }
    apart(&persons, &release).max(mixed(&persons, &release)).max(stepped(&persons, &release))
}

/// How exact numbers are distributed.
#[derive(Debug)]
struct Spread {
    /// Different numbers, ascending.
    numbers: Vec<f64>,
    /// The share of the rows that hold at most each of them.
    up_to: Vec<f64>,
    rows: f64,
}

impl Spread {
    fn of(values: &Values<'_>) -> Spread {
        let exact = values.telling().filter_map(|(cell, _, rows)| match cell {
            Cell::Number(number) => Some((*number, f64::from(rows))),
            _ => None,
        });
        let mut counted: Vec<(f64, f64)> = exact.collect();
        counted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let rows: f64 = counted.iter().map(|(_, rows)| rows).sum();
        let mut sum = 0.0;
        let up_to = counted.iter().map(|(_, of_number)| {
            sum += of_number;
            sum / rows
        });
        let up_to = up_to.collect();
        Spread { numbers: counted.into_iter().map(|(number, _)| number).collect(), up_to, rows }
    }

    /// The same rows with every number rewritten in a way that keeps their order; `None` where one of them has no such number.
    fn rewritten(&self, rewrite: impl Fn(f64) -> f64) -> Option<Spread> {
        let numbers: Vec<f64> = self.numbers.iter().map(|number| rewrite(*number)).collect();
        let is_fit = numbers.iter().all(|number| number.is_finite());
        is_fit.then(|| Spread { numbers, up_to: self.up_to.clone(), rows: self.rows })
    }

    /// The share of the rows that hold at most a number.
    fn at_most(&self, number: f64) -> f64 {
        let below = self.numbers.partition_point(|known| *known <= number);
        below.checked_sub(1).map_or(0.0, |last| self.up_to[last])
    }

    /// The share of the rows that hold the number at a place.
    fn share(&self, at: usize) -> f64 {
        self.up_to[at] - at.checked_sub(1).map_or(0.0, |before| self.up_to[before])
    }

    fn ends(&self) -> (f64, f64) {
        (self.numbers[0], self.numbers[self.numbers.len() - 1])
    }

    /// Some of the numbers, as many rows between one and the next.
    fn points(&self, count: usize) -> impl Iterator<Item = f64> + '_ {
        (0..count).map(move |at| {
            let share = (at as f64 + 0.5) / count as f64;
            let place = self.up_to.partition_point(|up_to| *up_to < share);
            self.numbers[place.min(self.numbers.len() - 1)]
        })
    }

    fn mean_and_deviation(&self) -> (f64, f64) {
        let weighted = |of: &dyn Fn(f64) -> f64| -> f64 {
            self.numbers.iter().enumerate().map(|(at, number)| self.share(at) * of(*number)).sum()
        };
        let mean = weighted(&|number| number);
        (mean, weighted(&|number| (number - mean) * (number - mean)).sqrt())
    }
}

/// The share of the release's rows beyond a gap below or above the persons' range.
fn apart(persons: &Spread, release: &Spread) -> f64 {
    let ((least, most), width) = (persons.ends(), persons.ends().1 - persons.ends().0);
    let below = release.numbers.partition_point(|number| *number < least);
    let above = release.numbers.partition_point(|number| *number <= most);
    let is_apart = |gap: f64, others: &[f64]| match others {
        [first, .., last] => gap > GAP * width && gap > GAP_OF_OTHERS * (last - first),
        [_] => gap > GAP * width,
        [] => false,
    };
    let (lower, upper) = (&release.numbers[..below], &release.numbers[above..]);
    let share_below = below.checked_sub(1).map_or(0.0, |last| release.up_to[last]);
    let share_above = 1.0 - above.checked_sub(1).map_or(0.0, |last| release.up_to[last]);
    let lower_gap = lower.last().map_or(0.0, |last| least - last);
    let upper_gap = upper.first().map_or(0.0, |first| first - most);
    let counted = |share: f64, is_apart: bool| if is_apart { share } else { 0.0 };
    counted(share_below, is_apart(lower_gap, lower)) + counted(share_above, is_apart(upper_gap, upper))
}

/// How numbers are written otherwise: units, powers of ten, roots and logarithms, and what standardizing does to the persons'.
fn rewritings(persons: &Spread) -> Vec<Box<dyn Fn(f64) -> f64>> {
    let factors = [
        10.0,
        100.0,
        1e3,
        1e4,
        1e5,
        1e6,
        1e9,
        2.54,
        2.204_622_6,
        1.609_344,
        1.955_83,
        3.280_84,
        4.0,
        7.0,
        12.0,
        24.0,
        52.0,
        60.0,
        365.25,
    ];
    let mut all: Vec<Box<dyn Fn(f64) -> f64>> = Vec::new();
    for factor in factors {
        all.push(Box::new(move |number| number * factor));
        all.push(Box::new(move |number| number / factor));
    }
    all.push(Box::new(|celsius| celsius * 1.8 + 32.0));
    all.push(Box::new(|fahrenheit| (fahrenheit - 32.0) / 1.8));
    all.push(Box::new(f64::sqrt));
    all.push(Box::new(libm::log));
    all.push(Box::new(libm::log1p));
    all.push(Box::new(libm::log10));
    all.push(Box::new(libm::log2));
    let ((least, most), (mean, deviation)) = (persons.ends(), persons.mean_and_deviation());
    all.push(Box::new(move |number| (number - mean) / deviation));
    all.push(Box::new(move |number| (number - least) / (most - least)));
    all.push(Box::new(move |number| (number - least) / (most - least) * 100.0));
    all
}

/// The share of the rows that are rewritten in the known way that explains the release best.
fn mixed(persons: &Spread, release: &Spread) -> f64 {
    let of_samples = of_samples(persons, release);
    let excess = |point: f64| release.at_most(point) - persons.at_most(point);
    let apart =
        release.points(POINTS).chain(persons.points(POINTS)).map(|point| excess(point).abs()).fold(0.0, f64::max);
    if apart < DRIFT.max(2.0 * of_samples) {
        return 0.0;
    }
    let explained = rewritings(persons).into_iter().filter_map(|rewrite| {
        let others = persons.rewritten(rewrite)?;
        let mixture = |points| Mixture::new(persons, &others, release, points);
        if mixture(FIRST_POINTS).nearest().1 > LEFT_AT_MOST + of_samples {
            return None;
        }
        let mixture = mixture(POINTS);
        let (share, left) = mixture.nearest();
        let is_told =
            mixture.moved() > MOVED && left <= LEFT * mixture.distance(0.0) && left <= LEFT_AT_MOST + of_samples;
        is_told.then_some((left, share))
    });
    explained.min_by(|a, b| a.0.total_cmp(&b.0)).map_or(0.0, |(_, share)| share)
}

/// The share of the rows in which whole numbers are one more, or one less, where the number beyond the persons' last shows it.
fn stepped(persons: &Spread, release: &Spread) -> f64 {
    if persons.numbers.len() > STEPS || persons.numbers.iter().any(|number| number.fract() != 0.0) {
        return 0.0;
    }
    let last = persons.numbers.len() - 1;
    let share = |(step, edge): (f64, usize)| {
        let beyond = persons.numbers[edge] + step;
        let found = release.numbers.iter().position(|number| *number == beyond).map(|at| release.share(at))?;
        let share = found / persons.share(edge);
        let others = persons.rewritten(|number| number + step)?;
        let mixture = Mixture::new(persons, &others, release, POINTS);
        let (apart, left) = (mixture.distance(0.0), mixture.distance(share.min(1.0)));
        let is_told = share <= 1.1 && apart > 2.0 * of_samples(persons, release) && left <= apart / 2.0;
        is_told.then_some(share.min(1.0))
    };
    [(1.0, last), (-1.0, 0)].into_iter().filter_map(share).fold(0.0, f64::max)
}

/// How far apart two tables of one population are, at a level of 1 % (Smirnov 1948).
fn of_samples(one: &Spread, other: &Spread) -> f64 {
    1.63 * (1.0 / one.rows + 1.0 / other.rows).sqrt()
}

/// A release as a mixture of persons' numbers and of others, at some points.
struct Mixture {
    /// How much more of the release's rows than of the persons' lie up to each point, and how much more of the others.
    excess: Vec<[f64; 2]>,
}

impl Mixture {
    fn new(persons: &Spread, others: &Spread, release: &Spread, points: usize) -> Mixture {
        let points = persons.points(points).chain(others.points(points)).chain(release.points(points));
        let excess = points.map(|point| {
            let of_persons = persons.at_most(point);
            [release.at_most(point) - of_persons, others.at_most(point) - of_persons]
        });
        Mixture { excess: excess.collect() }
    }

    /// How far the release is from the mixture with a share of others.
    fn distance(&self, share: f64) -> f64 {
        self.excess.iter().fold(0.0, |most: f64, [release, others]| most.max((release - share * others).abs()))
    }

    /// How far the others are from the persons.
    fn moved(&self) -> f64 {
        self.excess.iter().fold(0.0, |most: f64, [_, others]| most.max(others.abs()))
    }

    /// The share that brings the mixture nearest, and how far it then is.
    fn nearest(&self) -> (f64, f64) {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..BISECTIONS {
            let (one, other) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
            match self.distance(one) <= self.distance(other) {
                true => high = other,
                false => low = one,
            }
        }
        let share = (low + high) / 2.0;
        (share, self.distance(share))
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::sampling::{Stream, Task};
    use crate::table::{JointColumn, Kind, RawColumn};

    fn share(persons: &[f64], release: &[f64]) -> f64 {
        let column = JointColumn::of(Kind::Numeric, vec![RawColumn::numbers(persons), RawColumn::numbers(release)]);
        let values = |at: usize| Values::of(&column.domain, &column.tables[at]);
        rewritten(&values(0), &values(1))
    }

    /// Numbers of a skewed population, of a bell, and of a few steps.
    fn drawn(rows: usize, seed: u64, number: impl Fn(&mut Stream) -> f64) -> Vec<f64> {
        let mut stream = Stream::new(seed, Task::Population, 0);
        (0..rows).map(|_| number(&mut stream)).collect()
    }

    fn income(stream: &mut Stream) -> f64 {
        (-stream.unit().max(1e-9).ln() * 30_000.0).round() + 1.0
    }

    fn height(stream: &mut Stream) -> f64 {
        (140.0 + (0..6).map(|_| stream.unit() * 10.0).sum::<f64>()).round()
    }

    fn answer(stream: &mut Stream) -> f64 {
        [1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 5.0, 5.0][stream.below(9) as usize]
    }

    fn in_part(numbers: Vec<f64>, part: usize, rewrite: impl Fn(f64) -> f64) -> Vec<f64> {
        let rows = numbers.into_iter().enumerate();
        rows.map(|(at, number)| if at % 100 < part { rewrite(number) } else { number }).collect()
    }

    fn is_near(found: f64, part: f64) -> bool {
        (found - part).abs() < 0.06
    }

    #[test]
    fn a_part_in_another_unit_is_measured() {
        let persons = drawn(2000, 1, income);
        type Rewriting = fn(f64) -> f64;
        let rewritings: [Rewriting; 5] =
            [|n| n / 1000.0, |n| n * 12.0, |n| libm::log(n), |n| (n - 30_000.0) / 30_000.0, |n| (n / 1e3).round()];
        for rewrite in rewritings {
            for part in [20, 50, 90] {
                let found = share(&persons, &in_part(drawn(1500, 2, income), part, rewrite));
                assert!(is_near(found, part as f64 / 100.0), "{part}: {found} of {}", rewrite(1e4));
            }
        }
        let persons = drawn(2000, 3, height);
        for part in [30, 60] {
            let found = share(&persons, &in_part(drawn(1500, 4, height), part, |cm| (cm / 2.54).round()));
            assert!(is_near(found, part as f64 / 100.0), "{part}: {found}");
        }
    }

    #[test]
    fn a_part_a_step_further_is_measured() {
        let persons = drawn(2000, 5, answer);
        for (part, step) in [(40, 1.0), (70, -1.0), (100, 1.0)] {
            let found = share(&persons, &in_part(drawn(2000, 6, answer), part, |code| code + step));
            assert!(is_near(found, f64::from(part as u32) / 100.0), "{part}: {found}");
        }
    }

    /// Fresh persons, noise, rounding, top-coding, tails and other tastes.
    #[test]
    fn drift_is_read() {
        // A stray number beyond all others.
        const FEW: f64 = 0.002;
        for seed in 10..60 {
            let numbers =
                [income, height, answer].map(|number| (drawn(1500, seed, number), drawn(1500, seed + 1000, number)));
            for (persons, release) in &numbers {
                assert!(share(persons, release) < FEW, "fresh");
                let mut stream = Stream::new(seed, Task::Population, 7);
                let deviation = {
                    let mean = persons.iter().sum::<f64>() / 1500.0;
                    (persons.iter().map(|n| (n - mean).powi(2)).sum::<f64>() / 1500.0).sqrt()
                };
                let moved = |by: f64| release.iter().map(|n| n + by * deviation).collect::<Vec<_>>();
                assert!(share(persons, &moved(0.3)) < FEW, "moved");
                // Codes of a few steps are no measures.
                if persons.iter().any(|number| *number > 5.0) {
                    assert!(share(persons, &release.iter().map(|n| n * 1.25).collect::<Vec<_>>()) < FEW, "wider");
                }
                let bell = |stream: &mut Stream| (0..12).map(|_| stream.unit()).sum::<f64>() - 6.0;
                let noisy: Vec<f64> = release.iter().map(|n| n + 0.5 * deviation * bell(&mut stream)).collect();
                assert!(share(persons, &noisy) < FEW, "noise");
                let most = persons.iter().copied().fold(0.0, f64::max);
                let rounded: Vec<f64> = release.iter().map(|n| (n / most * 10.0).round() * most / 10.0).collect();
                assert!(share(persons, &rounded) < FEW, "rounded");
                let capped: Vec<f64> = release.iter().map(|n| n.min(most * 0.8)).collect();
                assert!(share(persons, &capped) < FEW, "capped");
                let mean = release.iter().sum::<f64>() / 1500.0;
                let normal: Vec<f64> = (0..1500).map(|_| mean + deviation * bell(&mut stream)).collect();
                assert!(share(persons, &normal) < FEW, "normal");
            }
        }
    }
}
