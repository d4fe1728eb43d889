//! Would the attacks have noticed a leak? One table over all attacks.

use super::{Fold, Source, Table};
use crate::evidence::{AttackKind, Calibration, LeakName};
use crate::message::Messages;
use crate::percent::round_percent;
use crate::words::calibration::found;

/// The table; nothing where it was not asked for.
pub fn folds(source: &Source<'_>) -> Vec<Fold> {
    let Some(calibration) = &source.evidence.calibration else { return Vec::new() };
    vec![Fold {
        summary: source.texts.text("calibration.summary").to_owned(),
        open: false,
        table: table(&source.texts, calibration),
        notes: Vec::new(),
    }]
}

/// A row per attack and kind of leak, a column per share.
pub fn table(texts: &Messages, calibration: &Calibration) -> Table {
    let shares = shares(calibration);
    let head = |label: String| super::Head { label, term: None };
    let mut heads = vec![head(texts.text("head.attack").to_owned()), head(texts.text("calibration.leak").to_owned())];
    heads.extend(shares.iter().map(|share| head(round_percent(*share))));
    let mut rows = Vec::new();
    for kind in AttackKind::ALL {
        let Some(of_attack) = calibration.attacks.get(kind) else { continue };
        let name = texts.of_attack("term.{attack}.name", *kind).to_owned();
        let mut none =
            vec![name.clone(), texts.text("calibration.none").to_owned(), found(texts, &of_attack.false_alarms)];
        none.resize(heads.len(), String::new());
        rows.push(none);
        for of_leak in of_attack.power.chunk_by(|a, b| a.leak == b.leak) {
            let cell = |share: &f64| {
                let of_share = of_leak.iter().find(|power| power.share == *share);
                of_share.map_or(String::new(), |power| found(texts, &power.found))
            };
            let cells = shares.iter().map(cell);
            rows.push(
                [name.clone(), texts.text(leak_key(of_leak[0].leak)).to_owned()].into_iter().chain(cells).collect(),
            );
        }
    }
    let (runs, persons) = (texts.count(calibration.runs), texts.count(calibration.persons));
    let control = match calibration.control {
        Some(control) => texts.fill("calibration.with_control", &[("count", &texts.count(control))]),
        None => texts.text("calibration.without_control").to_owned(),
    };
    let values = [("runs", runs.as_str()), ("persons", &persons), ("control", &control)];
    Table { caption: texts.fill("calibration.caption", &values), heads, rows }
}

/// The shares that were planted, ascending.
fn shares(calibration: &Calibration) -> Vec<f64> {
    let all = calibration.attacks.values().flat_map(|of_attack| &of_attack.power).map(|power| power.share);
    let mut shares: Vec<f64> = all.collect();
    shares.sort_by(f64::total_cmp);
    shares.dedup();
    shares
}

/// The key of a kind of leak.
fn leak_key(leak: LeakName) -> &'static str {
    match leak {
        LeakName::Verbatim => "calibration.kind.verbatim",
        LeakName::Noise => "calibration.kind.noise",
        LeakName::Changed => "calibration.kind.changed",
        LeakName::Group => "calibration.kind.group",
        LeakName::Generalized => "calibration.kind.generalized",
    }
}
