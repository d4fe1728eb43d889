//! Every index equals the plain loop over rows: neighbour sets, not only distances.

use super::*;
use crate::table::{Cell, Interval, Kind, RawColumn, Tables, TablesBuilder};
use proptest::prelude::*;

/// The definition, word by word: all rows that say anything at a distance of at most the k-th smallest.
fn plain_loop(tables: &Tables, columns: &[usize], target: &[u32], neighbors: usize) -> Vec<u32> {
    let distance = GowerDistance::new(tables, columns);
    let release = &tables.anonymized;
    let distances: Vec<f64> = (0..release.rows())
        .map(|row| distance.between(target, columns.iter().map(|column| release.column(*column)[row])))
        .collect();
    let candidates: Vec<u32> = (0..release.rows() as u32)
        .filter(|row| {
            let cells = || columns.iter().map(|at| (&tables.columns[*at].domain, release.column(*at)[*row as usize]));
            cells().all(|(domain, code)| domain.is_exact(code))
                || !cells().all(|(domain, code)| domain.says_nothing(code))
        })
        .collect();
    let mut sorted: Vec<f64> = candidates.iter().map(|row| distances[*row as usize]).collect();
    sorted.sort_by(f64::total_cmp);
    let radius = sorted.get(neighbors.min(sorted.len()).wrapping_sub(1)).copied().unwrap_or(0.0);
    let near = |row: &u32| candidates.contains(row) && distances[*row as usize] <= radius;
    (0..release.rows() as u32).filter(near).collect()
}

fn rows_of(profiles: &Profiles<'_>, found: &Nearest) -> Vec<u32> {
    let rows = profiles.rows();
    let mut rows: Vec<u32> = found.profiles.iter().flat_map(|profile| rows.of(*profile).iter().copied()).collect();
    rows.sort_unstable();
    rows
}

/// Every index over some tables, by a name: the plain loop over profiles, signatures with and without posted columns, blocks
/// with every instruction set, and what the planner chooses.
fn indexes<'a>(
    tables: &'a Tables,
    profiles: &'a Profiles<'a>,
    columns: &[usize],
    targets: &[Vec<u32>],
    neighbors: usize,
) -> Vec<(String, Box<dyn NeighborIndex + 'a>)> {
    let distance = || GowerDistance::new(tables, columns);
    let exact_category = |at: &usize| !distance().domains()[*at].kind().is_numeric();
    let postable = |at: &usize| exact_category(at) && !distance().domains()[*at].has_generalized();
    let posted: Vec<usize> = (0..columns.len()).filter(postable).collect();
    let mut one_off = Signatures::new(profiles, distance(), &[]);
    one_off.list_one_off();
    let planned = plan(profiles, distance(), columns, targets.len(), neighbors, |at| targets[at].as_slice());
    let mut indexes: Vec<(String, Box<dyn NeighborIndex>)> = vec![
        ("scan".into(), Box::new(Scan::new(profiles, distance()))),
        ("signatures".into(), Box::new(Signatures::new(profiles, distance(), &[]))),
        ("signatures looked up".into(), Box::new(Signatures::new(profiles, distance(), &[]).looking_up_all())),
        ("signatures at one mismatch listed".into(), Box::new(one_off)),
        ("one column posted".into(), Box::new(Signatures::new(profiles, distance(), &posted[..posted.len().min(1)]))),
        ("all categories posted".into(), Box::new(Signatures::new(profiles, distance(), &posted))),
        ("planned".into(), planned.index),
    ];
    for instructions in kernel::Instructions::all() {
        let blocks = Blocks::new(profiles, distance()).with(instructions);
        indexes.push((format!("blocks, {instructions:?}"), Box::new(blocks)));
    }
    indexes
}

fn check_all_targets(tables: &Tables, columns: &[usize], neighbors: usize) {
    let profiles = Profiles::new(tables, columns);
    if profiles.is_empty() {
        return; // nobody is a candidate, and nobody is asked
    }
    let of_row = |row| columns.iter().map(|column| tables.original.column(*column)[row]).collect();
    let targets: Vec<Vec<u32>> = (0..tables.original.rows()).map(of_row).collect();
    let expected: Vec<Vec<u32>> = targets.iter().map(|target| plain_loop(tables, columns, target, neighbors)).collect();
    let mut radii: Vec<u64> = Vec::new();
    for (name, index) in indexes(tables, &profiles, columns, &targets, neighbors) {
        let mut searcher = index.searcher();
        let mut check = |at: usize, found: &Nearest| {
            assert_eq!(rows_of(&profiles, found), expected[at], "{name}, target {at}");
            if name == "scan" {
                radii.push(found.radius.to_bits());
            }
            assert_eq!(found.radius.to_bits(), radii[at], "{name}, target {at}");
        };
        let all: Vec<&[u32]> = targets.iter().map(Vec::as_slice).collect();
        searcher.nearest_of_each(&all, neighbors, &mut check);
        // One after the other, in another order: nothing of a target is left over for the next.
        let mut found = Nearest::default();
        for at in (0..targets.len()).rev() {
            searcher.nearest(&targets[at], neighbors, &mut found);
            assert_eq!(rows_of(&profiles, &found), expected[at], "{name}, target {at} alone");
            assert_eq!(found.radius.to_bits(), radii[at], "{name}, target {at} alone");
        }
    }
}

/// A column of the release, with what its cells are drawn from.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// Few numbers: many ties.
    Ties,
    /// Nine zeros in ten.
    Zeros,
    /// Numbers that hardly repeat.
    Spread,
    /// Huge and tiny numbers.
    Extreme,
    /// One number only.
    Constant,
    /// Few categories.
    Categories,
    /// Categories that hardly repeat: codes of more than one byte, columns worth posting.
    Identifiers,
    /// Numbers, intervals and suppressed cells.
    Generalized,
    /// Numbers, and texts among them.
    Mixed,
    /// Numbers, texts, intervals and suppressed cells.
    MixedGeneralized,
    /// Intervals of one number.
    Points,
    /// Categories, sets and suppressed cells.
    Sets,
    /// Categories that hardly repeat, each in one of many sets.
    Masks,
}

const SHAPES: [Shape; 13] = [
    Shape::Ties,
    Shape::Zeros,
    Shape::Spread,
    Shape::Extreme,
    Shape::Constant,
    Shape::Categories,
    Shape::Identifiers,
    Shape::Generalized,
    Shape::Mixed,
    Shape::MixedGeneralized,
    Shape::Points,
    Shape::Sets,
    Shape::Masks,
];

fn kind_of(shape: Shape) -> Kind {
    if matches!(shape, Shape::Categories | Shape::Identifiers | Shape::Sets | Shape::Masks) {
        Kind::Categorical
    } else {
        Kind::Numeric
    }
}

fn letter(draw: u32) -> String {
    char::from(b'a' + (draw % 5) as u8).to_string()
}

fn cell(shape: Shape, draw: u32, release: bool) -> Cell {
    if draw.is_multiple_of(11) && !matches!(shape, Shape::Spread) {
        return Cell::Missing;
    }
    let draw = draw / 11;
    match shape {
        Shape::Ties => Cell::Number(f64::from(draw % 4) / 3.0),
        Shape::Zeros => Cell::Number(if draw.is_multiple_of(10) { f64::from(draw % 97) } else { 0.0 }),
        Shape::Spread => Cell::Number(f64::from(draw % 100_003) * 0.1),
        Shape::Extreme => Cell::Number([1e300, -1e300, 1e-300, 0.0, 1.0, 1e15][draw as usize % 6]),
        Shape::Constant => Cell::Number(7.0),
        Shape::Categories => Cell::Category(letter(draw)),
        Shape::Identifiers => Cell::Category(format!("id {}", draw % 70_001)),
        Shape::Generalized if release => match draw % 4 {
            0 => Cell::Suppressed,
            1 => Cell::Interval(Interval::closed(f64::from(draw % 20), f64::from(draw % 20 + 5))),
            2 => Cell::Interval(Interval { lo: 12.0, hi: f64::INFINITY, lo_included: true, hi_included: false }),
            _ => Cell::Number(f64::from(draw % 30)),
        },
        Shape::Generalized => match draw % 7 {
            0 => Cell::Suppressed,
            1 => Cell::Interval(Interval { lo: 5.0, hi: 7.5, lo_included: true, hi_included: false }),
            2 => Cell::Interval(Interval { lo: 15.0, hi: f64::INFINITY, lo_included: false, hi_included: false }),
            _ => Cell::Number(f64::from(draw % 30)),
        },
        Shape::Mixed | Shape::MixedGeneralized if draw.is_multiple_of(3) => Cell::Category(letter(draw / 3)),
        Shape::Mixed => Cell::Number(f64::from(draw / 3 % 9)),
        Shape::MixedGeneralized => cell(Shape::Generalized, draw, release),
        Shape::Points if release => Cell::Interval(Interval::closed(f64::from(draw % 9), f64::from(draw % 9))),
        Shape::Points => Cell::Number(f64::from(draw % 9)),
        Shape::Sets => match draw % if release { 3 } else { 6 } {
            0 => Cell::Suppressed,
            1 => {
                let members = std::collections::BTreeSet::from([letter(draw), letter(draw + 2)]);
                Cell::OneOf(members.into_iter().collect())
            }
            2 if !release => Cell::OneOf(vec!["b".into(), "only in sets".into()]),
            _ => Cell::Category(letter(draw)),
        },
        Shape::Masks => match draw % 20 {
            0 if release => Cell::Suppressed,
            1..18 if release => Cell::OneOf((0..10).map(|last| format!("{:02}{last}", draw / 20 % 100)).collect()),
            _ => Cell::Category(format!("{:03}", draw / 20 % 1000)),
        },
    }
}

fn tables(shapes: &[Shape], original: &[Vec<u32>], release: &[Vec<u32>]) -> Tables {
    let mut builder = TablesBuilder::new(original.len(), release.len(), None);
    for (at, shape) in shapes.iter().enumerate() {
        let column = |rows: &[Vec<u32>], release: bool| {
            RawColumn::cells(rows.iter().map(|row| cell(*shape, row[at], release)).collect())
        };
        builder.add(&format!("c{at}"), kind_of(*shape), column(original, false), column(release, true), None).unwrap();
    }
    builder.finish()
}

prop_compose! {
    fn shaped_tables()(
        shapes in prop::collection::vec(prop::sample::select(&SHAPES[..]), 1..7),
        original in 1usize..12,
        release in 1usize..60,
        repeat in 1usize..4,
    )(
        original in prop::collection::vec(prop::collection::vec(any::<u32>(), shapes.len()), original),
        mut release in prop::collection::vec(prop::collection::vec(any::<u32>(), shapes.len()), release),
        repeat in Just(repeat),
        shapes in Just(shapes),
    ) -> Tables {
        // Duplicates, and copies of originals.
        let copies: Vec<Vec<u32>> = release.iter().step_by(3).cycle().take((repeat - 1) * 5).cloned().collect();
        release.extend(copies);
        release.push(original[0].clone());
        tables(&shapes, &original, &release)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn indexes_equal_the_plain_loop(tables in shaped_tables(), neighbors in 1usize..12) {
        let columns: Vec<usize> = (0..tables.columns.len()).collect();
        check_all_targets(&tables, &columns, neighbors);
    }
}

/// A simple reproducible sequence for the larger tables below.
fn draws(count: usize, seed: u64) -> Vec<u32> {
    let mut stream = crate::sampling::Stream::new(seed, crate::sampling::Task::Population, 0);
    (0..count).map(|_| stream.below(1 << 32) as u32).collect()
}

#[test]
fn trees_equal_the_plain_loop_on_large_groups() {
    for (seed, shapes) in [
        (1, vec![Shape::Zeros, Shape::Zeros, Shape::Spread]),
        (2, vec![Shape::Ties, Shape::Ties, Shape::Categories]),
        (3, vec![Shape::Spread, Shape::Extreme]),
        (4, vec![Shape::Zeros; 5]),
        (5, [vec![Shape::Spread; 14], vec![Shape::Categories]].concat()),
        (6, vec![Shape::Identifiers, Shape::Identifiers, Shape::Categories, Shape::Spread]),
        (7, vec![Shape::Identifiers]),
        (8, vec![Shape::Generalized, Shape::Sets, Shape::Spread]),
        (9, vec![Shape::Generalized, Shape::Spread, Shape::Zeros]),
        (10, vec![Shape::Identifiers, Shape::Ties, Shape::Ties]),
        (11, vec![Shape::Points, Shape::Spread]),
        (12, vec![Shape::Mixed, Shape::Spread]),
        (13, vec![Shape::MixedGeneralized, Shape::Mixed, Shape::Zeros]),
        (14, vec![Shape::Masks, Shape::Categories, Shape::Spread]),
        (15, vec![Shape::Masks, Shape::Masks, Shape::Categories]),
    ] {
        let rows = |count: usize, seed: u64| -> Vec<Vec<u32>> {
            draws(count * shapes.len(), seed).chunks(shapes.len()).map(<[u32]>::to_vec).collect()
        };
        let tables = tables(&shapes, &rows(40, seed), &rows(3000, seed + 100));
        let columns: Vec<usize> = (0..shapes.len()).collect();
        for neighbors in [1, 3, 10, 5000] {
            check_all_targets(&tables, &columns, neighbors);
        }
    }
}

/// Those who are equal but for posted codes follow each other, and share what is nearest to who shares none.
#[test]
fn targets_who_differ_in_posted_columns_share_a_set() {
    for (seed, shapes) in [
        (1, vec![Shape::Identifiers]),
        (2, vec![Shape::Identifiers, Shape::Categories]),
        (3, vec![Shape::Identifiers, Shape::Categories, Shape::Ties]),
        (4, vec![Shape::Identifiers, Shape::Identifiers, Shape::Categories, Shape::Zeros]),
        (5, vec![Shape::Categories, Shape::Identifiers, Shape::Sets]),
    ] {
        let mut stream = crate::sampling::Stream::new(seed, crate::sampling::Task::Population, 0);
        let mut row = |group: Option<u64>| -> Vec<u32> {
            let draw = |shape: &Shape| match (shape, group) {
                // Eleven draws make a value; some are missing.
                (Shape::Identifiers, _) => 11 * stream.below(60) as u32 + u32::from(stream.below(20) > 0),
                (_, Some(group)) => 11 * group as u32 + 1,
                _ => 11 * stream.below(12) as u32 + 1,
            };
            shapes.iter().map(draw).collect()
        };
        let original: Vec<Vec<u32>> = (0..60).map(|at| row(Some(at / 20))).collect();
        let release: Vec<Vec<u32>> = (0..300).map(|_| row(None)).collect();
        let tables = tables(&shapes, &original, &release);
        let columns: Vec<usize> = (0..shapes.len()).collect();
        for neighbors in [1, 2, 5, 60, 1000] {
            check_all_targets(&tables, &columns, neighbors);
        }
    }
}

#[test]
fn sixty_columns_and_single_rows() {
    let shapes: Vec<Shape> = SHAPES.iter().copied().cycle().take(60).collect();
    let rows = |count: usize, seed: u64| -> Vec<Vec<u32>> {
        draws(count * 60, seed).chunks(60).map(<[u32]>::to_vec).collect()
    };
    let columns: Vec<usize> = (0..60).collect();
    check_all_targets(&tables(&shapes, &rows(10, 1), &rows(200, 2)), &columns, 3);
    check_all_targets(&tables(&shapes, &rows(3, 1), &rows(1, 2)), &columns, 1);
}

#[test]
fn distances_of_a_hand_worked_table() {
    // Range of x is 10. Target (4, "a").
    let mut builder = TablesBuilder::new(2, 6, None);
    let interval = Cell::Interval(Interval::closed(6.0, 8.0));
    let x = vec![Cell::Number(0.0), Cell::Number(9.0), Cell::Missing, interval, Cell::Suppressed, Cell::Number(4.0)];
    let set = Cell::OneOf(vec!["a".into(), "c".into()]);
    let category = |text: &str| Cell::Category(text.into());
    let y = vec![category("a"), category("b"), Cell::Missing, set, category("b"), Cell::Suppressed];
    let original = RawColumn::cells(vec![Cell::Number(4.0), Cell::Number(10.0)]);
    builder.add("x", Kind::Numeric, original, RawColumn::cells(x), None).unwrap();
    builder.add("y", Kind::Categorical, RawColumn::texts(&["a", "b"]), RawColumn::cells(y), None).unwrap();
    let tables = builder.finish();
    let distance = GowerDistance::new(&tables, &[0, 1]);
    let target: Vec<u32> = tables.original.row(0).to_vec();
    let found: Vec<f64> =
        (0..6).map(|row| distance.between(&target, tables.anonymized.row(row).iter().copied())).collect();
    // x holds 0, 4, 4, 9, 10 and a missing value. 6 to 8 holds none of them, so that the gap is left; anything costs
    // (4 + 0 + 0 + 5 + 6)/10 of five and 1 of the missing one, over six. y holds a, a, b, b, b and a missing value: a set with c
    // covers two a and nothing else, anything four others.
    let expected = [0.4, 1.5, 2.0, 0.2, 2.5 / 6.0 + 1.0, 4.0 / 6.0];
    for (row, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() < 1e-12, "row {row}: {found}, expected {expected}");
    }
}

/// The plan for all original records on all columns.
fn plan_of(tables: &Tables) -> SearchPlan {
    let columns: Vec<usize> = (0..tables.columns.len()).collect();
    let profiles = Profiles::new(tables, &columns);
    let targets: Vec<Vec<u32>> = (0..tables.original.rows()).map(|row| tables.original.row(row)).collect();
    plan(&profiles, GowerDistance::new(tables, &columns), &columns, targets.len(), 1, |at| &targets[at]).plan
}

#[test]
fn the_planner_takes_each_of_its_ways() {
    let of = |shapes: &[Shape], targets: usize| {
        let rows = |count: usize, seed: u64| -> Vec<Vec<u32>> {
            draws(count * shapes.len(), seed).chunks(shapes.len()).map(<[u32]>::to_vec).collect()
        };
        plan_of(&tables(shapes, &rows(targets, 1), &rows(3000, 2)))
    };
    let numbers = of(&[Shape::Spread; 14], 40);
    assert_eq!((numbers.strategy, numbers.signatures), (super::Strategy::Blocks, 1));
    let trees = of(&[Shape::Spread, Shape::Spread, Shape::Categories], 40);
    assert_eq!(trees.strategy, super::Strategy::Signatures);
    assert!(trees.trees > 0 && trees.lookup && trees.posted.is_empty(), "{trees:?}");
    let identified = of(&[Shape::Identifiers, Shape::Ties], 40);
    assert_eq!(identified.posted, [0]);
    let categories = of(&[Shape::Categories; 6], 9000);
    assert!(categories.one_off, "{categories:?}");
    let counted = of(&[Shape::Sets, Shape::Spread], 40);
    assert!(counted.effort.looked_up == 0 && counted.effort.counted > 0, "{counted:?}");
    let masks = of(&[Shape::Masks, Shape::Categories, Shape::Spread], 40);
    assert_eq!(masks.strategy, super::Strategy::Signatures);
    // Only for those who have nothing near are mismatches counted.
    assert!(
        masks.effort.looked_up > 0 && masks.effort.counted < (masks.signatures * masks.piloted / 2) as u64,
        "{masks:?}"
    );
}

#[test]
fn more_columns_and_mismatches_than_a_byte_counts() {
    let shapes = [vec![Shape::Categories; 300], vec![Shape::Spread; 10]].concat();
    let rows = |count: usize, seed: u64| -> Vec<Vec<u32>> {
        draws(count * shapes.len(), seed).chunks(shapes.len()).map(<[u32]>::to_vec).collect()
    };
    let columns: Vec<usize> = (0..shapes.len()).collect();
    check_all_targets(&tables(&shapes, &rows(6, 1), &rows(90, 2)), &columns, 2);
    // Nothing in common, and every number of the targets missing.
    let mut builder = TablesBuilder::new(2, 5, None);
    for at in 0..300 {
        let original = RawColumn::texts(&["x", "y"]);
        builder
            .add(&format!("c{at}"), Kind::Categorical, original, RawColumn::texts(&["a", "b", "a", "b", "b"]), None)
            .unwrap();
        let missing = RawColumn::cells(vec![Cell::Missing, Cell::Missing]);
        builder
            .add(&format!("n{at}"), Kind::Numeric, missing, RawColumn::numbers(&[1.0, 2.0, 3.0, 4.0, 4.0]), None)
            .unwrap();
    }
    let apart = builder.finish();
    check_all_targets(&apart, &(0..600).collect::<Vec<_>>(), 1);
    check_all_targets(&apart, &[], 1);
}
