//! Numbers, days and times that are known up to an interval: `30-39`, `[30,40)`, `65 and over`, `1985-03`, `13***`.

use super::exact::Reader;
use super::number::folded;
use super::sides::{AFTER, BEFORE, Side};
use super::{number, spans, time};
use reident_attacks::table::{Interval, Kind};

/// What stands between the ends of an interval, the clearer first; a hyphen may also be a sign or part of a date.
const DASHES: [&str; 20] = [
    "..", "~", "\u{301c}", "–", "—", "至", "到", " to ", " bis ", " and ", " und ", " à ", " et ", " a ", " y ", " e ",
    " tot ", " en ", " until ", "-",
];

/// What stands before the upper end of an interval that does not hold it: `20 bis unter 30`, `20-<30`.
const EXCLUDED: [&str; 5] = ["<", "under ", "unter ", "less than ", "below "];

/// The interval that a text of a numeric or date column says: `30-39`, `[30,40)`, `>=65`, `65+`, `under 30`, `20s`, `30岁以上`, `1985-03`,
/// `13***`, `{30,31}` (the span of its members).
pub(super) fn interval(reader: Reader, text: &str) -> Option<Interval> {
    let folded = folded(text);
    let text = folded.trim();
    single(reader, text).or_else(|| members(reader, text))
}

/// Bytes of the longest text that is tried as an interval: what is longer is a sentence.
const LONGEST: usize = 96;

/// An interval that is no set.
fn single(reader: Reader, text: &str) -> Option<Interval> {
    if text.len() > LONGEST || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let found = point(reader, text)
        .or_else(|| bracketed(reader, text))
        .or_else(|| compared(reader, text))
        .or_else(|| between(reader, text))?;
    let holds_something = found.lo < found.hi || (found.lo == found.hi && found.lo_included && found.hi_included);
    holds_something.then_some(found)
}

/// What a single value covers: itself, or all the days of a month or a year, or all the numbers of a mask or a decade.
fn point(reader: Reader, text: &str) -> Option<Interval> {
    let exact = |value: f64| value.is_finite().then(|| Interval::closed(value, value));
    match reader.kind {
        Kind::Numeric => match number::local(text, reader.form.decimal) {
            Some(value) => exact(value),
            None => digit_mask(text, reader.width).or_else(|| decade(text)),
        },
        Kind::Date => reader
            .day(text)
            .and_then(exact)
            .or_else(|| spans::span(text).map(|(first, last)| Interval::closed(first, last))),
        _ => {
            let days = reader.day(text).map(|day| (day, day)).or_else(|| spans::span(text));
            let whole_days = days.map(|(first, last)| Interval {
                hi_included: false,
                ..Interval::closed(first * time::DAY, (last + 1.0) * time::DAY)
            });
            whole_days.or_else(|| reader.second(text).or_else(|| time::time_of_day(text)).and_then(exact))
        }
    }
}

/// Characters that stand for a digit which is not told.
pub(super) fn is_mask_sign(c: char) -> bool {
    matches!(c, '*' | 'x' | 'X' | '#' | '_' | '?' | '•' | '●')
}

/// `13***`: the numbers of that many digits that begin so; of as many digits as the column's have, if they all have as many.
pub(super) fn digit_mask(text: &str, width: Option<usize>) -> Option<Interval> {
    let prefix = text.trim_end_matches(is_mask_sign);
    let masked = text[prefix.len()..].chars().count();
    if masked == 0 || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    starting_with(prefix, width.filter(|width| prefix.len() + masked <= *width).unwrap_or(prefix.len() + masked))
}

/// The numbers of so many digits that begin with these.
pub(super) fn starting_with(prefix: &str, width: usize) -> Option<Interval> {
    if prefix.is_empty() || width > 15 || width < prefix.len() {
        return None;
    }
    let unit = 10f64.powi((width - prefix.len()) as i32);
    let lo = prefix.parse::<f64>().ok()? * unit;
    Some(Interval::closed(lo, lo + unit - 1.0))
}

/// `20s`, `1980s`, `20代`.
fn decade(text: &str) -> Option<Interval> {
    let number = ["s", "S", "年代", "代"].into_iter().find_map(|suffix| text.strip_suffix(suffix))?;
    if !number.ends_with('0') || number.len() > 4 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let lo = number.parse().ok()?;
    Some(Interval::closed(lo, lo + 9.0))
}

/// `[30,40)` and its relatives, `[30,40[` and `[30-40)` included; an end may be left out or infinite.
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
    let unbounded = |text: &str, signs: &[char]| {
        let word = text.trim_start_matches(signs);
        text.is_empty() || word == "∞" || word.eq_ignore_ascii_case("inf") || word.eq_ignore_ascii_case("infinity")
    };
    let ends = |lo: &str, hi: &str| {
        let (lo, hi) = (lo.trim(), hi.trim());
        let (lo, lo_included) = match point(reader, lo) {
            Some(point) if lo_included => (point.lo, point.lo_included),
            Some(point) => (point.hi, !point.hi_included),
            None if unbounded(lo, &['-']) => (f64::NEG_INFINITY, false),
            None => return None,
        };
        let (hi, hi_included) = match point(reader, hi) {
            Some(point) if hi_included => (point.hi, point.hi_included),
            Some(point) => (point.lo, !point.lo_included),
            None if unbounded(hi, &['+']) => (f64::INFINITY, false),
            None => return None,
        };
        Some(Interval { lo, hi, lo_included, hi_included })
    };
    let separators = [";", ", ", ","].into_iter().chain(DASHES);
    separators.into_iter().find_map(|separator| {
        inner.match_indices(separator).find_map(|(at, _)| ends(&inner[..at], &inner[at + separator.len()..]))
    })
}

/// `>=65`, `65+`, `under 30`, `65 years and over`, `30岁以上`.
fn compared(reader: Reader, text: &str) -> Option<Interval> {
    let lower = text.to_lowercase();
    let (rest, side) = BEFORE
        .iter()
        .find_map(|(sign, side)| Some((lower.strip_prefix(sign)?, *side)))
        .or_else(|| AFTER.iter().find_map(|(sign, side)| Some((lower.strip_suffix(sign)?, *side))))?;
    let point = point(reader, rest.trim())?;
    let above = |lo, lo_included| Interval { lo, hi: f64::INFINITY, lo_included, hi_included: false };
    let below = |hi, hi_included| Interval { lo: f64::NEG_INFINITY, hi, lo_included: false, hi_included };
    Some(match side {
        Side::AtLeast => above(point.lo, point.lo_included),
        Side::Above => above(point.hi, !point.hi_included),
        Side::AtMost => below(point.hi, point.hi_included),
        Side::Below => below(point.lo, !point.lo_included),
    })
}

/// `{30,31,35}`: a numeric column knows no sets, so the span of the members.
fn members(reader: Reader, text: &str) -> Option<Interval> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let split = |separator: char| {
        let mut span: Option<Interval> = None;
        for member in inner.split(separator) {
            let member = single(reader, member.trim_matches([' ', '"', '\'']))?;
            let so_far = span.unwrap_or(member);
            span = Some(join(
                if so_far.lo <= member.lo { so_far } else { member },
                if so_far.hi >= member.hi { so_far } else { member },
            ));
        }
        span
    };
    [';', '|', ','].into_iter().find_map(split)
}

/// `30-39` with any dash, also `between 30 and 39`, `30-39 years` and `30 to under 40`; both ends belong to it unless words say that
/// the upper one does not.
fn between(reader: Reader, text: &str) -> Option<Interval> {
    let lower = text.to_lowercase();
    let text = ["between ", "from ", "von ", "zwischen ", "entre ", "aged ", "de ", "da ", "tra ", "van ", "tussen "]
        .iter()
        .find_map(|word| lower.strip_prefix(word))
        .unwrap_or(&lower);
    let split = |dash: &str| {
        text.match_indices(dash).find_map(|(at, _)| {
            let lo = point(reader, text[..at].trim())?;
            let hi = text[at + dash.len()..].trim();
            match EXCLUDED.iter().find_map(|word| hi.strip_prefix(word)) {
                None => Some(join(lo, point(reader, hi)?)),
                Some(hi) => {
                    let hi = point(reader, hi.trim())?;
                    Some(Interval { hi: hi.lo, hi_included: !hi.lo_included, ..lo })
                }
            }
        })
    };
    DASHES.into_iter().find_map(split)
}

/// From the lower end of one interval to the upper end of another.
fn join(lo: Interval, hi: Interval) -> Interval {
    Interval { lo: lo.lo, lo_included: lo.lo_included, hi: hi.hi, hi_included: hi.hi_included }
}

#[cfg(test)]
mod test {
    use super::*;

    fn read(kind: Kind, text: &str) -> Option<(f64, bool, f64, bool)> {
        let interval = interval(Reader::new(kind, false), text)?;
        Some((interval.lo, interval.lo_included, interval.hi, interval.hi_included))
    }

    #[test]
    fn bands_in_many_spellings() {
        for text in [
            "20-29",
            "20 – 29",
            "20~29",
            "20〜29",
            "[20,29]",
            "[20;29]",
            "20 to 29",
            "20-29 years",
            "aged 20-29",
            "between 20 and 29",
            "20 bis 29 Jahre",
            "von 20 bis 29",
            "20 à 29 ans",
            "de 20 à 29 ans",
            "entre 20 et 29 ans",
            "de 20 a 29 años",
            "20-29岁",
            "20至29岁",
            "20岁-29岁",
            "20s",
            "20代",
            "２０-２９",
            "٢٠-٢٩",
        ] {
            assert_eq!(read(Kind::Numeric, text), Some((20.0, true, 29.0, true)), "{text}");
        }
        for text in ["[20,30)", "[20-30)", "[20;30[", "20 bis unter 30", "20 to under 30", "20-<30", "20 - < 30 years"]
        {
            assert_eq!(read(Kind::Numeric, text), Some((20.0, true, 30.0, false)), "{text}");
        }
        let infinite = f64::INFINITY;
        for text in [
            ">=65",
            "≥65",
            "65+",
            "65 and over",
            "65 & over",
            "65 years and over",
            "65 or more",
            "65plus",
            "at least 65",
            "65岁以上",
            "65岁及以上",
            "满65岁",
            "65 Jahre und älter",
            "65 ans et plus",
            "65 y más",
            "ab 65",
        ] {
            assert_eq!(read(Kind::Numeric, text), Some((65.0, true, infinite, false)), "{text}");
        }
        for text in [
            "<30",
            "under 30",
            "below 30",
            "less than 30",
            "unter 30 Jahre",
            "moins de 30 ans",
            "menos de 30",
            "不满30岁",
            "30岁未满",
        ] {
            assert_eq!(read(Kind::Numeric, text), Some((-infinite, false, 30.0, false)), "{text}");
        }
        assert_eq!(read(Kind::Numeric, "30岁以下"), Some((-infinite, false, 30.0, true)));
        for text in ["", "under", "30 under", "a-b", "30-20", "(5,5)", "years", "65 and"] {
            assert_eq!(read(Kind::Numeric, text), None, "{text}");
        }
    }
}
