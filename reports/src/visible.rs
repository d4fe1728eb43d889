//! Text that shows all it holds.
//!
//! Names of columns come from files that anybody may have written. A control character in one could drive a terminal, a
//! line break could forge a line of a report, and a mark of direction could make a name look like another.

use std::borrow::Cow;
use std::fmt::Write;

/// The text with every character that cannot be seen, or that changes how others are seen, written out: `\n`, `\t`,
/// `\r`, and `\u{1b}` and its like. What needs no change is borrowed. Joiners stay, which some scripts need.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            hidden if is_hidden(hidden) => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(hidden));
            }
            other => shown.push(other),
        }
    }
    Cow::Owned(shown)
}

/// Control characters, marks of direction, separators of lines, and what has no width.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The same for every text in a JSON value, names included; whether there was anything to change.
pub(crate) fn make_visible(value: &mut serde_json::Value) -> bool {
    use serde_json::Value;
    match value {
        Value::String(text) => match visible(text) {
            Cow::Borrowed(_) => false,
            Cow::Owned(shown) => {
                *text = shown;
                true
            }
        },
        Value::Array(values) => values.iter_mut().fold(false, |changed, value| make_visible(value) | changed),
        Value::Object(fields) => {
            let mut changed = fields.keys().any(|name| matches!(visible(name), Cow::Owned(_)));
            if changed {
                *fields = std::mem::take(fields)
                    .into_iter()
                    .map(|(name, value)| (visible(&name).into_owned(), value))
                    .collect();
            }
            for value in fields.values_mut() {
                changed |= make_visible(value);
            }
            changed
        }
        _ => false,
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn what_is_hidden_is_written_out() {
        assert_eq!(visible("a\u{1b}[31m\nb\u{202e}c\u{9b}\u{7f}"), "a\\u{1b}[31m\\nb\\u{202e}c\\u{9b}\\u{7f}");
        for plain in ["age", "年龄 (岁)", "Größe in cm", "👩\u{200d}👧", "a\\b"] {
            assert!(matches!(visible(plain), Cow::Borrowed(_)), "{plain}");
        }
    }

    #[test]
    fn every_text_of_a_value_is_shown() {
        let mut value = serde_json::json!({"a\u{1b}": ["x", {"b": "y\u{202e}"}], "c": 1.5});
        assert!(make_visible(&mut value));
        assert_eq!(value, serde_json::json!({"a\\u{1b}": ["x", {"b": "y\\u{202e}"}], "c": 1.5}));
        assert!(!make_visible(&mut value));
    }
}
