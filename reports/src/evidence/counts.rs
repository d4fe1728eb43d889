//! An attacker's counts, ready to be asked at other numbers of attempts and other confidences.

use super::{Attack, Attacker, Detail, Headline, Rate, Truth};
use reident_attacks::outcome::{Baseline, Tally};
use reident_attacks::record_linkage::{LinkageTallies, TruthSource};
use reident_attacks::stats::risk::{RiskMethod, RiskModel};
use reident_attacks::stats::two_sided_quantile;
use statrs::distribution::{ContinuousCDF, Normal};

/// What a risk and its interval come from.
#[derive(Debug, Clone)]
pub(crate) enum Counts {
    /// The counts themselves: the interval is computed again by the formulas that made the evidence's.
    Model {
        /// On the original.
        main: Tally,
        /// What it is compared with, where it is: the control, or the nonmember reference.
        reference: Option<Reference>,
    },
    /// Record linkage: what the truth says, and what is left of it when the attacker is careful.
    Linked(LinkageTallies, TruthSource),
    /// One success rate and its Wilson interval.
    Rate(Tally),
    /// Only a stated risk: the evidence does not hold what the interval was made from.
    Stated {
        /// The estimate.
        signed: f64,
        /// Its interval.
        interval: [f64; 2],
        /// The interval's two-sided confidence.
        confidence: f64,
    },
}

/// What the main attack is compared with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reference {
    /// Persons who were not used.
    Control(Tally),
    /// The same persons, by everybody else's records.
    Nonmember(Tally, Option<Baseline>),
}

impl Counts {
    /// The counts behind an attacker's risk in evidence of a confidence; `None` when there is no risk.
    pub fn of(attack: &Attack, confidence: f64) -> Option<Counts> {
        let risk = attack.risk.as_ref()?;
        let main = tally(attack.main.as_ref()?);
        if let (Detail::RecordLinkage { careful, .. }, Attacker::NamedRecord { truth, .. }) =
            (&attack.detail, &attack.attacker)
        {
            let careful = careful.as_ref().map(|careful| [tally(&careful.main), tally(&careful.control)]);
            let source = match truth {
                Truth::Known => TruthSource::Known,
                Truth::EqualRows => TruthSource::EqualRows,
            };
            let tallies = LinkageTallies { main, careful };
            // Another method than the counts have is no method of theirs.
            let stated = tallies.estimate(source, confidence).is_none_or(|found| found.method.name() == risk.method);
            return stated.then_some(Counts::Linked(tallies, source));
        }
        let is = |method: RiskMethod| risk.method == method.name();
        let reference = if is(RiskMethod::ScoreRatio) {
            Some(Reference::Control(tally(attack.control.as_ref()?)))
        } else if is(RiskMethod::BeyondNonmember) {
            Some(Reference::Nonmember(tally(attack.nonmember.as_ref()?), attack.baseline.as_ref().map(baseline)))
        } else {
            None
        };
        if reference.is_some() || is(RiskMethod::MainOnly) {
            return Some(Counts::Model { main, reference });
        }
        Some(Counts::Stated { signed: risk.signed, interval: risk.interval, confidence })
    }

    /// The counts by which two runs are compared: without a control, the success rate itself, since between what other persons'
    /// data tell and all that the release tells no change can be seen.
    pub fn of_change(attack: &Attack, confidence: f64) -> Option<Counts> {
        match Counts::of(attack, confidence)? {
            Counts::Model { main, reference: None | Some(Reference::Nonmember(..)) } => Some(Counts::Rate(main)),
            counts => Some(counts),
        }
    }

    /// The worst risk of an attack in evidence of a confidence; `None` when there is none.
    pub fn worst(headline: &Headline, confidence: f64) -> Option<Counts> {
        Some(Counts::Stated { signed: headline.risk?, interval: headline.interval?, confidence })
    }

    /// Estimate and the ends of the interval z standard errors away, with the attempts on original and control grown by
    /// these factors.
    ///
    /// Of a stated interval nothing is known but its ends, so their distances from the estimate are taken to go with z
    /// and with the root of the smaller factor.
    pub fn at(&self, z: f64, grown: [f64; 2]) -> Option<(f64, [f64; 2])> {
        match self {
            Counts::Model { main, reference } => {
                // Only the effective number grows: it alone decides the width, and the rate must stay.
                let grow = |tally: &Tally, by: f64| Tally { effective: tally.effective * by, ..*tally };
                let main = grow(main, grown[0]);
                let (control, nonmember, baseline) = match reference {
                    Some(Reference::Control(control)) => (Some(grow(control, grown[1])), None, None),
                    // The same persons: they grow with the main attack's.
                    Some(Reference::Nonmember(nonmember, baseline)) => {
                        (None, Some(grow(nonmember, grown[0])), baseline.as_ref())
                    }
                    None => (None, None, None),
                };
                let model = RiskModel::of_targets(main, control, nonmember).above(baseline);
                model.estimate(two_sided(z)).map(|risk| (risk.signed, [risk.interval.lo, risk.interval.hi]))
            }
            Counts::Linked(tallies, source) => {
                let grow = |tally: &Tally, by: f64| Tally { effective: tally.effective * by, ..*tally };
                let grown = LinkageTallies {
                    main: grow(&tallies.main, grown[0]),
                    careful: tallies.careful.map(|[main, control]| [grow(&main, grown[0]), grow(&control, grown[1])]),
                };
                let found = grown.estimate(*source, two_sided(z));
                found.map(|risk| (risk.signed, [risk.interval.lo, risk.interval.hi]))
            }
            Counts::Rate(main) => {
                let grown = Tally { effective: main.effective * grown[0], ..*main };
                let interval = grown.interval(two_sided(z));
                (main.attempted > 0).then(|| (main.rate(), [interval.lo, interval.hi]))
            }
            Counts::Stated { signed, interval, confidence } => {
                let by = z / two_sided_quantile(*confidence) / grown[0].min(grown[1]).sqrt();
                // A worst risk floored at 0 may lie outside its own signed interval.
                let (below, above) = ((interval[0] - signed).min(0.0), (interval[1] - signed).max(0.0));
                Some((*signed, [signed + below * by, signed + above * by]))
            }
        }
    }

    /// The ends of the interval z standard errors away that the counts would give if the estimate were this, the attacks that
    /// the main one is compared with being as they were counted.
    pub fn supposed(&self, risk: f64, z: f64) -> Option<[f64; 2]> {
        match self {
            Counts::Model { main, reference } => {
                let other = match reference {
                    Some(Reference::Control(tally) | Reference::Nonmember(tally, _)) => tally.rate(),
                    None => 0.0,
                };
                let rate = (1.0 - (1.0 - risk) * (1.0 - other)).clamp(0.0, 1.0);
                let supposed = Tally { expected: rate * main.attempted as f64, ..*main };
                let counts = Counts::Model { main: supposed, reference: *reference };
                counts.at(z, [1.0; 2]).map(|(_, ends)| ends)
            }
            Counts::Linked(tallies, source) => {
                let at_rate = |tally: &Tally, rate: f64| Tally {
                    expected: rate.clamp(0.0, 1.0) * tally.attempted as f64,
                    ..*tally
                };
                let supposed = match &tallies.careful {
                    None => LinkageTallies { main: at_rate(&tallies.main, risk), careful: None },
                    Some([main, control]) => {
                        // What a careful attacker leaves out is left out at any risk.
                        let left_out = tallies.main.rate() - main.rate();
                        let rate = 1.0 - (1.0 - risk) * (1.0 - control.rate());
                        let careful = Some([at_rate(main, rate), *control]);
                        LinkageTallies { main: at_rate(&tallies.main, rate + left_out), careful }
                    }
                };
                Counts::Linked(supposed, *source).at(z, [1.0; 2]).map(|(_, ends)| ends)
            }
            Counts::Rate(main) => {
                let supposed = Tally { expected: risk.clamp(0.0, 1.0) * main.attempted as f64, ..*main };
                Counts::Rate(supposed).at(z, [1.0; 2]).map(|(_, ends)| ends)
            }
            Counts::Stated { signed, .. } => {
                let (_, [lower, upper]) = self.at(z, [1.0; 2])?;
                Some([risk + lower - signed, risk + upper - signed])
            }
        }
    }

    /// The estimate itself; `None` when it does not exist.
    pub fn signed(&self) -> Option<f64> {
        self.at(1.0, [1.0; 2]).map(|(signed, _)| signed)
    }
}

/// Counts of a rate on record.
pub(crate) fn tally(rate: &Rate) -> Tally {
    Tally {
        attempted: rate.attempted,
        successes: rate.successes.value() as u64,
        expected: rate.expected.unwrap_or_else(|| rate.successes.value()),
        ambiguous: None,
        wrong: None,
        effective: rate.effective.unwrap_or(rate.attempted as f64),
        population: rate.attempted,
    }
}

/// What ignoring the release's structure achieved, on record.
pub(crate) fn baseline(rate: &Rate) -> Baseline {
    Baseline { attempted: rate.attempted, successes: rate.successes.value() }
}

/// P(Z > z).
pub(crate) fn tail(z: f64) -> f64 {
    Normal::standard().sf(z)
}

/// z with P(Z > z) = α.
pub(crate) fn upper_quantile(alpha: f64) -> f64 {
    two_sided_quantile(1.0 - 2.0 * alpha)
}

fn two_sided(z: f64) -> f64 {
    1.0 - 2.0 * tail(z)
}
