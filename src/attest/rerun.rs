//! The attacks of signed evidence, run again.

use crate::document::DocumentError;
use crate::evaluation::{self, EvaluateError, Options, Progress};
use crate::input::Sources;
use crate::settings::{Settings, SettingsError};
use reident_reports::evidence::{Evidence, Tool};
use reident_reports::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What running the attacks again gave.
pub struct Again {
    /// The evidence, under the name of the program that made the signed one.
    pub evidence: String,
    /// That program, when it is not this one.
    pub other_program: Option<Tool>,
}

/// Runs the attacks that evidence has on record, given the files of its hierarchies by their columns. `record_map` is where the map of
/// rows lies now, where there was one.
///
/// # Errors
/// When the tables cannot be read as the evidence says, or lack what it names, or the hierarchies are other ones.
pub fn run(
    signed: Evidence,
    sources: &Sources,
    record_map: Option<&Path>,
    earlier: Vec<PathBuf>,
    hierarchies: BTreeMap<String, PathBuf>,
    progress: &dyn Progress,
) -> Result<Again, EvaluateError> {
    let program = signed.tool.clone();
    let recorded = signed.settings.hierarchies.clone();
    let settings =
        Settings::recorded(signed, hierarchies)?.with_record_map(record_map.map(Path::to_owned)).with_earlier(earlier);
    let options = Options { reproducible: true, ..Options::default() };
    let mut evidence = evaluation::evaluate(sources, &settings, options, progress)?.evidence;
    let is_other = |column: &&String| evidence.settings.hierarchies.get(*column) != recorded.get(*column);
    if let Some(column) = recorded.keys().find(is_other) {
        let message =
            format!("the hierarchy of `{column}` is another file than the one that the evidence was made with");
        return Err(SettingsError::new(message).into());
    }
    let other_program = (evidence.tool != program).then(|| program.clone());
    evidence.tool = program;
    Ok(Again { evidence: json::write(&evidence), other_program })
}

/// Refuses to run again without a table that was there, or with one that was not.
///
/// # Errors
/// When the control, the population file, the record map or an earlier release is missing or too many.
pub fn check_tables(
    signed: &Evidence,
    sources: &Sources,
    record_map: Option<&Path>,
    earlier: &[PathBuf],
) -> Result<(), DocumentError> {
    if signed.inputs.earlier.len() != earlier.len() {
        let message = format!(
            "the evidence was made with {} earlier releases: --rerun needs as many, in the same order; give --earlier-release for each",
            signed.inputs.earlier.len()
        );
        return Err(DocumentError::new(message));
    }
    let given = [
        ("record map", "record-map", signed.settings.record_map, record_map.is_some()),
        ("population file", "population", signed.inputs.population.is_some(), sources.population.is_some()),
        ("control", "control", signed.inputs.control.is_some(), sources.control.is_some()),
    ];
    for (what, argument, then, now) in given {
        let message = match (then, now) {
            (true, false) => format!("the evidence was made with a {what}: --rerun needs it, give --{argument}"),
            (false, true) => format!("the evidence was made without a {what}: leave --{argument} out of --rerun"),
            _ => continue,
        };
        return Err(DocumentError::new(message));
    }
    Ok(())
}
