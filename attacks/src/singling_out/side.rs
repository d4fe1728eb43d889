//! The release's columns as predicates see them.

use super::maxima::Number;
use crate::table::{Cell, Domain, Groups, MISSING};

/// One column of the distinct release rows, as predicates see it.
pub(super) struct Side {
    /// What two rows must share to match each other: the category, the side of the median, that both are missing.
    pub class: Vec<u32>,
    /// One past the largest class.
    pub classes: usize,
    /// How far out a number lies on its side; 0 for anything that is no number. Empty in a column of categories.
    pub extremeness: Vec<u32>,
    /// The logarithm of the share of rows on its side that lie no farther out; 0 for anything that is no number. Empty in a
    /// column of categories.
    pub strengths: Vec<f32>,
    /// Whether the column holds numbers.
    pub numeric: bool,
    /// Whether any row is generalized.
    pub generalized: bool,
}

/// Classes of numbers: up to the median and above it.
const LOW: u32 = 1;
pub(super) const HIGH: u32 = 2;
/// Texts among numbers and generalized cells, each a class of its own.
const FIRST_OTHER: u32 = 3;

impl Side {
    /// A column of the release.
    pub fn new(domain: &Domain, release: &[u32], distinct: &Groups) -> Side {
        let numeric = domain.kind().is_numeric();
        let codes = || distinct.first.iter().map(|row| release[*row as usize]);
        let generalized = domain.has_generalized() && codes().any(|code| !domain.is_exact(code));
        if !numeric {
            let (extremeness, strengths) = (Vec::new(), Vec::new());
            return Side {
                class: codes().collect(),
                classes: domain.len(),
                extremeness,
                strengths,
                numeric,
                generalized,
            };
        }
        let end = domain.number_codes().end;
        let mut rows_of = vec![0; domain.len()];
        release.iter().for_each(|code| rows_of[*code as usize] += 1);
        let median = median(domain, &rows_of);
        let class_of = |code: u32| match domain.cell(code) {
            Cell::Missing => MISSING,
            Cell::Number(value) if *value > median => HIGH,
            Cell::Number(_) => LOW,
            _ => code - end + FIRST_OTHER,
        };
        let classes: Vec<u32> = (0..domain.len() as u32).map(class_of).collect();
        let extremeness_of = |code: u32| match classes[code as usize] {
            HIGH => code,
            LOW => end - code,
            _ => 0,
        };
        Side {
            class: codes().map(|code| classes[code as usize]).collect(),
            classes: FIRST_OTHER as usize + domain.len() - end as usize,
            extremeness: codes().map(extremeness_of).collect(),
            strengths: {
                let strengths = strengths(domain, &classes, &rows_of);
                codes().map(|code| strengths[code as usize]).collect()
            },
            numeric,
            generalized,
        }
    }

    /// What strict maxima are looked for in; `None` in a column of categories.
    pub fn number(&self) -> Option<Number<'_>> {
        self.numeric.then_some(Number { values: &self.extremeness, strengths: &self.strengths })
    }
}

/// The strength of each code.
fn strengths(domain: &Domain, classes: &[u32], rows_of: &[usize]) -> Vec<f32> {
    let mut strengths = vec![0.0; domain.len()];
    let mut along = |codes: &mut dyn Iterator<Item = u32>, side: u32| {
        let of_side: Vec<u32> = codes.filter(|code| classes[*code as usize] == side).collect();
        let all: usize = of_side.iter().map(|code| rows_of[*code as usize]).sum();
        let mut seen = 0;
        for code in of_side {
            seen += rows_of[code as usize];
            strengths[code as usize] = (seen.max(1) as f32 / all.max(1) as f32).ln();
        }
    };
    along(&mut domain.number_codes(), HIGH);
    along(&mut domain.number_codes().rev(), LOW);
    strengths
}

/// The median of exact numbers, of each of which there are so many; NaN without any.
fn median(domain: &Domain, rows_of: &[usize]) -> f64 {
    let present: usize = domain.number_codes().map(|code| rows_of[code as usize]).sum();
    if present == 0 {
        return f64::NAN;
    }
    let at_rank = |rank: usize| {
        let mut seen = 0;
        let found = domain.number_codes().find(|code| {
            seen += rows_of[*code as usize];
            seen > rank
        });
        domain.number(found.unwrap_or(MISSING))
    };
    at_rank((present - 1) / 2) / 2.0 + at_rank(present / 2) / 2.0
}
