//! Re-identification attacks on released tables: tables in, risks out.
//!
//! This crate does no input or output, prints nothing and knows no file format. It is given three
//! [`table::Tables`] — the original, the anonymized release and, where there is one, a control of
//! persons who were not used — and measures how far the release lets an attacker
//!
//! * name a person's record, where it is known whose each record is ([`record_linkage`]),
//! * single a person out ([`singling_out`]),
//! * link two files about the same persons ([`linkability`]),
//! * infer a secret attribute ([`inference`]),
//! * tell who was used to make it ([`membership`]).
//!
//! Before that, [`comparison`] tells whether the tables can be compared at all.
//!
//! Each attack runs on the original (*main*), on the control (*control*) and once without the release's
//! joint structure (*baseline*); [`stats`] turns the counts into a risk with an interval, and
//! [`evaluation`] runs a whole plan of attackers and finds the worst of each attack.
//!
//! An attack is planned, played on the persons part by part, and what came of the parts is merged ([`parts`]).
//!
//! The order of dependencies is `table → neighbors → attack → the attacks' folders → evaluation`; `stats` and `sampling` are leaves.
//!
//! # Example
//!
//! ```
//! use reident_attacks::evaluation::{Plan, evaluate};
//! use reident_attacks::matcher::Matcher;
//! use reident_attacks::table::{Kind, RawColumn, TablesBuilder};
//! use reident_attacks::targets::NoProgress;
//!
//! // Twenty persons, released verbatim: everybody can be linked.
//! let ages: Vec<f64> = (0..20).map(|i| 20.0 + f64::from(i)).collect();
//! let jobs: Vec<String> = (0..20).map(|i| format!("job {i}")).collect();
//! let mut tables = TablesBuilder::new(20, 20, None);
//! tables.add("age", Kind::Numeric, RawColumn::numbers(&ages), RawColumn::numbers(&ages), None)?;
//! tables.add("job", Kind::Categorical, RawColumn::texts(&jobs), RawColumn::texts(&jobs), None)?;
//! let tables = tables.finish();
//!
//! let mut plan = Plan::new(7);
//! plan.push(reident_attacks::linkability::LinkabilityAttacker {
//!     halves: [vec![0], vec![1]],
//!     matcher: Matcher::Distance,
//!     neighbors: 1,
//!     searched: None,
//! });
//! let results = evaluate(&tables, &plan, &NoProgress)?;
//! assert_eq!(results.attackers[0].counts.main.unwrap().successes, 20);
//! # Ok::<(), reident_attacks::AttackError>(())
//! ```

// What cannot fail says why, where it is expected not to.
#![cfg_attr(not(test), deny(clippy::unwrap_used))]

pub mod advice;
pub mod agreement;
pub mod attack;
pub mod calibration;
pub mod classes;
pub mod comparison;
pub mod error;
pub mod evaluation;
pub mod halves;
pub mod identifiers;
pub mod inference;
pub mod linkability;
pub mod matcher;
pub mod membership;
pub mod neighbors;
mod others;
pub mod outcome;
pub mod parts;
pub mod persons;
pub mod progress;
mod questions;
pub mod record_linkage;
pub mod restorable;
pub mod sampling;
pub mod search;
pub mod singling_out;
pub mod stats;
pub mod subgroups;
pub mod table;
pub mod targets;

pub use error::AttackError;
