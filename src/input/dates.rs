//! Dates as they are written in different places.

use super::form::{DayOrder, Fit, Form};
use super::number::folded;
use super::time::{DAY, clock, days_from_civil, digits, offset};

/// What the beginning of a text says as a date, in days since 1970-01-01, and the rest of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reading<'t> {
    day_first: Option<f64>,
    month_first: Option<f64>,
    /// Whether its year has two digits.
    pub(super) short: bool,
    rest: &'t str,
}

impl Reading<'_> {
    /// In which orders it can be read.
    pub(super) fn fit(&self) -> Option<Fit> {
        Fit::of(self.day_first, self.month_first)
    }

    fn days(&self, order: DayOrder) -> Option<f64> {
        if order == DayOrder::DayFirst { self.day_first } else { self.month_first }
    }
}

/// Names of the months in English, German, French, Spanish, Italian and Dutch.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "janvier", "enero", "gennaio"],
    &["february", "februar", "février", "fevrier", "febrero", "febbraio"],
    &["march", "märz", "maerz", "mrz", "mars", "marzo", "maart"],
    &["april", "avril", "abril", "aprile"],
    &["may", "mai", "mayo", "maggio", "mei"],
    &["june", "juni", "juin", "junio", "giugno"],
    &["july", "juli", "juillet", "julio", "luglio"],
    &["august", "août", "aout", "agosto"],
    &["september", "sept", "septembre", "septiembre", "settembre"],
    &["october", "oktober", "octobre", "octubre", "ottobre"],
    &["november", "novembre", "noviembre"],
    &["december", "dezember", "décembre", "decembre", "diciembre", "dicembre"],
];

/// The month that a text begins with, by its name or at least three letters of it, and the rest.
pub(super) fn month_name(text: &str) -> Option<(i64, &str)> {
    let length = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(length);
    if !(3..=12).contains(&word.chars().count()) {
        return None;
    }
    let lower = if word.is_ascii() { None } else { Some(word.to_lowercase()) };
    let begins = |name: &&str| match &lower {
        None => name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)),
        Some(lower) => name.starts_with(lower.as_str()),
    };
    let month = MONTHS.iter().position(|names| names.iter().any(begins))?;
    Some((month as i64 + 1, rest.strip_prefix('.').unwrap_or(rest)))
}

/// A year of four digits, or of two in the hundred years that end with `last_year`; whether it has two.
fn year(text: &str, last_year: i64) -> Option<(i64, bool, &str)> {
    if let Some((year, rest)) = digits(text, 4, 4) {
        return Some((year, false, rest));
    }
    let (short, rest) = digits(text, 2, 2).filter(|(_, rest)| !rest.starts_with(|c: char| c.is_ascii_digit()))?;
    Some((last_year - (last_year - short).rem_euclid(100), true, rest))
}

/// The date that a text begins with.
pub(super) fn prefix(text: &str, last_year: i64) -> Option<Reading<'_>> {
    let sure =
        |days: Option<f64>, short, rest| days.map(|_| Reading { day_first: days, month_first: days, short, rest });
    let spaced = |text: &'_ str| -> usize { text.len() - text.trim_start_matches([' ', '-', '/', '.', ',']).len() };
    if let Some((month, rest)) = month_name(text) {
        // Dec 27, 2020
        let (day, rest) = digits(&rest[spaced(rest)..], 1, 2)?;
        let rest = ordinal(rest);
        let (year, short, rest) = year(&rest[spaced(rest)..], last_year).filter(|_| spaced(rest) > 0)?;
        return sure(days_from_civil(year, month, day), short, rest);
    }
    if let Some((year, rest)) = digits(text, 4, 4) {
        if let Some(rest) = rest.strip_prefix('年') {
            let (month, rest) = digits(rest.trim_start(), 1, 2)?;
            let (day, rest) = digits(rest.trim_start().strip_prefix('月')?.trim_start(), 1, 2)?;
            return sure(days_from_civil(year, month, day), false, rest.strip_prefix(['日', '号']).unwrap_or(rest));
        }
        let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
        let (month, rest) = digits(&rest[1..], 1, 2)?;
        let (day, rest) = digits(rest.strip_prefix(separator)?, 1, 2)?;
        return sure(days_from_civil(year, month, day), false, rest);
    }
    let (first, rest) = digits(text, 1, 2)?;
    let named = ordinal(rest);
    let gap = spaced(named);
    let after = named[gap..].strip_prefix("de ").unwrap_or(&named[gap..]);
    if let Some((month, rest)) = month_name(after) {
        // 27 Dec 2020, 27-Dec-20, 27. Dezember 2020, 27 de diciembre de 2020
        let rest = rest.strip_prefix(" de ").unwrap_or(&rest[spaced(rest)..]);
        let (year, short, rest) = year(rest, last_year)?;
        return sure(days_from_civil(year, month, first), short, rest);
    }
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
    let (second, rest) = digits(rest[1..].trim_start(), 1, 2)?;
    let (year, short, rest) = year(rest.strip_prefix(separator)?.trim_start(), last_year)?;
    let day_first = days_from_civil(year, second, first);
    let month_first = days_from_civil(year, first, second);
    day_first.or(month_first).map(|_| Reading { day_first, month_first, short, rest })
}

/// A text without the ending of an ordinal number at its start.
fn ordinal(text: &str) -> &str {
    ["st", "nd", "rd", "th"].iter().find_map(|ending| text.strip_prefix(ending)).unwrap_or(text)
}

/// A whole text as a date, and the seconds to add to it when it has a time.
pub(super) fn whole(text: &str, last_year: i64) -> Option<(Reading<'_>, Option<f64>)> {
    let reading = prefix(text, last_year)?;
    if reading.rest.is_empty() {
        return Some((reading, None));
    }
    let rest = reading.rest.strip_prefix(['T', 't', ' ', ',', '\u{a0}'])?.trim_start();
    let (seconds, rest) = clock(rest)?;
    Some((reading, Some(seconds - offset(rest.trim_start())?)))
}

/// Days since 1970 of a date in a form.
pub(super) fn date(text: &str, form: Form) -> Option<f64> {
    let text = folded(text);
    let (reading, _) = whole(&text, form.last_year).filter(|(_, seconds)| seconds.is_none())?;
    reading.days(form.order)
}

/// Seconds since 1970 of a date with a time in a form.
pub(super) fn datetime(text: &str, form: Form) -> Option<f64> {
    let text = folded(text);
    let (reading, seconds) = whole(&text, form.last_year)?;
    Some(reading.days(form.order)? * DAY + seconds?)
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn dates_of_many_places() {
        let day = days_from_civil(2020, 12, 27);
        for text in [
            "2020-12-27",
            "2020/12/27",
            "2020.12.27",
            "2020年12月27日",
            "2020年12月27号",
            "２０２０-１２-２７",
            "٢٠٢٠-١٢-٢٧",
            "27 Dec 2020",
            "27-Dec-2020",
            "27 December 2020",
            "27. Dezember 2020",
            "27 déc. 2020",
            "27 de diciembre de 2020",
            "Dec 27, 2020",
            "December 27 2020",
            "Dec. 27th, 2020",
            "27th Dec 2020",
            "27-DEC-20",
            "27.12.2020",
            "27/12/2020",
            "27-12-2020",
            "27. 12. 2020",
            "27.12.20",
        ] {
            assert_eq!(date(text, Form::default()), day, "{text}");
        }
        let american = Form { order: DayOrder::MonthFirst, ..Form::default() };
        for text in ["12/27/2020", "12-27-2020", "12/27/20", "27 Dec 2020", "2020-12-27"] {
            assert_eq!(date(text, american), day, "{text}");
        }
        assert_eq!(date("03/04/2020", american), days_from_civil(2020, 3, 4));
        assert_eq!(date("03/04/2020", Form::default()), days_from_civil(2020, 4, 3));
        assert_eq!(date("03/04/80", Form { last_year: 2020, ..Form::default() }), days_from_civil(1980, 4, 3));
        assert_eq!(whole("03/04/2020", 2029).unwrap().0.fit(), Some(Fit::Either));
        assert_eq!(whole("04/04/2020", 2029).unwrap().0.fit(), Some(Fit::Any));
        assert_eq!(whole("13/04/2020", 2029).unwrap().0.fit(), Some(Fit::First));
        for text in [
            "27 Dec",
            "Dec 2020",
            "31/31/2020",
            "2020-13-01",
            "1.2.3",
            "0000-00-00",
            "27/12-2020",
            "marble 3 2020",
            "12:30",
            "",
        ] {
            assert_eq!(date(text, Form::default()), None, "{text}");
        }
    }

    #[test]
    fn dates_with_times() {
        let noon = days_from_civil(2020, 12, 27).map(|day| day * DAY + 14.0 * 3600.0 + 1800.0);
        for text in [
            "2020-12-27T14:30",
            "2020-12-27 14:30:00Z",
            "27.12.2020 14:30",
            "27/12/2020, 2:30 PM",
            "Dec 27, 2020 2:30:00 p.m.",
            "2020/12/27 下午 2:30",
            "2020年12月27日 14:30:00",
            "2020-12-27 22:30:00+08:00",
            "2020-12-27 14:30 UTC",
        ] {
            assert_eq!(datetime(text, Form::default()), noon, "{text}");
        }
    }
}
