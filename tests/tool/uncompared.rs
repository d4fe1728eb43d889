//! What nobody compared carries no pass: columns that only the release has, rows that were not read, a truth that joins nothing,
//! copies on another scale.

use crate::support::{Finished, Place, demo_tables};

/// A table of the demo: its header and its rows.
struct Rows {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Rows {
    fn read(place: &Place, name: &str) -> Rows {
        let text = place.read(name);
        let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<String>>());
        Rows { header: lines.next().expect("a header"), rows: lines.collect() }
    }

    fn write(&self, place: &Place, name: &str) {
        let lines: Vec<String> = std::iter::once(&self.header).chain(&self.rows).map(|row| row.join(",")).collect();
        place.write(name, lines.join("\n") + "\n");
    }

    fn push(&mut self, name: &str, value: impl Fn(usize) -> String) {
        self.header.push(name.to_owned());
        self.rows.iter_mut().enumerate().for_each(|(at, row)| row.push(value(at)));
    }
}

fn judged(place: &Place, more: &[&str]) -> Finished {
    let files = ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--control", "c.csv"];
    // Limits that tables of this size can meet.
    let limits = ["singling_out=0.6", "linkability=0.3", "inference=0.3"]
        .map(|limit| format!("limits.{}", limit.replace('=', ".max_risk=")));
    let limits: Vec<&str> = limits.iter().flat_map(|limit| ["--set", limit.as_str()]).collect();
    place.run(&[&files[..], &["--quiet", "--out", "e.json", "--policy", "eu-wp216"], &limits, more].concat())
}

/// A release of fresh persons that passes, with its original.
fn harmless() -> (Place, Rows, Rows) {
    let place = demo_tables(2500, 0.0);
    let (original, release) = (Rows::read(&place, "o.csv"), Rows::read(&place, "a.csv"));
    (place, original, release)
}

fn assert_is(found: &Finished, code: i32, said: &str) {
    let all = found.stdout() + &found.stderr();
    assert!(found.code() == code && all.contains(said), "{} instead of {code} and `{said}`: {all}", found.code());
}

#[test]
fn columns_that_only_the_release_has_carry_no_pass() {
    let (place, original, mut release) = harmless();
    assert_is(&judged(&place, &[]), 0, "");
    release.push("nr", |at| (at + 1).to_string());
    release.push("source", |_| "hospital".to_owned());
    release.write(&place, "a.csv");
    assert_is(&judged(&place, &[]), 0, "");
    release.push("note", |at| original.rows[at].join("|"));
    release.write(&place, "a.csv");
    assert_is(&judged(&place, &[]), 4, "`note` of the release has no counterpart");
}

#[test]
fn rows_that_were_not_read_count_as_what_may_be_at_risk() {
    let (place, original, mut release) = harmless();
    for (row, of) in release.rows.iter_mut().zip(&original.rows).take(1000) {
        // Verbatim, as another office writes it.
        *row = of
            .iter()
            .map(|cell| match cell.parse::<f64>() {
                Ok(number) => format!("{number} units"),
                Err(_) => cell.to_uppercase(),
            })
            .collect();
    }
    release.write(&place, "a.csv");
    let found = judged(&place, &[]);
    assert!(found.code() != 0 && found.stdout().contains("was not read"), "{}", found.stdout());
}

#[test]
fn a_copy_on_another_scale_does_not_pass_for_want_of_a_row() {
    let (place, original, mut release) = harmless();
    release.rows = original.rows.clone();
    for row in &mut release.rows {
        row.iter_mut().for_each(|cell| {
            if let Ok(number) = cell.parse::<f64>() {
                *cell = format!("{:.1}", number * 0.8);
            }
        });
    }
    release.rows.pop();
    // Other columns would be found by the attacks.
    let numbers: Vec<usize> =
        (0..release.header.len()).filter(|at| original.rows[0][*at].parse::<f64>().is_ok()).collect();
    assert!(numbers.len() > 2);
    for (name, rows) in [("o.csv", &original), ("a.csv", &release), ("c.csv", &Rows::read(&place, "c.csv"))] {
        let kept = |row: &Vec<String>| numbers.iter().map(|at| row[*at].clone()).collect::<Vec<_>>();
        Rows { header: kept(&rows.header), rows: rows.rows.iter().map(kept).collect() }.write(&place, name);
    }
    let found = judged(&place, &[]);
    assert_ne!(found.code(), 0, "{}", found.stdout());
    let evidence = place.read("e.json");
    assert!(evidence.contains("restorable_column") && evidence.contains("\"affine\""), "{}", found.stdout());
}

#[test]
fn a_truth_that_joins_nothing_or_is_contradicted_finds_nothing_and_passes_nothing() {
    let (place, mut original, mut release) = harmless();
    release.rows = original.rows.clone();
    original.push("key", |at| format!("P{at:05}"));
    original.write(&place, "o.csv");
    place.write("config.toml", "[columns.key]\nrole = \"record_key\"\n");
    let mut control = Rows::read(&place, "c.csv");
    control.push("key", |at| format!("C{at:05}"));
    control.write(&place, "c.csv");
    let with_keys = |key: &dyn Fn(usize) -> String| {
        let mut keyed = Rows { header: release.header.clone(), rows: release.rows.clone() };
        keyed.push("key", key);
        keyed.write(&place, "a.csv");
        judged(&place, &["--config", "config.toml"])
    };
    assert_is(&with_keys(&|at| format!("p{at:05}")), 2, "write keys alike in both tables");
    // One in ten joins, and nine in ten are nobody's.
    let few = with_keys(&|at| if at % 10 == 0 { format!("P{at:05}") } else { format!("Z{at:05}") });
    assert!(few.code() != 0 && place.read("e.json").contains("few_records_joined"), "{}", few.stdout());
    let turned = with_keys(&|at| format!("P{:05}", (at + 1) % 2500));
    assert!(turned.code() != 0 && place.read("e.json").contains("truth_contradicted"), "{}", turned.stdout());
}
