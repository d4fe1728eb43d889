//! Whether the attacks would have noticed a leak, and whether they cry out without one.

use super::AttackKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A pass says little about leaks that would be found less often than this.
pub const ENOUGH_POWER: f64 = 0.8;

/// A way in which persons are planted into a release that leaks nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeakName {
    /// Unchanged.
    Verbatim,
    /// Each number moved a little, each tenth category taken from somebody else.
    Noise,
    /// A third of the columns taken from somebody else.
    Changed,
    /// Unchanged, and all of one group.
    Group,
    /// Numbers as bands, each third other cell suppressed.
    Generalized,
}

/// What the attacks notice in worlds made of the tables' own rows, in which it is known who is leaked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Worlds of each kind of leak.
    pub runs: u64,
    /// Persons of a world, of whom some are planted; its release is made of as many others.
    pub persons: u64,
    /// Most persons that a world was asked to have.
    pub persons_asked: u64,
    /// Persons of the control of a world; null without one.
    pub control: Option<u64>,
    /// What each attack that was played on them notices.
    pub attacks: BTreeMap<AttackKind, AttackCalibration>,
}

/// What one attack notices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttackCalibration {
    /// In worlds without a leak.
    pub false_alarms: FoundShare,
    /// In worlds with one, by kind and by share.
    pub power: Vec<LeakPower>,
}

/// How often a leak is noticed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeakPower {
    /// How persons were planted.
    pub leak: LeakName,
    /// Which share of the persons.
    pub share: f64,
    /// How many they are.
    pub planted: u64,
    /// How often the attack found something.
    pub found: FoundShare,
}

/// The share of worlds in which an attack found something: in which the lower end of its headline lay above 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FoundShare {
    /// Worlds in which the attack was played.
    pub worlds: u64,
    /// Those in which it did.
    pub found: u64,
    /// Their share.
    pub rate: f64,
    /// Its interval (Wilson).
    pub interval: [f64; 2],
}

impl Calibration {
    /// How often an attack notices unchanged copies of the largest share of persons that is no larger than a limit; `None` where
    /// no share is, or the attack was not calibrated.
    pub fn power_at(&self, attack: AttackKind, limit: f64) -> Option<&LeakPower> {
        let power = &self.attacks.get(&attack)?.power;
        let within = power.iter().filter(|power| power.leak == LeakName::Verbatim && power.share <= limit);
        within.max_by(|a, b| a.share.total_cmp(&b.share))
    }

    /// The same, where it is too little for a pass to say much about leaks of that size.
    pub fn too_little_at(&self, attack: AttackKind, limit: f64) -> Option<&LeakPower> {
        self.power_at(attack, limit).filter(|power| power.found.rate < ENOUGH_POWER)
    }
}
