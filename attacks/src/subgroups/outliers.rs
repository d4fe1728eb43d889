//! Who is far from everybody else.
//!
//! Only those who are farthest have to be measured. The distances of a sample say from which distance on a person may be among them, and whoever
//! has somebody nearer than that among the few who are next in an order by values is none of them: the pruning of distance-based outliers
//! (Bay & Schwabacher 2003, KDD, "Mining distance-based outliers in near linear time with randomization and a simple pruning rule").

use super::{OUTLIERS, Subgroup, Who};
use crate::neighbors::GowerDistance;
use crate::others;
use crate::progress::Progress;
use crate::table::{Domain, Groups, Tables};
use crate::targets::TargetRows;
use rayon::prelude::*;
use std::cmp::Ordering;

/// Persons whose distances say from which distance on a person may be an outlier.
const SAMPLE: usize = 500;
/// The share of the sample that is at least that far, larger than the largest of [`OUTLIERS`] so that hardly ever too few are.
const SAMPLE_SHARE: f64 = 0.09;
/// Persons on either side, in an order by values, among whom somebody near is looked for.
const BESIDE: usize = 48;

/// The outliers of the original, and persons of the control who are as far from their nearest original.
///
/// Nothing where so many are equally far that no part of about the wanted size can be told apart.
pub(super) fn find(tables: &Tables, progress: &dyn Progress) -> Vec<Subgroup> {
    let columns: Vec<usize> = (0..tables.columns.len()).collect();
    let everybody = TargetRows::everybody(tables);
    let distances = farthest(tables, &everybody, &columns, progress);
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

/// The distance of each person to the nearest other, of those who may be outliers; of who cannot be one, any smaller distance.
fn farthest(tables: &Tables, everybody: &TargetRows, columns: &[usize], progress: &dyn Progress) -> Vec<f64> {
    let shared = shared_with_others(tables, everybody, columns);
    // Who has the values of somebody else of the original is at no distance from that other person.
    let measured = |of: &[usize]| -> Vec<f64> {
        let (distances, _) = others::distances(tables, &some(tables, everybody, of), columns, progress);
        of.iter().zip(distances).map(|(at, distance)| if shared[*at] { 0.0 } else { distance }).collect()
    };
    let all = || measured(&(0..everybody.len()).collect::<Vec<usize>>());
    let originals = everybody.original.len();
    let generalized = columns.iter().any(|column| tables.columns[*column].domain.has_generalized());
    if originals <= 4 * SAMPLE || generalized {
        return all();
    }
    let beside = Beside::new(tables, everybody, columns);
    let step = originals / SAMPLE;
    let in_order = beside.order.iter().map(|at| *at as usize).filter(|at| *at < originals);
    let sample: Vec<usize> = in_order.step_by(step).collect();
    let mut of_sample = measured(&sample);
    of_sample.sort_unstable_by(|a, b| b.total_cmp(a));
    let cutoff = of_sample[(of_sample.len() as f64 * SAMPLE_SHARE) as usize];
    if cutoff <= 0.0 {
        return all();
    }
    let near = beside.near(cutoff);
    let far: Vec<usize> = (0..everybody.len()).filter(|at| !shared[*at] && !near[*at]).collect();
    let mut distances = vec![0.0; everybody.len()];
    let of_far = measured(&far);
    far.iter().zip(of_far).for_each(|(at, distance)| distances[*at] = distance);
    let largest = OUTLIERS.iter().copied().fold(0.0, f64::max);
    let enough = distances[..originals].iter().filter(|distance| **distance >= cutoff).count();
    if (enough as f64) < (originals as f64 * largest).ceil() { all() } else { distances }
}

/// Some of all persons, by their places among them: those of the original first.
fn some(tables: &Tables, everybody: &TargetRows, of: &[usize]) -> TargetRows {
    let originals = everybody.original.len();
    let rows = |is_wanted: &dyn Fn(usize) -> bool, first: usize| -> Vec<u32> {
        of.iter().filter(|at| is_wanted(**at)).map(|at| (*at - first) as u32).collect()
    };
    TargetRows {
        original: rows(&|at| at < originals, 0),
        control: tables.control.as_ref().map(|_| rows(&|at| at >= originals, originals)),
    }
}

/// All persons, those next to each other who are alike.
struct Beside<'t> {
    tables: &'t Tables,
    distance: GowerDistance<'t>,
    /// Places of the persons among all, by their values.
    order: Vec<u32>,
    /// Codes of the persons in this order, person by person.
    codes: Vec<u32>,
}

impl<'t> Beside<'t> {
    /// The order is by categories first, since a category is equal or not, and by numbers where all of them are equal.
    fn new(tables: &'t Tables, everybody: &TargetRows, columns: &[usize]) -> Beside<'t> {
        let domain = |column: &usize| &tables.columns[*column].domain;
        let of_column: Vec<Vec<u32>> = columns.iter().map(|column| everybody.codes(tables, *column)).collect();
        let mut by: Vec<usize> = (0..columns.len()).collect();
        by.sort_by_key(|at| domain(&columns[*at]).kind().is_numeric());
        let compare = |one: u32, other: u32| -> Ordering {
            let of = |at: &usize| {
                let (codes, domain) = (&of_column[*at], domain(&columns[*at]));
                by_value(domain, codes[one as usize], codes[other as usize])
            };
            by.iter().map(of).find(|order| order.is_ne()).unwrap_or(Ordering::Equal).then(one.cmp(&other))
        };
        let mut order: Vec<u32> = (0..everybody.len() as u32).collect();
        order.par_sort_unstable_by(|one, other| compare(*one, *other));
        let codes = order.iter().flat_map(|at| of_column.iter().map(|codes| codes[*at as usize])).collect();
        Beside { tables, distance: GowerDistance::new(tables, columns), order, codes }
    }

    /// Whether each person has an original of other values, and of another person, nearer than this among those beside the person. Who
    /// has none among these may have one elsewhere.
    fn near(&self, than: f64) -> Vec<bool> {
        let near: Vec<bool> = (0..self.order.len()).into_par_iter().map(|place| self.has_near(place, than)).collect();
        let mut of_person = vec![false; near.len()];
        self.order.iter().zip(near).for_each(|(at, near)| of_person[*at as usize] = near);
        of_person
    }

    fn has_near(&self, place: usize, than: f64) -> bool {
        let codes = self.of(place);
        let original = &self.tables.original;
        let row = |place: usize| Some(self.order[place] as usize).filter(|row| *row < original.rows());
        let own = row(place);
        let is_other = |other: usize| {
            row(other).is_some_and(|row| own.is_none_or(|own| original.subject(own) != original.subject(row)))
        };
        let is_near = |other: usize| {
            let of_other = self.of(other);
            is_other(other) && of_other != codes && self.distance.between(codes, of_other.iter().copied()) < than
        };
        let last = self.order.len() - 1;
        (1..=BESIDE).any(|step| {
            let below = place.checked_sub(step).is_some_and(is_near);
            below || (place + step <= last && is_near(place + step))
        })
    }

    fn of(&self, place: usize) -> &[u32] {
        let columns = self.codes.len() / self.order.len();
        &self.codes[place * columns..(place + 1) * columns]
    }
}

/// What is no number first, by its code; numbers by their size.
fn by_value(domain: &Domain, one: u32, other: u32) -> Ordering {
    match (domain.is_number(one), domain.is_number(other)) {
        (true, true) => domain.number(one).total_cmp(&domain.number(other)),
        (one_is, other_is) => (one_is, one).cmp(&(other_is, other)),
    }
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
    use super::*;
    use crate::sampling::{Stream, Task};
    use crate::table::{Kind, RawColumn, TablesBuilder};
    use crate::targets::NoProgress;

    /// Persons in a few towns, most of them much like others, some far from everybody; every third has a second row, of other values, and some
    /// are equal.
    fn tables(seed: u64, spread: f64, has_subjects: bool) -> Tables {
        let mut stream = Stream::new(seed, Task::Population, 5);
        let (rows, controls) = (2_600, 900);
        let mut builder = TablesBuilder::new(rows, 1, Some(controls));
        let mut table = |rows: usize| -> (Vec<String>, [Vec<f64>; 3]) {
            let towns = (0..rows).map(|_| format!("town {}", stream.below(6))).collect();
            let mut number = || {
                (0..rows)
                    .map(|_| (stream.normal() * spread).round() * if stream.below(40) == 0 { 9.0 } else { 1.0 })
                    .collect()
            };
            (towns, [number(), number(), number()])
        };
        let (original, control) = (table(rows), table(controls));
        let of_release = || RawColumn::texts(&["town 0"]);
        builder
            .add(
                "town",
                Kind::Categorical,
                RawColumn::texts(&original.0),
                of_release(),
                Some(RawColumn::texts(&control.0)),
            )
            .unwrap();
        for at in 0..3 {
            let [original, control] = [&original.1, &control.1].map(|numbers| RawColumn::numbers(&numbers[at]));
            builder.add(&format!("x{at}"), Kind::Numeric, original, RawColumn::numbers(&[0.0]), Some(control)).unwrap();
        }
        let mut tables = builder.finish();
        if has_subjects {
            tables.original.subjects = Some((0..rows as u32).map(|row| row - u32::from(row % 3 == 2)).collect());
        }
        tables
    }

    #[test]
    fn those_who_are_measured_are_at_their_distance_and_all_others_are_nearer() {
        for (seed, spread, has_subjects) in
            [(1, 3.0, false), (2, 30.0, false), (3, 3.0, true), (4, 0.4, true), (5, 300.0, true)]
        {
            let tables = tables(seed, spread, has_subjects);
            let columns: Vec<usize> = (0..tables.columns.len()).collect();
            let everybody = TargetRows::everybody(&tables);
            let found = farthest(&tables, &everybody, &columns, &NoProgress);
            let (mut plain, _) = others::distances(&tables, &everybody, &columns, &NoProgress);
            let shared = shared_with_others(&tables, &everybody, &columns);
            plain.iter_mut().zip(shared).filter(|(_, shared)| *shared).for_each(|(distance, _)| *distance = 0.0);
            let parts = |distances: &[f64]| {
                let mut of_original = distances[..2_600].to_vec();
                of_original.sort_unstable_by(|a, b| b.total_cmp(a));
                OUTLIERS.map(|share| {
                    let least = least_distance(&of_original, share)?;
                    Some((least, distances.iter().map(|distance| *distance >= least).collect::<Vec<bool>>()))
                })
            };
            assert_eq!(parts(&found), parts(&plain), "{seed}");
            // Most persons were not measured, unless nobody could be told apart.
            let measured = found.iter().filter(|distance| **distance > 0.0).count();
            assert!(measured < 1_400 || found == plain, "{seed}: {measured}");
        }
    }

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
