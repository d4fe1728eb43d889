//! The bytes of a file, and what format they are in.

use super::InputError;
use super::signature::{self, Signature};
use rayon::prelude::*;
use std::borrow::Cow;
use std::io::Read;
use std::path::Path;

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

/// Unpacks a file, and tells what it is. `max_size` is how many bytes it may unpack to.
///
/// # Errors
/// When it is damaged, of a format that is not supported, or unpacks to more.
pub(super) fn open<'a>(path: &Path, raw: &'a [u8], max_size: Option<u64>) -> Result<Source<'a>, InputError> {
    let unpacked = unpack(path, raw, max_size.unwrap_or_else(|| usual_size(raw.len())))?;
    let compression = unpacked.as_ref().map(|(name, _)| *name);
    let content = unpacked.map_or(Cow::Borrowed(raw), |(_, content)| Cow::Owned(content));
    let signature = signature::of(path, &content)?;
    if matches!(signature, Signature::Excel | Signature::OpenDocument) {
        check_parts(path, &content, max_size.unwrap_or_else(|| usual_size(raw.len())))?;
    }
    Ok(Source { content, compression, signature })
}

/// What a file of so many bytes may unpack to when nothing else is said: tables shrink to a third, to a thirtieth, rarely to a
/// hundredth, and what shrinks to less was made to fill the memory.
pub(super) fn usual_size(bytes: usize) -> u64 {
    (100 * bytes as u64).clamp(1 << 28, 1 << 33)
}

/// Refuses a workbook whose parts say that they unpack to more than the limit.
fn check_parts(path: &Path, content: &[u8], limit: u64) -> Result<(), InputError> {
    let damaged = |reason: zip::result::ZipError| InputError::Compressed {
        path: path.to_owned(),
        format: "ZIP",
        reason: reason.to_string(),
    };
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(content)).map_err(damaged)?;
    let mut bytes = 0u64;
    for at in 0..archive.len() {
        bytes = bytes.saturating_add(archive.by_index_raw(at).map_err(damaged)?.size());
    }
    match bytes > limit {
        true => Err(InputError::TooLarge { path: path.to_owned(), size: content.len(), limit }),
        false => Ok(()),
    }
}

/// The unpacked bytes, when the file is compressed. What would be more than the limit is not unpacked any further.
fn unpack(path: &Path, raw: &[u8], limit: u64) -> Result<Option<(&'static str, Vec<u8>)>, InputError> {
    let mut content = Vec::new();
    let mut read = |reader: &mut dyn Read| reader.take(limit.saturating_add(1)).read_to_end(&mut content);
    let (format, result) = if raw.starts_with(&[0x1f, 0x8b]) {
        ("gzip", read(&mut flate2::read::MultiGzDecoder::new(raw)))
    } else if raw.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        ("zstd", zstd::stream::read::Decoder::new(raw).and_then(|mut reader| read(&mut reader)))
    } else {
        return Ok(None);
    };
    match result {
        Ok(0) => Err(InputError::EmptyFile { path: path.to_owned() }),
        Ok(bytes) if bytes as u64 > limit => {
            Err(InputError::TooLarge { path: path.to_owned(), size: raw.len(), limit })
        }
        Ok(_) => Ok(Some((format, content))),
        Err(error) => Err(InputError::Compressed { path: path.to_owned(), format, reason: error.to_string() }),
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

    #[test]
    fn what_unpacks_to_very_much_is_refused() {
        let zeros = vec![b'1'; 3 << 20];
        let packed = zstd::encode_all(&zeros[..], 3).unwrap();
        let open = |limit| open(Path::new("t"), &packed, limit);
        assert_eq!(open(None).unwrap().content.len(), 3 << 20);
        assert_eq!(open(Some(3 << 20)).unwrap().content.len(), 3 << 20);
        assert!(matches!(open(Some((3 << 20) - 1)), Err(InputError::TooLarge { .. })));
        assert_eq!(usual_size(1000), 1 << 28);
        assert_eq!(usual_size(10_000_000), 1_000_000_000);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_says_nothing_about_its_length_is_read_to_the_end() {
        assert!(!read(Path::new("/proc/self/status")).unwrap().is_empty());
        assert!(matches!(read(Path::new("/dev/null")), Err(InputError::EmptyFile { .. })));
    }
}
