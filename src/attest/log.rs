//! The audit log as a file.
//!
//! Whoever opens a log hands over what is to be said when that means waiting for somebody else who writes to it.

use crate::document::{DocumentError, OfFile};
use reident_reports::attest::log::{self, Entry, Head, Item};
use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// A log that nobody else writes to as long as this lives.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: File,
    bytes: Vec<u8>,
    /// Where it ends.
    pub head: Head,
}

impl Log {
    /// Opens a log, or starts one, and waits for others to be done with it.
    ///
    /// # Errors
    /// When it cannot be read or written, or is not whole: nothing is added to a broken chain.
    pub fn open(path: &Path, waiting: impl FnOnce(&Path)) -> Result<Log, DocumentError> {
        let context = || format!("{}: the audit log cannot be opened for reading and adding", path.display());
        let mut file = File::options().read(true).append(true).create(true).open(path).of_file(path, context)?;
        lock(&file, path, waiting, File::try_lock, File::lock)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).of_file(path, context)?;
        let head = log::verify(&bytes, None).map_err(|error| broken(path, &error))?;
        Ok(Log { path: path.to_owned(), file, bytes, head })
    }

    /// Adds a line and lets others at the log again.
    ///
    /// # Errors
    /// When writing fails; what was written of the line is taken back.
    pub fn append(mut self, entry: Entry) -> Result<(), DocumentError> {
        let line = log::append(&self.bytes, entry).map_err(|error| broken(&self.path, &error))?;
        self.file.write_all(line.as_bytes()).and_then(|()| self.file.sync_data()).map_err(|error| {
            let _ = self.file.set_len(self.bytes.len() as u64);
            let message = format!("{}: the audit log cannot be added to", self.path.display());
            DocumentError::new(message).in_file(&self.path).because(error)
        })
    }
}

/// Locks the log, and says so when that means waiting for somebody else.
fn lock(
    file: &File,
    path: &Path,
    waiting: impl FnOnce(&Path),
    try_lock: impl Fn(&File) -> Result<(), TryLockError>,
    lock: impl Fn(&File) -> std::io::Result<()>,
) -> Result<(), DocumentError> {
    let cannot = || format!("{}: the audit log cannot be locked", path.display());
    match try_lock(file) {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            waiting(path);
            lock(file).of_file(path, cannot)
        }
        Err(TryLockError::Error(error)) => Err(error).of_file(path, cannot),
    }
}

/// The error of a log that is not whole.
pub fn broken(path: &Path, error: &log::LogError) -> DocumentError {
    DocumentError::mismatch(format!("{}: the audit log is not whole: {error}", path.display())).in_file(path)
}

/// The bytes of a log, read while nobody adds a line.
///
/// # Errors
/// When it cannot be read.
pub fn read(path: &Path, waiting: impl FnOnce(&Path)) -> Result<Vec<u8>, DocumentError> {
    let context = || format!("{}: the audit log cannot be read", path.display());
    let mut file = File::open(path).of_file(path, context)?;
    lock(&file, path, waiting, File::try_lock_shared, File::lock_shared)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).of_file(path, context)?;
    Ok(bytes)
}

/// A file that may be named by its digest: anything but original and control.
pub fn item(name: &str, sha256: &str) -> Item {
    Item { name: name.to_owned(), digest: Some(format!("sha256:{sha256}")) }
}

/// Original or control: named by its commitment, if there is one.
pub fn committed(name: &str, commitment: Option<&str>) -> Item {
    Item { name: name.to_owned(), digest: commitment.map(|commitment| format!("hmac-sha256:{commitment}")) }
}
