//! An implementation of the definitions that shares no code with this one: `tests/oracle/oracle.py`, plain loops in
//! Python. Skipped, loudly, where Python has no numpy; `.ci/run` installs it.

use crate::support::{Place, demo_tables};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Runs the oracle; `None` where it cannot run.
fn oracle(place: &Place, arguments: &[&str]) -> Option<Value> {
    let python = std::env::var("REIDENT_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let able = Command::new(&python).args(["-c", "import numpy"]).output().is_ok_and(|output| output.status.success());
    if !able {
        eprintln!("skipped: {python} has no numpy");
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/oracle.py");
    let mut command = Command::new(&python);
    command.arg(script).arg(arguments[0]).args(["--original", "o.csv", "--anonymized", "a.csv", "--control", "c.csv"]);
    let output = command.args(&arguments[1..]).current_dir(place.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn same_counts(ours: &Value, theirs: &Value, what: &str) {
    for table in ["main", "control"] {
        for count in ["attempted", "successes", "ambiguous"] {
            if ours[table][count].is_null() {
                continue;
            }
            assert_eq!(ours[table][count], theirs[table][count], "{what}, {table} {count}");
        }
    }
}

/// Tables of numbers and categories with ties, missing values and duplicates; no dates, which the oracle does not know.
fn tables() -> Place {
    let place = demo_tables(700, 0.3);
    for (table, name) in ["o.csv", "a.csv", "c.csv"].into_iter().enumerate() {
        let text = place.read(name);
        let edited = text.lines().enumerate().map(|(line, row)| {
            let mut cells: Vec<&str> = row.split(',').collect();
            cells.remove(3);
            if line > 0 && (line + table) % 9 == 0 {
                cells[line % 7] = "";
            }
            cells.join(",")
        });
        let edited: Vec<String> = edited.collect();
        place.write(name, edited.join("\n") + "\n");
    }
    place
}

#[test]
fn linkability_counts_as_the_oracle_does() {
    let place = tables();
    for neighbors in ["1", "4"] {
        let config = format!(
            "[linkability]\nneighbors = {neighbors}\nhalves = [[[\"age\", \"visits\", \"sex\"], [\"district\", \"occupation\", \
             \"diagnosis\"]]]\n"
        );
        place.write("reident.toml", config);
        let halves = ["--half", "age,visits,sex", "--half", "district,occupation,diagnosis", "--k", neighbors];
        let Some(theirs) = oracle(&place, &[&["linkability"], &halves[..]].concat()) else { return };
        let evidence = place.evaluate(&["--config", "reident.toml", "--only", "linkability"]);
        let ours = &evidence["attacks"][0];
        same_counts(ours, &theirs, &format!("k = {neighbors}"));
        for table in ["main", "control"] {
            let figure = |value: &serde_json::Value| value.as_f64();
            let of_ours = figure(&ours[table]["expected"]).or(figure(&ours[table]["successes"])).unwrap();
            let of_theirs = figure(&theirs[table]["expected"]).unwrap();
            assert!((of_ours - of_theirs).abs() < 1e-6, "{table}, k = {neighbors}: worth {of_ours}, {of_theirs}");
        }
        let (ours, theirs) = (&ours["baseline"]["successes"], &theirs["baseline"]["successes"]);
        let difference = ours.as_f64().unwrap() - theirs.as_f64().unwrap();
        assert!(difference.abs() < 1e-6, "baseline {ours} {theirs}");
    }
}

#[test]
fn inference_counts_as_the_oracle_does() {
    let place = tables();
    for neighbors in ["1", "5"] {
        place.write("reident.toml", format!("[inference]\nneighbors = {neighbors}\nmatchers = [\"distance\"]\n"));
        let evidence = place.evaluate(&["--config", "reident.toml", "--only", "inference"]);
        for ours in evidence["attacks"].as_array().unwrap() {
            let secret = ours["attacker"]["secret"].as_str().unwrap();
            let Some(theirs) = oracle(&place, &["inference", "--secret", secret, "--k", neighbors]) else { return };
            same_counts(ours, &theirs, &format!("{secret}, k = {neighbors}"));
        }
    }
}
