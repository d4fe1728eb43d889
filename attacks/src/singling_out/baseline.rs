//! Predicates that know the release's marginals and nothing else.

use super::Prepared;
use super::predicate::{Predicate, Test};
use crate::sampling::Stream;
use crate::table::Cell;
use std::collections::HashMap;

/// For each predicate one over the same columns, its values and operators drawn independently: a value is that of a
/// random release row, and a number's operator is that of a random predicate of this attacker on the same column.
/// One for which every column drew a suppressed cell says nothing and is left out.
pub(super) fn predicates(prepared: &Prepared<'_>, attack: &[Predicate], stream: &mut Stream) -> Vec<Predicate> {
    let tables = prepared.tables;
    let mut operators: HashMap<usize, Vec<Test>> = HashMap::new();
    for condition in attack.iter().flat_map(|predicate| &predicate.conditions) {
        let domain = &tables.columns[condition.column].domain;
        let on_number = |code: u32| matches!(domain.cell(code), Cell::Number(_));
        if let Test::Is(code) | Test::AtLeast(code) | Test::AtMost(code) = condition.test
            && on_number(code)
        {
            operators.entry(condition.column).or_default().push(condition.test);
        }
    }
    let rows = tables.anonymized.rows() as u64;
    let mut drawn = |column: usize| {
        // By its place among the sorted values, so that the order of the rows does not decide.
        let code = prepared.release.code_at(column, stream.below(rows) as usize);
        let domain = &tables.columns[column].domain;
        let test = match (domain.cell(code), operators.get(&column)) {
            (Cell::Suppressed, _) => return None,
            (Cell::Number(_), Some(operators)) => match operators[stream.below(operators.len() as u64) as usize] {
                Test::Is(_) => Test::Is(code),
                Test::AtLeast(_) => Test::AtLeast(code),
                Test::AtMost(_) => Test::AtMost(code),
            },
            _ => Test::Is(code),
        };
        Some(prepared.condition(column, test))
    };
    let random = attack.iter().map(|predicate| Predicate {
        conditions: predicate.conditions.iter().filter_map(|condition| drawn(condition.column)).collect(),
    });
    random.filter(|predicate| !predicate.conditions.is_empty()).collect()
}
