use super::*;
use crate::table::{Cell, Interval, Kind, RawColumn, TablesBuilder};
use crate::targets::NoProgress;

fn numbers(values: &[f64]) -> RawColumn {
    RawColumn::numbers(values)
}

fn attack(tables: &Tables, mode: Mode, predicates: usize) -> SinglingOutOutcome {
    let attacker = SinglingOutAttacker { mode, columns: (0..tables.columns.len()).collect(), predicates };
    attacker.check(tables).unwrap();
    attacker.attack(&Prepared::new(tables), 1, 0, &NoProgress)
}

#[test]
fn hand_worked_univariate() {
    let mut builder = TablesBuilder::new(5, 5, None);
    // The release holds 1 and 9 once, 5 in two different rows, one missing. Predicates: =1, =9, missing, >=9, <=1.
    let original = numbers(&[1.0, 5.0, 9.0, 10.0, f64::NAN]);
    builder.add("x", Kind::Numeric, original, numbers(&[1.0, 5.0, 5.0, 9.0, f64::NAN]), None).unwrap();
    let others = RawColumn::texts(&["a", "a", "b", "b", "a"]);
    builder.add("y", Kind::Categorical, others.clone(), others, None).unwrap();
    let attacker = SinglingOutAttacker { mode: Mode::Univariate, columns: vec![0], predicates: 2000 };
    let outcome = attacker.attack(&Prepared::new(&builder.finish()), 1, 0, &NoProgress);
    assert_eq!(outcome.exist, 5);
    assert_eq!(outcome.main.attempted, 5);
    // All but >=9, which 9 and 10 meet. One person is hit by =1 and <=1.
    assert_eq!(outcome.main.successes, 4);
    assert_eq!(outcome.isolated.len(), 3);
    assert!((outcome.main.effective - 5.0 * 4.0 / 6.0).abs() < 1e-12);
}

/// A person who was released twice is singled out as one who was released once; the values of two different rows single
/// out nobody.
#[test]
fn equal_release_rows_count_once_in_univariate_predicates() {
    let outcome = |times: usize| {
        let release = |values: &[f64]| numbers(&values.repeat(times));
        let mut builder = TablesBuilder::new(4, 4 * times, None);
        let (x, y) = ([1.0, 2.0, 3.0, 3.0], [1.0, 1.0, 2.0, 3.0]);
        builder.add("x", Kind::Numeric, numbers(&x), release(&x), None).unwrap();
        builder.add("y", Kind::Numeric, numbers(&y), release(&y), None).unwrap();
        attack(&builder.finish(), Mode::Univariate, 2000)
    };
    // Of x: =1, =2, <=1. Of y: =2, =3, >=3.
    let once = outcome(1);
    assert_eq!((once.main.attempted, once.main.successes, once.isolated.len()), (6, 6, 4));
    assert_eq!(outcome(3), once);
}

#[test]
fn columns_take_turns() {
    let ids: Vec<f64> = (0..50).map(f64::from).collect();
    let mut builder = TablesBuilder::new(50, 50, None);
    builder.add("id", Kind::Numeric, numbers(&ids), numbers(&ids), None).unwrap();
    let mut rare = vec!["a"; 50];
    rare[7] = "b";
    rare[8] = "c";
    builder.add("rare", Kind::Categorical, RawColumn::texts(&rare), RawColumn::texts(&rare), None).unwrap();
    let tables = builder.finish();
    let prepared = Prepared::new(&tables);
    let mut stream = Stream::new(3, Task::Predicates, 0);
    let (predicates, exist) = univariate::predicates(&prepared, &[0, 1], 6, &mut stream);
    assert_eq!(exist, 52 + 2);
    let columns: Vec<usize> = predicates.iter().map(|predicate| predicate.conditions[0].column).collect();
    assert_eq!(columns, [0, 1, 0, 1, 0, 0]);
}

#[test]
fn nothing_unique_is_infeasible_and_not_zero() {
    let mut builder = TablesBuilder::new(2, 4, None);
    builder.add("x", Kind::Numeric, numbers(&[1.0, 2.0]), numbers(&[1.0, 1.0, 2.0, 2.0]), None).unwrap();
    builder.add("y", Kind::Numeric, numbers(&[1.0, 2.0]), numbers(&[1.0, 2.0, 1.0, 2.0]), None).unwrap();
    let tables = builder.finish();
    assert_eq!(attack(&tables, Mode::Univariate, 10).main.attempted, 0);
    // More columns than there are.
    assert_eq!(attack(&tables, Mode::Multivariate(3), 10).main.attempted, 0);
}

#[test]
fn duplicate_originals_are_different_persons() {
    let mut builder = TablesBuilder::new(3, 3, None);
    builder.add("x", Kind::Numeric, numbers(&[1.0, 1.0, 2.0]), numbers(&[1.0, 2.0, 3.0]), None).unwrap();
    let outcome = attack(&builder.finish(), Mode::Univariate, 10);
    // =1 matches two persons, =2 one, =3 nobody; >=3 nobody; <=1 two.
    assert_eq!((outcome.main.attempted, outcome.main.successes), (5, 1));
}

#[test]
fn equal_release_rows_count_once_in_multivariate_predicates() {
    let mut builder = TablesBuilder::new(2, 3, None);
    let (x, y) = (numbers(&[1.0, 9.0]), RawColumn::texts(&["a", "b"]));
    builder.add("x", Kind::Numeric, x, numbers(&[1.0, 1.0, 9.0]), None).unwrap();
    builder.add("y", Kind::Categorical, y, RawColumn::texts(&["a", "a", "b"]), None).unwrap();
    let outcome = attack(&builder.finish(), Mode::Multivariate(2), 10);
    // (x <= 1, a) and (x >= 9, b): there are no others.
    assert_eq!((outcome.main.attempted, outcome.main.successes), (2, 2));
    assert_eq!(outcome.exist, 2);
}

#[test]
fn generalized_cells_make_ranges() {
    let decade = Cell::Interval(Interval::closed(30.0, 39.0));
    let inside = Cell::Interval(Interval { lo: 30.0, hi: 39.0, lo_included: true, hi_included: false });
    let release = vec![decade.clone(), inside, Cell::Suppressed, Cell::Number(50.0), Cell::Number(31.0)];
    let mut builder = TablesBuilder::new(4, 5, None);
    builder.add("age", Kind::Numeric, numbers(&[29.0, 30.0, 39.0, 70.0]), RawColumn::cells(release), None).unwrap();
    let tables = builder.finish();
    let domain = &tables.columns[0].domain;
    let of = |cell: &Cell| domain.cells().iter().position(|known| known == cell).unwrap() as u32;
    let condition = Condition::new(0, domain, Test::Is(of(&decade)));
    let passing: Vec<&Cell> =
        (0..domain.len() as u32).filter(|code| condition.passes(*code)).map(|code| domain.cell(code)).collect();
    assert_eq!(passing.len(), 5, "30, 31, 39 and both intervals: {passing:?}");
    let over = Condition::new(0, domain, Test::AtLeast(of(&Cell::Number(30.0))));
    assert!(over.passes(of(&decade)) && !over.passes(of(&Cell::Suppressed)) && !over.passes(of(&Cell::Number(29.0))));
}

/// Random tables with ties, missing values and generalized cells: what the index finds is what a scan finds.
#[test]
fn matches_equal_a_scan() {
    let mut stream = Stream::new(11, Task::Population, 0);
    for _ in 0..40 {
        let mut builder = TablesBuilder::new(30, 30, None);
        for column in 0..3 {
            let mut cells = |release: bool| {
                let cell = |draw: u64, width: u64| match (column, draw) {
                    (_, 0) => Cell::Missing,
                    (_, 1) if release => Cell::Suppressed,
                    (0, draw) => Cell::Category(draw.to_string()),
                    (_, draw) if release && draw < 5 => {
                        Cell::Interval(Interval::closed(draw as f64, (draw + width) as f64))
                    }
                    (2, 8) => Cell::Category("text".to_owned()),
                    (_, draw) => Cell::Number(draw as f64),
                };
                RawColumn::cells((0..30).map(|_| cell(stream.below(9), stream.below(4))).collect())
            };
            let kind = if column == 0 { Kind::Categorical } else { Kind::Numeric };
            let (original, release) = (cells(false), cells(true));
            builder.add(&format!("c{column}"), kind, original, release, None).unwrap();
        }
        let tables = builder.finish();
        let prepared = Prepared::new(&tables);
        for size in 1..=3 {
            let found = multivariate::predicates(&prepared, &[0, 1, 2], size, 500, &mut stream, &NoProgress);
            assert_eq!(found.exist as usize, plainly_existing(&tables, &prepared, size));
            assert_eq!(found.exist as usize, found.predicates.len());
            for predicate in &found.predicates {
                let holds = |table: &Table, row: usize| {
                    predicate
                        .conditions
                        .iter()
                        .all(|condition| plainly_meets(&tables, condition, table.column(condition.column)[row]))
                };
                let rows = |table: &Table| (0..table.rows()).filter(|row| holds(table, *row)).collect::<Vec<_>>();
                let mut found = Vec::new();
                prepared.original.each_match(predicate, |row| {
                    found.push(row as usize);
                    true
                });
                found.sort_unstable();
                assert_eq!(found, rows(&tables.original));
                let distinct: std::collections::HashSet<u32> =
                    rows(&tables.anonymized).into_iter().map(|row| prepared.distinct().of_row[row]).collect();
                assert_eq!(distinct.len(), 1);
            }
        }
    }
}

/// How many pairs of a distinct release row and a column set isolate, by a scan for each.
fn plainly_existing(tables: &Tables, prepared: &Prepared<'_>, size: usize) -> usize {
    let release = &tables.anonymized;
    let medians: Vec<f64> = (0..3)
        .map(|column| {
            let domain = &tables.columns[column].domain;
            let mut numbers: Vec<f64> = release.column(column).iter().map(|code| domain.number(*code)).collect();
            numbers.retain(|number| !number.is_nan());
            numbers.sort_by(f64::total_cmp);
            let middle = numbers.len() / 2;
            match numbers.len() {
                0 => f64::NAN,
                even if even % 2 == 0 => (numbers[middle - 1] + numbers[middle]) / 2.0,
                _ => numbers[middle],
            }
        })
        .collect();
    let sets: Vec<Vec<usize>> = (1usize..8)
        .filter(|set| set.count_ones() as usize == size)
        .map(|set| (0..3).filter(|column| set >> column & 1 == 1).collect())
        .collect();
    let mut existing = 0;
    for row in &prepared.distinct().first {
        for set in &sets {
            let conditions: Vec<Condition> = set
                .iter()
                .filter_map(|column| {
                    let domain = &tables.columns[*column].domain;
                    let code = release.column(*column)[*row as usize];
                    let test = match domain.cell(code) {
                        Cell::Suppressed => return None,
                        Cell::Number(value) if *value > medians[*column] => Test::AtLeast(code),
                        Cell::Number(_) => Test::AtMost(code),
                        _ => Test::Is(code),
                    };
                    Some(Condition::new(*column, domain, test))
                })
                .collect();
            let meets = |row: usize| {
                conditions
                    .iter()
                    .all(|condition| plainly_meets(tables, condition, release.column(condition.column)[row]))
            };
            let matching: std::collections::HashSet<u32> =
                (0..release.rows()).filter(|row| meets(*row)).map(|row| prepared.distinct().of_row[row]).collect();
            existing += usize::from(conditions.len() == size && matching.len() == 1);
        }
    }
    existing
}

/// A condition in words, without code ranges.
fn plainly_meets(tables: &Tables, condition: &Condition, code: u32) -> bool {
    let domain = &tables.columns[condition.column].domain;
    let cell = domain.cell(code);
    match condition.test {
        Test::AtLeast(of) => match cell {
            Cell::Number(value) => *value >= domain.number(of),
            Cell::Interval(interval) => interval.lo >= domain.number(of),
            _ => false,
        },
        Test::AtMost(of) => match cell {
            Cell::Number(value) => *value <= domain.number(of),
            Cell::Interval(interval) => interval.hi <= domain.number(of),
            _ => false,
        },
        Test::Is(of) => match (domain.cell(of), cell) {
            (Cell::Interval(by), Cell::Number(value)) => by.lo <= *value && *value <= by.hi,
            (Cell::Interval(by), Cell::Interval(inner)) => by.lo <= inner.lo && inner.hi <= by.hi,
            (by, cell) => by == cell,
        },
    }
}
