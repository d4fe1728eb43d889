//! Texts in pieces: tone and mark belong to a piece, not to a paragraph.

use super::{Deserialize, Serialize};

/// What a source is worth: every number that is taken from a law, a standard or this project carries one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Mark {
    /// The text itself was read.
    #[serde(rename = "C")]
    Confirmed,
    /// Known from another's account of the text.
    #[serde(rename = "S")]
    Secondary,
    /// Not verified.
    #[serde(rename = "U")]
    Unverified,
    /// This project's proposal: no law and no standard says so.
    #[serde(rename = "P")]
    Proposal,
}

impl Mark {
    /// All marks, in the order in which they are explained.
    pub const ALL: [Mark; 4] = [Mark::Confirmed, Mark::Secondary, Mark::Unverified, Mark::Proposal];

    /// Key of its short name, as it stands beside a number.
    pub fn key(self) -> &'static str {
        match self {
            Mark::Confirmed => "annex.mark.confirmed",
            Mark::Secondary => "annex.mark.secondary",
            Mark::Unverified => "annex.mark.unverified",
            Mark::Proposal => "annex.mark.proposal",
        }
    }

    /// Key of the sentence that explains it.
    pub fn meaning(self) -> &'static str {
        match self {
            Mark::Confirmed => "annex.mark_meaning.confirmed",
            Mark::Secondary => "annex.mark_meaning.secondary",
            Mark::Unverified => "annex.mark_meaning.unverified",
            Mark::Proposal => "annex.mark_meaning.proposal",
        }
    }
}

/// How a piece is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// As the text around it.
    #[default]
    Plain,
    /// Bold.
    Strong,
    /// Bold and red.
    Warning,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Piece {
    /// Its words.
    pub text: String,
    /// How it is shown.
    #[serde(skip_serializing_if = "is_plain")]
    pub tone: Tone,
    /// What the source of the number in it is worth, printed after the piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
}

fn is_plain(tone: &Tone) -> bool {
    *tone == Tone::Plain
}

/// A text: its pieces follow each other without a space.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(transparent)]
pub struct Text {
    /// Its pieces.
    pub pieces: Vec<Piece>,
}

impl Text {
    /// A piece of a tone.
    pub fn toned(text: impl Into<String>, tone: Tone) -> Text {
        Text { pieces: vec![Piece { text: text.into(), tone, mark: None }] }
    }

    /// In bold.
    pub fn strong(text: impl Into<String>) -> Text {
        Text::toned(text, Tone::Strong)
    }

    /// In red.
    pub fn warning(text: impl Into<String>) -> Text {
        Text::toned(text, Tone::Warning)
    }

    /// A text with the mark of its source.
    pub fn marked(text: impl Into<String>, mark: Mark) -> Text {
        Text { pieces: vec![Piece { text: text.into(), tone: Tone::Plain, mark: Some(mark) }] }
    }

    /// This text, followed by another.
    pub fn and(mut self, other: impl Into<Text>) -> Text {
        self.pieces.extend(other.into().pieces);
        self
    }

    /// Whether it shows nothing.
    pub fn is_empty(&self) -> bool {
        self.pieces.iter().all(|piece| piece.text.is_empty() && piece.mark.is_none())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text::toned(text, Tone::Plain)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text::from(text.to_owned())
    }
}
