//! What can be wrong with settings.

use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why settings cannot be used. The message says what to do; the parts that it names can be asked for one by one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct SettingsError {
    message: String,
    file: Option<PathBuf>,
    line: Option<usize>,
    setting: Option<String>,
    column: Option<String>,
}

impl SettingsError {
    pub(crate) fn new(message: impl Into<String>) -> SettingsError {
        SettingsError { message: message.into(), file: None, line: None, setting: None, column: None }
    }

    pub(super) fn in_file(mut self, path: &Path) -> SettingsError {
        self.file = Some(path.to_owned());
        self
    }

    pub(super) fn in_line(mut self, line: usize) -> SettingsError {
        self.line = Some(line);
        self
    }

    pub(super) fn of_setting(mut self, setting: &str) -> SettingsError {
        self.setting = Some(setting.to_owned());
        self
    }

    pub(super) fn of_column(mut self, column: &str) -> SettingsError {
        self.column = Some(column.to_owned());
        self
    }

    /// The same, said of a place.
    pub(super) fn at(mut self, place: impl std::fmt::Display) -> SettingsError {
        self.message = format!("{place}: {}", self.message);
        self
    }

    /// The configuration file, where the settings come from one.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// The line of that file, from 1.
    pub fn line(&self) -> Option<usize> {
        self.line
    }

    /// The setting, by its key in the configuration file: `inference.tolerance`.
    pub fn setting(&self) -> Option<&str> {
        self.setting.as_deref()
    }

    /// The column that the setting names.
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }
}
