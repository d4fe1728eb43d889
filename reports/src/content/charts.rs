//! What the plots show, and the tables that say the same.

use super::{Source, Table};
use crate::evidence::{Attack, AttackKind};
use crate::percent::round_percent;
use crate::svg::{DosePlot, DosePoint, IntervalPlot, IntervalRow, Legend, Limit, Tick};

impl Source<'_> {
    /// The worst attacker of an attack.
    pub fn worst_of(&self, name: AttackKind) -> Option<&Attack> {
        let at = self.evidence.headline.get(&name)?.attacker?;
        self.evidence.attacks.get(usize::try_from(at).ok()?)
    }

    /// The headline risk of an attack, coarsened where its worst attacker's counts are small.
    pub fn headline_risk(&self, name: AttackKind) -> Option<super::small::RiskWords> {
        let headline = self.evidence.headline.get(&name)?;
        let step = self.worst_of(name).and_then(|attack| self.small.step_of(attack));
        Some(self.small.risk(&self.texts, headline.risk?, headline.interval?, step))
    }

    fn plotted_limit(&self, name: AttackKind) -> Option<Limit> {
        let limit = self.limit_of(name)?.limit;
        let label = self.texts.fill("plot.limit", &[("limit", &round_percent(limit))]);
        Some(Limit { at: limit, label })
    }

    fn ticks(&self, largest: f64) -> Vec<Tick> {
        crate::svg::steps(largest).into_iter().map(|at| Tick { at, label: round_percent(at) }).collect()
    }
}

/// The three risks as intervals, with limits and rates.
pub fn risks(source: &Source<'_>) -> IntervalPlot {
    let texts = &source.texts;
    let rows: Vec<IntervalRow> = AttackKind::ALL
        .iter()
        .filter(|name| source.evidence.headline.contains_key(name))
        .map(|name| {
            let risk = source.headline_risk(*name);
            let worst = source.worst_of(*name);
            let rate = |rate: Option<&crate::evidence::Rate>| {
                rate.and_then(|rate| source.small.rate(texts, rate, false).plotted)
            };
            let words = match &risk {
                Some(risk) => texts.fill("plot.value", &[("risk", &risk.value), ("interval", &risk.interval)]),
                None => source.status(source.evidence.headline[name].status).to_owned(),
            };
            IntervalRow {
                label: source.attack_name(*name).to_owned(),
                words,
                risk: risk.and_then(|risk| risk.plotted),
                main: rate(worst.and_then(|worst| worst.main.as_ref())),
                control: rate(worst.and_then(|worst| worst.control.as_ref())),
                baseline: rate(worst.and_then(|worst| worst.baseline.as_ref())),
                limit: source.plotted_limit(*name),
            }
        })
        .collect();
    let values = rows.iter().flat_map(|row| {
        let risk = row.risk.into_iter().flatten();
        risk.chain(
            [row.main, row.control, row.baseline, row.limit.as_ref().map(|limit| limit.at)].into_iter().flatten(),
        )
    });
    let largest = values.fold(0.0, f64::max);
    let sentences = rows.iter().map(|row| texts.fill("plot.row", &[("attack", &row.label), ("words", &row.words)]));
    IntervalPlot {
        title: texts.fill("plot.risks.title", &[("confidence", &source.confidence())]),
        description: sentences.collect::<Vec<_>>().join(" "),
        legend: Legend {
            risk: texts.text("plot.legend.risk").to_owned(),
            main: texts.text("plot.legend.main").to_owned(),
            control: texts.text("plot.legend.control").to_owned(),
            baseline: texts.text("plot.legend.baseline").to_owned(),
            limit: texts.text("plot.legend.limit").to_owned(),
        },
        ticks: source.ticks(largest),
        rows,
    }
}

/// The three risks in a table.
pub fn risk_table(source: &Source<'_>) -> Table {
    let texts = &source.texts;
    let none = texts.text("number.none");
    let mut heads = vec![source.head("head.attack"), source.term("risk"), source.term("simultaneous")];
    heads.extend([source.term("main"), source.term("control"), source.term("baseline")]);
    if source.options.check.is_some() {
        heads.push(source.term("limit"));
    }
    heads.push(source.head("head.tried"));
    heads.push(source.term("status"));
    let rows = AttackKind::ALL.iter().filter_map(|name| {
        let headline = source.evidence.headline.get(name)?;
        let risk = source.headline_risk(*name);
        let worst = source.worst_of(*name);
        let rate = |rate: Option<&crate::evidence::Rate>| {
            rate.map_or_else(|| none.to_owned(), |rate| source.small.rate(texts, rate, false).rate)
        };
        let (value, interval) = risk.map_or((none.to_owned(), none.to_owned()), |risk| (risk.value, risk.interval));
        let mut row = vec![source.attack_name(*name).to_owned(), value, interval];
        row.push(rate(worst.and_then(|worst| worst.main.as_ref())));
        row.push(rate(worst.and_then(|worst| worst.control.as_ref())));
        row.push(rate(worst.and_then(|worst| worst.baseline.as_ref())));
        if source.options.check.is_some() {
            row.push(source.limit_of(*name).map_or(none.to_owned(), |limit| round_percent(limit.limit)));
        }
        row.push(texts.count(headline.attackers_tried));
        row.push(source.status(headline.status).to_owned());
        Some(row)
    });
    Table {
        caption: texts.fill("plot.risks.caption", &[("confidence", &source.confidence())]),
        heads,
        rows: rows.collect(),
    }
}

/// Singling-out risk against the number of columns that a predicate combines.
pub fn dose(source: &Source<'_>) -> Option<(DosePlot, Table)> {
    let texts = &source.texts;
    let mut points: Vec<(DosePoint, String)> = Vec::new();
    for attack in source.evidence.attacks.iter().filter(|attack| attack.attack == AttackKind::SinglingOut) {
        let columns = attack.attacker.columns_per_predicate();
        let shown = attack.risk.as_ref().map(|risk| source.small.risk_of(texts, risk, source.small.step_of(attack)));
        if let (Some(columns), Some(shown)) = (columns, shown)
            && let Some(risk) = shown.plotted
        {
            // Two attackers may use as many columns each; the plot shows the worse.
            let point = (DosePoint { columns, risk, label: shown.value }, shown.interval);
            match points.iter_mut().find(|(known, _)| known.columns == columns) {
                Some(known) if known.0.risk[0] < risk[0] => *known = point,
                Some(_) => {}
                None => points.push(point),
            }
        }
    }
    points.sort_by_key(|(point, _)| point.columns);
    if points.len() < 2 {
        return None;
    }
    let limit = source.plotted_limit(AttackKind::SinglingOut);
    let values = points.iter().flat_map(|(point, _)| point.risk).chain(limit.as_ref().map(|limit| limit.at));
    let largest = values.fold(0.0, f64::max);
    let sentence = |(point, interval): &(DosePoint, String)| {
        let columns = point.columns.to_string();
        texts.fill("plot.dose.point", &[("columns", &columns), ("risk", &point.label), ("interval", interval)])
    };
    let description = points.iter().map(sentence).collect::<Vec<_>>().join(" ");
    let rows =
        points.iter().map(|(point, interval)| vec![point.columns.to_string(), point.label.clone(), interval.clone()]);
    let table = Table {
        caption: texts.fill("plot.dose.caption", &[("confidence", &source.confidence())]),
        heads: vec![source.head("head.columns_per_predicate"), source.term("risk"), source.term("interval")],
        rows: rows.collect(),
    };
    let plot = DosePlot {
        title: texts.text("plot.dose.title").to_owned(),
        description,
        columns: texts.text("plot.dose.columns").to_owned(),
        risk: texts.text("plot.dose.risk").to_owned(),
        ticks: source.ticks(largest),
        points: points.into_iter().map(|(point, _)| point).collect(),
        limit,
    };
    Some((plot, table))
}
