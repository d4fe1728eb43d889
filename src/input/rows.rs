//! The shape of a delimited text: every row has as many fields as the header.
//!
//! The parser fills short rows with nulls and is lenient about quotes. Shifted columns would be attacked as if they were
//! data, so the shape is checked strictly (RFC 4180) before the text is parsed.

use super::InputError;
use std::path::Path;

const QUOTE: u8 = b'"';

/// What the check found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Rows, without the header.
    pub(super) rows: usize,
    /// Whether any field is quoted.
    pub(super) quoted: bool,
}

/// Splits the header off: its fields, and the position of the first row.
pub(super) fn header(path: &Path, text: &str, delimiter: u8) -> Result<(Vec<String>, usize), InputError> {
    let bytes = text.as_bytes();
    let mut scan = Scan { path, bytes, delimiter, at: 0, line: 1, quoted: false, stray: None };
    let mut names = Vec::new();
    loop {
        let start = scan.at;
        let end = scan.field()?;
        let field = text[start..end].trim_matches(|c: char| c.is_ascii_whitespace());
        let unquoted = field.strip_prefix('"').and_then(|field| field.strip_suffix('"'));
        names.push(unquoted.map_or(field.to_owned(), |field| field.replace("\"\"", "\"").trim().to_owned()));
        if !scan.more_fields(end) {
            return Ok((names, scan.at));
        }
    }
}

/// Checks every row after the header, which has `expected` fields and ends at `start`.
pub(super) fn check(
    path: &Path,
    text: &str,
    start: usize,
    delimiter: u8,
    expected: usize,
) -> Result<Shape, InputError> {
    let bytes = text.as_bytes();
    let line = 1 + memchr::memchr_iter(b'\n', &bytes[..start]).count();
    if memchr::memchr(QUOTE, &bytes[start..]).is_none() {
        return check_unquoted(path, bytes, start, line, delimiter, expected);
    }
    let mut scan = Scan { path, bytes, delimiter, at: start, line, quoted: false, stray: None };
    let mut rows = 0;
    while scan.at < bytes.len() {
        let line = scan.line;
        let mut found = 1;
        loop {
            let end = scan.field()?;
            if !scan.more_fields(end) {
                break;
            }
            found += 1;
        }
        if found != expected {
            return Err(InputError::RaggedRow { path: path.to_owned(), line, found, expected });
        }
        rows += 1;
    }
    match scan.stray {
        Some(line) if scan.quoted => {
            Err(InputError::Quote { path: path.to_owned(), line, what: "a quote stands inside an unquoted field" })
        }
        _ => Ok(Shape { rows, quoted: scan.quoted }),
    }
}

/// The same without a quote in the text: count delimiters between line breaks.
fn check_unquoted(
    path: &Path,
    bytes: &[u8],
    start: usize,
    first_line: usize,
    delimiter: u8,
    expected: usize,
) -> Result<Shape, InputError> {
    let body = &bytes[start..];
    let (mut found, mut rows) = (1, 0);
    let ragged =
        |rows, found| Err(InputError::RaggedRow { path: path.to_owned(), line: first_line + rows, found, expected });
    for at in memchr::memchr2_iter(delimiter, b'\n', body) {
        if body[at] == delimiter {
            found += 1;
        } else {
            if found != expected {
                return ragged(rows, found);
            }
            rows += 1;
            found = 1;
        }
    }
    if body.last().is_some_and(|last| *last != b'\n') {
        if found != expected {
            return ragged(rows, found);
        }
        rows += 1;
    }
    Ok(Shape { rows, quoted: false })
}

struct Scan<'a> {
    path: &'a Path,
    bytes: &'a [u8],
    delimiter: u8,
    at: usize,
    /// Line of `at`, from 1.
    line: usize,
    /// Whether a quoted field was met.
    quoted: bool,
    /// Line of the first quote inside an unquoted field.
    stray: Option<usize>,
}

impl Scan<'_> {
    /// Moves from the start of a field to the delimiter or line break behind it, and returns that position.
    fn field(&mut self) -> Result<usize, InputError> {
        if self.bytes.get(self.at) == Some(&QUOTE) {
            self.quoted_field()?;
        } else {
            let mut from = self.at;
            loop {
                match memchr::memchr3(self.delimiter, b'\n', QUOTE, &self.bytes[from..]) {
                    Some(found) if self.bytes[from + found] == QUOTE => {
                        self.stray.get_or_insert(self.line);
                        from += found + 1;
                    }
                    Some(found) => {
                        self.at = from + found;
                        break;
                    }
                    None => {
                        self.at = self.bytes.len();
                        break;
                    }
                }
            }
        }
        Ok(self.at)
    }

    fn quoted_field(&mut self) -> Result<(), InputError> {
        self.quoted = true;
        let begin = self.line;
        let mut at = self.at + 1;
        loop {
            let Some(found) = memchr::memchr2(QUOTE, b'\n', &self.bytes[at..]) else {
                return Err(InputError::UnclosedQuote { path: self.path.to_owned(), line: begin });
            };
            at += found + 1;
            if self.bytes[at - 1] == b'\n' {
                self.line += 1;
            } else if self.bytes.get(at) == Some(&QUOTE) {
                at += 1;
            } else {
                break;
            }
        }
        if self.bytes.get(at) == Some(&b'\r') && matches!(self.bytes.get(at + 1), None | Some(b'\n')) {
            at += 1;
        }
        self.at = at;
        match self.bytes.get(at) {
            None | Some(b'\n') => Ok(()),
            Some(byte) if *byte == self.delimiter => Ok(()),
            Some(_) => Err(InputError::Quote {
                path: self.path.to_owned(),
                line: self.line,
                what: "text follows the closing quote of a field",
            }),
        }
    }

    /// Steps over what ends a field; whether the row goes on.
    fn more_fields(&mut self, end: usize) -> bool {
        match self.bytes.get(end) {
            None => false,
            Some(b'\n') => {
                self.at = end + 1;
                self.line += 1;
                false
            }
            Some(_) => {
                self.at = end + 1;
                true
            }
        }
    }
}
