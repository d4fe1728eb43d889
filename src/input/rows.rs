//! The rows of a delimited text and the bounds of their fields.
//!
//! Shifted columns would be attacked as if they were data, so the shape is read strictly (RFC 4180): every row has as many
//! fields as the header, and what is quoted is quoted whole. In a text without a single quoted field a quote is a
//! character like any other.

use super::InputError;
use std::ops::Range;
use std::path::Path;

const QUOTE: u8 = b'"';

/// A delimited text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) text: &'a str,
    pub(super) delimiter: u8,
}

/// Where the value of a field stands, in two words: there are many, and they are gone through more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field {
    start: usize,
    /// Length of its bytes, without the quotes around it, and above that whether it holds quotes, each of them doubled.
    length: usize,
}

/// Above the length of a field that holds quotes. No text is so long.
const DOUBLED: usize = 1 << (usize::BITS - 1);

impl Field {
    fn new(span: Range<usize>, doubled: bool) -> Field {
        Field { start: span.start, length: (span.end - span.start) | if doubled { DOUBLED } else { 0 } }
    }

    /// Its bytes, without the quotes around it.
    #[inline]
    pub(super) fn span(self) -> Range<usize> {
        self.start..self.start + (self.length & !DOUBLED)
    }

    /// Whether it holds quotes, each of them doubled.
    #[inline]
    pub(super) fn is_doubled(self) -> bool {
        self.length & DOUBLED != 0
    }
}

/// What some rows were found to be, besides their fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) rows: usize,
    /// The position after the last row.
    pub(super) end: usize,
    /// Whether any field is quoted.
    pub(super) quoted: bool,
    /// The first quote inside an unquoted field.
    pub(super) stray: Option<usize>,
}

/// What is wrong with a text, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    at: usize,
    what: Wrong,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Ragged { found: usize, expected: usize },
    Unclosed,
    AfterQuote,
    Stray,
}

impl Fault {
    /// A quote inside an unquoted field, in a text that has quoted ones.
    pub(super) fn stray(at: usize) -> Fault {
        Fault { at, what: Wrong::Stray }
    }

    /// The error in words, with its line.
    pub(super) fn into_error(self, path: &Path, text: &str) -> InputError {
        let path = path.to_owned();
        let line = line_at(text, self.at);
        match self.what {
            Wrong::Ragged { found: 1, .. } if is_blank_line(text, self.at) => InputError::EmptyLine { path, line },
            Wrong::Ragged { found, expected } => InputError::RaggedRow { path, line, found, expected },
            Wrong::Unclosed => InputError::UnclosedQuote { path, line },
            Wrong::AfterQuote => InputError::Quote { path, line, what: "text follows the closing quote of a field" },
            Wrong::Stray => InputError::Quote { path, line, what: "a quote stands inside an unquoted field" },
        }
    }
}

/// The number of the line, from 1, that a position stands in.
pub(super) fn line_at(text: &str, at: usize) -> usize {
    1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count()
}

/// Whether the line that begins at a position holds nothing.
fn is_blank_line(text: &str, at: usize) -> bool {
    text[at..].lines().next().is_none_or(|line| line.trim_ascii().is_empty())
}

impl<'a> Rows<'a> {
    /// The fields of the header, which begins there, and the position of the first row.
    pub(super) fn header(self, start: usize) -> Result<(Vec<String>, usize), Fault> {
        let mut names = Vec::new();
        let mut scan = Scan::new(self, start);
        loop {
            let start = scan.at;
            scan.field()?;
            let field = self.text[start..scan.at].trim_matches(|c: char| c.is_ascii_whitespace());
            let unquoted = field.strip_prefix('"').and_then(|field| field.strip_suffix('"'));
            names.push(unquoted.map_or(field.to_owned(), |field| field.replace("\"\"", "\"").trim().to_owned()));
            if !scan.more_fields() {
                return Ok((names, scan.at));
            }
        }
    }

    /// Whether the first rows, which begin there, all have one field more than the header, and which of them the header
    /// does not name.
    pub(super) fn beyond_header(self, start: usize, columns: usize) -> Option<BeyondHeader> {
        let mut scan = Scan::new(self, start);
        let (mut rows, mut empty_ends) = (0, 0);
        while rows < LOOKED_AT && scan.at < self.text.len() {
            let mut fields = 0;
            let last = loop {
                let field = scan.field().ok()?;
                fields += 1;
                if !scan.more_fields() {
                    break field;
                }
            };
            if fields != columns + 1 {
                return None;
            }
            rows += 1;
            empty_ends += usize::from(self.text[last.span()].trim_ascii().is_empty());
        }
        match rows {
            0 => None,
            _ if empty_ends == rows => Some(BeyondHeader::EmptyEnd),
            1 => None,
            _ => Some(BeyondHeader::RowNames),
        }
    }

    /// Hands over the fields of the rows that begin in a span, which begins with a row: some rows at a time, row by row.
    pub(super) fn scan(self, span: Range<usize>, columns: usize, take: impl FnMut(&[Field])) -> Result<Found, Fault> {
        let mut batch = Batch::new(columns, take);
        let mut scan = Scan::new(self, span.start);
        while scan.at < span.end {
            scan.at = self.scan_unquoted(scan.at..span.end, &mut batch)?;
            if scan.at < span.end {
                scan.row(&mut batch)?;
            }
        }
        Ok(Found { rows: batch.finish(), end: scan.at, quoted: scan.quoted, stray: scan.stray })
    }

    /// The whole rows before the first quote, where fields are what stands between delimiters and line breaks; returns the
    /// position after them.
    fn scan_unquoted(self, span: Range<usize>, batch: &mut Batch<impl FnMut(&[Field])>) -> Result<usize, Fault> {
        let bytes = self.text.as_bytes();
        let (mut row, mut start) = (span.start, span.start);
        for (at, block) in bytes[span.clone()].chunks(BLOCK).enumerate() {
            let Some(mut ends) = self.ends(block) else { break };
            while ends != 0 {
                let end = span.start + at * BLOCK + ends.trailing_zeros() as usize;
                ends &= ends - 1;
                batch.field(Field::new(start..end, false));
                start = end + 1;
                if bytes[end] == b'\n' {
                    batch.end_row(row)?;
                    row = start;
                }
            }
        }
        batch.drop_row();
        Ok(row)
    }

    /// The delimiters and line breaks among at most 64 bytes, a bit each: fields are so short that looking for the end of
    /// each by itself takes longer. `None` when there is a quote among them.
    fn ends(self, block: &[u8]) -> Option<u64> {
        let mut is_end = [0u8; BLOCK];
        let mut has_quote = false;
        for (is_end, byte) in is_end.iter_mut().zip(block) {
            *is_end = u8::from(*byte == self.delimiter) | u8::from(*byte == b'\n');
            has_quote |= *byte == QUOTE;
        }
        if has_quote {
            return None;
        }
        let (eights, _) = is_end.as_chunks();
        // The product moves the lowest bits of eight bytes next to each other.
        let bits = eights.iter().map(|eight| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56);
        Some(bits.rev().fold(0, |ends, bits| ends << 8 | bits))
    }
}

/// The field of every row that the header has no name for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BeyondHeader {
    /// The first, as R writes the names of rows.
    RowNames,
    /// The last, which is empty: every row ends with a delimiter.
    EmptyEnd,
}

/// Rows that are looked at to tell.
const LOOKED_AT: usize = 200;

/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// Rows that are handed over together: whoever takes them can go through them column by column.
const BATCH: usize = 128;

/// Fields that are handed over together at most, unless one row has more: a table of very many columns needs no more
/// memory for them than another.
const BATCH_FIELDS: usize = 1 << 16;

/// Fields on their way to whoever takes them.
struct Batch<F> {
    take: F,
    fields: Vec<Field>,
    columns: usize,
    /// Rows that are handed over together.
    together: usize,
    rows: usize,
    /// Fields of the row so far.
    found: usize,
}

impl<F: FnMut(&[Field])> Batch<F> {
    fn new(columns: usize, take: F) -> Batch<F> {
        let together = (BATCH_FIELDS / columns.max(1)).clamp(1, BATCH);
        Batch { take, fields: Vec::with_capacity(together * columns), columns, together, rows: 0, found: 0 }
    }

    fn field(&mut self, field: Field) {
        if self.found < self.columns {
            self.fields.push(field);
        }
        self.found += 1;
    }

    /// Ends a row that began there.
    fn end_row(&mut self, at: usize) -> Result<(), Fault> {
        if self.found != self.columns {
            return Err(Fault { at, what: Wrong::Ragged { found: self.found, expected: self.columns } });
        }
        self.found = 0;
        self.rows += 1;
        if self.rows.is_multiple_of(self.together) {
            self.flush();
        }
        Ok(())
    }

    /// Forgets the row so far.
    fn drop_row(&mut self) {
        self.fields.truncate(self.fields.len() - self.found.min(self.columns));
        self.found = 0;
    }

    fn flush(&mut self) {
        (self.take)(&self.fields);
        self.fields.clear();
    }

    /// Hands over what is left, and tells the number of rows.
    fn finish(mut self) -> usize {
        self.flush();
        self.rows
    }
}

/// Field by field through a text that may hold quotes.
struct Scan<'a> {
    bytes: &'a [u8],
    delimiter: u8,
    at: usize,
    quoted: bool,
    stray: Option<usize>,
}

impl Scan<'_> {
    fn new(rows: Rows<'_>, at: usize) -> Scan<'_> {
        Scan { bytes: rows.text.as_bytes(), delimiter: rows.delimiter, at, quoted: false, stray: None }
    }

    /// Hands over the fields of a row, whatever it holds.
    fn row(&mut self, batch: &mut Batch<impl FnMut(&[Field])>) -> Result<(), Fault> {
        let start = self.at;
        loop {
            batch.field(self.field()?);
            if !self.more_fields() {
                return batch.end_row(start);
            }
        }
    }

    /// Moves from the start of a field to the delimiter or line break behind it.
    fn field(&mut self) -> Result<Field, Fault> {
        if self.bytes.get(self.at) == Some(&QUOTE) {
            return self.quoted_field();
        }
        let start = self.at;
        loop {
            match memchr::memchr3(self.delimiter, b'\n', QUOTE, &self.bytes[self.at..]) {
                Some(found) if self.bytes[self.at + found] == QUOTE => {
                    self.stray.get_or_insert(self.at + found);
                    self.at += found + 1;
                }
                found => {
                    self.at = found.map_or(self.bytes.len(), |found| self.at + found);
                    return Ok(Field::new(start..self.at, false));
                }
            }
        }
    }

    fn quoted_field(&mut self) -> Result<Field, Fault> {
        self.quoted = true;
        let start = self.at + 1;
        let (mut at, mut doubled) = (start, false);
        let end = loop {
            let Some(found) = memchr::memchr(QUOTE, &self.bytes[at..]) else {
                return Err(Fault { at: self.at, what: Wrong::Unclosed });
            };
            at += found + 1;
            if self.bytes.get(at) != Some(&QUOTE) {
                break at - 1;
            }
            at += 1;
            doubled = true;
        };
        if self.bytes.get(at) == Some(&b'\r') && matches!(self.bytes.get(at + 1), None | Some(b'\n')) {
            at += 1;
        }
        self.at = at;
        match self.bytes.get(at) {
            Some(byte) if *byte != b'\n' && *byte != self.delimiter => Err(Fault { at, what: Wrong::AfterQuote }),
            _ => Ok(Field::new(start..end, doubled)),
        }
    }

    /// Steps over what ends a field; whether the row goes on.
    fn more_fields(&mut self) -> bool {
        let end = self.bytes.get(self.at);
        self.at += usize::from(end.is_some());
        end.is_some_and(|byte| *byte != b'\n')
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use proptest::prelude::*;

    fn row_by_row(rows: Rows<'_>, columns: usize, take: impl FnMut(&[Field])) -> Result<Found, Fault> {
        let (mut scan, mut batch) = (Scan::new(rows, 0), Batch::new(columns, take));
        while scan.at < rows.text.len() {
            scan.row(&mut batch)?;
        }
        Ok(Found { rows: batch.finish(), end: scan.at, quoted: scan.quoted, stray: scan.stray })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn blocks_are_read_as_field_by_field(
            text in "([ab]{0,3}[,\n;]){0,60}[é\r]?[a,\n]{0,70}",
            quotes in "(\"[ab\n]{0,3}\"[,\n]){0,3}[a,\n\"]{0,9}",
            rest in "([ab]{0,3}[,\n;]){0,40}",
        ) {
            let text = text + &quotes + &rest;
            let rows = Rows { text: &text, delimiter: b',' };
            for columns in 1..4 {
                let (mut blocks, mut plain) = (Vec::new(), Vec::new());
                let fast = rows.scan(0..text.len(), columns, |some| blocks.extend_from_slice(some));
                let slow = row_by_row(rows, columns, |some| plain.extend_from_slice(some));
                prop_assert_eq!(fast, slow);
                if fast.is_ok() {
                    prop_assert_eq!(blocks, plain);
                }
            }
        }
    }
}
