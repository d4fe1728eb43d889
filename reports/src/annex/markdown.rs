//! The annex as Markdown: to read and to review, not to file.
//!
//! Text is escaped, so that no name of a column and no text of the manifest can break a table, become markup or call a
//! person.

use super::Document;
use super::document::{Align, Block, Text, Tone};
use crate::escape::escape;
use crate::message::Messages;
use std::fmt::Write;

/// The document as GitHub-flavoured Markdown.
pub fn render(document: &Document) -> String {
    let mut page = Page { text: String::new(), texts: Messages::of(document.language) };
    document.stamps.iter().for_each(|stamp| page.stamp(stamp));
    page.paragraph(&format!("# {}", escape(&document.title)));
    page.blocks(&document.cover);
    for section in &document.sections {
        page.paragraph(&format!("## {}{}", escape(&section.number), escape(&section.title)));
        page.blocks(&section.blocks);
    }
    document.stamps.iter().for_each(|stamp| page.stamp(stamp));
    page.text
}

struct Page {
    text: String,
    texts: Messages,
}

impl Page {
    /// A paragraph of finished Markdown.
    fn paragraph(&mut self, text: &str) {
        let _ = write!(self.text, "{text}\n\n");
    }

    fn stamp(&mut self, stamp: &str) {
        self.paragraph(&format!("**{}**", escape(stamp)));
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Heading { level, number, text } => {
                    let hashes = "#".repeat(usize::from(*level) + 1);
                    self.paragraph(&format!("{hashes} {}{}", escape(number), escape(text)));
                }
                Block::Paragraph { text } => {
                    let text = self.text(text);
                    self.paragraph(&text);
                }
                Block::Warning { text } => {
                    let text = self.text(text);
                    self.paragraph(&format!("> ⚠ {text}"));
                }
                Block::Items { items } => {
                    for (index, item) in items.iter().enumerate() {
                        let item = self.text(item);
                        let _ = writeln!(self.text, "{}. {item}", index + 1);
                    }
                    self.text.push('\n');
                }
                Block::Table(table) => {
                    if !table.title.is_empty() {
                        self.paragraph(&format!("*{}*", escape(&table.title)));
                    }
                    let heads: Vec<String> = table.columns.iter().map(|column| escape(&column.name)).collect();
                    let _ = writeln!(self.text, "| {} |", heads.join(" | "));
                    let rule = table.columns.iter().map(|column| match column.align {
                        Align::Left => " --- |",
                        Align::Center => " :-: |",
                        Align::Right => " --: |",
                    });
                    let _ = writeln!(self.text, "|{}", rule.collect::<String>());
                    for row in &table.rows {
                        let cells: Vec<String> = row.iter().map(|cell| self.text(cell)).collect();
                        let _ = writeln!(self.text, "| {} |", cells.join(" | "));
                    }
                    self.text.push('\n');
                }
                Block::Code { lines } => {
                    // Indented, because no fence is safe from what it encloses.
                    for line in lines {
                        let line: String =
                            line.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
                        let _ = writeln!(self.text, "    {line}");
                    }
                    self.text.push('\n');
                }
            }
        }
    }

    fn text(&self, text: &Text) -> String {
        let mut shown = String::new();
        for piece in &text.pieces {
            let words = escape(&piece.text);
            match piece.tone {
                Tone::Strong | Tone::Warning if !words.trim().is_empty() => {
                    let _ = write!(shown, "**{words}**");
                }
                _ => shown.push_str(&words),
            }
            if let Some(mark) = piece.mark {
                shown.push_str(&escape(self.texts.text(mark.key())));
            }
        }
        shown
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::annex::document::{Document, Mark, Section, SectionId, Table};
    use crate::message::Language;

    #[test]
    fn a_text_cannot_leave_its_place() {
        let mut document = Document::new(Language::Chinese);
        let mut section = Section::new(SectionId::Risk, Language::Chinese);
        section.heading("甲");
        section.heading("乙");
        section.subheading("丙");
        section.paragraph(Text::from("@team <b>").and(Text::marked("0.05", Mark::Secondary)));
        section.code(["reident run `x`\u{1b}".to_owned()]);
        let mut table = Table::new("t|t", &[("a|b", 1), ("c", 1)]).align(Align::Right, &[1]);
        table.row(["x|y\nz", "_1_"]);
        section.table(table);
        document.sections.push(section);
        let shown = render(&document);
        for line in [
            "## 七、重标识风险计算方案与结果",
            "### （一）甲",
            "### （二）乙",
            "#### 1. 丙",
            "&#64;<!-- -->team &lt;b&gt;0.05〔二手资料〕",
            "    reident run `x` ",
            "| a\\|b | c |",
            "| --- | --: |",
            "| x\\|y z | \\_1\\_ |",
        ] {
            assert!(shown.lines().any(|found| found == line), "{line} in:\n{shown}");
        }
    }
}
