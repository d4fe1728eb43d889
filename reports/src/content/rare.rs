//! Secrets by how many persons share their value.

use super::small::RiskWords;
use super::{Fold, Item, Source, Table};
use crate::evidence::{Attack, Number, RarityBand, Rate};
use crate::percent::round_percent;

/// One table per secret, of the attacker who exposes its values most; the secret with the most exposed ones first and open.
pub fn folds(source: &Source<'_>) -> Vec<Fold> {
    let mut attacks: Vec<&Attack> =
        source.evidence.attacks.iter().filter(|attack| !attack.by_rarity().is_empty()).collect();
    attacks.sort_by(|one, other| exposure(other).total_cmp(&exposure(one)));
    let mut secrets: Vec<Option<&str>> = Vec::new();
    attacks.retain(|attack| {
        let secret = attack.attacker.secret();
        let is_first = !secrets.contains(&secret);
        secrets.push(secret);
        is_first
    });
    attacks.iter().enumerate().map(|(at, attack)| fold(source, attack, at == 0)).collect()
}

/// The largest risk of a band, judged by its lower end so that a band of three persons does not lead by chance.
fn exposure(attack: &Attack) -> f64 {
    let lower = attack.by_rarity().iter().filter_map(|band| band.risk.as_ref()).map(|risk| risk.interval[0]);
    lower.fold(f64::NEG_INFINITY, f64::max)
}

fn fold(source: &Source<'_>, attack: &Attack, open: bool) -> Fold {
    let texts = &source.texts;
    let none = texts.text("number.none");
    let mut heads = vec![source.term("rarity"), source.head("head.values"), source.head("head.persons")];
    heads.extend([source.term("risk"), source.term("interval"), source.term("main"), source.term("control")]);
    let main = Hidden::of(source, attack.by_rarity().iter().map(|band| Some(&band.main)));
    let control = Hidden::of(source, attack.by_rarity().iter().map(|band| band.control.as_ref()));
    let rows = attack.by_rarity().iter().enumerate().map(|(at, band)| {
        let withheld = texts.text("number.withheld");
        let persons = match (source.small.hides(band.main.attempted), main.attempted[at]) {
            (true, _) => source.small.count(texts, band.main.attempted),
            (false, true) => withheld.to_owned(),
            (false, false) => texts.count(band.main.attempted),
        };
        let words = |rate: &Rate, hidden: &Hidden| {
            // A rate would tell a hidden number of persons as well as a hidden number of hits.
            let shown = match hidden.attempted[at] {
                true => withheld.to_owned(),
                false => source.small.rate(texts, rate, hidden.successes[at]).rate,
            };
            if rate.attempted == 0 { none.to_owned() } else { shown }
        };
        let hidden = main.any(at) || control.any(at);
        let RiskWords { value, interval, .. } = match &band.risk {
            None => RiskWords { value: none.to_owned(), interval: none.to_owned(), plotted: None },
            Some(risk) => {
                let step = source.small.step_of_rates(Some(&band.main), band.control.as_ref());
                let step = step.or_else(|| hidden.then(|| coarse(source, &band.main)));
                source.small.risk_of(texts, risk, step)
            }
        };
        let control_words = band.control.as_ref().map_or_else(|| none.to_owned(), |rate| words(rate, &control));
        let mut row = vec![label(source, band), texts.count(band.values), persons];
        row.extend([value, interval, words(&band.main, &main), control_words]);
        row
    });
    let rows = rows.collect();
    let secret = source.column(attack.attacker.secret().unwrap_or_default());
    let known = attack.attacker.columns().len().to_string();
    let values = [("secret", secret.as_str()), ("columns", &known)];
    let note = main.secondary(source) || control.secondary(source);
    let notes = note.then(|| Item::new(texts.text("rare.secondary").to_owned())).into_iter().collect();
    Fold {
        summary: texts.fill("rare.summary", &values),
        open,
        table: Table { caption: texts.fill("rare.caption", &values), heads, rows },
        notes,
    }
}

fn coarse(source: &Source<'_>, rate: &Rate) -> f64 {
    if rate.attempted == 0 { 1.0 } else { (source.small.min as f64 / rate.attempted as f64).min(1.0) }
}

fn label(source: &Source<'_>, band: &RarityBand) -> String {
    let [above, up_to] = [band.above, band.up_to].map(round_percent);
    let values = [("above", above.as_str()), ("up_to", &up_to)];
    if band.up_to >= 1.0 {
        source.texts.fill("rare.band.most", &[("above", &above)])
    } else if band.above == 0.0 {
        source.texts.fill("rare.band.rarest", &[("up_to", &up_to)])
    } else {
        source.texts.fill("rare.band.between", &values)
    }
}

/// Which counts of the bands are hidden; the bands add up to a total that is told.
struct Hidden {
    attempted: Vec<bool>,
    successes: Vec<bool>,
    /// How many of them are hidden only because another one is.
    others: usize,
}

impl Hidden {
    fn of<'a>(source: &Source<'_>, rates: impl Iterator<Item = Option<&'a Rate>>) -> Hidden {
        let count = |rate: Option<&Rate>| match rate.map(|rate| rate.successes) {
            Some(Number::Whole(successes)) => successes,
            _ => 0,
        };
        let (attempted, successes): (Vec<u64>, Vec<u64>) =
            rates.map(|rate| (rate.map_or(0, |rate| rate.attempted), count(rate))).unzip();
        let small = |counts: &[u64]| counts.iter().filter(|count| source.small.hides(**count)).count();
        let own = small(&attempted) + small(&successes);
        let [attempted, successes] = [attempted, successes].map(|counts| source.small.hidden_parts(&counts));
        let all = attempted.iter().chain(&successes).filter(|hidden| **hidden).count();
        Hidden { attempted, successes, others: all - own }
    }

    fn any(&self, band: usize) -> bool {
        self.attempted[band] || self.successes[band]
    }

    fn secondary(&self, source: &Source<'_>) -> bool {
        !source.small.exact && self.others > 0
    }
}
