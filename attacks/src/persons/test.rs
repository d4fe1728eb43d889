//! Exposures by hand, and in a world with a known leak.

use super::*;
use crate::evaluation::{Plan, evaluate};
use crate::inference::{Correctness, InferenceAttacker};
use crate::linkability::LinkabilityAttacker;
use crate::matcher::Matcher;
use crate::progress::NoProgress;
use crate::sampling::{Stream, Task};
use crate::singling_out::{Mode, SinglingOutAttacker};
use crate::table::{Kind, RawColumn, TablesBuilder};

/// Four columns of many categories; the first rows of the original stand in the release, the others are fresh.
fn world(persons: usize, leaked: usize) -> Tables {
    let mut stream = Stream::new(4, Task::Population, 0);
    let mut draw = |rows: usize| -> Vec<Vec<String>> {
        (0..rows).map(|_| (0..4).map(|_| format!("v{:03}", stream.below(200))).collect()).collect()
    };
    let [original, mut release, control] = [persons; 3].map(&mut draw);
    release[..leaked].clone_from_slice(&original[..leaked]);
    let mut builder = TablesBuilder::new(persons, persons, Some(persons));
    for column in 0..4 {
        let of =
            |rows: &[Vec<String>]| RawColumn::texts(&rows.iter().map(|row| row[column].clone()).collect::<Vec<_>>());
        builder.add(&format!("c{column}"), Kind::Categorical, of(&original), of(&release), Some(of(&control))).unwrap();
    }
    builder.finish()
}

fn plan() -> Plan {
    let mut plan = Plan::new(1);
    plan.keep_hits = true;
    plan.push(SinglingOutAttacker { mode: Mode::Multivariate(2), columns: vec![0, 1, 2, 3], predicates: 200 });
    plan.push(LinkabilityAttacker {
        halves: [vec![0, 1], vec![2, 3]],
        matcher: Matcher::Distance,
        neighbors: 1,
        searched: None,
    });
    for known in [vec![1, 2, 3], vec![1, 2]] {
        let correctness = Correctness::default();
        plan.push(InferenceAttacker { secret: 0, known, guesser: Default::default(), correctness, searched: None });
    }
    plan
}

fn found_of(tables: &Tables, evaluation: &Evaluation) -> Persons {
    persons(tables, evaluation, |at| evaluation.attackers[at].risk(0.95).map(OfRisk::from))
}

#[test]
fn whoever_was_copied_is_named_first_with_the_fewest_columns() {
    let tables = world(400, 40);
    let evaluation = evaluate(&tables, &plan(), &NoProgress).unwrap();
    let found = found_of(&tables, &evaluation);
    let first: Vec<u32> = found.hit.iter().take(30).map(|person| person.rows[0]).collect();
    // But for somebody whom chance hits.
    assert!(first.iter().filter(|row| **row < 40).count() >= 28, "{first:?}");
    // The guess from two columns needs less than that from three, and than the link, which needs four.
    let cheap = found.hit.iter().take(30).filter(|person| person.cheapest == Some(3)).count();
    assert!(cheap >= 25, "{cheap}");
    assert!(found.hit.iter().all(|person| person.cheapest.is_none_or(|cheapest| person.hit_by.contains(&cheapest))));
    // The numbers are those of the evaluation.
    for (reach, result) in found.attackers.iter().zip(&evaluation.attackers).skip(1) {
        let (reach, main) = (reach.unwrap(), result.counts.main.unwrap());
        assert_eq!((reach.attacked, reach.hit), (main.attempted, main.successes));
        assert_eq!(reach.chance, result.counts.control.unwrap().rate());
    }
    // Order and exposure by the definition.
    let chances: Vec<f64> = found.attackers.iter().flatten().map(|reach| reach.chance).collect();
    let chance = chances.iter().sum::<f64>() / 4.0;
    // A link may be shared; the others' hits are worth 1.
    for person in found.hit.iter().filter(|person| !person.hit_by.contains(&1)) {
        assert_eq!(person.attacked_by, 4);
        let missed = 1.0 - person.hit_by.len() as f64 / 4.0;
        assert!((person.exposure.unwrap() - (1.0 - missed / (1.0 - chance)).max(0.0)).abs() < 1e-6, "{person:?}");
    }
    assert!(found.hit.is_sorted_by(|one, other| one.exposure >= other.exposure));
}

#[test]
fn a_person_is_hit_when_any_of_his_rows_is() {
    let mut tables = world(60, 20);
    let persons_of: Vec<u32> = (0..60).map(|row| row / 2).collect();
    tables.original.subjects = Some(persons_of.clone());
    tables.control.as_mut().unwrap().subjects = Some(persons_of);
    let found = found_of(&tables, &evaluate(&tables, &plan(), &NoProgress).unwrap());
    assert_eq!(found.hit[0].rows.len(), 2);
    assert!(found.hit.iter().take(8).all(|person| person.rows[0] < 20 && person.rows[1] == person.rows[0] + 1));
    assert!(found.attackers.iter().flatten().all(|reach| reach.attacked == 30 && reach.hit <= 30));
}

#[test]
fn nothing_is_known_of_an_evaluation_that_kept_nothing() {
    let tables = world(50, 10);
    let plan = Plan { keep_hits: false, ..plan() };
    let found = found_of(&tables, &evaluate(&tables, &plan, &NoProgress).unwrap());
    assert!(found.hit.is_empty() && found.attackers.iter().all(Option::is_none));
}
