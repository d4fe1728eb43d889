//! Branch and bound over blocks of candidates.

use super::records::{ABSENT, Layout};
use super::sums::Sums;
use super::{Records, Weights};
use crate::neighbors::kernel::{
    BitGain, Gain, GainTable, Instructions, LANES, Reach, find_bounded, find_reaching, sum_bounds, take_reaching,
};
use crate::neighbors::nearest::Collector;
use crate::neighbors::rest::Rest;
use crate::neighbors::{Nearest, NeighborIndex, Searcher};

/// Blocks after whose records are scored, so that the limit rises, where several rows are asked for.
const AT_ONCE: usize = 4;

/// Bounds are taken in steps of this part of the largest at first.
const WIDTH: u16 = 32;

/// Finds the maxima of weighted agreement.
///
/// Sums are bounded in 16 bits first: gains are scaled so that no sum overflows, and rounded. What that moves two sums apart by, at the most, is the sum
/// over the columns of what the gains of the target's own cells were rounded by (`Asked::rounded`): a record has a column's gain or has not. What reaches the
/// largest sum within that is scored in whole units.
///
/// The few records that share a rare code with a target are scored first, and no other record agrees with the target in that column:
/// neither bounds nor sums need it. What is left of a search is the same for all who are equal in the other columns
/// (`Rest`).
#[derive(Debug)]
pub struct Agreement<'a> {
    records: Records<'a>,
    weights: Weights<'a>,
    /// What a unit is in a sum of 16 bits.
    scale: f64,
    /// The gains in such sums, column by column and code by code.
    scaled: Vec<Vec<u16>>,
    instructions: Instructions,
}

impl<'a> Agreement<'a> {
    /// A search over the candidates.
    pub fn new(records: Records<'a>, weights: Weights<'a>) -> Agreement<'a> {
        let columns = weights.len() as f64;
        let most: f64 = (0..weights.len()).map(|at| f64::from(weights.most(at))).sum();
        let scale = ((f64::from(u16::MAX) - columns) / most.max(1.0)).min(1.0);
        let scaled = |gain: &u32| (f64::from(*gain) * scale).round() as u16;
        let scaled = (0..weights.len()).map(|at| weights.gains(at).iter().map(scaled).collect()).collect();
        Agreement { records, weights, scale, scaled, instructions: Instructions::detect() }
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
            slack: 0,
            own: Vec::new(),
            own_of_others: Vec::new(),
            several: Vec::new(),
            key: Vec::new(),
            has_posted: false,
            posted: Vec::new(),
            rest: Rest::default(),
            tables: vec![Vec::new(); self.records.tables.len()],
            full: 0,
            neighbors: 1,
            collector: Collector::default(),
            reach: Reach { limit: 0, slack: 0 },
            which: Vec::new(),
            top: Vec::new(),
            maxima: Vec::new(),
            pending: vec![Vec::new(); self.records.levels.len()],
            found: Vec::new(),
            sums: Sums::default(),
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
    /// Whether those who have the same code are looked at one by one, and are not among the codes above.
    is_posted: bool,
    /// What codes give to records, where the column is compared.
    summed: Vec<Gain>,
    /// What bits may give to nodes, besides what all of them may have.
    bounds: Vec<BitGain>,
    first: u16,
    /// How far apart rounding moves what two codes, or a code and none, give in sums of 16 bits.
    rounded: f64,
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
    /// How far apart rounding moves two sums of 16 bits, at the most.
    slack: u16,
    /// What the target's own cells give, in units, and what they give to those who are not posted.
    own: Vec<u32>,
    own_of_others: Vec<u32>,
    /// Columns in which other cells give something, too.
    several: Vec<usize>,
    /// The target's codes, [`ABSENT`] where nobody but those who are posted agrees with the target, and whether one of them is rare.
    key: Vec<u32>,
    has_posted: bool,
    /// Records that share a rare code with the target, ascending, with what they lack.
    posted: Vec<(f64, u32)>,
    /// What is nearest among those who share none.
    rest: Rest,
    tables: Vec<Vec<u16>>,
    /// The score of a record that is equal to the target.
    full: u32,
    neighbors: usize,
    collector: Collector,
    reach: Reach,
    which: Vec<u32>,
    /// Bounds of the nodes of the top level, larger by 1 so that 0 is for those that were looked into, and the largest of each block
    /// of them.
    top: Vec<u16>,
    maxima: Vec<u16>,
    /// Nodes of each level below it that were not looked into yet, with their bounds.
    pending: Vec<Vec<(u32, u16)>>,
    /// Records that reach the limit, with their sums.
    found: Vec<(u32, u16)>,
    /// What they score.
    sums: Sums,
    /// Blocks of records or nodes that were summed.
    pub blocks: u64,
    /// Records that were scored.
    pub scored: u64,
}

/// How far a record of a score is, as the search orders them; a whole number. Distances follow from it.
fn lack(score: u32) -> f64 {
    f64::from(u32::MAX - score)
}

/// The score of a record that lacks so much.
fn score_of(lack: f64) -> u32 {
    u32::MAX - lack as u32
}

impl Searcher for AgreementSearcher<'_> {
    fn nearest(&mut self, target: &[u32], neighbors: usize, found: &mut Nearest) {
        self.prepare(target);
        self.collector.start(neighbors);
        self.neighbors = neighbors;
        self.score_posted(target);
        if self.has_posted && self.rest.is_wanted_again(self.key.iter().copied(), neighbors) {
            self.join_rest(target, found);
        } else {
            self.find(target);
            self.collector.finish(found);
        }
        let score = if found.profiles.is_empty() { self.full } else { score_of(found.radius) };
        found.radius = f64::from(self.full - score) / self.index.weights.units();
    }
}

impl AgreementSearcher<'_> {
    /// Begins without what was found before, so that what a search takes does not depend on it.
    pub(super) fn forget(&mut self) {
        self.rest = Rest::default();
    }

    /// Looks at the records that share a rare code with the target.
    fn score_posted(&mut self, target: &[u32]) {
        let Agreement { records, .. } = self.index;
        self.posted.clear();
        for (at, column) in records.columns.iter().enumerate().filter(|(at, _)| self.asked[*at].is_posted) {
            self.posted.extend(column.holders(target[at]).iter().map(|profile| (0.0, *profile)));
        }
        self.posted.sort_unstable_by_key(|(_, profile)| *profile);
        self.posted.dedup();
        let mut posted = std::mem::take(&mut self.posted);
        for (its_lack, profile) in &mut posted {
            *its_lack = lack(self.score(target, *profile, &self.own));
            self.collector.push(*its_lack, *profile, || records.profiles().multiplicity(*profile));
        }
        self.scored += posted.len() as u64;
        self.posted = posted;
    }

    /// Answers from the records that share a rare code and from the best of those who share none.
    fn join_rest(&mut self, target: &[u32], found: &mut Nearest) {
        let profiles = self.index.records.profiles();
        if !self.rest.is_found() {
            let posted = std::mem::take(&mut self.posted);
            self.collector.start(self.neighbors);
            self.find(target);
            self.rest.keep(&mut self.collector, profiles);
            self.posted = posted;
        }
        self.rest.join(&self.posted, profiles, self.neighbors, &mut self.collector, found);
    }

    /// A record's score, given what the target's own cells give it.
    fn score(&self, target: &[u32], profile: u32, own: &[u32]) -> u32 {
        let records = &self.index.records;
        let codes = records.profiles().codes(profile);
        let cells = target.iter().zip(codes).zip(own);
        let score: u32 = cells.map(|((target, code), own)| if target == code { *own } else { 0 }).sum();
        let others = self.several.iter().filter(|at| target[**at] != codes[**at]).map(|at| {
            let (column, asked, code) = (&records.columns[*at], &self.asked[*at], codes[*at]);
            match column.layout {
                Layout::Table(_) => asked.table[column.local[code as usize] as usize],
                Layout::Planes { .. } => {
                    asked.gains.iter().find(|(other, ..)| *other == code).map_or(0, |(_, gain, _)| *gain)
                }
            }
        });
        score + others.sum::<u32>()
    }

    /// Works out what agrees with a target.
    fn prepare(&mut self, target: &[u32]) {
        self.gains.clear();
        self.bounds.clear();
        self.own.clear();
        self.own_of_others.clear();
        self.several.clear();
        self.key.clear();
        self.has_posted = false;
        self.first = 0;
        let mut rounded = 0.0;
        for (at, code) in target.iter().enumerate() {
            if self.asked[at].code != Some(*code) {
                self.ask(at, *code);
            }
            let (asked, own) = (&self.asked[at], self.index.weights.own(at, *code));
            self.own.push(own);
            self.own_of_others.push(if asked.is_posted { 0 } else { own });
            // Where other cells cover it, the code matters for those who do not share it.
            self.key.push(if asked.is_posted && asked.gains.is_empty() { ABSENT } else { *code });
            self.has_posted |= asked.is_posted;
            self.gains.extend_from_slice(&asked.summed);
            self.bounds.extend_from_slice(&asked.bounds);
            self.first = self.first.saturating_add(asked.first);
            rounded += asked.rounded;
            if asked.gains.iter().any(|(other, ..)| other != code) {
                self.several.push(at);
            }
        }
        self.full = self.own.iter().sum();
        // A step more, for the rounding of this sum and of the limit.
        self.slack = if self.index.scale < 1.0 { rounded.ceil() as u16 + 1 } else { 0 };
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
        let is_posted = domain.is_exact(code) && column.is_rare(code);
        asked.is_posted = is_posted;
        let mut agrees = |other: u32| {
            if column.local[other as usize] != ABSENT {
                // Rounding keeps the order of gains.
                let in_sums = scaled[code as usize].min(scaled[other as usize]);
                asked.gains.push((other, weights.compatible_gain(at, code, other), in_sums));
            }
        };
        if !is_posted {
            agrees(code);
        }
        domain.each_compatible(code, &mut agrees);
        let off = |(_, gain, in_sums): &(u32, u32, u16)| f64::from(*in_sums) - f64::from(*gain) * self.index.scale;
        let [least, most] = asked
            .gains
            .iter()
            .map(off)
            .fold([0.0, 0.0], |[least, most]: [f64; 2], off| [least.min(off), most.max(off)]);
        asked.rounded = most - least;
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
        let slack = if self.neighbors == 1 { self.slack } else { u16::MAX };
        self.reach = Reach { limit: 0, slack };
        self.raise_limit();
        if top == 0 {
            self.which.clear();
            self.which.extend(0..self.index.records.levels[top].len());
            self.sum(target);
        } else {
            self.search(top, target);
        }
        self.score_found(target);
    }

    fn search(&mut self, top: usize, target: &[u32]) {
        self.bound_all(top);
        let mut width = 0;
        loop {
            let limit = self.reach.limit;
            let below = &mut self.pending[..top];
            below.iter_mut().for_each(|nodes| nodes.retain(|(_, bound)| *bound >= limit));
            let most_below = below.iter().flatten().map(|(_, bound)| *bound).max();
            let most_on_top = self.maxima.iter().copied().max().unwrap_or(0).checked_sub(1);
            let Some(most) = most_on_top.max(most_below).filter(|most| *most >= limit) else { return };
            let least = most.saturating_sub(width).max(limit);
            for level in (1..=top).rev() {
                self.choose(level, least);
                match level {
                    _ if self.which.is_empty() => {}
                    1 => self.sum(target),
                    level => self.bound(level - 1),
                }
            }
            width = (2 * width).max(most / WIDTH);
        }
    }

    /// Bounds all nodes of the top level.
    fn bound_all(&mut self, top: usize) {
        let level = &self.index.records.levels[top];
        self.blocks += u64::from(level.len());
        self.top.resize(level.len() as usize * LANES, 0);
        self.maxima.resize(level.len() as usize, 0);
        let first = self.first.saturating_add(1);
        let (instructions, bounds) = (self.index.instructions, &self.bounds);
        sum_bounds(instructions, &level.blocks, level.planes, first, bounds, &mut self.top, &mut self.maxima);
        // What fills the last block is no node. Its bound is no larger than any node's, and so no maximum of its own.
        self.top[level.nodes..].fill(0);
    }

    /// Chooses the nodes of a level whose bounds are at least so large.
    fn choose(&mut self, level: usize, least: u16) {
        self.which.clear();
        if level + 1 == self.index.records.levels.len() {
            let limit = least.saturating_add(1);
            take_reaching(self.index.instructions, &mut self.top, &mut self.maxima, limit, &mut self.which);
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
                self.score_found(target);
            }
        }
        self.which = which;
    }

    /// Scores the records that are left, in whole units, and raises the limit to what the answer needs.
    fn score_found(&mut self, target: &[u32]) {
        let records = &self.index.records;
        let limit = self.reach.limit;
        let found = std::mem::take(&mut self.found);
        self.sums.learn(self.asked.iter().map(|asked| &asked.gains[..]), limit, found.len());
        let (mut last, mut of_last) = (u16::MAX, None);
        for (position, sum) in found.iter().filter(|(_, sum)| *sum >= limit) {
            // What fills the last block is no record, and those who share a rare code are known.
            let Some(profile) = records.candidates().get(*position as usize).copied() else { continue };
            if self.posted.binary_search_by_key(&profile, |(_, posted)| *posted).is_ok() {
                continue;
            }
            self.scored += 1;
            // Most have the same columns in common with the target.
            if *sum != last {
                (last, of_last) = (*sum, self.sums.score(*sum));
            }
            let score = of_last.unwrap_or_else(|| self.score(target, profile, &self.own_of_others));
            self.collector.push(lack(score), profile, || records.profiles().multiplicity(profile));
        }
        self.found = found;
        self.found.clear();
        self.raise_limit();
    }

    /// Raises the limit to what the records known so far leave to the answer.
    fn raise_limit(&mut self) {
        if self.collector.radius().is_finite() {
            let least = f64::from(score_of(self.collector.radius())) * self.index.scale;
            self.reach.limit = self.reach.limit.max((least.floor() as u16).saturating_sub(self.slack));
        }
    }
}
