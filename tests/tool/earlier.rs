//! Several releases of the same persons: read, joined, on record, reported and run again.

use crate::attest::{VERIFY, ok};
use crate::support::Place;
use serde_json::Value;
use std::fmt::Write;

const ROWS: u64 = 400;
const CONFIG: &str = "[columns.id]\nrole = \"record_key\"\n[columns.age]\nrole = \"quasi_identifier\"\n\
                      [columns.place]\nrole = \"quasi_identifier\"\n";

/// Persons from a number on; each age and each place is that of ten of them. What is hidden of them is starred. Nobody of other
/// persons, from another number on, is of the same age in the same place.
fn persons(first: u64, hidden: &str) -> String {
    let shift = if first > 0 { 15 } else { 0 };
    let mut text = "id,age,place,pay\n".to_owned();
    for at in 0..ROWS {
        let draw = (first + at).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        let of = |name: &str, value: String| if name == hidden { "*".to_owned() } else { value };
        let age = of("age", (20 + at % 40).to_string());
        let place = of("place", format!("p{}", (at / 40 + at % 4 * 10 + shift) % 40));
        let _ = writeln!(text, "{},{age},{place},{}", first + at, draw % 100_000);
    }
    text
}

fn place() -> Place {
    let place = Place::new();
    place.write("o.csv", persons(0, ""));
    place.write("a.csv", persons(0, "place"));
    place.write("e.csv", persons(0, "age"));
    place.write("c.csv", persons(5000, ""));
    place.write("reident.toml", CONFIG);
    place
}

const PLAIN: [&str; 4] = ["--config", "reident.toml", "--only", "record-linkage"];
const JOINED: [&str; 2] = ["--earlier-release", "e.csv"];

/// Attackers who have earlier releases, and the others.
fn split(evidence: &Value) -> (Vec<Value>, Vec<Value>) {
    let attacks = evidence["attacks"].as_array().expect("a list").iter().cloned();
    attacks.partition(|attack| attack["attacker"].get("earlier").is_some())
}

fn correct(attack: &Value) -> u64 {
    attack["main"]["correct"].as_u64().expect("a count")
}

#[test]
fn what_each_release_hides_both_tell() {
    let place = place();
    let alone = place.evaluate(&PLAIN);
    let joined = place.evaluate(&[&PLAIN[..], &JOINED].concat());
    let (with, without) = split(&joined);
    // Who has the latest release alone is attacked as before.
    assert_eq!(
        without.iter().map(correct).collect::<Vec<_>>(),
        split(&alone).1.iter().map(correct).collect::<Vec<_>>()
    );
    assert!(without.iter().map(correct).max().unwrap() < 10);
    assert!(with.iter().map(correct).max().unwrap() > 300, "{with:?}");
    assert!(joined["headline"]["record_linkage"]["interval"][0].as_f64().unwrap() > 0.7, "{}", joined["headline"]);
    let earlier = &joined["inputs"]["earlier"][0];
    assert_eq!(earlier["sha256"].as_str().map(str::len), Some(64));
    let versions = &earlier["versions"];
    assert_eq!(versions["columns"], serde_json::json!(["age", "pay", "place"]));
    assert!(versions["linked"].as_u64().unwrap() > 380 && versions["appeared"] == 0, "{versions}");
    assert!(alone["inputs"].get("earlier").is_none());

    place.write("other.toml", format!("earlier_releases = [\"e.csv\"]\n{CONFIG}"));
    let configured = place.evaluate(&["--config", "other.toml", "--only", "record-linkage"]);
    assert_eq!(configured["attacks"], joined["attacks"]);

    place.write("evidence.json", joined.to_string());
    for (language, words) in [
        ("en", ["Earlier releases of the same persons", "with the earlier releases"]),
        ("zh", ["同一人群的历次发布", "另持有先前发布的数据"]),
    ] {
        let report = place.run(&["report", "evidence.json", "--lang", language, "--format", "markdown", "--out", "-"]);
        assert_eq!(report.code(), 0, "{}", report.stderr());
        assert!(words.iter().all(|word| report.stdout().contains(word)), "{}", report.stdout());
    }
}

#[test]
fn signed_evidence_is_run_again_with_the_same_releases_only() {
    let place = place();
    ok(&place, "keygen --out key.pem");
    let tables = "--original o.csv --anonymized a.csv --control c.csv";
    let joined = "--earlier-release e.csv";
    ok(
        &place,
        &format!("evaluate {tables} --config reident.toml --only record-linkage {joined} -q --out evidence.json"),
    );
    ok(&place, "sign evidence.json --key key.pem --anonymized a.csv --out envelope.json");
    let again = format!("{VERIFY} --evidence evidence.json {tables} --rerun");
    let shown = ok(&place, &format!("{again} {joined}")).stdout();
    assert!(shown.contains("byte for byte"), "{shown}");
    let run = |arguments: &str| place.run(&arguments.split(' ').collect::<Vec<_>>());
    let without = run(&again);
    assert!(without.code() != 0 && without.stderr().contains("--earlier-release"), "{}", without.stderr());
    place.write("other.csv", persons(0, "age").replace("p3", "p4"));
    assert_ne!(run(&format!("{again} --earlier-release other.csv")).code(), 0);
}

#[test]
fn what_was_not_joined_carries_no_pass() {
    let place = place();
    let reasons = |evidence: &Value| {
        place.write("evidence.json", evidence.to_string());
        let check = place.run(&["check", "evidence.json", "--policy", "eu-wp216", "--format", "json"]);
        (check.code(), check.stdout())
    };
    // Nobody knows whose the records are.
    let untold = place.evaluate(&["--only", "inference", "--earlier-release", "e.csv"]);
    let (code, shown) = reasons(&untold);
    assert!(code != 0 && shown.contains("earlier_releases"), "{shown}");
    // Nothing to compare them by.
    place.write("bare.csv", "age\n".to_owned() + &"*\n".repeat(ROWS as usize));
    let bare = place.evaluate(&[&PLAIN[..], &["--earlier-release", "bare.csv"]].concat());
    let codes: Vec<&str> = bare["warnings"].as_array().unwrap().iter().filter_map(|it| it["code"].as_str()).collect();
    assert!(codes.iter().any(|code| code.starts_with("earlier_release_")), "{codes:?}");
    let (code, _) = reasons(&bare);
    assert_ne!(code, 0);
}
