use super::*;
use crate::content::TERMS;
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn both_languages_have_the_same_keys() {
    let (english, chinese): (BTreeSet<_>, BTreeSet<_>) = (ENGLISH.keys().collect(), CHINESE.keys().collect());
    let missing: Vec<_> = english.symmetric_difference(&chinese).collect();
    assert!(missing.is_empty(), "in one language only: {missing:?}");
}

#[test]
fn both_languages_have_the_same_placeholders() {
    for (key, english) in ENGLISH.iter() {
        assert_eq!(placeholders(english), placeholders(&CHINESE[key]), "placeholders of {key}");
    }
}

#[test]
fn every_key_is_used_and_every_used_key_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = String::new();
    for folder in ["src", "templates"] {
        read(&root.join(folder), &mut sources);
    }
    let mut used: BTreeSet<String> = sources.split('"').filter(|text| is_key(text)).map(str::to_owned).collect();
    for id in TERMS {
        used.extend(["name", "brief", "full"].map(|part| format!("term.{id}.{part}")));
    }
    let of_attacks = sources.split('"').filter(|text| text.contains("{attack}"));
    used.extend(
        of_attacks
            .flat_map(|key| AttackKind::ALL.iter().map(|attack| key_of_attack(key, *attack)))
            .filter(|key| is_key(key)),
    );
    // Keys that are made: from words of a manifest and from names of rows and triggers, which the annex looks for; from settings, which
    // content/settings.rs looks for; and from codes of remarks and kinds of findings, which tests/tool/words.rs looks for.
    let made = [
        "annex.word.",
        "annex.trigger.",
        "annex.route_row.",
        "annex.aspect.",
        "annex.finding.",
        "settings.",
        "warning.",
        "finding.",
    ];
    let is_made = |key: &str| made.iter().any(|family| key.starts_with(family));
    let unused: Vec<_> = ENGLISH.keys().filter(|key| !used.contains(*key) && !is_made(key)).collect();
    assert!(unused.is_empty(), "no code asks for {unused:?}");
    // Keys of a manifest, and no messages.
    for key in ["report.issued", "context.p", "context.m", "context.breach_rate", "columns.class", "columns.role"] {
        used.remove(key);
    }
    let families: BTreeSet<&str> = ENGLISH.keys().filter_map(|key| key.split('.').next()).collect();
    let unknown: Vec<_> = used
        .iter()
        .filter(|key| families.contains(key.split('.').next().unwrap_or_default()) && !ENGLISH.contains_key(*key))
        .filter(|key| ![".rs", ".toml", ".html", ".xml"].iter().any(|ending| key.ends_with(ending)))
        .collect();
    assert!(unknown.is_empty(), "no message is called {unknown:?}");
}

#[test]
fn chinese_is_chinese() {
    for (key, text) in CHINESE.iter() {
        let text = text.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect::<String>();
        let foreign = text.chars().filter(char::is_ascii_alphabetic).count();
        let words = text.chars().filter(|letter| ('\u{4e00}'..='\u{9fff}').contains(letter)).count();
        let names = ["number.", "list.", "legal.", "settings.command", "verdict.symbol", "measure.source."];
        assert!(
            words > 0 || foreign < 4 || names.iter().any(|name| key.starts_with(name)),
            "{key} is not translated: {text}"
        );
        // Works in Latin letters are cited as they are everywhere.
        let cited = key.starts_with("measure.source.");
        assert!(cited || !text.contains(", ") && !text.contains(": "), "{key} has Western punctuation: {text}");
    }
}

#[test]
fn nothing_claims_anonymity() {
    // One sentence says that a verdict does not say so.
    for (key, text) in ENGLISH.iter().filter(|(key, _)| *key != "check.note.not_legal_advice") {
        assert!(!text.contains("is anonymous"), "{key}");
    }
    for (key, text) in CHINESE.iter() {
        assert!(!text.contains("已匿名化") && !text.contains("是匿名的"), "{key}");
    }
}

#[test]
fn placeholders_are_filled_once() {
    let values = [("a", "{b}"), ("b", "no")];
    assert_eq!(replacement("a", &values), "{b}");
    assert_eq!(replacement("n:person|persons", &[("n", "1")]), "person");
    assert_eq!(replacement("n:person|persons", &[("n", "<5")]), "persons");
}

#[test]
fn thousands_are_marked() {
    let texts = Messages::of(Language::English);
    assert_eq!(texts.count(1_234_567), "1,234,567");
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    let parts = text.split('{').skip(1).filter_map(|part| part.split('}').next());
    parts.map(|part| part.split(':').next().unwrap_or(part)).collect()
}

fn is_key(text: &str) -> bool {
    text.contains('.')
        && text.len() < 60
        && text.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._".contains(letter))
}

fn read(folder: &Path, into: &mut String) {
    for entry in std::fs::read_dir(folder).expect("the crate's own folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            read(&path, into);
        } else if !path.ends_with("test.rs") {
            into.push_str(&std::fs::read_to_string(&path).expect("a text file"));
        }
    }
}
