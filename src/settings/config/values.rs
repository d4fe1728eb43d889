//! Values of the configuration file that are one of several words.

use reident_attacks::evaluation::AttackKind;
use serde::{Deserialize, Serialize};

/// What a column is to an attacker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Known to attackers. As soon as one column has this role, attackers know only such columns.
    QuasiIdentifier,
    /// Worth inferring. As soon as one column has this role, only such columns are secrets.
    Secret,
    /// Used by nobody.
    Ignored,
    /// Replaced by tokens in the release: used by nobody, and a finding.
    Token,
    /// Says which release record is whose; never known to an attacker.
    RecordKey,
    /// Groups rows by person; never known to an attacker.
    SubjectKey,
}

/// What makes a release record the answer, by its name in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatcherChoice {
    /// The nearest records.
    Distance,
    /// The records that agree on most that is rare.
    Agreement,
}

/// A model that guesses a secret, by its name in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelChoice {
    /// Naive Bayes.
    NaiveBayes,
    /// Extremely randomised trees.
    Forest,
    /// Linear reconstruction of a secret of two values.
    LinearReconstruction,
}

/// `all`, or a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attacks {
    /// Every record.
    All,
    /// So many of each table.
    Count(u64),
}

impl std::str::FromStr for Attacks {
    type Err = String;

    fn from_str(text: &str) -> Result<Attacks, String> {
        match text {
            "all" => Ok(Attacks::All),
            _ => match text.parse() {
                Ok(0) => Err("at least 1 attack is needed".to_owned()),
                Ok(count) => Ok(Attacks::Count(count)),
                Err(_) => Err("give a number, or `all`".to_owned()),
            },
        }
    }
}

impl<'de> Deserialize<'de> for Attacks {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Attacks, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "give a whole number of attacks, or \"all\"")]
        enum Raw {
            Count(u64),
            Word(String),
        }
        let text = match Raw::deserialize(deserializer)? {
            Raw::Count(count) => count.to_string(),
            Raw::Word(word) => word,
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Attacks {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Attacks::All => serializer.serialize_str("all"),
            Attacks::Count(count) => serializer.serialize_u64(*count),
        }
    }
}

/// An attack by its code or, as on the command line, with hyphens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttackName(pub AttackKind);

impl<'de> Deserialize<'de> for AttackName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<AttackName, D::Error> {
        let name = String::deserialize(deserializer)?;
        AttackKind::from_code(&name).or(AttackKind::from_argument(&name)).map(AttackName).ok_or_else(|| {
            let all: Vec<&str> = AttackKind::ALL.iter().map(|kind| kind.code()).collect();
            serde::de::Error::custom(format!("`{name}` is no attack; there are {}", all.join(", ")))
        })
    }
}

impl Serialize for AttackName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.code())
    }
}
