//! What the figure of an attack is worth.

use super::ConfidenceInterval;
use super::risk::{Risk, RiskMethod};
use super::tally::{Baseline, Tally};

/// Ends this close to 0 are 0: evidence has nine decimals.
const ZERO: f64 = 5e-10;

/// Whether an attack could be measured, and what its figure is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Attempted, and better than what it is compared with.
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

/// The status of an attack from its counts and from its risk at a single and at the simultaneous level.
///
/// "Not above" is judged by the main attack's Wilson interval: weak when its lower end does not exceed the
/// baseline's rate, so that a success or two more than the baseline by chance do not count as an attack that works.
/// A guess that does worse than the best constant for everybody may still expose those who were copied: when
/// the interval of a residual risk excludes 0, the attack works, whatever the baseline.
///
/// Without a control an attack is measured when it is above the baseline *and* above the nonmember reference: what all
/// other persons' data tell is no leak (METHOD section 6).
pub fn status(
    main: Option<&Tally>,
    baseline: Option<&Baseline>,
    [single, simultaneous]: [Option<&Risk>; 2],
    confidence: f64,
) -> Status {
    let ends = single.zip(simultaneous).map(|(single, simultaneous)| (single.interval, simultaneous.interval));
    from_intervals(main, baseline, ends, single.map(|risk| risk.method), confidence)
}

/// [`status`], from what a document says of the risk: its intervals at both levels and its method.
pub fn from_intervals(
    main: Option<&Tally>,
    baseline: Option<&Baseline>,
    intervals: Option<(ConfidenceInterval, ConfidenceInterval)>,
    method: Option<RiskMethod>,
    confidence: f64,
) -> Status {
    let Some(main) = main.filter(|main| main.attempted > 0) else { return Status::Infeasible };
    let Some(((single, simultaneous), method)) = intervals.zip(method) else { return Status::Undetermined };
    if simultaneous.hi < -ZERO {
        return Status::Contradicted;
    }
    let above_zero = single.lo > ZERO;
    let above_baseline = baseline.is_none_or(|baseline| main.interval(confidence).lo > baseline.rate());
    let works = match method {
        RiskMethod::ScoreRatio | RiskMethod::IsolationNull | RiskMethod::Separation | RiskMethod::NetOfFalseClaims => {
            above_zero || above_baseline
        }
        RiskMethod::BeyondNonmember => above_zero && above_baseline,
        RiskMethod::MainOnly | RiskMethod::KnownRecords | RiskMethod::EqualRows => above_baseline,
    };
    if works { Status::Measured } else { Status::Weak }
}

/// Whether an attack does significantly worse than one that ignores the release's joint structure: its Wilson interval
/// lies below the baseline's rate.
pub fn below_baseline(main: &Tally, baseline: &Baseline, confidence: f64) -> bool {
    main.interval(confidence).hi < baseline.rate()
}

/// Whether an attack is broken (METHOD section 6): all attackers who could be measured are weak and do significantly worse
/// than their baselines, so that values of the original and of the release hardly meet, whatever the reason. Each attacker is
/// given by the status and by [`below_baseline`].
pub fn broken(attackers: impl IntoIterator<Item = (Status, bool)>) -> bool {
    let mut judged =
        attackers.into_iter().filter(|(status, _)| matches!(status, Status::Measured | Status::Weak)).peekable();
    judged.peek().is_some() && judged.all(|(status, below)| status == Status::Weak && below)
}

#[cfg(test)]
mod test {
    use super::super::risk::RiskModel;
    use super::*;

    fn status_of(main: [u64; 2], control: Option<[u64; 2]>, nonmember: Option<[u64; 2]>, baseline: f64) -> Status {
        let tally = |[successes, attempted]: [u64; 2]| Tally::whole(successes, attempted);
        let model = RiskModel::of_targets(tally(main), control.map(tally), nonmember.map(tally));
        let baseline = Baseline { attempted: main[1], successes: baseline * main[1] as f64 };
        let risks = [model.estimate(0.95), model.estimate(0.99)];
        status(Some(&tally(main)), Some(&baseline), risks.each_ref().map(Option::as_ref), 0.95)
    }

    #[test]
    fn a_risk_below_zero_is_a_contradiction() {
        assert_eq!(status_of([100, 1000], Some([300, 1000]), None, 0.05), Status::Contradicted);
        // Below 0 at the single level only: chance among several attackers.
        assert_eq!(status_of([172, 1000], Some([206, 1000]), None, 0.05), Status::Measured);
        assert_eq!(status_of([40, 1000], Some([40, 1000]), None, 0.05), Status::Weak);
        assert_eq!(status_of([40, 1000], Some([10, 1000]), None, 0.05), Status::Measured);
        assert_eq!(status_of([40, 1000], Some([1000, 1000]), None, 0.05), Status::Undetermined);
        assert_eq!(status_of([0, 0], Some([0, 0]), None, 0.0), Status::Infeasible);
    }

    #[test]
    fn without_a_control_both_references_must_be_exceeded() {
        assert_eq!(status_of([500, 1000], None, Some([300, 1000]), 0.2), Status::Measured);
        assert_eq!(status_of([500, 1000], None, Some([490, 1000]), 0.2), Status::Weak);
        assert_eq!(status_of([500, 1000], None, Some([300, 1000]), 0.5), Status::Weak);
        // Everybody else tells more than the release: no contradiction, because what it tells is at most p_main.
        assert_eq!(status_of([300, 1000], None, Some([600, 1000]), 0.2), Status::Weak);
        assert_eq!(status_of([500, 1000], None, None, 0.2), Status::Measured);
    }

    #[test]
    fn attackers_who_all_do_worse_than_ignorance_are_broken() {
        let broken_of = |attackers: &[(Status, bool)]| broken(attackers.iter().copied());
        assert!(broken_of(&[(Status::Weak, true), (Status::Weak, true), (Status::Infeasible, false)]));
        assert!(!broken_of(&[(Status::Weak, true), (Status::Weak, false)]));
        assert!(!broken_of(&[(Status::Weak, true), (Status::Measured, true)]));
        assert!(!broken_of(&[(Status::Infeasible, false)]) && !broken_of(&[]));
        let baseline = Baseline { attempted: 1000, successes: 300.0 };
        assert!(below_baseline(&Tally::whole(100, 1000), &baseline, 0.95));
        assert!(!below_baseline(&Tally::whole(290, 1000), &baseline, 0.95));
    }
}
