//! Coverage of the intervals that stand without a control, and of those of weighted successes.

use super::coverage::binomial_terms;
use super::risk::{RiskMethod, RiskModel};
use crate::outcome::{Attempt, Outcomes, Tally};
use crate::sampling::{Stream, Task};
use crate::table::{Kind, RawColumn, Tables, TablesBuilder};

fn beyond(main: u64, nonmember: u64, attempted: u64) -> Option<(f64, [f64; 2])> {
    let model = RiskModel::of_targets(Tally::whole(main, attempted), None, Some(Tally::whole(nonmember, attempted)));
    model.estimate(0.95).map(|risk| (risk.signed, [risk.interval.lo, risk.interval.hi]))
}

#[test]
fn without_a_control_the_interval_has_two_sides() {
    // 456 of 1,000 are hit, 119 by everybody else's data: REFERENCE's verbatim sample.
    let (signed, [lo, hi]) = beyond(456, 119, 1000).unwrap();
    assert!((signed - (1.0 - 0.544 / 0.881)).abs() < 1e-12);
    assert!(lo > 0.33 && lo < 0.36 && hi > 0.48 && hi < 0.49, "[{lo}, {hi}]");
    // Guessing is no leak, and no pass.
    let (signed, [lo, hi]) = beyond(600, 600, 1000).unwrap();
    assert!(signed == 0.0 && lo < 0.0 && hi > 0.6);
    assert_eq!(beyond(1000, 1000, 1000), None);
    let alone = RiskModel::of_targets(Tally::whole(300, 1000), None, None).estimate(0.95).unwrap();
    assert_eq!((alone.signed, alone.interval.lo, alone.method), (0.3, 0.0, RiskMethod::MainOnly));
    assert!(alone.interval.hi > 0.3 && alone.interval.hi < 0.34);
}

#[test]
fn beyond_nonmember_covers_by_enumeration() {
    for (n, nonmember, risk) in [(100, 0.05, 0.0), (100, 0.3, 0.05), (100, 0.6, 0.0), (100, 0.6, 0.5), (100, 0.9, 0.2)]
    {
        let main = 1.0 - (1.0 - risk) * (1.0 - nonmember);
        let (main_terms, nonmember_terms) = (binomial_terms(n, main), binomial_terms(n, nonmember));
        let mut covered = 0.0;
        for (x1, p1) in main_terms.iter().enumerate().filter(|(_, p)| **p > 1e-7) {
            for (x0, p0) in nonmember_terms.iter().enumerate().filter(|(_, p)| **p > 1e-7) {
                let holds = |(_, [lo, hi]): (f64, [f64; 2])| lo <= risk && risk <= hi;
                if beyond(x1 as u64, x0 as u64, n as u64).is_none_or(holds) {
                    covered += p1 * p0;
                }
            }
        }
        assert!(covered >= 0.94, "nonmember={nonmember} risk={risk}: {covered}");
    }
}

/// Main and nonmember attacks on the same persons, some of whom are easy to tell and some hard: they are hit together.
#[test]
fn beyond_nonmember_covers_when_both_attacks_have_the_same_targets() {
    for risk in [0.0, 0.05, 0.2, 0.5, 1.0] {
        let held = (0..200).filter(|run| {
            let mut stream = Stream::new(*run, Task::Population, (risk * 100.0) as u64);
            let (mut main, mut nonmember) = (0, 0);
            for _ in 0..400 {
                let chance = if stream.unit() < 0.5 { 0.05 } else { 0.8 };
                nonmember += u64::from(stream.unit() < chance);
                main += u64::from(stream.unit() < risk || stream.unit() < chance);
            }
            let (_, [lo, hi]) = beyond(main, nonmember, 400).unwrap();
            lo <= risk && risk <= hi
        });
        let held = held.count();
        assert!(held >= 190, "risk {risk}: {held} of 200");
    }
}

fn table(persons: Option<&[u32]>, rows: usize) -> Tables {
    let column = vec![0.0; rows];
    let mut tables = TablesBuilder::new(rows, 1, None);
    tables.add("any", Kind::Numeric, RawColumn::numbers(&column), RawColumn::numbers(&[0.0]), None).unwrap();
    let mut tables = tables.finish();
    tables.original.subjects = persons.map(<[u32]>::to_vec);
    tables
}

/// Everybody is found among 1, 3 or 10 with some chance: the interval of the rate holds the expected worth.
#[test]
fn weighted_successes_cover_their_expectation() {
    for chance in [0.02, 0.3, 0.9, 1.0] {
        let truth = chance * (1.0 + 1.0 / 3.0 + 0.1) / 3.0;
        let (mut held, mut width) = (0, 0.0);
        let tables = table(None, 400);
        for run in 0..200 {
            let mut stream = Stream::new(run, Task::Population, (chance * 100.0) as u64);
            let attempt = |stream: &mut Stream| match stream.unit() < chance {
                true => Attempt::Success([1, 3, 10][stream.below(3) as usize]),
                false => Attempt::Miss,
            };
            let attempts: Vec<Attempt> = (0..400).map(|_| attempt(&mut stream)).collect();
            let rows: Vec<u32> = (0..400).collect();
            let tally = Tally::of(&attempts, Outcomes::default(), &tables.original, &rows);
            let interval = tally.interval(0.95);
            held += u32::from(interval.contains(truth));
            width += (interval.hi - interval.lo) / 200.0;
        }
        assert!(held >= 187, "chance {chance}: {held} of 200");
        let binomial = super::proportion::wilson(truth * 400.0, 400.0, 0.95);
        assert!(width < binomial.hi - binomial.lo, "chance {chance}: weights vary less than hits");
    }
}

/// Persons with numbers of rows that differ widely, whose rows share their fate (AUDIT 10).
#[test]
fn persons_with_unequal_rows_cover() {
    let held = (0..200).filter(|run| {
        let mut stream = Stream::new(*run, Task::Population, 7);
        let (mut persons, mut attempts) = (Vec::new(), Vec::new());
        for person in 0..300 {
            let rows = (1.0 / stream.unit().max(1e-3).powf(0.6)).ceil().min(40.0) as usize;
            let attempt = if stream.unit() < 0.3 { Attempt::HIT } else { Attempt::Miss };
            persons.extend(std::iter::repeat_n(person, rows));
            attempts.extend(std::iter::repeat_n(attempt, rows));
        }
        let tables = table(Some(&persons), persons.len());
        let rows: Vec<u32> = (0..persons.len() as u32).collect();
        Tally::of(&attempts, Outcomes::default(), &tables.original, &rows).interval(0.95).contains(0.3)
    });
    let held = held.count();
    assert!(held >= 182, "{held} of 200");
}
