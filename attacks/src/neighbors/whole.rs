//! The whole part of the distance: in how many columns a record mismatches a target outright.
//!
//! Categorical columns mismatch or match by their codes. A numeric column takes part with the *form* of its release cell
//! (a number, missing, a box, anything, or a text, each a form of its own), when its cells are not all exact numbers.

use super::distance::column_distance;
use super::kernel::{Instructions, Wanted, count_mismatches};
use super::planes::Planes;
use super::{GowerDistance, Profiles};
use crate::table::{Cell, Domain, print_of};
use rayon::prelude::*;
use std::borrow::Cow;

// Forms of a numeric release cell, used as its code.
const NUMBER: u32 = 0;
const ABSENT_NUMBER: u32 = 1;
const BOX: u32 = 2;
const ANYTHING: u32 = 3;
/// The first of the texts among numbers.
const TEXTS: u32 = 4;

/// A local code that no record has.
const ABSENT: u32 = u32::MAX;

/// The form of a numeric cell.
fn form(domain: &Domain, code: u32) -> u32 {
    match domain.cell(code) {
        Cell::Missing => ABSENT_NUMBER,
        Cell::Interval(_) => BOX,
        Cell::Suppressed => ANYTHING,
        Cell::Category(_) => TEXTS + code - domain.number_codes().end,
        _ => NUMBER,
    }
}

/// The forms that the cells of a numeric column can have.
fn forms(domain: &Domain) -> usize {
    (TEXTS + domain.exact_codes().end - domain.number_codes().end) as usize
}

/// Columns of an attacker that take part in the whole part, as far as it can differ between release records.
pub(super) struct WholeColumns<'a> {
    distance: GowerDistance<'a>,
    /// Positions among the attacker's columns, each with its codes (categories' joint codes, numbers' forms) per profile.
    pub columns: Vec<(usize, Cow<'a, [u32]>)>,
    /// Columns whose release cells are all exact numbers: a target that is none is 1 from each of them.
    all_numbers: Vec<usize>,
}

impl<'a> WholeColumns<'a> {
    /// Of the attacker's columns but those that are counted elsewhere.
    pub fn new(distance: GowerDistance<'a>, profiles: &'a Profiles<'a>, left_out: &[usize]) -> WholeColumns<'a> {
        let domain = |at: usize| distance.domains()[at];
        let all_numbers = |at: &usize| domain(*at).kind().is_numeric() && profiles.has_only_numbers(*at, domain(*at));
        let counted = (0..distance.domains().len()).filter(|at| !left_out.contains(at));
        let (all_numbers, others): (Vec<usize>, Vec<usize>) = counted.partition(all_numbers);
        let columns = others.into_par_iter().map(|at| {
            let (domain, codes) = (domain(at), profiles.column(at));
            let is_numeric = domain.kind().is_numeric();
            let forms = || codes.iter().map(|code| form(domain, *code)).collect();
            (at, if is_numeric { Cow::Owned(forms()) } else { Cow::Borrowed(codes) })
        });
        let columns = columns.collect();
        WholeColumns { distance, columns, all_numbers }
    }

    /// The fingerprint of a profile's signature.
    pub fn print(&self, profile: u32) -> u64 {
        print_of(self.columns.iter().map(|(_, codes)| codes[profile as usize]))
    }

    /// What a target has in each of these columns, as a code of that column.
    pub fn signature(&self, target: &[u32]) -> impl Iterator<Item = u32> {
        self.columns.iter().map(|(at, _)| {
            let (domain, code) = (self.distance.domains()[*at], target[*at]);
            if domain.kind().is_numeric() { form(domain, code) } else { code }
        })
    }

    /// Mismatches with every record.
    pub fn everywhere(&self, target: &[u32]) -> usize {
        self.all_numbers.iter().filter(|at| !self.distance.domains()[**at].is_number(target[**at])).count()
    }

    /// The counter over some profiles.
    pub fn counter(&self, profiles: &[u32]) -> WholeCounter<'a> {
        let mut equal = Vec::new();
        let mut planes = Planes::new(profiles.len());
        let mut covered = Vec::new();
        let localized = self.columns.par_iter().map(|(at, codes)| {
            let domain = self.distance.domains()[*at];
            let (local, special, count) = localize(domain, codes);
            let of_record: Vec<u32> = profiles.iter().map(|profile| local[codes[*profile as usize] as usize]).collect();
            (domain, local, special, count, of_record)
        });
        for (column, (domain, local, special, count, codes)) in localized.collect::<Vec<_>>().into_iter().enumerate() {
            if special.is_empty() {
                equal.push((column, local, planes.add(&codes, count)));
            } else {
                covered.push(CoveredColumn { column, domain, local, special, codes, count });
            }
        }
        planes.arrange();
        WholeCounter { equal, planes, covered }
    }
}

/// Numbers the codes that occur: the local code of each code, those that match targets they are not equal to, and how many
/// there are.
fn localize(domain: &Domain, codes: &[u32]) -> (Vec<u32>, Vec<(u32, u32)>, u32) {
    let numeric = domain.kind().is_numeric();
    let mut local = vec![ABSENT; if numeric { forms(domain) } else { domain.len() }];
    for code in codes {
        local[*code as usize] = 0;
    }
    let (mut count, mut special) = (0, Vec::new());
    for (code, slot) in local.iter_mut().enumerate().filter(|(_, slot)| **slot == 0) {
        let code = code as u32;
        if if numeric { (BOX..=ANYTHING).contains(&code) } else { !domain.is_exact(code) } {
            special.push((count, code));
        }
        *slot = count;
        count += 1;
    }
    (local, special, count)
}

/// Counts the mismatches of a target with many records.
pub(super) struct WholeCounter<'a> {
    /// Columns whose codes match only what is equal: position in a signature, local codes, and where they are among the planes.
    equal: Vec<(usize, Vec<u32>, Wanted)>,
    planes: Planes,
    covered: Vec<CoveredColumn<'a>>,
}

/// A column with cells that match what they cover.
struct CoveredColumn<'a> {
    /// Position in a signature.
    column: usize,
    domain: &'a Domain,
    local: Vec<u32>,
    /// Local codes and codes of such cells.
    special: Vec<(u32, u32)>,
    /// Local code of each record.
    codes: Vec<u32>,
    count: u32,
}

impl WholeCounter<'_> {
    /// Whether a record matches a target outright only when it is equal to it.
    pub fn only_equal(&self) -> bool {
        self.covered.is_empty()
    }

    /// Bytes that are compared for one record.
    pub fn width(&self) -> usize {
        self.planes.width() + 8 * self.covered.len()
    }

    /// Counts of whole blocks: for each record, and a few more that stand for none.
    pub fn padded(&self) -> usize {
        self.planes.padded()
    }

    /// What to compare with the records, given a target's signature; the mismatches that all of them have are returned.
    pub fn ask(&self, signature: &[u32], question: &mut Question) -> u8 {
        let Question { wanted, tables } = question;
        wanted.clear();
        let mut absent = 0u8;
        for (column, local, planes) in &self.equal {
            match local[signature[*column] as usize] {
                ABSENT => absent = absent.saturating_add(1),
                code => wanted.push(Wanted { bytes: code.to_le_bytes(), ..*planes }),
            }
        }
        tables.resize(self.covered.len(), Vec::new());
        for (column, table) in self.covered.iter().zip(tables) {
            column.table(signature[column.column], table);
        }
        absent
    }

    /// Adds the mismatches of the records of some blocks.
    pub fn count(
        &self,
        instructions: Instructions,
        question: &Question,
        blocks: std::ops::Range<usize>,
        counts: &mut [u8],
    ) {
        if !question.wanted.is_empty() {
            let bytes = self.planes.of(blocks.clone());
            count_mismatches(instructions, bytes, self.planes.width(), &question.wanted, counts);
        }
        let start = blocks.start * super::kernel::LANES;
        for (column, table) in self.covered.iter().zip(&question.tables) {
            for (count, code) in counts.iter_mut().zip(&column.codes[start.min(column.codes.len())..]) {
                *count = count.saturating_add(table[*code as usize]);
            }
        }
    }
}

impl CoveredColumn<'_> {
    /// Whether each local code mismatches a target, as 0 or 1.
    fn table(&self, own: u32, table: &mut Vec<u8>) {
        table.clear();
        table.resize(self.count as usize, 1);
        if let Some(equal) = table.get_mut(self.local[own as usize] as usize) {
            *equal = 0;
        }
        let numeric = self.domain.kind().is_numeric();
        for (local, code) in &self.special {
            // A number is in a box or at a gap from it; only what is suppressed matches a missing one.
            let matches = match numeric {
                true => own == NUMBER || *code == ANYTHING,
                false => column_distance(self.domain, own, *code) == 0.0,
            };
            table[*local as usize] = u8::from(!matches);
        }
    }
}

/// What a target has in the columns of a counter.
#[derive(Debug, Default)]
pub(super) struct Question {
    wanted: Vec<Wanted>,
    tables: Vec<Vec<u8>>,
}
