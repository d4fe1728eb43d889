//! Evidence of a fixed run, byte by byte, and its schema.
//!
//! When a change is meant to change the figures: `REIDENT_BLESS=1 cargo test --test tool golden` writes the new files, and
//! the difference is part of the change.

use crate::support::{Place, demo_tables};
use std::path::PathBuf;

fn golden(name: &str, found: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("REIDENT_BLESS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let first = expected.lines().zip(found.lines()).position(|(expected, found)| expected != found);
    assert!(expected == found, "{name} differs from line {:?} on", first.map(|line| line + 1));
}

#[test]
fn evidence_of_the_demo() {
    let place = demo_tables(400, 0.25);
    place.write("reident.toml", "[inference]\nsecrets = [\"diagnosis\", \"income\"]\n");
    let evidence = place.evaluate(&["--config", "reident.toml", "--seed", "3"]);
    let text = serde_json::to_string_pretty(&evidence).unwrap() + "\n";
    let commit = evidence["tool"]["commit"].as_str().unwrap();
    golden("tests/golden/evidence.json", &text.replace(commit, "COMMIT"));
}

#[test]
fn the_schema_is_the_types() {
    golden("schema/evidence-v1.json", &Place::new().run(&["schema"]).stdout());
}
