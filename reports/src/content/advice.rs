//! What to change of a release, as `advise` tried it: without the rows that a change would take out, and without small counts.

use super::{Advised, Fold, Head, Source, Table};
use crate::advice::{Achieved, AdviceFile, AdvisedAttacker, not_computed};
use crate::evidence::{Attack, Number, Rate};
use crate::percent::percent;

/// Changes that are listed; the file has all.
const LISTED: usize = 10;

/// The section; none where nothing was tried.
pub fn advised(source: &Source<'_>) -> Option<Advised> {
    let (advice, texts) = (source.options.advice.as_ref()?, &source.texts);
    let remark = advice.remark(&not_computed(source.evidence), texts);
    if advice.attackers.is_empty() {
        return Some(Advised { intro: remark.unwrap_or_default(), folds: Vec::new() });
    }
    let attackers: Vec<(&AdvisedAttacker, &Attack)> = advice
        .attackers
        .iter()
        .filter_map(|advised| Some((advised, source.evidence.attacks.get(usize::try_from(advised.attacker).ok()?)?)))
        .collect();
    let mut folds = vec![changes(source, advice, &attackers)];
    folds
        .extend(attackers.iter().enumerate().map(|(at, (advised, attack))| contributions(source, at, advised, attack)));
    let intro = texts.fill("advice.in_report", &[("method", texts.text("advice.method"))]);
    let intro: Vec<String> = remark.into_iter().chain([intro]).collect();
    Some(Advised { intro: intro.join(texts.text("list.between_sentences")), folds })
}

fn changes(source: &Source<'_>, advice: &AdviceFile, attackers: &[(&AdvisedAttacker, &Attack)]) -> Fold {
    let texts = &source.texts;
    let mut heads = vec![source.head("advice.change")];
    heads.extend((1..=attackers.len()).map(|number| {
        let label = texts.fill("advice.after_one", &[("number", &number.to_string())]);
        Head { label, term: None }
    }));
    heads.extend(["advice.marginal", "advice.dependence", "advice.rows", "advice.worth"].map(|key| source.head(key)));
    let mut now = vec![texts.text("advice.as_released").to_owned()];
    now.extend(attackers.iter().map(|(advised, attack)| achieved(source, &advised.now, attack)));
    now.extend(std::iter::repeat_n(texts.text("number.none").to_owned(), 4));
    let worthwhile = advice.changes.iter().filter(|change| change.gain > 0.0).take(LISTED);
    let rows = worthwhile.map(|change| {
        let mut row = vec![change.change.shown(texts)];
        row.extend(change.after.iter().zip(attackers).map(|(after, (_, attack))| achieved(source, after, attack)));
        row.extend([change.marginal, change.dependence, change.rows].map(percent));
        row.push(texts.decimal(change.worth));
        row
    });
    Fold {
        summary: texts.text("advice.summary").to_owned(),
        open: true,
        table: Table {
            caption: texts.text("advice.caption").to_owned(),
            heads,
            rows: std::iter::once(now).chain(rows).collect(),
        },
        notes: Vec::new(),
    }
}

/// What each column contributes to an attacker.
fn contributions(source: &Source<'_>, at: usize, advised: &AdvisedAttacker, attack: &Attack) -> Fold {
    let texts = &source.texts;
    let now = shown(source, &advised.now, attack);
    let (number, attacker) = ((at + 1).to_string(), source.brief(&attack.attacker));
    let (risk, interval) = now.unwrap_or_else(|| [texts.text("number.none"); 2].map(str::to_owned).into());
    let values = [
        ("number", number.as_str()),
        ("attack", source.attack_name(advised.attack)),
        ("attacker", &attacker),
        ("risk", &risk),
        ("interval", &interval),
    ];
    let rows = advised
        .without
        .iter()
        .map(|without| vec![source.column(&without.column), achieved(source, &without.achieved, attack)]);
    Fold {
        summary: texts.fill("advice.of_attacker", &values),
        open: false,
        table: Table {
            caption: texts.text("advice.caption_of_columns").to_owned(),
            heads: ["advice.column", "advice.without"].map(|key| source.head(key)).into(),
            rows: rows.collect(),
        },
        notes: Vec::new(),
    }
}

fn achieved(source: &Source<'_>, achieved: &Achieved, attack: &Attack) -> String {
    if !achieved.possible {
        return source.texts.text("advice.impossible").to_owned();
    }
    match shown(source, achieved, attack) {
        Some((risk, interval)) => format!("{risk} ({interval})"),
        None => source.texts.text("advice.no_number").to_owned(),
    }
}

/// The risk and its interval, rounded where so few were hit that they must not be told.
fn shown(source: &Source<'_>, achieved: &Achieved, attack: &Attack) -> Option<(String, String)> {
    let (risk, interval) = achieved.risk.zip(achieved.interval)?;
    let main = attack.main.as_ref().map(|main| Rate {
        successes: Number::Whole(achieved.hits),
        rate: achieved.hits as f64 / main.attempted.max(1) as f64,
        ..main.clone()
    });
    let reference = attack.control.as_ref().or(attack.nonmember.as_ref());
    let step = source.small.step_of_rates(main.as_ref(), reference);
    let words = source.small.risk(&source.texts, risk.max(0.0), interval, step);
    Some((words.value, words.interval))
}
