//! CSV and its relatives.
//!
//! One pass finds the fields and encodes them. A large text is cut into parts which are read at the same time, each with
//! dictionaries of its own; put together in their order they make the rows that a reading from front to back makes.

use super::file::{Content, Request};
use super::header::column_name;
use super::rows::{BeyondHeader, Fault, Found, Rows, line_at};
use super::texts::TextEncoder;
use super::tokens::{Nulls, Token, TokenColumn};
use super::{InputError, delimiter};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

/// A text is not cut into smaller parts: each begins with empty dictionaries.
const SMALLEST_PART: usize = 1 << 19;

/// Reads a delimited text. All columns are read as text: what they are is inferred over all tables later.
pub(super) fn read(request: Request<'_>, text: &str) -> Result<Content, InputError> {
    let text = &*without_marks(text);
    let text = &*with_line_feeds(text);
    let declared = delimiter::declared(text);
    let start = declared.map_or(0, |(_, end)| end);
    let header = start + blank_lines(&text[start..]);
    let delimiter = match request.options.delimiter {
        None => declared.map_or_else(|| delimiter::sniff(&text[header..]), |(delimiter, _)| delimiter),
        Some(character) => match u8::try_from(character) {
            Ok(byte) if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r' | 0) => byte,
            _ => return Err(InputError::Delimiter { delimiter: character }),
        },
    };
    let rows = Rows { text, delimiter };
    let (names, start) = rows.header(header).map_err(|fault| fault.into_error(request.path, text))?;
    let mut names: Vec<String> = names.iter().map(|name| column_name(name)).collect();
    if names.len() == 1
        && request.options.delimiter.is_none()
        && let Some(signs) = delimiter::unknown(&text[header..])
    {
        let path = request.path.to_owned();
        // What usually divides fields stands in quotes, or it would have.
        return Err(match delimiter::is_usual(&signs) {
            true => InputError::QuotedLines { path },
            false => InputError::OneColumn { path, signs },
        });
    }
    let beyond = rows.beyond_header(start, names.len());
    match beyond {
        Some(BeyondHeader::RowNames) => names.insert(0, String::new()),
        Some(BeyondHeader::EmptyEnd) => names.push(String::new()),
        None => {}
    }
    let text = without_trailing_line_breaks(text, names.len(), start);
    let body = Body {
        rows: Rows { text, delimiter },
        start,
        columns: names.iter().map(|name| (!request.options.is_ignored(name)).then_some(name.as_str())).collect(),
        nulls: request.nulls(),
    };
    let parts = ((text.len() - start) / SMALLEST_PART).clamp(1, rayon::current_num_threads());
    let (rows, columns) = body.read(parts).map_err(|fault| fault.into_error(request.path, text))?;
    if beyond == Some(BeyondHeader::RowNames) && !are_distinct(&columns[0]) {
        // No names of rows, then: the header lacks a name, and nobody can tell which.
        let (line, found) = (line_at(text, start), names.len());
        return Err(InputError::RaggedRow { path: request.path.to_owned(), line, found, expected: found - 1 });
    }
    Ok(Content { columns, names, rows, delimiter: Some(char::from(delimiter)) })
}

/// Length of the empty lines at the beginning.
fn blank_lines(text: &str) -> usize {
    let blank = |line: &&str| line.trim_ascii().is_empty();
    text.split_inclusive('\n').take_while(blank).map(str::len).sum()
}

/// Whether every row has a value, and another one.
fn are_distinct(column: &TokenColumn) -> bool {
    let mut seen = HashSet::new();
    column.counts[0] == 0
        && column.counts[1..].iter().all(|rows| *rows == 1)
        && column.tokens[1..].iter().all(|token| matches!(token, Token::Text(text) if seen.insert(text)))
}

/// Text without marks of byte order: files that were put together have some in their middle.
fn without_marks(text: &str) -> Cow<'_, str> {
    match memchr::memmem::find(text.as_bytes(), "\u{feff}".as_bytes()) {
        Some(_) => Cow::Owned(text.replace('\u{feff}', "")),
        None => Cow::Borrowed(text),
    }
}

/// Text whose lines end in a carriage return only gets line feeds.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    if memchr::memchr(b'\n', bytes).is_none() && memchr::memchr(b'\r', bytes).is_some() {
        Cow::Owned(text.replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Empty lines at the end are no rows; in a table of one column they are missing values.
fn without_trailing_line_breaks(text: &str, columns: usize, start: usize) -> &str {
    if columns > 1 { &text[..start + text[start..].trim_end_matches(['\n', '\r']).len()] } else { text }
}

/// The rows after the header.
struct Body<'a> {
    rows: Rows<'a>,
    start: usize,
    /// Per column its name, when it is to be read.
    columns: Vec<Option<&'a str>>,
    nulls: Nulls<'a>,
}

/// Per column what was read of it, when it is to be read.
type Encoders<'a> = Vec<Option<TextEncoder<'a>>>;

impl<'a> Body<'a> {
    /// The number of rows and the columns, read in so many parts at most. The rows are the same for any number.
    fn read(&self, parts: usize) -> Result<(usize, Vec<TokenColumn>), Fault> {
        let end = self.rows.text.len();
        let mut cuts = self.cuts(parts);
        cuts.push(end);
        let starts = std::iter::once(self.start).chain(cuts.iter().copied());
        let spans: Vec<Range<usize>> = starts.zip(&cuts).map(|(start, end)| start..*end).collect();
        let read: Vec<_> = spans.par_iter().map(|span| self.read_part(span.clone())).collect();
        let mut found = Vec::new();
        let mut encoders = Vec::new();
        for (part, span) in read.into_iter().zip(&spans) {
            // Up to here every part began where the one before it ended, so what is wrong is so for the whole text.
            let (part, columns) = part?;
            if part.end != span.end {
                // A field goes on beyond the cut, which quotes where none may stand had hidden.
                return self.read(1);
            }
            found.push(part);
            encoders.push(columns);
        }
        if found.iter().any(|part| part.quoted)
            && let Some(at) = found.iter().find_map(|part| part.stray)
        {
            return Err(Fault::stray(at));
        }
        Ok((found.iter().map(|part| part.rows).sum(), append(encoders)))
    }

    fn read_part(&self, span: Range<usize>) -> Result<(Found, Encoders<'a>), Fault> {
        let text = self.rows.text;
        // The first part has room for the others, which will be appended to it.
        let rows = self.rows_in(&if span.start == self.start { self.start..text.len() } else { span.clone() });
        let encoder = |name: &Option<&str>| Some(TextEncoder::new((*name)?, rows, self.nulls));
        let mut encoders: Encoders<'a> = self.columns.iter().map(encoder).collect();
        let columns = encoders.len();
        let found = self.rows.scan(span, columns, |fields| {
            let doubled = fields.iter().any(|field| field.is_doubled());
            for (column, encoder) in encoders.iter_mut().enumerate() {
                let Some(encoder) = encoder else { continue };
                let fields = fields.iter().skip(column).step_by(columns);
                if !doubled {
                    encoder.add(text, fields.map(|field| field.span()));
                    continue;
                }
                for field in fields {
                    let value = &text[field.span()];
                    let doubled = field.is_doubled();
                    encoder.add_one(&if doubled { value.replace("\"\"", "\"").into() } else { Cow::Borrowed(value) });
                }
            }
        })?;
        Ok((found, encoders))
    }

    /// About how many rows a span holds.
    fn rows_in(&self, span: &Range<usize>) -> usize {
        let body = &self.rows.text.as_bytes()[span.clone()];
        let sample = &body[..body.len().min(1 << 16)];
        let lines = memchr::memchr_iter(b'\n', sample).count() + 1;
        (lines as f64 * 1.02 * body.len() as f64 / sample.len().max(1) as f64) as usize + 16
    }

    /// Where parts begin, the first left out: after line breaks that an even number of quotes precedes, so that they end
    /// a row unless quotes stand in the wrong place.
    fn cuts(&self, parts: usize) -> Vec<usize> {
        let body = &self.rows.text.as_bytes()[self.start..];
        let aims: Vec<usize> = (0..parts).map(|part| body.len() / parts * part).collect();
        let quotes_before: Vec<usize> =
            aims.par_windows(2).map(|aims| memchr::memchr_iter(b'"', &body[aims[0]..aims[1]]).count()).collect();
        let (mut cuts, mut quotes) = (Vec::new(), 0);
        for (aim, before) in aims[1..].iter().zip(quotes_before) {
            quotes += before;
            let mut is_open = quotes % 2 == 1;
            let cut = memchr::memchr2_iter(b'"', b'\n', &body[*aim..]).find(|found| {
                let is_quote = body[aim + found] == b'"';
                is_open ^= is_quote;
                !is_quote && !is_open
            });
            let Some(cut) = cut.map(|found| self.start + aim + found + 1) else { break };
            if cuts.last().is_none_or(|last| *last < cut) && cut < self.rows.text.len() {
                cuts.push(cut);
            }
        }
        cuts
    }
}

/// The parts of each column, one after the other.
fn append(parts: Vec<Encoders<'_>>) -> Vec<TokenColumn> {
    let mut parts_of: Vec<Vec<TokenColumn>> = Vec::new();
    for part in parts {
        parts_of.resize_with(part.len(), Vec::new);
        for (parts, encoder) in parts_of.iter_mut().zip(part) {
            parts.extend(encoder.map(TextEncoder::finish));
        }
    }
    let whole = |parts: Vec<TokenColumn>| {
        let mut parts = parts.into_iter();
        let mut whole = parts.next()?;
        parts.for_each(|part| whole.append(part));
        Some(whole)
    };
    parts_of.into_par_iter().filter_map(whole).collect()
}

#[cfg(test)]
mod test {
    use super::*;
    use proptest::prelude::*;

    /// The rows of all columns but the second, read in so many parts.
    fn read(text: &str, columns: usize, parts: usize) -> Result<(usize, Vec<Vec<Token>>), Fault> {
        let nulls = ["?".to_owned()];
        let body = Body {
            rows: Rows { text, delimiter: b',' },
            start: 0,
            columns: (0..columns).map(|column| (column != 1).then_some("x")).collect(),
            nulls: Nulls(&nulls),
        };
        let (rows, columns) = body.read(parts)?;
        Ok((rows, columns.iter().map(values).collect()))
    }

    fn values(column: &TokenColumn) -> Vec<Token> {
        let mut counts = vec![0; column.tokens.len()];
        column.codes.iter().for_each(|code| counts[*code as usize] += 1);
        assert_eq!(column.counts, counts);
        assert!(column.tokens.iter().enumerate().all(|(code, token)| (code == 0) == (*token == Token::Missing)));
        column.codes.iter().map(|code| column.tokens[*code as usize].clone()).collect()
    }

    /// A field: plain, long, missing, quoted with all that quotes may hold; rarely one that is wrong.
    fn field() -> impl Strategy<Value = String> {
        prop_oneof![
            8 => "[ab?1-3]{0,2}",
            2 => "[a-c]{14,17}",
            2 => " ?é?[a ]{0,3}\\t?",
            3 => "\"([a\n,é]|\"\"|\r\n){0,5}\"",
            1 => "[a\"]{1,3}",
        ]
    }

    fn row() -> impl Strategy<Value = String> {
        let fields = |count| prop::collection::vec(field(), count);
        let fields = prop_oneof![30 => fields(3..=3), 1 => fields(1..=4)];
        (fields, prop_oneof![Just("\n"), Just("\r\n")]).prop_map(|(fields, end)| fields.join(",") + end)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn parts_make_what_a_reading_from_front_to_back_makes(
            rows in prop::collection::vec(row(), 0..30),
            cut_end in 0..3usize,
            parts in 2..12usize,
        ) {
            let text = rows.concat();
            let text = text.get(..text.len().saturating_sub(cut_end)).unwrap_or(&text);
            prop_assert_eq!(read(text, 3, parts), read(text, 3, 1));
        }

        #[test]
        fn a_column_keeps_its_blank_lines(rows in prop::collection::vec("[ab]?", 0..30), parts in 1..12usize) {
            let text = rows.iter().map(|row| format!("{row}\n")).collect::<String>();
            let (found, columns) = read(&text, 1, parts).expect("nothing is wrong");
            let texts = columns[0].iter().map(|token| if let Token::Text(text) = token { text.as_str() } else { "" });
            prop_assert_eq!(texts.collect::<Vec<_>>(), rows);
            prop_assert_eq!(found, columns[0].len());
        }
    }

    #[test]
    fn a_cut_inside_quotes_is_noticed() {
        // Two stray quotes before the middle make the line breaks in quotes look like those between rows.
        let text = format!("5\",\"\n{}\"1\n{}2\",x\n", "a,b\n".repeat(40), "c,d\n".repeat(40));
        let one = read(&text, 2, 1);
        for parts in 2..9 {
            assert_eq!(read(&text, 2, parts), one);
        }
        assert!(matches!(one, Err(Fault { .. })));
    }
}
