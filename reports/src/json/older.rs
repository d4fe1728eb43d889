//! Evidence of earlier minor versions, brought to the form of this one.

use super::ReadError;
use crate::evidence::Columns;
use reident_attacks::stats::risk::RiskMethod;
use serde_json::Value;
use std::collections::HashMap;

/// Sentences that stood where a method's code stands now.
const METHODS: [(&str, RiskMethod); 3] = [
    ("residual risk, score interval of the ratio", RiskMethod::ScoreRatio),
    ("residual risk, null rate at the original's size, profile likelihood", RiskMethod::IsolationNull),
    ("success rate without a control, Wilson interval", RiskMethod::MainOnly),
];

/// Brings evidence of format 0 to format 1: columns of attackers by position instead of by name, and methods by code.
///
/// # Errors
/// When an attacker names a column that `inputs.columns` does not have.
pub(super) fn from_0(evidence: &mut Value) -> Result<(), ReadError> {
    let names: Vec<Option<&str>> = evidence
        .pointer("/inputs/columns")
        .and_then(Value::as_array)
        .map(|columns| columns.iter().map(|column| column.get("name").and_then(Value::as_str)).collect())
        .unwrap_or_default();
    let positions: HashMap<String, usize> =
        names.iter().enumerate().filter_map(|(at, name)| Some(((*name)?.to_owned(), at))).collect();
    let Some(attacks) = evidence.get_mut("attacks").and_then(Value::as_array_mut) else { return Ok(()) };
    for (at, attack) in attacks.iter_mut().enumerate() {
        method(attack);
        let Some(attacker) = attack.get_mut("attacker") else { continue };
        for (place, list) in [("/columns", None), ("/halves/0", Some(0)), ("/halves/1", Some(1))] {
            let list = match list {
                None => attacker.get_mut("columns"),
                Some(half) => attacker.get_mut("halves").and_then(|halves| halves.get_mut(half)),
            };
            let Some(list) = list.and_then(Value::as_array_mut) else { continue };
            let mut found = Vec::new();
            for (number, name) in list.iter().enumerate() {
                let position = name.as_str().and_then(|name| positions.get(name));
                found.push(*position.ok_or_else(|| ReadError::Invalid {
                    path: format!("/attacks/{at}/attacker{place}/{number}"),
                    message: "names no column of `inputs.columns`".to_owned(),
                })?);
            }
            // In runs, as this version writes them: attackers of both are compared.
            let columns: Columns = found.into_iter().collect();
            if let Ok(Value::Array(runs)) = serde_json::to_value(columns) {
                *list = runs;
            }
        }
    }
    Ok(())
}

fn method(attack: &mut Value) {
    let bands = attack.get_mut("by_rarity").and_then(Value::as_array_mut);
    bands.into_iter().flatten().for_each(method);
    let Some(method) = attack.pointer_mut("/risk/method") else { return };
    if let Some((_, code)) = METHODS.iter().find(|(sentence, _)| method.as_str() == Some(sentence)) {
        *method = Value::from(code.name());
    }
}
