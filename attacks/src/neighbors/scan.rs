//! The plain loop: every profile, every column. The oracle of every faster index.

use super::nearest::Collector;
use super::{GowerDistance, Nearest, NeighborIndex, Profiles, Searcher};

/// Compares a target with every profile.
#[derive(Debug)]
pub struct Scan<'a> {
    profiles: &'a Profiles<'a>,
    distance: GowerDistance<'a>,
}

impl<'a> Scan<'a> {
    /// A scan over profiles made of the distance's columns.
    pub fn new(profiles: &'a Profiles<'a>, distance: GowerDistance<'a>) -> Scan<'a> {
        Scan { profiles, distance }
    }
}

impl NeighborIndex for Scan<'_> {
    fn searcher(&self) -> Box<dyn Searcher + '_> {
        Box::new(ScanSearcher { scan: self, collector: Collector::default() })
    }

    fn distance(&self, target: &[u32], profile: u32) -> f64 {
        self.distance.between(target, self.profiles.codes(profile).iter().copied())
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
            let codes = self.scan.profiles.codes(profile).iter().copied();
            let distance = self.scan.distance.between(target, codes);
            self.collector.push(distance, profile, self.scan.profiles.multiplicity(profile));
        }
        self.collector.finish(found);
    }
}
