//! A pass may be asked to rest on attacks that would have noticed a leak.

mod support;

use reident_attacks::stats::proportion::wilson;
use reident_reports::check::{AttackVerdict, CheckResult, Policy, Reason, Verdict, check, profiles};
use reident_reports::evidence::{
    AttackCalibration, AttackKind, Calibration, Evidence, FoundShare, LeakName, LeakPower,
};
use support::*;

fn policy(min_power: Option<f64>) -> Policy {
    let mut policy = profiles::policy("eu-wp216").unwrap();
    policy.limits.retain(|attack, _| *attack == AttackKind::Linkability);
    policy.limits.get_mut(&AttackKind::Linkability).unwrap().min_power = min_power;
    policy
}

fn found(found: u64, worlds: u64) -> FoundShare {
    let interval = wilson(found as f64, worlds as f64, 0.95);
    FoundShare { worlds, found, rate: found as f64 / worlds as f64, interval: [interval.lo, interval.hi] }
}

/// Evidence of a release without a leak, which passes; a share was found in so many of some worlds.
fn calibrated(share: f64, of_worlds: Option<(u64, u64)>) -> Evidence {
    let mut evidence = evidence(&planted(5, 0, 4000, 0.0, true), &plan(1, LINKABILITY, None));
    evidence.calibration = of_worlds.map(|(of, worlds)| {
        let power = vec![LeakPower { leak: LeakName::Verbatim, share, planted: 8, found: found(of, worlds) }];
        let attacks = [(AttackKind::Linkability, AttackCalibration { false_alarms: found(1, worlds), power })];
        let (persons, control) = (800, Some(800));
        Calibration { runs: worlds, persons, persons_asked: 800, control, attacks: attacks.into() }
    });
    evidence
}

fn of_linkability(checked: &CheckResult) -> (Verdict, Reason) {
    let AttackVerdict { verdict, reason, .. } = checked.attacks[0];
    (verdict.unwrap(), reason)
}

fn notes(checked: &CheckResult) -> Vec<&str> {
    checked.attacks[0].notes.iter().map(|note| note.code.as_str()).collect()
}

#[test]
fn a_pass_of_little_power_says_so_and_a_policy_can_refuse_it() {
    let seldom = calibrated(0.05, Some((15, 20)));
    let said = check(&seldom, &policy(None));
    assert_eq!(of_linkability(&said), (Verdict::Pass, Reason::BelowLimit));
    assert!(notes(&said).contains(&"too_little_power"), "{said:#?}");
    let refused = check(&seldom, &policy(Some(0.8)));
    assert_eq!(of_linkability(&refused), (Verdict::Inconclusive, Reason::TooLittlePower));
    assert_eq!(refused.verdict, Verdict::Inconclusive);
    assert!(notes(&refused).contains(&"too_little_power"), "{refused:#?}");
    assert_eq!(refused.attacks[0].doubts[0].reason, Reason::TooLittlePower);
    assert!(refused.attacks[0].message.contains("policy asks"), "{}", refused.attacks[0].message);
}

#[test]
fn what_few_worlds_show_is_not_enough_however_often_it_was_found() {
    // 0.8 is the lower end of 20 of 20, and of no fewer.
    for (of_worlds, reason) in [((20, 20), Reason::BelowLimit), ((19, 20), Reason::TooLittlePower)] {
        let checked = check(&calibrated(0.05, Some(of_worlds)), &policy(Some(0.8)));
        assert_eq!(checked.attacks[0].reason, reason, "{of_worlds:?}");
    }
    // Whatever the file says of the interval, the counts decide.
    let mut evidence = calibrated(0.05, Some((4, 5)));
    let of_attack = evidence.calibration.as_mut().unwrap().attacks.get_mut(&AttackKind::Linkability).unwrap();
    of_attack.power[0].found.interval = [0.8, 0.9];
    assert_eq!(check(&evidence, &policy(Some(0.7))).attacks[0].reason, Reason::TooLittlePower);
}

#[test]
fn without_a_calibration_of_the_size_of_the_limit_there_is_no_pass() {
    // Larger leaks than the limit say nothing of those of its size.
    for evidence in [calibrated(0.05, None), calibrated(0.5, Some((20, 20)))] {
        let checked = check(&evidence, &policy(Some(0.8)));
        assert_eq!(of_linkability(&checked), (Verdict::Inconclusive, Reason::PowerUnknown));
    }
}

#[test]
fn a_failure_stands_whatever_the_power_is() {
    let leaking = evidence(&planted(5, 0, 4000, 0.5, true), &plan(1, LINKABILITY, None));
    let checked = check(&leaking, &policy(Some(0.8)));
    assert_eq!(of_linkability(&checked), (Verdict::Fail, Reason::AboveLimit));
}

#[test]
fn an_override_of_the_power_is_told_and_a_lower_one_loosens() {
    let mut policy = policy(Some(0.8));
    policy.override_with("limits.linkability.min_power=0.5").unwrap();
    assert_eq!(policy.limits[&AttackKind::Linkability].min_power, Some(0.5));
    assert!(policy.overrides[0].loosens());
    policy.override_with("limits.linkability.min_power=0.9").unwrap();
    assert!(!policy.overrides[1].loosens());
    // A limit that is overridden keeps it.
    policy.override_with("limits.linkability.max_risk=0.2").unwrap();
    assert_eq!(policy.limits[&AttackKind::Linkability].min_power, Some(0.9));
    assert!(policy.override_with("limits.linkability.min_power=2").is_err());
    assert!(policy.override_with("limits.inference.min_power=0.5").is_err());
}
