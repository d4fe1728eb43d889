//! The tables of a run and how it attacks them: arguments that `evaluate`, `advise` and `calibrate` share.

use super::attack;
use super::read::ReadArgs;
use crate::input::Sources;
use crate::settings::Settings;
use crate::settings::config::{AttackName, Attacks, Config};
use anyhow::{Context, Result};
use clap::Args;
use std::path::PathBuf;

/// Makes [`RunSettings`] of the list of settings.
macro_rules! arguments {
    (
        run { $($run:tt)* }
        missing { $($missing:tt)* }
        files { $($files:tt)* }
        rows { $($rows:tt)* }
        control { $($control:tt)* }
        $($rest:tt)*
    ) => {
        super::setting::arguments! {
            /// How the tables are attacked.
            RunSettings { $($run)* $($rows)* $($control)* }
        }
    };
}

reident_reports::settings!(arguments);

/// Tables, and how they are attacked.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Table of the persons the release was made from
    #[arg(long, value_name = "FILE")]
    pub original: PathBuf,
    /// The release under test
    #[arg(long, value_name = "FILE")]
    pub anonymized: PathBuf,
    /// Table of persons who were not used to make the release
    #[arg(long, value_name = "FILE")]
    pub control: Option<PathBuf>,
    /// Configuration file; see `reident init`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How the tables are attacked.
    #[command(flatten)]
    pub settings: RunSettings,
    /// Which release row came from which original row: a file with the columns `released_row` and `original_row`, both counted
    /// from 0, the first row under the header
    #[arg(long, value_name = "FILE", conflicts_with = "row_aligned")]
    pub record_map: Option<PathBuf>,
    /// Threads for the attacks [default: all cores]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// How files are read.
    #[command(flatten)]
    pub read: ReadArgs,
}

impl RunArgs {
    /// The settings of the configuration file, with these arguments over them.
    ///
    /// # Errors
    /// When the file cannot be read, or a setting is wrong.
    pub fn settings(&self) -> Result<Settings> {
        let file = self.config.as_deref().map(Config::read).transpose()?.unwrap_or_default();
        let said = self.settings.clone().config().over(self.read.config()?);
        let place = || self.config.as_ref().map_or_else(|| "settings".to_owned(), |path| path.display().to_string());
        let settings = Settings::resolve(said.over(file)).with_context(place)?;
        Ok(self.read.limit(settings).with_record_map(self.record_map.clone()))
    }

    /// The tables.
    pub fn sources(&self) -> Sources {
        Sources::files(self.original.clone(), self.anonymized.clone(), self.control.clone())
    }
}
