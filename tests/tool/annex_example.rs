//! The example of the annex in the documentation: it is what the program makes of it, byte by byte.
//!
//! When a change is meant to change it: `REIDENT_BLESS=1 cargo test --test tool annex_example` writes the new files, and
//! `docs/annex/example/make.sh PROGRAM docs/annex/example pages` the pictures of their pages.

use crate::support::Place;
use std::path::{Path, PathBuf};
use std::process::Command;

const RELEASES: [&str; 2] = ["passes", "fails"];

fn shipped() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/annex/example")
}

fn make(out: &Path, parts: &[&str]) {
    let script = shipped().join("make.sh");
    let run = Command::new("bash").arg(script).arg(env!("CARGO_BIN_EXE_reident")).arg(out).args(parts).output();
    let run = run.expect("bash runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn commit_of(evidence: &str) -> String {
    let evidence: serde_json::Value = serde_json::from_str(evidence).unwrap_or_default();
    evidence["tool"]["commit"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_evidence_comes_from_the_seed() {
    if std::env::var_os("REIDENT_BLESS").is_some() {
        make(&shipped(), &["evidence", "annex"]);
        return;
    }
    let place = Place::new();
    make(place.path(), &["evidence"]);
    for name in RELEASES {
        let file = format!("evidence.{name}.json");
        let (made, kept) = (read(&place.path().join(&file)), read(&shipped().join(&file)));
        // The program's commit is another one at every change.
        let made = made.replace(&commit_of(&made), &commit_of(&kept));
        let first = kept.lines().zip(made.lines()).position(|(kept, made)| kept != made);
        assert!(made == kept, "{file} differs from line {:?} on", first.map(|line| line + 1));
    }
}

#[test]
fn the_annexes_come_from_the_evidence() {
    if std::env::var_os("REIDENT_BLESS").is_some() {
        return;
    }
    let place = Place::new();
    for name in RELEASES {
        for kind in ["evidence", "envelope"] {
            let file = format!("{kind}.{name}.json");
            std::fs::copy(shipped().join(&file), place.path().join(&file)).expect("the example is complete");
        }
    }
    make(place.path(), &["annex"]);
    for name in RELEASES {
        for ending in ["docx", "md", "json"] {
            let file = format!("annex.{name}.{ending}");
            let [made, kept] = [place.path(), &shipped()].map(|folder| std::fs::read(folder.join(&file)).unwrap());
            assert!(made == kept, "{file} is not what the program writes");
        }
    }
}

#[test]
fn one_release_passes_and_one_fails_and_both_say_so() {
    if std::env::var_os("REIDENT_BLESS").is_some() {
        return;
    }
    let of = |name: &str| -> serde_json::Value {
        serde_json::from_str(&read(&shipped().join(format!("annex.{name}.json")))).unwrap()
    };
    for (name, conclusion) in [("passes", "C2"), ("fails", "C3")] {
        let annex = of(name).to_string();
        assert!(annex.contains(&format!("{conclusion} ")), "{name} is {conclusion}");
        assert!(!annex.contains("未签名"), "{name} is signed");
    }
    let text = read(&shipped().join("annex.passes.md"));
    // Record linkage in counts: right, wrong, several candidates, and how many would be right.
    assert!(text.contains("| 正确 | 错误 | 存在多个候选 | 期望正确人数 |"), "record linkage was played");
    assert!(text.contains("成员推断：本次未检验"), "what was not tested is said");
    let failed = read(&shipped().join("annex.fails.md"));
    assert!(failed.contains("记录关联 | 本次未检验"), "{}", &failed[..2000]);
}
