//! Days: calendar months and working days.
//!
//! Working days are Monday to Friday. The calendar of public holidays is published year by year and is not part of the
//! program: a deadline counted forward comes out early, which is safe; counted backward it would come out late, so days are
//! taken off besides and the document says that the official calendar decides.

use chrono::{Datelike, Days, Months, Weekday};

/// A day of the calendar.
pub type Date = chrono::NaiveDate;

/// So many calendar months later, on the month's last day where the day does not exist.
pub fn months_after(date: Date, months: u32) -> Date {
    date.checked_add_months(Months::new(months)).unwrap_or(Date::MAX)
}

/// So many calendar months earlier, on the month's last day where the day does not exist.
pub fn months_before(date: Date, months: u32) -> Date {
    date.checked_sub_months(Months::new(months)).unwrap_or(Date::MIN)
}

/// The day on which so many working days have gone by, the first of them being the day after.
pub fn working_days_after(date: Date, days: u32) -> Date {
    step(date, days, |day| day.succ_opt())
}

/// The day from which so many working days are left, and so many days taken off besides for public holidays.
pub fn working_days_before(date: Date, days: u32, holidays: u32) -> Date {
    let counted = step(date, days, |day| day.pred_opt());
    counted.checked_sub_days(Days::new(holidays.into())).unwrap_or(Date::MIN)
}

fn step(from: Date, days: u32, next: impl Fn(Date) -> Option<Date>) -> Date {
    let (mut day, mut left) = (from, days);
    while left > 0 {
        let Some(other) = next(day) else { return day };
        day = other;
        if !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            left -= 1;
        }
    }
    day
}

/// `YYYY-MM-DD`, read.
///
/// # Errors
/// When it is no such day.
pub fn parse(text: &str) -> Result<Date, String> {
    Date::parse_from_str(text, "%Y-%m-%d").map_err(|_| format!("`{text}` is no day; write it as 2026-11-30"))
}

/// The first of January of a day's year.
pub fn first_of_year(date: Date) -> Date {
    Date::from_ymd_opt(date.year(), 1, 1).unwrap_or(date)
}

#[cfg(test)]
mod test {
    use super::*;

    fn day(text: &str) -> Date {
        parse(text).unwrap()
    }

    #[test]
    fn months_end_with_the_month() {
        assert_eq!(months_after(day("2026-11-30"), 3), day("2027-02-28"));
        assert_eq!(months_after(day("2027-11-30"), 3), day("2028-02-29"));
        assert_eq!(months_after(day("2026-01-31"), 1), day("2026-02-28"));
        assert_eq!(months_before(day("2026-08-31"), 6), day("2026-02-28"));
        assert_eq!(months_after(day("2024-02-29"), 36), day("2027-02-28"));
    }

    #[test]
    fn working_days_skip_weekends() {
        assert_eq!(working_days_after(day("2026-12-01"), 10), day("2026-12-15"));
        // From a Friday and from a Saturday the first working day is the Monday.
        assert_eq!(working_days_after(day("2026-12-04"), 1), day("2026-12-07"));
        assert_eq!(working_days_after(day("2026-12-05"), 1), day("2026-12-07"));
        assert_eq!(working_days_before(day("2026-12-15"), 10, 0), day("2026-12-01"));
        assert_eq!(working_days_before(day("2026-12-15"), 10, 21), day("2026-11-10"));
    }

    #[test]
    fn only_days_are_days() {
        for text in ["2026-02-29", "2026-13-01", "26-1-1x", "", "2026-11-30T00:00:00"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
