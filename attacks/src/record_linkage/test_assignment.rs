//! The assignment is as cheap as the cheapest, and is the same however rows are ordered.

use super::assignment::{Candidate, auction};
use super::test::attack;
use super::*;
use crate::sampling::{Stream, Task};
use crate::table::{Kind, RawColumn, TablesBuilder};
use proptest::prelude::*;

/// The least sum of any assignment: each person has a candidate with a row left, or gives up at the distance of the farthest.
fn least_sum(lists: &[Vec<Candidate>], left: &mut Vec<u32>) -> f64 {
    let Some((first, others)) = lists.split_first() else { return 0.0 };
    let mut least = first.last().unwrap().distance + least_sum(others, left);
    for one in first {
        if left[one.profile as usize] > 0 {
            left[one.profile as usize] -= 1;
            least = least.min(one.distance + least_sum(others, left));
            left[one.profile as usize] += 1;
        }
    }
    least
}

proptest! {
    #[test]
    fn no_assignment_is_cheaper(
        distances in prop::collection::vec(prop::collection::vec(0..12u8, 4), 1..7),
        rows in prop::collection::vec(1..3u32, 4),
    ) {
        let lists: Vec<Vec<Candidate>> = distances
            .iter()
            .map(|of| {
                let all = of.iter().zip(0..).map(|(distance, profile)| Candidate { distance: f64::from(*distance), profile });
                assignment::nearest(all.collect(), u64::from)
            })
            .collect();
        let slices: Vec<&[Candidate]> = lists.iter().map(Vec::as_slice).collect();
        let given = auction(&slices, &vec![1; lists.len()], |profile| rows[profile as usize]);
        let mut taken = vec![0; rows.len()];
        let mut sum = 0.0;
        for (list, given) in lists.iter().zip(&given) {
            prop_assert!(given.len() <= 1);
            given.iter().for_each(|profile| taken[*profile as usize] += 1);
            let own = list.iter().find(|one| given.contains(&one.profile));
            sum += own.unwrap_or(list.last().unwrap()).distance;
        }
        prop_assert!(taken.iter().zip(&rows).all(|(taken, rows)| taken <= rows), "{:?} of {:?}", taken, rows);
        // ε is a hundredth of a spread of at most 11.
        let least = least_sum(&lists, &mut rows.clone());
        prop_assert!(sum <= least + 0.11 * lists.len() as f64 + 1e-9, "{} and not {}", sum, least);
    }
}

/// Persons of three numbers, in an order, and a release of them with noise, in another.
fn tables(persons: usize, rows: &[usize], released: &[usize], noise: f64) -> Tables {
    let mut builder = TablesBuilder::new(rows.len(), released.len(), Some(rows.len()));
    for column in 0..3 {
        let values = |table: u64| {
            let mut stream = Stream::new(5, Task::Population, 10 * table + column);
            (0..persons).map(|_| stream.normal()).collect::<Vec<f64>>()
        };
        let (own, others, moved) = (values(0), values(1), values(2));
        let pick = |rows: &[usize], of: &dyn Fn(usize) -> f64| {
            RawColumn::numbers(&rows.iter().map(|row| of(*row)).collect::<Vec<f64>>())
        };
        let release = pick(released, &|row| own[row] + noise * moved[row]);
        let control = Some(pick(rows, &|row| others[row]));
        builder.add(&format!("c{column}"), Kind::Numeric, pick(rows, &|row| own[row]), release, control).unwrap();
    }
    builder.records(rows.iter().map(|row| *row as u32).collect(), released.iter().map(|row| *row as u32).collect());
    builder.finish()
}

#[test]
fn who_gives_each_record_away_once_names_more_persons_rightly() {
    let everybody: Vec<usize> = (0..600).collect();
    // Where half of the persons have no record, the others' are taken for theirs, and little is lost.
    for (released, least) in [(everybody.clone(), 1.05), ((0..600).step_by(2).collect(), 0.9)] {
        let tables = tables(600, &everybody, &released, 0.2);
        let correct = |matcher| Claims::of(&attack(&tables, &[0, 1, 2], matcher).main).correct;
        let (alone, once) = (correct(LinkageMatcher::Distance), correct(LinkageMatcher::DistanceOneToOne));
        assert!(once as f64 > least * alone as f64, "{once} of {}, and {alone} alone", released.len());
    }
}

#[test]
fn the_order_of_rows_gives_nobody_another_record() {
    let forwards: Vec<usize> = (0..200).collect();
    let backwards: Vec<usize> = forwards.iter().rev().copied().collect();
    let mixed: Vec<usize> = forwards.iter().map(|row| row * 77 % 200).collect();
    for matcher in [LinkageMatcher::DistanceOneToOne, LinkageMatcher::AgreementOneToOne] {
        let of = |rows: &[usize], released: &[usize]| {
            let attempts = attack(&tables(200, rows, released, 0.3), &[0, 1, 2], matcher);
            let mut claims = vec![None; 200];
            rows.iter().zip(&attempts.main).for_each(|(row, claim)| claims[*row] = Some(*claim));
            (claims, Claims::of(attempts.control.as_ref().unwrap()))
        };
        let (expected, control) = of(&forwards, &forwards);
        assert_eq!(of(&backwards, &mixed), (expected.clone(), control));
        assert_eq!(of(&mixed, &backwards), (expected, control));
        assert_eq!((control.correct, control.expected), (0, 0.0));
    }
}

#[test]
fn persons_who_are_known_alike_get_the_same_answer() {
    let mut builder = TablesBuilder::new(5, 5, None);
    let numbers = |values: &[f64]| RawColumn::numbers(values);
    // Two persons of 10, whose records are 9 and 12; three of 50, of whom two are in a class.
    let (own, released) = (numbers(&[10.0, 10.0, 50.0, 50.0, 50.0]), numbers(&[9.0, 12.0, 50.0, 50.0, 57.0]));
    builder.add("x", Kind::Numeric, own, released, None).unwrap();
    builder.records(vec![0, 1, 2, 3, 4], vec![0, 1, 2, 3, 4]);
    let claims = attack(&builder.finish(), &[0], LinkageMatcher::DistanceOneToOne).main;
    let found: Vec<(u32, bool)> = claims.iter().map(|claim| (claim.records, claim.is_right)).collect();
    assert_eq!(found, [(2, true), (2, true), (3, true), (3, true), (3, true)]);
}
