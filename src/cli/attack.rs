//! The attacks by their names on the command line.

use crate::settings::config::AttackChoice;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

/// The attacks that can be chosen, with their names and what is said of them.
const ATTACKS: [(AttackChoice, &str, &str); 3] = [
    (AttackChoice::SinglingOut, "singling-out", "Isolate a person by a condition"),
    (AttackChoice::Linkability, "linkability", "Link two files about the same persons"),
    (AttackChoice::Inference, "inference", "Infer a secret attribute"),
];

/// Reads the name of an attack.
pub(super) fn parser() -> impl TypedValueParser<Value = AttackChoice> {
    let names = ATTACKS.map(|(_, name, help)| PossibleValue::new(name).help(help));
    PossibleValuesParser::new(names).map(|given| {
        let chosen = ATTACKS.iter().find(|(_, name, _)| *name == given);
        chosen.expect("a possible value is one of the attacks").0
    })
}
