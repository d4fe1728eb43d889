//! The generalized forms of a release: intervals, sets, masks, the suppressed cell.

use super::exact::Reader;
use super::{number, time};
use reident_attacks::table::{Cell, Interval, Kind};
use std::collections::BTreeMap;

/// What stands between the ends of an interval, the clearer first; a hyphen may also be a sign or part of a date.
const DASHES: [&str; 8] = ["..", "~", "～", "–", "—", "至", " to ", "-"];

/// The interval that a text of a numeric or date column says: `30-39`, `[30,40)`, `>=65`, `65+`, `1985-03`, `13***`,
/// `{30,31}` (the span of its members).
pub(super) fn interval(reader: Reader, text: &str) -> Option<Interval> {
    let found = point(reader, text)
        .or_else(|| bracketed(reader, text))
        .or_else(|| compared(reader, text))
        .or_else(|| members(reader, text))
        .or_else(|| between(reader, text))?;
    let holds_something = found.lo < found.hi || (found.lo == found.hi && found.lo_included && found.hi_included);
    holds_something.then_some(found)
}

/// What a single value covers: itself, or all the days of a month or a year, or all the numbers of a mask.
fn point(reader: Reader, text: &str) -> Option<Interval> {
    let exact = |value: f64| value.is_finite().then(|| Interval::closed(value, value));
    match reader.kind {
        Kind::Numeric => match number::read(text) {
            Some(reading) => exact(reading.value),
            None => digit_mask(text),
        },
        Kind::Date => {
            let day = time::date(text).or_else(|| time::compact_date(text).filter(|_| reader.fixed));
            day.and_then(exact).or_else(|| time::date_span(text).map(|(first, last)| Interval::closed(first, last)))
        }
        _ => {
            let days = time::date(text).map(|day| (day, day)).or_else(|| time::date_span(text));
            let whole_days = days.map(|(first, last)| Interval {
                hi_included: false,
                ..Interval::closed(first * time::DAY, (last + 1.0) * time::DAY)
            });
            whole_days.or_else(|| time::datetime(text).or_else(|| time::time_of_day(text)).and_then(exact))
        }
    }
}

/// `13***`: the numbers of that many digits that begin so.
fn digit_mask(text: &str) -> Option<Interval> {
    let prefix = text.trim_end_matches('*');
    let stars = text.len() - prefix.len();
    if stars == 0 || prefix.is_empty() || text.len() > 15 || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let unit = 10f64.powi(stars as i32);
    let lo = prefix.parse::<f64>().ok()? * unit;
    Some(Interval::closed(lo, lo + unit - 1.0))
}

/// `[30,40)` and its relatives, `[30,40[` included; an end may be left out or infinite.
fn bracketed(reader: Reader, text: &str) -> Option<Interval> {
    let lo_included = match text.chars().next()? {
        '[' => true,
        '(' | ']' => false,
        _ => return None,
    };
    let hi_included = match text.chars().next_back()? {
        ']' => true,
        ')' | '[' => false,
        _ => return None,
    };
    let inner = text.get(1..text.len() - 1)?;
    let (lo, hi) = [",", ";", ".."].iter().find_map(|separator| inner.split_once(separator))?;
    let unbounded = |text: &str, signs: &[char]| {
        let word = text.trim_start_matches(signs);
        text.is_empty() || word == "∞" || word.eq_ignore_ascii_case("inf") || word.eq_ignore_ascii_case("infinity")
    };
    let (lo, hi) = (lo.trim(), hi.trim());
    let (lo, lo_included) = match point(reader, lo) {
        Some(point) if lo_included => (point.lo, point.lo_included),
        Some(point) => (point.hi, !point.hi_included),
        None if unbounded(lo, &['-', '−']) => (f64::NEG_INFINITY, false),
        None => return None,
    };
    let (hi, hi_included) = match point(reader, hi) {
        Some(point) if hi_included => (point.hi, point.hi_included),
        Some(point) => (point.lo, !point.lo_included),
        None if unbounded(hi, &['+']) => (f64::INFINITY, false),
        None => return None,
    };
    Some(Interval { lo, hi, lo_included, hi_included })
}

/// `>=65`, `>65`, `<=17`, `<18`, `65+`.
fn compared(reader: Reader, text: &str) -> Option<Interval> {
    let of = |rest: &str| point(reader, rest.trim());
    let above = |lo, lo_included| Interval { lo, hi: f64::INFINITY, lo_included, hi_included: false };
    let below = |hi, hi_included| Interval { lo: f64::NEG_INFINITY, hi, lo_included: false, hi_included };
    let at_least = |point: Interval| above(point.lo, point.lo_included);
    let strip = |prefixes: &[&str]| prefixes.iter().find_map(|prefix| text.strip_prefix(prefix));
    if let Some(rest) = strip(&[">=", "≥", "⩾", "=>"]) {
        of(rest).map(at_least)
    } else if let Some(rest) = strip(&["<=", "≤", "⩽", "=<"]) {
        of(rest).map(|point| below(point.hi, point.hi_included))
    } else if let Some(rest) = strip(&[">", "＞"]) {
        of(rest).map(|point| above(point.hi, !point.hi_included))
    } else if let Some(rest) = strip(&["<", "＜"]) {
        of(rest).map(|point| below(point.lo, !point.lo_included))
    } else {
        of(text.strip_suffix('+').or_else(|| text.strip_suffix('＋'))?).map(at_least)
    }
}

/// `{30,31,35}`: a numeric column knows no sets, so the span of the members.
fn members(reader: Reader, text: &str) -> Option<Interval> {
    let mut span: Option<Interval> = None;
    for member in text.strip_prefix('{')?.strip_suffix('}')?.split([',', ';']) {
        let member = point(reader, member.trim())?;
        let so_far = span.unwrap_or(member);
        span = Some(join(
            if so_far.lo <= member.lo { so_far } else { member },
            if so_far.hi >= member.hi { so_far } else { member },
        ));
    }
    span
}

/// `30-39` with any dash; both ends belong to it.
fn between(reader: Reader, text: &str) -> Option<Interval> {
    let split = |dash: &str| {
        text.match_indices(dash).find_map(|(at, _)| {
            let lo = point(reader, text[..at].trim())?;
            let hi = point(reader, text[at + dash.len()..].trim())?;
            Some(join(lo, hi))
        })
    };
    DASHES.into_iter().find_map(split)
}

/// From the lower end of one interval to the upper end of another.
fn join(lo: Interval, hi: Interval) -> Interval {
    Interval { lo: lo.lo, lo_included: lo.lo_included, hi: hi.hi, hi_included: hi.hi_included }
}

/// The categories that a release may cover: those of the original and the control.
pub(super) struct Known<'a> {
    /// All of them, sorted by length in characters and then by bytes.
    by_length: BTreeMap<usize, Vec<&'a str>>,
}

impl<'a> Known<'a> {
    /// From cells of the original and the control.
    pub(super) fn new(cells: impl Iterator<Item = &'a Cell>) -> Known<'a> {
        let mut by_length: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for cell in cells {
            if let Cell::Category(text) = cell {
                by_length.entry(text.chars().count()).or_default().push(text);
            }
        }
        for texts in by_length.values_mut() {
            texts.sort_unstable();
            texts.dedup();
        }
        Known { by_length }
    }

    /// Whether it is an exact value.
    pub(super) fn has(&self, text: &str) -> bool {
        self.of_length(text).binary_search(&text).is_ok()
    }

    fn of_length(&self, text: &str) -> &[&'a str] {
        self.by_length.get(&text.chars().count()).map_or(&[], Vec::as_slice)
    }

    /// The generalized cell that a text which is no exact value stands for: a set whose members all are values, or a
    /// mask of values of its length.
    pub(super) fn generalized(&self, text: &str) -> Option<Cell> {
        self.set(text).or_else(|| self.mask(text)).map(Cell::OneOf)
    }

    fn set(&self, text: &str) -> Option<Vec<String>> {
        let inner = text.strip_prefix('{')?.strip_suffix('}')?;
        let split = |separator: char| {
            let members: Vec<&str> = inner.split(separator).map(str::trim).collect();
            members.iter().all(|member| self.has(member)).then_some(members)
        };
        let mut members: Vec<String> =
            [',', ';', '|'].into_iter().find_map(split)?.into_iter().map(str::to_owned).collect();
        members.sort_unstable();
        members.dedup();
        Some(members)
    }

    fn mask(&self, text: &str) -> Option<Vec<String>> {
        let prefix = &text[..text.find('*')?];
        let candidates = self.of_length(text);
        // Sorted by bytes, so what begins alike stands together.
        let start = candidates.partition_point(|value| *value < prefix);
        let fits = |value: &&&str| text.chars().zip(value.chars()).all(|(mask, c)| mask == '*' || mask == c);
        let alike = candidates[start..].iter().take_while(|value| value.starts_with(prefix));
        let covered: Vec<String> = alike.filter(fits).map(|value| (*value).to_owned()).collect();
        (!covered.is_empty()).then_some(covered)
    }
}
