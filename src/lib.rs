//! reident: measures whether a released table lets persons be re-identified.
//!
//! The attacks are in the crate `reident-attacks`, the documents in `reident-reports`; here is the tool: [`input`] reads
//! tables, [`settings`] resolves what to do, [`evaluation`] does it, [`check`] judges it, [`report`] shows it to persons, [`attest`] signs and
//! verifies, [`annex`] reads what a filer says. None of them prints, ends the process or starts a thread pool; what is to be said on the way is handed out. `cli` is the
//! command line, one user of the others; the feature of its name, which is on by default, brings it and what it needs.

// What cannot fail says why, where it is expected not to.
#![cfg_attr(not(test), deny(clippy::unwrap_used))]

pub mod annex;
pub mod attest;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod demo;
mod document;
pub mod evaluation;
pub mod input;
pub mod report;
pub mod settings;

pub use document::DocumentError;
