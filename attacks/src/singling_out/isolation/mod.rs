//! The null rate of singling out when the control is smaller or larger than the original.
//!
//! Whether a predicate isolates somebody by chance depends on how many persons there are. A control of another size
//! therefore shows another rate than persons of the original would without a leak, and METHOD section 6 asks for the rate
//! *at the original's size*, from how many persons each predicate matches in either table.
//!
//! * A control at least as large is *rarefied*: exact, without a model.
//! * A smaller one says too little about rare predicates by itself. A *mixture* explains the counts in both tables
//!   by a distribution of how rare predicates are and by a share of leaked ones; the *profile likelihood* of the
//!   risk gives its interval.
//!
//! In both, predicates that hit the same persons are taken for fewer, by *design effects*: of the counts, and of the
//! likelihood when persons are exchanged between the tables.
//!
//! Everything here uses the `libm` crate, so that the last digits do not depend on the platform's own logarithm.

mod binomial;
mod counts;
mod exchange;
mod mixture;
mod overlap;
mod profile;
mod rarefaction;
mod root;
mod solver;

#[cfg(test)]
mod test;
#[cfg(test)]
mod test_estimate;

use super::Hit;
use crate::stats::risk::{Risk, RiskMethod};
use crate::stats::{ConfidenceInterval, two_sided_quantile};
use counts::{Cell, Design, cells};
use exchange::Exchange;
use mixture::Mixture;
use overlap::Overlap;
use profile::{Peak, Profile, TOP};
use rayon::prelude::*;

/// Everything the risk is estimated from: it can be asked again at another confidence.
#[derive(Debug, Clone, PartialEq)]
pub struct IsolationCounts {
    /// Persons of the original and of the control.
    persons: [u64; 2],
    release_rows: u64,
    cells: Vec<Cell>,
    design: Design,
    overlap: Overlap,
    exchange: Exchange,
}

impl IsolationCounts {
    /// From the persons that the same predicates hit in the original and in the control. `persons` are the numbers of
    /// persons of either.
    pub fn new(persons: [u64; 2], release_rows: u64, hits: &[Hit], control: &[Hit]) -> IsolationCounts {
        let terms = |hit: &Hit| match persons[1] >= persons[0] {
            true => rarefaction::isolated(hit.persons, persons[1], persons[0]),
            false => f64::from(u8::from(hit.persons == 1)),
        };
        let design = Design::new(persons, hits, control, terms);
        let overlap = Overlap::new(persons, hits, control);
        let exchange = Exchange::new(persons, hits, control);
        IsolationCounts { persons, release_rows, cells: cells(hits, control), design, overlap, exchange }
    }

    /// The risk with its interval at a two-sided confidence level.
    ///
    /// `None` without predicates, when every predicate isolates in the control, and when the counts exclude no risk at
    /// all: undetermined.
    pub fn estimate(&self, confidence: f64) -> Option<Risk> {
        self.estimates(&[confidence]).pop()?
    }

    /// [`estimate`](IsolationCounts::estimate) at several levels. The model is fitted once, and a level that stands there
    /// twice is looked at once.
    pub fn estimates(&self, levels: &[f64]) -> Vec<Option<Risk>> {
        let count = |with: &dyn Fn(&Cell) -> bool| -> u64 {
            self.cells.iter().filter(|cell| with(cell)).map(|cell| cell.count).sum()
        };
        let (predicates, isolating) = (count(&|_| true), count(&|cell| cell.original == 1));
        if predicates == 0 || self.persons[0] == 0 || self.persons[1] == 0 {
            return vec![None; levels.len()];
        }
        if self.persons[1] >= self.persons[0] {
            let at = |level: &f64| rarefaction::estimate(&self.cells, self.persons, &self.design, *level);
            return levels.iter().map(at).collect();
        }
        let mixture = Mixture::new(&self.cells, self.persons, self.release_rows);
        let profile = Profile::new(&mixture, predicates, isolating);
        let Some(peak) = profile.peak() else { return vec![None; levels.len()] };
        let effect = self.effect(&mixture);
        let mut distinct = levels.to_vec();
        distinct.sort_unstable_by(f64::total_cmp);
        distinct.dedup();
        let risks: Vec<Option<Risk>> = distinct
            .par_iter()
            .map(|level| self.around(&profile, peak, effect, [predicates, isolating], *level))
            .collect();
        let of = |level: &f64| risks[distinct.partition_point(|known| known < level)];
        levels.iter().map(of).collect()
    }

    /// The design effect of a deviance: that of the counts of either table at least, and more where exchanges of persons show
    /// it. They are made where the derivative of the likelihood has a larger one, and believed up to it.
    fn effect(&self, mixture: &Mixture) -> f64 {
        let counted = self.design.original.max(self.design.control);
        let most = mixture.tells(self.overlap.end()).map_or(1.0, |tells| self.overlap.effect(&tells));
        if most <= counted {
            return counted;
        }
        self.exchange.effect(self.release_rows).map_or(most, |effect| effect.clamp(counted, most))
    }

    /// The risk at a level, around the peak of the profile likelihood of so many predicates, of which so many isolate, with
    /// the design effect of what they tell.
    fn around(
        &self,
        profile: &Profile<'_>,
        mut peak: Peak,
        effect: f64,
        [predicates, isolating]: [u64; 2],
        confidence: f64,
    ) -> Option<Risk> {
        let z = two_sided_quantile(confidence);
        let drop = 0.5 * z * z * effect;
        let (mut lo, mut hi);
        // The ends' searches may meet a higher likelihood than the peak's own; then they start again from it.
        let mut attempts = 0;
        loop {
            let (lower, upper) = rayon::join(
                || profile.end(&peak, drop, false),
                || if peak.risk < TOP { profile.end(&peak, drop, true) } else { (1.0, peak.value) },
            );
            (lo, hi) = (lower.0, upper.0);
            let seen = lower.1.max(upper.1);
            attempts += 1;
            if seen <= peak.value + 1e-9 || attempts == 3 {
                break;
            }
            peak.value = seen;
        }
        let share = isolating as f64 / predicates as f64;
        let signed = if isolating == predicates { 1.0 } else { 1.0 - (1.0 - share) / (1.0 - peak.null_rate) };
        let hi = if hi >= TOP || isolating == predicates { 1.0 } else { hi };
        if hi == 1.0 && lo <= profile.bottom() + 1e-9 {
            return None;
        }
        Some(Risk {
            signed,
            interval: ConfidenceInterval { lo: lo.min(signed), hi: hi.max(signed) },
            method: RiskMethod::IsolationNull,
            null_rate: Some(peak.null_rate),
        })
    }
}
