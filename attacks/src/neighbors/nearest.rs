//! The nearest set, and how it is kept while candidates come in.

/// Every profile at a distance of at most the k-th smallest, counted over rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Nearest {
    /// The k-th smallest distance over rows: that of the farthest profile found.
    pub radius: f64,
    /// Profiles, ascending.
    pub profiles: Vec<u32>,
}

/// Collects candidates and keeps the radius that k rows need.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    neighbors: u64,
    /// The nearest candidates, sorted by distance, that together have at least k rows.
    best: Vec<(f64, u32)>,
    rows: u64,
    radius: f64,
    candidates: Vec<(f64, u32)>,
    /// A bit per profile, where many are sorted.
    bits: Vec<u64>,
}

/// Profiles from which on they are sorted by bits, where no more words than four times as many are needed.
const MANY: usize = 64;

impl Collector {
    /// Starts anew for a target.
    pub fn start(&mut self, neighbors: usize) {
        self.neighbors = neighbors as u64;
        self.best.clear();
        self.candidates.clear();
        self.rows = 0;
        self.radius = f64::INFINITY;
    }

    /// How many rows are asked for.
    pub fn neighbors(&self) -> usize {
        self.neighbors as usize
    }

    /// No profile farther than this can be in the nearest set. Infinite until k rows were seen.
    #[inline]
    pub fn radius(&self) -> f64 {
        self.radius
    }

    /// Takes a profile at its exact distance. Its rows are asked for only where they move the radius: most are far, or one of many ties.
    #[inline]
    pub fn push(&mut self, distance: f64, profile: u32, rows: impl FnOnce() -> u32) {
        if distance > self.radius {
            return;
        }
        self.candidates.push((distance, profile));
        if distance == self.radius {
            return; // a tie at the radius changes no bound
        }
        let at = self.best.partition_point(|(known, _)| *known <= distance);
        let rows = rows();
        self.best.insert(at, (distance, rows));
        self.rows += u64::from(rows);
        while let Some((_, last)) = self.best.last() {
            if self.rows - u64::from(*last) < self.neighbors {
                break;
            }
            self.rows -= u64::from(*last);
            self.best.pop();
        }
        if self.rows >= self.neighbors {
            self.radius = self.best.last().map_or(f64::INFINITY, |(distance, _)| *distance);
        }
    }

    /// The candidates of the nearest set, in no order, with their distances.
    pub fn within(&self) -> impl Iterator<Item = (f64, u32)> + '_ {
        self.candidates.iter().filter(|(distance, _)| *distance <= self.radius).copied()
    }

    /// The nearest set of all candidates taken.
    pub fn finish(&mut self, found: &mut Nearest) {
        found.profiles.clear();
        found.profiles.extend(self.within().map(|(_, profile)| profile));
        sort(&mut found.profiles, &mut self.bits);
        // With fewer rows than asked for, everything is in the set.
        found.radius = if self.radius.is_finite() {
            self.radius
        } else {
            self.candidates.iter().fold(0.0, |farthest: f64, (distance, _)| farthest.max(*distance))
        };
    }
}

/// Sorts different profiles. Many of them lie close together: they are marked, and read off in order.
fn sort(profiles: &mut Vec<u32>, bits: &mut Vec<u64>) {
    let most = profiles.iter().copied().max().unwrap_or(0) as usize;
    let words = most / u64::BITS as usize + 1;
    if profiles.len() < MANY || words > 4 * profiles.len() {
        // They often come in a few runs that are in order.
        return profiles.sort();
    }
    bits.clear();
    bits.resize(words, 0);
    for profile in profiles.drain(..) {
        bits[(profile / u64::BITS) as usize] |= 1 << (profile % u64::BITS);
    }
    for (at, word) in bits.iter().enumerate() {
        let mut word = *word;
        while word > 0 {
            profiles.push(at as u32 * u64::BITS + word.trailing_zeros());
            word &= word - 1;
        }
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn many_are_sorted_as_few_are(profiles in prop::collection::hash_set(0u32..5000, 0..300)) {
            let mut sorted: Vec<u32> = profiles.iter().copied().collect();
            let mut plain = sorted.clone();
            plain.sort_unstable();
            sort(&mut sorted, &mut vec![7; 3]);
            prop_assert_eq!(sorted, plain);
        }
    }
}
