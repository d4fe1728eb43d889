//! The plain loop: every profile, every column. The oracle of the faster search.

use super::Weights;
use crate::neighbors::scan::PlainLoop;
use crate::neighbors::{NeighborIndex, Profiles, Searcher};

/// Compares a target with every profile.
#[derive(Debug)]
pub struct Scan<'a> {
    profiles: &'a Profiles<'a>,
    weights: &'a Weights<'a>,
}

impl<'a> Scan<'a> {
    /// A scan over the profiles.
    pub fn new(profiles: &'a Profiles<'a>, weights: &'a Weights<'a>) -> Scan<'a> {
        Scan { profiles, weights }
    }
}

impl NeighborIndex for Scan<'_> {
    fn searcher(&self) -> Box<dyn Searcher + '_> {
        Box::new(PlainLoop::new(self, self.profiles))
    }

    fn distance(&self, target: &[u32], profile: u32) -> f64 {
        let score = self.weights.score(target, self.profiles.codes(profile));
        self.weights.distance(target, score)
    }
}
