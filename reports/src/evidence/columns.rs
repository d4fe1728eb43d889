//! Columns of an attacker by their positions in `inputs.columns`.
//!
//! An attacker who knows all columns but one would need as many names as the table has columns, and a table with an
//! attacker per column as many times more: 10,000 columns would be 10⁸ names. Positions in runs keep the file linear.

use super::{ColumnShape, Inputs};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Columns by position in `inputs.columns`, from 0: single positions, and runs `[first, last]` of three or more that follow
/// each other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Columns(Vec<Run>);

/// One position, or all from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Run {
    One(u32),
    All([u32; 2]),
}

impl Run {
    fn ends(self) -> [u32; 2] {
        match self {
            Run::One(at) => [at, at],
            Run::All(ends) => ends,
        }
    }
}

/// Positions that follow each other and are fewer than this are written one by one.
const SHORTEST_RUN: u32 = 3;

impl Columns {
    /// The positions, in the order in which they were put on record.
    pub fn positions(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().flat_map(|run| {
            let [first, last] = run.ends();
            (first..=last).map(|at| at as usize)
        })
    }

    /// How many columns.
    pub fn len(&self) -> usize {
        self.0
            .iter()
            .map(|run| run.ends())
            .map(|[first, last]| (last as usize + 1).saturating_sub(first as usize))
            .sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is wrong with them as columns of a table with so many; `None` when nothing is.
    pub(crate) fn fault(&self, columns: usize) -> Option<String> {
        let mut used = vec![false; columns];
        for run in &self.0 {
            let [first, last] = run.ends();
            if first > last {
                return Some(format!("the run from {first} to {last} ends before it begins"));
            }
            if last as usize >= columns {
                return Some(format!("there is no column {last}: `inputs.columns` has {columns}"));
            }
            for at in first..=last {
                if std::mem::replace(&mut used[at as usize], true) {
                    return Some(format!("column {at} stands twice"));
                }
            }
        }
        None
    }
}

impl FromIterator<usize> for Columns {
    fn from_iter<I: IntoIterator<Item = usize>>(positions: I) -> Columns {
        let mut runs: Vec<[u32; 2]> = Vec::new();
        for at in positions {
            let at = u32::try_from(at).expect("a table has fewer than 2^32 columns");
            match runs.last_mut() {
                Some([_, last]) if last.checked_add(1) == Some(at) => *last = at,
                _ => runs.push([at, at]),
            }
        }
        let written = |[first, last]: [u32; 2]| -> Vec<Run> {
            if last - first + 1 < SHORTEST_RUN {
                (first..=last).map(Run::One).collect()
            } else {
                vec![Run::All([first, last])]
            }
        };
        Columns(runs.into_iter().flat_map(written).collect())
    }
}

impl Inputs {
    /// The names of an attacker's columns. A position without a column has no name; evidence that was read has none such.
    pub fn names<'a>(&'a self, columns: &'a Columns) -> impl Iterator<Item = &'a str> {
        columns.positions().filter_map(|at| self.columns.get(at)).map(|column: &ColumnShape| column.name.as_str())
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn positions_come_back_in_their_order_and_runs_are_short() {
        for (positions, text) in [
            (vec![], "[]"),
            (vec![4], "[4]"),
            (vec![0, 1], "[0,1]"),
            (vec![0, 1, 2], "[[0,2]]"),
            (vec![7, 0, 1, 2, 3, 9, 8], "[7,[0,3],9,8]"),
        ] {
            let columns: Columns = positions.iter().copied().collect();
            assert_eq!(serde_json::to_string(&columns).unwrap(), text);
            assert_eq!(serde_json::from_str::<Columns>(text).unwrap(), columns);
            assert_eq!(columns.positions().collect::<Vec<_>>(), positions);
            assert_eq!((columns.len(), columns.is_empty()), (positions.len(), positions.is_empty()));
        }
    }

    #[test]
    fn everybody_else_of_many_columns_is_two_runs() {
        let columns: Columns = (0..10_000).filter(|at| *at != 500).collect();
        assert_eq!(serde_json::to_string(&columns).unwrap(), "[[0,499],[501,9999]]");
    }

    #[test]
    fn positions_that_do_not_exist_or_repeat_are_faults() {
        for (text, fault) in
            [("[3]", true), ("[[0,4294967295]]", true), ("[[2,1]]", true), ("[1,[0,2]]", true), ("[[0,2]]", false)]
        {
            assert_eq!(serde_json::from_str::<Columns>(text).unwrap().fault(3).is_some(), fault, "{text}");
        }
    }
}
