//! Evidence documents from re-identification results: results in, documents out.
//!
//! [`Evidence`] is the truth that every other document is rendered from: settings, counts, risks and
//! intervals, never a cell value of the original or the control. [`build`] makes it from an evaluation,
//! [`json`] writes it and reads it back, [`terminal`] shows it to a person, [`html`] and [`markdown`] make reports of it
//! in the languages of [`message`], [`check`] judges it by a policy, [`attest`] signs it and finds what was changed since.

// What cannot fail says why, where it is expected not to.
#![cfg_attr(not(test), deny(clippy::unwrap_used))]

pub mod advice;
pub mod annex;
pub mod attest;
pub mod build;
pub mod check;
mod content;
pub mod digest;
mod escape;
pub mod evidence;
pub mod html;
pub mod json;
pub mod markdown;
pub mod message;
pub mod nearest;
pub mod percent;
pub mod persons;
pub mod svg;
pub mod terminal;
pub mod toml_text;
pub mod visible;
pub mod words;

pub use evidence::Evidence;
