//! The annex to an impact assessment: what the evidence says, in the order and the form in which it is filed.
//!
//! [`Document`] is the content without a layout; [`docx`], [`markdown`] and [`json`] render it.

pub mod document;
pub mod docx;
pub mod json;
pub mod markdown;

pub use document::Document;
