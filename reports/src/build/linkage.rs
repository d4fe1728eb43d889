//! Record linkage on record.

use super::{rate, round};
use crate::evidence::{Abstention, Attack, Careful, Detail};
use reident_attacks::record_linkage::{Claims, LinkageDetail};

/// What only record linkage has to tell.
pub(super) fn detail(detail: &LinkageDetail, confidence: f64) -> Detail {
    let careful = detail.tallies.and_then(|tallies| tallies.careful);
    Detail::RecordLinkage {
        largest: detail.main.map(|claims| round(claims.largest)),
        careful: careful
            .map(|[main, control]| Careful { main: rate(&main, confidence), control: rate(&control, confidence) }),
        abstentions: detail
            .abstentions
            .iter()
            .map(|point| Abstention {
                margin: point.margin.is_finite().then(|| round(point.margin)),
                correct: point.correct,
                wrong: point.wrong,
                false_claims: point.false_claims,
            })
            .collect(),
    }
}

/// Writes out what every claim came to: correct, wrong, ambiguous, and the expected number of persons found.
pub(super) fn count(shown: &mut Attack, detail: &LinkageDetail) {
    let both = [(&mut shown.main, detail.main), (&mut shown.control, detail.control)];
    for (rate, claims) in both.into_iter().filter_map(|(rate, claims)| Some((rate.as_mut()?, claims?))) {
        let Claims { correct, wrong, ambiguous, expected, .. } = claims;
        rate.correct = Some(correct);
        (rate.wrong, rate.ambiguous) = (Some(wrong), Some(ambiguous));
        rate.expected = Some(round(expected));
    }
}
