//! The whole part of the distance: in how many columns a record mismatches a target outright.
//!
//! Where release cells cover several values, the whole part is a lower bound of what they cost: a mismatch counts so many
//! units, a cell that covers the target's value as many whole units as its cost has. Units make a byte of every count.
//!
//! Categorical columns mismatch or match by their codes. A numeric column takes part with the *form* of its release cell
//! (a number, missing, a box, anything, or a text, each a form of its own), when its cells are not all exact numbers.

use super::distance::column_distance;
use super::kernel::{Instructions, LANES, Match, Place, Wanted, add_costs};
use super::planes::Planes;
use super::{GowerDistance, Profiles};
use crate::table::{Cell, Domain, MISSING, print_of};
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

/// Most units of a mismatch: finer ones would not tell much more.
const MOST_UNITS: usize = 48;

/// Codes of one column that are compared one after the other, all records at once; more are looked up in a table.
const COMPARED: usize = 8;

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

    /// What a profile has in each of these columns. Codes of categories are those of the profile, which lie together.
    pub fn of_profile<'p>(&'p self, profiles: &'p Profiles<'_>, profile: u32) -> impl Iterator<Item = u32> + 'p {
        let own = profiles.codes(profile);
        self.columns.iter().map(move |(at, codes)| match codes {
            Cow::Borrowed(_) => own[*at],
            Cow::Owned(forms) => forms[profile as usize],
        })
    }

    /// What a target has in each of these columns, as a code of that column.
    pub fn signature(&self, target: &[u32]) -> impl Iterator<Item = u32> {
        self.columns.iter().map(|(at, _)| {
            let (domain, code) = (self.distance.domains()[*at], target[*at]);
            match domain.kind().is_numeric() {
                // A band of the target's meets what a number does.
                true => Some(form(domain, code)).filter(|form| *form != BOX).unwrap_or(NUMBER),
                false => code,
            }
        })
    }

    /// Whether a target, given by its signature, matches at no cost only what is equal to it.
    pub fn is_exact(&self, signature: &[u32]) -> bool {
        self.columns.iter().zip(signature).all(|((at, _), code)| {
            let domain = self.distance.domains()[*at];
            if domain.kind().is_numeric() { *code != ANYTHING } else { domain.is_exact(*code) }
        })
    }

    /// Mismatches with every record.
    pub fn everywhere(&self, target: &[u32]) -> usize {
        let mismatches = |at: &&usize| {
            let (domain, code) = (self.distance.domains()[**at], target[**at]);
            domain.is_exact(code) && !domain.is_number(code)
        };
        self.all_numbers.iter().filter(mismatches).count()
    }

    /// The counter over some profiles.
    pub fn counter(&self, profiles: &[u32]) -> WholeCounter<'a> {
        let mut planes = Planes::new(profiles.len());
        let localized = self.columns.par_iter().map(|(at, codes)| {
            let domain = self.distance.domains()[*at];
            let (local, occurring) = localize(domain, codes);
            let of_record: Vec<u32> = profiles.iter().map(|profile| local[codes[*profile as usize] as usize]).collect();
            (domain, local, occurring, of_record)
        });
        let localized = localized.collect::<Vec<_>>().into_iter();
        let columns: Vec<CountedColumn<'a>> = localized
            .map(|(domain, local, codes, of_record)| {
                let place = planes.add(&of_record, codes.len() as u32);
                let is_special = |local: &u32| match domain.kind().is_numeric() {
                    true => (BOX..=ANYTHING).contains(&codes[*local as usize]),
                    false => !domain.is_exact(codes[*local as usize]),
                };
                let special = (0..codes.len() as u32).filter(is_special).collect();
                CountedColumn { domain, local, codes, special, place }
            })
            .collect();
        planes.arrange();
        let only_equal = columns.iter().all(|column| column.special.is_empty());
        let unit = if only_equal { 1 } else { (u8::MAX as usize / columns.len()).clamp(1, MOST_UNITS) };
        WholeCounter { columns, planes, unit: unit as u8 }
    }
}

/// Numbers the codes that occur: the local code of each code, and the code of each local one.
fn localize(domain: &Domain, codes: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut local = vec![ABSENT; if domain.kind().is_numeric() { forms(domain) } else { domain.len() }];
    for code in codes {
        local[*code as usize] = 0;
    }
    let mut occurring = Vec::new();
    for (code, slot) in local.iter_mut().enumerate().filter(|(_, slot)| **slot == 0) {
        *slot = occurring.len() as u32;
        occurring.push(code as u32);
    }
    (local, occurring)
}

/// Counts the mismatches of a target with many records.
pub(super) struct WholeCounter<'a> {
    /// In the order of a signature.
    columns: Vec<CountedColumn<'a>>,
    planes: Planes,
    /// What a mismatch counts.
    unit: u8,
}

/// One column of the codes of records.
struct CountedColumn<'a> {
    domain: &'a Domain,
    /// Local code of each code.
    local: Vec<u32>,
    /// Code of each local code.
    codes: Vec<u32>,
    /// Local codes of the cells that match targets they are not equal to.
    special: Vec<u32>,
    place: Place,
}

impl WholeCounter<'_> {
    /// Whether an exact target matches a record outright only when it is equal to it.
    pub fn only_equal(&self) -> bool {
        self.columns.iter().all(|column| column.special.is_empty())
    }

    /// What a mismatch counts.
    pub fn unit(&self) -> u8 {
        self.unit
    }

    /// Bytes that are compared for one record.
    pub fn width(&self) -> usize {
        let special = self.columns.iter().map(|column| column.special.len().min(COMPARED));
        self.planes.width() + special.sum::<usize>()
    }

    /// Counts of whole blocks: for each record, and a few more that stand for none.
    pub fn padded(&self) -> usize {
        self.planes.padded()
    }

    /// What to compare with the records, given a target's signature; the mismatches that all of them have are returned.
    pub fn ask(&self, signature: &[u32], question: &mut Question) -> usize {
        let Question { wanted, matches, tables } = question;
        wanted.clear();
        matches.clear();
        tables.clear();
        let mut absent = 0;
        for (column, own) in self.columns.iter().zip(signature) {
            let first = matches.len();
            if !column.matches(*own, self.unit, matches) {
                continue; // all records cost the same
            }
            match matches.len() - first {
                0 => absent += 1,
                1..=COMPARED => wanted.push(Wanted { place: column.place, matches: (first, matches.len()) }),
                _ => tables.push((column.place, column.table(self.unit, matches.drain(first..)))),
            }
        }
        absent
    }

    /// What a record can have that a target, given by its signature, does not mismatch in any column. False when that is more than so many
    /// combinations of codes, or any code of a column.
    pub fn compatible(&self, signature: &[u32], most: usize, found: &mut Combinations) -> bool {
        found.choices.clear();
        found.ends.clear();
        let (mut matches, mut combinations) = (std::mem::take(&mut found.matches), 1usize);
        let are_few = self.columns.iter().zip(signature).all(|(column, own)| {
            matches.clear();
            let are_told = column.matches(*own, self.unit, &mut matches);
            combinations = combinations.saturating_mul(matches.len());
            let code = |matched: &Match| column.codes[u32::from_le_bytes(matched.bytes) as usize];
            found.choices.extend(matches.iter().map(|matched| (code(matched), matched.cost)));
            found.ends.push(found.choices.len());
            are_told && combinations <= most
        });
        found.matches = matches;
        are_few
    }

    /// Adds what the records of some blocks cost; 255 stays 255.
    pub fn count(
        &self,
        instructions: Instructions,
        question: &Question,
        blocks: std::ops::Range<usize>,
        counts: &mut [u8],
    ) {
        let (bytes, width) = (self.planes.of(blocks), self.planes.width());
        if !question.wanted.is_empty() {
            add_costs(instructions, bytes, width, &question.wanted, &question.matches, self.unit, counts);
        }
        self.look_up(question, bytes, |at, cost| counts[at] = counts[at].saturating_add(cost));
    }

    /// Adds what the records of some blocks cost, to the last one of however many columns: as many as a byte can count at a time, in
    /// `part`.
    pub fn count_all(
        &self,
        instructions: Instructions,
        question: &Question,
        blocks: std::ops::Range<usize>,
        part: &mut Vec<u8>,
        counts: &mut [u16],
    ) {
        let (bytes, width) = (self.planes.of(blocks), self.planes.width());
        for wanted in question.wanted.chunks(usize::from(u8::MAX / self.unit)) {
            part.clear();
            part.resize(counts.len(), 0);
            add_costs(instructions, bytes, width, wanted, &question.matches, self.unit, part);
            counts.iter_mut().zip(&*part).for_each(|(count, cost)| *count = count.saturating_add(u16::from(*cost)));
        }
        self.look_up(question, bytes, |at, cost| counts[at] = counts[at].saturating_add(u16::from(cost)));
    }

    /// Hands on what each record of some blocks costs in the columns that are looked up in a table.
    fn look_up(&self, question: &Question, bytes: &[u8], mut add: impl FnMut(usize, u8)) {
        for (place, table) in &question.tables {
            for (at, block) in bytes.chunks_exact(self.planes.width() * LANES).enumerate() {
                for lane in 0..LANES {
                    let byte = |plane: usize| (block[(place.plane + plane) * LANES + lane] as usize) << (8 * plane);
                    let code: usize = (0..place.planes).map(byte).sum();
                    add(at * LANES + lane, table[code]);
                }
            }
        }
    }
}

impl CountedColumn<'_> {
    /// Adds the local codes that cost a target less than a mismatch. False when all cells cost it the same: what is
    /// suppressed of the target is not known.
    fn matches(&self, own: u32, unit: u8, found: &mut Vec<Match>) -> bool {
        let domain = self.domain;
        let units = |cost: f64| (f64::from(unit) * cost) as u8;
        let mut add = |local: u32, cost: u8| {
            if local != ABSENT && cost < unit {
                found.push(Match { bytes: local.to_le_bytes(), cost });
            }
        };
        if domain.kind().is_numeric() {
            if own == ANYTHING {
                return false;
            }
            add(self.local[own as usize], 0);
            for local in &self.special {
                match (own, self.codes[*local as usize]) {
                    (NUMBER, BOX) => add(*local, 0),
                    (NUMBER, _) => {
                        // Rounding must not make more of the least cost than any number has.
                        let least = domain.coverage().map_or(0.0, |coverage| coverage.least_of_suppressed());
                        add(*local, units((least - 1e-9).max(0.0)));
                    }
                    (_, BOX) => {}
                    (own, _) => {
                        let code = if own == ABSENT_NUMBER { MISSING } else { own - TEXTS + domain.number_codes().end };
                        add(*local, units(column_distance(domain, code, domain.len() as u32 - 1)));
                    }
                }
            }
            return true;
        }
        if *domain.cell(own) == Cell::Suppressed {
            return false;
        }
        add(self.local[own as usize], 0);
        domain.each_compatible(own, &mut |code| {
            add(self.local[code as usize], units(column_distance(domain, own, code)))
        });
        true
    }

    /// The cost of each local code.
    fn table(&self, unit: u8, matches: impl Iterator<Item = Match>) -> Vec<u8> {
        // What fills the last block is code 0.
        let mut table = vec![unit; self.codes.len().max(1)];
        matches.for_each(|matched| table[u32::from_le_bytes(matched.bytes) as usize] = matched.cost);
        table
    }
}

/// Signatures that a target does not mismatch in any column: one of some codes in each.
#[derive(Debug, Default)]
pub(super) struct Combinations {
    /// Codes and their costs, column after column.
    choices: Vec<(u32, u8)>,
    /// Where each column's codes end.
    ends: Vec<usize>,
    matches: Vec<Match>,
}

impl Combinations {
    /// Hands on each signature with its cost.
    pub fn each(&self, found: &mut impl FnMut(&[u32], u32)) {
        let mut signature = vec![0; self.ends.len()];
        self.extend(0, 0, &mut signature, found);
    }

    fn extend(&self, column: usize, cost: u32, signature: &mut [u32], found: &mut impl FnMut(&[u32], u32)) {
        let Some(end) = self.ends.get(column) else { return found(signature, cost) };
        let start = if column == 0 { 0 } else { self.ends[column - 1] };
        for (code, own_cost) in &self.choices[start..*end] {
            signature[column] = *code;
            self.extend(column + 1, cost + u32::from(*own_cost), signature, found);
        }
    }
}

/// What a target has in the columns of a counter.
#[derive(Debug, Default)]
pub(super) struct Question {
    wanted: Vec<Wanted>,
    matches: Vec<Match>,
    tables: Vec<(Place, Vec<u8>)>,
}
