//! What a release is for, in the words of whoever evaluates it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which data set was tested, for whom, how it is shared and when. Nothing here was found by the program: it is stated, and a
/// report that lacks a part of it says so. No part is data of a person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
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
}

impl Context {
    /// Whether nothing is stated.
    pub fn is_empty(&self) -> bool {
        *self == Context::default()
    }
}
