//! Telling somebody how far the attacks are, and asking whether they should go on.
//!
//! A run is stopped by unwinding: whoever works asks [`go_on`], and a run that was cancelled is left from there to [`cancellable`], through
//! whatever threads and loops lie between. No panic hook is told, since nothing is wrong.

use crate::AttackError;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Told of the progress of the attacks. Called from several threads.
pub trait Progress: Sync {
    /// So many attackers will be played.
    fn attackers(&self, _count: usize) {}
    /// The next of them is played. How many steps that takes hangs on the attack, the tables and the parts of the persons.
    fn attacker(&self) {}
    /// A step begins, of so many units (questions, or predicates).
    fn begin(&self, step: &str, units: u64);
    /// So many more units are done.
    fn advance(&self, units: u64);
    /// Whether the run should stop, which gives [`AttackError::Cancelled`]. It is asked from all threads, at least after every 50 ms
    /// of work, and usually far more often: the answer must cost no more than reading a flag.
    fn cancelled(&self) -> bool {
        false
    }
}

/// Tells nobody.
#[derive(Debug, Clone, Copy)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&self, _step: &str, _units: u64) {}
    fn advance(&self, _units: u64) {}
}

/// Tells nobody of the many short attacks, which can be cancelled all the same.
pub(crate) struct Silent<'a>(pub &'a dyn Progress);

impl Progress for Silent<'_> {
    fn begin(&self, _step: &str, _units: u64) {}
    fn advance(&self, _units: u64) {}
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}

/// What unwinds a run that was cancelled.
struct Cancelled;

/// Goes on, or leaves the run if it was cancelled. For loops that [`cancellable`] encloses.
#[inline]
pub fn go_on(progress: &dyn Progress) {
    if progress.cancelled() {
        resume_unwind(Box::new(Cancelled));
    }
}

/// Runs what may be cancelled.
///
/// # Errors
/// When it was.
pub fn cancellable<T>(run: impl FnOnce() -> T) -> Result<T, AttackError> {
    // What a cancelled run leaves half done is dropped with it.
    catch_unwind(AssertUnwindSafe(run)).map_err(|cause| match cause.downcast::<Cancelled>() {
        Ok(_) => AttackError::Cancelled,
        Err(panic) => resume_unwind(panic),
    })
}

#[cfg(test)]
mod test {
    use super::*;
    use rayon::prelude::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct After(AtomicUsize);

    impl Progress for After {
        fn begin(&self, _step: &str, _units: u64) {}
        fn advance(&self, _units: u64) {}
        fn cancelled(&self) -> bool {
            self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err()
        }
    }

    #[test]
    fn a_cancelled_run_is_left_from_any_thread() {
        let work = |progress: &After| (0..10_000).into_par_iter().for_each(|_| go_on(progress));
        assert_eq!(cancellable(|| work(&After(AtomicUsize::new(5)))), Err(AttackError::Cancelled));
        assert_eq!(cancellable(|| work(&After(AtomicUsize::new(10_000)))), Ok(()));
    }

    #[test]
    #[should_panic(expected = "another reason")]
    fn a_panic_stays_a_panic() {
        let _ = cancellable(|| panic!("another reason"));
    }
}
