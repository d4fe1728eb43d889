//! The scores equal those of a plain loop over all pairs, whatever index found them: with ties, missing, generalized and suppressed
//! cells, repeated rows, and rows that say nothing.

use super::*;
use crate::agreement;
use crate::neighbors::{GowerDistance, Profiles};
use crate::progress::NoProgress;
use crate::sampling::{Stream, Task};
use crate::table::{Cell, Interval, Kind, RawColumn, TablesBuilder};

/// Cells of a column of the original (0), the release (1) or the control (2).
fn cells(stream: &mut Stream, column: usize, table: usize, rows: usize) -> Vec<Cell> {
    let is_numeric = column.is_multiple_of(2);
    let values = [4, 40][column / 2 % 2];
    let category = |value: u64| format!("v{value:02}");
    let mut cell = || {
        let value = stream.below(values);
        match (stream.below(12), is_numeric) {
            (0, _) => Cell::Missing,
            (1, _) if table == 1 => Cell::Suppressed,
            (2, true) if table == 1 => Cell::Interval(Interval::closed(value as f64, (value + 3) as f64)),
            (2, false) if table == 1 => Cell::OneOf(vec![category(value), category((value + 1) % values)]),
            (_, true) => Cell::Number(value as f64),
            (_, false) => Cell::Category(category(value)),
        }
    };
    (0..rows).map(|_| cell()).collect()
}

/// Tables in which a quarter of the release repeats rows of the original, and one row says nothing.
fn tables(seed: u64, columns: usize) -> Tables {
    let mut stream = Stream::new(seed, Task::Population, 5);
    let rows = [30, 40, 20].map(|rows| rows + stream.below(30) as usize);
    let mut builder = TablesBuilder::new(rows[0], rows[1], Some(rows[2]));
    for column in 0..columns {
        let [original, mut release, control] = [0, 1, 2].map(|table| cells(&mut stream, column, table, rows[table]));
        release[..10].clone_from_slice(&original[..10]);
        release[10] = Cell::Suppressed;
        release[12] = release[11].clone();
        let kind = if column.is_multiple_of(2) { Kind::Numeric } else { Kind::Categorical };
        let [original, release, control] = [original, release, control].map(RawColumn::cells);
        builder.add(&format!("c{column}"), kind, original, release, Some(control)).unwrap();
    }
    builder.finish()
}

/// A score of everybody by the definition.
fn plain(tables: &Tables, columns: &[usize], score: Score) -> Vec<f64> {
    let targets = TargetRows::everybody(tables);
    let codes: Vec<Vec<u32>> = columns.iter().map(|column| targets.codes(tables, *column)).collect();
    let people: Vec<Vec<u32>> =
        (0..targets.len()).map(|target| codes.iter().map(|codes| codes[target]).collect()).collect();
    let distance = GowerDistance::new(tables, columns);
    let released = Profiles::new(tables, columns).distinct();
    let others = Profiles::over(tables, &tables.original, columns);
    let all = |profiles: &Profiles<'_>, person: &[u32], same: bool| {
        let kept = (0..profiles.len() as u32).filter(|profile| same || profiles.codes(*profile) != person);
        let mut found: Vec<f64> =
            kept.map(|profile| distance.between(person, profiles.codes(profile).iter().copied())).collect();
        found.sort_unstable_by(f64::total_cmp);
        found
    };
    // What disagreement costs is learned from the distinct questions.
    let planned = agreement::plan(tables, &released, columns, &agreement::Sample::of_questions(&people));
    let weights = planned.index.weights();
    let one = |person: &Vec<u32>| {
        let near = all(&released, person, true);
        let (first, second) = (near[0], near[1.min(near.len() - 1)]);
        match score {
            Score::Distance => -first,
            Score::Ratio if second <= 0.0 => -1.0,
            Score::Ratio => -first / second,
            Score::Relative => all(&others, person, false).first().copied().unwrap_or(columns.len() as f64) - first,
            Score::Agreement => {
                let most = (0..released.len() as u32).map(|profile| weights.score(person, released.codes(profile)));
                weights.copy(person) - weights.distance(person, most.max().unwrap())
            }
        }
    };
    people.iter().map(one).collect()
}

#[test]
fn scores_equal_those_of_a_plain_loop() {
    for seed in 0..60 {
        let tables = tables(seed, 1 + (seed % 6) as usize);
        let columns: Vec<usize> = (0..tables.columns.len()).collect();
        let targets = TargetRows::everybody(&tables);
        let found = scores(&tables, &targets, &columns, &Score::ALL, &NoProgress).unwrap();
        for (score, found) in Score::ALL.into_iter().zip(found) {
            let plain = plain(&tables, &columns, score);
            let bits = |scores: &[f64]| scores.iter().map(|score| score.to_bits()).collect::<Vec<u64>>();
            assert_eq!(bits(&found.of_target), bits(&plain), "{score:?}, seed {seed}");
        }
    }
}

#[test]
fn a_sample_scores_as_everybody_does() {
    let tables = tables(3, 4);
    let columns = [0, 1, 2, 3];
    let everybody = TargetRows::everybody(&tables);
    let some = TargetRows { original: vec![1, 4, 20], control: Some(vec![0, 7]) };
    let by_distance = [Score::Distance, Score::Ratio, Score::Relative];
    let all = scores(&tables, &everybody, &columns, &by_distance, &NoProgress).unwrap();
    let few = scores(&tables, &some, &columns, &by_distance, &NoProgress).unwrap();
    let controls = everybody.original.len();
    for (all, few) in all.iter().zip(few) {
        let expected = [1, 4, 20, controls, controls + 7].map(|target| all.of_target[target]);
        assert_eq!(few.of_target, expected);
    }
}
