//! Where two evidence files differ, without a word about values.

use serde_json::Value;

/// The first difference between two files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// First line that differs, from 1; also the first line that only one of them has.
    pub line: usize,
    /// JSON pointer (RFC 6901) to the first value that differs; none when the values agree and only their spelling does
    /// not, or when one file is no JSON.
    pub pointer: Option<String>,
}

/// The first difference, if there is one.
pub fn first(one: &[u8], other: &[u8]) -> Option<Difference> {
    if one == other {
        return None;
    }
    let lines = |bytes| <[u8]>::split(bytes, |byte| *byte == b'\n');
    let line = lines(one).zip(lines(other)).take_while(|(one, other)| one == other).count() + 1;
    let pointer = match (serde_json::from_slice(one), serde_json::from_slice(other)) {
        (Ok(one), Ok(other)) => pointer(&one, &other),
        _ => None,
    };
    Some(Difference { line, pointer })
}

/// The place of the first difference in the order of `one`; keys that only `other` has come last.
fn pointer(one: &Value, other: &Value) -> Option<String> {
    let below = |key: String, deeper: String| format!("/{}{deeper}", key.replace('~', "~0").replace('/', "~1"));
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            for (key, value) in one {
                let deeper = match other.get(key) {
                    Some(counterpart) => pointer(value, counterpart),
                    None => Some(String::new()),
                };
                if let Some(deeper) = deeper {
                    return Some(below(key.clone(), deeper));
                }
            }
            other.keys().find(|key| !one.contains_key(*key)).map(|key| below(key.clone(), String::new()))
        }
        (Value::Array(one), Value::Array(other)) => {
            for (at, (value, counterpart)) in one.iter().zip(other).enumerate() {
                if let Some(deeper) = pointer(value, counterpart) {
                    return Some(below(at.to_string(), deeper));
                }
            }
            (one.len() != other.len()).then(|| below(one.len().min(other.len()).to_string(), String::new()))
        }
        _ => (one != other).then(String::new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(one: &str, other: &str) -> Option<(usize, Option<String>)> {
        first(one.as_bytes(), other.as_bytes()).map(|found| (found.line, found.pointer))
    }

    #[test]
    fn names_line_and_place() {
        assert_eq!(difference("{}", "{}"), None);
        let at = |line, pointer: &str| Some((line, Some(pointer.to_owned())));
        assert_eq!(difference("{\n\"a\":[1,\n2]}", "{\n\"a\":[1,\n3]}"), at(3, "/a/1"));
        assert_eq!(difference("{\"a\":[1]}", "{\"a\":[1,2]}"), at(1, "/a/1"));
        assert_eq!(difference("{\"a/b~\":1}", "{}"), at(1, "/a~1b~0"));
        assert_eq!(difference("{}", "{\"new\":1}"), at(1, "/new"));
        assert_eq!(difference("1", "\"1\""), at(1, ""));
        assert_eq!(difference("{}\n", "{}"), Some((2, None)));
        assert_eq!(difference("{\n}", "{\n not JSON"), Some((2, None)));
    }
}
