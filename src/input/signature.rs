//! What a file is, told from its first bytes.

use super::InputError;
use std::path::Path;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signature {
    Parquet,
    ArrowFile,
    ArrowStream,
    /// A workbook of Excel.
    Excel,
    /// A workbook of Excel before 2007, or one that a password protects.
    OldExcel,
    OpenDocument,
    /// Anything else: text, if it is anything.
    Text,
}

impl Signature {
    /// All formats that are not text.
    const TYPED: [Signature; 6] = [
        Signature::Parquet,
        Signature::ArrowFile,
        Signature::ArrowStream,
        Signature::Excel,
        Signature::OldExcel,
        Signature::OpenDocument,
    ];

    /// The name of the format, for persons.
    pub(super) fn name(self) -> &'static str {
        match self {
            Signature::Parquet => "Parquet",
            Signature::ArrowFile => "Arrow IPC",
            Signature::ArrowStream => "Arrow IPC stream",
            Signature::Excel => "an Excel workbook",
            Signature::OldExcel => "an old Excel workbook",
            Signature::OpenDocument => "an OpenDocument spreadsheet",
            Signature::Text => "text",
        }
    }

    /// The name used in summaries and in evidence.
    pub(super) fn code(self) -> &'static str {
        match self {
            Signature::Parquet => "parquet",
            Signature::ArrowFile => "arrow-file",
            Signature::ArrowStream => "arrow-stream",
            Signature::Excel => "xlsx",
            Signature::OldExcel => "xls",
            Signature::OpenDocument => "ods",
            Signature::Text => "text",
        }
    }

    /// The format of that [code](Signature::code).
    pub(super) fn from_code(code: &str) -> Option<Signature> {
        Signature::TYPED.into_iter().find(|format| format.code() == code)
    }

    /// Whether it is one of a spreadsheet program.
    pub(super) fn is_workbook(self) -> bool {
        matches!(self, Signature::Excel | Signature::OldExcel | Signature::OpenDocument)
    }
}

/// Formats that are not read, by the bytes they begin with.
const OTHERS: [(&[u8], &str); 23] = [
    (b"SQLite format 3\0", "a SQLite database"),
    (b"%PDF", "a PDF document"),
    (b"$FL2", "an SPSS file"),
    (b"$FL3", "an SPSS file"),
    (b"<stata_dta>", "a Stata file"),
    (b"\x71\x01\x01", "a Stata file"),
    (b"\x71\x02\x01", "a Stata file"),
    (b"\x72\x01\x01", "a Stata file"),
    (b"\x72\x02\x01", "a Stata file"),
    (b"\x73\x01\x01", "a Stata file"),
    (b"\x73\x02\x01", "a Stata file"),
    (b"HEADER RECORD*******", "a SAS transport file"),
    (b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60", "a SAS data set"),
    (b"RDX", "an R workspace"),
    (b"X\n\0\0\0", "an R object"),
    (b"FEA1", "a Feather file of the first version"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"PARE", "an encrypted Parquet file"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"{\\rtf", "a text document"),
    (b"\x80\x04\x95", "a Python pickle"),
];

/// Compressions that are not read.
const COMPRESSIONS: [(&[u8], &str); 5] = [
    (b"\xfd7zXZ\0", "xz"),
    (b"BZh", "bzip2"),
    (b"\x04\x22\x4d\x18", "LZ4"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
];

/// The format of a file.
///
/// # Errors
/// When it is one that is not read, with its name and what to do.
pub(super) fn of(path: &Path, content: &[u8]) -> Result<Signature, InputError> {
    let unsupported = |what| Err(InputError::Unsupported { path: path.to_owned(), what });
    if content.starts_with(b"PAR1") {
        return Ok(Signature::Parquet);
    } else if content.starts_with(b"ARROW1") {
        return Ok(Signature::ArrowFile);
    } else if content.starts_with(&[0xff; 4]) {
        return Ok(Signature::ArrowStream);
    } else if content.starts_with(b"PK\x03\x04") || content.starts_with(b"PK\x05\x06") {
        return in_zip(content).map_or_else(|| unsupported("a ZIP archive"), Ok);
    } else if content.starts_with(b"\xd0\xcf\x11\xe0") {
        return Ok(Signature::OldExcel);
    }
    // A table may begin with a word that is one of these, but then it goes on as text does.
    let is_binary = |start: &[u8]| !start.is_ascii() || start.contains(&0) || start.len() > 3 || content.contains(&0);
    let starts = |start: &[u8]| content.starts_with(start) && is_binary(start);
    if let Some((_, by)) = COMPRESSIONS.iter().find(|(start, _)| starts(start)) {
        return Err(InputError::CompressedBy { path: path.to_owned(), by });
    }
    if let Some((_, what)) = OTHERS.iter().find(|(start, _)| starts(start)) {
        return unsupported(what);
    }
    let text = content.trim_ascii_start();
    let begins = |start: &[u8]| text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    if begins(b"<!doctype html") || begins(b"<html") || begins(b"<table") {
        return unsupported("a web page");
    }
    if begins(b"<?xml") {
        return unsupported("an XML document");
    }
    Ok(Signature::Text)
}

/// The workbook that a ZIP archive is, from the names of its parts: they stand before the parts, and once more at the end.
fn in_zip(content: &[u8]) -> Option<Signature> {
    const LOOKED_AT: usize = 1 << 16;
    let (head, tail) = (&content[..content.len().min(LOOKED_AT)], &content[content.len().saturating_sub(LOOKED_AT)..]);
    let has = |name: &[u8]| [head, tail].iter().any(|part| memchr::memmem::find(part, name).is_some());
    if has(b"opendocument.spreadsheet") {
        Some(Signature::OpenDocument)
    } else {
        (has(b"xl/workbook") || has(b"xl/worksheets")).then_some(Signature::Excel)
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn formats_that_are_not_read_are_named() {
        let name =
            |content: &[u8]| of(Path::new("t"), content).map_or_else(|error| error.to_string(), |_| String::new());
        for (content, what) in [
            (&b"PK\x03\x04....a.csv"[..], "ZIP"),
            (b"PK\x03\x04....word/document.xml", "ZIP"),
            (b"\xfd7zXZ\0\0", "compressed by xz"),
            (b"BZh91AY&SY\0", "compressed by bzip2"),
            (b"%PDF-1.7", "PDF"),
            (b"$FL2@(#) SPSS", "SPSS"),
            (b"<stata_dta><header>", "Stata"),
            (b"\x72\x02\x01\0", "Stata"),
            (b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60\xb3", "SAS"),
            (b"HEADER RECORD*******LIBRARY HEADER", "SAS"),
            (b"SQLite format 3\0", "SQLite"),
            (b"\n<!DOCTYPE html><html>", "web page"),
        ] {
            assert!(name(content).contains(what), "{what}: {}", name(content));
        }
        for text in [&b"ORCID,name\n1,x\n"[..], b"BZh,b\n1,2\n", b"RDX\n1\n", b"a,b\n"] {
            assert_eq!(of(Path::new("t"), text).unwrap(), Signature::Text);
        }
    }
}
