//! Sections four and five: the data items, and what was done to them.

use super::Composer;
use crate::annex::document::{Align, Section, Text};
use crate::annex::manifest::{Column, Transform};
use crate::evidence::ColumnShape;

/// What the evidence knows of a column.
enum Seen<'a> {
    /// It is in original and release.
    Both(&'a ColumnShape),
    /// Tokens stand in its place.
    Token,
    /// It was left out of the tests.
    Ignored,
    /// It is a key of the evaluation.
    Key,
    /// The release does not have it.
    NotReleased,
    /// Only the release has it.
    OnlyReleased,
}

fn seen<'a>(composer: &'a Composer<'_>, name: &str) -> Seen<'a> {
    let evidence = composer.assessed.input.evidence;
    let (inputs, settings) = (&evidence.inputs, &evidence.settings);
    let is = |names: &[String]| names.iter().any(|known| known == name);
    if let Some(shape) = inputs.columns.iter().find(|shape| shape.name == name) {
        Seen::Both(shape)
    } else if is(&settings.tokens) {
        Seen::Token
    } else if settings.record_key.as_deref() == Some(name) || settings.subject_key.as_deref() == Some(name) {
        Seen::Key
    } else if is(&inputs.not_released) {
        Seen::NotReleased
    } else if is(&inputs.only_released) {
        Seen::OnlyReleased
    } else {
        Seen::Ignored
    }
}

/// Section four.
pub(super) fn items(composer: &Composer<'_>, section: &mut Section) {
    let input = &composer.assessed.input;
    let (dataset, inputs) = (&input.manifest.dataset, &input.evidence.inputs);
    section.heading(composer.t("annex.data.about"));
    let mut table = composer.pairs("");
    let mut row = |key: &str, value: String| table.row([composer.t(key), value]);
    row("annex.data.name", composer.stated(&dataset.name));
    row("annex.data.source", composer.stated(&dataset.source));
    let days = [("from", composer.day(dataset.period_from)), ("to", composer.day(dataset.period_to))];
    let days: Vec<(&str, &str)> = days.iter().map(|(key, day)| (*key, day.as_str())).collect();
    row("annex.data.period", composer.fill("annex.text.days", &days));
    row("annex.data.subjects", dataset.subjects.map_or_else(|| composer.stated(""), |it| composer.texts.count(it)));
    let groups: Vec<String> = dataset.groups.iter().map(|group| composer.word(Some(*group))).collect();
    row("annex.data.groups", composer.list(&groups));
    row("annex.data.taxonomy", composer.word(Some(dataset.taxonomy)));
    let both = |before: u64, after: u64| {
        let (before, after) = (composer.texts.count(before), composer.texts.count(after));
        composer.fill("annex.data.both", &[("before", &before), ("after", &after)])
    };
    row("annex.data.rows", both(inputs.original.rows, inputs.anonymized.rows));
    row("annex.data.columns", both(inputs.original.columns, inputs.anonymized.columns));
    row("annex.data.not_released", composer.columns(&inputs.not_released));
    row("annex.data.only_released", composer.columns(&inputs.only_released));
    section.table(table);

    section.heading(composer.t("annex.data.table"));
    let heads = [
        ("annex.head.number", 2),
        ("annex.head.column", 6),
        ("annex.head.description", 4),
        ("annex.head.role", 3),
        ("annex.head.class", 3),
        ("annex.head.transform", 3),
        ("annex.head.necessity", 4),
        ("annex.head.kind", 3),
        ("annex.head.missing", 4),
        ("annex.head.generalized", 4),
        ("annex.head.remark", 4),
    ];
    let mut table = composer.table("", &heads).align(Align::Center, &[0]);
    for (at, column) in input.manifest.columns.iter().enumerate() {
        let seen = seen(composer, &column.name);
        let [kind, missing, generalized] = figures(composer, &seen);
        let mut remarks = Vec::new();
        if column.important {
            remarks.push(composer.t("annex.data.important"));
        }
        remarks.extend(remark(composer, &seen));
        table.row([
            (at + 1).to_string(),
            column.name.clone(),
            composer.stated(&column.description),
            composer.word(column.role),
            composer.word(column.class),
            composer.word(column.transform),
            composer.stated(&column.necessity),
            kind,
            missing,
            generalized,
            remarks.join(composer.texts.text("annex.text.semicolon")),
        ]);
    }
    section.table(table);
    section.paragraph(composer.t("annex.data.no_values"));
}

fn figures(composer: &Composer<'_>, seen: &Seen<'_>) -> [String; 3] {
    let none = || composer.texts.text("number.none").to_owned();
    let Seen::Both(shape) = seen else { return [none(), none(), none()] };
    let small = |count| composer.source.small.count(&composer.texts, count);
    let (before, after) = (small(shape.missing_original), small(shape.missing_anonymized));
    let missing = composer.fill("annex.data.both", &[("before", &before), ("after", &after)]);
    [kind(composer, shape), missing, small(shape.generalized)]
}

fn kind(composer: &Composer<'_>, shape: &ColumnShape) -> String {
    match shape.kind.as_str() {
        "numeric" => composer.t("kind.numeric"),
        "date" => composer.t("kind.date"),
        "datetime" => composer.t("kind.datetime"),
        "boolean" => composer.t("kind.boolean"),
        "categorical" => composer.t("kind.categorical"),
        other => other.to_owned(),
    }
}

fn remark(composer: &Composer<'_>, seen: &Seen<'_>) -> Option<String> {
    let key = match seen {
        Seen::Both(shape) => match &shape.comparable {
            Some(comparable) if !comparable.comparable => "annex.data.not_comparable",
            _ => return None,
        },
        Seen::Token => "annex.data.token",
        Seen::Ignored => "annex.data.ignored",
        Seen::Key => "annex.data.key",
        Seen::NotReleased => "annex.data.absent",
        Seen::OnlyReleased => "annex.measures.measured_only",
    };
    Some(composer.t(key))
}

/// Section five.
pub(super) fn measures(composer: &Composer<'_>, section: &mut Section) {
    let manifest = composer.assessed.input.manifest;
    section.heading(composer.t("annex.measures.table"));
    if manifest.measures.is_empty() {
        section.paragraph(composer.t("annex.measures.none"));
    } else {
        let heads = [("annex.head.columns", 3), ("annex.head.technique", 3), ("annex.head.reason", 4)];
        let mut table = composer.table("", &heads);
        for measure in &manifest.measures {
            table.row([composer.columns(&measure.columns), measure.technique.clone(), measure.reason.clone()]);
        }
        section.table(table);
    }
    section.paragraph(Text::marked(
        composer.t("annex.measures.no_parameters"),
        composer.assessed.input.rules.health.class_size.mark,
    ));

    section.heading(composer.t("annex.measures.changes"));
    let mut table =
        composer.table("", &[("annex.head.column", 3), ("annex.head.declared", 3), ("annex.head.measured", 6)]);
    for column in &manifest.columns {
        table.row([column.name.clone(), composer.word(column.transform), measured(composer, column)]);
    }
    section.table(table);

    section.heading(composer.t("annex.measures.secrets"));
    let secrets = &manifest.secrets;
    let mut table = composer.pairs("");
    table.row([composer.t("annex.measures.mapping"), composer.word(secrets.mapping)]);
    table.row([composer.t("annex.measures.keys"), composer.word(secrets.keys)]);
    let attested = match secrets.attested_by.as_str() {
        "" => composer.stated(""),
        who => composer.fill("annex.measures.attested_value", &[("who", who), ("date", &composer.day(secrets.on))]),
    };
    table.row([composer.t("annex.measures.attested"), attested]);
    section.table(table);
}

/// What the tables show of a column's treatment.
fn measured(composer: &Composer<'_>, column: &Column) -> String {
    let small = |count| composer.source.small.count(&composer.texts, count);
    match seen(composer, &column.name) {
        Seen::Both(shape) => {
            let [before, after] = [shape.missing_original, shape.missing_anonymized].map(small);
            let generalized = small(shape.generalized);
            let values = [("generalized", generalized.as_str()), ("before", &before), ("after", &after)];
            composer.fill("annex.measures.measured_present", &values)
        }
        Seen::Token => composer.t("annex.measures.measured_token"),
        Seen::OnlyReleased => composer.t("annex.measures.measured_only"),
        Seen::NotReleased => composer.t("annex.measures.measured_absent"),
        Seen::Ignored if column.transform == Some(Transform::Removed) => composer.t("annex.measures.measured_absent"),
        Seen::Ignored | Seen::Key => composer.t("annex.measures.measured_unused"),
    }
}
