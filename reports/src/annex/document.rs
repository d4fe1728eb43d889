//! The annex as blocks: a cover and numbered sections of paragraphs and tables, without a layout.
//!
//! Every renderer shows the same blocks. A text is a row of pieces, because within one sentence a figure carries the mark
//! that says what its source is worth, and a changed limit is red. Nothing here knows what the figures mean.

use crate::message::{Language, Messages};
use serde::{Deserialize, Serialize};

mod section;
mod table;
mod text;

pub use section::{Section, SectionId};
pub use table::{Align, Cell, Column, Table};
pub use text::{Mark, Piece, Text, Tone};

/// Name of the JSON form.
pub const SCHEMA: &str = "reident/annex/v1";

/// A whole annex.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// Language of its texts, as a code. Only Chinese is filed.
    #[serde(serialize_with = "code")]
    pub language: Language,
    /// Title on the cover, and of the file.
    pub title: String,
    /// Who files it: the author that the file names.
    pub creator: String,
    /// Day of issue, `YYYY-MM-DD`. A renderer asks no clock.
    pub issued: String,
    /// What identifies the annex on each of its pages: number and version.
    pub reference: String,
    /// Stamped in red on every page: working papers, a translation, a missing signature.
    pub stamps: Vec<String>,
    /// What stands on the cover under the title.
    pub cover: Vec<Block>,
    /// Sections in their order.
    pub sections: Vec<Section>,
}

/// A part of a section or of the cover.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A heading within a section, numbered by [`Section::heading`] and [`Section::subheading`].
    Heading {
        /// 2 for （一）, 3 for 1.
        level: u8,
        /// Its number, with its punctuation.
        number: String,
        /// Its words.
        text: String,
    },
    /// A paragraph.
    Paragraph {
        /// Its words.
        text: Text,
    },
    /// A paragraph in red, set off from the others.
    Warning {
        /// Its words.
        text: Text,
    },
    /// Numbered items, each a paragraph.
    Items {
        /// The items, without their numbers.
        items: Vec<Text>,
    },
    /// A table.
    Table(Table),
    /// Lines that are copied as they stand: a command, settings.
    Code {
        /// The lines.
        lines: Vec<String>,
    },
}

impl Document {
    /// A document without a cover and without sections.
    pub fn new(language: Language) -> Document {
        Document {
            schema: SCHEMA,
            language,
            title: Messages::of(language).text("annex.title").to_owned(),
            creator: String::new(),
            issued: String::new(),
            reference: String::new(),
            stamps: Vec::new(),
            cover: Vec::new(),
            sections: Vec::new(),
        }
    }
}

fn code<S: serde::Serializer>(language: &Language, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(language.code())
}
