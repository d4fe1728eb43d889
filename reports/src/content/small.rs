//! Small counts of persons, and the figures that would give them away.
//!
//! A count below the smallest cell is shown as `<5`. A rate, an interval or a risk that is computed from it would tell it
//! to anybody with a calculator, so these are coarsened along with it: the rate becomes a bound, its interval is left
//! out, and the risk with its interval is rounded outward to steps of one smallest cell. Zero is no small cell: that
//! nobody was hit points at nobody.

use crate::evidence::{Attack, Number, Rate, Risk};
use crate::message::Messages;
use crate::percent::percent;

/// The rule for small counts.
#[derive(Debug, Clone, Copy)]
pub struct Small {
    /// Counts above 0 and below this are not told.
    pub min: u64,
    /// Whether they are told all the same.
    pub exact: bool,
}

/// A rate in words.
#[derive(Debug, Clone, Default)]
pub struct RateWords {
    /// Successes of attempts.
    pub counts: String,
    /// Their ratio.
    pub rate: String,
    /// The ratio for a plot; none when hidden.
    pub plotted: Option<f64>,
}

/// A risk in words and for a plot.
#[derive(Debug, Clone, Default)]
pub struct RiskWords {
    /// The risk.
    pub value: String,
    /// Its interval.
    pub interval: String,
    /// Risk, lower and upper end.
    pub plotted: Option<[f64; 3]>,
}

impl Small {
    /// Whether a count is hidden.
    pub fn hides(&self, count: u64) -> bool {
        !self.exact && count > 0 && count < self.min
    }

    /// A count of persons.
    pub fn count(&self, texts: &Messages, count: u64) -> String {
        if self.hides(count) { format!("<{}", self.min) } else { texts.count(count) }
    }

    /// A count that must be hidden, by itself or because the others would give it away.
    pub fn withheld_count(&self, texts: &Messages, count: u64) -> String {
        if self.hides(count) { self.count(texts, count) } else { texts.text("number.withheld").to_owned() }
    }

    /// Whether a rate is built on a hidden count.
    pub fn hides_rate(&self, rate: &Rate) -> bool {
        self.hides_successes(rate) || self.hides(rate.attempted)
    }

    fn hides_successes(&self, rate: &Rate) -> bool {
        match rate.successes {
            Number::Whole(count) => self.hides(count),
            // A computed expectation counts nobody.
            Number::Expected(_) => false,
        }
    }

    /// A rate; `also` hides it for a reason outside of it.
    pub fn rate(&self, texts: &Messages, rate: &Rate, also: bool) -> RateWords {
        let attempted = self.count(texts, rate.attempted);
        let of = |successes: &str| texts.fill("number.of", &[("part", successes), ("whole", &attempted)]);
        let withheld = texts.text("number.withheld").to_owned();
        if self.hides(rate.attempted) {
            return RateWords { counts: of(&withheld), rate: withheld, plotted: None };
        }
        if self.hides_successes(rate) {
            let bound = percent(self.step(rate));
            return RateWords {
                counts: of(&format!("<{}", self.min)),
                rate: format!("<{}", bound.trim_start_matches('<')),
                plotted: None,
            };
        }
        if also {
            return RateWords { counts: of(&withheld), rate: withheld, plotted: None };
        }
        let successes = match rate.successes {
            Number::Whole(count) => texts.count(count),
            Number::Expected(expected) => texts.decimal(expected),
        };
        RateWords { counts: of(&successes), rate: percent(rate.rate), plotted: Some(rate.rate) }
    }

    /// The step that an attacker's risk is rounded to; `None` when neither of the attacker's rates is hidden.
    pub fn step_of(&self, attack: &Attack) -> Option<f64> {
        self.step_of_rates(attack.main.as_ref(), attack.control.as_ref())
    }

    /// The step for a risk from these rates.
    pub fn step_of_rates(&self, main: Option<&Rate>, control: Option<&Rate>) -> Option<f64> {
        let hidden = [main, control].into_iter().flatten().filter(|rate| self.hides_rate(rate));
        hidden.map(|rate| self.step(rate)).reduce(f64::max)
    }

    /// A risk, rounded outward to the step if there is one.
    pub fn risk(&self, texts: &Messages, value: f64, interval: [f64; 2], step: Option<f64>) -> RiskWords {
        let Some(step) = step.filter(|step| *step > 0.0) else {
            return RiskWords {
                value: percent(value),
                interval: texts.interval(interval),
                plotted: Some([value, interval[0], interval[1]]),
            };
        };
        let ends = [(interval[0] / step).floor() * step, ((interval[1] / step).ceil() * step).min(1.0)];
        let (shown, plotted) = if value < step {
            (format!("<{}", percent(step).trim_start_matches('<')), (step / 2.0).clamp(ends[0], ends[1]))
        } else {
            let rounded = ((value / step).round() * step).min(1.0);
            (format!("≈{}", percent(rounded)), rounded)
        };
        RiskWords { value: shown, interval: texts.interval(ends), plotted: Some([plotted, ends[0], ends[1]]) }
    }

    /// The risk of one attacker.
    pub fn risk_of(&self, texts: &Messages, risk: &Risk, step: Option<f64>) -> RiskWords {
        self.risk(texts, risk.value, risk.interval, step)
    }

    /// Which of several counts with a known sum must be hidden: the small ones, and when that is a single one, the next
    /// smallest too, or the sum would give it away.
    pub fn hidden_parts(&self, counts: &[u64]) -> Vec<bool> {
        let mut hidden: Vec<bool> = counts.iter().map(|count| self.hides(*count)).collect();
        if hidden.iter().filter(|hidden| **hidden).count() == 1 {
            let others = counts.iter().enumerate().filter(|(at, count)| !hidden[*at] && **count > 0);
            if let Some((at, _)) = others.min_by_key(|(_, count)| **count) {
                hidden[at] = true;
            }
        }
        hidden
    }

    /// The share that one smallest cell is of the attempts.
    fn step(&self, rate: &Rate) -> f64 {
        if rate.attempted == 0 { 1.0 } else { (self.min as f64 / rate.attempted as f64).min(1.0) }
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::message::Language;

    fn rate(successes: u64, attempted: u64) -> Rate {
        Rate {
            attempted,
            successes: Number::Whole(successes),
            expected: None,
            ambiguous: None,
            wrong: None,
            rate: successes as f64 / attempted as f64,
            interval: [0.001, 0.01],
            effective: None,
            correct: None,
            whole_table: None,
        }
    }

    #[test]
    fn small_counts_and_what_would_give_them_away_are_hidden() {
        let texts = Messages::of(Language::English);
        let small = Small { min: 5, exact: false };
        let shown = small.rate(&texts, &rate(3, 1000), false);
        assert_eq!((shown.counts.as_str(), shown.rate.as_str()), ("<5 of 1,000", "<0.50%"));
        assert!(shown.plotted.is_none());
        let risk = small.risk(&texts, 0.003, [0.0010205, 0.0087828], small.step_of_rates(Some(&rate(3, 1000)), None));
        assert_eq!((risk.value.as_str(), risk.interval.as_str()), ("<0.50%", "0% to 1.00%"));
        let all = Small { min: 5, exact: true };
        assert_eq!(all.rate(&texts, &rate(3, 1000), false).counts, "3 of 1,000");
    }

    #[test]
    fn zero_is_told() {
        let texts = Messages::of(Language::English);
        let small = Small { min: 5, exact: false };
        assert_eq!(small.rate(&texts, &rate(0, 1000), false).counts, "0 of 1,000");
        assert_eq!(small.rate(&texts, &rate(5, 1000), false).counts, "5 of 1,000");
    }

    #[test]
    fn a_single_hidden_part_is_not_found_by_subtraction() {
        let small = Small { min: 5, exact: false };
        assert_eq!(small.hidden_parts(&[3, 50, 20, 600]), [true, false, true, false]);
        assert_eq!(small.hidden_parts(&[3, 2, 20]), [true, true, false]);
        assert_eq!(small.hidden_parts(&[0, 50, 20]), [false, false, false]);
    }
}
