//! What XML 1.0 can hold.

use crate::visible::visible;

/// The text with everything written out that XML cannot hold or that cannot be seen. The templates escape the rest.
pub(super) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for letter in visible(text).chars() {
        match letter {
            // Allowed in UTF-8, forbidden in XML.
            '\u{fffe}' | '\u{ffff}' => cleaned.push('\u{fffd}'),
            other => cleaned.push(other),
        }
    }
    cleaned
}
