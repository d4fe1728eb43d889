//! The clause map: what each clause asks for, where the annex answers it, and whether it does. Computed, and never typed in.

use super::conclusion::{Conclusion, ConclusionId};
use super::dates::{Deadline, kept_until};
use super::facts::{Facts, State};
use super::manifest::{Claimed, Manifest, Model, Sector, SensitiveClass, SeparateConsent, YesNo};
use super::rating::Rating;
use super::rules::Rules;
use serde::{Deserialize, Serialize};

/// How a clause is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 满足.
    Met,
    /// 部分.
    Partly,
    /// 缺用户输入.
    InputMissing,
    /// 未检验.
    NotTested,
    /// 不满足.
    NotMet,
    /// 不适用.
    NotApplicable,
    /// The standard's text was not read by whoever made the rules: nothing is claimed.
    NotRead,
}

impl Status {
    /// Key of its label.
    pub fn key(self) -> &'static str {
        match self {
            Status::Met => "annex.status.met",
            Status::Partly => "annex.status.partly",
            Status::InputMissing => "annex.status.input_missing",
            Status::NotTested => "annex.status.not_tested",
            Status::NotMet => "annex.status.not_met",
            Status::NotApplicable => "annex.status.not_applicable",
            Status::NotRead => "annex.status.not_read",
        }
    }
}

/// What a clause's status is computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// Purpose, basis, method, and the necessity of each column.
    Purpose,
    /// All attacks run, and the rating.
    Risk,
    /// Measures, a conclusion, treatment of what is left.
    Measures,
    /// A day until which records are kept.
    Retention,
    /// Identifiers, class sizes and attacks passed.
    NotIdentifiable,
    /// Reversibility passed, mapping tables and keys gone.
    NotRestorable,
    /// Recipients and their agreement.
    Recipients,
    /// The law of the destination: the filer's own text, which no tool judges.
    DestinationLaw,
    /// Notice and consent.
    Notice,
    /// Re-identification alone and with other data.
    OtherData,
    /// The seven factors of annex B.3.
    Factors,
    /// The whole report.
    Report,
    /// What is left, and what is done about it.
    Treatment,
    /// The search for identifiers.
    Identifiers,
    /// Identifiers, class sizes, attacks and reversibility.
    Verification,
    /// Usefulness.
    Utility,
    /// Approval with a date.
    Approval,
    /// The next review.
    Review,
    /// The level of GB/T 42460.
    Level,
    /// Class sizes for health data.
    Health,
    /// A class of sensitive information for each column.
    Classes,
    /// A standard that was not read.
    NotRead,
    /// The risk as a number.
    Quantified,
    /// The attacks run.
    Attacked,
}

/// What the map is computed from.
#[derive(Debug, Clone, Copy)]
pub struct Basis<'a> {
    /// The manifest.
    pub manifest: &'a Manifest,
    /// What the evidence says.
    pub facts: &'a Facts,
    /// The conclusion.
    pub conclusion: &'a Conclusion,
    /// The rating.
    pub rating: &'a Rating,
    /// Deadlines and retention.
    pub dates: &'a [Deadline],
    /// The rules.
    pub rules: &'a Rules,
}

/// The status of every clause of the rules, in their order.
pub fn statuses(basis: &Basis<'_>) -> Vec<Status> {
    basis.rules.clauses.iter().map(|clause| status(clause.needs, basis)).collect()
}

fn given(all: &[bool]) -> Status {
    match all.iter().filter(|given| **given).count() {
        0 => Status::InputMissing,
        some if some == all.len() => Status::Met,
        _ => Status::Partly,
    }
}

/// The status of several tested parts: the worst of them.
fn tested(states: &[State]) -> Status {
    match states.iter().max() {
        None | Some(State::NotTested) => Status::NotTested,
        Some(State::Pass) => Status::Met,
        Some(State::Open) => Status::Partly,
        Some(State::Fail) => Status::NotMet,
    }
}

/// The worst of two, where what is missing is worse than what is there in part.
fn worst(one: Status, other: Status) -> Status {
    one.max(other)
}

/// Whether attacks were run at all: that they failed is a result too.
fn was_run(states: &[State]) -> Status {
    let run = states.iter().filter(|state| **state != State::NotTested).count();
    match run {
        0 => Status::NotTested,
        all if all == states.len() => Status::Met,
        _ => Status::Partly,
    }
}

fn status(needs: Needs, basis: &Basis<'_>) -> Status {
    let Basis { manifest, facts, conclusion, rating, .. } = *basis;
    let attacks: Vec<State> = facts.attacks.iter().map(|(_, state)| *state).collect();
    let rules: Vec<State> = facts.data_rules.iter().map(|(_, state)| *state).collect();
    let rated = if rating.grade.is_some() { Status::Met } else { Status::InputMissing };
    let public = manifest.release.model == Some(Model::Public);
    let agreed = manifest.recipients.iter().all(|it| it.agreement.iter().all(|answer| *answer == YesNo::Yes));
    let stated = manifest.recipients.iter().all(|it| it.agreement.iter().all(|answer| *answer != YesNo::Unknown));
    match needs {
        Needs::Purpose => {
            let processing = &manifest.processing;
            let columns = !manifest.columns.is_empty() && manifest.columns.iter().all(|it| !it.necessity.is_empty());
            given(&[
                !processing.purpose.is_empty(),
                processing.legal_basis.is_some(),
                !processing.method.is_empty(),
                !processing.necessity.is_empty(),
                columns,
            ])
        }
        Needs::Risk => worst(was_run(&attacks), rated),
        Needs::Measures => {
            let works = match conclusion.id {
                ConclusionId::C1 | ConclusionId::C2 => Status::Met,
                ConclusionId::C3 => Status::NotMet,
                ConclusionId::C4 => Status::Partly,
            };
            let treated =
                conclusion.failed.is_empty() && conclusion.missing.is_empty() || !manifest.treatment.is_empty();
            worst(works, given(&[!manifest.measures.is_empty(), treated]))
        }
        Needs::Retention => match kept_until(basis.dates) {
            Some(_) => Status::Met,
            None => Status::InputMissing,
        },
        Needs::NotIdentifiable if manifest.claim.kind != Some(Claimed::Anonymized) => Status::NotApplicable,
        Needs::NotIdentifiable => tested(&[vec![facts.identifiers], rules, attacks].concat()),
        Needs::NotRestorable if manifest.claim.kind != Some(Claimed::Anonymized) => Status::NotApplicable,
        Needs::NotRestorable => {
            let gone = if manifest.secrets.are_gone() { Status::Met } else { Status::InputMissing };
            worst(tested(&[facts.reversibility]), gone)
        }
        Needs::Recipients if manifest.recipients.is_empty() => Status::InputMissing,
        Needs::Recipients if public || agreed => Status::Met,
        Needs::Recipients if stated => Status::Partly,
        Needs::Recipients => Status::InputMissing,
        Needs::DestinationLaw => Status::Partly,
        Needs::Notice => {
            let consent = manifest.processing.separate_consent;
            match (manifest.processing.notice, consent) {
                (YesNo::Unknown, _) | (_, SeparateConsent::Unknown) => Status::InputMissing,
                (YesNo::No, _) | (_, SeparateConsent::No) => Status::NotMet,
                _ => Status::Met,
            }
        }
        Needs::OtherData => {
            let other = public
                || !manifest.recipients.is_empty() && manifest.recipients.iter().all(|it| !it.other_data.is_empty());
            worst(was_run(&attacks), given(&[other, !manifest.release.others.is_empty()]))
        }
        Needs::Factors => {
            // Process, technique, statistical or not, minimal set, scenario, recipient's ability, data obtainable elsewhere.
            let ability = public || manifest.recipients.iter().all(|it| it.controls.is_some());
            let elsewhere = manifest.recipients.iter().any(|it| !it.other_data.is_empty());
            let inputs = given(&[
                !manifest.assessment.steps.is_empty(),
                !manifest.measures.is_empty(),
                manifest.release.kind.is_some(),
                !manifest.columns.is_empty() && manifest.columns.iter().all(|it| !it.necessity.is_empty()),
                manifest.release.model.is_some(),
                ability,
                elsewhere,
            ]);
            worst(was_run(&attacks), inputs)
        }
        Needs::Report => {
            let approved = manifest.approval.missing().is_empty();
            worst(worst(was_run(&attacks), rated), given(&[approved, !manifest.filer.name.is_empty()]))
        }
        Needs::Treatment if conclusion.failed.is_empty() && conclusion.missing.is_empty() => Status::Met,
        Needs::Treatment => given(&[!manifest.treatment.is_empty()]),
        Needs::Identifiers => was_run(&[facts.identifiers]),
        Needs::Verification => tested(&[vec![facts.identifiers, facts.reversibility], rules, attacks].concat()),
        Needs::Utility if manifest.utility.is_empty() => Status::InputMissing,
        Needs::Utility if manifest.utility.iter().any(|it| it.met == YesNo::No) => Status::NotMet,
        Needs::Utility if manifest.utility.iter().all(|it| it.met == YesNo::Yes) => Status::Met,
        Needs::Utility => Status::Partly,
        Needs::Approval => match manifest.approval.missing().len() {
            0 => Status::Met,
            missing if missing == super::manifest::SIGNATORIES.len() => Status::InputMissing,
            _ => Status::Partly,
        },
        Needs::Review => given(&[manifest.report.issued.is_some()]),
        Needs::Level if facts.risk.level.is_some() => Status::Met,
        Needs::Level => Status::NotTested,
        Needs::Health => {
            let health = manifest.filer.sector == Some(Sector::Health)
                || manifest.columns.iter().any(|column| column.class == Some(SensitiveClass::Health));
            match facts.least_class {
                _ if !health => Status::NotApplicable,
                None => Status::NotTested,
                Some(least) if least >= basis.rules.health.class_size.value => Status::Met,
                Some(_) => Status::NotMet,
            }
        }
        Needs::Classes => {
            let all = !manifest.columns.is_empty() && manifest.columns.iter().all(|column| column.class.is_some());
            given(&[all])
        }
        Needs::NotRead => Status::NotRead,
        Needs::Quantified if facts.risk.overall.is_some() => Status::Met,
        Needs::Quantified => Status::NotTested,
        Needs::Attacked => was_run(&attacks),
    }
}

#[cfg(test)]
mod test {
    use super::super::conclusion::test::good;
    use super::*;
    use crate::annex::calendar::parse;
    use crate::annex::dates::dates;
    use crate::annex::rating::rate;

    fn of(id: &str, facts: &Facts, manifest: &Manifest, conclusion: ConclusionId) -> Status {
        let rules = Rules::newest();
        let conclusion = Conclusion { id: conclusion, failed: Vec::new(), missing: Vec::new() };
        let rating = rate(manifest, &facts.seen(), conclusion.id, rules);
        let dates = dates(manifest, parse("2026-11-26").unwrap(), rules);
        let basis = Basis { manifest, facts, conclusion: &conclusion, rating: &rating, dates: &dates, rules };
        let at = rules.clauses.iter().position(|clause| clause.id == id).unwrap();
        statuses(&basis)[at]
    }

    #[test]
    fn statuses_follow_from_the_facts() {
        let (facts, mut manifest) = good();
        let c1 = ConclusionId::C1;
        assert_eq!(of("pipl-73-4-identify", &facts, &manifest, c1), Status::Met);
        assert_eq!(of("pipl-73-4-restore", &facts, &manifest, c1), Status::Met);
        let untested = Facts { reversibility: State::NotTested, ..facts.clone() };
        assert_eq!(of("pipl-73-4-restore", &untested, &manifest, c1), Status::NotTested);
        manifest.secrets.on = None;
        assert_eq!(of("pipl-73-4-restore", &facts, &manifest, c1), Status::InputMissing);
        let mut failed = facts.clone();
        failed.attacks[0].1 = State::Fail;
        assert_eq!(of("pipl-73-4-identify", &failed, &manifest, c1), Status::NotMet);
        assert_eq!(of("iso27559-8.2.3", &failed, &manifest, c1), Status::Met, "run, whatever came out");
        failed.attacks[0].1 = State::NotTested;
        assert_eq!(of("iso27559-8.2.3", &failed, &manifest, c1), Status::Partly);
        manifest.claim.kind = Some(Claimed::DeIdentified);
        assert_eq!(of("pipl-73-4-identify", &facts, &manifest, c1), Status::NotApplicable);
        assert_eq!(of("gbt46068", &facts, &manifest, c1), Status::NotRead);
        assert_eq!(of("order20-6-5", &facts, &manifest, c1), Status::Partly, "the filer's own text");
        assert_eq!(of("retention", &facts, &manifest, c1), Status::InputMissing);
        manifest.report.issued = parse("2026-11-26").ok();
        assert_eq!(of("retention", &facts, &manifest, c1), Status::Met);
        assert_eq!(of("gbt37964-5.5.4", &facts, &manifest, c1), Status::Met);
        manifest.approval.0[0] = None;
        assert_eq!(of("gbt37964-5.5.4", &facts, &manifest, c1), Status::Partly);
        assert_eq!(of("gbt39725-10.2", &facts, &manifest, c1), Status::NotApplicable);
        manifest.filer.sector = Some(Sector::Health);
        assert_eq!(of("gbt39725-10.2", &facts, &manifest, c1), Status::Met);
        let small = Facts { least_class: Some(5), ..facts.clone() };
        assert_eq!(of("gbt39725-10.2", &small, &manifest, c1), Status::NotMet);
    }

    #[test]
    fn notice_and_consent_that_nobody_states_are_missing() {
        let (facts, mut manifest) = good();
        let notice = |manifest: &Manifest| of("order16-10", &facts, manifest, ConclusionId::C1);
        assert_eq!(notice(&manifest), Status::InputMissing);
        manifest.processing.notice = YesNo::Yes;
        manifest.processing.separate_consent = SeparateConsent::NotRequired;
        assert_eq!(notice(&manifest), Status::Met);
        manifest.processing.notice = YesNo::No;
        assert_eq!(notice(&manifest), Status::NotMet);
    }
}
