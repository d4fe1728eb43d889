//! A scan of every profile, many targets against one block of profiles at a time.
//!
//! Where no index pays (signatures far apart, many numeric columns), every pair has to be looked at; then it is done
//! with the widest instructions, in `f32`, while a block of profiles is in the processor's cache. What is not farther
//! than the radius, with room for the rounding of `f32`, is measured in `f64`: of the first block those that seem nearest first, so
//! that a radius is known.

use super::boxes::{Boxes, Place};
use super::kernel::{Instructions, LANES, find_within};
use super::nearest::Collector;
use super::whole::{Question, WholeColumns, WholeCounter};
use super::{GowerDistance, Nearest, NeighborIndex, Profiles, Searcher};

/// Profiles of a block: with twelve columns about as much as the first cache holds.
const BLOCK: usize = 16 * LANES;

/// Profiles in blocks, as bytes and `f32`.
pub struct Blocks<'a> {
    profiles: &'a Profiles<'a>,
    distance: GowerDistance<'a>,
    whole: WholeColumns<'a>,
    counter: WholeCounter<'a>,
    boxes: Boxes,
    /// Ends of the boxes, [`LANES`] profiles at a time and column by column; no upper ends when all are numbers.
    lo: Vec<f32>,
    hi: Vec<f32>,
    instructions: Instructions,
}

impl<'a> Blocks<'a> {
    /// Arranges profiles made of the distance's columns.
    pub fn new(profiles: &'a Profiles<'a>, distance: GowerDistance<'a>) -> Blocks<'a> {
        let all: Vec<u32> = (0..profiles.len() as u32).collect();
        let whole = WholeColumns::new(distance.clone(), profiles, &[]);
        let counter = whole.counter(&all);
        let boxes = Boxes::new(&distance, profiles, &all);
        let columns = boxes.columns();
        let ends = |end: fn((f64, f64)) -> f64| {
            let mut ends = vec![0.0; counter.padded() * columns];
            for (block, ends) in ends.chunks_exact_mut((columns * LANES).max(1)).enumerate() {
                for record in block * LANES..profiles.len().min((block + 1) * LANES) {
                    for column in 0..columns {
                        ends[column * LANES + record % LANES] = end(boxes.ends(record, column)) as f32;
                    }
                }
            }
            ends
        };
        let lo = ends(|(lo, _)| lo);
        let hi = if boxes.are_numbers() { Vec::new() } else { ends(|(_, hi)| hi) };
        Blocks { profiles, distance, whole, counter, boxes, lo, hi, instructions: Instructions::detect() }
    }

    /// Uses other instructions than the widest.
    #[cfg(test)]
    pub(super) fn with(self, instructions: Instructions) -> Blocks<'a> {
        Blocks { instructions, ..self }
    }
}

impl NeighborIndex for Blocks<'_> {
    fn searcher(&self) -> Box<dyn Searcher + '_> {
        Box::new(BlockSearcher {
            index: self,
            counts: vec![0; BLOCK],
            part: Vec::new(),
            found: Vec::new(),
            targets: Vec::new(),
        })
    }

    fn distance(&self, target: &[u32], profile: u32) -> f64 {
        self.distance.between(target, self.profiles.codes(profile).iter().copied())
    }
}

struct BlockSearcher<'a> {
    index: &'a Blocks<'a>,
    counts: Vec<u16>,
    /// Counts of a part of the columns.
    part: Vec<u8>,
    found: Vec<(u32, f32)>,
    targets: Vec<Target>,
}

/// One of the targets that are searched together.
#[derive(Default)]
struct Target {
    question: Question,
    /// Mismatches with every profile.
    everywhere: u16,
    /// Ends of the target's own box; no upper ends when it has no width.
    from: Vec<f32>,
    to: Vec<f32>,
    collector: Collector,
}

impl Searcher for BlockSearcher<'_> {
    fn nearest(&mut self, target: &[u32], neighbors: usize, found: &mut Nearest) {
        self.nearest_of_each(&[target], neighbors, &mut |_, nearest| found.clone_from(nearest));
    }

    fn nearest_of_each(&mut self, targets: &[&[u32]], neighbors: usize, each: &mut dyn FnMut(usize, &Nearest)) {
        let mut asked = std::mem::take(&mut self.targets);
        asked.resize_with(targets.len().max(asked.len()), Target::default);
        for (asked, target) in asked.iter_mut().zip(targets) {
            self.prepare(asked, target, neighbors);
        }
        let blocks = self.index.counter.padded() / LANES;
        for start in (0..blocks).step_by(BLOCK / LANES) {
            let block = start..blocks.min(start + BLOCK / LANES);
            for (asked, target) in asked.iter_mut().zip(targets) {
                self.scan(asked, target, block.clone());
            }
        }
        let mut found = Nearest::default();
        for (at, asked) in asked[..targets.len()].iter_mut().enumerate() {
            asked.collector.finish(&mut found);
            each(at, &found);
        }
        self.targets = asked;
    }
}

impl BlockSearcher<'_> {
    fn prepare(&mut self, asked: &mut Target, target: &[u32], neighbors: usize) {
        let index = self.index;
        let signature: Vec<u32> = index.whole.signature(target).collect();
        let absent = index.counter.ask(&signature, &mut asked.question);
        let everywhere = absent + index.whole.everywhere(target);
        asked.everywhere = u16::try_from(everywhere * usize::from(index.counter.unit())).unwrap_or(u16::MAX);
        let mut place = Place::default();
        index.boxes.place(target, &mut place);
        let has_width = place.lo.iter().zip(&place.hi).any(|(lo, hi)| lo < hi);
        asked.from.clear();
        asked.from.extend(place.lo.iter().map(|end| *end as f32));
        asked.to.clear();
        asked.to.extend(place.hi.iter().filter(|_| has_width).map(|end| *end as f32));
        asked.collector.start(neighbors);
    }

    /// Compares one target with the profiles of a block.
    fn scan(&mut self, asked: &mut Target, target: &[u32], block: std::ops::Range<usize>) {
        let index = self.index;
        let records = block.len() * LANES;
        let counts = &mut self.counts[..records];
        counts.fill(asked.everywhere);
        index.counter.count_all(index.instructions, &asked.question, block.clone(), &mut self.part, counts);
        let width = index.boxes.columns() * LANES;
        let ends = block.start * width..block.end * width;
        let hi = if index.hi.is_empty() { &[] } else { &index.hi[ends.clone()] };
        let limit = self.limit(asked);
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        let counts = &self.counts[..records];
        let unit = 1.0 / f32::from(index.counter.unit());
        let lo = &index.lo[ends];
        find_within(index.instructions, counts, unit, lo, hi, &asked.from, &asked.to, limit, &mut found);
        let start = block.start * LANES;
        // What fills the last block is no profile.
        found.retain(|(at, _)| start + (*at as usize) < index.profiles.len());
        if !asked.collector.radius().is_finite() {
            // The last one that is asked for is among as many profiles, as none holds less than a row.
            let last = asked.collector.neighbors().min(found.len()).saturating_sub(1);
            if last < found.len() {
                found.select_nth_unstable_by(last, |one, other| one.1.total_cmp(&other.1));
            }
        }
        for (at, sum) in &found {
            let profile = start + *at as usize;
            // The radius may have shrunk since.
            if *sum <= self.limit(asked) {
                self.measure(asked, target, profile as u32);
            }
        }
        self.found = found;
    }

    /// The largest sum in `f32` that a profile within the radius can have.
    ///
    /// Rounding two coordinates, a difference and a sum of d columns moves the sum by at most (d + 2)·2⁻²⁴·(2 + sum): a target's
    /// ends are in [0, 1] or infinite, and the end of a box that makes a gap is at most 1 + the gap. Four times as much is allowed.
    fn limit(&self, asked: &Target) -> f32 {
        let radius = asked.collector.radius();
        let columns = self.index.distance.domains().len() as f64;
        (radius + (columns + 2.0) * (2.0 + radius) / f64::from(1 << 22)) as f32
    }

    fn measure(&self, asked: &mut Target, target: &[u32], profile: u32) {
        let distance = self.index.distance(target, profile);
        asked.collector.push(distance, profile, || self.index.profiles.multiplicity(profile));
    }
}
