use super::*;
use crate::AttackError;
use crate::progress::{NoProgress, cancellable};
use proptest::prelude::*;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Sets of letters.
#[allow(clippy::ptr_arg)] // As sets are handed out.
fn larger(set: &Vec<u8>) -> Vec<Vec<u8>> {
    let others = (b'a'..=b'h').filter(|letter| !set.contains(letter));
    let with = |letter| {
        let mut set = set.clone();
        set.push(letter);
        set.sort_unstable();
        set
    };
    others.map(with).collect()
}

fn single() -> Vec<Vec<u8>> {
    (b'a'..=b'h').map(|letter| vec![letter]).collect()
}

#[test]
fn all_sets_of_a_size_are_tried_while_they_are_few_each_once() {
    // Nothing but all three together shows anything, and what grows from the best pair alone would miss it.
    let tried = Mutex::new(Vec::new());
    let shows = |set: &Vec<u8>| {
        tried.lock().unwrap().push(set.clone());
        f64::from(u8::from(b"ceh".iter().all(|letter| set.contains(letter))))
    };
    let found = grow(single(), larger, 3, &NoProgress, shows);
    assert_eq!(found.sets, [b"a".to_vec(), b"ceh".to_vec()]);
    let mut tried = tried.into_inner().unwrap();
    // 8, 28 and 56 sets.
    assert_eq!((found.searched, tried.len()), (92, 92));
    tried.sort();
    tried.dedup();
    assert_eq!(tried.len(), 92);
}

#[test]
fn of_many_sets_those_are_tried_that_grow_from_the_best() {
    let first: Vec<Vec<u16>> = (0..200).map(|column| vec![column]).collect();
    let larger = |set: &Vec<u16>| -> Vec<Vec<u16>> {
        let others = (0..200).filter(|column| !set.contains(column));
        others
            .map(|column| {
                let mut set = [set.as_slice(), &[column]].concat();
                set.sort_unstable();
                set
            })
            .collect()
    };
    let worth = |set: &Vec<u16>| set.iter().map(|column| f64::from(*column)).sum();
    let found = grow(first, larger, 3, &NoProgress, worth);
    assert_eq!(found.sets, [vec![199], vec![198, 199], vec![197, 198, 199]]);
    // 200 columns, then 199 + 198 pairs with one of the best two, then as many triples with one of the best two pairs.
    assert_eq!(found.searched, 200 + 397 + 395);
}

#[test]
fn nobody_learns_a_column_for_nothing_and_sets_that_show_nothing_are_none() {
    let found = grow(single(), larger, 5, &NoProgress, |set| if set.len() < 3 { set.len() as f64 } else { 2.0 });
    assert_eq!(found.sets.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
    assert!(grow(single(), larger, 5, &NoProgress, |_| f64::NEG_INFINITY).sets.is_empty());
    assert_eq!(grow(Vec::<Vec<u8>>::new(), larger, 5, &NoProgress, |_| 1.0).searched, 0);
}

proptest! {
    /// Of eight letters all sets of every size are few, so that the search is exact: what it keeps is what the plain loop over all sets keeps.
    #[test]
    fn few_columns_are_searched_exactly(worths in prop::collection::vec(0u8..40, 256), sizes in 1usize..=6) {
        let at = |set: &[u8]| set.iter().map(|letter| 1usize << (letter - b'a')).sum::<usize>();
        let found = grow(single(), larger, sizes, &NoProgress, |set| f64::from(worths[at(set)]));
        let best_of_size = |size: usize| (0..256usize).filter(|set| set.count_ones() as usize == size).map(|set| worths[set]).max();
        let mut best = Vec::new();
        for worth in (1..=sizes).filter_map(best_of_size) {
            if best.last().is_none_or(|last| worth > *last) {
                best.push(worth);
            }
        }
        prop_assert_eq!(found.sets.iter().map(|set| worths[at(set)]).collect::<Vec<u8>>(), best);
        let tried = (1..=sizes).map(|size| (0..256usize).filter(|set| set.count_ones() as usize == size).count() as u64);
        prop_assert_eq!(found.searched, tried.sum::<u64>());
    }
}

/// Counts what it is told, and cancels after so many sets.
#[derive(Default)]
struct Counting {
    steps: AtomicUsize,
    units: AtomicUsize,
    cancelled_after: Option<usize>,
}

impl Progress for Counting {
    fn begin(&self, step: &str, units: u64) {
        assert!(step == "search" && units > 0);
        self.steps.fetch_add(1, Ordering::Relaxed);
    }
    fn advance(&self, units: u64) {
        self.units.fetch_add(units as usize, Ordering::Relaxed);
    }
    fn cancelled(&self) -> bool {
        self.cancelled_after.is_some_and(|sets| self.units.load(Ordering::Relaxed) >= sets)
    }
}

#[test]
fn a_search_says_how_far_it_is_and_can_be_cancelled() {
    let told = Counting::default();
    let found = grow(single(), larger, 3, &told, |set| set.len() as f64);
    assert_eq!((told.steps.into_inner(), told.units.into_inner() as u64), (3, found.searched));
    let told = Counting { cancelled_after: Some(20), ..Counting::default() };
    let cancelled = cancellable(|| grow(single(), larger, 3, &told, |set| set.len() as f64));
    assert_eq!(cancelled, Err(AttackError::Cancelled));
    assert!(told.units.into_inner() < 92);
}
