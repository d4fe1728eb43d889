//! The annex as JSON: the same blocks, for programs.

use super::Document;

/// The document as JSON: two spaces of indentation, keys in the order of the types, a line break at the end.
pub fn render(document: &Document) -> String {
    let mut text = serde_json::to_string_pretty(document).expect("a document is made of texts and small numbers");
    text.push('\n');
    text
}
