//! Signing, verifying and logging: the files around [`reident_reports::attest`], which opens none itself.
//!
//! Here are paths, file modes, locks, the clock and the environment. No message and no file of these commands holds a
//! cell value, key material or a plain digest of original or control.

pub mod files;
pub mod log;
pub mod rerun;
