//! Texts of a manifest that look like a value of a person: the annex goes to others, and such a text has no business there.

use super::fault::{Code, Fault};
use super::node::{Node, Value};
use reident_attacks::identifiers::{IdentifierKind, kind_of};
use std::collections::BTreeMap;

/// Keys that hold numbers of another kind by nature.
const CODES: [&str; 5] = ["uscc", "sha256", "number", "id", "schema"];

/// Every text that holds a resident identity number, a mobile number, a card number or an e-mail address.
pub(super) fn faults(tree: &BTreeMap<String, Node>) -> Vec<Fault> {
    let mut faults = Vec::new();
    walk(tree, "", &mut faults);
    faults
}

fn walk(table: &BTreeMap<String, Node>, path: &str, faults: &mut Vec<Fault>) {
    for (name, node) in table {
        let shown = crate::visible::visible(name);
        let key = if path.is_empty() { shown.into_owned() } else { format!("{path}.{shown}") };
        let is_code = CODES.contains(&name.as_str());
        // A column's name may itself be a value, where a table has no header.
        if let Some(kind) = looks_like(name, false) {
            faults.push(fault(node.line, path, kind));
        }
        value(node, &key, is_code, faults);
    }
}

fn value(node: &Node, key: &str, is_code: bool, faults: &mut Vec<Fault>) {
    match &node.value {
        Value::Text(text) => {
            if let Some(kind) = looks_like(text, is_code) {
                faults.push(fault(node.line, key, kind));
            }
        }
        Value::List(nodes) => {
            for (at, node) in nodes.iter().enumerate() {
                value(node, &format!("{key}[{}]", at + 1), is_code, faults);
            }
        }
        Value::Table(table) => walk(table, key, faults),
        _ => {}
    }
}

fn fault(line: usize, key: &str, kind: IdentifierKind) -> Fault {
    let what = match kind {
        IdentifierKind::ResidentId => "a resident identity number",
        IdentifierKind::MobilePhone => "a mobile telephone number",
        IdentifierKind::Email => "an e-mail address",
        _ => "a bank card number",
    };
    Fault::new(
        Code::E16,
        line,
        key,
        format!("holds what looks like {what}: no value of a person belongs in a manifest"),
    )
}

/// What one of the words of a text looks like. Of a code only what has the form of an address is looked at.
fn looks_like(text: &str, is_code: bool) -> Option<IdentifierKind> {
    let part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '@' | '.' | '_' | '+' | '-' | '%');
    let words = text.split(|letter: char| !part(letter)).flat_map(|word| {
        // A sentence ends with a full stop, and a number may be hyphenated to its label.
        let trimmed = word.trim_matches(['.', '-', '_']);
        let pieces = trimmed.split(['-', '_', '.']).filter(move |piece| *piece != trimmed);
        std::iter::once(trimmed).chain(pieces)
    });
    let mut kinds = words.filter_map(kind_of);
    kinds.find(|kind| match kind {
        IdentifierKind::Email | IdentifierKind::ResidentId => true,
        IdentifierKind::MobilePhone | IdentifierKind::CardNumber => !is_code,
        _ => false,
    })
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn values_of_persons_are_found_within_sentences() {
        for (text, expected) in [
            ("联系人13800138000。", Some(IdentifierKind::MobilePhone)),
            ("身份证11010519491231002X", Some(IdentifierKind::ResidentId)),
            ("write to anna@example.com.", Some(IdentifierKind::Email)),
            ("card 6222021234567894 of", kind_of("6222021234567894")),
            ("100,000 persons, 2026-11-30, GB/T 42460-2023", None),
            ("k ≥ 21，R < 0.05", None),
        ] {
            assert_eq!(looks_like(text, false), expected, "{text}");
        }
        assert_eq!(looks_like("13800138000", true), None);
    }
}
