//! What two runs do not have in common, besides their releases.

use crate::evidence::warning;
use crate::evidence::{Evidence, Warning};
use crate::message::Messages;
use serde_json::Value;

/// Settings that change which figures come out by chance, and not what they mean.
const CHANCE: [&str; 2] = ["seed", "attacks"];

/// How two runs differ.
#[derive(Debug, Default)]
pub(super) struct Differences {
    /// What differs, in sentences with codes.
    pub said: Vec<Warning>,
    /// Whether their figures are of different things, so that a rise between them means nothing.
    pub other_figures: bool,
}

/// What differs between a new run and an earlier one. Anything here keeps a comparison from passing.
pub(super) fn between(texts: Messages, new: &Evidence, old: &Evidence) -> Differences {
    let mut found = Differences::default();
    let mut say = |code: &str, message: String| found.said.push(warning(code, &message));
    let rows = |evidence: &Evidence| {
        let control = evidence.inputs.control.as_ref().map(|table| table.rows);
        (evidence.inputs.original.rows, control)
    };
    let words = |(original, control): (u64, Option<u64>)| match control {
        Some(control) => {
            let (original, control) = (original.to_string(), control.to_string());
            texts.fill("check.differs.rows", &[("original", &original), ("control", &control)])
        }
        None => texts.fill("check.differs.rows_no_control", &[("original", &original.to_string())]),
    };
    if rows(new) != rows(old) {
        let [now, then] = [new, old].map(|evidence| words(rows(evidence)));
        say("tables_differ", texts.fill("check.differs.tables", &[("now", &now), ("then", &then)]));
        found.other_figures = true;
    }
    let mut say = |code: &str, message: String| found.said.push(warning(code, &message));
    let columns = |evidence: &Evidence| -> Vec<(String, String)> {
        evidence.inputs.columns.iter().map(|column| (column.name.clone(), column.kind.clone())).collect()
    };
    let other_columns = columns(new) != columns(old);
    if other_columns {
        say("columns_differ", texts.text("check.differs.columns").to_owned());
    }
    let settings = [new, old].map(|evidence| serde_json::to_value(&evidence.settings).unwrap_or(Value::Null));
    let names = differing(&settings[0], &settings[1]);
    let figures = names.iter().any(|name| !CHANCE.contains(&name.as_str()));
    if !names.is_empty() {
        let list: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let names = list.join(texts.text("list.separator"));
        say("settings_differ", texts.fill("check.differs.settings", &[("names", &names)]));
    }
    if new.tool != old.tool {
        let name = |evidence: &Evidence| {
            let tool = &evidence.tool;
            let values = [("name", tool.name.as_str()), ("version", &tool.version), ("commit", &tool.commit)];
            texts.fill("check.differs.program_name", &values)
        };
        let values = [("now", name(new)), ("then", name(old))];
        let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        say("program_differs", texts.fill("check.differs.program", &values));
    }
    found.other_figures |= other_columns || figures;
    found
}

/// Keys of two objects whose values differ.
fn differing(one: &Value, other: &Value) -> Vec<String> {
    let (Value::Object(one), Value::Object(other)) = (one, other) else { return Vec::new() };
    let keys = one.keys().chain(other.keys().filter(|key| !one.contains_key(*key)));
    keys.filter(|key| one.get(*key) != other.get(*key)).cloned().collect()
}
