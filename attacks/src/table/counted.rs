//! Rows of each code.

/// Codes up to which neighbouring rows are counted apart.
const FEW: usize = 4096;

/// Rows beside each other that are counted apart.
const NEIGHBOURS: usize = 4;

/// How often each of so many codes stands among some.
///
/// # Panics
/// When one of them is no such code.
pub fn count_codes(codes: &[u32], of: usize) -> Vec<u32> {
    if of > FEW {
        let mut counts = vec![0; of];
        codes.iter().for_each(|code| counts[*code as usize] += 1);
        return counts;
    }
    // A count that was just written is slow to read again, and most values repeat: neighbours have counts of their own.
    let mut counts = vec![[0; NEIGHBOURS]; of];
    let (blocks, rest) = codes.as_chunks::<NEIGHBOURS>();
    for block in blocks {
        block.iter().enumerate().for_each(|(at, code)| counts[*code as usize][at] += 1);
    }
    rest.iter().for_each(|code| counts[*code as usize][0] += 1);
    counts.iter().map(|counts| counts.iter().sum()).collect()
}

#[cfg(test)]
mod test {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn few_codes_and_many_are_counted_as_one_by_one(codes in prop::collection::vec(0u32..9, 0..40)) {
            for of in [9, FEW, FEW + 1] {
                let plain = |code: u32| codes.iter().filter(|one| **one == code).count() as u32;
                prop_assert_eq!(count_codes(&codes, of), (0..of as u32).map(plain).collect::<Vec<_>>());
            }
        }
    }
}
