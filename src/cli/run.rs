//! The tables of a run and how it attacks them: arguments that `evaluate`, `advise` and `calibrate` share.

use super::attack;
use crate::input::Sources;
use crate::settings::config::{Attacks, Config};
use crate::settings::{Overrides, Settings};
use anyhow::{Context, Result};
use clap::Args;
use reident_attacks::evaluation::AttackKind;
use std::path::PathBuf;

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
    /// Records attacked of each table, and predicates of singling out: a number, or `all` records and up to 20000 predicates
    #[arg(long, value_name = "N|all")]
    pub attacks: Option<Attacks>,
    /// Seed of all random draws [default: 0]
    #[arg(long)]
    pub seed: Option<u64>,
    /// Two-sided confidence of every interval [default: 0.95]
    #[arg(long, value_name = "SHARE")]
    pub confidence: Option<f64>,
    /// Attacks to run [default: all but membership]
    #[arg(long, value_delimiter = ',', value_parser = attack::parser())]
    pub only: Vec<AttackKind>,
    /// Also play what is costly: models that are trained on the release and guess secrets
    #[arg(long)]
    pub thorough: bool,
    /// Threads for the attacks [default: all cores]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// Accept a control that repeats rows or persons of the original or stands in the release; no gate passes on it
    #[arg(long)]
    pub allow_overlapping_control: bool,
    /// Which release row came from which original row: a file with the columns `released_row` and `original_row`, both counted
    /// from 0, the first row under the header
    #[arg(long, value_name = "FILE", conflicts_with = "row_aligned")]
    pub record_map: Option<PathBuf>,
    /// Each release row came from the original row in the same place
    #[arg(long)]
    pub row_aligned: bool,
}

impl RunArgs {
    /// The settings of the configuration file, with these arguments and others over them.
    ///
    /// # Errors
    /// When the file cannot be read, or a setting is wrong.
    pub fn settings(&self, others: Overrides) -> Result<Settings> {
        let config = self.config.as_deref().map(Config::read).transpose()?.unwrap_or_default();
        let place = || self.config.as_ref().map_or_else(|| "settings".to_owned(), |path| path.display().to_string());
        let over = Overrides {
            seed: self.seed,
            thorough: self.thorough,
            confidence: self.confidence,
            attacks: self.attacks,
            only: self.only.clone(),
            allow_overlapping_control: self.allow_overlapping_control,
            record_map: self.record_map.clone(),
            row_aligned: self.row_aligned,
            ..others
        };
        Settings::resolve(config, over).with_context(place)
    }

    /// The tables.
    pub fn sources(&self) -> Sources {
        Sources::files(self.original.clone(), self.anonymized.clone(), self.control.clone())
    }
}
