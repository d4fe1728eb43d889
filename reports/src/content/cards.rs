//! One card per attack: its figure, what that is a share of, and its limit.

use super::{Card, Source, SourceStatus, Verdict};
use crate::evidence::{AttackKind, Status};
use crate::message::Language;
use crate::percent::round_percent;

impl Source<'_> {
    /// A verdict in a word.
    pub fn verdict_word(&self, verdict: Verdict) -> &str {
        match verdict {
            Verdict::Pass => self.texts.text("verdict.pass"),
            Verdict::Fail => self.texts.text("verdict.fail"),
            Verdict::Inconclusive => self.texts.text("verdict.inconclusive"),
        }
    }

    /// What a source is worth, in a few words.
    pub fn source_status(&self, status: SourceStatus) -> &str {
        match status {
            SourceStatus::LawOrStandard => self.texts.text("source.law_or_standard"),
            SourceStatus::AuthorityGuidance => self.texts.text("source.guidance"),
            SourceStatus::SecondarySource => self.texts.text("source.secondary"),
            SourceStatus::OrganizationSet => self.texts.text("source.organization"),
        }
    }
}

/// One attack at a glance.
pub fn card(source: &Source<'_>, name: AttackKind) -> Card {
    let texts = &source.texts;
    let limit = source.limit_of(name);
    let risk = source.headline_risk(name);
    let none = texts.text("number.none");
    let value = risk.as_ref().map_or_else(|| none.to_owned(), |risk| risk.value.clone());
    Card {
        loosened: limit.is_some_and(|limit| limit.overridden.is_some_and(|own| own < limit.limit)),
        term: name.code(),
        title: source.attack_name(name).to_owned(),
        question: texts.of_attack("card.{attack}.question", name).to_owned(),
        verdict: limit.map(|limit| limit.verdict),
        word: limit.map_or_else(String::new, |limit| source.verdict_word(limit.verdict).to_owned()),
        sentence: sentence(source, name, risk.as_ref().map(|risk| risk.value.as_str())),
        risk: value,
        label: label(source, name),
        bounds: bounds(source, name, risk.as_ref().map(|risk| risk.interval.as_str())),
        limit: limit_notes(source, name),
    }
}

/// What the figure is a share of; none where there is no figure.
fn label(source: &Source<'_>, name: AttackKind) -> String {
    let texts = &source.texts;
    let controlled = source.worst_of(name).is_some_and(|attack| attack.control.is_some());
    if source.evidence.headline.get(&name).is_none_or(|headline| headline.risk.is_none()) {
        return String::new();
    }
    let key = if controlled { "figure.{attack}.residual" } else { "figure.{attack}.plain" };
    texts.of_attack(key, name).to_owned()
}

/// The figure's interval and its limit, in short.
fn bounds(source: &Source<'_>, name: AttackKind, interval: Option<&str>) -> Vec<String> {
    let texts = &source.texts;
    let confidence = source.confidence();
    let interval =
        interval.map(|interval| texts.fill("figure.interval", &[("interval", interval), ("confidence", &confidence)]));
    let limit =
        source.limit_of(name).map(|limit| texts.fill("figure.limit", &[("limit", &round_percent(limit.limit))]));
    interval.into_iter().chain(limit).collect()
}

fn sentence(source: &Source<'_>, name: AttackKind, risk: Option<&str>) -> String {
    let texts = &source.texts;
    let Some(headline) = source.evidence.headline.get(&name) else {
        return texts.text("card.not_run").to_owned();
    };
    let Some(risk) = risk else {
        return match headline.status {
            Status::Infeasible => texts.text("card.infeasible").to_owned(),
            _ if headline.apart > 0 && headline.undetermined == 0 => texts.text("card.too_few").to_owned(),
            _ => texts.text("card.undetermined").to_owned(),
        };
    };
    let controlled = source.worst_of(name).is_some_and(|attack| attack.control.is_some());
    let key = if controlled { "card.{attack}.residual" } else { "card.{attack}.plain" };
    let mut sentence = texts.fill_of_attack(key, name, &[("risk", risk)]);
    let mut add = |key: &str| {
        sentence.push_str(texts.text("list.between_sentences"));
        sentence.push_str(texts.text(key));
    };
    if headline.status == Status::Weak {
        add("card.weak");
    }
    if headline.undetermined > 0 {
        add("card.some_undetermined");
    }
    sentence
}

fn limit_notes(source: &Source<'_>, name: AttackKind) -> Vec<String> {
    let texts = &source.texts;
    let Some(limit) = source.limit_of(name) else {
        return if source.options.check.is_some() { vec![texts.text("card.no_limit").to_owned()] } else { Vec::new() };
    };
    let shown = round_percent(limit.limit);
    let status = source.source_status(limit.source_status);
    let chinese = texts.language() == Language::Chinese && !limit.source_zh.is_empty();
    let of = if chinese { &limit.source_zh } else { &limit.source };
    let values = [("limit", shown.as_str()), ("source", of), ("status", status)];
    let mut notes = vec![texts.fill("card.limit", &values)];
    if let Some(own) = limit.overridden {
        notes.push(texts.fill("card.overridden", &[("own", &round_percent(own))]));
    }
    if limit.verdict == Verdict::Inconclusive {
        notes.push(match limit.further_targets {
            Some(targets) => texts.fill("card.further", &[("targets", &texts.count(targets))]),
            None => texts.text("card.no_further").to_owned(),
        });
    }
    let calibration = source.evidence.calibration.as_ref().filter(|_| limit.verdict == Verdict::Pass);
    let little = calibration.and_then(|calibration| calibration.too_little_at(name, limit.limit));
    notes.extend(little.map(|power| crate::words::calibration::too_little(texts, power)));
    notes
}
