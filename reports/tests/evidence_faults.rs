//! Evidence that cannot have come from a run is refused with the place, whoever asks.

mod support;

use proptest::prelude::*;
use reident_reports::attest::statement::{Extras, Subject, evidence_statement};
use reident_reports::check::format::Format;
use reident_reports::check::{Verdict, check, check_with_baseline, profiles};
use reident_reports::digest::Digests;
use reident_reports::evidence::{Evidence, Tool};
use reident_reports::html::{self, ReportOptions, Verdicts};
use reident_reports::json::{self, ReadError};
use reident_reports::markdown;
use reident_reports::message::Language;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use support::*;

const RELEASE: &[u8] = b"the release";

/// Evidence of a release that leaks, and the same with a control of another size.
static LEAKY: LazyLock<[Value; 2]> = LazyLock::new(|| {
    [true, false].map(|even| {
        let tables = if even { planted(2, 0, 300, 0.5, true) } else { planted_with(2, 300, 0.5, 200) };
        let mut evidence = evidence(&tables, &plan(1, ALL, None));
        evidence.inputs.anonymized.sha256 = Some(Digests::of(RELEASE).sha256);
        serde_json::to_value(&evidence).unwrap()
    })
});

/// Everything that is done with evidence; the verdicts of all policies.
fn everything(text: &str) -> Result<Vec<Verdict>, ReadError> {
    let evidence = json::read(text)?;
    let mut verdicts = Vec::new();
    for name in ["eu-wp216", "cn-gbt42460-enclave", "ci-regression"] {
        let policy = profiles::policy(name).unwrap();
        let leaky: Evidence = serde_json::from_value(LEAKY[0].clone()).unwrap();
        for result in [
            check(&evidence, &policy),
            check_with_baseline(Language::English, &evidence, &policy, &leaky, &BTreeMap::new()),
        ] {
            Format::ALL.iter().for_each(|format| assert!(!format.render(&result, "evidence.json").is_empty()));
            let options = ReportOptions { check: Some(Verdicts::of(&result)), ..ReportOptions::default() };
            assert!(!html::render(&evidence, &options).is_empty() && !markdown::render(&evidence, &options).is_empty());
            if name != "ci-regression" {
                verdicts.push(result.verdict);
            }
        }
    }
    let subject = Subject { name: None, digest: Digests::of(RELEASE) };
    let tool = Tool { name: "reident".to_owned(), version: "0.1.0".to_owned(), commit: "test".to_owned() };
    // Refused or signed, without an error of the program's own.
    let _ = evidence_statement(subject, text, tool, Extras::default());
    Ok(verdicts)
}

fn text(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap() + "\n"
}

fn refused(change: impl Fn(&mut Value), place: &str) {
    for evidence in LEAKY.iter() {
        let mut changed = evidence.clone();
        change(&mut changed);
        match json::read(&text(&changed)) {
            Err(ReadError::Invalid { path, .. }) => assert_eq!(path, place),
            other => panic!("{place}: {:?}", other.map(|_| "read")),
        }
    }
}

#[test]
fn good_evidence_is_read_and_fails() {
    for evidence in LEAKY.iter() {
        assert_eq!(everything(&text(evidence)).unwrap(), [Verdict::Fail; 4]);
    }
}

#[test]
fn impossible_figures_are_refused_with_their_place() {
    refused(|e| e["settings"]["confidence"] = json!(2), "/settings/confidence");
    refused(|e| e["settings"]["confidence"] = json!(0), "/settings/confidence");
    refused(|e| e["attacks"] = json!([]), "/attacks");
    refused(|e| e["attacks"][1]["main"]["successes"] = json!(301), "/attacks/1/main/successes");
    refused(|e| e["attacks"][1]["main"]["attempted"] = json!(301), "/attacks/1/main/attempted");
    refused(|e| e["attacks"][1]["main"]["rate"] = json!(0.1), "/attacks/1/main/rate");
    refused(|e| e["attacks"][1]["main"]["interval"] = json!([0.9, -0.9]), "/attacks/1/main/interval");
    refused(|e| e["attacks"][1]["risk"]["interval"] = json!([0.9, -0.9]), "/attacks/1/risk/interval");
    refused(|e| e["attacks"][1]["risk"]["interval"] = json!([0.0, 0.001]), "/attacks/1/risk/interval");
    refused(|e| e["attacks"][1]["risk"]["interval"] = json!([-1.0, 1.0]), "/attacks/1/risk/simultaneous");
    refused(|e| e["attacks"][1]["risk"]["method"] = json!("none"), "/attacks/1/risk/method");
    refused(|e| e["attacks"][1]["attacker"]["halves"][0] = json!([9]), "/attacks/1/attacker/halves/0");
    refused(|e| e["attacks"][1]["attacker"]["columns"] = json!([[0, 4_294_967_295u32]]), "/attacks/1/attacker/columns");
    refused(|e| e["attacks"][2]["attacker"]["secret"] = json!("nobody"), "/attacks/2/attacker/secret");
    refused(|e| e["attacks"][2]["risk"] = json!(null), "/attacks/2/risk");
    refused(|e| e["headline"]["inference"]["attacker"] = json!(1), "/headline/inference/attacker");
    refused(|e| e["headline"]["inference"]["risk"] = json!(-1e308), "/headline/inference/risk");
    refused(|e| e["headline"]["inference"]["attackers_tried"] = json!(0), "/headline/inference/attackers_tried");
    refused(|e| e["headline"] = json!({}), "/headline");
    refused(|e| e["headline"]["inference"]["attacker"] = json!(null), "/headline/inference");
    // The figures of a leak with the risk of none, as in faults/07.
    let forged = |e: &mut Value| {
        let risk = &mut e["attacks"][1]["risk"];
        (risk["value"], risk["signed"]) = (json!(0.0), json!(0.0));
        (risk["interval"], risk["simultaneous"]) = (json!([0.0, 0.001]), json!([0.0, 0.001]));
    };
    refused(forged, "/attacks/1/risk/signed");
}

#[test]
fn forged_files_of_the_collection_are_refused() {
    let Ok(text) = std::fs::read_to_string("../../shared/faults/07_forged_evidence_reported/forged.json") else {
        return;
    };
    let error = json::read(&text).unwrap_err().to_string();
    assert!(error.contains("/attacks/0/risk/signed"), "{error}");
}

/// Evidence of a release without a leak, which passes.
fn harmless() -> Value {
    let mut evidence = evidence(&planted(1, 0, 4000, 0.0, true), &plan(1, ALL, None));
    evidence.inputs.anonymized.sha256 = Some(Digests::of(RELEASE).sha256);
    serde_json::to_value(&evidence).unwrap()
}

fn verdict(value: &Value) -> Verdict {
    check(&json::read(&text(value)).unwrap(), &profiles::policy("eu-wp216").unwrap()).verdict
}

#[test]
fn a_newer_minor_version_is_read_and_its_unknown_parts_bar_a_pass() {
    let mut newer = harmless();
    assert_eq!(verdict(&newer), Verdict::Pass);
    newer["format"] = json!(99);
    assert_eq!(verdict(&newer), Verdict::Pass, "nothing unknown in it");
    type Spoiling = (fn(&mut Value), &'static str);
    let places: [Spoiling; 6] = [
        (|e| e["judgement"] = json!(0), "/judgement"),
        (|e| e["attacks"][1]["attacker"]["patience"] = json!(2), "/attacks/1/attacker/patience"),
        (|e| e["attacks"][2]["weights"] = json!([0.5]), "/attacks/2/weights"),
        (|e| e["inputs"]["columns"][1]["a/b"] = json!([]), "/inputs/columns/1/a~1b"),
        (|e| e["attacks"][0]["main"]["groups"] = json!({ "a": 1 }), "/attacks/0/main/groups"),
        (|e| e["headline"]["linkability"]["members"] = json!(null), "/headline/linkability/members"),
    ];
    for (add, place) in places {
        let mut more = newer.clone();
        add(&mut more);
        assert_eq!(json::read(&text(&more)).unwrap().unknown, [place]);
        assert_eq!(verdict(&more), Verdict::Inconclusive, "{place}");
        // At this version's own format an unknown field is a mistake.
        more["format"] = harmless()["format"].clone();
        assert!(matches!(json::read(&text(&more)), Err(ReadError::Shape { .. })), "{place}");
    }
    // A value that this version does not know, and a newer major version: refused with the version that reads it.
    newer["tool"]["version"] = json!("7.1.0");
    let mut unknown = newer.clone();
    unknown["attacks"][0]["status"] = json!("astonishing");
    newer["schema"] = json!("reident/evidence/v2");
    for refused in [unknown, newer] {
        let error = json::read(&text(&refused)).unwrap_err().to_string();
        assert!(error.contains("made by reident 7.1.0"), "{error}");
    }
}

#[test]
fn an_earlier_minor_version_is_read() {
    let mut older = harmless();
    let now = json::read(&text(&older)).unwrap();
    let names: Vec<String> = now.inputs.columns.iter().map(|column| column.name.clone()).collect();
    older.as_object_mut().unwrap().remove("format");
    for (attack, read) in older["attacks"].as_array_mut().unwrap().iter_mut().zip(&now.attacks) {
        let named = |columns: &reident_reports::evidence::Columns| -> Value {
            columns.positions().map(|at| names[at].clone()).collect::<Vec<_>>().into()
        };
        attack["attacker"]["columns"] = named(read.attacker.columns());
        if let Some(halves) = read.attacker.halves() {
            attack["attacker"]["halves"] = json!([named(&halves[0]), named(&halves[1])]);
        }
        attack["risk"]["method"] = json!("residual risk, score interval of the ratio");
    }
    assert_eq!(json::read(&text(&older)).unwrap(), now);
    older["attacks"][0]["attacker"]["columns"] = json!(["nobody"]);
    let error = json::read(&text(&older)).unwrap_err();
    assert!(matches!(error, ReadError::Invalid { path, .. } if path == "/attacks/0/attacker/columns/0"));
}

/// Paths of all values.
fn places(value: &Value, path: String, all: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, inner)| places(inner, format!("{path}/{key}"), all)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, inner)| places(inner, format!("{path}/{at}"), all));
        }
        _ => {}
    }
    all.push(path);
}

/// Values that a place may be given.
fn replacement() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        Just(json!([])),
        Just(json!({})),
        Just(json!("weak")),
        Just(json!("measured")),
        Just(json!("infeasible")),
        Just(json!("undetermined")),
        Just(json!(true)),
        Just(json!([0.0, 0.001])),
        Just(json!([0.9, -0.9])),
        Just(json!(-1e308)),
        Just(json!(1e308)),
        Just(json!(u64::MAX)),
        (0u64..400).prop_map(|count| json!(count)),
        (-1.5f64..1.5).prop_map(|number| json!(number)),
        (0.0f64..0.002).prop_map(|number| json!(number)),
        (0.999f64..1.0).prop_map(|number| json!(number)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// A file is refused with its place, or judged; and a leak that is on record never passes, whatever else was changed.
    #[test]
    fn changed_evidence_never_passes(
        which in 0usize..2,
        changes in prop::collection::vec((any::<prop::sample::Index>(), replacement(), any::<bool>()), 1..4),
    ) {
        let mut changed = LEAKY[which].clone();
        for (at, value, remove) in changes {
            let mut all = Vec::new();
            places(&changed, String::new(), &mut all);
            let place = &all[at.index(all.len())];
            let (above, key) = place.rsplit_once('/').unwrap_or(("", ""));
            match (changed.pointer_mut(above), remove) {
                (Some(Value::Object(map)), true) => drop(map.remove(key)),
                // The whole file, made a list by an earlier change, has no place in a list.
                (Some(Value::Array(list)), true) if !key.is_empty() => drop(list.remove(key.parse().unwrap())),
                _ => {}
            }
            if !remove && let Some(found) = changed.pointer_mut(place) {
                *found = value;
            }
        }
        if let Ok(verdicts) = everything(&text(&changed)) {
            prop_assert!(verdicts.iter().all(|verdict| *verdict != Verdict::Pass), "{verdicts:?}");
        }
    }
}
