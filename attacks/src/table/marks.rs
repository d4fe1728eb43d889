//! Which fingerprints stand in two tables, one of which may be large.

use super::prints::{PrintHasher, group_by};
use std::collections::HashSet;

/// Fingerprints as marks, of which few are one that another made, too: what has none is not there, and most of what is looked for is not. The
/// marks of a million take two megabytes, and are found at once where a table of them would not fit.
struct Marks {
    words: Vec<u64>,
    shift: u32,
}

impl Marks {
    /// Sixteen places for each.
    fn with_room_for(prints: usize) -> Marks {
        let words = (prints / 4).next_power_of_two();
        Marks { words: vec![0; words], shift: u64::BITS - u64::BITS.ilog2() - words.ilog2() }
    }

    fn place(&self, print: u64) -> (usize, u64) {
        let place = print.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift;
        ((place / u64::from(u64::BITS)) as usize, 1 << (place % u64::from(u64::BITS)))
    }

    /// Marks a fingerprint.
    fn mark(&mut self, print: u64) {
        let (word, bit) = self.place(print);
        self.words[word] |= bit;
    }

    /// Whether a fingerprint may have been marked.
    fn has(&self, print: u64) -> bool {
        let (word, bit) = self.place(print);
        self.words[word] & bit > 0
    }
}

/// The fingerprints that stand among some and among others.
pub(crate) fn common(some: &[u64], others: impl Iterator<Item = u64>) -> HashSet<u64, PrintHasher> {
    let mut marks = Marks::with_room_for(some.len());
    for print in some {
        marks.mark(*print);
    }
    let maybe: HashSet<u64, PrintHasher> = others.filter(|print| marks.has(*print)).collect();
    some.iter().copied().filter(|print| maybe.contains(print)).collect()
}

/// How often each different fingerprint stands in each of some tables, in the order in which they first occur.
pub(crate) fn count_each<const N: usize>(tables: [&[u64]; N]) -> Vec<[u32; N]> {
    let groups = group_by(&tables.concat(), |_, _| true);
    let mut counts = vec![[0; N]; groups.len()];
    let mut of_row = groups.of_row.iter();
    for (table, prints) in tables.iter().enumerate() {
        of_row.by_ref().take(prints.len()).for_each(|group| counts[*group as usize][table] += 1);
    }
    counts
}

#[cfg(test)]
mod test {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn what_is_common_and_how_often_is_what_a_plain_loop_finds(
            one in prop::collection::vec(0u64..40, 0..60),
            other in prop::collection::vec(0u64..40, 0..60),
        ) {
            let found = common(&one, other.iter().copied());
            prop_assert!((0..40).all(|print| found.contains(&print) == (one.contains(&print) && other.contains(&print))));
            let mut plain: BTreeMap<u64, [u32; 2]> = BTreeMap::new();
            one.iter().for_each(|print| plain.entry(*print).or_default()[0] += 1);
            other.iter().for_each(|print| plain.entry(*print).or_default()[1] += 1);
            let mut counts = count_each([&one, &other]);
            counts.sort_unstable();
            let mut plain: Vec<[u32; 2]> = plain.into_values().collect();
            plain.sort_unstable();
            prop_assert_eq!(counts, plain);
        }
    }
}
