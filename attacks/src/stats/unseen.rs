//! How much of what fresh rows hold was never seen before.
//!
//! The share of the rows whose value stands alone estimates it (Good 1953, the population frequencies of species, Biometrika 40:237).

/// Standard errors beyond which it is no chance.
pub(crate) const SURELY: f64 = 6.0;

/// The standard error of the share of so many fresh rows that hold what none of `rows` does, estimated by the share of these that stand alone: the share is itself
/// counted, so that its variance is that of a share, and as much again (Robbins 1968).
pub(crate) fn error(alone: f64, rows: f64, fresh: f64) -> f64 {
    (alone * (1.0 - alone) / fresh + 2.0 * (alone + 1.0 / rows) / rows).sqrt()
}
