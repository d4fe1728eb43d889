//! Numbers as people read them.

use super::Messages;
use crate::percent::percent;

impl Messages {
    /// A count with its thousands marked.
    pub fn count(&self, count: u64) -> String {
        let digits = count.to_string();
        let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                shown.push(',');
            }
            shown.push(digit);
        }
        shown
    }

    /// An interval of shares.
    pub fn interval(&self, ends: [f64; 2]) -> String {
        self.fill("number.interval", &[("lo", &percent(ends[0])), ("hi", &percent(ends[1]))])
    }

    /// A figure as it is compared with a limit: whole numbers with their thousands marked, others with up to six decimals.
    pub fn figure(&self, value: f64) -> String {
        if value.fract() == 0.0 && value.abs() < 1e15 {
            return self.decimal(value);
        }
        format!("{value:.6}").trim_end_matches('0').trim_end_matches('.').replace('-', "−")
    }

    /// A plain decimal: no more than two digits after the point.
    pub fn decimal(&self, value: f64) -> String {
        let rounded = (value * 100.0).round() / 100.0;
        if rounded.fract() == 0.0 && rounded.abs() < 1e15 {
            let whole = self.count(rounded.abs() as u64);
            if rounded < 0.0 { format!("−{whole}") } else { whole }
        } else {
            format!("{rounded}").replace('-', "−")
        }
    }
}
