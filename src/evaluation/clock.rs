//! The time, as evidence, signatures and logs tell it.

use crate::input::datetime_text;
use reident_reports::evidence::Run;
use std::time::{Instant, SystemTime};

/// When a run began.
pub(super) struct Clock {
    started: SystemTime,
    instant: Instant,
}

impl Clock {
    pub(super) fn start() -> Clock {
        Clock { started: SystemTime::now(), instant: Instant::now() }
    }

    /// What evidence says of a run that ends now.
    pub(super) fn stop(&self) -> Run {
        let since_epoch = self.started.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        Run {
            started: rfc3339(since_epoch),
            seconds: (self.instant.elapsed().as_secs_f64() * 1e3).round() / 1e3,
            threads: rayon::current_num_threads() as u64,
            platform: format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
        }
    }
}

/// The time, UTC, RFC 3339.
pub fn now() -> String {
    rfc3339(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs())
}

/// Seconds since 1970 as UTC date and time.
fn rfc3339(seconds: u64) -> String {
    datetime_text(seconds as f64) + "Z"
}

#[cfg(test)]
mod test {
    use super::rfc3339;

    #[test]
    fn times_of_known_seconds() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_827_696), "2000-02-29T12:34:56Z");
        assert_eq!(rfc3339(1_772_323_199), "2026-02-28T23:59:59Z");
    }
}
