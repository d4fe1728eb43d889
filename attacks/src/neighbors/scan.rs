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
        Box::new(PlainLoop::new(self, self.profiles))
    }

    fn distance(&self, target: &[u32], profile: u32) -> f64 {
        self.distance.between(target, self.profiles.codes(profile).iter().copied())
    }
}

/// Measures every profile by an index's own distance.
pub(crate) struct PlainLoop<'a> {
    index: &'a dyn NeighborIndex,
    profiles: &'a Profiles<'a>,
    collector: Collector,
}

impl<'a> PlainLoop<'a> {
    /// Over the profiles of an index.
    pub fn new(index: &'a dyn NeighborIndex, profiles: &'a Profiles<'a>) -> PlainLoop<'a> {
        PlainLoop { index, profiles, collector: Collector::default() }
    }
}

impl Searcher for PlainLoop<'_> {
    fn nearest(&mut self, target: &[u32], neighbors: usize, found: &mut Nearest) {
        self.collector.start(neighbors);
        for profile in 0..self.profiles.len() as u32 {
            let distance = self.index.distance(target, profile);
            self.collector.push(distance, profile, || self.profiles.multiplicity(profile));
        }
        self.collector.finish(found);
    }
}
