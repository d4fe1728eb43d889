//! What the evidence says is taken from it, and what it does not say is never a pass.

use super::*;
use crate::annex::manifest::{Column, Purpose};
use crate::check::{check, profiles};
use crate::evidence::{Measure, QuasiIdentifiers};

const MANIFEST: &str = include_str!("../../tests/fixture/manifest.toml");

fn evidence() -> Evidence {
    crate::json::read(include_str!("../../../tests/golden/evidence.json")).expect("the golden evidence is sound")
}

fn manifest() -> Manifest {
    Manifest::read(MANIFEST, Purpose::Write, Rules::newest()).unwrap()
}

fn of(evidence: &Evidence, manifest: &Manifest) -> Facts {
    let policy = profiles::policy("cn-gbt42460-controlled").unwrap();
    Facts::of(evidence, &check(evidence, &policy), &policy, manifest, Rules::newest())
}

fn set(evidence: &mut Evidence, id: &str, value: Option<f64>, how: &str) {
    let found = evidence.measures.iter_mut().find(|it| it.id == id).expect("the golden evidence has the measure");
    (found.value, found.how) = (value, how.to_owned());
}

/// Evidence whose quasi-identifiers are configured and whose classes are large.
fn coarse() -> Evidence {
    let mut evidence = evidence();
    let quasi = evidence.settings.quasi_identifiers.as_mut().unwrap();
    *quasi = QuasiIdentifiers { chosen: "configured".to_owned(), not_counted: Vec::new(), ..quasi.clone() };
    for (id, value) in [("classes.k", 25.0), ("gbt42460.r_c", 0.02), ("gbt42460.mean_rows", 0.01)] {
        set(&mut evidence, id, Some(value), "suppressed_rows_left_out");
    }
    set(&mut evidence, "gbt42460.r_a.controlled", Some(0.0), "theta_above_1_5");
    for id in ["gbt42460.r.controlled", "gbt42460.level.controlled"] {
        set(&mut evidence, id, None, "hangs_on_the_context");
    }
    evidence
}

fn state(facts: &Facts, rule: &str) -> Option<State> {
    facts.data_rules.iter().find(|(id, _)| id == rule).map(|(_, state)| *state)
}

#[test]
fn classes_and_the_context_of_the_manifest_give_the_risk() {
    let facts = of(&coarse(), &manifest());
    // The worst of .05 (table B.1), 1 − .999^150 = .139 and .01.
    let context = facts.risk.context.unwrap();
    assert!((context - 0.1394).abs() < 1e-4, "{context}");
    assert!((facts.risk.overall.unwrap() - 0.02 * context).abs() < 1e-12);
    assert_eq!((facts.least_class, facts.risk.above_cut_off, facts.risk.level), (Some(25), Some(false), Some(3)));
    assert_eq!(state(&facts, "class-size"), Some(State::Pass));
    assert_eq!(state(&facts, "overall-risk"), Some(State::Pass));
    // Where the tests knew the context, their comparison of fractions counts.
    let mut exact = coarse();
    set(&mut exact, "gbt42460.r.controlled", Some(0.05), "exact");
    set(&mut exact, "gbt42460.level.controlled", Some(2.0), "compared_as_fractions");
    let facts = of(&exact, &manifest());
    assert_eq!((facts.risk.overall, facts.risk.level), (Some(0.05), Some(2)));
    assert_eq!(state(&facts, "overall-risk"), Some(State::Fail));
    // One class too small makes R = 1, whatever the context.
    let mut small = coarse();
    set(&mut small, "classes.k", Some(4.0), "suppressed_rows_left_out");
    let facts = of(&small, &manifest());
    assert_eq!((facts.risk.overall, facts.risk.level), (Some(1.0), Some(2)));
    assert_eq!(state(&facts, "class-size"), Some(State::Fail));
}

#[test]
fn what_is_absent_is_not_tested() {
    let mut nothing = coarse();
    nothing.measures.clear();
    let facts = of(&nothing, &manifest());
    assert_eq!((facts.identifiers, facts.reversibility), (State::NotTested, State::NotTested));
    assert_eq!((facts.least_class, facts.risk.level, facts.risk.overall), (None, None, None));
    assert!(facts.data_rules.iter().all(|(_, state)| *state == State::NotTested), "{:?}", facts.data_rules);
    assert!(!facts.seen().reversibility_pass && facts.seen().level.is_none());
    // Each by itself.
    let without = |beginning: &str| {
        let mut evidence = coarse();
        evidence.measures.retain(|it: &Measure| !it.id.starts_with(beginning));
        of(&evidence, &manifest())
    };
    assert_eq!(without(measure::DIRECT).identifiers, State::NotTested);
    assert_eq!(without(measure::DIRECT).risk.level, None, "nobody searched for direct identifiers");
    assert_eq!(without("reversibility.").reversibility, State::NotTested);
    assert_eq!(state(&without("classes.k"), "class-size"), Some(State::NotTested));
    assert_eq!(state(&without("classes.k"), "overall-risk"), Some(State::NotTested));
}

#[test]
fn classes_on_columns_that_nobody_confirmed_decide_nothing() {
    for chosen in ["named", "all"] {
        let mut assumed = coarse();
        assumed.settings.quasi_identifiers.as_mut().unwrap().chosen = chosen.to_owned();
        let facts = of(&assumed, &manifest());
        assert_eq!((facts.least_class, facts.risk.level), (None, None), "{chosen}");
        assert_eq!(state(&facts, "class-size"), Some(State::NotTested), "{chosen}");
    }
    let mut in_part = coarse();
    in_part.settings.quasi_identifiers.as_mut().unwrap().not_counted = vec!["zip".to_owned()];
    assert_eq!(counted_on(&in_part), Counted::InPart);
    assert_eq!(state(&of(&in_part, &manifest()), "class-size"), Some(State::NotTested));
    // What fails without a column fails with it.
    set(&mut in_part, "classes.k", Some(2.0), "suppressed_rows_left_out");
    assert_eq!(state(&of(&in_part, &manifest()), "class-size"), Some(State::Fail));
}

#[test]
fn rules_hold_for_the_ways_of_sharing_that_they_name() {
    let policy = profiles::policy("ca-ipc-high").unwrap();
    let evidence = coarse();
    let facts = Facts::of(&evidence, &check(&evidence, &policy), &policy, &manifest(), Rules::newest());
    let rules: Vec<&str> = facts.data_rules.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(rules, ["overall-risk-non-public", "class-size-non-public"], "the manifest's release is controlled");
}

#[test]
fn level_4_needs_that_no_column_is_an_identifier_by_role_or_by_name() {
    let bare = |chosen: &str| {
        let (mut evidence, mut manifest) = (coarse(), manifest());
        let quasi = evidence.settings.quasi_identifiers.as_mut().unwrap();
        quasi.chosen = chosen.to_owned();
        for column in &mut manifest.columns {
            column.role = Some(Role::Other);
        }
        of(&evidence, &manifest).risk.level
    };
    assert_eq!(bare("all"), Some(4));
    assert_eq!(bare("named"), None, "columns are known for quasi-identifiers by their names");
}

#[test]
fn direct_identifiers_fail_whoever_knows_of_them() {
    let mut found = coarse();
    found.findings.push(Finding {
        kind: "direct_identifier".to_owned(),
        how: "email".to_owned(),
        ..Finding::default()
    });
    let facts = of(&found, &manifest());
    assert_eq!((facts.identifiers, facts.risk.level), (State::Fail, Some(1)));
    let mut declared = manifest();
    declared.columns.push(Column {
        name: "number".to_owned(),
        role: Some(Role::DirectIdentifier),
        transform: Some(Transform::Kept),
        ..Column::default()
    });
    assert_eq!(of(&coarse(), &declared).identifiers, State::Fail);
    declared.columns.last_mut().unwrap().transform = Some(Transform::Pseudonymized);
    assert_eq!(of(&coarse(), &declared).identifiers, State::Pass);
    let mut counted = coarse();
    set(&mut counted, measure::DIRECT, Some(1.0), "forms_and_check_digits");
    assert_eq!(of(&counted, &manifest()).identifiers, State::Fail);
}

#[test]
fn what_can_be_undone_fails_and_what_must_be_judged_is_open() {
    let with = |kind: &str| {
        let mut evidence = coarse();
        evidence.findings = vec![Finding { kind: kind.to_owned(), how: "md5".to_owned(), ..Finding::default() }];
        of(&evidence, &manifest())
    };
    assert_eq!(with("renamed_column").reversibility, State::Pass);
    assert_eq!(with("restorable_column").reversibility, State::Fail);
    for kind in ["token_column", "row_order", "verbatim_rows", "incomparable_column"] {
        assert_eq!(with(kind).reversibility, State::Open, "{kind}");
    }
    assert!(with("token_column").token_or_restorable && with("restorable_column").token_or_restorable);
}
