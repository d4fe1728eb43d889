//! The configuration file: what `--config` reads and `init` writes.

mod calibration;
mod context;
mod values;

use super::SettingsError;
use super::attacks::{InferenceConfig, LinkabilityConfig, MembershipConfig, RecordLinkageConfig, SinglingOutConfig};
use super::keys::{Key, Section, section, shown};
use crate::input::column_name;
use reident_attacks::evaluation::AttackKind;
use reident_reports::evidence;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use calibration::CalibrationConfig;
pub use context::ContextConfig;
pub use values::{AttackName, Attacks, MatcherChoice, ModelChoice, Role};

/// Makes [`Config`] of the list of settings, and what follows from the list for all of them.
macro_rules! config {
    ($($block:ident {$(
        $(#[doc = $about:tt])+
        $(#[serde $serde:tt])?
        $name:ident: $type:ty $(as $recorded:ty)? = $default:expr $(, such as $example:tt)? $(, argument $argument:tt)?;
    )*})*) => {
        /// A configuration file, or what the command line says of the same keys. Everything is optional; an unknown key is an error.
        #[derive(Debug, Clone, Default, PartialEq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Config {
            $($($(#[doc = $about])+ pub $name: Option<$type>,)*)*
            /// Earlier releases of the same persons, beside this file; attackers have them besides the one under test.
            pub earlier_releases: Option<Vec<PathBuf>>,
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

        impl Config {
            /// The settings of a command line over those of a file. Texts that mean missing are added to the file's; all else that is said
            /// takes the place of what the file says. A command line describes no column but by its hierarchy.
            pub fn over(self, mut file: Config) -> Config {
                let nulls = [file.nulls.take(), self.nulls.clone()];
                for (name, column) in self.columns {
                    file.columns.entry(name).or_default().hierarchy = column.hierarchy;
                }
                let mut over = Config { $($($name: self.$name.or(file.$name),)*)* ..file };
                over.nulls = nulls.into_iter().flatten().reduce(|file, said| [file, said].concat());
                over
            }

            /// What is said goes on record, and the defaults of the rest.
            pub(super) fn recorded(&self) -> evidence::Settings {
                let default = evidence::Settings::default();
                evidence::Settings { $($($name: self.$name.clone().on_record(default.$name),)*)* ..default }
            }

            /// The keys that stand before all tables, with the values that are said.
            fn keys(&self) -> Vec<Key> {
                vec![$($(
                    Key::new(
                        stringify!($name),
                        &[$($about),+],
                        &self.$name,
                        shown!($default $(, such as $example)?),
                    ),
                )*)*]
            }
        }
    };
}

reident_reports::settings!(config);

/// A value that may have been said, as it goes on record.
trait Said<R> {
    /// It, or the default.
    fn on_record(self, default: R) -> R;
}

impl<T> Said<T> for Option<T> {
    fn on_record(self, default: T) -> T {
        self.unwrap_or(default)
    }
}

impl<T> Said<Option<T>> for Option<T> {
    fn on_record(self, default: Option<T>) -> Option<T> {
        self.or(default)
    }
}

impl Said<Option<u64>> for Option<Attacks> {
    fn on_record(self, default: Option<u64>) -> Option<u64> {
        match self {
            None => default,
            Some(Attacks::All) => None,
            Some(Attacks::Count(count)) => Some(count),
        }
    }
}

impl Said<Vec<AttackKind>> for Option<Vec<AttackName>> {
    fn on_record(self, default: Vec<AttackKind>) -> Vec<AttackKind> {
        self.map_or(default, |names| names.into_iter().map(|AttackName(kind)| kind).collect())
    }
}

section! {
    /// A column.
    [columns] pub struct ColumnConfig {
        /// What its values are: numeric, date, datetime, boolean or categorical; what is written here was found in the tables.
        kind: String, such as "numeric";
        /// How they are written, where they do not tell: decimal_point, decimal_comma, day_first or month_first.
        form: String, such as "day_first";
        /// A file of values and the nodes that cover them, beside this file, such as "age.csv".
        hierarchy: PathBuf, such as "age.csv";
        /// With 5, the release's numbers are rounded to multiples of 5.
        rounding: f64, such as 5;
        /// With 10, the release's numbers are the middles of bands of that width.
        midpoints: f64, such as 10;
        /// What it is to attackers: quasi_identifier (known to them), secret (to be inferred), ignored, token (the release holds tokens in its
        /// place), record_key (says which release record is whose) or subject_key (groups rows by person). Once a column is a quasi_identifier,
        /// attackers know only such columns; once a column is a secret, only such columns are inferred.
        role: Role, such as "quasi_identifier";
    }
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
        for earlier in config.earlier_releases.iter_mut().flatten() {
            *earlier = beside.join(&*earlier);
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

    /// All tables of the file with their keys, for the file that `init` writes; the last is what may be said of each column.
    pub fn sections(&self) -> Vec<Section> {
        vec![
            Section { about: String::new(), name: "", keys: [self.keys(), vec![self.earlier()]].concat() },
            RecordLinkageConfig::section(),
            ContextConfig::section(),
            SinglingOutConfig::section(),
            LinkabilityConfig::section(),
            InferenceConfig::section(),
            MembershipConfig::section(),
            CalibrationConfig::section(),
            ColumnConfig::section(),
        ]
    }

    /// The files that are on record as inputs, and not as settings.
    fn earlier(&self) -> Key {
        let about =
            "Earlier releases of the same persons, beside this file; attackers have them besides the one under test";
        Key::new("earlier_releases", &[about], &self.earlier_releases, ["2025.csv"])
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
