//! What the release is for, as the configuration states it.

use super::super::keys::section;
use reident_reports::evidence::{Context, GradeName, SharingName};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Letters of one entry at most.
const LONGEST: usize = 2000;

section! {
    /// What the release is for: the first lines of the report. No data of persons belongs here.
    [context] pub struct ContextConfig {
        /// Which data set.
        #[serde(default, deserialize_with = "stated")]
        dataset: String, such as "customers 2026";
        /// What for.
        #[serde(default, deserialize_with = "stated")]
        purpose: String, such as "service statistics";
        /// For whom.
        #[serde(default, deserialize_with = "stated")]
        recipient: String, such as "Example Ltd";
        /// How it is shared: in public, by contract, in an enclave.
        #[serde(default, deserialize_with = "stated")]
        sharing: String, such as "by contract";
        /// When.
        #[serde(default, deserialize_with = "date")]
        date: String, such as "2026-12-01";
        /// Public, controlled or enclave: what rules about the data go by.
        model: SharingName, such as "controlled";
        /// Of the recipient: low, medium or high (GB/T 37964 table B.1).
        controls: GradeName, such as "medium";
        /// Of the recipient: low, medium or high.
        motive_capacity: GradeName, such as "medium";
        /// Share of people who are in the data.
        p: f64, such as 0.001;
        /// People whom a recipient knows, 150 to 190.
        m: u32, such as 150;
        /// Chance of a breach at the recipient's.
        breach_rate: f64, such as 0.01;
    }
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
    #[serde(untagged, expecting = "give a date, or a text")]
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
