//! Parts of the persons that are more at risk than everybody: one table per attack.

use super::small::RiskWords;
use super::{Fold, Source, Table};
use crate::evidence::AttackKind;
use crate::words::groups::name;

/// One table per attack that has groups.
pub fn folds(source: &Source<'_>) -> Vec<Fold> {
    AttackKind::ALL.iter().filter_map(|attack| fold(source, *attack)).collect()
}

fn fold(source: &Source<'_>, kind: AttackKind) -> Option<Fold> {
    let texts = &source.texts;
    let worst = source.evidence.worst_of_each_group(kind);
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
        vec![name(texts, &group.group), persons, value, interval, main, control, source.brief(&attack.attacker)]
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
