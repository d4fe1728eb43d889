//! The forms that identifiers are written in.

use super::IdentifierKind::{self, *};
use super::checks::{self, digits};

/// Provinces as licence plates abbreviate them.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// A kind, and whether a value has its form.
type Form = (IdentifierKind, fn(&str) -> bool);

/// The kind that a whole value is.
pub(super) fn whole(text: &str) -> Option<IdentifierKind> {
    let tests: [Form; 16] = [
        (ResidentId, resident_id),
        (SocialCreditCode, checks::social_credit_code),
        (MobilePhone, mobile_phone),
        (Email, email),
        (Url, url),
        (MacAddress, mac_address),
        (IpAddress, ip_address),
        (Iban, iban),
        (UsSsn, us_ssn),
        (LicencePlate, licence_plate),
        (Passport, passport),
        (Vin, checks::vin),
        (Imei, imei),
        (CardNumber, card_number),
        (NhsNumber, nhs_number),
        (Telephone, telephone),
    ];
    let plain = text.len() <= 254 && !text.is_empty();
    let found = tests.iter().find(|(_, test)| plain && test(text)).map(|(kind, _)| *kind);
    found.or_else(|| (plain && coordinates(text)).then_some(Coordinates))
}

/// An identifier of a form of its own inside a longer text: words between blanks and punctuation.
pub(super) fn contained(text: &str) -> Option<IdentifierKind> {
    if !text.contains(|c: char| c.is_whitespace() || ",;:，；：。（）()<>\"".contains(c)) {
        return None;
    }
    let words = text.split(|c: char| c.is_whitespace() || ",;，；：。（）()<>\"".contains(c));
    let clear = |kind: &IdentifierKind| matches!(kind, ResidentId | Email | Iban | LicencePlate | MacAddress | Url);
    words.filter_map(|word| whole(word.trim_matches(['.', ':']))).find(clear)
}

fn resident_id(text: &str) -> bool {
    let number = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u32>().ok());
    text.len() == 18
        && text.starts_with(|c: char| ('1'..='9').contains(&c))
        && number(6, 10).is_some_and(|year| (1850..=2100).contains(&year))
        && number(10, 12).is_some_and(|month| (1..=12).contains(&month))
        && number(12, 14).is_some_and(|day| (1..=31).contains(&day))
        && checks::resident_id(text)
}

fn mobile_phone(text: &str) -> bool {
    let bare = text.strip_prefix("+86").or_else(|| text.strip_prefix("0086")).unwrap_or(text);
    let bare: String = bare.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    bare.len() == 11 && digits(&bare).is_some_and(|digits| digits[0] == 1 && digits[1] >= 3)
}

/// `+` and 8 to 15 digits in groups (E.164), or a Chinese area code and number.
fn telephone(text: &str) -> bool {
    let grouping = |c: char| matches!(c, ' ' | '-' | '(' | ')' | '/');
    if let Some(rest) = text.strip_prefix('+') {
        let bare: String = rest.chars().filter(|c| !grouping(*c)).collect();
        return (8..=15).contains(&bare.len()) && digits(&bare).is_some();
    }
    let parts = text.strip_prefix('0').and_then(|rest| rest.split_once('-'));
    parts.is_some_and(|(area, number)| {
        (2..=3).contains(&area.len()) && (7..=8).contains(&number.len()) && digits(area).and(digits(number)).is_some()
    })
}

fn email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let allowed = |c: char| c.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    let labels: Vec<&str> = domain.split('.').collect();
    let is_label = |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    !local.is_empty()
        && local.chars().all(allowed)
        && labels.len() >= 2
        && labels.iter().all(is_label)
        && labels.last().is_some_and(|last| last.chars().count() >= 2 && last.chars().all(char::is_alphabetic))
}

fn url(text: &str) -> bool {
    let lower = text.get(..8.min(text.len())).unwrap_or_default().to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("www.")) && text.contains('.')
}

fn mac_address(text: &str) -> bool {
    let mark = if text.contains(':') { ':' } else { '-' };
    let pairs: Vec<&str> = text.split(mark).collect();
    pairs.len() == 6 && pairs.iter().all(|pair| pair.len() == 2 && pair.chars().all(|c| c.is_ascii_hexdigit()))
}

fn ip_address(text: &str) -> bool {
    text.parse::<std::net::Ipv4Addr>().is_ok()
        || (text.len() > 6 && text.matches(':').count() >= 3 && text.parse::<std::net::Ipv6Addr>().is_ok())
}

fn iban(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| *c != ' ').collect();
    let (head, body) = match (bare.get(..4), bare.get(4..)) {
        (Some(head), Some(body)) => (head.as_bytes(), body),
        _ => return false,
    };
    (15..=34).contains(&bare.len())
        && head[..2].iter().all(u8::is_ascii_uppercase)
        && head[2..].iter().all(u8::is_ascii_digit)
        && body.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && checks::iban(&bare)
}

/// Area, group and serial with hyphens; areas and parts that are never given out are none.
fn us_ssn(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [area, group, serial] = parts[..] else { return false };
    [area.len(), group.len(), serial.len()] == [3, 2, 4]
        && parts.iter().all(|part| digits(part).is_some_and(|digits| digits.iter().any(|digit| *digit > 0)))
        && area != "666"
        && !area.starts_with('9')
}

fn licence_plate(text: &str) -> bool {
    let characters: Vec<char> = text.chars().filter(|c| !matches!(c, '·' | ' ' | '-')).collect();
    (7..=8).contains(&characters.len())
        && PROVINCES.contains(characters[0])
        && characters[1].is_ascii_uppercase()
        && characters[2..6].iter().all(char::is_ascii_alphanumeric)
}

/// `E` or `G` and eight digits, or `E` with a letter and seven digits.
fn passport(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 9
        && matches!(bytes[0], b'E' | b'G')
        && (bytes[1].is_ascii_digit() || (bytes[0] == b'E' && bytes[1].is_ascii_uppercase()))
        && bytes[2..].iter().all(u8::is_ascii_digit)
}

fn card_number(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    (13..=19).contains(&bare.len())
        && digits(&bare).is_some_and(|digits| (3..=6).contains(&digits[0]) && checks::luhn(&digits))
}

fn imei(text: &str) -> bool {
    text.len() == 15 && digits(text).is_some_and(|digits| !(3..=6).contains(&digits[0]) && checks::luhn(&digits))
}

fn nhs_number(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    digits(&bare).is_some_and(|digits| checks::nhs(&digits))
}

/// Latitude and longitude with at least four decimals, about ten metres.
fn coordinates(text: &str) -> bool {
    let Some((one, other)) = text.split_once([',', ';', ' ']) else { return false };
    let fine = |text: &str| text.split_once('.').is_some_and(|(_, decimals)| decimals.len() >= 4);
    let parts = [one, other].map(str::trim);
    let within = |text: &str, most: f64| text.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= most);
    parts.iter().all(|part| fine(part))
        && parts.iter().all(|part| within(part, 180.0))
        && parts.iter().any(|part| within(part, 90.0))
}
