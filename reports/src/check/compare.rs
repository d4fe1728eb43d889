//! Did the risk rise since an earlier run?
//!
//! Attackers of both runs are matched. For each, the rise of the residual risk — success beyond what the control shows — is
//! tested against the margin: H₀: rise ≤ margin, one-sided, at α divided by the number of tests (Bonferroni). A
//! regression is a rise whose simultaneous lower end is above the margin; noise is not. Where an attacker of one run has
//! no counterpart in the other (random halves under another seed, say), the worst risks of that attack are compared, by
//! their simultaneous intervals.

use super::counts::Counts;
use super::difference::{p_of_rise, rise};
use super::paired::{PairCounts, PairedRun, correlation};
use super::result::Verdict;
use super::words;
use crate::build::{round, warning};
use crate::evidence::{Attack, AttackName, Evidence, Status, Warning};
use reident_attacks::stats::risk::RiskMethod;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Change since an earlier run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// Fail: a regression. Inconclusive: something could not be compared. Pass: neither.
    pub verdict: Verdict,
    /// The verdict in a sentence.
    pub message: String,
    /// Rise that is still acceptable.
    pub margin: f64,
    /// One-sided confidence of all tests together.
    pub confidence: f64,
    /// Number of tests that share the error probability.
    pub tests: u64,
    /// What was tested.
    pub changes: Vec<Change>,
    /// What the reader must know.
    pub notes: Vec<Warning>,
}

/// Change of one attacker's risk, or of the worst risk of an attack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Which attack.
    pub attack: AttackName,
    /// Position of the attacker in the new evidence; null when the worst risks are compared.
    pub attacker: Option<u64>,
    /// The attacker in words.
    pub who: String,
    /// Risk in the earlier run, as it came.
    pub old_risk: f64,
    /// Risk in the new run, as it came.
    pub new_risk: f64,
    /// New less old.
    pub rise: f64,
    /// Interval of the rise; its lower end is the simultaneous one-sided bound that decides.
    pub interval: [f64; 2],
    /// One-sided p of "the rise is at most the margin", not adjusted for the number of tests; 1e-12 stands for less.
    pub p: f64,
    /// How it was tested.
    pub method: ChangeMethod,
    /// Whether it is a regression.
    pub regression: bool,
}

/// How a rise was tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeMethod {
    /// Two samples: MOVER on the score intervals of the risks.
    TwoSample,
    /// The same targets, no control: Tango's score test and interval.
    PairedScore,
    /// The same targets, with a control: MOVER with the correlation of the risks.
    PairedResidual,
    /// The worst risks, by their simultaneous intervals.
    WorstRisk,
}

/// What is to be tested.
enum Test<'a> {
    Attacker { at: usize, new: &'a Attack, old: &'a Attack },
    Worst(AttackName),
}

/// Compares a run with an earlier one.
///
/// `outcomes` holds, by position in `new.attacks`, who was hit in either run; without it, or where it does not fit the
/// counts, the runs are taken for two samples.
pub fn compare(
    new: &Evidence,
    old: &Evidence,
    margin: f64,
    confidence: f64,
    outcomes: &BTreeMap<usize, PairedRun<'_>>,
) -> Comparison {
    let mut tests = Vec::new();
    let mut notes = Vec::new();
    let mut open = false;
    for attack in super::ATTACKS {
        open |= !plan(new, old, attack, &mut tests, &mut notes);
    }
    let alpha = (1.0 - confidence) / tests.len().max(1) as f64;
    let mut changes = Vec::new();
    for test in &tests {
        let change = match test {
            Test::Attacker { at, new: one, old: other } => {
                let run = outcomes.get(at);
                if run.is_some_and(|run| fitting(one, other, run).is_none()) {
                    let text = "The outcomes by target do not fit the counts: compared as two samples.";
                    notes.push(warning("outcomes_do_not_fit", text));
                }
                let pairs = run.and_then(|run| fitting(one, other, run));
                attacker_change(*at, [(one, new), (other, old)], pairs, margin, alpha)
            }
            Test::Worst(attack) => worst_change(*attack, [new, old], margin, alpha),
        };
        match change {
            Some(change) => changes.push(change),
            None => open = true,
        }
    }
    open |= changes.is_empty();
    let regressions: Vec<&Change> = changes.iter().filter(|change| change.regression).collect();
    let verdict = match (regressions.is_empty(), open) {
        (false, _) => Verdict::Fail,
        (true, true) => Verdict::Inconclusive,
        (true, false) => Verdict::Pass,
    };
    let limit = words::percent(margin);
    let message = match regressions.iter().max_by(|a, b| a.rise.total_cmp(&b.rise)) {
        Some(most) => format!(
            "Regression: {} of {} risks rose by significantly more than {limit}; the most, {} ({}), from {} to {}, a rise of \
             {} {}, {}.",
            regressions.len(),
            changes.len(),
            words::attack(most.attack),
            most.who,
            words::percent(most.old_risk),
            words::percent(most.new_risk),
            words::percent(most.rise),
            words::interval(most.interval),
            words::p(most.p)
        ),
        None if open => {
            format!("No rise of significantly more than {limit} was found, but not everything could be compared.")
        }
        None => format!("None of {} risks rose by significantly more than {limit}.", changes.len()),
    };
    let tests = tests.len() as u64;
    Comparison { verdict, message, margin, confidence, tests, changes, notes }
}

/// Adds what is to be tested for one attack; false when something of it cannot be compared.
fn plan<'a>(
    new: &'a Evidence,
    old: &'a Evidence,
    attack: AttackName,
    tests: &mut Vec<Test<'a>>,
    notes: &mut Vec<Warning>,
) -> bool {
    let name = words::attack(attack);
    let mut note = |code: &str, text: &str| notes.push(warning(code, &format!("{name}: {text}")));
    let (now, then) = match (new.headline.get(&attack), old.headline.get(&attack)) {
        (None, None) => return true,
        (Some(_), None) => {
            note("attack_is_new", "the earlier run does not have it, so there is nothing to compare with.");
            return true;
        }
        (None, Some(_)) => {
            note("attack_is_gone", "the earlier run has it, and the new one does not.");
            return false;
        }
        (Some(now), Some(then)) => (now, then),
    };
    if now.status == Status::Infeasible && then.status == Status::Infeasible {
        note("infeasible_in_both", "nothing to attempt in either run.");
        return true;
    }
    if let Some(difference) = settings_differ(new, old, attack) {
        note("settings_differ", difference);
        return false;
    }
    let of_kind = |evidence: &'a Evidence| evidence.attacks.iter().enumerate().filter(move |(_, a)| a.attack == attack);
    let nowhere = of_kind(new)
        .filter(|(_, is)| is.risk.is_none())
        .filter(|(_, is)| of_kind(old).any(|(_, was)| was.attacker == is.attacker && was.risk.is_none()))
        .count();
    if nowhere > 0 && now.risk.is_some() {
        note("no_risk_in_both", &format!("{nowhere} attackers have no risk as a number in either run."));
    }
    let mut unmatched = of_kind(old).any(|(_, was)| {
        was.risk.is_some() && !of_kind(new).any(|(_, is)| is.attacker == was.attacker && is.risk.is_some())
    });
    for (at, is) in of_kind(new).filter(|(_, is)| is.risk.is_some()) {
        match of_kind(old).find(|(_, was)| was.attacker == is.attacker && was.risk.is_some()) {
            Some((_, was)) => tests.push(Test::Attacker { at, new: is, old: was }),
            None => unmatched = true,
        }
    }
    if unmatched {
        if now.risk.is_none() || then.risk.is_none() {
            note("not_comparable", "one of the runs has no risk as a number.");
            return false;
        }
        note(
            "attackers_differ",
            "the runs do not have the same measured attackers: their worst risks are compared, too.",
        );
        tests.push(Test::Worst(attack));
    } else if now.risk.is_none() {
        note("not_comparable", "neither run has a risk as a number.");
        return false;
    }
    true
}

fn settings_differ(new: &Evidence, old: &Evidence, attack: AttackName) -> Option<&'static str> {
    let without_control = |evidence: &Evidence| {
        let mut risks = evidence.attacks.iter().filter(|a| a.attack == attack).filter_map(|a| a.risk.as_ref());
        let methods = [RiskMethod::MainOnly, RiskMethod::BeyondNonmember].map(RiskMethod::name);
        risks.any(|risk| methods.contains(&risk.method.as_str()))
    };
    if without_control(new) != without_control(old) {
        return Some("one run has a control and the other has none, so that their risks are different things.");
    }
    let tolerance = |evidence: &Evidence| (evidence.settings.tolerance, evidence.settings.date_tolerance);
    if attack == AttackName::Inference && tolerance(new) != tolerance(old) {
        return Some("the runs call different guesses correct.");
    }
    None
}

/// By how much the effective number of attempts may differ from their number when they are taken for pairs of independent
/// outcomes that count in full: a few shared links hardly matter.
const NEARLY: f64 = 0.05;

/// The pairs of main and control, when they fit the counts of both runs and targets are nearly independent.
fn fitting(new: &Attack, old: &Attack, run: &PairedRun<'_>) -> Option<(PairCounts, Option<PairCounts>)> {
    let fits = |pairs: PairCounts, rates: [&Option<crate::evidence::Rate>; 2]| {
        let successes = pairs.successes();
        let fit = (0..2).all(|side| {
            rates[side].as_ref().is_some_and(|rate| {
                rate.effective.is_none_or(|effective| (effective / pairs.pairs as f64 - 1.0).abs() < NEARLY)
                    && rate.attempted == pairs.pairs
                    && rate.successes.value() == successes[side] as f64
            })
        });
        fit.then_some(pairs)
    };
    let main = fits(run.main.counts()?, [&new.main, &old.main])?;
    let control = match &run.control {
        Some(control) => Some(fits(control.counts()?, [&new.control, &old.control])?),
        None => None,
    };
    Some((main, control))
}

fn attacker_change(
    at: usize,
    sides: [(&Attack, &Evidence); 2],
    pairs: Option<(PairCounts, Option<PairCounts>)>,
    margin: f64,
    alpha: f64,
) -> Option<Change> {
    let counts = |(attack, evidence): (&Attack, &Evidence)| Counts::of_change(attack, evidence.settings.confidence);
    let (new, old) = (counts(sides[0])?, counts(sides[1])?);
    let (risks, who) = ([new.signed()?, old.signed()?], words::attacker(&sides[0].1.inputs, sides[0].0));
    let attack = sides[0].0.attack;
    let without_control = sides[0].0.control.is_none();
    let (method, found, p) = match pairs {
        Some((main, _)) if without_control => {
            (ChangeMethod::PairedScore, main.score_interval(alpha), main.p_of_rise(margin))
        }
        _ => {
            let mut together = 0.0;
            let mut method = ChangeMethod::TwoSample;
            if let Some((main, control)) = pairs {
                let rate = |attack: &Attack| attack.control.as_ref().map_or(0.0, |control| control.rate);
                together = correlation(main, control, [rate(sides[0].0), rate(sides[1].0)]);
                method = ChangeMethod::PairedResidual;
            }
            (method, rise(&new, &old, together, alpha)?, p_of_rise(&new, &old, together, margin)?)
        }
    };
    Some(change(attack, Some(at as u64), who, risks, found, p, method, margin))
}

fn worst_change(attack: AttackName, runs: [&Evidence; 2], margin: f64, alpha: f64) -> Option<Change> {
    let counts = |evidence: &Evidence| Counts::worst(evidence.headline.get(&attack)?, evidence.settings.confidence);
    let (new, old) = (counts(runs[0])?, counts(runs[1])?);
    let risks = [new.signed()?, old.signed()?];
    let (found, p) = (rise(&new, &old, 0.0, alpha)?, p_of_rise(&new, &old, 0.0, margin)?);
    Some(change(attack, None, "the worst attacker".to_owned(), risks, found, p, ChangeMethod::WorstRisk, margin))
}

#[allow(clippy::too_many_arguments)]
fn change(
    attack: AttackName,
    attacker: Option<u64>,
    who: String,
    [new_risk, old_risk]: [f64; 2],
    found: super::difference::Rise,
    p: f64,
    method: ChangeMethod,
    margin: f64,
) -> Change {
    Change {
        attack,
        attacker,
        who,
        old_risk: round(old_risk),
        new_risk: round(new_risk),
        rise: round(found.estimate),
        interval: found.interval.map(round),
        p: significant(p),
        method,
        regression: found.interval[0] > margin,
    }
}

/// Three significant digits: more would depend on the platform's mathematical library.
fn significant(p: f64) -> f64 {
    format!("{:.2e}", p.clamp(1e-12, 1.0)).parse().unwrap_or(p)
}
