//! Stretches of days: years, quarters, months, weeks, decades and seasons.

use super::dates::month_name;
use super::time::{days_from_civil, digits};

/// First and last day of what a text names: `2024`, `2024-03`, `2024年3月`, `03/2024`, `Mar 2024`, `2024-Q1`, `2024-H1`, `2024-W05`,
/// `1980s`, `spring 2024`, and with `**` or `xx` for what is masked.
pub(super) fn span(text: &str) -> Option<(f64, f64)> {
    let lower = text.to_lowercase();
    let text = lower.trim();
    masked(text).or_else(|| named(text)).or_else(|| part_of_year(text)).or_else(|| decade(text))
}

/// From the first day of a month to the last day of another of the same or a later year.
fn months(year: i64, first: i64, last_year: i64, last: i64) -> Option<(f64, f64)> {
    let (next_year, next) = if last == 12 { (last_year + 1, 1) } else { (last_year, last + 1) };
    Some((days_from_civil(year, first, 1)?, days_from_civil(next_year, next, 1)? - 1.0))
}

fn number(text: &str, most: usize) -> Option<i64> {
    digits(text, 1, most).filter(|(_, rest)| rest.is_empty()).map(|(number, _)| number)
}

fn four_digits(text: &str) -> Option<i64> {
    if text.len() == 4 { number(text, 4) } else { None }
}

/// `2024`, `2024-03`, `2024-03-**`, `2024/**/**`, `**.03.2024`, `03/2024`.
fn masked(text: &str) -> Option<(f64, f64)> {
    let text = text.strip_suffix('年').unwrap_or(text);
    let separator = text.chars().find(|c| matches!(c, '-' | '/' | '.')).unwrap_or('-');
    let mut parts: Vec<&str> = text.split(separator).collect();
    if parts.len() > 3 {
        return None;
    }
    let year = match four_digits(parts[0]) {
        Some(year) => {
            parts.remove(0);
            year
        }
        None if parts.len() > 1 => four_digits(parts.pop()?)?,
        None => return None,
    };
    let is_mask = |part: &&str| {
        !part.is_empty() && part.len() <= 2 && part.bytes().all(|byte| matches!(byte, b'*' | b'x' | b'?'))
    };
    let mut known = parts.iter().filter(|part| !is_mask(part));
    // What is known beside the year is the month, wherever it stands; with a day it would be a date.
    match (known.next(), known.next()) {
        (None, _) => months(year, 1, year, 12),
        (Some(month), None) => number(month, 2).and_then(|month| months(year, month, year, month)),
        _ => None,
    }
}

/// `mar 2024`, `march-2024`, `2024 mar`, `2024年3月`.
fn named(text: &str) -> Option<(f64, f64)> {
    if let Some((year, month)) = text.strip_suffix('月').and_then(|text| text.split_once('年')) {
        let (year, month) = (four_digits(year.trim())?, number(month.trim(), 2)?);
        return months(year, month, year, month);
    }
    let gap: &[char] = &[' ', '-', '/', ',', '.'];
    let (month, year) = match month_name(text) {
        Some((month, rest)) => (month, four_digits(rest.trim_start_matches(gap))?),
        None => {
            let (year, rest) = digits(text, 4, 4)?;
            (month_name(rest.trim_start_matches(gap)).filter(|(_, rest)| rest.is_empty())?.0, year)
        }
    };
    months(year, month, year, month)
}

/// `2024-q1`, `q1 2024`, `2024年第1季度`, `2024-h2`, `2024-w05`, `spring 2024`.
fn part_of_year(text: &str) -> Option<(f64, f64)> {
    let gap: &[char] = &[' ', '-', '/', '_', ',', '年', '第'];
    let (year, part) = match digits(text, 4, 4) {
        Some((year, rest)) => (year, rest.trim_matches(gap)),
        None => (four_digits(text.get(text.len().checked_sub(4)?..)?)?, text[..text.len() - 4].trim_matches(gap)),
    };
    let quarter =
        ["一季度", "二季度", "三季度", "四季度"].iter().position(|name| part == *name).map(|at| at as i64 + 1);
    let numbered = |letter: char, most: i64| {
        let digits = part.strip_prefix(letter)?;
        number(digits, 2).filter(|at| (1..=most).contains(at))
    };
    let quarter = quarter.or_else(|| number(part.strip_suffix("季度")?, 1).filter(|at| (1..=4).contains(at)));
    let before = || number(part.strip_suffix('q')?, 1).filter(|at| (1..=4).contains(at));
    if let Some(quarter) = quarter.or_else(|| numbered('q', 4)).or_else(before) {
        return months(year, 3 * quarter - 2, year, 3 * quarter);
    }
    // The sign for a year that ends these was taken off.
    let half = ["上半", "下半"].iter().position(|name| part == *name).map(|at| at as i64 + 1);
    if let Some(half) = half.or_else(|| numbered('h', 2)) {
        return months(year, 6 * half - 5, year, 6 * half);
    }
    if let Some(week) = numbered('w', 53) {
        // The week of 4 January is the first (ISO 8601); 1970-01-01 was a Thursday.
        let fourth = days_from_civil(year, 1, 4)?;
        let monday = fourth - (fourth + 3.0).rem_euclid(7.0) + 7.0 * (week - 1) as f64;
        return Some((monday, monday + 6.0));
    }
    // Seasons as calendars and as weather services reckon them, a winter of the year's beginning or of its end.
    match part {
        "spring" | "春" | "春季" => months(year, 3, year, 6),
        "summer" | "夏" | "夏季" => months(year, 6, year, 9),
        "autumn" | "fall" | "秋" | "秋季" => months(year, 9, year, 12),
        "winter" | "冬" | "冬季" => months(year - 1, 12, year + 1, 3),
        _ => None,
    }
}

/// `1980s`, `1980年代`.
fn decade(text: &str) -> Option<(f64, f64)> {
    let year = four_digits(text.strip_suffix('s').or_else(|| text.strip_suffix("年代"))?)?;
    if year % 10 == 0 { months(year, 1, year + 9, 12) } else { None }
}

#[cfg(test)]
mod test {
    use super::super::time::date_text;
    use super::*;

    #[test]
    fn stretches_of_days() {
        for (text, first, last) in [
            ("2024", "2024-01-01", "2024-12-31"),
            ("2024年", "2024-01-01", "2024-12-31"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2024/2", "2024-02-01", "2024-02-29"),
            ("2024.02", "2024-02-01", "2024-02-29"),
            ("02/2024", "2024-02-01", "2024-02-29"),
            ("2024年2月", "2024-02-01", "2024-02-29"),
            ("Feb 2024", "2024-02-01", "2024-02-29"),
            ("February-2024", "2024-02-01", "2024-02-29"),
            ("2024-Feb", "2024-02-01", "2024-02-29"),
            ("2024-02-**", "2024-02-01", "2024-02-29"),
            ("2024-02-XX", "2024-02-01", "2024-02-29"),
            ("**.02.2024", "2024-02-01", "2024-02-29"),
            ("2024-**-**", "2024-01-01", "2024-12-31"),
            ("**/**/2024", "2024-01-01", "2024-12-31"),
            ("2024-Q2", "2024-04-01", "2024-06-30"),
            ("Q2 2024", "2024-04-01", "2024-06-30"),
            ("2024Q2", "2024-04-01", "2024-06-30"),
            ("2024年第2季度", "2024-04-01", "2024-06-30"),
            ("2024年第二季度", "2024-04-01", "2024-06-30"),
            ("2024-H2", "2024-07-01", "2024-12-31"),
            ("2024年下半年", "2024-07-01", "2024-12-31"),
            ("2Q 2024", "2024-04-01", "2024-06-30"),
            ("2024-W01", "2024-01-01", "2024-01-07"),
            ("2021-W01", "2021-01-04", "2021-01-10"),
            ("1980s", "1980-01-01", "1989-12-31"),
            ("1980年代", "1980-01-01", "1989-12-31"),
            ("Spring 2024", "2024-03-01", "2024-06-30"),
            ("2024 winter", "2023-12-01", "2025-03-31"),
        ] {
            let (lo, hi) = span(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((date_text(lo).as_str(), date_text(hi).as_str()), (first, last), "{text}");
        }
        for text in ["2024-13", "2024-02-03", "24", "1985s", "2024-Q5", "2024-1-2-3", "", "**", "Q1", "2024-"] {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
