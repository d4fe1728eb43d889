//! The categories of a column with generalized cells, and what sets of them cost.

use super::coverage::Counts;
use super::{Cell, Domain, Lists};
use std::collections::BTreeMap;

/// The categories that a column has, with the rows that hold each.
#[derive(Debug, Clone)]
pub(crate) struct Categories {
    /// Rows that hold each category: exact ones by their codes, then those that only sets name.
    rows: Vec<f64>,
    all: f64,
    /// Categories that some row holds.
    held: usize,
    exact_end: u32,
    /// What each generalized cell covers, from the first of them on.
    sets: Vec<Set>,
    /// Of each category, the codes of the sets that it is a member of, ascending.
    sets_of: Lists,
}

#[derive(Debug, Clone, Default)]
struct Set {
    /// Categories, ascending.
    members: Vec<u32>,
    rows: f64,
    /// Members that some row holds.
    held: usize,
}

impl Set {
    fn has(&self, category: u32) -> bool {
        self.members.binary_search(&category).is_ok()
    }
}

impl Categories {
    pub fn new(domain: &Domain, counts: &Counts) -> Categories {
        let exact = domain.exact_codes();
        let mut rows: Vec<f64> = vec![0.0; exact.end as usize];
        exact.clone().for_each(|code| rows[code as usize] = counts.all[code as usize] as f64);
        let mut unseen: BTreeMap<&str, u32> = BTreeMap::new();
        let mut sets = Vec::new();
        for (code, cell) in domain.cells().iter().enumerate().skip(exact.end as usize) {
            let mut set = Set::default();
            if let Cell::OneOf(covered) = cell {
                let known = &domain.cells()[exact.start as usize..exact.end as usize];
                set.members.extend(covered.iter().map(|value| {
                    let found = known.binary_search_by(|cell| match cell {
                        Cell::Category(category) => category.cmp(value),
                        _ => std::cmp::Ordering::Less,
                    });
                    let next = exact.end + unseen.len() as u32;
                    found.map_or_else(|_| *unseen.entry(value).or_insert(next), |at| exact.start + at as u32)
                }));
                rows.resize(exact.end as usize + unseen.len(), 0.0);
                let part = counts.persons[code] as f64 / covered.len().max(1) as f64;
                set.members.iter().for_each(|category| rows[*category as usize] += part);
                set.members.sort_unstable();
            }
            sets.push(set);
        }
        let is_held = |category: &&u32| rows[**category as usize] > 0.0;
        for set in &mut sets {
            set.rows = set.members.iter().map(|category| rows[*category as usize]).sum();
            set.held = set.members.iter().filter(is_held).count();
        }
        let (all, held) = (rows.iter().sum(), rows.iter().filter(|rows| **rows > 0.0).count());
        let pairs =
            (exact.end..).zip(&sets).flat_map(|(code, set)| set.members.iter().map(move |member| (*member, code)));
        let (members, codes): (Vec<u32>, Vec<u32>) = pairs.unzip();
        let sets_of = Lists::by_key(&members, rows.len()).map(|at| codes[at as usize]);
        Categories { rows, all, held, exact_end: exact.end, sets, sets_of }
    }

    fn set(&self, code: u32) -> Option<&Set> {
        self.sets.get(code.checked_sub(self.exact_end)? as usize)
    }

    /// Rows that hold any category.
    pub fn rows(&self) -> f64 {
        self.all
    }

    /// Rows that hold what a cell covers.
    pub fn rows_of(&self, code: u32) -> f64 {
        self.set(code).map_or_else(|| self.rows[code as usize], |set| set.rows)
    }

    /// What a cell costs a target, of which neither is missing or suppressed, when so many rows count.
    pub fn cost(&self, target: u32, release: u32, all_rows: f64) -> f64 {
        let uncovered = match (self.set(target), self.set(release)) {
            (_, None) => return f64::from(u8::from(!self.meet(target, release))),
            _ if !self.meet(target, release) => return 1.0,
            (None, Some(set)) => set.rows - self.rows[target as usize],
            (Some(target), Some(release)) => {
                let others = release.members.iter().filter(|category| !target.has(**category));
                others.map(|category| self.rows[*category as usize]).sum()
            }
        };
        uncovered.max(0.0) / all_rows.max(1.0)
    }

    /// Whether a cell may be any category of the column.
    pub fn says_nothing(&self, code: u32, others_exist: bool) -> bool {
        match self.set(code) {
            Some(set) => set.held == self.held,
            None => self.rows[code as usize] == self.all && !others_exist,
        }
    }

    /// The exact categories that a generalized cell covers, by their codes, with the rows that hold each.
    pub fn covered(&self, code: u32) -> impl Iterator<Item = (u32, f64)> + '_ {
        let members = self.set(code).map_or(&[][..], |set| &set.members);
        let exact = members.iter().filter(|category| **category < self.exact_end);
        exact.map(|category| (*category, self.rows[*category as usize]))
    }

    /// Hands on the cells that are no suppressed ones and can be of one person with another, but itself, each once.
    pub fn each_meeting(&self, code: u32, found: &mut impl FnMut(u32)) {
        let Some(set) = self.set(code) else {
            self.sets_of.of(code).iter().for_each(|set| found(*set));
            return;
        };
        let sets = set.members.iter().flat_map(|member| self.sets_of.of(*member));
        let mut sets: Vec<u32> = sets.copied().filter(|other| *other != code).collect();
        sets.sort_unstable();
        sets.dedup();
        self.covered(code).map(|(category, _)| category).chain(sets).for_each(found);
    }

    /// Whether two cells can be of one person: one is, or covers, what the other may be.
    pub fn meet(&self, one: u32, other: u32) -> bool {
        match (self.set(one), self.set(other)) {
            (None, None) => one == other,
            (Some(set), None) => set.has(other),
            (None, Some(set)) => set.has(one),
            (Some(one), Some(other)) => {
                let (few, many) = if one.members.len() <= other.members.len() { (one, other) } else { (other, one) };
                few.members.iter().any(|category| many.has(*category))
            }
        }
    }

    /// Whether a cell covers an exact category.
    pub fn covers(&self, code: u32, category: u32) -> bool {
        self.set(code).is_some_and(|set| set.has(category))
    }
}
