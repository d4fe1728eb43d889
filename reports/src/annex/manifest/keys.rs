//! The keys of a manifest's tables: values of the wanted kind, and what is wrong with those that are not.

use super::super::calendar::Date;
use super::fault::{Code, Fault};
use super::node::{Node, Value};
use super::words::Word;
use super::{Rated, Signatory, Sourced};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Characters that a text may have.
pub(super) const LONGEST_TEXT: usize = 2000;
/// Characters that a report's number may have.
pub(super) const LONGEST_ID: usize = 40;

/// What is found while reading: faults, and the lines of keys.
#[derive(Default)]
pub(super) struct Record {
    pub(super) faults: Vec<Fault>,
    pub(super) lines: BTreeMap<String, usize>,
}

/// A table of the file, and which of its keys were asked for.
pub(super) struct Keys<'a> {
    pub(super) record: &'a RefCell<Record>,
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) table: Option<&'a BTreeMap<String, Node>>,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Keys<'a> {
    pub(super) fn new(
        record: &'a RefCell<Record>,
        path: String,
        line: usize,
        table: Option<&'a BTreeMap<String, Node>>,
    ) -> Self {
        Keys { record, path, line, table, asked: RefCell::default() }
    }

    pub(super) fn key(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    pub(super) fn fault(&self, line: usize, key: String, message: String) {
        self.record.borrow_mut().faults.push(Fault::new(Code::E1, line, key, message));
    }

    pub(super) fn wrong(&self, name: &str, node: &Node, expected: &str) {
        self.fault(node.line, self.key(name), format!("must be {expected}, and is {}", node.value.kind()));
    }

    pub(super) fn get(&self, name: &'static str) -> Option<&'a Node> {
        self.asked.borrow_mut().insert(name);
        let node = self.table?.get(name)?;
        self.record.borrow_mut().lines.insert(self.key(name), node.line);
        Some(node)
    }

    pub(super) fn text(&self, name: &'static str) -> String {
        self.text_up_to(name, LONGEST_TEXT)
    }

    pub(super) fn text_up_to(&self, name: &'static str, most: usize) -> String {
        let Some(node) = self.get(name) else { return String::new() };
        self.text_of(name, node, most)
    }

    pub(super) fn text_of(&self, name: &str, node: &Node, most: usize) -> String {
        let Value::Text(text) = &node.value else {
            self.wrong(name, node, "a text");
            return String::new();
        };
        let said = |message: String| self.fault(node.line, self.key(name), message);
        if text.trim().is_empty() {
            said("is empty: write the text, or leave the key out".to_owned());
        } else if text.chars().count() > most {
            said(format!("has {} characters, and {most} are the most: shorten it", text.chars().count()));
        } else if !matches!(crate::visible::visible(text), std::borrow::Cow::Borrowed(_)) {
            said("holds a control character or one that cannot be seen: remove it, and write one line".to_owned());
        } else {
            return text.clone();
        }
        String::new()
    }

    pub(super) fn word<T: Word>(&self, name: &'static str) -> Option<T> {
        let node = self.get(name)?;
        self.word_of(name, node)
    }

    pub(super) fn word_of<T: Word>(&self, name: &str, node: &Node) -> Option<T> {
        let words = || T::ALL.iter().map(|(_, word)| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
        let Value::Text(text) = &node.value else {
            self.wrong(name, node, &format!("one of {}", words()));
            return None;
        };
        let found = T::read(text);
        if found.is_none() {
            self.fault(node.line, self.key(name), format!("is none of the words that are known: {}", words()));
        }
        found
    }

    pub(super) fn day(&self, name: &'static str) -> Option<Date> {
        let node = self.get(name)?;
        match node.value {
            Value::Day(date) => Some(date),
            _ => {
                self.wrong(name, node, "a day without quotes, such as 2026-11-30");
                None
            }
        }
    }

    pub(super) fn bool(&self, name: &'static str) -> Option<bool> {
        let node = self.get(name)?;
        match node.value {
            Value::Bool(value) => Some(value),
            _ => {
                self.wrong(name, node, "true or false");
                None
            }
        }
    }

    /// A count. One that is negative or too large is a fault of its own kind.
    pub(super) fn count(&self, name: &'static str, code: Code) -> Option<u64> {
        let node = self.get(name)?;
        self.count_of(name, node, code)
    }

    pub(super) fn count_of(&self, name: &str, node: &Node, code: Code) -> Option<u64> {
        let Value::Whole(number) = node.value else {
            self.wrong(name, node, "an integer of at least 0");
            return None;
        };
        // TOML's own integers end at 2^63.
        let count = u64::try_from(number).ok().filter(|count| i64::try_from(*count).is_ok());
        if count.is_none() {
            let message = "must be an integer of at least 0 and below 2^63".to_owned();
            self.record.borrow_mut().faults.push(Fault::new(code, node.line, self.key(name), message));
        }
        count
    }

    pub(super) fn table(&self, name: &'static str) -> Option<Keys<'a>> {
        let node = self.get(name)?;
        self.table_of(self.key(name), node)
    }

    /// A table that may be missing: its keys are then all missing.
    pub(super) fn part(&self, name: &'static str) -> Keys<'a> {
        self.table(name).unwrap_or_else(|| Keys::new(self.record, self.key(name), self.line, None))
    }

    pub(super) fn table_of(&self, path: String, node: &'a Node) -> Option<Keys<'a>> {
        match &node.value {
            Value::Table(table) => Some(Keys::new(self.record, path, node.line, Some(table))),
            other => {
                self.fault(node.line, path, format!("must be a table, and is {}", other.kind()));
                None
            }
        }
    }

    pub(super) fn list(&self, name: &'static str) -> &'a [Node] {
        match self.get(name) {
            Some(Node { value: Value::List(nodes), .. }) => nodes,
            Some(node) => {
                self.wrong(name, node, "a list");
                &[]
            }
            None => &[],
        }
    }

    /// A list of tables, each read by a function.
    pub(super) fn tables<T>(&self, name: &'static str, read: impl Fn(&Keys<'a>) -> T) -> Vec<T> {
        let numbered = |(at, node): (usize, &'a Node)| {
            let path = format!("{}[{}]", self.key(name), at + 1);
            let keys = self.table_of(path, node)?;
            self.record.borrow_mut().lines.insert(keys.path.clone(), node.line);
            let read = read(&keys);
            keys.end();
            Some(read)
        };
        self.list(name).iter().enumerate().filter_map(numbered).collect()
    }

    pub(super) fn texts(&self, name: &'static str) -> Vec<String> {
        let texts = self.list(name).iter().map(|node| self.text_of(name, node, LONGEST_TEXT));
        texts.filter(|text| !text.is_empty()).collect()
    }

    pub(super) fn words<T: Word>(&self, name: &'static str) -> Vec<T> {
        self.list(name).iter().filter_map(|node| self.word_of(name, node)).collect()
    }

    pub(super) fn share(&self, name: &'static str) -> Option<f64> {
        let node = self.get(name)?;
        let value = match node.value {
            Value::Number(number) => number,
            Value::Whole(number) => number as f64,
            _ => {
                self.wrong(name, node, "a number between 0 and 1");
                return None;
            }
        };
        if (0.0..=1.0).contains(&value) {
            return Some(value);
        }
        let message = "must be between 0 and 1".to_owned();
        self.record.borrow_mut().faults.push(Fault::new(Code::E13, node.line, self.key(name), message));
        None
    }

    pub(super) fn sourced<T>(&self, name: &'static str, value: impl Fn(&Keys<'a>) -> Option<T>) -> Option<Sourced<T>> {
        let keys = self.table(name)?;
        let found = value(&keys);
        let source = keys.text("source");
        if source.is_empty() {
            keys.missing("source");
        }
        if keys.table.is_some_and(|table| !table.contains_key("value")) {
            keys.missing("value");
        }
        keys.end();
        Some(Sourced { value: found?, source })
    }

    pub(super) fn signatory(&self, name: &'static str) -> Option<Signatory> {
        let keys = self.table(name)?;
        let read = Signatory { name: keys.text("name"), title: keys.text("title"), date: keys.day("date") };
        keys.need(&["name", "title"]);
        keys.end();
        Some(read)
    }

    pub(super) fn rated<T: Word>(&self, name: &'static str) -> Option<Rated<T>> {
        let keys = self.table(name)?;
        let (level, reason) = (keys.word("level"), keys.text("reason"));
        keys.need(&["level", "reason"]);
        keys.end();
        Some(Rated { level: level?, reason })
    }

    pub(super) fn missing(&self, name: &str) {
        let line = self.line;
        self.fault(line, self.key(name), "is missing: add it".to_owned());
    }

    /// Says which of these keys are missing.
    pub(super) fn need(&self, names: &[&'static str]) {
        for name in names {
            self.asked.borrow_mut().insert(name);
            if !self.table.is_some_and(|table| table.contains_key(*name)) {
                self.missing(name);
            }
        }
    }

    /// Says which keys nobody asked for.
    pub(super) fn end(&self) {
        let Some(table) = self.table else { return };
        let asked = self.asked.borrow();
        for (name, node) in table {
            if !asked.contains(name.as_str()) {
                let known = asked.iter().copied().collect::<Vec<_>>().join(", ");
                let shown = crate::visible::visible(name);
                self.fault(node.line, self.key(&shown), format!("is no key of this table; it knows {known}"));
            }
        }
    }
}
