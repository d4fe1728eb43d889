//! What can carry a pass: one list for verdicts, comparisons, reports, signing and verification (METHOD sections 0, 6, 6a).
//!
//! A pass says that an attacker who could have succeeded was tried and did not. Each doubt below is a reason why evidence
//! does not say that, however low its figures are. A failure stands in spite of most of them: exchanged files, a control
//! that was used or attacks that hardly work hide a risk and make none. A control of another population can make one.
//!
//! # At least one attack that works
//! METHOD 6a asks for one attacker whose status is `measured`, and for comparable marginals. Both guard against the same
//! fault: attacks that find nothing because values cannot meet. Attackers of one attack may all be weak when the release
//! keeps nothing that this attack needs, so the measured one may be of any attack in the evidence; and where every column
//! is on record as comparable, weak attackers who are no worse than guessing are a low risk.

use super::follows::{broken, judged, recomputed};
use super::result::Reason;
use crate::evidence::{Attack, AttackKind, Evidence, Status};
use crate::message::{Language, Messages};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A reason why evidence carries no pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Doubt {
    /// Which, for machines.
    pub reason: Reason,
    /// Which, in a sentence.
    pub message: String,
    /// What to do about it.
    pub advice: String,
}

impl Doubt {
    /// A reason in the words of a language; `None` for what is no doubt about evidence.
    pub fn of(reason: Reason, language: Language) -> Option<Doubt> {
        let (message, advice) = match reason {
            Reason::ConfidenceTooLow => ("doubt.confidence_too_low.what", "doubt.confidence_too_low.advice"),
            Reason::UnknownPart => ("doubt.unknown_part.what", "doubt.unknown_part.advice"),
            Reason::HeadlineDoesNotFollow => {
                ("doubt.headline_does_not_follow.what", "doubt.headline_does_not_follow.advice")
            }
            Reason::ControlOverlaps => ("doubt.control_overlaps.what", "doubt.control_overlaps.advice"),
            Reason::ControlDoubtful => ("doubt.control_doubtful.what", "doubt.control_doubtful.advice"),
            Reason::Contradicted => ("doubt.contradicted.what", "doubt.contradicted.advice"),
            Reason::BrokenAttack => ("doubt.broken_attack.what", "doubt.broken_attack.advice"),
            Reason::NotComparable => ("doubt.not_comparable.what", "doubt.not_comparable.advice"),
            Reason::EarlierReleases => ("doubt.earlier_releases.what", "doubt.earlier_releases.advice"),
            Reason::AmbiguousForm => ("doubt.ambiguous_form.what", "doubt.ambiguous_form.advice"),
            Reason::TruthDoubtful => ("doubt.truth_doubtful.what", "doubt.truth_doubtful.advice"),
            Reason::TruthNotBorneOut => ("doubt.truth_not_borne_out.what", "doubt.truth_not_borne_out.advice"),
            Reason::UnreadPart => ("doubt.unread_part.what", "doubt.unread_part.advice"),
            Reason::PowerUnknown => ("doubt.power_unknown.what", "doubt.power_unknown.advice"),
            Reason::TooLittlePower => ("doubt.too_little_power.what", "doubt.too_little_power.advice"),
            Reason::TooFew => ("doubt.too_few.what", "doubt.too_few.advice"),
            Reason::NoneMeasured => ("doubt.none_measured.what", "doubt.none_measured.advice"),
            Reason::NotRun => ("doubt.not_run.what", "doubt.not_run.advice"),
            Reason::Infeasible => ("doubt.infeasible.what", "doubt.infeasible.advice"),
            Reason::Undetermined => ("doubt.undetermined.what", "doubt.undetermined.advice"),
            Reason::BelowLimit
            | Reason::AboveLimit
            | Reason::LimitInsideInterval
            | Reason::GroupAboveLimit
            | Reason::GroupUndecided
            | Reason::NoLimit => return None,
        };
        let texts = Messages::of(language);
        Some(Doubt { reason, message: texts.text(message).to_owned(), advice: texts.text(advice).to_owned() })
    }
}

/// Why an attack of evidence carries no pass, most decisive first; empty when it can. `confidence` is what the intervals
/// must have at least.
pub fn doubts(evidence: &Evidence, attack: AttackKind, confidence: f64) -> Vec<Reason> {
    let Some(headline) = evidence.headline.get(&attack) else { return vec![Reason::NotRun] };
    let of_kind = || evidence.attacks.iter().filter(|result| result.attack == attack);
    let warned = |code: &str| {
        let own = of_kind().flat_map(|result| &result.warnings);
        own.chain(&evidence.warnings).any(|warning| warning.code == code)
    };
    let not_played = headline.attackers_tried == 0;
    let by_itself = of_kind().flat_map(|result| &result.warnings).any(|warning| warning.code == "not_comparable");
    let columns = &evidence.inputs.columns;
    let all_meet = !columns.is_empty()
        && columns.iter().all(|column| column.comparable.as_ref().is_some_and(|comparable| comparable.comparable));
    let works = evidence.attacks.iter().any(|result| result.status == Status::Measured) || all_meet;
    let overlaps = evidence.inputs.overlap.as_ref().is_some_and(|overlap| overlap.beyond_chance);
    let doubtful = evidence.inputs.control_checks.iter().any(|check| !check.passed || check.overridden);
    let no_risk = headline.risk.is_none();
    // A column that nobody compared may hold all of the original.
    let uncompared = ["renamed_column", "incomparable_columns", "uncompared_columns"].into_iter().any(warned)
        || evidence.findings.iter().any(|finding| finding.kind == "incomparable_column");
    let by_truth = matches!(attack, AttackKind::RecordLinkage | AttackKind::Linkability);
    let false_truth = by_truth && ["few_records_joined", "truth_contradicted"].into_iter().any(warned);
    let open_truth = by_truth && warned("truth_not_borne_out");
    let joined = ["earlier_release_not_compared", "earlier_release_not_attacked"].into_iter().any(warned);
    let found = [
        (evidence.settings.confidence < confidence, Reason::ConfidenceTooLow),
        (!evidence.unknown.is_empty(), Reason::UnknownPart),
        (not_played || by_itself || uncompared, Reason::NotComparable),
        (!not_played && !follows(evidence, attack), Reason::HeadlineDoesNotFollow),
        (headline.contradicted > 0 || of_kind().any(|it| it.status == Status::Contradicted), Reason::Contradicted),
        (headline.broken || broken(evidence, attack), Reason::BrokenAttack),
        (overlaps, Reason::ControlOverlaps),
        (doubtful && !overlaps, Reason::ControlDoubtful),
        (false_truth, Reason::TruthDoubtful),
        (open_truth, Reason::TruthNotBorneOut),
        (joined, Reason::EarlierReleases),
        (warned("ambiguous_form"), Reason::AmbiguousForm),
        (no_risk && headline.status == Status::Infeasible, Reason::Infeasible),
        (no_risk && headline.apart > 0 && headline.undetermined == 0, Reason::TooFew),
        (no_risk && !not_played && headline.undetermined > 0, Reason::Undetermined),
        (!no_risk && !works, Reason::NoneMeasured),
    ];
    found.into_iter().filter_map(|(is, reason)| is.then_some(reason)).collect()
}

/// Share of the release's rows that no attacker could meet, in the column where it is largest: the risk is higher by up to that.
pub(super) fn unread(evidence: &Evidence) -> f64 {
    let comparable = evidence.inputs.columns.iter().filter_map(|column| column.comparable.as_ref());
    comparable.filter(|comparable| comparable.comparable).map(|comparable| comparable.unread).fold(0.0, f64::max)
}

/// Whether a doubt about an attack leaves its failure standing. One about the figures themselves does not; nor does a control that is not drawn
/// like the original, where the failure rests on it: persons of elsewhere may be hit less often for no fault of the release.
pub(super) fn leaves_failure(evidence: &Evidence, attack: AttackKind, reason: Reason) -> bool {
    match reason {
        Reason::ConfidenceTooLow | Reason::HeadlineDoesNotFollow => false,
        Reason::ControlDoubtful => !is_unlike(evidence) || !rests_on_control(evidence, attack),
        _ => true,
    }
}

/// The checks that tell whether the control is drawn like the original. The others tell whether it was used, which hides a risk and
/// makes none.
const DRAWN_ALIKE: [&str; 3] = ["control_labels", "control_marginals", "control_neighbors"];

fn is_unlike(evidence: &Evidence) -> bool {
    let mut checks = evidence.inputs.control_checks.iter();
    checks.any(|check| !check.passed && DRAWN_ALIKE.contains(&check.check.as_str()))
}

/// Whether the risk of an attack is what it is because of how often the control is hit. In record linkage no claim about a person
/// of the control is right, whoever that person is.
fn rests_on_control(evidence: &Evidence, attack: AttackKind) -> bool {
    let of_kind = |result: &&Attack| result.attack == attack && result.control.is_some();
    attack != AttackKind::RecordLinkage && evidence.attacks.iter().any(|result| of_kind(&result))
}

/// Whether the evidence's statuses and the headline of an attack follow from its counts.
pub fn follows(evidence: &Evidence, attack: AttackKind) -> bool {
    let (Some(stated), Some(again)) = (evidence.headline.get(&attack), recomputed(evidence, attack)) else {
        return false;
    };
    let same_interval = match (stated.interval, again.interval) {
        (Some(stated), Some(again)) => same(stated, again),
        (None, None) => true,
        _ => false,
    };
    let same_risk = match (stated.risk, again.risk) {
        (Some(stated), Some(again)) => near(stated, again),
        (None, None) => true,
        _ => false,
    };
    let counts = (stated.infeasible, stated.undetermined, stated.apart, stated.contradicted, stated.broken)
        == (again.infeasible, again.undetermined, again.apart, again.contradicted, again.broken);
    let of_kind = || evidence.attacks.iter().filter(|result| result.attack == attack);
    let statuses = of_kind().all(|result| {
        judged(evidence, result).is_some_and(|(status, apart)| (status, apart) == (result.status, result.apart))
    });
    same_interval && same_risk && counts && statuses && stated.attackers_tried == of_kind().count() as u64
}

/// Whether two intervals agree but for the rounding of the counts they come from.
fn same(one: [f64; 2], other: [f64; 2]) -> bool {
    one.iter().zip(other).all(|(one, other)| near(*one, other))
}

fn near(one: f64, other: f64) -> bool {
    (one.clamp(-1e9, 1e9) - other).abs() <= 1e-6 * other.abs().max(1.0)
}
