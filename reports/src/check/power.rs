//! Whether a pass may rest on attacks that could have noticed a leak (METHOD section 6, *Evidence has an operating characteristic*).

use super::policy::Limit;
use super::result::Reason;
use crate::evidence::{AttackKind, Evidence};
use reident_attacks::stats::proportion::wilson;

/// Why the power of an attack carries no pass under a limit; `None` where it does, or where the limit asks for none.
///
/// What is shown counts: the lower end of the interval of the share of worlds in which the leak was found, made anew of the counts. A few
/// worlds show little, however often it was found in them.
pub(super) fn refuses(evidence: &Evidence, attack: AttackKind, limit: &Limit) -> Option<Reason> {
    let wanted = limit.min_power?;
    let calibration = evidence.calibration.as_ref();
    let Some(power) = calibration.and_then(|calibration| calibration.power_at(attack, limit.max_risk)) else {
        return Some(Reason::PowerUnknown);
    };
    let (found, worlds) = (power.found.found as f64, power.found.worlds as f64);
    let shown = if worlds > 0.0 { wilson(found, worlds, evidence.settings.confidence).lo } else { 0.0 };
    (shown < wanted).then_some(Reason::TooLittlePower)
}
