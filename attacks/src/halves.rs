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

    /// Everybody, or, where an attacker's columns were searched for, those on whom they were not.
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

#[cfg(test)]
mod test {
    use super::*;
    use crate::table::{Kind, RawColumn, TablesBuilder};

    /// Rows with these values, each several times, and a control of those from `control` on; every second row is of the person of the row before.
    fn tables(values: &[f64], subjects: bool) -> Tables {
        let mut builder = TablesBuilder::new(values.len(), 2, Some(values.len()));
        let column = || RawColumn::numbers(values);
        builder.add("a", Kind::Numeric, column(), RawColumn::numbers(&[0.0, 1.0]), Some(column())).unwrap();
        if subjects {
            let of: Vec<u32> = (0..values.len() as u32).map(|row| row / 2).collect();
            builder.subjects(of.clone(), Some(of));
        }
        builder.finish()
    }

    #[test]
    fn who_is_searched_on_is_not_attacked_whatever_the_order_of_rows() {
        let values: Vec<f64> = (0..400).map(|row| f64::from(row % 150)).collect();
        let reversed: Vec<f64> = values.iter().copied().rev().collect();
        let sides = |values: &[f64]| {
            let tables = tables(values, false);
            let [searched, others] = halves(&tables, &TargetRows::everybody(&tables));
            assert_eq!(searched.len() + others.len(), 800);
            for half in [&searched, &others] {
                assert!(half.original.len() > 150 && half.control.as_ref().unwrap().len() > 150, "{half:?}");
            }
            let of = |half: &TargetRows| {
                let mut of: Vec<u64> = half.original.iter().map(|row| values[*row as usize] as u64).collect();
                of.sort_unstable();
                of.dedup();
                of
            };
            // Equal rows stay together.
            let (searched, others) = (of(&searched), of(&others));
            assert!(searched.iter().all(|value| !others.contains(value)));
            searched
        };
        assert_eq!(sides(&values), sides(&reversed));
    }

    #[test]
    fn rows_of_one_person_stay_together_and_of_large_tables_few_are_searched_on() {
        let values: Vec<f64> = (0..3 * MOST_SEARCHED).map(|row| row as f64).collect();
        for subjects in [false, true] {
            let tables = tables(&values, subjects);
            let [searched, others] = halves(&tables, &TargetRows::everybody(&tables));
            let rows = searched.original.len();
            assert!(rows <= MOST_SEARCHED && rows + 1 >= MOST_SEARCHED, "{rows}");
            let person = |row: &u32| tables.original.subject(*row as usize);
            let persons: std::collections::HashSet<u32> = searched.original.iter().map(person).collect();
            assert!(others.original.iter().all(|row| !persons.contains(&person(row))));
        }
    }
}
