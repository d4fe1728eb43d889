//! Verdicts on releases whose leak is known by construction.

mod support;

use reident_reports::check::{Needed, Policy, Reason, Verdict, check, exit, profiles};
use reident_reports::evidence::{Apart, AttackKind, ControlCheck, Evidence, Number, Overlap, Status};
use support::*;

fn policy() -> Policy {
    profiles::policy("eu-wp216").unwrap()
}

#[test]
fn no_leak_passes_and_weak_attacks_are_said() {
    let evidence = evidence(&planted(1, 0, 4000, 0.0, true), &plan(1, ALL, None));
    let result = check(&evidence, &policy());
    assert_eq!(result.verdict, Verdict::Pass, "{result:#?}");
    assert_eq!(result.exit_code, exit::PASS);
    assert_eq!(result.attacks.len(), 3);
    assert!(result.attacks.iter().filter(|attack| attack.status == Some(Status::Weak)).count() >= 2);
    for attack in &result.attacks {
        assert_eq!(attack.reason, Reason::BelowLimit);
        let said = attack.notes.iter().any(|note| note.code == "not_above_baseline");
        assert_eq!(said, attack.status == Some(Status::Weak), "{attack:#?}");
    }
    assert!(result.notes.iter().any(|note| note.code == "limits_are_organization_set"));
}

#[test]
fn a_leak_of_a_fifth_fails() {
    let evidence = evidence(&planted(2, 0, 3000, 0.2, true), &plan(1, ALL, None));
    let result = check(&evidence, &policy());
    assert_eq!((result.verdict, result.exit_code), (Verdict::Fail, exit::FAIL), "{result:#?}");
    for attack in &result.attacks {
        assert_eq!((attack.verdict, attack.reason), (Some(Verdict::Fail), Reason::AboveLimit), "{attack:#?}");
        // Nothing may call this risk low.
        assert!(attack.notes.iter().all(|note| note.code != "not_above_baseline"));
    }
}

/// Linkability attacked on a sample, and the number of targets in all that would decide.
fn total_needed(world: u64, sample: usize, leak: f64) -> Option<usize> {
    let evidence = evidence(&planted(world, 0, 3000, leak, true), &plan(world, LINKABILITY, Some(sample)));
    let mut policy = policy();
    policy.limits.retain(|attack, _| *attack == AttackKind::Linkability);
    let result = check(&evidence, &policy);
    match &result.attacks[0].needed {
        Some(Needed::FurtherTargets { further, total, .. }) => {
            assert_eq!((result.verdict, result.exit_code), (Verdict::Inconclusive, exit::INCONCLUSIVE));
            assert_eq!(*total, sample as u64 + further);
            assert!(result.attacks[0].message.contains(&format!("About {further} further targets")));
            Some(*total as usize)
        }
        _ => None,
    }
}

#[test]
fn sixty_targets_are_inconclusive_and_the_number_said_decides() {
    // The number is for rates that are what they seem, so it is taken where the sample hits the truth of 5 %: 3 of 60.
    let mut totals = Vec::new();
    for world in 0..60 {
        let evidence = evidence(&planted(world, 0, 3000, 0.05, true), &plan(world, LINKABILITY, Some(60)));
        if evidence.attacks[0].main.as_ref().unwrap().successes.value() == 3.0
            && evidence.attacks[0].control.as_ref().unwrap().successes.value() == 0.0
        {
            totals.extend(total_needed(world, 60, 0.05));
        }
    }
    assert!(totals.len() >= 5, "{totals:?}");
    let total = totals[0];
    assert!(totals.iter().all(|other| *other == total));
    // Where the truth is what the sample showed, that number decides four times in five.
    let decided = (100..200).filter(|world| total_needed(*world, total, 0.05).is_none()).count();
    println!("{total} targets decide {decided} of 100");
    assert!((70..=95).contains(&decided), "{total} targets decide {decided} of 100");
}

#[test]
fn infeasible_and_undetermined_never_pass() {
    let evidence = evidence(&degenerate(400), &plan(1, &[AttackKind::SinglingOut, AttackKind::Inference], None));
    assert_eq!(evidence.headline[&AttackKind::SinglingOut].status, Status::Infeasible);
    assert_eq!(evidence.headline[&AttackKind::Inference].status, Status::Infeasible);
    let mut policy = policy();
    for limit in policy.limits.values_mut() {
        limit.max_risk = 1.0;
    }
    let result = check(&evidence, &policy);
    let reasons: Vec<_> = result.attacks.iter().map(|attack| (attack.verdict, attack.reason)).collect();
    let open = Some(Verdict::Inconclusive);
    assert_eq!(reasons, [(open, Reason::Infeasible), (open, Reason::NotRun), (open, Reason::Infeasible)]);
    assert_eq!((result.verdict, result.exit_code), (Verdict::Inconclusive, exit::INCONCLUSIVE));
    // The policy decides what that means for a pipeline; the verdict stays what it is.
    policy.override_with("inconclusive=pass").unwrap();
    let mapped = check(&evidence, &policy);
    assert_eq!((mapped.verdict, mapped.exit_code), (Verdict::Inconclusive, exit::PASS));
    policy.override_with("inconclusive = fail").unwrap();
    assert_eq!(check(&evidence, &policy).exit_code, exit::FAIL);
}

/// Two secrets, of which the second is told about every person of the control without the release.
fn told_otherwise(persons: u64) -> Evidence {
    let mut two_secrets = plan(1, &[AttackKind::Inference], None);
    let mut height = inference();
    (height.secret, height.known) = (0, vec![1, 2, 3]);
    two_secrets.push(height);
    let mut evidence = evidence(&planted(1, 0, 2000, 0.0, true), &two_secrets);
    let told = &mut evidence.attacks[1];
    let control = told.control.as_mut().unwrap();
    (control.attempted, control.successes, control.rate) = (persons, Number::Whole(persons), 1.0);
    control.effective = None;
    told.risk = None;
    let (status, apart) = reident_reports::check::follows::judged(&evidence, &evidence.attacks[1]).unwrap();
    (evidence.attacks[1].status, evidence.attacks[1].apart) = (status, apart);
    let headline = reident_reports::check::follows::recomputed(&evidence, AttackKind::Inference).unwrap();
    evidence.headline.insert(AttackKind::Inference, headline);
    evidence
}

#[test]
fn one_undetermined_attacker_bars_the_pass_of_the_others() {
    let evidence = told_otherwise(40);
    let headline = &evidence.headline[&AttackKind::Inference];
    assert_eq!((headline.undetermined, headline.apart, headline.attackers_tried), (1, 0, 2));
    assert!(headline.risk.is_some_and(|risk| risk < 0.09));
    let result = check(&evidence, &policy());
    let inference = &result.attacks[2];
    assert_eq!((inference.verdict, inference.reason), (Some(Verdict::Inconclusive), Reason::LimitInsideInterval));
    assert!(matches!(inference.needed, Some(Needed::Never { .. })), "{inference:#?}");
    assert!(inference.notes.iter().any(|note| note.code == "some_undetermined"));
}

#[test]
fn a_secret_that_everybody_gives_away_stands_apart() {
    // Shown of two thousand persons: next to nobody is left whom the release could expose.
    let evidence = told_otherwise(2000);
    let headline = &evidence.headline[&AttackKind::Inference];
    assert_eq!((headline.undetermined, headline.apart), (0, 1));
    assert!(headline.interval.is_some_and(|interval| interval[1] < 0.09));
    assert_eq!(evidence.attacks[1].apart, Some(Apart::FewSafe));
}

#[test]
fn a_headline_that_does_not_follow_from_the_counts_gets_no_verdict() {
    let mut evidence = evidence(&planted(2, 0, 3000, 0.2, true), &plan(1, ALL, None));
    for headline in evidence.headline.values_mut() {
        headline.risk = Some(0.001);
        headline.interval = Some([0.0, 0.01]);
    }
    let result = check(&evidence, &policy());
    assert!(result.attacks.iter().all(|attack| attack.reason == Reason::HeadlineDoesNotFollow));
    assert_eq!(result.verdict, Verdict::Inconclusive);
}

#[test]
fn simultaneous_headlines_follow_from_their_counts() {
    // Several attackers, each of another level; a sample; no control: all are computed again to the same interval.
    for (control, sample) in [(true, None), (true, Some(150)), (false, Some(150))] {
        let mut several = plan(3, ALL, sample);
        for halves in [[vec![0, 2], vec![1, 3]], [vec![0, 3], vec![1, 2]]] {
            let mut attacker = linkability();
            attacker.halves = halves;
            several.push(attacker);
        }
        let result = check(&evidence(&planted(6, 0, 900, 0.1, control), &several), &policy());
        assert!(result.attacks.iter().all(|attack| attack.reason != Reason::HeadlineDoesNotFollow), "{result:#?}");
        assert_eq!(result.attacks[1].attackers_tried, 3);
    }
}

#[test]
fn without_a_control_the_check_says_what_it_cannot_separate() {
    let evidence = evidence(&planted(1, 0, 2000, 0.0, false), &plan(1, ALL, None));
    let result = check(&evidence, &policy());
    assert!(result.notes.iter().any(|note| note.code == "no_control" && note.message.contains("cannot be told apart")));
    // One in five illnesses is guessed by anybody; without a control nobody can say that the release helped.
    assert_eq!(result.attacks[2].verdict, Some(Verdict::Inconclusive));
}

#[test]
fn all_records_attacked_asks_for_larger_tables() {
    let evidence = evidence(&planted(4, 0, 60, 0.05, true), &plan(1, LINKABILITY, None));
    let result = check(&evidence, &policy());
    match result.attacks[1].needed.as_ref().unwrap() {
        Needed::LargerTables { original, control, decides, .. } => {
            assert_eq!(*decides, Verdict::Pass);
            assert!(*original > 60 && control.is_some_and(|control| control.abs_diff(*original) <= 1));
        }
        other => panic!("{other:?}"),
    }
    assert!(result.attacks[1].message.contains("attacking every record is not enough"));
}

#[test]
fn an_estimate_at_the_limit_cannot_be_decided() {
    let evidence = evidence(&planted(4, 0, 60, 0.05, true), &plan(1, LINKABILITY, None));
    let mut policy = policy();
    let risk = evidence.headline[&AttackKind::Linkability].risk.unwrap();
    policy.override_with(&format!("limits.linkability.max_risk={risk}")).unwrap();
    assert!(matches!(check(&evidence, &policy).attacks[1].needed, Some(Needed::Never { .. })));
}

#[test]
fn more_predicates_are_not_promised_to_decide() {
    let tables = planted(5, 0, 4000, 0.08, true);
    let mut few = plan(1, &[], None);
    few.push(singling_out(150));
    let result = check(&evidence(&tables, &few), &policy());
    let singling_out = &result.attacks[0];
    assert_eq!(singling_out.reason, Reason::LimitInsideInterval);
    assert!(matches!(singling_out.needed, Some(Needed::Never { .. })), "{singling_out:#?}");
}

#[test]
fn a_check_says_what_tables_of_this_size_can_show() {
    let large = check(&evidence(&planted(1, 0, 4000, 0.0, true), &plan(1, ALL, None)), &policy());
    let small = check(&evidence(&planted(1, 0, 40, 0.0, true), &plan(1, LINKABILITY, None)), &policy());
    for attack in &large.attacks {
        let [none, half, limit, twice] = attack.chances[..] else { panic!("{attack:#?}") };
        assert!(none.pass > 0.9 && none.fail < 0.01, "{attack:#?}");
        assert!(none.pass >= half.pass && half.pass >= limit.pass && limit.pass < 0.03 && twice.pass < 0.001);
        assert!(twice.fail > 0.9, "{attack:#?}");
        assert!(attack.notes.iter().any(|note| note.code == "operating_characteristic"));
    }
    assert!(small.attacks[1].chances[0].pass < large.attacks[1].chances[0].pass);
}

#[test]
fn evidence_that_cannot_carry_a_pass_does_not_get_one() {
    let sound = evidence(&planted(1, 0, 4000, 0.0, true), &plan(1, ALL, None));
    let mut careless = sound.clone();
    careless.settings.confidence = 0.5;
    let result = check(&careless, &policy());
    assert!(result.attacks.iter().all(|attack| attack.reason == Reason::ConfidenceTooLow));
    assert_eq!(result.verdict, Verdict::Inconclusive);

    let mut overlapping = sound;
    overlapping.inputs.overlap = Some(Overlap { shared: 400, expected_at_most: 0.0, beyond_chance: true });
    let result = check(&overlapping, &policy());
    assert!(result.attacks.iter().all(|attack| attack.reason == Reason::ControlOverlaps));
    assert_eq!(result.verdict, Verdict::Inconclusive);
}

#[test]
fn a_policy_without_limits_decides_nothing_alone() {
    let evidence = evidence(&planted(1, 0, 1000, 0.0, true), &plan(1, LINKABILITY, None));
    let result = check(&evidence, &profiles::policy("ci-regression").unwrap());
    assert_eq!(result.verdict, Verdict::Inconclusive);
    assert_eq!(result.attacks[0].reason, Reason::NoLimit);
    assert!(result.notes.iter().all(|note| note.code != "limits_are_organization_set"));
}

#[test]
fn a_control_of_another_population_takes_back_what_rests_on_it() {
    let failing = evidence(&planted(2, 0, 3000, 0.2, true), &plan(1, ALL, None));
    let with = |check: &str| {
        let mut evidence = failing.clone();
        evidence.inputs.control_checks = vec![ControlCheck {
            check: check.to_owned(),
            column: None,
            found: 0.8,
            expected_at_most: Some(0.1),
            passed: false,
            overridden: false,
        }];
        evidence
    };
    for unlike in ["control_labels", "control_marginals", "control_neighbors"] {
        let result = check(&with(unlike), &policy());
        assert_eq!((result.verdict, result.exit_code), (Verdict::Inconclusive, exit::INCONCLUSIVE), "{result:#?}");
        for attack in &result.attacks {
            let found = (attack.verdict, attack.reason);
            assert_eq!(found, (Some(Verdict::Inconclusive), Reason::ControlDoubtful), "{attack:#?}");
        }
    }
    // A control that was used hides a risk, and makes none.
    for used in ["control_in_release", "control_equals_original"] {
        assert_eq!(check(&with(used), &policy()).verdict, Verdict::Fail);
    }
}
