use super::compatible::{Profiles, Relation, agree, agreeing};
use super::diversity::ValuesOfClasses;
use super::gbt42460::{Context, Grade, Identifiers, Sharing, assess, deliberate, inadvertent};
use super::population::Population;
use super::sizes::Sizes;
use super::*;
use crate::table::{Interval, Kind, RawColumn, TablesBuilder};
use proptest::prelude::*;

fn category(text: &str) -> Cell {
    if text == "*" { Cell::Suppressed } else { Cell::Category(text.to_owned()) }
}

fn categories(texts: &[&str]) -> RawColumn {
    RawColumn::cells(texts.iter().map(|text| category(text)).collect())
}

/// A release of these columns, which is its own original.
fn release(columns: &[&[&str]]) -> Tables {
    let rows = columns[0].len();
    let mut builder = TablesBuilder::new(rows, rows, None);
    for (at, column) in columns.iter().enumerate() {
        let name = format!("c{at}");
        builder.add(&name, Kind::Categorical, categories(column), categories(column), None).unwrap();
    }
    builder.finish()
}

#[test]
fn a_hand_worked_table() {
    // Classes: a1 of three rows, a2 of one, b1 of two.
    let tables = release(&[
        &["a", "a", "a", "a", "b", "b"],
        &["1", "1", "1", "2", "1", "1"],
        &["flu", "flu", "flu", "flu", "flu", "cold"],
    ]);
    let classes = Classes::of(&tables, &[0, 1], true);
    let sizes = classes.sizes();
    assert_eq!(sizes.histogram().collect::<Vec<_>>(), [(1, 1), (2, 1), (3, 1)]);
    assert_eq!((sizes.classes(), sizes.rows(), sizes.smallest(), sizes.unique_rows()), (3, 6, Some(1), 1));
    assert_eq!((sizes.classes_below(3), sizes.rows_below(3)), (2, 3));
    assert_eq!(sizes.mean_over_rows(), Some(Fraction::new(1, 2)));
    assert!((sizes.mean_over_classes().unwrap() - (1.0 + 0.5 + 1.0 / 3.0) / 3.0).abs() < 1e-15);

    let found =
        diversity::diversity(&ValuesOfClasses::of(&Classes::of(&tables, &[0], true), tables.anonymized.column(2)))
            .unwrap();
    // Class a: flu four times; class b: one of each.
    assert_eq!((found.distinct, found.entropy, found.recursive_2, found.recursive_distinct), (1, 1.0, None, None));
    let found =
        diversity::diversity(&ValuesOfClasses::of(&Classes::of(&tables, &[2], true), tables.anonymized.column(0)))
            .unwrap();
    assert_eq!(found.distinct, 1);

    let close =
        closeness::closeness(&ValuesOfClasses::of(&Classes::of(&tables, &[0], true), tables.anonymized.column(2)))
            .unwrap();
    // All rows: 1/6 cold; class b: 1/2.
    assert!((close.equal - 1.0 / 3.0).abs() < 1e-15 && (close.ordered - 1.0 / 3.0).abs() < 1e-15, "{close:?}");
}

#[test]
fn diversity_of_the_literature() {
    // Counts 3, 2 and 1 in one class: entropy of (1/2, 1/3, 1/6); recursive: 3 < c·(2 + 1) and 3 < c·1.
    let tables = release(&[&["x"; 6], &["a", "a", "a", "b", "b", "c"]]);
    let found =
        diversity::diversity(&ValuesOfClasses::of(&Classes::of(&tables, &[0], true), tables.anonymized.column(1)))
            .unwrap();
    let entropy = -(0.5 * 0.5f64.ln() + (1.0 / 3.0) * (1.0f64 / 3.0).ln() + (1.0 / 6.0) * (1.0f64 / 6.0).ln());
    assert!((found.entropy - entropy.exp()).abs() < 1e-12);
    assert_eq!((found.distinct, found.recursive_2, found.recursive_distinct), (3, Some(1.0), Some(3.0)));
}

#[test]
fn t_closeness_of_the_example_of_li() {
    // Salaries of nine persons (Li et al. 2007, section 4): {3, 4, 5} is .375 from {3..11} in order, {6, 8, 11} is .167.
    let salaries: Vec<f64> = (3..12).map(f64::from).collect();
    let groups = ["a", "a", "a", "b", "c", "b", "c", "c", "b"];
    let mut builder = TablesBuilder::new(9, 9, None);
    builder.add("class", Kind::Categorical, categories(&groups), categories(&groups), None).unwrap();
    let numbers = RawColumn::numbers(&salaries);
    builder.add("salary", Kind::Numeric, numbers.clone(), numbers, None).unwrap();
    let tables = builder.finish();
    let close =
        closeness::closeness(&ValuesOfClasses::of(&Classes::of(&tables, &[0], true), tables.anonymized.column(1)))
            .unwrap();
    assert!((close.ordered - 0.375).abs() < 1e-12, "{close:?}");
    assert!((close.equal - 2.0 / 3.0).abs() < 1e-12);
}

#[test]
fn rows_of_nothing_change_no_figure_unless_they_are_counted() {
    let with = |rows: usize| {
        let (mut first, mut second) = (vec!["a", "a", "b", "b", "b"], vec!["1", "1", "2", "2", "*"]);
        first.extend(vec!["*"; rows]);
        second.extend(vec!["*"; rows]);
        release(&[&first, &second])
    };
    for rows in [1, 3, 50] {
        let tables = with(rows);
        let without = Classes::of(&with(0), &[0, 1], true).sizes();
        let left_out = Classes::of(&tables, &[0, 1], true);
        assert_eq!(left_out.sizes(), without);
        assert_eq!(left_out.suppressed_rows, rows as u64);
        let class = Classes::of(&tables, &[0, 1], false);
        assert_eq!(class.sizes().classes(), without.classes() + 1);
        let mut agreeing = with_wildcards(&tables, &class).unwrap();
        agreeing.sort_unstable();
        // a1: itself and the suppressed rows; b2 and b* also agree with one another.
        let rows = rows as u64;
        let mut expected = vec![(2, 2 + rows), (2, 3 + rows), (1, 3 + rows), (rows, rows + 5)];
        expected.sort_unstable();
        assert_eq!(agreeing, expected);
    }
    // A column that is suppressed everywhere tells nothing, and takes nobody out.
    let tables = release(&[&["*"; 4], &["a", "a", "a", "b"]]);
    assert_eq!(Classes::of(&tables, &[0, 1], true).sizes().smallest(), Some(1));
    let nothing = release(&[&["*"; 4], &["*"; 4]]);
    assert_eq!(Classes::of(&nothing, &[0, 1], true).sizes().smallest(), Some(4));
}

#[test]
fn the_population_of_a_sample() {
    let mut builder = TablesBuilder::new(6, 3, Some(2));
    let (persons, sample, others) = (["a", "a", "a", "b", "c", "c"], ["a", "b", "d"], ["a", "b"]);
    builder.add("x", Kind::Categorical, categories(&persons), categories(&sample), Some(categories(&others))).unwrap();
    let tables = builder.finish();
    let found = Population::of(&tables, &Classes::of(&tables, &[0], true)).unwrap();
    // a fits 4 persons, b 2, d nobody; nobody's class fits c.
    assert_eq!((found.persons, found.fewest, found.fitting_nobody), (8, Some(2), (1, 1)));
    assert_eq!((found.sample_uniques, found.population_uniques), (3, 0));
    assert!((found.mean_risk.unwrap() - (0.25 + 0.5) / 3.0).abs() < 1e-15);
    assert_eq!(found.presence, Some((0.0, 0.5)));
    assert_eq!(found.largest_risk(), Some(Fraction::new(1, 2)));
}

/// A register of these persons and a release of these records, over an age and a city.
fn register(persons: &[(f64, &str)], records: &[(Cell, &str)]) -> Tables {
    let mut builder = TablesBuilder::new(persons.len(), records.len(), None);
    let ages = RawColumn::numbers(&persons.iter().map(|(age, _)| *age).collect::<Vec<_>>());
    let bands = RawColumn::cells(records.iter().map(|(band, _)| band.clone()).collect());
    builder.add("age", Kind::Numeric, ages, bands, None).unwrap();
    let [living, told] =
        [persons.iter().map(|(_, city)| *city).collect(), records.iter().map(|(_, city)| *city).collect()]
            .map(|cities: Vec<&str>| categories(&cities));
    builder.add("city", Kind::Categorical, living, told, None).unwrap();
    builder.finish()
}

#[test]
fn a_record_is_right_about_one_of_those_in_the_register_who_fit_it() {
    let persons = [(30.0, "a"), (31.0, "a"), (32.0, "a"), (30.0, "b"), (70.0, "b"), (71.0, "c")];
    let band = |lo: f64, hi: f64| Cell::Interval(Interval::closed(lo, hi));
    let records = [
        (band(30.0, 39.0), "a"),   // three persons
        (band(30.0, 31.0), "*"),   // three: two of a, one of b
        (band(30.0, 39.0), "b"),   // one
        (Cell::Number(71.0), "b"), // nobody
        (Cell::Suppressed, "*"),   // says nothing, and counts nothing
    ];
    let of = |records: &[(Cell, &str)]| {
        let tables = register(&persons, records);
        Population::of(&tables, &Classes::of(&tables, &[0, 1], true)).unwrap()
    };
    let found = of(&records);
    assert_eq!((found.persons, found.fewest, found.fitting_nobody), (6, Some(1), (1, 1)));
    assert!((found.mean_risk.unwrap() - (1.0 / 3.0 + 1.0 / 3.0 + 1.0) / 4.0).abs() < 1e-15);
    // More persons of a record's kind make it safer, whether or not they are in the release.
    assert_eq!(of(&records[..2]).largest_risk(), Some(Fraction::new(1, 3)));
    // Where nobody fits anything, there is no figure, and above all not 0.
    let nobody = of(&records[3..4]);
    assert_eq!((nobody.largest_risk(), nobody.mean_risk, nobody.fitting_nobody), (None, None, (1, 1)));
}

fn sizes(sizes: &[u64]) -> Sizes {
    sizes.iter().copied().collect()
}

const QUASI: Identifiers = Identifiers { direct: false, quasi: true };

#[test]
fn levels_at_the_edges() {
    let limit = Fraction::new(1, 20);
    let none = Context::default();
    let of = |found: &Sizes, sharing| assess(found, sharing, &none, limit, QUASI);
    // Twenty rows meet the cut-off, and R = 1/20 is not below 1/20.
    let twenty = of(&sizes(&[20, 30]), Sharing::Public);
    assert_eq!((twenty.above_cutoff, twenty.risk, twenty.level), ((0, 2), Some(0.05), Some(2)));
    assert_eq!(of(&sizes(&[21, 30]), Sharing::Public).level, Some(3));
    let nineteen = of(&sizes(&[19, 3000]), Sharing::Public);
    assert_eq!((nineteen.above_cutoff, nineteen.risk, nineteen.level), ((1, 2), Some(1.0), Some(2)));
    // Classes of 5 meet controlled sharing's cut-off; the mean over classes decides, and the context is not known.
    let open = of(&sizes(&[5, 5]), Sharing::Controlled);
    assert_eq!((open.above_cutoff.0, open.level, open.below, open.context_known), (0, None, None, false));
    assert_eq!(of(&sizes(&[5, 4]), Sharing::Controlled).level, Some(2), "R = 1 whatever the context");
    assert_eq!(of(&sizes(&[5, 5]), Sharing::Enclave).above_cutoff.0, 0);
    let worst = of(&sizes(&[30, 40]), Sharing::Controlled);
    assert_eq!((worst.level, worst.context_known), (Some(3), false), "below the threshold in any context");

    let identifiers =
        |direct, quasi| assess(&sizes(&[100]), Sharing::Public, &none, limit, Identifiers { direct, quasi });
    assert_eq!(identifiers(true, true).level, Some(1));
    assert_eq!(identifiers(true, false).level, Some(1));
    assert_eq!(identifiers(false, false).level, Some(4));
    assert_eq!(assess(&sizes(&[]), Sharing::Public, &none, limit, QUASI).level, None);
}

#[test]
fn the_context_of_the_standard() {
    assert_eq!(deliberate(Grade::High, Grade::Low), Fraction::new(1, 20));
    assert_eq!(deliberate(Grade::Low, Grade::High), Fraction::new(3, 5));
    assert!((inadvertent(0.001, 150) - 0.1394).abs() < 1e-4);
    let context = |p: f64| Context {
        deliberate: Some(deliberate(Grade::High, Grade::Low)),
        inadvertent: Some(inadvertent(p, 150)),
        breach: Some(0.01),
    };
    assert_eq!(context(0.0).probability(), Some(Fraction::new(1, 20)));
    let driven = context(0.001).probability().unwrap().value();
    assert!((driven - 0.1394).abs() < 1e-4, "by the inadvertent term: {driven}");
    assert_eq!(Context { breach: None, ..context(0.1) }.probability(), None);
    // Uneven classes: the mean over the classes is .505, over the rows .02.
    let uneven = sizes(&[1, 99]);
    assert!((uneven.mean_over_classes().unwrap() - 0.505_050_505).abs() < 1e-8);
    assert_eq!(uneven.mean_over_rows(), Some(Fraction::new(2, 100)));
    let found = assess(&sizes(&[10, 10]), Sharing::Controlled, &context(0.0), Fraction::new(1, 20), QUASI);
    assert_eq!((found.risk, found.level), (Some(0.1 * 0.05), Some(3)));
}

/// Cells of every kind over few values.
fn any_cell(numeric: bool) -> impl Strategy<Value = Cell> {
    let letters = ["a", "b", "c", "d"].map(str::to_owned);
    let end = |included| (0..5u8, 0..4u8, included, included);
    let ends = end(proptest::bool::ANY);
    prop_oneof![
        1 => Just(Cell::Missing),
        2 => Just(Cell::Suppressed),
        5 => (0..4u8).prop_map(move |x| if numeric { Cell::Number(f64::from(x)) } else { Cell::Category(letters[x as usize].clone()) }),
        4 => (ends, 1..16u8).prop_map(move |((lo, width, lo_included, hi_included), members)| {
            if numeric {
                let (lo, hi) = (f64::from(lo), f64::from(lo + width));
                Cell::Interval(Interval { lo, hi, lo_included: lo_included || width == 0, hi_included: hi_included || width == 0 })
            } else {
                let of = |at: usize| char::from(b'a' + at as u8).to_string();
                Cell::OneOf((0..4).filter(|at| members >> at & 1 == 1).map(of).collect())
            }
        }),
    ]
}

fn any_column(numeric: bool, rows: usize) -> impl Strategy<Value = Vec<Cell>> {
    proptest::collection::vec(any_cell(numeric), rows)
}

proptest! {
    #[test]
    fn who_agrees_is_counted_as_the_plain_double_loop_counts(
        one in (any_column(true, 30), any_column(true, 40)),
        two in (any_column(false, 30), any_column(false, 40)),
        three in (any_column(false, 30), any_column(false, 40)),
        are_exact in any::<bool>(),
    ) {
        let mut builder = TablesBuilder::new(30, 40, None);
        let said = |cells: Vec<Cell>| -> Vec<Cell> {
            let is_said = |cell: &Cell| !are_exact || matches!(cell, Cell::Number(_) | Cell::Category(_));
            cells.into_iter().map(|cell| if is_said(&cell) { cell } else { Cell::Missing }).collect()
        };
        for (name, kind, (persons, release)) in
            [("1", Kind::Numeric, one), ("2", Kind::Categorical, two), ("3", Kind::Categorical, three)]
        {
            let (persons, release) = (said(persons), said(release));
            builder.add(name, kind, RawColumn::cells(persons), RawColumn::cells(release), None).unwrap();
        }
        let tables = builder.finish();
        let columns = [0, 1, 2];
        for relation in [Relation::Covering, Relation::EqualOrSuppressed] {
            let groups = Classes::of(&tables, &columns, false);
            let release = Profiles::of_release(&tables, &groups);
            let persons = Profiles::of(&tables.original, &columns);
            let found = agreeing(&tables, &columns, &release, &persons, relation).unwrap();
            for (class, found) in found.into_iter().enumerate() {
                let row = groups.groups.first[class] as usize;
                let agrees = |person: &usize| columns.iter().all(|at| {
                    let codes = [tables.anonymized.column(*at)[row], tables.original.column(*at)[*person]];
                    agree(&tables.columns[*at].domain, codes[0], codes[1], relation)
                });
                prop_assert_eq!(found, (0..30).filter(agrees).count() as u64, "{:?} {}", relation, class);
            }
        }
    }

    #[test]
    fn closeness_is_the_plain_sum(rows in proptest::collection::vec((0..4u32, 0..9u32), 1..60)) {
        let text = |x: u32| x.to_string();
        let (groups, values): (Vec<String>, Vec<String>) = rows.iter().map(|(g, v)| (text(*g), text(*v))).unzip();
        let refs = |texts: &[String]| RawColumn::texts(texts);
        let mut builder = TablesBuilder::new(rows.len(), rows.len(), None);
        for (name, texts) in [("g", &groups), ("v", &values)] {
            builder.add(name, Kind::Categorical, refs(texts), refs(texts), None).unwrap();
        }
        let tables = builder.finish();
        let found = closeness::closeness(&ValuesOfClasses::of(&Classes::of(&tables, &[0], true), tables.anonymized.column(1))).unwrap();
        let distinct: std::collections::BTreeSet<u32> = rows.iter().map(|(_, v)| *v).collect();
        let share = |of: &dyn Fn(&(u32, u32)) -> bool, value: u32| {
            let own: Vec<_> = rows.iter().filter(|row| of(row)).collect();
            own.iter().filter(|(_, v)| *v == value).count() as f64 / own.len() as f64
        };
        let (mut equal, mut ordered) = (0.0f64, 0.0f64);
        for (group, _) in &rows {
            let gaps: Vec<f64> = distinct.iter().map(|v| share(&|row| row.0 == *group, *v) - share(&|_| true, *v)).collect();
            equal = equal.max(gaps.iter().map(|gap| gap.abs()).sum::<f64>() / 2.0);
            let mut moved = 0.0;
            let all: f64 = gaps.iter().map(|gap| { moved += gap; moved.abs() }).sum();
            ordered = ordered.max(all / (distinct.len() as f64 - 1.0).max(1.0));
        }
        prop_assert!((found.equal - equal).abs() < 1e-9 && (found.ordered - ordered).abs() < 1e-9, "{:?} {} {}", found, equal, ordered);
    }
}
