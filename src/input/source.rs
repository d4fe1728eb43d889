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
    if std::fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Err(InputError::Directory { path: path.to_owned() });
    }
    let raw = match read_parts(path).map_err(unreadable)? {
        Some(raw) => raw,
        None => std::fs::read(path).map_err(unreadable)?,
    };
    if raw.is_empty() { Err(InputError::EmptyFile { path: path.to_owned() }) } else { Ok(raw) }
}

/// Bytes that one thread copies at once.
const PART: usize = 1 << 19;

/// Reads a large file by all threads: most of the time goes into memory that is touched for the first time. `None` when
/// it is no such file, or has another length by the end.
#[cfg(unix)]
fn read_parts(path: &Path) -> std::io::Result<Option<Vec<u8>>> {
    use std::io::ErrorKind;
    use std::os::unix::fs::FileExt;
    let file = std::fs::File::open(path)?;
    let metadata = file.metadata()?;
    let Some(bytes) = usize::try_from(metadata.len()).ok().filter(|bytes| metadata.is_file() && *bytes > PART) else {
        return Ok(None);
    };
    // That there is no room for it is an error and not the end of the program.
    Vec::<u8>::new().try_reserve_exact(bytes)?;
    let mut raw = vec![0; bytes];
    let parts = raw.par_chunks_mut(PART).enumerate();
    match parts.try_for_each(|(at, part)| file.read_exact_at(part, (at * PART) as u64)) {
        Ok(()) => Ok((file.read_at(&mut [0], metadata.len())? == 0).then_some(raw)),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// Leaves every file to be read by one thread.
#[cfg(not(unix))]
fn read_parts(_path: &Path) -> std::io::Result<Option<Vec<u8>>> {
    Ok(None)
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

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn parts_make_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("t");
        for bytes in [1, PART - 1, PART, PART + 1, 3 * PART, 3 * PART + 7] {
            let content: Vec<u8> = (0..bytes).map(|at| (at / 7 + at / PART) as u8).collect();
            std::fs::write(&path, &content).unwrap();
            assert!(read(&path).unwrap() == content, "{bytes} bytes");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_says_nothing_about_its_length_is_read_to_the_end() {
        assert!(!read(Path::new("/proc/self/status")).unwrap().is_empty());
        assert!(matches!(read(Path::new("/dev/null")), Err(InputError::EmptyFile { .. })));
    }
}
