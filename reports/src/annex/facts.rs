//! What the evidence says about the release, and what it does not say.
//!
//! Evidence holds what was looked at. A part that is not in it was not tested: it is never taken for a pass.

use super::manifest::{Manifest, Model, Role, Transform, Word};
use super::rules::Rules;
use crate::check::policy::{Metric, Relation};
use crate::check::{CheckResult, Policy, Verdict};
use crate::evidence::{AttackKind, Evidence, Finding, QuasiIdentifiers};
use serde::Serialize;

/// How a part of the tests ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It passed.
    Pass,
    /// It neither passed nor failed.
    Open,
    /// It was not tested.
    NotTested,
    /// It failed.
    Fail,
}

impl State {
    /// Key of its label.
    pub fn key(self) -> &'static str {
        match self {
            State::Pass => "annex.state.pass",
            State::Open => "annex.state.open",
            State::NotTested => "annex.state.not_tested",
            State::Fail => "annex.state.fail",
        }
    }

    fn of(verdict: Option<Verdict>) -> State {
        match verdict {
            Some(Verdict::Pass) => State::Pass,
            Some(Verdict::Fail) => State::Fail,
            Some(Verdict::Inconclusive) => State::Open,
            None => State::NotTested,
        }
    }
}

/// Kinds of findings that say that a column can be undone, or stands for an identifier.
const RESTORABLE: &str = "restorable_column";
const TOKEN: &str = "token_column";
/// Kinds of findings that somebody must look at before data are called irreversible.
const TO_BE_JUDGED: [&str; 4] = [TOKEN, "row_order", "verbatim_rows", "incomparable_column"];

/// Names of measures, as the evidence keeps them.
pub mod measure {
    /// Records of the smallest equivalence class.
    pub const LEAST_CLASS: &str = "classes.k";
    /// Mean over the classes of 1/f.
    pub const MEAN_OF_CLASSES: &str = "gbt42460.r_c";
    /// Mean over the rows of 1/f.
    pub const MEAN_OF_ROWS: &str = "gbt42460.mean_rows";
    /// Share of the classes whose risk lies above the cut-off, by the sharing model that follows.
    pub const ABOVE_CUT_OFF: &str = "gbt42460.r_a.";
    /// Families that belong to section seven.
    pub const OF_RISK: [&str; 3] = ["classes.", "risk.", "gbt42460."];
}

/// What the evidence says, in the states of its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Whether the release is free of direct identifiers.
    pub identifiers: State,
    /// Whether what was done can be undone.
    pub reversibility: State,
    /// Whether a column of tokens or a restorable column was found.
    pub token_or_restorable: bool,
    /// Whether a restorable column was found.
    pub restorable: bool,
    /// The attacks that the policy limits, with their verdicts.
    pub attacks: Vec<(AttackKind, State)>,
    /// The rules of the policy about the data, by their names.
    pub data_rules: Vec<(String, State)>,
    /// Records of the smallest equivalence class.
    pub least_class: Option<u64>,
    /// Re-identification risk of GB/T 42460, as far as it can be computed.
    pub risk: Risk,
}

/// Re-identification risk of GB/T 42460 annex D and GB/T 37964 annex B.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Risk {
    /// Denominator of the cut-off.
    pub cut_off: Option<u64>,
    /// Whether a class lies above the cut-off: R_a > 0.
    pub above_cut_off: Option<bool>,
    /// R_b: 1 / smallest class.
    pub largest: Option<f64>,
    /// R_c: mean over the classes.
    pub class_mean: Option<f64>,
    /// Deliberate attempt, table B.1, of the recipient for whom it is largest.
    pub deliberate: Option<f64>,
    /// Inadvertent recognition: 1 − (1 − p)^m.
    pub inadvertent: Option<f64>,
    /// Breach.
    pub breach: Option<f64>,
    /// The largest of the three; for a public release 1.
    pub context: Option<f64>,
    /// R.
    pub overall: Option<f64>,
    /// Level 1 to 4.
    pub level: Option<u8>,
}

impl Facts {
    /// What the evidence says of a release that a manifest describes, judged by a policy.
    pub fn of(evidence: &Evidence, check: &CheckResult, policy: &Policy, manifest: &Manifest, rules: &Rules) -> Facts {
        let kinds = |kind: &str| evidence.findings.iter().any(|finding| finding.kind == kind);
        let direct = evidence.findings.iter().filter(|finding| finding.kind == "direct_identifier").count();
        let identifiers = if direct > 0 {
            State::Fail
        } else if evidence.format >= 1 && evidence.unknown.is_empty() {
            // Whatever writes this format has searched the release.
            State::Pass
        } else {
            State::NotTested
        };
        let looked_at = evidence.is_searched();
        let restorable = kinds(RESTORABLE);
        let reversibility = if restorable {
            State::Fail
        } else if !looked_at {
            State::NotTested
        } else if TO_BE_JUDGED.iter().any(|kind| kinds(kind)) {
            State::Open
        } else {
            State::Pass
        };
        let attacks = check
            .attacks
            .iter()
            .filter(|attack| attack.limit.is_some())
            .map(|attack| (attack.attack, State::of(attack.verdict)))
            .collect();
        let least_class = of_classes(evidence, measure::LEAST_CLASS).map(|size| size as u64);
        let risk = risk(evidence, manifest, rules, identifiers, least_class);
        let figure = |metric: Metric| match metric {
            Metric::MinClassSize => least_class.map(|size| size as f64),
            Metric::OverallRisk => risk.overall,
            Metric::DirectIdentifiers => (identifiers != State::NotTested).then_some(direct as f64),
        };
        let rule = |rule: &crate::check::policy::DataRule| {
            let met = figure(rule.metric).map(|figure| match rule.comparison {
                Relation::AtLeast => figure >= rule.value,
                Relation::AtMost => figure <= rule.value,
                Relation::Below => figure < rule.value,
            });
            let state = met.map_or(State::NotTested, |met| if met { State::Pass } else { State::Fail });
            (rule.id.clone(), state)
        };
        let data_rules = policy.data_rules.iter().map(rule).collect();
        Facts {
            identifiers,
            reversibility,
            token_or_restorable: restorable || kinds(TOKEN),
            restorable,
            attacks,
            data_rules,
            least_class,
            risk,
        }
    }

    /// Whether every attack that the policy limits passed, and there is one.
    pub fn attacks_pass(&self) -> bool {
        !self.attacks.is_empty() && self.attacks.iter().all(|(_, state)| *state == State::Pass)
    }

    /// Whether an attack or a rule about the data failed.
    pub fn any_fail(&self) -> bool {
        let states = self.attacks.iter().map(|(_, state)| state).chain(self.data_rules.iter().map(|(_, state)| state));
        states.chain([&self.identifiers, &self.reversibility]).any(|state| *state == State::Fail)
    }

    /// What the rating looks at.
    pub fn seen(&self) -> super::rating::Seen {
        super::rating::Seen {
            level: self.risk.level,
            attacks_pass: self.attacks_pass(),
            any_fail: self.any_fail(),
            reversibility_pass: self.reversibility == State::Pass,
            token_or_restorable: self.token_or_restorable,
        }
    }
}

/// The value of a measure.
pub fn value(evidence: &Evidence, id: &str) -> Option<f64> {
    evidence.measures.iter().find(|measure| measure.id == id)?.value
}

/// The value of a measure that hangs on the quasi-identifiers; `None` where these are an assumption of the program.
fn of_classes(evidence: &Evidence, id: &str) -> Option<f64> {
    let assumed = evidence.settings.quasi_identifiers.as_ref().is_some_and(QuasiIdentifiers::assumed);
    value(evidence, id).filter(|_| !assumed)
}

/// Findings of a kind.
pub fn findings<'a>(evidence: &'a Evidence, kinds: &'a [&str]) -> impl Iterator<Item = &'a Finding> {
    evidence.findings.iter().filter(|finding| kinds.contains(&finding.kind.as_str()))
}

/// Kinds of findings that belong to reversibility.
pub const REVERSIBILITY: [&str; 5] = [RESTORABLE, TOKEN, "row_order", "verbatim_rows", "incomparable_column"];

fn risk(evidence: &Evidence, manifest: &Manifest, rules: &Rules, identifiers: State, least: Option<u64>) -> Risk {
    let numbers = &rules.gbt42460;
    let model = manifest.release.model;
    let cut_off = model.map(|model| match model {
        Model::Public => numbers.cut_off_public.value,
        Model::Controlled => numbers.cut_off_controlled.value,
        Model::Enclave => numbers.cut_off_enclave.value,
    });
    // 1/f > 1/20 exactly where f < 20: whole numbers are compared.
    let above_cut_off = least.zip(cut_off).map(|(least, cut_off)| least < cut_off);
    let largest = least.filter(|least| *least > 0).map(|least| 1.0 / least as f64);
    let class_mean = of_classes(evidence, measure::MEAN_OF_CLASSES);
    let deliberate = deliberate(manifest, rules);
    let given = &manifest.context;
    let inadvertent = given.p.as_ref().zip(given.m.as_ref()).map(|(p, m)| 1.0 - (1.0 - p.value).powi(m.value as i32));
    let breach = given.breach_rate.as_ref().map(|rate| rate.value);
    let context = match model {
        Some(Model::Public) => Some(rules.context.public_attempt.value),
        Some(_) => deliberate.zip(inadvertent).zip(breach).map(|((one, two), three)| one.max(two).max(three)),
        None => None,
    };
    let data = if model == Some(Model::Public) { largest } else { class_mean };
    let overall = match above_cut_off {
        Some(true) => Some(1.0),
        Some(false) => data.zip(context).map(|(data, context)| data * context),
        None => None,
    };
    let released = |column: &&super::manifest::Column| column.transform != Some(Transform::Removed);
    let identifying = |role: Option<Role>| !matches!(role, Some(Role::Other | Role::Sensitive));
    let none_left = !manifest.columns.is_empty()
        && manifest.columns.iter().filter(released).all(|column| !identifying(column.role));
    let level = match identifiers {
        State::Fail => Some(1),
        State::Pass if none_left => Some(4),
        State::Pass => overall.map(|overall| if overall < numbers.threshold.value { 3 } else { 2 }),
        _ => None,
    };
    Risk { cut_off, above_cut_off, largest, class_mean, deliberate, inadvertent, breach, context, overall, level }
}

/// Table B.1 for the recipient for whom it is largest; `None` when one of them is not described.
fn deliberate(manifest: &Manifest, rules: &Rules) -> Option<f64> {
    let of = |recipient: &super::manifest::Recipient| {
        let (controls, motive) = recipient.controls.zip(recipient.motive_capacity)?;
        let row = super::manifest::Controls::ALL.iter().position(|(value, _)| *value == controls)?;
        let column = super::manifest::Motive::ALL.iter().position(|(value, _)| *value == motive)?;
        Some(rules.context.deliberate.value[row][column])
    };
    let all: Option<Vec<f64>> = manifest.recipients.iter().map(of).collect();
    all?.into_iter().reduce(f64::max)
}
