//! Who attacked, and what the attacker knew.

use super::{AttackKind, Columns};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What makes a release record the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MatcherName {
    /// The nearest records.
    Distance,
    /// The records of the largest weighted agreement.
    Agreement,
}

/// A model that guesses a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelName {
    /// Naive Bayes.
    NaiveBayes,
    /// Extremely randomised trees.
    Forest,
    /// Linear reconstruction of a secret of two values from the release's counts.
    LinearReconstruction,
}

/// How an attacker finds a person's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordMatcher {
    /// The records that are compatible with all that the attacker knows, those that tell most; the nearest ones where none is.
    Compatible,
    /// The nearest records.
    Distance,
    /// The records of the largest weighted agreement.
    Agreement,
    /// The nearest records, each given away once among the persons of a table.
    DistanceOneToOne,
    /// The records of the largest weighted agreement, each given away once among the persons of a table.
    AgreementOneToOne,
}

/// Where it is known from which release record is whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    /// A record key, a map of rows, or the order of the rows.
    Known,
    /// Rows that are unique in either table and equal: a lower bound.
    EqualRows,
}

/// What a membership attacker goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScoreName {
    /// How near the nearest release record is.
    Distance,
    /// How much nearer it is than the second nearest: their ratio.
    Ratio,
    /// How much nearer it is than the nearest other record of the original.
    Relative,
    /// The weighted agreement of the record that agrees best.
    Agreement,
}

/// Who attacked: how, and with what knowledge. One attack may be played in several ways.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
pub enum Attacker {
    /// Record linkage: naming a person's record.
    NamedRecord {
        /// How the attacker finds it.
        matcher: RecordMatcher,
        /// The columns that the attacker knows.
        columns: Columns,
        /// Sets of columns that were tried on one half of the persons to find these; the other half is attacked. Null where
        /// nothing was searched for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        searched: Option<u64>,
        /// Where the truth comes from.
        truth: Truth,
        /// How many earlier releases the attacker has besides; null where the attacker has the latest one alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        earlier: Option<u64>,
    },
    /// Singling out by one column.
    Univariate {
        /// All columns that predicates may use.
        columns: Columns,
        /// Predicates asked for.
        predicates: u64,
    },
    /// Singling out by several columns.
    Multivariate {
        /// All columns that predicates may use.
        columns: Columns,
        /// Columns of one predicate.
        columns_per_predicate: u64,
        /// Predicates asked for.
        predicates: u64,
    },
    /// Linkability: two files about the same persons.
    TwoFiles {
        /// What makes a release record the answer; evidence of before there were several does not name it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        matcher: Option<MatcherName>,
        /// All columns that the attacker uses.
        columns: Columns,
        /// The columns of either file.
        halves: [Columns; 2],
        /// Sets of columns that were tried on some of the persons to find these; the others are attacked. Null where nothing was
        /// searched for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        searched: Option<u64>,
        /// Nearest records among which the two files meet (k).
        neighbors: u64,
    },
    /// Inference from the nearest release records.
    NearestRecord {
        /// What makes a release record the answer; evidence of before there were several does not name it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        matcher: Option<MatcherName>,
        /// The columns that the attacker knows.
        columns: Columns,
        /// The column that the attacker wants to know.
        secret: String,
        /// Sets of columns that were tried on some of the persons to find these; the others are attacked. Null where nothing was
        /// searched for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        searched: Option<u64>,
        /// Nearest records that vote on a guess (k).
        neighbors: u64,
    },
    /// Inference by a model that is trained on the release.
    TrainedModel {
        /// Which model it is.
        model: ModelName,
        /// The columns that the attacker knows.
        columns: Columns,
        /// The column that the attacker wants to know.
        secret: String,
        /// Sets of columns that were tried on some of the persons to find these; the others are attacked. Null where nothing was
        /// searched for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        searched: Option<u64>,
    },
    /// Membership by how near everybody is to the release.
    Scored {
        /// The columns that the attacker knows of everybody.
        columns: Columns,
        /// What the attacker goes by.
        score: ScoreName,
    },
}

impl Attacker {
    /// The attack that is played in this way.
    pub fn attack(&self) -> AttackKind {
        match self {
            Attacker::NamedRecord { .. } => AttackKind::RecordLinkage,
            Attacker::Univariate { .. } | Attacker::Multivariate { .. } => AttackKind::SinglingOut,
            Attacker::TwoFiles { .. } => AttackKind::Linkability,
            Attacker::NearestRecord { .. } | Attacker::TrainedModel { .. } => AttackKind::Inference,
            Attacker::Scored { .. } => AttackKind::Membership,
        }
    }

    /// The code of the way of attacking, in files and in keys of messages.
    pub fn mode(&self) -> &'static str {
        match self {
            Attacker::NamedRecord { .. } => "named_record",
            Attacker::Univariate { .. } => "univariate",
            Attacker::Multivariate { .. } => "multivariate",
            Attacker::TwoFiles { .. } => "two_files",
            Attacker::NearestRecord { .. } => "nearest_record",
            Attacker::TrainedModel { .. } => "trained_model",
            Attacker::Scored { .. } => "scored",
        }
    }

    /// All columns that the attacker uses or knows.
    pub fn columns(&self) -> &Columns {
        match self {
            Attacker::NamedRecord { columns, .. }
            | Attacker::Univariate { columns, .. }
            | Attacker::Multivariate { columns, .. }
            | Attacker::TwoFiles { columns, .. }
            | Attacker::NearestRecord { columns, .. }
            | Attacker::TrainedModel { columns, .. }
            | Attacker::Scored { columns, .. } => columns,
        }
    }

    /// What makes a release record the answer, where the attacker looks for the nearest one.
    pub fn matcher(&self) -> Option<MatcherName> {
        match self {
            Attacker::TwoFiles { matcher, .. } | Attacker::NearestRecord { matcher, .. } => *matcher,
            _ => None,
        }
    }

    /// k, where the attacker asks for the nearest records.
    pub fn neighbors(&self) -> Option<u64> {
        match self {
            Attacker::TwoFiles { neighbors, .. } | Attacker::NearestRecord { neighbors, .. } => Some(*neighbors),
            _ => None,
        }
    }

    /// The columns of either file, where the attacker has two.
    pub fn halves(&self) -> Option<&[Columns; 2]> {
        match self {
            Attacker::TwoFiles { halves, .. } => Some(halves),
            _ => None,
        }
    }

    /// The column that the attacker wants to know, where there is one.
    pub fn secret(&self) -> Option<&str> {
        match self {
            Attacker::NearestRecord { secret, .. } | Attacker::TrainedModel { secret, .. } => Some(secret),
            _ => None,
        }
    }

    /// How many sets of columns were tried to find the attacker's, where they were searched for.
    pub fn searched(&self) -> Option<u64> {
        match self {
            Attacker::NamedRecord { searched, .. }
            | Attacker::TwoFiles { searched, .. }
            | Attacker::NearestRecord { searched, .. }
            | Attacker::TrainedModel { searched, .. } => *searched,
            _ => None,
        }
    }

    /// How many columns one predicate joins, where the attacker makes predicates.
    pub fn columns_per_predicate(&self) -> Option<u64> {
        match self {
            Attacker::Univariate { .. } => Some(1),
            Attacker::Multivariate { columns_per_predicate, .. } => Some(*columns_per_predicate),
            _ => None,
        }
    }
}
