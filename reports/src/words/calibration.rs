//! What the attacks would have noticed, in words.

use crate::evidence::{AttackKind, Calibration, FoundShare, LeakName, LeakPower};
use crate::message::Messages;
use crate::percent::{interval, percent, round_percent};

/// The share that sentences speak of, where it was planted.
const SPOKEN_OF: f64 = 0.01;

/// How often something was found, with its interval.
pub fn found(texts: &Messages, found: &FoundShare) -> String {
    texts.fill("calibration.found", &[("rate", &percent(found.rate)), ("interval", &interval(found.interval))])
}

/// That a pass says little about leaks of the size of the limit.
pub fn too_little(texts: &Messages, power: &LeakPower) -> String {
    let (share, found) = (round_percent(power.share), found(texts, &power.found));
    texts.fill("calibration.too_little", &[("share", &share), ("found", &found)])
}

/// A sentence about each attack: how often unchanged copies of a share of the persons are found, and how often there is an alarm
/// without a leak.
pub fn said(texts: &Messages, calibration: &Calibration) -> Vec<String> {
    let of_attack = |kind: &AttackKind| {
        let of_attack = calibration.attacks.get(kind)?;
        let verbatim = of_attack.power.iter().filter(|power| power.leak == LeakName::Verbatim);
        let near = |power: &&LeakPower| (power.share - SPOKEN_OF).abs();
        let spoken_of = verbatim.min_by(|a, b| near(a).total_cmp(&near(b)))?;
        let (found, alarms) = (found(texts, &spoken_of.found), found(texts, &of_attack.false_alarms));
        let (attack, share) = (texts.of_attack("term.{attack}.name", *kind), round_percent(spoken_of.share));
        let values = [("attack", attack), ("share", &share), ("found", &found), ("alarms", &alarms)];
        Some(texts.fill("calibration.said", &values))
    };
    AttackKind::ALL.iter().filter_map(of_attack).collect()
}
