//! What an attacker says about one person, and what it is worth.

use crate::outcome::Attempt;

/// The records that an attacker is left with for one target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Claim {
    /// |T|: distinct records among them, at least 1.
    pub records: u32,
    /// Whether the target's own is among them. Never of a person of the control, who has none.
    pub is_right: bool,
    /// How much worse the next record is: a difference of distances, or of natural logarithms of likelihoods. 0 when several
    /// records are left, infinite when nothing else was compared.
    pub margin: f64,
    /// Whether every cell of the records is compatible with what is known of the target.
    pub is_compatible: bool,
}

impl Claim {
    /// Whether one record only is named.
    pub fn is_unique(&self) -> bool {
        self.records == 1
    }

    /// One record, and it is the target's.
    pub fn is_correct(&self) -> bool {
        self.is_unique() && self.is_right
    }

    /// One record, and it is somebody else's.
    pub fn is_wrong(&self) -> bool {
        self.is_unique() && !self.is_right
    }

    /// The chance to be right by choosing among the records: 1/|T| when the right one is inside.
    pub fn worth(&self) -> f64 {
        if self.is_right { 1.0 / f64::from(self.records) } else { 0.0 }
    }

    /// The claim as an attempt whose success counts by its [worth](Claim::worth).
    pub fn attempt(&self) -> Attempt {
        match (self.is_right, self.is_unique()) {
            (true, _) => Attempt::Success(self.records),
            (false, true) => Attempt::Wrong,
            (false, false) => Attempt::Ambiguous,
        }
    }
}

/// What all claims of an attacker about the persons of one table came to.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Claims {
    /// Persons attacked.
    pub attempted: u64,
    /// One record was named, the right one.
    pub correct: u64,
    /// One record was named, and it is somebody else's.
    pub wrong: u64,
    /// Several records are left.
    pub ambiguous: u64,
    /// Σ 1/|T| over those whose record is in T: the expected number of persons named by choosing at random within T.
    /// Over the persons attacked it is the marketer risk.
    pub expected: f64,
    /// The largest of those chances: the prosecutor risk of the person who is exposed most.
    pub largest: f64,
}

impl Claims {
    /// Counts claims. The sum is made by the number of records, so that the order of the targets does not decide its last bits.
    pub fn of(claims: &[Claim]) -> Claims {
        let mut right = std::collections::BTreeMap::<u32, u64>::new();
        let mut counts = Claims { attempted: claims.len() as u64, ..Claims::default() };
        for claim in claims {
            counts.correct += u64::from(claim.is_correct());
            counts.wrong += u64::from(claim.is_wrong());
            counts.ambiguous += u64::from(!claim.is_unique());
            if claim.is_right {
                *right.entry(claim.records).or_default() += 1;
            }
        }
        counts.expected = right.iter().fold(0.0, |sum, (records, hits)| sum + *hits as f64 / f64::from(*records));
        counts.largest = right.keys().next().map_or(0.0, |records| 1.0 / f64::from(*records));
        counts
    }
}
