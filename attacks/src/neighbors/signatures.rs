//! The main index: profiles grouped by signature, groups visited by lower bound.
//!
//! A *signature* is the tuple of a profile's categorical codes and, for each numeric column whose release cells are
//! not all exact numbers, the form of its cell. The whole part of the distance is the number of signature
//! columns that mismatch, so it is counted once per signature; groups are visited at 0 mismatches, then 1, and so on
//! until the mismatches alone exceed the radius. Inside a group only the gaps of the numeric columns remain: a small
//! group is scanned, a large one has a k-d tree.

use super::distance::over_range;
use super::nearest::Collector;
use super::tree::{self, Tree};
use super::{GowerDistance, Nearest, NeighborIndex, Profiles, Searcher, distance::column_distance};
use crate::table::{Cell, Domain, Groups, Lists, MISSING};
use std::num::NonZero;

/// Lower bounds are computed in another order than the distance of record; rounding moves them by far less than this.
const SLACK: f64 = 1e-9;

/// Groups of at least this many profiles get a tree.
const TREE_FROM: usize = 512;

/// Profiles grouped by signature.
pub struct Signatures<'a> {
    profiles: &'a Profiles,
    distance: GowerDistance<'a>,
    columns: Vec<SignatureColumn>,
    gaps: Vec<GapColumn>,
    /// Attacker's columns whose release cells are all exact numbers: a missing target is 1 from each of them.
    all_numbers: Vec<usize>,
    /// Profiles of each signature.
    groups: Vec<Group>,
    /// Profiles sorted by signature; a group is a range of it.
    order: Vec<u32>,
}

/// One column's codes over all signatures, and what mismatches them.
struct SignatureColumn {
    /// Position among the attacker's columns.
    at: usize,
    /// Local code of each signature.
    codes: LocalCodes,
    /// Local code of each joint code, `ABSENT` where the release does not hold it.
    local: Vec<u32>,
    /// Local and joint codes of generalized cells (of any cell, for the forms of a numeric column).
    special: Vec<(u32, u32)>,
}

const ABSENT: u32 = u32::MAX;

/// Codes as narrow as they fit, because counting mismatches reads all of them for each target.
enum LocalCodes {
    Narrow(Vec<u8>),
    Wide(Vec<u16>),
    Full(Vec<u32>),
}

/// The boxes of one numeric column, in the order of `Signatures::order`.
struct GapColumn {
    at: usize,
    range: f64,
    /// Coordinates of trees are measured from here, so that large offsets keep their digits.
    origin: f64,
    lo: Vec<f64>,
    /// `None` when every box has no width.
    hi: Option<Vec<f64>>,
}

struct Group {
    start: u32,
    end: u32,
    tree: Option<Box<dyn Tree>>,
}

impl<'a> Signatures<'a> {
    /// Builds the index over profiles made of the distance's columns.
    pub fn new(profiles: &'a Profiles, distance: GowerDistance<'a>) -> Signatures<'a> {
        let mut groups = Groups::one(profiles.len());
        let mut signature_columns = Vec::new();
        let mut all_numbers = Vec::new();
        for (at, domain) in distance.domains().iter().enumerate() {
            let joint: Vec<u32> = (0..profiles.len() as u32).map(|profile| profiles.codes(profile)[at]).collect();
            if domain.kind().is_numeric() {
                let forms: Vec<u32> = joint.iter().map(|code| form(domain, *code)).collect();
                if forms.iter().all(|form| *form == NUMBER) {
                    all_numbers.push(at);
                    continue;
                }
                groups.refine(&forms);
                signature_columns.push((at, forms));
            } else {
                groups.refine(&joint);
                signature_columns.push((at, joint));
            }
        }
        let members = groups.members();
        let order: Vec<u32> = (0..groups.len() as u32).flat_map(|group| members.of(group).iter().copied()).collect();
        let columns = signature_columns
            .into_iter()
            .map(|(at, codes)| SignatureColumn::new(at, distance.domains()[at], &codes, &groups.first))
            .collect();
        let gaps = gap_columns(profiles, &distance, &order);
        let groups = bounds(&members).map(|(start, end)| Group { start, end, tree: grow(&gaps, start, end) }).collect();
        Signatures { profiles, distance, columns, gaps, all_numbers, groups, order }
    }

    /// Number of signatures.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether the release has no rows.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Positions of the columns on which targets should be sorted, so that those of one signature follow each other.
    pub fn sharing_order(&self) -> Vec<usize> {
        self.columns.iter().map(|column| column.at).collect()
    }
}

fn bounds(members: &Lists) -> impl Iterator<Item = (u32, u32)> + '_ {
    let mut start = 0;
    (0..members.len() as u32).map(move |group| {
        let from = start;
        start += members.of(group).len() as u32;
        (from, start)
    })
}

// Forms of a numeric release cell, used as its signature code.
const NUMBER: u32 = 0;
const ABSENT_NUMBER: u32 = 1;
const BOX: u32 = 2;
const ANYTHING: u32 = 3;

fn form(domain: &Domain, code: u32) -> u32 {
    match domain.cell(code) {
        Cell::Missing => ABSENT_NUMBER,
        Cell::Interval(_) => BOX,
        Cell::Suppressed => ANYTHING,
        _ => NUMBER,
    }
}

/// Whether a numeric column's form alone puts a target at distance 1.
fn form_mismatches(target: u32, form: u32) -> bool {
    match form {
        ABSENT_NUMBER => target != MISSING,
        ANYTHING => false,
        _ => target == MISSING,
    }
}

fn gap_columns(profiles: &Profiles, distance: &GowerDistance<'_>, order: &[u32]) -> Vec<GapColumn> {
    let numeric = distance.domains().iter().enumerate().filter(|(_, domain)| domain.range() > 0.0);
    numeric
        .map(|(at, domain)| {
            let boxes = order.iter().map(|profile| {
                let code = profiles.codes(*profile)[at];
                match domain.cell(code) {
                    Cell::Number(value) => (*value, *value),
                    Cell::Interval(interval) => (interval.lo, interval.hi),
                    _ => (f64::NEG_INFINITY, f64::INFINITY),
                }
            });
            let (lo, hi): (Vec<f64>, Vec<f64>) = boxes.unzip();
            let hi = if lo == hi { None } else { Some(hi) };
            let origin = lo.iter().copied().find(|lo| lo.is_finite()).unwrap_or(0.0);
            GapColumn { at, range: domain.range(), origin, lo, hi }
        })
        .collect()
}

/// A tree for a group that is large, whose cells are all exact numbers.
fn grow(gaps: &[GapColumn], start: u32, end: u32) -> Option<Box<dyn Tree>> {
    let rows = start as usize..end as usize;
    let exact = |gap: &GapColumn| gap.hi.as_ref().is_none_or(|hi| gap.lo[rows.clone()] == hi[rows.clone()]);
    if rows.len() < TREE_FROM || gaps.len() > tree::MOST_COLUMNS || !gaps.iter().all(exact) {
        return None;
    }
    let points: Vec<f64> = rows.flat_map(|row| gaps.iter().map(move |gap| gap.scaled(gap.lo[row]))).collect();
    tree::build(&points, gaps.len())
}

impl GapColumn {
    /// A coordinate for trees.
    fn scaled(&self, value: f64) -> f64 {
        (value - self.origin) / self.range
    }

    #[inline]
    fn gap(&self, position: usize, value: f64) -> f64 {
        let lo = self.lo[position];
        let hi = self.hi.as_ref().map_or(lo, |hi| hi[position]);
        over_range((lo - value).max(value - hi).max(0.0), self.range)
    }
}

impl SignatureColumn {
    fn new(at: usize, domain: &Domain, codes: &[u32], first: &[u32]) -> SignatureColumn {
        let numeric = domain.kind().is_numeric();
        // Forms are local codes already; categories are numbered by their order among those that occur.
        let joint_codes = if numeric { ANYTHING as usize + 1 } else { domain.len() };
        let mut local = vec![ABSENT; joint_codes];
        for code in codes {
            local[*code as usize] = 0;
        }
        let mut count = 0;
        let mut special = Vec::new();
        for (joint, slot) in local.iter_mut().enumerate().filter(|(_, slot)| **slot == 0) {
            *slot = count;
            if numeric || !domain.is_exact(joint as u32) {
                special.push((count, joint as u32));
            }
            count += 1;
        }
        let of_signature = first.iter().map(|profile| local[codes[*profile as usize] as usize]);
        let codes = match count {
            0..=0xff => LocalCodes::Narrow(of_signature.map(|code| code as u8).collect()),
            0x100..=0xffff => LocalCodes::Wide(of_signature.map(|code| code as u16).collect()),
            _ => LocalCodes::Full(of_signature.collect()),
        };
        SignatureColumn { at, codes, local, special }
    }

    /// Local codes that match a target without being equal to it.
    fn compatible<'s>(&'s self, domain: &'s Domain, target: u32) -> impl Iterator<Item = u32> + 's {
        let numeric = domain.kind().is_numeric();
        let matches = move |joint: u32| {
            if numeric { !form_mismatches(target, joint) } else { column_distance(domain, target, joint) == 0.0 }
        };
        self.special.iter().filter(move |(_, joint)| matches(*joint)).map(|(local, _)| *local)
    }

    /// Adds 1 to the mismatches of every signature that the target does not match in this column.
    fn count(&self, domain: &Domain, target: u32, mismatches: &mut [u8]) {
        let equal = if domain.kind().is_numeric() { ABSENT } else { self.local[target as usize] };
        match &self.codes {
            LocalCodes::Narrow(codes) => add_mismatches(codes, u8::try_from(equal).ok(), mismatches),
            LocalCodes::Wide(codes) => add_mismatches(codes, u16::try_from(equal).ok(), mismatches),
            LocalCodes::Full(codes) => add_mismatches(codes, Some(equal), mismatches),
        }
        for local in self.compatible(domain, target).filter(|local| *local != equal) {
            let matches = |at: usize| match &self.codes {
                LocalCodes::Narrow(codes) => u32::from(codes[at]) == local,
                LocalCodes::Wide(codes) => u32::from(codes[at]) == local,
                LocalCodes::Full(codes) => codes[at] == local,
            };
            for (at, count) in mismatches.iter_mut().enumerate() {
                *count -= u8::from(matches(at));
            }
        }
    }
}

/// Adds 1 wherever a code differs from `equal`; everywhere when the target's value is not in the release.
fn add_mismatches<T: Copy + PartialEq>(codes: &[T], equal: Option<T>, mismatches: &mut [u8]) {
    match equal {
        Some(equal) => {
            for (count, code) in mismatches.iter_mut().zip(codes) {
                *count = count.saturating_add(u8::from(*code != equal));
            }
        }
        None => mismatches.iter_mut().for_each(|count| *count = count.saturating_add(1)),
    }
}

impl NeighborIndex for Signatures<'_> {
    fn searcher(&self) -> Box<dyn Searcher + '_> {
        Box::new(SignatureSearcher {
            index: self,
            collector: Collector::default(),
            signature: Vec::new(),
            mismatches: vec![0; self.groups.len()],
            values: Vec::new(),
            point: Vec::new(),
            proposed: Vec::new(),
        })
    }
}

struct SignatureSearcher<'a> {
    index: &'a Signatures<'a>,
    collector: Collector,
    /// The target's codes on the signature columns for which `mismatches` was counted.
    signature: Vec<u32>,
    mismatches: Vec<u8>,
    /// The target's value per gap column; `None` when it is missing there.
    values: Vec<Option<f64>>,
    point: Vec<f64>,
    proposed: Vec<u32>,
}

impl Searcher for SignatureSearcher<'_> {
    fn nearest(&mut self, target: &[u32], neighbors: usize, found: &mut Nearest) {
        self.collector.start(neighbors);
        self.count_mismatches(target);
        self.place(target);
        let index = self.index;
        let everywhere = index.all_numbers.iter().filter(|at| target[**at] == MISSING).count();
        let most = index.columns.len().min(u8::MAX as usize);
        let mismatches = std::mem::take(&mut self.mismatches);
        for level in 0..=most {
            let whole = (everywhere + level) as f64;
            if whole > self.collector.radius() + SLACK {
                break;
            }
            for group in memchr::memchr_iter(level as u8, &mismatches) {
                self.visit(&index.groups[group], whole, target, neighbors);
            }
        }
        self.mismatches = mismatches;
        self.collector.finish(found);
    }
}

impl SignatureSearcher<'_> {
    /// Counts the mismatches of every signature, unless the target before had the same signature.
    fn count_mismatches(&mut self, target: &[u32]) {
        let index = self.index;
        let own = |column: &SignatureColumn| {
            let code = target[column.at];
            // Of a number, only whether it is there matters.
            if index.distance.domains()[column.at].kind().is_numeric() { code.min(1) } else { code }
        };
        let same = self.signature.len() == index.columns.len()
            && index.columns.iter().zip(&self.signature).all(|(column, code)| own(column) == *code);
        if same && !self.signature.is_empty() {
            return;
        }
        self.signature.clear();
        self.signature.extend(index.columns.iter().map(own));
        self.mismatches.fill(0);
        for column in &index.columns {
            column.count(index.distance.domains()[column.at], target[column.at], &mut self.mismatches);
        }
    }

    fn place(&mut self, target: &[u32]) {
        let domains = self.index.distance.domains();
        let value = |gap: &GapColumn| {
            let code = target[gap.at];
            (code != MISSING).then(|| domains[gap.at].number(code))
        };
        self.values.clear();
        self.values.extend(self.index.gaps.iter().map(value));
        self.point.clear();
        if self.values.iter().all(Option::is_some) {
            let coordinates = self.index.gaps.iter().zip(&self.values);
            self.point.extend(coordinates.map(|(gap, value)| gap.scaled(value.unwrap_or(0.0))));
        }
    }

    fn visit(&mut self, group: &Group, whole: f64, target: &[u32], neighbors: usize) {
        match &group.tree {
            // A missing coordinate cannot be placed in a tree.
            Some(tree) if self.point.len() == self.index.gaps.len() => {
                let mut proposed = std::mem::take(&mut self.proposed);
                let radius =
                    self.collector.radius().min(self.reach(group, tree.as_ref(), target, neighbors, &mut proposed));
                proposed.clear();
                tree.within(&self.point, radius - whole + SLACK, &mut proposed);
                for position in &proposed {
                    self.take((group.start + position) as usize, target);
                }
                self.proposed = proposed;
            }
            _ => {
                for position in group.start as usize..group.end as usize {
                    let gaps = self.index.gaps.iter().zip(&self.values);
                    let gap: f64 = gaps.map(|(gap, value)| value.map_or(0.0, |value| gap.gap(position, value))).sum();
                    if whole + gap <= self.collector.radius() + SLACK {
                        self.take(position, target);
                    }
                }
            }
        }
    }

    /// A distance within which the group alone has enough rows; infinite when it has too few profiles to say.
    fn reach(&self, group: &Group, tree: &dyn Tree, target: &[u32], neighbors: usize, proposed: &mut Vec<u32>) -> f64 {
        let count = NonZero::new(neighbors).filter(|count| count.get() <= (group.end - group.start) as usize);
        let Some(count) = count else { return f64::INFINITY };
        proposed.clear();
        tree.nearest(&self.point, count, proposed);
        let farthest = |reach: f64, at: &u32| reach.max(self.distance_to((group.start + at) as usize, target));
        proposed.iter().fold(0.0, farthest)
    }

    fn distance_to(&self, position: usize, target: &[u32]) -> f64 {
        let codes = self.index.profiles.codes(self.index.order[position]);
        self.index.distance.between(target, codes.iter().copied())
    }

    fn take(&mut self, position: usize, target: &[u32]) {
        let profile = self.index.order[position];
        let distance = self.distance_to(position, target);
        self.collector.push(distance, profile, self.index.profiles.multiplicity(profile));
    }
}
