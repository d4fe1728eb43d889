//! Section seven: the re-identification risk of GB/T 42460 and what else was counted.

use super::Composer;
use super::processing::cut_off;
use crate::annex::document::{Align, Mark, Section, Text};
use crate::annex::facts::{self, measure};
use crate::annex::manifest::{Model, Word};
use crate::evidence::Measure;
use crate::percent::percent;

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
    super::identifiers::counted_on(composer, section);
    figures(composer, section);
    sizes(composer, section);
    others(composer, section);
}

/// The figures of the standards, each with where it is from and what that is worth.
fn figures(composer: &Composer<'_>, section: &mut Section) {
    let assessed = composer.assessed;
    let (facts, evidence) = (&assessed.facts, assessed.input.evidence);
    let heads = [("annex.head.item", 4), ("annex.head.value", 3), ("annex.head.source", 6)];
    let mut table = composer.table("", &heads);
    let mut row = |key: &str, value: Option<String>, source: &str| {
        let (source, mark) = origin(composer, source);
        let value = match value {
            Some(value) => Text::marked(value, mark),
            None => composer.t("annex.text.not_tested").into(),
        };
        table.row([Text::from(composer.t(key)), value, composer.sourced(&source, mark)]);
    };
    let (texts, small) = (&composer.texts, &composer.source.small);
    let least = facts.least_class;
    let classes = least.and_then(|_| facts::value(evidence, measure::CLASSES));
    let hides = |classes: u64| least.is_some_and(|least| small.hides(least)) && small.hides(classes);
    let classes = classes.map(|classes| match hides(classes as u64) {
        true => small.count(texts, classes as u64),
        false => texts.count(classes as u64),
    });
    row("annex.risk.classes", classes, CLASSES_FROM);
    row("annex.risk.least_class", least.map(|least| small.count(texts, least)), CLASSES_FROM);
    // Below the smallest count k is not told, and neither is what k follows from.
    let hidden = least.is_some_and(|least| small.hides(least));
    let cut_off = facts.risk.cut_off.map_or_else(String::new, |cut_off| cut_off.to_string());
    let above = facts.risk.above_cut_off.map(|above| {
        let key = if above { "annex.risk.r_a_above" } else { "annex.risk.r_a_none" };
        composer.fill(key, &[("cut_off", &cut_off)])
    });
    row("annex.risk.r_a", above, "gbt42460_annex_d");
    let largest = facts.risk.largest.map(|value| match hidden {
        true => format!(">1/{}", small.min),
        false => composer.probability(value),
    });
    row("annex.risk.r_b", largest, "gbt42460_annex_d");
    row("annex.risk.r_c", facts.risk.class_mean.map(|value| composer.probability(value)), "gbt42460_annex_d");
    row("annex.risk.row_mean", facts.risk.row_mean.map(|value| composer.probability(value)), "gbt37964_annex_b");
    let data = match assessed.input.manifest.release.model {
        Some(Model::Public) => "annex.risk.by_largest",
        _ => "annex.risk.by_mean",
    };
    let overall = facts.risk.overall.map(|value| {
        let shown = composer.probability(value);
        let above = facts.risk.above_cut_off == Some(true);
        let how = composer.t(if above { "annex.risk.by_cut_off" } else { data });
        composer.fill("list.remark", &[("name", &shown), ("remark", &how)])
    });
    row("annex.risk.overall", overall, "gbt42460_annex_d");
    row("annex.risk.level", facts.risk.level.map(|level| level.to_string()), "gbt42460_annex_d");
    section.table(table);
    section.paragraph(Text::marked(composer.t("annex.risk.levels"), Mark::Secondary));
}

/// Where figures of classes are from.
const CLASSES_FROM: &str = "samarati_2001";

/// Where a measure is from, by its code, and what that is worth for a filing.
fn origin(composer: &Composer<'_>, code: &str) -> (String, Mark) {
    let mark = match code {
        "gbt42460_annex_a" | "gbt42460_annex_d" => Mark::Secondary,
        "gbt37964_annex_b" | "pipl_73_4" => Mark::Confirmed,
        _ => Mark::Proposal,
    };
    let key = format!("measure.source.{code}");
    let known = composer.texts.has(&key);
    (if known { composer.t(&key) } else { composer.t("annex.text.in_evidence") }, mark)
}

/// How many classes there are of each size.
fn sizes(composer: &Composer<'_>, section: &mut Section) {
    let evidence = composer.assessed.input.evidence;
    let found = evidence.measures.iter().find(|it| it.id == measure::SIZES);
    let Some(found) = found.filter(|found| !found.sizes.is_empty()) else { return };
    let heads = [("annex.head.class_size", 4), ("annex.head.classes", 3), ("annex.head.records", 3)];
    let mut table = composer.table("", &heads).align(Align::Right, &[1, 2]);
    let (texts, small) = (&composer.texts, &composer.source.small);
    for band in &found.sizes {
        let [from, to] = [Some(band.from), band.to].map(|end| end.map(|end| texts.count(end)).unwrap_or_default());
        let size = match band.to {
            Some(to) if to == band.from => from,
            Some(_) => texts.fill("measures.from_to", &[("from", &from), ("to", &to)]),
            None => texts.fill("measures.from", &[("from", &from)]),
        };
        // Classes of enough records hide nobody, however few they are.
        let few = small.hides(band.from) || small.hides(band.rows);
        let classes = if few { small.count(texts, band.classes) } else { texts.count(band.classes) };
        table.row([size, classes, small.count(texts, band.rows)]);
    }
    section.heading(composer.t("annex.risk.sizes"));
    section.table(table);
}

/// What the evidence has beside the figures of the standard.
fn others(composer: &Composer<'_>, section: &mut Section) {
    let evidence = composer.assessed.input.evidence;
    let model = composer.assessed.input.manifest.release.model.map_or("", Word::word);
    let shown = [
        measure::LEAST_CLASS,
        measure::CLASSES,
        measure::SIZES,
        measure::DIRECT,
        measure::MEAN_OF_CLASSES,
        measure::MEAN_OF_ROWS,
        "gbt42460.r_b",
        "gbt42460.threshold",
    ];
    let of_risk = |it: &&Measure| measure::OF_RISK.iter().any(|family| it.id.starts_with(family));
    // Other ways of sharing, and the context that the tests were configured with, are not those of this annex.
    let of_model = |id: &str| match id.strip_prefix("gbt42460.") {
        Some(rest) => rest.strip_prefix("r_a.") == Some(model),
        None => true,
    };
    let heads = [("annex.head.item", 5), ("annex.head.value", 3), ("measures.head.how", 4), ("annex.head.source", 4)];
    let mut table = composer.table("", &heads).align(Align::Right, &[1]);
    for it in evidence.measures.iter().filter(of_risk).filter(|it| !shown.contains(&it.id.as_str()) && of_model(&it.id))
    {
        let coded = |family: &str, code: &str| {
            let key = format!("measure.{family}{code}");
            if composer.texts.has(&key) { composer.t(&key) } else { code.to_owned() }
        };
        let name = coded("", &it.id);
        let name = match &it.column {
            Some(column) => composer.fill("list.remark", &[("name", &name), ("remark", column)]),
            None => name,
        };
        let (source, mark) = origin(composer, &it.source);
        let how = coded("how.", &it.how);
        let figure = figure(composer, it);
        let figure = if it.value.is_some() { Text::marked(figure, mark) } else { figure.into() };
        table.row([Text::from(name), figure, how.into(), source.into()]);
    }
    if !table.rows.is_empty() {
        section.heading(composer.t("annex.risk.others"));
        section.table(table);
    }
}

/// The value of a measure as an annex may show it: no size of a class below the smallest count, and nothing that tells one.
fn figure(composer: &Composer<'_>, it: &Measure) -> String {
    let small = &composer.source.small;
    let withheld = || composer.texts.text("number.withheld").to_owned();
    let last = it.id.rsplit('.').next().unwrap_or_default();
    let Some(value) = it.value else { return composer.texts.text("number.none").to_owned() };
    // k of whatever kind is a number of persons or records, and the largest risk is one over it.
    let is_size = matches!(last, "k" | "population_k");
    let over_size = last == "largest" || it.id == "risk.overall.public";
    match it.denominator {
        _ if is_size && small.hides(value as u64) => withheld(),
        _ if over_size && value > 0.0 && small.hides((1.0 / value).round() as u64) => withheld(),
        Some(whole) if small.hides((value * whole as f64).round() as u64) => withheld(),
        Some(whole) => {
            let of = composer.fill("annex.risk.denominator", &[("count", &composer.texts.count(whole))]);
            format!("{}{of}", percent(value))
        }
        None if is_size => composer.texts.count(value as u64),
        None => composer.probability(value),
    }
}
