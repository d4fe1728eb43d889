//! Branch and bound over blocks of candidates.

use super::records::{ABSENT, Layout};
use super::{Records, Weights};
use crate::neighbors::kernel::{
    BitGain, Gain, GainTable, Instructions, LANES, Reach, find_bounded, find_reaching, sum_bounds, take_reaching,
};
use crate::neighbors::nearest::Collector;
use crate::neighbors::{Nearest, NeighborIndex, Searcher};

/// Blocks after whose records are scored, so that the limit rises, where several rows are asked for.
const AT_ONCE: usize = 4;

/// Bounds are taken in steps of this part of the largest at first.
const WIDTH: u16 = 32;

/// Finds the maxima of weighted agreement.
///
/// Sums are bounded in 16 bits first: gains are scaled so that no sum overflows, and rounded, which moves a sum by less than
/// `Agreement::slack`. What reaches the largest sum within that is scored in whole units.
#[derive(Debug)]
pub struct Agreement<'a> {
    records: Records<'a>,
    weights: Weights<'a>,
    /// What a unit is in a sum of 16 bits.
    scale: f64,
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
        Agreement { records, weights, scale, slack, instructions: Instructions::detect() }
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
            tables: vec![Vec::new(); self.records.tables.len()],
            full: 0,
            neighbors: 1,
            collector: Collector::default(),
            reach: Reach { limit: 0, slack: 0 },
            which: Vec::new(),
            top: Vec::new(),
            pending: vec![Vec::new(); self.records.levels.len()],
            found: Vec::new(),
            blocks: 0,
            scored: 0,
        }
    }

    fn scaled(&self, gain: u32) -> u16 {
        (f64::from(gain) * self.scale).round() as u16
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
    /// Codes that it agrees with, and what they give in units.
    gains: Vec<(u32, u32)>,
    /// The same of the cell before.
    before: Vec<(u32, u32)>,
    /// What each code gives, by its number among those that occur, where the column is looked up.
    table: Vec<u32>,
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
    tables: Vec<Vec<u16>>,
    /// The score of a record that is equal to the target.
    full: u32,
    neighbors: usize,
    collector: Collector,
    reach: Reach,
    which: Vec<u32>,
    /// Bounds of the nodes of the top level.
    top: Vec<u16>,
    /// Nodes of each level below it that were not looked into yet, with their bounds.
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
        self.neighbors = neighbors;
        self.find();
        self.score();
        self.collector.finish(found);
    }
}

impl AgreementSearcher<'_> {
    /// Works out what agrees with a target.
    fn prepare(&mut self, target: &[u32]) {
        self.gains.clear();
        self.bounds.clear();
        self.first = 0;
        self.full = 0;
        for (at, code) in target.iter().enumerate() {
            if self.asked[at].code != Some(*code) {
                self.ask(at, *code);
            }
            let index = self.index;
            self.full += index.weights.own(at, *code);
            let column = &index.records.columns[at];
            let gains = &self.asked[at].gains;
            if let Layout::Planes { first, planes } = column.layout {
                self.gains.extend(gains.iter().map(|(other, gain)| {
                    let bytes = column.local[*other as usize].to_le_bytes();
                    Gain { plane: first, planes, bytes, gain: index.scaled(*gain) }
                }));
            }
            if gains.is_empty() {
                continue;
            }
            let most = gains.iter().map(|(_, gain)| index.scaled(*gain)).max().unwrap_or(0);
            if !index.weights.domain(at).is_exact(*code) {
                // Several exact codes may agree with it.
                self.first = self.first.saturating_add(most);
                continue;
            }
            // What generalized cells give, and how much more the code itself does.
            let others = gains.iter().filter(|(other, _)| other != code);
            let others = others.map(|(_, gain)| index.scaled(*gain)).max().unwrap_or(0);
            let generalized = (column.bits, 1);
            let own = match column.local[*code as usize] {
                ABSENT => generalized,
                local => column.bit(local),
            };
            let mut bound = |one: (usize, u8), other: (usize, u8), gain: u16| {
                if gain > 0 {
                    self.bounds.push(BitGain { planes: [one.0, other.0], bits: [one.1, other.1], gain });
                }
            };
            bound(own, generalized, others);
            bound(own, own, most - others);
        }
    }

    /// Works out what agrees with a target's cell.
    fn ask(&mut self, at: usize, code: u32) {
        let Agreement { records, weights, .. } = self.index;
        let (column, domain) = (&records.columns[at], weights.domain(at));
        let asked = &mut self.asked[at];
        asked.code = Some(code);
        std::mem::swap(&mut asked.gains, &mut asked.before);
        asked.gains.clear();
        let mut agrees = |other: u32| {
            if column.local[other as usize] != ABSENT {
                asked.gains.push((other, weights.compatible_gain(at, code, other)));
            }
        };
        agrees(code);
        domain.each_compatible(code, &mut agrees);
        if let Layout::Table(number) = column.layout {
            // Of many codes, few agreed with the cell before and few do with this one.
            let table = &mut self.tables[number];
            asked.table.resize(column.codes.len(), 0);
            table.resize(column.codes.len() + 1, 0);
            for (other, _) in &asked.before {
                let local = column.local[*other as usize] as usize;
                (asked.table[local], table[local]) = (0, 0);
            }
            for (other, gain) in &asked.gains {
                let local = column.local[*other as usize] as usize;
                asked.table[local] = *gain;
                table[local] = self.index.scaled(*gain);
            }
        }
    }

    /// Finds the records with the largest sums: the nodes with the largest bounds are looked into first, and those whose bounds
    /// fall below the largest sum so far never.
    fn find(&mut self) {
        let levels = &self.index.records.levels;
        let top = levels.len() - 1;
        self.found.clear();
        // Of several rows asked for, the largest sum says nothing of the last one's.
        let slack = if self.neighbors == 1 { self.index.slack } else { u16::MAX };
        self.reach = Reach { limit: 0, slack };
        self.which.clear();
        self.which.extend(0..levels[top].len());
        if top == 0 {
            self.sum();
            return;
        }
        self.bound_all(top);
        let mut width = 0;
        loop {
            let limit = self.reach.limit;
            let below = &mut self.pending[..top];
            below.iter_mut().for_each(|nodes| nodes.retain(|(_, bound)| *bound >= limit));
            let most_below = below.iter().flatten().map(|(_, bound)| *bound).max();
            let most_on_top = self.top.iter().fold(0, |most: u16, bound| most.max(*bound)).checked_sub(1);
            let Some(most) = most_on_top.max(most_below).filter(|most| *most >= limit) else { return };
            let least = most.saturating_sub(width).max(limit);
            for level in (1..=top).rev() {
                self.choose(level, least);
                match level {
                    _ if self.which.is_empty() => {}
                    1 => self.sum(),
                    level => self.bound(level - 1),
                }
            }
            width = (2 * width).max(most / WIDTH);
        }
    }

    /// Bounds all nodes of the top level. The bounds kept are larger by 1, so that 0 is for what was looked into.
    fn bound_all(&mut self, top: usize) {
        let level = &self.index.records.levels[top];
        self.blocks += u64::from(level.len());
        self.top.resize(level.len() as usize * LANES, 0);
        let first = self.first.saturating_add(1);
        sum_bounds(self.index.instructions, &level.blocks, level.planes, first, &self.bounds, &mut self.top);
        // What fills the last block is no node.
        self.top[level.nodes..].fill(0);
    }

    /// Chooses the nodes of a level whose bounds are at least so large.
    fn choose(&mut self, level: usize, least: u16) {
        self.which.clear();
        if level + 1 == self.index.records.levels.len() {
            take_reaching(self.index.instructions, &mut self.top, least.saturating_add(1), &mut self.which);
            return;
        }
        let which = &mut self.which;
        self.pending[level].retain(|(node, bound)| {
            let is_kept = *bound < least;
            if !is_kept {
                which.push(*node);
            }
            is_kept
        });
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
    fn sum(&mut self) {
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
                self.score();
            }
        }
        self.which = which;
    }

    /// Scores the records that are left, in whole units, and raises the limit to what the answer needs.
    fn score(&mut self) {
        let Agreement { records, weights, .. } = self.index;
        let limit = self.reach.limit;
        for (position, _) in self.found.iter().filter(|(_, sum)| *sum >= limit) {
            // What fills the last block is no record.
            let Some(profile) = records.candidates().get(*position as usize).copied() else { continue };
            self.scored += 1;
            let codes = records.profiles().codes(profile);
            let mut score = 0;
            for ((column, asked), code) in records.columns.iter().zip(&self.asked).zip(codes) {
                score += match column.layout {
                    Layout::Table(_) => asked.table[column.local[*code as usize] as usize],
                    Layout::Planes { .. } => {
                        asked.gains.iter().find(|(other, _)| other == code).map_or(0, |(_, gain)| *gain)
                    }
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
