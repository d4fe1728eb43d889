//! Runs a plan of attackers.

use crate::AttackError;
use crate::inference::{Balanced, InferenceAttacker, RarityBand, Scoring};
use crate::linkability::LinkabilityAttacker;
use crate::matcher::Search;
use crate::outcome::{Attempt, Attempts, Baseline, Outcomes, Tally};
use crate::progress::{Progress, cancellable};
use crate::singling_out::{Bench, SinglingOutAttacker};
use crate::stats::risk::{Risk, RiskModel};
use crate::table::Tables;
use crate::targets::{TargetRows, Targets};

mod risks;

pub use risks::{Headline, Risks};

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
    /// How many times each attacker who draws what he tries is played, each time with draws of its own; at least 1.
    pub seeds: u64,
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
            seeds: 1,
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
    /// Inference: the hit rate balanced over the secret's values.
    pub balanced: Option<Balanced>,
    /// Inference: whom the secret was scored on, and how.
    pub scoring: Option<Scoring>,
    /// Singling out: predicates that exist in what was examined, before the wanted number was drawn.
    pub exist: Option<u64>,
    /// Singling out: distinct persons of the original whom a predicate isolates.
    pub persons: Option<u64>,
    /// Linkability and inference, when the plan asks to keep it: who was hit.
    pub hits: Option<Hits>,
    /// Linkability and inference: how the answers were searched for.
    pub searches: Vec<Search>,
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
    /// Of an attacker who has nothing to attempt.
    fn infeasible(attacker: Attacker) -> AttackerResult {
        AttackerResult {
            attacker,
            main: None,
            control: None,
            nonmember: None,
            baseline: None,
            model: RiskModel::MainOnly(Tally::whole(0, 0)),
            by_rarity: Vec::new(),
            balanced: None,
            scoring: None,
            exist: None,
            persons: None,
            hits: None,
            searches: Vec::new(),
        }
    }

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

/// Runs every attacker of a plan.
///
/// # Errors
/// When an attacker cannot be played on these tables, where nothing runs, or the run was cancelled.
pub fn evaluate(tables: &Tables, plan: &Plan, progress: &dyn Progress) -> Result<Evaluation, AttackError> {
    plan.singling_out.iter().try_for_each(|attacker| attacker.check(tables))?;
    plan.linkability.iter().try_for_each(|attacker| attacker.check(tables))?;
    plan.inference.iter().try_for_each(|attacker| attacker.check(tables))?;
    cancellable(|| play(tables, plan, progress))
}

fn play(tables: &Tables, plan: &Plan, progress: &dyn Progress) -> Evaluation {
    let targets = TargetRows::draw(tables, plan.targets, plan.seed);
    let mut attackers = Vec::with_capacity(plan.len());
    if !plan.singling_out.is_empty() {
        let bench = Bench::new(tables);
        let again =
            |round: u64| plan.singling_out.iter().enumerate().map(move |(item, attacker)| (round, item, attacker));
        let mut used_up = vec![false; plan.singling_out.len()];
        for (round, item, attacker) in (0..plan.seeds.max(1)).flat_map(again) {
            // Who tried all that exist would try the same again.
            if used_up[item] {
                continue;
            }
            let outcome = attacker.attack(&bench, plan.seed, round * ROUND + item as u64, progress);
            used_up[item] = outcome.exist <= outcome.main.attempted;
            let feasible = outcome.main.attempted > 0;
            attackers.push(AttackerResult {
                main: feasible.then_some(outcome.main),
                control: outcome.control.filter(|_| feasible),
                baseline: outcome.baseline,
                model: outcome.model,
                exist: Some(outcome.exist),
                persons: feasible.then_some(outcome.persons),
                ..AttackerResult::infeasible(Attacker::SinglingOut(attacker.clone()))
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
        attackers.push(inference(attacker, tables, &targets, plan.keep_hits, progress));
    }
    let attacked = (targets.original.len(), targets.control.as_ref().map(Vec::len));
    Evaluation { attackers, attacked }
}

/// Attackers of one round of draws have numbers below this.
const ROUND: u64 = 1 << 32;

/// Plays one attacker on those of the targets that he is scored on.
fn inference(
    attacker: &InferenceAttacker,
    tables: &Tables,
    targets: &TargetRows,
    keep_hits: bool,
    progress: &dyn Progress,
) -> AttackerResult {
    let (scoring, targets) = Scoring::of(attacker, tables, targets);
    let whole = Attacker::Inference(attacker.clone());
    if !scoring.feasible() {
        let scoring = Some(scoring);
        return AttackerResult { scoring, ..AttackerResult::infeasible(whole) };
    }
    let played = InferenceAttacker { correctness: scoring.correctness, ..attacker.clone() };
    let mut attempts = played.attack(tables, &targets, progress);
    if attempts.main.is_empty() {
        let scoring = Some(scoring);
        return AttackerResult { scoring, ..AttackerResult::infeasible(whole) };
    }
    let mut result = result(whole, tables, &targets, &attempts, Outcomes::default());
    if let Some(others) = scoring.others {
        let of = |tally: Option<Tally>, rows: usize| tally.map(|tally| Tally { population: rows as u64, ..tally });
        result.main = of(result.main, others.original);
        result.nonmember = of(result.nonmember, others.original);
        result.control = of(result.control, others.control.unwrap_or(0));
    }
    result.by_rarity = attacker.by_rarity(tables, &targets, &attempts);
    result.balanced = attacker.balanced(tables, &targets, &attempts);
    result.hits = keep_hits.then(|| Hits::of(&attempts));
    result.searches = std::mem::take(&mut attempts.searches);
    result.scoring = Some(scoring);
    result
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
    // Persons who are answered for together are fewer.
    let effect = attempts.design_effect();
    let (main, control) = (main.of_fewer(effect), control.map(|control| control.of_fewer(effect)));
    let nonmember = attempts.nonmember.as_ref();
    let nonmember = nonmember.map(|attempts| Tally::of(attempts, outcomes, &tables.original, &targets.original));
    if main.attempted == 0 {
        return AttackerResult::infeasible(attacker);
    }
    let model = RiskModel::of_targets(main, control, nonmember);
    let baseline = Some(attempts.baseline);
    AttackerResult { main: Some(main), control, nonmember, baseline, model, ..AttackerResult::infeasible(attacker) }
}
