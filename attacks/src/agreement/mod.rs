//! Weighted agreement: the release records that agree with a target on most that is rare.
//!
//! # What is found
//! Every column adds a *gain* to a record's score ([`Weights`]); the answer to a target is the set of profiles whose score is
//! the largest, ties included. In the terms of Fellegi & Sunter (1969, Journal of the American Statistical Association
//! 64:1183), with weights by the value's own frequency (Winkler 1988, Proceedings of the Section on Survey Research
//! Methods, 667), in natural logarithms:
//!
//! * the same exact cell, missing included: −ln q, where q is the share of the cell among the exact cells of the column over
//!   the original, the release and the control;
//! * a release cell that covers the target's value (an interval, a set, a mask): −ln q, with q the sum over what it covers;
//! * a suppressed cell: 0;
//! * disagreement: −λ, the column's own, from how often records that belong together disagree ([`Disagreement`]).
//!
//! Numbers agree when they are equal, or within the interval. Records whose cells all say nothing on the attacker's columns
//! are no candidates, and rows that are equal on them are one profile ([`Profiles`](crate::neighbors::Profiles)). Where more than one
//! neighbour is asked for, the answer is every row whose score is at least the k-th largest.
//!
//! # Ties
//! λ is added to what every cell but a disagreeing one gives, which moves all scores of a target by the same amount: so a
//! gain is −ln q + λ for agreement, λ for a suppressed cell and 0 for disagreement. Gains are rounded to whole multiples of
//! 2⁻¹⁶ (of a larger power of two where so many columns are known that a sum would need more than 31 bits), and scores are sums of whole
//! numbers: they tie exactly when they are equal, in whatever order they are added up. As a distance, a record is as far as its
//! score is below that of a record that is equal to the target.
//!
//! # How
//! Maxima are found by branch and bound ([`Agreement`]); the plain loop ([`Scan`]) defines the answer, and property tests hold
//! both equal.

mod disagreement;
mod plan;
mod records;
mod sample;
mod scan;
mod search;
mod sums;
mod weights;

pub use disagreement::Disagreement;
pub use plan::{AgreementPlan, Planned, plan, plan_under};
pub use records::Records;
pub use sample::Sample;
pub use scan::Scan;
pub use search::Agreement;
pub(crate) use weights::are_compatible;
pub use weights::{Shares, Weights};

#[cfg(test)]
mod test;
#[cfg(test)]
mod test_worlds;
