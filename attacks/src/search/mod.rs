//! Which columns are worth knowing: the cheapest sets for an attacker with two files, or one who wants to know a secret.
//!
//! # Sets
//! Sets of growing size are tried on some of the persons ([`grow`]). While a size has few sets, all of them are ([`FEW`]); of larger ones those are
//! that grow by a column from the best of the size before ([`WIDTH`]). Nothing bounds what a larger set shows, which is net of the control: only
//! sizes all of whose sets are tried are searched exactly. A set is judged as attackers are: by the lower end of its risk's
//! interval, which is net of the control, or without one of what everybody else's data tell. What predicts a secret well
//! for everybody is no set that exposes anybody. A set is kept when it shows more than every smaller one: nobody learns a column for nothing.
//!
//! # The price
//! The best of many sets looks better than it is. Whoever was searched on is therefore not attacked with what was found
//! ([`halves`](mod@crate::halves)), neither of the original nor of the control, and the others' figures are those of a set that was given. Record linkage has a
//! search of its own, which grows its sets alike and judges them by compatible records and the truth
//! ([`record_linkage::search`](fn@crate::record_linkage::search)).

mod grow;

#[cfg(test)]
mod test;

pub use grow::{FEW, Found, WIDTH, grow};

use crate::attack::{Attack, Scene, with};
use crate::inference::InferenceAttacker;
use crate::linkability::LinkabilityAttacker;
use crate::parts::Parts;
use crate::progress::{Progress, Silent};
use crate::stats::headline::Standing;
use crate::subgroups::Subgroups;
use crate::table::Tables;
use crate::targets::TargetRows;

/// Columns of the largest set that is searched for.
pub const LARGEST_SET: usize = 6;

/// The level of the lower ends that sets are compared by. It orders them and claims nothing.
const CONFIDENCE: f64 = 0.95;

/// On whom sets are tried, and the seed of what attackers draw.
#[derive(Clone, Copy)]
pub struct Searched<'a> {
    /// The tables.
    pub tables: &'a Tables,
    /// Who is searched on.
    pub targets: &'a TargetRows,
    /// Seed of all random draws.
    pub seed: u64,
    /// Told how far the search is, and asked whether to go on.
    pub progress: &'a dyn Progress,
}

impl Searched<'_> {
    /// Finds the sets of 2, 3, … columns, among some, that expose most when they stand in two files: the attacker, with other
    /// columns in the files.
    pub fn linkability(
        &self,
        attacker: &LinkabilityAttacker,
        among: &[usize],
        largest: usize,
    ) -> Found<LinkabilityAttacker> {
        let pair = |one: usize, other: usize| LinkabilityAttacker {
            halves: [vec![among[one]], vec![among[other]]],
            ..attacker.clone()
        };
        let pairs = (0..among.len()).flat_map(|one| (one + 1..among.len()).map(move |other| (one, other)));
        let larger = |smaller: &LinkabilityAttacker| -> Vec<LinkabilityAttacker> {
            let others = among.iter().filter(|column| !smaller.halves.iter().any(|half| half.contains(column)));
            let into = |column: &usize| {
                [0, 1].map(|side| {
                    let mut halves = smaller.halves.clone();
                    halves[side] = with(&halves[side], *column);
                    // Which of the files is called the first is all the same.
                    halves.sort_unstable();
                    LinkabilityAttacker { halves, ..smaller.clone() }
                })
            };
            others.flat_map(into).collect()
        };
        let pairs = pairs.map(|(one, other)| pair(one, other)).collect();
        grow(pairs, larger, largest.saturating_sub(1), self.progress, |attacker| self.shows(attacker))
    }

    /// Finds the sets of 1, 2, 3, … columns, among some, that expose a secret most when they are known: the attacker, knowing others.
    pub fn inference(&self, attacker: &InferenceAttacker, among: &[usize], largest: usize) -> Found<InferenceAttacker> {
        let knowing = |known: Vec<usize>| InferenceAttacker { known, ..attacker.clone() };
        let others = |known: &[usize]| -> Vec<usize> {
            let is_other = |column: &usize| *column != attacker.secret && !known.contains(column);
            among.iter().copied().filter(is_other).collect()
        };
        let larger = |smaller: &InferenceAttacker| -> Vec<InferenceAttacker> {
            others(&smaller.known).into_iter().map(|column| knowing(with(&smaller.known, column))).collect()
        };
        let single = others(&[]).into_iter().map(|column| knowing(vec![column])).collect();
        grow(single, larger, largest, self.progress, |attacker| self.shows(attacker))
    }

    /// What an attacker shows of the risk: the lower end of its interval; less than anything where the attacker has no share.
    fn shows<A: Attack>(&self, attacker: &A) -> f64 {
        let nobody = Subgroups::default();
        let scene = Scene {
            tables: self.tables,
            targets: self.targets,
            parts: &Parts::whole(),
            seed: self.seed,
            seeds: 1,
            subgroups: &&nobody,
            keep_hits: false,
            progress: &Silent(self.progress),
        };
        let Some(played) = A::play(&[attacker], &scene).pop() else { return f64::NEG_INFINITY };
        let counts = &played.counts;
        let risk = counts.model().and_then(|model| model.estimate(CONFIDENCE));
        match Standing::of(counts.main.as_ref(), counts.reference(), false, risk.is_some(), CONFIDENCE) {
            Standing::Counts => risk.map_or(f64::NEG_INFINITY, |risk| risk.interval.lo),
            _ => f64::NEG_INFINITY,
        }
    }
}
