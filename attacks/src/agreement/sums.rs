//! What records score, told from their sums.
//!
//! A record's sum and its score say the same of it, once in 16 bits and once in whole units: in which columns it agrees with the target, and with
//! which cells. Where a target finds more records than there are ways to agree with it, the ways are looked through and not the
//! records, whose codes lie scattered in memory.

/// The scores of the sums that a target's records can have.
#[derive(Debug, Default)]
pub(super) struct Sums {
    /// Sums, ascending, each with its score; `None` where ways of different scores have that sum.
    scores: Vec<(u16, Option<u32>)>,
    ways: Vec<(u16, u32)>,
    of_column: Vec<(u16, u32)>,
}

impl Sums {
    /// Learns the scores of all sums from `least` on, given what the codes of each column that agree with the target give, in a sum and in
    /// units. Learns nothing where there are more than `most` ways to agree.
    pub fn learn<'g>(&mut self, columns: impl Iterator<Item = &'g [(u32, u32, u16)]>, least: u16, most: usize) {
        self.scores.clear();
        self.ways.clear();
        self.ways.push((0, 0));
        for gains in columns {
            self.of_column.clear();
            self.of_column.extend(gains.iter().map(|(_, gain, in_sums)| (*in_sums, *gain)));
            self.of_column.sort_unstable();
            self.of_column.dedup();
            let ways = self.ways.len();
            if ways * (1 + self.of_column.len()) > most {
                return;
            }
            for (in_sums, gain) in &self.of_column {
                for at in 0..ways {
                    let (sum, score) = self.ways[at];
                    self.ways.push((sum + in_sums, score + gain));
                }
            }
        }
        self.ways.retain(|(sum, _)| *sum >= least);
        self.ways.sort_unstable();
        self.ways.dedup();
        let one_sum = self.ways.chunk_by(|a, b| a.0 == b.0);
        self.scores.extend(one_sum.map(|ways| (ways[0].0, (ways.len() == 1).then_some(ways[0].1))));
    }

    /// The score of the records of a sum, if it was learned and is one.
    pub fn score(&self, sum: u16) -> Option<u32> {
        let at = self.scores.binary_search_by_key(&sum, |(known, _)| *known).ok()?;
        self.scores[at].1
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn sums_tell_scores_where_they_are_one() {
        // Two columns of one code, one of two codes that give the same and one that gives less.
        let columns: [&[(u32, u32, u16)]; 3] =
            [&[(7, 100, 10)], &[(1, 203, 20)], &[(0, 304, 30), (5, 304, 30), (9, 55, 5)]];
        let mut sums = Sums::default();
        sums.learn(columns.into_iter(), 15, 12);
        assert_eq!(sums.score(60), Some(100 + 203 + 304));
        assert_eq!(sums.score(35), Some(100 + 203 + 55));
        assert_eq!(sums.score(25), Some(203 + 55));
        // The third column's first code alone, or the two others together.
        assert_eq!(sums.score(30), None);
        assert_eq!(sums.score(10), None, "below the least");
        assert_eq!(sums.score(33), None, "nothing has that sum");
        sums.learn(columns.into_iter(), 15, 11);
        assert_eq!(sums.score(60), None, "more ways than wanted");
        sums.learn(columns.into_iter(), 0, 12);
        assert_eq!(sums.score(0), Some(0));
    }
}
