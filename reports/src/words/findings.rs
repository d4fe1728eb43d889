//! Findings in words: their codes are translated, and sentences stand as they are.

use crate::evidence::Finding;
use crate::message::{Language, Messages};

/// The codes of how something was found.
const WAYS: [&str; 29] = [
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
    "finding.how.values_of_another_column",
    "finding.how.rows_of_one_number_agree",
    "finding.how.declared_tokens",
    "finding.how.looks_like_hashes",
    "finding.how.codes_for_labels",
    "finding.how.one_for_one",
    "finding.how.spelt_otherwise",
    "finding.how.another_scale",
    "finding.how.no_reason_shows",
    "finding.how.control_written_otherwise",
];

/// The kinds of direct identifiers.
const IDENTIFIERS: [&str; 18] = [
    "finding.identifier.kind.resident_id",
    "finding.identifier.kind.mobile_phone",
    "finding.identifier.kind.telephone",
    "finding.identifier.kind.email",
    "finding.identifier.kind.card_number",
    "finding.identifier.kind.licence_plate",
    "finding.identifier.kind.passport",
    "finding.identifier.kind.social_credit_code",
    "finding.identifier.kind.vin",
    "finding.identifier.kind.imei",
    "finding.identifier.kind.mac_address",
    "finding.identifier.kind.ip_address",
    "finding.identifier.kind.url",
    "finding.identifier.kind.iban",
    "finding.identifier.kind.us_ssn",
    "finding.identifier.kind.nhs_number",
    "finding.identifier.kind.coordinates",
    "finding.identifier.kind.person_name",
];

/// Those that are told by a check digit as well.
const CHECKED: [&str; 7] = ["resident_id", "card_number", "social_credit_code", "vin", "imei", "iban", "nhs_number"];

/// The codes of what an intruder needs.
const NEEDS: [&str; 16] = [
    "finding.needs.list_of_values",
    "finding.needs.nothing",
    "finding.needs.mapping_table",
    "finding.needs.distribution",
    "finding.needs.one_value_of_the_person",
    "finding.needs.one_or_two_values",
    "finding.needs.original_order",
    "finding.needs.original_row",
    "finding.needs.reading_it",
    "finding.needs.one_name_for_both",
    "finding.needs.role_or_mapping_table",
    "finding.needs.list_of_labels",
    "finding.needs.one_spelling",
    "finding.needs.one_unit",
    "finding.needs.one_form",
    "finding.needs.control_as_the_others",
];

/// The key whose last part is a code.
fn key(keys: &[&'static str], code: &str) -> Option<&'static str> {
    keys.iter().copied().find(|key| key.rsplit('.').next() == Some(code))
}

/// How a finding was made, with the rows that it is about as the caller shows counts. Evidence of older versions holds
/// sentences, which stand as they are.
pub fn how(finding: &Finding, language: Language, count: impl Fn(u64) -> String) -> String {
    let texts = Messages::of(language);
    let rows = finding.rows.map(&count).unwrap_or_default();
    let among = finding.among.map(&count).unwrap_or_default();
    let values = [("rows", rows.as_str()), ("among", &among), ("of", finding.of.as_deref().unwrap_or_default())];
    if let Some(kind) = key(&IDENTIFIERS, &finding.how) {
        let kind = [("kind", texts.text(kind))];
        let values: Vec<(&str, &str)> = values.into_iter().chain(kind).collect();
        return match CHECKED.contains(&finding.how.as_str()) {
            true => texts.fill("finding.identifier.of_form_and_digit", &values),
            false => texts.fill("finding.identifier.of_form", &values),
        };
    }
    key(&WAYS, &finding.how).map_or_else(|| finding.how.clone(), |key| texts.fill(key, &values))
}

/// Whether how a finding was made has words in every language.
pub fn is_coded(finding: &Finding) -> bool {
    key(&WAYS, &finding.how).or_else(|| key(&IDENTIFIERS, &finding.how)).is_some()
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
