//! Whom a secret is scored on, and when a guess of it is correct, where the plain rules would say nothing (METHOD
//! section 5).
//!
//! * *A tolerance that means nothing.* Five percent of a year, of a date written as a number, of a postal code or of an
//!   identifier is most of the column: any constant is within it. Such a column is scored by equality.
//! * *A value that nearly everybody holds.* Whoever guesses it is right about nearly everybody, with or without the release. Such
//!   a secret is scored on the persons with other values, and with too few of them it is no secret that can be attacked.
//!
//! Both follow from the original's column and, for the number of persons, from the control's alone, so that they do not depend
//! on the release.

use super::{Correctness, InferenceAttacker};
use crate::table::{Domain, Table, Tables};
use crate::targets::TargetRows;

/// A value held by more than this share of the original's rows is held by nearly everybody.
pub const NEARLY_EVERYBODY: f64 = 0.95;
/// Fewest persons with other values, in the original and in the control, on whom such a secret is scored.
pub const FEWEST_OTHERS: usize = 20;
/// A tolerance that covers at least this share of a column's values means nothing.
pub const COVERED: f64 = 0.2;

/// How a secret is scored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scoring {
    /// When a guess is correct.
    pub correctness: Correctness,
    /// Whether the tolerance asked for means nothing, so that only equal guesses are correct.
    pub by_equality: bool,
    /// Where nearly everybody holds one value: how many hold others.
    pub others: Option<Others>,
}

/// Rows that hold another value than nearly everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Others {
    /// Of the original.
    pub original: usize,
    /// Of the control.
    pub control: Option<usize>,
}

impl Others {
    /// Whether they are enough to attack.
    pub fn feasible(&self) -> bool {
        self.original >= FEWEST_OTHERS && self.control.is_none_or(|control| control >= FEWEST_OTHERS)
    }
}

impl Scoring {
    /// The rules for an attacker, and the targets that the attacker is scored on: of those that are attacked, those that count.
    pub fn of(attacker: &InferenceAttacker, tables: &Tables, targets: &TargetRows) -> (Scoring, TargetRows) {
        let secret = attacker.secret;
        let (scoring, usual) = Scoring::of_column(tables, secret, attacker.correctness);
        let Some(usual) = usual else { return (scoring, targets.clone()) };
        let kept = |table: &Table, rows: &[u32]| -> Vec<u32> {
            let codes = table.column(secret);
            rows.iter().copied().filter(|row| codes[*row as usize] != usual).collect()
        };
        let narrowed = TargetRows {
            original: kept(&tables.original, &targets.original),
            control: tables.control.as_ref().zip(targets.control.as_ref()).map(|(table, rows)| kept(table, rows)),
        };
        (scoring, narrowed)
    }

    /// The rules for a secret, and the code that nearly everybody holds.
    pub(super) fn of_column(tables: &Tables, secret: usize, correctness: Correctness) -> (Scoring, Option<u32>) {
        let domain = &tables.columns[secret].domain;
        let frequency = frequencies(domain, tables.original.column(secret));
        let by_equality = means_nothing(domain, &frequency, correctness);
        let correctness = if by_equality { Correctness { relative: 0.0, date_units: 0.0 } } else { correctness };
        let usual = held_by_nearly_everybody(&frequency);
        let others = usual.map(|usual| {
            let rows = |table: &Table| table.column(secret).iter().filter(|code| **code != usual).count();
            Others { original: rows(&tables.original), control: tables.control.as_ref().map(rows) }
        });
        (Scoring { correctness, by_equality, others }, usual)
    }

    /// Whether there is somebody to attack.
    pub fn feasible(&self) -> bool {
        self.others.is_none_or(|others| others.feasible())
    }
}

fn frequencies(domain: &Domain, codes: &[u32]) -> Vec<u64> {
    let mut frequency = vec![0; domain.len()];
    codes.iter().for_each(|code| frequency[*code as usize] += 1);
    frequency
}

/// The code that more than [`NEARLY_EVERYBODY`] of the rows hold; missing is a value like any other.
fn held_by_nearly_everybody(frequency: &[u64]) -> Option<u32> {
    let rows: u64 = frequency.iter().sum();
    let usual = (0..frequency.len()).max_by_key(|code| frequency[*code])?;
    (frequency[usual] as f64 > NEARLY_EVERYBODY * rows as f64).then_some(usual as u32)
}

/// Whether for most rows of a numeric column the tolerance around their value covers at least [`COVERED`] of the column's
/// distinct values, and another one than their own.
fn means_nothing(domain: &Domain, frequency: &[u64], correctness: Correctness) -> bool {
    if !domain.kind().is_numeric() {
        return false;
    }
    // In the order of their codes, which is that of the numbers.
    let held: Vec<(f64, u64)> = domain
        .number_codes()
        .map(|code| (domain.number(code), frequency[code as usize]))
        .filter(|(_, count)| *count > 0)
        .collect();
    let rows: u64 = held.iter().map(|(_, count)| count).sum();
    let covered = |value: f64| {
        let allowance = correctness.allowance(domain, value);
        let from = held.partition_point(|(other, _)| value - other > allowance);
        let to = held.partition_point(|(other, _)| other - value <= allowance);
        to - from
    };
    let wide = held.iter().filter(|(value, _)| {
        let covered = covered(*value);
        covered > 1 && covered as f64 >= COVERED * held.len() as f64
    });
    2 * wide.map(|(_, count)| count).sum::<u64>() > rows
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::table::{Kind, RawColumn, TablesBuilder};
    use crate::targets::Targets;

    fn scoring(kind: Kind, original: &[f64], control: &[f64], correctness: Correctness) -> (Scoring, TargetRows) {
        let mut tables = TablesBuilder::new(original.len(), original.len(), Some(control.len()));
        let column = RawColumn::numbers;
        tables.add("secret", kind, column(original), column(original), Some(column(control))).unwrap();
        let tables = tables.finish();
        let targets = TargetRows::draw(&tables, Targets::All, 0);
        let attacker =
            InferenceAttacker { secret: 0, known: vec![], guesser: Default::default(), correctness, searched: None };
        Scoring::of(&attacker, &tables, &targets)
    }

    fn by_equality(values: impl Iterator<Item = f64>) -> bool {
        let values: Vec<f64> = values.collect();
        scoring(Kind::Numeric, &values, &values, Correctness::default()).0.by_equality
    }

    #[test]
    fn a_tolerance_that_covers_the_column_means_nothing() {
        // Years, dates as numbers, postal codes of one region, identifiers of one range.
        assert!(by_equality((0..500).map(|at| 1930.0 + f64::from(at % 80))));
        assert!(by_equality((0..500).map(|at| 19_300_101.0 + 10_000.0 * f64::from(at % 80))));
        assert!(by_equality((0..500).map(|at| 90_001.0 + 7.0 * f64::from(at))));
        assert!(by_equality((0..500).map(|at| 1_000_000.0 + f64::from(at))));
        // Ages, incomes, hours of which most are 40, counts, and values that a tolerance does not join.
        assert!(!by_equality((0..500).map(|at| 18.0 + f64::from(at % 72))));
        assert!(!by_equality((0..500).map(|at| 100.0 * 1.01f64.powi(at))));
        assert!(!by_equality((0..500).map(|at| if at % 2 == 0 { 40.0 } else { f64::from(at % 90) })));
        assert!(!by_equality((0..500).map(|at| f64::from(at % 4))));
        assert!(!by_equality((0..500).map(|_| 7.0)));
    }

    #[test]
    fn days_are_judged_by_their_own_tolerance() {
        let days: Vec<f64> = (0..500).map(|at| f64::from(at % 300)).collect();
        let of = |date_units| {
            scoring(Kind::Date, &days, &days, Correctness { date_units, ..Correctness::default() }).0.by_equality
        };
        assert_eq!([0.0, 7.0, 40.0].map(of), [false, false, true]);
    }

    #[test]
    fn nearly_constant_secrets_are_scored_on_the_others() {
        let flags =
            |ones: usize, rows: usize| -> Vec<f64> { (0..rows).map(|row| f64::from(u8::from(row < ones))).collect() };
        let of = |ones, control_ones| {
            scoring(Kind::Numeric, &flags(ones, 1000), &flags(control_ones, 1000), Correctness::default())
        };
        let (scoring, targets) = of(49, 20);
        assert_eq!(scoring.others, Some(Others { original: 49, control: Some(20) }));
        assert!(scoring.feasible());
        assert_eq!((targets.original, targets.control), ((0..49).collect(), Some((0..20).collect())));
        assert!(!of(49, 19).0.feasible() && !of(19, 49).0.feasible() && !of(0, 0).0.feasible());
        let (scoring, targets) = of(50, 0);
        assert_eq!((scoring.others, scoring.feasible(), targets.original.len()), (None, true, 1000));
    }
}
