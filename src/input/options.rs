//! What to read and how.

use reident_attacks::table::Kind;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How files are read. The default finds everything out by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadOptions {
    /// Delimiter of text files, instead of the one that the first lines suggest.
    pub delimiter: Option<char>,
    /// Encoding of text files by its WHATWG label (`utf-8`, `gb18030`, `utf-16le`, `windows-1252`, …), instead of the
    /// one found.
    pub encoding: Option<String>,
    /// Bytes that a compressed file may unpack to, instead of a hundred times its own, at least 256 MiB and at most 8 GiB.
    pub max_size: Option<u64>,
    /// Texts that mean "missing", besides the empty field.
    pub nulls: Vec<String>,
    /// Texts of the release that mean "suppressed"; `*` by default.
    pub suppressed: Vec<String>,
    /// Whether what is missing in the release is suppressed: it may stand for any value.
    pub missing_is_suppressed: bool,
    /// Local forms that are not to be found from the values.
    pub forms: BTreeMap<String, LocalForm>,
    /// Hierarchies of columns: files that say which node covers which values.
    pub hierarchies: BTreeMap<String, PathBuf>,
    /// Columns whose numbers the release gives in multiples of a unit, or as middles of bands of a width.
    pub rounding: BTreeMap<String, Rounding>,
    /// Columns that the configuration describes, with the line where it does.
    pub described: BTreeMap<String, usize>,
    /// Kinds that are not to be inferred.
    pub kinds: BTreeMap<String, Kind>,
    /// The only columns an attacker can use; all that original and release share by default.
    pub columns: Option<Vec<String>>,
    /// Columns that are not read at all.
    pub ignore: Vec<String>,
    /// Columns in whose place the release holds tokens: no attacker uses them.
    pub tokens: Vec<String>,
    /// Columns that the configuration names as known, secret or used: they are attributes even if they look like row numbers.
    pub named: Vec<String>,
    /// Column of original and release that says which release row came from which original row.
    pub record_key: Option<String>,
    /// File that says it: `released_row` and `original_row`, counted from 0.
    pub record_map: Option<PathBuf>,
    /// Whether each release row came from the original row in the same place.
    pub row_aligned: bool,
    /// Sheet of the workbooks, instead of the only one that holds anything.
    pub sheet: Option<String>,
    /// Column of original and control that says which rows are about one person.
    pub subject_key: Option<String>,
    /// Earlier releases of the same persons.
    pub earlier: Vec<PathBuf>,
    /// Whether the release is an earlier one, which need not have the columns that settings name.
    pub is_earlier: bool,
    /// Whether the tables alone are wanted: nothing is looked for in them that no attacker needs, such as identifiers, columns that can be
    /// undone, rows in place and persons whom two tables share.
    pub tables_only: bool,
}

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions {
            delimiter: None,
            encoding: None,
            max_size: None,
            nulls: Vec::new(),
            suppressed: vec!["*".to_owned()],
            missing_is_suppressed: false,
            forms: BTreeMap::new(),
            hierarchies: BTreeMap::new(),
            rounding: BTreeMap::new(),
            described: BTreeMap::new(),
            kinds: BTreeMap::new(),
            columns: None,
            ignore: Vec::new(),
            tokens: Vec::new(),
            named: Vec::new(),
            record_key: None,
            record_map: None,
            row_aligned: false,
            sheet: None,
            subject_key: None,
            earlier: Vec::new(),
            is_earlier: false,
            tables_only: false,
        }
    }
}

/// What a number of the release stands for, where it is known to be no exact one: all that is at most half the width away. Both
/// ends belong to it, for nobody knows to which side a half was rounded, or which end a band left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rounding {
    /// Multiples of this unit are rounded; other numbers are exact.
    Unit(f64),
    /// Every number is the middle of a band of this width.
    Midpoints(f64),
}

/// How numbers or dates of a column are written, in all its tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalForm {
    /// `1,234.5`
    DecimalPoint,
    /// `1.234,5`
    DecimalComma,
    /// `31/12/2020`
    DayFirst,
    /// `12/31/2020`
    MonthFirst,
}

impl LocalForm {
    /// All of them.
    pub const ALL: [LocalForm; 4] =
        [LocalForm::DecimalPoint, LocalForm::DecimalComma, LocalForm::DayFirst, LocalForm::MonthFirst];

    /// The name used in configuration files and in evidence.
    pub fn name(self) -> &'static str {
        match self {
            LocalForm::DecimalPoint => "decimal_point",
            LocalForm::DecimalComma => "decimal_comma",
            LocalForm::DayFirst => "day_first",
            LocalForm::MonthFirst => "month_first",
        }
    }

    /// The form of that [name](LocalForm::name).
    pub fn from_name(name: &str) -> Option<LocalForm> {
        LocalForm::ALL.into_iter().find(|form| form.name() == name)
    }
}

impl ReadOptions {
    /// Whether a text of the release means "suppressed".
    pub(super) fn is_suppressed(&self, text: &str) -> bool {
        self.suppressed.iter().any(|token| token.trim_ascii() == text)
    }

    /// Whether what is missing in the release means "suppressed".
    pub(super) fn blank_is_suppressed(&self) -> bool {
        self.missing_is_suppressed || self.is_suppressed("")
    }

    /// Whether a column is one of the keys, which no attacker sees.
    pub(super) fn is_key(&self, name: &str) -> bool {
        self.record_key.as_deref() == Some(name) || self.subject_key.as_deref() == Some(name)
    }

    /// Whether a column is left unread.
    pub(super) fn is_ignored(&self, name: &str) -> bool {
        !self.is_key(name) && self.ignore.iter().any(|ignored| ignored == name)
    }

    /// Whether the release holds tokens in place of a column.
    pub(super) fn is_token(&self, name: &str) -> bool {
        self.tokens.iter().any(|token| token == name)
    }

    /// Whether an attacker may use a column.
    pub(super) fn is_selected(&self, name: &str) -> bool {
        let listed = self.columns.as_ref().is_none_or(|columns| columns.iter().any(|column| column == name));
        listed && !self.is_key(name) && !self.is_ignored(name) && !self.is_token(name)
    }
}
