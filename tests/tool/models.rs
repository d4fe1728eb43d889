//! Models that guess secrets, as `--thorough` or the configuration asks for them.

use crate::attest::{VERIFY, ok};
use crate::support::{Place, demo_tables};
use serde_json::Value;
use std::collections::BTreeSet;

fn models(evidence: &Value) -> BTreeSet<&str> {
    let attacks = evidence["attacks"].as_array().unwrap();
    attacks.iter().filter_map(|attack| attack["attacker"]["model"].as_str()).collect()
}

/// Persons of whom one of eight columns tells the illness; `noise` is told by none.
fn hospital(first: u64, rows: u64) -> String {
    let mut text = "a,b,c,d,e,f,illness,noise\n".to_owned();
    for row in first..first + rows {
        let draw = |at: u64| {
            let mixed = (row * 8 + at).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40
        };
        let known: Vec<String> = (0..6).map(|at| format!("v{}", draw(at) % 5)).collect();
        let noise = u64::from(draw(7).is_multiple_of(10));
        text.push_str(&format!("{},ill{},n{noise}\n", known.join(","), draw(2) % 5));
    }
    text
}

#[test]
fn thorough_plays_models_where_they_gain_and_says_where_they_do_not() {
    let place = Place::new();
    place.write("o.csv", hospital(0, 400));
    place.write("a.csv", hospital(1000, 400));
    place.write("c.csv", hospital(2000, 400));
    let only = ["--only", "inference"];
    let plain = place.evaluate(&only);
    assert!(models(&plain).is_empty() && plain["settings"].get("thorough").is_none());
    let thorough = place.evaluate(&["--only", "inference", "--thorough"]);
    assert_eq!(models(&thorough), BTreeSet::from(["forest", "naive_bayes"]));
    assert_eq!(thorough["settings"]["thorough"], true);
    let attacks = thorough["attacks"].as_array().unwrap();
    let rate = |model: &str| {
        let of = |attack: &&Value| attack["attacker"]["model"] == model && attack["attacker"]["secret"] == "illness";
        attacks.iter().find(of).and_then(|attack| attack["main"]["rate"].as_f64()).unwrap()
    };
    assert!(rate("naive_bayes") > 0.95 && rate("forest") > 0.9, "{} {}", rate("naive_bayes"), rate("forest"));
    // What holds for everybody is no risk of anybody.
    assert!(thorough["headline"]["inference"]["interval"][0].as_f64().unwrap() <= 0.0, "{}", thorough["headline"]);
    let warnings = thorough["warnings"].as_array().unwrap();
    let said = |code: &str| warnings.iter().any(|warning| warning["code"] == code && warning["column"] == "noise");
    assert!(said("naive_bayes_gains_nothing") && said("forest_gains_nothing"), "{warnings:?}");

    place.write("reident.toml", "[inference]\nmodels = [\"forest\"]\nsecrets = [\"illness\"]\n");
    let chosen = place.evaluate(&["--only", "inference", "--config", "reident.toml"]);
    assert_eq!(models(&chosen), BTreeSet::from(["forest"]));
    // Where it is asked for by name, it is said that a secret of five values is not reconstructed.
    place.write("reident.toml", "[inference]\nmodels = [\"linear_reconstruction\"]\nsecrets = [\"illness\"]\n");
    let five = place.evaluate(&["--only", "inference", "--config", "reident.toml"]);
    let warnings = five["warnings"].as_array().unwrap();
    assert!(models(&five).is_empty() && warnings.iter().any(|warning| warning["code"] == "not_reconstructed"));
    place.write("empty.toml", "[inference]\nmodels = []\n");
    let refused =
        place.run(&["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--config", "empty.toml", "--quiet"]);
    assert!(refused.code() == 2 && refused.stderr().contains("inference.models"), "{}", refused.stderr());
}

#[test]
fn models_are_in_reports_of_both_languages_and_hang_on_no_thread() {
    let place = demo_tables(400, 0.2);
    let thorough = ["--only", "inference", "--thorough", "--threads"];
    let run = |threads| place.evaluate(&[&thorough[..], &[threads]].concat());
    let evidence = run("1");
    assert_eq!(evidence.to_string(), run("3").to_string());
    assert!(models(&evidence).is_superset(&BTreeSet::from(["forest", "naive_bayes"])));
    place.write("evidence.json", evidence.to_string());
    for (language, words) in
        [("en", ["naive Bayes", "a forest of random trees"]), ("zh", ["朴素贝叶斯模型", "随机树森林模型"])]
    {
        let report = place.run(&["report", "evidence.json", "--lang", language, "--format", "markdown", "--out", "-"]);
        assert_eq!(report.code(), 0, "{}", report.stderr());
        let text = report.stdout();
        assert!(words.iter().all(|word| text.contains(word)) && text.contains("--thorough"), "{text}");
    }
}

#[test]
fn models_are_played_again_from_evidence() {
    let place = demo_tables(300, 0.2);
    ok(&place, "keygen --out key.pem");
    let tables = "--original o.csv --anonymized a.csv --control c.csv";
    ok(&place, &format!("evaluate {tables} --only inference --thorough -q --out evidence.json"));
    ok(&place, "sign evidence.json --key key.pem --anonymized a.csv --out envelope.json");
    let shown = ok(&place, &format!("{VERIFY} --evidence evidence.json {tables} --rerun")).stdout();
    assert!(shown.contains("byte for byte"), "{shown}");
}
