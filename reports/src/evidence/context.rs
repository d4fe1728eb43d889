//! What a release is for, in the words of whoever evaluates it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which data set was tested, for whom, how it is shared and when. Nothing here was found by the program: it is stated, and a
/// report that lacks a part of it says so. No part is data of a person.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// Which data set was released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset: Option<String>,
    /// What the release is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Who receives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// How it is shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing: Option<String>,
    /// When it is shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Which model of sharing that is: what rules and the figures of GB/T 42460 go by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<SharingName>,
    /// The recipient's privacy and security controls (GB/T 37964-2019 table B.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub controls: Option<GradeName>,
    /// The recipient's motive and capacity (GB/T 37964-2019 table B.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motive_capacity: Option<GradeName>,
    /// Share of people who are in the data: the chance that an acquaintance is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    /// People whom a recipient knows: 150 to 190.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub m: Option<u32>,
    /// Chance of a breach at the recipient's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breach_rate: Option<f64>,
}

impl Context {
    /// Whether nothing is stated.
    pub fn is_empty(&self) -> bool {
        *self == Context::default()
    }

    /// What is out of range: the key, and what it must be.
    pub fn fault(&self) -> Option<(&'static str, &'static str)> {
        let no_share = |value: Option<f64>| value.is_some_and(|value| !(0.0..=1.0).contains(&value));
        let no_number = |m: u32| !ACQUAINTANCES.contains(&m);
        [
            (no_share(self.p), "p", "must be a share between 0 and 1"),
            (self.m.is_some_and(no_number), "m", "must be a whole number from 150 to 190 (GB/T 37964-2019 annex B)"),
            (no_share(self.breach_rate), "breach_rate", "must be a share between 0 and 1"),
        ]
        .into_iter()
        .find_map(|(is_wrong, key, message)| is_wrong.then_some((key, message)))
    }
}

/// How a release is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SharingName {
    /// Completely public, 完全公开共享.
    Public,
    /// Controlled, 受控公开共享.
    Controlled,
    /// In an enclave, 领地公开共享.
    Enclave,
}

/// A grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GradeName {
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
}

/// Fewest and most people whom a recipient is taken to know (GB/T 37964-2019 annex B).
const ACQUAINTANCES: std::ops::RangeInclusive<u32> = 150..=190;

/// The columns by which a person could be recognized, and who says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuasiIdentifiers {
    /// Columns, in table order.
    pub columns: Vec<String>,
    /// Why they are taken for such, a stable code for machines: `configured`; `named`, by their names (GB/T 42460-2023
    /// annex B); `all`, since no name tells and a column that nobody rules out may be one.
    pub chosen: String,
    /// Columns that are such and that cannot be compared with the release: they make classes smaller, and could not be counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_counted: Vec<String>,
    /// Columns whose diversity within classes was looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sensitive: Vec<String>,
}

impl QuasiIdentifiers {
    /// Whether they are an assumption of the program, which a person should confirm.
    pub fn assumed(&self) -> bool {
        self.chosen != "configured"
    }
}
