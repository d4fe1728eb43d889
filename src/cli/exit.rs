//! Exit codes: part of the interface, so they have names and never change their meaning.

use crate::DocumentError;

/// Done, whatever the risk.
pub const DONE: u8 = 0;
/// Wrong usage or bad input: the message says what to do.
pub const BAD_INPUT: u8 = 2;
/// An error inside the program: a bug.
pub const INTERNAL: u8 = 3;
/// A signature, a digest or a log does not match.
pub const MISMATCH: u8 = 5;
/// Stopped by the user (Ctrl-C).
pub const INTERRUPTED: u8 = 130;

pub use reident_reports::check::exit::{FAIL, INCONCLUSIVE, PASS};

/// The table of codes of commands that judge.
pub const CHECK_HELP: &str = "\
Exit codes:
  0    pass
  1    fail: a limit is exceeded, or the risk rose by more than the margin
  2    wrong usage, unreadable evidence or policy
  3    internal error
  4    inconclusive, unless the policy maps it to 0 or 1
  5    the file given is not the release that the evidence is about";

/// The table of codes of commands that sign and verify.
pub const ATTEST_HELP: &str = "\
Exit codes:
  0    done; all that was checked is as it was signed
  2    wrong usage, or a file or key that cannot be read
  3    internal error
  5    a signature, a digest or an audit log does not match";

/// The table of codes for `--help`.
pub const HELP: &str = "\
Exit codes:
  0    done, whatever the risk (with --policy: pass; 1 fail, 4 inconclusive)
  2    wrong usage or bad input
  3    internal error
  5    a signature, a digest or an audit log does not match
  130  interrupted";

/// The exit code of an error.
pub fn code(error: &anyhow::Error) -> u8 {
    if error.downcast_ref::<DocumentError>().is_some_and(DocumentError::is_mismatch) { MISMATCH } else { BAD_INPUT }
}
