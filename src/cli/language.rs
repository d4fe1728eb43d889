//! The languages by their names on the command line.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use reident_reports::message::Language;

/// Reads the code of a language.
pub(super) fn parser() -> impl TypedValueParser<Value = Language> {
    let language = |code: String| Language::from_code(&code).ok_or_else(|| format!("there is no language `{code}`"));
    PossibleValuesParser::new(Language::ALL.map(Language::code)).try_map(language)
}
