//! One path for one machine and for many: an attack is planned from everything, persons are attacked part by part, and what came of
//! the parts is merged.
//!
//! # Plan, partial, merge
//! A *plan* is made of the release, the settings and what is known of all persons together: whom a secret is scored on, what
//! disagreement costs, the predicates. A *partial* is what came of asking about some persons: attempts, links, claims, scores, counts of
//! a predicate's matches. No partial holds a sum of fractions, so that merging is exact and neither the order of the parts
//! nor how persons are spread over them changes a bit. What hangs on everybody is told by the *merge*: who shares a link, whom an
//! assignment gives a record to, how far attempts depend on one another, every rate and interval.
//!
//! One machine makes one partial out of everybody and merges it. That this is the same as merging many is held by a property
//! test (`evaluation/test_additivity.rs`).

use crate::AttackError;
use crate::table::{Table, Tables};
use crate::targets::TargetRows;

/// What some persons are attacked with, planned before anybody is.
pub(crate) trait InParts {
    /// What came of some persons.
    type Partial;
    /// What came of everybody.
    type Merged;

    /// Attacks some persons, perhaps none.
    fn partial(&self, persons: &TargetRows) -> Self::Partial;

    /// Puts together what came of the parts of some persons, in the order of the parts.
    fn merge(&self, persons: &Persons<'_>, partials: Vec<Self::Partial>) -> Self::Merged;
}

/// How persons are spread over parts.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// Part of each row of the original and of the control; `None` where everybody is in one.
    of_row: Option<[Vec<u32>; 2]>,
    count: usize,
}

impl Parts {
    /// Everybody in one part.
    pub fn whole() -> Parts {
        Parts { of_row: None, count: 1 }
    }

    /// The parts of these numbers, one for each row of the original and of the control. A part may be nobody's.
    ///
    /// # Errors
    /// When there is not a number for each row, or when rows of one person are in several parts.
    pub fn split(tables: &Tables, original: Vec<u32>, control: Vec<u32>) -> Result<Parts, AttackError> {
        let sides = [(Some(&tables.original), &original), (tables.control.as_ref(), &control)];
        for (table, parts) in sides {
            if table.map_or(0, Table::rows) != parts.len() {
                return Err(AttackError::Attacker("parts: there must be a part for each row".to_owned()));
            }
            let Some((table, subjects)) = table.and_then(|table| Some((table, table.subjects.as_ref()?))) else {
                continue;
            };
            let mut of_person = vec![None; table.persons()];
            for (subject, part) in subjects.iter().zip(parts) {
                if *of_person[*subject as usize].get_or_insert(*part) != *part {
                    return Err(AttackError::Attacker("parts: rows of one person must be in one part".to_owned()));
                }
            }
        }
        let count = original.iter().chain(&control).max().map_or(1, |most| *most as usize + 1);
        Ok(Parts { of_row: Some([original, control]), count })
    }

    /// Attacks some persons part by part, and merges what came of it.
    pub(crate) fn play<A: InParts>(&self, attack: &A, rows: &TargetRows) -> A::Merged {
        let partials = match &self.of_row {
            None => vec![attack.partial(rows)],
            Some(of_row) => (0..self.count as u32)
                .map(|part| {
                    let of = |side: usize, rows: &[u32]| {
                        rows.iter().copied().filter(|row| of_row[side][*row as usize] == part).collect::<Vec<u32>>()
                    };
                    let control = rows.control.as_ref().map(|rows| of(1, rows));
                    attack.partial(&TargetRows { original: of(0, &rows.original), control })
                })
                .collect(),
        };
        attack.merge(&Persons { rows, parts: self }, partials)
    }
}

/// Whom an attack was made on, and in which parts.
pub(crate) struct Persons<'a> {
    /// All of them.
    pub rows: &'a TargetRows,
    parts: &'a Parts,
}

impl Persons<'_> {
    /// One value for each person, of the original first, from those of each part.
    pub fn in_order<T>(&self, of_parts: Vec<Vec<T>>) -> Vec<T> {
        let Some(of_row) = &self.parts.of_row else {
            return of_parts.into_iter().next().unwrap_or_default();
        };
        // A part lists its persons in the order of all.
        let mut of_parts: Vec<_> = of_parts.into_iter().map(Vec::into_iter).collect();
        let sides = [Some(&self.rows.original), self.rows.control.as_ref()].into_iter().flatten();
        let parts = sides.zip(of_row).flat_map(|(rows, of_row)| rows.iter().map(|row| of_row[*row as usize]));
        parts.map(|part| of_parts[part as usize].next().expect("a value for each person of a part")).collect()
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::table::{Kind, RawColumn, TablesBuilder};

    fn tables() -> Tables {
        let numbers = |count: usize| RawColumn::numbers(&vec![1.0; count]);
        let mut builder = TablesBuilder::new(4, 2, Some(3));
        builder.add("a", Kind::Numeric, numbers(4), numbers(2), Some(numbers(3))).unwrap();
        builder.subjects(vec![0, 1, 1, 2], Some(vec![0, 1, 2]));
        builder.finish()
    }

    /// Tells which rows it was given.
    struct Rows;

    impl InParts for Rows {
        type Partial = Vec<u32>;
        type Merged = Vec<u32>;

        fn partial(&self, persons: &TargetRows) -> Vec<u32> {
            persons.original.iter().chain(persons.control.iter().flatten()).copied().collect()
        }

        fn merge(&self, persons: &Persons<'_>, partials: Vec<Vec<u32>>) -> Vec<u32> {
            persons.in_order(partials)
        }
    }

    #[test]
    fn values_of_parts_come_back_in_the_order_of_the_persons() {
        let tables = tables();
        let parts = Parts::split(&tables, vec![2, 0, 0, 4], vec![0, 2, 2]).unwrap();
        for rows in [
            TargetRows::everybody(&tables),
            TargetRows { original: vec![0, 3], control: Some(vec![1]) },
            TargetRows { original: vec![1], control: None },
        ] {
            let expected = Rows.partial(&rows);
            assert_eq!(parts.play(&Rows, &rows), expected);
            assert_eq!(Parts::whole().play(&Rows, &rows), expected);
        }
    }

    #[test]
    fn persons_stay_together_and_nobody_is_left_out() {
        let tables = tables();
        assert!(Parts::split(&tables, vec![0, 0, 1, 1], vec![0; 3]).is_err());
        assert!(Parts::split(&tables, vec![0; 3], vec![0; 3]).is_err());
        assert!(Parts::split(&tables, vec![0; 4], Vec::new()).is_err());
    }
}
