//! One column over all tables, read as one kind.

use super::columns::{CellColumn, ColumnCounts, Context, NotOfKind, exact_column, release_column, with_one_dictionary};
use super::covered::is_masked_number;
use super::exact::{Reader, text_of};
use super::file::RawTable;
use super::forms::{self, FileForm, Forms};
use super::generalized::{digit_mask, interval};
use super::hierarchy::{Hierarchy, Nodes};
use super::kinds::{Shape, are_few};
use super::looks::{Look, Looks};
use super::missing::Words;
use super::tokens::{Token, TokenColumn};
use super::{InputError, InputWarning, ReadOptions, Rounding, bands, remarks};
use reident_attacks::table::{Cell, Interval, JointColumn, Kind};
use std::path::PathBuf;

/// The tables by their places: the original, the release, and the control and others like it.
pub(super) const TABLES: [&str; 4] = ["original", "anonymized", "control", "population"];
/// The place of the release.
const RELEASE: usize = 1;

/// The name of the table at a place.
pub(super) fn table_name(at: usize) -> &'static str {
    TABLES[at.min(TABLES.len() - 1)]
}

/// The tables of one column, read as one kind and joined: the original, the release and the control, where they have it.
pub(super) struct Joined {
    pub(super) kind: Kind,
    pub(super) fixed: bool,
    pub(super) column: JointColumn,
    pub(super) counts: Vec<Option<ColumnCounts>>,
    pub(super) warnings: Vec<InputWarning>,
}

/// Why a column could not be read.
pub(super) enum Refused {
    /// Cells of the table at a place are not of the kind that the configuration fixes.
    Cells { kind: Kind, table: usize, cells: NotOfKind },
    /// Cells of the table at a place are not in the column's hierarchy.
    UnknownLeaf { hierarchy: PathBuf, table: usize, cells: NotOfKind },
    /// A setting is for numbers, and the column has none.
    NotNumeric { kind: Kind, setting: &'static str },
}

impl Refused {
    /// The error in words, given the column's name and its tables by their places.
    pub(super) fn into_error(self, column: String, tables: &[Option<&RawTable>]) -> InputError {
        let place = |at: usize, cells: NotOfKind| match tables.get(at).copied().flatten() {
            Some(table) => (table.path().to_owned(), table.data_row(cells.row), cells.count),
            None => (PathBuf::new(), cells.row + 1, cells.count),
        };
        match self {
            Refused::Cells { kind, table, cells } => {
                let (path, row, count) = place(table, cells);
                InputError::Cells { path, column, kind: kind.to_string(), row, count }
            }
            Refused::UnknownLeaf { hierarchy, table, cells } => {
                let (path, row, count) = place(table, cells);
                InputError::UnknownLeaf { path, column, hierarchy, row, count }
            }
            Refused::NotNumeric { kind, setting } => InputError::NotNumeric { column, kind: kind.to_string(), setting },
        }
    }
}

/// Digits from which on numbers that all have as many may be codes, of which a release shows the beginnings.
const CODE_WIDTH: usize = 5;

/// What the values of a column's tables are.
struct Found<'a> {
    kind: Kind,
    fixed: bool,
    forms: Forms,
    words: Words,
    /// Of the original and the control, or of the release when they have no value.
    shape: Shape,
    /// Digits of every value of the original and the control, if they are digits and have as many.
    width: Option<usize>,
    prefixes: bool,
    bands: Option<Kind>,
    nodes: Option<Nodes<'a>>,
    /// Whether numbers are read as categories because the hierarchy's nodes are no intervals.
    categories_by_nodes: bool,
    /// Whether the original's bands show that the column is one of numbers or days.
    has_bands: bool,
}

/// What a column of the original and the control holds, read as one of numbers or days.
#[derive(Default)]
struct BandsFound {
    /// Rows of exact values, and rows of bands.
    exact: usize,
    rows: usize,
    /// Its bands, some of them perhaps more than once.
    bands: Vec<Interval>,
}

/// Infers the kind and the local forms of a column, the kind from the original and the control, and reads all its tables so.
///
/// `looks` are those of the tables, `files` the forms that the files agree on.
pub(super) fn join(
    name: &str,
    options: &ReadOptions,
    tables: Vec<Option<TokenColumn>>,
    looks: &[Option<Looks>],
    files: &[FileForm],
    hierarchy: Option<&Hierarchy>,
) -> Result<Joined, Refused> {
    let found = Found::of(name, options, &tables, looks, files, hierarchy);
    let Found { kind, fixed, ref forms, words, width, .. } = found;
    let rounding = options.rounding.get(name).copied();
    if let Some(rounding) = rounding.filter(|_| !kind.is_numeric()) {
        let setting = if matches!(rounding, Rounding::Unit(_)) { "rounding" } else { "midpoints" };
        return Err(Refused::NotNumeric { kind, setting });
    }
    let reader = |at: usize| Reader { kind, fixed, form: forms.of_table[at], words, width };
    let mut warnings = found.warnings(name, looks);
    let rows: Vec<usize> = tables.iter().map(|column| column.as_ref().map_or(0, |column| column.codes.len())).collect();
    let mut read: Vec<Option<CellColumn>> = Vec::with_capacity(tables.len());
    let mut released = None;
    for (at, column) in tables.into_iter().enumerate() {
        if at == RELEASE {
            released = column;
            read.push(None);
            continue;
        }
        let column = column.map(|column| exact_column(column, reader(at), found.nodes.as_ref()));
        let not_of_kind = column.as_ref().and_then(|column| column.not_of_kind);
        if let (Some(cells), Some(nodes)) = (not_of_kind, &found.nodes) {
            return Err(Refused::UnknownLeaf { hierarchy: nodes.hierarchy().path.clone(), table: at, cells });
        }
        if let Some(cells) = not_of_kind.filter(|cells| fixed && !are_few(cells.count, rows[at])) {
            return Err(Refused::Cells { kind, table: at, cells });
        }
        read.push(column);
    }
    if let Some(column) = released {
        let context = Context {
            reader: reader(RELEASE),
            options,
            exact: read.iter().flatten().flat_map(|column| &column.raw.cells).collect::<Vec<&Cell>>(),
            coarse_days: kind == Kind::DateTime && !found.shape.has_days(),
            prefixes: found.prefixes,
            bands: found.bands.map(|kind| Reader { kind, ..reader(RELEASE) }),
            nodes: found.nodes.as_ref(),
            rounding,
        };
        let column = release_column(column, &context);
        read[RELEASE] = Some(column);
    }
    let (column, counts) = with_one_dictionary(kind, read);
    for (at, counts) in counts.iter().enumerate() {
        if let Some(counts) = counts {
            warnings.extend(remarks::of_table(name, at, rows[at], counts));
        }
    }
    if let [Some(original), Some(release), ..] = &counts[..] {
        warnings.extend(remarks::nulls_in_one(name, [rows[0], rows[1]], [original, release]));
    }
    Ok(Joined { kind, fixed, column, counts, warnings })
}

impl<'a> Found<'a> {
    fn of(
        name: &str,
        options: &ReadOptions,
        tables: &[Option<TokenColumn>],
        looks: &[Option<Looks>],
        files: &[FileForm],
        hierarchy: Option<&'a Hierarchy>,
    ) -> Found<'a> {
        let forms = forms::find(name, options, tables, looks, files);
        let shapes: Vec<Option<Shape>> =
            looks.iter().zip(&forms.of_table).map(|(looks, form)| looks.map(|looks| looks.under(*form))).collect();
        let sum = |places: &dyn Fn(usize) -> bool| {
            let wanted = shapes.iter().enumerate().filter(|(at, _)| places(*at)).filter_map(|(_, shape)| *shape);
            wanted.fold(Shape::default(), |sum, shape| sum + shape)
        };
        let (exact, released) = (sum(&|at| at != RELEASE), sum(&|at| at == RELEASE));
        let shape = if exact.is_empty() { released } else { exact };
        let fixed = options.kinds.get(name).copied();
        let mut found = Found {
            kind: fixed.unwrap_or_else(|| shape.kind()),
            fixed: fixed.is_some(),
            words: (exact + released).missing_words(),
            width: exact.digits().filter(|_| !exact.is_empty()),
            prefixes: false,
            bands: None,
            nodes: None,
            categories_by_nodes: false,
            has_bands: false,
            forms,
            shape,
        };
        if let Some(hierarchy) = hierarchy {
            found.place_nodes(hierarchy, tables);
            return found;
        }
        if let Some(width) = found.width.filter(|width| *width >= CODE_WIDTH) {
            let digits = released.counts.of(Look::Digits);
            found.prefixes = digits > 0 && released.width.is_some_and(|(_, most)| usize::from(most) < width);
        }
        if fixed.is_none() && found.kind == Kind::Numeric && found.has_scattered_masks(tables) {
            found.kind = Kind::Categorical;
        }
        if found.kind == Kind::Categorical {
            found.find_bands(tables);
        }
        found
    }

    /// Takes the kind of a hierarchy's values for the column's, where its nodes are cells of that kind.
    fn place_nodes(&mut self, hierarchy: &'a Hierarchy, tables: &[Option<TokenColumn>]) {
        let kind = if self.fixed { self.kind } else { hierarchy.kind() };
        let used = || tables.iter().flatten().flat_map(|column| &column.tokens).filter_map(text_of);
        let as_categories = || hierarchy.of_kind(Kind::Categorical, used());
        let nodes = hierarchy.of_kind(kind, used());
        self.categories_by_nodes = nodes.is_none();
        self.kind = if nodes.is_some() { kind } else { Kind::Categorical };
        self.nodes = nodes.or_else(as_categories);
    }

    /// Whether the release masks other digits than the last of numbers that all have as many: such masks are no intervals.
    fn has_scattered_masks(&self, tables: &[Option<TokenColumn>]) -> bool {
        let Some(width) = self.width else { return false };
        let tokens = tables.get(RELEASE).into_iter().flatten().flat_map(|column| &column.tokens);
        tokens
            .filter_map(|token| if let Token::Text(text) = token { Some(text) } else { None })
            .any(|text| text.len() == width && is_masked_number(text) && digit_mask(text, Some(width)).is_none())
    }

    /// Looks for bands in the original and the control: `[20-25)`, `1985-03`. Where they are such as recoding makes, or stand beside as
    /// many numbers or days, the column is one of these and they are intervals; else each band is a category that a wider one
    /// covers.
    fn find_bands(&mut self, tables: &[Option<TokenColumn>]) {
        for kind in [Kind::Numeric, Kind::Date] {
            let Some(found) = self.count_bands(tables, kind) else { continue };
            if found.bands.is_empty() {
                continue;
            }
            if !self.fixed && (found.exact >= found.rows || bands::are_nested(found.bands)) {
                self.kind = kind;
                self.has_bands = true;
            } else {
                self.bands = Some(kind);
            }
            return;
        }
    }

    /// Exact values and bands, when hardly any other values stand in the original and the control.
    fn count_bands(&self, tables: &[Option<TokenColumn>], kind: Kind) -> Option<BandsFound> {
        let total = self.shape.total();
        let (mut found, mut others) = (BandsFound::default(), 0);
        for (at, column) in tables.iter().enumerate().filter(|(at, _)| *at != RELEASE) {
            let reader = Reader { form: self.forms.of_table[at], ..Reader::new(kind, false) };
            let column = column.iter().flat_map(|column| column.tokens.iter().zip(&column.counts));
            for (token, rows) in column.filter(|(token, _)| **token != Token::Missing && !reader.is_missing(token)) {
                let Some(text) = text_of(token) else { continue };
                let has_zeros =
                    text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
                match interval(reader, &text).filter(|_| !has_zeros) {
                    Some(interval) if interval.lo == interval.hi => found.exact += *rows as usize,
                    Some(interval) => {
                        found.rows += *rows as usize;
                        found.bands.push(interval);
                    }
                    None => others += *rows as usize,
                }
                if !are_few(others, total) {
                    return None;
                }
            }
        }
        Some(found)
    }

    fn warnings(&self, name: &str, looks: &[Option<Looks>]) -> Vec<InputWarning> {
        let mut warnings = Vec::new();
        if !self.fixed && self.nodes.is_none() && !self.has_bands {
            if self.bands.is_none() {
                warnings.extend(self.shape.warnings(name, self.kind));
            }
            warnings.extend(remarks::kind_differs(name, self.kind, looks, &self.forms));
        }
        warnings.extend(self.categories_by_nodes.then(|| remarks::categories_by_nodes(name)));
        warnings.extend(remarks::forms(name, self.kind, looks, &self.forms));
        if self.prefixes {
            warnings.push(remarks::prefixes(name));
        }
        warnings
    }
}
