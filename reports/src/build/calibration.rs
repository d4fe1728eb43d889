//! From what attacks notice in made worlds to evidence.

use crate::evidence::{AttackCalibration, Calibration, FoundShare, LeakName, LeakPower, round};
use reident_attacks::calibration::{self, Found, Leak, Wanted};

/// Puts a calibration on record.
pub fn calibration(found: &calibration::Calibration, wanted: &Wanted, confidence: f64) -> Calibration {
    let share = |found: Found| {
        let interval = found.interval(confidence);
        let interval = [interval.lo, interval.hi].map(round);
        FoundShare { worlds: found.worlds, found: found.found, rate: round(found.rate()), interval }
    };
    let power = |power: &calibration::Power| LeakPower {
        leak: match power.leak {
            Leak::Verbatim => LeakName::Verbatim,
            Leak::Noise => LeakName::Noise,
            Leak::Changed => LeakName::Changed,
            Leak::Group => LeakName::Group,
            Leak::Generalized => LeakName::Generalized,
        },
        share: power.share,
        planted: power.planted as u64,
        found: share(power.found),
    };
    let attacks = found.attacks.iter().map(|of_attack| {
        let power = of_attack.power.iter().map(power).collect();
        (of_attack.attack, AttackCalibration { false_alarms: share(of_attack.false_alarms), power })
    });
    Calibration {
        runs: found.runs,
        persons: found.persons as u64,
        persons_asked: wanted.persons as u64,
        control: found.control.map(|control| control as u64),
        attacks: attacks.collect(),
    }
}
