//! The time, as evidence, signatures and logs tell it.

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
///
/// The civil date of a day number: Hinnant (2013), "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
fn rfc3339(seconds: u64) -> String {
    let (days, second) = ((seconds / 86_400) as i64, seconds % 86_400);
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
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
