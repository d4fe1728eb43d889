//! What can be wrong with files.

use reident_attacks::AttackError;
use reident_reports::nearest::did_you_mean;
use reident_reports::visible::visible;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why tables could not be read. Every message names the file, the column and the row where there is one, and says what
/// to do; none holds the value of a cell.
#[derive(Debug, Error)]
#[non_exhaustive]
#[allow(missing_docs)] // the fields are what the messages say
pub enum InputError {
    /// The file is not there, or may not be read.
    #[error("{}: cannot be read; check the path and its permissions", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    /// The path is a directory.
    #[error("{}: is a directory; name a file in it", path.display())]
    Directory { path: PathBuf },
    /// The file has no bytes, or nothing but white space.
    #[error("{}: is empty; a table needs a header and rows", path.display())]
    EmptyFile { path: PathBuf },
    /// There are columns but no rows.
    #[error("{}: the table has columns but no rows", path.display())]
    EmptyTable { path: PathBuf },
    /// There are rows, and none holds a value.
    #[error("{}: none of the {rows} rows holds a value; check the file, its delimiter and the texts that mean missing", path.display())]
    OnlyBlank { path: PathBuf, rows: usize },
    /// A row at an end of the file that is no person.
    #[error(
        "{}, data row {row}: looks like {what}, since it holds words where all other rows hold numbers or dates, or hardly anything; it is no person: take it out",
        path.display()
    )]
    NoPerson { path: PathBuf, row: usize, what: &'static str },
    /// A table of more rows than a row number can count.
    #[error("{}: the table has {rows} rows, more than the {max} that are supported", path.display())]
    TooManyRows { path: PathBuf, rows: usize, max: usize },
    /// The configured encoding does not exist.
    #[error("`{label}` is not a known encoding; try utf-8, gb18030, gbk, utf-16le, utf-16be or windows-1252")]
    UnknownEncoding { label: String },
    /// Bytes that are no text in the encoding.
    #[error("{}: byte {offset} (from 0) is not valid {encoding}; give the file's encoding, or save it as UTF-8", path.display())]
    Undecodable { path: PathBuf, encoding: String, offset: usize },
    /// Text that is not UTF-8, and whose encoding nobody can be sure of.
    #[error(
        "{}: is not UTF-8 and looks like {encoding}, but its bytes alone do not show that; give --encoding {encoding} if that is right (files that are UTF-8 are read so anyway), or save the file as UTF-8",
        path.display()
    )]
    UnsureEncoding { path: PathBuf, encoding: &'static str },
    /// Files whose encodings do not fit each other.
    #[error(
        "{}: its bytes look like {encoding}, but then its letters are not those of the other files, and no name would equal another; save all files as UTF-8, or give the encoding of those that are not with --encoding",
        path.display()
    )]
    EncodingsDiffer { path: PathBuf, encoding: &'static str },
    /// A compressed file that is much larger than it looks.
    #[error(
        "{}: holds {size} bytes and unpacks to more than {limit}; if it is what you expect, allow it with --max-size",
        path.display()
    )]
    TooLarge { path: PathBuf, size: usize, limit: u64 },
    /// The compressed data is damaged.
    #[error("{}: the {format} data is damaged: {reason}; compress or copy the file again", path.display())]
    Compressed { path: PathBuf, format: &'static str, reason: String },
    /// The file carries the signature of a format but cannot be read as one.
    #[error(
        "{}: cannot be read as {format}: {reason}; it is damaged or holds a type that is not supported: copy it again, or save its columns as text, numbers, dates and times",
        path.display()
    )]
    Corrupt { path: PathBuf, format: &'static str, reason: String },
    /// The decoder of a typed file came to no end within its memory.
    #[error(
        "{}: cannot be read as {format} with {memory} bytes of memory; it is damaged, or larger than it looks: copy it again, or raise --max-size if it is what you expect",
        path.display()
    )]
    GaveUp { path: PathBuf, format: &'static str, memory: u64 },
    /// The process that decodes typed files could not be started.
    #[error("cannot start the decoder of Parquet files, Arrow files and workbooks; save the table as CSV")]
    NoDecoder { source: std::io::Error },
    /// It is not clear which sheet of a workbook is meant, or what is in it.
    #[error("{}: {what}", path.display())]
    Sheet { path: PathBuf, what: String },
    /// The file is in a format that is not supported.
    #[error("{}: is {what}; save the table as CSV, Parquet, Arrow IPC, JSON lines or a workbook", path.display())]
    Unsupported { path: PathBuf, what: &'static str },
    /// The file is compressed in a way that is not supported.
    #[error("{}: is compressed by {by}; unpack it first, or use gzip or zstd", path.display())]
    CompressedBy { path: PathBuf, by: &'static str },
    /// The configured delimiter cannot be one.
    #[error("{delimiter:?} cannot be a delimiter; use one ASCII character that is neither a quote nor a line break")]
    Delimiter { delimiter: char },
    /// A row has another number of fields than the header.
    #[error(
        "{}, line {line}: {found} fields, but the header has {expected}; repair the row, quote fields that hold the delimiter, or set another delimiter",
        path.display()
    )]
    RaggedRow { path: PathBuf, line: usize, found: usize, expected: usize },
    /// A line in the middle of a table holds nothing at all.
    #[error(
        "{}, line {line}: an empty line, and rows follow; if it divides the rows, take it out, and if a text was broken there, quote the whole text",
        path.display()
    )]
    EmptyLine { path: PathBuf, line: usize },
    /// A quote stands where the format allows none.
    #[error("{}, line {line}: {what}; quote the whole field and double the quotes inside", path.display())]
    Quote { path: PathBuf, line: usize, what: &'static str },
    /// A quoted field never ends.
    #[error("{}, line {line}: a quoted field begins here and never ends; close the quote", path.display())]
    UnclosedQuote { path: PathBuf, line: usize },
    /// Two columns have one name.
    #[error(
        "{}: columns {first} and {second} have the same name; rename one (if the first line holds values, begin the file with a line of names)",
        path.display()
    )]
    DuplicateColumn { path: PathBuf, first: usize, second: usize },
    /// A column has values but no name.
    #[error("{}: column {position} holds values and has no name; name it in the header, or take it out", path.display())]
    UnnamedColumn { path: PathBuf, position: usize },
    /// The first line holds values.
    #[error(
        "{}: the first line looks like a row of values and not like the names of the columns, since most of it stands in the columns as values; begin the file with a line of names (if it has one, and the line stands there a second time, take that one out; if the names are values, change them)",
        path.display()
    )]
    NoHeader { path: PathBuf },
    /// A text in which no delimiter was found, but signs that may be one.
    #[error(
        "{}: only one column was found, and each line has {} as often as the header, but none of the delimiters `,`, `;`, tab, `|`, `^` and `~`; {}; if it is one column, say so with --delimiter ,",
        path.display(), in_words(signs), delimit_by(signs)
    )]
    OneColumn { path: PathBuf, signs: String },
    /// A text whose lines are each quoted from one end to the other.
    #[error(
        "{}: each line is quoted as a whole, so that all that stands in it is one value; take the quotes at both ends of the lines away",
        path.display()
    )]
    QuotedLines { path: PathBuf },
    /// Two columns that a file may mean as one.
    #[error(
        "{}: has no column `{column}`, but `{found}`: names are compared as they are written; give both the same name, or let the configuration ignore the column",
        path.display()
    )]
    AlmostNamed { path: PathBuf, column: String, found: String },
    /// A column of a type that is no value.
    #[error(
        "{}: column `{column}` is of type {found}, which is not read as one value per row; save it as text, numbers, dates or times, or as a column for each of its parts",
        path.display()
    )]
    ColumnType { path: PathBuf, column: String, found: String },
    /// A line that is no JSON object.
    #[error("{}, line {line}: {what}; write one JSON object per line", path.display())]
    JsonLine { path: PathBuf, line: usize, what: String },
    /// An object that has a key twice.
    #[error("{}, line {line}: `{column}` stands twice in one object; keep one of its values", path.display())]
    DuplicateKey { path: PathBuf, line: usize, column: String },
    /// A column that the configuration names is not there.
    #[error("{}: has no column `{column}`, which {setting} names{}", path.display(), did_you_mean(nearest.as_deref()))]
    UnknownColumn { path: PathBuf, column: String, setting: String, nearest: Option<String> },
    /// Nothing to attack with.
    #[error(
        "{} and {} have no column in common that an attacker may use; columns are matched by name, so check the headers and the delimiter",
        original.display(), anonymized.display()
    )]
    NoCommonColumn { original: PathBuf, anonymized: PathBuf },
    /// The control lacks a column.
    #[error(
        "{}: has no column `{column}`, which the original and the release have; add it to the control, or ignore the column{}",
        path.display(), did_you_mean(nearest.as_deref())
    )]
    MissingFromControl { path: PathBuf, column: String, nearest: Option<String> },
    /// The population file has no column that an attacker may use.
    #[error(
        "{}: has no column that attackers can use in the other tables; name its columns as the original does, or leave out --population",
        path.display()
    )]
    NoColumnOfPopulation { path: PathBuf },
    /// A column of the population file is not written as in the other tables.
    #[error(
        "{}: column `{column}` cannot be compared with the original's: {why}; write its values in one form in all files, or leave the column out of the file",
        path.display()
    )]
    PopulationForm { path: PathBuf, column: String, why: String },
    /// More files than an evaluation has.
    #[error(
        "{files} files were given; give the original, and if there are such the release and the control, in this order"
    )]
    TooManyFiles { files: usize },
    /// Cells that cannot be read as the column's kind.
    #[error(
        "{}: column `{column}` is {kind}, but {count} of its cells cannot be read so, the first in data row {row}; fix the kind of the column in the configuration, or list the text as null",
        path.display()
    )]
    Cells { path: PathBuf, column: String, kind: String, row: usize, count: usize },
    /// Release rows are told from original rows in more than one way.
    #[error("a record key, a record map and --row-aligned each say which release row is whose; give one of them")]
    SeveralTruths,
    /// A key or a map under which no row of the release is anybody's.
    #[error(
        "none of the {rows} rows of the release has an original by the record key or map: write keys alike in both tables (no other case, no lost \
         zeros, no new numbers), or leave the key out; a release of other persons' records has none"
    )]
    NothingJoined { rows: usize },
    /// The order of rows cannot be the truth.
    #[error(
        "{}: has {released} rows, and {} has {rows}: rows that stand in the same place cannot be the same record; give a record key or --record-map",
        path.display(), original.display()
    )]
    NotAligned { path: PathBuf, original: PathBuf, rows: usize, released: usize },
    /// A record map without one of its columns.
    #[error(
        "{}: has no column `{column}`; a record map has the columns `released_row` and `original_row`, whose rows are counted from 0",
        path.display()
    )]
    RecordMapColumns { path: PathBuf, column: String },
    /// A line of a record map that is wrong.
    #[error("{}, line {line}: {what}; correct the line, or take it out", path.display())]
    RecordMap { path: PathBuf, line: usize, what: String },
    /// A hierarchy that is no text.
    #[error("{}: is no text file; write the hierarchy as lines of a value and its nodes, divided by `;`", path.display())]
    HierarchyFormat { path: PathBuf },
    /// A hierarchy in which nothing divides the lines.
    #[error(
        "{}: the first line has no level above its value; write each value with the node that covers it on each level, divided by `;`, a tabulator or `,`",
        path.display()
    )]
    OneLevel { path: PathBuf },
    /// A field of a hierarchy that says nothing.
    #[error(
        "{}, line {line}, {}: is empty; name the value and a node for each level, and leave out the line of missing values, which are no part of a hierarchy",
        path.display(), of_level(*level)
    )]
    NoLabel { path: PathBuf, line: usize, level: usize },
    /// A value that has two lines in a hierarchy.
    #[error("{}, line {line}: the value stands in line {first} already; give each value one line", path.display())]
    LeafTwice { path: PathBuf, line: usize, first: usize },
    /// A node of a hierarchy that lies in two others.
    #[error(
        "{}, line {line}, level {level}: the node has another parent than in line {first}; put it under one node of the next level everywhere",
        path.display()
    )]
    TwoParents { path: PathBuf, line: usize, first: usize, level: usize },
    /// Values that the hierarchy of their column does not have.
    #[error(
        "{}: column `{column}` holds values that its hierarchy {} does not have, in {count} rows, the first in data row {row}; add them to the hierarchy, or list them as null",
        path.display(), hierarchy.display()
    )]
    UnknownLeaf { path: PathBuf, column: String, hierarchy: PathBuf, row: usize, count: usize },
    /// A setting that is for numbers, on a column that has none.
    #[error(
        "column `{column}` is {kind}, but {setting} is for numbers, dates and times; leave it out, or fix the kind of the column"
    )]
    NotNumeric { column: String, kind: String, setting: &'static str },
    /// The tables do not fit the column model.
    #[error(transparent)]
    Tables(#[from] AttackError),
}

impl InputError {
    /// The file that the error is about; of several, the one that has to be mended.
    pub fn file(&self) -> Option<&Path> {
        match self {
            InputError::Unreadable { path, .. }
            | InputError::Directory { path }
            | InputError::EmptyFile { path }
            | InputError::EmptyTable { path }
            | InputError::TooManyRows { path, .. }
            | InputError::Undecodable { path, .. }
            | InputError::UnsureEncoding { path, .. }
            | InputError::EncodingsDiffer { path, .. }
            | InputError::TooLarge { path, .. }
            | InputError::Compressed { path, .. }
            | InputError::Corrupt { path, .. }
            | InputError::GaveUp { path, .. }
            | InputError::Sheet { path, .. }
            | InputError::Unsupported { path, .. }
            | InputError::CompressedBy { path, .. }
            | InputError::RaggedRow { path, .. }
            | InputError::EmptyLine { path, .. }
            | InputError::Quote { path, .. }
            | InputError::UnclosedQuote { path, .. }
            | InputError::DuplicateColumn { path, .. }
            | InputError::UnnamedColumn { path, .. }
            | InputError::NoHeader { path }
            | InputError::OneColumn { path, .. }
            | InputError::QuotedLines { path }
            | InputError::AlmostNamed { path, .. }
            | InputError::ColumnType { path, .. }
            | InputError::JsonLine { path, .. }
            | InputError::DuplicateKey { path, .. }
            | InputError::UnknownColumn { path, .. }
            | InputError::NoCommonColumn { anonymized: path, .. }
            | InputError::MissingFromControl { path, .. }
            | InputError::NoColumnOfPopulation { path }
            | InputError::PopulationForm { path, .. }
            | InputError::NotAligned { path, .. }
            | InputError::RecordMapColumns { path, .. }
            | InputError::RecordMap { path, .. }
            | InputError::OnlyBlank { path, .. }
            | InputError::NoPerson { path, .. }
            | InputError::HierarchyFormat { path }
            | InputError::OneLevel { path }
            | InputError::NoLabel { path, .. }
            | InputError::LeafTwice { path, .. }
            | InputError::TwoParents { path, .. }
            | InputError::UnknownLeaf { path, .. }
            | InputError::Cells { path, .. } => Some(path),
            InputError::UnknownEncoding { .. }
            | InputError::TooManyFiles { .. }
            | InputError::NotNumeric { .. }
            | InputError::NoDecoder { .. }
            | InputError::Delimiter { .. }
            | InputError::SeveralTruths
            | InputError::NothingJoined { .. }
            | InputError::Tables(_) => None,
        }
    }

    /// The column that the error is about.
    pub fn column(&self) -> Option<&str> {
        match self {
            InputError::AlmostNamed { column, .. }
            | InputError::ColumnType { column, .. }
            | InputError::DuplicateKey { column, .. }
            | InputError::UnknownColumn { column, .. }
            | InputError::MissingFromControl { column, .. }
            | InputError::PopulationForm { column, .. }
            | InputError::RecordMapColumns { column, .. }
            | InputError::UnknownLeaf { column, .. }
            | InputError::NotNumeric { column, .. }
            | InputError::Cells { column, .. } => Some(column),
            _ => None,
        }
    }

    /// The first data row that is wrong, from 1 and without the header.
    pub fn row(&self) -> Option<usize> {
        match self {
            InputError::Cells { row, .. } | InputError::NoPerson { row, .. } | InputError::UnknownLeaf { row, .. } => {
                Some(*row)
            }
            _ => None,
        }
    }

    /// The line of the file that is wrong, from 1.
    pub fn line(&self) -> Option<usize> {
        match self {
            InputError::RaggedRow { line, .. }
            | InputError::EmptyLine { line, .. }
            | InputError::Quote { line, .. }
            | InputError::UnclosedQuote { line, .. }
            | InputError::JsonLine { line, .. }
            | InputError::RecordMap { line, .. }
            | InputError::NoLabel { line, .. }
            | InputError::LeafTwice { line, .. }
            | InputError::TwoParents { line, .. }
            | InputError::DuplicateKey { line, .. } => Some(*line),
            _ => None,
        }
    }

    /// The setting that is wrong, or that names what is not there.
    pub fn setting(&self) -> Option<&str> {
        match self {
            InputError::UnknownEncoding { .. } => Some("encoding"),
            InputError::Delimiter { .. } => Some("delimiter"),
            InputError::UnknownColumn { setting, .. } => Some(setting),
            InputError::NotNumeric { setting, .. } => Some(setting),
            InputError::UnknownLeaf { .. } => Some("hierarchy"),
            _ => None,
        }
    }
}

fn of_level(level: usize) -> String {
    if level == 0 { "value".to_owned() } else { format!("level {level}") }
}

fn in_words(signs: &str) -> String {
    if signs == " " { "blanks".to_owned() } else { format!("`{}`", visible(signs)) }
}

fn delimit_by(signs: &str) -> String {
    match signs.chars().next() {
        Some(sign) if sign.is_ascii_graphic() && signs.len() == 1 => {
            format!("if it divides the fields, give --delimiter '{sign}'")
        }
        _ => "if they divide the fields, put one of these delimiters in their place".to_owned(),
    }
}
