//! From main and control counts to the residual risk and its interval.

use super::ConfidenceInterval;
use super::ratio::{Count, score_interval};
use super::tally::{Baseline, Tally};

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
    /// From how well scores tell the original from the control, over everybody and in the tails.
    Separation,
    /// No control: from what the release tells beyond everybody else's data to everything that it tells.
    BeyondNonmember,
    /// Neither control nor nonmember reference: from nothing to everything that it tells.
    MainOnly,
    /// Record linkage without a control: the share of persons whose record is named, by the truth.
    KnownRecords,
    /// Record linkage with a control: from what is named net of false claims to all that the truth says is named right.
    NetOfFalseClaims,
    /// Record linkage where rows that are unique and equal are the only truth: a lower bound, and anything up to 1.
    EqualRows,
}

impl RiskMethod {
    /// The code used in evidence.
    pub fn name(self) -> &'static str {
        match self {
            RiskMethod::ScoreRatio => "residual_score_ratio",
            RiskMethod::IsolationNull => "isolation_null",
            RiskMethod::Separation => "separation",
            RiskMethod::BeyondNonmember => "beyond_nonmember",
            RiskMethod::MainOnly => "main_only",
            RiskMethod::KnownRecords => "known_records",
            RiskMethod::NetOfFalseClaims => "net_of_false_claims",
            RiskMethod::EqualRows => "equal_rows",
        }
    }

    /// The method of a code.
    pub fn of_name(name: &str) -> Option<RiskMethod> {
        let all = [
            RiskMethod::ScoreRatio,
            RiskMethod::IsolationNull,
            RiskMethod::Separation,
            RiskMethod::BeyondNonmember,
            RiskMethod::MainOnly,
            RiskMethod::KnownRecords,
            RiskMethod::NetOfFalseClaims,
            RiskMethod::EqualRows,
        ];
        all.into_iter().find(|method| method.name() == name)
    }

    /// Whether the risk is measured against persons who were not used.
    pub fn has_control(self) -> bool {
        matches!(
            self,
            RiskMethod::ScoreRatio | RiskMethod::IsolationNull | RiskMethod::Separation | RiskMethod::NetOfFalseClaims
        )
    }
}

/// The counts a risk is estimated from; kept so that it can be asked again at another confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RiskModel {
    /// Main attack alone.
    MainOnly(Tally),
    /// No control, and the same attack with the original as its own release.
    Beyond {
        /// On the original.
        main: Tally,
        /// On the original, from everybody else's records.
        nonmember: Tally,
        /// The rate of who ignores how the release's columns hang together, where that is known.
        baseline: Option<f64>,
    },
    /// Main and control attacks of comparable rates.
    Residual {
        /// On the original.
        main: Tally,
        /// On the control.
        control: Tally,
    },
}

impl RiskModel {
    /// What targets' counts are estimated by: the control where there is one, else the nonmember reference, else nothing.
    pub fn of_targets(main: Tally, control: Option<Tally>, nonmember: Option<Tally>) -> RiskModel {
        match (control, nonmember) {
            (Some(control), _) => RiskModel::Residual { main, control },
            (None, Some(nonmember)) => RiskModel::Beyond { main, nonmember, baseline: None },
            (None, None) => RiskModel::MainOnly(main),
        }
    }

    /// The same, knowing what ignoring the release's structure achieves: without a control, what is not above that shows no risk, however badly everybody
    /// else's data do.
    pub fn above(self, baseline: Option<&Baseline>) -> RiskModel {
        match self {
            RiskModel::Beyond { main, nonmember, .. } => {
                RiskModel::Beyond { main, nonmember, baseline: baseline.map(Baseline::rate) }
            }
            other => other,
        }
    }

    /// The risk at a two-sided confidence level; `None` when it is undetermined because every attack succeeds that the
    /// main one is compared with, or because nothing was attempted.
    ///
    /// With a control, risk = 1 − (1 − p_main)/(1 − p_control): the share of otherwise safe persons whom the
    /// release exposes. It is one minus a ratio of two proportions of *failures*.
    ///
    /// Without one the truth lies between that share with p_nonmember in the place of p_control (what the release tells
    /// beyond everybody else's data) and p_main: the estimate is the first, and the interval runs from the lower end of the
    /// first to the upper end of the second (METHOD section 6); from 0 at the most where the main attack is not above the baseline. Main and nonmember attacks have the same targets, and the
    /// ratio's interval takes them for independent. That errs on the safe side: without a leak both guess from persons drawn
    /// alike, so that their chances on one person are the same function of that person's values, and the covariance is this
    /// function's variance, never negative.
    ///
    /// With neither, nothing is subtracted: the estimate is p_main, and the interval runs from 0 to its upper end.
    pub fn estimate(&self, confidence: f64) -> Option<Risk> {
        match self {
            RiskModel::MainOnly(main) if main.attempted > 0 => Some(Risk {
                signed: main.rate(),
                interval: ConfidenceInterval { lo: 0.0, hi: main.interval(confidence).hi },
                method: RiskMethod::MainOnly,
                null_rate: None,
            }),
            RiskModel::Residual { main, control } => beyond(main, control, RiskMethod::ScoreRatio, confidence),
            RiskModel::Beyond { main, nonmember, baseline } => {
                let risk = beyond(main, nonmember, RiskMethod::BeyondNonmember, confidence)?;
                let of_main = main.interval(confidence);
                let is_above = baseline.is_none_or(|baseline| of_main.lo > baseline);
                let lo = if is_above { risk.interval.lo } else { risk.interval.lo.min(0.0) };
                Some(Risk { interval: ConfidenceInterval { lo, hi: of_main.hi.max(risk.signed) }, ..risk })
            }
            _ => None,
        }
    }
}

/// The share of failures of the second attack that the first turns into successes.
fn beyond(main: &Tally, other: &Tally, method: RiskMethod, confidence: f64) -> Option<Risk> {
    if main.attempted == 0 || other.attempted == 0 {
        return None;
    }
    let (one, zero) = (failures(main), failures(other));
    let ratio = score_interval(one, zero, confidence)?;
    let phi = (one.successes / one.attempts) / (zero.successes / zero.attempts);
    Some(Risk {
        signed: 1.0 - phi,
        interval: ConfidenceInterval { lo: 1.0 - ratio.hi, hi: 1.0 - ratio.lo },
        method,
        null_rate: None,
    })
}

fn failures(tally: &Tally) -> Count {
    Count { successes: (1.0 - tally.rate()) * tally.effective, attempts: tally.effective }
}
