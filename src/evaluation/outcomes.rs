//! Who was hit by whom, for comparisons target by target.
//!
//! Evidence holds counts only. To compare two releases of one original person by person, either run also keeps one bit per
//! target and attacker, in the order of the original's rows. The file says which rows are at risk, so it belongs with
//! the original and not with the evidence.

use crate::document::DocumentError;
use reident_attacks::attack::HitRows;
use reident_attacks::evaluation::Evaluation;
use serde::{Deserialize, Serialize};
use std::path::Path;

const SCHEMA: &str = "reident/outcomes/v1";

/// The file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    attackers: Vec<Option<Bits>>,
}

/// One attacker's targets: `1` for a hit, `0` for none.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bits {
    main: String,
    control: Option<String>,
}

/// One attacker's targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcomes {
    /// Targets of the original.
    pub main: Vec<bool>,
    /// Targets of the control.
    pub control: Option<Vec<bool>>,
}

/// The outcomes of a run that kept them, as text: one entry per attacker, null where there are no targets.
pub fn write(results: &Evaluation) -> String {
    let text = |hits: &HitRows| hits.hits().map(|hit| if hit { '1' } else { '0' }).collect::<String>();
    let attackers = results.attackers.iter().map(|result| {
        let hits = result.hits.as_ref().filter(|hits| hits.are_attempts)?;
        Some(Bits { main: text(&hits.main), control: hits.control.as_ref().map(text) })
    });
    let file = File { schema: SCHEMA.to_owned(), attackers: attackers.collect() };
    let mut text = serde_json::to_string_pretty(&file).expect("texts and nulls are plain JSON");
    text.push('\n');
    text
}

/// Reads outcomes, one entry per attacker.
///
/// # Errors
/// When the file cannot be read or is none of this kind.
pub fn read(path: &Path) -> Result<Vec<Option<Outcomes>>, DocumentError> {
    let shown = path.display();
    let wrong = |message: String| DocumentError::new(message).in_file(path);
    let text = std::fs::read_to_string(path).map_err(|error| wrong(format!("cannot read {shown}: {error}")))?;
    let file: File = serde_json::from_str(&text).map_err(|error| wrong(format!("{shown}: {error}")))?;
    if file.schema != SCHEMA {
        return Err(wrong(format!("{shown} is no file of outcomes; `evaluate --outcomes` writes one")));
    }
    let bits = |text: &String| -> Result<Vec<bool>, DocumentError> {
        let bit = |character: char| match character {
            '0' => Ok(false),
            '1' => Ok(true),
            _ => Err(wrong(format!("{shown}: outcomes are 0 or 1"))),
        };
        text.chars().map(bit).collect()
    };
    let one = |entry: &Option<Bits>| -> Result<Option<Outcomes>, DocumentError> {
        let Some(entry) = entry else { return Ok(None) };
        Ok(Some(Outcomes { main: bits(&entry.main)?, control: entry.control.as_ref().map(bits).transpose()? }))
    };
    file.attackers.iter().map(one).collect()
}
