//! Reading numbers from text.

/// Beyond this a number counts as infinite: differences and sums of such numbers would overflow.
pub(super) const LARGEST: f64 = 1e300;
/// From here on integers are not all distinct as `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What a text says as a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reading {
    /// The number; NaN or infinite when it has no finite value.
    pub(super) value: f64,
    /// Whether it begins with zeros that a number would not have, as in `007`.
    pub(super) leading_zeros: bool,
    /// Whether it is an integer with more digits than `f64` holds.
    pub(super) too_long: bool,
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
        return Some(Reading { value, leading_zeros: false, too_long: false });
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
    Some(Reading { value, leading_zeros, too_long: integer && !exponent && value.abs() >= EXACT })
}

/// The shortest text of a number, as a category.
pub(super) fn text_of(value: f64) -> String {
    format!("{value}")
}
