//! The nearest-neighbour two-sample test of the original against the control, over all columns together.
//!
//! When both are drawn alike, the person who is nearest to a person is of the same table as often as by drawing lots:
//! (nₓ − 1)/(n − 1) of the time, with nₓ of the n persons in it (Schilling 1986, JASA 81:799; Henze 1988, Annals of Statistics
//! 16:772). Persons of one household, twice the same person and a control of another time or place are nearer to their own.
//! The same persons, written a little otherwise, are nearer to themselves in the other table: the share is judged from both sides.
//! Ties count in proportion. The pairs that are each other's nearest answer alike: the variance grows by the
//! share of all persons who are asked, and is doubled when everybody is.
//!
//! The work is bounded: all persons of small tables ask among all, of large ones a sample; it is drawn over the rows in the
//! order of their values, so that the order of the files changes nothing, and by a seed of its own.

use super::pool::{ASKING, Pool};
use crate::table::Tables;
use rayon::prelude::*;

/// How persons mix with those of the other table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mixing {
    /// Persons who were asked for their nearest.
    pub asked: usize,
    /// Share of them whose nearest other person is of their own table.
    pub own: f64,
    /// The same by drawing lots.
    pub by_lots: f64,
    /// The share that chance explains at most.
    pub expected_at_most: f64,
    /// Whether chance explains the share, or it is not much larger.
    pub passed: bool,
    /// The share that chance explains at least.
    pub expected_at_least: f64,
    /// Whether it is not much smaller: else persons of the control are the original's, written a little otherwise.
    pub is_apart: bool,
}

/// Persons among whom the nearest is looked for at the most.
const POOL: usize = 60_000;
/// Standard errors beyond which chance explains nothing.
const BEYOND: f64 = 6.0;
/// Of the way from lots to complete separation, so much at least, for another population.
const LARGE: f64 = 0.1;

/// Compares the original with the control; `None` without a control, or with too few persons.
pub fn mixing(tables: &Tables) -> Option<Mixing> {
    let control = tables.control.as_ref()?;
    let columns = tables.columns.len();
    let (rows, of_control) = (tables.original.rows(), control.rows());
    if columns == 0 || rows < 2 || of_control < 2 {
        return None;
    }
    let share = (POOL as f64 / (rows + of_control) as f64).min(1.0);
    let pooled = |rows: usize| ((rows as f64 * share) as usize).max(2).min(rows);
    let pool = Pool::new(tables, [(&tables.original, pooled(rows)), (control, pooled(of_control))]);
    let asking = pool.asking().clamp(ASKING.0, 2 * ASKING.1);
    let queries = pool.queries(asking);
    let answers: Vec<f64> =
        queries.par_iter().map_init(|| vec![0.0; pool.rows()], |sums: &mut Vec<f32>, at| pool.own(*at, sums)).collect();
    let (mut own, mut lots, mut variance) = (0.0, 0.0, 0.0);
    let alike = 1.0 + queries.len() as f64 / pool.rows() as f64;
    for (at, answer) in queries.iter().zip(&answers) {
        let by_lots = pool.by_lots(*at);
        own += answer;
        lots += by_lots;
        variance += alike * by_lots * (1.0 - by_lots);
    }
    let asked = queries.len() as f64;
    let most = lots + BEYOND * (variance + 1.0).sqrt();
    let passed = own <= most || own - lots <= LARGE * (asked - lots);
    let least = lots - BEYOND * (variance + 1.0).sqrt();
    let is_apart = own >= least || lots - own <= LARGE * lots;
    let [own, by_lots, expected_at_most] = [own / asked, lots / asked, (most / asked).min(1.0)];
    let expected_at_least = (least / asked).max(0.0);
    Some(Mixing { asked: queries.len(), own, by_lots, expected_at_most, passed, expected_at_least, is_apart })
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::neighbors::kernel::Instructions;
    use crate::sampling::{Stream, Task};
    use crate::table::{Cell, Kind, RawColumn, TablesBuilder};

    fn persons(stream: &mut Stream, count: usize, mean: f64, household: usize) -> [Vec<f64>; 4] {
        let mut columns: [Vec<f64>; 4] = Default::default();
        let mut shared = [0.0; 4];
        for at in 0..count {
            if at % household == 0 {
                shared = [0, 1, 2, 3].map(|_| mean + stream.normal());
            }
            for (column, shared) in columns.iter_mut().zip(shared) {
                column.push(if household > 1 { shared + 0.05 * stream.normal() } else { shared });
            }
        }
        columns
    }

    fn found(seed: u64, [n, m]: [usize; 2], mean: f64, household: usize) -> Mixing {
        let mut stream = Stream::new(seed, Task::Population, 9);
        let [original, release] = [n, 5].map(|rows| persons(&mut stream, rows, 0.0, household));
        let control = persons(&mut stream, m, mean, household);
        let mut builder = TablesBuilder::new(n, 5, Some(m));
        for at in 0..4 {
            let [original, release, control] =
                [&original, &release, &control].map(|table| RawColumn::numbers(&table[at]));
            builder.add(&format!("x{at}"), Kind::Numeric, original, release, Some(control)).unwrap();
        }
        mixing(&builder.finish()).unwrap()
    }

    /// The plain loop over all persons.
    fn own_by_loop(pool: &Pool, row: usize) -> f64 {
        let apart = |other: usize| -> f32 {
            let columns = pool.columns.iter().zip(&pool.is_numeric);
            let of_column = columns.map(|((numbers, codes), is_numeric)| match *is_numeric && !numbers[row].is_nan() {
                true if numbers[other].is_nan() => 1.0,
                true => (numbers[row] - numbers[other]).abs(),
                false => f32::from(u8::from(codes[row] != codes[other])),
            });
            of_column.sum()
        };
        let is_own = |other: &usize| pool.is_original(*other) == pool.is_original(row);
        let others = (0..pool.rows()).filter(|other| !is_own(other) || pool.subjects[*other] != pool.subjects[row]);
        let others: Vec<(f32, usize)> = others.map(|other| (apart(other), other)).collect();
        let least = others.iter().map(|(apart, _)| *apart).fold(f32::INFINITY, f32::min);
        let nearest: Vec<usize> = others.iter().filter(|(apart, _)| *apart == least).map(|(_, other)| *other).collect();
        if nearest.is_empty() {
            return pool.by_lots(row);
        }
        nearest.iter().filter(|other| is_own(other)).count() as f64 / nearest.len() as f64
    }

    #[test]
    fn the_nearest_are_those_of_the_plain_loop() {
        for seed in 0..20 {
            let mut stream = Stream::new(seed, Task::Population, 10);
            let [n, m] = [3 + stream.below(200) as usize, 2 + stream.below(150) as usize];
            let mut builder = TablesBuilder::new(n, 5, Some(m));
            for at in 0..4 {
                // A number that is missing or a text now and then, or one of few categories.
                let mut cells = |rows: usize| -> RawColumn {
                    let cell = |stream: &mut Stream| match (at, stream.below(12)) {
                        (0 | 1, 0) => Cell::Missing,
                        (0 | 1, 1) => Cell::Category("unknown".into()),
                        (0 | 1, _) => Cell::Number(stream.below(9) as f64),
                        _ => Cell::Category(["a", "b", "c"][stream.below(3) as usize].into()),
                    };
                    RawColumn::cells((0..rows).map(|_| cell(&mut stream)).collect::<Vec<Cell>>())
                };
                let kind = if at < 2 { Kind::Numeric } else { Kind::Categorical };
                let (original, release, control) = (cells(n), cells(5), cells(m));
                builder.add(&format!("x{at}"), kind, original, release, Some(control)).unwrap();
            }
            if seed % 2 == 0 {
                let subjects = |rows: usize| (0..rows as u32).map(|row| row / 3).collect();
                builder.subjects(subjects(n), Some(subjects(m)));
            }
            let tables = builder.finish();
            let mut pool = Pool::new(&tables, [(&tables.original, n), (tables.control.as_ref().unwrap(), m)]);
            let mut sums = vec![0.0; pool.rows()];
            for instructions in Instructions::all() {
                pool.instructions = instructions;
                for row in 0..pool.rows() {
                    assert_eq!(pool.own(row, &mut sums), own_by_loop(&pool, row), "{seed} {row} {instructions:?}");
                }
            }
        }
    }

    #[test]
    fn honest_controls_of_any_size_mix() {
        for seed in 0..40 {
            for sizes in [[300, 6], [300, 30], [300, 300], [150, 300]] {
                let found = found(seed, sizes, 0.0, 1);
                assert!(found.passed && found.is_apart, "{seed} {sizes:?}: {found:?}");
            }
        }
    }

    /// A control of whom a third are the original's persons, with a little noise on every number.
    #[test]
    fn persons_of_the_original_are_seen_in_the_control() {
        for seed in 0..10 {
            let mut stream = Stream::new(seed, Task::Population, 9);
            let [original, mut control] = [300, 200].map(|rows| persons(&mut stream, rows, 0.0, 1));
            let mut builder = TablesBuilder::new(300, 300, Some(200));
            for (at, (original, control)) in original.iter().zip(&mut control).enumerate() {
                for row in 0..150 {
                    control[row] = original[row] + 0.001 * stream.normal();
                }
                let [original, control] = [original, &*control].map(|numbers| RawColumn::numbers(numbers));
                builder.add(&format!("x{at}"), Kind::Numeric, original.clone(), original, Some(control)).unwrap();
            }
            let found = mixing(&builder.finish()).unwrap();
            assert!(found.passed && !found.is_apart, "{seed}: {found:?}");
        }
    }

    #[test]
    fn households_and_another_population_do_not() {
        for seed in 0..10 {
            let households = found(seed, [300, 300], 0.0, 4);
            let elsewhere = found(seed, [300, 150], 1.5, 1);
            assert!(!households.passed && !elsewhere.passed, "{seed}: {households:?} {elsewhere:?}");
        }
    }
}
