//! What a check of these tables can show at all: the chance of a pass and of a failure at true risks of 0, half the limit, the
//! limit and twice the limit (METHOD section 6, *operating characteristic*).
//!
//! For each attacker who counts, the estimate that would just pass and the one that would just fail are found by the
//! formulas that made the evidence's interval, with the control's rate as it was counted. The estimate of a true risk is
//! taken for normal around it, with the standard error that the same formulas give there. All attackers are given the same
//! risk and are taken for independent, which makes a pass less likely than it is when they agree: the chance of a pass is
//! the product of theirs, that of a failure is that some attacker fails.

use super::needed::simultaneous;
use crate::evidence::counts::{Counts, tail};
use crate::evidence::{AttackKind, Evidence};
use crate::message::Messages;
use crate::percent::percent;
use reident_attacks::stats::two_sided_quantile;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What comes of a check when the true risk is this.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chances {
    /// The true risk of every attacker.
    pub risk: f64,
    /// Chance of a pass.
    pub pass: f64,
    /// Chance that neither is shown.
    pub inconclusive: f64,
    /// Chance of a failure.
    pub fail: f64,
}

/// The chances at risks of 0, half the limit, the limit and twice the limit; `None` without an attacker who counts.
pub fn chances(evidence: &Evidence, attack: AttackKind, limit: f64) -> Option<Vec<Chances>> {
    let confidence = evidence.settings.confidence;
    let of_kind: Vec<_> = evidence.attacks.iter().filter(|result| result.attack == attack).collect();
    let counting = of_kind.iter().filter(|result| result.apart.is_none());
    let counts: Vec<Counts> = counting.filter_map(|result| Counts::of(result, confidence)).collect();
    let open = evidence.headline.get(&attack)?.undetermined > 0;
    if counts.is_empty() {
        return None;
    }
    let (single, together) =
        (two_sided_quantile(confidence), two_sided_quantile(simultaneous(evidence, of_kind.len())));
    let ends: Vec<[f64; 2]> = counts
        .iter()
        .map(|counts| {
            let passes = crossing(|risk| counts.supposed(risk, single).map(|ends| ends[1]), limit);
            let fails = crossing(|risk| counts.supposed(risk, together).map(|ends| ends[0]), limit);
            Some([passes?, fails?])
        })
        .collect::<Option<_>>()?;
    let at = |risk: f64| {
        let (mut pass, mut no_failure) = (1.0, 1.0);
        for (counts, [passes, fails]) in counts.iter().zip(&ends) {
            let [lower, upper] = counts.supposed(risk, 1.0)?;
            let error = ((upper - lower) / 2.0).max(1e-12);
            pass *= 1.0 - tail((passes - risk) / error);
            no_failure *= 1.0 - tail((fails - risk) / error);
        }
        let pass = if open { 0.0 } else { pass };
        let fail = (1.0 - no_failure).min(1.0 - pass);
        let [pass, fail] = [pass, fail].map(|chance| (chance * 1e3).round() / 1e3);
        Some(Chances { risk, pass, inconclusive: ((1.0 - pass - fail).max(0.0) * 1e3).round() / 1e3, fail })
    };
    [0.0, limit / 2.0, limit, (2.0 * limit).min(1.0)].into_iter().map(at).collect()
}

/// The estimate at which an end, which rises with it, reaches the limit; a bound of the scale where it never does.
fn crossing(end: impl Fn(f64) -> Option<f64>, limit: f64) -> Option<f64> {
    let (mut low, mut high) = (-1.0, 1.0);
    for _ in 0..50 {
        let middle = (low + high) / 2.0;
        if end(middle)? < limit { low = middle } else { high = middle }
    }
    Some((low + high) / 2.0)
}

/// The chances in a sentence.
pub fn sentence(texts: Messages, chances: &[Chances]) -> Option<String> {
    let (none, twice) = (chances.first()?, chances.last()?);
    let [pass, fail] = [none.pass, twice.fail].map(percent);
    Some(texts.fill("check.note.operating_characteristic", &[("pass", &pass), ("fail", &fail)]))
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::evidence::counts::Reference;
    use reident_attacks::outcome::Tally;
    use reident_attacks::sampling::{Stream, Task};

    #[test]
    fn the_chance_of_a_pass_is_how_often_it_comes() {
        let (persons, control, limit) = (800, 0.3, 0.09);
        for risk in [0.0, 0.045, 0.09, 0.18] {
            let mut stream = Stream::new(5, Task::Population, 0);
            let mut draw = |chance: f64| (0..persons).filter(|_| stream.unit() < chance).count() as u64;
            let mut passes = 0.0;
            for _ in 0..400 {
                let main = Tally::whole(draw(1.0 - (1.0 - risk) * (1.0 - control)), persons);
                let others = Tally::whole(draw(control), persons);
                let counts = Counts::Model { main, reference: Some(Reference::Control(others)) };
                let (_, [_, upper]) = counts.at(two_sided_quantile(0.95), [1.0; 2]).unwrap();
                passes += f64::from(u8::from(upper < limit)) / 400.0;
            }
            let expected = Tally::whole((control * persons as f64) as u64, persons);
            let counts = Counts::Model { main: expected, reference: Some(Reference::Control(expected)) };
            let just = crossing(|risk| counts.supposed(risk, two_sided_quantile(0.95)).map(|ends| ends[1]), limit);
            let [lower, upper] = counts.supposed(risk, 1.0).unwrap();
            let predicted = 1.0 - tail((just.unwrap() - risk) / ((upper - lower) / 2.0));
            assert!((predicted - passes).abs() < 0.06, "risk {risk}: {predicted} and {passes}");
        }
    }
}
