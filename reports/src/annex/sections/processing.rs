//! Sections two and three: the work, the processing and the scenario.

use super::Composer;
use crate::annex::document::{Mark, Section, Text};
use crate::annex::manifest::{AGREEMENT, FilingRoute, Model, Word, YesNo};
use crate::annex::rules::Marked;

/// Section two.
pub(super) fn work(composer: &Composer<'_>, section: &mut Section) {
    let input = &composer.assessed.input;
    let (assessment, evidence) = (&input.manifest.assessment, input.evidence);
    section.heading(composer.t("annex.work.organized"));
    let mut table = composer.pairs("");
    let mut row = |key: &str, value: String| table.row([composer.t(key), value]);
    let days = [("from", composer.day(assessment.started)), ("to", composer.day(assessment.ended))];
    let days: Vec<(&str, &str)> = days.iter().map(|(key, day)| (*key, day.as_str())).collect();
    row("annex.work.started", composer.fill("annex.text.days", &days));
    row("annex.work.organization", composer.stated(&assessment.organization));
    row("annex.work.method", composer.stated(&assessment.method));
    row("annex.work.independent", composer.word(Some(assessment.independent)));
    if let Some(third) = &input.manifest.third_party {
        let values =
            [("name", third.name.as_str()), ("uscc", &third.uscc), ("role", &third.role), ("part", &third.part)];
        row("annex.work.third_party", composer.fill("annex.cover.third_party_value", &values));
    }
    section.table(table);
    section.heading(composer.t("annex.work.steps"));
    if assessment.steps.is_empty() {
        section.paragraph(composer.stated(""));
    }
    section.items(assessment.steps.iter().map(String::as_str));
    section.heading(composer.t("annex.work.team"));
    let mut table = composer.table("", &[("annex.head.member", 1), ("annex.head.role_of", 2)]);
    for member in &assessment.team {
        table.row([member.name.clone(), composer.word(member.role)]);
    }
    if assessment.team.is_empty() {
        section.paragraph(composer.stated(""));
    } else {
        section.table(table);
    }
    section.heading(composer.t("annex.work.standards"));
    section.items(standards(composer));

    section.heading(composer.t("annex.work.facts"));
    let mut table = composer.pairs("");
    let mut row = |key: &str, value: String| table.row([composer.t(key), value]);
    let tool = &evidence.tool;
    let values = [("name", tool.name.as_str()), ("version", &tool.version), ("commit", &tool.commit)];
    row("annex.work.tool", composer.fill("annex.work.tool_value", &values));
    let run = |of: fn(&crate::evidence::Run) -> &str| {
        evidence.run.as_ref().map_or_else(|| composer.t("annex.work.run_none"), |run| of(run).to_owned())
    };
    row("annex.work.run_on", run(|run| &run.started));
    row("annex.work.platform", run(|run| &run.platform));
    section.table(table);
    section.heading(composer.t("annex.work.deviations"));
    section.items(deviations(composer));
}

/// Titles of the standards that the manifest names, or of those that belong to the route.
fn standards(composer: &Composer<'_>) -> Vec<Text> {
    let input = &composer.assessed.input;
    let route = match input.manifest.intended() {
        FilingRoute::Unknown => FilingRoute::None,
        route => route,
    };
    let named = &input.manifest.standards;
    let follows = |id: &str, routes: &[String]| {
        if named.is_empty() {
            routes.iter().any(|known| known == route.word())
        } else {
            named.iter().any(|known| known == id)
        }
    };
    let of = input.rules.standards.iter().filter(|(id, standard)| follows(id, &standard.routes));
    of.map(|(_, standard)| Text::marked(standard.title(composer.language()), standard.mark)).collect()
}

fn deviations(composer: &Composer<'_>) -> Vec<String> {
    let evidence = composer.assessed.input.evidence;
    let mut found = Vec::new();
    match &evidence.inputs.control {
        None => found.push(composer.t("annex.work.control_none")),
        Some(control) => {
            found.push(composer.fill("annex.work.control_rows", &[("rows", &composer.texts.count(control.rows))]));
        }
    }
    match evidence.settings.attacks {
        Some(count) => {
            found.push(composer.fill("annex.work.sampled", &[("count", &composer.texts.count(count))]));
        }
        None => found.push(composer.t("annex.work.no_deviation")),
    }
    if evidence.settings.allow_overlapping_control {
        found.push(composer.t("annex.work.overlapping"));
    }
    for check in evidence.inputs.control_checks.iter().filter(|check| !check.passed || check.overridden) {
        let column = check
            .column
            .as_ref()
            .map_or_else(String::new, |name| composer.fill("annex.text.column", &[("name", name)]));
        found.push(composer.fill("annex.work.control_check", &[("check", &check.check), ("column", &column)]));
    }
    found
}

/// Section three.
pub(super) fn processing(composer: &Composer<'_>, section: &mut Section) {
    let manifest = composer.assessed.input.manifest;
    let processing = &manifest.processing;
    section.heading(composer.t("annex.processing.activity"));
    let mut table = composer.pairs("");
    let mut row = |key: &str, value: String| table.row([composer.t(key), value]);
    row("annex.processing.purpose", composer.stated(&processing.purpose));
    row("annex.processing.method", composer.stated(&processing.method));
    row("annex.processing.necessity", composer.stated(&processing.necessity));
    row("annex.processing.basis", composer.word(processing.legal_basis));
    row("annex.processing.notice", composer.word(Some(processing.notice)));
    row("annex.processing.consent", composer.word(Some(processing.separate_consent)));
    row("annex.processing.retention", composer.day(processing.retention_until));
    row("annex.processing.storage", composer.stated(&processing.storage_place));
    row("annex.processing.last_transfer", composer.day(processing.last_transfer_on));
    section.table(table);

    section.heading(composer.t("annex.processing.recipients"));
    recipients(composer, section);
    section.heading(composer.t("annex.processing.scenario"));
    scenario(composer, section);
    section.heading(composer.t("annex.processing.route"));
    route(composer, section);
}

fn recipients(composer: &Composer<'_>, section: &mut Section) {
    let heads = [
        ("annex.head.name", 4),
        ("annex.head.country", 2),
        ("annex.head.purpose", 4),
        ("annex.head.storage", 3),
        ("annex.head.onward", 3),
        ("annex.head.agreement", 6),
        ("annex.head.other_data", 4),
    ];
    let mut table = composer.table("", &heads);
    let recipients = &composer.assessed.input.manifest.recipients;
    for recipient in recipients {
        let answer = |(key, answer): (&&str, &YesNo)| {
            let name = composer.t(&format!("annex.word.agreement.{key}"));
            composer.fill("list.fact", &[("name", &name), ("value", &composer.t(&answer.key()))])
        };
        let agreement: Vec<String> = AGREEMENT.iter().zip(&recipient.agreement).map(answer).collect();
        table.row([
            composer.stated(&recipient.name),
            composer.stated(&recipient.country),
            composer.stated(&recipient.purpose),
            composer.stated(&recipient.storage_place),
            composer.word(Some(recipient.onward)),
            agreement.join(composer.texts.text("annex.text.semicolon")),
            composer.list(&recipient.other_data),
        ]);
    }
    if recipients.is_empty() {
        section.paragraph(composer.stated(""));
    } else {
        section.table(table);
    }
    for recipient in recipients.iter().filter(|recipient| recipient.law_changed_on.is_some()) {
        let value = composer.day(recipient.law_changed_on);
        let name = composer.t("annex.processing.law_changed");
        let name = composer.fill("list.remark", &[("name", &recipient.name), ("remark", &name)]);
        section.paragraph(composer.fill("list.fact", &[("name", &name), ("value", &value)]));
    }
}

fn scenario(composer: &Composer<'_>, section: &mut Section) {
    let input = &composer.assessed.input;
    let manifest = input.manifest;
    let mut table = composer.pairs("");
    let mut row = |key: &str, value: Text| table.row([Text::from(composer.t(key)), value]);
    row("annex.processing.model", composer.word(manifest.release.model).into());
    row("annex.processing.kind", composer.word(manifest.release.kind).into());
    let series = manifest.release.part_of_series.map_or_else(|| composer.stated(""), |it| composer.yes_no(it));
    row("annex.processing.series", series.into());
    row("annex.processing.claim", composer.word(manifest.claim.kind).into());
    row("annex.processing.perspective", composer.word(manifest.claim.perspective).into());
    let accepted = match &manifest.claim.accepted_by {
        Some(person) => {
            let date = composer.day(person.date);
            let values = [("name", person.name.as_str()), ("title", &person.title), ("date", &date)];
            composer.fill("annex.processing.accepted_value", &values)
        }
        None => composer.t("annex.processing.accepted_none"),
    };
    row("annex.processing.accepted", accepted.into());
    if let Some(model) = manifest.release.model {
        let cut_off = cut_off(composer, model);
        let values = [("cut_off", cut_off.value.to_string()), ("model", composer.word(Some(model)))];
        let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let key =
            if model == Model::Public { "annex.processing.metric_public" } else { "annex.processing.metric_other" };
        row("annex.risk.cut_off", Text::marked(composer.fill(key, &values), cut_off.mark));
    }
    let important = &manifest.important_data;
    let values = [("status", composer.word(Some(important.status))), ("basis", composer.stated(&important.basis))];
    let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
    row("annex.processing.important", composer.fill("annex.processing.important_value", &values).into());
    let route = &composer.assessed.route;
    let (persons, sensitive) = (composer.texts.count(route.persons), composer.texts.count(route.sensitive));
    let since = composer.day(manifest.volume.since);
    let values = [("since", since.as_str()), ("persons", &persons), ("sensitive", &sensitive)];
    row("annex.processing.volume", composer.fill("annex.processing.volume_value", &values).into());
    if !manifest.volume.forecast.is_empty() {
        let forecast: Vec<String> = manifest.volume.forecast.iter().map(|count| composer.texts.count(*count)).collect();
        row("annex.processing.forecast", composer.list(&forecast).into());
    }
    section.table(table);
}

/// The cut-off of a sharing model.
pub(super) fn cut_off<'a>(composer: &'a Composer<'_>, model: Model) -> &'a Marked<u64> {
    let numbers = &composer.assessed.input.rules.gbt42460;
    match model {
        Model::Public => &numbers.cut_off_public,
        Model::Controlled => &numbers.cut_off_controlled,
        Model::Enclave => &numbers.cut_off_enclave,
    }
}

fn route(composer: &Composer<'_>, section: &mut Section) {
    let assessed = composer.assessed;
    let (route, rules) = (&assessed.route, assessed.input.rules);
    match route.row() {
        Some(row) => section.paragraph(Text::strong(composer.row("annex.route.found", row))),
        None => {
            let missing = composer.list(&route.missing);
            section.warning(Text::warning(composer.fill("annex.route.undetermined", &[("missing", &missing)])));
            section.items(route.rows.iter().map(|row| composer.row("annex.route.possible", *row)));
        }
    }
    let sources = route.rows.iter().filter_map(|row| Some((row, rules.routes.get(row.id())?)));
    let mut table =
        composer.table(composer.texts.text("annex.route.table"), &[("annex.head.item", 2), ("annex.head.source", 8)]);
    for (row, source) in sources {
        table.row([Text::from(row.id()), composer.sourced(source.words(composer.language()), source.mark)]);
    }
    section.table(table);
    let persons =
        [("persons", composer.texts.count(route.persons)), ("sensitive", composer.texts.count(route.sensitive))];
    let persons: Vec<(&str, &str)> = persons.iter().map(|(key, value)| (*key, value.as_str())).collect();
    section.paragraph(composer.fill("annex.route.compared", &persons));
    let limits = [
        ("annex.route.assessment_persons", &rules.volume.assessment_persons),
        ("annex.route.assessment_sensitive", &rules.volume.assessment_sensitive),
        ("annex.route.filing_persons", &rules.volume.filing_persons),
        ("annex.route.filing_sensitive", &rules.volume.filing_sensitive),
    ];
    let heads = [("annex.head.item", 4), ("annex.head.value", 3), ("annex.head.source", 6)];
    let mut table = composer.table(composer.texts.text("annex.route.limits"), &heads);
    for (name, limit) in limits {
        let value = composer.fill("annex.route.from", &[("value", &composer.texts.count(limit.value))]);
        table.row([
            Text::from(composer.t(name)),
            Text::marked(value, limit.mark),
            composer.sourced(limit.source(composer.language()), limit.mark),
        ]);
    }
    section.table(table);
    let note = |note: &crate::annex::route::Note| -> Text {
        use crate::annex::route::Note;
        let text = composer.note(*note);
        match note {
            Note::Automotive => Text::marked(text, rules.volume.automotive_persons.mark),
            Note::NearPersons | Note::NearSensitive => Text::marked(text, rules.volume.warn_percent.mark),
            Note::ToldOn => Text::marked(text, rules.time.important_data_months.mark),
            Note::ExemptNotCounted => Text::marked(text, Mark::Unverified),
            _ => text.into(),
        }
    };
    section.items(route.notes.iter().map(note).chain([composer.t("annex.route.scope").into()]));
}
