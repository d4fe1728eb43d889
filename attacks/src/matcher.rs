//! What makes a release record the answer to what is known of a person.

/// How an attacker compares what he knows with the records of the release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Matcher {
    /// The nearest records, by the distance of [`crate::neighbors`].
    #[default]
    Distance,
    /// The records that agree on most that is rare: the largest weighted agreement (METHOD section 3b).
    Agreement,
}

impl Matcher {
    /// The name used in evidence.
    pub fn name(self) -> &'static str {
        match self {
            Matcher::Distance => "distance",
            Matcher::Agreement => "agreement",
        }
    }
}
