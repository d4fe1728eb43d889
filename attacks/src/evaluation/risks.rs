//! The risks of an evaluation, and the worst attacker of each attack.

use super::{AttackKind, AttackerResult, Evaluation};
use crate::attack::Attempted;
use crate::stats::ConfidenceInterval;
use crate::stats::headline::{self, Contender, Standing};
use crate::stats::risk::Risk;
use crate::stats::status::{self, Status};
use rayon::prelude::*;

/// The worst attacker of one attack.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Headline {
    /// Which attack.
    pub kind: AttackKind,
    /// The worst attacker's risk, floored at 0; `None` when no attacker counts.
    pub risk: Option<f64>,
    /// Interval of the largest risk: the lower end holds for all attackers tried at once, the upper end is the largest of
    /// their single ones (see [`headline`]).
    pub interval: Option<ConfidenceInterval>,
    /// Position of the worst attacker among all results.
    pub attacker: Option<usize>,
    /// How many attackers were tried.
    pub attackers_tried: usize,
    /// How many of them had nothing to attempt.
    pub infeasible: usize,
    /// How many of them have no risk as a number and could be anything.
    pub undetermined: usize,
    /// How many of them stand apart, because their counts are too few for a share.
    pub apart: usize,
    /// How many of them contradict themselves: their risk lies below 0.
    pub contradicted: usize,
    /// Whether all attackers who could be measured do significantly worse than their baselines.
    pub broken: bool,
}

/// What the counts of an evaluation say at one confidence level.
#[derive(Debug, Clone, PartialEq)]
pub struct Risks {
    /// Risk of each attacker at the level; `None` when infeasible or undetermined.
    pub each: Vec<Option<Risk>>,
    /// The same, at the level at which all attackers of one attack hold at once.
    pub simultaneous: Vec<Option<Risk>>,
    /// What each attacker's figure is worth.
    pub status: Vec<Status>,
    /// Whether each attacker enters the headline of the attack.
    pub standing: Vec<Standing>,
    /// The level.
    pub confidence: f64,
}

impl AttackerResult {
    fn standing(&self, has_risk: bool, confidence: f64) -> Standing {
        let predicates = self.attacker.kind().attempted() == Attempted::Predicates;
        Standing::of(self.counts.main.as_ref(), self.counts.reference(), predicates, has_risk, confidence)
    }
}

impl Evaluation {
    /// All risks that a headline and its attackers show, each computed once: with a control of another size they are the
    /// costly part of a document.
    ///
    /// With K attackers of an attack tried, each one's simultaneous interval is taken at the level 1 − α/K (Bonferroni).
    pub fn risks(&self, confidence: f64) -> Risks {
        let tried = |kind| self.attackers.iter().filter(|result| result.attacker.kind() == kind).count() as f64;
        let risks = |result: &AttackerResult| -> (Option<Risk>, Option<Risk>) {
            let simultaneous = 1.0 - (1.0 - confidence) / tried(result.attacker.kind());
            let risks = result.risks(&[confidence, simultaneous]);
            (risks[0], risks[1])
        };
        let (each, simultaneous): (Vec<Option<Risk>>, Vec<Option<Risk>>) = self.attackers.par_iter().map(risks).unzip();
        let levels = each.iter().zip(&simultaneous);
        let status = self.attackers.iter().zip(levels.clone()).map(|(result, (single, simultaneous))| {
            let risks = [single.as_ref(), simultaneous.as_ref()];
            status::status(result.counts.main.as_ref(), result.counts.baseline.as_ref(), risks, confidence)
        });
        let standing = self.attackers.iter().zip(levels).map(|(result, (single, simultaneous))| {
            result.standing(single.is_some() && simultaneous.is_some(), confidence)
        });
        let (status, standing) = (status.collect(), standing.collect());
        Risks { each, simultaneous, status, standing, confidence }
    }

    /// The level at which the intervals of all parts of the persons hold at once, over all attackers of an attack: 1 − α/(K·G) with K
    /// attackers and G parts.
    pub fn level_of_subgroups(&self, kind: AttackKind, confidence: f64) -> f64 {
        let of_kind = self.attackers.iter().filter(|result| result.attacker.kind() == kind);
        let parts: usize = of_kind.map(|result| result.subgroups.len()).sum();
        1.0 - (1.0 - confidence) / parts.max(1) as f64
    }

    /// The worst attacker of one attack, by the rules of [`headline`]; `None` when no attacker of it was played.
    pub fn headline(&self, kind: AttackKind, risks: &Risks) -> Option<Headline> {
        let of_kind: Vec<usize> =
            (0..self.attackers.len()).filter(|at| self.attackers[*at].attacker.kind() == kind).collect();
        let contenders: Vec<Contender> = of_kind
            .iter()
            .map(|at| Contender::new(risks.standing[*at], risks.each[*at].as_ref(), risks.simultaneous[*at].as_ref()))
            .collect();
        let standing = |wanted: fn(Standing) -> bool| of_kind.iter().filter(|at| wanted(risks.standing[**at])).count();
        let below = |at: usize| {
            let counts = &self.attackers[at].counts;
            counts
                .main
                .as_ref()
                .zip(counts.baseline.as_ref())
                .is_some_and(|(main, baseline)| status::below_baseline(main, baseline, risks.confidence))
        };
        let worst = headline::worst(&contenders).map(|(at, interval)| (of_kind[at], interval));
        (!of_kind.is_empty()).then(|| Headline {
            kind,
            risk: worst.and_then(|(at, _)| risks.each[at].map(|risk| risk.value())),
            interval: worst.map(|(_, interval)| interval),
            attacker: worst.map(|(at, _)| at),
            attackers_tried: of_kind.len(),
            infeasible: standing(|standing| standing == Standing::Infeasible),
            undetermined: standing(|standing| standing == Standing::Undetermined),
            apart: standing(|standing| matches!(standing, Standing::Apart(_))),
            contradicted: of_kind.iter().filter(|at| risks.status[**at] == Status::Contradicted).count(),
            broken: status::broken(of_kind.iter().map(|at| (risks.status[*at], below(*at)))),
        })
    }
}
