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
