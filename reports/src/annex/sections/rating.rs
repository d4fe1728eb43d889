//! Sections eleven and twelve: usefulness, and the rating of the impact on persons.

use super::Composer;
use crate::annex::document::{Align, Section, Text};
use crate::annex::manifest::{AdjustRule, IMPACTS, Impact, LIKELIHOODS, Likelihood, Word};
use crate::annex::rating::{by_scale, cell};

/// Section eleven.
pub(super) fn utility(composer: &Composer<'_>, section: &mut Section) {
    let utility = &composer.assessed.input.manifest.utility;
    if utility.is_empty() {
        section.warning(Text::warning(composer.t("annex.utility.none")));
    } else {
        let heads =
            [("annex.head.use", 3), ("annex.head.criterion", 4), ("annex.head.result", 4), ("annex.head.met", 2)];
        let mut table = composer.table(composer.texts.text("annex.utility.table"), &heads);
        for it in utility {
            table.row([it.purpose.clone(), it.criterion.clone(), it.result.clone(), composer.word(Some(it.met))]);
        }
        section.table(table);
    }
    section.paragraph(composer.t("annex.utility.tool"));
}

/// Section twelve.
pub(super) fn rating(composer: &Composer<'_>, section: &mut Section) {
    let assessed = composer.assessed;
    let (manifest, rating, rules) = (assessed.input.manifest, &assessed.rating, &assessed.input.rules.rating);
    section.paragraph(Text::from(composer.t("annex.rating.intro")).and(Text::marked("", rules.combination.mark)));
    let stated = |key: &str| composer.t(&format!("annex.aspect.{key}"));

    section.heading(composer.t("annex.rating.impact"));
    let heads = [
        ("annex.head.aspect", 4),
        ("annex.head.level", 2),
        ("annex.head.corrected_level", 2),
        ("annex.head.reason", 6),
    ];
    let mut table = composer.table("", &heads).align(Align::Center, &[1, 2]);
    for ((key, row), levels) in IMPACTS.iter().zip(&manifest.impact).zip(&rating.impacts) {
        let reason = row.as_ref().map_or_else(String::new, |row| row.reason.clone());
        let (level, corrected) = levels.map_or((None, None), |(level, corrected)| (Some(level), Some(corrected)));
        table.row([stated(key), composer.word(level), composer.word(corrected), composer.stated(&reason)]);
    }
    section.table(table);

    section.heading(composer.t("annex.rating.likelihood"));
    let heads = [("annex.head.aspect", 4), ("annex.head.level", 2), ("annex.head.reason", 7)];
    let mut table = composer.table("", &heads).align(Align::Center, &[1]);
    table.row([composer.t("annex.rating.by_tool"), composer.word(Some(rating.seen)), String::new()]);
    for ((key, row), level) in LIKELIHOODS.iter().zip(&manifest.likelihood).zip(&rating.likelihoods) {
        let reason = row.as_ref().map_or_else(String::new, |row| row.reason.clone());
        table.row([stated(key), composer.word(*level), composer.stated(&reason)]);
    }
    table.row([
        Text::strong(composer.t("annex.rating.combined")),
        Text::marked(composer.word(Some(rating.likelihood)), rules.combination.mark),
        composer.sourced(rules.combination.source(composer.language()), rules.combination.mark),
    ]);
    section.table(table);
    let persons = manifest.dataset.subjects.unwrap_or(0);
    let scale = by_scale(persons, rules);
    if scale != Likelihood::Low {
        let values = [("persons", composer.texts.count(persons)), ("level", composer.word(Some(scale)))];
        let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        section.paragraph(Text::marked(composer.fill("annex.rating.scale", &values), rules.scale_medium.mark));
    }
    corrections(composer, section);

    section.heading(composer.t("annex.rating.matrix"));
    let mut columns = vec![(composer.t("annex.rating.matrix_corner"), 3)];
    columns.extend(Likelihood::ALL.iter().map(|(likelihood, _)| (composer.word(Some(*likelihood)), 2)));
    let columns: Vec<(&str, u32)> = columns.iter().map(|(name, width)| (name.as_str(), *width)).collect();
    let mut table = crate::annex::document::Table::new("", &columns).align(Align::Center, &[1, 2, 3, 4]);
    for (impact, _) in Impact::ALL.iter().rev() {
        let grade = |(likelihood, _): &(Likelihood, &str)| composer.t(cell(*impact, *likelihood, rules).key());
        let grades = Likelihood::ALL.iter().map(grade);
        table.row([composer.word(Some(*impact))].into_iter().chain(grades));
    }
    section.table(table);
    section.paragraph(composer.sourced(rules.matrix.source(composer.language()), rules.matrix.mark));
    let grade = rating.grade.map_or("annex.grade.none", |grade| grade.key());
    section.paragraph(Text::strong(composer.fill("annex.rating.result", &[("grade", &composer.t(grade))])));
}

fn corrections(composer: &Composer<'_>, section: &mut Section) {
    let rules = &composer.assessed.input.rules.rating;
    section.heading(composer.t("annex.rating.corrections"));
    let corrections = &composer.assessed.rating.corrections;
    if corrections.is_empty() {
        section.paragraph(composer.t("annex.rating.no_corrections"));
        return;
    }
    let heads = [("annex.head.rule", 5), ("annex.head.state", 3), ("annex.head.reason", 5)];
    let mut table = composer.table("", &heads);
    for it in corrections {
        let mark = match it.rule {
            AdjustRule::SensitiveScale => rules.sensitive_persons.mark,
            AdjustRule::VulnerableGroup => rules.vulnerable.mark,
            AdjustRule::Deidentified | AdjustRule::Measures => rules.scale_high.mark,
        };
        let state = if it.applied { "annex.rating.applied" } else { "annex.rating.refused" };
        let reason = if it.reason.is_empty() { composer.t("annex.rating.by_itself") } else { it.reason.clone() };
        table.row([Text::marked(composer.word(Some(it.rule)), mark), composer.t(state).into(), reason.into()]);
    }
    section.table(table);
}
