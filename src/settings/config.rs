//! The configuration file: what `--config` reads and `init` writes.

mod context;

use super::SettingsError;
use super::attacks::{InferenceConfig, LinkabilityConfig, MembershipConfig, RecordLinkageConfig, SinglingOutConfig};
use crate::input::column_name;
use reident_attacks::calibration::{FEWEST, Wanted};
use reident_attacks::evaluation::AttackKind;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use context::ContextConfig;

/// Most worlds of each kind of leak.
const MOST_RUNS: u64 = 10_000;

/// A configuration file. Everything is optional; an unknown key is an error.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Seed of all random draws.
    pub seed: Option<u64>,
    /// How many seeds, from that one on, are drawn with.
    pub seeds: Option<u64>,
    /// Whether what is costly is played, too.
    pub thorough: Option<bool>,
    /// Two-sided confidence of every interval.
    pub confidence: Option<f64>,
    /// Records attacked of each table.
    pub attacks: Option<Attacks>,
    /// Attacks to run, with underscores or, as on the command line, with hyphens.
    #[serde(default, deserialize_with = "attacks")]
    pub only: Option<Vec<AttackKind>>,
    /// Texts read as missing, besides the empty one.
    pub nulls: Option<Vec<String>>,
    /// Texts read as suppressed in the release.
    pub suppressed: Option<Vec<String>>,
    /// Whether what is missing in the release means suppressed.
    pub missing_is_suppressed: Option<bool>,
    /// Character between fields of CSV files.
    pub delimiter: Option<char>,
    /// Encoding of text files.
    pub encoding: Option<String>,
    /// Sheet of workbooks.
    pub sheet: Option<String>,
    /// Whether a control that shares rows with the original is accepted.
    pub allow_overlapping_control: Option<bool>,
    /// Columns by whose values persons are looked at apart.
    pub groups: Option<Vec<String>>,
    /// Kinds and roles of columns, by name.
    #[serde(default)]
    pub columns: BTreeMap<String, ColumnConfig>,
    /// The line in which each column is described first.
    #[serde(skip)]
    pub lines: BTreeMap<String, usize>,
    /// Settings of record linkage.
    #[serde(default)]
    pub record_linkage: RecordLinkageConfig,
    /// What the release is for.
    #[serde(default)]
    pub context: ContextConfig,
    /// Settings of singling out.
    #[serde(default)]
    pub singling_out: SinglingOutConfig,
    /// Settings of linkability.
    #[serde(default)]
    pub linkability: LinkabilityConfig,
    /// Settings of inference.
    #[serde(default)]
    pub inference: InferenceConfig,
    /// Settings of membership.
    #[serde(default)]
    pub membership: MembershipConfig,
    /// Settings of the calibration.
    #[serde(default)]
    pub calibration: CalibrationConfig,
}

/// One column.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnConfig {
    /// How its values are compared; inferred when not given.
    pub kind: Option<String>,
    /// The local form in which all its tables write it; found in the values when not given.
    pub form: Option<String>,
    /// A file that says which node covers which of its values; beside the configuration file unless the path is absolute.
    pub hierarchy: Option<PathBuf>,
    /// The release's numbers are multiples of this unit, to which they were rounded.
    pub rounding: Option<f64>,
    /// The release's numbers are the middles of bands of this width.
    pub midpoints: Option<f64>,
    /// What attackers may do with it.
    pub role: Option<Role>,
}

/// How it is found out what the attacks would have noticed.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalibrationConfig {
    /// Worlds of each kind of leak.
    pub runs: Option<u64>,
    /// Most persons of a world.
    pub persons: Option<usize>,
    /// Shares of the persons that are planted.
    pub shares: Option<Vec<f64>>,
}

impl CalibrationConfig {
    /// What is asked for, with the defaults for all else.
    ///
    /// # Errors
    /// When a value is out of its range.
    pub fn wanted(&self) -> Result<Wanted, SettingsError> {
        let default = Wanted::default();
        let mut shares = self.shares.clone().unwrap_or(default.shares);
        shares.sort_by(f64::total_cmp);
        shares.dedup();
        let refuse = |name: &str, message: &str| {
            let setting = format!("calibration.{name}");
            Err(SettingsError::new(format!("{setting} {message}")).of_setting(&setting))
        };
        if shares.is_empty() || !shares.iter().all(|share| *share > 0.0 && *share <= 1.0) {
            return refuse("shares", "must be numbers above 0 and up to 1");
        }
        let runs = self.runs.unwrap_or(default.runs);
        if !(1..=MOST_RUNS).contains(&runs) {
            return refuse("runs", &format!("must be a number from 1 to {MOST_RUNS}"));
        }
        let persons = self.persons.unwrap_or(default.persons);
        if persons < FEWEST / 2 {
            return refuse("persons", &format!("must be at least {}", FEWEST / 2));
        }
        Ok(Wanted { runs, persons, shares })
    }
}

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
        #[serde(untagged)]
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

/// Attacks by their codes, or by their names on the command line.
fn attacks<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<AttackKind>>, D::Error> {
    let attack = |name: String| {
        AttackKind::from_code(&name).or(AttackKind::from_argument(&name)).ok_or_else(|| {
            let all: Vec<&str> = AttackKind::ALL.iter().map(|kind| kind.code()).collect();
            serde::de::Error::custom(format!("`{name}` is no attack; there are {}", all.join(", ")))
        })
    };
    Vec::<String>::deserialize(deserializer)?.into_iter().map(attack).collect::<Result<_, _>>().map(Some)
}

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    /// When the file cannot be read, is not TOML, or has an unknown key; the message has the line.
    pub fn read(path: &Path) -> Result<Config, SettingsError> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            let message = format!("cannot read the configuration {}: {error}", path.display());
            SettingsError::new(message).in_file(path)
        })?;
        let mut config = Config::parse(&text).map_err(|error| error.at(path.display()).in_file(path))?;
        let beside = path.parent().unwrap_or(Path::new(""));
        for hierarchy in config.columns.values_mut().filter_map(|column| column.hierarchy.as_mut()) {
            *hierarchy = beside.join(&*hierarchy);
        }
        Ok(config)
    }

    /// Parses the text of a configuration file.
    ///
    /// # Errors
    /// When the text is not TOML or has an unknown key.
    pub fn parse(text: &str) -> Result<Config, SettingsError> {
        let mut config: Config = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            SettingsError::new(format!("line {line}: {}", error.message())).in_line(line)
        })?;
        config.lines = config.columns.keys().map(|name| (column_name(name), line_of(text, name))).collect();
        Ok(config.with_column_names())
    }

    /// Parses the same keys from JSON, as programs write them.
    ///
    /// # Errors
    /// When the text is not JSON, has an unknown key, or a value of another type.
    pub fn from_json(text: &str) -> Result<Config, SettingsError> {
        let config: Config = serde_json::from_str(text).map_err(|error| SettingsError::new(reason(&error)))?;
        Ok(config.with_column_names())
    }

    /// The same with its columns named as the tables that are read name them.
    fn with_column_names(mut self) -> Config {
        self.columns =
            std::mem::take(&mut self.columns).into_iter().map(|(name, column)| (column_name(&name), column)).collect();
        for name in self.groups.iter_mut().flatten() {
            *name = column_name(name);
        }
        for kind in AttackKind::ALL {
            for name in self.attack_mut(*kind).columns_mut() {
                *name = column_name(name);
            }
        }
        self
    }

    /// Names of the columns of a role.
    pub fn with_role(&self, role: Role) -> Vec<String> {
        let columns = self.columns.iter().filter(|(_, column)| column.role == Some(role));
        columns.map(|(name, _)| name.clone()).collect()
    }
}

/// What is wrong with settings in JSON. Where it stands in the text says nothing to who wrote no text.
fn reason(error: &serde_json::Error) -> String {
    let whole = error.to_string();
    whole.split(" at line ").next().unwrap_or(&whole).to_owned()
}

/// The line, from 1, in which a column is described: the head of its table, or its key in the table of all columns.
fn line_of(text: &str, name: &str) -> usize {
    let line = |wanted: &dyn Fn(&str) -> bool| text.lines().position(|line| wanted(line.trim_start()));
    let is_head = |line: &str| line.starts_with("[columns") && line.contains(name);
    let is_key = |line: &str| line.trim_start_matches(['"', '\'']).starts_with(name);
    line(&is_head).or_else(|| line(&is_key)).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn unknown_keys_are_refused_with_their_line() {
        let error = Config::parse("seed = 1\n\n[linkability]\nneighbours = 2\n").unwrap_err().to_string();
        assert!(error.starts_with("line 4:") && error.contains("neighbours"), "{error}");
        let error = Config::parse("seed = 1\nattacks = 0\n").unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("at least 1"), "{error}");
    }

    #[test]
    fn a_full_file_is_read() {
        let config = Config::parse(
            "seed = 3\nattacks = \"all\"\nonly = [\"singling_out\", \"inference\"]\nnulls = [\"?\"]\n\
             [columns.age]\nkind = \"numeric\"\nrole = \"quasi_identifier\"\n[columns.id]\nrole = \"record_key\"\n\
             [linkability]\nhalves = [[[\"a\"], [\"b\", \"c\"]]]\nmatchers = [\"agreement\"]\n[inference]\nsecrets = [\"s\"]\ntolerance = 0.1\n",
        )
        .unwrap();
        assert_eq!(config.attacks, Some(Attacks::All));
        assert_eq!(config.with_role(Role::RecordKey), ["id"]);
        assert_eq!(config.lines["id"], 8);
        assert_eq!(config.linkability.matchers, Some(vec![MatcherChoice::Agreement]));
        assert_eq!(config.linkability.halves.unwrap()[0][1], ["b", "c"]);
    }
}
