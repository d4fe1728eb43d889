//! Naive Bayes: known columns that are independent of one another among the holders of each value of the secret.
//!
//! # The rule
//! With n_s the rows of class s, n_js those of them that say something of column j, n_jbs those of these in its bin b, B_j the
//! bins of the column and α = 1 (Laplace), a person in the bins b_j has the class with the largest
//!
//! ln n_s + Σ_j ln((n_jbs + α) / (n_js + α·B_j)),
//!
//! ties falling to the more frequent class. Columns of which nothing is known of the person are left out of the sum. Who is known to be in one of several bins counts for each with w_b, its share of what is known, over the rows
//! that it has at all: n_jbs becomes Σ_b w_b·n_jbs / Σ_b w_b.
//!
//! # Leaving somebody out
//! Counts are sums over rows, so that the model without a person's rows is the one with them taken away: what it would guess is known
//! exactly and without training it again. Bins and classes stay those of the whole table.
//!
//! # Sources
//! Maron 1961 (Journal of the ACM 8:404); Domingos & Pazzani 1997 (Machine Learning 29:103), for why it works on dependent
//! columns.

use super::training::Training;
use rayon::prelude::*;

/// α: added to each count.
const SMOOTHING: f64 = 1.0;

/// The counts of a table.
pub(super) struct Bayes<'t> {
    training: &'t Training<'t>,
    /// Rows of each class.
    prior: Vec<f64>,
    columns: Vec<Column>,
    /// Of each class, the part of the score that all who are known in full share.
    base: Vec<f64>,
}

/// The counts of one known column.
struct Column {
    /// Number of bins.
    bins: f64,
    /// Rows of each class that say something.
    said: Vec<f64>,
    /// What the score of each class loses for them.
    loss: Vec<f64>,
    /// Where the entries of each bin begin.
    starts: Vec<u32>,
    entries: Vec<Entry>,
}

/// A class in a bin.
#[derive(Clone, Copy)]
struct Entry {
    class: u32,
    rows: f64,
    /// What they add to the class's score.
    gain: f64,
}

impl Entry {
    fn new(class: u32, rows: f64) -> Entry {
        Entry { class, rows, gain: gain(rows) }
    }
}

/// ln((n + α) / α): the α of the denominator is the same for all classes.
fn gain(rows: f64) -> f64 {
    libm::log((rows + SMOOTHING) / SMOOTHING)
}

/// What a score loses for the rows that could have been in any bin.
fn loss(said: f64, bins: f64) -> f64 {
    libm::log(said + SMOOTHING * bins)
}

impl Column {
    fn of(&self, bin: u32) -> &[Entry] {
        &self.entries[self.starts[bin as usize] as usize..self.starts[bin as usize + 1] as usize]
    }
}

/// Memory that is used again.
#[derive(Default)]
pub(super) struct Scratch {
    scores: Vec<f64>,
    /// Bins of each column with their weights; empty where nothing is known.
    asked: Vec<Vec<(u32, f64)>>,
    blended: Vec<f64>,
}

impl<'t> Bayes<'t> {
    /// Counts the rows that `training` has, or those of them that are given.
    pub fn new(training: &'t Training<'t>, rows: &[u32]) -> Bayes<'t> {
        let classes = training.classes.guesses.len();
        let mut prior = vec![0.0; classes];
        for (class, share) in rows.iter().flat_map(|row| training.classes_of(*row)) {
            prior[*class as usize] += share;
        }
        let columns: Vec<Column> =
            (0..training.known.len()).into_par_iter().map(|at| column(training, rows, at)).collect();
        let base = |(class, rows): (usize, &f64)| {
            columns.iter().fold(libm::log(*rows), |base, column| base - column.loss[class])
        };
        let base = prior.iter().enumerate().map(base).collect();
        Bayes { training, prior, columns, base }
    }

    /// The class of somebody of whom these codes are known.
    pub fn class_of(&self, codes: &[u32], scratch: &mut Scratch) -> Option<u32> {
        self.score(codes, scratch);
        best(&scratch.scores)
    }

    /// The same without some rows of the table: those of the person.
    pub fn class_without(&self, codes: &[u32], own: &[u32], scratch: &mut Scratch) -> Option<u32> {
        self.score(codes, scratch);
        let own: Vec<u32> = own.iter().copied().filter(|row| self.counted(*row)).collect();
        let mut touched: Vec<u32> =
            own.iter().flat_map(|row| self.training.classes_of(*row)).map(|(class, _)| *class).collect();
        touched.sort_unstable();
        touched.dedup();
        for class in touched {
            scratch.scores[class as usize] = self.score_without(class, &own, scratch);
        }
        best(&scratch.scores)
    }

    /// Whether a row was counted.
    fn counted(&self, row: u32) -> bool {
        let codes = self.training.known.iter().zip(&self.training.bins);
        let says = |(column, bins): (&usize, &super::parts::Parts)| {
            !bins.of(self.training.table.column(*column)[row as usize]).is_empty()
        };
        !self.training.classes_of(row).is_empty() && codes.into_iter().any(says)
    }

    /// Scores all classes, and keeps what was asked.
    fn score(&self, codes: &[u32], scratch: &mut Scratch) {
        let Scratch { scores, asked, blended } = scratch;
        asked.resize(self.columns.len(), Vec::new());
        for (at, (code, bins)) in codes.iter().zip(&self.training.bins).enumerate() {
            asked[at].clear();
            asked[at].extend(bins.of(*code).iter().map(|(bin, share)| (*bin, share / bins.rows(*bin))));
            let all: f64 = asked[at].iter().map(|(_, weight)| weight).sum();
            asked[at].iter_mut().for_each(|(_, weight)| *weight /= all);
        }
        scores.clear();
        match asked.iter().any(Vec::is_empty) {
            false => scores.extend(&self.base),
            true => {
                let known = || self.columns.iter().zip(&*asked).filter(|(_, asked)| !asked.is_empty());
                let base = |(class, rows): (usize, &f64)| {
                    known().fold(libm::log(*rows), |base, (column, _)| base - column.loss[class])
                };
                scores.extend(self.prior.iter().enumerate().map(base));
            }
        }
        for (column, asked) in self.columns.iter().zip(&*asked) {
            match asked.as_slice() {
                [] => {}
                [(bin, _)] => column.of(*bin).iter().for_each(|entry| scores[entry.class as usize] += entry.gain),
                several => {
                    blended.clear();
                    blended.resize(scores.len(), 0.0);
                    for (bin, weight) in several {
                        for entry in column.of(*bin) {
                            blended[entry.class as usize] += weight * entry.rows;
                        }
                    }
                    for (score, rows) in scores.iter_mut().zip(&*blended).filter(|(_, rows)| **rows > 0.0) {
                        *score += gain(*rows);
                    }
                }
            }
        }
    }

    /// The score of one class for what was asked last, without some rows.
    fn score_without(&self, class: u32, own: &[u32], scratch: &Scratch) -> f64 {
        let training = self.training;
        let share = |row: u32| {
            let of = training.classes_of(row).iter().find(|(of, _)| *of == class);
            of.map_or(0.0, |(_, share)| *share)
        };
        let shares: Vec<(u32, f64)> = own.iter().map(|row| (*row, share(*row))).collect();
        // Sums of shares need not come out at 0 again.
        let left = |all: f64, gone: f64| if all - gone < 1e-9 { 0.0 } else { all - gone };
        let prior = left(self.prior[class as usize], shares.iter().map(|(_, share)| share).sum());
        let (mut lost, mut gained) = (libm::log(prior), Vec::with_capacity(self.columns.len()));
        for (at, (column, asked)) in self.columns.iter().zip(&scratch.asked).enumerate() {
            if asked.is_empty() {
                continue;
            }
            let codes = training.table.column(training.known[at]);
            let bins_of = |row: u32| training.bins[at].of(codes[row as usize]);
            let said: f64 = shares.iter().filter(|(row, _)| !bins_of(*row).is_empty()).map(|(_, share)| share).sum();
            lost -= loss(left(column.said[class as usize], said), column.bins);
            let mut rows = 0.0;
            for (bin, weight) in asked {
                let entries = column.of(*bin);
                let found = entries.binary_search_by_key(&class, |entry| entry.class);
                let all = found.map_or(0.0, |at| entries[at].rows);
                let in_bin = |(row, share): &(u32, f64)| {
                    let part = bins_of(*row).iter().find(|(of, _)| of == bin);
                    part.map_or(0.0, |(_, part)| part * share)
                };
                rows += weight * left(all, shares.iter().map(in_bin).sum());
            }
            gained.push(rows);
        }
        gained.into_iter().filter(|rows| *rows > 0.0).fold(lost, |score, rows| score + gain(rows))
    }
}

/// The class with the largest score; of several, the first; none where no class has any row.
fn best(scores: &[f64]) -> Option<u32> {
    let larger = |best: Option<(u32, f64)>, (class, score): (u32, &f64)| match best {
        Some(best) if best.1 >= *score => Some(best),
        _ if *score > f64::NEG_INFINITY => Some((class, *score)),
        best => best,
    };
    (0..).zip(scores).fold(None, larger).map(|(class, _)| class)
}

/// Counts one column.
fn column(training: &Training<'_>, rows: &[u32], at: usize) -> Column {
    let (codes, bins) = (training.table.column(training.known[at]), &training.bins[at]);
    let mut said = vec![0.0; training.classes.guesses.len()];
    let mut counted: Vec<(u64, f64)> = Vec::with_capacity(rows.len());
    for row in rows {
        let of = bins.of(codes[*row as usize]);
        for (class, share) in training.classes_of(*row) {
            said[*class as usize] += if of.is_empty() { 0.0 } else { *share };
            counted.extend(of.iter().map(|(bin, part)| (u64::from(*bin) << 32 | u64::from(*class), share * part)));
        }
    }
    // In the order of the rows, so that the sums of fractions are always the same.
    counted.sort_by_key(|(key, _)| *key);
    let (mut entries, mut keys): (Vec<Entry>, Vec<u32>) = (Vec::new(), Vec::new());
    for of_one in counted.chunk_by(|a, b| a.0 == b.0) {
        keys.push((of_one[0].0 >> 32) as u32);
        entries.push(Entry::new(of_one[0].0 as u32, of_one.iter().map(|(_, share)| share).sum()));
    }
    let starts: Vec<u32> = (0..=bins.len as u32).map(|bin| keys.partition_point(|key| *key < bin) as u32).collect();
    let loss = said.iter().map(|said| loss(*said, bins.len as f64)).collect();
    Column { bins: bins.len as f64, said, loss, starts, entries }
}
