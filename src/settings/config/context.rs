//! What the release is for, as the configuration states it.

use reident_reports::evidence::{Context, GradeName, SharingName};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Letters of one entry at most.
const LONGEST: usize = 2000;

/// The table `[context]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContextConfig {
    /// Which data set.
    #[serde(default, deserialize_with = "stated")]
    pub dataset: Option<String>,
    /// What for.
    #[serde(default, deserialize_with = "stated")]
    pub purpose: Option<String>,
    /// For whom.
    #[serde(default, deserialize_with = "stated")]
    pub recipient: Option<String>,
    /// How it is shared.
    #[serde(default, deserialize_with = "stated")]
    pub sharing: Option<String>,
    /// When.
    #[serde(default, deserialize_with = "date")]
    pub date: Option<String>,
    /// Which model of sharing that is.
    pub model: Option<SharingName>,
    /// The recipient's controls.
    pub controls: Option<GradeName>,
    /// The recipient's motive and capacity.
    pub motive_capacity: Option<GradeName>,
    /// Share of people who are in the data.
    pub p: Option<f64>,
    /// People whom a recipient knows.
    pub m: Option<u32>,
    /// Chance of a breach at the recipient's.
    pub breach_rate: Option<f64>,
}

impl From<ContextConfig> for Context {
    fn from(stated: ContextConfig) -> Context {
        let ContextConfig { dataset, purpose, recipient, sharing, date, .. } = stated;
        let ContextConfig { model, controls, motive_capacity, p, m, breach_rate, .. } = stated;
        Context { dataset, purpose, recipient, sharing, date, model, controls, motive_capacity, p, m, breach_rate }
    }
}

/// A text of one line that says something.
fn stated<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    said(&String::deserialize(deserializer)?).map(Some).map_err(D::Error::custom)
}

/// A date of TOML, or a text.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Raw {
        Date(toml::value::Datetime),
        Text(String),
    }
    let text = match Raw::deserialize(deserializer)? {
        Raw::Date(date) => date.to_string(),
        Raw::Text(text) => text,
    };
    said(&text).map(Some).map_err(D::Error::custom)
}

fn said(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("the text is empty; leave the key out where nothing is stated".to_owned());
    }
    if text.chars().any(char::is_control) {
        return Err("the text has a line break or another control character; write it on one line".to_owned());
    }
    if text.chars().count() > LONGEST {
        return Err(format!("the text is longer than {LONGEST} letters"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod test {
    use crate::settings::Config;

    #[test]
    fn what_is_stated_is_read() {
        let config = Config::parse("[context]\ndataset = \" 客户 2026 \"\ndate = 2026-12-01\n").unwrap();
        assert_eq!(config.context.dataset.as_deref(), Some("客户 2026"));
        assert_eq!(config.context.date.as_deref(), Some("2026-12-01"));
        assert_eq!(Config::parse("[context]\ndate = \"in May\"\n").unwrap().context.date.as_deref(), Some("in May"));
    }

    #[test]
    fn what_says_nothing_is_refused_with_its_line() {
        for (text, why) in [
            ("[context]\n\npurpose = \" \"\n", "empty"),
            ("[context]\n\npurpose = \"a\\nb\"\n", "control character"),
            ("[context]\n\nfor = \"x\"\n", "unknown field"),
        ] {
            let error = Config::parse(text).unwrap_err().to_string();
            assert!(error.starts_with("line 3:") && error.contains(why), "{error}");
        }
    }
}
