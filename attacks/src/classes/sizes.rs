//! The sizes of classes, and the risks that follow from the sizes alone.
//!
//! # Sources
//! k: Samarati & Sweeney 1998. Prosecutor risk, the largest 1/f and its mean over the rows: El Emam & Dankar 2008, JAMIA 15:627.
//! GB/T 42460-2023 annex D takes the mean over the classes instead, GB/T 37964-2019 annex B the mean over the rows: the
//! two are far apart where sizes are uneven (classes of 1 and 99: .505 and .02).

use super::fraction::{Fraction, Reciprocals};
use std::collections::BTreeMap;

/// How many classes there are of each size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sizes {
    classes_of: BTreeMap<u64, u64>,
}

impl FromIterator<u64> for Sizes {
    /// Collects the sizes of classes; a size of 0 is no class.
    fn from_iter<T: IntoIterator<Item = u64>>(sizes: T) -> Sizes {
        let mut found = Sizes::default();
        sizes.into_iter().filter(|size| *size > 0).for_each(|size| *found.classes_of.entry(size).or_default() += 1);
        found
    }
}

impl Sizes {
    /// Sizes, ascending, with the number of classes of each.
    pub fn histogram(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.classes_of.iter().map(|(size, classes)| (*size, *classes))
    }

    /// Number of classes.
    pub fn classes(&self) -> u64 {
        self.classes_of.values().sum()
    }

    /// Number of rows in classes.
    pub fn rows(&self) -> u64 {
        self.histogram().map(|(size, classes)| size * classes).sum()
    }

    /// The size of the smallest class: k. `None` without a class.
    pub fn smallest(&self) -> Option<u64> {
        self.classes_of.keys().next().copied()
    }

    /// Rows that are alone in their class.
    pub fn unique_rows(&self) -> u64 {
        self.classes_of.get(&1).copied().unwrap_or(0)
    }

    /// Classes of fewer rows than this: those whose 1/f is above its reciprocal.
    pub fn classes_below(&self, size: u64) -> u64 {
        self.classes_of.range(..size).map(|(_, classes)| *classes).sum()
    }

    /// Rows in classes of fewer rows than this.
    pub fn rows_below(&self, size: u64) -> u64 {
        self.classes_of.range(..size).map(|(size, classes)| size * classes).sum()
    }

    /// The largest 1/f, that of the smallest class. `None` without a class.
    pub fn largest_risk(&self) -> Option<Fraction> {
        self.smallest().map(|k| Fraction::new(1, k))
    }

    /// The mean of 1/f over the rows: classes over rows. `None` without a class.
    pub fn mean_over_rows(&self) -> Option<Fraction> {
        (self.rows() > 0).then(|| Fraction::new(self.classes(), self.rows()))
    }

    /// The sum of 1/f over the classes, which has no small denominator.
    pub(crate) fn reciprocals(&self) -> Reciprocals<'_> {
        Reciprocals::new(&self.classes_of)
    }

    /// The mean of 1/f over the classes. `None` without a class.
    pub fn mean_over_classes(&self) -> Option<f64> {
        (self.classes() > 0).then(|| self.reciprocals().value() / self.classes() as f64)
    }
}
