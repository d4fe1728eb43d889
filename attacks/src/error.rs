//! What can be wrong with tables or attackers before an attack runs.

use thiserror::Error;

/// Why an attack could not be set up. Figures only: no cell value of any table is ever part of a message.
#[derive(Debug, Error, Clone, PartialEq)]
#[non_exhaustive]
pub enum AttackError {
    /// A table has no rows.
    #[error("the {table} table has no rows")]
    EmptyTable {
        /// Which of the three tables.
        table: &'static str,
    },
    /// A column has a number of rows that differs from the table's.
    #[error("column `{column}` of the {table} table has {found} rows, expected {expected}")]
    RowCount {
        /// Name of the column.
        column: String,
        /// Which of the three tables.
        table: &'static str,
        /// Rows the column has.
        found: usize,
        /// Rows the table has.
        expected: usize,
    },
    /// A cell does not fit the column's kind.
    #[error("column `{column}` is {kind}, but the {table} table holds cells that are not ({count} distinct)")]
    CellKind {
        /// Name of the column.
        column: String,
        /// The kind that was fixed or inferred.
        kind: String,
        /// Which of the three tables.
        table: &'static str,
        /// Distinct cells that do not fit.
        count: usize,
    },
    /// A table has more distinct cells in one column than a code can number.
    #[error("column `{column}` has more than {max} distinct cells")]
    TooManyCells {
        /// Name of the column.
        column: String,
        /// Most that can be numbered.
        max: usize,
    },
    /// An attacker that cannot be played on these tables.
    #[error("{0}")]
    Attacker(String),
    /// The run was stopped before it was done.
    #[error("the run was cancelled")]
    Cancelled,
}
