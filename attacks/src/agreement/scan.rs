//! The plain loop: every profile, every column. The oracle of the faster search.

use super::Weights;
use crate::neighbors::nearest::Collector;
use crate::neighbors::{Nearest, NeighborIndex, Profiles, Searcher};

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
        Box::new(ScanSearcher { scan: self, collector: Collector::default() })
    }

    fn distance(&self, target: &[u32], profile: u32) -> f64 {
        let score = self.weights.score(target, self.profiles.codes(profile));
        self.weights.distance(target, score)
    }
}

struct ScanSearcher<'a> {
    scan: &'a Scan<'a>,
    collector: Collector,
}

impl Searcher for ScanSearcher<'_> {
    fn nearest(&mut self, target: &[u32], neighbors: usize, found: &mut Nearest) {
        self.collector.start(neighbors);
        for profile in 0..self.scan.profiles.len() as u32 {
            let distance = self.scan.distance(target, profile);
            self.collector.push(distance, profile, self.scan.profiles.multiplicity(profile));
        }
        self.collector.finish(found);
    }
}
