//! Columns in which rows of the release and persons agree together more often than chance explains.
//!
//! A release may hold ten columns of everybody beside two hundred that are drawn anew. Attackers who know random columns are spread thin over
//! it: what agrees is drowned by what does not. METHOD section 6a asks for attackers who know 1 to 4 columns; their uniqueness in the release alone
//! does not tell which (what was drawn anew is as unique), and an attacker must not be chosen by what the attack finds.
//!
//! # How columns are judged
//! Rows of the release and persons, original and control together, are sorted by their values in some columns. Let a group hold
//! t rows, a of the release and the others persons, φ being the release's share of all rows. If it hangs on nothing but chance
//! which rows are the release's, Σ (a − tφ)² / t has the mean and the variance of the statistic of homogeneity in sparse tables (Haldane
//! 1940, Biometrika 31:346). Copies stand beside whom they were made from, so that groups are mixed more evenly than lots would mix them:
//! the sum is too small. How many standard deviations it is below its mean is how far the columns agree beyond chance.
//! A release that is spread otherwise than the persons is mixed less evenly, never more; so that what hangs together in a column of frequent values
//! does not hide copies of rare ones, groups of two to six rows are judged by themselves, too, and the larger figure counts.
//!
//! Original and control are not told apart. The choice of columns therefore favours neither of them, and without a leak it hardly
//! ever finds any: of a few ten thousand sets of columns that are tried, the best is some four standard deviations off, and six are asked.
//!
//! # How sets are found
//! All pairs of columns, the best ones with every third, and so on as long as it grows, up to eight. Of very many columns some
//! are drawn, and of very many rows those whose fingerprints are small, so that the time is bounded.

use crate::sampling::{Stream, Task};
use crate::table::{Table, Tables, print_of};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Most columns of a set.
pub const MOST: usize = 8;
/// Standard deviations from which on columns agree beyond chance.
const BEYOND: f64 = 6.0;
/// Sets of each size that are enlarged.
const KEPT: usize = 12;
/// Columns whose pairs are all looked at, at the most.
const COLUMNS: usize = 400;
/// Cells that are sorted for the pairs, at the most.
const CELLS: usize = 30_000_000;
/// Rows that are looked at, at the most: as many as half a group's number can count.
const ROWS: usize = 40_000;
/// Sets that a thread judges one after the other, in the same memory.
const AT_A_TIME: usize = 8;
/// Rows that are sorted into groups at once.
const AT_ONCE: usize = 512;
/// Groups of fewer rows of the release, and of fewer persons, than this are counted by their kind.
const SMALL: usize = 8;
/// The bits of such a number.
const FEW: u32 = SMALL as u32 - 1;
/// Where the number of persons begins in a group.
const PERSONS: u32 = u16::BITS;
/// Groups of so many rows are judged by themselves.
const RARE: std::ops::RangeInclusive<u32> = 2..=6;

/// The columns of those given in which release and persons agree together most, ascending; `None` where chance explains them all.
pub fn together(tables: &Tables, columns: &[usize]) -> Option<Vec<usize>> {
    let chosen = Stream::new(0, Task::Together, 0).sample(columns.len(), COLUMNS);
    let columns: Vec<usize> = chosen.into_iter().map(|at| columns[at]).collect();
    let pairs = columns.len() * columns.len().saturating_sub(1) / 2;
    let rows = Rows::new(tables, &columns, ROWS.min(CELLS / pairs.max(1)));
    if pairs == 0 || rows.released == 0 || rows.released == rows.keys.first()?.len() {
        return None;
    }
    let all_pairs = (0..columns.len()).flat_map(|one| (one + 1..columns.len()).map(move |other| vec![one, other]));
    let mut best = rows.best(all_pairs.collect());
    let mut found = best.first()?.clone();
    while found.1.len() < MOST {
        let larger = best.iter().flat_map(|(_, set)| {
            let others = (0..columns.len()).filter(move |column| !set.contains(column));
            others.map(move |column| {
                let mut larger = set.clone();
                larger.push(column);
                larger.sort_unstable();
                larger
            })
        });
        let larger: BTreeSet<Vec<usize>> = larger.collect();
        best = rows.best(larger.into_iter().collect());
        match best.first() {
            Some(larger) if larger.0 > found.0 => found = larger.clone(),
            _ => break,
        }
    }
    let (beyond, set) = found;
    (beyond >= BEYOND).then(|| set.into_iter().map(|at| columns[at]).collect())
}

/// Rows of the release, and then of the persons.
struct Rows {
    /// By column, a number for each row's value.
    keys: Vec<Vec<u32>>,
    /// How many rows are the release's.
    released: usize,
    /// By column, how many of its numbers may be different.
    different: Vec<usize>,
}

impl Rows {
    /// All rows, or so many of them at the most.
    fn new(tables: &Tables, columns: &[usize], most: usize) -> Rows {
        let parts: Vec<&Table> = [&tables.anonymized, &tables.original].into_iter().chain(&tables.control).collect();
        let all: usize = parts.iter().map(|table| table.rows()).sum();
        // Which rows these are hangs on their values alone.
        let prints: Vec<Vec<u64>> = match all <= most {
            true => parts.iter().map(|table| vec![0; table.rows()]).collect(),
            false => parts.iter().map(|table| table.prints(0..table.columns())).collect(),
        };
        let beyond = least_beyond(prints.iter().flatten().copied(), most);
        let chosen: Vec<Vec<usize>> = prints
            .iter()
            .map(|prints| {
                let is_chosen = |row: &usize| beyond.is_none_or(|beyond| prints[*row] < beyond);
                (0..prints.len()).filter(is_chosen).collect()
            })
            .collect();
        let keys_of = |column: &usize| -> Vec<u32> {
            let of_part = |(table, rows): (&&Table, &Vec<usize>)| -> Vec<u32> {
                let codes = table.column(*column);
                rows.iter().map(|row| mixed(print_of([*column as u32, codes[*row]]))).collect()
            };
            parts.iter().zip(&chosen).flat_map(of_part).collect()
        };
        let different = columns.iter().map(|column| tables.columns[*column].domain.len()).collect();
        Rows { keys: columns.par_iter().map(keys_of).collect(), released: chosen[0].len(), different }
    }

    /// The best of some sets, best first.
    fn best(&self, sets: Vec<Vec<usize>>) -> Vec<(f64, Vec<usize>)> {
        let judged = |groups: &mut Vec<u32>, set: Vec<usize>| (self.beyond(&set, groups), set);
        let mut judged: Vec<(f64, Vec<usize>)> =
            sets.into_par_iter().with_min_len(AT_A_TIME).map_init(Vec::new, judged).collect();
        let order = |one: &(f64, Vec<usize>), other: &(f64, Vec<usize>)| {
            other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1))
        };
        if judged.len() > KEPT {
            judged.select_nth_unstable_by(KEPT, order);
            judged.truncate(KEPT);
        }
        judged.sort_unstable_by(order);
        judged
    }

    /// Groups that rows are sorted into by their values in some columns, as a power of two. Rows of different values that share a group
    /// are mixed by lot, and few.
    fn bits(&self, set: &[usize]) -> u32 {
        let values = set.iter().fold(1, |values: usize, column| values.saturating_mul(self.different[*column]));
        let most = values.min(self.keys[set[0]].len()).max(SMALL);
        (most + most / 2).next_power_of_two().trailing_zeros()
    }

    /// Sorts rows into groups by their values in some columns: of each group the number of its released rows in the low half, and of
    /// its persons in the high one.
    fn sort(&self, set: &[usize], groups: &mut Vec<u32>) {
        let bits = self.bits(set);
        groups.clear();
        groups.resize(1 << bits, 0);
        let rows = self.keys[set[0]].len();
        let mut of_rows = [0u32; AT_ONCE];
        for (range, row) in [(0..self.released, 1), (self.released..rows, 1 << PERSONS)] {
            for from in range.clone().step_by(AT_ONCE) {
                let of_rows = &mut of_rows[..AT_ONCE.min(range.end - from)];
                of_rows.fill(0);
                for column in set {
                    let keys = &self.keys[*column][from..];
                    of_rows.iter_mut().zip(keys).for_each(|(sum, key)| *sum = sum.wrapping_add(*key));
                }
                for sum in &*of_rows {
                    // The high bits of a product hang on all bits of the sum (Knuth 1973, The Art of Computer Programming 3, 6.4).
                    let group = sum.wrapping_mul(0x9e37_79b9) >> (u32::BITS - bits);
                    groups[group as usize] += row;
                }
            }
        }
    }

    /// How many standard deviations more evenly release and persons are mixed, sorted by some columns, than by lot.
    fn beyond(&self, set: &[usize], groups: &mut Vec<u32>) -> f64 {
        self.sort(set, groups);
        let rows = self.keys[set[0]].len();
        let (all, share) = (rows as f64, self.released as f64 / rows as f64);
        let both = share * (1.0 - share);
        let [mut of_all, mut of_rare] = [Sum::default(); 2];
        let mut add = |[released, persons]: [u32; 2], groups: u32| {
            let held = released + persons;
            let (a, t) = (f64::from(released), f64::from(held));
            let uneven = (a - t * share).powi(2) / t;
            let variance = 2.0 * both * both + both * (1.0 - 6.0 * both) / t;
            of_all.add(groups, uneven, both * (all - t) / (all - 1.0), variance);
            if RARE.contains(&held) {
                of_rare.add(groups, uneven, both, variance);
            }
        };
        // Nearly all groups are of few rows, so that as many of a kind are added at once. Four counts are kept by turns: one
        // that is read before it was written has to be waited for.
        let mut small = [[0u32; SMALL * SMALL]; 4];
        for groups in groups.as_chunks().0 {
            if *groups == [0; 4] {
                continue;
            }
            for (small, group) in small.iter_mut().zip(groups) {
                match group & !(FEW | FEW << PERSONS) {
                    0 => small[(group | group >> (PERSONS - SMALL.ilog2())) as usize % (SMALL * SMALL)] += 1,
                    _ => add([group & u32::from(u16::MAX), group >> PERSONS], 1),
                }
            }
        }
        // What no row was sorted into is no group.
        for kind in 1..SMALL * SMALL {
            let groups = small.iter().map(|small| small[kind]).sum();
            if groups > 0 {
                add([(kind % SMALL) as u32, (kind / SMALL) as u32], groups);
            }
        }
        // The groups' numbers of released rows add up to all of them.
        of_all.variance -= (of_all.groups * both * (1.0 - 2.0 * share)).powi(2) / (all * both);
        of_all.below().max(of_rare.below())
    }
}

/// The smallest print that is not among so many smallest ones, all rows of a print being taken or none; `None` where there are no more.
fn least_beyond(prints: impl Iterator<Item = u64>, most: usize) -> Option<u64> {
    let mut prints: Vec<u64> = prints.collect();
    (prints.len() > most).then(|| *prints.select_nth_unstable(most).1)
}

/// A number whose sums tell the columns apart (Stafford 2011, the finalizer of SplitMix).
fn mixed(number: u64) -> u32 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (number ^ (number >> 27)) as u32
}

/// Sums over groups.
#[derive(Clone, Copy, Default)]
struct Sum {
    groups: f64,
    uneven: f64,
    mean: f64,
    variance: f64,
}

impl Sum {
    /// Adds so many groups of a kind.
    fn add(&mut self, groups: u32, uneven: f64, mean: f64, variance: f64) {
        let groups = f64::from(groups);
        self.groups += groups;
        self.uneven += groups * uneven;
        self.mean += groups * mean;
        self.variance += groups * variance;
    }

    /// Standard deviations below the mean; 0 where nothing can vary.
    fn below(&self) -> f64 {
        if self.variance > 1e-9 * self.groups.max(1.0) { (self.mean - self.uneven) / self.variance.sqrt() } else { 0.0 }
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::table::{Kind, RawColumn, TablesBuilder};

    /// Persons with so many columns of so many values; every second hangs on what is the person's in common, where that is wanted.
    fn person(stream: &mut Stream, columns: usize, values: u64, hang_together: bool) -> Vec<u64> {
        let own = stream.below(values);
        let cell = |at: usize, stream: &mut Stream| match hang_together && at.is_multiple_of(2) && stream.unit() < 0.6 {
            true => (own + at as u64) % values,
            false => stream.below(values) * stream.below(values) / values,
        };
        (0..columns).map(|at| cell(at, stream)).collect()
    }

    struct World {
        seed: u64,
        rows: usize,
        columns: usize,
        leaking: usize,
        leak: f64,
        hang_together: bool,
        controls: Option<usize>,
    }

    fn found(world: &World) -> Option<Vec<usize>> {
        let mut stream = Stream::new(world.seed, Task::Population, 31);
        let mut persons = |rows: usize| -> Vec<Vec<u64>> {
            (0..rows).map(|_| person(&mut stream, world.columns, 8, world.hang_together)).collect()
        };
        let (original, mut release) = (persons(world.rows), persons(world.rows));
        let control = world.controls.map(persons);
        for (row, of) in release.iter_mut().zip(&original) {
            if stream.unit() < world.leak {
                row[..world.leaking].copy_from_slice(&of[..world.leaking]);
            }
        }
        let mut builder = TablesBuilder::new(world.rows, world.rows, world.controls);
        for at in 0..world.columns {
            let column = |rows: &Vec<Vec<u64>>| {
                RawColumn::texts(&rows.iter().map(|row| format!("v{}", row[at])).collect::<Vec<_>>())
            };
            let control = control.as_ref().map(column);
            builder.add(&format!("x{at}"), Kind::Categorical, column(&original), column(&release), control).unwrap();
        }
        together(&builder.finish(), &(0..world.columns).collect::<Vec<_>>())
    }

    #[test]
    fn what_was_copied_is_found_among_what_was_not() {
        for (seed, leaking, leak, controls) in
            [(1, 10, 1.0, Some(400)), (2, 4, 1.0, Some(400)), (3, 10, 0.3, Some(400)), (4, 10, 1.0, None)]
        {
            let world = World { seed, rows: 400, columns: 40, leaking, leak, hang_together: false, controls };
            let found = found(&world).unwrap_or_default();
            let right = found.iter().filter(|column| **column < leaking).count();
            assert!(right >= 4 && right + 1 >= found.len(), "{seed}: {found:?}");
        }
    }

    #[test]
    fn nothing_is_found_in_a_release_of_nobody() {
        for seed in 0..40 {
            let hang_together = seed % 2 == 0;
            let controls = [None, Some(20), Some(300)][seed as usize % 3];
            let world = World { seed, rows: 300, columns: 16, leaking: 0, leak: 0.0, hang_together, controls };
            assert_eq!(found(&world), None, "{seed}");
        }
    }
}
