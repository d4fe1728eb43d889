//! Exact nearest release records of a target, ties included.
//!
//! # What is found
//! The distance of two records is Gower's (1971, Biometrics 27:857), summed and not averaged over the attacker's
//! columns, in table order, in `f64` ([`GowerDistance`]). The *nearest set* of a target is every release row at a
//! distance of at most the k-th smallest, counted over rows: ties are never broken by row order.
//! Release rows that are equal on the attacker's columns are one [`Profiles`] entry with a multiplicity, so
//! a nearest set is a list of profiles.
//!
//! # How
//! All targets at once are a join of two tables, and share what they can: targets that are equal on the columns are asked
//! once, those of one signature follow each other and use the same counts, and the original's and the control's are
//! asked in one pass. Three indexes answer, and [`plan()`] chooses one by asking a few of the questions:
//!
//! * [`Scan`], the plain loop in `f64`, defines the answer;
//! * [`Signatures`], the usual choice: profiles grouped by their categorical codes, groups visited by the number of
//!   mismatches. The groups at no mismatch, and at one, are looked up; others are found by counting all mismatches,
//!   64 signatures at once. A group is searched outwards in a sorted column, or with a k-d tree. Columns that hardly
//!   repeat are posted: the few profiles that share a target's value are measured, and all others are 1 from it;
//! * [`Blocks`], when no index pays: every pair is compared, in `f32`, with the widest instructions of the processor.
//!
//! Whatever an index screens with, a profile enters the answer by its `f64` distance as the plain loop computes it;
//! property tests hold all of them equal, neighbour sets and radii, bit by bit.
//!
//! # Where generalized cells stand
//! Indexes screen with a lower bound of the distance. A column's part in it is split in two: a *whole* part that depends on
//! the target's cell and on a code of the release's cell alone, and, for numeric columns, a *gap* to a box `[lo, hi]`. An
//! exact number is a box of no width, an interval a box, a suppressed cell the whole line. Between exact cells the whole part is 0
//! or 1 and nothing is left out; missing against present is 1. A set of categories has its cost, a suppressed cell its cost
//! or, for numbers, the least that it costs any of them, and an interval nothing but its gap.
//!
//! Every index takes these two parts and assumes nothing else. Where the columns of the release have no generalized cell, and
//! for exact targets, equality of codes is a short cut: own signatures are looked up, columns are posted. Where they have some, the
//! signatures are looked up that mismatch in no column: a value and the few cells that cover it, in each column.
//! In the same way numbers without a width have trees and sorted columns, and boxes are scanned. A node of a hierarchy is a set of the
//! values it covers and needs nothing new. Targets may be generalized as release cells are.
//!
//! A release row that says nothing on the attacker's columns is no candidate: [`Profiles`] leave it out.

mod blocks;
mod boxes;
mod distance;
mod group;
pub(crate) mod kernel;
mod leave_out;
pub(crate) mod nearest;
mod one_off;
mod plan;
mod planes;
mod postings;
mod profiles;
pub(crate) mod rest;
pub(crate) mod scan;
mod search;
mod signatures;
mod tree;
mod whole;

pub use blocks::Blocks;
pub use distance::GowerDistance;
pub(crate) use distance::column_distance;
pub use leave_out::LeaveOut;
pub use nearest::Nearest;
pub use plan::{Planned, SearchPlan, Strategy, plan};
pub use postings::Postings;
pub use profiles::Profiles;
pub(crate) use profiles::packed;
pub use scan::Scan;
pub use signatures::{Effort, Signatures};

/// The largest lower bound that a profile within a radius can have. Lower bounds are computed in another order than
/// the distance of record; rounding moves them by far less than this.
#[inline]
fn reach(radius: f64) -> f64 {
    radius + 1e-9 * (1.0 + radius)
}

/// An index over the profiles of a release.
pub trait NeighborIndex: Send + Sync {
    /// A searcher with scratch memory of its own, for one thread.
    fn searcher(&self) -> Box<dyn Searcher + '_>;

    /// How far a profile is from a target: what it enters an answer by.
    fn distance(&self, target: &[u32], profile: u32) -> f64;

    /// Targets of one key share work when they follow each other.
    fn sharing_key(&self, _target: &[u32]) -> u64 {
        0
    }
}

impl<T: NeighborIndex + ?Sized> NeighborIndex for &T {
    fn searcher(&self) -> Box<dyn Searcher + '_> {
        (**self).searcher()
    }

    fn distance(&self, target: &[u32], profile: u32) -> f64 {
        (**self).distance(target, profile)
    }

    fn sharing_key(&self, target: &[u32]) -> u64 {
        (**self).sharing_key(target)
    }
}

/// Finds nearest sets, one target after the other. Targets of one sharing key should follow each other.
pub trait Searcher {
    /// Finds the nearest set of a target, given by its codes on the attacker's columns.
    ///
    /// `found` is overwritten. With more neighbours asked for than the release has rows, every profile is found.
    fn nearest(&mut self, target: &[u32], neighbors: usize, found: &mut Nearest);

    /// Finds the nearest sets of several targets and hands them on, in the order of the targets.
    fn nearest_of_each(&mut self, targets: &[&[u32]], neighbors: usize, each: &mut dyn FnMut(usize, &Nearest)) {
        let mut found = Nearest::default();
        for (at, target) in targets.iter().enumerate() {
            self.nearest(target, neighbors, &mut found);
            each(at, &found);
        }
    }
}

#[cfg(test)]
mod test;
