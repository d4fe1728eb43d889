//! Equivalence classes as measures, equal to another implementation's, and policies' rules about them.

use crate::attest::{finished, ok};
use crate::support::{Place, shared};
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

fn measure<'e>(evidence: &'e Value, id: &str) -> &'e Value {
    let measures = evidence["measures"].as_array().expect("measures");
    measures.iter().find(|measure| measure["id"] == id).unwrap_or_else(|| panic!("no {id}"))
}

fn figure(evidence: &Value, id: &str) -> Option<f64> {
    measure(evidence, id)["value"].as_f64()
}

const ROLES: &str = "[columns.sex]\nrole = \"quasi_identifier\"\n[columns.age]\nrole = \"quasi_identifier\"\n\
                     [columns.race]\nrole = \"quasi_identifier\"\n[columns.marital-status]\nrole = \"quasi_identifier\"\n\
                     [columns.education]\nrole = \"quasi_identifier\"\n[columns.occupation]\nrole = \"secret\"\n\
                     [singling_out]\npredicates = 5\ncolumns_per_predicate = [2]\n";

/// Runs the script that generalizes ARX's table; `None` where it cannot run.
fn generalized(place: &Place, more: &[&str]) -> Option<()> {
    let Some(table) = shared("arx/adult.csv") else {
        eprintln!("skipped: ../shared/data/arx is not present");
        return None;
    };
    let python = std::env::var("REIDENT_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/generalize.py");
    let beginning = table.with_file_name("adult_hierarchy_");
    let mut command = Command::new(&python);
    command.arg(script).arg(&table).arg(beginning).arg(place.path()).args(more);
    let Ok(output) = command.output() else {
        eprintln!("skipped: there is no {python}");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(())
}

/// Arguments that name the hierarchies of ARX's table.
fn hierarchies() -> Vec<&'static str> {
    ["age", "race", "marital-status", "education"].into_iter().fold(Vec::new(), |mut named, column| {
        if let Some(file) = shared(&format!("arx/adult_hierarchy_{column}.csv")) {
            named.extend(["--hierarchy", String::leak(format!("{column}={}", file.display()))]);
        }
        named
    })
}

fn expected() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/classes.csv");
    std::fs::read_to_string(path).expect("the figures of pyCANON")
}

#[test]
fn classes_are_those_of_pycanon() {
    let place = Place::new();
    if generalized(&place, &[]).is_none() {
        return;
    }
    place.write("roles.toml", ROLES);
    for line in expected().lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let file = format!("{}.csv", fields[0]);
        let run = ["--anonymized", &file, "--only", "singling-out", "--attacks", "5", "--config", "roles.toml"];
        let run = [&["evaluate", "--original", "original.csv", "-q", "--reproducible", "--out", "e.json"], &run[..]];
        let finished = place.run(&[&run.concat(), &hierarchies()[..]].concat());
        assert_eq!(finished.code(), 0, "{}", finished.stderr());
        let evidence: Value = serde_json::from_str(&place.read("e.json")).unwrap();
        let suppressed = figure(&evidence, "classes.suppressed_rows") > Some(0.0);
        let of = |name: &str| {
            // Without suppressed rows there is one convention.
            let convention = if suppressed || name == "k" { "classes.as_class" } else { "classes" };
            figure(&evidence, &format!("{convention}.{name}")).unwrap()
        };
        let theirs = |at: usize| fields[at].parse::<f64>().unwrap();
        assert_eq!(of("k"), theirs(1), "{line}");
        assert_eq!(of("l_distinct"), theirs(2), "{line}");
        assert_eq!(of("l_entropy").floor(), theirs(3), "{line}");
        assert!((of("t_equal") - theirs(4)).abs() < 2e-9, "{line}: {}", of("t_equal"));
        assert!((of("t_ordered") - theirs(5)).abs() < 2e-9, "{line}: {}", of("t_ordered"));
        assert_eq!(suppressed, fields[0] == "suppressed");
    }
}

/// Takes a minute, and pyCANON: `pip install pycanon`.
#[test]
fn pycanon_still_says_what_is_expected() {
    let python = std::env::var("REIDENT_PYCANON").unwrap_or_default();
    if python.is_empty() {
        eprintln!("skipped: REIDENT_PYCANON names no Python that has pyCANON");
        return;
    }
    let place = Place::new();
    let file = place.path().join("expected.csv");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/generalize.py");
    let Some(table) = shared("arx/adult.csv") else { return };
    let mut command = Command::new(python);
    command.arg(script).arg(&table).arg(table.with_file_name("adult_hierarchy_")).arg(place.path());
    let output = command.arg("--expected").arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(place.read("expected.csv"), expected());
}

/// Persons of whom `each` are equal on age and sex, with other values that are of nobody's interest.
fn classes_of(each: usize, context: &str) -> Place {
    let table = |shift: u64| {
        (0..600).fold("age,sex,job,score\n".to_owned(), |mut text, number: usize| {
            let class = number / each;
            let sex = if class.is_multiple_of(2) { "f" } else { "m" };
            // Numbers without a pattern, so that no table is near to another one.
            let mixed = (number as u64 + 1000 * shift).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
            let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let (job, score) = ((mixed >> 40) % 13, (mixed >> 20) % 100_000);
            writeln!(text, "{},{sex},j{job},{score}", 20 + class / 2).unwrap();
            text
        })
    };
    let place = Place::new();
    place.write("o.csv", table(0));
    place.write("a.csv", table(5));
    place.write("c.csv", table(11));
    place.write(
        "r.toml",
        format!("{context}\n[columns.age]\nrole = \"quasi_identifier\"\n[columns.sex]\nrole = \"quasi_identifier\"\n"),
    );
    place
}

fn rules(place: &Place, policy: &str) -> Vec<(String, String)> {
    let run = ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--control", "c.csv", "--config", "r.toml"];
    let finished = place.run(&[&run[..], &["-q", "--out", "e.json", "--only", "singling-out"]].concat());
    assert_eq!(finished.code(), 0, "{}", finished.stderr());
    let shown = place.run(&["check", "e.json", "--policy", policy, "--format", "json"]);
    let result: Value = serde_json::from_str(&shown.stdout()).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rules = result["rules"].as_array().unwrap();
    rules.iter().map(|rule| (text(&rule["rule"]["id"]), text(&rule["state"]))).collect()
}

fn states(place: &Place, policy: &str) -> Vec<String> {
    rules(place, policy).into_iter().map(|(_, state)| state).collect()
}

#[test]
fn rules_are_met_not_met_or_not_checked() {
    assert_eq!(states(&classes_of(21, ""), "cn-pipl-anon-strict")[2], "met", "no direct identifier");
    // The last class of 600 rows in classes of 21 has 12: the cut-off is exceeded. Classes of 20 meet it, and R = 1/20.
    assert_eq!(states(&classes_of(21, ""), "cn-gbt42460-public"), ["not_met", "not_met"]);
    assert_eq!(states(&classes_of(20, ""), "cn-gbt42460-public"), ["not_met", "not_met"]);
    assert_eq!(states(&classes_of(25, ""), "cn-gbt42460-public"), ["met", "met"]);
    // Classes of six: the cut-off is met, R hangs on the context.
    assert_eq!(states(&classes_of(6, ""), "cn-gbt42460-controlled"), ["met", "not_checked"]);
    let context = "[context]\nmodel = \"controlled\"\ncontrols = \"high\"\nmotive_capacity = \"low\"\np = 0.0001\nm = 150\nbreach_rate = 0.01";
    assert_eq!(states(&classes_of(6, context), "cn-gbt42460-controlled"), ["met", "met"]);
    // Rules for one way of sharing are judged for that one alone.
    let ipc = rules(&classes_of(6, context), "ca-ipc-low");
    let shown: Vec<(&str, &str)> = ipc.iter().map(|(id, state)| (id.as_str(), state.as_str())).collect();
    assert_eq!(shown, [("overall-risk-non-public", "met"), ("class-size-non-public", "met")]);
    let open = rules(&classes_of(6, ""), "ca-ipc-low");
    assert_eq!(open.len(), 4);
    assert!(open.contains(&("class-size-public".to_owned(), "not_checked".to_owned())), "{open:?}");
}

#[test]
fn every_format_shows_every_rule() {
    let place = classes_of(6, "");
    rules(&place, "cn-gbt42460-public");
    for format in ["terminal", "json", "junit", "sarif", "markdown"] {
        let shown = place.run(&["check", "e.json", "--policy", "cn-gbt42460-public", "--format", format]);
        assert_eq!(shown.code(), 1, "{format}");
        for rule in ["class-size", "overall-risk"] {
            assert!(shown.stdout().contains(rule), "{format}: {}", shown.stdout());
        }
    }
    let report = place.run(&["report", "e.json", "--policy", "cn-gbt42460-public", "--lang", "zh", "--out", "r.md"]);
    assert_eq!(report.code(), 0, "{}", report.stderr());
    let text = place.read("r.md");
    assert!(text.contains("等价类") && text.contains("不符合") && text.contains("R\\_c"), "{text}");
    let wrong = classes_of(6, "[context]\nm = 20");
    let refused = wrong.run(&["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--config", "r.toml"]);
    assert_eq!(refused.code(), 2);
    assert!(refused.stderr().contains("context.m") && refused.stderr().contains("150"), "{}", refused.stderr());
}

#[test]
fn what_nobody_has_configured_is_said_to_be_assumed() {
    let place = classes_of(25, "");
    let evidence = place.evaluate(&["--only", "singling-out"]);
    let quasi = &evidence["settings"]["quasi_identifiers"];
    assert_eq!((&quasi["chosen"], &quasi["columns"]), (&"named".into(), &serde_json::json!(["age", "sex", "job"])));
    let told = evidence["warnings"].as_array().unwrap();
    assert!(told.iter().any(|warning| warning["code"] == "quasi_identifiers_assumed"), "{told:?}");
    assert_eq!(figure(&evidence, "classes.k"), Some(1.0));
    // Rules about classes decide nothing then: neither the smallest class of 1 fails, nor could a large one pass.
    place.write("r.toml", "");
    assert_eq!(states(&place, "cn-gbt42460-public"), ["not_checked", "not_checked"]);
    let shown = place.run(&["check", "e.json", "--policy", "cn-gbt42460-public", "--format", "json"]);
    let result: Value = serde_json::from_str(&shown.stdout()).unwrap();
    assert_eq!(result["rules"][0]["unchecked"], "quasi_identifiers_assumed");
    assert_eq!(result["rules"][0]["verdict"], Value::Null);
    assert_eq!(result["not_checked"].as_array().unwrap().len(), 2);
    assert!(!result["summary"].as_str().unwrap().contains("rule "), "{}", result["summary"]);
    let shown = place.run(&["check", "e.json", "--policy", "cn-gbt42460-public", "--format", "junit"]);
    assert!(!shown.stdout().contains("rule-"), "what was not checked is no case: {}", shown.stdout());
}

/// Twelve persons of a register; the release is about the first six, whose ages it tells in bands of ten years.
fn register(place: &Place) -> &'static str {
    let persons = ["31,north,1", "32,north,2", "33,north,3", "41,south,4", "42,south,5", "43,west,6"];
    let others = ["34,north,7", "35,north,8", "44,south,9", "45,west,1", "46,west,2", "47,west,3"];
    let table = |rows: &[&str]| rows.iter().fold("age,region,wage\n".to_owned(), |text, row| text + row + "\n");
    let band = |row: &&str| format!("[{0}0-{0}9],{1}", &row[..1], &row[3..]);
    let released: Vec<String> = persons.iter().map(band).collect();
    place.write("o.csv", table(&persons));
    place.write("a.csv", table(&released.iter().map(String::as_str).collect::<Vec<_>>()));
    // The register knows no wages, and has a column that nobody else has.
    let known = |row: &&str| format!("{},x", &row[..row.rfind(',').unwrap()]);
    let all: Vec<String> = persons.iter().chain(&others).map(known).collect();
    place.write("p.csv", "age,region,party\n".to_owned() + &all.join("\n") + "\n");
    "evaluate --original o.csv --anonymized a.csv --row-aligned --only record-linkage --out e.json --reproducible"
}

#[test]
fn the_journalist_names_one_of_those_in_the_population_file() {
    let place = Place::new();
    let evaluate = register(&place);
    let run = |more: &str| {
        let output = ok(&place, &format!("{evaluate} {more}"));
        (serde_json::from_str::<Value>(&place.read("e.json")).unwrap(), output.stdout())
    };
    let (without, shown) = run("");
    let id = |name: &str| format!("risk.record_linkage.journalist.{name}");
    let largest = measure(&without, &id("largest"));
    assert!(largest["value"].is_null() && largest["how"] == "no_population_file", "{largest}");
    assert!(shown.contains("not computed") && shown.contains("--population"), "{shown}");

    let (with, shown) = run("--population p.csv");
    // In the thirties and north live five, in the forties three in the south and four in the west.
    let mean = (3.0 / 5.0 + 2.0 / 3.0 + 1.0 / 4.0) / 6.0;
    assert_eq!(figure(&with, &id("largest")), Some(0.333333333));
    assert!((figure(&with, &id("mean")).unwrap() - mean).abs() < 1e-9);
    assert_eq!(figure(&with, &id("fitting_nobody")), Some(0.0));
    assert_eq!(with["inputs"]["population"], serde_json::json!({"rows": 12, "columns": ["age", "region"]}));
    assert!(shown.contains("12 persons of the population file, known by age, region"), "{shown}");
    // No attacker knows of the file.
    assert_eq!(with["attacks"], without["attacks"]);
    assert_eq!(with["headline"], without["headline"]);
    ok(&place, "report e.json --format markdown --out r.md");
    assert!(place.read("r.md").contains("one over the persons of the population file who fit"));
}

#[test]
fn a_population_file_that_cannot_be_compared_is_refused() {
    let place = Place::new();
    let evaluate = register(&place);
    let refused = |population: &str| {
        place.write("p.csv", population);
        finished(&place, &format!("{evaluate} --population p.csv"), 2).stderr()
    };
    let people = |row: &dyn Fn(usize) -> String| (0..40).map(|at| row(at) + "\n").collect::<String>();
    let shown =
        refused(&("age,region\n".to_owned() + &people(&|at| format!("{},{}", 20 + at, ["N", "S", "W"][at % 3]))));
    assert!(shown.contains("`region`") && shown.contains("cannot be compared"), "{shown}");
    let shown = refused(&("party\n".to_owned() + &people(&|at| at.to_string())));
    assert!(shown.contains("has no column"), "{shown}");
}

#[test]
fn signed_evidence_is_run_again_with_the_population_file_only() {
    let place = Place::new();
    let evaluate = register(&place);
    ok(&place, &format!("{evaluate} --population p.csv"));
    ok(&place, "keygen --out key.pem");
    ok(&place, "sign e.json --key key.pem --anonymized a.csv --out envelope.json");
    let verify =
        "verify envelope.json --public-key key.pub --evidence e.json --original o.csv --anonymized a.csv --rerun";
    let shown = ok(&place, &format!("{verify} --population p.csv")).stdout();
    assert!(shown.contains("byte for byte"), "{shown}");
    let shown = finished(&place, verify, 2).stderr();
    assert!(shown.contains("made with a population file"), "{shown}");
}
