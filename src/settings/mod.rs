//! Settings as resolved from the command line, the configuration file and the defaults, in that order, and the plan of
//! attackers that they make on given tables.

pub mod attacks;
pub mod config;
mod error;
pub mod keys;
mod limits;
mod plan;
mod quasi;
mod reading;
mod recorded;
mod resolve;
mod splits;
mod uses;

pub use error::SettingsError;

use crate::input::ReadOptions;
use config::Config;
use reident_attacks::calibration::Wanted;
use reident_reports::evidence;
use std::path::PathBuf;

/// Most seeds of one run: each plays every attacker who draws once more.
pub const MOST_SEEDS: u64 = 100;

/// Everything that decides what a run does, but the tables.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What goes on record: what the run does is what its evidence says.
    pub values: evidence::Settings,
    /// How the files are read, by these and by what is not on record.
    pub read: ReadOptions,
    /// How the attacks are calibrated, where that is asked for.
    pub calibrate: Option<Wanted>,
    /// Whether attacks that were asked for are left out, because columns cannot be compared.
    narrowed: bool,
    config: Config,
    /// Evidence whose attackers are run again, instead of those that the configuration makes.
    recorded: Option<Box<evidence::Evidence>>,
}

impl Settings {
    /// The same, calibrated as the configuration says.
    ///
    /// # Errors
    /// When it says what cannot be.
    pub fn calibrated(mut self) -> Result<Settings, SettingsError> {
        self.calibrate = Some(self.config.calibration.wanted()?);
        Ok(self)
    }

    /// The same, with earlier releases instead of those that the configuration names, where there are any.
    pub fn with_earlier(mut self, files: Vec<PathBuf>) -> Settings {
        if !files.is_empty() {
            self.read.earlier = files;
        }
        self
    }

    /// The same, with a file that says which release row came from which original row.
    pub fn with_record_map(mut self, file: Option<PathBuf>) -> Settings {
        self.values.record_map = file.is_some();
        self.read.record_map = file;
        self
    }
}
