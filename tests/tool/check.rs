//! Policies, verdicts, exit codes, comparisons and formats.

use crate::support::{Place, demo_tables};

const POLICY: [&str; 4] = ["--policy", "eu-wp216", "--set", "limits.singling_out.max_risk=0.2"];

/// Evidence of the demo's tables under `name`.
fn evidence(place: &Place, name: &str, more: &[&str]) {
    let arguments = ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--quiet", "--out", name];
    let control = if place.path().join("c.csv").exists() { &["--control", "c.csv"][..] } else { &[] };
    let finished = place.run(&[&arguments, control, more].concat());
    assert_eq!(finished.code(), 0, "{}", finished.stderr());
}

fn check(place: &Place, arguments: &[&str]) -> (i32, String) {
    let finished = place.run(&[&["check"], arguments].concat());
    (finished.code(), finished.stdout() + &finished.stderr())
}

#[test]
fn a_release_without_a_leak_passes_and_one_with_a_leak_fails() {
    // One secret, so that the chance hits of many attackers do not decide.
    let config = "[inference]\nsecrets = [\"visit_date\"]\n";
    for (leak, code, word) in [(0.0, 0, "pass"), (0.2, 1, "fail")] {
        let place = demo_tables(10_000, leak);
        place.write("reident.toml", config);
        evidence(&place, "e.json", &["--config", "reident.toml"]);
        let (found, shown) = check(&place, &[&["e.json"], &POLICY[..]].concat());
        assert_eq!(found, code, "leak {leak}: {shown}");
        assert!(shown.to_lowercase().contains(word), "{shown}");
        assert!(shown.contains("organization"), "no authority sets these limits: {shown}");
    }
}

#[test]
fn few_targets_are_inconclusive_and_the_number_that_decides_is_told() {
    let place = demo_tables(3000, 0.02);
    evidence(&place, "e.json", &["--attacks", "60"]);
    let (code, shown) = check(&place, &[&["e.json"], &POLICY[..]].concat());
    assert_eq!(code, 4, "{shown}");
    assert!(shown.contains("targets"), "{shown}");
    std::fs::remove_file(place.path().join("c.csv")).unwrap();
    evidence(&place, "alone.json", &["--attacks", "60"]);
    let (_, shown) = check(&place, &[&["alone.json"], &POLICY[..]].concat());
    assert!(shown.contains("control"), "what a missing control costs: {shown}");
}

#[test]
fn nothing_to_attempt_never_passes() {
    let place = Place::new();
    // Every release row twice: no predicate isolates anybody.
    let rows: String = (0..40).map(|row| format!("{},b{}\n", row / 2 % 5, row / 2 % 5)).collect();
    let table = format!("x,y\n{rows}");
    place.write("o.csv", &table);
    place.write("a.csv", &table);
    evidence(&place, "e.json", &["--only", "singling-out"]);
    let (code, shown) = check(&place, &["e.json", "--policy", "eu-wp216"]);
    assert_eq!(code, 4, "{shown}");
}

#[test]
fn a_regression_is_found_and_noise_is_not() {
    let releases = [0.02, 0.06].map(|leak| demo_tables(6000, leak));
    for place in &releases {
        place.write("reident.toml", "only = [\"linkability\"]\n");
        evidence(place, "e.json", &["--config", "reident.toml", "--outcomes", "hits.json"]);
    }
    let old = |name: &str| releases[0].path().join(name).to_string_lossy().into_owned();
    let (baseline, hits) = (old("e.json"), old("hits.json"));
    let lenient = ["e.json", "--policy", "ci-regression", "--baseline", &baseline];
    let (code, shown) = check(&releases[1], &lenient);
    assert_eq!(code, 1, "{shown}");
    assert!(shown.contains("p "), "{shown}");
    let paired =
        [&lenient[..], &["--outcomes", "hits.json", "--baseline-outcomes", &hits, "--format", "json"]].concat();
    let (code, shown) = check(&releases[1], &paired);
    assert_eq!(code, 1, "{shown}");
    assert!(shown.contains("paired"), "{shown}");
    // Against itself, and back from 6 % to 2 %: no rise.
    assert_eq!(check(&releases[0], &["e.json", "--policy", "ci-regression", "--baseline", &baseline]).0, 0);
    let worse = releases[1].path().join("e.json").to_string_lossy().into_owned();
    assert_eq!(check(&releases[0], &["e.json", "--policy", "ci-regression", "--baseline", &worse]).0, 0);
}

#[test]
fn formats_go_where_the_out_after_them_says() {
    let place = demo_tables(800, 0.5);
    evidence(&place, "e.json", &[]);
    let formats =
        ["--format", "terminal", "--format", "junit", "--out", "j.xml", "--format", "sarif", "--out", "s.json"];
    let (code, shown) = check(&place, &[&["e.json", "--policy", "eu-wp216"], &formats[..]].concat());
    assert_eq!(code, 1, "{shown}");
    assert!(shown.to_lowercase().contains("fail"), "{shown}");
    assert!(place.read("j.xml").starts_with("<?xml"));
    let sarif: serde_json::Value = serde_json::from_str(&place.read("s.json")).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let (code, shown) = check(&place, &["e.json", "--policy", "eu-wp216", "--out", "x"]);
    assert_eq!(code, 2, "{shown}");
}

#[test]
fn evaluate_judges_in_one_go() {
    let place = demo_tables(800, 0.5);
    let arguments =
        ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--control", "c.csv", "--policy", "eu-wp216"];
    let finished = place.run(&arguments);
    assert_eq!(finished.code(), 1, "{}", finished.stderr());
}

#[test]
fn policies_are_listed_shown_and_refused() {
    let place = Place::new();
    assert!(place.run(&["policy", "list"]).stdout().contains("cn-gbt42460-public"));
    let shown = place.run(&["policy", "show", "ci-regression"]);
    place.write("mine.toml", shown.stdout());
    assert_eq!(place.run(&["policy", "show", "none"]).code(), 2);
    place.write("e.json", "{}");
    let (code, message) = check(&place, &["e.json", "--policy", "mine.toml"]);
    assert_eq!(code, 2, "{message}");
    assert!(message.contains("e.json") && message.contains("schema"), "{message}");
    for (text, line) in [("colour = 1\n", "line 1"), ("[limits.guessing]\nmax_risk = 0.1\n", "line 1")] {
        place.write("bad.toml", text);
        let (code, message) = check(&place, &["e.json", "--policy", "bad.toml"]);
        assert_eq!(code, 2, "{message}");
        assert!(message.contains("bad.toml") && message.contains(line), "{message}");
    }
}

#[test]
fn a_policys_name_is_the_built_in_one_and_the_release_is_tied_to_its_evidence() {
    let place = demo_tables(300, 1.0);
    evidence(&place, "e.json", &["--only", "linkability"]);
    // A file of that name in the working directory changes nothing; one that is asked for as a file does.
    let lax = place
        .run(&["policy", "show", "ci-regression"])
        .stdout()
        .replace("inconclusive = \"inconclusive\"", "inconclusive = \"pass\"");
    place.write("eu-wp216", &lax);
    assert_eq!(check(&place, &["e.json", "--policy", "eu-wp216"]).0, 1);
    assert_eq!(check(&place, &["e.json", "--policy", "./eu-wp216"]).0, 0);
    place.write("mine", &lax);
    let (code, shown) = check(&place, &["e.json", "--policy", "mine"]);
    assert!(code == 2 && shown.contains("./mine"), "{shown}");
    // Another file than the release is exit code 5, whatever the verdict.
    assert_eq!(check(&place, &["e.json", "--policy", "eu-wp216", "--anonymized", "a.csv"]).0, 1);
    let (code, shown) = check(&place, &["e.json", "--policy", "eu-wp216", "--anonymized", "o.csv"]);
    assert!(code == 5 && shown.contains("o.csv"), "{shown}");
    let (_, shown) = check(&place, &["e.json", "--policy", "eu-wp216"]);
    assert!(shown.contains("SHA-256"), "{shown}");
}

#[test]
fn evidence_that_cannot_be_is_bad_input_for_everybody() {
    let place = demo_tables(300, 0.5);
    evidence(&place, "e.json", &["--only", "linkability"]);
    let forged = place.read("e.json").replace("\"confidence\": 0.95", "\"confidence\": 2");
    place.write("forged.json", &forged);
    for arguments in [
        &["check", "forged.json", "--policy", "eu-wp216"][..],
        &["check", "e.json", "--policy", "ci-regression", "--baseline", "forged.json"],
        &["report", "forged.json", "--out", "r.html"],
        &["report", "forged.json", "--policy", "eu-wp216", "--out", "r.html"],
    ] {
        let finished = place.run(arguments);
        assert_eq!(finished.code(), 2, "{arguments:?}: {}", finished.stderr());
        assert!(finished.stderr().contains("/settings/confidence"), "{}", finished.stderr());
    }
}
