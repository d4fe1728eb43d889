//! Plays the worst attackers on changed releases.

use super::cost::Before;
use super::{Change, Cost, Levels, candidates};
use crate::AttackError;
use crate::evaluation::{AttackKind, Attacker, AttackerResult, Evaluation, Headline, Plan, evaluate};
use crate::persons::{self, OfRisk};
use crate::progress::{Progress, Silent, cancellable};
use crate::stats::headline::Standing;
use crate::stats::risk::Risk;
use crate::table::Tables;
use std::collections::BTreeMap;

/// Attackers that changes are tried against: those with the largest lower ends, one of each attack first.
const WORST: usize = 3;
/// Changes that are tried against everybody who was played.
const CONFIRMED: usize = 3;

/// What to change.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    /// The worst attackers.
    pub worst: Vec<Worst>,
    /// Changes, those that are worth most first.
    pub changes: Vec<Simulated>,
}

/// One of the worst attackers.
#[derive(Debug, Clone, PartialEq)]
pub struct Worst {
    /// The attacker's position in the evaluation.
    pub attacker: usize,
    /// The attacker's risk now.
    pub risk: Risk,
    /// Attempts that succeed now.
    pub hits: u64,
    /// For each column that the attacker uses, what is left without it; the largest loss first.
    pub contributions: Vec<Contribution>,
}

/// What a column contributes to an attacker.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// The column.
    pub column: usize,
    /// What the attacker achieves without it.
    pub without: Outcome,
}

/// What an attacker achieves after a change.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Whether the attack can still be made: not when what it asks for is no longer released.
    pub possible: bool,
    /// The risk; `None` where there is none as a number.
    pub risk: Option<Risk>,
    /// Attempts that succeed.
    pub hits: u64,
    /// Persons who were hit and no longer are, and those who were not and are; `None` where persons are not attacked one by one.
    pub moved: Option<[u64; 2]>,
}

/// A change, tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulated {
    /// The change.
    pub change: Change,
    /// What each of the worst attackers achieves after it.
    pub outcomes: Vec<Outcome>,
    /// What it costs.
    pub cost: Cost,
    /// The part of the worst attackers' risk that it takes away.
    pub gain: f64,
    /// Gain less cost.
    pub worth: f64,
    /// The worst attacker of each attack after it, where everybody was played again.
    pub all: Option<Vec<Headline>>,
}

/// Tries changes against the worst attackers of an evaluation, which must have kept who was hit. `levels` are the hierarchies of columns.
///
/// # Errors
/// When the run was cancelled, or a changed table cannot be made.
pub fn advise(
    tables: &Tables,
    plan: &Plan,
    evaluation: &Evaluation,
    confidence: f64,
    levels: &BTreeMap<usize, Levels>,
    progress: &dyn Progress,
) -> Result<Advice, AttackError> {
    cancellable(|| try_changes(tables, plan, evaluation, confidence, levels, progress))?
}

fn try_changes(
    tables: &Tables,
    plan: &Plan,
    evaluation: &Evaluation,
    confidence: f64,
    levels: &BTreeMap<usize, Levels>,
    teller: &dyn Progress,
) -> Result<Advice, AttackError> {
    let progress: &dyn Progress = &Silent(teller);
    let worst = worst(evaluation, confidence);
    if worst.is_empty() {
        return Ok(Advice { worst: Vec::new(), changes: Vec::new() });
    }
    let before: Vec<&AttackerResult> = worst.iter().map(|at| &evaluation.attackers[*at]).collect();
    let replay = Replay { tables, plan, confidence, progress };
    let contributions = contributions(&replay, &before)?;
    let shown = worst.iter().zip(&before).zip(contributions).filter_map(|((at, result), contributions)| {
        let hits = result.counts.main.map_or(0, |main| main.successes);
        Some(Worst { attacker: *at, risk: result.risk(confidence)?, hits, contributions })
    });
    let shown: Vec<Worst> = shown.collect();

    let of_worst =
        Evaluation { attackers: before.iter().map(|result| (*result).clone()).collect(), ..evaluation.clone() };
    let exposed = persons::persons(tables, &of_worst, |at| before[at].risk(confidence).map(OfRisk::from));
    let use_before = Before::new(tables);
    let risk_before = mean(shown.iter().map(|worst| worst.risk.value()));
    let mut changes = Vec::new();
    let candidates = candidates(tables, levels, &exposed, progress);
    let attackers: Vec<Attacker> = before.iter().map(|result| result.attacker.clone()).collect();
    teller.begin("changes", candidates.len() as u64);
    for change in candidates {
        teller.advance(1);
        let after = match change.apply(tables) {
            Ok(after) => after,
            // Everything would be suppressed.
            Err(AttackError::EmptyTable { .. }) => continue,
            Err(error) => return Err(error),
        };
        let outcomes = match dropped(&change, &shown) {
            Some(outcomes) => outcomes,
            None => {
                let results = replay.play(&change, &after, &attackers)?;
                before.iter().zip(&results).map(|(before, after)| replay.outcome(before, after.as_ref())).collect()
            }
        };
        let left = shown.iter().zip(&outcomes).map(|(worst, outcome)| match (outcome.possible, outcome.risk) {
            (false, _) => 0.0,
            (true, Some(risk)) => risk.value(),
            (true, None) => worst.risk.value(),
        });
        let gain = if risk_before > 0.0 { 1.0 - mean(left) / risk_before } else { 0.0 };
        let cost = use_before.cost(tables, &change, &after);
        changes.push(Simulated { worth: gain - cost.most(), change, outcomes, cost, gain, all: None });
    }
    // Of equal worth, the order in which they were tried.
    changes.sort_by(|one, other| other.worth.total_cmp(&one.worth));
    for simulated in changes.iter_mut().take(CONFIRMED).filter(|simulated| simulated.gain > 0.0) {
        let after = simulated.change.apply(tables)?;
        let everybody: Vec<Attacker> = plan.attackers.clone();
        let results = replay.play(&simulated.change, &after, &everybody)?;
        let attackers = results.into_iter().flatten().collect();
        let evaluation = Evaluation { attackers, attacked: evaluation.attacked };
        let risks = evaluation.risks(confidence);
        simulated.all = Some(AttackKind::ALL.iter().filter_map(|kind| evaluation.headline(*kind, &risks)).collect());
    }
    Ok(Advice { worst: shown, changes })
}

/// What the worst attackers achieve without a column, where all of them use it: that was played for what it contributes.
fn dropped(change: &Change, worst: &[Worst]) -> Option<Vec<Outcome>> {
    let Change::Drop { column } = change else { return None };
    let without = |worst: &Worst| {
        let contribution = worst.contributions.iter().find(|contribution| contribution.column == *column);
        contribution.map(|contribution| contribution.without.clone())
    };
    worst.iter().map(without).collect()
}

/// Positions of the worst attackers: by attack the one of its headline, the largest lower ends first, then others.
fn worst(evaluation: &Evaluation, confidence: f64) -> Vec<usize> {
    let risks = evaluation.risks(confidence);
    let above = |at: &usize| risks.each[*at].is_some_and(|risk| risk.interval.lo > 0.0);
    let key = |at: &usize| risks.simultaneous[*at].map_or(f64::NEG_INFINITY, |risk| risk.interval.lo);
    let mut first: Vec<usize> =
        AttackKind::ALL.iter().filter_map(|kind| evaluation.headline(*kind, &risks)?.attacker).filter(above).collect();
    first.sort_by(|one, other| key(other).total_cmp(&key(one)).then(one.cmp(other)));
    let counts = |at: &usize| risks.standing[*at] == Standing::Counts;
    let mut others: Vec<usize> =
        (0..evaluation.attackers.len()).filter(|at| !first.contains(at) && above(at) && counts(at)).collect();
    others.sort_by(|one, other| key(other).total_cmp(&key(one)).then(one.cmp(other)));
    first.into_iter().chain(others).take(WORST).collect()
}

/// Plays attackers again, under the settings of a plan.
struct Replay<'a> {
    tables: &'a Tables,
    plan: &'a Plan,
    confidence: f64,
    progress: &'a dyn Progress,
}

impl Replay<'_> {
    /// Results in the order of the attackers; `None` of those who cannot attack any more.
    fn on(&self, tables: &Tables, attackers: &[Option<Attacker>]) -> Result<Vec<Option<AttackerResult>>, AttackError> {
        let mut results = Vec::with_capacity(attackers.len());
        for attacker in attackers {
            let Some(attacker) = attacker else {
                results.push(None);
                continue;
            };
            let plan = Plan {
                attackers: vec![attacker.clone()],
                keep_hits: true,
                seeds: 1,
                subgroups: Default::default(),
                ..self.plan.clone()
            };
            results.push(evaluate(tables, &plan, self.progress)?.attackers.pop());
        }
        Ok(results)
    }

    fn play(
        &self,
        change: &Change,
        after: &Tables,
        attackers: &[Attacker],
    ) -> Result<Vec<Option<AttackerResult>>, AttackError> {
        match change {
            Change::Drop { column } => {
                let without: Vec<Option<Attacker>> =
                    attackers.iter().map(|attacker| attacker.without(*column)).collect();
                self.on(self.tables, &without)
            }
            _ => self.on(after, &attackers.iter().cloned().map(Some).collect::<Vec<_>>()),
        }
    }

    fn outcome(&self, before: &AttackerResult, after: Option<&AttackerResult>) -> Outcome {
        let Some(after) = after else {
            let lost = before.hits.as_ref().map(|hits| [hits.main.hits().filter(|hit| *hit).count() as u64, 0]);
            return Outcome { possible: false, risk: None, hits: 0, moved: lost };
        };
        let moved = before.hits.as_ref().zip(after.hits.as_ref()).and_then(|(one, other)| {
            // Whoever is attacked may hang on the release where a secret is scored on some of the persons only.
            (one.main.rows == other.main.rows).then(|| {
                let pairs = || one.main.hits().zip(other.main.hits());
                let count = |wanted: (bool, bool)| pairs().filter(|pair| *pair == wanted).count() as u64;
                [count((true, false)), count((false, true))]
            })
        });
        Outcome {
            possible: true,
            risk: after.risk(self.confidence),
            hits: after.counts.main.map_or(0, |main| main.successes),
            moved,
        }
    }
}

fn contributions(replay: &Replay<'_>, before: &[&AttackerResult]) -> Result<Vec<Vec<Contribution>>, AttackError> {
    let mut all = Vec::with_capacity(before.len());
    for result in before {
        let columns: Vec<usize> = (0..replay.tables.columns.len())
            .filter(|column| result.attacker.without(*column).is_none_or(|without| without != result.attacker))
            .collect();
        let without: Vec<Option<Attacker>> = columns.iter().map(|column| result.attacker.without(*column)).collect();
        let results = replay.on(replay.tables, &without)?;
        let contribution = |(column, after): (&usize, &Option<AttackerResult>)| Contribution {
            column: *column,
            without: replay.outcome(result, after.as_ref()),
        };
        let mut contributions: Vec<Contribution> = columns.iter().zip(&results).map(contribution).collect();
        let left = |contribution: &Contribution| contribution.without.risk.map_or(-1.0, |risk| risk.signed);
        contributions.sort_by(|one, other| left(one).total_cmp(&left(other)));
        all.push(contributions);
    }
    Ok(all)
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0u32, 0.0), |(count, sum), value| (count + 1, sum + value));
    if count > 0 { sum / f64::from(count) } else { 0.0 }
}
