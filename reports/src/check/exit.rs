//! Exit codes of `reident check`: the one place where they are defined.
//!
//! | code | meaning |
//! |---|---|
//! | 0 | pass |
//! | 1 | a limit is exceeded, or the risk rose by more than the margin |
//! | 4 | inconclusive, unless the policy maps it to 0 or 1 |
//!
//! 2 (usage, unreadable evidence or policy) and 5 (signature or digest mismatch) belong to the program.

use super::policy::Inconclusive;
use super::result::Verdict;

/// Everything that was judged passes.
pub const PASS: u8 = 0;
/// A limit is exceeded, or the risk rose by more than the margin.
pub const FAIL: u8 = 1;
/// Neither could be shown.
pub const INCONCLUSIVE: u8 = 4;

/// The exit code of a verdict under a policy's mapping of inconclusive.
pub fn code(verdict: Verdict, inconclusive: Inconclusive) -> u8 {
    match (verdict, inconclusive) {
        (Verdict::Pass, _) | (Verdict::Inconclusive, Inconclusive::Pass) => PASS,
        (Verdict::Fail, _) | (Verdict::Inconclusive, Inconclusive::Fail) => FAIL,
        (Verdict::Inconclusive, Inconclusive::Inconclusive) => INCONCLUSIVE,
    }
}
