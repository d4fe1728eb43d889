//! What the caller decides about a report, and the verdicts that the caller may bring.

use crate::advice::AdviceFile;
pub use crate::check::Verdict;
use crate::check::found::Judged;
pub use crate::check::policy::{Claim, SourceStatus};
use crate::check::{CheckResult, JudgedRule, Needed, Reason, RuleState};
use crate::evidence::AttackKind;
use crate::message::Language;

/// Persons below which a count is not told, unless the policy says otherwise.
pub const MIN_CELL: u64 = 5;

/// How a report is written.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportOptions {
    /// Language of all text but the names of columns.
    pub language: Language,
    /// Verdicts against limits; without them the report describes risks and says that no limit was applied.
    pub check: Option<Verdicts>,
    /// Whether small counts are told exactly; every page is stamped then.
    pub include_sensitive: bool,
    /// Counts of persons above 0 and below this are shown as `<min_cell`.
    pub min_cell: u64,
    /// What to change of the release, where that was tried.
    pub advice: Option<AdviceFile>,
}

impl Default for ReportOptions {
    fn default() -> ReportOptions {
        ReportOptions {
            language: Language::English,
            check: None,
            include_sensitive: false,
            min_cell: MIN_CELL,
            advice: None,
        }
    }
}

/// The outcome of a policy check, as far as a report shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdicts {
    /// The policy's name.
    pub policy: String,
    /// Version of its content.
    pub version: u32,
    /// Its title.
    pub title: String,
    /// Its title in Chinese; empty where it has none.
    pub title_zh: String,
    /// Beginning of the SHA-256 of the policy's content; empty where it is none of a file.
    pub digest: String,
    /// What a pass is about.
    pub claim: Claim,
    /// Values that were changed so that a pass is easier, as `key: from → to`.
    pub loosened: Vec<String>,
    /// Data rules and requirements of the policy, beside the limits of the attacks.
    pub rules: Vec<RuleVerdict>,
    /// What was found in the release without an attacker and decides by itself.
    pub found: Vec<Judged>,
    /// Why the evidence carries no pass, by attack.
    pub doubts: Vec<(AttackKind, Reason)>,
    /// The verdict on the release as a whole.
    pub overall: Verdict,
    /// One entry per attack with a limit.
    pub limits: Vec<LimitVerdict>,
}

/// One attack against its limit.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitVerdict {
    /// The attack.
    pub attack: AttackKind,
    /// The risk that the whole interval must stay below, from 0 to 1.
    pub limit: f64,
    /// The policy's own limit, where somebody replaced it by the one above.
    pub overridden: Option<f64>,
    /// What became of it.
    pub verdict: Verdict,
    /// Where the limit comes from, in the policy's words.
    pub source: String,
    /// The same in Chinese; empty where the policy has no such text.
    pub source_zh: String,
    /// What that source is worth.
    pub source_status: SourceStatus,
    /// Inconclusive: how many more targets would decide; `None` when that cannot be said.
    pub further_targets: Option<u64>,
}

/// What became of a rule or requirement beside the limits of the attacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleOutcome {
    /// It was checked, and holds.
    Met,
    /// It was checked, and does not hold.
    NotMet,
    /// It was not checked: which is neither.
    NotChecked,
}

/// A data rule or a requirement of the policy.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleVerdict {
    /// In English.
    pub text: String,
    /// In Chinese; empty where the policy has no such text.
    pub text_zh: String,
    /// What became of it.
    pub outcome: RuleOutcome,
    /// Where it comes from, in English and Chinese, and what that source is worth; none of a requirement in words.
    pub source: Option<([String; 2], SourceStatus)>,
}

impl RuleVerdict {
    fn of_rule(judged: &JudgedRule) -> RuleVerdict {
        let rule = &judged.rule;
        let outcome = match judged.state {
            RuleState::Met => RuleOutcome::Met,
            RuleState::NotMet => RuleOutcome::NotMet,
            RuleState::NotChecked => RuleOutcome::NotChecked,
        };
        RuleVerdict {
            text: judged.words(Language::English),
            text_zh: judged.words(Language::Chinese),
            outcome,
            source: Some(([rule.source.clone(), rule.source_zh.clone()], rule.source_status)),
        }
    }
}

impl Verdicts {
    /// What a report shows of a check.
    pub fn of(result: &CheckResult) -> Verdicts {
        let limits = result.attacks.iter().filter_map(|attack| {
            let limit = attack.limit.as_ref()?;
            let key = format!("limits.{}.max_risk", attack.attack.code());
            let overridden = result.policy.overrides.iter().find(|change| change.key == key);
            Some(LimitVerdict {
                attack: attack.attack,
                limit: limit.max_risk,
                overridden: overridden.and_then(|change| change.from.as_ref()?.parse().ok()),
                verdict: attack.verdict?,
                source: limit.source.clone(),
                source_zh: limit.source_zh.clone(),
                source_status: limit.source_status,
                further_targets: match &attack.needed {
                    Some(Needed::FurtherTargets { further, .. }) => Some(*further),
                    _ => None,
                },
            })
        });
        let rules = result.rules.iter().map(RuleVerdict::of_rule);
        let requirements = result.requirements.iter().enumerate().map(|(at, text)| RuleVerdict {
            text: text.clone(),
            text_zh: result.requirements_zh.get(at).cloned().unwrap_or_default(),
            // Words: nothing here could check them.
            outcome: RuleOutcome::NotChecked,
            source: None,
        });
        let loosened = result.policy.overrides.iter().filter(|change| change.loosens());
        let loosened =
            loosened.map(|change| format!("{}: {} → {}", change.key, change.from.as_deref().unwrap_or("–"), change.to));
        let judged = result.attacks.iter().filter(|attack| attack.verdict == Some(Verdict::Inconclusive));
        Verdicts {
            policy: result.policy.name.clone(),
            version: result.policy.version,
            title: result.policy.title.clone(),
            title_zh: result.policy.title_zh.clone(),
            digest: result.policy.digest.get(..12).unwrap_or_default().to_owned(),
            claim: result.policy.claim,
            loosened: loosened.collect(),
            rules: rules.chain(requirements).collect(),
            found: result.found.clone(),
            doubts: judged.flat_map(|attack| attack.doubts.iter().map(|doubt| (attack.attack, doubt.reason))).collect(),
            overall: result.verdict,
            limits: limits.collect(),
        }
    }
}
