//! What a reader should know about the tables although they could be read.

/// A remark on a file or a column: a name for machines, counts, and a sentence. It never holds the value of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputWarning {
    /// Stable name, such as `constant_column`.
    pub name: &'static str,
    /// The table it is about: `original`, `anonymized`, `control`, or the path of an inspected file.
    pub table: Option<String>,
    /// The column it is about.
    pub column: Option<String>,
    /// How many rows (or other things that the sentence names) it concerns.
    pub count: Option<usize>,
    /// Out of how many.
    pub total: Option<usize>,
    /// The sentence.
    pub message: String,
}

impl InputWarning {
    pub(super) fn new(name: &'static str, message: String) -> InputWarning {
        InputWarning { name, table: None, column: None, count: None, total: None, message }
    }

    pub(super) fn table(mut self, table: &str) -> InputWarning {
        self.table = Some(table.to_owned());
        self
    }

    pub(super) fn column(mut self, column: &str) -> InputWarning {
        self.column = Some(column.to_owned());
        self
    }

    pub(super) fn count(mut self, count: usize, total: usize) -> InputWarning {
        self.count = Some(count);
        self.total = Some(total);
        self
    }
}
