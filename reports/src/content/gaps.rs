//! What was not measured and why, and what else the reader must know.

use super::{Gap, Item, Source};
use crate::evidence::{Attack, AttackKind, Evidence, Finding, Status, Warning};
use crate::words;

/// All groups that have an entry.
pub fn gaps(source: &Source<'_>) -> Vec<Gap> {
    let Source { evidence, texts, .. } = source;
    let gap = |title: &str, items: Vec<Item>| Gap { title: texts.text(title).to_owned(), items };
    let inputs = &evidence.inputs;
    let columns = [
        ("gap.columns.not_released", &inputs.not_released),
        ("gap.columns.only_released", &inputs.only_released),
        ("gap.columns.ignored", &evidence.settings.ignored),
    ];
    let columns = columns.into_iter().filter(|(_, columns)| !columns.is_empty());
    let columns = columns.map(|(key, columns)| Item::new(texts.fill(key, &[("columns", &source.columns(columns))])));
    let mut gaps = vec![
        gap("gap.findings.title", findings(source)),
        gap("gap.attacks.title", attacks(source)),
        gap("gap.infeasible.title", attackers(source, Status::Infeasible, "gap.infeasible.item")),
        gap("gap.undetermined.title", attackers(source, Status::Undetermined, "gap.undetermined.item")),
        gap("gap.weak.title", attackers(source, Status::Weak, "gap.weak.item")),
        gap("gap.control.title", control(source)),
        gap("gap.columns.title", columns.collect()),
        gap("gap.warnings.title", warnings(source)),
    ];
    gaps.push(gap("gap.scope.title", scope(source)));
    gaps.retain(|gap| !gap.items.is_empty());
    gaps
}

impl Source<'_> {
    /// What a finding is, in the report's language; where the kind is unknown, its name.
    pub fn finding(&self, kind: &str) -> String {
        let key = format!("finding.{kind}.what");
        if self.texts.has(&key) { self.texts.text(&key).to_owned() } else { kind.replace('_', " ") }
    }
}

/// Findings of one kind together: what, in which columns, and what to do.
fn findings(source: &Source<'_>) -> Vec<Item> {
    let Source { evidence, texts, .. } = source;
    let mut kinds: Vec<&str> = evidence.findings.iter().map(|finding| finding.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let item = |kind: &str| {
        let of_kind = evidence.findings.iter().filter(|finding| finding.kind == kind);
        let columns: Vec<&String> = of_kind.filter_map(|finding| finding.column.as_ref()).collect();
        let mut text = source.finding(kind);
        if !columns.is_empty() {
            text = texts.fill("list.fact", &[("name", &text), ("value", &source.columns(&columns))]);
        }
        let advice = format!("finding.{kind}.advice");
        if texts.has(&advice) {
            text = texts.fill("gap.findings.item", &[("finding", &text), ("advice", texts.text(&advice))]);
        }
        Item::new(text)
    };
    // What was found by a code is told one by one: how, and what an intruder needs.
    let told = |finding: &Finding| {
        if !words::is_coded(finding) {
            return None;
        }
        let how = words::how(finding, texts.language(), |count| source.small.count(texts, count));
        let sentences: Vec<String> = std::iter::once(how).chain(words::needs(finding, texts.language())).collect();
        let value = sentences.join(texts.text("list.between_sentences"));
        let name = finding.column.clone().unwrap_or_else(|| source.finding(&finding.kind));
        Some(Item::new(texts.fill("list.fact", &[("name", &name), ("value", &value)])))
    };
    kinds.into_iter().map(item).chain(evidence.findings.iter().filter_map(told)).collect()
}

fn attacks(source: &Source<'_>) -> Vec<Item> {
    let absent = AttackKind::ALL.iter().filter(|name| !source.evidence.headline.contains_key(name));
    let item = |name: &AttackKind| source.texts.fill("gap.attacks.item", &[("attack", source.attack_name(*name))]);
    absent.map(|name| Item::new(item(name))).collect()
}

fn attackers(source: &Source<'_>, status: Status, key: &str) -> Vec<Item> {
    let with = source.evidence.attacks.iter().filter(|attack| attack.status == status);
    let item = |attack: &Attack| {
        let (name, brief) = (source.attack_name(attack.attack), source.brief(&attack.attacker));
        source.texts.fill(key, &[("attack", name), ("attacker", &brief)])
    };
    with.map(|attack| Item::new(item(attack))).collect()
}

fn control(source: &Source<'_>) -> Vec<Item> {
    let Source { evidence, texts, small, .. } = source;
    let mut items = Vec::new();
    if evidence.inputs.control.is_none() {
        items.push(Item::new(texts.text("warning.no_control").to_owned()));
    }
    if let Some(overlap) = evidence.inputs.overlap.as_ref().filter(|overlap| overlap.shared > 0) {
        let (shared, most) = (small.count(texts, overlap.shared), texts.decimal(overlap.expected_at_most));
        let values = [("shared", shared.as_str()), ("most", &most)];
        items.push(Item::new(match overlap.beyond_chance {
            true => texts.fill("gap.control.beyond_chance", &values),
            false => texts.fill("gap.control.by_chance", &values),
        }));
    }
    items
}

fn warnings(source: &Source<'_>) -> Vec<Item> {
    let Source { evidence, texts, .. } = source;
    // Said above in their own groups.
    let said = ["no_control", "not_above_baseline", "control_always_hit", "nothing_to_attempt"];
    // A remark is said once, of all columns that it is about.
    let mut about: Vec<(Item, Vec<&str>)> = Vec::new();
    for warning in evidence.warnings.iter().filter(|warning| !said.contains(&warning.code.as_str())) {
        let item = source.warning(warning);
        let at = about.iter().position(|(other, _)| *other == item).unwrap_or(about.len());
        if at == about.len() {
            about.push((item, Vec::new()));
        }
        about[at].1.extend(warning.column.as_deref());
    }
    let mut items: Vec<Item> = Vec::new();
    let mut add = |item: Item| {
        if !items.contains(&item) {
            items.push(item);
        }
    };
    for (item, columns) in about {
        let text = match columns.as_slice() {
            [] => item.text,
            [column] => {
                let column = source.column(column);
                texts.fill("gap.warnings.column", &[("column", &column), ("warning", &item.text)])
            }
            columns => {
                let columns = source.columns(columns);
                texts.fill("gap.warnings.columns", &[("columns", &columns), ("warning", &item.text)])
            }
        };
        add(Item { text, ..item });
    }
    for (attack, warning, count) in of_attackers(evidence, &said) {
        let item = source.warning(warning);
        let name = source.attack_name(attack.attack);
        let text = match count {
            1 => {
                let brief = source.brief(&attack.attacker);
                let values = [("attack", name), ("attacker", brief.as_str()), ("warning", &item.text)];
                texts.fill("gap.warnings.attacker", &values)
            }
            _ => {
                let values = [("attack", name), ("count", &texts.count(count)), ("warning", &item.text)];
                texts.fill("gap.warnings.attackers", &values)
            }
        };
        add(Item { text, ..item });
    }
    items
}

/// What there is to say about attackers, once for all attackers of an attack of whom it holds: the first of them, the remark and
/// their number.
fn of_attackers<'e>(evidence: &'e Evidence, said: &[&str]) -> Vec<(&'e Attack, &'e Warning, u64)> {
    let mut found: Vec<(&Attack, &Warning, u64)> = Vec::new();
    for attack in &evidence.attacks {
        for warning in attack.warnings.iter().filter(|warning| !said.contains(&warning.code.as_str())) {
            let same = |(first, told, _): &&mut (&Attack, &Warning, u64)| {
                first.attack == attack.attack && told.code == warning.code && told.column == warning.column
            };
            match found.iter_mut().find(same) {
                Some((.., count)) => *count += 1,
                None => found.push((attack, warning, 1)),
            }
        }
    }
    found
}

fn scope(source: &Source<'_>) -> Vec<Item> {
    let restoring = if source.evidence.is_searched() { "gap.scope.restoring_in_part" } else { "gap.scope.restoring" };
    let keys = ["gap.scope.attackers", restoring, "gap.scope.other_releases"];
    keys.into_iter().map(|key| Item::new(source.texts.text(key).to_owned())).collect()
}
