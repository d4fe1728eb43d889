//! Membership, as it is asked for by name.

use crate::support::{Place, demo_tables, risks};

#[test]
fn a_leak_is_told_by_area_and_tails_and_gated_on() {
    let place = demo_tables(1500, 0.1);
    let evidence = place.evaluate(&["--only", "membership"]);
    let attacks = evidence["attacks"].as_array().unwrap();
    let scores: Vec<&str> = attacks.iter().map(|attack| attack["attacker"]["score"].as_str().unwrap()).collect();
    assert_eq!(scores, ["distance", "ratio", "relative", "agreement"]);
    for attack in attacks {
        let number = |pointer: &str| attack.pointer(pointer).and_then(|value| value.as_f64()).unwrap();
        assert!((0.5..1.0).contains(&number("/auc/value")), "{attack}");
        assert_eq!([0, 1].map(|at| number(&format!("/tpr/{at}/false_positives"))), [0.01, 0.001]);
        assert!(number("/tpr/0/value") > 0.05 && number("/noticed") > 0.25, "{attack}");
    }
    assert!(risks(&evidence, "membership").iter().any(|(_, [lo, _])| *lo > 0.05), "{evidence}");
    // A policy can limit it.
    place.write("evidence.json", evidence.to_string());
    let limit = "limits.membership.max_risk=0.02";
    let judged = place.run(&["check", "evidence.json", "--policy", "eu-wp216", "--set", limit]);
    assert_eq!(judged.code(), 1, "{}{}", judged.stdout(), judged.stderr());
    for language in ["en", "zh"] {
        let report = place.run(&["report", "evidence.json", "--lang", language, "--format", "markdown", "--out", "-"]);
        let heading = if language == "en" { "Membership" } else { "成员推断" };
        assert_eq!(report.code(), 0, "{}", report.stderr());
        assert!(report.stdout().contains(heading), "{}", report.stdout());
    }
}

#[test]
fn without_a_control_it_is_not_played_and_said() {
    let place = demo_tables(300, 0.1);
    std::fs::remove_file(place.path().join("c.csv")).unwrap();
    let files = ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--only", "membership"];
    let refused = place.run(&files);
    assert!(refused.code() == 2 && refused.stderr().contains("--control"), "{}", refused.stderr());
    let evidence = place.evaluate(&["--only", "membership,linkability"]);
    let warnings = evidence["warnings"].as_array().unwrap();
    assert!(warnings.iter().any(|warning| warning["code"] == "membership_needs_control"), "{evidence}");
    assert!(risks(&evidence, "membership").is_empty());
}

#[test]
fn the_order_of_rows_and_the_threads_change_nothing() {
    let place = demo_tables(400, 0.1);
    let one = place.evaluate(&["--only", "membership", "--threads", "1"]);
    let turned = Place::new();
    for name in ["o.csv", "a.csv", "c.csv"] {
        let text = place.read(name);
        let (header, rows) = text.split_once('\n').unwrap();
        let rows: Vec<&str> = rows.lines().rev().collect();
        turned.write(name, format!("{header}\n{}\n", rows.join("\n")));
    }
    let other = turned.evaluate(&["--only", "membership", "--threads", "3"]);
    assert_eq!(one["attacks"], other["attacks"]);
}
