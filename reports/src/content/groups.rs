//! Parts of the persons that are more at risk than everybody: one table per attack.

use super::small::RiskWords;
use super::{Fold, Source, Table};
use crate::evidence::{Attack, AttackKind, Group, GroupFigures};

/// One table per attack that has groups.
pub fn folds(source: &Source<'_>) -> Vec<Fold> {
    AttackKind::ALL.iter().filter_map(|attack| fold(source, *attack)).collect()
}

/// Each group of an attack with the attacker who shows most of it.
pub(crate) fn worst_of_each(attacks: &[Attack], kind: AttackKind) -> Vec<(&GroupFigures, &Attack)> {
    let mut worst: Vec<(&GroupFigures, &Attack)> = Vec::new();
    let of_kind = attacks.iter().filter(|attack| attack.attack == kind);
    for (found, attack) in of_kind.flat_map(|attack| attack.groups.iter().map(move |group| (group, attack))) {
        match worst.iter_mut().find(|(known, _)| known.group == found.group) {
            Some(known) if shown(found) > shown(known.0) => *known = (found, attack),
            Some(_) => {}
            None => worst.push((found, attack)),
        }
    }
    worst
}

/// What is shown beyond doubt of a group, over all groups and attackers at once.
pub(crate) fn shown(group: &GroupFigures) -> f64 {
    let ends = group.risk.as_ref().map(|risk| risk.simultaneous.unwrap_or(risk.interval));
    ends.map_or(f64::NEG_INFINITY, |ends| ends[0])
}

fn fold(source: &Source<'_>, kind: AttackKind) -> Option<Fold> {
    let texts = &source.texts;
    let worst = worst_of_each(&source.evidence.attacks, kind);
    if worst.is_empty() {
        return None;
    }
    let mut heads = vec![source.head("head.group"), source.head("head.persons"), source.term("risk")];
    heads.extend([source.term("simultaneous"), source.term("main"), source.term("control"), source.term("attacker")]);
    let rows = worst.iter().map(|(group, attack)| {
        let reference = group.control.as_ref().or(group.nonmember.as_ref());
        let step = source.small.step_of_rates(Some(&group.main), reference);
        let none = || texts.text("number.none").to_owned();
        let RiskWords { value, interval, .. } = match &group.risk {
            None => RiskWords { value: none(), interval: none(), plotted: None },
            Some(risk) => {
                let ends = risk.simultaneous.unwrap_or(risk.interval);
                source.small.risk(texts, risk.value, ends, step)
            }
        };
        let persons = source.small.count(texts, group.main.attempted);
        let main = source.small.rate(texts, &group.main, false).rate;
        let control = reference.map_or_else(none, |rate| source.small.rate(texts, rate, false).rate);
        vec![name(source, &group.group), persons, value, interval, main, control, source.brief(&attack.attacker)]
    });
    let attack = source.attack_name(kind);
    let count = worst.len().to_string();
    let values = [("attack", attack), ("count", count.as_str())];
    Some(Fold {
        summary: texts.fill("groups.summary", &values),
        open: false,
        table: Table { caption: texts.fill("groups.caption", &values), heads, rows: rows.collect() },
        notes: Vec::new(),
    })
}

fn name(source: &Source<'_>, group: &Group) -> String {
    crate::words::groups::name(&source.texts, group)
}
