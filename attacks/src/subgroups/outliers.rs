//! Who is far from everybody else.

use super::{OUTLIERS, Subgroup, Who};
use crate::others;
use crate::progress::Progress;
use crate::table::{Groups, Tables};
use crate::targets::TargetRows;

/// The outliers of the original, and persons of the control who are as far from their nearest original.
///
/// Nothing where so many are equally far that no part of about the wanted size can be told apart.
pub(super) fn find(tables: &Tables, progress: &dyn Progress) -> Vec<Subgroup> {
    let columns: Vec<usize> = (0..tables.columns.len()).collect();
    let everybody = TargetRows::everybody(tables);
    let (mut distances, _) = others::distances(tables, &everybody, &columns, progress);
    // Who has the values of somebody else of the original is at no distance from him.
    for (distance, shared) in distances.iter_mut().zip(shared_with_others(tables, &everybody, &columns)) {
        if shared {
            *distance = 0.0;
        }
    }
    let (of_original, of_control) = distances.split_at(tables.original.rows());
    let mut farthest = of_original.to_vec();
    farthest.sort_unstable_by(|a, b| b.total_cmp(a));
    let part = |share: &f64| {
        let least = least_distance(&farthest, *share)?;
        let members = |distances: &[f64]| distances.iter().map(|distance| *distance >= least).collect::<Vec<bool>>();
        let control = tables.control.as_ref().map(|_| members(of_control));
        Some(Subgroup { who: Who::Outliers { share: *share }, original: members(of_original), control })
    };
    OUTLIERS.iter().filter_map(part).collect()
}

/// Whether another person of the original has all the values of each target.
fn shared_with_others(tables: &Tables, everybody: &TargetRows, columns: &[usize]) -> Vec<bool> {
    let codes: Vec<Vec<u32>> = columns.iter().map(|column| everybody.codes(tables, *column)).collect();
    let equal = Groups::of(everybody.len(), codes.iter().map(Vec::as_slice));
    let person = |row: usize| (row < tables.original.rows()).then(|| tables.original.subject(row));
    // Of each group of equal rows a person of the original, and whether there is a second one.
    let mut holders: Vec<(Option<u32>, bool)> = vec![(None, false); equal.len()];
    for (row, group) in equal.of_row.iter().enumerate() {
        let (first, several) = &mut holders[*group as usize];
        match (*first, person(row)) {
            (None, person) => *first = person,
            (Some(first), Some(person)) => *several |= first != person,
            _ => {}
        }
    }
    let shared = |(row, group): (usize, &u32)| match (holders[*group as usize], person(row)) {
        ((_, several), Some(_)) => several,
        ((first, _), None) => first.is_some(),
    };
    equal.of_row.iter().enumerate().map(shared).collect()
}

/// The distance from which on a person is among this share of those who are farthest; `farthest` is sorted, the largest first.
///
/// All who are equally far belong together: to the part, unless they make it more than half again as large as asked for; else to
/// the rest.
fn least_distance(farthest: &[f64], share: f64) -> Option<f64> {
    let wanted = (farthest.len() as f64 * share).ceil() as usize;
    let least = *farthest.get(wanted.checked_sub(1)?)?;
    let with_ties = farthest.partition_point(|distance| *distance >= least);
    if with_ties * 2 <= wanted * 3 {
        return Some(least);
    }
    farthest[..wanted].iter().copied().rfind(|distance| *distance > least)
}

#[cfg(test)]
mod test {
    use super::least_distance;

    #[test]
    fn those_who_are_equally_far_stay_together() {
        let distances: Vec<f64> = (0..100).map(|at| f64::from(100 - at)).collect();
        assert_eq!(least_distance(&distances, 0.05), Some(96.0));
        // Five wanted: the fifth is one of seven who are equally far, who fit; one of ninety who do not.
        let some = |equal: usize| [vec![9.0, 8.0, 7.0, 6.0], vec![5.0; equal], vec![1.0; 96 - equal]].concat();
        assert_eq!(least_distance(&some(3), 0.05), Some(5.0));
        assert_eq!(least_distance(&some(90), 0.05), Some(6.0));
        // Nobody can be told apart.
        assert_eq!(least_distance(&[0.0; 100], 0.05), None);
        assert_eq!(least_distance(&[], 0.05), None);
    }
}
