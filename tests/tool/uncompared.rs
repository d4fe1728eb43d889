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
fn rows_of_another_unit_count_as_not_read() {
    let (place, mut original, mut release) = harmless();
    let mut control = Rows::read(&place, "c.csv");
    let celsius = |at: usize, step: usize| 36.0 + (at * step % 50) as f64 / 10.0;
    original.push("temperature", |at| celsius(at, 7).to_string());
    control.push("temperature", |at| celsius(at, 11).to_string());
    release.push("temperature", |at| celsius(at, 13).to_string());
    let write = |release: &Rows| {
        [("o.csv", &original), ("a.csv", release), ("c.csv", &control)]
            .into_iter()
            .for_each(|(name, rows)| rows.write(&place, name));
    };
    write(&release);
    assert_is(&judged(&place, &[]), 0, "");
    // In two rows of five somebody wrote degrees Fahrenheit.
    let last = release.header.len() - 1;
    for (at, row) in release.rows.iter_mut().enumerate().filter(|(at, _)| at % 5 < 2) {
        row[last] = format!("{:.1}", celsius(at, 13) * 1.8 + 32.0);
    }
    write(&release);
    assert_is(&judged(&place, &[]), 4, "what no person has");
}

/// A column of the persons and one of the release beside those of a release that passes.
fn with_columns(persons: impl Fn(usize, usize) -> String, release: impl Fn(usize) -> String) -> Finished {
    let (place, mut original, mut released) = harmless();
    let mut control = Rows::read(&place, "c.csv");
    original.push("more", |at| persons(0, at));
    control.push("more", |at| persons(1, at));
    released.push("more", release);
    for (name, rows) in [("o.csv", &original), ("a.csv", &released), ("c.csv", &control)] {
        rows.write(&place, name);
    }
    judged(&place, &[])
}

/// Draws that hang on a table and a row alone.
fn draw(table: usize, at: usize, below: usize) -> usize {
    let [of_table, of_row] = [(table, 0x9e37_79b9_7f4a_7c15_u64), (at, 0xd6e8_feb8_6659_fd93)]
        .map(|(of, by)| (of as u64 + 1).wrapping_mul(by));
    let mixed = (of_table ^ of_row).wrapping_mul(0xa076_1d64_78bd_642f);
    (mixed >> 33) as usize % below
}

#[test]
fn texts_that_no_person_has_count_together() {
    let job = |table: usize, at: usize| format!("job {}", draw(table, at, 9));
    assert_is(&with_columns(job, |at| job(2, at)), 0, "");
    // What a person's other columns say, once for each.
    let found = with_columns(job, |at| if at % 5 < 2 { format!("nurse {at} 1450{at}") } else { job(2, at) });
    assert_is(&found, 4, "what no person has");
}

#[test]
fn codes_that_begin_elsewhere_carry_no_pass() {
    let answer = |table: usize, at: usize| [1, 2, 2, 3, 3, 3, 4, 5, 5][draw(table, at, 9)];
    let persons = |table: usize, at: usize| answer(table, at).to_string();
    assert_is(&with_columns(persons, |at| answer(2, at).to_string()), 0, "");
    assert_is(&with_columns(persons, |at| (answer(2, at) - 1).to_string()), 4, "what no person has");
    let in_half = |at: usize| (answer(2, at) - i32::from(at.is_multiple_of(2))).to_string();
    assert_is(&with_columns(persons, in_half), 4, "what no person has");
}

#[test]
fn numbers_moved_or_multiplied_in_a_part_of_the_rows_are_restorable() {
    let day = |table: usize, at: usize| 20_000 + draw(table, at, 22_000);
    let persons = |table: usize, at: usize| day(table, at).to_string();
    // Six of ten rows are the original's.
    let mixed = |at: usize| if at % 10 < 6 { day(0, at) } else { day(2, at) };
    let found = with_columns(persons, |at| (mixed(at) - 1462).to_string());
    assert_is(&found, 1, "can be restored");
    let found = with_columns(persons, |at| format!("{:.1}", mixed(at) as f64 / 1.95583));
    assert_is(&found, 1, "can be restored");
    assert_is(&with_columns(persons, |at| (day(2, at) - 1462).to_string()), 0, "");
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

/// A number of a cell moved by up to a tenth, by its row.
fn blurred(cell: &str, row: usize) -> String {
    match cell.parse::<f64>() {
        Ok(number) => format!("{:.2}", number * (0.9 + 0.2 * ((row * 7919) % 101) as f64 / 100.0)),
        Err(_) => cell.to_owned(),
    }
}

#[test]
fn a_wrong_truth_is_found_out_without_any_equal_rows() {
    let (place, mut original, mut release) = harmless();
    let fresh = Rows { header: release.header.clone(), rows: release.rows.clone() };
    release.rows = original.rows.clone();
    let blur = |(row, cells): (usize, &mut Vec<String>)| cells.iter_mut().for_each(|cell| *cell = blurred(cell, row));
    release.rows.iter_mut().enumerate().for_each(blur);
    original.push("key", |at| format!("P{at:05}"));
    original.write(&place, "o.csv");
    place.write("config.toml", "[columns.key]\nrole = \"record_key\"\n");
    let mut control = Rows::read(&place, "c.csv");
    control.push("key", |at| format!("C{at:05}"));
    control.write(&place, "c.csv");
    let with_keys = |release: &Rows, key: &dyn Fn(usize) -> String| {
        let mut keyed = Rows { header: release.header.clone(), rows: release.rows.clone() };
        keyed.push("key", key);
        keyed.write(&place, "a.csv");
        let found = judged(&place, &["--config", "config.toml"]);
        (found, place.read("e.json"))
    };
    let (_, right) = with_keys(&release, &|at| format!("P{at:05}"));
    assert!(!right.contains("truth_not_borne_out") && !right.contains("truth_contradicted"), "{right}");
    let (turned, evidence) = with_keys(&release, &|at| format!("P{:05}", (at + 700) % 2500));
    assert!(turned.code() != 0 && evidence.contains("truth_not_borne_out"), "{}", turned.stdout());
    // A release that has no row of anybody tells nothing of the truth.
    let (nobody, evidence) = with_keys(&fresh, &|at| format!("P{at:05}"));
    assert_is(&nobody, 4, "INCONCLUSIVE  linkability");
    assert!(evidence.contains("truth_not_borne_out"), "{evidence}");
}

/// Numbers that look random.
fn random(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

/// Persons of columns of eight values each; those of the release are copied in the first few columns and drawn anew in the others.
fn mostly_drawn_anew(copied: usize, columns: usize, rows: usize) -> Place {
    let place = Place::new();
    let mut state = 12345;
    let mut persons = || -> Vec<Vec<String>> {
        (0..rows).map(|_| (0..columns).map(|_| format!("v{}", random(&mut state) % 8)).collect()).collect()
    };
    let (original, mut release, control) = (persons(), persons(), persons());
    release.iter_mut().zip(&original).for_each(|(row, of)| row[..copied].clone_from_slice(&of[..copied]));
    let header: Vec<String> = (0..columns).map(|at| format!("x{at}")).collect();
    for (name, rows) in [("o.csv", original), ("a.csv", release), ("c.csv", control)] {
        Rows { header: header.clone(), rows }.write(&place, name);
    }
    place
}

#[test]
fn few_columns_that_leak_are_found_among_many_that_do_not() {
    let found = judged(&mostly_drawn_anew(8, 80, 500), &[]);
    assert_is(&found, 1, "FAIL          linkability");
    assert_ne!(judged(&mostly_drawn_anew(0, 80, 500), &[]).code(), 1);
}

#[test]
fn a_control_of_another_population_fails_nothing_by_itself() {
    // Of the persons, most have one job; of the control nobody has.
    let place = Place::new();
    let mut state = 99;
    let mut person = |elsewhere: bool| -> Vec<String> {
        let mut below = |of: usize| random(&mut state) % of;
        let job = if elsewhere {
            5 + below(5)
        } else if below(10) < 7 {
            0
        } else {
            1 + below(9)
        };
        vec![format!("j{job}"), format!("t{}", below(6)), (18 + below(70)).to_string(), format!("s{}", below(4))]
    };
    let header = ["job", "town", "age", "school"].map(str::to_owned).to_vec();
    for (name, elsewhere) in [("o.csv", false), ("a.csv", false), ("c.csv", true)] {
        let rows = (0..1500).map(|_| person(elsewhere)).collect();
        Rows { header: header.clone(), rows }.write(&place, name);
    }
    let found = judged(&place, &[]);
    assert!(place.read("e.json").contains("unlike_control"), "{}", found.stdout());
    assert_is(&found, 4, "A check of the control failed");
}

#[test]
fn labels_that_were_exchanged_among_themselves_carry_no_pass() {
    let (place, original, mut release) = harmless();
    let is_word = |cell: &String| !cell.starts_with(|letter: char| letter.is_ascii_digit());
    let texts: Vec<usize> = (0..release.header.len()).filter(|at| is_word(&original.rows[0][*at])).collect();
    assert!(texts.len() > 2);
    release.rows = original.rows.clone();
    for at in texts.iter().copied() {
        let mut labels: Vec<&String> = original.rows.iter().map(|row| &row[at]).collect();
        labels.sort_unstable();
        labels.dedup();
        let next = |label: &String| labels[(labels.binary_search(&label).expect("a label") + 1) % labels.len()].clone();
        release.rows.iter_mut().for_each(|row| row[at] = next(&row[at]));
    }
    // Numbers would be found by the attacks.
    for (name, rows) in [("o.csv", &original), ("a.csv", &release), ("c.csv", &Rows::read(&place, "c.csv"))] {
        let kept = |row: &Vec<String>| texts.iter().map(|at| row[*at].clone()).collect::<Vec<_>>();
        Rows { header: kept(&rows.header), rows: rows.rows.iter().map(kept).collect() }.write(&place, name);
    }
    let found = judged(&place, &[]);
    assert_is(&found, 4, "INCONCLUSIVE");
    let evidence = place.read("e.json");
    assert!(evidence.contains("one_for_one") && evidence.contains("not_comparable"), "{evidence}");
}
