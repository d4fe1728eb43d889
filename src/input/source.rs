//! The bytes of a file, and what format they are in.

use super::InputError;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::io::Read;
use std::path::Path;

/// A format told from the first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signature {
    Parquet,
    ArrowFile,
    ArrowStream,
    /// Anything else: text, if it is anything.
    Text,
}

/// The content of a file.
pub(super) struct Source<'a> {
    /// Decompressed.
    pub(super) content: Cow<'a, [u8]>,
    pub(super) compression: Option<&'static str>,
    pub(super) signature: Signature,
}

/// Reads a whole file, as it lies on the disk.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, InputError> {
    let unreadable = |source| InputError::Unreadable { path: path.to_owned(), source };
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(InputError::Directory { path: path.to_owned() });
    }
    let large = usize::try_from(metadata.len()).ok().filter(|bytes| metadata.is_file() && *bytes > PART);
    let raw = large.map_or_else(|| std::fs::read(path), |bytes| read_parts(path, bytes)).map_err(unreadable)?;
    if raw.is_empty() { Err(InputError::EmptyFile { path: path.to_owned() }) } else { Ok(raw) }
}

/// Bytes that one thread copies at once.
const PART: usize = 1 << 19;

/// Reads a file of so many bytes. Most of the time goes into memory that is touched for the first time, which threads can
/// share.
#[cfg(unix)]
fn read_parts(path: &Path, bytes: usize) -> std::io::Result<Vec<u8>> {
    use std::os::unix::fs::FileExt;
    let file = std::fs::File::open(path)?;
    let mut raw = vec![0; bytes];
    let parts = raw.par_chunks_mut(PART).enumerate();
    parts.try_for_each(|(at, part)| file.read_exact_at(part, (at * PART) as u64))?;
    Ok(raw)
}

/// Reads a file.
#[cfg(not(unix))]
fn read_parts(path: &Path, _bytes: usize) -> std::io::Result<Vec<u8>> {
    std::fs::read(path)
}

/// SHA-256 in hexadecimal digits.
pub(super) fn digest(raw: &[u8]) -> String {
    Sha256::digest(raw).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Unpacks a file, and tells what it is.
pub(super) fn open<'a>(path: &Path, raw: &'a [u8]) -> Result<Source<'a>, InputError> {
    let unpacked = unpack(path, raw)?;
    let compression = unpacked.as_ref().map(|(name, _)| *name);
    let content = unpacked.map_or(Cow::Borrowed(raw), |(_, content)| Cow::Owned(content));
    let signature = signature(path, &content)?;
    Ok(Source { content, compression, signature })
}

/// The unpacked bytes, when the file is compressed.
fn unpack(path: &Path, raw: &[u8]) -> Result<Option<(&'static str, Vec<u8>)>, InputError> {
    let mut content = Vec::new();
    let (format, result) = if raw.starts_with(&[0x1f, 0x8b]) {
        ("gzip", flate2::read::MultiGzDecoder::new(raw).read_to_end(&mut content))
    } else if raw.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        ("zstd", zstd::stream::read::Decoder::new(raw).and_then(|mut reader| reader.read_to_end(&mut content)))
    } else {
        return Ok(None);
    };
    match result {
        Ok(0) => Err(InputError::EmptyFile { path: path.to_owned() }),
        Ok(_) => Ok(Some((format, content))),
        Err(error) => Err(InputError::Compressed { path: path.to_owned(), format, reason: error.to_string() }),
    }
}

fn signature(path: &Path, content: &[u8]) -> Result<Signature, InputError> {
    let unsupported = |what| Err(InputError::Unsupported { path: path.to_owned(), what });
    if content.starts_with(b"PAR1") {
        Ok(Signature::Parquet)
    } else if content.starts_with(b"ARROW1") {
        Ok(Signature::ArrowFile)
    } else if content.starts_with(&[0xff; 4]) {
        Ok(Signature::ArrowStream)
    } else if content.starts_with(b"PK\x03\x04") {
        unsupported("a ZIP archive or an Excel workbook")
    } else if content.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        unsupported("an old Excel workbook")
    } else if content.starts_with(b"SQLite format 3\0") {
        unsupported("a SQLite database")
    } else {
        Ok(Signature::Text)
    }
}
