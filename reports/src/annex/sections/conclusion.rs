//! Section one: the conclusion.

use super::{Composer, mark_of};
use crate::annex::clauses::Status;
use crate::annex::conclusion::ConclusionId;
use crate::annex::document::{Mark, Section, Table, Text};
use crate::annex::facts::State;
use crate::check::Policy;
use crate::check::policy::{DataRule, Metric, Relation};
use crate::percent::round_percent;

pub(super) fn conclusion(composer: &Composer<'_>, section: &mut Section) {
    let assessed = composer.assessed;
    let (conclusion, policy) = (&assessed.conclusion, assessed.input.policy);
    section.heading(composer.t("annex.conclusion.title"));
    let level = assessed.facts.risk.level.map_or_else(|| composer.t("annex.text.not_tested"), |it| it.to_string());
    let list = match conclusion.id {
        ConclusionId::C3 => composer.items(&conclusion.failed),
        _ => composer.items(&conclusion.missing),
    };
    let list = composer.list(&list);
    let sentence = composer.fill(conclusion.id.key(), &[("list", &list), ("level", &level)]);
    let sentence = format!("{} {sentence}", conclusion.id.id());
    section.paragraph(match conclusion.id {
        ConclusionId::C1 | ConclusionId::C2 => Text::strong(sentence),
        ConclusionId::C3 | ConclusionId::C4 => Text::warning(sentence),
    });
    if conclusion.id == ConclusionId::C3 && !conclusion.missing.is_empty() {
        let list = composer.list(&composer.items(&conclusion.missing));
        section.paragraph(composer.fill("annex.conclusion.also_missing", &[("list", &list)]));
    }
    if assessed.input.evidence.inputs.control.is_none() {
        section.paragraph(composer.t("annex.conclusion.no_control"));
    }
    let untested = untested(composer);
    if !untested.is_empty() {
        section.paragraph(composer.fill("annex.conclusion.untested", &[("list", &composer.list(&untested))]));
    }
    section.paragraph(composer.t("annex.conclusion.not_legal"));

    section.heading(composer.t("annex.conclusion.table"));
    let title = composer.either(&policy.title, &policy.title_zh);
    let version = policy.version.to_string();
    let digest = policy.digest.get(..12).unwrap_or_default();
    let values = [("title", title), ("name", &policy.name), ("version", &version), ("digest", digest)];
    section.paragraph(composer.fill("annex.conclusion.policy", &values));
    section.table(table(composer, policy));
    let confidence = round_percent(assessed.input.evidence.settings.confidence);
    section.paragraph(composer.fill("annex.conclusion.figures", &[("confidence", &confidence)]));

    if !policy.overrides.is_empty() {
        section.heading(composer.t("annex.conclusion.overrides"));
        overrides(composer, section);
    }
    if !conclusion.failed.is_empty() || !conclusion.missing.is_empty() {
        section.heading(composer.t("annex.conclusion.open"));
        section.items(composer.items(&[conclusion.failed.clone(), conclusion.missing.clone()].concat()));
    }
}

/// What was changed of the policy, in red.
pub(super) fn overrides(composer: &Composer<'_>, section: &mut Section) {
    for change in &composer.assessed.input.policy.overrides {
        let none = composer.t("annex.conclusion.override_none");
        let values =
            [("key", change.key.as_str()), ("from", change.from.as_deref().unwrap_or(&none)), ("to", &change.to)];
        let key = if change.loosens() { "annex.conclusion.override_looser" } else { "annex.conclusion.override" };
        section.warning(Text::warning(composer.fill(key, &values)));
    }
}

/// Names of what was not tested.
fn untested(composer: &Composer<'_>) -> Vec<String> {
    let facts = &composer.assessed.facts;
    let mut names = Vec::new();
    let mut add = |is: bool, key: &str| {
        if is {
            names.push(composer.t(key));
        }
    };
    add(facts.identifiers == State::NotTested, "annex.row.identifiers");
    add(facts.least_class.is_none(), "annex.row.least_class");
    add(facts.risk.overall.is_none() && facts.risk.level.is_none(), "annex.row.overall");
    for (key, name) in [
        ("singling_out", "annex.row.singling_out"),
        ("linkability", "annex.row.linkability"),
        ("inference", "annex.row.inference"),
        ("record_linkage", "annex.row.record_linkage"),
        ("membership", "annex.row.membership"),
    ] {
        add(composer.attacks_of(key).is_empty(), name);
    }
    add(facts.reversibility == State::NotTested, "annex.row.reversibility");
    names
}

fn table(composer: &Composer<'_>, policy: &Policy) -> Table {
    let assessed = composer.assessed;
    let facts = &assessed.facts;
    let rules = assessed.input.rules;
    let heads = [
        ("annex.head.item", 3),
        ("annex.head.result", 4),
        ("annex.head.criterion", 3),
        ("annex.head.source", 5),
        ("annex.head.verdict", 2),
    ];
    let mut table = composer.table("", &heads);
    let mut row = |name: &str, result: Text, criterion: Text, source: Text, state: String| {
        table.row([Text::from(composer.t(name)), result, criterion, source, state.into()]);
    };
    let state = |state: State| composer.t(state.key());
    let rule = |metric: Metric| policy.data_rules.iter().find(|rule| rule.metric == metric);
    let source_of = |rule: Option<&DataRule>| match rule {
        Some(rule) => composer.sourced(composer.either(&rule.source, &rule.source_zh), mark_of(rule.source_status)),
        None => composer.t("annex.text.none").into(),
    };
    let criterion_of = |rule: Option<&DataRule>| match rule {
        Some(rule) => {
            let value = composer.probability(rule.value);
            let key = match rule.comparison {
                Relation::AtLeast => "annex.row.at_least",
                Relation::Below | Relation::AtMost => "annex.row.below",
            };
            Text::marked(composer.fill(key, &[("value", &value), ("limit", &value)]), mark_of(rule.source_status))
        }
        None => composer.t("annex.row.no_limit").into(),
    };
    let state_of = |rule: Option<&DataRule>, figure: bool| {
        let found = rule.and_then(|rule| facts.data_rules.iter().find(|(id, _)| *id == rule.id));
        match found {
            Some((_, found)) => state(*found),
            None if figure => composer.t("annex.text.none"),
            None => state(State::NotTested),
        }
    };

    let count = assessed.input.evidence.findings.iter().filter(|it| it.kind == "direct_identifier");
    let columns: std::collections::BTreeSet<_> = count.filter_map(|it| it.column.as_ref()).collect();
    let result = match facts.identifiers {
        State::NotTested => composer.t("annex.text.not_tested"),
        _ if columns.is_empty() => composer.t("annex.row.none_found"),
        _ => composer.fill("annex.row.found_columns", &[("count", &columns.len().to_string())]),
    };
    let direct = rule(Metric::DirectIdentifiers);
    let source = match direct {
        Some(_) => source_of(direct),
        None => {
            composer.sourced(rules.gbt42460.least_level.source(composer.language()), rules.gbt42460.least_level.mark)
        }
    };
    let criterion = composer.t("annex.row.no_direct").into();
    row("annex.row.identifiers", result.into(), criterion, source, state(facts.identifiers));

    let size = rule(Metric::MinClassSize);
    let least = facts.least_class.map(|least| composer.source.small.count(&composer.texts, least));
    let result = least.unwrap_or_else(|| composer.t("annex.text.not_tested"));
    row(
        "annex.row.least_class",
        result.into(),
        criterion_of(size),
        source_of(size),
        state_of(size, facts.least_class.is_some()),
    );

    let overall = rule(Metric::OverallRisk);
    let result = match (facts.risk.overall, facts.risk.level) {
        (Some(risk), Some(level)) => {
            let values = [("risk", composer.probability(risk)), ("level", level.to_string())];
            let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
            Text::marked(composer.fill("annex.row.level", &values), Mark::Secondary)
        }
        (None, Some(level)) => {
            Text::marked(composer.fill("annex.row.level_only", &[("level", &level.to_string())]), Mark::Secondary)
        }
        _ => composer.t("annex.text.not_tested").into(),
    };
    row(
        "annex.row.overall",
        result,
        criterion_of(overall),
        source_of(overall),
        state_of(overall, facts.risk.overall.is_some()),
    );

    for key in composer.attack_keys() {
        let verdict = assessed.check.attacks.iter().find(|it| it.attack.code() == key);
        let headline = super::attacks::headline(composer, key);
        let own = policy.limits.iter().find(|(attack, _)| attack.code() == key).map(|(_, limit)| limit);
        let limit = verdict.and_then(|it| it.limit.as_ref()).or(own);
        let criterion = match limit {
            Some(limit) => {
                let shown = round_percent(limit.max_risk);
                let text = if limit.where_played { "annex.row.below_where_played" } else { "annex.row.below" };
                Text::marked(composer.fill(text, &[("limit", &shown)]), mark_of(limit.source_status))
            }
            None => composer.t("annex.row.no_limit").into(),
        };
        let source = match limit {
            Some(limit) => {
                composer.sourced(composer.either(&limit.source, &limit.source_zh), mark_of(limit.source_status))
            }
            None => composer.t("annex.text.none").into(),
        };
        let found = facts.attacks.iter().find(|(attack, _)| attack.code() == key);
        let verdict = match (found, headline.is_some()) {
            (Some((_, found)), _) => state(*found),
            (None, true) => composer.t("annex.text.none"),
            (None, false) => state(State::NotTested),
        };
        let result = headline.unwrap_or_else(|| composer.t("annex.text.not_tested"));
        let name = composer.attack_by_key(key);
        table.row([Text::from(name), result.into(), criterion, source, verdict.into()]);
    }
    let none = || Text::from(composer.t("annex.text.none"));
    let mut row = |name: &str, result: Text, criterion: Text, source: Text, state: String| {
        table.row([Text::from(composer.t(name)), result, criterion, source, state.into()]);
    };
    let rare = super::attacks::worst_rare(composer);
    let tested = if rare.is_some() { composer.t("annex.text.none") } else { state(State::NotTested) };
    let result = rare.unwrap_or_else(|| composer.t("annex.text.not_tested"));
    row("annex.row.rare", result.into(), composer.t("annex.row.no_limit").into(), none(), tested);

    let at = rules.clauses.iter().position(|clause| clause.needs == crate::annex::clauses::Needs::NotRestorable);
    let clause = at.map(|at| &rules.clauses[at]);
    let source = clause.map_or_else(none, |clause| composer.sourced(clause.title(composer.language()), clause.mark));
    let restorable = composer.t("annex.row.no_restorable").into();
    row("annex.row.reversibility", state(facts.reversibility).into(), restorable, source, state(facts.reversibility));

    let grade = assessed.rating.grade.map_or("annex.grade.none", |grade| grade.key());
    let matrix = &rules.rating.matrix;
    let source = composer.sourced(matrix.source(composer.language()), matrix.mark);
    let verdict = if assessed.rating.grade.is_some() { "annex.text.none" } else { Status::InputMissing.key() };
    let by = composer.t("annex.row.by_standard").into();
    row("annex.row.rating", Text::marked(composer.t(grade), matrix.mark), by, source, composer.t(verdict));

    let rows: Vec<String> =
        assessed.route.rows.iter().map(|found| composer.row("annex.row.route_found", *found)).collect();
    let source = match assessed.route.rows.first().and_then(|row| rules.routes.get(row.id())) {
        Some(source) => composer.sourced(source.words(composer.language()), source.mark),
        None => none(),
    };
    let verdict = if assessed.route.row().is_some() { composer.t("annex.text.none") } else { state(State::Open) };
    let result = rows.join(composer.texts.text("annex.text.semicolon"));
    row("annex.row.route", result.into(), composer.t("annex.row.by_table").into(), source, verdict);
    table
}
