//! Answers that are kept.

use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::hash::BuildHasher;

/// Sets of fewer profiles are kept again and not looked for.
const LARGE: usize = 8;

/// Nearest sets of consecutive questions. Many large sets are the same: all who agree with the same records in the same columns
/// have one, and it is kept once.
#[derive(Default)]
pub(super) struct SetsOfPart {
    pub profiles: Vec<u32>,
    /// Where each question's set starts and ends.
    pub places: Vec<(usize, usize)>,
    /// The places of large sets by what they hash to.
    large: HashMap<u64, (usize, usize), FixedState>,
}

impl SetsOfPart {
    /// Keeps the set of the next question.
    pub fn keep(&mut self, set: &[u32]) {
        let hash = if set.len() < LARGE { 0 } else { self.large.hasher().hash_one(set) };
        if set.len() >= LARGE
            && let Some(place) = self.large.get(&hash)
            && self.profiles[place.0..place.1] == *set
        {
            self.places.push(*place);
            return;
        }
        let start = self.profiles.len();
        self.profiles.extend_from_slice(set);
        let place = (start, self.profiles.len());
        self.places.push(place);
        if set.len() >= LARGE {
            self.large.insert(hash, place);
        }
    }
}

/// The profiles in the answer of each question.
pub(crate) struct NearestSets {
    pub(super) parts: Vec<Vec<u32>>,
    /// Part of each question, and where its set starts and ends there.
    pub(super) places: Vec<(u32, usize, usize)>,
}

impl NearestSets {
    /// Of one question, ascending.
    pub fn of(&self, question: u32) -> &[u32] {
        let (part, start, end) = self.places[question as usize];
        &self.parts[part as usize][start..end]
    }
}
