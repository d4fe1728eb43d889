//! Which attacker is the worst, and between which ends the largest risk lies (METHOD sections 6 and 6a).
//!
//! # Two directions, two levels
//! A failure says "some attacker's risk is at least t". With K attackers tried, the lower ends are taken at the level
//! 1 − α/K (Bonferroni; Miller 1981, Simultaneous Statistical Inference, section 1.4): with probability 1 − α none of them
//! lies above its risk, so the largest of them does not lie above the largest risk. A pass says "every attacker's risk is
//! below t", and each attacker must show it separately at the level α: no correction is needed, and the upper end is the
//! largest of the single upper ends (intersection-union test; Berger 1982, Technometrics 24:295).
//!
//! # The worst
//! The one with the largest simultaneous lower end, then with the largest estimate. The largest estimate alone would be the
//! noisiest attacker's.
//!
//! # Who stands apart
//! An attacker whose counts are too few for a share decides no headline ([`Apart`]), but is shown, in persons. Such an attacker
//! cannot be overlooked either: what is shown beyond doubt, the simultaneous lower end, lifts the headline's upper end.

use super::ConfidenceInterval;
use super::risk::Risk;
use super::tally::Tally;

/// Fewest targets of an attacker who enters the headline.
pub const FEWEST_ATTEMPTS: u64 = 20;
/// Fewest predicates of one.
pub const FEWEST_PREDICATES: u64 = 100;
/// Fewest failing attacks among those that the main attack is compared with: fewer persons are otherwise safe than a share
/// could be taken of.
pub const FEWEST_SAFE: f64 = 30.0;
/// When more than this share of persons is hit without the release, next to nobody is left whom it could expose.
const NEARLY_ALL: f64 = 0.95;

/// Why an attacker stands apart from the headline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    /// Fewer than [`FEWEST_ATTEMPTS`] targets.
    FewAttempts,
    /// Fewer than [`FEWEST_PREDICATES`] predicates.
    FewPredicates,
    /// Fewer than [`FEWEST_SAFE`] attacks on the control (without one: of the nonmember reference) fail.
    FewSafe,
}

/// Whether an attacker enters the headline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The attacker does.
    Counts,
    /// The attacker is shown, and does not.
    Apart(Apart),
    /// The attacker had nothing to attempt.
    Infeasible,
    /// The attacker's risk is no number, and could be anything.
    Undetermined,
}

impl Standing {
    /// From an attacker's counts: `reference` is what the main attack is compared with, `predicates` whether the attacker singles out.
    ///
    /// An attacker without a risk, because every attack of the reference succeeds, stands apart only where that is shown of
    /// nearly all persons; a handful of them says nothing.
    pub fn of(
        main: Option<&Tally>,
        reference: Option<&Tally>,
        predicates: bool,
        has_risk: bool,
        confidence: f64,
    ) -> Standing {
        let Some(main) = main.filter(|main| main.attempted > 0) else { return Standing::Infeasible };
        if predicates && main.attempted < FEWEST_PREDICATES {
            return Standing::Apart(Apart::FewPredicates);
        }
        if main.attempted < FEWEST_ATTEMPTS {
            return Standing::Apart(Apart::FewAttempts);
        }
        let few = reference.filter(|tally| tally.failures() < FEWEST_SAFE);
        if few.is_some_and(|tally| has_risk || tally.interval(confidence).lo > NEARLY_ALL) {
            return Standing::Apart(Apart::FewSafe);
        }
        if has_risk { Standing::Counts } else { Standing::Undetermined }
    }
}

/// One attacker, as far as it matters for the headline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contender {
    /// Whether the attacker enters it.
    pub standing: Standing,
    /// The attacker's estimate; `None` without a risk, and then both intervals are, too.
    pub signed: Option<f64>,
    /// The attacker's interval at the single level.
    pub single: Option<ConfidenceInterval>,
    /// The attacker's interval at the level at which all attackers hold at once.
    pub simultaneous: Option<ConfidenceInterval>,
}

impl Contender {
    /// From a risk at the single and at the simultaneous level.
    pub fn new(standing: Standing, single: Option<&Risk>, simultaneous: Option<&Risk>) -> Contender {
        Contender {
            standing,
            signed: single.map(|risk| risk.signed),
            single: single.map(|risk| risk.interval),
            simultaneous: simultaneous.map(|risk| risk.interval),
        }
    }
}

/// Position of the worst of several attackers, and the interval of the largest risk; `None` when none of them counts.
pub fn worst(contenders: &[Contender]) -> Option<(usize, ConfidenceInterval)> {
    let mut found: Option<(usize, f64, f64)> = None;
    let (mut lo, mut hi) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    for (at, contender) in contenders.iter().enumerate() {
        let all = (contender.signed, contender.single, contender.simultaneous);
        match (contender.standing, all) {
            (Standing::Counts, (Some(signed), Some(single), Some(simultaneous))) => {
                if found.is_none_or(|(_, least, risk)| (simultaneous.lo, signed) > (least, risk)) {
                    found = Some((at, simultaneous.lo, signed));
                }
                lo = lo.max(simultaneous.lo);
                hi = hi.max(single.hi);
            }
            (Standing::Undetermined, _) => hi = hi.max(1.0),
            (Standing::Apart(_), (_, _, Some(simultaneous))) => hi = hi.max(simultaneous.lo),
            _ => {}
        }
    }
    found.map(|(at, ..)| (at, ConfidenceInterval { lo, hi }))
}

#[cfg(test)]
mod test {
    use super::*;

    fn contender(standing: Standing, signed: f64, single: [f64; 2], simultaneous: [f64; 2]) -> Contender {
        let interval = |[lo, hi]: [f64; 2]| Some(ConfidenceInterval { lo, hi });
        Contender { standing, signed: Some(signed), single: interval(single), simultaneous: interval(simultaneous) }
    }

    #[test]
    fn the_worst_is_surest_and_the_ends_have_their_own_levels() {
        let noisy = contender(Standing::Counts, 0.3, [-0.1, 0.6], [-0.2, 0.7]);
        let sure = contender(Standing::Counts, 0.1, [0.07, 0.13], [0.06, 0.14]);
        let (at, interval) = worst(&[noisy, sure]).unwrap();
        assert_eq!((at, interval.lo, interval.hi), (1, 0.06, 0.6));
    }

    #[test]
    fn who_stands_apart_decides_nothing_and_is_not_overlooked() {
        let low = contender(Standing::Counts, 0.01, [0.0, 0.02], [-0.01, 0.03]);
        let apart = |lo: f64| contender(Standing::Apart(Apart::FewPredicates), 1.0, [lo, 1.0], [lo - 0.1, 1.0]);
        // Two predicates that hit two persons say little …
        let (at, interval) = worst(&[apart(0.05), low]).unwrap();
        assert_eq!((at, interval.hi), (1, 0.02));
        // … fifty of fifty say much.
        assert!((worst(&[apart(0.9), low]).unwrap().1.hi - 0.8).abs() < 1e-12);
        // Without anybody else there is no headline, and an unknown one opens it.
        assert_eq!(worst(&[apart(0.9)]), None);
        let unknown = Contender { standing: Standing::Undetermined, signed: None, single: None, simultaneous: None };
        assert_eq!(worst(&[low, unknown]).unwrap().1.hi, 1.0);
        assert_eq!(worst(&[unknown]), None);
    }

    #[test]
    fn standings_follow_from_counts() {
        let of = |main: [u64; 2], control: [u64; 2], predicates, has_risk| {
            let tally = |[successes, attempted]: [u64; 2]| Tally::whole(successes, attempted);
            Standing::of(Some(&tally(main)), Some(&tally(control)), predicates, has_risk, 0.95)
        };
        assert_eq!(of([2, 2], [0, 2], true, true), Standing::Apart(Apart::FewPredicates));
        assert_eq!(of([2, 19], [0, 300], false, true), Standing::Apart(Apart::FewAttempts));
        assert_eq!(of([998, 1000], [995, 1000], false, true), Standing::Apart(Apart::FewSafe));
        assert_eq!(of([10, 1000], [10, 1000], false, true), Standing::Counts);
        // Everybody is told without the release: shown of a thousand persons, not of forty.
        assert_eq!(of([1000, 1000], [1000, 1000], false, false), Standing::Apart(Apart::FewSafe));
        assert_eq!(of([1000, 1000], [40, 40], false, false), Standing::Undetermined);
        assert_eq!(Standing::of(None, None, true, false, 0.95), Standing::Infeasible);
    }
}
