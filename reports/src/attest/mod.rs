//! Signing evidence and checking what was signed.
//!
//! Evidence is put into an in-toto Statement ([`statement`]), the statement into a DSSE envelope ([`dsse`]) signed with
//! Ed25519 ([`keys`]). The release is named by plain digests ([`digest`](crate::digest)), original and control only by keyed
//! commitments ([`commitment`]). [`verify`] checks all of it and says what it could not check; [`log`] is the record of
//! who did what when.
//!
//! Nothing here opens a file, asks for the time or prints: bytes and text go in and out, so that the caller decides on
//! paths, file modes and locks. Randomness comes from the operating system, and only for new keys.

pub mod commitment;
pub mod diff;
pub mod dsse;
pub mod keys;
pub mod log;
pub mod report;
pub mod statement;
pub mod verify;
