//! Parts of the persons in words.

use crate::evidence::Group;
use crate::message::Messages;
use crate::percent::round_percent;

/// Who, without the value of a cell.
pub fn name(texts: &Messages, group: &Group) -> String {
    match group {
        Group::Outliers { share } => texts.fill("group.outliers", &[("share", &round_percent(*share))]),
        Group::RareValues { at_most } => texts.fill("group.rare_values", &[("share", &round_percent(*at_most))]),
        Group::Value { column, rank } => {
            texts.fill("group.value", &[("column", column.as_str()), ("rank", &rank.to_string())])
        }
        Group::OtherValues { column } => texts.fill("group.other_values", &[("column", column.as_str())]),
        Group::Fifth { column, fifth } => {
            texts.fill("group.fifth", &[("column", column.as_str()), ("fifth", &fifth.to_string())])
        }
    }
}
