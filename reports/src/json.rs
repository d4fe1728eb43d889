//! Writing evidence and reading it back.

mod newer;
mod older;

use crate::evidence::{Evidence, FORMAT, Fault, SCHEMA};
use crate::visible::{make_visible, visible};
use thiserror::Error;

/// Why a file is no evidence that this version can read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Not JSON, or not of the evidence's shape.
    #[error("line {line}, column {column}: {message}")]
    Shape {
        /// Line of the text, from 1.
        line: usize,
        /// Column of the line, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// Another format.
    #[error("the file says it is `{found}`; this version reads `{SCHEMA}`")]
    Schema {
        /// The file's `schema`.
        found: String,
    },
    /// A newer version of this format.
    #[error(
        "the file says it is `{found}`, made by reident {version}: read it with that version or a later one; this version reads \
         `{SCHEMA}` up to format {FORMAT}"
    )]
    Newer {
        /// The file's `schema`, and its `format` where that is the reason.
        found: String,
        /// The program that made it.
        version: String,
    },
    /// A part that cannot be as it is.
    #[error("at `{path}`: {message}")]
    Invalid {
        /// JSON pointer (RFC 6901) to the part.
        path: String,
        /// What is wrong with it.
        message: String,
    },
}

/// The evidence as JSON: two spaces of indentation, keys in the order of the types, a line break at the end.
pub fn write(evidence: &Evidence) -> String {
    let mut text = serde_json::to_string_pretty(evidence).expect("evidence holds only finite numbers and text keys");
    text.push('\n');
    text
}

/// Reads evidence of this minor version, of earlier ones, and of newer ones as far as it is known: see `docs/evidence.md`. Control characters and their like in its texts are written out, so that nothing made from it can hold
/// them.
///
/// # Errors
/// When the text is not JSON, lacks a field, has an unknown one, is of another version, or holds figures that cannot have
/// come from a run of the attacks ([`Evidence::validate`]).
pub fn read(text: &str) -> Result<Evidence, ReadError> {
    let shape = |error: serde_json::Error| ReadError::Shape {
        line: error.line(),
        column: error.column(),
        message: error.to_string(),
    };
    let mut value: serde_json::Value = serde_json::from_str(text).map_err(shape)?;
    let found = value.get("schema").and_then(serde_json::Value::as_str);
    if found != Some(SCHEMA) {
        let found = visible(found.unwrap_or("something without a schema")).into_owned();
        let major = found.strip_prefix("reident/evidence/v").and_then(|major| major.parse::<u32>().ok());
        return Err(match major {
            Some(major) if major > 1 => ReadError::Newer { found, version: made_by(&value) },
            _ => ReadError::Schema { found },
        });
    }
    let format = value.get("format").and_then(serde_json::Value::as_u64).unwrap_or(0);
    // What reident wrote holds nothing hidden; what somebody else wrote may.
    let changed = make_visible(&mut value);
    let evidence: Evidence = if format > u64::from(FORMAT) {
        let version = made_by(&value);
        let unknown = newer::without_unknown(&mut value);
        // A known field with a value that this version does not know, an attack or a status, cannot be left out.
        let read = serde_json::from_value(value);
        let mut evidence: Evidence =
            read.map_err(|_| ReadError::Newer { found: format!("{SCHEMA}, format {format}"), version })?;
        evidence.unknown = unknown;
        evidence
    } else if value.get("format").is_some() {
        if changed { serde_json::from_value(value) } else { serde_json::from_str(text) }.map_err(shape)?
    } else {
        older::from_0(&mut value)?;
        let mut evidence: Evidence = serde_json::from_value(value).map_err(shape)?;
        evidence.format = FORMAT;
        evidence
    };
    evidence.validate().map_err(|Fault { path, message }| ReadError::Invalid { path, message })?;
    Ok(evidence)
}

/// The version of the program that made a file, as it says.
fn made_by(evidence: &serde_json::Value) -> String {
    let version = evidence.pointer("/tool/version").and_then(serde_json::Value::as_str);
    visible(version.unwrap_or("of an unknown version")).into_owned()
}

/// The JSON Schema of the evidence, as kept in `schema/evidence-v1.json`.
pub fn schema() -> String {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(Evidence)).expect("a schema is plain JSON");
    text.push('\n');
    text
}
