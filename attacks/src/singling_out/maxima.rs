//! The rows of each class than which no other row of the class is at least as large in every number.
//!
//! With one number these are the largest of each class, if no other row equals them; with none, rows that are alone in their
//! class. With several, most rows are covered by one strong row of their class, so that one pass finds the strong rows and
//! another what they leave over, and only that is sorted.

use super::classes::{Classes, TILE};

/// A number per row, and how strong a number of this column is: the strong row has the largest sum of these.
#[derive(Clone, Copy)]
pub(super) struct Number<'a> {
    /// Larger covers smaller.
    pub values: &'a [u32],
    /// What a value is multiplied by, so that different columns' values can be added.
    pub scale: f32,
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
    let mut rows = Vec::new();
    for class in left.chunk_by(|one, other| one >> 32 == other >> 32) {
        rows.clear();
        rows.extend(class.iter().map(|both| *both as u32));
        match rows.as_slice() {
            [only] => maxima.push(*only),
            _ => frontier(&mut rows, numbers, &mut maxima),
        }
    }
    maxima
}

/// The rows without those that the strong row of their class covers, each as class · 2³² + row, ascending.
///
/// Rows equal to the strong row stay, itself too: they tell that it is no strict maximum.
fn undominated(classes: &Classes<'_>, numbers: &[Number<'_>]) -> Vec<u64> {
    let mut strongest = vec![(-1.0, 0); classes.len()];
    let mut strengths = [0.0f32; TILE];
    classes.each_tile(|from, keys| {
        let strengths = &mut strengths[..keys.len()];
        strengths.fill(0.0);
        for number in numbers {
            for (strength, value) in strengths.iter_mut().zip(&number.values[from..]) {
                *strength += *value as f32 * number.scale;
            }
        }
        for (at, (class, strength)) in keys.iter().zip(strengths).enumerate() {
            let slot = &mut strongest[*class as usize];
            if *strength > slot.0 {
                *slot = (*strength, from + at);
            }
        }
    });
    let size = numbers.len();
    let strong: Vec<u32> =
        strongest.iter().flat_map(|(_, row)| numbers.iter().map(|number| number.values[*row])).collect();
    let mut left = Vec::new();
    classes.each(|row, class| {
        let strong = &strong[class as usize * size..][..size];
        let (mut above, mut equal) = (false, true);
        for (number, strong) in numbers.iter().zip(strong) {
            above |= number.values[row] > *strong;
            equal &= number.values[row] == *strong;
        }
        if above || equal {
            left.push(u64::from(class) << 32 | row as u64);
        }
    });
    left.sort_unstable();
    left
}

/// Adds the strict maxima of the rows of one class.
fn frontier(rows: &mut [u32], numbers: &[Number<'_>], maxima: &mut Vec<u32>) {
    let key = |row: u32| numbers.iter().map(move |number| number.values[row as usize]);
    let covers = |by: u32, row: u32| key(by).zip(key(row)).all(|(by, row)| by >= row);
    rows.sort_unstable_by(|a, b| key(*b).cmp(key(*a)).then(a.cmp(b)));
    // Rows that nothing before them covers, and whether an equal row follows: equal rows cover each other.
    let mut frontier: Vec<(u32, bool)> = Vec::new();
    for row in rows.iter().copied() {
        match frontier.iter_mut().find(|(kept, _)| covers(*kept, row)) {
            Some((kept, repeated)) => *repeated |= covers(row, *kept),
            None => frontier.push((row, false)),
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
        let numbers: Vec<Number<'_>> =
            numbers.iter().map(|values| Number { values, scale: 1.0 / (1.0 + values.len() as f32) }).collect();
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
            let slices = |columns: &[Vec<u32>]| -> Vec<Vec<u32>> { columns.to_vec() };
            let (classes, numbers) = (slices(&classes), slices(&numbers));
            let classes: Vec<&[u32]> = classes.iter().map(Vec::as_slice).collect();
            let numbers: Vec<&[u32]> = numbers.iter().map(Vec::as_slice).collect();
            prop_assert_eq!(maxima(&classes, &numbers, rows), plain);
        }
    }
}
