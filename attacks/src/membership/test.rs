//! Areas, tails and scores by hand, against plain loops, and in worlds with a known leak.

use super::*;
use crate::progress::NoProgress;
use crate::sampling::{Stream, Task};
use crate::table::{Kind, RawColumn, Table, Tables, TablesBuilder};
use crate::targets::TargetRows;

fn near(a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() <= tolerance, "{a} is not {b} within {tolerance}");
}

/// Tables of one column of numbers.
fn of_numbers(original: &[f64], release: &[f64], control: &[f64]) -> Tables {
    let mut builder = TablesBuilder::new(original.len(), release.len(), Some(control.len()));
    let [original, release, control] = [original, release, control].map(RawColumn::numbers);
    builder.add("value", Kind::Numeric, original, release, Some(control)).unwrap();
    builder.finish()
}

fn of(score: Score, tables: &Tables) -> Vec<f64> {
    let columns: Vec<usize> = (0..tables.columns.len()).collect();
    let targets = TargetRows::everybody(tables);
    scores(tables, &targets, &columns, &[score], &NoProgress).unwrap().remove(0).of_target
}

fn rows(table: &Table) -> Vec<u32> {
    (0..table.rows() as u32).collect()
}

fn area(original: &[f64], control: &[f64], tables: &Tables) -> Area {
    let others = tables.control.as_ref().unwrap();
    let all = [rows(&tables.original), rows(others)];
    let sorted = [original, control].map(|scores| {
        let mut sorted = scores.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted
    });
    Area::new([original, control], [&sorted[0], &sorted[1]], [(&tables.original, &all[0]), (others, &all[1])])
}

#[test]
fn distances_ratios_and_other_originals_by_hand() {
    // Everything lies between 0 and 10.
    let tables = of_numbers(&[0.0, 4.0, 4.0], &[1.0, 5.0, 5.0, 10.0], &[4.0, 9.0]);
    let expected = |score, values: [f64; 5]| {
        of(score, &tables).iter().zip(values).for_each(|(found, value)| near(*found, value, 1e-12));
    };
    expected(Score::Distance, [-0.1, -0.1, -0.1, -0.1, -0.1]);
    // Equal release rows are one: 5 is the nearest of 4, and 1 the second.
    expected(Score::Ratio, [-0.2, -1.0 / 3.0, -1.0 / 3.0, -1.0 / 3.0, -0.25]);
    // The nearest original of other values: 4 of 0, 0 of 4, and 4 of 9, for whoever asks.
    expected(Score::Relative, [0.3, 0.3, 0.3, 0.3, 0.4]);
}

#[test]
fn a_persons_own_rows_are_none_of_others() {
    let mut builder = TablesBuilder::new(3, 1, Some(1));
    let [original, release, control] = [&[0.0, 1.0, 5.0][..], &[10.0], &[1.0]].map(RawColumn::numbers);
    builder.add("value", Kind::Numeric, original, release, Some(control)).unwrap();
    builder.subjects(vec![0, 0, 1], Some(vec![0]));
    let tables = builder.finish();
    // To 0 the nearest other is 5, since 1 is of the same person; to the control's 1 it is 0.
    let expected = [0.5 - 1.0, 0.4 - 0.9, 0.4 - 0.5, 0.1 - 0.9];
    of(Score::Relative, &tables).iter().zip(expected).for_each(|(found, value)| near(*found, value, 1e-12));
}

#[test]
fn areas_equal_all_pairs_and_their_variance_that_of_placements() {
    let mut stream = Stream::new(3, Task::Population, 0);
    // Few values, so that many tie.
    let mut draw =
        |count: usize, more: u64| -> Vec<f64> { (0..count).map(|_| stream.below(6 + more) as f64).collect() };
    let (original, control) = (draw(40, 2), draw(25, 0));
    let tables = of_numbers(&[0.0; 40], &[0.0], &[0.0; 25]);
    let found = area(&original, &control, &tables);
    let wins = |one: f64, other: f64| {
        if one > other {
            1.0
        } else if one == other {
            0.5
        } else {
            0.0
        }
    };
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let of_original: Vec<f64> =
        original.iter().map(|one| mean(&control.iter().map(|other| wins(*one, *other)).collect::<Vec<_>>())).collect();
    let of_control: Vec<f64> =
        control.iter().map(|one| mean(&original.iter().map(|other| wins(*one, *other)).collect::<Vec<_>>())).collect();
    let variance = |values: &[f64]| {
        let (count, mean) = (values.len() as f64, mean(values));
        values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0) / count
    };
    near(found.value, mean(&of_original), 1e-12);
    near(found.variance, variance(&of_original) + variance(&of_control), 1e-12);
    let interval = found.interval(0.95);
    assert!(0.0 < interval.lo && interval.lo < found.value && found.value < interval.hi && interval.hi < 1.0);
}

#[test]
fn complete_separation_is_no_certainty() {
    let tables = of_numbers(&[0.0; 20], &[0.0], &[0.0; 10]);
    let found = area(&[2.0; 20], &[1.0; 10], &tables);
    assert_eq!((found.value, found.variance), (1.0, 0.0));
    let interval = found.interval(0.95);
    assert!((0.6..0.8).contains(&interval.lo) && interval.hi == 1.0, "{interval:?}");
}

#[test]
fn rows_of_one_person_count_as_far_as_they_agree() {
    let mut builder = TablesBuilder::new(40, 1, Some(40));
    let zeros = RawColumn::numbers(&[0.0; 40]);
    builder.add("value", Kind::Numeric, zeros.clone(), RawColumn::numbers(&[0.0]), Some(zeros)).unwrap();
    let persons: Vec<u32> = (0..40).map(|row| row / 4).collect();
    let alone = builder.finish();
    let mut together = alone.clone();
    together.original.subjects = Some(persons.clone());
    together.control.as_mut().unwrap().subjects = Some(persons);
    let mut stream = Stream::new(8, Task::Population, 0);
    let mut draw = || -> Vec<f64> { (0..10).flat_map(|_| [stream.unit(); 4]).collect() };
    let (original, control) = (draw(), draw());
    let (one, other) = (area(&original, &control, &alone), area(&original, &control, &together));
    assert_eq!(one.value, other.value);
    // Four rows that agree are one; the rest is 10/9 against 40/39.
    near(other.variance / one.variance, 4.0 * (10.0 / 9.0) / (40.0 / 39.0), 1e-9);
}

#[test]
fn tails_are_cut_between_ties() {
    let cut = |control: &[f64], rate: f64| Tail::cut(control, rate);
    let ten: Vec<f64> = (1..=10).map(f64::from).collect();
    let above = |cut: f64| ten.iter().filter(|score| **score >= cut).count();
    assert_eq!([0.0, 0.1, 0.2, 0.95].map(|rate| above(cut(&ten, rate))), [0, 1, 2, 9]);
    assert_eq!(cut(&ten, 1.0), f64::NEG_INFINITY);
    // The second and third tie: neither is in.
    assert!(cut(&[1.0, 2.0, 2.0, 3.0], 0.5) > 2.0);
    // All of the first tie: they are in, or nobody could be.
    assert_eq!(cut(&[1.0, 2.0, 2.0, 2.0], 0.5), 2.0);
    assert!(cut(&[1.0, 2.0, 2.0, 2.0], 0.0) > 2.0);
}

/// Persons of fourteen columns of which some are rare, as rows.
fn population(stream: &mut Stream, persons: usize) -> Vec<Vec<f64>> {
    let person = |stream: &mut Stream| -> Vec<f64> {
        let shared = stream.normal();
        (0..14)
            .map(|column| match column {
                0 => (40.0 + 14.0 * stream.normal()).round(),
                1 => (9.0 + 0.6 * shared + stream.normal()).exp().round(),
                2 | 3 => (20.0 * stream.unit() * stream.unit()).floor(),
                _ => (1.5 * (shared * 0.3 + stream.normal()).abs()).floor() + f64::from(column % 3),
            })
            .collect()
    };
    (0..persons).map(|_| person(stream)).collect()
}

/// Tables of which the first rows of the original are in the release, the rest of which is fresh.
fn world(seed: u64, leaked: usize, persons: usize, control: usize) -> Tables {
    let mut stream = Stream::new(seed, Task::Population, 1);
    let [original, mut release, control] = [persons, persons, control].map(|count| population(&mut stream, count));
    release[..leaked].clone_from_slice(&original[..leaked]);
    let mut builder = TablesBuilder::new(original.len(), release.len(), Some(control.len()));
    for column in 0..14 {
        let of =
            |rows: &[Vec<f64>]| RawColumn::texts(&rows.iter().map(|row| row[column].to_string()).collect::<Vec<_>>());
        let numbers = |rows: &[Vec<f64>]| RawColumn::numbers(&rows.iter().map(|row| row[column]).collect::<Vec<_>>());
        let name = format!("c{column}");
        match column {
            0 | 1 => builder.add(&name, Kind::Numeric, numbers(&original), numbers(&release), Some(numbers(&control))),
            _ => builder.add(&name, Kind::Categorical, of(&original), of(&release), Some(of(&control))),
        }
        .unwrap();
    }
    builder.finish()
}

fn separations(tables: &Tables) -> Vec<Separation> {
    let columns: Vec<usize> = (0..tables.columns.len()).collect();
    separate(tables, &TargetRows::everybody(tables), &columns, &Score::ALL, &NoProgress)
        .unwrap()
        .into_iter()
        .map(|(separation, _)| separation)
        .collect()
}

/// The level at which the four scores hold at once.
const SIMULTANEOUS: f64 = 1.0 - 0.05 / 4.0;

#[test]
fn a_small_leak_is_found_by_the_tail_where_the_area_sees_nothing() {
    let found = |leaked: usize, seeds: u64| {
        let (mut by_any, mut by_area) = (0, 0);
        for seed in 0..seeds {
            let separations = separations(&world(seed, leaked, 1000, 1000));
            by_any += u32::from(separations.iter().any(|found| found.risk(SIMULTANEOUS).unwrap().interval.lo > 0.0));
            // The last score is the weighted agreement.
            by_area += u32::from(separations[3].area.advantage(SIMULTANEOUS).1.lo > 0.0);
        }
        (by_any, by_area)
    };
    let (twenty, ten, none) = (found(20, 20), found(10, 20), found(0, 20));
    println!("of 20: 2 % {twenty:?}, 1 % {ten:?}, none {none:?}");
    assert!(twenty.0 >= 19 && ten.0 >= 10 && none.0 <= 2, "{twenty:?} {ten:?} {none:?}");
    assert!(twenty.1 <= 3, "{twenty:?}");
}

#[test]
fn equal_persons_of_both_tables_make_no_difference() {
    // Half of the control stands in the original too, and rows are repeated.
    let whole = world(5, 0, 600, 300);
    let mut builder = TablesBuilder::new(600, 600, Some(300));
    for (at, column) in whole.columns.iter().enumerate() {
        let values = |codes: &[u32]| {
            let cell = |code: &u32| format!("{:?}", column.domain.cell(*code));
            codes.iter().map(cell).collect::<Vec<String>>()
        };
        let (original, release) = (values(whole.original.column(at)), values(whole.anonymized.column(at)));
        let mut control = values(whole.control.as_ref().unwrap().column(at));
        control[..150].clone_from_slice(&original[..150]);
        control[150..160].fill(original[0].clone());
        let [original, release, control] = [original, release, control].map(|values| RawColumn::texts(&values));
        builder.add(&column.name, Kind::Categorical, original, release, Some(control)).unwrap();
    }
    let tables = builder.finish();
    for score in Score::ALL {
        let found = of(score, &tables);
        (0..150).for_each(|person| assert_eq!(found[person], found[600 + person], "{score:?}"));
    }
    for separation in separations(&tables) {
        let risk = separation.risk(SIMULTANEOUS).unwrap();
        assert!(risk.interval.lo <= 0.0 && risk.interval.contains(risk.signed), "{risk:?}");
    }
}

#[test]
fn a_copy_is_separated_altogether_and_said_to_be_noticed() {
    for separation in separations(&world(2, 500, 500, 400)) {
        assert!(separation.area.value > 0.99, "{separation:?}");
        assert!(separation.noticed > 0.9);
        let risk = separation.risk(0.95).unwrap();
        assert!(risk.interval.lo > 0.9 && risk.interval.hi == 1.0, "{risk:?}");
    }
}

#[test]
fn the_rate_at_a_rate_of_false_positives_is_covered() {
    // Normal scores a standard deviation apart: at .01 the rate is Φ(1 − 2.326) = .0924, at .001 Φ(1 − 3.090) = .0183.
    let mut stream = Stream::new(12, Task::Population, 0);
    let (seeds, truths) = (300, [0.0924, 0.0183]);
    let tables = of_numbers(&[0.0; 1500], &[0.0], &[0.0; 1000]);
    let mut covered = [0; 2];
    let mut area_covered = 0;
    for _ in 0..seeds {
        let original: Vec<f64> = (0..1500).map(|_| 1.0 + stream.normal()).collect();
        let control: Vec<f64> = (0..1000).map(|_| stream.normal()).collect();
        let others = tables.control.as_ref().unwrap();
        let sides = [(&tables.original, rows(&tables.original)), (others, rows(others))];
        let sides = sides.each_ref().map(|(table, rows)| (*table, rows.as_slice()));
        let found = Separation::new([&original, &control], sides, &original);
        for (at, truth) in truths.into_iter().enumerate() {
            covered[at] += u32::from(found.tails[at].interval(0.95).contains(truth));
        }
        // Φ(1/√2).
        area_covered += u32::from(found.area.interval(0.95).contains(0.76025));
    }
    assert!(covered.iter().all(|covered| *covered >= 288), "{covered:?}");
    assert!((275..=296).contains(&area_covered), "{area_covered}");
}
