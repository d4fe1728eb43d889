//! What could not be compared is never safe, and row numbers are no attributes.

use crate::support::Place;
use reident_attacks::sampling::{Stream, Task};
use serde_json::Value;

const CITIES: [&str; 6] = ["Aalen", "Bremen", "Celle", "Dessau", "Emden", "Fulda"];
const SCHOOLS: [&str; 4] = ["primary", "secondary", "bachelor", "master"];

/// Some persons, drawn alike for every table.
fn persons(seed: u64, rows: usize) -> Vec<[String; 6]> {
    let mut stream = Stream::new(seed, Task::Population, 0);
    let mut draw = |bound: u64| stream.below(bound);
    (0..rows)
        .map(|_| {
            let (age, school) = (18 + draw(60), draw(4) as usize);
            let income = 900 + 25 * draw(60) + 400 * school as u64;
            let visit = format!("2022-{:02}-{:02}", 1 + draw(12), 1 + draw(28));
            let city = CITIES[(draw(6) * draw(6) / 6) as usize];
            let smoker = if draw(3) == 0 { "yes" } else { "no" };
            [age.to_string(), income.to_string(), visit, city.to_owned(), SCHOOLS[school].to_owned(), smoker.to_owned()]
        })
        .collect()
}

const NAMES: [&str; 6] = ["age", "income", "visit", "city", "school", "smoker"];

fn csv(rows: &[[String; 6]]) -> String {
    let lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
    format!("{}\n{}\n", NAMES.join(","), lines.join("\n"))
}

/// An original, a release of which 40 % are copies, and a control.
fn tables() -> [Vec<[String; 6]>; 3] {
    let original = persons(1, 400);
    let release = [&original[..160], &persons(2, 240)].concat();
    [original, release, persons(3, 400)]
}

fn write(place: &Place, tables: &[Vec<[String; 6]>; 3]) {
    for (name, rows) in ["o.csv", "a.csv", "c.csv"].into_iter().zip(tables) {
        place.write(name, csv(rows));
    }
}

fn has(evidence: &Value, list: &str, field: &str, wanted: &str) -> bool {
    evidence[list].as_array().is_some_and(|items| items.iter().any(|item| item[field] == wanted))
}

fn change(rows: &mut [[String; 6]], column: usize, to: impl Fn(&str) -> String) {
    rows.iter_mut().for_each(|row| row[column] = to(&row[column]));
}

/// Runs under a policy and expects that no gate passes.
fn undetermined(place: &Place) -> Value {
    let files = ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--control", "c.csv"];
    let rest = ["--reproducible", "--quiet", "--out", "e.json", "--policy", "eu-wp216"];
    let finished = place.run(&[files.as_slice(), rest.as_slice()].concat());
    assert_eq!(finished.code(), 4, "{}{}", finished.stdout(), finished.stderr());
    let evidence: Value = serde_json::from_str(&place.read("e.json")).unwrap();
    assert!(has(&evidence, "warnings", "code", "not_comparable"), "{evidence}");
    for attack in ["singling_out", "linkability", "inference"] {
        let headline = &evidence["headline"][attack];
        assert_eq!((&headline["status"], &headline["risk"]), (&Value::from("undetermined"), &Value::Null));
    }
    evidence
}

#[test]
fn a_release_in_codes_is_not_compared_and_does_not_pass() {
    let [original, mut release, control] = tables();
    change(&mut release, 3, |city| CITIES.iter().position(|known| *known == city).unwrap().to_string());
    change(&mut release, 4, |school| SCHOOLS.iter().position(|known| *known == school).unwrap().to_string());
    change(&mut release, 5, |smoker| u8::from(smoker == "yes").to_string());
    let place = Place::new();
    write(&place, &[original, release, control]);
    let evidence = undetermined(&place);
    assert!(has(&evidence, "findings", "kind", "token_column"), "{evidence}");
    let shown = evidence.to_string();
    assert!(!shown.contains("Aalen") && !shown.contains("bachelor"), "no cell value: {shown}");
}

#[test]
fn a_release_in_other_units_dates_and_words_is_not_compared() {
    let [original, mut release, control] = tables();
    let number = |text: &str| text.parse::<f64>().unwrap();
    change(&mut release, 0, |age| (number(age) * 1000.0 + 7.0).to_string());
    change(&mut release, 1, |income| (number(income) * 1000.0 + 7.0).to_string());
    change(&mut release, 2, |visit| visit.replace("2022", "2031"));
    change(&mut release, 3, |city| format!("x{city}"));
    change(&mut release, 4, str::to_uppercase);
    let place = Place::new();
    write(&place, &[original, release, control]);
    let evidence = undetermined(&place);
    let incomparable = evidence["inputs"]["columns"].as_array().unwrap();
    let marked = incomparable.iter().filter(|column| column["comparable"]["comparable"] == false);
    assert_eq!(marked.count(), 5, "{evidence}");
    assert_eq!(
        evidence["warnings"].as_array().unwrap().iter().filter(|w| w["code"] == "incomparable_columns").count(),
        1
    );
}

#[test]
fn labels_of_the_control_that_nobody_else_writes_give_no_risk() {
    let [original, release, mut control] = tables();
    change(&mut control, 4, |school| format!("{school}."));
    let place = Place::new();
    write(&place, &[original, release, control]);
    let evidence = undetermined(&place);
    assert!(evidence.to_string().contains("400 of 400 control rows"), "{evidence}");
}

#[test]
fn tokens_that_are_declared_leave_the_rest_to_be_attacked() {
    let [original, mut release, control] = tables();
    change(&mut release, 3, |city| {
        format!("{:016x}", city.bytes().fold(7u64, |h, b| h.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(b)))
    });
    let place = Place::new();
    write(&place, &[original, release, control]);
    let evidence = undetermined(&place);
    assert!(has(&evidence, "findings", "kind", "token_column"), "{evidence}");
    place.write("reident.toml", "[columns.city]\nrole = \"token\"\n");
    let evidence = place.evaluate(&["--config", "reident.toml"]);
    assert!(!has(&evidence, "warnings", "code", "not_comparable"), "{evidence}");
    assert!(has(&evidence, "findings", "kind", "token_column"), "{evidence}");
    assert!(
        evidence["headline"]["linkability"]["interval"][0].as_f64() > Some(0.2),
        "the copies are found: {evidence}"
    );
    // Left out by the configuration it is no longer spoken of.
    place.write("reident.toml", "[columns.city]\nrole = \"ignored\"\n");
    let evidence = place.evaluate(&["--config", "reident.toml"]);
    assert!(!has(&evidence, "findings", "kind", "token_column"), "{evidence}");
}

#[test]
fn what_the_configuration_counts_on_must_be_comparable() {
    let [original, mut release, control] = tables();
    change(&mut release, 3, |city| format!("x{city}"));
    let place = Place::new();
    // Ten more columns, so that one in sixteen is not more than a tenth.
    for (name, rows) in ["o.csv", "a.csv", "c.csv"].into_iter().zip([&original, &release, &control]) {
        let wide = csv(rows).lines().enumerate().fold(String::new(), |text, (at, line)| {
            let more: Vec<String> =
                (0..10).map(|c| if at == 0 { format!("q{c}") } else { ((at * (c + 3)) % 5 % 3).to_string() }).collect();
            text + line + "," + &more.join(",") + "\n"
        });
        place.write(name, wide);
    }
    let evidence = place.evaluate(&[]);
    assert!(has(&evidence, "warnings", "code", "incomparable_columns"));
    assert!(!has(&evidence, "warnings", "code", "not_comparable"));
    let used = evidence["inputs"]["columns"].as_array().unwrap();
    assert_eq!(used.last().unwrap()["name"], "city", "after those that attackers use");
    // An attack that does not use the column is not concerned.
    let halves = "[linkability]\nhalves = [[[\"age\", \"income\"], [\"visit\", \"school\"]]]\n";
    place.write("reident.toml", format!("{halves}[inference]\nsecrets = [\"city\"]\n"));
    let evidence = place.evaluate(&["--config", "reident.toml"]);
    assert_eq!(evidence["headline"]["inference"]["status"], "undetermined");
    assert_eq!(evidence["headline"]["inference"]["risk"], Value::Null);
    assert!(evidence["headline"]["linkability"]["risk"].is_number());
}

#[test]
fn row_numbers_are_left_out_and_hide_nothing() {
    let place = Place::new();
    let tables = tables();
    write(&place, &tables);
    let plain = place.evaluate(&[]);
    let numbered = |rows: &[[String; 6]], from: usize, step: usize| {
        let lines = csv(rows);
        let number = |at: usize| (from + (at * step) % rows.len()).to_string();
        let lines = lines.lines().enumerate().map(|(at, line)| match at {
            0 => format!("no,{line}\n"),
            _ => format!("{},{line}\n", number(at - 1)),
        });
        lines.collect::<String>()
    };
    for (from, step) in [(0, 1), (1, 1), (1, 7)] {
        for (name, rows) in ["o.csv", "a.csv", "c.csv"].into_iter().zip(&tables) {
            place.write(name, numbered(rows, from, step));
        }
        let evidence = place.evaluate(&[]);
        assert!(has(&evidence, "warnings", "code", "row_number"), "{evidence}");
        assert_eq!(evidence["attacks"], plain["attacks"]);
        // The first 160 release rows are the original's first 160 in its order.
        assert!(has(&evidence, "findings", "kind", "row_order"), "{evidence}");
    }
    // A column that the configuration names is an attribute.
    place.write("reident.toml", "[columns.no]\nrole = \"secret\"\n");
    let evidence = place.evaluate(&["--config", "reident.toml"]);
    assert!(!has(&evidence, "warnings", "code", "row_number"));
    // A control cut from the original is found out behind its own numbers.
    place.write("c.csv", numbered(&tables[0][50..200], 1, 1));
    let finished = place.run(&["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--control", "c.csv"]);
    assert_eq!(finished.code(), 2, "{}", finished.stdout());
    assert!(finished.stderr().contains("150 of 150 control rows"), "{}", finished.stderr());
}
