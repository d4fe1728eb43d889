//! Would these attacks have noticed a leak, and do they cry out where there is none?
//!
//! # The worlds
//! A world has persons of the original, drawn without replacement; a release that stands in for the one under test: as many other
//! persons of the original, none of whom is among the first, so that it leaks nobody by construction; and, where there is a control, as many persons
//! of it. Into the release a share of the persons is planted in one of several ways ([`Leak`]), each in the place of somebody else.
//!
//! # What counts
//! The attackers of a plan are played on each world, without a leak and with one. An attack *finds* something when the lower end of
//! its headline lies above 0: an end that holds for all its attackers at once. The share of planted worlds in which it does is its
//! power; the share of worlds without a leak, its rate of false alarms. Both come with Wilson's interval. Worlds are independent,
//! leaks of the same kind and of growing shares are planted into the same ones.
//!
//! # What it does not say
//! The stand-in has cells as they stand in the original: a release that is generalized or perturbed throughout hides more. The worlds
//! are as large as asked for, and a larger table notices a smaller share. Record linkage is not played: it
//! needs to be known whose each record is.

mod leak;
mod world;

pub use leak::Leak;

use crate::AttackError;
use crate::evaluation::{AttackKind, Attacker, Plan, evaluate};
use crate::progress::{Progress, cancellable, go_on};
use crate::stats::ConfidenceInterval;
use crate::stats::proportion::wilson;
use crate::subgroups;
use crate::table::Tables;
use rayon::prelude::*;
use world::World;

#[cfg(test)]
mod test;

/// Shares of the persons that are planted.
pub const SHARES: [f64; 4] = [0.005, 0.01, 0.02, 0.05];
/// Worlds of each kind of leak.
pub const RUNS: u64 = 20;
/// Most persons of a world.
pub const PERSONS: usize = 800;
/// Fewest persons of the original with whom a world can be made: half of them are under test.
pub const FEWEST: usize = 40;

/// How attacks are calibrated.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Worlds of each kind of leak.
    pub runs: u64,
    /// Most persons of a world.
    pub persons: usize,
    /// Shares of the persons that are planted, ascending.
    pub shares: Vec<f64>,
}

impl Default for Wanted {
    fn default() -> Wanted {
        Wanted { runs: RUNS, persons: PERSONS, shares: SHARES.to_vec() }
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Worlds of each kind of leak.
    pub runs: u64,
    /// Persons of a world, of whom some are planted.
    pub persons: usize,
    /// Persons of its control.
    pub control: Option<usize>,
    /// Each attack that was played.
    pub attacks: Vec<OfAttack>,
}

/// What one attack notices.
#[derive(Debug, Clone, PartialEq)]
pub struct OfAttack {
    /// Which attack it is.
    pub attack: AttackKind,
    /// In worlds without a leak.
    pub false_alarms: Found,
    /// In worlds with one.
    pub power: Vec<Power>,
}

/// How often a leak is noticed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Power {
    /// What was planted.
    pub leak: Leak,
    /// Of which share of the persons.
    pub share: f64,
    /// How many they are.
    pub planted: usize,
    /// How often it was found.
    pub found: Found,
}

/// In how many of some worlds something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Worlds in which the attack was played.
    pub worlds: u64,
    /// Those in which it was.
    pub found: u64,
}

impl Found {
    /// The share of worlds.
    pub fn rate(self) -> f64 {
        self.found as f64 / self.worlds.max(1) as f64
    }

    /// Its interval (Wilson).
    pub fn interval(self, confidence: f64) -> ConfidenceInterval {
        wilson(self.found as f64, self.worlds as f64, confidence)
    }
}

/// Plays the attackers of a plan on worlds with leaks and without; `None` where the tables are too small for worlds, or nobody of the plan
/// can be played.
///
/// # Errors
/// When an attacker does not fit the tables, or the run was cancelled.
pub fn calibrate(
    tables: &Tables,
    plan: &Plan,
    confidence: f64,
    wanted: &Wanted,
    progress: &dyn Progress,
) -> Result<Option<Calibration>, AttackError> {
    let attackers: Vec<Attacker> = plan.attackers.iter().filter(|attacker| is_played(attacker)).cloned().collect();
    if attackers.is_empty() || tables.original.persons() < FEWEST || wanted.runs == 0 {
        return Ok(None);
    }
    let plan = Plan { attackers, subgroups: subgroups::Wanted::default(), keep_hits: false, seeds: 1, ..plan.clone() };
    let kinds: Vec<AttackKind> = AttackKind::ALL
        .iter()
        .copied()
        .filter(|kind| plan.attackers.iter().any(|attacker| attacker.kind() == *kind))
        .collect();
    let persons = world::persons(tables, wanted.persons);
    let worlds: Vec<(u64, Leak)> = (0..wanted.runs).flat_map(|run| Leak::ALL.map(|leak| (run, leak))).collect();
    progress.begin("calibration", (worlds.len() * (1 + wanted.shares.len())) as u64);
    let silent = Silent(progress);
    let found = |tables: &Tables, seed: u64| -> Result<Vec<bool>, AttackError> {
        go_on(progress);
        let results = evaluate(tables, &Plan { seed, ..plan.clone() }, &silent)?;
        let risks = results.risks(confidence);
        let is_found = |kind: &AttackKind| {
            let headline = results.headline(*kind, &risks);
            headline.and_then(|headline| headline.interval).is_some_and(|interval| interval.lo > 0.0)
        };
        progress.advance(1);
        Ok(kinds.iter().map(is_found).collect())
    };
    let play = |(run, leak): &(u64, Leak)| -> Result<Vec<Vec<bool>>, AttackError> {
        let number = run * Leak::ALL.len() as u64 + *leak as u64;
        let world = World::draw(tables, persons, plan.seed, number);
        let seed = plan.seed.wrapping_add(number);
        let mut all = vec![found(&world.tables(tables, None)?, seed)?];
        for share in &wanted.shares {
            let planted = planted(persons, *share);
            all.push(found(&world.tables(tables, Some((*leak, planted)))?, seed)?);
        }
        Ok(all)
    };
    let played: Vec<Vec<Vec<bool>>> = cancellable(|| worlds.par_iter().map(play).collect::<Result<_, AttackError>>())??;
    let count = |attack: usize, share: usize, of: &dyn Fn(&Leak) -> bool| {
        let of_leak = worlds.iter().zip(&played).filter(|((_, leak), _)| of(leak));
        let (mut worlds, mut found) = (0, 0);
        for (_, played) in of_leak {
            worlds += 1;
            found += u64::from(played[share][attack]);
        }
        Found { worlds, found }
    };
    let of_attack = |(at, attack): (usize, &AttackKind)| OfAttack {
        attack: *attack,
        false_alarms: count(at, 0, &|_| true),
        power: Leak::ALL
            .iter()
            .flat_map(|leak| wanted.shares.iter().enumerate().map(move |share| (leak, share)))
            .map(|(leak, (of, share))| Power {
                leak: *leak,
                share: *share,
                planted: planted(persons, *share),
                found: count(at, of + 1, &|other| other == leak),
            })
            .collect(),
    };
    let control = tables.control.as_ref().map(|control| world::of_control(control, persons));
    let attacks = kinds.iter().enumerate().map(of_attack).collect();
    Ok(Some(Calibration { runs: wanted.runs, persons, control, attacks }))
}

/// Whether worlds can tell of an attacker: of who names records they cannot.
fn is_played(attacker: &Attacker) -> bool {
    attacker.kind() != AttackKind::RecordLinkage
}

/// How many persons a share is: at least one.
fn planted(persons: usize, share: f64) -> usize {
    ((persons as f64 * share).round() as usize).clamp(1, persons)
}

/// Tells nothing but whether to stop.
struct Silent<'p>(&'p dyn Progress);

impl Progress for Silent<'_> {
    fn begin(&self, _step: &str, _units: u64) {}

    fn advance(&self, _units: u64) {}

    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}
