//! Real tables with planted leaks: releases of Adult of which a known share is copied. Skipped where `../shared` is not
//! present.

use crate::support::{Place, risks, shared};
use reident_attacks::sampling::{Stream, Task};

const LINKABILITY: &str = "halves = [[[\"type_employer\", \"education\", \"hr_per_week\", \"capital_loss\", \
                           \"capital_gain\"], [\"race\", \"sex\", \"fnlwgt\", \"age\", \"country\"]]]";

/// The rows of Adult in a random order, and their header.
fn adult(seed: u64) -> Option<(String, Vec<String>)> {
    let text = std::fs::read_to_string(shared("adult/adults_train.csv")?).ok()?;
    let mut lines = text.lines().map(str::to_owned);
    let header = lines.next()?;
    let mut rows: Vec<String> = lines.collect();
    Stream::new(seed, Task::Population, 0).shuffle(&mut rows);
    Some((header, rows))
}

/// Positions of the secrets education, hr_per_week and income, in table order.
const SECRETS: [usize; 3] = [3, 12, 14];

/// Positions of the columns that stand in neither half of linkability: education_num, marital, occupation, relationship, income.
const NOT_LINKED: [usize; 5] = [4, 5, 6, 7, 14];

/// The share of rows that are equal to another in all columns but some.
fn alike(rows: &[String], but: &[usize]) -> f64 {
    let known = |row: &String| {
        row.split(',').enumerate().filter(|(at, _)| !but.contains(at)).map(|(_, cell)| cell).collect::<String>()
    };
    let mut counts = std::collections::HashMap::new();
    for row in rows {
        *counts.entry(known(row)).or_insert(0u32) += 1;
    }
    rows.iter().filter(|row| counts[&known(row)] > 1).count() as f64 / rows.len() as f64
}

fn table(header: &str, rows: &[String]) -> String {
    format!("{header}\n{}\n", rows.join("\n"))
}

#[test]
fn linkability_and_inference_follow_the_leak() {
    let Some((header, rows)) = adult(0) else {
        eprintln!("skipped: ../shared/data/adult is not present");
        return;
    };
    let (original, rest) = rows.split_at(9758);
    let (fresh, control) = (&rest[..9758], &rest[9758..19_516]);
    let place = Place::new();
    place.write("o.csv", table(&header, original));
    place.write("c.csv", table(&header, control));
    let secrets = "[inference]\nsecrets = [\"income\", \"education\", \"hr_per_week\"]\n";
    place.write("reident.toml", format!("nulls = [\"?\"]\n[linkability]\n{LINKABILITY}\n{secrets}"));
    for leak in [0.0, 0.1, 0.25, 0.5, 1.0] {
        let copied = (leak * 9758.0) as usize;
        let release = [&original[..copied], &fresh[..9758 - copied]].concat();
        place.write("a.csv", table(&header, &release));
        let evidence = place.evaluate(&["--config", "reident.toml"]);
        for attack in ["linkability", "inference"] {
            for (at, (estimate, [lo, hi])) in risks(&evidence, attack).into_iter().enumerate() {
                println!("{attack} {at}, leak {leak}: {estimate:.4} [{lo:.4}, {hi:.4}]");
                assert!(lo <= leak, "{attack} {at} at leak {leak}: {estimate} [{lo}, {hi}]");
                // Those who know few columns are added where a leak shows, and follow it as far as few columns tell.
                if attack == "inference" && at >= 2 * SECRETS.len() {
                    continue;
                }
                // Persons who are equal in all that the attacker knows cannot be told apart even by a full copy.
                let alike = match attack {
                    "inference" => alike(original, &[SECRETS[at % SECRETS.len()]]),
                    _ => alike(original, &NOT_LINKED),
                };
                let least = leak * (1.0 - alike);
                assert!(least <= hi, "{attack} {at} at leak {leak}: {estimate} [{lo}, {hi}]");
            }
        }
        if leak == 0.0 {
            // Four attackers at once: one interval in twenty would miss 0 by chance.
            for attack in evidence["attacks"].as_array().unwrap().iter().filter(|it| it["attack"] == "singling_out") {
                let [lo, hi] = [0, 1].map(|end| attack["risk"]["simultaneous"][end].as_f64().unwrap());
                assert!(lo <= 0.0 && 0.0 <= hi, "singling out without a leak: [{lo}, {hi}]");
            }
        }
    }
}

#[test]
fn without_a_leak_a_control_of_any_size_gives_no_risk() {
    let Some((header, rows)) = adult(1) else {
        eprintln!("skipped: ../shared/data/adult is not present");
        return;
    };
    for (originals, controls) in [(9758, 9758), (19_516, 9758), (9758, 976), (9758, 200), (9758, 800)] {
        let place = Place::new();
        let (original, rest) = rows.split_at(originals);
        let (release, control) = rest.split_at(9758);
        place.write("o.csv", table(&header, original));
        place.write("a.csv", table(&header, release));
        place.write("c.csv", table(&header, &control[..controls]));
        let evidence = place.evaluate(&["--null", "?", "--only", "singling-out"]);
        for (at, (estimate, [lo, hi])) in risks(&evidence, "singling_out").into_iter().enumerate() {
            println!("{originals}/{controls}, attacker {at}: {estimate:.4} [{lo:.4}, {hi:.4}]");
            assert!(lo <= 0.0 && 0.0 <= hi, "{originals}/{controls}, attacker {at}: {estimate} [{lo}, {hi}]");
        }
    }
}
