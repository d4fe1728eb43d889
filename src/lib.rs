//! Proves or refutes that a released table is anonymous, by attacking it.
//!
//! `reident` reads an original table, the release made from it and, where there is one, a control table of persons
//! who were not used ([`input`]), runs the attacks of [`reident_attacks`] on them and reports risks with their
//! intervals. The attacks and the reports are crates of their own and know no file format; reading files is the
//! business of this one.

pub mod input;
