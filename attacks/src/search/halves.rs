//! Who is searched on, and who is attacked with what was found.

use crate::table::{Table, Tables};
use crate::targets::TargetRows;
use std::cell::OnceCell;

/// Most rows of a table that are searched on. Larger tables leave more for the estimate.
pub const MOST_SEARCHED: usize = 5_000;

/// Splits the targets of either table in two by their values (rows of one person by the person's first), so that neither the order of the
/// rows nor who is alike decides anything: first those who are searched on, half of them and no more than [`MOST_SEARCHED`] rows, then the others.
pub fn halves(tables: &Tables, targets: &TargetRows) -> [TargetRows; 2] {
    let [one, other] = split(&tables.original, &targets.original);
    let controls = tables.control.as_ref().zip(targets.control.as_ref());
    let [of_one, of_other] = match controls.map(|(table, rows)| split(table, rows)) {
        Some([one, other]) => [Some(one), Some(other)],
        None => [None, None],
    };
    [TargetRows { original: one, control: of_one }, TargetRows { original: other, control: of_other }]
}

fn split(table: &Table, rows: &[u32]) -> [Vec<u32>; 2] {
    let mut of_person = vec![u64::MAX; table.persons()];
    for (row, print) in table.prints(0..table.columns()).into_iter().enumerate() {
        let least = &mut of_person[table.subject(row) as usize];
        *least = (*least).min(print);
    }
    // The sum of mixed numbers is mixed once more.
    let key = |row: &u32| {
        let print = of_person[table.subject(*row as usize) as usize];
        (print ^ print >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    };
    let mut keys: Vec<u64> = rows.iter().map(key).collect();
    keys.sort_unstable();
    let Some(first_of_others) = keys.get((rows.len() / 2).min(MOST_SEARCHED)) else { return [Vec::new(), Vec::new()] };
    let (searched, others) = rows.iter().partition(|row| key(row) < *first_of_others);
    [searched, others]
}

/// Whom each attacker attacks.
pub(crate) struct Attacked<'a> {
    tables: &'a Tables,
    targets: &'a TargetRows,
    others: OnceCell<TargetRows>,
}

impl<'a> Attacked<'a> {
    /// Of these targets.
    pub fn new(tables: &'a Tables, targets: &'a TargetRows) -> Attacked<'a> {
        Attacked { tables, targets, others: OnceCell::new() }
    }

    /// Everybody, or those whom his columns were not searched on.
    pub fn by(&self, searched: Option<u64>) -> &TargetRows {
        match searched {
            None => self.targets,
            Some(_) => self.others.get_or_init(|| {
                let [_, others] = halves(self.tables, self.targets);
                others
            }),
        }
    }
}
