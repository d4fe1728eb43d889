//! Words that mean "missing" in most tables, and are values in some.

/// Such words, as programs write them.
const WORDS: [&str; 8] = ["NA", "N/A", "NaN", "NULL", "null", "<NA>", "None", "\\N"];

/// The word for "not available" that is also a code of two letters: Namibia, North America, natrium.
const TWO_LETTERS: &str = "NA";

/// Some of the words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Words(u8);

impl Words {
    /// All of them.
    pub(super) const ALL: Words = Words(u8::MAX);

    /// The word that a text is, alone; none when it is none.
    pub(super) fn of(text: &str) -> Words {
        if !(2..=4).contains(&text.len()) {
            return Words::default();
        }
        WORDS.iter().position(|word| *word == text).map_or(Words::default(), |at| Words(1 << at))
    }

    /// Whether there is none.
    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a text is one of them.
    pub(super) fn has(self, text: &str) -> bool {
        self.0 & Words::of(text).0 != 0
    }

    /// The words of either.
    pub(super) fn and(self, other: Words) -> Words {
        Words(self.0 | other.0)
    }

    /// Those that mean "missing" in a column where so many of so many other texts are codes of two capital letters: there `NA` is
    /// one of them.
    pub(super) fn missing_among(two_letters: usize, texts: usize) -> Words {
        let is_code = two_letters > 0 && 10 * two_letters >= 9 * texts;
        Words(if is_code { !Words::of(TWO_LETTERS).0 } else { u8::MAX })
    }
}

/// Whether a text is a code of two capital letters.
pub(super) fn is_two_letters(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}
