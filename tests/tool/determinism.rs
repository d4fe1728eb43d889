//! Same inputs, settings and seed: same bytes, whatever the threads, the formats and the order of rows or columns.

use crate::support::{Place, demo_tables};

fn shuffled(text: &str, step: usize) -> String {
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    let rows: Vec<&str> = lines.collect();
    // A step that has no common factor with the number of rows visits each once.
    let order = (0..rows.len()).map(|at| rows[at * step % rows.len()]);
    format!("{header}\n{}\n", order.collect::<Vec<_>>().join("\n"))
}

fn reversed_columns(text: &str) -> String {
    let line = |line: &str| line.split(',').rev().collect::<Vec<_>>().join(",");
    text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn threads_do_not_change_a_byte() {
    let place = demo_tables(1500, 0.2);
    let run = |threads: &str| place.evaluate(&["--threads", threads]).to_string();
    let one = run("1");
    assert_eq!(one, run("2"));
    assert_eq!(one, run("8"));
}

#[test]
fn the_order_of_original_and_control_rows_does_not_matter() {
    let place = demo_tables(1000, 0.2);
    let before = place.evaluate(&[]);
    for name in ["o.csv", "c.csv"] {
        let text = shuffled(&place.read(name), 387);
        place.write(name, text);
    }
    assert_eq!(place.evaluate(&[])["attacks"], before["attacks"]);
}

#[test]
fn the_order_of_columns_in_release_and_control_does_not_matter() {
    let place = demo_tables(1000, 0.2);
    let before = place.evaluate(&[]);
    for name in ["a.csv", "c.csv"] {
        let text = reversed_columns(&place.read(name));
        place.write(name, text);
    }
    assert_eq!(place.evaluate(&[])["attacks"], before["attacks"]);
}

#[test]
fn the_notation_of_numbers_does_not_matter() {
    let place = Place::new();
    place.write("o.csv", "x,y\n30,a\n-0,b\n2.50,c\n");
    place.write("a.csv", "x,y\n30.0,a\n0.0,b\n25e-1,c\n");
    let evidence = place.evaluate(&["--only", "linkability"]);
    assert_eq!(evidence["attacks"][0]["main"]["successes"], 3);
}

#[test]
fn a_seed_changes_the_draws_and_nothing_else_does() {
    let place = demo_tables(500, 0.2);
    let run = |seed: &str| place.evaluate(&["--seed", seed, "--only", "linkability"])["attacks"].clone();
    assert_eq!(run("1"), run("1"));
    assert_ne!(run("1"), run("2"));
}
