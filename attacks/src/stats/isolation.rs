//! The null rate of singling out when the control is smaller or larger than the original.

use super::ConfidenceInterval;
use super::risk::{Risk, RiskMethod};

/// PLACEHOLDER
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IsolationCounts {
    /// Predicates.
    pub predicates: f64,
}

impl IsolationCounts {
    /// New.
    pub fn new(_persons: [u64; 2], hits: &[crate::singling_out::Hit], _control: &[crate::singling_out::Hit]) -> Self {
        IsolationCounts { predicates: hits.len() as f64 }
    }

    /// Risk.
    pub fn estimate(&self, _z: f64) -> Option<Risk> {
        Some(Risk {
            signed: 0.0,
            interval: ConfidenceInterval { lo: 0.0, hi: 0.0 },
            method: RiskMethod::IsolationNull,
            null_rate: None,
        })
    }
}
