//! How the attacks are calibrated, as the configuration says.

use super::super::SettingsError;
use super::super::keys::section;
use reident_attacks::calibration::{FEWEST, Wanted};

/// Most worlds of each kind of leak.
const MOST_RUNS: u64 = 10_000;

section! {
    /// How it is found out what the attacks would have noticed: of `calibrate` and `evaluate --calibrate`.
    [calibration] pub struct CalibrationConfig {
        /// Worlds of each kind of leak.
        runs: u64 = Wanted::default().runs;
        /// Most persons of a world.
        persons: usize = Wanted::default().persons;
        /// Shares of the persons that are planted.
        shares: Vec<f64> = Wanted::default().shares;
    }
}

impl CalibrationConfig {
    /// What is asked for, with the defaults for all else.
    ///
    /// # Errors
    /// When a value is out of its range.
    pub fn wanted(&self) -> Result<Wanted, SettingsError> {
        let Wanted { runs, persons, mut shares } =
            Wanted { runs: self.runs(), persons: self.persons(), shares: self.shares() };
        shares.sort_by(f64::total_cmp);
        shares.dedup();
        let refuse = |name: &str, message: &str| {
            let setting = format!("calibration.{name}");
            Err(SettingsError::new(format!("{setting} {message}")).of_setting(&setting))
        };
        if shares.is_empty() || !shares.iter().all(|share| *share > 0.0 && *share <= 1.0) {
            return refuse("shares", "must be numbers above 0 and up to 1");
        }
        if !(1..=MOST_RUNS).contains(&runs) {
            return refuse("runs", &format!("must be a number from 1 to {MOST_RUNS}"));
        }
        if persons < FEWEST / 2 {
            return refuse("persons", &format!("must be at least {}", FEWEST / 2));
        }
        Ok(Wanted { runs, persons, shares })
    }
}
