//! Random halves of the columns.

use reident_attacks::sampling::{Stream, Task};

/// Balanced splits into two halves, each drawn by its own stream; a split that was drawn before is left out, so few
/// columns give fewer splits.
pub(super) fn random_splits(columns: &[usize], splits: usize, seed: u64) -> Vec<[Vec<usize>; 2]> {
    let mut found: Vec<[Vec<usize>; 2]> = Vec::new();
    for item in 0..splits {
        let mut shuffled = columns.to_vec();
        Stream::new(seed, Task::Halves, item as u64).shuffle(&mut shuffled);
        let (one, other) = shuffled.split_at(columns.len().div_ceil(2));
        let mut halves = [one.to_vec(), other.to_vec()];
        halves.iter_mut().for_each(|half| half.sort_unstable());
        let [one, other] = &halves;
        let known =
            |split: &[Vec<usize>; 2]| (&split[0], &split[1]) == (one, other) || (&split[0], &split[1]) == (other, one);
        if !found.iter().any(known) {
            found.push(halves);
        }
    }
    found
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
        assert_eq!(random_splits(&[0, 1], 5, 1).len(), 1);
    }
}
