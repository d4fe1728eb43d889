use super::*;
use crate::table::{Kind, RawColumn, TablesBuilder};
use crate::targets::NoProgress;

/// 100 persons with a sex of two values and a town, of whom each of the last three lives alone; their ages are 0 to 99.
fn tables() -> Tables {
    let town = |person: usize| if person < 97 { "big".to_owned() } else { format!("small {person}") };
    let sex = |person: usize| if person < 60 { "f" } else { "m" };
    let mut builder = TablesBuilder::new(100, 100, Some(50));
    let texts = |rows: usize, of: &dyn Fn(usize) -> String| RawColumn::texts(&(0..rows).map(of).collect::<Vec<_>>());
    let of_sex = |rows| texts(rows, &|person| sex(person).to_owned());
    let of_town = |rows| texts(rows, &town);
    let of_age = |rows: usize| RawColumn::numbers(&(0..rows).map(|person| person as f64).collect::<Vec<_>>());
    builder.add("sex", Kind::Categorical, of_sex(100), of_sex(100), Some(of_sex(50))).unwrap();
    builder.add("town", Kind::Categorical, of_town(100), of_town(100), Some(of_town(50))).unwrap();
    builder.add("age", Kind::Numeric, of_age(100), of_age(100), Some(of_age(50))).unwrap();
    builder.finish()
}

fn sizes(wanted: Wanted) -> Vec<(Who, usize, usize)> {
    let count = |members: &[bool]| members.iter().filter(|is| **is).count();
    let parts = Subgroups::of(&tables(), &wanted, &NoProgress).0;
    parts.iter().map(|part| (part.who, count(&part.original), part.control.as_deref().map_or(0, count))).collect()
}

#[test]
fn hand_worked_parts() {
    let of = |column| sizes(Wanted { exposed: false, columns: vec![column] });
    assert_eq!(of(0), [(Who::Value { column: 0, rank: 1 }, 60, 50), (Who::Value { column: 0, rank: 2 }, 40, 0)]);
    // Three towns of one person each are no parts of their own.
    assert_eq!(of(1), [(Who::Value { column: 1, rank: 1 }, 97, 50), (Who::OtherValues { column: 1 }, 3, 0)]);
    let fifth = |fifth| Who::Fifth { column: 2, fifth };
    let persons = |fifth: u32| if fifth <= 2 { 20 } else { 50usize.saturating_sub(20 * (fifth as usize - 1)).min(20) };
    let expected: Vec<(Who, usize, usize)> = (1..=5).map(|at| (fifth(at), 20, persons(at))).collect();
    assert_eq!(of(2), expected);
}

#[test]
fn holders_of_rare_values_and_outliers_are_those_who_live_alone() {
    let parts = sizes(Wanted { exposed: true, columns: Vec::new() });
    assert!(parts.contains(&(Who::RareValues, 3, 0)), "{parts:?}");
    let outliers: Vec<&(Who, usize, usize)> =
        parts.iter().filter(|(who, ..)| matches!(who, Who::Outliers { .. })).collect();
    // 1 % is one person, and three are equally far; 5 % are five, and the others are all equally near.
    assert_eq!(outliers, [&(Who::Outliers { share: 0.05 }, 3, 0)]);
}

#[test]
fn counts_of_parts_add_up_and_few_persons_have_no_risk() {
    let tables = tables();
    let parts = Subgroups::of(&tables, &Wanted { exposed: false, columns: vec![1] }, &NoProgress);
    let targets = TargetRows::everybody(&tables);
    // All who live alone are hit, and a tenth of the others.
    let hit = |row: usize| if row >= 97 || row.is_multiple_of(10) { Attempt::HIT } else { Attempt::Miss };
    let mut attempts = Attempts::none(&tables);
    attempts.main = (0..100).map(hit).collect();
    attempts.control = Some(vec![Attempt::Miss; 50]);
    let counts = parts.counts(&tables, &targets, &attempts, Outcomes::default(), attempts.design_effect());
    let of: Vec<[u64; 3]> =
        counts.iter().map(|part| [part.main.successes, part.main.attempted, part.main.population]).collect();
    assert_eq!(of, [[10, 97, 97], [3, 3, 3]]);
    assert!((counts[0].risk(0.95).unwrap().signed - 10.0 / 97.0).abs() < 1e-12);
    assert_eq!(counts[1].risk(0.95), None);
}
