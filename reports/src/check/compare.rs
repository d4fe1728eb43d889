//! Did the risk rise since an earlier run?
//!
//! Attackers of both runs are matched. For each, the rise of the residual risk — success beyond what the control shows — is
//! compared with the margin, in two directions: a regression is a rise whose lower end, simultaneous over all tests
//! (Bonferroni), is above the margin; a pass asks for the upper end of every rise below it, each at the single level, since
//! every one must pass (equivalence; intersection-union test, Berger 1982, Technometrics 24:295). Nothing significant is not
//! nothing: what lies between is inconclusive, and so are runs that differ in attackers, tables, settings or program, and
//! evidence that carries no pass ([`soundness`]). Where an attacker of one run has no counterpart in the other, the worst
//! risks of that attack are compared as well, by their simultaneous intervals: they can show a regression, and no pass.

use super::difference::{Rise, p_of_rise, rise};
use super::differs::{self, Differences};
use super::paired::{PairCounts, PairedRun, correlation};
use super::result::Verdict;
use super::soundness::{self, Doubt};
use super::verdict::said;
use super::words;
use crate::evidence::counts::Counts;
use crate::evidence::{Attack, AttackKind, Evidence, Warning};
use crate::evidence::{round, warning};
use crate::message::{Language, Messages};
use crate::percent::{interval, percent, round_percent};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Change since an earlier run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// Fail: a regression. Pass: the same attackers in both runs, and every rise's upper end is below the margin. Else
    /// inconclusive.
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
    /// What differs between the runs besides their releases: with any of it nothing passes.
    #[serde(default)]
    pub differences: Vec<Warning>,
    /// What the same policy says of the earlier run; null when it sets no limit.
    #[serde(default)]
    pub earlier: Option<Earlier>,
    /// What the reader must know.
    pub notes: Vec<Warning>,
}

/// The verdict on the earlier run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// By the policy of this check.
    pub verdict: Verdict,
    /// In a sentence.
    pub summary: String,
}

/// Change of one attacker's risk, or of the worst risk of an attack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Which attack.
    pub attack: AttackKind,
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
    /// Interval of the rise: a lower end that holds for all tests at once, and a single upper end, both one-sided.
    pub interval: [f64; 2],
    /// One-sided p of "the rise is at most the margin", not adjusted for the number of tests; 1e-12 stands for less.
    pub p: f64,
    /// How it was tested.
    pub method: ChangeMethod,
    /// Whether it is a regression: the lower end is above the margin.
    pub regression: bool,
    /// Whether no rise by the margin is left: the upper end is below it.
    pub within: bool,
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
    /// One release attacked twice in the same way, with the same figures.
    SameRelease,
}

/// What is to be tested.
enum Test<'a> {
    Attacker { at: usize, new: &'a Attack, old: &'a Attack },
    Worst(AttackKind),
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
    compare_in(Messages::of(Language::English), new, old, margin, confidence, outcomes)
}

/// The same in the words of a language.
pub(super) fn compare_in(
    texts: Messages,
    new: &Evidence,
    old: &Evidence,
    margin: f64,
    confidence: f64,
    outcomes: &BTreeMap<usize, PairedRun<'_>>,
) -> Comparison {
    let Differences { said: differences, other_figures } = differs::between(texts, new, old);
    let mut plan = Plan { texts, new, old, confidence, tests: Vec::new(), notes: Vec::new(), open: false };
    if !other_figures {
        AttackKind::ALL.iter().for_each(|attack| plan.add(*attack));
    }
    let Plan { tests, mut notes, mut open, .. } = plan;
    open |= !differences.is_empty();
    let single = 1.0 - confidence;
    let alpha = [single / tests.len().max(1) as f64, single];
    // One release attacked twice in the same way: no sample lies between the two.
    let release = |evidence: &Evidence| evidence.inputs.anonymized.sha256.clone();
    let one_release = differences.is_empty() && release(new).is_some() && release(new) == release(old);
    let mut changes = Vec::new();
    for test in &tests {
        let change = match test {
            Test::Attacker { at, new: one, old: other } if one_release && same_figures(one, other) => {
                unchanged(texts, *at, one, new, margin)
            }
            Test::Attacker { at, new: one, old: other } => {
                let run = outcomes.get(at);
                if run.is_some_and(|run| fitting(one, other, run).is_none()) {
                    notes.push(warning("outcomes_do_not_fit", texts.text("check.comparison.outcomes_do_not_fit")));
                }
                let pairs = run.and_then(|run| fitting(one, other, run));
                attacker_change(texts, *at, [(one, new), (other, old)], pairs, margin, alpha)
            }
            Test::Worst(attack) => worst_change(texts, *attack, [new, old], margin, alpha),
        };
        match change {
            Some(change) => changes.push(change),
            None => open = true,
        }
    }
    open |= changes.is_empty();
    let verdict = if changes.iter().any(|change| change.regression) {
        Verdict::Fail
    } else if open || changes.iter().any(|change| !change.within) {
        Verdict::Inconclusive
    } else {
        Verdict::Pass
    };
    let message = message(texts, &changes, open, margin);
    let tests = tests.len() as u64;
    Comparison { verdict, message, margin, confidence, tests, changes, differences, earlier: None, notes }
}

fn message(texts: Messages, changes: &[Change], open: bool, margin: f64) -> String {
    let (margin, all) = (round_percent(margin), changes.len().to_string());
    let regressions: Vec<&Change> = changes.iter().filter(|change| change.regression).collect();
    let most = regressions.iter().max_by(|a, b| a.rise.total_cmp(&b.rise));
    if let Some(most) = most {
        let [old, new, rise] = [most.old_risk, most.new_risk, most.rise].map(percent);
        return texts.fill(
            "check.comparison.regression",
            &[
                ("count", &regressions.len().to_string()),
                ("all", &all),
                ("margin", &margin),
                ("attack", words::attack(texts, most.attack)),
                ("who", &most.who),
                ("old", &old),
                ("new", &new),
                ("rise", &rise),
                ("interval", &interval(most.interval)),
                ("p", &words::p(most.p)),
            ],
        );
    }
    let wide = changes.iter().filter(|change| !change.within).count();
    let values = [("margin", margin.as_str()), ("all", &all), ("wide", &wide.to_string())];
    let mut parts = vec![texts.fill("check.comparison.none", &values)];
    if wide > 0 {
        parts.push(texts.fill("check.comparison.wide", &values));
    }
    if open {
        parts.push(texts.text("check.comparison.open").to_owned());
    }
    match (wide, open) {
        (0, false) => texts.fill("check.comparison.within", &values),
        _ => {
            let parts = parts.join(texts.text("check.comparison.and"));
            texts.fill("check.comparison.sentence", &[("parts", &parts)])
        }
    }
}

/// What is to be tested, as it is put together.
struct Plan<'a> {
    texts: Messages,
    new: &'a Evidence,
    old: &'a Evidence,
    confidence: f64,
    tests: Vec<Test<'a>>,
    notes: Vec<Warning>,
    /// Whether something cannot be compared, so that nothing passes.
    open: bool,
}

impl<'a> Plan<'a> {
    /// Adds what is to be tested for one attack.
    fn add(&mut self, attack: AttackKind) {
        let (now, then) = match (self.new.headline.get(&attack), self.old.headline.get(&attack)) {
            (None, None) => return,
            (Some(_), None) => {
                return self.leave_open(attack, "attack_is_new", "check.comparison.attack_is_new", "");
            }
            (None, Some(_)) => {
                return self.leave_open(attack, "attack_is_gone", "check.comparison.attack_is_gone", "");
            }
            (Some(now), Some(then)) => (now, then),
        };
        for (evidence, which) in
            [(self.new, "check.comparison.unsound_new"), (self.old, "check.comparison.unsound_old")]
        {
            for doubt in soundness::doubts(evidence, attack, self.confidence) {
                if let Some(doubt) = Doubt::of(doubt, self.texts.language()) {
                    self.leave_open(attack, "unsound", which, &said(self.texts, &doubt));
                }
                if !soundness::leaves_failure(evidence, attack, doubt) {
                    return;
                }
            }
        }
        let (new, old) = (self.new, self.old);
        let of_kind =
            |evidence: &'a Evidence| evidence.attacks.iter().enumerate().filter(move |(_, a)| a.attack == attack);
        let counterpart = |is: &Attack, evidence: &'a Evidence| {
            of_kind(evidence)
                .map(|(_, was)| was)
                .find(|was| was.attacker == is.attacker && was.risk.is_some() == is.risk.is_some())
        };
        let unmatched = of_kind(old).any(|(_, was)| counterpart(was, new).is_none())
            || of_kind(new).any(|(_, is)| counterpart(is, old).is_none());
        for (at, is) in of_kind(new).filter(|(_, is)| is.risk.is_some()) {
            self.tests.extend(counterpart(is, old).map(|was| Test::Attacker { at, new: is, old: was }));
        }
        if unmatched {
            self.leave_open(attack, "attackers_differ", "check.comparison.attackers_differ", "");
            if now.risk.is_some() && then.risk.is_some() {
                self.tests.push(Test::Worst(attack));
            }
        }
    }

    fn leave_open(&mut self, attack: AttackKind, code: &str, key: &str, doubt: &str) {
        let values = [("attack", words::attack(self.texts, attack)), ("doubt", doubt)];
        self.notes.push(warning(code, &self.texts.fill(key, &values)));
        self.open = true;
    }
}

/// Whether an attacker's figures are the same in both runs, to the last count.
fn same_figures(one: &Attack, other: &Attack) -> bool {
    let figures =
        |attack: &Attack| (attack.main.clone(), attack.control.clone(), attack.nonmember.clone(), attack.risk.clone());
    figures(one) == figures(other)
}

fn unchanged(texts: Messages, at: usize, attack: &Attack, evidence: &Evidence, margin: f64) -> Option<Change> {
    let signed = attack.risk.as_ref()?.signed;
    Some(Change {
        attack: attack.attack,
        attacker: Some(at as u64),
        who: words::attacker(texts, &evidence.inputs, attack),
        old_risk: signed,
        new_risk: signed,
        rise: 0.0,
        interval: [0.0; 2],
        p: 1.0,
        method: ChangeMethod::SameRelease,
        regression: false,
        within: margin > 0.0,
    })
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
    texts: Messages,
    at: usize,
    sides: [(&Attack, &Evidence); 2],
    pairs: Option<(PairCounts, Option<PairCounts>)>,
    margin: f64,
    alpha: [f64; 2],
) -> Option<Change> {
    let counts = |(attack, evidence): (&Attack, &Evidence)| Counts::of_change(attack, evidence.settings.confidence);
    let (new, old) = (counts(sides[0])?, counts(sides[1])?);
    let (risks, who) = ([new.signed()?, old.signed()?], words::attacker(texts, &sides[0].1.inputs, sides[0].0));
    let attack = sides[0].0.attack;
    let without_control = sides[0].0.control.is_none();
    let (method, found, p) = match pairs {
        Some((main, _)) if without_control => (
            ChangeMethod::PairedScore,
            both_ends(alpha, |alpha| Some(main.score_interval(alpha)))?,
            main.p_of_rise(margin),
        ),
        _ => {
            let mut together = 0.0;
            let mut method = ChangeMethod::TwoSample;
            if let Some((main, control)) = pairs {
                let rate = |attack: &Attack| attack.control.as_ref().map_or(0.0, |control| control.rate);
                together = correlation(main, control, [rate(sides[0].0), rate(sides[1].0)]);
                method = ChangeMethod::PairedResidual;
            }
            let found = both_ends(alpha, |alpha| rise(&new, &old, together, alpha))?;
            (method, found, p_of_rise(&new, &old, together, margin)?)
        }
    };
    Some(change(attack, Some(at as u64), who, risks, found, p, method, margin))
}

/// A rise whose lower end holds at the first level and whose upper end at the second.
fn both_ends(alpha: [f64; 2], rise: impl Fn(f64) -> Option<Rise>) -> Option<Rise> {
    let [lower, upper] = alpha.map(rise);
    let (lower, upper) = (lower?, upper?);
    Some(Rise { estimate: lower.estimate, interval: [lower.interval[0], upper.interval[1]] })
}

fn worst_change(
    texts: Messages,
    attack: AttackKind,
    runs: [&Evidence; 2],
    margin: f64,
    alpha: [f64; 2],
) -> Option<Change> {
    let counts = |evidence: &Evidence| Counts::worst(evidence.headline.get(&attack)?, evidence.settings.confidence);
    let (new, old) = (counts(runs[0])?, counts(runs[1])?);
    let risks = [new.signed()?, old.signed()?];
    let found = both_ends(alpha, |alpha| rise(&new, &old, 0.0, alpha))?;
    let p = p_of_rise(&new, &old, 0.0, margin)?;
    Some(change(
        attack,
        None,
        texts.text("check.comparison.worst").to_owned(),
        risks,
        found,
        p,
        ChangeMethod::WorstRisk,
        margin,
    ))
}

#[allow(clippy::too_many_arguments)]
fn change(
    attack: AttackKind,
    attacker: Option<u64>,
    who: String,
    [new_risk, old_risk]: [f64; 2],
    found: Rise,
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
        within: found.interval[1] < margin,
    }
}

/// Three significant digits: more would depend on the platform's mathematical library.
fn significant(p: f64) -> f64 {
    format!("{:.2e}", p.clamp(1e-12, 1.0)).parse().unwrap_or(p)
}
