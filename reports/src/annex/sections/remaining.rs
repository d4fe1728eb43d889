//! Section thirteen: what is left, what the method cannot do, and what is done about it.

use super::Composer;
use crate::annex::conclusion::ConclusionId;
use crate::annex::document::{Section, Text};

pub(super) fn remaining(composer: &Composer<'_>, section: &mut Section) {
    let assessed = composer.assessed;
    let conclusion = &assessed.conclusion;
    if conclusion.failed.is_empty() && conclusion.missing.is_empty() {
        section.paragraph(composer.t("annex.remaining.nothing"));
    }
    for (title, items) in
        [("annex.remaining.failed", &conclusion.failed), ("annex.remaining.open", &conclusion.missing)]
    {
        if !items.is_empty() {
            section.heading(composer.t(title));
            section.items(composer.items(items));
        }
    }
    if conclusion.id == ConclusionId::C3 {
        section.warning(Text::warning(composer.t("annex.remaining.advice_fail")));
    }
    section.heading(composer.t("annex.remaining.not_run"));
    let report = crate::content::report(assessed.input.evidence, composer.source.options);
    for gap in report.gaps {
        // What has no translation stands in the evidence file; its place is told all the same.
        let items: Vec<String> = gap.items.into_iter().filter(|item| !item.english).map(|item| item.text).collect();
        if !items.is_empty() {
            section.subheading(gap.title);
            section.items(items);
        }
    }
    section.heading(composer.t("annex.remaining.limits"));
    let keys = [
        "annex.remaining.limit_tests",
        "annex.remaining.limit_context",
        "annex.remaining.limit_rows",
        "annex.remaining.limit_marks",
    ];
    section.items(keys.map(|key| composer.t(key)));
    section.heading(composer.t("annex.remaining.treatment"));
    let treatment = &assessed.input.manifest.treatment;
    if treatment.is_empty() {
        section.paragraph(composer.t("annex.remaining.treatment_none"));
        if !conclusion.failed.is_empty() || !conclusion.missing.is_empty() {
            section.warning(Text::warning(composer.t("annex.remaining.treatment_needed")));
        }
        return;
    }
    let heads = [
        ("annex.head.item", 4),
        ("annex.head.measure", 4),
        ("annex.head.owner", 3),
        ("annex.head.due", 3),
        ("annex.head.done", 3),
    ];
    let mut table = composer.table("", &heads);
    for it in treatment {
        let done = it.done.map_or_else(|| composer.t("annex.text.none"), |day| day.to_string());
        table.row([it.risk.clone(), it.measure.clone(), it.owner.clone(), composer.day(it.due), done]);
    }
    section.table(table);
}
