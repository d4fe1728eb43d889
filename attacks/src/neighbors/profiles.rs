//! Release rows that are equal on the attacker's columns, as one.

use crate::table::{Domain, Groups, LEFT_OUT, Lists, Table, Tables, print_of};
use ndarray::Array2;
use rayon::prelude::*;
use std::borrow::Cow;

/// Profiles that one task copies.
const CHUNK: usize = 2048;

/// The distinct projections of the release's candidate rows onto an attacker's columns, with multiplicities.
#[derive(Debug, Clone)]
pub struct Profiles<'t> {
    /// Code per profile and column, profile by profile: what a distance needs lies together.
    codes: Array2<u32>,
    /// The same column by column, as what looks at one column after the other wants it.
    columns: Vec<Cow<'t, [u32]>>,
    multiplicity: Vec<u32>,
    of_row: Vec<u32>,
}

impl<'t> Profiles<'t> {
    /// Collapses the release's rows. Profiles are numbered by first occurrence.
    pub fn new(tables: &'t Tables, columns: &[usize]) -> Profiles<'t> {
        Profiles::over(tables, &tables.anonymized, columns)
    }

    /// Collapses the rows of one of the tables, taken as the release.
    ///
    /// Rows that may be anybody, as far as these columns tell, are no candidates for an answer and in no profile: those whose
    /// cells all cover whatever their columns hold, unless every cell is exact.
    pub fn over(tables: &Tables, release: &'t Table, columns: &[usize]) -> Profiles<'t> {
        let cells: Vec<&[u32]> = columns.iter().map(|column| release.column(*column)).collect();
        let mut groups = Groups::of(release.rows(), cells.iter().copied());
        let domains = || columns.iter().map(|column| &tables.columns[*column].domain);
        if domains().any(Domain::has_generalized) {
            let candidates: Vec<bool> = groups
                .first
                .iter()
                .map(|row| {
                    let codes = || domains().zip(&cells).map(|(domain, cells)| (domain, cells[*row as usize]));
                    codes().all(|(domain, code)| domain.is_exact(code))
                        || !codes().all(|(domain, code)| domain.says_nothing(code))
                })
                .collect();
            groups.retain(|group| candidates[group as usize]);
        }
        let columns = cells.into_par_iter().map(|cells| match groups.len() == cells.len() {
            // No two rows are equal, so that every row is a profile.
            true => Cow::Borrowed(cells),
            false => Cow::Owned(groups.first.iter().map(|row| cells[*row as usize]).collect()),
        });
        let columns: Vec<Cow<'_, [u32]>> = columns.collect();
        Profiles {
            codes: by_profile(&columns, groups.len()),
            columns,
            multiplicity: groups.sizes(),
            of_row: groups.of_row,
        }
    }

    /// The same profiles, numbered in the order of their codes, of the columns with the fewest cells first: who looks for those that agree in these
    /// columns finds them one after the other.
    pub fn in_order(self, domains: &[&Domain]) -> Profiles<'t> {
        let mut sorted_by: Vec<usize> = (0..domains.len()).collect();
        sorted_by.sort_by_key(|at| domains[*at].len());
        let key = |profile: u32| {
            let cells = sorted_by.iter().map(|at| (self.columns[*at][profile as usize], domains[*at].len()));
            (packed(cells), profile)
        };
        let mut keyed: Vec<(u128, u32)> = (0..self.len() as u32).into_par_iter().map(key).collect();
        keyed.par_sort_unstable();
        let order: Vec<u32> = keyed.into_iter().map(|(_, profile)| profile).collect();
        let mut number = vec![0; order.len()];
        order.iter().enumerate().for_each(|(at, profile)| number[*profile as usize] = at as u32);
        let of_row = self.of_row.iter().map(|profile| number.get(*profile as usize).copied().unwrap_or(LEFT_OUT));
        let of_row = of_row.collect();
        let in_order = |of_profile: &[u32]| order.par_iter().map(|profile| of_profile[*profile as usize]).collect();
        let multiplicity = in_order(&self.multiplicity);
        let columns: Vec<Cow<'t, [u32]>> = self.columns.iter().map(|column| Cow::Owned(in_order(column))).collect();
        Profiles { codes: by_profile(&columns, order.len()), columns, multiplicity, of_row }
    }

    /// The same profiles, each as if one row had it.
    pub fn distinct(self) -> Profiles<'t> {
        Profiles { multiplicity: vec![1; self.multiplicity.len()], ..self }
    }

    /// Number of profiles.
    pub fn len(&self) -> usize {
        self.multiplicity.len()
    }

    /// Whether no row of the release is a candidate.
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

    /// A fingerprint of each profile, by its codes: unlike its number, it does not depend on the order of the rows.
    pub(crate) fn prints(&self) -> Vec<u64> {
        (0..self.len() as u32).into_par_iter().map(|profile| print_of(self.codes(profile).iter().copied())).collect()
    }

    /// Codes of one of the attacker's columns, profile by profile.
    pub fn column(&self, at: usize) -> &[u32] {
        &self.columns[at]
    }

    /// Whether one of the attacker's columns, whose dictionary is given, holds nothing but exact numbers.
    pub fn has_only_numbers(&self, at: usize, domain: &Domain) -> bool {
        self.columns[at].iter().all(|code| domain.is_number(*code))
    }

    /// Rows that share a profile.
    #[inline]
    pub fn multiplicity(&self, profile: u32) -> u32 {
        self.multiplicity[profile as usize]
    }

    /// Profile of each release row; [`LEFT_OUT`](crate::table::LEFT_OUT) of those that are no candidates.
    pub fn of_row(&self) -> &[u32] {
        &self.of_row
    }

    /// Release rows of each profile.
    pub fn rows(&self) -> Lists {
        Lists::by_key(&self.of_row, self.len())
    }
}

/// A number that orders records as their codes do, column by column, as far as 128 bits go; each code comes with how many there are at the most.
pub(crate) fn packed(codes: impl Iterator<Item = (u32, usize)>) -> u128 {
    let (mut key, mut bits) = (0u128, u128::BITS);
    for (code, of) in codes {
        let width = u32::BITS - (of as u32).leading_zeros();
        if width > bits {
            break;
        }
        bits -= width;
        key |= u128::from(code) << bits;
    }
    key
}

/// Codes that are given column by column, profile by profile.
fn by_profile(columns: &[Cow<'_, [u32]>], profiles: usize) -> Array2<u32> {
    let width = columns.len().max(1);
    let mut codes = vec![0; profiles * columns.len()];
    codes.par_chunks_mut(CHUNK * width).enumerate().for_each(|(chunk, codes)| {
        for (at, column) in columns.iter().enumerate() {
            let slots = codes[at..].iter_mut().step_by(width);
            slots.zip(&column[chunk * CHUNK..]).for_each(|(slot, code)| *slot = *code);
        }
    });
    Array2::from_shape_vec((profiles, columns.len()), codes).expect("a code per profile and column")
}
