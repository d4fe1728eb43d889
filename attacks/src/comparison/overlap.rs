//! Rows of the control that equal rows of the original.
//!
//! A control of persons who were used hides every leak. Whole rows are compared, and again without the columns that hold
//! a different value in nearly every row (a running number would hide the overlap), and again without each column in
//! turn (so does one column that was written otherwise).

use super::poisson_reaches;
use crate::stats::proportion::wilson;
use crate::table::{Groups, common, count_each, print_of, print_without};
use rayon::prelude::*;

/// Which columns were compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// All of them.
    All,
    /// All but these.
    Without(Vec<usize>),
}

/// Control rows that are equal to a row of the original on the columns compared.
///
/// Some are expected: in a table of few columns many persons are alike. How many is told from each table alone: the
/// share of rows of the original that have an equal in it, and the same share of the control scaled to the size of the
/// original, whichever is larger, at the upper end of its 99.9 % interval. The count is beyond chance when a Poisson
/// variable of that mean reaches it with probability less than 1 in 10,000, over all comparisons that were made.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlap {
    /// Control rows equal to some original row.
    pub shared: usize,
    /// Rows of the control.
    pub control_rows: usize,
    /// How many chance explains.
    pub expected_at_most: f64,
    /// Whether chance does not explain it.
    pub beyond_chance: bool,
    /// The columns compared.
    pub compared: Compared,
}

/// Below this probability a count is beyond chance.
const CHANCE: f64 = 1e-4;

/// From this share of different values on a column holds a value of its own in nearly every row.
const NEARLY_DISTINCT: f64 = 0.9;

/// From so many rows on the columns are left out one after the other, and not at once, to save memory.
const MANY_ROWS: usize = 1 << 20;

/// Compares the control with the original: pairs of columns whose codes mean the same.
///
/// The comparison of all columns, unless another one is beyond chance and it is not.
pub fn overlap(rows: [usize; 2], columns: &[(&[u32], &[u32])]) -> Overlap {
    let distinct: Vec<usize> = (0..columns.len()).filter(|at| is_nearly_distinct(columns[*at])).collect();
    let without_distinct = !distinct.is_empty() && distinct.len() < columns.len();
    let singles = if columns.len() > 1 { columns.len() } else { 0 };
    let chance = CHANCE / (1 + usize::from(without_distinct) + singles) as f64;

    let whole = judged(rows, shares(rows, columns), Compared::All, chance);
    if whole.beyond_chance {
        return whole;
    }
    if without_distinct {
        let kept: Vec<_> = (0..columns.len()).filter(|at| !distinct.contains(at)).map(|at| columns[at]).collect();
        let found = judged(rows, shares(rows, &kept), Compared::Without(distinct), chance);
        if found.beyond_chance {
            return found;
        }
    }
    let prints = [0, 1].map(|table| prints(rows[table], columns, table));
    let without = |at: usize| {
        let left_out = [columns[at].0, columns[at].1];
        let keys = |table: usize| {
            let rows = prints[table].iter().zip(left_out[table]);
            rows.map(move |(print, code)| print_without(*print, at, *code))
        };
        let of_control: Vec<u64> = keys(1).collect();
        let is_open = !is_explained_by_control(rows[0], keys(0), &of_control, chance);
        is_open.then(|| {
            judged(rows, shares_of([&keys(0).collect::<Vec<_>>(), &of_control]), Compared::Without(vec![at]), chance)
        })
    };
    let beyond = |at: usize| without(at).filter(|found| found.beyond_chance);
    let found = match rows[0] + rows[1] < MANY_ROWS {
        true => (0..singles).into_par_iter().filter_map(beyond).find_first(|_| true),
        false => (0..singles).find_map(beyond),
    };
    found.unwrap_or(whole)
}

/// Whether nearly every row has a value of its own, in either table.
fn is_nearly_distinct(column: (&[u32], &[u32])) -> bool {
    [column.0, column.1].into_iter().all(|codes| {
        let mut seen = vec![false; codes.iter().max().map_or(0, |max| *max as usize + 1)];
        let distinct = codes.iter().filter(|code| !std::mem::replace(&mut seen[**code as usize], true)).count();
        distinct as f64 >= NEARLY_DISTINCT * codes.len() as f64
    })
}

fn prints(rows: usize, columns: &[(&[u32], &[u32])], table: usize) -> Vec<u64> {
    let code = |column: &(&[u32], &[u32]), row: usize| if table == 0 { column.0[row] } else { column.1[row] };
    let print = |row: usize| print_of(columns.iter().map(|column| code(column, row)));
    (0..rows).into_par_iter().with_min_len(4096).map(print).collect()
}

/// Rows by what is equal to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shares {
    /// Control rows that an original row equals.
    shared: usize,
    /// Original rows that another one equals.
    repeated: usize,
    /// Control rows that another one equals.
    repeated_in_control: usize,
}

/// By groups of equal rows.
fn shares(rows: [usize; 2], columns: &[(&[u32], &[u32])]) -> Shares {
    let groups = Groups::across(rows, columns);
    let mut counts = vec![[0u32; 2]; groups.len()];
    for (row, group) in groups.of_row.iter().enumerate() {
        counts[*group as usize][usize::from(row >= rows[0])] += 1;
    }
    counted(counts.into_iter())
}

/// By fingerprints, of which two different rows hardly ever have the same.
fn shares_of(keys: [&[u64]; 2]) -> Shares {
    counted(count_each(keys).into_iter())
}

/// Whether rows that are equal within the control explain those that equal a row of the original, whatever is equal within the original: then the
/// original need not be counted, of which there may be many rows. What chance explains is at least the control's own share.
fn is_explained_by_control(rows: usize, original: impl Iterator<Item = u64>, control: &[u64], chance: f64) -> bool {
    let of_both = common(control, original);
    let shared = control.iter().filter(|key| of_both.contains(key)).count();
    let repeated = counted(count_each([&[], control]).into_iter()).repeated_in_control;
    let (n, m) = (rows as f64, control.len() as f64);
    poisson_reaches(m * scaled(repeated, n, m), shared) >= chance
}

/// The share of a control's rows that have an equal in it, scaled to the size of the original.
fn scaled(repeated_in_control: usize, n: f64, m: f64) -> f64 {
    if m > 1.0 { (repeated_in_control as f64 / m * (n - 1.0) / (m - 1.0)).min(1.0) } else { 0.0 }
}

fn counted(groups: impl Iterator<Item = [u32; 2]>) -> Shares {
    let mut shares = Shares { shared: 0, repeated: 0, repeated_in_control: 0 };
    for [original, control] in groups {
        shares.shared += if original > 0 { control as usize } else { 0 };
        shares.repeated += if original > 1 { original as usize } else { 0 };
        shares.repeated_in_control += if control > 1 { control as usize } else { 0 };
    }
    shares
}

fn judged(rows: [usize; 2], found: Shares, compared: Compared, chance: f64) -> Overlap {
    let (n, m) = (rows[0] as f64, rows[1] as f64);
    let repeated = found.repeated as f64;
    let scaled = scaled(found.repeated_in_control, n, m);
    let (share, attempts) = if scaled > repeated / n { (scaled, m) } else { (repeated / n, n) };
    let expected_at_most = m * wilson(share * attempts, attempts, 0.999).hi;
    let beyond_chance = poisson_reaches(expected_at_most, found.shared) < chance;
    Overlap { shared: found.shared, control_rows: rows[1], expected_at_most, beyond_chance, compared }
}

#[cfg(test)]
mod test {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn copied_rows_are_beyond_chance_and_common_ones_are_not() {
        let original: Vec<u32> = (0..1000).collect();
        let copied: Vec<u32> = (500..600).collect();
        let fresh: Vec<u32> = (1000..1100).collect();
        let found = overlap([1000, 100], &[(&original, &copied)]);
        assert_eq!((found.shared, found.beyond_chance), (100, true));
        let found = overlap([1000, 100], &[(&original, &fresh)]);
        assert_eq!((found.shared, found.beyond_chance), (0, false));
        let common: Vec<u32> = (0..1000).map(|i| i % 7).collect();
        let found = overlap([1000, 100], &[(&common, &common[..100])]);
        assert_eq!((found.shared, found.beyond_chance), (100, false));
    }

    #[test]
    fn neither_a_running_number_nor_one_other_column_hides_copies() {
        let attributes = |modulus: u32| (0..1000u32).map(|i| i.wrapping_mul(7919) % modulus).collect::<Vec<_>>();
        let [one, two, three] = [83, 101, 61].map(attributes);
        let number: Vec<u32> = (0..1000).collect();
        let other_number: Vec<u32> = (2000..2100).collect();
        let columns: [(&[u32], &[u32]); 4] =
            [(&number, &other_number), (&one, &one[500..600]), (&two, &two[500..600]), (&three, &three[500..600])];
        let found = overlap([1000, 100], &columns);
        assert_eq!((found.shared, found.beyond_chance), (100, true));
        assert_eq!(found.compared, Compared::Without(vec![0]));
        let shifted: Vec<u32> = two[500..600].iter().map(|code| code + 200).collect();
        let found = overlap([1000, 100], &[columns[1], (&two, &shifted), columns[3], (&number, &number[500..600])]);
        assert_eq!((found.shared, found.compared), (100, Compared::Without(vec![1])));
    }

    proptest! {
        #[test]
        fn fingerprints_count_as_groups_do(rows in prop::collection::vec([0u32..3, 0u32..3, 0u32..2], 2..60), cut in 1..59usize) {
            let cut = cut.min(rows.len() - 1);
            let columns = [0, 1, 2].map(|column| rows.iter().map(|row| row[column]).collect::<Vec<_>>());
            let halves = columns.each_ref().map(|codes| codes.split_at(cut));
            let sizes = [cut, rows.len() - cut];
            for left_out in 0..3 {
                let kept: Vec<_> = (0..3).filter(|at| *at != left_out).map(|at| halves[at]).collect();
                let keys: [Vec<u64>; 2] = [0, 1].map(|table| {
                    let codes = if table == 0 { halves[left_out].0 } else { halves[left_out].1 };
                    let prints = prints(sizes[table], &halves, table);
                    prints.iter().zip(codes).map(|(print, code)| print_without(*print, left_out, *code)).collect()
                });
                prop_assert_eq!(shares(sizes, &kept), shares_of([&keys[0], &keys[1]]));
                let judged = judged(sizes, shares_of([&keys[0], &keys[1]]), Compared::All, 0.3);
                let of_original = keys[0].iter().copied();
                let is_explained = is_explained_by_control(cut, of_original, &keys[1], 0.3);
                let repeated = scaled(shares_of([&keys[0], &keys[1]]).repeated_in_control, cut as f64, keys[1].len() as f64);
                let mean = keys[1].len() as f64 * repeated;
                prop_assert_eq!(is_explained, poisson_reaches(mean, shares_of([&keys[0], &keys[1]]).shared) >= 0.3);
                prop_assert!(!(is_explained && judged.beyond_chance), "{:?}", judged);
            }
        }
    }
}
