//! What the evidence says about the release, and what it does not say.
//!
//! Evidence holds what was looked at. A part that is not in it was not tested: it is never taken for a pass.

use super::manifest::{Manifest, Model, Role, Transform, Word};
use super::rules::Rules;
use crate::check::policy::{DataRule, Metric};
use crate::check::rules::keeps;
use crate::check::{CheckResult, Policy, Verdict};
use crate::evidence::{AttackKind, Evidence, Finding};
use reident_attacks::classes::gbt42460;
use serde::Serialize;

#[cfg(test)]
#[path = "facts_test.rs"]
mod test;

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
    /// Columns of the release that hold direct identifiers: without it, nobody searched for them.
    pub const DIRECT: &str = "gbt42460.direct_columns";
    /// Records of the smallest equivalence class.
    pub const LEAST_CLASS: &str = "classes.k";
    /// Number of equivalence classes.
    pub const CLASSES: &str = "classes.count";
    /// Their sizes in bands.
    pub const SIZES: &str = "classes.sizes";
    /// Columns that were searched for whether they can be restored.
    pub const SEARCHED: &str = "reversibility.columns_examined";
    /// Mean over the classes of 1/f.
    pub const MEAN_OF_CLASSES: &str = "gbt42460.r_c";
    /// Mean over the rows of 1/f.
    pub const MEAN_OF_ROWS: &str = "gbt42460.mean_rows";
    /// Share of the classes whose risk lies above the cut-off, by the sharing model that follows.
    pub const ABOVE_CUT_OFF: &str = "gbt42460.r_a.";
    /// The overall risk, by the sharing model that follows.
    pub const OVERALL: &str = "gbt42460.r.";
    /// The level, by the sharing model that follows.
    pub const LEVEL: &str = "gbt42460.level.";
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
    /// R_a: the share of the classes above the cut-off.
    pub above_share: Option<f64>,
    /// R_b: 1 / smallest class.
    pub largest: Option<f64>,
    /// R_c: mean over the classes.
    pub class_mean: Option<f64>,
    /// Mean over the rows.
    pub row_mean: Option<f64>,
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
        let identifiers = identifiers(evidence, manifest);
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
        let shared = manifest.release.model.map(Model::sharing);
        let applies = |rule: &&DataRule| rule.sharing.is_empty() || shared.is_none_or(|it| rule.sharing.contains(&it));
        let rule =
            |rule: &DataRule| (rule.id.clone(), data_rule(rule, evidence, check, identifiers, least_class, &risk));
        let data_rules = policy.data_rules.iter().filter(applies).map(rule).collect();
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

/// The value of a measure that hangs on the quasi-identifiers; `None` where these are an assumption of the program, or some of them
/// could not be counted, which makes classes larger than they are.
fn of_classes(evidence: &Evidence, id: &str) -> Option<f64> {
    value(evidence, id).filter(|_| counted_on(evidence) == Counted::Configured)
}

/// What the classes of evidence were counted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// On the columns that the configuration names.
    Configured,
    /// On columns that the program took for quasi-identifiers.
    Assumed,
    /// Without columns that cannot be compared with the release.
    InPart,
    /// There are none.
    Nothing,
}

/// What the classes of evidence were counted on.
pub fn counted_on(evidence: &Evidence) -> Counted {
    match &evidence.settings.quasi_identifiers {
        None => Counted::Nothing,
        Some(_) if value(evidence, measure::LEAST_CLASS).is_none() => Counted::Nothing,
        Some(quasi) if quasi.assumed() => Counted::Assumed,
        Some(quasi) if !quasi.not_counted.is_empty() => Counted::InPart,
        Some(_) => Counted::Configured,
    }
}

/// Whether the release is free of direct identifiers: none was found where somebody searched, and none is declared as kept.
fn identifiers(evidence: &Evidence, manifest: &Manifest) -> State {
    let found = evidence.findings.iter().any(|finding| finding.kind == "direct_identifier");
    let kept = |column: &super::manifest::Column| {
        column.role == Some(Role::DirectIdentifier) && column.transform == Some(Transform::Kept)
    };
    if found || manifest.columns.iter().any(kept) {
        return State::Fail;
    }
    match value(evidence, measure::DIRECT) {
        Some(columns) if columns > 0.0 => State::Fail,
        Some(_) if evidence.unknown.is_empty() => State::Pass,
        _ => State::NotTested,
    }
}

/// A rule of the policy about the data. The verdict of the check decides where it fails; for the rest the context is the
/// manifest's, and not only the one that the tests were configured with.
fn data_rule(
    rule: &DataRule,
    evidence: &Evidence,
    check: &CheckResult,
    identifiers: State,
    least_class: Option<u64>,
    risk: &Risk,
) -> State {
    let judged = check.rules.iter().find(|judged| judged.rule.id == rule.id);
    if judged.is_some_and(|judged| judged.verdict == Some(Verdict::Fail)) {
        return State::Fail;
    }
    let in_context = |id: &str| of_classes(evidence, id).zip(risk.context).map(|(risk, context)| risk * context);
    let figure = match (rule.metric, rule.measure()) {
        (Metric::DirectIdentifiers, _) if identifiers == State::Fail => return State::Fail,
        (Metric::DirectIdentifiers, _) => (identifiers == State::Pass).then_some(0.0),
        (Metric::MinClassSize, _) => least_class.map(|size| size as f64),
        (Metric::OverallRisk, "risk.overall.mean_rows") => in_context("risk.prosecutor.mean"),
        (Metric::OverallRisk, "risk.overall.largest") => in_context("risk.prosecutor.largest"),
        (Metric::OverallRisk, "risk.overall.public") => of_classes(evidence, "risk.prosecutor.largest"),
        (Metric::OverallRisk, _) => risk.overall,
    };
    match figure.map(|figure| keeps(rule.comparison, figure, rule.value)) {
        None => State::NotTested,
        Some(true) => State::Pass,
        Some(false) => State::Fail,
    }
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
    let row_mean = of_classes(evidence, measure::MEAN_OF_ROWS);
    let by_model = |family: &str| model.map(|model| format!("{family}{}", model.word()));
    let above_share = by_model(measure::ABOVE_CUT_OFF).and_then(|id| of_classes(evidence, &id));
    let deliberate = deliberate(manifest, rules);
    let given = &manifest.context;
    let inadvertent =
        given.p.as_ref().zip(given.m.as_ref()).map(|(p, m)| gbt42460::inadvertent(p.value, m.value as u32));
    let breach = given.breach_rate.as_ref().map(|rate| rate.value);
    let context = match model {
        Some(Model::Public) => Some(rules.context.public_attempt.value),
        Some(_) => deliberate.zip(inadvertent).zip(breach).map(|((one, two), three)| one.max(two).max(three)),
        None => None,
    };
    let data = if model == Some(Model::Public) { largest } else { class_mean };
    // Where the tests were made with a context, the manifest does not contradict it, and the evidence has compared whole numbers.
    let exact = by_model(measure::OVERALL).filter(|id| {
        let known =
            |it: &&crate::evidence::Measure| it.id == *id && matches!(it.how.as_str(), "exact" | "cutoff_exceeded");
        evidence.measures.iter().any(|it| known(&it))
    });
    let exact_level = exact.as_ref().and_then(|_| of_classes(evidence, &by_model(measure::LEVEL)?));
    let overall = match above_cut_off {
        Some(true) => Some(1.0),
        Some(false) => exact
            .and_then(|id| of_classes(evidence, &id))
            .or_else(|| data.zip(context).map(|(data, context)| data * context)),
        None => None,
    };
    let released = |column: &&super::manifest::Column| column.transform != Some(Transform::Removed);
    let identifying = |role: Option<Role>| !matches!(role, Some(Role::Other | Role::Sensitive));
    // Columns that the program knows for quasi-identifiers by their names are none only when the configuration says so.
    let known_by_name = evidence.settings.quasi_identifiers.as_ref().is_some_and(|quasi| quasi.chosen == "named");
    let none_left = !manifest.columns.is_empty()
        && !known_by_name
        && manifest.columns.iter().filter(released).all(|column| !identifying(column.role));
    let level = match identifiers {
        State::Fail => Some(1),
        State::Pass if none_left => Some(4),
        State::Pass => match exact_level.map(|level| level as u8) {
            Some(level @ 2..=3) => Some(level),
            _ => overall.map(|overall| if overall < numbers.threshold.value { 3 } else { 2 }),
        },
        _ => None,
    };
    Risk {
        cut_off,
        above_cut_off,
        above_share,
        largest,
        class_mean,
        row_mean,
        deliberate,
        inadvertent,
        breach,
        context,
        overall,
        level,
    }
}

/// Table B.1 for the recipient for whom it is largest; `None` when one of them is not described.
pub(super) fn deliberate(manifest: &Manifest, rules: &Rules) -> Option<f64> {
    let of = |recipient: &super::manifest::Recipient| {
        let (controls, motive) = recipient.controls.zip(recipient.motive_capacity)?;
        let row = super::manifest::Controls::ALL.iter().position(|(value, _)| *value == controls)?;
        let column = super::manifest::Motive::ALL.iter().position(|(value, _)| *value == motive)?;
        Some(rules.context.deliberate.value[row][column])
    };
    let all: Option<Vec<f64>> = manifest.recipients.iter().map(of).collect();
    all?.into_iter().reduce(f64::max)
}
