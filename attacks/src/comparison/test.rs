//! Honest controls of all sizes pass every check; planted ones do not.

use super::{mixing, overlap, poisson_reaches, shift, used};
use crate::sampling::{Stream, Task};
use crate::table::{Kind, RawColumn, Tables, TablesBuilder};

/// One person: a few numbers and categories that hang together, coarse or fine.
fn person(stream: &mut Stream, coarse: bool) -> [String; 6] {
    let age = 18 + stream.below(60);
    let school = (stream.below(4) + age / 30) % 5;
    let income = 1000 + 300 * school + stream.below(if coarse { 3 } else { 900 });
    let zip = stream.below(30) * stream.below(30) / if coarse { 90 } else { 3 };
    let age = if coarse { age / 20 } else { age };
    let visit = if coarse { stream.below(2) } else { stream.below(365) };
    [
        age.to_string(),
        income.to_string(),
        visit.to_string(),
        format!("z{zip}"),
        format!("s{school}"),
        format!("k{}", stream.below(2)),
    ]
}

fn persons(stream: &mut Stream, rows: usize, coarse: bool) -> Vec<[String; 6]> {
    (0..rows).map(|_| person(stream, coarse)).collect()
}

fn tables(original: &[[String; 6]], release: &[[String; 6]], control: &[[String; 6]]) -> Tables {
    let mut builder = TablesBuilder::new(original.len(), release.len(), Some(control.len()));
    for at in 0..6 {
        let numeric = at < 3;
        let column = |rows: &[[String; 6]]| match numeric {
            true => RawColumn::numbers(&rows.iter().map(|row| row[at].parse().unwrap()).collect::<Vec<f64>>()),
            false => RawColumn::texts(&rows.iter().map(|row| &row[at]).collect::<Vec<_>>()),
        };
        let kind = if numeric { Kind::Numeric } else { Kind::Categorical };
        builder.add(&format!("x{at}"), kind, column(original), column(release), Some(column(control))).unwrap();
    }
    builder.finish()
}

/// The checks that refuse, and those that are said.
fn judged(tables: &Tables) -> ([bool; 2], [bool; 3]) {
    let control = tables.control.as_ref().unwrap();
    let columns: Vec<(&[u32], &[u32])> =
        (0..tables.columns.len()).map(|at| (tables.original.column(at), control.column(at))).collect();
    let overlap = overlap::overlap([tables.original.rows(), control.rows()], &columns);
    let used = used::used(&tables.original, &tables.anonymized, control);
    let refused = [overlap.beyond_chance, used.beyond_chance || used.is_original];
    let failed = |shifts: Vec<shift::Shift>| shifts.iter().any(|shift| !shift.passed);
    let mixes = mixing::mixing(tables).is_none_or(|mixing| mixing.passed);
    (refused, [failed(shift::labels(tables)), failed(shift::marginals(tables)), !mixes])
}

#[test]
fn two_hundred_honest_controls_pass() {
    for seed in 0..200u64 {
        let mut stream = Stream::new(seed, Task::Population, 1);
        let coarse = seed % 3 == 0;
        let rows = 200 + 40 * (seed as usize % 5);
        let control_rows = (rows as f64 * [0.02, 0.1, 0.5, 1.0, 2.0][seed as usize / 5 % 5]) as usize;
        let original = persons(&mut stream, rows, coarse);
        let copied = rows * [0, 2, 10][seed as usize / 25 % 3] / 10;
        let mut release = original[..copied].to_vec();
        release.extend(persons(&mut stream, rows - copied, coarse));
        let control = persons(&mut stream, control_rows, coarse);
        let found = judged(&tables(&original, &release, &control));
        assert_eq!(found, ([false; 2], [false; 3]), "seed {seed}, {rows} and {control_rows} rows, coarse {coarse}");
    }
}

#[test]
fn controls_that_were_used_do_not_pass() {
    for seed in 0..10u64 {
        let mut stream = Stream::new(seed, Task::Population, 2);
        let mut draw = |rows| persons(&mut stream, rows, false);
        let (original, control, fresh) = (draw(300), draw(200), draw(300));
        // A self-split: 40 % of the release are copies of the original and the control alike.
        let release = [&original[..120], &control[..80], &fresh[..300]].concat();
        let table = tables(&original, &release, &control);
        let found = used::used(&table.original, &table.anonymized, table.control.as_ref().unwrap());
        assert!(found.beyond_chance && !found.exchanged(), "{found:?}");
        // Exchanged: the release was made from what is called the control.
        let release = [&control[..100], &fresh[..200]].concat();
        let table = tables(&original, &release, &control);
        let found = used::used(&table.original, &table.anonymized, table.control.as_ref().unwrap());
        assert!(found.beyond_chance && found.exchanged(), "{found:?}");
        // The release as its own control, and the original as the control.
        assert!(judged(&tables(&original, &fresh, &fresh)).0[1]);
        assert!(judged(&tables(&original, &fresh, &original)).0[0]);
        // One column written otherwise, or a third of the control.
        let mut cut = original[..100].to_vec();
        cut.iter_mut().for_each(|row| row[4] += ".");
        assert!(judged(&tables(&original, &fresh, &cut)).0[0]);
        assert!(judged(&tables(&original, &fresh, &[&original[..60], &control[..120]].concat())).0[0]);
        // The release is the original itself: a verbatim release, and allowed.
        assert_eq!(judged(&tables(&original, &original, &control)), ([false; 2], [false; 3]));
    }
}

#[test]
fn coarse_files_are_not_one_by_accident() {
    let rows = |n: usize| {
        (0..n)
            .map(|at| {
                [
                    "1".to_owned(),
                    "2".to_owned(),
                    "3".to_owned(),
                    "z".to_owned(),
                    "s".to_owned(),
                    ["a", "b"][at % 2].to_owned(),
                ]
            })
            .collect::<Vec<_>>()
    };
    let found = judged(&tables(&rows(30), &rows(6), &rows(6)));
    assert_eq!(found.0, [false; 2], "six rows of two kinds may be equal by accident");
    assert!(judged(&tables(&rows(30), &rows(40), &rows(40))).0[1]);
}

#[test]
fn a_control_of_another_population_is_told() {
    let mut stream = Stream::new(5, Task::Population, 3);
    let mut draw = |rows| persons(&mut stream, rows, false);
    let (original, release, mut control) = (draw(300), draw(300), draw(300));
    control.iter_mut().for_each(|row| row[2] = (row[2].parse::<u32>().unwrap() + 300).to_string());
    assert_eq!(judged(&tables(&original, &release, &control)).1[1..], [true, true]);
    let mut control = draw(300);
    control.iter_mut().take(90).for_each(|row| row[4] += "!");
    assert!(judged(&tables(&original, &release, &control)).1[0]);
    // Every original twice: dependent persons.
    let twice = [original.clone(), original].concat();
    assert!(judged(&tables(&twice, &release, &draw(300))).1[2]);
}

#[test]
fn poisson_tail_is_that_of_the_tables() {
    // P(X ≥ 3) for mean 1 is 1 − 2.5/e.
    assert!((poisson_reaches(1.0, 3) - (1.0 - 2.5 / std::f64::consts::E)).abs() < 1e-15);
    assert!((poisson_reaches(0.5, 1) - (1.0 - (-0.5f64).exp())).abs() < 1e-15);
    assert_eq!(poisson_reaches(5.0, 0), 1.0);
    assert_eq!(poisson_reaches(1e6, 1_000_000), 1.0);
    assert!(poisson_reaches(1e6, 1_010_000) < 1e-20);
}

#[test]
fn sets_of_categories_that_stand_in_no_table_meet_when_they_share_one() {
    use crate::comparison::column::with_release;
    use crate::table::{Cell, JointColumn, Kind, RawColumn};
    let set = |members: &[&str]| Cell::OneOf(members.iter().map(|member| (*member).to_owned()).collect());
    let persons = |members: [&[&str]; 2]| RawColumn::cells((0..40).map(|row| set(members[row % 2])).collect());
    let meets = |release: &[&str]| {
        let release = RawColumn::cells(vec![set(release); 40]);
        let joint = JointColumn::of(Kind::Categorical, vec![persons([&["a", "b"], &["c", "d"]]), release]);
        with_release(&joint.domain, &joint.tables[0], &joint.tables[1]).meeting
    };
    assert_eq!(meets(&["a", "b", "c", "d"]), 40);
    assert_eq!(meets(&["b", "x"]), 20);
    assert_eq!(meets(&["x", "y"]), 0);
}
