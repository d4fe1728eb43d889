//! The attacks by their names on the command line.

use crate::settings::config::AttackName;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use reident_attacks::evaluation::AttackKind;
use reident_reports::words;

/// Reads the name of an attack.
pub(super) fn parser() -> impl TypedValueParser<Value = AttackName> {
    let name = |kind: &AttackKind| PossibleValue::new(kind.argument()).help(words::attack_help(*kind));
    let named = |name: String| {
        AttackKind::from_argument(&name).map(AttackName).ok_or_else(|| format!("there is no attack `{name}`"))
    };
    PossibleValuesParser::new(AttackKind::ALL.iter().map(name)).try_map(named)
}
