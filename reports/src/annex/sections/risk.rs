//! Sections six, seven and nine: identifiers, re-identification risk, reversibility.

use super::Composer;
use super::processing::cut_off;
use crate::annex::document::{Align, Mark, Section, Text};
use crate::annex::facts::{self, State, measure};
use crate::annex::manifest::{Model, Role, Transform};
use crate::evidence::{Finding, Measure};
use crate::message::Language;

/// Section six.
pub(super) fn identifiers(composer: &Composer<'_>, section: &mut Section) {
    let input = &composer.assessed.input;
    section.heading(composer.t("annex.identifiers.found"));
    match composer.assessed.facts.identifiers {
        State::NotTested => section.paragraph(composer.t("annex.text.not_tested")),
        state => {
            section.paragraph(composer.t("annex.identifiers.intro"));
            if state == State::Pass {
                section.paragraph(composer.t("annex.identifiers.none"));
            } else {
                findings(composer, section, &["direct_identifier"]);
            }
        }
    }
    section.heading(composer.t("annex.identifiers.quasi"));
    let of = |role: Role| -> Vec<&str> {
        let of = input.manifest.columns.iter().filter(|column| column.role == Some(role));
        of.filter(|column| column.transform != Some(Transform::Removed)).map(|column| column.name.as_str()).collect()
    };
    let (direct, quasi) = (of(Role::DirectIdentifier), of(Role::QuasiIdentifier));
    if quasi.is_empty() {
        section.paragraph(composer.t("annex.identifiers.quasi_none"));
    } else {
        section.paragraph(composer.fill("annex.identifiers.quasi_list", &[("columns", &composer.list(&quasi))]));
    }
    if !direct.is_empty() {
        let text = composer.fill("annex.identifiers.declared_direct", &[("columns", &composer.list(&direct))]);
        section.warning(Text::warning(text));
    }
    section.heading(composer.t("annex.identifiers.decision"));
    let decision = match (composer.assessed.facts.identifiers, composer.assessed.facts.risk.level) {
        (State::Fail, _) => "annex.identifiers.decision_1",
        (State::Pass, Some(4)) => "annex.identifiers.decision_4",
        (State::Pass, _) => "annex.identifiers.decision_more",
        _ => "annex.identifiers.decision_none",
    };
    section.paragraph(Text::marked(composer.t(decision), input.rules.gbt42460.least_level.mark));
}

/// A table of findings: kinds, columns and counts, and never a value.
fn findings(composer: &Composer<'_>, section: &mut Section, kinds: &[&str]) {
    let heads = [
        ("annex.head.item", 3),
        ("annex.head.column", 3),
        ("annex.head.rows", 2),
        ("annex.head.how", 4),
        ("annex.head.needs", 5),
    ];
    let mut table = composer.table("", &heads).align(Align::Right, &[2]);
    for finding in facts::findings(composer.assessed.input.evidence, kinds) {
        let none = || composer.texts.text("number.none").to_owned();
        let rows = finding.rows.map_or_else(none, |rows| composer.source.small.count(&composer.texts, rows));
        let column = finding.column.clone().unwrap_or_else(none);
        let [how, needs] = how(composer, finding);
        table.row([composer.finding(&finding.kind), column, rows, how, needs]);
    }
    section.table(table);
}

/// How something was found and what an outsider needs. The evidence says so in English; a Chinese document says it by kind.
fn how(composer: &Composer<'_>, finding: &Finding) -> [String; 2] {
    if composer.language() == Language::English {
        return [finding.how.clone(), finding.needs.clone().unwrap_or_default()];
    }
    let key = match finding.kind.as_str() {
        "direct_identifier" => ["annex.how.direct_identifier", "annex.needs.direct_identifier"],
        "restorable_column" => ["annex.how.restorable_column", "annex.needs.restorable_column"],
        "token_column" => ["annex.how.token_column", "annex.needs.token_column"],
        "row_order" => ["annex.how.row_order", "annex.needs.row_order"],
        "verbatim_rows" => ["annex.how.verbatim_rows", "annex.needs.verbatim_rows"],
        "incomparable_column" => ["annex.how.incomparable_column", "annex.needs.incomparable_column"],
        _ => ["annex.how.other", "annex.needs.other"],
    };
    key.map(|key| composer.t(key))
}

/// Section seven.
pub(super) fn risk(composer: &Composer<'_>, section: &mut Section) {
    let input = &composer.assessed.input;
    let (risk, rules, language) = (&composer.assessed.facts.risk, input.rules, composer.language());
    let heads = [("annex.head.item", 4), ("annex.head.value", 3), ("annex.head.source", 6)];
    section.heading(composer.t("annex.risk.plan"));
    let mut table = composer.table("", &heads);
    let mut row = |key: &str, value: Text, source: Text| table.row([Text::from(composer.t(key)), value, source]);
    if let Some(model) = input.manifest.release.model {
        let cut_off = cut_off(composer, model);
        let value = Text::marked(format!("1/{}", cut_off.value), cut_off.mark);
        row("annex.risk.cut_off", value, composer.sourced(cut_off.source(language), cut_off.mark));
    }
    let threshold = &rules.gbt42460.threshold;
    let shown = composer.fill("annex.row.below", &[("limit", &composer.probability(threshold.value))]);
    row(
        "annex.risk.threshold",
        Text::marked(shown, threshold.mark),
        composer.sourced(threshold.source(language), threshold.mark),
    );
    let probability = |value: Option<f64>, mark: Mark| match value {
        Some(value) => Text::marked(composer.probability(value), mark),
        None => composer.stated("").into(),
    };
    let context = &rules.context;
    if input.manifest.release.model == Some(Model::Public) {
        let public = Text::marked(composer.t("annex.risk.public"), context.public_attempt.mark);
        row(
            "annex.risk.context",
            public,
            composer.sourced(context.public_attempt.source(language), context.public_attempt.mark),
        );
    } else {
        let given = &input.manifest.context;
        let filer = |source: Option<&str>| match source {
            Some(source) => composer.fill("annex.risk.filer_source", &[("source", source)]).into(),
            None => Text::from(composer.stated("")),
        };
        let table_b1 = composer.sourced(context.deliberate.source(language), context.deliberate.mark);
        row("annex.risk.deliberate", probability(risk.deliberate, context.deliberate.mark), table_b1);
        let source = given.p.as_ref().map(|p| p.source.as_str());
        row("annex.risk.inadvertent", probability(risk.inadvertent, context.inadvertent_least.mark), filer(source));
        let source = given.breach_rate.as_ref().map(|rate| rate.source.as_str());
        row("annex.risk.breach", probability(risk.breach, Mark::Unverified), filer(source));
        let source = composer.sourced(context.deliberate.source(language), context.deliberate.mark);
        row("annex.risk.context", probability(risk.context, context.deliberate.mark), source);
    }
    section.table(table);
    super::conclusion::overrides(composer, section);

    section.heading(composer.t("annex.risk.figures"));
    let tested =
        measure::OF_RISK.iter().any(|family| input.evidence.measures.iter().any(|it| it.id.starts_with(family)));
    if !tested {
        section.warning(Text::warning(composer.t("annex.risk.not_tested")));
        return;
    }
    figures(composer, section);
    others(composer, section);
}

fn figures(composer: &Composer<'_>, section: &mut Section) {
    let assessed = composer.assessed;
    let (facts, evidence) = (&assessed.facts, assessed.input.evidence);
    let mark = assessed.input.rules.gbt42460.threshold.mark;
    let mut table = composer.table("", &[("annex.head.item", 5), ("annex.head.value", 5)]);
    let mut row = |key: &str, value: Option<String>| {
        let value = match value {
            Some(value) => Text::marked(value, mark),
            None => composer.t("annex.text.not_tested").into(),
        };
        table.row([Text::from(composer.t(key)), value]);
    };
    let least = facts.least_class;
    row("annex.risk.least_class", least.map(|least| composer.source.small.count(&composer.texts, least)));
    // Below the smallest count k is not told, and neither is what k follows from.
    let hidden = least.is_some_and(|least| composer.source.small.hides(least));
    let cut_off = facts.risk.cut_off.map_or_else(String::new, |cut_off| cut_off.to_string());
    let above = facts.risk.above_cut_off.map(|above| {
        let key = if above { "annex.risk.r_a_above" } else { "annex.risk.r_a_none" };
        composer.fill(key, &[("cut_off", &cut_off)])
    });
    row("annex.risk.r_a", above);
    let largest = facts.risk.largest.map(|value| match hidden {
        true => format!(">1/{}", composer.source.small.min),
        false => composer.probability(value),
    });
    row("annex.risk.r_b", largest);
    let mean = |id: &str| facts::value(evidence, id).map(|value| composer.probability(value));
    row("annex.risk.r_c", mean(measure::MEAN_OF_CLASSES));
    row("annex.risk.row_mean", mean(measure::MEAN_OF_ROWS));
    row("annex.risk.overall", facts.risk.overall.map(|value| composer.probability(value)));
    row("annex.risk.level", facts.risk.level.map(|level| level.to_string()));
    section.table(table);
}

/// What the evidence has beside the figures of the standard.
fn others(composer: &Composer<'_>, section: &mut Section) {
    let evidence = composer.assessed.input.evidence;
    let shown = [measure::LEAST_CLASS, measure::MEAN_OF_CLASSES, measure::MEAN_OF_ROWS];
    let of_risk = |it: &&Measure| measure::OF_RISK.iter().any(|family| it.id.starts_with(family));
    let small = &composer.source.small;
    let few = composer.assessed.facts.least_class.is_some_and(|least| small.hides(least));
    let mut table = composer.table("", &[("annex.head.item", 6), ("annex.head.value", 4)]).align(Align::Right, &[1]);
    for it in evidence.measures.iter().filter(of_risk).filter(|it| !shown.contains(&it.id.as_str())) {
        let key = format!("measure.{}", it.id);
        let name = if composer.texts.has(&key) { composer.t(&key) } else { it.id.clone() };
        // A size of a class below the smallest count, or one over it, would tell the size.
        let of_size =
            it.id.contains("k") && it.value.is_some_and(|value| value.fract() == 0.0 && small.hides(value as u64));
        let over_size = few && it.id.ends_with("largest");
        let value = match (it.value, it.denominator) {
            (None, _) => composer.texts.text("number.none").to_owned(),
            _ if of_size || over_size => composer.texts.text("number.withheld").to_owned(),
            (Some(value), Some(whole)) => {
                let part = (value * whole as f64).round() as u64;
                match small.hides(part) {
                    true => composer.texts.text("number.withheld").to_owned(),
                    false => {
                        let of = composer.fill("annex.risk.denominator", &[("count", &composer.texts.count(whole))]);
                        format!("{}{of}", composer.texts.percent(value))
                    }
                }
            }
            (Some(value), None) => composer.probability(value),
        };
        table.row([name, value]);
    }
    if !table.rows.is_empty() {
        section.heading(composer.t("annex.risk.others"));
        section.table(table);
    }
}

/// Section nine.
pub(super) fn reversibility(composer: &Composer<'_>, section: &mut Section) {
    let assessed = composer.assessed;
    section.paragraph(composer.t("annex.reversibility.intro"));
    section.heading(composer.t("annex.reversibility.table"));
    let any = facts::findings(assessed.input.evidence, &facts::REVERSIBILITY).next().is_some();
    if assessed.facts.reversibility == State::NotTested {
        section.warning(Text::warning(composer.t("annex.reversibility.not_tested")));
    } else if !any {
        section.paragraph(composer.t("annex.reversibility.none"));
    }
    if any {
        findings(composer, section, &facts::REVERSIBILITY);
    }
    section.heading(composer.t("annex.reversibility.others"));
    let others = &assessed.input.manifest.release.others;
    if others.is_empty() {
        section.paragraph(composer.t("annex.reversibility.others_none"));
        return;
    }
    let heads = [("annex.head.name", 4), ("annex.head.date", 2), ("annex.head.relation", 3)];
    let mut table = composer.table("", &heads);
    for other in others {
        table.row([other.name.clone(), composer.day(other.date), composer.word(Some(other.relation))]);
    }
    section.table(table);
}
