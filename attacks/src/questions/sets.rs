//! Answers that are kept.

use foldhash::fast::FixedState;
use rayon::prelude::*;
use std::collections::HashMap;
use std::hash::BuildHasher;

/// Sets of fewer profiles are kept again and not looked for.
const LARGE: usize = 8;

/// Nearest sets of consecutive questions. Many large sets are the same: all who agree with the same records in the same columns
/// have one, and it is kept once.
#[derive(Default)]
pub(super) struct SetsOfPart {
    sets: Sets,
    /// Number of each question's set.
    pub of_question: Vec<u32>,
    /// Numbers of large sets by what they hash to.
    large: HashMap<u64, u32, FixedState>,
}

/// Sets of profiles, one after the other.
#[derive(Default)]
struct Sets {
    profiles: Vec<u32>,
    /// Where each set ends.
    ends: Vec<usize>,
}

impl Sets {
    fn of(&self, set: u32) -> &[u32] {
        let start = set.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.profiles[start..self.ends[set as usize]]
    }

    fn add(&mut self, set: &[u32]) -> u32 {
        self.profiles.extend_from_slice(set);
        self.ends.push(self.profiles.len());
        self.ends.len() as u32 - 1
    }
}

impl SetsOfPart {
    /// Keeps the set of the next question.
    pub fn keep(&mut self, set: &[u32]) {
        let hash = if set.len() < LARGE { 0 } else { self.large.hasher().hash_one(set) };
        let known = self.large.get(&hash).copied().filter(|known| set.len() >= LARGE && self.sets.of(*known) == set);
        let kept = known.unwrap_or_else(|| self.sets.add(set));
        self.of_question.push(kept);
        if set.len() >= LARGE {
            self.large.insert(hash, kept);
        }
    }

    /// The sets once all are kept: what only finding equal ones needed is gone, and so is the room for more. There are thousands of parts.
    pub fn closed(mut self) -> SetsOfPart {
        self.sets.profiles.shrink_to_fit();
        self.sets.ends.shrink_to_fit();
        self.of_question.shrink_to_fit();
        SetsOfPart { large: HashMap::default(), ..self }
    }
}

/// The profiles in the answer of each question.
pub(crate) struct NearestSets {
    parts: Vec<Sets>,
    /// Part of each question, and the number of its set there.
    places: Vec<(u32, u32)>,
}

impl NearestSets {
    /// The sets of parts of the questions, given in which order these stand.
    pub(super) fn new(order: &[u32], parts: Vec<SetsOfPart>) -> NearestSets {
        let mut places = vec![(0, 0); order.len()];
        let sets =
            parts.iter().enumerate().flat_map(|(at, part)| part.of_question.iter().map(move |set| (at as u32, *set)));
        order.iter().zip(sets).for_each(|(question, place)| places[*question as usize] = place);
        NearestSets { parts: parts.into_iter().map(|part| part.sets).collect(), places }
    }

    /// Of one question, ascending.
    pub fn of(&self, question: u32) -> &[u32] {
        let (part, set) = self.places[question as usize];
        self.parts[part as usize].of(set)
    }

    /// What the profiles of each set weigh together.
    pub fn weights(&self, weight: impl Fn(u32) -> u32 + Sync) -> Weights<'_> {
        let of_set = |sets: &Sets, set: u32| sets.of(set).iter().map(|profile| weight(*profile)).sum();
        let of_part = |sets: &Sets| (0..sets.ends.len() as u32).map(|set| of_set(sets, set)).collect();
        Weights { sets: self, of_parts: self.parts.par_iter().map(of_part).collect() }
    }
}

/// Weights of sets. Each set is weighed once, however many questions it answers.
pub(crate) struct Weights<'s> {
    sets: &'s NearestSets,
    of_parts: Vec<Vec<u32>>,
}

impl Weights<'_> {
    /// Of one question's set.
    pub fn of(&self, question: u32) -> u32 {
        let (part, set) = self.sets.places[question as usize];
        self.of_parts[part as usize][set as usize]
    }
}
