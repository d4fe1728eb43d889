//! Whether persons of the control are nearer to the release than to the original.
//!
//! A release that was made from both holds records of the control's persons, perhaps with a little noise, and every leak is subtracted from itself.
//! Who was not used is as near to the release as to the original: among as many rows of either, there is a record at less than a quarter of the distance of the
//! nearest original as often as it is the other way round (the sign test; Dixon & Mood 1946, JASA 41:557). A release of averages is a little nearer to everybody, and
//! never four times. Equal rows are looked at more closely elsewhere ([`super::used`]).

use super::pool::{ASKING, Pool, chosen};
use crate::table::Tables;
use rayon::prelude::*;

/// Whom the control's persons are near to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearness {
    /// Persons who were asked.
    pub asked: usize,
    /// How many have a record in the release that is four times nearer than the nearest original.
    pub to_release: usize,
    /// How many chance explains at most, given how many have an original that is four times nearer than the nearest record.
    pub expected_at_most: f64,
    /// Whether chance explains them, or they are few.
    pub passed: bool,
}

/// Rows of either table among whom the nearest is looked for, at the most.
const POOL: usize = 20_000;
/// So many times as near is much nearer.
const MUCH: f32 = 4.0;
/// Standard errors beyond which chance explains nothing.
const BEYOND: f64 = 6.0;
/// Share of the persons that is not few.
const LARGE: f64 = 0.1;

/// Asks the control; `None` without one, or with too few persons.
pub fn nearness(tables: &Tables) -> Option<Nearness> {
    let control = tables.control.as_ref()?;
    let rows = tables.original.rows().min(tables.anonymized.rows()).min(POOL);
    if tables.columns.is_empty() || rows < 2 || control.rows() < 2 {
        return None;
    }
    let pool = Pool::new(tables, [(&tables.original, rows), (&tables.anonymized, rows)]);
    let asking = (pool.asking() / 2).clamp(ASKING.0, ASKING.1).min(control.rows());
    let nearest: Vec<[f32; 2]> = chosen(control, asking, 2)
        .into_par_iter()
        .map_init(|| vec![0.0; pool.rows()], |sums: &mut Vec<f32>, row| pool.nearest(tables, control, row, sums))
        .collect();
    let much_nearer =
        |is: &dyn Fn(f32, f32) -> bool| nearest.iter().filter(|[own, released]| is(*own, *released)).count();
    let to_release = much_nearer(&|own, released| MUCH * released < own);
    let to_original = much_nearer(&|own, released| MUCH * own < released);
    let (one, other, asked) = (to_release as f64, to_original as f64, nearest.len() as f64);
    let most = other + (BEYOND * (one + other + 1.0).sqrt()).max(LARGE * asked);
    Some(Nearness { asked: nearest.len(), to_release, expected_at_most: most, passed: one <= most })
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::sampling::{Stream, Task};
    use crate::table::{Kind, RawColumn, TablesBuilder};

    const COLUMNS: usize = 5;

    type Rows = Vec<[f64; COLUMNS]>;

    fn persons(stream: &mut Stream, rows: usize) -> Rows {
        (0..rows).map(|_| std::array::from_fn(|_| stream.normal())).collect()
    }

    fn noisy(stream: &mut Stream, rows: &[[f64; COLUMNS]], noise: f64) -> Rows {
        rows.iter().map(|row| row.map(|number| number + noise * stream.normal())).collect()
    }

    fn found(original: &Rows, release: &Rows, control: &Rows) -> Nearness {
        let mut builder = TablesBuilder::new(original.len(), release.len(), Some(control.len()));
        for at in 0..COLUMNS {
            let [original, release, control] = [original, release, control]
                .map(|rows| RawColumn::numbers(&rows.iter().map(|row| (row[at] * 1e3).round()).collect::<Vec<_>>()));
            builder.add(&format!("x{at}"), Kind::Numeric, original, release, Some(control)).unwrap();
        }
        nearness(&builder.finish()).unwrap()
    }

    #[test]
    fn a_split_of_what_the_release_was_made_from_is_seen() {
        for seed in 0..5 {
            let mut stream = Stream::new(seed, Task::Population, 3);
            let [original, control, fresh] = [600, 400, 600].map(|rows| persons(&mut stream, rows));
            let copies =
                [noisy(&mut stream, &original[..240], 0.02), noisy(&mut stream, &control[..160], 0.02)].concat();
            let found = found(&original, &[copies, fresh].concat(), &control);
            assert!(!found.passed, "{seed}: {found:?}");
        }
    }

    /// Fresh persons, copies of the original, averages of the original's persons, and a release of another size.
    #[test]
    fn who_was_not_used_is_as_near_to_the_original() {
        for seed in 0..20 {
            let mut stream = Stream::new(seed, Task::Population, 4);
            let [original, control, fresh] = [500, 300, 900].map(|rows| persons(&mut stream, rows));
            let copies = noisy(&mut stream, &original, 0.05);
            let mut sorted = original.clone();
            sorted.sort_by(|a, b| a[0].total_cmp(&b[0]));
            let mean = |rows: &[[f64; COLUMNS]]| -> [f64; COLUMNS] {
                std::array::from_fn(|at| rows.iter().map(|row| row[at]).sum::<f64>() / rows.len() as f64)
            };
            let averages: Rows = sorted.chunks(5).flat_map(|rows| vec![mean(rows); rows.len()]).collect();
            for release in [&fresh, &original, &copies, &averages, &fresh[..100].to_vec()] {
                let found = found(&original, release, &control);
                assert!(found.passed, "{seed}: {found:?}");
            }
        }
    }
}
