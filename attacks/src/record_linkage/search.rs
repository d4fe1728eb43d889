//! Which columns are worth knowing: sets of growing size, each the one before and the column that exposes most.
//!
//! A set is judged by Σ 1/|T| over the persons of the searched half, T being the compatible records: what does without an
//! index of neighbours is cheap enough to be asked of every column at every step. Ties go to the column that comes first. The price is
//! honest: whoever was searched on is not attacked with what was found.

use super::naming::Naming;
use super::{Claims, Truth};
use crate::attack::with;
use crate::questions::{Release, Searched};
use crate::table::Tables;
use crate::targets::{NoProgress, TargetRows};
use rayon::prelude::*;

/// Columns of the largest set that is searched for.
pub const LARGEST_SET: usize = 6;

/// What a search came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Sets of 1, 2, 3, … columns, each ascending; no longer than adding a column exposes anybody more.
    pub sets: Vec<Vec<usize>>,
    /// Sets that were tried.
    pub searched: usize,
}

/// Finds, among some columns, the sets of growing size that expose most of the targets.
pub fn search(tables: &Tables, truth: &Truth, targets: &TargetRows, among: &[usize], largest: usize) -> Found {
    let mut found = Found { sets: Vec::new(), searched: 0 };
    let (mut known, mut exposed) = (Vec::new(), 0.0);
    while known.len() < largest.min(among.len()) {
        let others: Vec<usize> = among.iter().copied().filter(|column| !known.contains(column)).collect();
        let tried: Vec<f64> = others
            .par_iter()
            .map(|column| {
                let columns = with(&known, *column);
                let profiles = Release::Anonymized.profiles(tables, &columns);
                if profiles.is_empty() {
                    return 0.0;
                }
                let searched = Searched::about(tables, &columns, &profiles);
                let naming = Naming { truth, searched, progress: &NoProgress };
                let claims: Vec<_> = naming.compatible(targets).into_iter().flatten().collect();
                Claims::of(&claims).expected
            })
            .collect();
        found.searched += tried.len();
        let best = tried.iter().copied().fold(0.0, f64::max);
        let at = tried.iter().position(|exposed| *exposed == best).filter(|_| best > exposed);
        let Some(at) = at else { break };
        (known, exposed) = (with(&known, others[at]), best);
        found.sets.push(known.clone());
    }
    found
}
