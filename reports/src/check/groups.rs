//! Groups of persons against a limit: a leak of a small group must not hide in the mean (METHOD section 6, *Groups*).

use super::result::Verdict;
use super::verdict::decide;
use crate::evidence::{AttackKind, Evidence, GroupFigures};
use crate::message::Messages;
use crate::percent::{percent, round_percent};
use crate::words::groups::name;
use reident_attacks::subgroups::FEWEST_PERSONS;

/// Groups of which it is shown, over all groups and attackers of an attack at once, that the risk is not below a limit; the most
/// exposed first.
pub(super) fn above(evidence: &Evidence, attack: AttackKind, limit: f64) -> Vec<&GroupFigures> {
    let worst = evidence.worst_of_each_group(attack).into_iter().map(|(group, _)| group);
    let mut above: Vec<&GroupFigures> = worst.filter(|group| group.shown() >= limit && group.shown() > 0.0).collect();
    above.sort_by(|a, b| b.shown().total_cmp(&a.shown()));
    above
}

/// The verdict on all groups of an attack. A failure is shown over all of them at once; to pass, each must pass by itself, as
/// attackers must. Groups that are too small for a risk decide nothing.
pub(super) fn judge(evidence: &Evidence, attack: AttackKind, limit: f64) -> Verdict {
    if !above(evidence, attack, limit).is_empty() {
        return Verdict::Fail;
    }
    let of_kind = || evidence.attacks.iter().filter(|result| result.attack == attack);
    let all = || of_kind().flat_map(|result| &result.groups);
    let enough = |group: &&GroupFigures| group.main.attempted >= FEWEST_PERSONS;
    let passes = |group: &GroupFigures| {
        group.risk.as_ref().is_some_and(|risk| decide(risk.interval, limit) == Some(Verdict::Pass))
    };
    let any = all().any(|group| enough(&group));
    if any && all().filter(enough).all(passes) { Verdict::Pass } else { Verdict::Inconclusive }
}

/// What is shown of a group, in a sentence.
pub(super) fn sentence(texts: Messages, group: &GroupFigures, limit: f64) -> String {
    let (shown, limit) = (percent(group.shown()), round_percent(limit));
    let attacked = group.main.attempted.to_string();
    let name = name(&texts, &group.group);
    let values = [("group", name.as_str()), ("attacked", &attacked), ("shown", &shown), ("limit", &limit)];
    texts.fill("check.note.group", &values)
}
