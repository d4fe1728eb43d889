//! The columns of tables: from tokens to cells, with counts.

use super::covered::{Known, is_masked_number};
use super::exact::{Reader, as_category, text_of};
use super::generalized::{interval, starting_with};
use super::hierarchy::Nodes;
use super::tokens::{CHUNK, Token, TokenColumn};
use super::{Compared, ReadOptions, Rounding};
use rayon::prelude::*;
use reident_attacks::table::{Cell, Interval, JointColumn, Kind, RawColumn};

/// What an attacker can do with a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// The attacker knows it, looks for it, or both.
    Attackable,
    /// The configuration leaves it out.
    NotSelected,
    /// The configuration says that the release holds tokens in its place.
    Token,
    /// Its values cannot meet those of the release.
    Incomparable,
    /// It only numbers the rows.
    RowNumber,
    /// It is not in the release.
    MissingFromRelease,
    /// It is in the release only.
    OnlyInRelease,
    /// It says which record came from whom, and only scores the attacker.
    RecordKey,
    /// It says which rows are about one person, and only scores the attacker.
    SubjectKey,
}

/// Counts of one column of one table. The two ends are cell values, all else is not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnCounts {
    /// Distinct cells, the missing value not counted. How a cell was written does not matter: `*` and `**` are one, and a set
    /// of one category is that category.
    pub distinct: usize,
    /// Rows without a value, those that were NaN or infinite included.
    pub missing: usize,
    /// Rows whose number was NaN or infinite.
    pub not_finite: usize,
    /// Rows whose value is a word for "missing", such as `NA`.
    pub words: usize,
    /// Rows of a column of numbers, dates or truth values that hold something else: each such text is a value of its own.
    pub texts: usize,
    /// Rows of the release that are suppressed.
    pub suppressed: usize,
    /// Rows that hold an interval, a set, a mask or a node of a hierarchy.
    pub generalized: usize,
    /// Of these, rows whose cell is a set of categories.
    pub sets: usize,
    /// Rows of the release that hold a category which neither the original nor the control has.
    pub unseen: usize,
    /// Rows of the release whose label is both a value and a node of the hierarchy that covers others.
    pub value_or_node: usize,
    /// Rows of the release whose number is no multiple of the unit that it is said to be rounded to.
    pub not_rounded: usize,
    /// The smallest exact number, day or second.
    pub min: Option<f64>,
    /// The largest exact number, day or second.
    pub max: Option<f64>,
}

/// One column over all tables.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnSummary {
    /// Its name.
    pub name: String,
    /// What an attacker can do with it.
    pub availability: Availability,
    /// How its values are compared; `None` for keys.
    pub kind: Option<Kind>,
    /// Whether the configuration fixed the kind.
    pub fixed: bool,
    /// In the original.
    pub original: Option<ColumnCounts>,
    /// In the release.
    pub anonymized: Option<ColumnCounts>,
    /// In the control.
    pub control: Option<ColumnCounts>,
    /// How its values meet the release's, where that was looked at.
    pub compared: Option<Compared>,
}

/// Cells that are no values of the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotOfKind {
    /// The first row, from 0.
    pub(super) row: usize,
    pub(super) count: usize,
}

/// A column of one table as cells. Its distinct cells and their ends are counted when it is joined with the others.
#[derive(Debug)]
pub(super) struct CellColumn {
    pub(super) raw: RawColumn,
    pub(super) counts: ColumnCounts,
    /// Cells that are no values of the kind.
    pub(super) not_of_kind: Option<NotOfKind>,
}

/// What there is to say about a token besides its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Note {
    Nothing,
    /// Its number is NaN or infinite: it counts as missing.
    NotFinite,
    /// It is a word that means "missing".
    Word,
    /// Its category is in neither the original nor the control.
    Unseen,
    /// It is no value of the kind.
    NotOfKind,
    /// Its label is both a value and a node of the hierarchy.
    ValueOrNode,
    /// It is no multiple of the unit.
    NotRounded,
}

/// The cell of a token that is exact; `None` when it is none of the kind.
fn exact(reader: Reader, token: &Token) -> Option<(Cell, Note)> {
    let exact = reader.exact(token)?;
    let note = match exact.cell {
        _ if exact.not_finite => Note::NotFinite,
        Cell::Missing if reader.is_missing(token) => Note::Word,
        _ => Note::Nothing,
    };
    Some((exact.cell, note))
}

/// A text that is no value of the column's kind, as a value of its own.
fn of_its_own(text: &str) -> (Cell, Note) {
    (Cell::Category(as_category(text).into_owned()), Note::NotOfKind)
}

/// A column of the original or the control. What is no value of the kind is an interval, or a value of its own; with a hierarchy, what
/// is no value of it is a node, or no value of the kind.
pub(super) fn exact_column(column: TokenColumn, reader: Reader, nodes: Option<&Nodes<'_>>) -> CellColumn {
    if let Some(nodes) = nodes {
        return convert(column, |token| of_hierarchy(token, reader, nodes));
    }
    convert(column, |token| {
        if let Some(exact) = exact(reader, token) {
            return exact;
        }
        let Some(text) = text_of(token) else { return (Cell::Missing, Note::Nothing) };
        match interval(reader, &text).filter(|_| reader.kind.is_numeric()) {
            Some(interval) => (Cell::Interval(interval), Note::Nothing),
            None => of_its_own(&text),
        }
    })
}

fn of_hierarchy(token: &Token, reader: Reader, nodes: &Nodes<'_>) -> (Cell, Note) {
    let Some(text) = text_of(token) else { return (Cell::Missing, Note::Nothing) };
    match exact(reader, token) {
        Some((cell, note)) if nodes.has(&cell) => (cell, note),
        // A word such as NA is a value where the hierarchy has it.
        Some((Cell::Missing, _)) if reader.kind == Kind::Categorical && nodes.hierarchy().is_leaf(&text) => {
            (Cell::Category(as_category(&text).into_owned()), Note::Nothing)
        }
        exact => match (nodes.cell(&text), exact) {
            (Some(cell), _) => (cell, Note::Nothing),
            (None, Some((Cell::Missing, note))) => (Cell::Missing, note),
            _ => of_its_own(&text),
        },
    }
}

/// What is known about a column when its release is read.
pub(super) struct Context<'a> {
    pub(super) reader: Reader,
    pub(super) options: &'a ReadOptions,
    /// Cells of the original and the control.
    pub(super) exact: Vec<&'a Cell>,
    /// Whether a day in a column of times stands for the whole day.
    pub(super) coarse_days: bool,
    /// Whether numbers of fewer digits than all those of the original and the control are the beginnings of such.
    pub(super) prefixes: bool,
    /// How bands of the original and the control are read, in a column of bands.
    pub(super) bands: Option<Reader>,
    /// The nodes of the column's hierarchy.
    pub(super) nodes: Option<&'a Nodes<'a>>,
    /// What its numbers stand for, where the configuration says it.
    pub(super) rounding: Option<Rounding>,
}

/// A column of the release: exact or generalized cells.
pub(super) fn release_column(column: TokenColumn, context: &Context<'_>) -> CellColumn {
    if context.reader.kind.is_numeric() {
        // Most tokens of a typed table are numbers, and nothing hangs on how they would be written.
        let by_text = context.reads_numbers_by_text();
        return convert(column, |token| match (token, exact(context.reader, token)) {
            (Token::Number(_), Some(exact)) if !by_text => context.rounded(exact),
            _ => context.numeric(token),
        });
    }
    let mut known = Known::new(context.exact.iter().copied());
    let texts = column.tokens.iter().filter_map(text_of);
    let widened = texts.filter_map(|text| {
        let widened = context.widened(&text);
        let is_mask = text.contains('*') || is_masked_number(&text);
        widened.or_else(|| is_mask.then(|| text.into_owned()))
    });
    known.prepare_masks(&widened.collect::<Vec<String>>());
    context.bands.into_iter().for_each(|reader| known.prepare_bands(reader));
    convert(column, |token| context.category(token, &known))
}

impl Context<'_> {
    /// The cell of a token that says nothing: a text for "suppressed", or what is missing where that means the same.
    fn nothing(&self, token: &Token) -> Option<Cell> {
        let is_nothing = match token {
            Token::Missing => self.options.blank_is_suppressed(),
            Token::NotFinite => self.options.missing_is_suppressed,
            Token::Text(_) if self.reader.is_missing(token) => self.options.blank_is_suppressed(),
            _ => false,
        };
        is_nothing.then_some(Cell::Suppressed)
    }

    /// The cell of a label of the hierarchy that covers more than the value of that name.
    fn node(&self, text: &str) -> Option<(Cell, Note)> {
        let nodes = self.nodes?;
        let is_value = nodes.hierarchy().is_ambiguous(text);
        Some((nodes.cell(text)?, if is_value { Note::ValueOrNode } else { Note::Nothing }))
    }

    /// What an exact number stands for.
    fn rounded(&self, (cell, note): (Cell, Note)) -> (Cell, Note) {
        let (Cell::Number(number), Some(rounding)) = (&cell, self.rounding) else { return (cell, note) };
        let around = |width: f64| Cell::Interval(Interval::closed(number - width / 2.0, number + width / 2.0));
        match rounding {
            Rounding::Midpoints(width) => (around(width), note),
            Rounding::Unit(unit) => {
                let units = number / unit;
                let is_multiple = (units - units.round()).abs() <= 1e-9 * units.abs().max(1.0);
                if is_multiple { (around(unit), note) } else { (cell, Note::NotRounded) }
            }
        }
    }

    /// Whether the text of a number may say something else than the number: that it is suppressed, a node, a beginning or a day.
    fn reads_numbers_by_text(&self) -> bool {
        let may_be_number = |text: &String| text.contains(|c: char| c.is_ascii_digit());
        let suppressed = self.options.suppressed.iter().any(may_be_number);
        suppressed || self.nodes.is_some() || self.prefixes || self.coarse_days
    }

    fn numeric(&self, token: &Token) -> (Cell, Note) {
        let exact = exact(self.reader, token);
        let Some(text) = text_of(token) else {
            return self
                .nothing(token)
                .map_or(exact.unwrap_or((Cell::Missing, Note::Nothing)), |cell| (cell, Note::Nothing));
        };
        // A token such as 0 may mean "suppressed" and yet be a value of the original: then it is the value.
        let is_value = || exact.as_ref().is_some_and(|(cell, _)| self.exact.contains(&cell));
        if self.options.is_suppressed(&text) && !is_value() {
            return (Cell::Suppressed, Note::Nothing);
        }
        if let Some(cell) = self.nothing(token) {
            return (cell, Note::Nothing);
        }
        if let Some(node) = self.node(&text) {
            return node;
        }
        if let Some(prefix) = self.prefix(&text) {
            return (Cell::Interval(prefix), Note::Nothing);
        }
        let is_day = || matches!(token, Token::Day(_)) || self.reader.day(&text).is_some();
        match exact {
            Some(exact) if !(self.coarse_days && is_day()) => self.rounded(exact),
            _ if is_all_stars(&text) => (Cell::Suppressed, Note::Nothing),
            _ => interval(self.reader, &text)
                .map_or_else(|| of_its_own(&text), |interval| (Cell::Interval(interval), Note::Nothing)),
        }
    }

    /// The numbers that a shorter one is the beginning of.
    fn prefix(&self, text: &str) -> Option<Interval> {
        let width = self.reader.width.filter(|width| self.prefixes && text.len() < *width)?;
        if text.bytes().all(|byte| byte.is_ascii_digit()) { starting_with(text, width) } else { None }
    }

    /// A code with stars for the digits that it lacks: `81*`, or `812` where such are beginnings.
    fn widened(&self, text: &str) -> Option<String> {
        let width = self.reader.width.filter(|width| text.len() < *width)?;
        let is_beginning = self.prefixes && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_masked = is_masked_number(text) && !text.ends_with(|c: char| c.is_ascii_digit());
        (is_beginning || is_masked).then(|| text.to_owned() + &"*".repeat(width - text.len()))
    }

    fn category(&self, token: &Token, known: &Known<'_>) -> (Cell, Note) {
        let exact = exact(self.reader, token);
        let Some(text) = text_of(token) else {
            let cell = self.nothing(token);
            return cell.map_or(exact.unwrap_or((Cell::Missing, Note::Nothing)), |cell| (cell, Note::Nothing));
        };
        if let Some(node) = self.node(&text).filter(|_| !self.options.is_suppressed(&text)) {
            return node;
        }
        match exact {
            Some((Cell::Category(value), note)) if known.has(&value) => return (Cell::Category(value), note),
            _ if self.options.is_suppressed(&text) => return (Cell::Suppressed, Note::Nothing),
            Some((Cell::Missing, note)) => return (self.nothing(token).unwrap_or(Cell::Missing), note),
            _ => {}
        }
        let widened = self.widened(&text);
        match (known.generalized(widened.as_deref().unwrap_or(&text)), exact) {
            (Some(covered), _) => (covered, Note::Nothing),
            _ if is_all_stars(&text) => (Cell::Suppressed, Note::Nothing),
            (None, Some((cell, _))) => (cell, Note::Unseen),
            (None, None) => of_its_own(&text),
        }
    }
}

fn is_all_stars(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'*')
}

/// Turns every token into a cell, and counts.
fn convert(column: TokenColumn, cell_of: impl Fn(&Token) -> (Cell, Note) + Sync + Send) -> CellColumn {
    let (mut cells, mut notes) = (Vec::new(), Vec::new());
    column.tokens.par_iter().with_min_len(CHUNK).map(cell_of).unzip_into_vecs(&mut cells, &mut notes);
    let mut counts = ColumnCounts::default();
    let mut unread = Vec::new();
    for (at, ((cell, note), rows)) in cells.iter().zip(&notes).zip(&column.counts).enumerate() {
        let rows = *rows as usize;
        match cell {
            Cell::Missing => counts.missing += rows,
            Cell::Suppressed => counts.suppressed += rows,
            Cell::Interval(_) => counts.generalized += rows,
            Cell::OneOf(_) => {
                counts.generalized += rows;
                counts.sets += rows;
            }
            _ => {}
        }
        match note {
            Note::Nothing => {}
            Note::NotFinite => counts.not_finite += rows,
            Note::Word => counts.words += rows,
            Note::Unseen => counts.unseen += rows,
            Note::ValueOrNode => counts.value_or_node += rows,
            Note::NotRounded => counts.not_rounded += rows,
            Note::NotOfKind => {
                counts.texts += rows;
                unread.push(at);
            }
        }
    }
    let not_of_kind = column.first_row(|code| unread.binary_search(&code).is_ok()).filter(|_| !unread.is_empty());
    let not_of_kind = not_of_kind.map(|row| NotOfKind { row, count: counts.texts });
    let raw = RawColumn { cells, codes: column.codes, counts: column.counts };
    CellColumn { raw, counts, not_of_kind }
}

/// A column of some tables, where they have it, with one dictionary, and its counts in each of them.
pub(super) fn with_one_dictionary(
    kind: Kind,
    columns: Vec<Option<CellColumn>>,
) -> (JointColumn, Vec<Option<ColumnCounts>>) {
    let (raw, mut counts): (Vec<_>, Vec<_>) =
        columns.into_iter().map(|column| column.map(|column| (column.raw, column.counts)).unzip()).unzip();
    let raw = raw.into_iter().flatten().collect();
    let joint = JointColumn::of(kind, raw);
    for (counts, table) in counts.iter_mut().flatten().zip(&joint.tables) {
        counts.distinct = table.distinct;
        if kind.is_numeric() {
            (counts.min, counts.max) =
                table.ends.map(|ends| (joint.domain.number(ends.0), joint.domain.number(ends.1))).unzip();
        }
    }
    (joint, counts)
}
