//! The classes of the release against the persons that they may have been made from.
//!
//! The population is the original and, where there is one, the control: all persons who are known. A person fits a class when
//! each cell of the class may be the person's value. Where the release changes values, a class may fit nobody, or fewer persons
//! than it has rows: the figures then speak of whom an intruder would take its rows for.
//!
//! # A population file
//! A register of persons, in the place of the original and without a control, is a population of its own. Its columns are what the
//! intruder knows of everybody; the intruder does not know whether somebody is in the release. With F_r the persons of the register
//! who fit a record r of the n that say anything, the intruder's guess at whom r is about is right with the chance 1/F_r. The largest
//! journalist risk is 1 / min F_r over the records that fit anybody (min F_r is k of k-map), the mean is (1/n)·Σ 1/F_r, which adds nothing
//! for a record that fits nobody and does not exist where none fits anybody. Over classes of f rows the sum is Σ f/F, as the literature has
//! it. The risks hold as far as the register has the persons whom the release is about: one who is missing makes F too small and 1/F too
//! large, and a record that fits nobody is about somebody whom the register lacks, or was changed.
//!
//! # Sources
//! Journalist and marketer risk: El Emam & Dankar 2008, JAMIA 15:627; Dankar & El Emam 2010, EDBT/ICDT workshops. k-map: Sweeney
//! 2001. Uniques of the sample that are unique in the population: Skinner & Elliot 2002, JRSS B 64:855. δ-presence: Nergiz,
//! Atzori & Clifton 2007, SIGMOD.

use super::Classes;
use super::compatible::{Profiles, Relation, TooMuch, agreeing};
use super::fraction::Fraction;
use crate::table::Tables;

/// The classes beside the population.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// Persons of the population.
    pub persons: u64,
    /// Classes that fit no person, and their rows.
    pub fitting_nobody: (u64, u64),
    /// The least number of persons that a class fits, of those that fit anybody: k of k-map.
    pub fewest: Option<u64>,
    /// Classes of one row: uniques of the release.
    pub sample_uniques: u64,
    /// How many of them fit exactly one person: uniques of the population.
    pub population_uniques: u64,
    /// The mean over the rows of one over the persons that the row's class fits, 0 where it fits nobody; `None` when no class fits
    /// anybody.
    pub mean_risk: Option<f64>,
    /// The least and the largest share of the persons of a class who have a row in the release, δ-presence: rows over the persons
    /// that the class fits, at most 1; 0 for a person whom no class fits.
    pub presence: Option<(f64, f64)>,
}

impl Population {
    /// Counts who fits the classes.
    ///
    /// # Errors
    /// When there is too much to count.
    pub fn of(tables: &Tables, classes: &Classes) -> Result<Population, TooMuch> {
        let columns = &classes.columns;
        let release = Profiles::of_release(tables, classes);
        let mut persons = Profiles::of(&tables.original, columns);
        if let Some(control) = &tables.control {
            persons = persons.and(&Profiles::of(control, columns));
        }
        let (fitting, rows_for) = rayon::join(
            || agreeing(tables, columns, &release, &persons, Relation::Covering),
            || agreeing(tables, columns, &persons, &release, Relation::Covering),
        );
        let (fitting, rows_for) = (fitting?, rows_for?);
        let pairs = || release.rows().zip(fitting.iter().copied());
        let nobody = || pairs().filter(|(_, fitting)| *fitting == 0);
        let uniques = || pairs().filter(|(rows, _)| *rows == 1);
        let some = || pairs().filter(|(_, fitting)| *fitting > 0);
        let rows: u64 = release.rows().sum();
        let found: f64 = some().map(|(rows, fitting)| rows as f64 / fitting as f64).sum();
        let present = |(rows, fitting): (u64, u64)| (rows as f64 / fitting as f64).min(1.0);
        let largest = some().map(present).reduce(f64::max);
        let least = some().map(present).reduce(f64::min);
        let somebody_fits_none = rows_for.contains(&0);
        Ok(Population {
            persons: persons.rows().sum(),
            fitting_nobody: (nobody().count() as u64, nobody().map(|(rows, _)| rows).sum()),
            fewest: some().map(|(_, fitting)| fitting).min(),
            sample_uniques: uniques().count() as u64,
            population_uniques: uniques().filter(|(_, fitting)| *fitting == 1).count() as u64,
            mean_risk: largest.map(|_| found / rows as f64),
            presence: largest
                .zip(least)
                .map(|(largest, least)| (if somebody_fits_none { 0.0 } else { least }, largest)),
        })
    }

    /// The largest journalist risk: one over the fewest persons that a class fits. `None` when no class fits anybody.
    pub fn largest_risk(&self) -> Option<Fraction> {
        self.fewest.map(|fewest| Fraction::new(1, fewest))
    }
}
