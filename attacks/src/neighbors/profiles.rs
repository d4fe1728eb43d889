//! Release rows that are equal on the attacker's columns, as one.

use crate::table::{Groups, Lists, Tables};
use ndarray::Array2;
use rayon::prelude::*;

/// Profiles that one task copies.
const CHUNK: usize = 8192;

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
        let cells: Vec<&[u32]> = columns.iter().map(|column| release.column(*column)).collect();
        let groups = Groups::of(release.rows(), cells.iter().copied());
        let mut codes = vec![0; groups.len() * cells.len()];
        let of_profiles = codes.par_chunks_mut(CHUNK * cells.len().max(1)).zip(groups.first.par_chunks(CHUNK));
        of_profiles.for_each(|(codes, rows)| {
            for (codes, row) in codes.chunks_exact_mut(cells.len().max(1)).zip(rows) {
                for (code, cells) in codes.iter_mut().zip(&cells) {
                    *code = cells[*row as usize];
                }
            }
        });
        let codes = Array2::from_shape_vec((groups.len(), cells.len()), codes).expect("a code per profile and column");
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

    /// Whether any profile's code in one of the attacker's columns is wanted.
    pub fn any(&self, at: usize, is_wanted: impl Fn(u32) -> bool) -> bool {
        self.codes.column(at).iter().any(|code| is_wanted(*code))
    }

    /// Codes of one of the attacker's columns, profile by profile.
    pub fn column(&self, at: usize) -> Vec<u32> {
        self.codes.column(at).to_vec()
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
