//! Months and years of the Gregorian calendar, in a date column's own unit.

use crate::table::{Interval, Kind};

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
    let (year, month) = month_of((number / scale).floor() as i64);
    let (first, next) = match unit {
        Unit::Month => ((year, month), if month == 12 { (year + 1, 1) } else { (year, month + 1) }),
        Unit::Year => ((year, 1), (year + 1, 1)),
    };
    let begin = |(year, month): (i64, i64)| first_day(year, month) as f64 * scale;
    Interval { lo: begin(first), hi: begin(next), lo_included: true, hi_included: false }
}

/// Days from 1970-01-01 to the first day of a month: years begin in March, so that the leap day is the last of one.
fn first_day(year: i64, month: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // Months from March on have 31, 30, 31, 30 and 31 days in turn: 153 days in five.
    365 * year + leap_days + (153 * month + 2) / 5 - DAYS_TO_1970
}

/// From the first of March of the year 0 to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;

/// The year and month of a day.
fn month_of(day: i64) -> (i64, i64) {
    // At most a year too late.
    let mut year = 1971 + (day as f64 / 365.2425).floor() as i64;
    while first_day(year, 1) > day {
        year -= 1;
    }
    let month = (1..=12).rev().find(|month| first_day(year, *month) <= day).unwrap_or(1);
    (year, month)
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        assert_eq!(
            [first_day(1970, 1), first_day(1970, 3), first_day(2000, 3), first_day(1969, 12)],
            [0, 59, 11_017, -31]
        );
        // 29 February 2020 is day 18,321.
        assert_eq!(month_of(18_321), (2020, 2));
        assert_eq!(month_of(18_322), (2020, 3));
        assert_eq!(month_of(-1), (1969, 12));
        for day in (-800_000..800_000).step_by(37) {
            let (year, month) = month_of(day);
            let next = if month == 12 { first_day(year + 1, 1) } else { first_day(year, month + 1) };
            assert!(
                (first_day(year, month)..next).contains(&day) && (28..=31).contains(&(next - first_day(year, month)))
            );
        }
        let year = span(Kind::DateTime, Unit::Year, 18_321.5 * SECONDS);
        assert_eq!((year.lo, year.hi), (first_day(2020, 1) as f64 * SECONDS, first_day(2021, 1) as f64 * SECONDS));
    }
}
