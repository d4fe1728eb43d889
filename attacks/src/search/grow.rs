//! The best sets of growing size.

use crate::progress::{Progress, go_on};
use rayon::prelude::*;

/// While a size has no more sets than this, all of them are tried.
pub const FEW: usize = 120;
/// Else those that grow from so many of the best sets of the size before.
pub const WIDTH: usize = 2;

/// What a search came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<S> {
    /// The best set of each size that shows more than every smaller one, the smallest first.
    pub sets: Vec<S>,
    /// Sets that were tried.
    pub searched: u64,
}

/// Tries sets of so many sizes: some `first` ones, then `larger` ones by what each of them `shows`. Of sets that show as much, the one
/// that was tried first is the better. Each size is a step of the progress, each set a unit.
pub fn grow<S: Clone + PartialEq + Send + Sync>(
    first: Vec<S>,
    larger: impl Fn(&S) -> Vec<S>,
    sizes: usize,
    progress: &dyn Progress,
    shows: impl Fn(&S) -> f64 + Sync,
) -> Found<S> {
    let mut found = Found { sets: Vec::new(), searched: 0 };
    let (mut tried, mut most) = (first, f64::NEG_INFINITY);
    for _ in 0..sizes {
        progress.begin("search", tried.len() as u64);
        let show = |set: &S| {
            go_on(progress);
            let shown = shows(set);
            progress.advance(1);
            shown
        };
        let shown: Vec<f64> = tried.par_iter().map(show).collect();
        found.searched += tried.len() as u64;
        let mut ranked: Vec<usize> = (0..tried.len()).collect();
        ranked.sort_by(|one, other| shown[*other].total_cmp(&shown[*one]));
        let Some(best) = ranked.first() else { break };
        if shown[*best] > most {
            most = shown[*best];
            found.sets.push(tried[*best].clone());
        }
        let grown = |from: &[usize]| {
            let mut sets: Vec<S> = Vec::new();
            for set in from.iter().flat_map(|at| larger(&tried[*at])) {
                if !sets.contains(&set) {
                    sets.push(set);
                }
                if from.len() > WIDTH && sets.len() > FEW {
                    return None;
                }
            }
            Some(sets)
        };
        let narrowed = || grown(&ranked[..ranked.len().min(WIDTH)]);
        tried = grown(&ranked).or_else(narrowed).unwrap_or_default();
    }
    found
}
