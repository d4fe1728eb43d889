//! reident: measures whether a released table lets persons be re-identified.
//!
//! The attacks are in the crate `reident-attacks`, the documents in `reident-reports`; here is the tool: [`input`] reads
//! files into tables, [`settings`] resolves what to do, [`evaluate`] does it, [`attest`] signs and
//! verifies, and [`run`] is the command line.

pub mod attest;
pub mod check;
pub mod cli;
pub mod comparability;
pub mod config;
pub mod control;
pub mod demo;
pub mod evaluate;
pub mod exit;
pub mod explain;
pub mod init;
pub mod input;
pub mod outcomes;
pub mod output;
pub mod progress;
pub mod report;
pub mod run;
pub mod settings;
