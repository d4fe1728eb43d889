//! Numbers as people read them.

use super::Messages;

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

    /// A share in percent: two decimals below 10 %, where limits lie, and one above. What is not zero never reads as
    /// zero, and what is not everything never reads as everything.
    pub fn percent(&self, share: f64) -> String {
        let percent = share * 100.0;
        let size = percent.abs();
        let sign = if percent < 0.0 { "−" } else { "" };
        if size == 0.0 {
            "0%".to_owned()
        } else if size < 0.005 {
            // A bound of a thousandth of a percent below zero is noise to a reader; a positive one is a finding.
            if percent < 0.0 { "0%".to_owned() } else { "<0.01%".to_owned() }
        } else if size < 9.995 {
            format!("{sign}{size:.2}%")
        } else if size == 100.0 {
            format!("{sign}100%")
        } else if size > 99.95 && size < 100.0 {
            format!("{sign}>99.9%")
        } else {
            format!("{sign}{size:.1}%")
        }
    }

    /// A share that is a round number by nature, such as a limit or a level of confidence: as many decimals as it has.
    pub fn round_percent(&self, share: f64) -> String {
        let percent = (share * 1e6).round() / 1e4;
        format!("{percent}%")
    }

    /// An interval of shares.
    pub fn interval(&self, ends: [f64; 2]) -> String {
        self.fill("number.interval", &[("lo", &self.percent(ends[0])), ("hi", &self.percent(ends[1]))])
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
            format!("{rounded}")
        }
    }
}
