//! Contributions and changes against the plain way: another evaluation of the changed tables.

use super::*;
use crate::evaluation::{Evaluation, Plan, evaluate};
use crate::inference::{Correctness, Guesser, InferenceAttacker};
use crate::linkability::LinkabilityAttacker;
use crate::matcher::Matcher;
use crate::progress::NoProgress;
use crate::sampling::{Stream, Task};
use crate::table::{Cell, Kind, RawColumn, Tables, TablesBuilder};
use std::collections::BTreeMap;

const CONFIDENCE: f64 = 0.95;

/// A number that hardly repeats, one of few values, and two categories; the first rows stand in the release.
fn world(persons: usize, leaked: usize) -> Tables {
    let mut stream = Stream::new(6, Task::Population, 0);
    let mut draw = |rows: usize| -> Vec<[f64; 4]> {
        let person = |stream: &mut Stream| [5000.0, 12.0, 8.0, 5.0].map(|values| (stream.unit() * values).floor());
        (0..rows).map(|_| person(&mut stream)).collect()
    };
    let [original, mut release, control] = [persons; 3].map(&mut draw);
    release[..leaked].copy_from_slice(&original[..leaked]);
    let mut builder = TablesBuilder::new(persons, persons, Some(persons));
    for column in 0..4 {
        let of = |rows: &[[f64; 4]]| match column {
            0 | 1 => RawColumn::numbers(&rows.iter().map(|row| row[column]).collect::<Vec<_>>()),
            _ => RawColumn::texts(&rows.iter().map(|row| format!("v{}", row[column])).collect::<Vec<_>>()),
        };
        let kind = if column < 2 { Kind::Numeric } else { Kind::Categorical };
        builder.add(&format!("c{column}"), kind, of(&original), of(&release), Some(of(&control))).unwrap();
    }
    builder.finish()
}

fn plan() -> Plan {
    let mut plan = Plan::new(1);
    plan.keep_hits = true;
    plan.push(LinkabilityAttacker {
        halves: [vec![0, 1], vec![2, 3]],
        matcher: Matcher::Distance,
        neighbors: 1,
        searched: None,
    });
    plan.push(InferenceAttacker {
        secret: 2,
        known: vec![0, 1, 3],
        guesser: Guesser::nearest(Matcher::Agreement, 1),
        correctness: Correctness::default(),
        searched: None,
    });
    plan
}

fn advice(tables: &Tables, levels: &BTreeMap<usize, Levels>) -> (Evaluation, Advice) {
    let evaluation = evaluate(tables, &plan(), &NoProgress).unwrap();
    let found = advise(tables, &plan(), &evaluation, CONFIDENCE, levels, &NoProgress).unwrap();
    (evaluation, found)
}

#[test]
fn what_is_predicted_is_what_another_evaluation_finds() {
    let tables = world(500, 100);
    let (evaluation, found) = advice(&tables, &BTreeMap::new());
    assert!(!found.worst.is_empty());
    assert!(found.changes.is_sorted_by(|one, other| one.worth >= other.worth));
    for simulated in &found.changes {
        let (changed, attackers) = match simulated.change {
            Change::Drop { column } => {
                let all = plan().attackers;
                (tables.clone(), all.iter().map(|attacker| attacker.without(column)).collect::<Vec<_>>())
            }
            _ => (simulated.change.apply(&tables).unwrap(), plan().attackers.into_iter().map(Some).collect()),
        };
        for (worst, outcome) in found.worst.iter().zip(&simulated.outcomes) {
            let Some(attacker) = &attackers[worst.attacker] else {
                assert!(!outcome.possible && outcome.hits == 0, "{outcome:?}");
                continue;
            };
            let plan = Plan { attackers: vec![attacker.clone()], ..plan() };
            let again = evaluate(&changed, &plan, &NoProgress).unwrap().attackers.remove(0);
            assert_eq!(outcome.risk, again.risk(CONFIDENCE), "{:?}", simulated.change);
            let main = again.counts.main.unwrap();
            assert_eq!(outcome.hits, main.successes);
            // Whoever is hit now was hit before, but for those who moved.
            let [lost, won] = outcome.moved.unwrap();
            let before = evaluation.attackers[worst.attacker].counts.main.unwrap().successes;
            assert_eq!(before + won, outcome.hits + lost);
        }
    }
    // The best takes much away, and holds against everybody.
    let best = &found.changes[0];
    assert!(best.gain > 0.5 && best.worth > 0.0, "{best:?}");
    assert!(best.all.as_ref().is_some_and(|all| !all.is_empty()));
}

#[test]
fn the_column_that_tells_contributes_most() {
    let tables = world(500, 100);
    let (evaluation, found) = advice(&tables, &BTreeMap::new());
    let guess = found.worst.iter().find(|worst| worst.attacker == 1).unwrap();
    // The secret itself and the number that hardly repeats come first.
    let first: Vec<usize> = guess.contributions.iter().take(2).map(|contribution| contribution.column).collect();
    assert_eq!(first, [2, 0]);
    assert!(!guess.contributions[0].without.possible);
    let before = evaluation.attackers[1].risk(CONFIDENCE).unwrap();
    assert_eq!(guess.risk, before);
    assert!(guess.contributions[1].without.risk.unwrap().signed < before.signed);
    let columns: Vec<usize> = found.worst[0].contributions.iter().map(|contribution| contribution.column).collect();
    assert_eq!(columns.len(), 4);
}

#[test]
fn changes_do_to_cells_what_they_say() {
    let tables = world(200, 50);
    let cell_of = |tables: &Tables, column: usize, row: usize| {
        tables.columns[column].domain.cell(tables.anonymized.column(column)[row]).clone()
    };
    let banded = Change::Bands { column: 0, origin: 0.0, width: 500.0 }.apply(&tables).unwrap();
    for row in 0..200 {
        let (Cell::Number(number), Cell::Interval(band)) = (cell_of(&tables, 0, row), cell_of(&banded, 0, row)) else {
            panic!("a number and its band");
        };
        assert!(band.contains(number) && band.hi - band.lo == 500.0 && band.lo % 500.0 == 0.0);
        assert_eq!(cell_of(&tables, 3, row), cell_of(&banded, 3, row));
    }
    let coded = Change::TopCode { column: 0, from: 4000.0 }.apply(&tables).unwrap();
    for row in 0..200 {
        match (cell_of(&tables, 0, row), cell_of(&coded, 0, row)) {
            (Cell::Number(before), Cell::Number(after)) => assert!(before == after && before < 4000.0),
            (Cell::Number(before), Cell::Interval(after)) => assert!(before >= 4000.0 && after.lo == 4000.0),
            other => panic!("{other:?}"),
        }
    }
    let fewer = Change::Suppress { persons: 2, rows: vec![0, 7] }.apply(&tables).unwrap();
    assert_eq!(fewer.anonymized.rows(), 198);
    assert_eq!(cell_of(&fewer, 0, 0), cell_of(&tables, 0, 1));
    assert_eq!(cell_of(&fewer, 0, 6), cell_of(&tables, 0, 8));
}

#[test]
fn a_hierarchy_is_climbed_by_one_level() {
    let tables = world(400, 200);
    let node = |values: &[u64]| Cell::OneOf(values.iter().map(|value| format!("v{value}")).collect());
    let levels = BTreeMap::from([(2, Levels::new([node(&[0, 1, 2, 3]), node(&[4, 5, 6, 7])]))]);
    let (_, found) = advice(&tables, &levels);
    let climbed = found.changes.iter().find(|simulated| matches!(simulated.change, Change::Level { column: 2, .. }));
    let after = climbed.unwrap().change.apply(&tables).unwrap();
    let released: std::collections::BTreeSet<&u32> = after.anonymized.column(2).iter().collect();
    assert_eq!(released.len(), 2);
    assert!(climbed.unwrap().cost.dependence < 1.0);
}

#[test]
fn without_a_risk_there_is_nothing_to_advise() {
    let (_, found) = advice(&world(300, 0), &BTreeMap::new());
    assert!(found.worst.len() <= 1, "a false alarm at most: {found:?}");
    if found.worst.is_empty() {
        assert!(found.changes.is_empty());
    }
}
