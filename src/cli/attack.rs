//! The attacks by their names on the command line.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use reident_attacks::evaluation::AttackKind;
use reident_reports::words;

/// Reads the name of an attack.
pub(super) fn parser() -> impl TypedValueParser<Value = AttackKind> {
    let name = |kind: &AttackKind| PossibleValue::new(kind.argument()).help(words::attack_help(*kind));
    let named = |name: String| AttackKind::from_argument(&name).expect("no other name is possible");
    PossibleValuesParser::new(AttackKind::ALL.iter().map(name)).map(named)
}
