//! What the counts on record say again: statuses and headlines are computed a second time by the functions that made them,
//! so that a document whose figures do not follow from one another is found out.
//!
//! The interval of an attacker who singles out with a control of another size comes from more than the counts on record; it
//! is taken as stated there, at the single and at the simultaneous level.

use super::needed::simultaneous;
use crate::evidence::counts::{Counts, baseline, tally};
use crate::evidence::{Apart, Attack, AttackKind, Evidence, Headline, Status};
use reident_attacks::attack::Attempted;
use reident_attacks::stats::headline::{self, Contender, Standing};
use reident_attacks::stats::{ConfidenceInterval, status, two_sided_quantile};

/// The headline of an attack as its attackers' counts say; `None` when no attacker of it is on record, or an attacker's
/// risk does not tell enough.
pub fn recomputed(evidence: &Evidence, attack: AttackKind) -> Option<Headline> {
    let of_kind: Vec<(usize, &Attack)> =
        evidence.attacks.iter().enumerate().filter(|(_, result)| result.attack == attack).collect();
    let tried = of_kind.len();
    let contenders: Vec<Contender> =
        of_kind.iter().map(|(_, result)| contender(evidence, result, tried)).collect::<Option<_>>()?;
    if tried == 0 {
        return None;
    }
    let count = |is: fn(Standing) -> bool| contenders.iter().filter(|one| is(one.standing)).count() as u64;
    let statuses: Vec<Status> =
        of_kind.iter().zip(&contenders).map(|((_, result), one)| status_of(evidence, result, one)).collect();
    let worst = headline::worst(&contenders);
    let infeasible = count(|standing| standing == Standing::Infeasible);
    Some(Headline {
        risk: worst.and_then(|(at, _)| contenders[at].signed.map(|signed| crate::evidence::round(signed.max(0.0)))),
        interval: worst.map(|(_, interval)| [interval.lo, interval.hi].map(crate::evidence::round)),
        attacker: worst.map(|(at, _)| of_kind[at].0 as u64),
        attackers_tried: tried as u64,
        infeasible,
        undetermined: count(|standing| standing == Standing::Undetermined),
        apart: count(|standing| matches!(standing, Standing::Apart(_))),
        contradicted: statuses.iter().filter(|status| **status == Status::Contradicted).count() as u64,
        broken: broken(evidence, attack),
        status: match worst {
            Some((at, _)) => statuses[at],
            None if infeasible == tried as u64 => Status::Infeasible,
            None => Status::Undetermined,
        },
    })
}

/// Whether all attackers of an attack who could be measured are weak and do significantly worse than their baselines: values
/// hardly meet, and the attack says nothing (METHOD section 6). Never a pass.
pub fn broken(evidence: &Evidence, attack: AttackKind) -> bool {
    let confidence = evidence.settings.confidence;
    let of_kind = evidence.attacks.iter().filter(|result| result.attack == attack);
    status::broken(of_kind.map(|result| {
        let counts = result.main.as_ref().map(tally).zip(result.baseline.as_ref().map(baseline));
        let below = counts.is_some_and(|(main, baseline)| status::below_baseline(&main, &baseline, confidence));
        let status = match result.status {
            Status::Measured => status::Status::Measured,
            Status::Infeasible => status::Status::Infeasible,
            Status::Undetermined => status::Status::Undetermined,
            Status::Weak => status::Status::Weak,
            Status::Contradicted => status::Status::Contradicted,
        };
        (status, below)
    }))
}

/// What an attacker's figure is worth and whether the attacker stands apart, as the counts say; `None` when the risk does not
/// tell enough.
pub fn judged(evidence: &Evidence, result: &Attack) -> Option<(Status, Option<Apart>)> {
    let tried = evidence.attacks.iter().filter(|other| other.attack == result.attack).count();
    let contender = contender(evidence, result, tried)?;
    let apart = match contender.standing {
        Standing::Apart(headline::Apart::FewAttempts) => Some(Apart::FewAttempts),
        Standing::Apart(headline::Apart::FewPredicates) => Some(Apart::FewPredicates),
        Standing::Apart(headline::Apart::FewSafe) => Some(Apart::FewSafe),
        _ => None,
    };
    Some((status_of(evidence, result, &contender), apart))
}

fn contender(evidence: &Evidence, result: &Attack, tried: usize) -> Option<Contender> {
    let confidence = evidence.settings.confidence;
    let main = result.main.as_ref().map(tally);
    let reference = result.control.as_ref().or(result.nonmember.as_ref()).map(tally);
    let predicates = result.attack.attempted() == Attempted::Predicates;
    let standing = Standing::of(main.as_ref(), reference.as_ref(), predicates, result.risk.is_some(), confidence);
    let Some(risk) = &result.risk else {
        return Some(Contender { standing, signed: None, single: None, simultaneous: None });
    };
    let ends = |[lo, hi]: [f64; 2]| ConfidenceInterval { lo, hi };
    let (signed, single, simultaneous) = match Counts::of(result, confidence)? {
        Counts::Stated { .. } => (risk.signed, ends(risk.interval), ends(risk.simultaneous?)),
        counts => {
            let (signed, single) = counts.at(two_sided_quantile(confidence), [1.0; 2])?;
            let (_, simultaneous) = counts.at(two_sided_quantile(simultaneous(evidence, tried)), [1.0; 2])?;
            (signed, ends(single), ends(simultaneous))
        }
    };
    Some(Contender { standing, signed: Some(signed), single: Some(single), simultaneous: Some(simultaneous) })
}

fn status_of(evidence: &Evidence, result: &Attack, contender: &Contender) -> Status {
    let method = result.risk.as_ref().map_or("", |risk| risk.method.as_str());
    let found = status::from_intervals(
        result.main.as_ref().map(tally).as_ref(),
        result.baseline.as_ref().map(baseline).as_ref(),
        contender.single.zip(contender.simultaneous),
        reident_attacks::stats::risk::RiskMethod::of_name(method),
        evidence.settings.confidence,
    );
    match found {
        status::Status::Measured => Status::Measured,
        status::Status::Infeasible => Status::Infeasible,
        status::Status::Undetermined => Status::Undetermined,
        status::Status::Weak => Status::Weak,
        status::Status::Contradicted => Status::Contradicted,
    }
}
