//! The tests that predicates make of one column, each compiled once.
//!
//! Predicates about generalized cells ask for few different things many times: a release of names masked to their first
//! letter has a few dozen masks, each of which covers thousands of names. So what passes a test is remembered, and sets of
//! categories are compared as sets of numbers.

use super::predicate::{Condition, Test, at_least, at_most, covers, extend};
use crate::table::{Cell, Domain};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// The tests of one column.
pub(super) struct Tests<'a> {
    column: usize,
    domain: &'a Domain,
    /// What passes the tests that were asked for, where the column has generalized cells.
    known: RwLock<HashMap<Test, Arc<[Range<u32>]>>>,
    sets: OnceLock<Sets>,
}

impl<'a> Tests<'a> {
    /// Of a column.
    pub fn new(column: usize, domain: &'a Domain) -> Tests<'a> {
        Tests { column, domain, known: RwLock::default(), sets: OnceLock::new() }
    }

    /// The condition that a test makes; equal to [`Condition::new`].
    pub fn condition(&self, test: Test) -> Condition {
        let (column, domain) = (self.column, self.domain);
        if !domain.has_generalized() {
            return Condition::new(column, domain, test);
        }
        if let Some(ranges) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&test) {
            return Condition { column, test, ranges: Arc::clone(ranges) };
        }
        let ranges: Arc<[Range<u32>]> = self.compile(test).into();
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(test, Arc::clone(&ranges));
        Condition { column, test, ranges }
    }

    fn compile(&self, test: Test) -> Vec<Range<u32>> {
        let domain = self.domain;
        let numbers = domain.number_codes();
        let generalized = domain.exact_codes().end..domain.len() as u32;
        let mut ranges: Vec<Range<u32>> = Vec::new();
        match test {
            Test::AtLeast(of) => {
                ranges.push(of..numbers.end);
                let passing = generalized.filter(|code| at_least(domain.cell(*code), domain.number(of)));
                passing.for_each(|code| extend(&mut ranges, code));
            }
            Test::AtMost(of) => {
                ranges.push(numbers.start..of + 1);
                let passing = generalized.filter(|code| at_most(domain.cell(*code), domain.number(of)));
                passing.for_each(|code| extend(&mut ranges, code));
            }
            Test::Is(of) => match domain.cell(of) {
                by @ Cell::Interval(interval) => {
                    let values = &domain.numbers()[numbers.start as usize..numbers.end as usize];
                    let from = values.partition_point(|value| {
                        *value < interval.lo || !interval.lo_included && *value == interval.lo
                    });
                    let until = values
                        .partition_point(|value| *value < interval.hi || interval.hi_included && *value == interval.hi);
                    if from < until {
                        ranges.push(numbers.start + from as u32..numbers.start + until as u32);
                    }
                    let passing = generalized.filter(|code| *code == of || covers(by, domain.cell(*code)));
                    passing.for_each(|code| extend(&mut ranges, code));
                }
                Cell::OneOf(_) => {
                    let sets = self.sets.get_or_init(|| Sets::new(domain));
                    sets.within(of).into_iter().for_each(|code| extend(&mut ranges, code));
                }
                // An exact cell covers itself only, and so does the suppressed one.
                _ => ranges.push(of..of + 1),
            },
        }
        ranges
    }
}

/// The sets of categories of one column as numbers: codes of its categories, and numbers beyond all codes for
/// categories that stand in no table.
struct Sets {
    /// One past the last exact code.
    exact_end: u32,
    /// Per generalized code, what it covers, ascending; empty for what is no set.
    covered: Vec<Vec<u32>>,
    /// Sets by the first that they cover.
    by_first: HashMap<u32, Vec<u32>>,
}

impl Sets {
    fn new(domain: &Domain) -> Sets {
        let exact_end = domain.exact_codes().end;
        let category = |code: u32| match domain.cell(code) {
            Cell::Category(value) => Some((value.as_str(), code)),
            _ => None,
        };
        let mut number_of: HashMap<&str, u32> = domain.exact_codes().filter_map(category).collect();
        let mut next = domain.len() as u32;
        let mut covered = Vec::new();
        let mut by_first: HashMap<u32, Vec<u32>> = HashMap::new();
        for code in exact_end..domain.len() as u32 {
            let mut numbers = Vec::new();
            if let Cell::OneOf(values) = domain.cell(code) {
                numbers.extend(values.iter().map(|value| {
                    *number_of.entry(value).or_insert_with(|| {
                        next += 1;
                        next - 1
                    })
                }));
                numbers.sort_unstable();
                by_first.entry(numbers.first().copied().unwrap_or(u32::MAX)).or_default().push(code);
            }
            covered.push(numbers);
        }
        Sets { exact_end, covered, by_first }
    }

    /// Codes of the categories that a set covers, and of the sets that lie within it, itself among them; ascending.
    fn within(&self, of: u32) -> Vec<u32> {
        let by = &self.covered[(of - self.exact_end) as usize];
        let exact = by.iter().copied().filter(|number| *number < self.exact_end);
        // A set that lies within begins with something that is covered; one of nothing lies within every set.
        let candidates = by.iter().chain([&u32::MAX]).filter_map(|first| self.by_first.get(first)).flatten().copied();
        let lies_within = |code: &u32| {
            let inner = &self.covered[(*code - self.exact_end) as usize];
            inner.len() <= by.len() && inner.iter().all(|number| by.binary_search(number).is_ok())
        };
        let mut codes: Vec<u32> = exact.chain(candidates.filter(lies_within)).collect();
        codes.sort_unstable();
        codes
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::table::{Interval, JointColumn, Kind, RawColumn};
    use proptest::prelude::*;

    fn set() -> impl Strategy<Value = Cell> {
        prop::collection::btree_set("[a-e]", 1..4).prop_map(|values| Cell::OneOf(values.into_iter().collect()))
    }

    fn category() -> impl Strategy<Value = Cell> {
        prop_oneof![
            3 => "[a-d]".prop_map(Cell::Category),
            3 => set(),
            1 => Just(Cell::Suppressed),
            1 => Just(Cell::Missing),
        ]
    }

    fn number() -> impl Strategy<Value = Cell> {
        let interval = (0..6i32, 0..4i32, any::<[bool; 2]>()).prop_map(|(lo, width, [lo_included, hi_included])| {
            let (lo, hi) = (f64::from(lo), f64::from(lo + width));
            Cell::Interval(Interval { lo, hi, lo_included, hi_included })
        });
        let exact = (0..8i32).prop_map(|number| Cell::Number(f64::from(number)));
        prop_oneof![3 => exact, 3 => interval, 1 => Just(Cell::Suppressed), 1 => Just(Cell::Category("n".to_owned()))]
    }

    fn equal_plain_ones(kind: Kind, cells: Vec<Cell>) {
        let domain = JointColumn::of(kind, vec![RawColumn::cells(cells)]).domain;
        let tests = Tests::new(0, &domain);
        for code in 0..domain.len() as u32 {
            let of_numbers = [Test::AtLeast(code), Test::AtMost(code)];
            for test in of_numbers.into_iter().filter(|_| domain.is_number(code)).chain([Test::Is(code)]) {
                for _ in 0..2 {
                    assert_eq!(tests.condition(test), Condition::new(0, &domain, test), "{:?}", domain.cells());
                }
            }
        }
    }

    proptest! {
        #[test]
        fn tests_of_categories_equal_plain_ones(cells in prop::collection::vec(category(), 1..30)) {
            equal_plain_ones(Kind::Categorical, cells);
        }

        #[test]
        fn tests_of_numbers_equal_plain_ones(cells in prop::collection::vec(number(), 1..30)) {
            equal_plain_ones(Kind::Numeric, cells);
        }
    }
}
