//! Judging evidence: policies and evidence from files, and the runs that are compared person by person.

use crate::document::{DocumentError, OfFile};
use crate::evaluation::outcomes::Outcomes;
pub use reident_reports::check::{CheckResult, Policy, check, check_in, check_with_baseline};
use reident_reports::check::{PairedOutcomes, PairedRun, profiles};
use reident_reports::digest::sha256;
use reident_reports::evidence::Evidence;
use std::collections::BTreeMap;
use std::path::Path;

fn wrong(message: String, path: &Path) -> DocumentError {
    DocumentError::new(message).in_file(path)
}

/// A policy from a file, or by its name, with some values changed.
///
/// A name means the policy that comes with the program, whatever files lie about: a file needs a `/` or ends in `.toml`.
///
/// # Errors
/// When it cannot be read, is no policy, or a change cannot be applied.
pub fn policy(file_or_name: &str, overrides: &[String]) -> Result<Policy, DocumentError> {
    let path = Path::new(file_or_name);
    let mut policy = if file_or_name.contains(['/', '\\']) || file_or_name.ends_with(".toml") {
        let text = std::fs::read_to_string(path).of_file(path, || format!("cannot read the policy {file_or_name}"))?;
        Policy::parse(&text, file_or_name).map_err(|error| DocumentError::of(error).in_file(path))?
    } else {
        profiles::policy(file_or_name).map_err(|error| match path.is_file() {
            true => DocumentError::new(format!("{error}; to use the file of that name, write ./{file_or_name}"))
                .in_file(path),
            false => DocumentError::of(error),
        })?
    };
    for text in overrides {
        policy.override_with(text).map_err(DocumentError::of)?;
    }
    Ok(policy)
}

/// Reads evidence.
///
/// # Errors
/// When it cannot be read or is no evidence of this version.
pub fn evidence(path: &Path) -> Result<Evidence, DocumentError> {
    parsed(&read(path)?, path)
}

/// The bytes of evidence.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, DocumentError> {
    std::fs::read(path).map_err(|error| wrong(format!("cannot read the evidence {}: {error}", path.display()), path))
}

/// Evidence from the bytes of a file, which are read once: what is judged is what a log names.
///
/// # Errors
/// When it is no evidence of this version.
pub fn parsed(bytes: &[u8], path: &Path) -> Result<Evidence, DocumentError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| wrong(format!("{}: the evidence is no UTF-8 text", path.display()), path))?;
    reident_reports::json::read(text).map_err(|error| wrong(format!("{}: {error}", path.display()), path))
}

/// Refuses a file that is not the release of the evidence.
///
/// # Errors
/// When it cannot be read, or is another file.
pub fn same_release(evidence: &Evidence, file: &Path) -> Result<(), DocumentError> {
    let bytes = std::fs::read(file).of_file(file, || format!("cannot read {}", file.display()))?;
    let shown = file.display();
    match &evidence.inputs.anonymized.sha256 {
        None => {
            let message = format!(
                "the evidence names no digest of its release, so {shown} cannot be tied to it; run evaluate again"
            );
            Err(wrong(message, file))
        }
        Some(digest) if *digest != sha256(&bytes) => {
            let message = format!("{shown} is not the release that the evidence is about: its SHA-256 differs");
            Err(DocumentError::mismatch(message).in_file(file))
        }
        Some(_) => Ok(()),
    }
}

/// Pairs the outcomes of the attackers that both runs have, where both runs attacked the same rows.
pub fn paired<'a>(
    new: &Evidence,
    old: &Evidence,
    new_outcomes: &'a [Option<Outcomes>],
    old_outcomes: &'a [Option<Outcomes>],
) -> BTreeMap<usize, PairedRun<'a>> {
    let same_targets = new.settings.seed == old.settings.seed
        && new.settings.attacks == old.settings.attacks
        && new.inputs.original.rows == old.inputs.original.rows
        && new.inputs.control.as_ref().map(|table| table.rows) == old.inputs.control.as_ref().map(|table| table.rows);
    if !same_targets {
        return BTreeMap::new();
    }
    let pair = |(at, attack): (usize, &_)| {
        let attack: &reident_reports::evidence::Attack = attack;
        let before = old
            .attacks
            .iter()
            .position(|other| (other.attack, &other.attacker) == (attack.attack, &attack.attacker))?;
        let new = new_outcomes.get(at)?.as_ref()?;
        let old = old_outcomes.get(before)?.as_ref()?;
        let main = PairedOutcomes { old: &old.main, new: &new.main };
        let control = old.control.as_ref().zip(new.control.as_ref());
        Some((at, PairedRun { main, control: control.map(|(old, new)| PairedOutcomes { old, new }) }))
    };
    new.attacks.iter().enumerate().filter_map(pair).collect()
}
