//! What the commands print and write.

use crate::support::{Place, demo_tables};

#[test]
fn the_main_job_prints_tables_and_sentences_and_writes_evidence() {
    let place = demo_tables(1000, 0.3);
    let arguments =
        ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--control", "c.csv", "--out", "evidence.json"];
    let finished = place.run(&arguments);
    assert_eq!(finished.code(), 0, "{}", finished.stderr());
    let shown = finished.stdout();
    for expected in ["Singling out", "Linkability", "Attribute inference", "baseline", "measured", "worst attacker:"] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
    assert!(!shown.contains('\x1b'), "no colour codes away from a terminal");
    let evidence: serde_json::Value = serde_json::from_str(&place.read("evidence.json")).unwrap();
    assert_eq!(evidence["schema"], "reident/evidence/v1");
    assert_eq!(evidence["inputs"]["original"]["rows"], 1000);
    assert!(evidence["inputs"]["original"].get("sha256").is_none());
    assert!(evidence["inputs"]["anonymized"]["sha256"].is_string());
    assert!(evidence["run"]["started"].is_string());
    // 4 attackers single out; by distance and by agreement 5 link, and each of 8 columns is a secret.
    assert_eq!(evidence["attacks"].as_array().unwrap().len(), 4 + 2 * (5 + 8));
    for attack in ["singling_out", "linkability", "inference"] {
        let headline = &evidence["headline"][attack];
        assert!(headline["interval"][0].as_f64() <= headline["risk"].as_f64(), "{headline}");
        assert!(headline["interval"][1].as_f64() >= headline["risk"].as_f64(), "{headline}");
    }
}

#[test]
fn the_demo_measures_its_own_leak() {
    let place = Place::new();
    let finished = place.run(&["demo", "--rows", "2000", "--leak", "0.25", "--out", "-"]);
    assert_eq!(finished.code(), 0, "{}", finished.stderr());
    assert!(finished.stderr().contains("500 of its 2000 rows (25.0%)"), "{}", finished.stderr());
    let evidence: serde_json::Value = serde_json::from_str(&finished.stdout()).unwrap();
    for (estimate, [lo, hi]) in crate::support::risks(&evidence, "linkability") {
        assert!(lo <= 0.25 && 0.25 <= hi, "{estimate} [{lo}, {hi}]");
    }
    assert!(place.files().is_empty(), "the demo needs and leaves no file");
}

#[test]
fn only_samples_and_no_control() {
    let place = demo_tables(600, 0.5);
    std::fs::remove_file(place.path().join("c.csv")).unwrap();
    let evidence = place.evaluate(&["--only", "linkability", "--attacks", "100", "--seed", "9"]);
    assert_eq!(evidence["attacks"].as_array().unwrap().len(), 2 * 5);
    for attack in evidence["attacks"].as_array().unwrap() {
        assert_eq!(attack["main"]["attempted"], 100);
        assert_eq!(attack["control"], serde_json::Value::Null);
        // At least what goes beyond the other originals, at most what succeeds.
        let figure = |value: &serde_json::Value| value.as_f64().expect("a number");
        let (main, others) = (figure(&attack["main"]["rate"]), figure(&attack["nonmember"]["rate"]));
        let risk = figure(&attack["risk"]["signed"]);
        assert!((risk - (1.0 - (1.0 - main) / (1.0 - others))).abs() < 1e-6 && risk <= main + 1e-9, "{attack}");
        assert!(attack["main"]["whole_table"].is_array());
    }
    let codes: Vec<_> = evidence["warnings"].as_array().unwrap().iter().map(|warning| &warning["code"]).collect();
    assert!(codes.iter().any(|code| *code == "no_control"), "{codes:?}");
}

#[test]
fn a_configuration_fixes_attackers() {
    let place = demo_tables(300, 0.5);
    place.write(
        "reident.toml",
        "only = [\"linkability\", \"inference\"]\nseed = 4\n[columns.sex]\nrole = \"ignored\"\n[linkability]\nhalves = [[[\"age\", \
         \"income\"], [\"district\"]]]\n[inference]\nmatchers = [\"agreement\"]\nsecrets = [\"diagnosis\"]\nknown = [\"age\", \"district\"]\nneighbors = 3\n",
    );
    let evidence = place.evaluate(&["--config", "reident.toml"]);
    assert_eq!(evidence["settings"]["seed"], 4);
    let attacks = evidence["attacks"].as_array().unwrap();
    let matchers: Vec<_> = attacks.iter().map(|attack| &attack["attacker"]["matcher"]).collect();
    assert_eq!(matchers, ["distance", "agreement", "agreement"]);
    assert_eq!(attacks[0]["attacker"]["halves"], serde_json::json!([[0, 1], [4]]));
    assert_eq!(attacks[1]["attacker"]["halves"], serde_json::json!([[0, 1], [4]]));
    assert_eq!(attacks[2]["attacker"]["secret"], "diagnosis");
    assert_eq!(attacks[2]["attacker"]["columns"], serde_json::json!([0, 4]));
    assert_eq!(attacks[2]["attacker"]["neighbors"], 3);
    let names: Vec<_> =
        evidence["inputs"]["columns"].as_array().unwrap().iter().map(|column| &column["name"]).collect();
    assert!(!names.iter().any(|name| *name == "sex"), "{names:?}");
}

#[test]
fn init_writes_a_configuration_that_evaluate_accepts_and_that_changes_nothing() {
    let place = demo_tables(300, 0.5);
    let finished = place.run(&["init", "o.csv", "a.csv"]);
    assert_eq!(finished.code(), 0, "{}", finished.stderr());
    assert!(place.read("reident.toml").contains("[columns.\"visit_date\"]\nkind = \"date\""));
    let (with, without) = (place.evaluate(&["--config", "reident.toml"]), place.evaluate(&[]));
    assert_eq!(with["attacks"], without["attacks"]);
    let again = place.run(&["init", "o.csv", "a.csv"]);
    assert_eq!(again.code(), 2);
    assert!(again.stderr().contains("--force"), "{}", again.stderr());
}

#[test]
fn inspect_shows_counts_and_values_only_on_request() {
    let place = Place::new();
    place.write("o.csv", "age,job\n30,needlework\n41,needlework\n,baker\n");
    let finished = place.run(&["inspect", "o.csv"]);
    assert_eq!(finished.code(), 0, "{}", finished.stderr());
    let shown = finished.stdout();
    assert!(shown.contains("age") && shown.contains("numeric") && shown.contains("categorical"), "{shown}");
    assert!(!shown.contains("needlework") && !shown.contains("41"), "{shown}");
    let shown = place.run(&["inspect", "--show-values", "o.csv"]).stdout();
    assert!(shown.contains("needlework") && shown.contains("41"), "{shown}");
}

#[test]
fn completions_and_help() {
    let place = Place::new();
    assert!(place.run(&["completions", "bash"]).stdout().contains("_reident"));
    let help = place.run(&["evaluate", "--help"]);
    assert_eq!(help.code(), 0);
    assert!(help.stdout().contains("--allow-overlapping-control") && help.stdout().contains("130  interrupted"));
    assert_eq!(place.run(&["--version"]).code(), 0);
    assert_eq!(place.run(&[]).code(), 2);
}

#[test]
fn an_interrupted_run_leaves_no_file() {
    use std::time::Duration;
    let place = demo_tables(20_000, 0.2);
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_reident"))
        .args(["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--out", "evidence.json", "--quiet"])
        .current_dir(place.path())
        .spawn()
        .unwrap();
    // Interrupt as soon as the output's place was taken.
    for _ in 0..500 {
        if place.files().iter().any(|name| name.ends_with(".part")) {
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(place.files(), ["a.csv", "c.csv", "o.csv"]);
}

#[test]
fn explain_says_how_records_were_searched_and_changes_nothing() {
    let place = Place::new();
    let table = |salt: usize| {
        let row = |row: usize| {
            format!("person {},{},{}\n", row * 7 + salt * (row % 9), (row * 31 + salt) % 90, ["f", "m"][row % 2])
        };
        format!("id,age,sex\n{}", (0..600).map(row).collect::<String>())
    };
    place.write("o.csv", table(0));
    place.write("a.csv", table(1));
    place.write("c.csv", table(2));
    let plain = place.evaluate(&["--only", "linkability,inference"]);
    let files = ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--control", "c.csv"];
    let rest = ["--only", "linkability,inference", "--reproducible", "--quiet", "--out", "-", "--explain"];
    let finished = place.run(&[files.as_slice(), rest.as_slice()].concat());
    assert_eq!(finished.code(), 0, "{}", finished.stderr());
    let evidence: serde_json::Value = serde_json::from_str(&finished.stdout()).unwrap();
    assert_eq!(evidence, plain);
    let explained = finished.stderr();
    for expected in ["inference, attacker", "linkability, attacker", "id hardly repeats", "pilot of 32 questions"] {
        assert!(explained.contains(expected), "{expected}: {explained}");
    }
    assert!(!explained.contains("person "), "{explained}");
}

#[test]
fn several_seeds_are_played_and_judged_together() {
    let place = demo_tables(1200, 0.2);
    let of = |attack: &str, evidence: &serde_json::Value| {
        let attacks = evidence["attacks"].as_array().unwrap().iter().filter(|it| it["attack"] == attack);
        attacks.map(|it| it["main"].to_string()).collect::<Vec<_>>()
    };
    let (one, three) = (place.evaluate(&[]), place.evaluate(&["--seeds", "3"]));
    assert_eq!(three["settings"]["seeds"], 3);
    // Further splits for linkability; what one seed already tried in full is not tried again.
    let splits = of("linkability", &three).len();
    assert!((11..=30).contains(&splits) && splits % 2 == 0, "{splits}");
    assert_eq!(of("inference", &one), of("inference", &three));
    let (first, all) = (of("singling_out", &one), of("singling_out", &three));
    assert_eq!(first[..], all[..first.len()]);
    assert_eq!(three["headline"]["linkability"]["attackers_tried"], splits);
}
