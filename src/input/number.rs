//! Reading numbers from text.

use super::form::{Decimal, Fit};
use std::borrow::Cow;

/// Beyond this a number counts as infinite: differences and sums of such numbers would overflow.
pub(super) const LARGEST: f64 = 1e300;
/// From here on integers are not all distinct as `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What a text says as a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reading {
    /// The number, with a decimal point; NaN or infinite when it has no finite value.
    pub(super) value: f64,
    /// Whether it begins with zeros that a number would not have, as in `007`.
    pub(super) leading_zeros: bool,
    /// Whether it is an integer with more digits than `f64` holds.
    pub(super) too_long: bool,
    /// Whether a decimal comma would make it another number, or none.
    pub(super) fit: Fit,
}

/// Reads `-12`, `+3.50`, `.5`, `1e-3`, `nan`, `inf`; nothing else that Rust or C would accept.
pub(super) fn read(text: &str) -> Option<Reading> {
    let bytes = text.as_bytes();
    let unsigned = match bytes.first()? {
        b'+' | b'-' => &bytes[1..],
        _ => bytes,
    };
    let digits = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(unsigned);
    let mut at = whole;
    let mut fraction = 0;
    if unsigned.get(at) == Some(&b'.') {
        fraction = digits(&unsigned[at + 1..]);
        at += 1 + fraction;
    }
    if whole + fraction == 0 {
        let word = |word: &[u8]| unsigned.eq_ignore_ascii_case(word);
        let value = if word(b"nan") {
            f64::NAN
        } else if word(b"inf") || word(b"infinity") {
            f64::INFINITY
        } else {
            return None;
        };
        return Some(Reading { value, leading_zeros: false, too_long: false, fit: Fit::Any });
    }
    let integer = at == whole;
    let mut exponent = false;
    if matches!(unsigned.get(at), Some(b'e' | b'E')) {
        let signed = usize::from(matches!(unsigned.get(at + 1), Some(b'+' | b'-')));
        let length = digits(unsigned.get(at + 1 + signed..).unwrap_or(&[]));
        if length == 0 {
            return None;
        }
        at += 1 + signed + length;
        exponent = true;
    }
    if at != unsigned.len() {
        return None;
    }
    let value = if at == whole && whole <= 15 {
        // Few enough digits for the number to be exact.
        let size = unsigned.iter().fold(0, |value, digit| 10 * value + u64::from(digit - b'0')) as f64;
        if bytes[0] == b'-' { -size } else { size }
    } else {
        text.parse().ok()?
    };
    let value = if value.abs() > LARGEST { f64::INFINITY } else { value + 0.0 };
    let leading_zeros = whole > 1 && unsigned[0] == b'0';
    let fit = match fraction {
        0 if integer => Fit::Any,
        3 if (1..=3).contains(&whole) && unsigned[0] != b'0' && !exponent => Fit::Either,
        _ => Fit::First,
    };
    Some(Reading { value, leading_zeros, too_long: integer && !exponent && is_too_long(value), fit })
}

/// Whether an integer has more digits than `f64` holds.
pub(super) fn is_too_long(integer: f64) -> bool {
    integer.abs() >= EXACT
}

/// The number of a text in a local form: what [`read`] reads, thousands in groups (`1.234,50`, `1 234`, `1'234`), a currency, a
/// percent sign or years of age beside it, other signs (`−5`, `5-`, `(5)`), full-width digits.
pub(super) fn local(text: &str, decimal: Decimal) -> Option<f64> {
    match read(text) {
        Some(reading) if decimal == Decimal::Point || reading.fit == Fit::Any => Some(reading.value),
        Some(reading) if reading.fit == Fit::Either => Some((reading.value * 1000.0).round()),
        Some(_) => None,
        None => spelled(text, decimal),
    }
}

/// In which forms a text that is no plain number can be read.
pub(super) fn fit(text: &str) -> Option<Fit> {
    if !may_be_spelled(text) {
        return None;
    }
    Fit::of(spelled(text, Decimal::Point), spelled(text, Decimal::Comma))
}

/// A quick look that most texts do not pass: digits with nothing but companions before and after them, and no letter between.
fn may_be_spelled(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    if !text.is_ascii() {
        return text.bytes().any(|byte| byte.is_ascii_digit()) || text.chars().any(|c| digit(c).is_some());
    }
    let bytes = text.as_bytes();
    let Some(first) = bytes.iter().position(u8::is_ascii_digit) else { return false };
    let last = bytes.iter().rposition(u8::is_ascii_digit).unwrap_or(first);
    let is_known = |text: &str, units: &[&str]| units.iter().any(|unit| unit.eq_ignore_ascii_case(text));
    let before = text[..first].trim_matches([' ', '-', '+', '(', '.', ',']);
    let after = text[last + 1..].trim_matches([' ', '-', ')', '.', ',']);
    !bytes[first..last].iter().any(u8::is_ascii_alphabetic)
        && (before.is_empty() || is_known(before, &CURRENCIES))
        && (after.is_empty() || is_known(after, &CURRENCIES) || is_known(after, &AFTER))
}

/// Bytes of the longest spelling of a number that is tried.
const LONGEST: usize = 64;

/// What may stand beside a number: currencies and years of age, in lower case.
const CURRENCIES: [&str; 24] = [
    "€", "$", "£", "¥", "₹", "₽", "₩", "₺", "元", "円", "eur", "usd", "us$", "gbp", "chf", "cny", "rmb", "jpy", "inr",
    "kr", "zł", "r$", "fr.", "ft",
];
const AFTER: [&str; 15] =
    ["%", "‰", "years old", "years", "year", "yrs", "yr", "岁", "歲", "歳", "jahre", "ans", "años", "anni", "jaar"];

/// A spelled number with its signs, companions and groups.
fn spelled(text: &str, decimal: Decimal) -> Option<f64> {
    if text.len() > LONGEST {
        return None;
    }
    let folded = folded(text);
    let mut rest = folded.trim();
    let mut negative = false;
    let has_comma = rest.contains(',');
    if let Some(inner) = rest.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        if has_comma && decimal == Decimal::Comma {
            // `(20,30)` is an open interval and no loss of 20.30.
            return None;
        }
        (rest, negative) = (inner.trim(), true);
    }
    // `30-` may be the beginning of an open interval; `1.234,50-` is a number.
    let may_end_with_minus = has_comma || rest.contains('.');
    let (mut signed, mut beside) = (negative, false);
    loop {
        let before = rest;
        let at_end = || rest.strip_suffix('-').filter(|_| may_end_with_minus);
        if let Some(inner) = rest.strip_prefix(['-', '+']).or_else(at_end).filter(|_| !signed) {
            negative = rest.contains('-');
            (rest, signed) = (inner.trim(), true);
        } else if let Some(inner) = without_companion(rest).filter(|_| !beside) {
            (rest, beside) = (inner.trim(), true);
        }
        if rest == before {
            break;
        }
    }
    let value = grouped(rest, decimal)?;
    let value = if negative { -value } else { value };
    (value.abs() <= LARGEST).then_some(value + 0.0)
}

/// A number without the currency or unit at one of its ends.
fn without_companion(text: &str) -> Option<&str> {
    let ends_with = |unit: &str| {
        let start = text.len().checked_sub(unit.len())?;
        text.get(start..)?.eq_ignore_ascii_case(unit).then(|| &text[..start])
    };
    let starts_with = |unit: &str| text.get(..unit.len())?.eq_ignore_ascii_case(unit).then(|| &text[unit.len()..]);
    CURRENCIES
        .iter()
        .find_map(|unit| starts_with(unit))
        .or_else(|| CURRENCIES.iter().chain(&AFTER).find_map(|unit| ends_with(unit)))
}

/// Digits in groups of thousands, and decimals.
fn grouped(text: &str, decimal: Decimal) -> Option<f64> {
    let (sign, other) = if decimal == Decimal::Point { ('.', ',') } else { (',', '.') };
    let (whole, fraction) = text.split_once(sign).unwrap_or((text, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || !whole.starts_with(|c: char| c.is_ascii_digit()) {
        // `,5` is a number, `,` is none.
        return (whole.is_empty() && !fraction.is_empty()).then(|| format!("0.{fraction}").parse().ok()).flatten();
    }
    let is_group_sign = |c: char| c == other || matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’');
    let mut digits = String::with_capacity(text.len());
    if let Some(group_sign) = whole.chars().find(|c| !c.is_ascii_digit()) {
        if !is_group_sign(group_sign) || whole.starts_with('0') {
            return None;
        }
        let groups: Vec<&str> = whole.split(group_sign).collect();
        let (first, rest) = groups.split_first()?;
        let (last, middle) = rest.split_last()?;
        let of = |length: usize| middle.iter().all(|group| group.len() == length);
        // In thousands, or as in India: lakhs and crores above them.
        let fits =
            (1..=3).contains(&first.len()) && of(3) || (1..=2).contains(&first.len()) && of(2) && !middle.is_empty();
        if !fits || last.len() != 3 || !groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit())) {
            return None;
        }
        groups.iter().for_each(|group| digits.push_str(group));
    } else {
        digits.push_str(whole);
    }
    if !fraction.is_empty() {
        digits.push('.');
        digits.push_str(fraction);
    }
    digits.parse().ok()
}

/// The zeros of the scripts that write numbers in places of ten with digits of their own, in the order of Unicode: Arabic, Persian,
/// N'Ko, Devanagari, Bengali, Gurmukhi, Gujarati, Oriya, Tamil, Telugu, Kannada, Malayalam, Thai, Lao, Tibetan, Burmese, Khmer,
/// Mongolian, and the full-width digits.
const ZEROS: [char; 19] = [
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}', '\u{c66}',
    '\u{ce6}', '\u{d66}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}', '\u{17e0}', '\u{1810}', '\u{ff10}',
];

/// A digit of another script as ASCII has it.
fn digit(c: char) -> Option<char> {
    let zero = ZEROS[..ZEROS.partition_point(|zero| *zero <= c)].last()?;
    char::from_digit(c as u32 - *zero as u32, 10)
}

/// A text with its full-width characters, its signs and the digits of other scripts as ASCII has them.
pub(super) fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let fold = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '−' | '‐' | '\u{2011}' => '-',
        '￥' => '¥',
        '\u{3000}' => ' ',
        // Arabic signs for decimals and thousands.
        '\u{66b}' => '.',
        '\u{66c}' => ',',
        _ => digit(c).unwrap_or(c),
    };
    Cow::Owned(text.chars().map(fold).collect())
}

/// The shortest text of a number, as a category.
pub(super) fn text_of(value: f64) -> String {
    format!("{value}")
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn local_spellings() {
        for (text, point, comma) in [
            ("1.5", Some(1.5), None),
            ("1,5", None, Some(1.5)),
            ("1.234", Some(1.234), Some(1234.0)),
            ("1,234", Some(1234.0), Some(1.234)),
            ("0.123", Some(0.123), None),
            ("0,123", None, Some(0.123)),
            ("1234,567", None, Some(1234.567)),
            ("1.234,5", None, Some(1234.5)),
            ("1,234.5", Some(1234.5), None),
            ("1.234.567", None, Some(1_234_567.0)),
            ("12,34,567.5", Some(1_234_567.5), None),
            ("1 234 567", Some(1_234_567.0), Some(1_234_567.0)),
            ("1\u{202f}234,5", None, Some(1234.5)),
            ("1\u{a0}234.5", Some(1234.5), None),
            ("1'234.50", Some(1234.5), None),
            ("1’234", Some(1234.0), Some(1234.0)),
            ("€ 1.234,50", None, Some(1234.5)),
            ("-1.234,50 €", None, Some(-1234.5)),
            ("$1,234.50", Some(1234.5), None),
            ("-$5", Some(-5.0), Some(-5.0)),
            ("$-5", Some(-5.0), Some(-5.0)),
            ("(1,234.50)", Some(-1234.5), None),
            ("5.5-", Some(-5.5), None),
            ("(5)", Some(-5.0), Some(-5.0)),
            ("−5,5", None, Some(-5.5)),
            ("12.5 %", Some(12.5), None),
            ("12%", Some(12.0), Some(12.0)),
            ("１２３", Some(123.0), Some(123.0)),
            ("١٢٣", Some(123.0), Some(123.0)),
            ("۱۲۳", Some(123.0), Some(123.0)),
            ("१२३", Some(123.0), Some(123.0)),
            ("๑๒๓", Some(123.0), Some(123.0)),
            ("١٬٢٣٤٫٥", Some(1234.5), None),
            ("１２．５", Some(12.5), None),
            ("￥1,200", Some(1200.0), Some(1.2)),
            ("1200元", Some(1200.0), Some(1200.0)),
            ("45岁", Some(45.0), Some(45.0)),
            ("45 years", Some(45.0), Some(45.0)),
            (",5", None, Some(0.5)),
            ("1e3", Some(1000.0), Some(1000.0)),
        ] {
            assert_eq!(local(text, Decimal::Point), point, "{text}");
            assert_eq!(local(text, Decimal::Comma), comma, "{text}");
        }
        for text in [
            "1,23,4",
            "12,34",
            "1..5",
            "1 2",
            "0 123",
            "1,234 567",
            "--5",
            "-",
            "€",
            "%",
            "",
            "12A",
            "5-3",
            "5-",
            "1.2.3",
            ",",
        ] {
            let read = (local(text, Decimal::Point), local(text, Decimal::Comma));
            assert!(read.0.is_none() && (read.1.is_none() || text == "12,34"), "{text} {read:?}");
        }
    }
}
