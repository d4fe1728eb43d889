//! Rows without any value: spreadsheets leave them behind, and they are no persons.

use super::ReadOptions;
use super::tokens::{Token, TokenColumn};

/// How programs write that there is no value. A row that holds nothing else says nothing, whatever one of these means in a
/// column with other values.
const NO_VALUE: [&str; 8] = ["NA", "N/A", "NaN", "NULL", "null", "<NA>", "None", "\\N"];

/// Takes the rows out in which no column has a value, and returns their numbers, from 0. That a key has one does not
/// count: it says whose the row is, and nothing about that person.
pub(super) fn remove(columns: &mut [TokenColumn], options: &ReadOptions) -> Vec<u32> {
    let mut saying: Vec<&TokenColumn> = columns.iter().filter(|column| !options.is_key(&column.name)).collect();
    // The column with the fewest empty cells leaves the fewest rows to look at.
    saying.sort_by_key(|column| column.counts[0]);
    let Some((first, others)) = saying.split_first() else { return Vec::new() };
    let empty = empty_tokens(first);
    let blank = |(row, code): (usize, &u32)| empty[*code as usize].then_some(row as u32);
    let mut rows: Vec<u32> = match empty.iter().zip(&first.counts).any(|(empty, rows)| *empty && *rows > 0) {
        true => first.codes.iter().enumerate().filter_map(blank).collect(),
        false => Vec::new(),
    };
    for column in others {
        if rows.is_empty() {
            return rows;
        }
        let empty = empty_tokens(column);
        rows.retain(|row| empty[column.codes[*row as usize] as usize]);
    }
    if !rows.is_empty() {
        columns.iter_mut().for_each(|column| column.remove_rows(&rows));
    }
    rows
}

/// Which tokens of a column are no values.
fn empty_tokens(column: &TokenColumn) -> Vec<bool> {
    let is_empty = |token: &Token| match token {
        Token::Missing | Token::NotFinite => true,
        Token::Text(text) => NO_VALUE.contains(&text.as_str()),
        _ => false,
    };
    column.tokens.iter().map(is_empty).collect()
}

/// The number in the file, from 0, of a row that was kept, when these were taken out.
pub(super) fn row_in_file(removed: &[u32], row: usize) -> usize {
    removed.iter().fold(row, |row, removed| row + usize::from(*removed as usize <= row))
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn kept_rows_keep_their_numbers() {
        let removed = [0, 3, 4, 8];
        let kept: Vec<usize> = (0..10).filter(|row| !removed.contains(&(*row as u32))).collect();
        let found: Vec<usize> = (0..kept.len()).map(|row| row_in_file(&removed, row)).collect();
        assert_eq!(found, kept);
    }
}
