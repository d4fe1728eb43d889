//! The columns of Arrow files whose types the decoder does not know.

use polars_arrow_format::ipc::planus::ReadAsRoot;
use polars_arrow_format::ipc::{MessageHeaderRef, MessageRef, TypeRef};

/// What the first message begins with, before its length, in what is written since 2019.
const CONTINUATION: [u8; 4] = [0xff; 4];
/// What a file begins with before its messages.
const MAGIC: &[u8] = b"ARROW1\0\0";

/// The first column whose type the decoder does not know, and what that type is.
///
/// A file and a stream begin with the same message, which says what columns there are.
pub(super) fn unknown(content: &[u8]) -> Option<(String, &'static str)> {
    let messages = content.strip_prefix(MAGIC).unwrap_or(content);
    let messages = messages.strip_prefix(&CONTINUATION).unwrap_or(messages);
    let (length, rest) = messages.split_first_chunk::<4>()?;
    let message = rest.get(..usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
    let header = MessageRef::read_as_root(message).ok()?.header().ok()??;
    let MessageHeaderRef::Schema(schema) = header else { return None };
    schema.fields().ok()??.iter().find_map(|field| {
        let field = field.ok()?;
        let what = match field.type_() {
            Ok(Some(TypeRef::RunEndEncoded(_))) => "run-end encoded",
            Ok(Some(TypeRef::ListView(_) | TypeRef::LargeListView(_))) => "list",
            Err(_) => "a type that is not known",
            _ => return None,
        };
        Some((field.name().ok()??.to_owned(), what))
    })
}
