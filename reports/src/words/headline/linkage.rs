//! What naming records comes to, in a sentence that needs no statistics.

use super::super::joined_columns;
use crate::evidence::{Attack, Attacker, Evidence, Headline, Rate, Truth};
use crate::percent::{interval, percent};
use reident_attacks::evaluation::AttackKind;

/// Share of what the worst attacker finds from which on fewer columns are worth a sentence.
const MUCH: f64 = 0.5;

/// The sentence: what is named by whom, how much of it is wrong, how far the figure is sure, and with how few columns much
/// of it can be had.
pub(super) fn sentence(
    evidence: &Evidence,
    headline: &Headline,
    worst: &Attack,
    risk: f64,
    ends: [f64; 2],
    level: &str,
    tried: &str,
) -> String {
    let Some(main) = &worst.main else { return String::new() };
    let named = |rate: &Rate| percent(rate.expected.unwrap_or(0.0) / rate.attempted.max(1) as f64);
    let known = joined_columns(&evidence.inputs, worst.attacker.columns());
    let joined = matches!(worst.attacker, Attacker::NamedRecord { earlier: Some(_), .. });
    let known = if joined { format!("{known} and the earlier releases") } else { known };
    let mut text = format!(
        "{known} name {} of the persons correctly ({} of {} outright; {} are named wrongly, {} left among several records)",
        named(main),
        main.correct.unwrap_or(0),
        main.attempted,
        main.wrong.unwrap_or(0),
        main.ambiguous.unwrap_or(0),
    );
    let fewer = evidence.attacks.iter().filter(|other| other.attack == AttackKind::RecordLinkage);
    let fewer = fewer.filter(|other| matches!(other.attacker, Attacker::NamedRecord { searched: Some(_), .. }));
    let enough = |rate: &Rate| rate.rate >= MUCH * main.rate && rate.rate > 0.0;
    let cheapest = fewer
        .filter(|other| other.attacker.columns().len() < worst.attacker.columns().len())
        .filter_map(|other| Some((other, other.main.as_ref().filter(|rate| enough(rate))?)))
        .min_by_key(|(other, _)| other.attacker.columns().len());
    if let Some((other, rate)) = cheapest {
        let known = joined_columns(&evidence.inputs, other.attacker.columns());
        let name = if other.attacker.columns().len() == 1 { "names" } else { "name" };
        text += &format!("; {known} alone {name} {}", named(rate));
    }
    if worst.control.is_some() {
        text += &format!(
            ". Net of false claims about persons who are not in the release it is {}, and with {level} confidence between \
             that and what is named at all {}, for {tried}",
            percent(risk),
            interval(ends)
        );
    } else {
        text += &format!(". With {level} confidence {} for {tried}", interval(ends));
    }
    if matches!(worst.attacker, Attacker::NamedRecord { truth: Truth::EqualRows, .. }) {
        text +=
            ". This is a lower bound: only rows that are unique and equal in both tables are known to be one record";
    }
    for (count, what) in [
        (headline.undetermined, "could not be determined, so the upper end is open"),
        (headline.infeasible, "had nothing to attempt"),
        (headline.apart, "stand apart, because their counts are too few for a share"),
    ] {
        if count > 0 {
            text += &format!(". {count} of {} {what}", headline.attackers_tried);
        }
    }
    text + "."
}
