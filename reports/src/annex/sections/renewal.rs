//! Section fourteen: deadlines, retention, and what makes a new evaluation necessary.

use super::Composer;
use crate::annex::dates::kept_until;
use crate::annex::document::{Section, Text};
use crate::annex::triggers::{Finding, Trigger};

pub(super) fn renewal(composer: &Composer<'_>, section: &mut Section) {
    let assessed = composer.assessed;
    section.heading(composer.t("annex.renewal.dates"));
    if assessed.dates.is_empty() {
        section.warning(Text::warning(composer.t("annex.renewal.undated")));
    } else {
        let heads = [("annex.head.clock", 4), ("annex.head.day", 4), ("annex.head.state", 2), ("annex.head.source", 6)];
        let mut table = composer.table("", &heads);
        for it in &assessed.dates {
            table.row([
                Text::from(composer.t(it.clock.key())),
                Text::marked(it.day.to_string(), it.mark),
                composer.t(it.state.key()).into(),
                composer.sourced(it.source(composer.language()), it.mark),
            ]);
        }
        section.table(table);
    }
    if assessed.dates.iter().any(|it| it.working_days) {
        let holidays = &assessed.input.rules.time.holiday_days;
        section.paragraph(Text::marked(composer.t("annex.renewal.working_days"), holidays.mark));
    }
    if let Some(day) = kept_until(&assessed.dates) {
        section.paragraph(Text::strong(composer.fill("annex.renewal.kept_until", &[("day", &day.to_string())])));
    }
    section.heading(composer.t("annex.renewal.baseline"));
    baseline(composer, section);
    section.heading(composer.t("annex.renewal.triggers"));
    triggers(composer, section);
}

/// What the next comparison starts from.
fn baseline(composer: &Composer<'_>, section: &mut Section) {
    let assessed = composer.assessed;
    let (evidence, route) = (assessed.input.evidence, &assessed.route);
    let mut table = composer.pairs("");
    let digest = evidence.inputs.anonymized.sha256.clone().unwrap_or_default();
    table.row([composer.t("annex.integrity.release_sha256"), composer.stated(&digest)]);
    let rows: Vec<&str> = route.rows.iter().map(|row| row.id()).collect();
    table.row([composer.t("annex.row.route"), composer.list(&rows)]);
    let persons =
        [("persons", composer.texts.count(route.persons)), ("sensitive", composer.texts.count(route.sensitive))];
    let persons: Vec<(&str, &str)> = persons.iter().map(|(key, value)| (*key, value.as_str())).collect();
    table.row([composer.t("annex.processing.volume"), composer.fill("annex.route.compared", &persons)]);
    for key in composer.attack_keys() {
        let shown = super::attacks::headline(composer, key).unwrap_or_else(|| composer.t("annex.text.not_tested"));
        table.row([composer.attack_by_key(key), shown]);
    }
    table.row([composer.t("annex.integrity.policy"), assessed.input.policy.digest.clone()]);
    table.row([composer.t("annex.renewal.rules"), assessed.input.rules.id.clone()]);
    section.table(table);
}

fn triggers(composer: &Composer<'_>, section: &mut Section) {
    let assessed = composer.assessed;
    let rules = assessed.input.rules;
    let found =
        |trigger: Trigger| assessed.triggers.as_ref().and_then(|all| all.iter().find(|it| it.trigger == trigger));
    if assessed.triggers.is_none() {
        section.paragraph(composer.t("annex.renewal.no_previous"));
    }
    let compared = assessed.triggers.is_some();
    let mut heads =
        vec![("annex.head.trigger", 2), ("annex.head.when", 6), ("annex.head.action", 5), ("annex.head.source", 5)];
    if compared {
        heads.extend([("annex.head.state", 3), ("annex.head.changed", 4)]);
    }
    let mut table = composer.table("", &heads);
    for trigger in Trigger::ALL {
        let source = rules.triggers.get(trigger.id());
        let source = source.map_or_else(Text::default, |it| composer.sourced(it.words(composer.language()), it.mark));
        let mut row: Vec<Text> = vec![
            trigger.id().into(),
            composer.trigger(&trigger.when()).into(),
            composer.trigger(&trigger.action()).into(),
            source,
        ];
        if let Some(finding) = found(trigger) {
            let keys = [finding.changed.clone(), finding.unknown.clone(), finding.closed.clone()].concat();
            row.push(state(composer, finding));
            row.push(keys.join(composer.texts.text("list.separator")).into());
        }
        table.row(row);
    }
    section.table(table);
}

fn state(composer: &Composer<'_>, finding: &Finding) -> Text {
    if finding.fires() {
        return Text::warning(composer.t("annex.renewal.fired"));
    }
    if finding.undetermined() {
        return composer.t("annex.renewal.undetermined").into();
    }
    if finding.warning {
        return composer.t("annex.clock_state.warning").into();
    }
    let key = if finding.closed.is_empty() { "annex.renewal.quiet" } else { "annex.renewal.closed" };
    composer.t(key).into()
}

impl Composer<'_> {
    /// A sentence of a trigger, with the numbers of the rules.
    fn trigger(&self, key: &str) -> String {
        super::super::words::trigger(&self.texts, key, self.assessed.input.rules)
    }
}
