//! Blocks as paragraphs and tables of WordprocessingML.

use super::xml::clean;
use crate::annex::document::{Align, Block, Document, Table, Text, Tone};
use crate::message::{Language, Messages};

/// Width of the page between its margins, in twentieths of a point.
pub(super) const WIDTH: u32 = 8300;
/// Tables of as many columns or more are set smaller.
const DENSE: usize = 8;
/// Tables of so many rows or fewer are not torn apart by the end of a page.
const WHOLE: usize = 8;
/// Room for a signature.
const SIGNED: u32 = 720;

/// A paragraph or a table of the body.
pub(super) enum Part {
    /// A paragraph.
    Paragraph(Paragraph),
    /// A table.
    Table(Grid),
}

/// A paragraph.
pub(super) struct Paragraph {
    /// Its style.
    pub style: &'static str,
    /// Whether it stands on the page of what follows.
    pub keep_next: bool,
    /// Whether it begins a page.
    pub new_page: bool,
    /// On which side it stands, when not as its style says.
    pub side: Option<&'static str>,
    /// Its runs.
    pub runs: Vec<Run>,
}

/// A run of letters of one style.
pub(super) struct Run {
    /// Its style, when not the paragraph's.
    pub style: Option<&'static str>,
    /// Its lines.
    pub lines: Vec<String>,
}

/// A table.
pub(super) struct Grid {
    /// Widths of its columns, which add up to [`WIDTH`].
    pub widths: Vec<u32>,
    /// Between a cell's border and its text.
    pub margin: u32,
    /// Its rows, the heads first.
    pub rows: Vec<Row>,
}

impl Grid {
    /// Width of all columns.
    pub fn width(&self) -> u32 {
        self.widths.iter().sum()
    }
}

/// A row.
pub(super) struct Row {
    /// Whether it holds the heads, repeated on every page.
    pub head: bool,
    /// Its least height, where room is left.
    pub height: Option<u32>,
    /// Its cells.
    pub cells: Vec<Paragraph>,
}

/// The body of a document.
pub(super) fn parts(document: &Document) -> Vec<Part> {
    let maker = Maker { language: document.language, texts: Messages::of(document.language) };
    let mut parts = vec![plain("Title", &document.title)];
    maker.blocks(&document.cover, &mut parts);
    for (index, section) in document.sections.iter().enumerate() {
        let mut heading = paragraph("Heading1", vec![run(None, &format!("{}{}", section.number, section.title))]);
        heading.new_page = index == 0;
        parts.push(Part::Paragraph(heading));
        maker.blocks(&section.blocks, &mut parts);
    }
    parts
}

struct Maker {
    language: Language,
    texts: Messages,
}

impl Maker {
    fn blocks(&self, blocks: &[Block], parts: &mut Vec<Part>) {
        for (at, block) in blocks.iter().enumerate() {
            // What introduces a table stands with it.
            let keep_next = matches!(blocks.get(at + 1), Some(Block::Table(_)));
            match block {
                Block::Heading { level, number, text } => {
                    let style = if *level == 2 { "Heading2" } else { "Heading3" };
                    parts.push(plain(style, &format!("{number}{text}")));
                }
                Block::Paragraph { text } => {
                    parts.push(Part::Paragraph(Paragraph { keep_next, ..paragraph("Normal", self.runs(text)) }));
                }
                Block::Warning { text } => parts.push(Part::Paragraph(paragraph("Warning", self.runs(text)))),
                Block::Items { items } => {
                    for (index, item) in items.iter().enumerate() {
                        let number = match self.language {
                            Language::Chinese => format!("（{}）", index + 1),
                            Language::English => format!("({}) ", index + 1),
                        };
                        let mut runs = vec![run(None, &number)];
                        runs.extend(self.runs(item));
                        parts.push(Part::Paragraph(paragraph("Normal", runs)));
                    }
                }
                Block::Table(table) => {
                    if !table.title.is_empty() {
                        parts.push(plain("Caption", &table.title));
                    }
                    parts.push(Part::Table(self.grid(table)));
                }
                Block::Code { lines } => parts.extend(lines.iter().map(|line| plain("Code", line))),
            }
        }
    }

    fn grid(&self, table: &Table) -> Grid {
        let dense = table.columns.len() >= DENSE;
        let (head, text, margin) = if dense { ("DenseHead", "DenseText", 50) } else { ("TableHead", "TableText", 90) };
        let heads = table.columns.iter().map(|column| paragraph(head, vec![run(None, &column.name)])).collect();
        let mut rows = vec![Row { head: true, height: None, cells: heads }];
        let height = table.signed.then_some(SIGNED);
        let whole = table.rows.len() <= WHOLE;
        rows.extend(table.rows.iter().enumerate().map(|(at, cells)| {
            let keep_next = whole && at + 1 < table.rows.len();
            let cells = cells.iter().zip(&table.columns).map(|(cell, column)| {
                let side = match column.align {
                    Align::Left => None,
                    Align::Center => Some("center"),
                    Align::Right => Some("right"),
                };
                Paragraph { side, keep_next, ..paragraph(text, self.runs(cell)) }
            });
            Row { head: false, height, cells: cells.collect() }
        }));
        Grid { widths: widths(table), margin, rows }
    }

    fn runs(&self, text: &Text) -> Vec<Run> {
        let mut runs = Vec::new();
        for piece in &text.pieces {
            let style = match piece.tone {
                Tone::Plain => None,
                Tone::Strong => Some("Strong"),
                Tone::Warning => Some("Red"),
            };
            runs.push(run(style, &piece.text));
            if let Some(mark) = piece.mark {
                runs.push(run(Some("Mark"), self.texts.text(mark.key())));
            }
        }
        runs
    }
}

fn plain(style: &'static str, text: &str) -> Part {
    Part::Paragraph(paragraph(style, vec![run(None, text)]))
}

fn paragraph(style: &'static str, runs: Vec<Run>) -> Paragraph {
    Paragraph { style, keep_next: false, new_page: false, side: None, runs }
}

/// A line break is the only control character that is meant: it breaks the line.
fn run(style: Option<&'static str>, text: &str) -> Run {
    Run { style, lines: text.split('\n').map(clean).collect() }
}

/// The columns' shares of the page: each share begins where the one before it ends, so that nothing is lost to rounding.
fn widths(table: &Table) -> Vec<u32> {
    let total = table.columns.iter().map(|column| column.width).sum::<u32>().max(1);
    let mut sum = 0;
    let mut begin = 0;
    let share = |column: &crate::annex::document::Column| {
        sum += column.width;
        let end = (u64::from(WIDTH) * u64::from(sum) / u64::from(total)) as u32;
        let width = end - begin;
        begin = end;
        width
    };
    table.columns.iter().map(share).collect()
}
