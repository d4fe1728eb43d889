//! Section six: direct identifiers that were found, and the columns that are taken for quasi-identifiers.

use super::Composer;
use crate::annex::document::{Align, Section, Text};
use crate::annex::facts::{self, Counted, State};
use crate::annex::manifest::{Role, Transform};
use crate::words;

/// Section six.
pub(super) fn identifiers(composer: &Composer<'_>, section: &mut Section) {
    let input = &composer.assessed.input;
    section.heading(composer.t("annex.identifiers.found"));
    match composer.assessed.facts.identifiers {
        State::NotTested => section.paragraph(composer.t("annex.text.not_tested")),
        state => {
            let columns = composer.assessed.input.evidence.inputs.anonymized.columns;
            let columns = composer.texts.count(columns);
            section.paragraph(composer.fill("annex.identifiers.intro", &[("columns", &columns)]));
            if state == State::Pass {
                section.paragraph(composer.t("annex.identifiers.none"));
            } else if facts::findings(input.evidence, &["direct_identifier"]).next().is_some() {
                findings(composer, section, &["direct_identifier"]);
            } else {
                section.warning(Text::warning(composer.t("annex.identifiers.declared_only")));
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
        section.paragraph(composer.fill("annex.identifiers.quasi_list", &[("columns", &composer.columns(&quasi))]));
    }
    counted_on(composer, section);
    if !direct.is_empty() {
        let text = composer.fill("annex.identifiers.declared_direct", &[("columns", &composer.columns(&direct))]);
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
pub(super) fn findings(composer: &Composer<'_>, section: &mut Section, kinds: &[&str]) {
    let heads = [
        ("annex.head.item", 3),
        ("annex.head.column", 3),
        ("annex.head.rows", 2),
        ("annex.head.how", 4),
        ("annex.head.needs", 5),
    ];
    let mut table = composer.table("", &heads).align(Align::Right, &[2]);
    let count = |count: u64| composer.source.small.count(&composer.texts, count);
    for finding in facts::findings(composer.assessed.input.evidence, kinds) {
        let none = || composer.texts.text("number.none").to_owned();
        let rows = finding.rows.map_or_else(none, count);
        let column = finding.column.clone().unwrap_or_else(none);
        // A sentence of evidence of an older version is English, and may count persons.
        let how = match words::is_coded(finding) {
            true => words::how(finding, composer.language(), count),
            false => composer.t("annex.text.in_evidence"),
        };
        let needs = words::needs(finding, composer.language()).filter(|_| words::is_coded(finding));
        table.row([composer.finding(&finding.kind), column, rows, how, needs.unwrap_or_else(none)]);
    }
    section.table(table);
}

/// What the classes of the evidence were counted on.
pub(super) fn counted_on(composer: &Composer<'_>, section: &mut Section) {
    let evidence = composer.assessed.input.evidence;
    let Some(quasi) = &evidence.settings.quasi_identifiers else { return };
    let columns = composer.columns(&quasi.columns);
    match facts::counted_on(evidence) {
        Counted::Configured => section.paragraph(composer.fill("annex.identifiers.counted", &[("columns", &columns)])),
        Counted::Assumed => {
            let text = composer.fill("annex.identifiers.assumed", &[("columns", &columns)]);
            section.warning(Text::warning(text));
        }
        Counted::InPart => {
            let beside = composer.columns(&quasi.not_counted);
            let text = composer.fill("annex.identifiers.in_part", &[("columns", &columns), ("beside", &beside)]);
            section.warning(Text::warning(text));
        }
        Counted::Nothing => {}
    }
}
