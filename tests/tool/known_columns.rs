//! The few columns that an attacker must know: searched for on some persons, tried on the others, and shown.

use crate::attest::{VERIFY, ok};
use crate::support::demo_tables;
use reident::demo::World;
use reident::evaluation::{EvaluateError, Options, Progress, advise, evaluate};
use reident::input::Sources;
use reident::settings::Settings;
use reident::settings::config::Config;
use reident_attacks::AttackError;
use serde_json::Value;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

const CONFIG: &str = "[linkability]\nlargest_set = 3\n[inference]\nlargest_set = 2\nsecrets = [\"diagnosis\"]\n\
                      models = [\"naive_bayes\"]\n";

fn searched(evidence: &Value) -> Vec<&Value> {
    let attacks = evidence["attacks"].as_array().unwrap();
    let of_targets = attacks.iter().filter(|attack| attack["attack"] != "record_linkage");
    of_targets.filter(|attack| attack["attacker"]["searched"].is_u64()).collect()
}

#[test]
fn sets_are_searched_for_when_asked_and_others_are_attacked() {
    let place = demo_tables(600, 0.3);
    assert!(searched(&place.evaluate(&["--only", "linkability,inference"])).is_empty());
    place.write("reident.toml", CONFIG);
    let evidence = place.evaluate(&["--only", "linkability,inference", "--config", "reident.toml"]);
    let found = searched(&evidence);
    for (attack, sizes) in [("linkability", 2..=3), ("inference", 1..=2)] {
        let of_attack: Vec<&&Value> = found.iter().filter(|found| found["attack"] == attack).collect();
        assert!(!of_attack.is_empty(), "{attack}");
        for found in of_attack {
            let columns = found["attacker"]["columns"].as_array().unwrap();
            assert!(sizes.contains(&columns.len()), "{found}");
            // Half of the persons of either table.
            for table in ["main", "control"] {
                let attacked = found[table]["attempted"].as_u64().unwrap();
                assert!((250..=350).contains(&attacked), "{found}");
            }
        }
    }
    // Three in ten of the persons stand in the release, and few columns tell.
    let largest = found.iter().filter(|found| found["attack"] == "linkability").filter_map(|found| {
        let lower = &found["risk"]["interval"][0];
        lower.as_f64()
    });
    assert!(largest.fold(0.0, f64::max) > 0.1, "{found:#?}");

    let off = "[linkability]\nlargest_set = 0\n[inference]\nlargest_set = 0\nsecrets = [\"diagnosis\"]\n";
    place.write("off.toml", off);
    let thorough = ["--only", "linkability,inference", "--thorough", "--config"];
    assert!(searched(&place.evaluate(&[&thorough[..], &["off.toml"]].concat())).is_empty());
}

#[test]
fn reports_of_both_languages_show_the_curve() {
    let place = demo_tables(400, 0.3);
    place.write("a.csv", place.read("o.csv"));
    place.write("reident.toml", CONFIG);
    let evidence = place.evaluate(&["--config", "reident.toml", "--row-aligned"]);
    place.write("evidence.json", evidence.to_string());
    for (language, words) in [
        ("en", ["What little knowledge exposes", "persons singled out", "(found by search)"]),
        ("zh", ["仅知少数列时的风险", "可单独指认", "（经搜索得出）"]),
    ] {
        for format in ["html", "markdown"] {
            let report = ["report", "evidence.json", "--lang", language, "--format", format, "--out", "-"];
            let made = place.run(&report);
            assert_eq!(made.code(), 0, "{}", made.stderr());
            let shown = made.stdout();
            words.iter().for_each(|word| assert!(shown.contains(word), "{language} {format}: {word}"));
        }
    }
}

#[test]
fn whom_nobody_was_searched_on_is_attacked_again() {
    let place = demo_tables(300, 0.3);
    place.write("reident.toml", CONFIG);
    ok(&place, "keygen --out key.pem");
    let tables = "--original o.csv --anonymized a.csv --control c.csv";
    let only = "--only linkability,inference --config reident.toml";
    ok(&place, &format!("evaluate {tables} {only} -q --out evidence.json"));
    ok(&place, "sign evidence.json --key key.pem --anonymized a.csv --out envelope.json");
    let shown = ok(&place, &format!("{VERIFY} --evidence evidence.json {tables} --rerun")).stdout();
    assert!(shown.contains("byte for byte"), "{shown}");
}

/// Counts the steps of searches, and cancels the run within the first of them where that is wanted.
#[derive(Default)]
struct Searches {
    begun: AtomicUsize,
    attacked: AtomicBool,
    cancels: bool,
}

impl Progress for Searches {
    fn attackers(&self, _count: usize) {
        self.attacked.store(true, Ordering::Relaxed);
    }
    fn begin(&self, step: &str, _units: u64) {
        self.begun.fetch_add(usize::from(step == "search"), Ordering::Relaxed);
    }
    fn advance(&self, _units: u64) {}
    fn cancelled(&self) -> bool {
        self.cancels && self.begun.load(Ordering::Relaxed) > 0
    }
}

#[test]
fn a_search_is_told_of_can_be_cancelled_and_is_made_once() {
    let [original, anonymized, control] = World::new(200, 0.3, 7).columns().map(Into::into);
    let sources = Sources { original, anonymized, control: Some(control), population: None };
    let text = format!("only = [\"linkability\", \"inference\"]\n{CONFIG}");
    let settings = Settings::resolve(Config::parse(&text).unwrap()).unwrap();
    let options = || Options { reproducible: true, ..Options::default() };
    let told = Searches::default();
    evaluate(&sources, &settings, options(), &told).unwrap();
    // Pairs and triples of two files, one and two columns that are known.
    assert_eq!(told.begun.into_inner(), 4);
    let told = Searches::default();
    advise(&sources, &settings, &told).unwrap();
    assert_eq!(told.begun.into_inner(), 4);
    let told = Searches { cancels: true, ..Searches::default() };
    let cancelled = evaluate(&sources, &settings, options(), &told);
    assert!(matches!(cancelled, Err(EvaluateError::Attack(AttackError::Cancelled))));
    assert!(!told.attacked.into_inner());
}
