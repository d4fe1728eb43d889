//! Ways in which persons can be leaked.

use crate::sampling::Stream;
use crate::table::{Cell, Interval, Tables};

/// How the persons that are planted stand in the release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leak {
    /// Unchanged.
    Verbatim = 0,
    /// Each number moved by up to a fiftieth of the column's values, each tenth category taken from somebody else.
    Noise = 1,
    /// A third of the columns, drawn for each of them, taken from somebody else.
    Changed = 2,
    /// Unchanged, and all of one group: neighbours in the order of one column.
    Group = 3,
    /// Numbers as the tenth of the column's rows in which they lie, each third other cell suppressed.
    Generalized = 4,
}

impl Leak {
    /// All kinds.
    pub const ALL: [Leak; 5] = [Leak::Verbatim, Leak::Noise, Leak::Changed, Leak::Group, Leak::Generalized];

    /// The name used in evidence.
    pub fn name(self) -> &'static str {
        match self {
            Leak::Verbatim => "verbatim",
            Leak::Noise => "noise",
            Leak::Changed => "changed",
            Leak::Group => "group",
            Leak::Generalized => "generalized",
        }
    }

    /// The cells of a person as they are released; `other` are those of somebody else.
    pub(super) fn release(self, tables: &Tables, own: &[u32], other: &[u32], stream: &mut Stream) -> Vec<Cell> {
        let columns = tables.columns.len();
        let cell = |column: usize, code: u32| tables.columns[column].domain.cell(code).clone();
        let mut codes = own.to_vec();
        match self {
            Leak::Verbatim | Leak::Group => {}
            Leak::Changed => {
                for column in stream.sample(columns, columns.div_ceil(3)) {
                    codes[column] = other[column];
                }
            }
            Leak::Noise => {
                for (column, code) in codes.iter_mut().enumerate() {
                    let domain = &tables.columns[column].domain;
                    if domain.is_number(*code) {
                        let numbers = domain.number_codes();
                        let reach = (u64::from(numbers.end - numbers.start) / 50).max(1);
                        let moved = (u64::from(*code) + stream.below(2 * reach + 1)).saturating_sub(reach);
                        *code = (moved as u32).clamp(numbers.start, numbers.end - 1);
                    } else if stream.below(10) == 0 {
                        *code = other[column];
                    }
                }
            }
            Leak::Generalized => {
                let coarser = |(column, code): (usize, &u32)| match tables.columns[column].domain.cell(*code) {
                    Cell::Number(number) => Cell::Interval(tenth(tables, column, *number)),
                    _ if stream.below(3) == 0 => Cell::Suppressed,
                    cell => cell.clone(),
                };
                return codes.iter().enumerate().map(coarser).collect();
            }
        }
        codes.into_iter().enumerate().map(|(column, code)| cell(column, code)).collect()
    }
}

/// The tenth of the original's rows in which a number of a column lies.
fn tenth(tables: &Tables, column: usize, number: f64) -> Interval {
    let domain = &tables.columns[column].domain;
    let codes = tables.original.column(column).iter().filter(|code| domain.is_number(**code));
    let mut sorted: Vec<u32> = codes.copied().collect();
    sorted.sort_unstable();
    let below = sorted.partition_point(|code| domain.number(*code) < number);
    let at = |tenth: usize| domain.number(sorted[(tenth * sorted.len() / 10).min(sorted.len() - 1)]);
    let tenth = (10 * below / sorted.len()).min(9);
    Interval::closed(at(tenth).min(number), at(tenth + 1).max(number))
}
