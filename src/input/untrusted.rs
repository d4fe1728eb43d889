//! The readers one by one, for programs that feed them any bytes. Whatever the bytes are, each comes to an end without a panic.

use super::exact::Reader;
use super::file::Request;
use super::hierarchy::Hierarchy;
use super::number;
use super::{ReadOptions, delimited, generalized, json, text};
use reident_attacks::table::Kind;
use std::path::Path;

/// Reads delimited text.
pub fn delimited_text(bytes: &[u8]) {
    with_text(bytes, |request, text| drop(delimited::read(request, text)));
}

/// Reads JSON lines.
pub fn json_lines(bytes: &[u8]) {
    with_text(bytes, |request, text| drop(json::read(request, text)));
}

/// Reads a value as a number, and as a generalized number, day and time.
pub fn value(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim();
    if let Some(number) = number::read(text) {
        assert!(number.value.is_nan() || number.value.is_infinite() || number.value.abs() <= number::LARGEST);
    }
    for kind in [Kind::Numeric, Kind::Date, Kind::DateTime] {
        for reader in [Reader::new(kind, false), Reader { width: Some(5), ..Reader::new(kind, true) }] {
            if let Some(interval) = generalized::interval(reader, text) {
                assert!(interval.lo <= interval.hi, "an interval holds something");
            }
        }
    }
}

/// Reads a hierarchy.
pub fn hierarchy(bytes: &[u8]) {
    with_text(bytes, |request, text| drop(Hierarchy::parse(request.path, text, String::new())));
}

fn with_text(bytes: &[u8], read: impl Fn(Request<'_>, &str)) {
    let options = ReadOptions::default();
    let request = Request { path: Path::new("bytes"), options: &options };
    if let Ok(decoded) = text::decode(request.path, bytes, None) {
        read(request, &decoded.text);
    }
}
