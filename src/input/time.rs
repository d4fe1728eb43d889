//! Reading days and times from text. The calendar is the proleptic Gregorian one, without leap seconds.

use chrono::{Datelike, NaiveDate};

/// Seconds of a day.
pub(super) const DAY: f64 = 86_400.0;

/// Days since 1970-01-01 of a date that exists.
pub(super) fn days_from_civil(year: i64, month: i64, day: i64) -> Option<f64> {
    let (month, day) = (u32::try_from(month).ok()?, u32::try_from(day).ok()?);
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    Some(date.to_epoch_days().into())
}

/// Year, month and day of a day number; of one that no calendar reaches, the first or the last that one does.
pub(super) fn civil_from_days(days: f64) -> (i64, i64, i64) {
    let date = NaiveDate::from_epoch_days(days as i32);
    let date = date.unwrap_or(if days < 0.0 { NaiveDate::MIN } else { NaiveDate::MAX });
    (date.year().into(), date.month().into(), date.day().into())
}

/// `2024-03-01` for a day number.
pub(super) fn date_text(days: f64) -> String {
    let (year, month, day) = civil_from_days(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2024-03-01T12:00:00` for seconds since 1970, with as much of a fraction as there is.
pub(crate) fn datetime_text(seconds: f64) -> String {
    let days = (seconds / DAY).floor();
    let rest = seconds - days * DAY;
    let whole = rest.floor();
    let second = whole as i64;
    let fraction = format!("{:.6}", rest - whole);
    let fraction = fraction.trim_start_matches('0').trim_end_matches('0').trim_end_matches('.');
    format!("{}T{:02}:{:02}:{:02}{fraction}", date_text(days), second / 3600, second / 60 % 60, second % 60)
}

/// An unsigned number of so many digits at the start of a text, and the rest.
pub(super) fn digits(text: &str, least: usize, most: usize) -> Option<(i64, &str)> {
    let length = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if length < least {
        return None;
    }
    Some((text[..length].parse().ok()?, &text[length..]))
}

/// A date at the start of a text, and the rest: `2024-03-01`, `2024/3/1`.
fn date_prefix(text: &str) -> Option<(f64, &str)> {
    let (year, rest) = digits(text, 4, 4)?;
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/'))?;
    let (month, rest) = digits(&rest[1..], 1, 2)?;
    let (day, rest) = digits(rest.strip_prefix(separator)?, 1, 2)?;
    Some((days_from_civil(year, month, day)?, rest))
}

/// Days since 1970 of `2024-03-01` or `2024/3/1`.
pub(super) fn date(text: &str) -> Option<f64> {
    date_prefix(text).filter(|(_, rest)| rest.is_empty()).map(|(days, _)| days)
}

/// Days since 1970 of `20240301`: a number like any other unless the configuration says that it is a date.
pub(super) fn compact_date(text: &str) -> Option<f64> {
    if text.len() != 8 {
        return None;
    }
    let (year, rest) = digits(text, 4, 4)?;
    let (month, rest) = digits(rest, 2, 2)?;
    let (day, _) = digits(rest, 2, 2)?;
    days_from_civil(year, month, day)
}

/// Seconds of the day at the start of a text, and the rest: `12:30`, `12:30:59.25`.
fn time_prefix(text: &str) -> Option<(f64, &str)> {
    let (hour, rest) = digits(text, 1, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?, 2, 2)?;
    let (mut second, mut rest) = match rest.strip_prefix(':') {
        Some(rest) => digits(rest, 2, 2).map(|(second, rest)| (second as f64, rest))?,
        None => (0.0, rest),
    };
    if hour > 23 || minute > 59 || second > 60.0 {
        return None;
    }
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return None;
        }
        second += format!("0.{}", &fraction[..length]).parse::<f64>().ok()?;
        rest = &fraction[length..];
    }
    Some(((hour * 3600 + minute * 60) as f64 + second, rest))
}

/// Seconds of the day at the start of a text, and the rest: `14:30`, `2:30 PM`, `下午2:30`.
pub(super) fn clock(text: &str) -> Option<(f64, &str)> {
    const HALF: f64 = DAY / 2.0;
    let strip = |text: &'_ str, words: &[&str]| -> Option<usize> {
        let starts = |word: &&&str| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        words.iter().find(starts).map(|word| word.len())
    };
    let before = [(strip(text, &["上午"]), false), (strip(text, &["下午"]), true)];
    let before = before.into_iter().find_map(|(length, is_later)| Some((length?, is_later)));
    let start = before.map_or(text, |(length, _)| text[length..].trim_start());
    let (seconds, rest) = time_prefix(start)?;
    let end = rest.trim_start();
    let after = [(strip(end, &["am", "a.m."]), false), (strip(end, &["pm", "p.m."]), true)];
    let after = after.into_iter().find_map(|(length, is_later)| Some((length?, is_later)));
    let rest = after.map_or(rest, |(length, _)| &end[length..]);
    match before.or(after) {
        None => Some((seconds, rest)),
        // 12:30 am is half an hour after midnight.
        Some((_, is_later)) => (3600.0..HALF + 3600.0)
            .contains(&seconds)
            .then(|| (seconds % HALF + if is_later { HALF } else { 0.0 }, rest)),
    }
}

/// Seconds since midnight of `12:30`, `12:30:59.25` or `2:30 PM`.
pub(super) fn time_of_day(text: &str) -> Option<f64> {
    clock(text).filter(|(_, rest)| rest.is_empty()).map(|(seconds, _)| seconds)
}

/// Seconds since 1970 of an ISO 8601 date with a time: `2024-03-01T12:30:00.5+08:00`, `2024/3/1 12:30`.
pub(super) fn datetime(text: &str) -> Option<f64> {
    let (days, rest) = date_prefix(text)?;
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (seconds, rest) = time_prefix(rest.trim_start_matches(' '))?;
    Some(days * DAY + seconds - offset(rest.trim_start_matches(' '))?)
}

/// Seconds of `Z`, `+08:00`, `-0330`, `+08` or nothing.
pub(super) fn offset(text: &str) -> Option<f64> {
    if text.is_empty() || ["z", "utc", "gmt"].iter().any(|zone| text.eq_ignore_ascii_case(zone)) {
        return Some(0.0);
    }
    let sign = match text.as_bytes()[0] {
        b'+' => 1.0,
        b'-' => -1.0,
        _ => return None,
    };
    let (hours, rest) = digits(&text[1..], 2, 2)?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let (minutes, rest) = if rest.is_empty() { (0, rest) } else { digits(rest, 2, 2)? };
    (rest.is_empty() && hours < 24 && minutes < 60).then(|| sign * (hours * 3600 + minutes * 60) as f64)
}
