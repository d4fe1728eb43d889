//! The attacks of signed evidence, run again.

use crate::evaluate::{self, Options};
use crate::input::Sources;
use crate::settings::Settings;
use anyhow::{Result, bail};
use reident_reports::evidence::Tool;
use reident_reports::json;

/// What running the attacks again gave.
pub struct Again {
    /// The evidence, under the name of the program that made the signed one.
    pub evidence: String,
    /// That program, when it is not this one.
    pub other_program: Option<Tool>,
}

/// Runs the attacks that evidence has on record.
///
/// # Errors
/// When the tables cannot be read as the evidence says, or lack what it names.
pub fn run(signed: &str, sources: &Sources, quiet: bool) -> Result<Again> {
    let signed = json::read(signed)?;
    let program = signed.tool.clone();
    let settings = Settings::recorded(signed)?;
    let options = Options { quiet, reproducible: true, keep_hits: false, explain: false };
    let mut evidence = evaluate::files(sources, &settings, options)?.evidence;
    let other_program = (evidence.tool != program).then(|| program.clone());
    evidence.tool = program;
    Ok(Again { evidence: json::write(&evidence), other_program })
}

/// Refuses to run again without a table that was there, or with one that was not.
///
/// # Errors
/// When the control is missing or too many.
pub fn check_tables(signed: &str, sources: &Sources) -> Result<()> {
    match (json::read(signed)?.inputs.control.is_some(), sources.control.is_some()) {
        (true, false) => bail!("the evidence was made with a control: --rerun needs it, give --control"),
        (false, true) => bail!("the evidence was made without a control: leave --control out of --rerun"),
        _ => Ok(()),
    }
}
