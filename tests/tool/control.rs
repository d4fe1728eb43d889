//! Controls that are not what they say: refused or said, each with a figure.

use crate::support::Place;
use reident_attacks::sampling::{Stream, Task};
use serde_json::Value;

/// Persons of a year, one line each.
fn persons(seed: u64, rows: usize, year: u32) -> Vec<String> {
    let mut stream = Stream::new(seed, Task::Population, 0);
    let mut draw = |bound: u64| stream.below(bound);
    (0..rows)
        .map(|_| {
            let (age, school) = (18 + draw(60), draw(4));
            let income = 900 + draw(2000) + 400 * school;
            format!("{age},{income},{year}-{:02}-{:02},city {},school {school}", 1 + draw(12), 1 + draw(28), draw(9))
        })
        .collect()
}

fn csv(rows: &[String]) -> String {
    format!("age,income,visit,city,school\n{}\n", rows.join("\n"))
}

/// What a control was refused for.
fn refused(tables: [&[String]; 3]) -> String {
    let place = Place::new();
    for (name, rows) in ["o.csv", "a.csv", "c.csv"].into_iter().zip(tables) {
        place.write(name, csv(rows));
    }
    let files = ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--control", "c.csv"];
    let finished = place.run(&files);
    assert_eq!(finished.code(), 2, "{}", finished.stdout());
    assert!(finished.stderr().contains("--allow-overlapping-control"), "{}", finished.stderr());
    let more = ["--quiet", "--allow-overlapping-control", "--policy", "eu-wp216"];
    let accepted = place.run(&[files.as_slice(), &more].concat());
    assert!([1, 4].contains(&accepted.code()), "no gate passes: {}", accepted.stdout());
    let evidence = place.evaluate(&["--allow-overlapping-control"]);
    let checks = evidence["inputs"]["control_checks"].as_array().unwrap();
    assert!(checks.iter().any(|check| check["passed"] == false && check["overridden"] == true), "{evidence}");
    finished.stderr()
}

#[test]
fn exchanged_and_used_files_are_refused_with_a_figure() {
    let (original, control, fresh) = (persons(1, 300, 2022), persons(2, 200, 2022), persons(3, 300, 2022));
    let leaked = [&original[..120], &fresh[..180]].concat();
    let split = [&original[..120], &control[..80], &fresh[..200]].concat();
    let message = refused([&control, &leaked, &original]);
    assert!(message.contains("exchanged") && message.contains("120 of 300"), "{message}");
    let message = refused([&original, &split, &control]);
    assert!(message.contains("80 of 200") && !message.contains("exchanged"), "{message}");
    let message = refused([&original, &fresh, &fresh]);
    assert!(message.contains("the control is the release"), "{message}");
    let message = refused([&original, &fresh, &original]);
    assert!(message.contains("300 of 300 control rows equal a row of the original"), "{message}");
}

/// Age, income and weight of persons, each a little otherwise than it was.
fn noisy(rows: &[[f64; 3]], by: f64, seed: u64) -> Vec<[f64; 3]> {
    let mut stream = Stream::new(seed, Task::Population, 1);
    let mut moved = |number: f64| number + by * (stream.unit() - 0.5);
    rows.iter().map(|row| row.map(&mut moved)).collect()
}

/// The checks of a control of numbers that failed, and how the run ended.
fn failed_checks(tables: [&[[f64; 3]]; 3]) -> (Vec<String>, i32) {
    let place = Place::new();
    for (name, rows) in ["o.csv", "a.csv", "c.csv"].into_iter().zip(tables) {
        let lines: Vec<String> = rows.iter().map(|[a, b, c]| format!("{a:.2},{b:.2},{c:.2}")).collect();
        place.write(name, format!("income,rent,distance\n{}\n", lines.join("\n")));
    }
    let files = ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--control", "c.csv"];
    let finished = place.run(&[&files[..], &["--quiet", "--policy", "eu-wp216", "--out", "e.json"]].concat());
    let evidence: Value = serde_json::from_str(&place.read("e.json")).unwrap();
    let checks = evidence["inputs"]["control_checks"].as_array().unwrap();
    let failed = checks.iter().filter(|check| check["passed"] == false);
    (failed.map(|check| check["check"].as_str().unwrap().to_owned()).collect(), finished.code())
}

#[test]
fn persons_who_were_used_are_seen_in_the_control_although_they_are_written_a_little_otherwise() {
    let drawn = |seed: u64, rows: usize| -> Vec<[f64; 3]> {
        let mut stream = Stream::new(seed, Task::Population, 2);
        (0..rows).map(|_| [40_000.0, 9_000.0, 700.0].map(|of: f64| of * (1.0 + stream.normal() / 4.0))).collect()
    };
    let (original, honest, fresh) = (drawn(1, 1500), drawn(2, 1000), drawn(3, 900));
    let leak = |rows: &[[f64; 3]], seed: u64| noisy(rows, 40.0, seed);
    let leaking = [leak(&original[..600], 4), fresh.clone()].concat();
    let (failed, code) = failed_checks([&original, &leaking, &honest]);
    assert_eq!((failed.len(), code), (0, 1), "{failed:?}");
    let (failed, code) = failed_checks([&original, &leaking, &noisy(&original, 4.0, 5)]);
    assert!(failed.contains(&"control_persons_apart".to_owned()) && code != 0, "{failed:?} {code}");
    let of_both = [leak(&original[..600], 4), leak(&honest[..400], 6), fresh].concat();
    let (failed, code) = failed_checks([&original, &of_both, &honest]);
    assert!(failed.contains(&"control_near_release".to_owned()) && code != 0, "{failed:?} {code}");
}

#[test]
fn persons_of_the_control_who_are_persons_of_the_original() {
    let visits = |persons: std::ops::Range<usize>, seed: u64, name: &str| {
        let rows = self::persons(seed, 2 * persons.len(), 2022);
        let rows = rows.iter().enumerate().map(|(at, row)| format!("{name}{},{row}\n", persons.start + at / 2));
        format!("person,age,income,visit,city,school\n{}", rows.collect::<String>())
    };
    let place = Place::new();
    place.write("reident.toml", "[columns.person]\nrole = \"subject_key\"\n");
    place.write("a.csv", csv(&persons(3, 200, 2022)));
    place.write("o.csv", visits(5..100, 1, "p"));
    let evaluate = || place.attack("evaluate", &["--config", "reident.toml", "-q"]);
    // Other visits of the same persons: no row is equal.
    place.write("c.csv", visits(70..130, 2, "p"));
    let finished = evaluate();
    assert_eq!(finished.code(), 2, "{}", finished.stdout());
    assert!(finished.stderr().contains("30 of 60 persons of the control"), "{}", finished.stderr());
    place.write("c.csv", visits(100..160, 2, "p"));
    assert_eq!(evaluate().code(), 0);
    // Files that number their own persons say nothing about who is who.
    for prefix in ["", "person "] {
        place.write("o.csv", visits(0..100, 1, prefix));
        place.write("c.csv", visits(0..60, 2, prefix));
        let finished = evaluate();
        assert_eq!(finished.code(), 0, "{}", finished.stderr());
    }
}

#[test]
fn a_control_of_another_time_is_said_and_does_not_pass() {
    let place = Place::new();
    place.write("o.csv", csv(&persons(1, 300, 2022)));
    place.write("a.csv", csv(&persons(3, 300, 2022)));
    place.write("c.csv", csv(&persons(2, 300, 2023)));
    let evidence = place.evaluate(&[]);
    let said = |evidence: &Value, code: &str| {
        evidence["warnings"].as_array().unwrap().iter().any(|warning| warning["code"] == code)
    };
    let failed = |evidence: &Value| {
        let checks = evidence["inputs"]["control_checks"].as_array().unwrap().clone();
        checks.iter().filter(|check| check["passed"] == false).count()
    };
    assert!(failed(&evidence) > 0 || said(&evidence, "incomparable_columns"), "{evidence}");
    place.write("c.csv", csv(&persons(2, 300, 2022)));
    let evidence = place.evaluate(&[]);
    assert!(failed(&evidence) == 0 && !said(&evidence, "unlike_control"), "{evidence}");
    let checks = evidence["inputs"]["control_checks"].as_array().unwrap();
    for name in
        ["control_equals_original", "control_in_release", "control_labels", "control_marginals", "control_neighbors"]
    {
        assert!(checks.iter().any(|check| check["check"] == name), "{name}: {evidence}");
    }
}
