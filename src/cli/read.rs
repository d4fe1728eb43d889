//! How files are read: arguments that several commands share.

use crate::input::column_name;
use crate::settings::Settings;
use crate::settings::config::{ColumnConfig, Config};
use anyhow::{Result, bail};
use clap::Args;
use std::path::PathBuf;

/// Makes [`ReadSettings`] of the list of settings.
macro_rules! arguments {
    (
        run { $($run:tt)* }
        missing { $($missing:tt)* }
        files { $($files:tt)* }
        $($rest:tt)*
    ) => {
        super::setting::arguments! {
            /// Settings of reading.
            ReadSettings { $($missing)* $($files)* }
        }
    };
}

reident_reports::settings!(arguments);

/// How files are read.
#[derive(Debug, Clone, Default, Args)]
pub struct ReadArgs {
    /// Settings of reading.
    #[command(flatten)]
    pub settings: ReadSettings,
    /// Hierarchy of a column: a file whose lines name a value and the node that covers it on each level; may be repeated
    #[arg(long = "hierarchy", value_name = "COLUMN=FILE", value_parser = hierarchy)]
    pub hierarchies: Vec<(String, PathBuf)>,
    /// Bytes that a compressed file may unpack to, such as 20G [default: a hundred times its size, 256M to 8G]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_size: Option<u64>,
}

impl ReadArgs {
    /// What they say of the configuration file's keys.
    ///
    /// # Errors
    /// When two hierarchies of a column are named.
    pub fn config(&self) -> Result<Config> {
        let mut config = self.settings.clone().config();
        for (name, file) in &self.hierarchies {
            let column = ColumnConfig { hierarchy: Some(file.clone()), ..ColumnConfig::default() };
            if config.columns.insert(name.clone(), column).is_some() {
                bail!("--hierarchy names two files for the column {name}; name one");
            }
        }
        Ok(config)
    }

    /// The settings with the limit on what is read, which is no setting of the run.
    pub fn limit(&self, mut settings: Settings) -> Settings {
        settings.read.max_size = self.max_size;
        settings
    }
}

/// A number of bytes, with `K`, `M`, `G` or `T` for 1024 and its powers.
fn size(text: &str) -> Result<u64, String> {
    let upper = text.to_ascii_uppercase();
    let number = upper.trim_end_matches("IB").trim_end_matches('B');
    let power = number.chars().last().and_then(|unit| "KMGT".find(unit)).map_or(0, |at| at as u32 + 1);
    let digits = number.trim_end_matches(['K', 'M', 'G', 'T']);
    let bytes = digits.parse::<u64>().ok().and_then(|count| count.checked_mul(1024u64.pow(power)));
    bytes.filter(|bytes| *bytes > 0).ok_or_else(|| "give a number of bytes, such as 500M or 20G".to_owned())
}

/// A column and a file.
pub fn hierarchy(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((column, file)) if !column.is_empty() && !file.is_empty() => Ok((column_name(column), file.into())),
        _ => Err("give a column and a file, such as age=age.csv".to_owned()),
    }
}

fn delimiter(text: &str) -> Result<char, String> {
    let mut chars = text.chars();
    match (text, chars.next(), chars.next()) {
        ("tab" | "\\t", _, _) => Ok('\t'),
        (_, Some(one), None) if one.is_ascii() && !one.is_alphanumeric() && one != '"' => Ok(one),
        _ => Err("give one ASCII character, or `tab`".to_owned()),
    }
}
