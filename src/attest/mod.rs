//! Signing, verifying and logging: the commands around [`reident_reports::attest`], which opens no file itself.
//!
//! Here are paths, file modes, locks, the clock and the environment. No message and no file of these commands holds a
//! cell value, key material or a plain digest of original or control.

pub mod args;
pub mod files;
pub mod keygen;
pub mod log;
mod rerun;
pub mod sign;
pub mod verify;
