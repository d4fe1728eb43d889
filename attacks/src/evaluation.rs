//! Runs a plan of attackers and finds the worst of each attack.

use crate::AttackError;
use crate::inference::{InferenceAttacker, RarityBand};
use crate::linkability::LinkabilityAttacker;
use crate::neighbors::SearchPlan;
use crate::outcome::{Attempt, Attempts, Baseline, Outcomes, Tally};
use crate::singling_out::{Bench, SinglingOutAttacker};
use crate::stats::ConfidenceInterval;
use crate::stats::risk::{Risk, RiskModel};
use crate::table::Tables;
use crate::targets::{Progress, TargetRows, Targets};
use rayon::prelude::*;

/// The three questions of WP216.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttackKind {
    /// Singling out, 分离.
    SinglingOut,
    /// Linkability, 关联.
    Linkability,
    /// Attribute inference, 推断.
    Inference,
}

/// Everything that decides what a run does.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Seed of all random draws.
    pub seed: u64,
    /// How many records are attacked.
    pub targets: Targets,
    /// Attackers who isolate persons.
    pub singling_out: Vec<SinglingOutAttacker>,
    /// Attackers who link two files.
    pub linkability: Vec<LinkabilityAttacker>,
    /// Attackers who infer a secret.
    pub inference: Vec<InferenceAttacker>,
    /// Whether results keep who was hit, for comparisons target by target.
    pub keep_hits: bool,
}

impl Plan {
    /// A plan without attackers that attacks every record.
    pub fn new(seed: u64) -> Plan {
        Plan {
            seed,
            targets: Targets::All,
            singling_out: Vec::new(),
            linkability: Vec::new(),
            inference: Vec::new(),
            keep_hits: false,
        }
    }

    /// Number of attackers.
    pub fn len(&self) -> usize {
        self.singling_out.len() + self.linkability.len() + self.inference.len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Who attacked, with what he knew.
#[derive(Debug, Clone, PartialEq)]
pub enum Attacker {
    /// Somebody who isolates persons.
    SinglingOut(SinglingOutAttacker),
    /// Somebody who links two files.
    Linkability(LinkabilityAttacker),
    /// Somebody who infers a secret.
    Inference(InferenceAttacker),
}

impl Attacker {
    /// Which of the attacks this is.
    pub fn kind(&self) -> AttackKind {
        match self {
            Attacker::SinglingOut(_) => AttackKind::SinglingOut,
            Attacker::Linkability(_) => AttackKind::Linkability,
            Attacker::Inference(_) => AttackKind::Inference,
        }
    }
}

/// What one attacker achieved.
#[derive(Debug, Clone, PartialEq)]
pub struct AttackerResult {
    /// Who.
    pub attacker: Attacker,
    /// Counts on the original; `None` when there was nothing to attempt.
    pub main: Option<Tally>,
    /// Counts on the control.
    pub control: Option<Tally>,
    /// Counts with the original as its own release, each target left out: what everybody else's data tell.
    pub nonmember: Option<Tally>,
    /// What ignoring the release's joint structure achieves.
    pub baseline: Option<Baseline>,
    /// The counts the risk is estimated from.
    pub model: RiskModel,
    /// Inference: counts split by how rare the secret's value is.
    pub by_rarity: Vec<RarityBand>,
    /// Singling out: predicates that exist in what was examined, before the wanted number was drawn.
    pub exist: Option<u64>,
    /// Linkability and inference, when the plan asks to keep it: who was hit.
    pub hits: Option<Hits>,
    /// Linkability and inference: how the nearest records were searched for.
    pub searches: Vec<SearchPlan>,
}

/// Whether each target was hit, in the order of the targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hits {
    /// Targets of the original.
    pub main: Vec<bool>,
    /// Targets of the control.
    pub control: Option<Vec<bool>>,
}

impl Hits {
    fn of(attempts: &Attempts) -> Hits {
        let hits = |attempts: &Vec<Attempt>| attempts.iter().map(|attempt| attempt.is_success()).collect();
        Hits { main: hits(&attempts.main), control: attempts.control.as_ref().map(hits) }
    }
}

impl AttackerResult {
    /// The risk at a confidence level; `None` when infeasible or undetermined.
    pub fn risk(&self, confidence: f64) -> Option<Risk> {
        self.main.and_then(|_| self.model.estimate(confidence))
    }
}

/// All attackers' results, in the order of the plan: singling out, linkability, inference.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// One result per attacker.
    pub attackers: Vec<AttackerResult>,
    /// Records attacked of the original and of the control.
    pub attacked: (usize, Option<usize>),
}

/// The worst attacker of one attack.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Headline {
    /// Which attack.
    pub kind: AttackKind,
    /// The largest risk over the attackers that could be measured, floored at 0; `None` when none could.
    pub risk: Option<f64>,
    /// Simultaneous interval of the largest risk over all attackers tried.
    pub interval: Option<ConfidenceInterval>,
    /// Position of the worst attacker among all results.
    pub attacker: Option<usize>,
    /// How many attackers were tried.
    pub attackers_tried: usize,
    /// How many of them had nothing to attempt.
    pub infeasible: usize,
    /// How many of them have no risk, because every control attack succeeds.
    pub undetermined: usize,
}

/// Runs every attacker of a plan.
///
/// # Errors
/// When an attacker cannot be played on these tables; nothing runs then.
pub fn evaluate(tables: &Tables, plan: &Plan, progress: &dyn Progress) -> Result<Evaluation, AttackError> {
    plan.singling_out.iter().try_for_each(|attacker| attacker.check(tables))?;
    plan.linkability.iter().try_for_each(|attacker| attacker.check(tables))?;
    plan.inference.iter().try_for_each(|attacker| attacker.check(tables))?;

    let targets = TargetRows::draw(tables, plan.targets, plan.seed);
    let mut attackers = Vec::with_capacity(plan.len());
    if !plan.singling_out.is_empty() {
        let bench = Bench::new(tables);
        for (item, attacker) in plan.singling_out.iter().enumerate() {
            let outcome = attacker.attack(&bench, plan.seed, item as u64, progress);
            let feasible = outcome.main.attempted > 0;
            attackers.push(AttackerResult {
                attacker: Attacker::SinglingOut(attacker.clone()),
                main: feasible.then_some(outcome.main),
                control: outcome.control.filter(|_| feasible),
                nonmember: None,
                baseline: outcome.baseline,
                model: outcome.model,
                by_rarity: Vec::new(),
                exist: Some(outcome.exist),
                hits: None,
                searches: Vec::new(),
            });
        }
    }
    for attacker in &plan.linkability {
        let mut attempts = attacker.attack(tables, &targets, progress);
        let outcomes = Outcomes { ambiguous: true, wrong: tables.original.records.is_some() };
        let mut result = result(Attacker::Linkability(attacker.clone()), tables, &targets, &attempts, outcomes);
        result.hits = plan.keep_hits.then(|| Hits::of(&attempts));
        result.searches = std::mem::take(&mut attempts.searches);
        attackers.push(result);
    }
    for attacker in &plan.inference {
        let mut attempts = attacker.attack(tables, &targets, progress);
        let whole = Attacker::Inference(attacker.clone());
        let mut result = result(whole, tables, &targets, &attempts, Outcomes::default());
        result.by_rarity = attacker.by_rarity(tables, &targets, &attempts);
        result.hits = plan.keep_hits.then(|| Hits::of(&attempts));
        result.searches = std::mem::take(&mut attempts.searches);
        attackers.push(result);
    }
    let attacked = (targets.original.len(), targets.control.as_ref().map(Vec::len));
    Ok(Evaluation { attackers, attacked })
}

fn result(
    attacker: Attacker,
    tables: &Tables,
    targets: &TargetRows,
    attempts: &Attempts,
    outcomes: Outcomes,
) -> AttackerResult {
    let main = Tally::of(&attempts.main, outcomes, &tables.original, &targets.original);
    let control = tables
        .control
        .as_ref()
        .and_then(|table| Some(Tally::of(attempts.control.as_ref()?, outcomes, table, targets.control.as_ref()?)));
    let model = match control {
        Some(control) => RiskModel::Residual { main, control },
        None => RiskModel::MainOnly(main),
    };
    let nonmember = attempts.nonmember.as_ref();
    let nonmember = nonmember.map(|attempts| Tally::of(attempts, outcomes, &tables.original, &targets.original));
    let baseline = Some(attempts.baseline);
    AttackerResult {
        attacker,
        main: Some(main),
        control,
        nonmember,
        baseline,
        model,
        by_rarity: Vec::new(),
        exist: None,
        hits: None,
        searches: Vec::new(),
    }
}

/// What the counts of an evaluation say at one confidence level.
#[derive(Debug, Clone, PartialEq)]
pub struct Risks {
    /// Risk of each attacker at the level; `None` when infeasible or undetermined.
    pub each: Vec<Option<Risk>>,
    /// The same, at the level at which all attackers of one attack hold at once.
    pub simultaneous: Vec<Option<Risk>>,
}

impl Evaluation {
    /// All risks that a headline and its attackers show, each computed once: with a control of another size they are the
    /// costly part of a document.
    ///
    /// With K attackers of an attack tried, each one's simultaneous interval is taken at the level 1 − α/K (Bonferroni;
    /// Miller 1981, Simultaneous Statistical Inference, section 1.4).
    pub fn risks(&self, confidence: f64) -> Risks {
        let tried = |kind| self.attackers.iter().filter(|result| result.attacker.kind() == kind).count() as f64;
        let risks = |result: &AttackerResult| -> (Option<Risk>, Option<Risk>) {
            let simultaneous = 1.0 - (1.0 - confidence) / tried(result.attacker.kind());
            let risks = result.main.map(|_| result.model.estimates(&[confidence, simultaneous])).unwrap_or_default();
            (risks.first().copied().flatten(), risks.last().copied().flatten())
        };
        let (each, simultaneous) = self.attackers.par_iter().map(risks).unzip();
        Risks { each, simultaneous }
    }

    /// The worst attacker of one attack; `None` when no attacker of it was played.
    ///
    /// The interval is simultaneous: with probability 1 − α all of the attackers' intervals hold at once, and with them
    /// [max of the lower ends, max of the upper ends] holds the largest risk. An undetermined attacker could be
    /// anything: the upper end is 1 then.
    pub fn headline(&self, kind: AttackKind, risks: &Risks) -> Option<Headline> {
        let of_kind: Vec<(usize, &AttackerResult)> =
            self.attackers.iter().enumerate().filter(|(_, result)| result.attacker.kind() == kind).collect();
        let tried = of_kind.len();
        if tried == 0 {
            return None;
        }
        let mut headline = Headline {
            kind,
            risk: None,
            interval: None,
            attacker: None,
            attackers_tried: tried,
            infeasible: 0,
            undetermined: 0,
        };
        let mut worst = f64::NEG_INFINITY;
        for (at, result) in of_kind {
            match risks.simultaneous[at] {
                None if result.main.is_none() => headline.infeasible += 1,
                None => headline.undetermined += 1,
                Some(risk) => {
                    if risk.signed > worst {
                        worst = risk.signed;
                        headline.risk = Some(risk.value());
                        headline.attacker = Some(at);
                    }
                    let so_far = headline.interval.get_or_insert(risk.interval);
                    so_far.lo = so_far.lo.max(risk.interval.lo);
                    so_far.hi = so_far.hi.max(risk.interval.hi);
                }
            }
        }
        if headline.undetermined > 0 {
            headline.interval = headline.interval.map(|interval| ConfidenceInterval { hi: 1.0, ..interval });
        }
        Some(headline)
    }
}
