//! One column over all tables: from tokens to cells, with counts and remarks.

use super::exact::{Exact, Reader, text_of};
use super::generalized::{Known, interval};
use super::kinds::Looks;
use super::tokens::{CHUNK, Token, TokenColumn};
use super::{Compared, InputWarning, ReadOptions};
use rayon::prelude::*;
use reident_attacks::table::{Cell, JointColumn, Kind, RawColumn};

/// What an attacker can do with a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// He knows it, looks for it, or both.
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
    /// It says which record came from whom, and only scores him.
    RecordKey,
    /// It says which rows are about one person, and only scores him.
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
    /// Rows of the release that are suppressed.
    pub suppressed: usize,
    /// Rows of the release that hold an interval, a set or a mask.
    pub generalized: usize,
    /// Rows of the release that hold a category which neither the original nor the control has.
    pub unseen: usize,
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
}

/// What there is to say about a token besides its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Note {
    Nothing,
    /// Its number is NaN or infinite: it counts as missing.
    NotFinite,
    /// Its category is in neither the original nor the control.
    Unseen,
    /// It is no value of the kind.
    NotOfKind,
}

/// The cell of an exact token.
fn exact_cell(exact: Option<Exact>) -> (Cell, Note) {
    match exact {
        None => (Cell::Missing, Note::NotOfKind),
        Some(exact) if exact.not_finite => (exact.cell, Note::NotFinite),
        Some(exact) => (exact.cell, Note::Nothing),
    }
}

/// A column of the original or the control: exact cells only.
pub(super) fn exact_column(column: TokenColumn, reader: Reader) -> Result<CellColumn, NotOfKind> {
    convert(column, |token| exact_cell(reader.exact(token)))
}

/// What is known about a column when its release is read.
pub(super) struct Context<'a> {
    pub(super) reader: Reader,
    pub(super) options: &'a ReadOptions,
    /// Cells of the original and the control.
    pub(super) exact: Vec<&'a Cell>,
    /// Whether a day in a column of times stands for the whole day.
    pub(super) coarse_days: bool,
}

/// A column of the release: exact or generalized cells.
pub(super) fn release_column(column: TokenColumn, context: &Context<'_>) -> Result<CellColumn, NotOfKind> {
    let numeric = context.reader.kind.is_numeric();
    let known = Known::new(if numeric { [].iter().copied() } else { context.exact.iter().copied() });
    convert(column, |token| if numeric { context.numeric(token) } else { context.category(token, &known) })
}

impl Context<'_> {
    fn is_suppressed(&self, text: &str) -> bool {
        self.options.suppressed.iter().any(|token| token.trim_ascii() == text)
    }

    fn numeric(&self, token: &Token) -> (Cell, Note) {
        let exact = self.reader.exact(token);
        if let Some(text) = text_of(token) {
            // A token such as 0 may mean "suppressed" and yet be a value of the original: then it is the value.
            let is_value = || exact.as_ref().is_some_and(|exact| self.exact.contains(&&exact.cell));
            if self.is_suppressed(&text) && !is_value() {
                return (Cell::Suppressed, Note::Nothing);
            }
            let is_day = || matches!(token, Token::Day(_)) || super::time::date(&text).is_some();
            if exact.is_none() || (self.coarse_days && is_day()) {
                return if text.bytes().all(|byte| byte == b'*') {
                    (Cell::Suppressed, Note::Nothing)
                } else if let Some(interval) = interval(self.reader, &text) {
                    (Cell::Interval(interval), Note::Nothing)
                } else {
                    (Cell::Missing, Note::NotOfKind)
                };
            }
        }
        exact_cell(exact)
    }

    fn category(&self, token: &Token, known: &Known<'_>) -> (Cell, Note) {
        let Some(text) = text_of(token) else {
            let note = if *token == Token::NotFinite { Note::NotFinite } else { Note::Nothing };
            return (Cell::Missing, note);
        };
        let exact = self.reader.exact(token).map(|exact| exact.cell);
        match exact {
            Some(Cell::Category(value)) if known.has(&value) => (Cell::Category(value), Note::Nothing),
            _ if self.is_suppressed(&text) => (Cell::Suppressed, Note::Nothing),
            exact => match (known.generalized(&text), exact) {
                (Some(covered), _) => (covered, Note::Nothing),
                _ if text.bytes().all(|byte| byte == b'*') => (Cell::Suppressed, Note::Nothing),
                (None, Some(cell)) => (cell, Note::Unseen),
                (None, None) => (Cell::Missing, Note::NotOfKind),
            },
        }
    }
}

/// Turns every token into a cell, and counts.
fn convert(
    column: TokenColumn,
    cell_of: impl Fn(&Token) -> (Cell, Note) + Sync + Send,
) -> Result<CellColumn, NotOfKind> {
    let (mut cells, mut notes) = (Vec::new(), Vec::new());
    column.tokens.par_iter().with_min_len(CHUNK).map(cell_of).unzip_into_vecs(&mut cells, &mut notes);
    let mut counts = ColumnCounts::default();
    let mut unread = Vec::new();
    for (at, ((cell, note), rows)) in cells.iter().zip(&notes).zip(&column.counts).enumerate() {
        let rows = *rows as usize;
        match cell {
            Cell::Missing => counts.missing += rows,
            Cell::Suppressed => counts.suppressed += rows,
            Cell::Interval(_) | Cell::OneOf(_) => counts.generalized += rows,
            _ => {}
        }
        match note {
            Note::Nothing => {}
            Note::NotFinite => counts.not_finite += rows,
            Note::Unseen => counts.unseen += rows,
            Note::NotOfKind => unread.push(at),
        }
    }
    if !unread.is_empty() {
        let count = unread.iter().map(|at| column.counts[*at] as usize).sum();
        let row = column.first_row(|code| unread.binary_search(&code).is_ok()).unwrap_or(0);
        return Err(NotOfKind { row, count });
    }
    Ok(CellColumn { raw: RawColumn { cells, codes: column.codes }, counts })
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

/// The tables of one column, read as one kind and joined: the original, the release and the control, where they have it.
pub(super) struct Joined {
    pub(super) kind: Kind,
    pub(super) fixed: bool,
    pub(super) column: JointColumn,
    pub(super) counts: Vec<Option<ColumnCounts>>,
    pub(super) warnings: Vec<InputWarning>,
}

/// Which table could not be read as the kind.
pub(super) struct Refused {
    pub(super) kind: Kind,
    pub(super) table: &'static str,
    pub(super) cells: NotOfKind,
}

/// Infers the kind of a column from the original and the control, and reads all its tables so.
pub(super) fn join(
    name: &str,
    options: &ReadOptions,
    original: TokenColumn,
    anonymized: Option<TokenColumn>,
    control: Option<TokenColumn>,
) -> Result<Joined, Refused> {
    let fixed = options.kinds.get(name).copied();
    let tables = [("original", Some(&original)), ("anonymized", anonymized.as_ref()), ("control", control.as_ref())];
    let own = tables.map(|(table, column)| (table, column.map(Looks::of)));
    let of = |at: usize| own[at].1.unwrap_or_default();
    let mut looks = of(0) + of(2);
    if looks.is_empty() {
        looks = of(1);
    }
    let kind = fixed.unwrap_or_else(|| looks.kind());
    let reader = Reader { kind, fixed: fixed.is_some() };
    let mut warnings = if fixed.is_some() { Vec::new() } else { looks.warnings(name) };
    if fixed.is_none() {
        warnings.extend(kind_differs(name, kind, &own));
    }

    let refused = |table| move |cells| Refused { kind, table, cells };
    let rows =
        [Some(&original), anonymized.as_ref(), control.as_ref()].map(|column| column.map_or(0, |c| c.codes.len()));
    let original = exact_column(original, reader).map_err(refused("original"))?;
    let control = control.map(|column| exact_column(column, reader)).transpose().map_err(refused("control"))?;
    let exact = original.raw.cells.iter().chain(control.iter().flat_map(|column| &column.raw.cells)).collect();
    let coarse_days = kind == Kind::DateTime && !looks.has_days();
    let context = Context { reader, options, exact, coarse_days };
    let anonymized =
        anonymized.map(|column| release_column(column, &context)).transpose().map_err(refused("anonymized"))?;

    let (column, counts) = with_one_dictionary(kind, vec![Some(original), anonymized, control]);
    for ((table, rows), counts) in ["original", "anonymized", "control"].into_iter().zip(rows).zip(&counts) {
        if let Some(counts) = counts {
            warnings.extend(table_warnings(name, table, rows, counts));
        }
    }
    if let [Some(original), Some(release), ..] = &counts[..] {
        warnings.extend(nulls_in_one(name, [rows[0], rows[1]], [original, release]));
    }
    Ok(Joined { kind, fixed: reader.fixed, column, counts, warnings })
}

/// A remark when tables on their own would have another kind than all together.
fn kind_differs(name: &str, kind: Kind, own: &[(&'static str, Option<Looks>); 3]) -> Option<InputWarning> {
    let differing: Vec<String> = own
        .iter()
        .filter_map(|(table, looks)| {
            looks.as_ref().filter(|looks| !looks.is_empty()).map(|looks| (table, looks.kind()))
        })
        // A release of intervals looks categorical and is not.
        .filter(|(table, own)| *own != kind && !(**table == "anonymized" && *own == Kind::Categorical))
        .map(|(table, own)| format!("{own} in the {table} table"))
        .collect();
    (!differing.is_empty()).then(|| {
        let message = format!("`{name}` is read as {kind}, but on its own it would be {}", differing.join(" and "));
        InputWarning::new("kind_differs", message).column(name)
    })
}

/// Remarks on a column of one table.
pub(super) fn table_warnings(name: &str, table: &str, rows: usize, counts: &ColumnCounts) -> Vec<InputWarning> {
    let mut warnings = Vec::new();
    let mut warn = |warning: &'static str, count: usize, message: String| {
        warnings.push(InputWarning::new(warning, message).table(table).column(name).count(count, rows));
    };
    let share = |count: usize| format!("{count} of {rows} rows ({:.1} %)", 100.0 * count as f64 / rows as f64);
    if counts.distinct + usize::from(counts.missing > 0) <= 1 {
        warn("constant_column", rows, format!("`{name}` holds one and the same value in all rows of {table}"));
    } else if counts.distinct == rows && table != "anonymized" && table != "control" {
        warn("unique_column", rows, format!("`{name}` holds a different value in every row of {table}"));
    }
    if counts.not_finite > 0 {
        let message =
            format!("`{name}` is NaN or infinite in {} of {table}: taken as missing", share(counts.not_finite));
        warn("not_finite", counts.not_finite, message);
    }
    if counts.generalized > 0 {
        let message = format!("`{name}` is an interval, a set or a mask in {} of {table}", share(counts.generalized));
        warn("generalized", counts.generalized, message);
    }
    if counts.suppressed > 0 {
        warn(
            "suppressed",
            counts.suppressed,
            format!("`{name}` is suppressed in {} of {table}", share(counts.suppressed)),
        );
    }
    if counts.unseen > 0 {
        let message =
            format!("`{name}` holds a category that the original does not have in {} of {table}", share(counts.unseen));
        warn("unseen_category", counts.unseen, message);
    }
    warnings
}

fn nulls_in_one(name: &str, rows: [usize; 2], counts: [&ColumnCounts; 2]) -> Option<InputWarning> {
    let (table, other, at) = match (counts[0].missing, counts[1].missing) {
        (1.., 0) => ("original", "anonymized", 0),
        (0, 1..) => ("anonymized", "original", 1),
        _ => return None,
    };
    let missing = counts[at].missing;
    let message = format!(
        "`{name}` has {missing} missing values in {table} and none in {other}: if a text means missing there, list it as null"
    );
    Some(InputWarning::new("nulls_in_one_table", message).table(table).column(name).count(missing, rows[at]))
}
