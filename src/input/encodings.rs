//! The encodings of several files, judged together.
//!
//! The same name in two encodings that were not both recognized rightly is two names, and whatever is compared then differs.

use super::file::{self, RawTable};
use super::legacy::{self, Legacy};
use super::{InputError, InputWarning, ReadOptions, source, text};
use std::collections::HashSet;
use std::path::Path;

/// A file of a run, with what remarks call it.
pub(super) type Read<'a> = (&'a mut RawTable, &'a str);

/// Sees that guessed encodings fit each other, reads files anew whose guess does not, and returns a remark when the files differ.
///
/// # Errors
/// When no encoding fits all files whose encoding was guessed, or when the letters that a guess makes are not those of the
/// other files.
pub(super) fn agree(tables: &mut [Read<'_>], options: &ReadOptions) -> Result<Option<InputWarning>, InputError> {
    let differ = |tables: &[Read<'_>]| {
        let mut found = tables.iter().filter_map(|(table, _)| table.summary.encoding);
        let first = found.next();
        found.any(|other| Some(other) != first)
    };
    if !differ(tables) {
        return Ok(None);
    }
    let content = |(table, _): &Read<'_>| match table.summary.encoding {
        Some(_) => bytes(table.path(), options),
        None => Ok(Vec::new()), // no text
    };
    let contents = tables.iter().map(content).collect::<Result<Vec<_>, _>>()?;
    let guessed: Vec<usize> = (0..tables.len()).filter(|at| is_legacy_guess(tables[*at].0)).collect();
    let encodings: HashSet<_> = guessed.iter().filter_map(|at| tables[*at].0.summary.encoding).collect();
    if encodings.len() > 1 {
        let together: Vec<u8> = guessed.iter().flat_map(|at| contents[*at].iter().copied()).collect();
        let Legacy::Sure(encoding) = legacy::recognize(&together) else { return Err(unclear(tables, guessed[0])) };
        let options = ReadOptions { encoding: Some(encoding.name().to_owned()), ..options.clone() };
        for at in guessed.iter().copied() {
            let (table, role) = &mut tables[at];
            if !table.summary.encoding.is_some_and(|found| found.eq_ignore_ascii_case(encoding.name())) {
                let sha256 = table.summary.sha256.take();
                **table = file::read_file(table.path(), &options, role)?;
                table.summary.sha256 = sha256;
            }
        }
    }
    let letters = |at: usize| -> Result<Vec<char>, InputError> {
        let (table, _) = &tables[at];
        let decoded = text::decode(table.path(), &contents[at], table.summary.encoding)?;
        Ok(decoded.text.chars().filter(|letter| !letter.is_ascii() && letter.is_alphabetic()).collect())
    };
    let mut known = HashSet::new();
    for at in (0..tables.len()).filter(|at| !guessed.contains(at) && tables[*at].0.summary.encoding.is_some()) {
        known.extend(letters(at)?);
    }
    for at in guessed {
        let letters = letters(at)?;
        let shared = letters.iter().filter(|letter| known.contains(letter)).count();
        if !known.is_empty() && 2 * shared < letters.len() {
            return Err(unclear(tables, at));
        }
    }
    let said = tables.iter().filter_map(|(table, role)| Some(format!("{role} in {}", table.summary.encoding?)));
    let said = said.collect::<Vec<_>>().join(", ");
    Ok(differ(tables)
        .then(|| InputWarning::new("encodings_differ", format!("the files are in different encodings: {said}"))))
}

/// Whether the encoding of a file was told from its letters.
fn is_legacy_guess(table: &RawTable) -> bool {
    table.guessed && table.summary.encoding.is_some_and(|encoding| !encoding.starts_with("UTF"))
}

fn unclear(tables: &[Read<'_>], at: usize) -> InputError {
    let (table, _) = &tables[at];
    InputError::EncodingsDiffer { path: table.path().to_owned(), encoding: table.summary.encoding.unwrap_or("UTF-8") }
}

fn bytes(path: &Path, options: &ReadOptions) -> Result<Vec<u8>, InputError> {
    let raw = source::read(path)?;
    Ok(source::open(path, &raw, options.max_size)?.content.into_owned())
}
