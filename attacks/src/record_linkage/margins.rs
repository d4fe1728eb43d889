//! An attacker who abstains: what the attacker is right about when speaking only where one record stands out.
//!
//! A claim names one record, and its margin says how much worse the next record is. Who speaks only above a margin is right
//! more often (*precision*) about fewer persons (*recall*). A person of the control has no record, so that a claim about
//! such a person is false whatever it names; the rate of such claims is the false-claim rate of that margin.

use super::Claim;

/// Shares of the claims that the margins of [`Abstention`] keep.
const KEPT: [f64; 8] = [1.0, 0.9, 0.75, 0.5, 0.25, 0.1, 0.05, 0.01];

/// False claims that a careful attacker makes about persons who are not in the release, at most (METHOD section 6a).
pub const CAREFUL: f64 = 0.01;

/// What an attacker comes to who names a record only when the next one is worse by at least a margin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Abstention {
    /// The margin; infinite when only claims count that nothing else was compared with.
    pub margin: f64,
    /// Right claims about persons of the original.
    pub correct: u64,
    /// Wrong ones.
    pub wrong: u64,
    /// Claims about persons of the control, all false; `None` without a control.
    pub false_claims: Option<u64>,
}

/// Precision against recall: one entry per margin, ascending, without those that keep the same claims as the one before.
pub fn abstentions(main: &[Claim], control: Option<&[Claim]>) -> Vec<Abstention> {
    let mut margins: Vec<f64> = main.iter().filter(|claim| claim.is_unique()).map(|claim| claim.margin).collect();
    margins.sort_by(|a, b| b.total_cmp(a));
    let mut found: Vec<Abstention> = Vec::new();
    for kept in KEPT {
        let count = (margins.len() as f64 * kept).ceil() as usize;
        let Some(margin) = count.checked_sub(1).map(|at| margins[at]) else { continue };
        if found.last().is_some_and(|last| last.margin == margin) {
            continue;
        }
        let claims = |claim: &&Claim| claim.is_unique() && claim.margin >= margin;
        let right = main.iter().filter(claims).filter(|claim| claim.is_right).count() as u64;
        found.push(Abstention {
            margin,
            correct: right,
            wrong: main.iter().filter(claims).count() as u64 - right,
            false_claims: control.map(|control| control.iter().filter(claims).count() as u64),
        });
    }
    found
}

/// Which claims a careful attacker makes, who does not know whether a person is in the release.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Care {
    /// About whom a record is compatible: whatever is known of the person agrees with it.
    Compatible,
    /// About whom the next record is worse by more than this.
    Margin(f64),
}

impl Care {
    /// The care of an attacker who takes compatible records for an answer.
    ///
    /// Otherwise the least margin above which at most [`CAREFUL`] of the control's persons get a claim.
    pub fn of(by_compatible: bool, control: &[Claim]) -> Care {
        if by_compatible {
            return Care::Compatible;
        }
        let mut margins: Vec<f64> =
            control.iter().filter(|claim| claim.is_unique()).map(|claim| claim.margin).collect();
        margins.sort_by(|a, b| b.total_cmp(a));
        let allowed = (control.len() as f64 * CAREFUL).floor() as usize;
        Care::Margin(margins.get(allowed).copied().unwrap_or(f64::NEG_INFINITY))
    }

    /// Whether the attacker says which records are left. To say that it is one of several records is no claim, and never false.
    pub fn speaks(self, claim: &Claim) -> bool {
        !claim.is_unique()
            || match self {
                Care::Compatible => claim.is_compatible,
                Care::Margin(margin) => claim.margin > margin,
            }
    }
}
