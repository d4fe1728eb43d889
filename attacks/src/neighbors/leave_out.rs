//! The nearest set that is left when some rows of the release are taken out.
//!
//! A person is looked for among everybody else: in the original, without the person's own rows. The index over all rows is asked for
//! as many more rows as are left out, and what it finds is looked through once more.
//!
//! # Why nothing is lost
//! Let r rows be left out, and R be the (k + r)-th smallest distance over all rows. Of the first k + r rows at most r are left
//! out, so at least k others are within R, and the k-th smallest distance over the others is at most R. Every row of the
//! answer is therefore in the set that the index finds, which holds all rows within R, ties included.

use super::nearest::Collector;
use super::{Nearest, NeighborIndex, Profiles};

/// Takes rows out of nearest sets, with memory that is used again.
#[derive(Debug, Default)]
pub struct LeaveOut {
    collector: Collector,
    found: Nearest,
}

impl LeaveOut {
    /// The nearest set of `neighbors` rows without some rows, given by their profiles, a profile once for each of them. `nearest`
    /// must be the set of as many more neighbours.
    ///
    /// A profile stays in the set while a row of it is left.
    pub fn without(
        &mut self,
        index: &dyn NeighborIndex,
        profiles: &Profiles<'_>,
        target: &[u32],
        neighbors: usize,
        nearest: &Nearest,
        left_out: &[u32],
    ) -> &Nearest {
        self.collector.start(neighbors);
        for profile in &nearest.profiles {
            let gone = left_out.iter().filter(|left_out| *left_out == profile).count() as u32;
            let rows = profiles.multiplicity(*profile) - gone;
            if rows > 0 {
                self.collector.push(index.distance(target, *profile), *profile, || rows);
            }
        }
        self.collector.finish(&mut self.found);
        &self.found
    }
}
