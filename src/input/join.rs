//! One column over all tables, read as one kind.

use super::columns::{CellColumn, ColumnCounts, Context, NotOfKind, exact_column, release_column, with_one_dictionary};
use super::covered::is_masked_number;
use super::exact::{Reader, text_of};
use super::forms::{self, FileForm, Forms};
use super::generalized::{digit_mask, interval};
use super::kinds::{Shape, are_few};
use super::looks::{Look, Looks};
use super::missing::Words;
use super::tokens::{Token, TokenColumn};
use super::{InputWarning, ReadOptions, remarks};
use reident_attacks::table::{Cell, JointColumn, Kind};

/// The tables by their places: the original, the release, and the control and others like it.
pub(super) const TABLES: [&str; 3] = ["original", "anonymized", "control"];
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

/// Which table could not be read as the kind that the configuration fixes.
pub(super) struct Refused {
    pub(super) kind: Kind,
    pub(super) table: usize,
    pub(super) cells: NotOfKind,
}

/// Digits from which on numbers that all have as many may be codes, of which a release shows the beginnings.
const CODE_WIDTH: usize = 5;

/// What the values of a column's tables are.
struct Found {
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
) -> Result<Joined, Refused> {
    let found = Found::of(name, options, &tables, looks, files);
    let Found { kind, fixed, ref forms, words, width, .. } = found;
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
        let column = column.map(|column| exact_column(column, reader(at)));
        let not_of_kind = column.as_ref().and_then(|column| column.not_of_kind);
        if let Some(cells) = not_of_kind.filter(|cells| fixed && !are_few(cells.count, rows[at])) {
            return Err(Refused { kind, table: at, cells });
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

impl Found {
    fn of(
        name: &str,
        options: &ReadOptions,
        tables: &[Option<TokenColumn>],
        looks: &[Option<Looks>],
        files: &[FileForm],
    ) -> Found {
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
            forms,
            shape,
        };
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

    /// Whether the release masks other digits than the last of numbers that all have as many: such masks are no intervals.
    fn has_scattered_masks(&self, tables: &[Option<TokenColumn>]) -> bool {
        let Some(width) = self.width else { return false };
        let tokens = tables.get(RELEASE).into_iter().flatten().flat_map(|column| &column.tokens);
        tokens
            .filter_map(|token| if let Token::Text(text) = token { Some(text) } else { None })
            .any(|text| text.len() == width && is_masked_number(text) && digit_mask(text, Some(width)).is_none())
    }

    /// Looks for bands in the original and the control: `[20-25)`, `1985-03`. Where they stand beside as many numbers or days, the
    /// column is one of these and they are intervals; else each band is a category that a wider one covers.
    fn find_bands(&mut self, tables: &[Option<TokenColumn>]) {
        for kind in [Kind::Numeric, Kind::Date] {
            let Some((exact, bands)) = self.count_bands(tables, kind) else { continue };
            if bands > 0 && exact >= bands && !self.fixed {
                self.kind = kind;
                return;
            }
            if bands > 0 {
                self.bands = Some(kind);
                return;
            }
        }
    }

    /// Rows of exact values and of bands, when hardly any other values stand in the original and the control.
    fn count_bands(&self, tables: &[Option<TokenColumn>], kind: Kind) -> Option<(usize, usize)> {
        let total = self.shape.total();
        let (mut exact, mut bands, mut others) = (0, 0, 0);
        for (at, column) in tables.iter().enumerate().filter(|(at, _)| *at != RELEASE) {
            let reader = Reader { form: self.forms.of_table[at], ..Reader::new(kind, false) };
            let column = column.iter().flat_map(|column| column.tokens.iter().zip(&column.counts));
            for (token, rows) in column.filter(|(token, _)| **token != Token::Missing && !reader.is_missing(token)) {
                let Some(text) = text_of(token) else { continue };
                let has_zeros =
                    text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
                match interval(reader, &text).filter(|_| !has_zeros) {
                    Some(interval) if interval.lo == interval.hi => exact += *rows as usize,
                    Some(_) => bands += *rows as usize,
                    None => others += *rows as usize,
                }
                if !are_few(others, total) {
                    return None;
                }
            }
        }
        Some((exact, bands))
    }

    fn warnings(&self, name: &str, looks: &[Option<Looks>]) -> Vec<InputWarning> {
        let mut warnings = Vec::new();
        if !self.fixed {
            if self.bands.is_none() {
                warnings.extend(self.shape.warnings(name, self.kind));
            }
            warnings.extend(remarks::kind_differs(name, self.kind, looks, &self.forms));
        }
        warnings.extend(remarks::forms(name, self.kind, looks, &self.forms));
        if self.prefixes {
            warnings.push(remarks::prefixes(name));
        }
        warnings
    }
}
