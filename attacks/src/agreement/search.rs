//! Branch and bound over blocks of candidates.

use super::records::{ABSENT, Layout};
use super::{Records, Weights};
use crate::neighbors::kernel::{
    BitGain, Gain, GainTable, Instructions, LANES, Reach, find_bounded, find_reaching, sum_bounds, take_reaching,
};
use std::collections::VecDeque;
use crate::neighbors::nearest::Collector;
use crate::neighbors::{Nearest, NeighborIndex, Searcher};

/// Blocks after whose records are scored, so that the limit rises, where several rows are asked for.
const AT_ONCE: usize = 4;

/// Bounds are taken in steps of this part of the largest at first.
const WIDTH: u16 = 32;

/// Answers of the targets before whose records are tried first.
const RECENT: usize = 4;

/// Records of one answer that are tried at the most.
const TRIED: usize = 8;

/// Finds the maxima of weighted agreement.
///
/// Sums are bounded in 16 bits first: gains are scaled so that no sum overflows, and rounded, which moves a sum by less than
/// `Agreement::slack`. What reaches the largest sum within that is scored in whole units. Targets who follow each other are alike: the
/// records that answered the last ones give the limit that the next search begins with.
#[derive(Debug)]
pub struct Agreement<'a> {
    records: Records<'a>,
    weights: Weights<'a>,
    /// What a unit is in a sum of 16 bits.
    scale: f64,
    /// The gains in such sums, column by column and code by code.
    scaled: Vec<Vec<u16>>,
    slack: u16,
    instructions: Instructions,
}

impl<'a> Agreement<'a> {
    /// A search over the candidates.
    pub fn new(records: Records<'a>, weights: Weights<'a>) -> Agreement<'a> {
        let columns = weights.len() as f64;
        let most: f64 = (0..weights.len()).map(|at| f64::from(weights.most(at))).sum();
        let scale = ((f64::from(u16::MAX) - columns) / most.max(1.0)).min(1.0);
        // Each of two sums is off by half a step per column.
        let slack = if scale < 1.0 { weights.len() as u16 + 1 } else { 0 };
        let scaled = |gain: &u32| (f64::from(*gain) * scale).round() as u16;
        let scaled = (0..weights.len()).map(|at| weights.gains(at).iter().map(scaled).collect()).collect();
        Agreement { records, weights, scale, scaled, slack, instructions: Instructions::detect() }
    }

    /// The same candidates with other weights.
    pub fn reweighted(self, weights: Weights<'a>) -> Agreement<'a> {
        Agreement::new(self.records, weights)
    }

    /// The candidates.
    pub fn records(&self) -> &Records<'a> {
        &self.records
    }

    /// The weights.
    pub fn weights(&self) -> &Weights<'a> {
        &self.weights
    }

    /// Uses other instructions than the widest.
    #[cfg(test)]
    pub(super) fn with(self, instructions: Instructions) -> Agreement<'a> {
        Agreement { instructions, ..self }
    }

    /// A searcher that counts what it looks at.
    pub(super) fn counting_searcher(&self) -> AgreementSearcher<'_> {
        AgreementSearcher {
            index: self,
            asked: self.records.columns.iter().map(|_| Asked::default()).collect(),
            gains: Vec::new(),
            bounds: Vec::new(),
            first: 0,
            own: Vec::new(),
            several: Vec::new(),
            tables: vec![Vec::new(); self.records.tables.len()],
            full: 0,
            neighbors: 1,
            recent: VecDeque::new(),
            collector: Collector::default(),
            reach: Reach { limit: 0, slack: 0 },
            which: Vec::new(),
            top: Vec::new(),
            maxima: Vec::new(),
            pending: vec![Vec::new(); self.records.levels.len()],
            found: Vec::new(),
            blocks: 0,
            scored: 0,
        }
    }
}

impl NeighborIndex for Agreement<'_> {
    fn searcher(&self) -> Box<dyn Searcher + '_> {
        Box::new(self.counting_searcher())
    }

    fn distance(&self, target: &[u32], profile: u32) -> f64 {
        let score = self.weights.score(target, self.records.profiles().codes(profile));
        self.weights.distance(target, score)
    }

    /// Targets that follow each other in the order of the candidates visit the same blocks.
    fn sharing_key(&self, target: &[u32]) -> u64 {
        (self.records.key(target) >> 64) as u64
    }
}

/// What a target's cell of one column agrees with.
#[derive(Debug, Default)]
struct Asked {
    /// The cell that the rest is about.
    code: Option<u32>,
    /// Codes that it agrees with, and what they give in units and in a sum of 16 bits.
    gains: Vec<(u32, u32, u16)>,
    /// The same of the cell before.
    before: Vec<(u32, u32, u16)>,
    /// What each code gives, by its number among those that occur, where the column is looked up.
    table: Vec<u32>,
    /// What codes give to records, where the column is compared.
    summed: Vec<Gain>,
    /// What bits may give to nodes, besides what all of them may have.
    bounds: Vec<BitGain>,
    first: u16,
}

impl Asked {
    /// What another cell than the target's own gives, in units and in a sum of 16 bits.
    fn gain(&self, code: u32) -> (u32, u16) {
        self.gains.iter().find(|(other, ..)| *other == code).map_or((0, 0), |(_, gain, scaled)| (*gain, *scaled))
    }
}

/// Searches with memory of its own.
pub(super) struct AgreementSearcher<'s> {
    index: &'s Agreement<'s>,
    asked: Vec<Asked>,
    /// What codes give to records.
    gains: Vec<Gain>,
    /// What bits may give to nodes, besides what all of them may have.
    bounds: Vec<BitGain>,
    first: u16,
    /// What the target's own cells give, in units.
    own: Vec<u32>,
    /// Columns in which other cells give something, too.
    several: Vec<usize>,
    tables: Vec<Vec<u16>>,
    /// The score of a record that is equal to the target.
    full: u32,
    neighbors: usize,
    collector: Collector,
    reach: Reach,
    /// Records of the last answers, of each as many as have the rows asked for.
    recent: VecDeque<Vec<u32>>,
    which: Vec<u32>,
    /// Bounds of the nodes of the top level, and the largest of each block of them.
    top: Vec<u16>,
    maxima: Vec<u16>,
    /// Nodes of each level that were not looked into yet, with their bounds.
    pending: Vec<Vec<(u32, u16)>>,
    /// Records that reach the limit, with their sums.
    found: Vec<(u32, u16)>,
    /// Blocks of records or nodes that were summed.
    pub blocks: u64,
    /// Records that were scored.
    pub scored: u64,
}

impl Searcher for AgreementSearcher<'_> {
    fn nearest(&mut self, target: &[u32], neighbors: usize, found: &mut Nearest) {
        self.prepare(target);
        self.collector.start(neighbors);
        if self.neighbors != neighbors {
            self.forget();
            self.neighbors = neighbors;
        }
        self.find(target);
        self.score(target);
        self.collector.finish(found);
        self.remember(found);
    }
}

impl AgreementSearcher<'_> {
    /// Begins without the answers before, so that what a search takes does not depend on them.
    pub(super) fn forget(&mut self) {
        self.recent.clear();
    }

    /// Keeps as many records of an answer as have the rows asked for, for the next search to begin with.
    fn remember(&mut self, found: &Nearest) {
        let mut records = if self.recent.len() < RECENT { None } else { self.recent.pop_front() }.unwrap_or_default();
        records.clear();
        let mut rows = 0;
        for profile in found.profiles.iter().take(TRIED) {
            if rows >= self.neighbors {
                break;
            }
            records.push(*profile);
            rows += self.index.records.profiles().multiplicity(*profile) as usize;
        }
        if rows >= self.neighbors {
            self.recent.push_back(records);
        }
    }

    /// A limit below which no sum can be in the answer, by the records of the last answers: there are as many rows as were asked for
    /// that reach it within the rounding.
    fn first_limit(&self, target: &[u32]) -> u16 {
        let least = |records: &Vec<u32>| records.iter().map(|profile| self.sum_of(target, *profile)).min().unwrap_or(0);
        let limit = self.recent.iter().map(least).max().unwrap_or(0);
        limit.saturating_sub(self.index.slack)
    }

    /// A record's sum of 16 bits.
    fn sum_of(&self, target: &[u32], profile: u32) -> u16 {
        let codes = self.index.records.profiles().codes(profile);
        let cells = target.iter().zip(codes).zip(&self.index.scaled);
        let own = cells.map(|((target, code), scaled)| if target == code { scaled[*code as usize] } else { 0 });
        let others = self.several.iter().filter(|at| target[**at] != codes[**at]);
        own.sum::<u16>() + others.map(|at| self.asked[*at].gain(codes[*at]).1).sum::<u16>()
    }

    /// Works out what agrees with a target.
    fn prepare(&mut self, target: &[u32]) {
        self.gains.clear();
        self.bounds.clear();
        self.own.clear();
        self.several.clear();
        self.first = 0;
        for (at, code) in target.iter().enumerate() {
            if self.asked[at].code != Some(*code) {
                self.ask(at, *code);
            }
            self.own.push(self.index.weights.own(at, *code));
            let asked = &self.asked[at];
            self.gains.extend_from_slice(&asked.summed);
            self.bounds.extend_from_slice(&asked.bounds);
            self.first = self.first.saturating_add(asked.first);
            if asked.gains.iter().any(|(other, ..)| other != code) {
                self.several.push(at);
            }
        }
        self.full = self.own.iter().sum();
    }

    /// Works out what agrees with a target's cell.
    fn ask(&mut self, at: usize, code: u32) {
        let Agreement { records, weights, scaled, .. } = self.index;
        let (column, domain, scaled) = (&records.columns[at], weights.domain(at), &scaled[at]);
        let asked = &mut self.asked[at];
        asked.code = Some(code);
        std::mem::swap(&mut asked.gains, &mut asked.before);
        asked.gains.clear();
        asked.summed.clear();
        asked.bounds.clear();
        asked.first = 0;
        let mut agrees = |other: u32| {
            if column.local[other as usize] != ABSENT {
                // Rounding keeps the order of gains.
                let in_sums = scaled[code as usize].min(scaled[other as usize]);
                asked.gains.push((other, weights.compatible_gain(at, code, other), in_sums));
            }
        };
        agrees(code);
        domain.each_compatible(code, &mut agrees);
        match column.layout {
            Layout::Planes { first, planes } => {
                asked.summed.extend(asked.gains.iter().map(|(other, _, gain)| {
                    let bytes = column.local[*other as usize].to_le_bytes();
                    Gain { plane: first, planes, bytes, gain: *gain }
                }));
            }
            Layout::Table(number) => {
                // Of many codes, few agreed with the cell before and few do with this one.
                let table = &mut self.tables[number];
                asked.table.resize(column.codes.len(), 0);
                table.resize(column.codes.len() + 1, 0);
                for (other, ..) in &asked.before {
                    let local = column.local[*other as usize] as usize;
                    (asked.table[local], table[local]) = (0, 0);
                }
                for (other, gain, in_sums) in &asked.gains {
                    let local = column.local[*other as usize] as usize;
                    (asked.table[local], table[local]) = (*gain, *in_sums);
                }
            }
        }
        let most = asked.gains.iter().map(|(.., gain)| *gain).max().unwrap_or(0);
        if !domain.is_exact(code) {
            // Several exact codes may agree with it.
            asked.first = most;
            return;
        }
        // What generalized cells give, and how much more the code itself does.
        let others = asked.gains.iter().filter(|(other, ..)| *other != code).map(|(.., gain)| *gain).max().unwrap_or(0);
        let generalized = (column.bits, 1);
        let own = match column.local[code as usize] {
            ABSENT => generalized,
            local => column.bit(local),
        };
        let mut bound = |one: (usize, u8), other: (usize, u8), gain: u16| {
            if gain > 0 {
                asked.bounds.push(BitGain { planes: [one.0, other.0], bits: [one.1, other.1], gain });
            }
        };
        bound(own, generalized, others);
        bound(own, own, most - others);
    }

    /// Finds the records with the largest sums: the nodes with the largest bounds are looked into first, and those whose bounds
    /// fall below the largest sum so far never.
    fn find(&mut self, target: &[u32]) {
        let top = self.index.records.levels.len() - 1;
        self.found.clear();
        // Of several rows asked for, the largest sum says nothing of the last one's.
        let slack = if self.neighbors == 1 { self.index.slack } else { u16::MAX };
        self.reach = Reach { limit: self.first_limit(target), slack };
        if top == 0 {
            self.which.clear();
            self.which.extend(0..self.index.records.levels[top].len());
            self.sum(target);
            return;
        }
        self.bound_all(top);
        let first = self.largest_on_top();
        self.which.clear();
        self.which.push(first);
        self.look_into(top, target);
        self.take_top(top, first);
        let mut width = 0;
        loop {
            let limit = self.reach.limit;
            self.pending.iter_mut().for_each(|nodes| nodes.retain(|(_, bound)| *bound >= limit));
            let Some(most) = self.pending.iter().flatten().map(|(_, bound)| *bound).max() else { return };
            let least = most.saturating_sub(width).max(limit);
            for level in (1..=top).rev() {
                self.choose(level, least);
                self.look_into(level, target);
            }
            width = (2 * width).max(most / WIDTH);
        }
    }

    /// Bounds all nodes of the top level.
    fn bound_all(&mut self, top: usize) {
        let level = &self.index.records.levels[top];
        self.blocks += u64::from(level.len());
        self.top.resize(level.len() as usize * LANES, 0);
        self.maxima.clear();
        sum_bounds(
            self.index.instructions,
            &level.blocks,
            level.planes,
            self.first,
            &self.bounds,
            &mut self.top,
            &mut self.maxima,
        );
    }

    /// The node of the largest bound: what is found under it spares most of the others.
    fn largest_on_top(&self) -> u32 {
        let most = self.maxima.iter().copied().max().unwrap_or(0);
        let block = self.maxima.iter().position(|bound| *bound == most).unwrap_or(0);
        // What fills the last block is no node. It comes last and its bound is no larger than any node's.
        let lane = self.top[block * LANES..].iter().position(|bound| *bound == most).unwrap_or(0);
        (block * LANES + lane) as u32
    }

    /// Lists the nodes of the top level whose bounds reach the limit, but for the one that was looked into.
    fn take_top(&mut self, top: usize, first: u32) {
        let (nodes, limit) = (self.index.records.levels[top].nodes, self.reach.limit);
        let pending = &mut self.pending[top];
        pending.clear();
        take_reaching(self.index.instructions, &self.top, &self.maxima, limit, pending);
        pending.retain(|(node, _)| *node != first && (*node as usize) < nodes);
    }

    /// Chooses the nodes of a level whose bounds are at least so large.
    fn choose(&mut self, level: usize, least: u16) {
        self.which.clear();
        let which = &mut self.which;
        self.pending[level].retain(|(node, bound)| {
            let is_kept = *bound < least;
            if !is_kept {
                which.push(*node);
            }
            is_kept
        });
    }

    /// Looks at what lies under the chosen nodes of a level.
    fn look_into(&mut self, level: usize, target: &[u32]) {
        match level {
            _ if self.which.is_empty() => {}
            1 => self.sum(target),
            level => self.bound(level - 1),
        }
    }

    /// Bounds the nodes in the chosen blocks of a level.
    fn bound(&mut self, level: usize) {
        let at = &self.index.records.levels[level];
        let (instructions, pending) = (self.index.instructions, &mut self.pending[level]);
        self.blocks += self.which.len() as u64;
        find_bounded(
            instructions,
            &at.blocks,
            at.planes,
            self.first,
            &self.bounds,
            &self.which,
            self.reach.limit,
            pending,
        );
        // What fills the last block is no node, and blocks are chosen in their order.
        while pending.last().is_some_and(|(node, _)| *node as usize >= at.nodes) {
            pending.pop();
        }
    }

    /// Sums the records of the chosen blocks.
    fn sum(&mut self, target: &[u32]) {
        let Records { levels, tables, .. } = &self.index.records;
        self.blocks += self.which.len() as u64;
        let which = std::mem::take(&mut self.which);
        let at_once = if self.neighbors == 1 { which.len() } else { AT_ONCE };
        for which in which.chunks(at_once.max(1)) {
            let tables = tables.iter().zip(&self.tables).map(|(codes, gains)| GainTable { codes, gains });
            let tables: Vec<GainTable<'_>> = tables.collect();
            find_reaching(
                self.index.instructions,
                &levels[0].blocks,
                levels[0].planes,
                &self.gains,
                &tables,
                which,
                &mut self.reach,
                &mut self.found,
            );
            if self.neighbors > 1 {
                self.score(target);
            }
        }
        self.which = which;
    }

    /// Scores the records that are left, in whole units, and raises the limit to what the answer needs.
    fn score(&mut self, target: &[u32]) {
        let Agreement { records, weights, .. } = self.index;
        let limit = self.reach.limit;
        for (position, _) in self.found.iter().filter(|(_, sum)| *sum >= limit) {
            // What fills the last block is no record.
            let Some(profile) = records.candidates().get(*position as usize).copied() else { continue };
            self.scored += 1;
            let codes = records.profiles().codes(profile);
            let cells = target.iter().zip(codes).zip(&self.own);
            let mut score: u32 = cells.map(|((target, code), own)| if target == code { *own } else { 0 }).sum();
            for at in self.several.iter().filter(|at| target[**at] != codes[**at]) {
                let (column, asked, code) = (&records.columns[*at], &self.asked[*at], codes[*at]);
                score += match column.layout {
                    Layout::Table(_) => asked.table[column.local[code as usize] as usize],
                    Layout::Planes { .. } => asked.gain(code).0,
                };
            }
            let distance = f64::from(self.full - score) / weights.units();
            self.collector.push(distance, profile, records.profiles().multiplicity(profile));
        }
        self.found.clear();
        if self.collector.radius().is_finite() {
            let least = f64::from(self.full) - self.collector.radius() * weights.units();
            let least = (least * self.index.scale).floor() as u16;
            self.reach.limit = limit.max(least.saturating_sub(self.index.slack));
        }
    }
}
