//! The rows of each class than which no other row of the class is at least as large in every number.
//!
//! With one number these are the largest of each class, if no other row equals them; with none, rows that are alone in their
//! class. With several, most rows are covered by one strong row of their class, so that one pass finds the strong rows and
//! another what they leave over, and only that is sorted.

use super::classes::{Classes, TILE};
use std::cmp::Reverse;

/// A number per row, and how strong it is: the strong row has the largest sum of these.
#[derive(Clone, Copy)]
pub(super) struct Number<'a> {
    /// Larger covers smaller.
    pub values: &'a [u32],
    /// Any measure: what is found does not depend on it, only how much is left to sort.
    pub strengths: &'a [f32],
}

/// The strict maxima of every class, ascending.
pub(super) fn strict_maxima(classes: &Classes<'_>, numbers: &[Number<'_>]) -> Vec<u32> {
    let mut maxima = match numbers {
        [] => largest(classes, |_| 0),
        [number] => largest(classes, |row| number.values[row]),
        several => of_several(classes, several),
    };
    maxima.sort_unstable();
    maxima
}

/// No row, and several rows.
const NONE: u32 = u32::MAX;
const SEVERAL: u32 = u32::MAX - 1;

/// The row with the largest number of each class, where it is one row.
fn largest(classes: &Classes<'_>, number: impl Fn(usize) -> u32) -> Vec<u32> {
    let mut found = vec![(0, NONE); classes.len()];
    classes.each(|row, class| {
        let (most, held) = &mut found[class as usize];
        let number = number(row);
        if number > *most || *held == NONE {
            (*most, *held) = (number, row as u32);
        } else if number == *most {
            *held = SEVERAL;
        }
    });
    found.into_iter().map(|(_, row)| row).filter(|row| *row < SEVERAL).collect()
}

fn of_several(classes: &Classes<'_>, numbers: &[Number<'_>]) -> Vec<u32> {
    let left = undominated(classes, numbers);
    let mut maxima = Vec::new();
    for class in left.chunk_by(|one, other| one >> 32 == other >> 32) {
        match class {
            [only] => maxima.push(*only as u32),
            several => frontier(several.iter().map(|both| *both as u32), numbers, &mut maxima),
        }
    }
    maxima
}

/// The strongest row of each class.
fn strongest(classes: &Classes<'_>, numbers: &[Number<'_>]) -> Vec<usize> {
    let mut strongest = vec![(f32::NEG_INFINITY, 0); classes.len()];
    let mut strengths = [0.0; TILE];
    classes.each_tile(|from, tile| {
        let strengths = &mut strengths[..tile.len()];
        strengths.fill(0.0);
        for number in numbers {
            strengths.iter_mut().zip(&number.strengths[from..]).for_each(|(sum, strength)| *sum += strength);
        }
        for (at, (class, strength)) in tile.iter().zip(strengths).enumerate() {
            let slot = &mut strongest[*class as usize];
            if *strength > slot.0 {
                *slot = (*strength, from + at);
            }
        }
    });
    strongest.into_iter().map(|(_, row)| row).collect()
}

/// The rows without those that the strong row of their class covers, each as class · 2³² + row, ascending.
///
/// Rows equal to the strong row stay, itself too: they tell that it is no strict maximum.
fn undominated(classes: &Classes<'_>, numbers: &[Number<'_>]) -> Vec<u64> {
    let strongest = strongest(classes, numbers);
    let strong: Vec<Vec<u32>> =
        numbers.iter().map(|number| strongest.iter().map(|row| number.values[*row]).collect()).collect();
    let mut left = Vec::new();
    let (mut compared, mut kept) = ([(false, false); TILE], [0; TILE]);
    classes.each_tile(|from, tile| {
        let compared = &mut compared[..tile.len()];
        compared.fill((false, true));
        for (number, strong) in numbers.iter().zip(&strong) {
            for (((above, equal), class), value) in compared.iter_mut().zip(tile).zip(&number.values[from..]) {
                let strong = strong[*class as usize];
                *above |= *value > strong;
                *equal &= *value == strong;
            }
        }
        // Every row is written, and the next one over it unless it stays: a branch would often be guessed wrongly.
        let mut count = 0;
        for (at, (class, (above, equal))) in tile.iter().zip(compared).enumerate() {
            kept[count] = u64::from(*class) << 32 | (from + at) as u64;
            count += usize::from(*above | *equal);
        }
        left.extend_from_slice(&kept[..count]);
    });
    left.sort_unstable();
    left
}

/// Adds the strict maxima of some rows of one class.
fn frontier(rows: impl Iterator<Item = u32>, numbers: &[Number<'_>], maxima: &mut Vec<u32>) {
    let values = |row: u32| numbers.iter().map(move |number| number.values[row as usize]);
    let sum = |row: u32| values(row).map(u64::from).sum::<u64>();
    let mut descending: Vec<(Reverse<u64>, u32)> = rows.map(|row| (Reverse(sum(row)), row)).collect();
    // A row that covers another has the larger sum, or is equal.
    descending.sort_unstable();
    // Rows that nothing before them covers, their values, and whether an equal row follows: equal rows cover each other.
    let mut frontier: Vec<(u32, bool)> = Vec::new();
    let mut frontier_values: Vec<u32> = Vec::new();
    let mut own = Vec::with_capacity(numbers.len());
    for (_, row) in descending {
        own.clear();
        own.extend(values(row));
        let covers = |by: &[u32]| by.iter().zip(&own).all(|(by, own)| by >= own);
        match frontier_values.chunks_exact(numbers.len()).position(covers) {
            Some(by) => frontier[by].1 |= frontier_values[by * numbers.len()..][..numbers.len()] == own,
            None => {
                frontier.push((row, false));
                frontier_values.extend_from_slice(&own);
            }
        }
    }
    maxima.extend(frontier.into_iter().filter(|(_, repeated)| !repeated).map(|(row, _)| row));
}

#[cfg(test)]
mod test {
    use super::*;
    use proptest::prelude::*;

    fn maxima(classes: &[&[u32]], numbers: &[&[u32]], rows: usize) -> Vec<u32> {
        let ends = classes.iter().map(|codes| (*codes, codes.iter().max().map_or(0, |max| *max as usize + 1)));
        let classes = Classes::new(rows, ends);
        let strengths: Vec<Vec<f32>> =
            numbers.iter().map(|values| values.iter().map(|value| *value as f32).collect()).collect();
        let numbers: Vec<Number<'_>> =
            numbers.iter().zip(&strengths).map(|(values, strengths)| Number { values, strengths }).collect();
        strict_maxima(&classes, &numbers)
    }

    #[test]
    fn hand_worked_points() {
        let of = |points: &[[u32; 2]]| {
            let [x, y] = [0, 1].map(|at| points.iter().map(|point| point[at]).collect::<Vec<_>>());
            maxima(&[], &[&x, &y], points.len())
        };
        assert_eq!(of(&[[3, 1], [2, 2], [1, 3], [1, 1], [2, 1]]), [0, 1, 2]);
        // Equal points cover each other; a point equal in one number and larger in the other covers.
        assert_eq!(of(&[[3, 1], [3, 1], [1, 3], [1, 2]]), [2]);
    }

    /// Rows of up to two columns of classes and up to four of numbers, with many ties.
    fn columns() -> impl Strategy<Value = (usize, Vec<Vec<u32>>, Vec<Vec<u32>>)> {
        (1usize..60, 0usize..3, 0usize..5).prop_flat_map(|(rows, classes, numbers)| {
            let column = |end: u32| prop::collection::vec(0..end, rows);
            let classes = prop::collection::vec(prop_oneof![column(3), column(2000)], classes);
            let numbers = prop::collection::vec(prop_oneof![column(4), column(50)], numbers);
            (Just(rows), classes, numbers)
        })
    }

    proptest! {
        #[test]
        fn equal_every_pair_compared((rows, classes, numbers) in columns()) {
            let covered = |row: usize, by: usize| {
                by != row
                    && classes.iter().all(|codes| codes[by] == codes[row])
                    && numbers.iter().all(|values| values[by] >= values[row])
            };
            let plain: Vec<u32> =
                (0..rows).filter(|row| !(0..rows).any(|by| covered(*row, by))).map(|row| row as u32).collect();
            let classes: Vec<&[u32]> = classes.iter().map(Vec::as_slice).collect();
            let numbers: Vec<&[u32]> = numbers.iter().map(Vec::as_slice).collect();
            prop_assert_eq!(maxima(&classes, &numbers, rows), plain);
        }
    }
}
