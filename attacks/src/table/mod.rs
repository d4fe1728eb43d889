//! The column model: one dictionary of cells per column, shared by all tables, and a code per row.
//!
//! Every attack works on codes. What a code stands for is a [`Cell`]: an exact value (a number or a
//! category), the missing value, or one of the generalized forms (an interval, a set of categories, the
//! suppressed cell). A mask such as `130**` and a node of a hierarchy
//! are sets of the categories they cover, so readers of such forms add cells, not code paths.
//!
//! Codes are ranks: code 0 is always the missing value, then come the exact values in ascending order
//! (numbers by size, categories by their bytes), then the generalized cells. Comparing two exact cells
//! is comparing their codes, whatever order the rows came in.

mod bands;
mod categories;
mod cell;
mod counted;
mod coverage;
mod domain;
mod earlier;
mod groups;
mod joint;
mod marks;
mod numbers;
mod prints;
mod tables;

pub(crate) use categories::Categories;
pub use cell::{Cell, Interval, Kind};
pub use counted::count_codes;
pub use coverage::Coverage;
pub use domain::{Domain, MISSING};
pub use earlier::{Earlier, Links};
pub use groups::{Groups, LEFT_OUT, Lists};
pub use joint::{CodedColumn, JointColumn, RawColumn};
pub(crate) use marks::{common, count_each};
pub(crate) use prints::{PrintHasher, print_of, print_without};
pub use tables::{Column, Table, Tables, TablesBuilder};

#[cfg(test)]
mod test;
