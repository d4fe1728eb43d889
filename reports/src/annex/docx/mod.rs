//! The annex as a .docx: OOXML parts (ISO/IEC 29500-1, transitional) from templates, in a ZIP that stores them.
//!
//! The page is that of the templates of the Chinese authorities: A4, 仿宋 14 pt, exact lines of 26 pt, headings in 黑体, 楷体
//! and 仿宋. The parts stand in a fixed order with a fixed time, so that the same document is the same bytes everywhere.

use super::Document;
use crate::message::{Language, Messages};
use askama::Template;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

mod part;
#[cfg(test)]
mod test;
mod xml;

use part::Part;
use xml::clean;

#[derive(Template)]
#[template(path = "annex/document.xml")]
struct Body {
    parts: Vec<Part>,
}

#[derive(Template)]
#[template(path = "annex/styles.xml")]
struct Styles {
    /// Chinese is justified; English in lines this short would be full of holes.
    body_side: &'static str,
}

#[derive(Template)]
#[template(path = "annex/core.xml")]
struct Core {
    title: String,
    creator: String,
    language: &'static str,
    issued: String,
}

#[derive(Template)]
#[template(path = "annex/header.xml")]
struct Header {
    stamps: Vec<String>,
    reference: String,
}

#[derive(Template)]
#[template(path = "annex/footer.xml")]
struct Footer<'a> {
    before: &'a str,
    between: &'a str,
    after: &'a str,
}

/// The document as a .docx file.
pub fn render(document: &Document) -> Vec<u8> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in parts(document) {
        file.start_file(name, options).expect("each part has a name of its own");
        file.write_all(part.as_bytes()).expect("memory takes what is written");
    }
    file.finish().expect("memory takes what is written").into_inner()
}

/// The names and texts of the parts, in the order of the file.
fn parts(document: &Document) -> Vec<(&'static str, String)> {
    let texts = Messages::of(document.language);
    let body = Body { parts: part::parts(document) };
    let styles = Styles {
        body_side: match document.language {
            Language::Chinese => "both",
            Language::English => "left",
        },
    };
    let core = Core {
        title: clean(&document.title),
        creator: clean(&document.creator),
        language: document.language.tag(),
        issued: clean(&document.issued),
    };
    let header = Header {
        stamps: document.stamps.iter().map(|stamp| clean(stamp)).collect(),
        reference: clean(&document.reference),
    };
    let footer = Footer {
        before: texts.text("annex.page.number_before"),
        between: texts.text("annex.page.number_between"),
        after: texts.text("annex.page.number_after"),
    };
    let written = "writing to a string does not fail";
    vec![
        ("[Content_Types].xml", include_str!("../../../templates/annex/content_types.xml").to_owned()),
        ("_rels/.rels", include_str!("../../../templates/annex/package.rels.xml").to_owned()),
        ("docProps/core.xml", core.render().expect(written)),
        ("word/document.xml", body.render().expect(written)),
        ("word/styles.xml", styles.render().expect(written)),
        ("word/settings.xml", include_str!("../../../templates/annex/settings.xml").to_owned()),
        ("word/fontTable.xml", include_str!("../../../templates/annex/font_table.xml").to_owned()),
        ("word/header1.xml", header.render().expect(written)),
        ("word/footer1.xml", footer.render().expect(written)),
        ("word/_rels/document.xml.rels", include_str!("../../../templates/annex/document.rels.xml").to_owned()),
    ]
}
