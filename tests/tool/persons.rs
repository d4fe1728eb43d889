//! Who is exposed: the file, who may read it, and what is shown of it.

use crate::support::{Finished, Place, demo_tables};
use serde_json::Value;

const NO_CI: [(&str, &str); 3] = [("CI", ""), ("TF_BUILD", ""), ("JENKINS_URL", "")];

fn evaluate(place: &Place, more: &[&str], variables: &[(&str, &str)]) -> Finished {
    let files = ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--control", "c.csv", "--quiet"];
    place.run_with(&[&files[..], more].concat(), &[&NO_CI[..], variables].concat())
}

#[test]
fn persons_are_named_in_a_file_of_their_own_and_read_back() {
    let place = demo_tables(600, 0.1);
    // A row that is no person stands before all others.
    let original = place.read("o.csv");
    let (header, rows) = original.split_once('\n').unwrap();
    let blank = ",".repeat(header.matches(',').count());
    place.write("o.csv", format!("{header}\n{blank}\n{rows}"));
    let run = evaluate(&place, &["--out", "e.json", "--persons", "p.json", "--only", "linkability,inference"], &[]);
    assert_eq!(run.code(), 0, "{}", run.stderr());
    let (file, evidence): (Value, Value) =
        (serde_json::from_str(&place.read("p.json")).unwrap(), serde_json::from_str(&place.read("e.json")).unwrap());
    let attackers = file["attackers"].as_array().unwrap();
    for (attacker, attack) in attackers.iter().zip(evidence["attacks"].as_array().unwrap()) {
        assert_eq!(attacker["attack"], attack["attack"]);
        assert_eq!(attacker["attacked"].as_u64().unwrap_or(0), attack["main"]["attempted"].as_u64().unwrap_or(0));
        assert_eq!(attacker["hit"].as_u64().unwrap_or(0), attack["main"]["successes"].as_u64().unwrap_or(0));
    }
    // The most exposed are those whose row stands in the release unchanged.
    let released = place.read("a.csv");
    let lines: Vec<String> = place.read("o.csv").lines().map(str::to_owned).collect();
    let exposed = file["exposed"].as_array().unwrap();
    let copied = exposed.iter().take(20).filter(|person| {
        let row = person["rows"][0].as_u64().unwrap() as usize;
        released.lines().any(|line| line == lines[row])
    });
    let copied = copied.count();
    assert!(copied >= 15, "{copied} of the 20 most exposed are copies");
    assert!(exposed.iter().take(20).any(|person| !person["cheapest"].is_null()), "{}", exposed[0]);
    for (language, word) in [("en", "cheapest known set"), ("zh", "最少的已知列")] {
        let shown = place.run_with(&["persons", "show", "p.json", "--top", "5", "--lang", language], &NO_CI);
        assert_eq!(shown.code(), 0, "{}", shown.stderr());
        assert!(shown.stdout().contains(word), "{}", shown.stdout());
    }
    // Nothing of it is in the evidence, which is that of a run without it.
    let run = evaluate(&place, &["--out", "e2.json", "--reproducible", "--only", "linkability,inference"], &[]);
    assert_eq!(run.code(), 0, "{}", run.stderr());
    let without: Value = serde_json::from_str(&place.read("e2.json")).unwrap();
    assert_eq!(evidence["attacks"], without["attacks"]);
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_it_and_no_job_writes_it_unasked() {
    use std::os::unix::fs::PermissionsExt;
    let place = demo_tables(200, 0.2);
    let only = ["--only", "linkability", "--out", "e.json", "--persons", "p.json"];
    let refused = evaluate(&place, &only, &[("CI", "true")]);
    assert!(refused.code() == 2 && refused.stderr().contains("--persons-in-ci"), "{}", refused.stderr());
    assert!(!place.files().iter().any(|name| name.ends_with(".json")), "{:?}", place.files());
    let allowed = evaluate(&place, &[&only[..], &["--persons-in-ci"]].concat(), &[("CI", "true")]);
    assert_eq!(allowed.code(), 0, "{}", allowed.stderr());
    let mode = std::fs::metadata(place.path().join("p.json")).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    let refused = place.run_with(&["persons", "show", "p.json"], &[("CI", "true")]);
    assert!(refused.code() == 2 && refused.stderr().contains("--persons-in-ci"), "{}", refused.stderr());
    let refused = evaluate(&place, &["--only", "linkability", "--persons", "-"], &[]);
    assert!(refused.code() == 2 && refused.stderr().contains("name a file"), "{}", refused.stderr());
}

#[test]
fn another_file_is_no_file_of_persons() {
    let place = Place::new();
    for (text, told) in [
        ("{}", "missing field"),
        ("", "EOF"),
        (r#"{"schema":"x","release":null,"rows":1,"confidence":0.95,"attackers":[],"exposed":[]}"#, "--persons"),
        (
            r#"{"schema":"reident/persons/v1","release":null,"rows":1,"confidence":0.95,"attackers":[],"exposed":[{"rows":[1],"exposure":0.5,"attacked_by":1,"hit_by":[0],"cheapest":null}]}"#,
            "/exposed/0",
        ),
    ] {
        place.write("p.json", text);
        let refused = place.run_with(&["persons", "show", "p.json"], &NO_CI);
        assert!(refused.code() == 2 && refused.stderr().contains(told), "{}", refused.stderr());
        assert!(refused.stderr().contains("p.json"), "{}", refused.stderr());
    }
}
