//! Which rows of one table agree with which of another on some columns, each of them counted.
//!
//! Rows are taken together where they are equal ([`Profiles`]). The profiles of the first table are walked as the branches of a
//! tree, a column a level, and each branch carries the profiles of the second table that agree with it so far. Where cells
//! do not overlap, each of these is carried once a level; a suppressed cell carries all of them on.

use super::Classes;
use crate::agreement::are_compatible;
use crate::table::{Cell, Domain, Groups, Interval, LEFT_OUT, Table, Tables};
use foldhash::fast::FixedState;
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// When two cells agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// They are one cell, or one of them is suppressed.
    EqualOrSuppressed,
    /// There is a value that both may be: a value equals a value, lies in a band or a set, or bands and sets overlap; a
    /// suppressed cell may be any value, missing included.
    Covering,
}

/// There are more pairs of rows than can be counted in time. What was not counted has no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMuch;

/// Steps after which counting is given up: about a minute.
const MOST_STEPS: u64 = 2_000_000_000;

/// The different rows of one or two tables on some columns.
#[derive(Debug, Clone)]
pub struct Profiles {
    /// Codes, one row of columns after the other.
    codes: Vec<u32>,
    columns: usize,
    rows: Vec<u64>,
}

impl Profiles {
    /// The classes of the release, in their order; rows that are in no class are left out.
    pub fn of_release(tables: &Tables, classes: &Classes) -> Profiles {
        Profiles::of_groups(&tables.anonymized, &classes.groups, &classes.columns)
    }

    /// The different rows of a table on some columns.
    pub fn of(table: &Table, columns: &[usize]) -> Profiles {
        let groups = Groups::of(table.rows(), columns.iter().map(|column| table.column(*column)));
        Profiles::of_groups(table, &groups, columns)
    }

    fn of_groups(table: &Table, groups: &Groups, columns: &[usize]) -> Profiles {
        let rows_and_columns = groups.first.iter().flat_map(|first| columns.iter().map(move |column| (first, column)));
        let codes = rows_and_columns.map(|(first, column)| table.column(*column)[*first as usize]).collect();
        let mut rows = vec![0; groups.len()];
        groups.of_row.iter().filter(|group| **group != LEFT_OUT).for_each(|group| rows[*group as usize] += 1);
        Profiles { codes, columns: columns.len(), rows }
    }

    /// These and those of another table on the same columns; equal ones stand twice.
    pub fn and(mut self, other: &Profiles) -> Profiles {
        self.codes.extend_from_slice(&other.codes);
        self.rows.extend_from_slice(&other.rows);
        self
    }

    /// Number of different rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many rows there are of each.
    pub fn rows(&self) -> impl Iterator<Item = u64> + '_ {
        self.rows.iter().copied()
    }

    fn codes_of(&self, profile: usize) -> &[u32] {
        &self.codes[profile * self.columns..(profile + 1) * self.columns]
    }

    fn code(&self, profile: u32, column: usize) -> u32 {
        self.codes[profile as usize * self.columns + column]
    }
}

/// For each profile of the first table, how many rows of the second agree with it on all columns.
///
/// # Errors
/// When there is too much to count.
pub fn agreeing(
    tables: &Tables,
    columns: &[usize],
    first: &Profiles,
    second: &Profiles,
    relation: Relation,
) -> Result<Vec<u64>, TooMuch> {
    let answers: Vec<Answers<'_>> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| Answers::new(&tables.columns[*column].domain, second, at, relation))
        .collect();
    let are_exact = |(at, answers): (usize, &Answers<'_>)| {
        let is_exact = |profile| answers.domain.is_exact(first.code(profile, at));
        answers.generalized.is_empty() && (0..first.len() as u32).all(is_exact)
    };
    if answers.iter().enumerate().all(are_exact) {
        return Ok(equal(first, second));
    }
    let mut order: Vec<u32> = (0..first.len() as u32).collect();
    order.par_sort_unstable_by_key(|profile| first.codes_of(*profile as usize));
    let walk = Walk { first, second, answers: &answers, steps: AtomicU64::new(0) };
    let all: Vec<u32> = (0..second.len() as u32).collect();
    let mut counts = vec![0; first.len()];
    let found = walk.branch(&order, all, 0);
    if walk.steps.into_inner() > MOST_STEPS {
        return Err(TooMuch);
    }
    found.into_iter().for_each(|(profile, rows)| counts[profile as usize] = rows);
    Ok(counts)
}

/// For each profile of the first table, how many rows of the second are equal to it: where no cell covers several values, no others agree.
fn equal(first: &Profiles, second: &Profiles) -> Vec<u64> {
    let mut held: HashMap<&[u32], u64, FixedState> =
        HashMap::with_capacity_and_hasher(second.len(), FixedState::default());
    (0..second.len()).for_each(|profile| *held.entry(second.codes_of(profile)).or_default() += second.rows[profile]);
    (0..first.len()).map(|profile| held.get(first.codes_of(profile)).copied().unwrap_or_default()).collect()
}

struct Walk<'w> {
    first: &'w Profiles,
    second: &'w Profiles,
    answers: &'w [Answers<'w>],
    steps: AtomicU64,
}

impl Walk<'_> {
    /// The counts of some profiles, equal on the columns before this one, given who agrees with them there.
    fn branch(&self, profiles: &[u32], mut others: Vec<u32>, column: usize) -> Vec<(u32, u64)> {
        // The total of the steps does not hang on who comes first, and so neither does whether it is too much.
        let before = self.steps.fetch_add((others.len() + profiles.len()) as u64, Ordering::Relaxed);
        if before > MOST_STEPS {
            return Vec::new();
        }
        if column == self.first.columns || others.is_empty() {
            let rows = others.iter().map(|other| self.second.rows[*other as usize]).sum();
            return profiles.iter().map(|profile| (*profile, rows)).collect();
        }
        let answers = &self.answers[column];
        others.sort_unstable_by_key(|other| (self.second.code(*other, column), *other));
        let runs: Vec<(u32, &[u32])> = others
            .chunk_by(|a, b| self.second.code(*a, column) == self.second.code(*b, column))
            .map(|run| (self.second.code(run[0], column), run))
            .collect();
        let of_code = |code: u32| {
            let at = runs.binary_search_by_key(&code, |(held, _)| *held);
            at.map_or(&[][..], |at| runs[at].1)
        };
        let children: Vec<&[u32]> =
            profiles.chunk_by(|a, b| self.first.code(*a, column) == self.first.code(*b, column)).collect();
        let child = |profiles: &&[u32]| {
            let agreeing: Vec<u32> = match answers.of(self.first.code(profiles[0], column)) {
                Answer::All => others.clone(),
                Answer::Codes { exact, listed } => {
                    let from = runs.partition_point(|(code, _)| *code < exact.start);
                    let within = runs[from..].iter().take_while(|(code, _)| *code < exact.end);
                    within
                        .flat_map(|(_, run)| *run)
                        .chain(listed.iter().flat_map(|code| of_code(*code)))
                        .copied()
                        .collect()
                }
            };
            self.branch(profiles, agreeing, column + 1)
        };
        if others.len() * children.len() > 10_000 {
            children.par_iter().flat_map_iter(child).collect()
        } else {
            children.iter().flat_map(child).collect()
        }
    }
}

/// The codes that agree with a code.
#[derive(Debug)]
enum Answer {
    All,
    /// A run of exact codes, and single others.
    Codes {
        exact: std::ops::Range<u32>,
        listed: Vec<u32>,
    },
}

/// One column's cells, and which of those that the second table holds agree with which.
struct Answers<'t> {
    domain: &'t Domain,
    relation: Relation,
    /// Generalized codes that occur in the second table, the suppressed one last.
    generalized: Vec<u32>,
    /// What agrees with each code, found when it is asked for first: a code stands on many branches.
    found: Vec<OnceLock<Answer>>,
}

impl<'t> Answers<'t> {
    fn new(domain: &'t Domain, second: &Profiles, column: usize, relation: Relation) -> Answers<'t> {
        let mut occurs = vec![false; domain.len()];
        (0..second.len() as u32).for_each(|profile| occurs[second.code(profile, column) as usize] = true);
        let end = domain.exact_codes().end;
        let generalized = (end..domain.len() as u32).filter(|code| occurs[*code as usize]).collect();
        let found = (0..domain.len()).map(|_| OnceLock::new()).collect();
        Answers { domain, relation, generalized, found }
    }

    fn of(&self, code: u32) -> &Answer {
        self.found[code as usize].get_or_init(|| self.find(code))
    }

    fn find(&self, code: u32) -> Answer {
        let cell = self.domain.cell(code);
        if *cell == Cell::Suppressed {
            return Answer::All;
        }
        let exact = match cell {
            _ if self.domain.is_exact(code) => code..code + 1,
            Cell::Interval(interval) if self.relation == Relation::Covering => self.numbers_in(interval),
            _ => 0..0,
        };
        let agrees = |other: &&u32| match self.relation {
            Relation::Covering => are_compatible(self.domain, code, **other),
            Relation::EqualOrSuppressed => **other == code || *self.domain.cell(**other) == Cell::Suppressed,
        };
        let mut listed: Vec<u32> = self.generalized.iter().filter(agrees).copied().collect();
        if let (Cell::OneOf(_), Relation::Covering) = (cell, self.relation) {
            let categories = self.domain.coverage().and_then(|coverage| coverage.categories());
            listed.extend(categories.iter().flat_map(|categories| categories.covered(code)).map(|(member, _)| member));
        }
        Answer::Codes { exact, listed }
    }

    fn numbers_in(&self, interval: &Interval) -> std::ops::Range<u32> {
        let codes = self.domain.number_codes();
        let numbers = &self.domain.numbers()[codes.start as usize..codes.end as usize];
        let is_before = |number: &f64| *number < interval.lo || (*number == interval.lo && !interval.lo_included);
        let from = numbers.partition_point(is_before);
        let inside = numbers[from..].partition_point(|number| interval.contains(*number));
        codes.start + from as u32..codes.start + (from + inside) as u32
    }
}

/// Whether there is a value that both cells may be, of which one at least is generalized and neither is the other, by the values
/// themselves.
#[cfg(test)]
fn overlap(one: &Cell, other: &Cell) -> bool {
    match (one, other) {
        (Cell::Suppressed, _) | (_, Cell::Suppressed) => true,
        (Cell::Number(number), Cell::Interval(interval)) | (Cell::Interval(interval), Cell::Number(number)) => {
            interval.contains(*number)
        }
        (Cell::Interval(a), Cell::Interval(b)) => {
            let is_before =
                |a: &Interval, b: &Interval| a.hi < b.lo || (a.hi == b.lo && !(a.hi_included && b.lo_included));
            !is_before(a, b) && !is_before(b, a)
        }
        (Cell::Category(text), Cell::OneOf(set)) | (Cell::OneOf(set), Cell::Category(text)) => {
            set.binary_search(text).is_ok()
        }
        (Cell::OneOf(a), Cell::OneOf(b)) => a.iter().any(|member| b.binary_search(member).is_ok()),
        _ => false,
    }
}

/// Whether two cells of a column may be one value: the plain definition, which tests hold the counts against.
#[cfg(test)]
pub(super) fn agree(domain: &Domain, one: u32, other: u32, relation: Relation) -> bool {
    let suppressed = |code: u32| *domain.cell(code) == Cell::Suppressed;
    let is_wild = suppressed(one) || suppressed(other);
    let covers = relation == Relation::Covering && one != 0 && other != 0;
    one == other || is_wild || (covers && overlap(domain.cell(one), domain.cell(other)))
}
