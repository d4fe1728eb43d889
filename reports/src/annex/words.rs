//! Words of results that stand in the annex and on the terminal alike.

use super::route::Note;
use super::rules::Rules;
use crate::message::Messages;

/// A sentence of a trigger, with the numbers of the rules.
pub fn trigger(texts: &Messages, key: &str, rules: &Rules) -> String {
    let percent = rules.volume.growth_percent.value.to_string();
    let months = rules.time.fresh_months.value.to_string();
    let important = rules.time.important_data_months.value.to_string();
    texts.fill(key, &[("percent", &percent), ("months", &months), ("important_months", &important)])
}

/// A note of the route, with the numbers of the rules.
pub fn note(texts: &Messages, note: Note, rules: &Rules) -> String {
    let persons = texts.count(rules.volume.automotive_persons.value);
    let percent = rules.volume.warn_percent.value.to_string();
    let months = rules.time.important_data_months.value.to_string();
    texts.fill(note.key(), &[("persons", &persons), ("percent", &percent), ("months", &months)])
}
