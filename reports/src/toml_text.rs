//! Text of others inside TOML.

use std::fmt::Write;

/// A TOML basic string (TOML 1.0.0, *String*).
pub fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", control as u32);
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod test {
    use super::quote;

    #[test]
    fn a_name_cannot_end_its_string() {
        let name = "a\"b\\c\nd";
        let table: toml::Table = format!("name = {}", quote(name)).parse().unwrap();
        assert_eq!(table["name"].as_str(), Some(name));
    }
}
