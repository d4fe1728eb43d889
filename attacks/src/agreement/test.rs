//! The search equals the plain loop, and the weights are those of the definition.

use super::*;
use crate::neighbors::kernel::Instructions;
use crate::neighbors::{Nearest, NeighborIndex, Profiles};
use crate::sampling::{Stream, Task};
use crate::table::{Cell, Domain, Interval, Kind, LEFT_OUT, RawColumn, Tables, TablesBuilder};
use proptest::prelude::*;

fn texts(text: &str) -> RawColumn {
    RawColumn::texts(&text.split_whitespace().collect::<Vec<_>>())
}

#[test]
fn gains_are_those_of_the_definition() {
    let mut builder = TablesBuilder::new(4, 4, None);
    let release = |cells: Vec<Cell>| RawColumn::cells(cells);
    let set = Cell::OneOf(vec!["a".into(), "b".into()]);
    let sets = vec![Cell::Category("a".into()), set, Cell::Suppressed, Cell::Missing];
    builder.add("c", Kind::Categorical, texts("a a b c"), release(sets), None).unwrap();
    let band = Cell::Interval(Interval { lo: 1.0, hi: 3.0, lo_included: true, hi_included: false });
    let bands = vec![Cell::Number(1.0), band, Cell::Suppressed, Cell::Number(9.0)];
    builder.add("n", Kind::Numeric, RawColumn::numbers(&[1.0, 2.0, 3.0, 9.0]), release(bands), None).unwrap();
    let tables = builder.finish();
    let shares: Vec<Shares> = [0, 1].map(|column| Shares::of(&tables, column)).into();
    let weights = Weights::new(&tables, &[0, 1], &shares, &[2.0, 0.5]);
    let gain = |at: usize, target: Cell, release: Cell| {
        let code = |cell: Cell| weights.domain(at).cells().iter().position(|known| *known == cell).unwrap() as u32;
        f64::from(weights.gain(at, code(target), code(release))) / weights.units()
    };
    let close = |gain: f64, share: f64, cost: f64| assert!((gain - (cost - share.ln())).abs() < 1e-4, "{gain}");
    let category = |text: &str| Cell::Category(text.into());
    // Six exact cells: a, a, b, c, a and one missing.
    close(gain(0, category("a"), category("a")), 3.0 / 6.0, 2.0);
    close(gain(0, category("b"), Cell::OneOf(vec!["a".into(), "b".into()])), 4.0 / 6.0, 2.0);
    close(gain(0, category("c"), Cell::Suppressed), 1.0, 2.0);
    close(gain(0, Cell::Missing, Cell::Missing), 1.0 / 6.0, 2.0);
    assert_eq!(gain(0, category("c"), category("a")), 0.0);
    assert_eq!(gain(0, category("c"), Cell::OneOf(vec!["a".into(), "b".into()])), 0.0);
    assert_eq!(gain(0, Cell::Missing, category("a")), 0.0);
    // 1, 2, 3, 9 and 1, 9: the band holds 1 twice and 2 once; its upper end is open.
    close(gain(1, Cell::Number(2.0), band_of(1.0, 3.0)), 3.0 / 6.0, 0.5);
    assert_eq!(gain(1, Cell::Number(3.0), band_of(1.0, 3.0)), 0.0);
    close(gain(1, Cell::Number(9.0), Cell::Number(9.0)), 2.0 / 6.0, 0.5);
}

fn band_of(lo: f64, hi: f64) -> Cell {
    Cell::Interval(Interval { lo, hi, lo_included: true, hi_included: false })
}

/// Rates of agreement are found again in pairs of two kinds.
#[test]
fn disagreement_is_learned_without_true_pairs() {
    let mut stream = Stream::new(3, Task::Population, 0);
    let values: Vec<String> = (0..1000).map(|_| stream.below(10).to_string()).collect();
    let mut builder = TablesBuilder::new(1000, 1000, None);
    for name in ["a", "b", "c", "d", "e", "f"] {
        builder.add(name, Kind::Categorical, RawColumn::texts(&values), RawColumn::texts(&values), None).unwrap();
    }
    let tables = builder.finish();
    let shares: Vec<Shares> = (0..6).map(|column| Shares::of(&tables, column)).collect();
    let rates = [0.99, 0.95, 0.9, 0.8, 0.95, 0.9];
    let mut pattern = |of_one: bool| -> Vec<Option<bool>> {
        rates
            .iter()
            .map(|rate| (stream.unit() > 0.1).then(|| stream.unit() < if of_one { *rate } else { 0.3 }))
            .collect()
    };
    let pairs: Vec<_> = (0..4000).map(|at| pattern(at % 3 == 0)).collect();
    let learned = Disagreement::learned(&shares, &pairs);
    assert!((learned.share - 1.0 / 3.0).abs() < 0.03, "{learned:?}");
    for (found, rate) in learned.agreeing.iter().zip(rates) {
        assert!((found - rate).abs() < 0.03, "{learned:?}");
    }
    // No pair at all: nothing is learned, and nothing breaks.
    assert!(Disagreement::learned(&shares, &[]).costs.iter().all(|cost| cost.is_finite()));
}

/// What the cells of a column are drawn from.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Few,
    Many,
    Numbers,
    Bands,
    Sets,
    ManyBands,
    Stars,
}

const SHAPES: [Shape; 7] =
    [Shape::Few, Shape::Many, Shape::Numbers, Shape::Bands, Shape::Sets, Shape::ManyBands, Shape::Stars];

impl Shape {
    fn kind(self) -> Kind {
        match self {
            Shape::Numbers | Shape::Bands | Shape::ManyBands => Kind::Numeric,
            _ => Kind::Categorical,
        }
    }

    fn cell(self, stream: &mut Stream, in_release: bool) -> Cell {
        let category = |value: u64| Cell::Category(format!("v{value}"));
        if stream.below(12) == 0 {
            return Cell::Missing;
        }
        let generalized = in_release && stream.below(2) == 0;
        match self {
            Shape::Few => category(stream.below(3)),
            Shape::Many => category(stream.below(400)),
            Shape::Numbers => Cell::Number(stream.below(6) as f64),
            Shape::Bands | Shape::ManyBands if generalized => {
                let width = if matches!(self, Shape::Bands) { 2 } else { 8 };
                let lo = stream.below(if matches!(self, Shape::Bands) { 3 } else { 20 }) as f64;
                if stream.below(5) == 0 {
                    return Cell::Suppressed;
                }
                band_of(lo, lo + 1.0 + stream.below(width) as f64)
            }
            Shape::Bands | Shape::ManyBands => Cell::Number(stream.below(20) as f64),
            Shape::Sets if generalized => {
                let first = stream.below(4);
                Cell::OneOf(vec![format!("v{first}"), format!("v{}", first + 1 + stream.below(2))])
            }
            Shape::Stars if generalized => Cell::Suppressed,
            Shape::Sets | Shape::Stars => category(stream.below(6)),
        }
    }
}

fn world(shapes: &[Shape], rows: [usize; 2], seed: u64) -> Tables {
    let mut builder = TablesBuilder::new(rows[0], rows[1], None);
    for (at, shape) in shapes.iter().enumerate() {
        let mut stream = Stream::new(seed, Task::Population, at as u64);
        let mut cells = |rows: usize, in_release| {
            RawColumn::cells((0..rows).map(|_| shape.cell(&mut stream, in_release)).collect())
        };
        let (original, release) = (cells(rows[0], false), cells(rows[1], true));
        builder.add(&format!("c{at}"), shape.kind(), original, release, None).unwrap();
    }
    builder.finish()
}

/// Profiles of the rows whose score is at least the k-th largest, row by row and cell by cell.
fn plain_loop(weights: &Weights<'_>, profiles: &Profiles<'_>, target: &[u32], neighbors: usize) -> Vec<u32> {
    let score = |profile: u32| weights.score(target, profiles.codes(profile));
    let rows = profiles.of_row().iter().filter(|profile| **profile != LEFT_OUT);
    let mut scores: Vec<u32> = rows.map(|profile| score(*profile)).collect();
    scores.sort_unstable_by(|a, b| b.cmp(a));
    let Some(least) = scores.get(neighbors.min(scores.len()).wrapping_sub(1)) else { return Vec::new() };
    (0..profiles.len() as u32).filter(|profile| score(*profile) >= *least).collect()
}

fn check(tables: &Tables, neighbors: usize) {
    let columns: Vec<usize> = (0..tables.columns.len()).collect();
    let profiles = Profiles::new(tables, &columns);
    let targets: Vec<Vec<u32>> = (0..tables.original.rows()).map(|row| tables.original.row(row)).collect();
    let planned = plan(tables, &profiles, &columns, &Sample::of_questions(&targets));
    let shares: Vec<Shares> = columns.iter().map(|column| Shares::of(tables, *column)).collect();
    let weights = Weights::new(tables, &columns, &shares, &planned.plan.costs);
    let expected: Vec<Vec<u32>> =
        targets.iter().map(|target| plain_loop(&weights, &profiles, target, neighbors)).collect();
    let domains: Vec<&Domain> = tables.columns.iter().map(|column| &column.domain).collect();
    let mut indexes: Vec<(String, Box<dyn NeighborIndex + '_>)> =
        vec![("scan".into(), Box::new(Scan::new(&profiles, &weights))), ("planned".into(), Box::new(planned.index))];
    for instructions in Instructions::all() {
        let records = Records::new(&profiles, &domains);
        let index = Agreement::new(records, weights.clone()).with(instructions);
        indexes.push((format!("{instructions:?}"), Box::new(index)));
    }
    for from in [0, 3] {
        let index = Agreement::new(Records::listing(&profiles, &domains, from), weights.clone());
        indexes.push((format!("listed from {from} codes"), Box::new(index)));
    }
    let mut radii = Vec::new();
    for (name, index) in indexes {
        let mut searcher = index.searcher();
        let mut found = Nearest::default();
        // Forwards and backwards: nothing of a target is left over for the next.
        for at in (0..targets.len()).chain((0..targets.len()).rev()) {
            searcher.nearest(&targets[at], neighbors, &mut found);
            assert_eq!(found.profiles, expected[at], "{name}, target {at}");
            if radii.len() < targets.len() {
                radii.push(found.radius.to_bits());
            }
            assert_eq!(found.radius.to_bits(), radii[at], "{name}, target {at}");
            let distances = found.profiles.iter().map(|profile| index.distance(&targets[at], *profile));
            assert_eq!(distances.fold(0.0, f64::max).to_bits(), radii[at], "{name}, target {at}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]
    #[test]
    fn the_search_equals_the_plain_loop(
        shapes in prop::collection::vec(prop::sample::select(&SHAPES[..]), 1..7),
        original in 1usize..30,
        release in 1usize..400,
        neighbors in prop::sample::select(&[1, 1, 2, 3, 30][..]),
        seed in 0u64..1_000_000,
    ) {
        check(&world(&shapes, [original, release], seed), neighbors);
    }
}

proptest! {
    #[test]
    fn cells_that_may_be_of_one_person_are_found_as_by_comparing_all(
        shapes in prop::collection::vec(prop::sample::select(&SHAPES[..]), 1..3),
        rows in 1usize..60,
        seed in 0u64..1_000_000,
    ) {
        let mut builder = TablesBuilder::new(rows, rows, None);
        for (at, shape) in shapes.iter().enumerate() {
            let mut stream = Stream::new(seed, Task::Population, at as u64);
            let mut cells = || RawColumn::cells((0..rows).map(|_| shape.cell(&mut stream, true)).collect());
            let (original, release) = (cells(), cells());
            builder.add(&format!("c{at}"), shape.kind(), original, release, None).unwrap();
        }
        for column in &builder.finish().columns {
            let (domain, codes) = (&column.domain, 0..column.domain.len() as u32);
            for code in codes.clone() {
                let mut found = Vec::new();
                domain.each_compatible(code, &mut |other| found.push(other));
                let is_expected = |other: &u32| *other != code && are_compatible(domain, code, *other);
                prop_assert_eq!(found, codes.clone().filter(is_expected).collect::<Vec<u32>>());
            }
        }
    }
}

/// Those who are equal but for a rare code follow each other: they share what is left when nobody shares it.
#[test]
fn the_search_equals_the_plain_loop_where_targets_differ_in_rare_codes() {
    let code = |value: u64| Cell::Category(format!("v{value:03}"));
    for (seed, covered) in [(1, false), (2, true)] {
        let mut stream = Stream::new(seed, Task::Population, 0);
        let mut builder = TablesBuilder::new(120, 500, None);
        for column in 0..2 {
            // 400 codes of which the release has some, and three letters.
            let mut draw = |row: u64, in_release: bool| match column {
                0 if in_release && covered && row.is_multiple_of(9) => {
                    let first = stream.below(40) * 10;
                    Cell::OneOf((first..first + 10).map(|value| format!("v{value:03}")).collect())
                }
                0 => code(stream.below(400)),
                _ if in_release => code(stream.below(3)),
                _ => code(row / 40),
            };
            let original = RawColumn::cells((0..120).map(|row| draw(row, false)).collect());
            let release = RawColumn::cells((0..500).map(|row| draw(row, true)).collect());
            builder.add(&format!("c{column}"), Kind::Categorical, original, release, None).unwrap();
        }
        let tables = builder.finish();
        for neighbors in [1, 2, 5, 200, 1000] {
            check(&tables, neighbors);
        }
    }
}

/// More candidates than one level of nodes is enough for.
#[test]
fn the_search_equals_the_plain_loop_over_several_levels() {
    use Shape::*;
    check(&world(&[Few, Few, Numbers, Many, Sets, Bands], [40, 70_000], 1), 1);
    check(&world(&[Few, ManyBands, Numbers, Stars], [40, 5_000], 2), 2);
    check(&world(&[Many, Numbers], [40, 3_000], 3), 1);
}

/// Rows whose cells say nothing are no candidates, and without any there is no answer.
#[test]
fn what_says_nothing_is_no_candidate() {
    let stars = |rows: usize| RawColumn::cells(vec![Cell::Suppressed; rows]);
    let mut builder = TablesBuilder::new(2, 2, None);
    builder.add("a", Kind::Categorical, texts("x y"), stars(2), None).unwrap();
    builder.add("b", Kind::Categorical, texts("x y"), stars(2), None).unwrap();
    check(&builder.finish(), 1);
}

/// The order of questions and of rows plays no part in the weights.
#[test]
fn weights_do_not_depend_on_the_order_of_rows() {
    let tables = world(&[Shape::Few, Shape::Numbers, Shape::Sets], [700, 300], 9);
    let profiles = Profiles::new(&tables, &[0, 1, 2]);
    let mut targets: Vec<Vec<u32>> = (0..700).map(|row| tables.original.row(row)).collect();
    let forwards = plan(&tables, &profiles, &[0, 1, 2], &Sample::of_questions(&targets));
    targets.reverse();
    let backwards = plan(&tables, &profiles, &[0, 1, 2], &Sample::of_questions(&targets));
    assert_eq!(forwards.plan, backwards.plan);
}

/// Cells of every kind over few values, some of which only sets name.
fn any_cell(numeric: bool) -> impl Strategy<Value = Cell> {
    let letter = |at: u8| char::from(b'a' + at).to_string();
    let exact = (0..6u8).prop_map(move |at| match numeric {
        true if at == 5 => Cell::Category("not asked".into()),
        true => Cell::Number(f64::from(at)),
        false => Cell::Category(letter(at)),
    });
    let wide = (0..6u8, 0..5u8, any::<bool>(), any::<bool>(), 1..128u8).prop_map(
        move |(lo, width, lo_included, hi_included, members)| match numeric {
            true => Cell::Interval(Interval {
                lo: if lo == 0 { f64::NEG_INFINITY } else { f64::from(lo) },
                hi: f64::from(lo + width),
                lo_included: lo_included || width == 0,
                hi_included: hi_included || width == 0,
            }),
            false => Cell::OneOf((0..7).filter(|at| members >> at & 1 == 1).map(letter).collect()),
        },
    );
    prop_oneof![4 => exact, 4 => wide, 1 => Just(Cell::Missing), 1 => Just(Cell::Suppressed)]
}

/// Whether a value is one that a cell may be.
fn may_be(cell: &Cell, value: &Cell) -> bool {
    match (cell, value) {
        (Cell::Suppressed, _) => true,
        (Cell::Interval(interval), Cell::Number(number)) => interval.contains(*number),
        (Cell::OneOf(set), Cell::Category(text)) => set.contains(text),
        (cell, value) => cell == value,
    }
}

proptest! {
    #[test]
    fn cells_are_compatible_where_some_value_may_be_both(
        numeric in any::<bool>(),
        cells in (prop::collection::vec(any_cell(true), 20), prop::collection::vec(any_cell(false), 20)),
    ) {
        let cells = if numeric { cells.0 } else { cells.1 };
        let (kind, half) = (if numeric { Kind::Numeric } else { Kind::Categorical }, cells.len() / 2);
        let mut builder = TablesBuilder::new(half, half, None);
        let [original, release] = [&cells[..half], &cells[half..]].map(|cells| RawColumn::cells(cells.to_vec()));
        builder.add("x", kind, original, release, None).unwrap();
        let tables = builder.finish();
        let domain = &tables.columns[0].domain;
        // Ends of bands are whole, so that no band holds a number without holding one of these.
        let numbers = (-2..24).map(|half| Cell::Number(f64::from(half) / 2.0));
        let texts = ["a", "b", "c", "d", "e", "f", "g", "not asked"].map(|text| Cell::Category(text.to_owned()));
        let values: Vec<Cell> = numbers.chain(texts).chain([Cell::Missing]).collect();
        for (one, other) in (0..domain.len() as u32).flat_map(|one| (0..domain.len() as u32).map(move |other| (one, other))) {
            let [a, b] = [one, other].map(|code| domain.cell(code));
            let is_same = a == b || values.iter().any(|value| may_be(a, value) && may_be(b, value));
            prop_assert_eq!(are_compatible(domain, one, other), is_same, "{:?} {:?}", a, b);
        }
    }
}
