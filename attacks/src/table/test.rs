use super::*;
use proptest::prelude::*;

fn cell_of(tables: &Tables, column: usize, code: u32) -> &Cell {
    tables.columns[column].domain.cell(code)
}

#[test]
fn codes_are_ranks_whatever_the_row_order() {
    let mut builder = TablesBuilder::new(3, 2, Some(1));
    builder
        .add(
            "x",
            Kind::Numeric,
            RawColumn::numbers(&[5.0, -1.0, f64::NAN]),
            RawColumn::numbers(&[2.0, 5.0]),
            Some(RawColumn::numbers(&[-0.0])),
        )
        .unwrap();
    let tables = builder.finish();
    assert_eq!(tables.original.column(0), [4, 1, MISSING]);
    assert_eq!(tables.anonymized.column(0), [3, 4]);
    assert_eq!(tables.control.as_ref().unwrap().column(0), [2]);
    let domain = &tables.columns[0].domain;
    assert_eq!(domain.range(), 6.0);
    assert_eq!(domain.number(2).to_bits(), 0.0f64.to_bits());
    assert!(!domain.has_generalized());
}

#[test]
fn generalized_cells_follow_the_exact_ones_and_stand_in_every_table() {
    let decade = Cell::Interval(Interval::closed(30.0, 39.0));
    let release = RawColumn::cells(vec![Cell::Suppressed, decade.clone(), Cell::Number(3.0)]);
    let mut builder = TablesBuilder::new(1, 3, None);
    builder.add("age", Kind::Numeric, RawColumn::numbers(&[34.0]), release.clone(), None).unwrap();
    let tables = builder.finish();
    assert_eq!(tables.anonymized.column(0), [4, 3, 1]);
    assert_eq!(cell_of(&tables, 0, 3), &decade);
    assert!(tables.columns[0].domain.has_generalized());
    assert_eq!(tables.columns[0].domain.range(), 31.0, "ends of intervals are not values");

    let mut builder = TablesBuilder::new(3, 1, Some(3));
    let one = RawColumn::numbers(&[34.0]);
    builder.add("age", Kind::Numeric, release.clone(), one, Some(release)).unwrap();
    let tables = builder.finish();
    assert_eq!(tables.original.column(0), [4, 3, 1]);
    assert_eq!(tables.control.unwrap().column(0), [4, 3, 1]);
}

#[test]
fn rows_that_are_left_keep_their_codes() {
    let mut builder = TablesBuilder::new(3, 2, Some(2));
    let numbers = |values: &[f64]| RawColumn::numbers(values);
    let control = Some(numbers(&[8.0, 7.0]));
    builder.add("x", Kind::Numeric, numbers(&[5.0, -1.0, 3.0]), numbers(&[2.0, 5.0]), control).unwrap();
    builder.subjects(vec![0, 1, 1], Some(vec![0, 1]));
    let all = builder.finish();
    let mut tables = all.clone();
    tables.keep(&[2, 0], Some(&[1]));
    assert_eq!(tables.original.column(0), [all.original.column(0)[2], all.original.column(0)[0]]);
    assert_eq!((tables.original.rows(), tables.original.subject(0)), (2, 1));
    assert_eq!(tables.control.as_ref().unwrap().column(0), &all.control.as_ref().unwrap().column(0)[1..]);
    assert_eq!(tables.anonymized.column(0), all.anonymized.column(0));
    assert_eq!(tables.columns[0].domain.range(), 9.0, "of all rows, whoever is left");
}

#[test]
fn what_covers_a_whole_column_says_nothing() {
    let numbers = |release: Vec<Cell>, original: &[f64]| {
        let mut builder = TablesBuilder::new(original.len(), release.len(), None);
        builder.add("x", Kind::Numeric, RawColumn::numbers(original), RawColumn::cells(release), None).unwrap();
        let tables = builder.finish();
        let codes = tables.anonymized.column(0).to_vec();
        codes.iter().map(|code| tables.columns[0].domain.says_nothing(*code)).collect::<Vec<bool>>()
    };
    let interval = |lo, hi| Cell::Interval(Interval::closed(lo, hi));
    let release = vec![Cell::Suppressed, interval(0.0, 9.0), interval(2.0, 9.0), Cell::Number(3.0), Cell::Missing];
    assert_eq!(numbers(release, &[1.0, 5.0]), [true, true, false, false, false]);
    // A column of one value, and the same with a missing one.
    assert_eq!(numbers(vec![Cell::Number(7.0)], &[7.0]), [true]);
    assert_eq!(numbers(vec![Cell::Number(7.0)], &[7.0, f64::NAN]), [false]);

    let set = |members: &[&str]| Cell::OneOf(members.iter().map(|member| (*member).to_owned()).collect());
    let release = vec![set(&["a", "b", "z"]), set(&["a", "z"]), Cell::Category("a".into()), Cell::Suppressed];
    let mut builder = TablesBuilder::new(2, 4, None);
    builder.add("x", Kind::Categorical, RawColumn::texts(&["a", "b"]), RawColumn::cells(release), None).unwrap();
    let tables = builder.finish();
    let says = |code: &u32| tables.columns[0].domain.says_nothing(*code);
    assert_eq!(tables.anonymized.column(0).iter().map(says).collect::<Vec<bool>>(), [true, false, false, true]);
}

#[test]
fn wrong_shapes_are_refused() {
    let mut builder = TablesBuilder::new(2, 1, None);
    let two = RawColumn::numbers(&[1.0, 2.0]);
    let refused = builder.add("x", Kind::Numeric, two.clone(), two.clone(), None);
    assert!(matches!(refused, Err(crate::AttackError::RowCount { table: "anonymized", found: 2, expected: 1, .. })));
    let mut builder = TablesBuilder::new(2, 0, None);
    let refused = builder.add("x", Kind::Numeric, two, RawColumn::default(), None);
    assert_eq!(refused, Err(crate::AttackError::EmptyTable { table: "anonymized" }));
}

#[test]
fn intervals_know_their_ends() {
    let half_open = Interval { lo: 30.0, hi: 40.0, lo_included: true, hi_included: false };
    assert!(half_open.contains(30.0) && !half_open.contains(40.0));
    assert_eq!(half_open.gap(25.0), 5.0);
    assert_eq!(half_open.gap(40.0), 0.0);
    assert_eq!(half_open.representative(), Some(35.0));
    let over = Interval { lo: 65.0, hi: f64::INFINITY, lo_included: true, hi_included: false };
    assert_eq!(over.representative(), Some(65.0));
}

#[test]
fn a_set_of_one_is_its_member_and_numbers_have_a_limit() {
    let mut builder = TablesBuilder::new(1, 1, None);
    let set = RawColumn::cells(vec![Cell::OneOf(vec!["flu".into()])]);
    builder.add("s", Kind::Categorical, RawColumn::texts(&["flu"]), set, None).unwrap();
    let tables = builder.finish();
    assert_eq!(tables.original.column(0), tables.anonymized.column(0));
    // The range of -1.7e308 and 1.7e308 would be infinite, and distances not numbers.
    for (lo, hi) in [(8.0, 6.0), (f64::NAN, 1.0), (1.0, 1.7e308)] {
        let mut builder = TablesBuilder::new(1, 1, None);
        let interval = RawColumn::cells(vec![Cell::Interval(Interval::closed(lo, hi))]);
        assert!(builder.add("x", Kind::Numeric, RawColumn::numbers(&[1.0]), interval, None).is_err());
    }
    let huge = RawColumn::numbers(&[-1.7e308]);
    assert_eq!(huge.cells, [Cell::Missing]);
    let mut builder = TablesBuilder::new(1, 1, None);
    let huge = RawColumn::cells(vec![Cell::Number(1.7e308)]);
    assert!(builder.add("x", Kind::Numeric, RawColumn::numbers(&[1.0]), huge, None).is_err());
}

fn any_cell() -> impl Strategy<Value = Cell> {
    let number = prop_oneof![-3i32..3, any::<i32>()].prop_map(f64::from);
    let number = prop_oneof![number, Just(-0.0), any::<f64>().prop_filter("allowed", |v| v.abs() <= Cell::LARGEST)];
    prop_oneof![
        Just(Cell::Missing),
        number.clone().prop_map(Cell::Number),
        (number.clone(), number).prop_map(|(lo, hi)| Cell::Interval(Interval::closed(lo, hi))),
        "[ab]{0,2}".prop_map(Cell::Category),
        prop::collection::vec("[ab]", 0..3).prop_map(Cell::OneOf),
        Just(Cell::Suppressed),
    ]
}

proptest! {
    #[test]
    fn cells_stand_in_the_order_that_a_plain_sort_gives(cells in prop::collection::vec(any_cell(), 0..60)) {
        let joint = JointColumn::of(Kind::Categorical, vec![RawColumn::cells(cells.clone())]);
        let mut plain = vec![Cell::Missing];
        plain.extend(cells.into_iter().map(Cell::simplified));
        let rows = plain[1..].to_vec();
        plain.sort_by(Cell::order);
        plain.dedup();
        let bits = |cells: &[Cell]| format!("{cells:?}"); // -0 is not 0 here
        prop_assert_eq!(bits(joint.domain.cells()), bits(&plain));
        let table = &joint.tables[0];
        prop_assert!(table.codes.iter().zip(&rows).all(|(code, cell)| joint.domain.cell(*code) == cell));
        prop_assert_eq!(table.distinct, plain.len() - 1);
        let exact: Vec<u32> = joint.domain.exact_codes().collect();
        prop_assert_eq!(table.ends, exact.first().copied().zip(exact.last().copied()));
    }

    #[test]
    fn rows_keep_their_cells(tables in prop::collection::vec(prop::collection::vec(-9..9i32, 1..20), 3)) {
        let values: Vec<Vec<f64>> = tables.iter().map(|table| table.iter().map(|v| f64::from(*v)).collect()).collect();
        let rows = |at: usize| values[at].len();
        let mut builder = TablesBuilder::new(rows(0), rows(1), Some(rows(2)));
        for name in ["x", "y"] {
            let column = |at: usize| RawColumn::numbers(&values[at]);
            builder.add(name, Kind::Numeric, column(0), column(1), Some(column(2))).unwrap();
        }
        let tables = builder.finish();
        for (table, values) in [&tables.original, &tables.anonymized, tables.control.as_ref().unwrap()].iter().zip(&values) {
            for column in 0..2 {
                let domain = &tables.columns[column].domain;
                let found: Vec<f64> = table.column(column).iter().map(|code| domain.number(*code)).collect();
                prop_assert_eq!(&found, values);
            }
        }
    }
}
