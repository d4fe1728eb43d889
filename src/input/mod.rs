//! Reading tables: from files, or columns in memory, to the column model of the attacks.
//!
//! [`load`] reads an original, a release and an optional control and joins them into [`Tables`]; [`inspect`] reads any
//! number of files and describes their columns. Both go the same way:
//!
//! 1. `tables`: where a table comes from; `source`: the bytes of a file, decompressed; `signature` tells what format they are in.
//! 2. `text` (with `legacy`, for what is not Unicode, and `encodings`, for several files), `delimiter`, `rows`, `delimited`, `json`, `columnar` (with `parquet` and `arrow_texts`), `workbook`: a reader per format. Each ends in
//!    `tokens` (`texts` where values are texts): per column the values as they stand in the file, each once or once per part of the file, and a
//!    code per row.
//!    `header` settles what the columns are called, `blank` leaves rows without a value out, `edges` refuses
//!    units and totals.
//! 3. `looks`, `form`, `forms`, `kinds`: what the values of a column look like, in which local form each table writes them, and the
//!    kind of the column over all tables.
//! 4. `number`, `time`, `dates`, `spans`, `missing`, `exact`: values to exact cells of that kind; `generalized`, `covered`, `hierarchy`:
//!    to intervals and sets.
//! 5. `pairs`, `join`, `columns`, `remarks`: the tables of a column with one dictionary, with counts and warnings.
//!    `register`: the population file, which is joined with the release apart from the others.
//! 6. `truth`: which release row is about which original row, where a map or the order of rows says so.
//! 7. `comparable`: columns whose values cannot meet, and columns that only number the rows.
//!
//! This module is the only place that names polars. Messages and warnings hold names, rows and counts, never the value
//! of a cell.
//!
//! [`Tables`]: reident_attacks::table::Tables

mod arrow_texts;
mod arrow_types;
mod bands;
mod blank;
mod columnar;
mod columns;
mod comparable;
mod covered;
mod dates;
mod delimited;
mod delimiter;
mod earlier;
mod edges;
mod encodings;
mod error;
mod exact;
mod file;
mod form;
mod forms;
mod generalized;
mod header;
mod hierarchy;
mod identifiers;
mod inspect;
mod isolated;
mod join;
mod json;
mod key_columns;
mod keys;
mod kinds;
mod legacy;
mod load;
mod looks;
pub mod memory;
mod missing;
mod named;
mod number;
mod options;
mod pairs;
mod parquet;
mod persons;
mod register;
mod remarks;
mod restorable;
mod rows;
mod sides;
mod signature;
mod source;
mod spans;
mod tables;
mod text;
mod texts;
mod time;
mod tokens;
mod truth;
#[doc(hidden)]
pub mod untrusted;
mod warning;
mod wire;
mod workbook;

pub use columns::{Availability, ColumnCounts, ColumnSummary};
pub use comparable::Compared;
pub use earlier::{EARLIER_COLUMNS, EARLIER_NOT_COMPARED, EarlierRelease, add_earlier};
pub use error::InputError;
pub use file::FileSummary;
pub use header::column_name;
pub use inspect::{InspectedColumn, Inspection, inspect};
pub use isolated::{decode_by, serve};
pub use load::{Loaded, load, nodes_of_hierarchies};
pub use options::{LocalForm, ReadOptions, Rounding};
pub use persons::SharedPersons;
pub use register::Register;
pub use tables::{Source, Sources};
pub(crate) use time::datetime_text;
pub use warning::InputWarning;

#[cfg(test)]
mod test;
#[cfg(test)]
mod test_bad;
#[cfg(test)]
mod test_csv;
#[cfg(test)]
mod test_encodings;
#[cfg(test)]
mod test_forms;
#[cfg(test)]
mod test_membership;
#[cfg(test)]
mod test_shape;
#[cfg(test)]
mod test_values;
#[cfg(test)]
mod test_workbook;
