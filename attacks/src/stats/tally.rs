//! Counts of attempts, and the rates that they make.

use super::ConfidenceInterval;
use super::proportion::wilson;

/// Counts of one attack on one table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tally {
    /// Attempts: targets attacked, or predicates tried.
    pub attempted: u64,
    /// Attempts that succeeded, whatever each is worth.
    pub successes: u64,
    /// What the successes are worth together: the expected number of persons found (METHOD section 5, *Joined*). Equal to
    /// `successes` where each counts in full.
    pub expected: f64,
    /// Attempts that left several candidates, where the attack knows that outcome.
    pub ambiguous: Option<u64>,
    /// Attempts that named somebody else, where a record key tells.
    pub wrong: Option<u64>,
    /// Effective number of attempts: below `attempted` when outcomes depend on one another, above when successes count in part
    /// (see [`super::design`]).
    pub effective: f64,
    /// Records of the table that could have been attacked.
    pub population: u64,
}

impl Tally {
    /// Successes that each count in full, of independent attempts on all records of a table.
    pub fn whole(successes: u64, attempted: u64) -> Tally {
        Tally {
            attempted,
            successes,
            expected: successes as f64,
            ambiguous: None,
            wrong: None,
            effective: attempted as f64,
            population: attempted,
        }
    }

    /// Attempts that failed; where successes count in part, what is left of them fails.
    pub fn failures(&self) -> f64 {
        self.attempted as f64 - self.expected
    }

    /// The same counts, of so many times fewer independent attempts.
    pub(crate) fn of_fewer(self, design_effect: f64) -> Tally {
        let effective = if self.attempted == 0 { 0.0 } else { self.effective / design_effect };
        Tally { effective, ..self }
    }

    /// The counts of two sets of attempts that have none in common, such as those on two parts of a table. `None` when they do
    /// not tell them.
    ///
    /// Attempts, successes, worths and populations add up, and so do ambiguous and wrong attempts where both sets know them. The
    /// effective number of attempts does not: how far attempts share their fate shows in the attempts, and no more in their
    /// counts. It adds up only where there is nothing to know, because in both sets each success counts in full and each
    /// attempt is independent; attempts that are not are merged themselves and counted afterwards.
    pub fn merge(&self, other: &Tally) -> Option<Tally> {
        let is_plain =
            |tally: &Tally| tally.effective == tally.attempted as f64 && tally.expected == tally.successes as f64;
        let add = |one: Option<u64>, other: Option<u64>| match (one, other) {
            (Some(one), Some(other)) => Some(Some(one + other)),
            (None, None) => Some(None),
            _ => None,
        };
        if !(is_plain(self) && is_plain(other)) {
            return None;
        }
        let attempted = self.attempted + other.attempted;
        let successes = self.successes + other.successes;
        Some(Tally {
            attempted,
            successes,
            expected: successes as f64,
            ambiguous: add(self.ambiguous, other.ambiguous)?,
            wrong: add(self.wrong, other.wrong)?,
            effective: attempted as f64,
            population: self.population + other.population,
        })
    }

    /// Worth of the successes over attempts: the maximum-likelihood estimate, so a zero stays a zero. NaN without attempts.
    pub fn rate(&self) -> f64 {
        self.expected / self.attempted as f64
    }

    /// Wilson interval of the rate on the effective number of attempts.
    pub fn interval(&self, confidence: f64) -> ConfidenceInterval {
        wilson(self.rate() * self.effective, self.effective, confidence)
    }
}

/// What an attacker who ignores the release's joint structure achieves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Baseline {
    /// Attempts.
    pub attempted: u64,
    /// Successes; an expected number, possibly fractional, where a closed form gives it.
    pub successes: f64,
}

impl Baseline {
    /// Successes over attempts.
    pub fn rate(&self) -> f64 {
        self.successes / self.attempted as f64
    }

    /// Wilson interval of the rate.
    pub fn interval(&self, confidence: f64) -> ConfidenceInterval {
        wilson(self.successes, self.attempted as f64, confidence)
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn counts_of_parts_add_up_and_what_counts_do_not_tell_is_not_made_up() {
        let parts = [(3, 10), (0, 0), (7, 7)].map(|(successes, attempted)| Tally::whole(successes, attempted));
        let merged = parts.iter().skip(1).try_fold(parts[0], |sum, part| sum.merge(part));
        assert_eq!(merged, Some(Tally::whole(10, 17)));
        let known = Tally { ambiguous: Some(2), wrong: Some(1), ..parts[0] };
        let both = known.merge(&known).unwrap();
        assert_eq!((both.ambiguous, both.wrong, both.population), (Some(4), Some(2), 20));
        // One attack knows the outcome and the other does not; attempts that hang together; successes that count in part.
        assert_eq!(known.merge(&parts[0]), None);
        assert_eq!(parts[0].merge(&parts[2].of_fewer(2.0)), None);
        assert_eq!(parts[0].merge(&Tally { expected: 5.5, ..parts[2] }), None);
    }
}
