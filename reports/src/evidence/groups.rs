//! Parts of the persons that are looked at apart, so that a mean over everybody hides none of them.

use super::{Attack, AttackKind, Evidence, Rate, Risk};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What makes persons a group. Values of cells are not told, but their place by how many persons hold them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Group {
    /// Those farthest from their nearest other original.
    Outliers {
        /// Which share of the original.
        share: f64,
    },
    /// Holders of a value that few share, in some column of categories.
    RareValues {
        /// The largest share of the original that may hold it.
        at_most: f64,
    },
    /// Holders of one value of a column.
    Value {
        /// The column.
        column: String,
        /// The value's place among the column's, from 1, the one that most persons hold being the first.
        rank: u64,
    },
    /// Holders of the column's other values.
    OtherValues {
        /// The column.
        column: String,
    },
    /// Those whose number lies in one fifth of the original's.
    Fifth {
        /// The column.
        column: String,
        /// Which, from 1, the smallest numbers first.
        fifth: u64,
    },
}

/// What one attacker achieved on a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupFigures {
    /// Which persons these are.
    pub group: Group,
    /// On its persons in the original.
    pub main: Rate,
    /// On its persons in the control; null without one.
    pub control: Option<Rate>,
    /// On its persons in the original, from everybody else's records; null where it was not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonmember: Option<Rate>,
    /// The risk of its persons, whose simultaneous interval holds for all groups and attackers of the attack at once; null when it
    /// cannot be told, or when fewer than 20 persons were attacked.
    pub risk: Option<Risk>,
}

impl GroupFigures {
    /// What is shown beyond doubt of the group's risk, over all groups and attackers at once; below any risk where there is none.
    pub fn shown(&self) -> f64 {
        let ends = self.risk.as_ref().map(|risk| risk.simultaneous.unwrap_or(risk.interval));
        ends.map_or(f64::NEG_INFINITY, |ends| ends[0])
    }
}

impl Evidence {
    /// Each group of an attack with the attacker who shows most of it.
    pub fn worst_of_each_group(&self, kind: AttackKind) -> Vec<(&GroupFigures, &Attack)> {
        let mut worst: Vec<(&GroupFigures, &Attack)> = Vec::new();
        let of_kind = self.attacks.iter().filter(|attack| attack.attack == kind);
        for (found, attack) in of_kind.flat_map(|attack| attack.groups.iter().map(move |group| (group, attack))) {
            match worst.iter_mut().find(|(known, _)| known.group == found.group) {
                Some(known) if found.shown() > known.0.shown() => *known = (found, attack),
                Some(_) => {}
                None => worst.push((found, attack)),
            }
        }
        worst
    }
}
