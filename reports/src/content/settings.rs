//! The settings on record, a row each: what evidence holds is told, so that no setting can be left out of a report.

use super::{Source, Table};
use crate::percent::round_percent;
use serde_json::Value;

/// What other parts of a report tell: what the release is for, and by which columns classes were counted.
const TOLD_ELSEWHERE: [&str; 2] = ["context", "quasi_identifiers"];

/// Settings as resolved, in the order of the evidence.
pub fn settings(source: &Source<'_>) -> Table {
    let texts = &source.texts;
    let on_record = serde_json::to_value(&source.evidence.settings).unwrap_or_default();
    let rows = on_record.as_object().into_iter().flatten().filter(|(key, _)| !TOLD_ELSEWHERE.contains(&key.as_str()));
    Table {
        caption: texts.text("settings.caption").to_owned(),
        heads: vec![source.head("head.setting"), source.head("head.value")],
        rows: rows
            .map(|(key, value)| vec![texts.text(&format!("settings.{key}")).to_owned(), shown(source, key, value)])
            .collect(),
    }
}

fn shown(source: &Source<'_>, key: &str, value: &Value) -> String {
    let texts = &source.texts;
    let text = |key: &str| texts.text(key).to_owned();
    match value {
        Value::Null => match key {
            "attacks" => text("settings.all_records"),
            "delimiter" | "encoding" => text("settings.found"),
            _ => text("settings.none"),
        },
        Value::Bool(true) => text("settings.yes"),
        Value::Bool(false) => text("settings.no"),
        Value::Number(number) => {
            let value = number.as_f64().unwrap_or(f64::NAN);
            match key {
                "confidence" | "tolerance" => round_percent(value),
                // A seed is no quantity.
                "seed" => number.to_string(),
                _ => number.as_u64().map_or_else(|| texts.decimal(value), |count| texts.count(count)),
            }
        }
        Value::String(text) => text.clone(),
        Value::Array(_) if key == "only" => {
            let attacks: Vec<&str> =
                source.evidence.settings.only.iter().map(|attack| source.attack_name(*attack)).collect();
            texts.list(&attacks)
        }
        Value::Array(items) => list(source, items.iter().map(|item| shown(source, "", item)).collect()),
        Value::Object(columns) => {
            let of_column = |(column, value): (&String, &Value)| format!("{column} = {}", shown(source, "", value));
            list(source, columns.iter().map(of_column).collect())
        }
    }
}

fn list(source: &Source<'_>, items: Vec<String>) -> String {
    match items.is_empty() {
        true => source.texts.text("settings.none").to_owned(),
        false => source.texts.list(&items),
    }
}

#[cfg(test)]
mod test {
    use super::TOLD_ELSEWHERE;
    use crate::evidence::Settings;
    use crate::message::{Language, Messages};

    #[test]
    fn every_setting_of_the_schema_has_its_words() {
        let schema = schemars::schema_for!(Settings);
        let properties = schema.get("properties").and_then(|properties| properties.as_object()).unwrap();
        assert!(properties.len() > 20);
        for language in Language::ALL {
            let texts = Messages::of(language);
            let lacking =
                |key: &&String| !TOLD_ELSEWHERE.contains(&key.as_str()) && !texts.has(&format!("settings.{key}"));
            assert_eq!(properties.keys().find(lacking), None);
        }
    }
}
