//! Nodes of hierarchies, rounded numbers and middles of bands: read, on record, played again.

use crate::attest::{VERIFY, finished, ok};
use crate::support::{Place, risks, shared};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Persons of so many towns in three provinces.
fn persons(seed: u64, rows: u64) -> Vec<[u64; 4]> {
    let draw = |row: u64, what: u64| {
        let mut state = (seed * 1_000_003 + row * 7 + what).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        state ^= state >> 31;
        state = state.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state ^ state >> 29
    };
    (0..rows).map(|row| [18 + draw(row, 0) % 60, draw(row, 1) % 40, draw(row, 2) % 25, draw(row, 3) % 8]).collect()
}

fn table(persons: &[[u64; 4]], age: impl Fn(u64) -> String, town: impl Fn(u64) -> String) -> String {
    let mut text = "age,town,job,size\n".to_owned();
    for [of_age, of_town, job, size] in persons {
        let _ = writeln!(text, "{},{},job {job},{size}", age(*of_age), town(*of_town));
    }
    text
}

fn town(town: u64) -> String {
    format!("town {town:02}")
}

fn province(town: u64) -> String {
    format!("province {}", town % 10)
}

/// Half of the release is the original's, made coarser.
fn world() -> Place {
    let (original, control, fresh) = (persons(1, 400), persons(2, 400), persons(3, 200));
    let released: Vec<[u64; 4]> = original[..200].iter().chain(&fresh).copied().collect();
    let place = Place::new();
    place.write("o.csv", table(&original, |age| age.to_string(), town));
    place.write("c.csv", table(&control, |age| age.to_string(), town));
    place.write("a.csv", table(&released, |age| format!("decade of {}", age / 10 * 10), province));
    let lines = (0..40).map(|at| format!("{};{};country;*\n", town(at), province(at)));
    place.write("town.csv", lines.collect::<String>());
    let lines = (0..100).map(|age| format!("{age}\tdecade of {}\t*\n", age / 10 * 10));
    place.write("age.tsv", lines.collect::<String>());
    let members = |province: u64| (0..4).map(|at| town(10 * at + province)).collect::<Vec<_>>().join(";");
    let sets = |town: u64| format!("{{{}}}", members(town % 10));
    place.write("twin.csv", table(&released, |age| format!("{}-{}", age / 10 * 10, age / 10 * 10 + 9), sets));
    place
}

const HIERARCHIES: [&str; 4] = ["--hierarchy", "town=town.csv", "--hierarchy", "age=age.tsv"];

#[test]
fn a_node_is_what_its_values_are_as_a_band_or_a_set() {
    let place = world();
    let with_nodes = place.evaluate(&HIERARCHIES);
    let release = place.read("a.csv");
    place.write("a.csv", place.read("twin.csv"));
    let with_sets = place.evaluate(&[]);
    place.write("a.csv", release);
    assert_eq!(with_nodes["attacks"], with_sets["attacks"]);
    assert_eq!(with_nodes["inputs"]["columns"][0]["kind"], "numeric");
    assert!(risks(&with_nodes, "linkability").iter().any(|(risk, _)| *risk > 0.05), "{}", with_nodes["headline"]);
    let digests: BTreeMap<String, String> =
        serde_json::from_value(with_nodes["settings"]["hierarchies"].clone()).unwrap();
    assert_eq!(digests.keys().collect::<Vec<_>>(), ["age", "town"]);
    assert!(digests.values().all(|digest| digest.len() == 64));
    // The same from a configuration, whose files lie beside it.
    std::fs::create_dir(place.path().join("settings")).unwrap();
    for file in ["town.csv", "age.tsv"] {
        place.write(&format!("settings/{file}"), place.read(file));
    }
    place
        .write("settings/r.toml", "[columns.town]\nhierarchy = \"town.csv\"\n[columns.age]\nhierarchy = \"age.tsv\"\n");
    assert_eq!(place.evaluate(&["--config", "settings/r.toml"])["attacks"], with_nodes["attacks"]);
    // What `inspect` says is what `evaluate` does.
    let inspect = [&["inspect", "o.csv", "a.csv", "c.csv"][..], &HIERARCHIES].concat();
    let shown = place.run(&inspect).stdout();
    assert!(shown.contains("intervals") && shown.contains("sets") && !shown.contains("cannot be compared"), "{shown}");
    let without = place.run(&inspect[..4]).stdout();
    assert!(without.contains("cannot be compared") && without.contains("Before the attacks:"), "{without}");
}

#[test]
fn an_original_that_is_made_coarser_itself_meets_a_release_that_is_coarser_still() {
    let place = world();
    let (original, control, fresh) = (persons(1, 400), persons(2, 400), persons(3, 200));
    let released: Vec<[u64; 4]> = original[..200].iter().chain(&fresh).copied().collect();
    let five = |age: u64| format!("[{}-{})", age / 5 * 5, age / 5 * 5 + 5);
    place.write("o.csv", table(&original, five, province));
    place.write("c.csv", table(&control, five, province));
    place.write(
        "a.csv",
        table(&released, |age| format!("[{}-{})", age / 10 * 10, age / 10 * 10 + 10), |_| "country".to_owned()),
    );
    let banded = place.evaluate(&HIERARCHIES[..2]);
    let incomparable = banded["inputs"]["columns"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|column| column["comparable"]["comparable"] == false);
    assert_eq!(incomparable.count(), 0);
    assert!(risks(&banded, "linkability").iter().any(|(risk, _)| *risk > 0.05), "{}", banded["headline"]);
}

#[test]
fn what_is_wrong_with_a_hierarchy_is_named_and_no_value_is_told() {
    let place = world();
    let refused = |name: &str, text: &str, expected: &[&str]| {
        place.write("bad.csv", text);
        let hierarchy = format!("{name}=bad.csv");
        let arguments =
            ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--hierarchy", &hierarchy, "--out", "e.json"];
        let finished = place.run(&arguments);
        let message = finished.stderr();
        assert_eq!(finished.code(), 2, "{message}");
        assert!(expected.iter().all(|part| message.contains(part)), "{message}");
        assert!(!message.contains("town 0") && !place.files().contains(&"e.json".to_owned()), "{message}");
    };
    let good = place.read("town.csv");
    refused("town", &good.replacen("town 07;province 7", "town 07", 1), &["bad.csv, line 8", "3 fields"]);
    let two_parents = good.replacen("town 13;province 3;country", "town 13;province 3;island", 1);
    refused("town", &two_parents, &["bad.csv, line 14, level 1", "line 4"]);
    let without: String = good.split_inclusive('\n').take(39).collect();
    refused("town", &without, &["o.csv", "`town`", "bad.csv", "data row"]);
    refused("twon", &good, &["twon", "did you mean `town`"]);
    let twice = [
        "evaluate",
        "--original",
        "o.csv",
        "--anonymized",
        "a.csv",
        "--hierarchy",
        "town=town.csv",
        "--hierarchy",
        "town=age.tsv",
    ];
    assert!(place.run(&twice).stderr().contains("two files"));
}

#[test]
fn signed_evidence_is_run_again_with_the_same_hierarchies_only() {
    let place = world();
    ok(&place, "keygen --out key.pem");
    let tables = "--original o.csv --anonymized a.csv --control c.csv";
    let hierarchies = HIERARCHIES.join(" ");
    ok(&place, &format!("evaluate {tables} {hierarchies} --attacks 100 -q --out evidence.json"));
    ok(&place, "sign evidence.json --key key.pem --anonymized a.csv --out envelope.json");
    let rerun = format!("{VERIFY} {tables} --rerun");
    let shown = ok(&place, &format!("{rerun} {hierarchies}")).stdout();
    assert!(shown.contains("byte for byte"), "{shown}");
    let shown = finished(&place, &rerun, 5).stdout();
    assert!(shown.contains("--hierarchy"), "{shown}");
    place.write("town.csv", place.read("town.csv") + "town 99;province 9;country;*\n");
    let shown = finished(&place, &format!("{rerun} {hierarchies}"), 5).stdout();
    assert!(shown.contains("another") && shown.contains("re-run"), "{shown}");
}

#[test]
fn rounded_numbers_and_middles_of_bands_stand_for_what_is_near() {
    let place = world();
    let (original, fresh) = (persons(1, 400), persons(3, 200));
    let released: Vec<[u64; 4]> = original[..200].iter().chain(&fresh).copied().collect();
    let nearest = |age: u64| (age + 2) / 5 * 5;
    let band = |age: u64| format!("[{}.5,{}.5]", nearest(age) - 3, nearest(age) + 2);
    place.write("a.csv", table(&released, |age| format!("\"{}\"", band(age)), town));
    let bands = place.evaluate(&[]);
    place.write("a.csv", table(&released, |age| nearest(age).to_string(), town));
    for setting in ["rounding", "midpoints"] {
        place.write("r.toml", format!("[columns.age]\n{setting} = 5\n"));
        let rounded = place.evaluate(&["--config", "r.toml"]);
        assert_eq!(rounded["attacks"], bands["attacks"], "{setting}");
        assert_eq!(rounded["settings"][setting]["age"], 5.0);
    }
    // What is no multiple is no rounded number, and that is said.
    place.write(
        "a.csv",
        table(&released, |age| if age % 20 == 0 { "41".to_owned() } else { nearest(age).to_string() }, town),
    );
    place.write("r.toml", "[columns.age]\nrounding = 5\n");
    let mixed = place.evaluate(&["--config", "r.toml"]);
    assert!(mixed["warnings"].as_array().unwrap().iter().any(|warning| warning["code"] == "not_rounded"));
    place.write("r.toml", "[columns.job]\nrounding = 5\n");
    let arguments = ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--config", "r.toml"];
    assert!(place.run(&arguments).stderr().contains("`job` is categorical"), "{}", place.run(&arguments).stderr());
}

/// Releases of the Adult table by its own hierarchies, on levels that differ from row to row.
#[test]
fn arx_hierarchies_cover_what_they_say() {
    let Some(adult) = shared("arx") else { return };
    let read = |name: &str| std::fs::read_to_string(adult.join(name)).unwrap();
    let rows: Vec<Vec<String>> =
        read("adult.csv").lines().take(1501).map(|line| line.split(';').map(str::to_owned).collect()).collect();
    let columns = ["age", "education", "marital-status", "native-country", "occupation", "workclass"];
    let levels: BTreeMap<&str, BTreeMap<String, Vec<String>>> = columns
        .iter()
        .map(|column| {
            let text = read(&format!("adult_hierarchy_{column}.csv"));
            let lines = text.lines().map(|line| line.split(';').map(str::to_owned).collect::<Vec<_>>());
            (*column, lines.map(|line| (line[0].clone(), line)).collect())
        })
        .collect();
    let place = Place::new();
    let write = |name: &str, rows: &[Vec<String>]| {
        let lines = rows.iter().map(|row| row.join(";") + "\n");
        place.write(name, lines.collect::<String>());
    };
    write("o.csv", &rows);
    let mut released = rows.clone();
    for (at, row) in released.iter_mut().enumerate().skip(1) {
        for (column, name) in rows[0].iter().enumerate() {
            if let Some(levels) = levels.get(name.as_str()) {
                let line = &levels[&row[column]];
                row[column] = line[(at % 3).min(line.len() - 1)].clone();
            }
        }
    }
    write("a.csv", &released);
    let mut arguments: Vec<String> = Vec::new();
    for column in columns {
        let file = adult.join(format!("adult_hierarchy_{column}.csv"));
        arguments.extend(["--hierarchy".to_owned(), format!("{column}={}", file.display())]);
    }
    arguments.extend(["--attacks".to_owned(), "200".to_owned()]);
    let evidence = place.evaluate(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let codes: Vec<&str> =
        evidence["warnings"].as_array().unwrap().iter().filter_map(|warning| warning["code"].as_str()).collect();
    for code in ["unread_values", "unseen_category", "incomparable_columns", "mixed_column"] {
        assert!(!codes.contains(&code), "{codes:?}");
    }
    let generalized = |name: &str| {
        let columns = evidence["inputs"]["columns"].as_array().unwrap();
        columns.iter().find(|column| column["name"] == name).unwrap()["generalized"].as_u64().unwrap()
    };
    assert_eq!(generalized("age"), 1000);
    assert!(generalized("education") > 900 && generalized("occupation") > 400, "{}", evidence["inputs"]);
}
