//! One record for each: who has a file of persons names no record for more of them than it was released for.
//!
//! # The attack
//! The nearest record of a person may be nearer still to somebody else. An attacker who knows many persons gives each record away once,
//! by the assignment of records to persons that makes the sum of the distances small. Persons bid for records (the auction
//! of Bertsekas 1988, Annals of Operations Research 14:105): each in turn takes the record whose distance and price together are the
//! least, and raises its price by what the next one would cost more, and by ε; the person who is outbid bids again. A profile of m rows
//! is given away m times, and costs something once all are gone. A person who would have to pay more than the farthest candidate is away
//! gives up: the person's record may not be in the release at all, and an assignment that is forced takes records from those whose they
//! are. The answer for this person is then the one that would have been given for the person alone. What the assignment gains is
//! measured in `docs/releases.md`.
//!
//! # What is said
//! Persons whom the attacker knows alike get the same answer, the profiles that any of them was given. Bidders come in the order of
//! fingerprints of what is known of them, candidates that are equally far in that of theirs: neither follows the rows or the values, so
//! that a choice among equals is a fair lot. The margin of a claim is, as alone, how much farther the next record is, and 0 where it is
//! nearer than the one that was given. The persons of the control are a file of their own.
//!
//! # Exactness
//! The sum is within ε per person of the least that the candidates allow. ε is a hundredth of how far the candidates of the person in the
//! middle lie apart: a tenth of that changes no share of right names by more than a point, and takes three times as many bids.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Rows among which the candidates of each person are found, ties with the last included.
pub(super) const CANDIDATES: usize = 20;

/// Profiles that a person bids for, the nearest of the candidates: where very many are equally far, some of them.
const KEPT: usize = 64;

/// A table of more targets is not assigned: the auction is one thread's work.
pub const LARGEST_FILE: usize = 100_000;

/// The part of what candidates are apart that a bid is raised by at least.
const STEP: f64 = 0.01;

/// A profile that may be a person's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    pub distance: f64,
    pub profile: u32,
}

/// The nearest of some candidates, in the order in which they are preferred: `print` gives the fingerprint of a profile.
pub(super) fn nearest(mut candidates: Vec<Candidate>, print: impl Fn(u32) -> u64) -> Vec<Candidate> {
    candidates.sort_unstable_by(|a, b| {
        let by_print = || print(a.profile).cmp(&print(b.profile));
        a.distance.total_cmp(&b.distance).then_with(by_print).then(a.profile.cmp(&b.profile))
    });
    candidates.truncate(KEPT);
    candidates
}

/// How much farther the nearest other candidate is than the nearest of some that were given; infinite where there is no other.
pub(super) fn margin(candidates: &[Candidate], given: &[u32]) -> f64 {
    let least = |is_given: bool| {
        let of = candidates.iter().filter(|one| given.binary_search(&one.profile).is_ok() == is_given);
        of.map(|one| one.distance).fold(f64::INFINITY, f64::min)
    };
    (least(false) - least(true)).max(0.0)
}

/// Assigns the rows of profiles to persons: `candidates` of each question, `persons` who ask it, and the rows of each profile. Questions bid in
/// their order. What each question was given, ascending; nothing where all who ask it gave up.
pub(super) fn auction(candidates: &[&[Candidate]], persons: &[u32], rows: impl Fn(u32) -> u32) -> Vec<Vec<u32>> {
    let profiles = candidates.iter().flat_map(|list| list.iter()).map(|one| one.profile as usize + 1).max();
    let mut market = Market { rows, bids: (0..profiles.unwrap_or(0)).map(|_| BinaryHeap::new()).collect() };
    let step = step(candidates, persons);
    let bidders =
        persons.iter().enumerate().flat_map(|(question, count)| std::iter::repeat_n(question, *count as usize));
    let mut waiting: VecDeque<usize> = bidders.collect();
    while let Some(question) = waiting.pop_front() {
        let Some([best, next]) = market.cheapest(candidates[question]) else { continue };
        let enough = candidates[question].last().map_or(0.0, |farthest| farthest.distance);
        if best.0 > enough {
            continue;
        }
        let price = market.price(best.1) + (next.0.min(enough) - best.0) + step;
        waiting.extend(market.bid(best.1, price, question));
    }
    let mut given: Vec<Vec<u32>> = vec![Vec::new(); candidates.len()];
    for (profile, bids) in market.bids.into_iter().enumerate() {
        bids.into_iter().for_each(|Reverse((_, question))| given[question].push(profile as u32));
    }
    given.iter_mut().for_each(Vec::dedup);
    given
}

/// ε: a part of how far apart the nearest and the farthest candidate of the person in the middle are.
fn step(candidates: &[&[Candidate]], persons: &[u32]) -> f64 {
    let apart = |list: &&[Candidate]| Some(list.last()?.distance - list.first()?.distance);
    let asked = candidates.iter().zip(persons).filter(|(_, persons)| **persons > 0);
    let mut spreads: Vec<f64> = asked.filter_map(|(list, _)| apart(list)).filter(|spread| *spread > 0.0).collect();
    spreads.sort_unstable_by(f64::total_cmp);
    spreads.get(spreads.len() / 2).map_or(STEP, |middle| middle * STEP)
}

/// Who holds which rows of which profile, at what bid.
struct Market<R> {
    rows: R,
    /// Of each profile, the bids that were accepted, the lowest first: bits of a number that is not negative are in its order.
    bids: Vec<BinaryHeap<Reverse<(u64, usize)>>>,
}

impl<R: Fn(u32) -> u32> Market<R> {
    /// What a row of a profile costs: nothing while there is one left, then the lowest bid.
    fn price(&self, profile: u32) -> f64 {
        let bids = &self.bids[profile as usize];
        match bids.peek() {
            Some(Reverse((lowest, _))) if bids.len() >= (self.rows)(profile) as usize => f64::from_bits(*lowest),
            _ => 0.0,
        }
    }

    /// The cheapest candidate, and the next, which may cost infinitely much: cost and profile. Of equals, who comes first.
    fn cheapest(&self, candidates: &[Candidate]) -> Option<[(f64, u32); 2]> {
        let (mut best, mut next) = ((f64::INFINITY, u32::MAX), (f64::INFINITY, u32::MAX));
        for candidate in candidates {
            let cost = candidate.distance + self.price(candidate.profile);
            if cost < best.0 {
                (best, next) = ((cost, candidate.profile), best);
            } else if cost < next.0 {
                next = (cost, candidate.profile);
            }
        }
        (best.1 != u32::MAX).then_some([best, next])
    }

    /// Takes a bid; hands back whom it displaces.
    fn bid(&mut self, profile: u32, price: f64, question: usize) -> Option<usize> {
        let rows = (self.rows)(profile) as usize;
        let bids = &mut self.bids[profile as usize];
        bids.push(Reverse((price.to_bits(), question)));
        (bids.len() > rows).then(|| bids.pop().map(|Reverse((_, question))| question)).flatten()
    }
}
