//! Months and years of the Gregorian calendar, in a date column's own unit.

use crate::table::{Interval, Kind};
use chrono::{Datelike, Months, NaiveDate};

/// How wide a date becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// The month of the year.
    Month,
    /// The year.
    Year,
}

impl Unit {
    /// The name used in documents.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Month => "month",
            Unit::Year => "year",
        }
    }
}

const SECONDS: f64 = 86_400.0;

/// The month or year that holds a day (of [`Kind::Date`]) or a second (of [`Kind::DateTime`]).
pub(super) fn span(kind: Kind, unit: Unit, number: f64) -> Interval {
    let scale = if kind == Kind::DateTime { SECONDS } else { 1.0 };
    let day = day_of(number / scale);
    let (month, months) = match unit {
        Unit::Month => (day.month(), 1),
        Unit::Year => (1, 12),
    };
    let first = NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day);
    let next = first.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX);
    let [lo, hi] = [first, next].map(|day| f64::from(day.to_epoch_days()) * scale);
    Interval { lo, hi, lo_included: true, hi_included: false }
}

/// The day of a number of days since 1970; of one that no calendar reaches, the first or the last that one does.
fn day_of(days: f64) -> NaiveDate {
    let out_of_reach = if days < 0.0 { NaiveDate::MIN } else { NaiveDate::MAX };
    NaiveDate::from_epoch_days(days.floor() as i32).unwrap_or(out_of_reach)
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        let month = |day: f64| span(Kind::Date, Unit::Month, day);
        let ends = |interval: Interval| (interval.lo, interval.hi);
        assert_eq!(ends(month(0.0)), (0.0, 31.0));
        // 29 February 2020 is day 18,321.
        assert_eq!(ends(month(18_321.0)), (18_293.0, 18_322.0));
        assert_eq!(ends(month(18_322.0)).0, 18_322.0);
        assert_eq!(ends(month(-1.0)), (-31.0, 0.0));
        for day in (-800_000..800_000).step_by(37) {
            let (first, next) = ends(month(f64::from(day)));
            assert!((first..next).contains(&f64::from(day)) && (28.0..=31.0).contains(&(next - first)), "{day}");
        }
        let year = span(Kind::DateTime, Unit::Year, 18_321.5 * SECONDS);
        assert_eq!(ends(year), (18_262.0 * SECONDS, 18_628.0 * SECONDS));
    }
}
