//! How predicates' counts arise: the likelihood of (c_O, c_C) for a control smaller than the original.
//!
//! # The model
//! A predicate has a weight w, the chance that a person of the population meets it. The weights of an attacker's
//! predicates have an unknown distribution g, left free on a grid: a predicate's count in the control is then
//! c_C ~ Bin(m, w), and its count in the original c_O ~ Bin(N, w) when it hits by chance. What a predicate would do
//! in a table of another size is a functional of g: this is Robbins' empirical Bayes (1956, Proc. 3rd Berkeley Symp.
//! 1:157) and Good's species problem (1953, Biometrika 40:237).
//!
//! With probability λ a predicate was made from a person of O who is in the release. It matches that person, and none of
//! the other released persons, because it matches one release row only. So with n₁ = N − λ·min(M, N) persons left,
//!
//! L(c_O, c_C | w, λ) = Bin(c_C; m, w) · [(1 − λ)·Bin(c_O; n₁, w) + λ·Bin(c_O − 1; n₁, w)].
//!
//! The binomial goes on with a fractional n₁, and n₁ is at least the largest c_O seen.
//!
//! # What is wanted of it
//! * the null rate ν = Σ_w g(w)·N·w·(1 − w)^(N−1): how many predicates isolate somebody of N fresh persons;
//! * the rate with the leak p = Σ_w g(w)·[λ(1 − w)^n₁ + (1 − λ)·n₁·w·(1 − w)^(n₁−1)];
//! * the risk r = 1 − (1 − p)/(1 − ν). For a given r this is linear in g: Σ_w g(w)·[(1 − p_w) − (1 − r)(1 − ν_w)] = 0.

use super::binomial::falling;
use super::counts::Cell;
use super::solver::{FINE, Likelihood, Maximum, ROUGH, maximise};

/// Steps of ln w between grid points: a quarter of the width that the likelihood of one single hit has, so that a finer grid
/// changes nothing that can be seen.
const STEP: f64 = 0.25;
/// Where more hits than a few are expected their likelihood is narrower, 1 in 2√(Nw): steps of this are a third of it. Coarser
/// steps lose likelihood, which λ, through n₁·w, then wins back at the price of a leak that does not exist.
const ROOT_STEP: f64 = 0.35;
/// Smallest weight on the grid besides 0, in hits expected among N persons.
const SMALLEST: f64 = 0.008;
/// Steps of ln w below this many expected hits, steps of 2√(Nw) above it.
const FEW: f64 = 2.0;
/// Expected hits up to which the steps are small.
const MANY: f64 = 60.0;
/// A predicate that matches more persons of both tables than this times 1 + m/N is common, unless it isolates. With the weights
/// that explain it (Nw around 15) it isolates with a chance of some 10⁻⁶, and a leak of one person does not show in it.
/// Common predicates have a grid point of their own, which isolates nobody, and their counts are not looked at further: they
/// share most of their persons with one another, and by n₁·w what little they tell about λ would weigh as if they did not.
/// The sum over both tables decides, because given the sum it is chance how many of the persons belong to the original.
const COMMON: f64 = 15.0;

/// Whether predicates of these counts are common.
pub(super) fn is_common(original: u64, control: u64, persons: [u64; 2]) -> bool {
    original != 1 && (original + control) as f64 > COMMON * (1.0 + persons[1] as f64 / persons[0] as f64)
}
/// Values e^−this below a row's largest are not stored. At the maximum no row's density is smaller than its largest value over
/// a few times the number of predicates, so that they would not show in the last bit.
const NEGLIGIBLE: f64 = 70.0;

/// The counts and the grid of weights.
#[derive(Debug, Clone)]
pub(super) struct Mixture {
    /// Cells but the common ones.
    cells: Vec<Cell>,
    /// Common predicates.
    common: u64,
    /// N.
    persons: f64,
    /// m.
    control: f64,
    /// min(M, N).
    released: f64,
    most: f64,
    /// w, its logarithm and ln(1 − w); w = 0 first. One more grid point, the last, is that of common predicates.
    weights: Vec<f64>,
    logs: Vec<f64>,
    complements: Vec<f64>,
    /// ν_w.
    isolated: Vec<f64>,
    /// Per cell, the logarithm of what its row is scaled by at λ = 0.
    references: Vec<f64>,
    /// Up to which duality gap weights are fitted.
    gap: f64,
}

/// The likelihood for one λ.
struct Rows {
    scaled: Likelihood,
    /// Logarithm of what was scaled away, less its value at λ = 0.
    constant: f64,
    /// Per cell, what a likelihood of 1 at w = 0 is after scaling; 0 where w = 0 is impossible for every λ.
    at_zero: Vec<f64>,
}

/// The maximum over g for one λ.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    /// Log-likelihood, up to a constant of the data.
    pub value: f64,
    /// Its derivative by λ.
    pub slope: f64,
    /// ν of the fitted weights.
    pub null_rate: f64,
    /// r of the fitted weights.
    pub risk: f64,
    /// The multiplier of the equality.
    pub multiplier: f64,
}

/// What is demanded of the weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Demand {
    /// Nothing.
    Free,
    /// The risk.
    Risk(f64),
    /// The null rate.
    NullRate(f64),
}

impl Mixture {
    /// From the counts, N and m, and the rows of the release.
    pub fn new(cells: &[Cell], persons: [u64; 2], release_rows: u64) -> Mixture {
        let (common, cells): (Vec<Cell>, Vec<Cell>) =
            cells.iter().partition(|cell| is_common(cell.original, cell.control, persons));
        let common = common.iter().map(|cell| cell.count).sum();
        let [persons, control] = persons.map(|count| count as f64);
        let most = cells.iter().map(|cell| cell.original).max().unwrap_or(0) as f64;
        let shares = cells.iter().map(|cell| (cell.original + cell.control) as f64 / (persons + control));
        let end = (1.5 * persons * shares.fold(0.0, f64::max)).max(MANY).min(0.99 * persons);
        let mut logs = vec![f64::NEG_INFINITY];
        let mut hits = SMALLEST.min(0.5 * end);
        while hits < end {
            logs.push(libm::log(hits / persons));
            hits = if (FEW..MANY).contains(&hits) {
                let root = hits.sqrt() + 0.5 * ROOT_STEP;
                root * root
            } else {
                hits * libm::exp(STEP)
            };
        }
        let weights: Vec<f64> = logs.iter().map(|log| libm::exp(*log)).collect();
        let complements: Vec<f64> = weights.iter().map(|weight| libm::log1p(-weight)).collect();
        let isolated = (0..weights.len())
            .map(|w| persons * weights[w] * libm::exp((persons - 1.0) * complements[w]))
            .chain([0.0])
            .collect();
        let released = persons.min(release_rows as f64);
        let references = Vec::new();
        let mut mixture = Mixture {
            cells,
            common,
            persons,
            control,
            released,
            most,
            weights,
            logs,
            complements,
            isolated,
            references,
            gap: FINE,
        };
        let reference = |cell: &Cell| falling(persons, cell.original).0 + largest(&mixture.powers(cell, persons));
        mixture.references = mixture.cells.iter().map(reference).collect();
        mixture
    }

    /// The same, fitted to about a hundredth of a log-likelihood.
    pub fn rough(self) -> Mixture {
        Mixture { gap: ROUGH, ..self }
    }

    /// The maximum over g; `None` when nothing meets the demand, or a cell is impossible.
    pub fn fit(&self, lambda: f64, demand: Demand) -> Option<Fit> {
        let left = (self.persons - lambda * self.released).max(self.most);
        let rows = self.rows(lambda, left)?;
        let coefficients = match demand {
            Demand::Free => None,
            Demand::Risk(risk) => Some(self.risk_coefficients(lambda, risk)),
            Demand::NullRate(rate) => Some(self.isolated.iter().map(|isolated| isolated - rate).collect()),
        };
        let found = maximise(&rows.scaled, coefficients.as_deref(), self.gap)?;
        let null_rate = self.of(&found.weights, |w| self.isolated[w]);
        let rate = self.of(&found.weights, |w| self.with_leak(lambda, w).0);
        Some(Fit {
            value: rows.constant + found.value,
            slope: self.slope(lambda, left, demand, &rows, &found),
            null_rate,
            risk: 1.0 - (1.0 - rate) / (1.0 - null_rate),
            multiplier: found.multiplier,
        })
    }

    /// What each person of the original tells about a leak whom a predicate hits that hits s persons of both tables, for s below
    /// `end`: E[1/(N·w) | s] − min(M, N)/N under the weights fitted without a leak. `None` when nothing fits.
    pub fn tells(&self, end: usize) -> Option<Vec<f64>> {
        let rows = self.rows(0.0, self.persons.max(self.most))?;
        let found = maximise(&rows.scaled, None, self.gap)?;
        let rest = self.released / self.persons;
        let tells = |hit: usize| {
            let power =
                |w: usize| hit as f64 * self.logs[w] + (self.persons + self.control - hit as f64) * self.complements[w];
            let weights = 1..self.weights.len();
            let largest = weights.clone().map(power).fold(f64::NEG_INFINITY, f64::max);
            let (all, inverse) = weights.fold((0.0, 0.0), |(all, inverse), w| {
                let share = found.weights[w] * libm::exp(power(w) - largest);
                (all + share, inverse + share / (self.persons * self.weights[w]))
            });
            if all > 0.0 { inverse / all - rest } else { 0.0 }
        };
        Some((0..end).map(tells).collect())
    }

    /// The largest null rate that any weights have.
    pub fn largest_null_rate(&self) -> f64 {
        self.isolated.iter().fold(0.0, |max, isolated| max.max(*isolated))
    }

    fn of(&self, weights: &[f64], value: impl Fn(usize) -> f64) -> f64 {
        weights.iter().enumerate().map(|(w, weight)| weight * value(w)).sum()
    }

    /// p_w and its derivative by λ.
    fn with_leak(&self, lambda: f64, w: usize) -> (f64, f64) {
        if w == self.weights.len() {
            return (0.0, 0.0);
        }
        let left = self.persons - lambda * self.released;
        let nobody = libm::exp(left * self.complements[w]);
        let others = libm::exp((left - 1.0).max(0.0) * self.complements[w]) * self.weights[w];
        let rate = lambda * nobody + (1.0 - lambda) * left * others;
        let fewer = lambda * self.complements[w] * nobody
            + (1.0 - lambda) * others * (1.0 + if left > 1.0 { left * self.complements[w] } else { 0.0 });
        (rate, nobody - left * others - self.released * fewer)
    }

    /// (1 − p_w) − (1 − r)(1 − ν_w), written so that it is exact where p_w = ν_w.
    fn risk_coefficients(&self, lambda: f64, risk: f64) -> Vec<f64> {
        (0..self.isolated.len())
            .map(|w| risk * (1.0 - self.isolated[w]) + self.isolated[w] - self.with_leak(lambda, w).0)
            .collect()
    }

    /// The rows of the likelihood. Large numbers that cancel between values of λ do not enter.
    ///
    /// Bin(c_O; n₁, w)·Bin(c_C; m, w) is n₁^(c_O falling)·w^s·(1 − w)^(n₁ + m − s) with s = c_O + c_C, up to factors of the
    /// data alone; and Bin(c_O − 1; n₁, w) is Bin(c_O; n₁, w)·c_O/(n₁ − c_O + 1)·(1 − w)/w.
    fn rows(&self, lambda: f64, left: f64) -> Option<Rows> {
        let mut rows =
            Rows { scaled: Likelihood::new(self.isolated.len()), constant: 0.0, at_zero: Vec::with_capacity(64) };
        for (cell, reference) in self.cells.iter().zip(&self.references) {
            if lambda >= 1.0 && cell.original == 0 {
                return None;
            }
            let original = cell.original as f64;
            let odds = lambda * original / (left - original + 1.0);
            let powers = self.powers(cell, left);
            let largest = largest(&powers);
            let removed = falling(left, cell.original).0 + largest;
            rows.constant += cell.count as f64 * (removed - reference);
            let at_zero = if possible_at_zero(cell) { libm::exp(-removed) } else { 0.0 };
            rows.at_zero.push(at_zero);
            let kept = |power: &f64| *power >= largest - NEGLIGIBLE;
            let last = powers.iter().rposition(kept)?;
            let scale = |w: usize| {
                if w == 0 {
                    return at_zero * if original == 0.0 { 1.0 - lambda } else { lambda };
                }
                let factor = 1.0 - lambda + odds * (1.0 - self.weights[w]) / self.weights[w];
                libm::exp(powers[w - 1] - largest) * factor
            };
            let first = if at_zero > 0.0 { 0 } else { powers.iter().position(kept)? + 1 };
            rows.scaled.push(cell.count as f64, first, (first..=last + 1).map(scale));
        }
        if self.common > 0 {
            rows.scaled.push(self.common as f64, self.weights.len(), [1.0]);
        }
        Some(rows)
    }

    /// ln [w^s·(1 − w)^(n₁ + m − s)] for every w but 0.
    fn powers(&self, cell: &Cell, left: f64) -> Vec<f64> {
        let matched = (cell.original + cell.control) as f64;
        let others = left + self.control - matched;
        (1..self.weights.len()).map(|w| matched * self.logs[w] + others * self.complements[w]).collect()
    }

    /// d/dλ of the maximum: by the envelope theorem, that of the Lagrangian with g held.
    fn slope(&self, lambda: f64, left: f64, demand: Demand, rows: &Rows, found: &Maximum) -> f64 {
        let shrinking = if self.persons - lambda * self.released > self.most { -self.released } else { 0.0 };
        let mut slope = 0.0;
        if matches!(demand, Demand::Risk(_)) {
            slope += found.multiplier * self.of(&found.weights, |w| self.with_leak(lambda, w).1);
        }
        for (row, cell) in self.cells.iter().enumerate() {
            let original = cell.original as f64;
            let (first, values) = rows.scaled.row(row);
            let reach = left - original + 1.0;
            let (odds, falling) = (original / reach, falling(left, cell.original).1);
            let mut sum = 0.0;
            for (value, w) in values.iter().zip(first..) {
                if w == 0 {
                    // (1 − λ) or λ itself.
                    sum += found.weights[0] * rows.at_zero[row] * if cell.original == 0 { -1.0 } else { 1.0 };
                    continue;
                }
                let ratio = odds * (1.0 - self.weights[w]) / self.weights[w];
                let factor = 1.0 - lambda + lambda * ratio;
                let change = ratio - 1.0 - lambda * ratio / reach * shrinking;
                sum += found.weights[w] * value * (change / factor + shrinking * (falling + self.complements[w]));
            }
            slope += cell.count as f64 * sum / found.densities[row];
        }
        slope
    }
}

/// Whether nobody at all can meet the predicate: no hit, or the one person it was made from.
fn possible_at_zero(cell: &Cell) -> bool {
    cell.control == 0 && cell.original <= 1
}

fn largest(powers: &[f64]) -> f64 {
    powers.iter().fold(f64::NEG_INFINITY, |max, power| max.max(*power))
}
