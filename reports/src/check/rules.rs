//! A policy's rules about the data, judged by the evidence's measures.
//!
//! A rule is *met* or *not met* where the measure decides, and *not checked* where the evidence does not have it or where it hangs on
//! something that nobody has said: the quasi-identifiers above all, since a class that is counted on other columns is another class.
//! A rule that is not met fails the policy. One that was not checked is shown as such, and neither passes nor fails anything: the
//! verdict is then on the attacks alone, and says so.

use super::policy::{DataRule, Metric, Policy, Relation};
use super::result::Verdict;
use crate::evidence::{Evidence, Measure, QuasiIdentifiers};
use crate::message::{Language, Messages};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleState {
    /// The figure keeps to it.
    Met,
    /// The figure does not keep to it.
    NotMet,
    /// There is no figure that decides.
    NotChecked,
}

/// Why a rule was not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unchecked {
    /// The evidence does not have the measure: it is older, or was made otherwise.
    NoMeasure,
    /// The figure does not exist, or could not be computed.
    NoFigure,
    /// The worst context does not keep to it, and a better one is not configured.
    NeedsContext,
    /// It holds for one way of sharing, and how the release is shared is not configured.
    NeedsSharing,
    /// The classes were counted on columns that nobody has said to be the quasi-identifiers.
    QuasiIdentifiersAssumed,
    /// Quasi-identifiers that could not be counted would make classes smaller.
    ColumnsNotCounted,
}

impl Unchecked {
    /// The key of its sentence.
    fn key(self) -> &'static str {
        match self {
            Unchecked::NoMeasure => "rule.unchecked.no_measure",
            Unchecked::NoFigure => "rule.unchecked.no_figure",
            Unchecked::NeedsContext => "rule.unchecked.needs_context",
            Unchecked::NeedsSharing => "rule.unchecked.needs_sharing",
            Unchecked::QuasiIdentifiersAssumed => "rule.unchecked.quasi_identifiers_assumed",
            Unchecked::ColumnsNotCounted => "rule.unchecked.columns_not_counted",
        }
    }
}

/// A rule that was judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgedRule {
    /// The rule.
    pub rule: DataRule,
    /// What became of it.
    pub state: RuleState,
    /// What that means for the policy; null when it was not checked, and decides nothing.
    pub verdict: Option<Verdict>,
    /// The measure that decided or would have, by its id.
    pub measure: String,
    /// Its figure; null without one.
    pub value: Option<f64>,
    /// Why it was not checked; null where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unchecked: Option<Unchecked>,
    /// The quasi-identifiers of the figure, where they are an assumption that nobody has confirmed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<String>,
    /// What was found, in a sentence.
    pub message: String,
}

impl JudgedRule {
    /// What was found, in the words of a language.
    pub fn words(&self, language: Language) -> String {
        let texts = Messages::of(language);
        let figure = self.value.map(|value| texts.figure(value)).unwrap_or_default();
        let state = match self.unchecked {
            None => texts.fill(
                if self.state == RuleState::Met { "rule.met" } else { "rule.not_met" },
                &[
                    ("value", &figure),
                    ("relation", relation(self.rule.comparison)),
                    ("limit", &texts.figure(self.rule.value)),
                ],
            ),
            Some(why) => texts.text(why.key()).to_owned(),
        };
        let rule = if language == Language::Chinese && !self.rule.text_zh.is_empty() {
            &self.rule.text_zh
        } else {
            &self.rule.text
        };
        let mut sentences = vec![rule.clone(), state];
        if !self.assumed.is_empty() {
            sentences.push(texts.fill("rule.assumed", &[("columns", &texts.list(&self.assumed))]));
        }
        sentences.join(texts.text("list.between_sentences"))
    }
}

fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::AtLeast => "≥",
        Relation::AtMost => "≤",
        Relation::Below => "<",
    }
}

/// Whether a figure keeps to a limit.
pub(crate) fn keeps(relation: Relation, value: f64, limit: f64) -> bool {
    match relation {
        Relation::AtLeast => value >= limit,
        Relation::AtMost => value <= limit,
        Relation::Below => value < limit,
    }
}

/// Judges the rules of a policy that hold for the way the release is shared.
pub(super) fn judge(evidence: &Evidence, policy: &Policy, language: Language) -> Vec<JudgedRule> {
    let sharing = evidence.settings.context.model;
    let applies =
        |rule: &&DataRule| rule.sharing.is_empty() || sharing.is_none_or(|sharing| rule.sharing.contains(&sharing));
    policy.data_rules.iter().filter(applies).map(|rule| of_rule(evidence, rule, language)).collect()
}

fn of_rule(evidence: &Evidence, rule: &DataRule, language: Language) -> JudgedRule {
    let id = rule.measure();
    let found = evidence.measures.iter().find(|measure| measure.id == id);
    let quasi = evidence.settings.quasi_identifiers.as_ref();
    let about_classes = rule.metric != Metric::DirectIdentifiers;
    let (state, unchecked) = match state(evidence, rule, found, about_classes) {
        Ok(true) => (RuleState::Met, None),
        Ok(false) => (RuleState::NotMet, None),
        Err(why) => (RuleState::NotChecked, Some(why)),
    };
    let mut judged = JudgedRule {
        rule: rule.clone(),
        state,
        verdict: match state {
            RuleState::Met => Some(Verdict::Pass),
            RuleState::NotMet => Some(Verdict::Fail),
            RuleState::NotChecked => None,
        },
        measure: id.to_owned(),
        value: found.and_then(|measure| measure.value),
        unchecked,
        assumed: quasi
            .filter(|quasi| about_classes && quasi.assumed())
            .map_or_else(Vec::new, |quasi| quasi.columns.clone()),
        message: String::new(),
    };
    judged.message = judged.words(language);
    judged
}

/// Whether the measure keeps to the rule, or why that is not known.
fn state(
    evidence: &Evidence,
    rule: &DataRule,
    found: Option<&Measure>,
    about_classes: bool,
) -> Result<bool, Unchecked> {
    let quasi = evidence.settings.quasi_identifiers.as_ref().filter(|_| about_classes);
    let found = found.ok_or(Unchecked::NoMeasure)?;
    if about_classes && quasi.is_none_or(QuasiIdentifiers::assumed) {
        return Err(Unchecked::QuasiIdentifiersAssumed);
    }
    let value = found.value.ok_or(Unchecked::NoFigure)?;
    let keeps = keeps(rule.comparison, value, rule.value);
    let sharing_is_known = evidence.settings.context.model.is_some();
    match keeps {
        true if quasi.is_some_and(|quasi| !quasi.not_counted.is_empty()) => Err(Unchecked::ColumnsNotCounted),
        true => Ok(true),
        false if !rule.sharing.is_empty() && !sharing_is_known => Err(Unchecked::NeedsSharing),
        false if found.how == "worst_context" => Err(Unchecked::NeedsContext),
        false => Ok(false),
    }
}
