//! What earlier releases of the same persons tell besides the latest one.

use super::{Fold, Source, Table};
use crate::evidence::{Attack, Attacker, EarlierShape, Rate};

/// What the releases show of one another, and what attackers find who have all of them; nothing without earlier releases.
pub fn folds(source: &Source<'_>) -> Vec<Fold> {
    let earlier = &source.evidence.inputs.earlier;
    if earlier.is_empty() {
        return Vec::new();
    }
    let fold = |summary: &str, table: Table| Fold {
        summary: source.texts.text(summary).to_owned(),
        open: true,
        table,
        notes: Vec::new(),
    };
    let mut folds = vec![fold("earlier.versions.summary", versions(source, earlier))];
    let attackers = attackers(source);
    if !attackers.rows.is_empty() {
        folds.push(fold("earlier.attackers.summary", attackers));
    }
    folds
}

fn versions(source: &Source<'_>, earlier: &[EarlierShape]) -> Table {
    let Source { texts, small, .. } = source;
    let heads = [
        "earlier.head.release",
        "earlier.head.rows",
        "earlier.head.linked",
        "earlier.head.appeared",
        "earlier.head.disappeared",
        "earlier.head.changed",
        "earlier.head.by",
    ];
    let rows = earlier.iter().enumerate().map(|(at, release)| {
        let mut row =
            vec![texts.fill("earlier.number", &[("number", &(at + 1).to_string())]), texts.count(release.rows)];
        match &release.versions {
            None => {
                row.extend((0..4).map(|_| texts.text("earlier.unknown").to_owned()));
                row.push(texts.text("earlier.not_linked").to_owned());
            }
            Some(versions) => {
                row.extend(
                    [versions.linked, versions.appeared, versions.disappeared].map(|count| small.count(texts, count)),
                );
                row.push(
                    versions.changed.map_or_else(
                        || texts.text("earlier.unknown").to_owned(),
                        |changed| small.count(texts, changed),
                    ),
                );
                row.push(match &versions.key {
                    Some(key) => texts.fill("earlier.by_key", &[("column", &source.column(key))]),
                    None => source.columns(&versions.columns),
                });
            }
        }
        row
    });
    Table {
        caption: texts.text("earlier.versions.caption").to_owned(),
        heads: heads.iter().map(|head| source.head(head)).collect(),
        rows: rows.collect(),
    }
}

/// Each attacker who has the earlier releases, beside who knows the same and has the latest one alone.
fn attackers(source: &Source<'_>) -> Table {
    let attacks = &source.evidence.attacks;
    let is_alone = |other: &&Attack, attack: &Attack| match (&other.attacker, &attack.attacker) {
        (
            Attacker::NamedRecord { matcher, columns, searched, truth, earlier: None },
            Attacker::NamedRecord { matcher: m, columns: c, searched: s, truth: t, earlier: Some(_) },
        ) => (matcher, columns, searched, truth) == (m, c, s, t),
        _ => false,
    };
    let rates = |attack: &Attack| {
        let words = |rate: &Rate| source.small.rate(&source.texts, rate, false).rate;
        [attack.main.as_ref(), attack.control.as_ref()].map(|rate| rate.map_or_else(String::new, words))
    };
    let rows = attacks.iter().filter_map(|attack| {
        let alone = attacks.iter().find(|other| is_alone(other, attack))?;
        Some([vec![source.brief(&alone.attacker)], rates(alone).to_vec(), rates(attack).to_vec()].concat())
    });
    let heads = [
        "earlier.head.attacker",
        "earlier.head.alone",
        "earlier.head.alone_control",
        "earlier.head.joined",
        "earlier.head.joined_control",
    ];
    Table {
        caption: source.texts.text("earlier.attackers.caption").to_owned(),
        heads: heads.iter().map(|head| source.head(head)).collect(),
        rows: rows.collect(),
    }
}
