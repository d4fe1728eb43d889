//! Columns in which hardly two release records agree: for each code, the few profiles that hold it.

use super::{GowerDistance, Profiles};
use crate::table::Lists;

/// A column is posted when a profile finds at most this many with its own code, on average.
const FEW: u64 = 16;
/// And when it has at least this many codes: with fewer, a signature's byte is as good.
const MANY: usize = 256;

/// The profiles of each code of some columns.
pub struct Postings {
    columns: Vec<(usize, Lists)>,
}

impl Postings {
    /// Positions of the columns worth posting: categories that hardly repeat, none of them generalized.
    pub fn columns(profiles: &Profiles<'_>, distance: &GowerDistance<'_>) -> Vec<usize> {
        let is_worth = |at: &usize| {
            let domain = distance.domains()[*at];
            if domain.kind().is_numeric() || domain.has_generalized() || domain.len() < MANY {
                return false;
            }
            let mut sizes = vec![0u64; domain.len()];
            for code in profiles.column(*at) {
                sizes[*code as usize] += 1;
            }
            let distinct = sizes.iter().filter(|size| **size > 0).count();
            distinct >= MANY && sizes.iter().map(|size| size * size).sum::<u64>() <= FEW * profiles.len() as u64
        };
        (0..distance.domains().len()).filter(is_worth).collect()
    }

    /// Posts these columns.
    pub(super) fn new(profiles: &Profiles<'_>, distance: &GowerDistance<'_>, posted: &[usize]) -> Postings {
        let list = |at: &usize| (*at, Lists::by_key(profiles.column(*at), distance.domains()[*at].len()));
        Postings { columns: posted.iter().map(list).collect() }
    }

    /// Number of posted columns.
    pub(super) fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether a column is posted, by its position among the attacker's columns.
    pub(super) fn has(&self, at: usize) -> bool {
        self.columns.iter().any(|(posted, _)| *posted == at)
    }

    /// Adds the profiles that share a code with the target, ascending, each once.
    pub(super) fn find(&self, target: &[u32], found: &mut Vec<u32>) {
        for (at, lists) in &self.columns {
            found.extend_from_slice(lists.of(target[*at]));
        }
        if self.columns.len() > 1 {
            found.sort_unstable();
            found.dedup();
        }
    }
}
