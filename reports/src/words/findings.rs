//! Findings in words: their codes are translated, and sentences stand as they are.

use crate::evidence::Finding;
use crate::message::{Language, Messages};

/// The codes of how something was found.
const WAYS: [&str; 19] = [
    "finding.how.md5",
    "finding.how.sha1",
    "finding.how.sha256",
    "finding.how.sha512",
    "finding.how.sm3",
    "finding.how.crc32",
    "finding.how.base64",
    "finding.how.hexadecimal",
    "finding.how.reversed",
    "finding.how.letters_shifted",
    "finding.how.digits_shifted",
    "finding.how.shifted",
    "finding.how.shifted_by_person",
    "finding.how.affine",
    "finding.how.monotone",
    "finding.how.a_token_for_each_row",
    "finding.how.rows_in_the_same_place_agree",
    "finding.how.equal_rows",
    "finding.how.equal_but_for_one_column",
];

/// The codes of what an intruder needs.
const NEEDS: [&str; 8] = [
    "finding.needs.list_of_values",
    "finding.needs.nothing",
    "finding.needs.mapping_table",
    "finding.needs.distribution",
    "finding.needs.one_value_of_the_person",
    "finding.needs.one_or_two_values",
    "finding.needs.original_order",
    "finding.needs.original_row",
];

/// The key whose last part is a code.
fn key(keys: &[&'static str], code: &str) -> Option<&'static str> {
    keys.iter().copied().find(|key| key.rsplit('.').next() == Some(code))
}

/// How a finding was made, with the rows that it is about.
pub fn how(finding: &Finding, language: Language) -> String {
    let texts = Messages::of(language);
    let Some(key) = key(&WAYS, &finding.how) else { return finding.how.clone() };
    let rows = finding.rows.map(|rows| texts.count(rows)).unwrap_or_default();
    let of = finding.of.as_deref().unwrap_or_default();
    texts.fill(key, &[("rows", &rows), ("of", of)])
}

/// What to do about it, or what an intruder needs.
pub fn needs(finding: &Finding, language: Language) -> Option<String> {
    let texts = Messages::of(language);
    let code = finding.needs.as_ref()?;
    if let Some(power) = code.strip_prefix("enumeration_e").and_then(|power| power.parse::<u32>().ok()) {
        // At some 10^9 to 10^10 digests a second, which one graphics card does.
        let time = match power {
            0..=10 => "finding.needs.seconds",
            11..=12 => "finding.needs.minutes",
            13..=15 => "finding.needs.days",
            _ => "finding.needs.years",
        };
        return Some(
            texts.fill("finding.needs.enumeration", &[("power", &power.to_string()), ("time", texts.text(time))]),
        );
    }
    Some(key(&NEEDS, code).map_or_else(|| code.clone(), |key| texts.text(key).to_owned()))
}
