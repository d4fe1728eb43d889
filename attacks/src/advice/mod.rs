//! What to change: which columns the worst attackers live on, and what changes of the release would leave them.
//!
//! # What each column contributes
//! The attacker is played again on the same persons without the column, which is exact: what is attacked is a release that does not
//! have it.
//!
//! # Changes
//! Each change is made to the release in memory, the dictionaries are built anew as if it had been read, and the worst
//! attackers are played on it again, on the same persons. Tried are ([`candidates`]): dropping a column; one level of generalization (the
//! next node of a hierarchy where there is one, else bands of numbers, months and years of dates); top-coding; not
//! releasing the records of the most exposed persons. A dropped column is an attacker without it, or no attacker where nothing is left.
//!
//! # Order
//! A change is worth the part of the worst attackers' risk that it takes away (the mean over them, each floored at 0) less the
//! largest part of the release's use that it costs ([`Cost`]). The worth orders changes and has no other meaning. Where a risk
//! after the change could not be computed, the one before it is taken: what could not be computed is no gain.
//!
//! # What it does not tell
//! Other attackers may be the worst after a change; so the first changes are tried against everybody who was played ([`Simulated::all`]).

mod calendar;
mod candidates;
mod change;
mod cost;
mod covers;
mod level;
mod simulate;

pub use calendar::Unit;
pub use candidates::candidates;
pub use change::Change;
pub use cost::Cost;
pub use level::Levels;
pub use simulate::{Advice, Contribution, Outcome, Simulated, Worst, advise};

#[cfg(test)]
mod test;
