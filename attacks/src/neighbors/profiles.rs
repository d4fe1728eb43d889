//! Release rows that are equal on the attacker's columns, as one.

use crate::table::{Groups, Lists, Tables};
use ndarray::Array2;

/// The distinct projections of the release onto an attacker's columns, with multiplicities.
#[derive(Debug, Clone)]
pub struct Profiles {
    /// Code per profile and column, profile by profile.
    codes: Array2<u32>,
    multiplicity: Vec<u32>,
    of_row: Vec<u32>,
}

impl Profiles {
    /// Collapses the release's rows. Profiles are numbered by first occurrence.
    pub fn new(tables: &Tables, columns: &[usize]) -> Profiles {
        let release = &tables.anonymized;
        let groups = Groups::of(release.rows(), columns.iter().map(|column| release.column(*column)));
        let mut codes = Array2::zeros((groups.len(), columns.len()));
        for (at, column) in columns.iter().enumerate() {
            let cells = release.column(*column);
            for (profile, row) in groups.first.iter().enumerate() {
                codes[[profile, at]] = cells[*row as usize];
            }
        }
        Profiles { codes, multiplicity: groups.sizes(), of_row: groups.of_row }
    }

    /// Number of profiles.
    pub fn len(&self) -> usize {
        self.multiplicity.len()
    }

    /// Whether the release has no rows.
    pub fn is_empty(&self) -> bool {
        self.multiplicity.is_empty()
    }

    /// Codes of a profile on the attacker's columns.
    #[inline]
    pub fn codes(&self, profile: u32) -> &[u32] {
        let columns = self.codes.ncols();
        let start = profile as usize * columns;
        &self.codes.as_slice().expect("stored profile by profile")[start..start + columns]
    }

    /// Rows that share a profile.
    #[inline]
    pub fn multiplicity(&self, profile: u32) -> u32 {
        self.multiplicity[profile as usize]
    }

    /// Profile of each release row.
    pub fn of_row(&self) -> &[u32] {
        &self.of_row
    }

    /// Release rows of each profile.
    pub fn rows(&self) -> Lists {
        Lists::by_key(&self.of_row, self.len())
    }
}
