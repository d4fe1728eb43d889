//! What can be wrong with the documents beside the tables: evidence, policies, outcomes, keys, envelopes and logs.

use std::error::Error;
use std::path::{Path, PathBuf};

/// Why a document cannot be used, or does not match. The message names the file and says what to do; it holds no cell value and no
/// key material.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct DocumentError {
    message: String,
    file: Option<PathBuf>,
    is_mismatch: bool,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl DocumentError {
    pub(crate) fn new(message: impl Into<String>) -> DocumentError {
        DocumentError { message: message.into(), file: None, is_mismatch: false, source: None }
    }

    /// Something does not match what was signed or recorded.
    pub(crate) fn mismatch(message: impl Into<String>) -> DocumentError {
        DocumentError { is_mismatch: true, ..DocumentError::new(message) }
    }

    /// An error that says everything itself.
    pub(crate) fn of(error: impl Error) -> DocumentError {
        DocumentError::new(error.to_string())
    }

    pub(crate) fn in_file(mut self, path: &Path) -> DocumentError {
        self.file = Some(path.to_owned());
        self
    }

    pub(crate) fn because(mut self, source: impl Error + Send + Sync + 'static) -> DocumentError {
        self.source = Some(Box::new(source));
        self
    }

    /// The file that the error is about.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Whether the document could be read, and is not what was signed or recorded.
    pub fn is_mismatch(&self) -> bool {
        self.is_mismatch
    }
}

/// Says of which file an error is, and what could not be done with it.
pub(crate) trait OfFile<T> {
    fn of_file(self, path: &Path, message: impl FnOnce() -> String) -> Result<T, DocumentError>;
}

impl<T, E: Error + Send + Sync + 'static> OfFile<T> for Result<T, E> {
    fn of_file(self, path: &Path, message: impl FnOnce() -> String) -> Result<T, DocumentError> {
        self.map_err(|error| DocumentError::new(message()).in_file(path).because(error))
    }
}
