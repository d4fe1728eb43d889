//! Random halves of the columns.

use reident_attacks::sampling::{Stream, Task};
use std::collections::BTreeSet;

/// Most random splits that are played, however many are asked for.
pub(super) const MOST_SPLITS: usize = 1_000;

/// Balanced splits into two halves, distinct from each other: so many, or all that exist where there are fewer, and never more
/// than [`MOST_SPLITS`].
pub(super) fn random_splits(columns: &[usize], splits: usize, seed: u64) -> Vec<[Vec<usize>; 2]> {
    let wanted = splits.min(MOST_SPLITS).min(balanced_splits(columns.len()).unwrap_or(usize::MAX));
    let mut seen = BTreeSet::new();
    let mut found: Vec<[Vec<usize>; 2]> = Vec::new();
    let mut item = 0;
    while found.len() < wanted {
        let mut shuffled = columns.to_vec();
        Stream::new(seed, Task::Halves, item).shuffle(&mut shuffled);
        item += 1;
        let (one, other) = shuffled.split_at(columns.len().div_ceil(2));
        let mut halves = [one.to_vec(), other.to_vec()];
        halves.iter_mut().for_each(|half| half.sort_unstable());
        // Halves of one size may come in either order.
        let mut key = halves.clone();
        if one.len() == other.len() {
            key.sort_unstable();
        }
        if seen.insert(key) {
            found.push(halves);
        }
    }
    found
}

/// The splits of several seeds, each once.
pub(super) fn splits_of_seeds(columns: &[usize], splits: usize, seed: u64, seeds: u64) -> Vec<[Vec<usize>; 2]> {
    let mut found = random_splits(columns, splits, seed);
    for more in 1..seeds {
        for halves in random_splits(columns, splits, seed.wrapping_add(more)) {
            let [one, other] = &halves;
            if !found.iter().any(|known| known == &halves || (&known[0] == other && &known[1] == one)) {
                found.push(halves);
            }
        }
    }
    found
}

/// How many balanced splits of so many columns there are; `None` beyond a million.
pub(super) fn balanced_splits(columns: usize) -> Option<usize> {
    let half = columns / 2;
    let choices = (0..half).try_fold(1u128, |count, at| {
        Some(count * (columns - at) as u128 / (at as u128 + 1)).filter(|count| *count <= 2_000_000)
    })?;
    let splits = if columns.is_multiple_of(2) { choices / 2 } else { choices };
    usize::try_from(splits).ok().map(|splits| splits.max(1)).filter(|splits| *splits <= 1_000_000)
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn splits_are_balanced_distinct_and_reproducible() {
        let columns: Vec<usize> = (0..9).collect();
        let splits = random_splits(&columns, 5, 1);
        assert_eq!(splits, random_splits(&columns, 5, 1));
        assert_ne!(splits, random_splits(&columns, 5, 2));
        assert_eq!(splits.len(), 5);
        for [one, other] in &splits {
            assert_eq!((one.len(), other.len()), (5, 4));
            assert!(one.iter().all(|column| !other.contains(column)));
        }
    }

    #[test]
    fn no_more_splits_than_there_are() {
        for (columns, expected) in [(2, 1), (3, 3), (4, 3), (5, 10), (6, 10), (40, MOST_SPLITS)] {
            let columns: Vec<usize> = (0..columns).collect();
            assert_eq!(random_splits(&columns, usize::MAX, 1).len(), expected, "{}", columns.len());
        }
        assert_eq!((balanced_splits(6), balanced_splits(5), balanced_splits(10_000)), (Some(10), Some(10), None));
    }
}
