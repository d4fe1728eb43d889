//! What the attacks would have noticed.

use crate::attest::{VERIFY, ok};
use crate::support::demo_tables;
use serde_json::Value;

const CONFIG: &str = "[calibration]\nruns = 3\npersons = 150\nshares = [0.01, 0.4]\n\
                      [linkability]\nrandom_splits = 2\n[inference]\nmatchers = [\"distance\"]\n";

#[test]
fn a_calibration_is_on_record_in_reports_and_played_again() {
    let place = demo_tables(400, 0.0);
    place.write("reident.toml", CONFIG);
    let only = ["--only", "linkability,inference", "--config", "reident.toml"];
    assert!(place.evaluate(&only).get("calibration").is_none());
    let evidence = place.evaluate(&[&only[..], &["--calibrate"]].concat());
    let calibration = &evidence["calibration"];
    assert_eq!((calibration["runs"].as_u64(), calibration["persons"].as_u64()), (Some(3), Some(150)));
    let linkability = &calibration["attacks"]["linkability"];
    assert_eq!(linkability["false_alarms"]["worlds"], 15);
    let power = linkability["power"].as_array().unwrap();
    assert_eq!(power.len(), 10);
    let verbatim = |share: f64| power.iter().find(|one| one["leak"] == "verbatim" && one["share"] == share).unwrap();
    assert_eq!(verbatim(0.4)["found"]["rate"].as_f64(), Some(1.0), "{linkability}");
    place.write("evidence.json", evidence.to_string());
    for (language, words) in [("en", "Would a leak have been noticed?"), ("zh", "如有泄露能否被发现")] {
        for format in ["markdown", "html"] {
            let report = place.run(&["report", "evidence.json", "--lang", language, "--format", format, "--out", "-"]);
            assert_eq!(report.code(), 0, "{}", report.stderr());
            assert!(report.stdout().contains(words) && report.stdout().contains("--calibrate"), "{language} {format}");
        }
    }

    ok(&place, "keygen --out key.pem");
    let tables = "--original o.csv --anonymized a.csv --control c.csv";
    let only = "--only linkability,inference --config reident.toml --calibrate";
    ok(&place, &format!("evaluate {tables} {only} -q --out signed.json"));
    ok(&place, "sign signed.json --key key.pem --anonymized a.csv --out envelope.json");
    let shown = ok(&place, &format!("{VERIFY} --evidence signed.json {tables} --rerun")).stdout();
    assert!(shown.contains("byte for byte"), "{shown}");
}

#[test]
fn the_command_prints_what_evidence_holds() {
    let place = demo_tables(400, 0.0);
    place.write("reident.toml", CONFIG);
    let mut arguments = vec!["calibrate", "--original", "o.csv", "--anonymized", "a.csv", "--control", "c.csv"];
    arguments.extend(["--only", "linkability", "--config", "reident.toml", "--quiet"]);
    let json = place.run(&[&arguments[..], &["--format", "json"]].concat());
    assert_eq!(json.code(), 0, "{}", json.stderr());
    let json: Value = serde_json::from_str(&json.stdout()).unwrap();
    let evidence = place.evaluate(&["--only", "linkability", "--config", "reident.toml", "--calibrate"]);
    assert_eq!(json, evidence["calibration"]);
    for (language, words) in [("en", "would have been found with"), ("zh", "误报")] {
        let shown = place.run(&[&arguments[..], &["--lang", language]].concat());
        assert!(shown.code() == 0 && shown.stdout().contains(words), "{}{}", shown.stdout(), shown.stderr());
    }
    let small = demo_tables(30, 0.0);
    let refused =
        small.run(&["calibrate", "--original", "o.csv", "--anonymized", "a.csv", "--only", "linkability", "--quiet"]);
    assert!(refused.code() == 2 && refused.stderr().contains("40 persons"), "{}", refused.stderr());
    let said = small.evaluate(&["--only", "linkability", "--calibrate"]);
    let codes = said["warnings"].as_array().unwrap().iter().map(|warning| warning["code"].as_str().unwrap());
    assert!(codes.clone().any(|code| code == "calibration_too_small"), "{:?}", codes.collect::<Vec<_>>());
    place.write("wrong.toml", "[calibration]\nshares = [2.0]\n");
    let refused = place.run(&[&arguments[..9], &["--config", "wrong.toml"]].concat());
    assert!(refused.code() == 2 && refused.stderr().contains("calibration.shares"), "{}", refused.stderr());
}

#[test]
fn a_pass_says_when_a_leak_of_the_size_of_its_limit_would_be_missed() {
    let place = demo_tables(400, 0.0);
    place.write("reident.toml", CONFIG);
    let mut evidence = place.evaluate(&["--only", "linkability", "--config", "reident.toml", "--calibrate"]);
    let note = |evidence: &Value, limit: &str| {
        place.write("evidence.json", evidence.to_string());
        let limit = format!("limits.linkability.max_risk={limit}");
        let checked =
            place.run(&["check", "evidence.json", "--policy", "eu-wp216", "--set", &limit, "--format", "json"]);
        let checked: Value = serde_json::from_str(&checked.stdout()).expect("a check is JSON");
        let attacks = checked["attacks"].as_array().unwrap();
        let linkability = attacks.iter().find(|attack| attack["attack"] == "linkability").unwrap();
        let said = linkability["notes"].as_array().unwrap().iter().any(|note| note["code"] == "too_little_power");
        (linkability["verdict"].as_str().unwrap_or_default().to_owned(), said)
    };
    // One percent of 150 persons are two, whom nobody finds for certain; two fifths are found always.
    assert_eq!(note(&evidence, "0.3"), ("pass".to_owned(), true));
    assert_eq!(note(&evidence, "0.9"), ("pass".to_owned(), false));
    // Evidence whose figures cannot be is refused.
    evidence["calibration"]["attacks"]["linkability"]["false_alarms"]["rate"] = 0.77.into();
    place.write("evidence.json", evidence.to_string());
    let refused = place.run(&["check", "evidence.json", "--policy", "eu-wp216"]);
    assert!(
        refused.code() == 2 && refused.stderr().contains("/calibration/attacks/linkability"),
        "{}",
        refused.stderr()
    );
}
