//! The rating of the impact on persons, GB/T 39335 annex D: impact by likelihood.
//!
//! The likelihood that the tool sees is combined with the four that the filer states by the largest, since the standard does not
//! say how to combine them. A correction moves a level by one, needs a reason and never leaves the scale.

use super::conclusion::ConclusionId;
use super::manifest::{AdjustRule, Group, Impact, Likelihood, Manifest, Word};
use super::rules::{Rating as RatingRules, Rules};
use serde::{Deserialize, Serialize};

/// A rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// 低.
    Low,
    /// 中.
    Medium,
    /// 高.
    High,
    /// 严重.
    Severe,
}

impl Grade {
    /// Key of its label.
    pub fn key(self) -> &'static str {
        match self {
            Grade::Low => "annex.grade.low",
            Grade::Medium => "annex.grade.medium",
            Grade::High => "annex.grade.high",
            Grade::Severe => "annex.grade.severe",
        }
    }
}

/// What the tool sees of the likelihood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Level of GB/T 42460; `None` when it was not computed.
    pub level: Option<u8>,
    /// Whether every attack passed.
    pub attacks_pass: bool,
    /// Whether an attack or a data rule failed.
    pub any_fail: bool,
    /// Whether reversibility was tested and passed.
    pub reversibility_pass: bool,
    /// Whether a column of tokens or a restorable column was found.
    pub token_or_restorable: bool,
}

/// The likelihood that the tool sees. What is missing is never below medium.
pub fn seen_likelihood(seen: &Seen) -> Likelihood {
    let enough = seen.attacks_pass && seen.reversibility_pass;
    match seen.level {
        Some(1) => Likelihood::VeryHigh,
        _ if seen.any_fail || seen.token_or_restorable => Likelihood::High,
        Some(2) => Likelihood::High,
        Some(level) if level >= 4 && enough => Likelihood::Low,
        Some(3) if enough => Likelihood::Low,
        _ => Likelihood::Medium,
    }
}

/// A correction: applied by itself, applied on request, or asked for and refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// The rule that corrects.
    pub rule: AdjustRule,
    /// By how many levels.
    pub delta: i8,
    /// The filer's reason; empty where the rule applies by itself.
    pub reason: String,
    /// Whether it was applied.
    pub applied: bool,
}

/// The rating and how it came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rating {
    /// Impact of each of the four rows as stated and as corrected; `None` where it is not stated.
    pub impacts: [Option<(Impact, Impact)>; 4],
    /// Likelihood that the tool sees.
    pub seen: Likelihood,
    /// Likelihoods of the four rows as stated; `None` where it is not stated. The last, scale, is at least what the number of
    /// persons makes it.
    pub likelihoods: [Option<Likelihood>; 4],
    /// Likelihood as combined and corrected.
    pub likelihood: Likelihood,
    /// Corrections.
    pub corrections: Vec<Correction>,
    /// The result: the worst of the four impacts; `None` when one of them is not stated.
    pub grade: Option<Grade>,
}

fn position<T: Word>(value: T) -> usize {
    T::ALL.iter().position(|(known, _)| *known == value).unwrap_or(0)
}

fn at<T: Word>(position: usize) -> T {
    T::ALL[position.min(T::ALL.len() - 1)].0
}

/// A level moved along its scale, and never out of it.
pub fn moved<T: Word>(level: T, delta: i8) -> T {
    at(position(level).saturating_add_signed(delta.into()))
}

/// The cell of the matrix.
pub fn cell(impact: Impact, likelihood: Likelihood, rules: &RatingRules) -> Grade {
    rules.matrix.value[position(impact)][position(likelihood)]
}

/// The least likelihood that a number of persons makes.
pub fn by_scale(persons: u64, rules: &RatingRules) -> Likelihood {
    if persons > rules.scale_high.value {
        Likelihood::High
    } else if persons > rules.scale_medium.value {
        Likelihood::Medium
    } else {
        Likelihood::Low
    }
}

/// Rates the impact of what a manifest describes.
pub fn rate(manifest: &Manifest, seen: &Seen, conclusion: ConclusionId, rules: &Rules) -> Rating {
    let rules = &rules.rating;
    let persons = manifest.dataset.subjects.unwrap_or(0);
    let corrections = corrections(manifest, persons, conclusion, rules);
    let sum = |likelihood: bool| -> i8 {
        let of = |it: &&Correction| it.applied && (it.rule == AdjustRule::Measures) == likelihood;
        corrections.iter().filter(of).map(|it| it.delta).sum()
    };
    let impacts = manifest.impact.each_ref().map(|row| {
        let level = row.as_ref()?.level;
        Some((level, moved(level, sum(false))))
    });
    let by_tool = seen_likelihood(seen);
    let mut likelihoods = manifest.likelihood.each_ref().map(|row| row.as_ref().map(|row| row.level));
    likelihoods[3] =
        Some(likelihoods[3].map_or(by_scale(persons, rules), |stated| stated.max(by_scale(persons, rules))));
    // Measures against the scale do not undo what was measured on the data.
    let stated = likelihoods.iter().flatten().copied().max().unwrap_or(Likelihood::Low);
    let likelihood = by_tool.max(moved(stated, sum(true)));
    let complete = impacts.iter().all(Option::is_some) && likelihoods.iter().all(Option::is_some);
    let worst = impacts.iter().flatten().map(|(_, corrected)| cell(*corrected, likelihood, rules)).max();
    Rating { impacts, seen: by_tool, likelihoods, likelihood, corrections, grade: worst.filter(|_| complete) }
}

fn corrections(manifest: &Manifest, persons: u64, conclusion: ConclusionId, rules: &RatingRules) -> Vec<Correction> {
    let vulnerable = |group: &Group| rules.vulnerable.value.iter().any(|known| known == group.word());
    let by_itself = [
        (AdjustRule::SensitiveScale, manifest.is_sensitive() && persons >= rules.sensitive_persons.value),
        (AdjustRule::VulnerableGroup, manifest.dataset.groups.iter().any(vulnerable)),
    ];
    let asked = |rule: AdjustRule| manifest.adjust.iter().find(|it| it.rule == rule);
    let reason = |rule: AdjustRule| asked(rule).map_or_else(String::new, |it| it.reason.clone());
    let mut found: Vec<Correction> = by_itself
        .into_iter()
        .filter(|(rule, applies)| *applies || asked(*rule).is_some())
        .map(|(rule, _)| Correction { rule, delta: 1, reason: reason(rule), applied: true })
        .collect();
    let on_request = [
        (AdjustRule::Deidentified, matches!(conclusion, ConclusionId::C1 | ConclusionId::C2)),
        (AdjustRule::Measures, persons > rules.scale_high.value),
    ];
    for (rule, may) in on_request {
        if let Some(asked) = asked(rule) {
            let applied = may && !asked.reason.is_empty();
            found.push(Correction { rule, delta: -1, reason: asked.reason.clone(), applied });
        }
    }
    found
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::annex::manifest::{Adjustment, Rated, SensitiveClass};
    use Grade::{High, Low, Medium, Severe};

    const SAFE: Seen = Seen {
        level: Some(3),
        attacks_pass: true,
        any_fail: false,
        reversibility_pass: true,
        token_or_restorable: false,
    };

    fn manifest(impact: Impact, likelihood: Likelihood) -> Manifest {
        let rated = |level| Some(Rated { level, reason: "x".to_owned() });
        let likely = |level| Some(Rated { level, reason: "x".to_owned() });
        let mut manifest = Manifest {
            impact: [rated(Impact::Low), rated(impact), rated(Impact::Low), rated(Impact::Low)],
            likelihood: [likely(Likelihood::Low), likely(likelihood), likely(Likelihood::Low), likely(Likelihood::Low)],
            ..Manifest::default()
        };
        manifest.dataset.subjects = Some(1000);
        manifest
    }

    fn grade(manifest: &Manifest, seen: Seen) -> Grade {
        rate(manifest, &seen, ConclusionId::C1, Rules::newest()).grade.unwrap()
    }

    fn adjustment(rule: AdjustRule, delta: i64) -> Adjustment {
        Adjustment { rule, delta, reason: "x".to_owned() }
    }

    /// Table D.5, all 16 cells.
    #[test]
    fn every_cell_is_that_of_the_table() {
        let expected = [
            [Low, Low, Medium, Medium],
            [Low, Medium, Medium, High],
            [Medium, Medium, High, Severe],
            [Medium, High, Severe, Severe],
        ];
        for (row, (impact, _)) in Impact::ALL.iter().enumerate() {
            for (column, (likelihood, _)) in Likelihood::ALL.iter().enumerate() {
                let manifest = manifest(*impact, *likelihood);
                assert_eq!(grade(&manifest, SAFE), expected[row][column], "{impact:?} {likelihood:?}");
            }
        }
    }

    #[test]
    fn levels_stay_on_their_scale() {
        assert_eq!(moved(Impact::Severe, 1), Impact::Severe);
        assert_eq!(moved(Impact::Severe, 2), Impact::Severe);
        assert_eq!(moved(Impact::Low, -1), Impact::Low);
        assert_eq!(moved(Likelihood::VeryHigh, 1), Likelihood::VeryHigh);
        assert_eq!(moved(Likelihood::Low, -1), Likelihood::Low);
        assert_eq!(moved(Likelihood::Medium, 1), Likelihood::High);
        // Through the whole: both corrections upward at the top, one downward at the bottom.
        let mut top = manifest(Impact::Severe, Likelihood::Low);
        top.dataset.groups = vec![Group::Students];
        top.dataset.subjects = Some(500_000);
        top.columns =
            vec![crate::annex::manifest::Column { class: Some(SensitiveClass::Health), ..Default::default() }];
        let rated = rate(&top, &SAFE, ConclusionId::C1, Rules::newest());
        assert_eq!(rated.impacts[1], Some((Impact::Severe, Impact::Severe)));
        assert_eq!(rated.impacts[0], Some((Impact::Low, Impact::High)));
        let mut bottom = manifest(Impact::Low, Likelihood::Low);
        bottom.adjust = vec![adjustment(AdjustRule::Deidentified, -1)];
        let rated = rate(&bottom, &SAFE, ConclusionId::C1, Rules::newest());
        assert_eq!((rated.impacts[1], rated.grade), (Some((Impact::Low, Impact::Low)), Some(Low)));
    }

    #[test]
    fn what_the_tool_sees() {
        let open = Seen { attacks_pass: false, reversibility_pass: false, ..SAFE };
        for (seen, expected) in [
            (SAFE, Likelihood::Low),
            (Seen { level: Some(4), ..SAFE }, Likelihood::Low),
            (open, Likelihood::Medium),
            (Seen { level: Some(4), ..open }, Likelihood::Medium),
            (Seen { reversibility_pass: false, ..SAFE }, Likelihood::Medium),
            (Seen { level: None, ..SAFE }, Likelihood::Medium),
            (Seen { level: Some(2), ..SAFE }, Likelihood::High),
            (Seen { any_fail: true, ..SAFE }, Likelihood::High),
            (Seen { token_or_restorable: true, level: Some(4), ..SAFE }, Likelihood::High),
            (Seen { level: Some(1), any_fail: true, ..SAFE }, Likelihood::VeryHigh),
        ] {
            assert_eq!(seen_likelihood(&seen), expected, "{seen:?}");
        }
    }

    #[test]
    fn level_2_is_never_low() {
        let level_2 = Seen { level: Some(2), ..SAFE };
        for (impact, _) in Impact::ALL {
            for (likelihood, _) in Likelihood::ALL {
                let mut manifest = manifest(*impact, *likelihood);
                manifest.dataset.subjects = Some(20_000_000);
                manifest.adjust = vec![adjustment(AdjustRule::Deidentified, -1), adjustment(AdjustRule::Measures, -1)];
                assert_ne!(grade(&manifest, level_2), Low);
            }
        }
    }

    #[test]
    fn many_persons_raise_the_likelihood() {
        let rules = &Rules::newest().rating;
        for (persons, expected) in [
            (1_000_000, Likelihood::Low),
            (1_000_001, Likelihood::Medium),
            (10_000_000, Likelihood::Medium),
            (10_000_001, Likelihood::High),
        ] {
            assert_eq!(by_scale(persons, rules), expected);
        }
        // Measures lower it by one above 10 million only, and only what is stated.
        let mut many = manifest(Impact::Low, Likelihood::Low);
        many.adjust = vec![adjustment(AdjustRule::Measures, -1)];
        many.dataset.subjects = Some(10_000_001);
        assert_eq!(rate(&many, &SAFE, ConclusionId::C1, Rules::newest()).likelihood, Likelihood::Medium);
        many.dataset.subjects = Some(10_000_000);
        let refused = rate(&many, &SAFE, ConclusionId::C1, Rules::newest());
        assert_eq!((refused.likelihood, refused.corrections[0].applied), (Likelihood::Medium, false));
    }

    #[test]
    fn sensitive_information_of_many_and_persons_who_need_protection_raise_the_impact() {
        let mut few = manifest(Impact::Medium, Likelihood::Low);
        few.columns =
            vec![crate::annex::manifest::Column { class: Some(SensitiveClass::Finance), ..Default::default() }];
        few.dataset.subjects = Some(499_999);
        assert!(rate(&few, &SAFE, ConclusionId::C1, Rules::newest()).corrections.is_empty());
        few.dataset.subjects = Some(500_000);
        let rated = rate(&few, &SAFE, ConclusionId::C1, Rules::newest());
        assert_eq!(rated.impacts[1], Some((Impact::Medium, Impact::High)));
        few.columns.clear();
        assert!(rate(&few, &SAFE, ConclusionId::C1, Rules::newest()).corrections.is_empty());
        few.dataset.groups = vec![Group::Elderly, Group::Students];
        assert_eq!(rate(&few, &SAFE, ConclusionId::C1, Rules::newest()).corrections.len(), 1);
    }

    #[test]
    fn no_discount_without_a_conclusion() {
        let mut asked = manifest(Impact::High, Likelihood::Low);
        asked.adjust = vec![adjustment(AdjustRule::Deidentified, -1)];
        for (conclusion, applied) in
            [(ConclusionId::C1, true), (ConclusionId::C2, true), (ConclusionId::C3, false), (ConclusionId::C4, false)]
        {
            let rated = rate(&asked, &SAFE, conclusion, Rules::newest());
            assert_eq!(rated.corrections[0].applied, applied, "{conclusion:?}");
        }
        let mut missing = manifest(Impact::High, Likelihood::Low);
        missing.impact[2] = None;
        assert_eq!(rate(&missing, &SAFE, ConclusionId::C1, Rules::newest()).grade, None);
    }
}
