//! Which release row came from which original row, where a map of rows or the order of the rows says so.

use super::file::{self, RawTable};
use super::tokens::{Token, TokenColumn};
use super::{InputError, InputWarning, ReadOptions};
use reident_attacks::comparison::joined::{self, DEALS, Joined};
use reident_attacks::record_linkage::{self, Truth};
use reident_attacks::table::{Tables, TablesBuilder};
use std::path::Path;

/// Column of a map: a row of the release, from 0.
const RELEASED: &str = "released_row";
/// Column of a map: the row of the original that it came from, from 0.
const ORIGINAL: &str = "original_row";

/// Gives the builder the records that a map or the order of the rows tells.
///
/// # Errors
/// When more than one truth is given, the tables are not equally long where the order of rows is the truth, or a line of the map is
/// wrong.
pub(super) fn add_records(
    options: &ReadOptions,
    builder: &mut TablesBuilder,
    original: &RawTable,
    anonymized: &RawTable,
) -> Result<(), InputError> {
    let given = [options.record_key.is_some(), options.record_map.is_some(), options.row_aligned];
    if given.iter().filter(|given| **given).count() > 1 {
        return Err(InputError::SeveralTruths);
    }
    let (of_original, of_release) = (original.rows_in_file(), anonymized.rows_in_file());
    if options.row_aligned {
        let [rows, released] = [original, anonymized].map(|table| table.summary.rows + table.summary.blank_rows);
        if rows != released {
            let (path, original) = (anonymized.path().to_owned(), original.path().to_owned());
            return Err(InputError::NotAligned { path, original, rows, released });
        }
        // Rows without a value were left out of either table; the others keep their numbers in the file.
        builder.records(of_original, of_release);
    } else if let Some(path) = &options.record_map {
        let from = read(path, options, original, anonymized)?;
        builder.records(of_original, of_release.into_iter().map(|row| from[row as usize]).collect());
    }
    Ok(())
}

/// Reads a map: of each row in the release's file, the row in the original's; a number that no row has where the map is silent.
fn read(
    path: &Path,
    options: &ReadOptions,
    original: &RawTable,
    anonymized: &RawTable,
) -> Result<Vec<u32>, InputError> {
    let plain = ReadOptions { max_size: options.max_size, ..ReadOptions::default() };
    let map = file::read_file(path, &plain, "record map")?;
    let column = |name: &str| {
        map.column(name).ok_or_else(|| InputError::RecordMapColumns { path: path.to_owned(), column: name.to_owned() })
    };
    let (released, from) = (column(RELEASED)?, column(ORIGINAL)?);
    let length = |table: &RawTable| table.summary.rows + table.summary.blank_rows;
    // The header is the first line.
    let fault =
        |row: usize, what: String| InputError::RecordMap { path: path.to_owned(), line: map.data_row(row) + 1, what };
    let number = |column: &TokenColumn, row: usize, table: &RawTable, which: &str| -> Result<u32, InputError> {
        let value = match &column.tokens[column.codes[row] as usize] {
            Token::Text(text) => text.parse::<u32>().ok(),
            Token::Number(number) if number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(number) => {
                Some(*number as u32)
            }
            _ => None,
        };
        let Some(value) = value else {
            return Err(fault(row, format!("`{}` holds no row number", column.name)));
        };
        if value as usize >= length(table) {
            let rows = length(table);
            let what = format!("`{}` is beyond the {rows} rows of the {which}: rows are counted from 0", column.name);
            return Err(fault(row, what));
        }
        Ok(value)
    };
    let nobody = length(original) as u32;
    let mut of_row: Vec<u32> = (nobody..nobody + length(anonymized) as u32).collect();
    let mut is_mapped = vec![false; of_row.len()];
    for row in 0..map.rows() {
        let released = number(released, row, anonymized, "release")?;
        let from = number(from, row, original, "original")?;
        if std::mem::replace(&mut is_mapped[released as usize], true) {
            return Err(fault(row, format!("row {released} of the release stands in the map twice")));
        }
        of_row[released as usize] = from;
    }
    Ok(of_row)
}

/// Whether what says which release row is whose can be believed.
///
/// # Errors
/// When it joins nothing: then nothing that is scored by it could ever be found.
pub(super) fn believed(tables: &Tables) -> Result<Vec<InputWarning>, InputError> {
    let Some(truth) = Truth::known(tables) else { return Ok(Vec::new()) };
    let (rows, joined) = (tables.anonymized.rows(), truth.joined());
    if joined == 0 {
        return Err(InputError::NothingJoined { rows });
    }
    let mut warnings = Vec::new();
    if 2 * joined < rows {
        let message = format!(
            "What says which release row is whose gives {joined} of the {rows} rows of the release an original: what is scored by it is \
             undetermined, and no gate passes. Keys must be written alike in both tables, and a map must have a line for each row that came from somebody"
        );
        warnings.push(InputWarning::new("few_records_joined", message).table("anonymized").count(joined, rows));
    }
    let [right, wrong] = truth.of_equals(tables);
    let joined = joined::joined(tables);
    if 2 * (right + wrong) > rows && 10 * right < wrong {
        let message = format!(
            "What says which release row is whose is contradicted: of {} release rows that equal one row of the original and no other, it gives {wrong} to \
             somebody else. Nothing that is scored by it passes a gate",
            right + wrong
        );
        warnings.push(InputWarning::new("truth_contradicted", message).table("anonymized").count(wrong, right + wrong));
    } else if let Some(Joined { asked, right, wrong, .. }) = joined.filter(Joined::is_contradicted) {
        let message = format!(
            "What says which release row is whose is contradicted: of {asked} release rows, {} agree with one person more than strangers do, and it gives {wrong} \
             of them to somebody with whom they do not. Nothing that is scored by it passes a gate",
            right + wrong
        );
        warnings.push(InputWarning::new("truth_contradicted", message).table("anonymized").count(wrong, right + wrong));
    }
    if let Some(Joined { pairs, as_good, .. }) = joined.filter(|joined| !joined.is_supported()) {
        let message = format!(
            "What says which release row is whose is not borne out: the {pairs} pairs of rows that were looked at agree no more than rows dealt out by lot \
             ({as_good} of {DEALS} deals are as good). Either it joins the wrong rows, or the release keeps nothing of those whom it joins: the tables do not tell \
             which, and nothing that is scored by it passes a gate. Check the key or map; of a release that has no row of anybody, leave it out"
        );
        warnings.push(InputWarning::new("truth_not_borne_out", message).table("anonymized").count(as_good, DEALS));
    }
    Ok(warnings)
}

/// The remark that most rows stand where they stood, where nobody said so.
pub(super) fn in_place(tables: &Tables) -> Option<InputWarning> {
    let found =
        record_linkage::in_place(tables).filter(|found| found.follows() && tables.original.records.is_none())?;
    let message = format!(
        "{} of the {} rows of the release agree in most columns with the original's row in the same place. If each row came from that \
         row, say so with --row-aligned, and record linkage is played",
        found.agreeing, found.rows
    );
    Some(InputWarning::new("rows_in_place", message).table("anonymized").count(found.agreeing, found.rows))
}
