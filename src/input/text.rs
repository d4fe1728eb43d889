//! From bytes to text: which encoding, strictly.

use super::InputError;
use super::legacy::{self, Legacy};
use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;
use std::path::Path;

/// Decoded text.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    /// Name of the encoding.
    pub(super) encoding: &'static str,
    pub(super) source: Source,
}

/// How it is known in which encoding a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// A mark, a setting, or that it is valid UTF-8, which hardly anything else is.
    Shown,
    /// What the bytes look like.
    Guessed,
    /// It is UTF-8, though another encoding was given: not all files of a run need be in one.
    NotAsGiven,
}

/// Decodes a whole file, in a given encoding or the one its bytes show.
///
/// A byte-order mark decides; NUL bytes at every other place show UTF-16; valid UTF-8 is UTF-8; of what is left, GB18030 (of
/// which GBK and GB2312 are parts) and Windows-1252 are recognized, and everything else is asked for.
pub(super) fn decode<'a>(path: &Path, bytes: &'a [u8], label: Option<&str>) -> Result<Decoded<'a>, InputError> {
    let given = label
        .map(|label| {
            Encoding::for_label(label.as_bytes()).ok_or_else(|| InputError::UnknownEncoding { label: label.to_owned() })
        })
        .transpose()?;
    if bytes.starts_with(&[0xff, 0xfe, 0, 0]) || bytes.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Err(InputError::Unsupported { path: path.to_owned(), what: "text in UTF-32" });
    }
    if let Some((encoding, _)) =
        Encoding::for_bom(bytes).filter(|(encoding, _)| given.is_none_or(|given| given != *encoding))
    {
        return as_encoding(path, bytes, encoding);
    }
    if let Some(encoding) = given {
        let stays_utf8 = |text: &&str| {
            encoding != UTF_8
                && !text.contains('\0')
                && (!text.is_ascii() || encoding == UTF_16LE || encoding == UTF_16BE)
        };
        return match str::from_utf8(bytes).ok().filter(stays_utf8) {
            Some(text) => Ok(Decoded { text: text.into(), encoding: UTF_8.name(), source: Source::NotAsGiven }),
            None => as_encoding(path, bytes, encoding),
        };
    }
    if let Some(encoding) = utf16_by_nuls(bytes) {
        return as_encoding(path, bytes, encoding).map(|decoded| Decoded { source: Source::Guessed, ..decoded });
    }
    match str::from_utf8(bytes) {
        Ok(text) => {
            let decoded = Decoded { text: Cow::Borrowed(text), encoding: UTF_8.name(), source: Source::Shown };
            no_nul(path, decoded, UTF_8, 0)
        }
        Err(error) => match legacy::recognize(bytes) {
            Legacy::Sure(encoding) => {
                // The standard is written in capitals, and so it has stood in evidence.
                let name = if encoding == GB18030 { "GB18030" } else { encoding.name() };
                let decoded = as_encoding(path, bytes, encoding)?;
                Ok(Decoded { encoding: name, source: Source::Guessed, ..decoded })
            }
            Legacy::Perhaps(encoding) => {
                Err(InputError::UnsureEncoding { path: path.to_owned(), encoding: encoding.name() })
            }
            Legacy::None => Err(undecodable(path, UTF_8.name(), error.valid_up_to())),
        },
    }
}

fn undecodable(path: &Path, encoding: &str, offset: usize) -> InputError {
    InputError::Undecodable { path: path.to_owned(), encoding: encoding.to_owned(), offset }
}

/// Text of a table holds no NUL: bytes with one are some binary format. `mark` is the length of the byte-order mark.
fn no_nul<'a>(
    path: &Path,
    decoded: Decoded<'a>,
    encoding: &'static Encoding,
    mark: usize,
) -> Result<Decoded<'a>, InputError> {
    match memchr::memchr(0, decoded.text.as_bytes()) {
        None => Ok(decoded),
        Some(at) => Err(undecodable(path, "text (it is NUL)", mark + length_in(encoding, &decoded.text[..at]))),
    }
}

/// Bytes that a text takes in an encoding.
fn length_in(encoding: &'static Encoding, text: &str) -> usize {
    if encoding == UTF_8 {
        text.len()
    } else if encoding == UTF_16LE || encoding == UTF_16BE {
        2 * text.encode_utf16().count()
    } else {
        encoding.encode(text).0.len()
    }
}

fn as_encoding<'a>(path: &Path, bytes: &'a [u8], encoding: &'static Encoding) -> Result<Decoded<'a>, InputError> {
    let mark = Encoding::for_bom(bytes).filter(|(found, _)| *found == encoding).map_or(0, |(_, length)| length);
    let text = if encoding == UTF_8 {
        let text = str::from_utf8(&bytes[mark..]);
        Cow::Borrowed(text.map_err(|error| undecodable(path, encoding.name(), mark + error.valid_up_to()))?)
    } else {
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
        text.ok_or_else(|| undecodable(path, encoding.name(), mark + first_malformed(encoding, &bytes[mark..])))?
    };
    no_nul(path, Decoded { text, encoding: encoding.name(), source: Source::Shown }, encoding, mark)
}

/// Position of the first byte sequence that the encoding does not know.
fn first_malformed(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut buffer = vec![0u8; 8192];
    let mut read = 0;
    loop {
        let (result, taken, _) = decoder.decode_to_utf8_without_replacement(&bytes[read..], &mut buffer, true);
        read += taken;
        match result {
            DecoderResult::OutputFull => {}
            DecoderResult::InputEmpty => return read,
            DecoderResult::Malformed(length, after) => {
                return read.saturating_sub(usize::from(length) + usize::from(after));
            }
        }
    }
}

/// UTF-16 without a mark: the delimiters and line breaks of a table are ASCII, one byte of each is NUL. A few letters have
/// a NUL as their other byte.
fn utf16_by_nuls(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096)];
    let (mut even, mut odd) = (0, 0);
    for at in memchr::memchr_iter(0, head) {
        *(if at % 2 == 0 { &mut even } else { &mut odd }) += 1;
    }
    match (even, odd) {
        _ if !bytes.len().is_multiple_of(2) => None,
        (even, 1..) if even * 4 <= odd => Some(UTF_16LE),
        (1.., odd) if odd * 4 <= even => Some(UTF_16BE),
        _ => None,
    }
}
