//! The annex to an impact assessment: what the evidence says, in the order and the form in which it is filed.
//!
//! [`rules`] holds the legal numbers with their sources, [`manifest`] what the filer says and no tool can measure, [`facts`] what
//! the evidence says. From these follow the [`conclusion`], the [`route`], the [`rating`], [`dates`], [`triggers`] and the clause
//! map ([`clauses`]); [`assess()`] computes them all, and [`compose`] puts them into the sections. Everything is a pure function: the
//! day of the work is passed in.
//!
//! [`Document`] is the content without a layout; [`docx`], [`markdown`] and [`json`] render it.

pub mod assess;
pub mod calendar;
pub mod clauses;
pub mod conclusion;
pub mod dates;
pub mod document;
pub mod docx;
pub mod facts;
pub mod json;
pub mod manifest;
pub mod markdown;
pub mod rating;
pub mod route;
pub mod rules;
mod sections;
pub mod triggers;
pub mod words;

pub use assess::{Assessed, Earlier, Input, Signature, assess};
pub use document::Document;
pub use sections::document as compose;
