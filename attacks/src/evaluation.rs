//! Runs a plan of attackers.

use crate::AttackError;
use crate::attack::Scene;
use crate::parts::Parts;
use crate::progress::{Progress, cancellable};
use crate::subgroups::{self, Subgroups};
use crate::table::Tables;
use crate::targets::{TargetRows, Targets};
use std::cell::LazyCell;

mod attacks;
mod risks;
#[cfg(test)]
mod test_additivity;

pub use attacks::{AttackKind, Attacker, AttackerResult, Detail};
pub use risks::{Headline, Risks};

/// Everything that decides what a run does.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Seed of all random draws.
    pub seed: u64,
    /// How many times each attacker who draws what to try is played, each time with draws of its own; at least 1.
    pub seeds: u64,
    /// How many records are attacked.
    pub targets: Targets,
    /// Who attacks. Attackers of one attack are played in their order, the attacks in the order of [`AttackKind::ALL`].
    pub attackers: Vec<Attacker>,
    /// The parts of the persons that are looked at apart, besides everybody.
    pub subgroups: subgroups::Wanted,
    /// Whether results keep who was hit, for comparisons target by target.
    pub keep_hits: bool,
}

impl Plan {
    /// A plan without attackers that attacks every record.
    pub fn new(seed: u64) -> Plan {
        Plan {
            seed,
            seeds: 1,
            targets: Targets::All,
            attackers: Vec::new(),
            subgroups: subgroups::Wanted::default(),
            keep_hits: false,
        }
    }

    /// Adds an attacker.
    pub fn push(&mut self, attacker: impl Into<Attacker>) {
        self.attackers.push(attacker.into());
    }
}

/// All attackers' results, by attack and, within one, in the order of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// One result per attacker.
    pub attackers: Vec<AttackerResult>,
    /// Records attacked of the original and of the control.
    pub attacked: (usize, Option<usize>),
}

/// Runs every attacker of a plan.
///
/// # Errors
/// When an attacker cannot be played on these tables, where nothing runs, or the run was cancelled.
pub fn evaluate(tables: &Tables, plan: &Plan, progress: &dyn Progress) -> Result<Evaluation, AttackError> {
    evaluate_parts(tables, plan, &Parts::whole(), progress)
}

/// The same, attacking the persons of each part by themselves and merging what came of the parts ([`crate::parts`]): it differs in how the
/// answers were searched for, and in nothing else.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_parts(
    tables: &Tables,
    plan: &Plan,
    parts: &Parts,
    progress: &dyn Progress,
) -> Result<Evaluation, AttackError> {
    plan.attackers.iter().try_for_each(|attacker| attacker.check(tables))?;
    plan.subgroups.check(tables)?;
    cancellable(|| play(tables, plan, parts, progress))
}

fn play(tables: &Tables, plan: &Plan, parts: &Parts, progress: &dyn Progress) -> Evaluation {
    let targets = TargetRows::draw(tables, plan.targets, plan.seed);
    let subgroups = LazyCell::new(|| Subgroups::of(tables, &plan.subgroups, progress));
    let scene = Scene {
        tables,
        targets: &targets,
        parts,
        seed: plan.seed,
        seeds: plan.seeds.max(1),
        subgroups: &subgroups,
        keep_hits: plan.keep_hits,
        progress,
    };
    let attackers = AttackKind::ALL.iter().flat_map(|kind| kind.play(&plan.attackers, &scene)).collect();
    let attacked = (targets.original.len(), targets.control.as_ref().map(Vec::len));
    Evaluation { attackers, attacked }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn codes_are_of_one_attack_each_and_are_read_back() {
        for kind in AttackKind::ALL {
            assert_eq!(AttackKind::from_code(kind.code()), Some(*kind));
            assert_eq!(AttackKind::from_argument(kind.argument()), Some(*kind));
            assert_eq!(kind.argument(), kind.code().replace('_', "-"));
        }
        assert_eq!(AttackKind::from_code("singling-out"), None);
    }
}
