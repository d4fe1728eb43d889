use super::*;
use crate::inference::{Correctness, InferenceAttacker};
use crate::linkability::LinkabilityAttacker;
use crate::matcher::Matcher;
use crate::membership::{MembershipAttacker, Score};
use crate::progress::NoProgress;
use crate::sampling::{Stream, Task};
use crate::table::{Cell, Kind, RawColumn, TablesBuilder};

/// Fictional persons of eight columns; the release is as good as any, for it is not looked at.
fn tables(persons: usize, control: Option<usize>, several: bool) -> Tables {
    let mut stream = Stream::new(1, Task::Population, 0);
    let mut builder = TablesBuilder::new(persons, persons, control);
    for column in 0..8 {
        let mut cells = |rows: usize| {
            let cell =
                |draw: u64| if column < 4 { Cell::Number(draw as f64) } else { Cell::Category(draw.to_string()) };
            RawColumn::cells((0..rows).map(|_| cell(stream.below(if column < 4 { 60 } else { 9 }))).collect())
        };
        let kind = if column < 4 { Kind::Numeric } else { Kind::Categorical };
        let (original, release, control) = (cells(persons), cells(persons), control.map(&mut cells));
        builder.add(&format!("c{column}"), kind, original, release, control).unwrap();
    }
    if several {
        let of = |rows: usize| (0..rows as u32).map(|row| row / 2).collect();
        builder.subjects(of(persons), control.map(of));
    }
    builder.finish()
}

fn plan(with_membership: bool) -> Plan {
    let mut plan = Plan::new(3);
    plan.push(LinkabilityAttacker {
        halves: [(0..4).collect(), (4..8).collect()],
        matcher: Matcher::Distance,
        neighbors: 1,
        searched: None,
    });
    let known = (0..7).collect();
    plan.push(InferenceAttacker {
        secret: 7,
        known,
        guesser: Default::default(),
        correctness: Correctness::default(),
        searched: None,
    });
    if with_membership {
        plan.push(MembershipAttacker { score: Score::Distance, columns: (0..8).collect() });
    }
    plan
}

fn calibration(tables: &Tables, plan: &Plan, runs: u64, shares: &[f64]) -> Calibration {
    let wanted = Wanted { runs, persons: 300, shares: shares.to_vec() };
    calibrate(tables, plan, 0.95, &wanted, &NoProgress).unwrap().unwrap()
}

fn found(of_attack: &OfAttack, leak: Leak, share: f64) -> f64 {
    of_attack.power.iter().find(|power| power.leak == leak && power.share == share).unwrap().found.rate()
}

#[test]
fn large_leaks_are_found_small_ones_less_and_none_is_no_alarm() {
    for control in [Some(400), None] {
        let tables = tables(800, control, false);
        let found_of = calibration(&tables, &plan(control.is_some()), 12, &[0.01, 0.5]);
        assert_eq!((found_of.persons, found_of.control), (300, control.map(|_| 300)));
        assert_eq!(found_of.attacks.len(), if control.is_some() { 3 } else { 2 });
        for of_attack in &found_of.attacks {
            let alarms = of_attack.false_alarms;
            assert_eq!(alarms.worlds, 60);
            // 95 % intervals, of which one end counts.
            assert!(alarms.found <= 6, "{of_attack:?}");
            let large = found(of_attack, Leak::Verbatim, 0.5);
            assert!(large == 1.0, "{of_attack:?}");
            assert!(found(of_attack, Leak::Verbatim, 0.01) <= large, "{of_attack:?}");
        }
        assert_eq!(found(&found_of.attacks[0], Leak::Group, 0.5), 1.0);
    }
}

#[test]
fn nobody_of_the_release_is_under_test_and_planted_persons_are() {
    for several in [false, true] {
        let from = tables(200, Some(100), several);
        let rows = |table: &crate::table::Table, tables: &Tables| -> Vec<String> {
            let cell = |row: usize, column: usize| {
                let domain = &tables.columns[column].domain;
                format!("{:?}", domain.cell(table.column(column)[row]))
            };
            (0..table.rows()).map(|row| (0..8).map(|column| cell(row, column)).collect::<Vec<_>>().join("|")).collect()
        };
        let persons = world::persons(&from, 1000);
        assert_eq!(persons, if several { 50 } else { 100 });
        let world = World::draw(&from, persons, 0, 4);
        let clean = world.tables(&from, None).unwrap();
        let (original, release) = (rows(&clean.original, &clean), rows(&clean.anonymized, &clean));
        assert_eq!((original.len(), release.len()), (100, 100));
        assert!(release.iter().all(|row| !original.contains(row)), "somebody is in both");
        let all = rows(&from.original, &from);
        assert!(original.iter().chain(&release).all(|row| all.contains(row)));
        for leak in [Leak::Verbatim, Leak::Group] {
            let planted = world.tables(&from, Some((leak, 10))).unwrap();
            let release = rows(&planted.anonymized, &planted);
            let copied = release.iter().filter(|row| original.contains(row)).count();
            assert_eq!(copied, if several { 20 } else { 10 }, "{leak:?}");
            assert_eq!(rows(&planted.original, &planted), original);
        }
        for leak in [Leak::Noise, Leak::Changed, Leak::Generalized] {
            let planted = world.tables(&from, Some((leak, 10))).unwrap();
            let again = world.tables(&from, Some((leak, 10))).unwrap();
            let of = rows(&planted.anonymized, &planted);
            assert_eq!(of, rows(&again.anonymized, &again), "{leak:?}");
            let same = of.iter().filter(|row| release.contains(row)).count();
            assert!((75..=100).contains(&same) && of.len() == 100, "{leak:?}: {same}");
        }
    }
}

#[test]
fn the_threads_change_nothing_and_small_tables_give_nothing() {
    let from = tables(200, None, false);
    let in_pool = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| calibration(&from, &plan(false), 2, &[0.1]))
    };
    assert_eq!(in_pool(1), in_pool(4));
    let small = tables(FEWEST - 1, None, false);
    assert_eq!(calibrate(&small, &plan(false), 0.95, &Wanted::default(), &NoProgress).unwrap(), None);
    assert_eq!(calibrate(&from, &Plan::new(0), 0.95, &Wanted::default(), &NoProgress).unwrap(), None);
}
