//! Searching the index of signatures.

use super::boxes::Place;
use super::group::{Group, Inside};
use super::nearest::Collector;
use super::rest::Rest;
use super::signatures::{Effort, Signatures};
use super::tree::Tree;
use super::whole::{Combinations, Question};
use super::{Nearest, NeighborIndex, Searcher, reach};
use crate::table::print_of;
use std::num::NonZero;

/// Profiles that are looked at in the order of a sorted column before a tree is asked: about what a tree costs.
const PATIENCE: usize = 96;

/// Searches with scratch memory of its own.
pub(super) struct SignatureSearcher<'a> {
    index: &'a Signatures<'a>,
    collector: Collector,
    /// The target's own codes in the whole part's columns.
    signature: Vec<u32>,
    question: Question,
    /// Whether only what is equal to the signature matches it.
    is_exact: bool,
    combinations: Combinations,
    /// The groups that match the signature, by their costs; `None` before they are looked up, or when they are too many.
    matching: Option<Vec<(u32, u32)>>,
    /// Mismatches that every signature has, once `counts` holds the rest for this signature.
    mismatches: Option<u8>,
    counts: Vec<u8>,
    /// The target's place among the boxes.
    boxed: Place,
    /// Profiles that were measured because a posted column names them, ascending, with their distances.
    posted: Vec<(f64, u32)>,
    shared: Vec<u32>,
    /// What is nearest when nothing is known in the posted columns, and whether that is searched for now.
    rest: Rest,
    is_apart: bool,
    proposed: Vec<u32>,
    /// What the searches cost so far.
    pub effort: Effort,
}

impl<'a> SignatureSearcher<'a> {
    pub fn new(index: &'a Signatures<'a>) -> SignatureSearcher<'a> {
        SignatureSearcher {
            index,
            collector: Collector::default(),
            signature: Vec::new(),
            question: Question::default(),
            is_exact: true,
            combinations: Combinations::default(),
            matching: None,
            mismatches: None,
            counts: Vec::new(),
            boxed: Place::default(),
            posted: Vec::new(),
            shared: Vec::new(),
            rest: Rest::default(),
            is_apart: false,
            proposed: Vec::new(),
            effort: Effort::default(),
        }
    }
}

impl Searcher for SignatureSearcher<'_> {
    fn nearest(&mut self, target: &[u32], neighbors: usize, found: &mut Nearest) {
        let index = self.index;
        self.place(target);
        self.collector.start(neighbors);
        self.measure_posted(target);
        if index.postings.len() > 0 && self.rest.is_wanted_again(index.not_posted(target), neighbors) {
            if self.everywhere(target) as f64 <= reach(self.collector.radius()) {
                self.join_rest(target, neighbors, found);
                return;
            }
        } else {
            self.search(target, neighbors);
        }
        self.collector.finish(found);
    }
}

impl SignatureSearcher<'_> {
    /// Columns in which the target mismatches every profile that is not posted.
    fn everywhere(&self, target: &[u32]) -> usize {
        self.index.postings.len() + self.index.whole.everywhere(target)
    }

    /// Looks at all profiles but the posted ones, as far as they can be near enough.
    fn search(&mut self, target: &[u32], neighbors: usize) {
        let index = self.index;
        let everywhere = self.everywhere(target);
        let mut answered = self.look_up(everywhere, target, neighbors);
        if (everywhere + answered) as f64 > reach(self.collector.radius()) {
            return;
        }
        let absent = usize::from(self.count_mismatches());
        if !index.only_equal && answered > 0 {
            // Counts do not tell which groups were visited.
            self.collector.start(neighbors);
            self.push_posted();
            answered = 0;
        }
        let counts = std::mem::take(&mut self.counts);
        let unit = usize::from(index.counter.unit());
        let last = (unit * index.whole.columns.len()).min(u8::MAX as usize);
        for level in answered.saturating_sub(absent) * unit..=last {
            let whole = (everywhere + absent) as f64 + level as f64 / unit as f64;
            if whole > reach(self.collector.radius()) {
                break;
            }
            for group in memchr::memchr_iter(level as u8, &counts[..index.len()]) {
                self.visit(&index.groups[group], whole, target, neighbors);
            }
        }
        self.counts = counts;
    }

    /// Answers from the posted profiles and from the nearest of those who share nothing in the posted columns.
    fn join_rest(&mut self, target: &[u32], neighbors: usize, found: &mut Nearest) {
        let profiles = self.index.profiles;
        if !self.rest.is_found() {
            let posted = std::mem::take(&mut self.posted);
            self.is_apart = true;
            self.collector.start(neighbors);
            self.search(target, neighbors);
            self.is_apart = false;
            self.rest.keep(&mut self.collector, profiles);
            self.posted = posted;
        }
        self.rest.join(&self.posted, profiles, neighbors, &mut self.collector, found);
    }

    /// Takes the target's place, and forgets the counts of another signature.
    fn place(&mut self, target: &[u32]) {
        let index = self.index;
        index.boxes.place(target, &mut self.boxed);
        if !index.whole.signature(target).eq(self.signature.iter().copied()) {
            self.signature.clear();
            self.signature.extend(index.whole.signature(target));
            self.is_exact = index.whole.is_exact(&self.signature);
            self.matching = None;
            self.mismatches = None;
        }
    }

    /// Visits the groups that can be looked up, and tells at how many levels of mismatches nothing else is left.
    fn look_up(&mut self, everywhere: usize, target: &[u32], neighbors: usize) -> usize {
        let index = self.index;
        if !index.only_equal {
            return self.look_up_compatible(everywhere, target, neighbors);
        }
        let Some(by_print) = index.by_print.as_ref().filter(|_| self.is_exact) else { return 0 };
        if let Some(group) = by_print.get(&print_of(self.signature.iter().copied()))
            && mismatches(index, &self.signature, *group as usize) == 0
        {
            self.visit(&index.groups[*group as usize], everywhere as f64, target, neighbors);
        }
        let whole = (everywhere + 1) as f64;
        match &index.one_off {
            Some(one_off) if whole <= reach(self.collector.radius()) => {
                let signature = std::mem::take(&mut self.signature);
                for (column, group) in one_off.candidates(&signature) {
                    self.effort.looked_up += 1;
                    // Found under the column in which it differs, so that no group is visited twice.
                    if differs(index, &signature, group, column) && mismatches(index, &signature, group) == 1 {
                        self.visit(&index.groups[group], whole, target, neighbors);
                    }
                }
                self.signature = signature;
                2
            }
            _ => 1,
        }
    }

    /// The same where records have cells that cover several values: all groups are visited that mismatch in no column.
    fn look_up_compatible(&mut self, everywhere: usize, target: &[u32], neighbors: usize) -> usize {
        let index = self.index;
        let Some(by_print) = &index.by_print else { return 0 };
        let matching = match self.matching.take() {
            Some(matching) => matching,
            None if !index.counter.compatible(&self.signature, index.most_looked_up, &mut self.combinations) => {
                return 0;
            }
            None => {
                let mut matching = Vec::new();
                self.combinations.each(&mut |signature, cost| {
                    self.effort.looked_up += 1;
                    if let Some(group) = by_print.get(&print_of(signature.iter().copied()))
                        && mismatches(index, signature, *group as usize) == 0
                    {
                        matching.push((cost, *group));
                    }
                });
                matching.sort_unstable();
                matching
            }
        };
        for (cost, group) in &matching {
            let whole = everywhere as f64 + f64::from(*cost) / f64::from(index.counter.unit());
            if whole > reach(self.collector.radius()) {
                break;
            }
            self.visit(&index.groups[*group as usize], whole, target, neighbors);
        }
        self.matching = Some(matching);
        1
    }

    /// Counts the mismatches of every signature, unless the target before had the same one. What every signature
    /// mismatches is returned and not in the counts.
    fn count_mismatches(&mut self) -> u8 {
        if let Some(absent) = self.mismatches {
            return absent;
        }
        let index = self.index;
        let absent = u8::try_from(index.counter.ask(&self.signature, &mut self.question)).unwrap_or(u8::MAX);
        self.counts.clear();
        self.counts.resize(index.counter.padded(), 0);
        let blocks = 0..index.counter.padded() / super::kernel::LANES;
        index.counter.count(index.instructions, &self.question, blocks, &mut self.counts);
        self.effort.counted += index.len() as u64;
        self.mismatches = Some(absent);
        absent
    }

    fn measure_posted(&mut self, target: &[u32]) {
        self.shared.clear();
        self.index.postings.find(target, &mut self.shared);
        self.posted.clear();
        self.posted.extend(self.shared.iter().map(|profile| (self.index.distance(target, *profile), *profile)));
        self.effort.measured += self.posted.len() as u64;
        self.push_posted();
    }

    fn push_posted(&mut self) {
        for (distance, profile) in &self.posted {
            self.collector.push(*distance, *profile, || self.index.profiles.multiplicity(*profile));
        }
    }

    fn visit(&mut self, group: &Group, whole: f64, target: &[u32], neighbors: usize) {
        match &group.inside {
            // What is not a number cannot be placed in a tree, nor among sorted ones.
            Inside::Tree(tree, sorted) if self.boxed.is_point() => {
                let looked_at = match sorted.and_then(|column| Some((column, self.boxed.number(column)?))) {
                    Some((column, value)) => {
                        let search = self.search_outwards(group, column, value, whole, target, PATIENCE);
                        let Some(looked_at) = search else { return };
                        looked_at
                    }
                    None => 0..0,
                };
                self.effort.trees += 1;
                let mut proposed = std::mem::take(&mut self.proposed);
                let enough = self.enough(group, tree.as_ref(), target, neighbors, &mut proposed);
                let radius = reach(self.collector.radius().min(enough));
                proposed.clear();
                tree.within(&self.boxed.lo, radius - whole, &mut proposed);
                for position in &proposed {
                    let position = (group.start + position) as usize;
                    if !looked_at.contains(&position) {
                        self.take(position, target);
                    }
                }
                self.proposed = proposed;
            }
            Inside::Sorted(column) => match self.boxed.number(*column) {
                Some(value) => {
                    self.search_outwards(group, *column, value, whole, target, usize::MAX);
                }
                None => self.scan(group, whole, target),
            },
            _ => self.scan(group, whole, target),
        }
    }

    /// Looks at one profile after the other.
    fn scan(&mut self, group: &Group, whole: f64, target: &[u32]) {
        self.effort.scanned += group.len() as u64;
        for position in group.records() {
            self.look_at(position, whole, target);
        }
    }

    /// Looks at profiles in the order of their difference in the sorted column, at most at so many. When that was not enough, tells
    /// which were looked at: a stretch of the group.
    fn search_outwards(
        &mut self,
        group: &Group,
        column: usize,
        value: f64,
        whole: f64,
        target: &[u32],
        patience: usize,
    ) -> Option<std::ops::Range<usize>> {
        let boxes = &self.index.boxes;
        let number = |position: usize| boxes.ends(position, column).0;
        let (mut from, mut to) = (group.start as usize, group.end as usize);
        while from < to {
            let middle = from.midpoint(to);
            if number(middle) < value { from = middle + 1 } else { to = middle }
        }
        // What is not looked at yet: the profiles before `below` and those from `above` on.
        let (mut below, mut above) = (from, from);
        loop {
            let down = if below > group.start as usize { value - number(below - 1) } else { f64::INFINITY };
            let up = if above < group.end as usize { number(above) - value } else { f64::INFINITY };
            let least = down.min(up);
            if least == f64::INFINITY || whole + least > reach(self.collector.radius()) {
                return None;
            }
            if above - below == patience {
                return Some(below..above);
            }
            self.effort.scanned += 1;
            if down <= up {
                below -= 1;
                self.look_at(below, whole, target);
            } else {
                self.look_at(above, whole, target);
                above += 1;
            }
        }
    }

    /// Measures a profile, unless its gaps alone are too large.
    #[inline]
    fn look_at(&mut self, position: usize, whole: f64, target: &[u32]) {
        if whole + self.index.boxes.gap(position, &self.boxed) <= reach(self.collector.radius()) {
            self.take(position, target);
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
        let count = NonZero::new(neighbors).filter(|count| count.get() <= group.len());
        let Some(count) = count else { return f64::INFINITY };
        proposed.clear();
        tree.nearest(&self.boxed.lo, count, proposed);
        self.effort.measured += proposed.len() as u64;
        if proposed.len() < count.get() {
            return f64::INFINITY;
        }
        let farthest = |farthest: f64, at: &u32| {
            let profile = self.index.order[(group.start + at) as usize];
            farthest.max(self.distance(target, profile))
        };
        proposed.iter().fold(0.0, farthest)
    }

    fn take(&mut self, position: usize, target: &[u32]) {
        let profile = self.index.order[position];
        if self.posted.binary_search_by_key(&profile, |(_, posted)| *posted).is_err() {
            self.measure(profile, target);
        }
    }

    fn distance(&self, target: &[u32], profile: u32) -> f64 {
        match self.is_apart {
            true => self.index.distance_apart(target, profile),
            false => self.index.distance(target, profile),
        }
    }

    fn measure(&mut self, profile: u32, target: &[u32]) {
        self.effort.measured += 1;
        let distance = self.distance(target, profile);
        self.collector.push(distance, profile, || self.index.profiles.multiplicity(profile));
    }
}

/// In how many columns a signature differs from a target's.
fn mismatches(index: &Signatures<'_>, signature: &[u32], group: usize) -> usize {
    let profile = index.order[index.groups[group].start as usize];
    index.whole.of_profile(index.profiles, profile).zip(signature).filter(|(code, own)| code != *own).count()
}

/// Whether a signature differs from a target's in one of its columns.
fn differs(index: &Signatures<'_>, signature: &[u32], group: usize, column: usize) -> bool {
    let profile = index.order[index.groups[group].start as usize] as usize;
    index.whole.columns[column].1[profile] != signature[column]
}
