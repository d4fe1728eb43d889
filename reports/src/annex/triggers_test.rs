//! Each trigger firing, not firing and, where something is missing, undetermined.

use super::*;
use crate::annex::calendar::parse;
use crate::annex::manifest::{
    Certificate, Column, Group, ImportantData, Incident, OtherRelease, Recipient, Same, Sector, YesNo,
};

fn day(text: &str) -> Option<Date> {
    parse(text).ok()
}

fn evidence() -> Evidence {
    crate::json::read(include_str!("../../../tests/golden/evidence.json")).expect("the golden evidence is sound")
}

/// A manifest with whatever a trigger looks at.
fn manifest() -> Manifest {
    let mut manifest = Manifest::default();
    manifest.report.issued = day("2026-11-27");
    manifest.assessment.ended = day("2026-11-20");
    manifest.processing.purpose = "研究".to_owned();
    manifest.processing.method = "加密传输".to_owned();
    manifest.processing.storage_place = "汉堡".to_owned();
    manifest.processing.retention_until = day("2029-12-31");
    manifest.recipients = vec![Recipient {
        name: "Example GmbH".to_owned(),
        country: "DE".to_owned(),
        purpose: "研究".to_owned(),
        method: "分析".to_owned(),
        onward: Onward::None,
        ..Recipient::default()
    }];
    let column = |name: &str, role, class| Column {
        name: name.to_owned(),
        role: Some(role),
        class: Some(class),
        ..Column::default()
    };
    manifest.columns = vec![
        column("age", Role::QuasiIdentifier, SensitiveClass::None),
        column("visits", Role::Other, SensitiveClass::None),
    ];
    manifest.filer.ciio = YesNo::No;
    manifest.filer.sector = Some(Sector::General);
    manifest.important_data.status = ImportantData::None;
    manifest.important_data.core_or_secret = YesNo::No;
    manifest.volume.non_sensitive_before = Some(0);
    manifest.volume.sensitive_before = Some(0);
    manifest.volume.non_sensitive = Some(1000);
    manifest.volume.sensitive = Some(0);
    manifest.volume.deduplicated = Some(true);
    manifest.filing.planned_on = day("2026-12-01");
    manifest.filing.route = Some(FilingRoute::Scc);
    manifest
}

fn all(from: &Manifest, to: &Manifest, runs: Option<(&Evidence, &Evidence)>, as_of: &str) -> Vec<Finding> {
    let policy = runs.map(|_| policy());
    let side = |manifest, evidence| Side { manifest, evidence, policy: policy.as_ref(), is_c1: false };
    let (old, new) = runs.map_or((None, None), |(old, new)| (Some(old), Some(new)));
    triggers(side(from, old), side(to, new), day(as_of).unwrap(), Rules::newest())
}

fn policy() -> Policy {
    crate::check::profiles::policy("cn-gbt42460-controlled").unwrap()
}

fn changed(change: impl FnOnce(&mut Manifest)) -> Vec<Finding> {
    let (from, mut to, run) = (manifest(), manifest(), evidence());
    change(&mut to);
    all(&from, &to, Some((&run, &run)), "2026-12-01")
}

fn firing(found: &[Finding]) -> Vec<Trigger> {
    found.iter().filter(|it| it.fires()).map(|it| it.trigger).collect()
}

fn open(found: &[Finding]) -> Vec<Trigger> {
    found.iter().filter(|it| it.undetermined()).map(|it| it.trigger).collect()
}

#[test]
fn nothing_changed_fires_nothing() {
    let found = changed(|_| {});
    assert_eq!((firing(&found), open(&found)), (vec![], vec![]), "{found:#?}");
    assert_eq!(found.iter().map(|it| it.trigger).collect::<Vec<_>>(), Trigger::ALL);
}

#[test]
fn each_change_fires_its_triggers_and_no_other() {
    use Trigger::*;
    type Change = Box<dyn Fn(&mut Manifest)>;
    let cases: Vec<(&str, Change, Vec<Trigger>)> = vec![
        ("purpose", Box::new(|it| it.processing.purpose = "营销".to_owned()), vec![G1]),
        ("method", Box::new(|it| it.processing.method = "邮寄".to_owned()), vec![G1]),
        ("storage", Box::new(|it| it.processing.storage_place = "柏林".to_owned()), vec![G1]),
        ("role", Box::new(|it| it.columns[1].role = Some(Role::Sensitive)), vec![G1]),
        ("fewer columns", Box::new(|it| it.columns.truncate(1)), vec![G1]),
        ("quasi-identifiers", Box::new(|it| it.columns[1].role = Some(Role::QuasiIdentifier)), vec![G1, G10]),
        ("class", Box::new(|it| it.columns[1].class = Some(SensitiveClass::Health)), vec![G1, G4]),
        ("recipient's purpose", Box::new(|it| it.recipients[0].purpose = "营销".to_owned()), vec![G2]),
        ("recipient's method", Box::new(|it| it.recipients[0].method = "合并".to_owned()), vec![G2]),
        ("kept longer", Box::new(|it| it.processing.retention_until = day("2030-01-01")), vec![G2]),
        ("kept shorter", Box::new(|it| it.processing.retention_until = day("2029-01-01")), vec![]),
        ("onward", Box::new(|it| it.recipients[0].onward = Onward::ByContract), vec![G2]),
        (
            "one more recipient",
            Box::new(|it| {
                it.recipients.push(Recipient { name: "B".into(), country: "DE".into(), ..Default::default() })
            }),
            vec![G2, G9],
        ),
        ("law", Box::new(|it| it.recipients[0].law_changed_on = day("2026-11-28")), vec![G3]),
        ("law before", Box::new(|it| it.recipients[0].law_changed_on = day("2026-11-27")), vec![]),
        ("destination", Box::new(|it| it.recipients[0].country = "US".to_owned()), vec![G3]),
        ("groups", Box::new(|it| it.dataset.groups = vec![Group::Students]), vec![G4]),
        ("taxonomy", Box::new(|it| it.dataset.taxonomy = Taxonomy::Gbt35273), vec![G4]),
        ("route", Box::new(|it| it.filer.ciio = YesNo::Yes), vec![G5]),
        ("many more persons", Box::new(|it| it.volume.non_sensitive = Some(1201)), vec![G7]),
        ("some more persons", Box::new(|it| it.volume.non_sensitive = Some(1200)), vec![]),
        ("control", Box::new(|it| it.review.control_changed_on = day("2026-11-28")), vec![G8]),
        ("contract", Box::new(|it| it.review.contract_changed_on = day("2026-11-28")), vec![G8]),
        ("contract before", Box::new(|it| it.review.contract_changed_on = day("2026-11-26")), vec![]),
        ("system", Box::new(|it| it.review.system_changed_on = day("2026-11-28")), vec![G9]),
        ("same persons", Box::new(|it| it.release.others = vec![other(Relation::SamePersons)]), vec![G9]),
        ("other persons", Box::new(|it| it.release.others = vec![other(Relation::Unrelated)]), vec![]),
        ("incident", Box::new(|it| it.review.incidents = vec![incident("2026-11-28")]), vec![G12]),
        ("old incident", Box::new(|it| it.review.incidents = vec![incident("2026-11-01")]), vec![]),
        ("late filing", Box::new(|it| it.filing.planned_on = day("2027-02-21")), vec![G13]),
        ("last day", Box::new(|it| it.filing.planned_on = day("2027-02-20")), vec![]),
    ];
    for (name, change, expected) in cases {
        let found = changed(|to| change(to));
        assert_eq!(firing(&found), expected, "{name}: {found:#?}");
        assert_eq!(open(&found), [], "{name}");
    }
}

fn other(relation: Relation) -> OtherRelease {
    OtherRelease { name: "x".to_owned(), date: day("2026-11-28"), sha256: String::new(), relation }
}

fn incident(on: &str) -> Incident {
    Incident { date: day(on), text: "x".to_owned(), persons: Some(1) }
}

#[test]
fn spelling_is_not_substance() {
    let found = changed(|to| to.recipients[0].purpose = " 研究 ".to_owned());
    assert_eq!(firing(&found), []);
    // Decomposed and composed letters are one text.
    let (mut from, mut to) = (manifest(), manifest());
    from.processing.purpose = "Prüfung".nfd().collect();
    to.processing.purpose = "Prüfung".nfc().collect();
    let run = evidence();
    assert_eq!(firing(&all(&from, &to, Some((&run, &run)), "2026-12-01")), []);
    // A change of words fires until the filer says why it is none of substance, and stays in the list.
    let closed = changed(|to| {
        to.processing.purpose = "科学研究".to_owned();
        to.review.same = vec![Same { key: "processing.purpose".to_owned(), reason: "仅为措辞".to_owned() }];
    });
    assert_eq!(firing(&closed), []);
    assert_eq!(closed[0].closed, ["processing.purpose"]);
}

#[test]
fn a_certificate_covers_what_it_names() {
    let certified = |scope: &str| {
        changed(|to| to.certificate = Some(Certificate { scope: scope.to_owned(), ..Certificate::default() }))
    };
    assert_eq!(firing(&certified("向Example GmbH提供，用于研究")), []);
    assert_eq!(firing(&certified("向Other GmbH提供，用于研究")), [Trigger::G6]);
    assert_eq!(firing(&certified("向Example GmbH提供，用于营销")), [Trigger::G6]);
    assert_eq!(open(&certified("")), [Trigger::G6]);
}

#[test]
fn releases_and_runs_are_compared() {
    let (manifest, old) = (manifest(), evidence());
    let against = |new: &Evidence| all(&manifest, &manifest, Some((&old, new)), "2026-12-01");
    let mut new = old.clone();
    new.settings.seed += 1;
    assert!(firing(&against(&new)).contains(&Trigger::G10));
    let mut new = old.clone();
    new.inputs.anonymized.sha256 = Some("0".repeat(64));
    assert!(firing(&against(&new)).contains(&Trigger::G10));
    let mut new = old.clone();
    new.tool.version = "9.0.0".to_owned();
    assert!(firing(&against(&new)).contains(&Trigger::G10));
    // Without the runs nobody knows.
    let found = all(&manifest, &manifest, None, "2026-12-01");
    assert_eq!((firing(&found), open(&found)), (vec![], vec![Trigger::G10, Trigger::G11]));
}

#[test]
fn policies_and_their_limits_are_compared() {
    let (manifest, run) = (manifest(), evidence());
    let against = |old: Option<&Policy>, new: Option<&Policy>| {
        let side = |policy| Side { manifest: &manifest, evidence: Some(&run), policy, is_c1: false };
        triggers(side(old), side(new), day("2026-12-01").unwrap(), Rules::newest())
    };
    let own = policy();
    let changed = |change: &str| {
        let mut policy = own.clone();
        policy.override_with(change).unwrap();
        policy
    };
    let same = against(Some(&own), Some(&own));
    assert_eq!((firing(&same), open(&same)), (vec![], vec![]));
    let other = crate::check::profiles::policy("cn-gbt42460-enclave").unwrap();
    let mut edited = own.clone();
    edited.digest = "0".repeat(64);
    let stricter = changed("limits.inference.max_risk=0.01");
    for new in [&other, &edited, &stricter] {
        assert_eq!(firing(&against(Some(&own), Some(new))), [Trigger::G10]);
        assert_eq!(firing(&against(Some(new), Some(&own))), [Trigger::G10]);
        assert_eq!(firing(&against(Some(new), Some(new))), []);
    }
    assert_eq!(against(Some(&own), Some(&stricter))[9].changed, ["policy: limits.inference.max_risk"]);
    // Without one of them nobody knows.
    for (old, new) in [(None, Some(&own)), (Some(&own), None), (None, None)] {
        let found = against(old, new);
        assert_eq!((firing(&found), open(&found)), (vec![], vec![Trigger::G10]));
    }
}

#[test]
fn a_risk_that_rose_fires() {
    let (manifest, run) = (manifest(), evidence());
    let mut compared = compare(&run, &run, 0.02, 0.95, &BTreeMap::new());
    let mut found = |verdict: Verdict, regression: bool| {
        compared.verdict = verdict;
        compared.changes[0].regression = regression;
        let mut changes = Changes::new(&manifest);
        of_comparison(&mut changes, &compared);
        (changes.changed.len(), changes.unknown.len())
    };
    assert_eq!(found(Verdict::Fail, true), (1, 0));
    assert_eq!(found(Verdict::Pass, false), (0, 0));
    assert_eq!(found(Verdict::Inconclusive, false), (0, 1));
}

#[test]
fn time_and_rules_go_on() {
    let (manifest, run) = (manifest(), evidence());
    let at = |as_of: &str| firing(&all(&manifest, &manifest, Some((&run, &run)), as_of));
    assert_eq!(at("2027-11-27"), []);
    assert_eq!(at("2027-11-28"), [Trigger::G13]);
    let mut certified = manifest.clone();
    certified.filing.route = Some(FilingRoute::Certification);
    certified.filing.planned_on = day("2027-02-21");
    let found = all(&certified, &certified, Some((&run, &run)), "2026-12-01");
    assert_eq!(firing(&found), [], "for certification it is a warning");
    assert!(found[12].warning && !found[12].changed.is_empty());
    // The rules are of 2026-11-26: a report of before then was made by older ones.
    let mut old = manifest.clone();
    old.report.issued = day("2026-11-25");
    assert_eq!(firing(&all(&old, &manifest, Some((&run, &run)), "2026-12-01")), [Trigger::G14]);
    old.report.issued = None;
    assert!(open(&all(&old, &manifest, Some((&run, &run)), "2026-12-01")).contains(&Trigger::G14));
}

#[test]
fn what_one_side_lacks_is_undetermined() {
    let of = |change: &dyn Fn(&mut Manifest)| open(&changed(|to| change(to)));
    assert_eq!(of(&|to| to.processing.purpose.clear()), [Trigger::G1]);
    assert_eq!(of(&|to| to.processing.retention_until = None), [Trigger::G2]);
    assert_eq!(of(&|to| to.recipients[0].country.clear()), [Trigger::G3]);
    assert_eq!(of(&|to| to.filer.ciio = YesNo::Unknown), [Trigger::G5]);
    assert_eq!(of(&|to| to.volume.sensitive = None), [Trigger::G7]);
    assert_eq!(of(&|to| to.release.others = vec![other(Relation::Unknown)]), [Trigger::G9]);
    assert_eq!(of(&|to| to.assessment.ended = None), [Trigger::G13]);
}
