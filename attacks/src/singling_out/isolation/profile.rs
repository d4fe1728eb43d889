//! The profile likelihood of the risk, and where it falls too low.
//!
//! # At a risk of 0 or more
//! ell(r) = max over λ and g of the mixture's likelihood under the equality that makes r the risk. The inner maximum is
//! concave in g; the outer one is a root of the derivative by λ, which the inner problem's multiplier gives. λ is
//! never below r, and is searched as r + (1 − r)·logistic(x).
//!
//! # Below 0
//! A leak cannot make isolation rarer than chance (λ ≥ 0), so the mixture ends at r = 0. Stopping there would make the
//! estimate biased upwards without a leak, because it would be averaged over its positive errors only. So it is
//! continued: λ = 0, but predicates isolate with chance p = 1 − (1 − r)(1 − ν) instead of ν, and otherwise, given that they
//! isolate or not, match as the mixture says. The likelihood of this is
//!
//! ell(r) = max over ν of ell₀(ν) + n₁ ln(p/ν) + (n − n₁) ln(1 − r),
//!
//! n₁ of n predicates isolating, and ell₀(ν) the mixture's maximum at λ = 0 under the equality Σ g ν_w = ν. Both parts are
//! concave in ν for r ≤ 0. At r = 0 it is the mixture's own. Its maximum over r is at p = n₁/n: the null rate is then
//! fitted without regard to how many predicates isolate, and the risk compares the two.
//!
//! # The interval
//! {r : 2(max ell − ell(r))/d ≤ z²}: likelihood ratio with the nuisance maximised out (Wilks 1938, Ann. Math. Stat. 9:60;
//! for nonparametric nuisance under a linear constraint Owen 2001, Empirical Likelihood, chapter 3), d the design effect
//! that takes dependent predicates for fewer independent ones (Rao & Scott 1981, J. Am. Stat. Assoc. 76:221).

use super::mixture::{Demand, Fit, Mixture};
use super::root::root;
use rayon::prelude::*;

/// Values of λ among which the maximum is looked for.
const LAMBDAS: [f64; 14] = [0.0, 0.01, 0.03, 0.07, 0.13, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97];
/// Values of x among which the maximum for a risk is looked for.
const XS: [f64; 9] = [-8.0, -5.5, -4.0, -2.5, -1.2, 0.0, 1.2, 3.0, 6.0];
/// Beyond these x, λ is r or 1.
const FARTHEST: f64 = 30.0;
/// Log-likelihood that may be missed in a maximum over λ.
const MISSED: f64 = 1e-9;
/// The same where a hundredth is enough.
const ROUGHLY_MISSED: f64 = 1e-2;
/// The first λ tried where the likelihood rises at 0.
const FIRST_STEP: f64 = 0.03;
/// Width to which ends are found; evidence shows nine decimals.
const WIDTH: f64 = 1e-10;
/// The largest risk looked at, short of 1, where the likelihood has no derivative.
pub(super) const TOP: f64 = 1.0 - 1e-9;

/// The likelihood as a function of the risk.
pub(super) struct Profile<'a> {
    mixture: &'a Mixture,
    /// Predicates, and those that isolate.
    predicates: f64,
    isolating: f64,
}

/// The maximum over everything.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peak {
    /// Log-likelihood.
    pub value: f64,
    /// Null rate.
    pub null_rate: f64,
    /// The model's risk.
    pub risk: f64,
    /// Where the search for the best λ at this risk begins.
    x: f64,
    /// ν at which the search below 0 begins.
    start: f64,
    /// Log-likelihood at risk 0.
    at_none: f64,
}

impl<'a> Profile<'a> {
    /// Of so many predicates, of which so many isolate.
    pub fn new(mixture: &'a Mixture, predicates: u64, isolating: u64) -> Profile<'a> {
        Profile { mixture, predicates: predicates as f64, isolating: isolating as f64 }
    }

    /// The maximum over the risk, ν, λ and g.
    pub fn peak(&self) -> Option<Peak> {
        let free = |lambda: f64| self.mixture.fit(lambda, Demand::Free);
        let fits: Vec<(f64, Option<Fit>)> =
            LAMBDAS.par_iter().chain([1.0].par_iter()).map(|lambda| (*lambda, free(*lambda))).collect();
        let value = |at: usize| fits[at].1.as_ref().map_or(f64::NEG_INFINITY, |fit| fit.value);
        let best = (0..fits.len()).fold(0, |best, at| if value(at) > value(best) { at } else { best });
        let none = fits[0].1.clone();
        let at_none = none.as_ref().map_or(f64::NEG_INFINITY, |fit| fit.value);
        let slope = |at: usize| fits[at].1.as_ref().map_or(f64::NEG_INFINITY, |fit| fit.slope);
        let mut lambda = fits[best].0;
        let mut fit = fits[best].1.clone()?;
        let other = if slope(best) > 0.0 { best + 1 } else { best.wrapping_sub(1) };
        if other < fits.len() && (slope(other) > 0.0) != (slope(best) > 0.0) {
            let (from, to) = ((lambda, slope(best)), (fits[other].0, slope(other)));
            lambda = root(
                from,
                to,
                1e-13,
                |slope, width| slope.abs() * width < MISSED,
                |lambda| free(lambda).map_or(f64::NEG_INFINITY, |fit| fit.slope),
            );
            fit = free(lambda).filter(|refined| refined.value >= fit.value).unwrap_or(fit);
        }
        let start = none.map_or(fit.null_rate, |none| none.null_rate);
        if lambda == 0.0 && self.isolating < self.predicates * fit.null_rate {
            return Some(self.peak_below(&fit, MISSED));
        }
        let share = ((lambda - fit.risk) / (1.0 - lambda)).clamp(1e-9, 1e9);
        Some(Peak {
            value: fit.value,
            null_rate: fit.null_rate,
            risk: fit.risk.clamp(0.0, 1.0),
            x: libm::log(share),
            start,
            at_none,
        })
    }

    /// Twice by how much the maximum exceeds the likelihood of no risk, and whether it lies above; to what a rough mixture
    /// tells, and by its first hill. `None` when nothing fits.
    pub fn deviance(&self) -> Option<(f64, bool)> {
        let none = self.mixture.fit(0.0, Demand::Free)?;
        if none.slope <= 0.0 {
            let below = self.isolating < self.predicates * none.null_rate;
            let lack = if below { self.peak_below(&none, ROUGHLY_MISSED).value - none.value } else { 0.0 };
            return Some((2.0 * lack.max(0.0), false));
        }
        let mut best = none.value;
        let mut slope = |lambda: f64| match self.mixture.fit(lambda, Demand::Free) {
            Some(fit) => {
                best = best.max(fit.value);
                fit.slope
            }
            None => f64::NEG_INFINITY,
        };
        let (mut from, mut to) = ((0.0, none.slope), (FIRST_STEP, 0.0));
        loop {
            to.1 = slope(to.0);
            if to.1 <= 0.0 || to.0 >= 1.0 {
                break;
            }
            (from, to) = (to, ((3.0 * to.0).min(1.0), 0.0));
        }
        if to.1 <= 0.0 {
            root(from, to, 1e-6, |slope, width| slope.abs() * width < ROUGHLY_MISSED, slope);
        }
        Some((2.0 * (best - none.value), true))
    }

    /// The maximum where fewer predicates isolate than the fit at λ = 0 says.
    fn peak_below(&self, none: &Fit, missed: f64) -> Peak {
        let (failing, share) = (self.predicates - self.isolating, self.isolating / self.predicates);
        let slope = |rate: f64| match self.mixture.fit(0.0, Demand::NullRate(rate)) {
            Some(fit) => fit.multiplier + failing / (1.0 - rate) - self.isolating / rate,
            None => f64::NEG_INFINITY,
        };
        let from = none.null_rate;
        let at_from = failing / (1.0 - from) - self.isolating / from;
        let to = (self.mixture.largest_null_rate(), f64::NEG_INFINITY);
        let rate = root((from, at_from), to, 1e-13, |slope, width| slope.abs() * width < missed, slope);
        let risk = 1.0 - (1.0 - share) / (1.0 - rate);
        let value = self.below(risk, rate).map_or(none.value, |(value, _)| value.max(none.value));
        Peak { value, null_rate: rate, risk: risk.min(0.0), x: 0.0, start: rate, at_none: none.value }
    }

    /// The smallest risk that the continuation below 0 knows: no predicate isolates though the most would by chance.
    pub fn bottom(&self) -> f64 {
        let most = self.mixture.largest_null_rate();
        -most / (1.0 - most)
    }

    /// Where the likelihood falls by `drop` below the peak: the lower end with `rising` false, the upper with true.
    /// Also the largest log-likelihood seen on the way.
    pub fn end(&self, peak: &Peak, drop: f64, upper: bool) -> (f64, f64) {
        let least = peak.value - drop;
        // The square root of the deviance is nearly straight in r.
        let lack = |value: Option<f64>| {
            value.map_or(f64::INFINITY, |value| {
                (2.0 * (peak.value - value)).max(0.0).sqrt() - (2.0 * drop).max(0.0).sqrt()
            })
        };
        let mut seen = peak.value;
        let from = (peak.risk, -(2.0 * drop).max(0.0).sqrt());
        let none_is_inside = peak.at_none > least;
        if (upper && peak.risk < 0.0 && !none_is_inside) || (!upper && (none_is_inside || peak.risk <= 0.0)) {
            let mut rate = peak.start;
            let mut f = |risk: f64| {
                let found = self.below(risk, rate);
                if let Some((value, at)) = found {
                    seen = seen.max(value);
                    rate = at;
                }
                lack(found.map(|(value, _)| value))
            };
            let (from, to) = if upper {
                (from, (0.0, lack(Some(peak.at_none))))
            } else {
                let from = if peak.risk > 0.0 { (0.0, lack(Some(peak.at_none))) } else { from };
                (from, self.beyond(from.0, self.bottom(), &mut f))
            };
            let end = if to.1 > 0.0 { root(from, to, WIDTH, near(from, to), f) } else { to.0 };
            return (end, seen);
        }
        let (mut x, mut from) = (Some(peak.x), from);
        if upper && peak.risk < 0.0 {
            (x, from) = (None, (0.0, lack(Some(peak.at_none))));
        }
        let mut end = from.0;
        // A second, higher hill of λ may carry the interval further: looked for at each end found.
        for _ in 0..4 {
            let mut f = |risk: f64| {
                let found = self.at(risk, x);
                if let Some((value, at)) = found {
                    seen = seen.max(value);
                    x = Some(at);
                }
                lack(found.map(|(value, _)| value))
            };
            let to = if upper { self.beyond(from.0, TOP, &mut f) } else { self.beyond(from.0, 0.0, &mut f) };
            let to = if to.0 == 0.0 { (0.0, lack(Some(peak.at_none))) } else { to };
            end = if to.1 > 0.0 { root(from, to, WIDTH, near(from, to), f) } else { to.0 };
            if end >= TOP || end <= 0.0 {
                break;
            }
            let Some((value, at)) = self.scan(end) else { break };
            if value <= least + 1e-6 {
                break;
            }
            (x, from) = (Some(at), (end, lack(Some(value))));
            if from.1 >= 0.0 {
                break;
            }
        }
        (end, seen)
    }

    /// A point beyond the end, or the last point there is.
    fn beyond(&self, from: f64, last: f64, f: &mut impl FnMut(f64) -> f64) -> (f64, f64) {
        let mut step = 0.02;
        loop {
            let point = if last > from { from + step } else { from - step };
            if (point - from).abs() >= (last - from).abs() {
                // At risk 0 the likelihood is known; anything positive will do here.
                return (last, if last == 0.0 { f64::INFINITY } else { f(last) });
            }
            let value = f(point);
            if value > 0.0 {
                return (point, value);
            }
            step *= 2.0;
        }
    }

    /// The likelihood at a risk of at least 0, maximised over λ from `x` on; also the best x.
    fn at(&self, risk: f64, x: Option<f64>) -> Option<(f64, f64)> {
        let start = match x {
            Some(x) => x,
            None => self.scan(risk)?.1,
        };
        let fit = |x: f64| self.mixture.fit(lambda(risk, x), Demand::Risk(risk));
        let Some(first) = fit(start) else {
            // Only when the hill was lost; the scan does not come back here.
            return self.scan(risk).and_then(|(_, found)| (x != Some(found)).then(|| self.at(risk, Some(found)))?);
        };
        // Towards the higher side, until it falls.
        let up = first.slope > 0.0;
        let (mut from, mut step) = ((start, first.slope), if up { 0.5 } else { -0.5 });
        let mut best = (first.value, start);
        loop {
            let x = from.0 + step;
            if x.abs() > FARTHEST {
                return Some(best);
            }
            let slope = match fit(x) {
                Some(fit) => {
                    best = if fit.value > best.0 { (fit.value, x) } else { best };
                    fit.slope
                }
                None if up => f64::NEG_INFINITY,
                None => f64::INFINITY,
            };
            if (slope > 0.0) != up {
                let by_x = |x: f64, slope: f64| slope * lambda_slope(risk, x);
                let enough = |slope: f64, width: f64| slope.abs() * width < MISSED;
                root((from.0, by_x(from.0, from.1)), (x, by_x(x, slope)), 1e-9, enough, |x| match fit(x) {
                    Some(fit) => {
                        best = if fit.value > best.0 { (fit.value, x) } else { best };
                        by_x(x, fit.slope)
                    }
                    None if up => f64::NEG_INFINITY,
                    None => f64::INFINITY,
                });
                return Some(best);
            }
            from = (x, slope);
            step *= 2.0;
        }
    }

    /// The best of some λ at a risk.
    fn scan(&self, risk: f64) -> Option<(f64, f64)> {
        let value = |x: &f64| Some((self.mixture.fit(lambda(risk, *x), Demand::Risk(risk))?.value, *x));
        let found: Vec<Option<(f64, f64)>> = XS.par_iter().map(value).collect();
        found.into_iter().flatten().reduce(|best, next| if next.0 > best.0 { next } else { best })
    }

    /// The likelihood at a risk below 0, maximised over ν from `start` on; also the best ν.
    fn below(&self, risk: f64, start: f64) -> Option<(f64, f64)> {
        let failing = self.predicates - self.isolating;
        let rate = |null_rate: f64| risk + null_rate * (1.0 - risk);
        let (least, most) = (-risk / (1.0 - risk), self.mixture.largest_null_rate());
        // No null rate is left at the bottom itself.
        if most - least < 1e-12 {
            return None;
        }
        let mut best: Option<(f64, f64)> = None;
        let mut slope = |null_rate: f64, side: f64| {
            let Some(fit) = self.mixture.fit(0.0, Demand::NullRate(null_rate)) else { return side };
            let chance = rate(null_rate);
            let mut value = fit.value + failing * libm::log1p(-risk);
            let mut slope = fit.multiplier;
            if self.isolating > 0.0 {
                if chance <= 0.0 {
                    return f64::INFINITY;
                }
                value += self.isolating * libm::log(chance / null_rate);
                slope += self.isolating * ((1.0 - risk) / chance - 1.0 / null_rate);
            }
            if best.is_none_or(|(known, _)| value > known) {
                best = Some((value, null_rate));
            }
            slope
        };
        let at_least = if self.isolating > 0.0 { f64::INFINITY } else { slope(least, f64::INFINITY) };
        if at_least > 0.0 {
            let enough = |slope: f64, width: f64| slope.abs() * width < MISSED;
            let start = start.clamp(least + 0.01 * (most - least), most - 0.01 * (most - least));
            let at_start = slope(start, f64::NEG_INFINITY);
            // The derivative falls: the root is above the start when it is positive there.
            let (other, side) =
                if at_start > 0.0 { ((most, f64::NEG_INFINITY), 1.0) } else { ((least, at_least), -1.0) };
            let near = start + side * 0.1 * (most - least);
            let near = near.clamp(least + 0.005 * (most - least), most - 0.005 * (most - least));
            let at_near = slope(near, if side > 0.0 { f64::NEG_INFINITY } else { f64::INFINITY });
            let unknown = if side > 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
            let (from, to) = if (at_near > 0.0) != (at_start > 0.0) {
                ((start, at_start), (near, at_near))
            } else {
                ((near, at_near), other)
            };
            root(from, to, 1e-12, enough, |rate| slope(rate, unknown));
        }
        best
    }
}

/// Whether a nearly straight function's value is so small that its root, between these points, is not farther than a tenth of
/// what an end may miss it by.
fn near(from: (f64, f64), to: (f64, f64)) -> impl Fn(f64, f64) -> bool {
    let slope = (to.1 - from.1) / (to.0 - from.0).abs();
    move |value, _| slope.is_finite() && value.abs() < 0.1 * WIDTH * slope.abs()
}

/// r + (1 − r)·logistic(x).
fn lambda(risk: f64, x: f64) -> f64 {
    risk + (1.0 - risk) / (1.0 + libm::exp(-x))
}

/// d/dx of it.
fn lambda_slope(risk: f64, x: f64) -> f64 {
    (1.0 - risk) / ((1.0 + libm::exp(-x)) * (1.0 + libm::exp(x)))
}
