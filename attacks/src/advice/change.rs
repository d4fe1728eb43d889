//! Changes of a release, and the release after them.

use super::Levels;
use super::calendar::{Unit, span};
use crate::AttackError;
use crate::table::{Cell, Domain, Interval, RawColumn, Tables, TablesBuilder};

/// A change of the release. Nothing else of the tables is touched.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A column is not released.
    Drop {
        /// The column.
        column: usize,
    },
    /// Numbers are released as bands [origin + i·width, origin + (i + 1)·width).
    Bands {
        /// The column.
        column: usize,
        /// Where a band begins.
        origin: f64,
        /// How wide bands are.
        width: f64,
    },
    /// Dates or times are released as months or years.
    Calendar {
        /// The column.
        column: usize,
        /// Months or years.
        unit: Unit,
    },
    /// Each cell is released as the smallest node of a hierarchy that covers more than it does.
    Level {
        /// The column.
        column: usize,
        /// The hierarchy.
        levels: Levels,
    },
    /// Numbers from one on are released as "that or more".
    TopCode {
        /// The column.
        column: usize,
        /// The first that is not released as it is.
        from: f64,
    },
    /// The records that are the nearest to the most exposed persons, or theirs where that is known, are not released.
    Suppress {
        /// How many persons.
        persons: usize,
        /// The rows of the release, ascending.
        rows: Vec<u32>,
    },
}

impl Change {
    /// The column that is changed.
    pub fn column(&self) -> Option<usize> {
        match self {
            Change::Drop { column }
            | Change::Bands { column, .. }
            | Change::Calendar { column, .. }
            | Change::Level { column, .. }
            | Change::TopCode { column, .. } => Some(*column),
            Change::Suppress { .. } => None,
        }
    }

    /// The release's cell after the change.
    pub(super) fn cell(&self, domain: &Domain, cell: &Cell) -> Cell {
        match (self, cell) {
            (Change::Drop { .. }, _) => Cell::Suppressed,
            (Change::Bands { origin, width, .. }, _) => {
                let band = |number: f64| {
                    let lo = origin + ((number - origin) / width).floor() * width;
                    half_open(lo, lo + width)
                };
                wider(cell, band)
            }
            (Change::Calendar { unit, .. }, _) => wider(cell, |number| span(domain.kind(), *unit, number)),
            (Change::TopCode { from, .. }, Cell::Number(number)) if number >= from => more_than(*from),
            (Change::TopCode { from, .. }, Cell::Interval(interval)) if interval.lo >= *from => more_than(*from),
            (Change::Level { levels, .. }, _) => levels.above(cell).unwrap_or(cell).clone(),
            _ => cell.clone(),
        }
    }

    /// The tables with the changed release. A column that is dropped stays, fully suppressed.
    ///
    /// # Errors
    /// When no row is left of the release.
    pub fn apply(&self, tables: &Tables) -> Result<Tables, AttackError> {
        let kept: Option<Vec<u32>> = match self {
            Change::Suppress { rows, .. } => {
                Some((0..tables.anonymized.rows() as u32).filter(|row| rows.binary_search(row).is_err()).collect())
            }
            _ => None,
        };
        let of_kept = |codes: &[u32]| -> Vec<u32> {
            match &kept {
                Some(kept) => kept.iter().map(|row| codes[*row as usize]).collect(),
                None => codes.to_vec(),
            }
        };
        let released = kept.as_ref().map_or(tables.anonymized.rows(), Vec::len);
        let controls = tables.control.as_ref();
        let mut builder = TablesBuilder::new(tables.original.rows(), released, controls.map(|control| control.rows()));
        for (at, column) in tables.columns.iter().enumerate() {
            let domain = &column.domain;
            let own = |codes: &[u32]| RawColumn::of_codes(domain, codes, Cell::clone);
            let codes = of_kept(tables.anonymized.column(at));
            let changed = match self.column() == Some(at) {
                true => RawColumn::of_codes(domain, &codes, |cell| self.cell(domain, cell)),
                false => own(&codes),
            };
            let control = controls.map(|control| own(control.column(at)));
            builder.add(&column.name, domain.kind(), own(tables.original.column(at)), changed, control)?;
        }
        if let Some(subjects) = &tables.original.subjects {
            builder.subjects(subjects.clone(), controls.and_then(|control| control.subjects.clone()));
        }
        if let (Some(original), Some(released)) = (&tables.original.records, &tables.anonymized.records) {
            builder.records(original.clone(), of_kept(released));
        }
        Ok(builder.finish())
    }
}

fn half_open(lo: f64, hi: f64) -> Interval {
    Interval { lo, hi, lo_included: true, hi_included: false }
}

fn more_than(from: f64) -> Cell {
    Cell::Interval(half_open(from, f64::INFINITY))
}

/// What covers a number, or an interval that lies within what covers its lower end; anything else stays.
fn wider(cell: &Cell, of_number: impl Fn(f64) -> Interval) -> Cell {
    match cell {
        Cell::Number(number) => Cell::Interval(of_number(*number)),
        Cell::Interval(own) if own.lo.is_finite() => {
            let wide = of_number(own.lo);
            if own.hi < wide.hi || (own.hi == wide.hi && !own.hi_included) {
                Cell::Interval(wide)
            } else {
                cell.clone()
            }
        }
        _ => cell.clone(),
    }
}
