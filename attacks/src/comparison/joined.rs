//! Whether what says which release row came from which person can be true.
//!
//! A record key or a map that joins rows wrongly makes every right answer count as wrong, and a copy of the original safe. Two
//! questions are put to it; neither plays an attacker.
//!
//! # Do joined rows agree more than others?
//! One pair of rows is taken of every record that both tables have. Of each column the pairs' agreement is added up: of
//! categories −ln q for equal or compatible cells, q being the value's share, so that what is rare counts more; of
//! numbers the product of their ranks, measured from the middle (Spearman 1904, American Journal of Psychology 15:72). The
//! release rows are then dealt out to the same persons by lot, [`DEALS`] times. With zⱼ the sum of a column in standard deviations
//! of these, the truth is supported when Σ max(zⱼ, 0)² is larger than in every deal: by chance alone a truth that has nothing
//! to do with the values comes to that once in [`DEALS`] + 1 times, whatever the tables look like (Fisher 1935, The Design of
//! Experiments; Hoeffding 1951, Annals of Mathematical Statistics 22:558). A truth that is not supported is wrong, or the release keeps
//! nothing of the persons whom it joins: which of the two, the tables do not tell.
//!
//! # Are rows nearer to somebody else than strangers are?
//! Files that are sorted and lost a row join neighbours, who agree more than by lot. So the strength of a link is measured: the sum
//! of −ln q over the columns in which a release row agrees with a person. Strangers reach it as often as persons of the original
//! with others of the original. A row that is linked to one person alone more strongly than 99 % of strangers with their
//! likest stranger, and is given to another with whom it is not, contradicts the truth. When such rows are more than those that it gives to the
//! person to whom they are linked, and more than a twentieth of all, the truth is contradicted.

use crate::agreement::{Shares, are_compatible};
use crate::sampling::{Stream, Task};
use crate::table::{Cell, Domain, Groups, Table, Tables};
use rayon::prelude::*;
use std::collections::HashMap;

/// Deals by lot with which the truth is compared.
pub const DEALS: usize = 999;
/// Pairs that are looked at: at the most, and at the least.
const PAIRS: (usize, usize) = (1_000, 100);
/// Cells of pairs that are looked at in each deal, at the most.
const CELLS: usize = 60_000;
/// Rows whose links are looked for, at the most, and the cells that are compared for them.
const LINKS: (usize, usize) = (400, 1_500_000_000);
/// Fewer rows than these are no sample of strangers.
const FEWEST: usize = 40;
/// Share of strangers who may be as like as that.
const STRANGERS: f64 = 0.01;
/// Links beyond this share of the rows are none of strangers.
const MANY: f64 = 0.05;

/// What the tables say of the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joined {
    /// Records of both tables that were looked at.
    pub pairs: usize,
    /// Deals by lot in which rows agree as much as joined ones, of [`DEALS`].
    pub as_good: usize,
    /// Release rows whose links were looked for.
    pub asked: usize,
    /// How many of them are linked to the person to whom they are given.
    pub right: usize,
    /// How many of them are linked to somebody else, and not to the one to whom they are given.
    pub wrong: usize,
}

impl Joined {
    /// Whether joined rows agree more than others do.
    pub fn is_supported(&self) -> bool {
        self.as_good == 0
    }

    /// Whether rows stand nearer to others than to those to whom they are given.
    pub fn is_contradicted(&self) -> bool {
        self.wrong > self.right && self.wrong as f64 > MANY * self.asked as f64
    }
}

/// Looks at the truth that a record key, a map or the order of the rows gives; `None` without one, or where it joins nothing.
pub fn joined(tables: &Tables) -> Option<Joined> {
    let (of_original, of_release) = (tables.original.records.as_ref()?, tables.anonymized.records.as_ref()?);
    let persons = first_of_each(tables, &tables.original, of_original);
    let released = first_of_each(tables, &tables.anonymized, of_release);
    let mut pairs: Vec<[u32; 2]> =
        persons.iter().filter_map(|(record, person)| Some([*person, *released.get(record)?])).collect();
    if pairs.is_empty() || tables.columns.is_empty() {
        return None;
    }
    // Neither the order of the rows nor how records are numbered decides who is looked at.
    let place = |table: &Table, rows: Vec<u32>| -> HashMap<u32, usize> {
        tables.in_order(table, rows).into_iter().enumerate().map(|(at, row)| (row, at)).collect()
    };
    let persons = place(&tables.original, pairs.iter().map(|pair| pair[0]).collect());
    let rows = place(&tables.anonymized, pairs.iter().map(|pair| pair[1]).collect());
    pairs.sort_unstable_by_key(|[person, row]| (persons[person], rows[row]));
    let most = (CELLS / tables.columns.len()).clamp(PAIRS.1, PAIRS.0);
    let chosen = Stream::new(0, Task::Joined, 0).sample(pairs.len(), most);
    let pairs: Vec<[u32; 2]> = chosen.into_iter().map(|at| pairs[at]).collect();
    let [asked, right, wrong] = links(tables, of_original, of_release).unwrap_or_default();
    Some(Joined { pairs: pairs.len(), as_good: as_good(tables, &pairs), asked, right, wrong })
}

/// A row of each record: the first by its values.
fn first_of_each(tables: &Tables, table: &Table, records: &[u32]) -> HashMap<u32, u32> {
    let mut first = HashMap::new();
    for row in tables.in_order(table, 0..table.rows() as u32) {
        first.entry(records[row as usize]).or_insert(row);
    }
    first
}

/// Deals by lot in which the rows agree as much as the pairs do.
fn as_good(tables: &Tables, pairs: &[[u32; 2]]) -> usize {
    let columns: Vec<Agreement<'_>> =
        (0..tables.columns.len()).into_par_iter().map(|column| Agreement::new(tables, column, pairs)).collect();
    let sums = |deal: usize| -> Vec<f64> {
        let mut dealt: Vec<usize> = (0..pairs.len()).collect();
        if deal > 0 {
            Stream::new(0, Task::Joined, deal as u64).shuffle(&mut dealt);
        }
        columns.iter().map(|column| column.sum(&dealt)).collect()
    };
    let sums: Vec<Vec<f64>> = (0..=DEALS).into_par_iter().map(sums).collect();
    let deals = sums.len() as f64;
    // The truth is one of the deals: with it, all of them are alike if it has nothing to do with the values.
    let spread = |column: usize| {
        let mean = sums.iter().map(|sums| sums[column]).sum::<f64>() / deals;
        let variance = sums.iter().map(|sums| (sums[column] - mean).powi(2)).sum::<f64>() / deals;
        (mean, variance.sqrt())
    };
    let spreads: Vec<(f64, f64)> = (0..columns.len()).map(spread).collect();
    let beyond = |sums: &Vec<f64>| -> f64 {
        let columns = sums.iter().zip(&spreads).filter(|(_, (mean, spread))| *spread > 1e-9 * mean.abs().max(1e-9));
        columns.map(|(sum, (mean, spread))| ((sum - mean) / spread).max(0.0).powi(2)).sum()
    };
    let of_truth = beyond(&sums[0]);
    // What is as good but for rounding is as good.
    sums[1..].iter().filter(|sums| beyond(sums) >= of_truth * (1.0 - 1e-9)).count()
}

/// How much the cells of pairs agree in one column.
enum Agreement<'a> {
    /// Ranks of the persons' and of the release's numbers, measured from their middles; 0 for what is no number.
    Numbers([Vec<f64>; 2]),
    /// The persons' and the release's codes.
    Categories { domain: &'a Domain, codes: [Vec<u32>; 2], shares: Shares },
}

impl<'a> Agreement<'a> {
    fn new(tables: &'a Tables, column: usize, pairs: &[[u32; 2]]) -> Agreement<'a> {
        let domain = &tables.columns[column].domain;
        let of = |side: usize, table: &Table| -> Vec<u32> {
            pairs.iter().map(|pair| table.column(column)[pair[side] as usize]).collect()
        };
        let codes = [of(0, &tables.original), of(1, &tables.anonymized)];
        match domain.kind().is_numeric() {
            true => Agreement::Numbers(codes.map(|codes| ranks(domain, &codes))),
            false => Agreement::Categories { domain, codes, shares: Shares::of(tables, column) },
        }
    }

    /// Of the persons in their order with rows of the release in another.
    fn sum(&self, dealt: &[usize]) -> f64 {
        match self {
            Agreement::Numbers([persons, released]) => {
                persons.iter().zip(dealt).map(|(rank, row)| rank * released[*row]).sum()
            }
            Agreement::Categories { domain, codes: [persons, released], shares } => {
                let pairs = persons.iter().zip(dealt).map(|(code, row)| (*code, released[*row]));
                pairs.map(|(code, row)| worth(domain, shares, code, row)).sum()
            }
        }
    }
}

/// What it is worth that two cells agree.
fn worth(domain: &Domain, shares: &Shares, person: u32, released: u32) -> f64 {
    match are_compatible(domain, person, released) {
        true => shares.worth(person).min(shares.worth(released)),
        false => 0.0,
    }
}

/// Ranks of numbers, equal ones sharing theirs, from −1 to 1; bands stand at their middle, and what is no number at 0.
fn ranks(domain: &Domain, codes: &[u32]) -> Vec<f64> {
    let number = |code: &u32| match domain.cell(*code) {
        Cell::Number(number) => Some(*number),
        Cell::Interval(interval) => interval.representative(),
        _ => None,
    };
    let mut order: Vec<(f64, usize)> =
        codes.iter().enumerate().filter_map(|(at, code)| Some((number(code)?, at))).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut ranks = vec![0.0; codes.len()];
    let count = order.len() as f64;
    let mut below = 0;
    for equal in order.chunk_by(|a, b| a.0 == b.0) {
        let middle = below as f64 + equal.len() as f64 / 2.0;
        equal.iter().for_each(|(_, at)| ranks[*at] = 2.0 * middle / count - 1.0);
        below += equal.len();
    }
    ranks
}

/// Rows that were asked, those that are linked to the person to whom they are given, and those that are linked to another; `None` for
/// tables that are too small or too large.
fn links(tables: &Tables, of_original: &[u32], of_release: &[u32]) -> Option<[usize; 3]> {
    let (original, release) = (&tables.original, &tables.anonymized);
    let cells = original.rows() * tables.columns.len();
    let asking = (LINKS.1 / (2 * cells).max(1)).min(LINKS.0);
    // Rows that several have are nobody's link.
    let groups = Groups::of(release.rows(), (0..release.columns()).map(|column| release.column(column)));
    let sizes = groups.sizes();
    let own = (0..release.rows() as u32).filter(|row| sizes[groups.of_row[*row as usize] as usize] == 1);
    let rows = tables.in_order(release, own);
    let persons = tables.in_order(original, 0..original.rows() as u32);
    if asking.min(rows.len()).min(persons.len()) < FEWEST {
        return None;
    }
    let drawn = |rows: &[u32], item: u64| -> Vec<u32> {
        let chosen = Stream::new(0, Task::Joined, item).sample(rows.len(), asking);
        chosen.into_iter().map(|at| rows[at]).collect()
    };
    let shares: Vec<Shares> =
        (0..tables.columns.len()).into_par_iter().map(|column| Shares::of(tables, column)).collect();
    let scores = |table: &Table, row: u32| scores(tables, &shares, table, row as usize);
    let likest_stranger = |person: &u32| {
        let is_stranger = |other: usize| {
            original.subject(other) != original.subject(*person as usize)
                && of_original[other] != of_original[*person as usize]
        };
        let scores = scores(original, *person);
        let strangers = scores.iter().enumerate().filter(|(other, _)| is_stranger(*other));
        strangers.map(|(_, score)| *score).fold(0.0, f32::max)
    };
    let mut strangers: Vec<f32> = drawn(&persons, 1 << 32).par_iter().map(likest_stranger).collect();
    strangers.sort_unstable_by(f32::total_cmp);
    let strong = strangers[((1.0 - STRANGERS) * strangers.len() as f64).ceil() as usize - 1];
    let asked = drawn(&rows, 2 << 32);
    let linked = |row: &u32| -> Option<bool> {
        let scores = scores(release, *row);
        let most = scores.iter().copied().fold(0.0, f32::max);
        let best: Vec<usize> = (0..scores.len()).filter(|person| scores[*person] == most).take(2).collect();
        let [best] = best[..] else { return None };
        let given = |person: usize| of_original[person] == of_release[*row as usize];
        let is_far = || (0..scores.len()).all(|person| !given(person) || scores[person] <= strong);
        match most > strong {
            true if given(best) => Some(true),
            true if is_far() => Some(false),
            _ => None,
        }
    };
    let linked: Vec<Option<bool>> = asked.par_iter().map(linked).collect();
    let count = |is: bool| linked.iter().filter(|linked| **linked == Some(is)).count();
    Some([asked.len(), count(true), count(false)])
}

/// What a row's agreement with each person of the original is worth.
fn scores(tables: &Tables, shares: &[Shares], table: &Table, row: usize) -> Vec<f32> {
    let mut scores = vec![0.0; tables.original.rows()];
    for (column, shares) in shares.iter().enumerate() {
        let (domain, own) = (&tables.columns[column].domain, table.column(column)[row]);
        let persons = scores.iter_mut().zip(tables.original.column(column));
        if domain.has_generalized() {
            persons.for_each(|(score, code)| *score += worth(domain, shares, *code, own) as f32);
        } else {
            let worth = shares.worth(own) as f32;
            persons.for_each(|(score, code)| *score += if *code == own { worth } else { 0.0 });
        }
    }
    scores
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::table::{Kind, RawColumn, TablesBuilder};

    /// A person: two numbers and three categories that hang together.
    fn person(stream: &mut Stream) -> ([f64; 2], [String; 3]) {
        let age = 18.0 + stream.below(60) as f64;
        let income = 800.0 + 20.0 * age + stream.below(4000) as f64;
        let job = format!("j{}", stream.below(8) * stream.below(8) / 8);
        let town = format!("t{}", stream.below(12) * stream.below(12) / 3);
        let school = format!("s{}", (age as u64 / 20 + stream.below(2)) % 4);
        ([age, income], [job, town, school])
    }

    /// A release in which the numbers of everybody are noisy and each category is drawn anew with this chance.
    fn noisy(stream: &mut Stream, original: &[([f64; 2], [String; 3])], anew: f64) -> Vec<([f64; 2], [String; 3])> {
        let one = |(numbers, categories): &([f64; 2], [String; 3])| {
            let other = person(stream);
            let numbers = [numbers[0] + 5.0 * stream.normal(), numbers[1] + 300.0 * stream.normal()];
            let mut categories = categories.clone();
            for (own, other) in categories.iter_mut().zip(other.1) {
                if stream.unit() < anew {
                    *own = other;
                }
            }
            (numbers, categories)
        };
        original.iter().map(one).collect()
    }

    fn found(
        original: &[([f64; 2], [String; 3])],
        release: &[([f64; 2], [String; 3])],
        of_release: impl Fn(u32) -> u32,
    ) -> Joined {
        let mut builder = TablesBuilder::new(original.len(), release.len(), None);
        for at in 0..2 {
            let column = |rows: &[([f64; 2], [String; 3])]| {
                RawColumn::numbers(&rows.iter().map(|row| row.0[at]).collect::<Vec<f64>>())
            };
            builder.add(&format!("x{at}"), Kind::Numeric, column(original), column(release), None).unwrap();
        }
        for at in 0..3 {
            let column = |rows: &[([f64; 2], [String; 3])]| {
                RawColumn::texts(&rows.iter().map(|row| row.1[at].clone()).collect::<Vec<String>>())
            };
            builder.add(&format!("k{at}"), Kind::Categorical, column(original), column(release), None).unwrap();
        }
        let rows = |count: usize| 0..count as u32;
        builder.records(rows(original.len()).collect(), rows(release.len()).map(of_release).collect());
        joined(&builder.finish()).unwrap()
    }

    #[test]
    fn a_right_truth_is_believed_however_noisy_the_release() {
        for seed in 0..100 {
            let mut stream = Stream::new(seed, Task::Population, 21);
            let count = [60, 200, 500][seed as usize % 3];
            let original: Vec<_> = (0..count).map(|_| person(&mut stream)).collect();
            let release = noisy(&mut stream, &original, [0.0, 0.3, 0.6][seed as usize / 3 % 3]);
            let found = found(&original, &release, |row| row);
            assert!(found.is_supported() && !found.is_contradicted(), "{seed}: {found:?}");
        }
    }

    #[test]
    fn a_wrong_truth_is_not() {
        let mut believed = 0;
        for seed in 0..100 {
            let mut stream = Stream::new(seed, Task::Population, 22);
            let original: Vec<_> = (0..300).map(|_| person(&mut stream)).collect();
            let release = noisy(&mut stream, &original, 0.3);
            let found = found(&original, &release, |row| (row + 7) % 300);
            believed += u32::from(found.is_supported());
        }
        assert!(believed <= 2, "{believed}");
    }

    #[test]
    fn a_release_of_nobody_tells_nothing_of_the_truth() {
        let mut stream = Stream::new(5, Task::Population, 23);
        let [original, release] = [0, 1].map(|_| (0..300).map(|_| person(&mut stream)).collect::<Vec<_>>());
        let found = found(&original, &release, |row| row);
        assert!(!found.is_supported() && !found.is_contradicted(), "{found:?}");
    }

    #[test]
    fn sorted_files_that_lost_a_row_contradict_themselves() {
        for seed in 0..20 {
            let mut stream = Stream::new(seed, Task::Population, 24);
            let mut original: Vec<_> = (0..400).map(|_| person(&mut stream)).collect();
            original.sort_by(|a, b| a.0[0].total_cmp(&b.0[0]));
            let mut release = original.clone();
            release.iter_mut().for_each(|row| row.0[1] = (row.0[1] / 10.0).round() * 10.0);
            let moved = found(&original, &release, |row| (row + 1) % 400);
            assert!(moved.is_supported() && moved.is_contradicted(), "{seed}: {moved:?}");
            let right = found(&original, &release, |row| row);
            assert!(right.is_supported() && !right.is_contradicted(), "{seed}: {right:?}");
        }
    }

    #[test]
    fn neither_the_order_of_rows_nor_the_numbers_of_records_matter() {
        let mut stream = Stream::new(9, Task::Population, 25);
        let original: Vec<_> = (0..200).map(|_| person(&mut stream)).collect();
        let release = noisy(&mut stream, &original, 0.5);
        let plain = found(&original, &release, |row| row);
        let turned: Vec<_> = release.iter().rev().cloned().collect();
        assert_eq!(plain, found(&original, &turned, |row| 199 - row));
    }
}
