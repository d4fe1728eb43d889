//! Keys of the configuration file, as the file that `init` writes explains them.

use reident_reports::toml_text::quote;
use serde::Serialize;
use serde_json::Value;

/// A table of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// What it is about.
    pub about: String,
    /// Its name; empty for the keys that stand before all tables.
    pub name: &'static str,
    /// Its keys, in order.
    pub keys: Vec<Key>,
}

/// A key of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub about: String,
    /// A value in TOML: the one given, else the default or, where there is none, an example.
    pub value: String,
    /// Whether the value was given.
    pub is_given: bool,
}

impl Key {
    /// A key that may have been given a value, and otherwise shows another.
    pub(super) fn new<T: Serialize>(
        name: &'static str,
        about: &[&str],
        given: &Option<T>,
        shown: impl Serialize,
    ) -> Key {
        let value = match given {
            Some(given) => serde_json::to_value(given),
            None => serde_json::to_value(shown),
        };
        Key { name, about: sentence(about), value: toml(&value.unwrap_or_default()), is_given: given.is_some() }
    }
}

/// A text, a number, yes or no, or a list of such, in TOML.
fn toml(value: &Value) -> String {
    match value {
        Value::String(text) => quote(text),
        Value::Array(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// The text of a comment's lines, without the full stop of a single sentence.
pub fn sentence(lines: &[&str]) -> String {
    let text = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
    text.strip_suffix('.').unwrap_or(&text).to_owned()
}

/// What a key shows that was not given: its example, else its default.
macro_rules! shown {
    ($default:expr) => {
        $default
    };
    ($($default:expr)?, such as $example:tt) => {
        serde_json::json!($example)
    };
}
pub(super) use shown;

/// Makes a table of the file from one list: the type that is read, with a method for each key that has a default, and the
/// [`Section`] that explains it. A line is
///
/// ```text
/// /// What it is.
/// name: T = default, such as x;
/// ```
///
/// where a key has a default, an example, or both.
macro_rules! section {
    (
        $(#[doc = $of:tt])+
        [$section:ident] pub struct $config:ident {
            $(
                $(#[doc = $about:tt])+
                $(#[serde $serde:tt])?
                $name:ident: $type:ty $(= $default:expr)? $(, such as $example:tt)?;
            )*
        }
    ) => {
        $(#[doc = $of])+
        #[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $config {
            $($(#[doc = $about])+ $(#[serde $serde])? pub $name: Option<$type>,)*
        }

        impl $config {
            $($(
                #[doc = concat!("The key `", stringify!($name), "`, or its default.")]
                pub fn $name(&self) -> $type {
                    self.$name.clone().unwrap_or($default)
                }
            )?)*

            /// The table in the file that `init` writes.
            pub(in $crate::settings) fn section() -> $crate::settings::keys::Section {
                use $crate::settings::keys::{Key, Section, sentence, shown};
                let keys = vec![$(
                    Key::new(stringify!($name), &[$($about),+], &None::<()>, shown!($($default)? $(, such as $example)?)),
                )*];
                Section { about: sentence(&[$($of),+]), name: stringify!($section), keys }
            }
        }
    };
}
pub(super) use section;
