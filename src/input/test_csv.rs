//! Delimited text against the reader of the `csv` crate, which shares no code with ours: the same cells, or a refusal.

use super::file::Request;
use super::tokens::{Token, TokenColumn};
use super::{ReadOptions, delimited};
use proptest::prelude::*;
use std::path::Path;

/// The cells of a text, row by row, and how many columns it has; `None` when it is refused.
fn ours(text: &str) -> Option<Vec<Vec<String>>> {
    let options = ReadOptions { delimiter: Some(','), ..ReadOptions::default() };
    let content = delimited::read(Request { path: Path::new("t"), options: &options }, text).ok()?;
    let cell = |column: &TokenColumn, row: usize| match &column.tokens[column.codes[row] as usize] {
        Token::Text(text) => text.to_string(),
        _ => String::new(),
    };
    Some((0..content.rows).map(|row| content.columns.iter().map(|column| cell(column, row)).collect()).collect())
}

/// The same by the other reader, without white space around cells. Our reader takes marks of byte order out of texts.
fn theirs(text: &str) -> Option<Vec<Vec<String>>> {
    let text = text.replace('\u{feff}', "");
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let records = reader.records().collect::<Result<Vec<_>, _>>().ok()?;
    let trimmed = |record: csv::StringRecord| record.iter().map(|cell| cell.trim_ascii().to_owned()).collect();
    Some(records.into_iter().map(trimmed).collect())
}

/// What a program would write of a cell, in quotes where it must be or likes to.
fn written(cell: &str, quoted: bool) -> String {
    if quoted || cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn what_programs_write_is_read_as_another_reader_reads_it(
        rows in prop::collection::vec(prop::collection::vec(("[ab1é,;\"\n ]{0,6}", any::<bool>()), 3), 1..12),
        crlf in any::<bool>(),
        last in any::<bool>(),
        mark in any::<bool>(),
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        // A row of nothing but empty cells still has its delimiters, and so is a row.
        let line = |cells: &Vec<(String, bool)>| {
            cells.iter().map(|(cell, quoted)| written(cell, *quoted)).collect::<Vec<_>>().join(",")
        };
        let lines: Vec<String> = rows.iter().map(line).collect();
        let mut text = format!("x,y,z{end}{}", lines.join(end));
        text += if last { end } else { "" };
        text = if mark { format!("\u{feff}{text}") } else { text };
        let found = ours(&text);
        prop_assert_eq!(&found, &theirs(&text), "{:?}", text);
        let plain: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|(cell, _)| cell.trim_ascii().to_owned()).collect()).collect();
        prop_assert_eq!(found, Some(plain));
    }

    #[test]
    fn any_text_is_read_as_another_reader_reads_it_or_refused(body in "[ab,\"\n]{0,40}(\r\n[ab,\"]{0,9}){0,4}") {
        let text = format!("x,y,z\n{body}");
        if let (Some(ours), Some(theirs)) = (ours(&text), theirs(&text)) {
            // A quote that opens no field is a character to both, but theirs takes quoted texts that go on after their end.
            prop_assert_eq!(ours, theirs, "{:?}", text);
        }
    }
}

#[test]
fn a_line_feed_a_quote_and_a_mark_are_read_by_both() {
    let text = "x,y,z\r\n\"a \"\"b\"\"\",\"1,5\",\"two\nlines\"\r\n\u{feff}é,,\r\n";
    let expected = [vec!["a \"b\"", "1,5", "two\nlines"], vec!["é", "", ""]];
    assert_eq!(
        ours(text),
        Some(expected.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect())
    );
    assert_eq!(ours(text), theirs(text));
}
