//! The re-identification risk and the level of GB/T 42460-2023, annex D and clause 4.
//!
//! With θ_j = 1/f_j the risk of class j and J the classes:
//!
//! * R_a = |{j : θ_j > τ}| / |J|, the comparison being strict,
//! * R_b = max θ_j,
//! * R_c = Σ θ_j / |J|, the mean over the classes and not over the rows.
//!
//! τ is 1/20 for completely public, 1/5 for controlled and 1/3 for enclave sharing. R is 1 where R_a > 0; else R_b · pr(context) with
//! pr(context) = 1 for public sharing, and R_c · pr(context) for the others. Recommended threshold: R < 0.05.
//!
//! pr(context) is the largest of three probabilities (GB/T 37964-2019 annex B): of a deliberate attempt (table B.1, from the recipient's
//! controls, motive and capacity), of an inadvertent recognition 1 − (1 − p)^m by one of whose m acquaintances a share p is in the
//! data, and of a breach. Public sharing takes 1.
//!
//! Levels: 1 with direct identifiers; 4 without identifiers of either kind; else 3 when R is below the threshold and 2 when not.
//!
//! # Sources
//! The formulas are taken from a secondary source (Philips, China specific Methodology, March 2024, clause by clause); its summary
//! table gives the least θ for R_b, its text and GB/T 37964 the largest, which is used. GB/T 37964-2019 was read in the text.
//! All comparisons are of whole numbers or fractions: f = 20 meets τ = 1/20, but then R = 0.05 is not below 0.05.

use super::fraction::Fraction;
use super::sizes::Sizes;

/// How a release is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sharing {
    /// Completely public, 完全公开共享.
    Public,
    /// Controlled, 受控公开共享.
    Controlled,
    /// In an enclave, 领地公开共享.
    Enclave,
}

impl Sharing {
    /// All of them.
    pub const ALL: [Sharing; 3] = [Sharing::Public, Sharing::Controlled, Sharing::Enclave];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Sharing::Public => "public",
            Sharing::Controlled => "controlled",
            Sharing::Enclave => "enclave",
        }
    }

    /// 1/τ: classes of fewer rows are above the cut-off.
    pub fn least_size(self) -> u64 {
        match self {
            Sharing::Public => 20,
            Sharing::Controlled => 5,
            Sharing::Enclave => 3,
        }
    }
}

/// Three grades, of controls and of motive and capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
}

/// The probability of a deliberate attempt: table B.1 of GB/T 37964-2019.
pub fn deliberate(controls: Grade, motive: Grade) -> Fraction {
    let percent = match controls {
        Grade::High => [5, 10, 20],
        Grade::Medium => [20, 30, 40],
        Grade::Low => [40, 50, 60],
    };
    Fraction::new(percent[motive as usize], 100)
}

/// The probability that somebody is recognized inadvertently: 1 − (1 − p)^m, with p the share of people who are in the data and m the
/// number of people whom a recipient knows (150 to 190 in the standard).
pub fn inadvertent(p: f64, m: u32) -> f64 {
    // Exact where p is small, as 1 − (1 − p)^m is not.
    -(f64::from(m) * (-p.clamp(0.0, 1.0)).ln_1p()).exp_m1()
}

/// What is known of the context; none of it is assumed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Context {
    /// Of a deliberate attempt.
    pub deliberate: Option<Fraction>,
    /// Of inadvertent recognition.
    pub inadvertent: Option<f64>,
    /// Of a breach.
    pub breach: Option<f64>,
}

impl Context {
    /// pr(context), the largest of the three; `None` unless all three are known.
    pub fn probability(&self) -> Option<Fraction> {
        let others = [Fraction::of_probability(self.inadvertent?), Fraction::of_probability(self.breach?)];
        Some(others.into_iter().fold(self.deliberate?, |most, other| if most.is_below(other) { other } else { most }))
    }
}

/// What identifies persons in the release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identifiers {
    /// Whether a direct identifier is left.
    pub direct: bool,
    /// Whether there is any quasi-identifier.
    pub quasi: bool,
}

/// The risk under one way of sharing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assessment {
    /// How the release is shared.
    pub sharing: Sharing,
    /// Classes above the cut-off, over all classes: R_a.
    pub above_cutoff: (u64, u64),
    /// pr(context); 1 where nothing is known of the context, which can only make R larger.
    pub context: Fraction,
    /// Whether pr(context) is known.
    pub context_known: bool,
    /// R; `None` without a class.
    pub risk: Option<f64>,
    /// Whether R is below the threshold. `None` when that hangs on a context that is not known, or there is no class.
    pub below: Option<bool>,
    /// The level, 1 to 4; `None` when it hangs on a context that is not known.
    pub level: Option<u8>,
}

/// Assesses a release by the sizes of its classes.
pub fn assess(
    sizes: &Sizes,
    sharing: Sharing,
    context: &Context,
    threshold: Fraction,
    identifiers: Identifiers,
) -> Assessment {
    let above = sizes.classes_below(sharing.least_size());
    let probability = if sharing == Sharing::Public { Some(Fraction::ONE) } else { context.probability() };
    let assumed = probability.unwrap_or(Fraction::ONE);
    let (risk, is_below) = match (sizes.largest_risk(), above, sharing) {
        (None, ..) => (None, None),
        (Some(_), 1.., _) => (Some(1.0), Some(false)),
        (Some(largest), 0, Sharing::Public) => (Some(largest.value()), Some(largest.is_below(threshold))),
        (Some(_), 0, _) => {
            let mean = sizes.mean_over_classes().map(|mean| mean * assumed.value());
            (mean, Some(sizes.reciprocals().mean_is_below(assumed, threshold)))
        }
    };
    // Whether R = 1, and what holds in the worst context, does not hang on the context.
    let decided = probability.is_some() || above > 0 || is_below == Some(true);
    let below = is_below.filter(|_| decided);
    let level = match identifiers {
        Identifiers { direct: true, .. } => Some(1),
        Identifiers { quasi: false, .. } => Some(4),
        _ => below.map(|below| if below { 3 } else { 2 }),
    };
    Assessment {
        sharing,
        above_cutoff: (above, sizes.classes()),
        context: assumed,
        context_known: probability.is_some(),
        risk,
        below,
        level,
    }
}
