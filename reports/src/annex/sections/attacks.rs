//! Sections eight and ten: the attacks, and how far their result depends on what was chosen.

use super::Composer;
use crate::annex::document::{Align, Section, Table, Text};
use crate::check::Needed;
use crate::evidence::{Attack, Rate};
use crate::percent::round_percent;

/// Scenarios of one attack that a table shows; the rest is counted and stands in the evidence file.
const SHOWN: usize = 20;

/// The attacks that every annex speaks of, in the order of section eight.
pub(super) const KEYS: [&str; 4] = ["singling_out", "linkability", "inference", "record_linkage"];

/// Section eight.
pub(super) fn attacks(composer: &Composer<'_>, section: &mut Section) {
    section.paragraph(composer.t("annex.attacks.intro"));
    for key in KEYS {
        let name = match key {
            "record_linkage" => composer.t("annex.attacks.fourth"),
            key => composer.attack_by_key(key),
        };
        section.heading(name);
        let found = composer.attacks_of(key);
        if found.is_empty() {
            section.warning(Text::warning(composer.t("annex.attacks.not_run")));
        } else {
            of_attack(composer, section, key, found);
        }
    }
    let membership = composer.attacks_of("membership");
    if membership.is_empty() {
        section.paragraph(composer.t("annex.attacks.membership"));
    } else {
        section.heading(composer.attack_by_key("membership"));
        of_attack(composer, section, "membership", membership);
    }
    section.heading(composer.t("annex.attacks.rare"));
    rare(composer, section);
}

fn of_attack(composer: &Composer<'_>, section: &mut Section, key: &str, mut found: Vec<&Attack>) {
    let confidence = round_percent(composer.assessed.input.evidence.settings.confidence);
    let count = found.len().to_string();
    section.paragraph(composer.fill("annex.attacks.scenarios", &[("count", &count), ("confidence", &confidence)]));
    // The lower end that holds for all at once comes first, as in the headline; the order of the evidence decides ties.
    let lower = |attack: &Attack| {
        let risk = attack.risk.as_ref()?;
        Some((risk.simultaneous.unwrap_or(risk.interval)[0], risk.value))
    };
    let place = |attack: &Attack| lower(attack).unwrap_or((f64::NEG_INFINITY, f64::NEG_INFINITY));
    found.sort_by(|one, other| {
        let (one, other) = (place(one), place(other));
        other.0.total_cmp(&one.0).then(other.1.total_cmp(&one.1))
    });
    if found.len() > SHOWN {
        let (shown, rest) = (SHOWN.to_string(), (found.len() - SHOWN).to_string());
        section.paragraph(composer.fill("annex.attacks.shown", &[("shown", &shown), ("rest", &rest)]));
    }
    let shown = &found[..found.len().min(SHOWN)];
    section.table(table(composer, shown));
    if shown.iter().any(|attack| attack.main.as_ref().is_some_and(|main| main.correct.is_some())) {
        section.table(claims(composer, shown));
    }
    if let Some(worst) = found.first().filter(|attack| attack.risk.is_some()) {
        let story = composer.source.sentence(&worst.attacker);
        section.paragraph(composer.fill("annex.attacks.worst", &[("story", &story)]));
    }
    let facts = &composer.assessed.facts.attacks;
    if let Some((_, state)) = facts.iter().find(|(attack, _)| attack.code() == key) {
        let limit = composer.assessed.check.attacks.iter().find(|it| it.attack.code() == key);
        let limit = limit.and_then(|it| it.limit.as_ref());
        let shown = limit.map_or_else(String::new, |limit| {
            composer.fill("annex.attacks.limit", &[("limit", &round_percent(limit.max_risk))])
        });
        let verdict = composer.t(state.key());
        let text = Text::strong(composer.fill("annex.attacks.verdict", &[("verdict", &verdict), ("limit", &shown)]));
        section.paragraph(match limit {
            Some(limit) => text.and(Text::marked("", super::mark_of(limit.source_status))),
            None => text,
        });
    }
}

fn table(composer: &Composer<'_>, attacks: &[&Attack]) -> Table {
    let heads = [
        ("annex.head.scenario", 6),
        ("annex.head.known", 6),
        ("annex.head.main", 5),
        ("annex.head.control", 5),
        ("annex.head.baseline", 3),
        ("annex.head.risk", 3),
        ("annex.head.single", 4),
        ("annex.head.corrected", 4),
        ("annex.head.verdict", 3),
    ];
    let mut table = composer.table("", &heads).align(Align::Right, &[2, 3, 4, 5, 6, 7]);
    let (texts, small) = (&composer.texts, &composer.source.small);
    let none = || texts.text("number.none").to_owned();
    let counts = |rate: Option<&Rate>| rate.map_or_else(none, |rate| hits(composer, rate));
    for attack in attacks {
        let step = small.step_of(attack);
        let [risk, single] = match &attack.risk {
            Some(risk) => {
                let shown = small.risk_of(texts, risk, step);
                [shown.value, shown.interval]
            }
            None => [none(), none()],
        };
        let corrected = attack.risk.as_ref().and_then(|risk| Some((risk, risk.simultaneous?)));
        let corrected =
            corrected.map_or_else(none, |(risk, interval)| small.risk(texts, risk.value, interval, step).interval);
        let baseline = attack.baseline.as_ref().map_or_else(none, |rate| small.rate(texts, rate, false).rate);
        table.row([
            composer.source.brief(&attack.attacker),
            known(composer, attack),
            counts(attack.main.as_ref()),
            counts(attack.control.as_ref()),
            baseline,
            risk,
            single,
            corrected,
            composer.source.status(attack.status).to_owned(),
        ]);
    }
    table
}

/// Hits over attempts. Where several candidates are left and each hit counts in part, what all of them are worth together.
fn hits(composer: &Composer<'_>, rate: &Rate) -> String {
    let (texts, small) = (&composer.texts, &composer.source.small);
    match rate.expected.filter(|_| !small.hides_rate(rate)) {
        Some(expected) => {
            let (part, whole) = (texts.decimal(expected), texts.count(rate.attempted));
            composer.fill("annex.attacks.expected", &[("part", &part), ("whole", &whole)])
        }
        None => small.rate(texts, rate, false).counts,
    }
}

/// What became of the claims of record linkage: whom they named, and whom they would have named among persons without a record.
fn claims(composer: &Composer<'_>, attacks: &[&Attack]) -> Table {
    let heads = [
        ("annex.head.scenario", 6),
        ("annex.head.attempted", 3),
        ("annex.head.correct", 3),
        ("annex.head.wrong", 3),
        ("annex.head.ambiguous", 3),
        ("annex.head.expected", 3),
        ("annex.head.false_claims", 4),
    ];
    let mut table =
        composer.table(composer.texts.text("annex.attacks.claims"), &heads).align(Align::Right, &[1, 2, 3, 4, 5, 6]);
    let (texts, small) = (&composer.texts, &composer.source.small);
    let none = || texts.text("number.none").to_owned();
    for attack in attacks {
        let Some(main) = &attack.main else { continue };
        let parts = [main.correct, main.wrong, main.ambiguous].map(Option::unwrap_or_default);
        let hidden = small.hidden_parts(&parts);
        let shown = parts.iter().zip(&hidden).map(|(count, hidden)| match hidden {
            true => small.withheld_count(texts, *count),
            false => texts.count(*count),
        });
        let shown: Vec<String> = shown.collect();
        // The expected number of persons found is not below that of right claims, and would give a hidden one away.
        let expected = main.expected.filter(|_| !hidden[0] && !hidden[2]);
        let expected = expected.map_or_else(|| texts.text("number.withheld").to_owned(), |it| texts.decimal(it));
        let false_claims = attack.control.as_ref().map_or_else(none, |rate| small.rate(texts, rate, false).counts);
        let attempted = small.count(texts, main.attempted);
        let brief = composer.source.brief(&attack.attacker);
        table.row([brief, attempted, shown[0].clone(), shown[1].clone(), shown[2].clone(), expected, false_claims]);
    }
    table
}

/// The columns that an attacker knows, the first few by name.
fn known(composer: &Composer<'_>, attack: &Attack) -> String {
    const NAMED: usize = 6;
    let inputs = &composer.assessed.input.evidence.inputs;
    let names = inputs.names(attack.attacker.columns()).take(NAMED + 1);
    let names: Vec<String> = names.map(|name| composer.source.column(name)).collect();
    if names.len() <= NAMED {
        return composer.texts.list(&names);
    }
    let shown = names[..NAMED].join(composer.texts.text("list.separator"));
    let more = (attack.attacker.columns().len() - NAMED).to_string();
    composer.fill("list.more", &[("names", &shown), ("more", &more)])
}

/// The largest risk of an attack with its interval, as the headline has it; `None` when the attack was not run.
pub(super) fn headline(composer: &Composer<'_>, key: &str) -> Option<String> {
    let evidence = composer.assessed.input.evidence;
    let (_, headline) = evidence.headline.iter().find(|(attack, _)| attack.code() == key)?;
    let (Some(risk), Some(interval)) = (headline.risk, headline.interval) else {
        return Some(composer.source.status(headline.status).to_owned());
    };
    let attack = headline.attacker.and_then(|at| evidence.attacks.get(usize::try_from(at).ok()?));
    let step = attack.and_then(|attack| composer.source.small.step_of(attack));
    let shown = composer.source.small.risk(&composer.texts, risk, interval, step);
    Some(composer.fill("list.remark", &[("name", &shown.value), ("remark", &shown.interval)]))
}

/// The largest risk of a band of rare values, with its secret; `None` when there is none.
pub(super) fn worst_rare(composer: &Composer<'_>) -> Option<String> {
    let small = &composer.source.small;
    let bands = composer.assessed.input.evidence.attacks.iter().flat_map(|attack| {
        let rare = attack.by_rarity().iter().filter(|band| band.up_to < 1.0);
        rare.filter_map(move |band| Some((attack, band, band.risk.as_ref()?)))
    });
    let (attack, band, risk) = bands.max_by(|one, other| {
        one.2.interval[0].total_cmp(&other.2.interval[0]).then(one.2.value.total_cmp(&other.2.value))
    })?;
    let step = small.step_of_rates(Some(&band.main), band.control.as_ref());
    let shown = small.risk_of(&composer.texts, risk, step);
    let secret = attack.attacker.secret().unwrap_or_default();
    Some(composer.fill("annex.row.worst_rare", &[("risk", &shown.value), ("secret", secret)]))
}

fn rare(composer: &Composer<'_>, section: &mut Section) {
    let report = crate::content::report(composer.assessed.input.evidence, composer.source.options);
    if report.rare.is_empty() {
        section.warning(Text::warning(composer.t("annex.attacks.not_run")));
        return;
    }
    section.paragraph(composer.t("annex.attacks.rare_intro"));
    for fold in report.rare {
        let heads: Vec<(&str, u32)> = fold.table.heads.iter().map(|head| (head.label.as_str(), 1)).collect();
        let mut table = Table::new(fold.table.caption.clone(), &heads);
        for row in &fold.table.rows {
            table.row(row.iter().map(String::as_str));
        }
        section.table(table);
        section.items(fold.notes.into_iter().map(|note| note.text));
    }
}

/// Section ten.
pub(super) fn robustness(composer: &Composer<'_>, section: &mut Section) {
    let evidence = composer.assessed.input.evidence;
    section.heading(composer.t("annex.robustness.columns"));
    let report = crate::content::report(evidence, composer.source.options);
    let keys = composer.attack_keys().into_iter();
    let counted = keys.map(|key| (composer.attack_by_key(key), composer.attacks_of(key).len()));
    let counted = counted.map(|(attack, count)| {
        composer.fill("annex.robustness.columns_row", &[("attack", &attack), ("count", &count.to_string())])
    });
    section.items(counted);
    if let Some((_, dose)) = report.dose {
        let heads: Vec<(&str, u32)> = dose.heads.iter().map(|head| (head.label.as_str(), 1)).collect();
        let mut table = Table::new(dose.caption.clone(), &heads);
        for row in &dose.rows {
            table.row(row.iter().map(String::as_str));
        }
        section.table(table);
    }
    section.heading(composer.t("annex.robustness.seeds"));
    let settings = &evidence.settings;
    let mut table = composer.pairs("");
    let seeds = [("seed", settings.seed.to_string()), ("count", settings.seeds.to_string())];
    let seeds: Vec<(&str, &str)> = seeds.iter().map(|(key, value)| (*key, value.as_str())).collect();
    table.row([composer.t("annex.robustness.seeds"), composer.fill("annex.robustness.seeds_value", &seeds)]);
    table.row([composer.t("annex.robustness.tolerance"), round_percent(settings.tolerance)]);
    table.row([composer.t("annex.robustness.date_tolerance"), composer.texts.decimal(settings.date_tolerance)]);
    section.table(table);
    section.heading(composer.t("annex.robustness.needed"));
    let needed: Vec<String> = composer
        .assessed
        .check
        .attacks
        .iter()
        .filter_map(|verdict| {
            let attack = composer.attack(verdict.attack);
            let count = |count: u64| composer.texts.count(count);
            Some(match verdict.needed.as_ref()? {
                Needed::FurtherTargets { further, total, .. } => {
                    let (further, total) = (count(*further), count(*total));
                    composer.fill(
                        "annex.robustness.further",
                        &[("attack", &attack), ("further", &further), ("total", &total)],
                    )
                }
                Needed::LargerTables { original, .. } => {
                    composer.fill("annex.robustness.larger", &[("attack", &attack), ("original", &count(*original))])
                }
                Needed::Never { .. } => composer.fill("annex.robustness.never", &[("attack", &attack)]),
            })
        })
        .collect();
    if needed.is_empty() {
        section.paragraph(composer.t("annex.robustness.none_needed"));
    }
    section.items(needed);
}
