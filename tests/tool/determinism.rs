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

/// `o.csv`, `a.csv` and `c.csv` with everything that rows can hold: generalized and missing cells, several rows of one person,
/// rows that stand twice.
fn tables_of_every_kind(place: &Place) {
    let table = |rows: usize, seed: usize, is_release: bool| {
        let mut text = String::from("person,age,city,income,group\n");
        for row in 0..rows {
            let draw = |salt: usize, end: usize| {
                (row * 7919 + seed * 104_729 + salt * 31) * 2_654_435_761 % 4_294_967_291 % end
            };
            let age = match draw(1, 10) {
                0 => String::new(),
                1 if is_release => format!("{}-{}", draw(2, 6) * 10, draw(2, 6) * 10 + 9),
                2 if is_release => "*".to_owned(),
                _ => draw(3, 60).to_string(),
            };
            let city = if is_release && draw(4, 5) == 0 {
                format!("{}**", draw(5, 3) + 1)
            } else {
                format!("{}", 100 + draw(6, 300))
            };
            // No person stands in two tables.
            text += &format!("p{seed}-{},{age},x{city},{},{}\n", draw(7, rows / 2), draw(8, 5000), draw(9, 4));
            if row % 11 == 0 {
                let last = text.lines().last().unwrap_or_default().to_owned();
                text += &(last + "\n");
            }
        }
        text
    };
    place.write("o.csv", table(400, 1, false));
    place.write("a.csv", table(350, 2, true));
    place.write("c.csv", table(150, 3, false));
    place.write("s.toml", "[columns.person]\nrole = \"subject_key\"\n");
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let demo = demo_tables(1000, 0.2);
    let every_kind = Place::new();
    tables_of_every_kind(&every_kind);
    let sampled = ["--attacks", "90", "--config", "s.toml"];
    demo.write("s.toml", "");
    for place in [demo, every_kind] {
        for arguments in [&["--config", "s.toml"][..], &sampled[..]] {
            let before = place.evaluate(arguments);
            let (attacks, tables) = (&before["attacks"], ["o.csv", "a.csv", "c.csv"]);
            for name in tables {
                let text = place.read(name);
                place.write(name, shuffled(&text, 387));
                let after = place.evaluate(arguments);
                assert_eq!(&after["attacks"], attacks, "{name} {arguments:?}");
                assert_eq!(after["headline"], before["headline"]);
            }
        }
    }
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
