//! Equivalence classes: how many release rows are equal on the quasi-identifiers, and what follows from it.
//!
//! No attacker is played here. A class is a set of release rows that hold the same cells in all quasi-identifiers; whoever
//! knows a person's quasi-identifiers cannot tell the rows of that person's class apart (Samarati & Sweeney 1998, k-anonymity;
//! Samarati 2001, IEEE TKDE 13:1010).
//!
//! * [`sizes`]: the sizes of the classes, k, and the risks that are functions of the sizes,
//! * [`diversity`]: how many values of a sensitive column a class holds (l-diversity),
//! * [`closeness`]: how far a class's values of a sensitive column are from those of all rows (t-closeness),
//! * [`population`]: the classes against the persons they were made from: k-map, journalist risk, δ-presence,
//! * [`gbt42460`]: the risk and the level of GB/T 42460-2023,
//! * [`compatible`]: which rows of one table agree with which of another, suppressed and generalized cells included.
//!
//! # Suppressed cells
//! Tools differ in what `*` is, and so do their figures on one release. [`Suppression`] names three conventions. Rows that are
//! suppressed in every quasi-identifier say nothing of anybody: counting them as a class lets one such row set k to 1, and
//! counting them as everybody's match lets many of them hide a unique person. They are left out by default, so that adding them
//! changes no figure.

pub mod closeness;
pub mod compatible;
pub mod diversity;
mod fraction;
pub mod gbt42460;
pub mod population;
pub mod sizes;

#[cfg(test)]
mod test;

pub use fraction::Fraction;

use crate::table::{Cell, Groups, LEFT_OUT, Tables};
use closeness::Closeness;
use compatible::{Relation, TooMuch};
use diversity::{Diversity, ValuesOfClasses};
use rayon::prelude::*;
use sizes::Sizes;

/// What a suppressed cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Suppression {
    /// A value like any other, and rows that are suppressed in every quasi-identifier are left out.
    LeftOut,
    /// A value like any other, so that suppressed rows are a class of their own: as pyCANON counts, and ARX a suppressed
    /// output record.
    Class,
    /// Equal to every value: as sdcMicro counts (`freqCalc`), and ARX in its wildcard model of sample risks.
    Wildcard,
}

/// The release rows, grouped by the quasi-identifiers.
#[derive(Debug, Clone)]
pub struct Classes {
    /// Class of each row; [`LEFT_OUT`] for rows that say nothing, where those are left out.
    pub groups: Groups,
    /// Positions of the quasi-identifiers.
    pub columns: Vec<usize>,
    /// How many rows say nothing on any quasi-identifier.
    pub suppressed_rows: u64,
}

impl Classes {
    /// Groups the release by some of its columns. Suppressed cells are values here; with `left_out`, rows of nothing else are in
    /// no class. A column that is suppressed in all rows tells no row from another, and does not count.
    pub fn of(tables: &Tables, columns: &[usize], left_out: bool) -> Classes {
        let table = &tables.anonymized;
        let mut groups = Groups::of(table.rows(), columns.iter().map(|column| table.column(*column)));
        let is_suppressed = |column: usize, row: usize| {
            *tables.columns[column].domain.cell(table.column(column)[row]) == Cell::Suppressed
        };
        let telling: Vec<usize> = columns
            .iter()
            .copied()
            .filter(|column| groups.first.iter().any(|row| !is_suppressed(*column, *row as usize)))
            .collect();
        let says_nothing = |row: usize| telling.iter().all(|column| is_suppressed(*column, row)) && !telling.is_empty();
        let nothing: Vec<bool> = groups.first.iter().map(|row| says_nothing(*row as usize)).collect();
        let sizes = groups.sizes();
        let suppressed_rows =
            sizes.iter().zip(&nothing).filter(|(_, nothing)| **nothing).map(|(size, _)| u64::from(*size)).sum();
        if left_out {
            groups.retain(|group| !nothing[group as usize]);
        }
        Classes { groups, columns: columns.to_vec(), suppressed_rows }
    }

    /// Rows of each class.
    pub fn class_sizes(&self) -> Vec<u32> {
        self.groups.sizes()
    }

    /// How many classes there are of each size.
    pub fn sizes(&self) -> Sizes {
        self.groups.sizes().into_iter().map(u64::from).collect()
    }

    /// Rows that are in a class.
    pub fn rows(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        self.groups.of_row.iter().enumerate().filter(|(_, class)| **class != LEFT_OUT).map(|(row, class)| (row, *class))
    }
}

/// The diversity and the closeness of columns within classes, in their order; each column is given as a code per release row. `None` without
/// a class.
pub fn of_columns(classes: &Classes, columns: &[&[u32]]) -> Vec<Option<(Diversity, Closeness)>> {
    let of_column = |values: &&[u32]| {
        let values = ValuesOfClasses::of(classes, values);
        diversity::diversity(&values).zip(closeness::closeness(&values))
    };
    columns.par_iter().map(of_column).collect()
}

/// How many rows of the release agree with each row, suppressed cells being equal to every value: one entry per class of
/// [`Classes`] over all rows, with the number of its own rows and of those that agree with them.
///
/// # Errors
/// When there is too much to count.
pub fn with_wildcards(tables: &Tables, classes: &Classes) -> Result<Vec<(u64, u64)>, TooMuch> {
    let own = compatible::Profiles::of_release(tables, classes);
    let agreeing = compatible::agreeing(tables, &classes.columns, &own, &own, Relation::EqualOrSuppressed)?;
    Ok(own.rows().zip(agreeing).collect())
}
