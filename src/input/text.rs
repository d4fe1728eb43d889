//! From bytes to text: which encoding, strictly.

use super::InputError;
use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;
use std::path::Path;

/// Decoded text.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    /// Name of the encoding.
    pub(super) encoding: &'static str,
    /// Whether nothing in the file declares the encoding and it is not UTF-8.
    pub(super) guessed: bool,
}

/// Decodes a whole file, in a given encoding or the one its bytes show.
///
/// A byte-order mark decides; NUL bytes at every other place show UTF-16; valid UTF-8 is UTF-8; what is not but is
/// valid GB18030 (of which GBK and GB2312 are parts) is taken for that.
pub(super) fn decode<'a>(path: &Path, bytes: &'a [u8], label: Option<&str>) -> Result<Decoded<'a>, InputError> {
    if let Some(label) = label {
        let encoding = Encoding::for_label(label.as_bytes())
            .ok_or_else(|| InputError::UnknownEncoding { label: label.to_owned() })?;
        return as_encoding(path, bytes, encoding);
    }
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return as_encoding(path, bytes, encoding);
    }
    if let Some(encoding) = utf16_by_nuls(bytes) {
        return as_encoding(path, bytes, encoding).map(|decoded| Decoded { guessed: true, ..decoded });
    }
    match str::from_utf8(bytes) {
        Ok(text) => no_nul(path, Decoded { text: Cow::Borrowed(text), encoding: UTF_8.name(), guessed: false }),
        Err(error) => {
            let offset = error.valid_up_to();
            let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes);
            let text = text.filter(|text| !text.contains('\0'));
            text.map(|text| Decoded { text, encoding: "GB18030", guessed: true }).ok_or_else(|| {
                InputError::Undecodable { path: path.to_owned(), encoding: UTF_8.name().to_owned(), offset }
            })
        }
    }
}

/// Text of a table holds no NUL: bytes with one are some binary format.
fn no_nul<'a>(path: &Path, decoded: Decoded<'a>) -> Result<Decoded<'a>, InputError> {
    match memchr::memchr(0, decoded.text.as_bytes()) {
        None => Ok(decoded),
        Some(offset) => {
            Err(InputError::Undecodable { path: path.to_owned(), encoding: "text (it is NUL)".to_owned(), offset })
        }
    }
}

fn as_encoding<'a>(path: &Path, bytes: &'a [u8], encoding: &'static Encoding) -> Result<Decoded<'a>, InputError> {
    let mark = Encoding::for_bom(bytes).filter(|(found, _)| *found == encoding).map_or(0, |(_, length)| length);
    let undecodable =
        |offset| InputError::Undecodable { path: path.to_owned(), encoding: encoding.name().to_owned(), offset };
    let text = if encoding == UTF_8 {
        let text = str::from_utf8(&bytes[mark..]);
        Cow::Borrowed(text.map_err(|error| undecodable(mark + error.valid_up_to()))?)
    } else {
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
        text.ok_or_else(|| undecodable(mark + first_malformed(encoding, &bytes[mark..])))?
    };
    no_nul(path, Decoded { text, encoding: encoding.name(), guessed: false })
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

/// UTF-16 without a mark: the delimiters and line breaks of a table are ASCII, one byte of each is NUL.
fn utf16_by_nuls(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096)];
    let (mut even, mut odd) = (0, 0);
    for at in memchr::memchr_iter(0, head) {
        *(if at % 2 == 0 { &mut even } else { &mut odd }) += 1;
    }
    match (even, odd) {
        (0, 1..) if bytes.len().is_multiple_of(2) => Some(UTF_16LE),
        (1.., 0) if bytes.len().is_multiple_of(2) => Some(UTF_16BE),
        _ => None,
    }
}
