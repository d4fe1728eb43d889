//! What the attacks of a run would have noticed.

use super::{EvaluateError, Progress, comparability, control};
use crate::input::{self, Sources};
use crate::settings::Settings;
use reident_attacks::calibration::{self, FEWEST, Wanted};
use reident_attacks::evaluation::Plan;
use reident_attacks::table::Tables;
use reident_reports::build;
use reident_reports::evidence::{Calibration, Warning, warning};

/// Plays the attacks of these settings on worlds made of the tables, in the thread pool of the caller; nothing where the tables are too
/// small. The release itself is not attacked.
///
/// # Errors
/// As [`super::evaluate`].
pub fn calibrate(
    sources: &Sources,
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<Option<Calibration>, EvaluateError> {
    let loaded = input::load(sources, &settings.read)?;
    if let Some(refusal) = control::checks(&loaded, settings.values.allow_overlapping_control).refusal() {
        return Err(EvaluateError::OverlappingControl(refusal));
    }
    let playing = settings.without(&comparability::withheld(&loaded, settings).attacks);
    let (plan, _) = super::planned(&playing, &loaded.tables, progress)?;
    let wanted = settings.calibrate.clone().unwrap_or_default();
    of(&loaded.tables, &plan, settings.values.confidence, &wanted, progress)
}

pub(super) fn of(
    tables: &Tables,
    plan: &Plan,
    confidence: f64,
    wanted: &Wanted,
    progress: &dyn Progress,
) -> Result<Option<Calibration>, EvaluateError> {
    let found = calibration::calibrate(tables, plan, confidence, wanted, progress)?;
    Ok(found.map(|found| build::calibration(&found, wanted, confidence)))
}

/// Why there is no calibration.
pub(super) fn too_small() -> Warning {
    let message = format!(
        "The attacks could not be calibrated: it takes {FEWEST} persons of the original, and an attack other than record linkage. \
         Whether they would have noticed a leak is not known."
    );
    warning("calibration_too_small", &message)
}
