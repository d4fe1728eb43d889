//! What generalized cells cover, and what a release cell that covers several values costs a target.
//!
//! # The cost of a cell
//! A cell that may be many values is near to everybody, and says little about anybody. It costs a target what a random
//! value of the column would, as far as the cell covers it (METHOD section 3a): with q the distribution of the column's values
//! over the three tables and d the distance of two values in this column,
//!
//! * a cell c that is compatible with the target v costs Σ_{x in c} q(x)·d(v, x): next to nothing for a narrow band,
//!   q(c) − q(v) for a set, the mean distance of a random row for the suppressed cell;
//! * a cell that is not costs the mean of d(v, x) over the values x that it covers, which is at least its gap: 1 for a set,
//!   the difference of the numbers for a band that holds one number only.
//!
//! A cell that covers one value thus costs what the value does, whether it is written as a value, a band or a set.
//!
//! # Targets that are generalized themselves
//! d(t, x) of a target t that is a band is the gap from the band to x, and 0 for all that it holds; of a set, 0 for its members and
//! else 1. Two bands are compatible when they overlap, two sets when they share a value. A target's suppressed
//! cell is not known and costs 0 whatever the release says.
//!
//! # Whose values count
//! q counts the exact values of all three tables, missing and each text among numbers as a value of its own, at distance 1 from
//! all others. A band of the original or the control counts as
//! its middle (its finite end, when the other is open), a set as an equal part of each member: where nothing is exact, they are
//! all that is known of the values. Generalized cells of the release count nothing, so that rows that say nothing change nothing.
//!
//! All sums run over the values in ascending order, once; costs are differences of those sums, so that a cost does not
//! depend on the order of rows nor on who asks.

use super::categories::Categories;
use super::numbers::Numbers;
use super::{Cell, Domain, MISSING};
use std::ops::Range;

/// What the cells of a column cover.
#[derive(Debug, Clone)]
pub struct Coverage {
    values: Values,
    /// Rows that count.
    rows: f64,
    /// Rows of what is equal to itself only: missing first, then each text among numbers.
    apart: Vec<f64>,
    texts: Range<u32>,
    /// Code of the suppressed cell; `u32::MAX` without one.
    suppressed: u32,
}

#[derive(Debug, Clone)]
enum Values {
    Numbers(Numbers),
    Categories(Categories),
}

/// Rows of each code: in all tables, and in the original and the control only.
pub(crate) struct Counts {
    pub all: Vec<u64>,
    pub persons: Vec<u64>,
}

impl Counts {
    /// Counts the codes of the release and of the other tables.
    pub fn new<'a>(codes: usize, release: &[u32], persons: impl IntoIterator<Item = &'a [u32]>) -> Counts {
        let mut of_persons = vec![0; codes];
        persons.into_iter().flatten().for_each(|code| of_persons[*code as usize] += 1);
        let mut all = of_persons.clone();
        release.iter().for_each(|code| all[*code as usize] += 1);
        Counts { all, persons: of_persons }
    }
}

impl Coverage {
    pub(super) fn new(domain: &Domain, counts: &Counts) -> Coverage {
        let values = match domain.kind().is_numeric() {
            true => Values::Numbers(Numbers::new(domain, counts)),
            false => Values::Categories(Categories::new(domain, counts)),
        };
        let texts = match domain.kind().is_numeric() {
            true => domain.number_codes().end..domain.exact_codes().end,
            false => 0..0,
        };
        let apart: Vec<f64> =
            std::iter::once(MISSING).chain(texts.clone()).map(|code| counts.all[code as usize] as f64).collect();
        let present = match &values {
            Values::Numbers(numbers) => numbers.rows(),
            Values::Categories(categories) => categories.rows(),
        };
        let last = domain.len() as u32 - 1;
        let suppressed = if *domain.cell(last) == Cell::Suppressed { last } else { u32::MAX };
        Coverage { values, rows: present + apart.iter().sum::<f64>(), apart, texts, suppressed }
    }

    /// What a release cell costs a target, of which at least one is generalized.
    pub(crate) fn cost(&self, target: u32, release: u32) -> f64 {
        if target == self.suppressed {
            return 0.0;
        }
        if release == self.suppressed {
            let cost = match (self.rows_apart(target), &self.values) {
                (Some(rows), _) => self.rows - rows,
                (None, Values::Numbers(numbers)) => numbers.sum_of_all_gaps(target) + self.all_apart(),
                (None, Values::Categories(categories)) => self.rows - categories.rows_of(target),
            };
            return cost.max(0.0) / self.rows.max(1.0);
        }
        match &self.values {
            _ if self.rows_apart(target).is_some() || self.rows_apart(release).is_some() => {
                f64::from(u8::from(target != release))
            }
            Values::Numbers(numbers) => numbers.cost(target, release, self.rows),
            Values::Categories(categories) => categories.cost(target, release, self.rows),
        }
    }

    /// Hands on all other cells that can be of one person with a cell of the column, each once.
    pub(crate) fn each_compatible(&self, domain: &Domain, code: u32, found: &mut impl FnMut(u32)) {
        if code == self.suppressed {
            (MISSING..code).for_each(found);
            return;
        }
        match &self.values {
            _ if self.rows_apart(code).is_some() => {}
            Values::Numbers(numbers) => numbers.each_meeting(domain, code, found),
            Values::Categories(categories) => categories.each_meeting(code, found),
        }
        if self.suppressed != u32::MAX {
            found(self.suppressed);
        }
    }

    /// Rows of what is equal to itself only; `None` of a code that can be near to others.
    fn rows_apart(&self, code: u32) -> Option<f64> {
        match code {
            MISSING => Some(self.apart[0]),
            code if self.texts.contains(&code) => Some(self.apart[(code - self.texts.start) as usize + 1]),
            _ => None,
        }
    }

    fn all_apart(&self) -> f64 {
        self.apart.iter().sum()
    }

    /// The least that a suppressed release cell costs a target that is a number or a band.
    pub(crate) fn least_of_suppressed(&self) -> f64 {
        match &self.values {
            Values::Numbers(numbers) => (numbers.least_sum_of_gaps() + self.all_apart()) / self.rows.max(1.0),
            Values::Categories(_) => 0.0,
        }
    }

    /// Whether a cell may be any value that the column has: nothing is learnt from it.
    pub(crate) fn says_nothing(&self, code: u32) -> bool {
        if code == self.suppressed {
            return true;
        }
        if let Some(rows) = self.rows_apart(code) {
            return rows == self.rows;
        }
        match &self.values {
            Values::Numbers(numbers) => numbers.says_nothing(code, self.all_apart() > 0.0),
            Values::Categories(categories) => categories.says_nothing(code, self.all_apart() > 0.0),
        }
    }

    /// The numbers of a numeric column.
    pub(crate) fn numbers(&self) -> Option<&Numbers> {
        match &self.values {
            Values::Numbers(numbers) => Some(numbers),
            Values::Categories(_) => None,
        }
    }

    /// The categories of a column of categories.
    pub(crate) fn categories(&self) -> Option<&Categories> {
        match &self.values {
            Values::Numbers(_) => None,
            Values::Categories(categories) => Some(categories),
        }
    }
}
