//! How many persons predicates match, part by part.

use super::Prepared;
use super::index::RowIndex;
use super::predicate::Predicate;
use crate::parts::{InParts, Persons};
use crate::progress::{Progress, go_on};
use crate::table::Table;
use crate::targets::TargetRows;
use rayon::prelude::*;

/// Whom a predicate matches in one table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hit {
    /// Distinct persons; of a count that was cut short, at least so many.
    pub persons: u64,
    /// Numbers of these persons, ascending, if they are at most [`Hit::KEPT`]; otherwise empty.
    pub kept: Vec<u32>,
}

impl Hit {
    /// Most persons that are kept by number. They serve to tell predicates that hit the same persons; one that matches more
    /// isolates nobody, here or in a table of comparable size.
    pub const KEPT: usize = 64;

    /// Whom the predicate matches in two parts of a table that have no person in common.
    fn merge(&mut self, other: Hit) {
        self.persons += other.persons;
        self.kept.extend(other.kept);
        self.kept.sort_unstable();
        if self.persons > Hit::KEPT as u64 {
            self.kept = Vec::new();
        }
    }
}

/// Counts whom the predicates of an attacker match.
pub(super) struct Counting<'a> {
    pub prepared: &'a Prepared<'a>,
    pub predicates: &'a [Predicate],
    /// Those of the baseline.
    pub random: &'a [Predicate],
    /// Whether only the null model of a control of another size would ask how many persons more than one are matched, and need not.
    pub same_size: bool,
    pub progress: &'a dyn Progress,
}

/// Whom each predicate matches.
#[derive(Debug, PartialEq)]
pub(super) struct Matches {
    /// In the original.
    pub original: Vec<Hit>,
    /// In the control.
    pub control: Option<Vec<Hit>>,
    /// Those of the baseline, in the original.
    pub random: Vec<Hit>,
}

impl InParts for Counting<'_> {
    type Partial = Matches;
    type Merged = Matches;

    fn partial(&self, persons: &TargetRows) -> Matches {
        let (tables, prepared) = (self.prepared.tables, self.prepared);
        let whether_one = Some(2);
        let most = if self.same_size { whether_one } else { None };
        let of_part = |table: &Table, rows: &[u32]| {
            (rows.len() < table.rows()).then(|| {
                let mut is_in = vec![false; table.rows()];
                rows.iter().for_each(|row| is_in[*row as usize] = true);
                is_in
            })
        };
        let of_original = of_part(&tables.original, &persons.original);
        let in_original = |predicates: &[Predicate], most: Option<u64>| {
            count(predicates, &tables.original, &prepared.original, of_original.as_deref(), most, self.progress)
        };
        let control = tables.control.as_ref().zip(prepared.control.as_ref()).zip(persons.control.as_ref());
        Matches {
            original: in_original(self.predicates, most),
            random: in_original(self.random, whether_one),
            control: control.map(|((table, index), rows)| {
                count(self.predicates, table, index, of_part(table, rows).as_deref(), most, self.progress)
            }),
        }
    }

    fn merge(&self, _persons: &Persons<'_>, partials: Vec<Matches>) -> Matches {
        let add = |mut hits: Vec<Hit>, more: Vec<Hit>| {
            hits.iter_mut().zip(more).for_each(|(hit, more)| hit.merge(more));
            hits
        };
        let merged = partials.into_iter().reduce(|one, other| Matches {
            original: add(one.original, other.original),
            random: add(one.random, other.random),
            control: one.control.zip(other.control).map(|(one, other)| add(one, other)),
        });
        merged.expect("there is a part")
    }
}

/// Counts whom each predicate matches, of the rows of a part where there is one. Where it only matters whether that is exactly one
/// person, `most` rows of several persons are enough.
pub(super) fn count(
    predicates: &[Predicate],
    table: &Table,
    index: &RowIndex<'_>,
    of_part: Option<&[bool]>,
    most: Option<u64>,
    progress: &dyn Progress,
) -> Vec<Hit> {
    // A person may have several rows, which says nothing of how many persons there are.
    let most = if table.subjects.is_some() { u64::MAX } else { most.unwrap_or(u64::MAX) };
    let hits = predicates.par_iter().map(|predicate| {
        go_on(progress);
        let mut kept: Vec<u32> = Vec::new();
        let mut persons = 0;
        index.each_match(predicate, |row| {
            if of_part.is_some_and(|is_in| !is_in[row as usize]) {
                return true;
            }
            persons += 1;
            // A person may have several rows, so that all must be seen before they can be counted.
            if table.subjects.is_some() || kept.len() < Hit::KEPT {
                kept.push(table.subject(row as usize));
            }
            persons < most
        });
        kept.sort_unstable();
        if table.subjects.is_some() {
            kept.dedup();
            persons = kept.len() as u64;
        }
        if persons > Hit::KEPT as u64 {
            kept = Vec::new();
        }
        Hit { persons, kept }
    });
    let hits = hits.collect();
    progress.advance(predicates.len() as u64 / 2);
    hits
}
