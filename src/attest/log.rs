//! The audit log as a file, and `reident log verify`.

use super::args::{AuditArgs, LogCommand};
use crate::exit::Mismatch;
use crate::{evaluate, output};
use anyhow::{Context, Result};
use reident_reports::attest::digest::sha256;
use reident_reports::attest::log::{self, Entry, Head, Item};
use reident_reports::check::CheckResult;
use reident_reports::evidence::Evidence;
use serde::Serialize;
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
    pub fn open(path: &Path) -> Result<Log> {
        let context = || format!("{}: the audit log cannot be opened for reading and adding", path.display());
        let mut file = File::options().read(true).append(true).create(true).open(path).with_context(context)?;
        lock(&file, path, File::try_lock, File::lock)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).with_context(context)?;
        let head = log::verify(&bytes, None).map_err(|error| broken(path, &error))?;
        Ok(Log { path: path.to_owned(), file, bytes, head })
    }

    /// Adds a line and lets others at the log again.
    ///
    /// # Errors
    /// When writing fails; what was written of the line is taken back.
    pub fn append(mut self, entry: Entry) -> Result<()> {
        let line = log::append(&self.bytes, entry).map_err(|error| broken(&self.path, &error))?;
        self.file.write_all(line.as_bytes()).and_then(|()| self.file.sync_data()).map_err(|error| {
            let _ = self.file.set_len(self.bytes.len() as u64);
            anyhow::Error::new(error).context(format!("{}: the audit log cannot be added to", self.path.display()))
        })
    }
}

/// Locks the log, and says so when that means waiting for somebody else.
fn lock(
    file: &File,
    path: &Path,
    try_lock: impl Fn(&File) -> Result<(), TryLockError>,
    lock: impl Fn(&File) -> std::io::Result<()>,
) -> Result<()> {
    let cannot = || format!("{}: the audit log cannot be locked", path.display());
    match try_lock(file) {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            eprintln!("waiting for another program that writes to the audit log {}", path.display());
            lock(file).with_context(cannot)
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(cannot),
    }
}

fn broken(path: &Path, error: &log::LogError) -> anyhow::Error {
    Mismatch(format!("{}: the audit log is not whole: {error}", path.display())).into()
}

/// The bytes of a log, read while nobody adds a line.
///
/// # Errors
/// When it cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let context = || format!("{}: the audit log cannot be read", path.display());
    let mut file = File::open(path).with_context(context)?;
    lock(&file, path, File::try_lock_shared, File::lock_shared)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).with_context(context)?;
    Ok(bytes)
}

/// Adds one line to a log.
///
/// # Errors
/// When the log cannot be read or written, or is not whole.
pub fn record(path: &Path, entry: Entry) -> Result<()> {
    Log::open(path)?.append(entry)
}

/// What is recorded of an action that happens now. Of the parameters only the digest of their compact JSON is kept.
///
/// # Errors
/// When the parameters are not JSON.
pub fn entry(
    audit: &AuditArgs,
    action: &str,
    parameters: &impl Serialize,
    inputs: Vec<Item>,
    outputs: Vec<Item>,
) -> Result<Entry> {
    let from_environment = || ["USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
    Ok(Entry {
        time: evaluate::now(),
        actor: audit.actor.clone().or_else(from_environment).unwrap_or_else(|| "unknown".to_owned()),
        action: action.to_owned(),
        parameters_sha256: sha256(&serde_json::to_vec(parameters).context("parameters for the audit log")?),
        inputs,
        outputs,
    })
}

/// A file that may be named by its digest: anything but original and control.
pub fn item(name: &str, sha256: &str) -> Item {
    Item { name: name.to_owned(), digest: Some(format!("sha256:{sha256}")) }
}

/// Original or control: named by its commitment, if there is one.
pub fn committed(name: &str, commitment: Option<&str>) -> Item {
    Item { name: name.to_owned(), digest: commitment.map(|commitment| format!("hmac-sha256:{commitment}")) }
}

/// Records `evaluate`. The resolved parameters are the evidence's settings and attackers.
///
/// # Errors
/// When the log cannot be read or written, or is not whole.
pub fn record_evaluate(audit: &AuditArgs, evidence: &Evidence, text: &str) -> Result<()> {
    let Some(path) = &audit.audit_log else { return Ok(()) };
    let attackers: Vec<_> = evidence.attacks.iter().map(|attack| &attack.attacker).collect();
    let mut inputs = vec![committed("original", None)];
    inputs.extend(evidence.inputs.anonymized.sha256.iter().map(|digest| item("anonymized", digest)));
    inputs.extend(evidence.inputs.control.iter().map(|_| committed("control", None)));
    let outputs = vec![item("evidence", &sha256(text.as_bytes()))];
    record(path, entry(audit, "evaluate", &(&evidence.settings, attackers), inputs, outputs)?)
}

/// Records `check`: which evidence was judged by which policy, overrides included, and the result.
///
/// # Errors
/// When the log cannot be read or written, or is not whole.
pub fn record_check(audit: &AuditArgs, evidence: &[u8], baseline: Option<&[u8]>, result: &CheckResult) -> Result<()> {
    let Some(path) = &audit.audit_log else { return Ok(()) };
    let mut inputs = vec![item("evidence", &sha256(evidence))];
    inputs.extend(baseline.map(|baseline| item("baseline", &sha256(baseline))));
    let text = serde_json::to_vec(result).context("the check's result for the audit log")?;
    record(path, entry(audit, "check", &result.policy, inputs, vec![item("result", &sha256(&text))])?)
}

/// Runs `reident log`.
///
/// # Errors
/// When the log cannot be read or is not whole.
pub fn run(command: &LogCommand) -> Result<()> {
    let LogCommand::Verify { file, head } = command;
    let found = log::verify(&read(file)?, head.as_ref()).map_err(|error| broken(file, &error))?;
    let note = match head {
        Some(head) => format!("the noted head after entry {} is among them", head.entries),
        None => "no head was given, so a cut end would not show: note this one elsewhere".to_owned(),
    };
    output::print(&format!("{} entries, none changed; {note}\nhead {}:{}\n", found.entries, found.entries, found.hash));
    Ok(())
}

/// Reads `ENTRIES:HASH`.
///
/// # Errors
/// When the text is anything else.
pub fn head(text: &str) -> Result<Head, String> {
    let wrong = || "give the number of entries, a colon and the hash of 64 lower-case hexadecimal digits".to_owned();
    let (entries, hash) = text.split_once(':').ok_or_else(wrong)?;
    let digits = hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let entries = entries.parse().ok().filter(|_| digits).ok_or_else(wrong)?;
    Ok(Head { entries, hash: hash.to_owned() })
}
