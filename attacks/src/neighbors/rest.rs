//! What is nearest among those who share no rare code with a target.
//!
//! Whoever shares a code of a *posted* column, in which hardly two records agree, with a target is found by that code. All others
//! disagree with the target there, so that what is nearest among them depends on the other columns alone: all targets who are equal in
//! those have the same. With codes that hardly repeat and few other columns these sets are large, and finding each anew would take the
//! rows times the targets. The set is kept from one target to the next, and
//! whoever shares codes with a few profiles takes those few at their own distances.
//!
//! # Why nothing is lost
//! Let e(p) be the distance that a profile p would have if it shared no posted code, and d(p) ≤ e(p) its distance; they differ for the
//! few that share one. The k-th smallest d is at most the k-th smallest e. So whoever is in the answer and shares no code has
//! d = e within the nearest set by e, and those who share one are all looked at.

use super::nearest::Collector;
use super::{Nearest, Profiles};

/// A nearest set by the columns that are not posted, with memory that is used again.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    /// What the set belongs to: a target's codes, and how many neighbours were asked for.
    codes: Vec<u32>,
    neighbors: usize,
    /// Whether the set was found, or only asked for.
    is_found: bool,
    /// Profiles, ascending, with their distances.
    members: Vec<(f64, u32)>,
    /// The same profiles.
    set: Nearest,
    /// Rows of all members.
    rows: u64,
    /// How far the nearest members are.
    least: f64,
    /// Whether all members are equally far.
    is_level: bool,
}

impl Rest {
    /// Takes note of a target's codes in the columns that are not posted. Whether those of the target before were the same: a set is
    /// worth finding for the second who wants it.
    pub fn is_wanted_again(&mut self, codes: impl Iterator<Item = u32> + Clone, neighbors: usize) -> bool {
        if self.neighbors == neighbors && codes.clone().eq(self.codes.iter().copied()) {
            return true;
        }
        self.codes.clear();
        self.codes.extend(codes);
        self.neighbors = neighbors;
        self.is_found = false;
        false
    }

    /// Whether the set was found.
    pub fn is_found(&self) -> bool {
        self.is_found
    }

    /// Keeps the set that a collector found by e.
    pub fn keep(&mut self, collector: &mut Collector, profiles: &Profiles<'_>) {
        collector.finish(&mut self.set);
        self.members.clear();
        self.members.extend(collector.within());
        self.members.sort_unstable_by_key(|(_, profile)| *profile);
        self.rows = self.set.profiles.iter().map(|profile| u64::from(profiles.multiplicity(*profile))).sum();
        self.least = self.members.iter().map(|(distance, _)| *distance).fold(f64::INFINITY, f64::min);
        self.is_level = self.members.iter().all(|(distance, _)| *distance == self.set.radius);
        self.is_found = true;
    }

    /// The nearest set of a target, given the profiles that share a posted code with the target, ascending, with their distances.
    pub fn join(
        &self,
        posted: &[(f64, u32)],
        profiles: &Profiles<'_>,
        neighbors: usize,
        collector: &mut Collector,
        found: &mut Nearest,
    ) {
        if posted.is_empty() {
            found.clone_from(&self.set);
            return;
        }
        let is_posted = |profile: u32| posted.binary_search_by_key(&profile, |(_, posted)| *posted).is_ok();
        let rows = |profile: u32| u64::from(profiles.multiplicity(profile));
        // The set was all at one distance: it is so without those who are nearer in truth, if enough rows are left.
        let nearer = posted.iter().filter(|(distance, _)| *distance < self.set.radius);
        let nearer: u64 = nearer.map(|(_, profile)| rows(*profile)).sum();
        let level = posted.iter().filter(|(distance, _)| *distance == self.set.radius);
        let level: u64 = level.map(|(_, profile)| rows(*profile)).sum();
        let in_both = posted.iter().filter(|(_, profile)| self.set.profiles.binary_search(profile).is_ok());
        let others = self.rows - in_both.map(|(_, profile)| rows(*profile)).sum::<u64>();
        let neighbors = neighbors as u64;
        if self.is_level && nearer < neighbors && nearer + level + others >= neighbors {
            found.radius = self.set.radius;
            found.profiles.clear();
            found.profiles.reserve(self.set.profiles.len() + posted.len());
            let mut rest = &self.set.profiles[..];
            for (distance, profile) in posted {
                let (before, after) = rest.split_at(rest.partition_point(|other| other < profile));
                found.profiles.extend_from_slice(before);
                if *distance <= found.radius {
                    found.profiles.push(*profile);
                }
                rest = if after.first() == Some(profile) { &after[1..] } else { after };
            }
            found.profiles.extend_from_slice(rest);
            return;
        }
        collector.start(neighbors as usize);
        posted.iter().for_each(|(distance, profile)| {
            collector.push(*distance, *profile, || profiles.multiplicity(*profile));
        });
        // Often those who share a code are nearer than anybody else, who may be all the others.
        if self.least <= collector.radius() {
            for (distance, profile) in &self.members {
                if *distance <= collector.radius() && !is_posted(*profile) {
                    collector.push(*distance, *profile, || profiles.multiplicity(*profile));
                }
            }
        }
        collector.finish(found);
    }
}
