//! `reident log`: whether an audit log is whole.

use super::audit::waiting;
use super::output;
use crate::attest::log::{broken, read};
use anyhow::Result;
use clap::Subcommand;
use reident_reports::attest::log::{self, Head};
use std::path::PathBuf;

/// `reident log`.
#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// Check that nothing in a log was changed, removed, inserted or moved
    Verify {
        /// The log
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Where the log ended when it was last seen, as this command prints it: tells whether its end was cut off
        #[arg(long, value_name = "ENTRIES:HASH", value_parser = head)]
        head: Option<Head>,
    },
}

/// Runs `reident log`.
///
/// # Errors
/// When the log cannot be read or is not whole.
pub fn run(command: &LogCommand) -> Result<()> {
    let LogCommand::Verify { file, head } = command;
    let found = log::verify(&read(file, waiting)?, head.as_ref()).map_err(|error| broken(file, &error))?;
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
fn head(text: &str) -> Result<Head, String> {
    let wrong = || "give the number of entries, a colon and the hash of 64 lower-case hexadecimal digits".to_owned();
    let (entries, hash) = text.split_once(':').ok_or_else(wrong)?;
    let digits = hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let entries = entries.parse().ok().filter(|_| digits).ok_or_else(wrong)?;
    Ok(Head { entries, hash: hash.to_owned() })
}
