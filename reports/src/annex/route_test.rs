//! The boundary tests of the route table, and that more never gives a weaker route.

use super::*;
use proptest::prelude::*;

fn facts(persons: u64, sensitive: u64) -> Facts {
    Facts {
        core_or_secret: YesNo::No,
        important: ImportantData::None,
        told_on: None,
        automotive: false,
        subjects: persons.saturating_add(sensitive),
        important_column: false,
        anonymized: false,
        exemption: Exemption::None,
        list: None,
        ciio: YesNo::No,
        persons,
        sensitive,
        deduplicated: true,
        bay_area: false,
    }
}

fn found(facts: Facts) -> Route {
    route(&facts, Rules::newest())
}

fn row(facts: Facts) -> Option<Row> {
    found(facts).row()
}

/// T1 to T8, and T16: the bands.
#[test]
fn bands_of_persons() {
    for (persons, sensitive, expected) in [
        (99_999, 0, Row::R9),
        (100_000, 0, Row::R8),
        (999_999, 0, Row::R8),
        (1_000_000, 0, Row::R7),
        (0, 1, Row::R8),
        (0, 9_999, Row::R8),
        (0, 10_000, Row::R7),
        (999_999, 9_999, Row::R8),
        (60_000 + 40_000, 0, Row::R8),
        (0, 0, Row::R9),
    ] {
        assert_eq!(row(facts(persons, sensitive)), Some(expected), "{persons}, {sensitive}");
    }
}

/// T9, T11 and T17: what no volume and no anonymity avoids.
#[test]
fn important_data_and_secrets_come_first() {
    let published = Facts { important: ImportantData::Published, ..facts(0, 0) };
    assert_eq!(row(published), Some(Row::R1));
    let anonymous = Facts { anonymized: true, important: ImportantData::Notified, ..facts(2_000_000, 0) };
    assert_eq!(row(anonymous), Some(Row::R1));
    let secret = Facts { anonymized: true, core_or_secret: YesNo::Yes, ..facts(0, 0) };
    assert_eq!(row(secret), Some(Row::R0));
}

/// T10 and T12: anonymity counts only when somebody took the decision ([`Facts::of`] sees to it).
#[test]
fn anonymity_ends_the_route_and_says_that_it_is_no_determination() {
    let anonymous = found(Facts { anonymized: true, ..facts(0, 0) });
    assert_eq!(anonymous.row(), Some(Row::R2));
    assert!(anonymous.notes.contains(&Note::NotLegal));
    assert_eq!(row(facts(2_000_000, 0)), Some(Row::R7));
    let own = found(Facts { anonymized: true, important: ImportantData::SelfIdentified, ..facts(0, 0) });
    assert_eq!(own.row(), Some(Row::R2));
    assert!(own.notes.contains(&Note::SelfIdentified));
}

/// T13 and T14.
#[test]
fn operators_and_exemptions() {
    assert_eq!(row(Facts { ciio: YesNo::Yes, ..facts(1, 0) }), Some(Row::R6));
    for kind in [Exemption::Contract, Exemption::Hr, Exemption::Emergency, Exemption::StatutoryDuty] {
        assert_eq!(row(Facts { exemption: kind, ..facts(2_000_000, 0) }), Some(Row::R4));
    }
    assert_eq!(row(Facts { exemption: Exemption::Transit, ..facts(2_000_000, 0) }), Some(Row::R3));
    let listed =
        |registered, covered, on, ciio| Facts { list: Some([registered, covered, on]), ciio, ..facts(500_000, 0) };
    use YesNo::{No, Yes};
    assert_eq!(row(listed(Yes, Yes, No, No)), Some(Row::R5));
    assert_eq!(row(listed(Yes, Yes, No, Yes)), Some(Row::R6));
    assert_eq!(row(listed(No, Yes, No, No)), Some(Row::R8));
    assert_eq!(row(listed(Yes, No, No, No)), Some(Row::R8));
    // On the list: the list decides, and a person reads it.
    let on = found(listed(Yes, Yes, Yes, No));
    assert_eq!((on.row(), on.rows.as_slice()), (None, &[Row::R8][..]));
    assert_eq!(on.missing, ["negative_list.list"]);
}

/// T15 and T18: both results are told.
#[test]
fn what_is_not_known_is_undetermined() {
    let unknown =
        found(Facts { ciio: YesNo::Unknown, list: Some([YesNo::Unknown, YesNo::Yes, YesNo::No]), ..facts(500_000, 0) });
    assert_eq!(unknown.row(), None);
    assert_eq!(unknown.rows, [Row::R5, Row::R6, Row::R8]);
    assert_eq!(unknown.missing, ["negative_list.registered", "filer.ciio"]);
    let important = found(Facts { important: ImportantData::Unknown, ..facts(0, 0) });
    assert_eq!((important.row(), important.rows.as_slice()), (None, &[Row::R1, Row::R9][..]));
    let secret = found(Facts { core_or_secret: YesNo::Unknown, ..facts(0, 0) });
    assert_eq!(secret.rows, [Row::R0, Row::R9]);
    let operator = found(Facts { ciio: YesNo::Unknown, ..facts(0, 0) });
    assert_eq!(operator.missing, ["filer.ciio"]);
    // Where the answer changes nothing, none is needed.
    let exempt = found(Facts { ciio: YesNo::Unknown, exemption: Exemption::Hr, ..facts(500_000, 0) });
    assert_eq!(exempt.row(), Some(Row::R4));
    let no_list = found(Facts { list: Some([YesNo::Unknown, YesNo::No, YesNo::No]), ..facts(500_000, 0) });
    assert_eq!(no_list.row(), Some(Row::R8));
}

/// T19: R1a warns and decides nothing.
#[test]
fn automotive_data_are_warned_about() {
    let many = found(Facts { automotive: true, ..facts(150_000, 0) });
    assert_eq!(many.row(), Some(Row::R8));
    assert!(many.notes.contains(&Note::Automotive));
    let limit = found(Facts { automotive: true, ..facts(100_000, 0) });
    assert!(!limit.notes.contains(&Note::Automotive), "more than 100,000, not from 100,000 on");
    let column = found(Facts { automotive: true, important_column: true, ..facts(1, 0) });
    assert!(column.notes.contains(&Note::Automotive));
    assert!(!found(facts(150_000, 0)).notes.contains(&Note::Automotive));
}

#[test]
fn close_below_a_limit_is_said() {
    for (persons, sensitive, expected) in [
        (90_000, 0, Some(Note::NearPersons)),
        (89_999, 0, None),
        (100_000, 0, None),
        (900_000, 0, Some(Note::NearPersons)),
        (0, 9_000, Some(Note::NearSensitive)),
        (0, 8_999, None),
    ] {
        let notes = found(facts(persons, sensitive)).notes;
        let near = notes.into_iter().find(|note| matches!(note, Note::NearPersons | Note::NearSensitive));
        assert_eq!(near, expected, "{persons}, {sensitive}");
    }
    assert!(found(Facts { deduplicated: false, ..facts(5, 0) }).notes.contains(&Note::UpperBound));
    assert!(found(Facts { bay_area: true, ..facts(0, 5) }).notes.contains(&Note::BayArea));
}

fn yes_no() -> impl Strategy<Value = YesNo> {
    prop_oneof![Just(YesNo::Yes), Just(YesNo::No), Just(YesNo::Unknown)]
}

prop_compose! {
    fn any_facts()(
        core_or_secret in yes_no(),
        important in prop_oneof![
            Just(ImportantData::None), Just(ImportantData::SelfIdentified), Just(ImportantData::Notified),
            Just(ImportantData::Published), Just(ImportantData::Unknown),
        ],
        exemption in prop_oneof![Just(Exemption::None), Just(Exemption::Transit), Just(Exemption::Hr)],
        list in prop::option::of([yes_no(), yes_no(), yes_no()]),
        ciio in yes_no(),
        persons in prop_oneof![0u64..3, 99_998u64..100_002, 999_998u64..1_000_002],
        sensitive in prop_oneof![0u64..3, 9_998u64..10_002],
        anonymized: bool,
        automotive: bool,
    ) -> Facts {
        Facts { core_or_secret, important, exemption, list, ciio, anonymized, automotive, ..facts(persons, sensitive) }
    }
}

proptest! {
    /// Raising a count, or an answer turned to yes, never gives a weaker route: neither at best nor at worst.
    #[test]
    fn more_never_gives_a_weaker_route(facts in any_facts(), more in 0u64..2_000_000, which in 0usize..5) {
        let mut raised = facts;
        match which {
            0 => raised.persons = raised.persons.saturating_add(more),
            1 => raised.sensitive = raised.sensitive.saturating_add(more),
            2 => raised.ciio = YesNo::Yes,
            3 => raised.important = ImportantData::Notified,
            _ => raised.core_or_secret = YesNo::Yes,
        }
        let (before, after) = (found(facts), found(raised));
        prop_assert!(after.weakest() >= before.weakest(), "{before:?} {after:?}");
        prop_assert!(after.strongest() >= before.strongest(), "{before:?} {after:?}");
    }

    /// A route that is found does not depend on an answer that is missing.
    #[test]
    fn found_routes_need_no_missing_answer(facts in any_facts()) {
        let route = found(facts);
        prop_assert_eq!(route.row().is_some(), route.missing.is_empty());
        prop_assert!(!route.rows.is_empty());
    }
}
