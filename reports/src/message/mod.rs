//! The words of the reports, by language: all text lives in `messages/*.toml`, none in code.
//!
//! A message is found by its dotted key (`verdict.pass.word`) and may hold placeholders: `{name}` is replaced by a
//! value, `{name:person|persons}` by the first word when the value is `1` and by the second otherwise.

use reident_attacks::evaluation::AttackKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

mod number;
#[cfg(test)]
mod test;

/// The languages a report can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese, with the terms of GB/T 37964.
    #[serde(rename = "zh")]
    Chinese,
}

impl Language {
    /// All languages, in the order of a menu.
    pub const ALL: [Language; 2] = [Language::English, Language::Chinese];

    /// The language of a code: `en` or `zh`, with or without a region or script.
    pub fn from_code(code: &str) -> Option<Language> {
        match code.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Language::English),
            "zh" => Some(Language::Chinese),
            _ => None,
        }
    }

    /// The short code, as on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh",
        }
    }

    /// The language tag of a document, which also chooses the glyphs that Chinese shares with Japanese.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh-Hans",
        }
    }
}

static ENGLISH: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    parse(&[
        include_str!("../../messages/en.toml"),
        include_str!("../../messages/annex.en.toml"),
        include_str!("../../messages/check.en.toml"),
    ])
});
static CHINESE: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    parse(&[
        include_str!("../../messages/zh.toml"),
        include_str!("../../messages/annex.zh.toml"),
        include_str!("../../messages/check.zh.toml"),
    ])
});

/// The messages of one language.
#[derive(Debug, Clone, Copy)]
pub struct Messages {
    language: Language,
    texts: &'static BTreeMap<String, String>,
}

impl Messages {
    /// The messages of a language.
    pub fn of(language: Language) -> Messages {
        let texts = match language {
            Language::English => &*ENGLISH,
            Language::Chinese => &*CHINESE,
        };
        Messages { language, texts }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// A message without placeholders. A key that does not exist shows itself; a test finds it before a reader does.
    pub fn text<'a>(&self, key: &'a str) -> &'a str {
        self.texts.get(key).map_or(key, String::as_str)
    }

    /// A message that every attack has one of: `{attack}` in the key stands for the attack's code.
    pub fn of_attack(&self, key: &str, attack: AttackKind) -> &'static str {
        self.texts.get(&key_of_attack(key, attack)).map_or(attack.code(), String::as_str)
    }

    /// [`of_attack`](Messages::of_attack), with its placeholders filled.
    pub fn fill_of_attack(&self, key: &str, attack: AttackKind, values: &[(&str, &str)]) -> String {
        self.fill(&key_of_attack(key, attack), values)
    }

    /// Whether there is such a message.
    pub fn has(&self, key: &str) -> bool {
        self.texts.contains_key(key)
    }

    /// A message with its placeholders filled. Values are inserted as they are, and never searched for placeholders.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut rest = self.text(key);
        let mut filled = String::with_capacity(rest.len());
        while let Some(open) = rest.find('{') {
            let Some(length) = rest[open..].find('}') else { break };
            filled.push_str(&rest[..open]);
            let placeholder = &rest[open + 1..open + length];
            filled.push_str(&replacement(placeholder, values));
            rest = &rest[open + length + 1..];
        }
        filled.push_str(rest);
        filled
    }

    /// Several things in a row, as the language writes it.
    pub fn list<S: AsRef<str>>(&self, items: &[S]) -> String {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        match items.split_last() {
            Some((last, [_, ..])) => {
                let items = items[..items.len() - 1].join(self.text("list.separator"));
                self.fill("list.and", &[("items", &items), ("last", last)])
            }
            Some((last, [])) => (*last).to_owned(),
            None => String::new(),
        }
    }
}

fn key_of_attack(key: &str, attack: AttackKind) -> String {
    key.replace("{attack}", attack.code())
}

fn replacement(placeholder: &str, values: &[(&str, &str)]) -> String {
    let (name, forms) = placeholder.split_once(':').map_or((placeholder, None), |(name, forms)| (name, Some(forms)));
    let Some((_, value)) = values.iter().find(|(known, _)| *known == name) else {
        return format!("{{{placeholder}}}");
    };
    match forms.and_then(|forms| forms.split_once('|')) {
        Some((one, many)) => if *value == "1" { one } else { many }.to_owned(),
        None => (*value).to_owned(),
    }
}

/// Flattens the tables of all files to dotted keys.
fn parse(files: &[&str]) -> BTreeMap<String, String> {
    fn walk(prefix: &str, value: toml::Value, texts: &mut BTreeMap<String, String>) {
        match value {
            toml::Value::Table(table) => {
                for (key, value) in table {
                    let key = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
                    walk(&key, value, texts);
                }
            }
            toml::Value::String(text) => {
                texts.insert(prefix.to_owned(), text);
            }
            other => panic!("message {prefix} is no text but {other}"),
        }
    }
    let mut texts = BTreeMap::new();
    for file in files {
        walk("", toml::Value::Table(file.parse().expect("message files are checked by a test")), &mut texts);
    }
    texts
}
