//! The candidates, sorted and summarized for the search.
//!
//! Profiles are sorted by their codes, so that neighbours agree on many columns, and cut into blocks. A node stands for each block:
//! in every column it has a bit for each code that stands in the block, or for each of a few ranges of codes, and one
//! for generalized cells. Nodes are blocked in their turn, until few are left. What a node's bits could give to a target is
//! an upper bound of what any record under it gives.

use crate::neighbors::kernel::LANES;
use crate::neighbors::{Profiles, packed};
use crate::table::{Domain, Lists};
use rayon::prelude::*;

/// A column with more cells that cover others than this is looked up and not compared.
const COMPARED: usize = 16;

/// Exact codes, or ranges of them, that a node tells apart in a column, at the most.
const BITS: usize = 255;

/// Records of one code at the most that are looked at one by one: the code is rare.
const RARE: usize = 16;

/// Levels of nodes are added until one has at most this many.
const TOP: usize = 16 * LANES;

/// The local code of what does not occur.
pub(super) const ABSENT: u32 = u32::MAX;

/// The candidates of a release for an attacker's columns.
#[derive(Debug)]
pub struct Records<'a> {
    profiles: &'a Profiles<'a>,
    /// Profiles, sorted by their codes.
    order: Vec<u32>,
    /// Columns in the order in which profiles are sorted.
    sorted_by: Vec<usize>,
    pub(super) columns: Vec<RecordColumn>,
    /// The records themselves, then nodes over them, then nodes over those.
    pub(super) levels: Vec<Level>,
    /// Codes of the records in the columns that are looked up; what fills the last block has the number of codes.
    pub(super) tables: Vec<Vec<u32>>,
}

/// How a column of the candidates is compared with a target.
#[derive(Debug)]
pub(super) struct RecordColumn {
    /// Number of each code among those that occur.
    pub local: Vec<u32>,
    /// The codes that occur.
    pub codes: Vec<u32>,
    /// Exact codes among them.
    pub exact: usize,
    /// How the records' codes are laid out.
    pub layout: Layout,
    /// First plane of the column's bits in a node; the first bit is for generalized cells.
    pub bits: usize,
    /// Profiles of each code that occurs, where the codes are so many that a node does not tell them apart.
    pub postings: Option<Lists>,
}

/// Where a column's codes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// As bytes, in planes from the first one on.
    Planes { first: usize, planes: usize },
    /// As numbers, in the list of this number.
    Table(usize),
}

/// Records or nodes in blocks.
#[derive(Debug)]
pub(super) struct Level {
    pub nodes: usize,
    /// Block by block and plane by plane.
    pub blocks: Vec<u8>,
    pub planes: usize,
}

impl<'a> Records<'a> {
    /// Arranges the profiles of columns whose dictionaries are given.
    pub fn new(profiles: &'a Profiles<'a>, domains: &[&Domain]) -> Records<'a> {
        Records::listing(profiles, domains, BITS)
    }

    /// The same, with the profiles of each code listed in columns of more exact codes than `from`.
    pub(super) fn listing(profiles: &'a Profiles<'a>, domains: &[&Domain], from: usize) -> Records<'a> {
        let (mut planes, mut tables, mut bits) = (0, 0, 0);
        let columns = domains.iter().enumerate().map(|(at, domain)| {
            let mut local = vec![ABSENT; domain.len()];
            profiles.column(at).iter().for_each(|code| local[*code as usize] = 0);
            let codes: Vec<u32> = (0..domain.len() as u32).filter(|code| local[*code as usize] == 0).collect();
            codes.iter().enumerate().for_each(|(at, code)| local[*code as usize] = at as u32);
            let generalized = codes.iter().filter(|code| !domain.is_exact(**code)).count();
            let layout = if generalized > COMPARED {
                tables += 1;
                Layout::Table(tables - 1)
            } else {
                // One code more than there are, for what has none.
                let bytes = (1..4).find(|bytes| codes.len() < 1 << (8 * bytes)).unwrap_or(4);
                planes += bytes;
                Layout::Planes { first: planes - bytes, planes: bytes }
            };
            let exact = codes.len() - generalized;
            let postings = (exact > from).then(|| {
                let of_profile: Vec<u32> = profiles.column(at).iter().map(|code| local[*code as usize]).collect();
                Lists::by_key(&of_profile, codes.len())
            });
            bits += (1 + exact.min(BITS)).div_ceil(8);
            RecordColumn { local, codes, exact, layout, bits: bits - (1 + exact.min(BITS)).div_ceil(8), postings }
        });
        let columns: Vec<RecordColumn> = columns.collect();
        let mut sorted_by: Vec<usize> = (0..columns.len()).collect();
        sorted_by.sort_by_key(|at| columns[*at].codes.len());
        let mut records =
            Records { profiles, order: Vec::new(), sorted_by, columns, levels: Vec::new(), tables: Vec::new() };
        let key = |profile: u32| (records.key(profiles.codes(profile)), profile);
        let mut keyed: Vec<(u128, u32)> = (0..profiles.len() as u32).into_par_iter().map(key).collect();
        keyed.par_sort_unstable();
        records.order = keyed.into_iter().map(|(_, profile)| profile).collect();
        records.arrange(planes);
        let mut level = records.bits(bits);
        while records.levels.last().is_some_and(|level| level.nodes > TOP) {
            let next = level.summary();
            records.levels.push(std::mem::replace(&mut level, next));
        }
        records
    }

    /// The profiles that the candidates are among.
    pub fn profiles(&self) -> &'a Profiles<'a> {
        self.profiles
    }

    /// The profiles in the order in which they are arranged.
    pub(super) fn candidates(&self) -> &[u32] {
        &self.order
    }

    /// Columns whose cells are looked up and not compared.
    pub(super) fn looked_up(&self) -> impl Iterator<Item = usize> + '_ {
        let columns = self.columns.iter().enumerate();
        columns.filter(|(_, column)| matches!(column.layout, Layout::Table(_))).map(|(at, _)| at)
    }

    /// What targets and profiles are sorted by: their codes, column by column, as far as 128 bits go.
    pub(super) fn key(&self, codes: &[u32]) -> u128 {
        packed(self.sorted_by.iter().map(|at| {
            let RecordColumn { local, codes: known, .. } = &self.columns[*at];
            (local[codes[*at] as usize].min(known.len() as u32), known.len())
        }))
    }

    /// Lays out the records' codes.
    fn arrange(&mut self, planes: usize) {
        let padded = self.order.len().next_multiple_of(LANES);
        let mut blocks = vec![u8::MAX; padded * planes];
        for (at, column) in self.columns.iter().enumerate() {
            let codes = self.profiles.column(at);
            let codes = self.order.iter().map(|profile| column.local[codes[*profile as usize] as usize]);
            match column.layout {
                Layout::Table(_) => {
                    let mut codes: Vec<u32> = codes.collect();
                    codes.resize(padded, column.codes.len() as u32);
                    self.tables.push(codes);
                }
                Layout::Planes { first, planes: bytes } => {
                    for (at, code) in codes.enumerate() {
                        let place = at / LANES * planes * LANES + at % LANES + first * LANES;
                        for (byte, value) in code.to_le_bytes()[..bytes].iter().enumerate() {
                            blocks[place + byte * LANES] = *value;
                        }
                    }
                }
            }
        }
        self.levels.push(Level { nodes: self.order.len(), blocks, planes });
    }

    /// A node per block of records.
    fn bits(&self, planes: usize) -> Level {
        let mut level = Level::empty(self.order.len().div_ceil(LANES), planes);
        for (at, column) in self.columns.iter().enumerate() {
            let codes = self.profiles.column(at);
            for (position, profile) in self.order.iter().enumerate() {
                let (plane, bit) = column.bit(column.local[codes[*profile as usize] as usize]);
                level.set(position / LANES, plane, bit);
            }
        }
        level
    }
}

impl RecordColumn {
    /// Whether a code is one of many and hardly anybody has it.
    pub fn is_rare(&self, code: u32) -> bool {
        self.postings.is_some() && self.holders(code).len() <= RARE
    }

    /// Profiles of a code, ascending, where codes are listed.
    pub fn holders(&self, code: u32) -> &[u32] {
        match (&self.postings, self.local[code as usize]) {
            (None, _) | (_, ABSENT) => &[],
            (Some(postings), local) => postings.of(local),
        }
    }

    /// The plane and bit of a node that stand for a local code.
    pub fn bit(&self, local: u32) -> (usize, u8) {
        let local = local as usize;
        let bit = match local.checked_sub(self.exact) {
            Some(_) => 0,
            None if self.exact <= BITS => 1 + local,
            None => 1 + local * BITS / self.exact,
        };
        (self.bits + bit / 8, 1 << (bit % 8))
    }
}

impl Level {
    fn empty(nodes: usize, planes: usize) -> Level {
        Level { nodes, blocks: vec![0; nodes.next_multiple_of(LANES) * planes], planes }
    }

    fn set(&mut self, node: usize, plane: usize, bits: u8) {
        self.blocks[(node / LANES * self.planes + plane) * LANES + node % LANES] |= bits;
    }

    /// A node per block of nodes, with the bits that any of them has.
    fn summary(&self) -> Level {
        let mut level = Level::empty(self.nodes.div_ceil(LANES), self.planes);
        for (at, bits) in self.blocks.chunks_exact(LANES).enumerate() {
            level.set(at / self.planes, at % self.planes, bits.iter().fold(0, |all, bits| all | bits));
        }
        level
    }

    /// Number of blocks.
    pub fn len(&self) -> u32 {
        self.nodes.div_ceil(LANES) as u32
    }
}
