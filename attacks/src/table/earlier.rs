//! Earlier releases of the same persons, beside the latest one.

use super::{Lists, Tables};

/// An earlier release, read together with the same original and control.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// The original, the earlier release and the control. Rows of the original and the control are those of the latest release's tables;
    /// the dictionaries are its own, so that nothing that stands in it changes any other figure.
    pub tables: Tables,
    /// Of each column of the latest release's tables, its position in these.
    pub columns: Vec<Option<usize>>,
    /// Which records of the two releases can be of one person.
    pub links: Links,
}

/// Which records of two releases can be of one person, as anybody can tell who has both.
///
/// Rows that are equal on all columns that the releases are compared by are one profile; a row that says nothing on them is in none
/// ([`LEFT_OUT`](super::LEFT_OUT)).
#[derive(Debug, Clone)]
pub struct Links {
    /// Profile of each row of the latest release.
    pub latest: Vec<u32>,
    /// Profile of each row of the earlier one.
    pub earlier: Vec<u32>,
    /// Of each profile of the latest release, those of the earlier one that are compatible with it, ascending.
    pub partners: Lists,
    /// How many the profiles of the earlier release are.
    pub profiles: usize,
}
