//! What few columns expose: the risk by the number of columns that an attacker knows, one table per attack whose columns were searched for.

use super::small::RiskWords;
use super::{Fold, Item, Source, Table};
use crate::content::attackers::model_key;
use crate::evidence::{Attack, AttackKind, Attacker};

/// One table per attack with columns that were searched for.
pub fn folds(source: &Source<'_>) -> Vec<Fold> {
    AttackKind::ALL.iter().filter_map(|attack| fold(source, *attack)).collect()
}

fn fold(source: &Source<'_>, kind: AttackKind) -> Option<Fold> {
    let texts = &source.texts;
    let all = source.evidence.attacks.iter().filter(|attack| attack.attack == kind);
    let mut searched: Vec<(&Attack, u64)> =
        all.filter_map(|attack| Some((attack, attack.attacker.searched()?))).collect();
    if searched.is_empty() {
        return None;
    }
    // A curve per secret and model, as they stand in the evidence.
    let curve = |attack: &Attack| secret(source, &attack.attacker);
    let mut curves: Vec<Option<String>> = Vec::new();
    for (attack, _) in &searched {
        if !curves.contains(&curve(attack)) {
            curves.push(curve(attack));
        }
    }
    let place = |attack: &Attack| curves.iter().position(|other| *other == curve(attack));
    searched.sort_by_key(|(attack, _)| (place(attack), attack.attacker.columns().len()));
    // All sets of one search have its number.
    let mut tried: Vec<(Option<&str>, u64)> =
        searched.iter().map(|(attack, tried)| (attack.attacker.secret(), *tried)).collect();
    tried.sort_unstable();
    tried.dedup();
    let tried = texts.count(tried.into_iter().map(|(_, tried)| tried).sum());

    let with_secret = curves.iter().any(Option::is_some);
    let mut heads = if with_secret { vec![source.head("head.secret")] } else { Vec::new() };
    heads.extend([source.head("head.known"), source.head("head.which"), source.term("risk"), source.term("interval")]);
    heads.push(source.head("head.persons"));
    let rows = searched.iter().map(|(attack, _)| {
        let none = || texts.text("number.none").to_owned();
        let RiskWords { value, interval, .. } = match &attack.risk {
            Some(risk) => source.small.risk_of(texts, risk, source.small.step_of(attack)),
            None => RiskWords { value: source.status(attack.status).to_owned(), interval: none(), plotted: None },
        };
        let persons = attack.main.as_ref().map_or_else(none, |main| source.small.count(texts, main.attempted));
        let mut row: Vec<String> = if with_secret { vec![curve(attack).unwrap_or_default()] } else { Vec::new() };
        let known = &attack.attacker;
        row.extend([known.columns().len().to_string(), which(source, known), value, interval, persons]);
        row
    });
    let (attack, count) = (source.attack_name(kind), searched.len().to_string());
    let confidence = source.confidence();
    let values = [("attack", attack), ("count", &count), ("tried", &tried), ("confidence", &confidence)];
    Some(Fold {
        summary: texts.fill("known.summary", &values),
        // A single curve is short enough to be read at once.
        open: curves.len() == 1,
        table: Table { caption: texts.fill("known.caption", &values), heads, rows: rows.collect() },
        notes: searched.iter().filter_map(|(attack, _)| named(source, attack)).collect(),
    })
}

/// The secret of a curve, and by which model it is guessed.
fn secret(source: &Source<'_>, attacker: &Attacker) -> Option<String> {
    let secret = attacker.secret()?;
    Some(match attacker {
        Attacker::TrainedModel { model, .. } => {
            let model = source.texts.text(model_key(*model));
            source.texts.fill("known.model", &[("secret", secret), ("model", model)])
        }
        _ => secret.to_owned(),
    })
}

fn which(source: &Source<'_>, attacker: &Attacker) -> String {
    let names =
        |columns| source.evidence.inputs.names(columns).collect::<Vec<_>>().join(source.texts.text("list.separator"));
    match attacker.halves() {
        Some([one, other]) => source.texts.fill("known.files", &[("one", &names(one)), ("other", &names(other))]),
        None => names(attacker.columns()),
    }
}

/// How many persons some columns single out, and how many of them rightly; nothing where nobody is named.
fn named(source: &Source<'_>, attack: &Attack) -> Option<Item> {
    let (texts, small) = (&source.texts, source.small);
    let main = attack.main.as_ref()?;
    let (correct, wrong) = (main.correct?, main.wrong?);
    // What is left over is a count of persons as well.
    let hides = small.hides(correct) || small.hides(wrong);
    let withheld = |count: u64| match hides {
        true => small.withheld_count(texts, count),
        false => texts.count(count),
    };
    let names: Vec<&str> = source.evidence.inputs.names(attack.attacker.columns()).collect();
    let (columns, named, correct) = (source.columns(&names), small.count(texts, correct + wrong), withheld(correct));
    let values = [("columns", columns.as_str()), ("named", &named), ("correct", &correct)];
    (main.correct? + wrong > 0).then(|| Item::new(texts.fill("known.named", &values)))
}
