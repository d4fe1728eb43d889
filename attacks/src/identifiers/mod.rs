//! Direct identifiers left in a release: resident IDs, phone numbers, e-mail addresses and their like.
//!
//! A value is recognized by its form and, where it has one, its check digit ([`kind_of`]). A column is reported for a
//! kind ([`in_column`]) when enough of its rows hold such values: a checked form is hardly ever met by chance, so that a few
//! rows suffice; a form that many codes share (eleven digits that begin like a mobile number) must hold for nearly all of the
//! column. Only counts leave this module, never a value.
//!
//! # Sources
//! GB 11643-1999 (resident identity number; check digit by ISO 7064 MOD 11-2), GB 32100-2015 (unified social credit
//! code), ISO/IEC 7812-1 annex B (card numbers; Luhn), ISO 13616-1 (IBAN; ISO 7064 MOD 97-10), 49 CFR 565.15 (VIN),
//! 3GPP TS 23.003 (IMEI), NHS Data Dictionary (NHS number, modulus 11), RFC 5321 (e-mail), RFC 3986 (URL), RFC 791 and 4291
//! (IP addresses), IEEE 802 (MAC). GB/T 42460-2023 annex A lists kinds of direct identifiers.

mod checks;
mod forms;
mod names;
mod quasi;

pub use names::is_name_column;
pub use quasi::{QuasiKind, quasi_kind};

#[cfg(test)]
mod test;

/// What a value identifies somebody by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentifierKind {
    /// Chinese resident identity number.
    ResidentId,
    /// Chinese mobile telephone number.
    MobilePhone,
    /// Telephone number in international or Chinese landline form.
    Telephone,
    /// E-mail address.
    Email,
    /// Bank or credit card number.
    CardNumber,
    /// Chinese licence plate.
    LicencePlate,
    /// Chinese passport number.
    Passport,
    /// Unified social credit code of an organization.
    SocialCreditCode,
    /// Vehicle identification number.
    Vin,
    /// Identity of a mobile device.
    Imei,
    /// Hardware address of a network interface.
    MacAddress,
    /// IPv4 or IPv6 address.
    IpAddress,
    /// Web address.
    Url,
    /// International bank account number.
    Iban,
    /// United States social security number.
    UsSsn,
    /// NHS number of the United Kingdom.
    NhsNumber,
    /// Pair of coordinates to ten metres or finer.
    Coordinates,
    /// Name of a person, in a column that is named so.
    PersonName,
}

impl IdentifierKind {
    /// The name used in evidence.
    pub fn name(self) -> &'static str {
        match self {
            IdentifierKind::ResidentId => "resident_id",
            IdentifierKind::MobilePhone => "mobile_phone",
            IdentifierKind::Telephone => "telephone",
            IdentifierKind::Email => "email",
            IdentifierKind::CardNumber => "card_number",
            IdentifierKind::LicencePlate => "licence_plate",
            IdentifierKind::Passport => "passport",
            IdentifierKind::SocialCreditCode => "social_credit_code",
            IdentifierKind::Vin => "vin",
            IdentifierKind::Imei => "imei",
            IdentifierKind::MacAddress => "mac_address",
            IdentifierKind::IpAddress => "ip_address",
            IdentifierKind::Url => "url",
            IdentifierKind::Iban => "iban",
            IdentifierKind::UsSsn => "us_ssn",
            IdentifierKind::NhsNumber => "nhs_number",
            IdentifierKind::Coordinates => "coordinates",
            IdentifierKind::PersonName => "person_name",
        }
    }

    /// Whether values of this kind are told from others by a check digit.
    pub fn has_check(self) -> bool {
        use IdentifierKind::*;
        matches!(self, ResidentId | CardNumber | SocialCreditCode | Vin | Imei | Iban | NhsNumber)
    }

    /// The least share of a column's values that must be of the kind for it to be reported.
    ///
    /// Forms with letters or separators of their own, or with a strong check, are hardly met by chance: 1 %. A Luhn or modulus
    /// 11 check passes one number in ten or eleven, and mobile and passport numbers have no check at all: nine in ten.
    fn least_share(self) -> f64 {
        use IdentifierKind::*;
        match self {
            MobilePhone | CardNumber | Passport | Imei | NhsNumber | PersonName => 0.9,
            Telephone | UsSsn | SocialCreditCode | Vin => 0.5,
            ResidentId | Email | LicencePlate | MacAddress | IpAddress | Url | Iban | Coordinates => 0.01,
        }
    }
}

/// Fewer rows than this are not reported: a single value may look like anything.
const LEAST_ROWS: u64 = 3;

/// Identifiers of one kind in one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Of which kind.
    pub kind: IdentifierKind,
    /// Rows that hold one.
    pub rows: u64,
    /// Rows of the column with any value.
    pub of: u64,
}

/// The shortest identifier of nothing but letters and digits of ASCII is a passport number of so many.
const SHORTEST_PLAIN: usize = 9;

/// The kind of identifier that a whole value is, or that a longer text contains.
pub fn kind_of(text: &str) -> Option<IdentifierKind> {
    let text = text.trim();
    if text.len() < SHORTEST_PLAIN && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    forms::whole(text).or_else(|| forms::contained(text))
}

/// Identifiers in a column, given its name and its distinct values with the rows of each; missing values are left out by
/// the caller.
pub fn in_column<'t>(name: &str, values: impl IntoIterator<Item = (&'t str, u64)>) -> Vec<Found> {
    let mut rows: std::collections::BTreeMap<IdentifierKind, u64> = std::collections::BTreeMap::new();
    let named_so = is_name_column(name);
    let (mut of, mut distinct) = (0, 0u64);
    for (text, count) in values {
        of += count;
        distinct += 1;
        let kind = kind_of(text).or_else(|| (named_so && names::is_person(text)).then_some(IdentifierKind::PersonName));
        if let Some(kind) = kind {
            *rows.entry(kind).or_default() += count;
        }
    }
    // A handful of values that many rows share are a code, whatever they look like.
    let is_code = |kind: IdentifierKind| kind.least_share() > 0.5 && distinct * 20 < of;
    rows.into_iter()
        .filter(|(kind, rows)| *rows >= LEAST_ROWS && *rows as f64 >= kind.least_share() * of as f64 && !is_code(*kind))
        .map(|(kind, rows)| Found { kind, rows, of })
        .collect()
}
