//! Why there is no evidence.

use crate::input::InputError;
use crate::settings::SettingsError;
use reident_attacks::AttackError;
use std::path::Path;
use thiserror::Error;

/// Why tables could not be evaluated. The message names what is wrong and says what to do; the parts that it names can be asked
/// for one by one.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// A table cannot be read, or the tables do not fit each other.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A setting is wrong, or does not fit the tables.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The control helped to make the release, as far as can be seen.
    #[error("{0}")]
    OverlappingControl(String),
    /// The attacks cannot be run, or were stopped.
    #[error(transparent)]
    Attack(#[from] AttackError),
}

impl EvaluateError {
    /// The file that the error is about.
    pub fn file(&self) -> Option<&Path> {
        match self {
            EvaluateError::Input(error) => error.file(),
            EvaluateError::Settings(error) => error.file(),
            EvaluateError::OverlappingControl(_) | EvaluateError::Attack(_) => None,
        }
    }

    /// The column that the error is about.
    pub fn column(&self) -> Option<&str> {
        match self {
            EvaluateError::Input(error) => error.column(),
            EvaluateError::Settings(error) => error.column(),
            EvaluateError::OverlappingControl(_) | EvaluateError::Attack(_) => None,
        }
    }

    /// The first row of the file that the error is about, from 1 and without the header.
    pub fn row(&self) -> Option<usize> {
        match self {
            EvaluateError::Input(error) => error.row(),
            _ => None,
        }
    }

    /// The setting that is wrong, or that names what is not there.
    pub fn setting(&self) -> Option<&str> {
        match self {
            EvaluateError::Input(error) => error.setting(),
            EvaluateError::Settings(error) => error.setting(),
            EvaluateError::OverlappingControl(_) => Some("allow_overlapping_control"),
            EvaluateError::Attack(_) => None,
        }
    }
}
