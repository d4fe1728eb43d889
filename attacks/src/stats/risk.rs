//! From main and control counts to the residual risk, its interval and its status.

use super::ConfidenceInterval;
use super::isolation::IsolationCounts;
use super::ratio::{Count, score_interval};
use crate::outcome::{Baseline, Tally};

/// How far the release exposes persons who would otherwise be safe.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Risk {
    /// The estimate, which may be negative by chance; shown floored at 0.
    pub signed: f64,
    /// Interval of the signed risk; its lower end may be below 0.
    pub interval: ConfidenceInterval,
    /// How it was computed.
    pub method: RiskMethod,
    /// The null rate, where it is not the control's own rate.
    pub null_rate: Option<f64>,
}

impl Risk {
    /// The risk as shown: never below 0.
    pub fn value(&self) -> f64 {
        self.signed.max(0.0)
    }
}

/// Which estimator a risk comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RiskMethod {
    /// 1 − (1 − p_main)/(1 − p_control) with the score interval of the ratio.
    ScoreRatio,
    /// The same, with the null rate at the original's size estimated from predicates' counts in both tables.
    IsolationNull,
    /// p_main with its Wilson interval: no control, so leak and utility are mixed.
    MainOnly,
}

impl RiskMethod {
    /// The name used in evidence.
    pub fn name(self) -> &'static str {
        match self {
            RiskMethod::ScoreRatio => "residual risk, score interval of the ratio",
            RiskMethod::IsolationNull => "residual risk, null rate at the original's size, profile likelihood",
            RiskMethod::MainOnly => "success rate without a control, Wilson interval",
        }
    }
}

/// The counts a risk is estimated from; kept so that it can be asked again at another confidence.
#[derive(Debug, Clone, PartialEq)]
pub enum RiskModel {
    /// Main attack alone.
    MainOnly(Tally),
    /// Main and control attacks of comparable rates.
    Residual {
        /// On the original.
        main: Tally,
        /// On the control.
        control: Tally,
    },
    /// Singling out with a control of another size.
    Isolation(IsolationCounts),
}

impl RiskModel {
    /// The risk at a two-sided confidence level; `None` when it is undetermined because every control attack
    /// succeeds, or because nothing was attempted.
    ///
    /// With a control, risk = 1 − (1 − p_main)/(1 − p_control): the share of otherwise safe persons whom the
    /// release exposes. It is one minus a ratio of two proportions of *failures*.
    pub fn estimate(&self, confidence: f64) -> Option<Risk> {
        match self {
            RiskModel::MainOnly(main) if main.attempted > 0 => Some(Risk {
                signed: main.rate(),
                interval: main.interval(confidence),
                method: RiskMethod::MainOnly,
                null_rate: None,
            }),
            RiskModel::Residual { main, control } if main.attempted > 0 && control.attempted > 0 => {
                let (one, zero) = (failures(main), failures(control));
                let ratio = score_interval(one, zero, confidence)?;
                let phi = (one.successes / one.attempts) / (zero.successes / zero.attempts);
                Some(Risk {
                    signed: 1.0 - phi,
                    interval: ConfidenceInterval { lo: 1.0 - ratio.hi, hi: 1.0 - ratio.lo },
                    method: RiskMethod::ScoreRatio,
                    null_rate: None,
                })
            }
            RiskModel::Isolation(counts) => counts.estimate(confidence),
            _ => None,
        }
    }

    /// [`estimate`](RiskModel::estimate) at several levels, for less than one after the other.
    pub fn estimates(&self, levels: &[f64]) -> Vec<Option<Risk>> {
        match self {
            RiskModel::Isolation(counts) => counts.estimates(levels),
            _ => levels.iter().map(|level| self.estimate(*level)).collect(),
        }
    }
}

fn failures(tally: &Tally) -> Count {
    Count { successes: (1.0 - tally.rate()) * tally.effective, attempts: tally.effective }
}

/// Whether an attack could be measured, and what its figure is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Attempted, and better than the baseline.
    Measured,
    /// There was nothing to attempt: a result, and not a zero out of n.
    Infeasible,
    /// The ratio does not exist, because every control attack succeeds.
    Undetermined,
    /// Main above neither the baseline nor the control: a low risk or a bad attack, and the counts cannot tell which.
    Weak,
    /// The whole simultaneous interval lies below 0: the control was hit more often than the persons of the release.
    Contradicted,
}

impl Status {
    /// The name used in evidence.
    pub fn name(self) -> &'static str {
        match self {
            Status::Measured => "measured",
            Status::Infeasible => "infeasible",
            Status::Undetermined => "undetermined",
            Status::Weak => "weak",
            Status::Contradicted => "contradicted",
        }
    }
}

/// The status of an attack from its counts.
///
/// "Not above" is judged by the main attack's Wilson interval: weak when its lower end does not exceed the
/// baseline's rate, so that a success or two more than the baseline by chance do not count as an attack that works.
/// A guess that does worse than the best constant for everybody may still expose those who were copied: when
/// the interval of a residual risk excludes 0, the attack works, whatever the baseline.
pub fn status(main: Option<&Tally>, risk: Option<&Risk>, baseline: Option<&Baseline>, confidence: f64) -> Status {
    let Some(main) = main.filter(|main| main.attempted > 0) else { return Status::Infeasible };
    let Some(risk) = risk else { return Status::Undetermined };
    let above_control = risk.method != RiskMethod::MainOnly && risk.interval.lo > 0.0;
    match baseline {
        Some(baseline) if !above_control && main.interval(confidence).lo <= baseline.rate() => Status::Weak,
        _ => Status::Measured,
    }
}
