//! The main index: profiles grouped by signature, groups visited by lower bound.
//!
//! A *signature* is the tuple of a profile's codes in the columns of the whole part ([`WholeColumns`]). Mismatches are
//! counted once per signature; groups are visited at 0 mismatches, then 1, and so on until the mismatches alone exceed the
//! radius. The group of the target's own signature is looked up before anything is counted, and is often enough; those at one
//! mismatch can be looked up too. Inside a group only the gaps of the numeric columns remain.
//!
//! A column in which hardly two records agree (an identifier) would make nearly every signature another. It is *posted*
//! instead: the few profiles that share the target's code are measured first, and all others are 1 from it.

use super::boxes::Boxes;
use super::distance::column_distance;
use super::group::{self, Group, Inside};
use super::kernel::Instructions;
use super::one_off::OneOff;
use super::plan::most_looked_up;
use super::postings::Postings;
use super::search::SignatureSearcher;
use super::whole::{WholeColumns, WholeCounter};
use super::{GowerDistance, NeighborIndex, Profiles, Searcher};
use crate::table::{Groups, PrintHasher, print_of};
use std::collections::HashMap;

/// Profiles grouped by signature.
pub struct Signatures<'a> {
    pub(super) profiles: &'a Profiles<'a>,
    pub(super) distance: GowerDistance<'a>,
    pub(super) postings: Postings,
    pub(super) whole: WholeColumns<'a>,
    /// Counts mismatches with each signature.
    pub(super) counter: WholeCounter<'a>,
    pub(super) instructions: Instructions,
    /// Group of each signature by its fingerprint.
    pub(super) by_print: Option<HashMap<u64, u32, PrintHasher>>,
    /// Whether an exact target matches outright only what is equal to it.
    pub(super) only_equal: bool,
    /// Signatures that are looked up for a target at the most, where others match it too.
    pub(super) most_looked_up: usize,
    pub(super) one_off: Option<OneOff>,
    /// Profiles of each signature.
    pub(super) groups: Vec<Group>,
    /// Profiles sorted by signature; a group is a range of it.
    pub(super) order: Vec<u32>,
    /// Boxes in that order.
    pub(super) boxes: Boxes,
}

/// What searches cost, in units that do not depend on the machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effort {
    /// Signatures whose mismatches were counted.
    pub counted: u64,
    /// Signatures that were looked up.
    pub looked_up: u64,
    /// Profiles whose gaps were summed one by one.
    pub scanned: u64,
    /// Profiles whose distance was computed.
    pub measured: u64,
    /// Searches in trees.
    pub trees: u64,
}

impl<'a> Signatures<'a> {
    /// Builds the index over profiles made of the distance's columns; `posted` lists positions of columns to post, as
    /// [`Postings::columns`] finds them.
    pub fn new(profiles: &'a Profiles<'a>, distance: GowerDistance<'a>, posted: &[usize]) -> Signatures<'a> {
        let postings = Postings::new(profiles, &distance, posted);
        let whole = WholeColumns::new(distance.clone(), profiles, posted);
        let by_signature = Groups::of(profiles.len(), whole.columns.iter().map(|(_, codes)| &**codes));
        let members = by_signature.members();
        let mut order = members.all().to_vec();
        let firsts: Vec<u32> = by_signature.first;
        let count = || {
            let counter = whole.counter(&firsts);
            (counter, prints(&whole, &firsts))
        };
        let ((counter, by_print), mut boxes) = rayon::join(count, || Boxes::new(&distance, profiles, &order));
        let bounds: Vec<(u32, u32)> = members.bounds().collect();
        let groups = group::groups(&bounds, &mut order, &mut boxes);
        let instructions = Instructions::detect();
        let one_off = None;
        let only_equal = counter.only_equal();
        let most_looked_up = most_looked_up(groups.len(), counter.width());
        Signatures {
            profiles,
            distance,
            postings,
            whole,
            counter,
            instructions,
            by_print,
            only_equal,
            most_looked_up,
            one_off,
            groups,
            order,
            boxes,
        }
    }

    /// Lists the signatures at one mismatch of each other too, where own signatures can be looked up: worth it when many
    /// questions would count mismatches only to find their nearest at one. Tells whether they are listed.
    pub fn list_one_off(&mut self) -> bool {
        if self.has_lookup() && self.only_equal {
            let firsts: Vec<u32> = self.groups.iter().map(|group| self.order[group.start as usize]).collect();
            self.one_off = Some(OneOff::new(&self.whole, &firsts));
        }
        self.one_off.is_some()
    }

    /// Looks up as many signatures as match a target, whatever that takes.
    #[cfg(test)]
    pub(super) fn looking_up_all(self) -> Signatures<'a> {
        Signatures { most_looked_up: usize::MAX, ..self }
    }

    /// A target's codes in the columns that are not posted.
    pub(super) fn not_posted<'t>(&'t self, target: &'t [u32]) -> impl Iterator<Item = u32> + Clone + 't {
        target.iter().enumerate().filter(|(at, _)| !self.postings.has(*at)).map(|(_, code)| *code)
    }

    /// The distance that a profile would have if it shared no code with the target in any posted column.
    pub(super) fn distance_apart(&self, target: &[u32], profile: u32) -> f64 {
        let cells = target.iter().zip(self.profiles.codes(profile)).zip(self.distance.domains()).enumerate();
        cells.fold(0.0, |sum, (at, ((target, release), domain))| {
            sum + if self.postings.has(at) { 1.0 } else { column_distance(domain, *target, *release) }
        })
    }

    /// Number of signatures.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether the release has no rows.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Profiles of the largest group.
    pub fn largest(&self) -> usize {
        self.groups.iter().map(Group::len).max().unwrap_or(0)
    }

    /// Groups with a tree.
    pub fn trees(&self) -> usize {
        self.groups.iter().filter(|group| matches!(group.inside, Inside::Tree(..))).count()
    }

    /// Bytes that are compared to count the mismatches of one signature.
    pub(super) fn width(&self) -> usize {
        self.counter.width()
    }

    /// Whether the target's own signature can be looked up.
    pub fn has_lookup(&self) -> bool {
        self.by_print.is_some()
    }

    /// Columns of a signature.
    pub(super) fn signature_columns(&self) -> usize {
        self.whole.columns.len()
    }
}

/// The group of each signature by fingerprint; `None` when two signatures have one fingerprint.
fn prints(whole: &WholeColumns<'_>, firsts: &[u32]) -> Option<HashMap<u64, u32, PrintHasher>> {
    let mut by_print = HashMap::with_capacity_and_hasher(firsts.len(), PrintHasher::default());
    for (group, profile) in firsts.iter().enumerate() {
        if by_print.insert(whole.print(*profile), group as u32).is_some() {
            return None;
        }
    }
    Some(by_print)
}

impl NeighborIndex for Signatures<'_> {
    fn searcher(&self) -> Box<dyn Searcher + '_> {
        Box::new(SignatureSearcher::new(self))
    }

    fn distance(&self, target: &[u32], profile: u32) -> f64 {
        self.distance.between(target, self.profiles.codes(profile).iter().copied())
    }

    /// Those of one signature, and among them those who are equal in all columns that are not posted.
    fn sharing_key(&self, target: &[u32]) -> u64 {
        let signature = print_of(self.whole.signature(target));
        match self.postings.len() {
            0 => signature,
            _ => signature & !u64::from(u32::MAX) | print_of(self.not_posted(target)) >> u32::BITS,
        }
    }
}
