//! A leak of a small group does not hide in the mean.

mod support;

use reident_attacks::subgroups::Wanted;
use reident_reports::check::{Policy, Reason, Verdict, check, profiles};
use reident_reports::evidence::{AttackKind, Group};
use support::*;

fn policy(max_group_risk: Option<f64>) -> Policy {
    let mut policy = profiles::policy("eu-wp216").unwrap();
    policy.limits.retain(|attack, _| *attack == AttackKind::Linkability);
    policy.limits.get_mut(&AttackKind::Linkability).unwrap().max_group_risk = max_group_risk;
    policy
}

#[test]
fn a_fully_exposed_group_of_seven_per_cent_is_named_although_the_mean_passes() {
    let mut plan = plan(1, LINKABILITY, None);
    plan.subgroups = Wanted { exposed: true, columns: vec![4] };
    let evidence = evidence(&planted_group(3, 4000, 0.07), &plan);
    let by_mean = check(&evidence, &policy(None));
    assert_eq!(by_mean.verdict, Verdict::Pass, "{by_mean:#?}");
    let named: Vec<&str> = by_mean.attacks[0]
        .notes
        .iter()
        .filter(|note| note.code == "group_above_limit")
        .map(|note| note.message.as_str())
        .collect();
    assert!(named.iter().any(|text| text.contains("`illness`") || text.contains("illness")), "{named:#?}");
    // Six illnesses, and the group has the rarest.
    let of_group = evidence.attacks[0].groups.iter().find(|group| match &group.group {
        Group::Value { rank, .. } => *rank == 6,
        _ => false,
    });
    let of_group = of_group.unwrap();
    assert_eq!(of_group.main.attempted, 280);
    assert!(of_group.risk.as_ref().unwrap().interval[0] > 0.95, "{of_group:#?}");

    let by_group = check(&evidence, &policy(Some(0.2)));
    assert_eq!((by_group.verdict, by_group.attacks[0].reason), (Verdict::Fail, Reason::GroupAboveLimit));
    assert!(by_group.attacks[0].message.contains("at least"), "{}", by_group.attacks[0].message);
}

#[test]
fn groups_without_a_leak_pass_and_groups_that_were_not_looked_at_do_not() {
    let tables = planted(5, 0, 4000, 0.0, true);
    let mut plan = plan(1, LINKABILITY, None);
    let without = check(&evidence(&tables, &plan), &policy(Some(0.2)));
    assert_eq!((without.verdict, without.attacks[0].reason), (Verdict::Inconclusive, Reason::GroupUndecided));
    plan.subgroups = Wanted { exposed: true, columns: vec![4] };
    let with = check(&evidence(&tables, &plan), &policy(Some(0.2)));
    assert_eq!(with.verdict, Verdict::Pass, "{with:#?}");
}
