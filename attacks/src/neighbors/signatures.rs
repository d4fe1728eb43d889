//! The main index: profiles grouped by signature, groups visited by lower bound.
//!
//! A *signature* is the tuple of a profile's codes in the columns of the whole part ([`WholeColumns`]). Mismatches are
//! counted once per signature; groups are visited at 0 mismatches, then 1, and so on until the mismatches alone exceed the
//! radius. A group of the target's own signature is looked up before anything is counted, and is often enough. Inside a
//! group only the gaps of the numeric columns remain: a small group is scanned, a large one has a k-d tree.
//!
//! A column in which hardly two records agree (an identifier) would make nearly every signature another. It is *posted*
//! instead: the few profiles that share the target's code are measured first, and all others are 1 from it.

use super::boxes::Boxes;
use super::kernel::Instructions;
use super::nearest::Collector;
use super::postings::Postings;
use super::tree::{self, Tree};
use super::whole::{Question, WholeColumns, WholeCounter};
use super::{GowerDistance, Nearest, NeighborIndex, Profiles, Searcher, reach};
use crate::table::{Groups, PrintHasher, print_of};
use rayon::prelude::*;
use std::collections::HashMap;
use std::num::NonZero;

/// Groups of at least this many profiles get a tree.
const TREE_FROM: usize = 512;

/// Profiles grouped by signature.
pub struct Signatures<'a> {
    profiles: &'a Profiles,
    distance: GowerDistance<'a>,
    postings: Postings,
    whole: WholeColumns<'a>,
    /// Counts mismatches with each signature.
    counter: WholeCounter<'a>,
    instructions: Instructions,
    /// Group of each signature by its fingerprint, where only equal codes match.
    by_print: Option<HashMap<u64, u32, PrintHasher>>,
    /// Profiles of each signature.
    groups: Vec<Group>,
    /// Profiles sorted by signature; a group is a range of it.
    order: Vec<u32>,
    /// Boxes in that order.
    boxes: Boxes,
}

struct Group {
    start: u32,
    end: u32,
    tree: Option<Box<dyn Tree>>,
}

/// What searches cost, in units that do not depend on the machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effort {
    /// Signatures whose mismatches were counted.
    pub counted: u64,
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
    pub fn new(profiles: &'a Profiles, distance: GowerDistance<'a>, posted: &[usize]) -> Signatures<'a> {
        let postings = Postings::new(profiles, &distance, posted);
        let whole = WholeColumns::new(distance.clone(), profiles, posted);
        let by_signature = Groups::of(profiles.len(), whole.columns.iter().map(|(_, codes)| codes.as_slice()));
        let members = by_signature.members();
        let order = members.all().to_vec();
        let firsts: Vec<u32> = by_signature.first;
        let (counter, boxes) = rayon::join(|| whole.counter(&firsts), || Boxes::new(&distance, profiles, &order));
        let by_print = counter.only_equal().then(|| prints(&whole, &firsts)).flatten();
        let bounds: Vec<(u32, u32)> = members.bounds().collect();
        let groups = bounds
            .into_par_iter()
            .with_min_len(256)
            .map(|(start, end)| Group { start, end, tree: grow(&boxes, start as usize..end as usize) })
            .collect();
        let instructions = Instructions::detect();
        Signatures { profiles, distance, postings, whole, counter, instructions, by_print, groups, order, boxes }
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
        self.groups.iter().map(|group| (group.end - group.start) as usize).max().unwrap_or(0)
    }

    /// Groups with a tree.
    pub fn trees(&self) -> usize {
        self.groups.iter().filter(|group| group.tree.is_some()).count()
    }

    /// Bytes that are compared to count the mismatches of one signature.
    pub(super) fn width(&self) -> usize {
        self.counter.width()
    }

    /// Whether the target's own signature can be looked up.
    pub fn has_lookup(&self) -> bool {
        self.by_print.is_some()
    }

    pub(super) fn search(&self) -> SignatureSearcher<'_> {
        SignatureSearcher {
            index: self,
            collector: Collector::default(),
            signature: Vec::new(),
            question: Question::default(),
            mismatches: None,
            counts: Vec::new(),
            values: Vec::new(),
            posted: Vec::new(),
            proposed: Vec::new(),
            effort: Effort::default(),
        }
    }
}

/// The group of each signature by fingerprint; `None` when two signatures have one fingerprint.
fn prints(whole: &WholeColumns<'_>, firsts: &[u32]) -> Option<HashMap<u64, u32, PrintHasher>> {
    let mut by_print = HashMap::with_capacity_and_hasher(firsts.len(), PrintHasher::default());
    for (group, profile) in firsts.iter().enumerate() {
        let print = print_of(whole.columns.iter().map(|(_, codes)| codes[*profile as usize]));
        if by_print.insert(print, group as u32).is_some() {
            return None;
        }
    }
    Some(by_print)
}

/// A tree for a group that is large, whose cells are all exact numbers.
fn grow(boxes: &Boxes, records: std::ops::Range<usize>) -> Option<Box<dyn Tree>> {
    if records.len() < TREE_FROM || boxes.columns() > tree::MOST_COLUMNS {
        return None;
    }
    tree::build(boxes.points(records)?, boxes.columns())
}

impl NeighborIndex for Signatures<'_> {
    fn searcher(&self) -> Box<dyn Searcher + '_> {
        Box::new(self.search())
    }

    fn sharing_order(&self) -> Vec<usize> {
        self.whole.columns.iter().map(|(at, _)| *at).collect()
    }
}

pub(super) struct SignatureSearcher<'a> {
    index: &'a Signatures<'a>,
    collector: Collector,
    /// The target's own codes in the whole part's columns.
    signature: Vec<u32>,
    question: Question,
    /// Mismatches that every signature has, once `counts` holds the rest for this signature.
    mismatches: Option<u8>,
    counts: Vec<u8>,
    /// The target's place among the boxes.
    values: Vec<f64>,
    /// Profiles that were measured because a posted column names them, ascending.
    posted: Vec<u32>,
    proposed: Vec<u32>,
    pub effort: Effort,
}

impl Searcher for SignatureSearcher<'_> {
    fn nearest(&mut self, target: &[u32], neighbors: usize, found: &mut Nearest) {
        let index = self.index;
        self.collector.start(neighbors);
        self.place(target);
        self.measure_posted(target);
        let everywhere = index.postings.len() + index.whole.everywhere(target);
        let own = self.own_group(target);
        if let Some(group) = own {
            self.visit(&index.groups[group], everywhere as f64, target, neighbors);
        }
        let first = usize::from(index.by_print.is_some());
        if (everywhere + first) as f64 <= reach(self.collector.radius()) {
            let absent = self.count_mismatches();
            let everywhere = everywhere + usize::from(absent);
            let most = index.whole.columns.len().min(u8::MAX as usize);
            let counts = std::mem::take(&mut self.counts);
            for level in first.saturating_sub(usize::from(absent))..=most {
                let whole = (everywhere + level) as f64;
                if whole > reach(self.collector.radius()) {
                    break;
                }
                for group in memchr::memchr_iter(level as u8, &counts[..index.len()]) {
                    self.visit(&index.groups[group], whole, target, neighbors);
                }
            }
            self.counts = counts;
        }
        self.collector.finish(found);
    }
}

impl SignatureSearcher<'_> {
    /// Takes the target's place, and forgets the counts of another signature.
    fn place(&mut self, target: &[u32]) {
        let index = self.index;
        index.boxes.place(&index.distance, target, &mut self.values);
        let own = |at: &usize| index.whole.own(*at, target);
        let columns = || index.whole.columns.iter().map(|(at, _)| at);
        if self.signature.len() != index.whole.columns.len() || !columns().map(own).eq(self.signature.iter().copied()) {
            self.signature.clear();
            self.signature.extend(columns().map(own));
            self.mismatches = None;
        }
    }

    /// The group of the target's own signature.
    fn own_group(&self, target: &[u32]) -> Option<usize> {
        let index = self.index;
        let group = *index.by_print.as_ref()?.get(&print_of(self.signature.iter().copied()))? as usize;
        let profile = index.order[index.groups[group].start as usize] as usize;
        let same = index.whole.columns.iter().all(|(at, codes)| codes[profile] == index.whole.own(*at, target));
        same.then_some(group)
    }

    /// Counts the mismatches of every signature, unless the target before had the same one. What every signature
    /// mismatches is returned and not in the counts.
    fn count_mismatches(&mut self) -> u8 {
        if let Some(absent) = self.mismatches {
            return absent;
        }
        let index = self.index;
        let columns = &index.whole.columns;
        let position = |at: usize| columns.iter().position(|(column, _)| *column == at).unwrap_or(0);
        let absent = index.counter.ask(|at| self.signature[position(at)], &mut self.question);
        self.counts.clear();
        self.counts.resize(index.counter.padded(), 0);
        let blocks = 0..index.counter.padded() / super::kernel::LANES;
        index.counter.count(index.instructions, &self.question, blocks, &mut self.counts);
        self.effort.counted += index.len() as u64;
        self.mismatches = Some(absent);
        absent
    }

    fn measure_posted(&mut self, target: &[u32]) {
        let mut posted = std::mem::take(&mut self.posted);
        posted.clear();
        self.index.postings.find(target, &mut posted);
        for profile in &posted {
            self.measure(*profile, target);
        }
        self.posted = posted;
    }

    fn visit(&mut self, group: &Group, whole: f64, target: &[u32], neighbors: usize) {
        let index = self.index;
        match &group.tree {
            // A missing coordinate cannot be placed in a tree.
            Some(tree) if !self.values.iter().any(|value| value.is_nan()) => {
                self.effort.trees += 1;
                let mut proposed = std::mem::take(&mut self.proposed);
                let enough = self.enough(group, tree.as_ref(), target, neighbors, &mut proposed);
                let radius = reach(self.collector.radius().min(enough));
                proposed.clear();
                tree.within(&self.values, radius - whole, &mut proposed);
                for position in &proposed {
                    self.take((group.start + position) as usize, target);
                }
                self.proposed = proposed;
            }
            _ => {
                self.effort.scanned += u64::from(group.end - group.start);
                for position in group.start as usize..group.end as usize {
                    if whole + index.boxes.gap(position, &self.values) <= reach(self.collector.radius()) {
                        self.take(position, target);
                    }
                }
            }
        }
    }

    /// A distance within which the group alone has enough rows; infinite when it has too few profiles to say.
    fn enough(
        &mut self,
        group: &Group,
        tree: &dyn Tree,
        target: &[u32],
        neighbors: usize,
        proposed: &mut Vec<u32>,
    ) -> f64 {
        let count = NonZero::new(neighbors).filter(|count| count.get() <= (group.end - group.start) as usize);
        let Some(count) = count else { return f64::INFINITY };
        proposed.clear();
        tree.nearest(&self.values, count, proposed);
        self.effort.measured += proposed.len() as u64;
        let farthest = |farthest: f64, at: &u32| {
            let profile = self.index.order[(group.start + at) as usize];
            farthest.max(self.distance_to(profile, target))
        };
        proposed.iter().fold(0.0, farthest)
    }

    fn distance_to(&self, profile: u32, target: &[u32]) -> f64 {
        self.index.distance.between(target, self.index.profiles.codes(profile).iter().copied())
    }

    fn take(&mut self, position: usize, target: &[u32]) {
        let profile = self.index.order[position];
        if self.posted.binary_search(&profile).is_err() {
            self.measure(profile, target);
        }
    }

    fn measure(&mut self, profile: u32, target: &[u32]) {
        self.effort.measured += 1;
        let distance = self.distance_to(profile, target);
        self.collector.push(distance, profile, self.index.profiles.multiplicity(profile));
    }
}
