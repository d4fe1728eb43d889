//! Which columns are worth knowing: sets of growing size that expose most ([`grow`]).
//!
//! A set is judged by Σ 1/|T| over the persons of the searched half, T being the compatible records: what does without an
//! index of neighbours is cheap enough to be asked of many sets. While a size has few sets, all of them are tried, and the best of the size is found
//! exactly; of larger sizes those that grow from the best. Where cells are exact, another column refines the classes of the release, but it
//! also loses who is changed in it, so that more columns may expose fewer and no set bounds those that hold it. Ties go to the set that
//! was tried first. The price is honest: whoever was searched on is not attacked with what was found.

use super::naming::Naming;
use super::{Claims, Truth};
use crate::attack::with;
use crate::progress::{Progress, Silent};
use crate::questions::{Release, Searched};
use crate::search::{Found, grow};
use crate::table::Tables;
use crate::targets::TargetRows;

/// Finds, among some columns, the sets of growing size that expose most of the targets.
pub fn search(
    tables: &Tables,
    truth: &Truth,
    targets: &TargetRows,
    among: &[usize],
    largest: usize,
    progress: &dyn Progress,
) -> Found<Vec<usize>> {
    // Who exposes nobody knows nothing worth knowing.
    let shows = |columns: &Vec<usize>| {
        let exposed = exposed(tables, truth, targets, columns, progress);
        if exposed > 0.0 { exposed } else { f64::NEG_INFINITY }
    };
    let larger = |columns: &Vec<usize>| -> Vec<Vec<usize>> {
        let others = among.iter().filter(|column| !columns.contains(column));
        others.map(|column| with(columns, *column)).collect()
    };
    let single = among.iter().map(|column| vec![*column]).collect();
    grow(single, larger, largest, progress, shows)
}

/// How many of the targets are named by choosing at random among the records that are compatible on some columns.
fn exposed(tables: &Tables, truth: &Truth, targets: &TargetRows, columns: &[usize], progress: &dyn Progress) -> f64 {
    let profiles = Release::Anonymized.profiles(tables, columns);
    if profiles.is_empty() {
        return 0.0;
    }
    let searched = Searched::about(tables, columns, &profiles);
    let naming = Naming { truth, searched, progress: &Silent(progress) };
    let claims: Vec<_> = naming.compatible(targets).into_iter().flatten().collect();
    Claims::of(&claims).expected
}
