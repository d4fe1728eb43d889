//! Text of others inside Markdown.

/// Text that means itself wherever it stands: no markup, no cell border, no line break, no HTML, no mention. Backticks that
/// reident puts around names are escaped as well, so that a name cannot end a code span.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // Mentions are looked for in what is shown, so that the entity alone would still be one.
            '@' => escaped.push_str("&#64;<!-- -->"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' | '~' | '!' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            letter if letter.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod test {
    use super::escape;

    #[test]
    fn names_cannot_break_a_table() {
        assert_eq!(escape("a|b\n<i>*c*"), "a\\|b &lt;i&gt;\\*c\\*");
        assert_eq!(escape("@everyone\u{1b}"), "&#64;<!-- -->everyone ");
    }
}
