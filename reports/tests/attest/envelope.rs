//! What verify says about whole, wrong, foreign and contradictory envelopes.

use super::sample::*;
use reident_reports::attest::commitment::{CommitmentKey, Commitments};
use reident_reports::attest::dsse::{Envelope, IN_TOTO};
use reident_reports::attest::keys::{PrivateKey, PublicKey};
use reident_reports::attest::report::{Outcome, Part, Report};
use reident_reports::attest::statement::*;
use reident_reports::attest::verify::{Inputs, verify};
use reident_reports::digest::Digests;
use reident_reports::evidence::Run;
use reident_reports::json;

fn outcome(report: &Report, part: Part) -> Outcome {
    report.checks.iter().find(|check| check.part == part).expect("every part has a line").outcome
}

fn failure(report: &Report) -> (Part, &str) {
    let check = report.failures().next().expect("a failure");
    (check.part, &check.message)
}

fn check(file: &str, inputs: &Inputs) -> Report {
    verify(file.as_bytes(), &[public()], inputs)
}

fn check_payload(payload: impl Into<Vec<u8>>) -> Report {
    check(&signed(payload.into(), &[&private()]).to_json(), &Inputs::default())
}

#[test]
fn everything_at_hand() {
    let (release, evidence, log, tables) = (Digests::of(RELEASE), evidence_text(), log_text(), commitments());
    let inputs = Inputs {
        release: Some(&release),
        evidence: Some(evidence.as_bytes()),
        tables: Some(&tables),
        log: Some(log.as_bytes()),
        rerun: Some(evidence.as_bytes()),
        foreign_form: false,
    };
    let report = check(&envelope(), &inputs);
    assert!(report.ok() && report.checks.iter().all(|check| check.outcome == Outcome::Passed), "{report:#?}");
    assert_eq!(report.checks.len(), 13);
    assert_eq!(report.signers, [public().id()]);
    assert_eq!(report.evidence, Some(evidence));
}

#[test]
fn nothing_at_hand() {
    let report = check(&envelope(), &Inputs::default());
    assert!(report.ok());
    let open = [Part::Release, Part::EvidenceFile, Part::Original, Part::Control, Part::AuditLog, Part::Rerun];
    for check in &report.checks {
        let expected = if open.contains(&check.part) { Outcome::NotChecked } else { Outcome::Passed };
        assert_eq!(check.outcome, expected, "{check:?}");
    }
}

#[test]
fn without_a_given_keys_signature_nothing_is_read() {
    let other = PrivateKey::generate().expect("randomness");
    let unsigned = Envelope::new(IN_TOTO, payload()).to_json();
    let cases: [(&str, &[PublicKey], &str); 3] = [
        (&envelope(), &[other.public()], "by a given key"),
        (&envelope(), &[], "No public key"),
        (&unsigned, &[public()], "no signature"),
    ];
    for (file, keys, said) in cases {
        let report = verify(file.as_bytes(), keys, &Inputs::default());
        assert!(!report.ok() && report.evidence.is_none());
        let (part, message) = failure(&report);
        assert!(part == Part::Signature && message.contains(said), "{message}");
        assert_eq!(outcome(&report, Part::Statement), Outcome::NotChecked);
    }
    // A payload that is no JSON at all: the signature is what is missed.
    let garbage = Envelope::new(IN_TOTO, b"\xff{".to_vec()).to_json();
    assert_eq!(failure(&check(&garbage, &Inputs::default())).0, Part::Signature);
}

#[test]
fn several_signatures() {
    let [second, third] = [(); 2].map(|()| PrivateKey::generate().expect("randomness"));
    let mut both = signed(payload(), &[&private(), &second]);
    assert!(both.sign(&second).is_err(), "a key signs once");
    let file = both.to_json();
    for (keys, signers) in [
        (vec![public()], vec![public().id()]),
        (vec![second.public()], vec![second.public().id()]),
        (vec![third.public(), second.public(), public()], vec![public().id(), second.public().id()]),
    ] {
        let report = verify(file.as_bytes(), &keys, &Inputs::default());
        assert!(report.ok());
        assert_eq!(report.signers, signers);
    }
    // A signature that claims a given key and is not its own is no accident, whatever the others are.
    both.signatures[1].signature[0] ^= 1;
    let report = verify(both.to_json().as_bytes(), &[public(), second.public()], &Inputs::default());
    assert!(failure(&report).1.starts_with("Signature 2 claims a given key"), "{report:?}");
    assert!(!report.ok() && report.signers == [public().id()]);
    // One key's signature under another's name.
    let mut named = signed(payload(), &[&private()]);
    named.signatures[0].keyid = Some(second.public().id());
    let report = verify(named.to_json().as_bytes(), &[public(), second.public()], &Inputs::default());
    assert!(failure(&report).1.contains("its key id was changed"), "{report:?}");
}

#[test]
fn another_tools_form_only_on_request() {
    let own = envelope();
    let compact = serde_json::from_str::<serde_json::Value>(&own).expect("JSON").to_string();
    let mut url_safe = serde_json::from_str::<serde_json::Value>(&own).expect("JSON");
    for pointer in ["/payload", "/signatures/0/sig"] {
        let text = url_safe.pointer_mut(pointer).expect("a field of every envelope");
        *text = text.as_str().expect("a text").replace('+', "-").replace('/', "_").into();
    }
    let url_safe = url_safe.to_string();
    assert_ne!(url_safe, compact);
    let unknown = compact.replacen('{', "{\"x\":1,\"x\":2,", 1);
    let unnamed = compact.replace(&format!("\"keyid\":\"{}\",", public().id()), "");
    assert_ne!(unnamed, compact);
    for file in [&compact, &url_safe, &unknown, &unnamed] {
        let report = check(file, &Inputs::default());
        assert_eq!(failure(&report).0, Part::Envelope, "{report:?}");
        let lenient = check(file, &Inputs { foreign_form: true, ..Inputs::default() });
        assert!(lenient.ok(), "{lenient:?}");
        assert_eq!(outcome(&lenient, Part::Envelope), Outcome::NotChecked);
    }
    let twice = compact.replacen('{', "{\"payloadType\":\"x\",", 1);
    let report = check(&twice, &Inputs { foreign_form: true, ..Inputs::default() });
    assert!(failure(&report).1.contains("duplicate field `payloadType`"), "{report:?}");
}

#[test]
fn signed_but_not_what_it_should_be() {
    let text = String::from_utf8(payload()).expect("JSON");
    let mut other = Envelope::new("application/json", payload());
    other.sign(&private()).expect("a new key");
    assert_eq!(failure(&check(&other.to_json(), &Inputs::default())).0, Part::PayloadType);
    let subject = text.find("[{").expect("a subject")..text.find("}],").expect("its end") + 2;
    let twice = format!("[{0},{0}]", &text[subject.start + 1..subject.end - 1]);
    for (changed, said) in [
        (text.replace("Statement/v1", "Statement/v9"), "type is not"),
        (text.replace("attestation/evidence/v1", "attestation/evidence/v2"), "predicate type"),
        (text.replace(&text[subject], &twice), "about 2 files"),
        (text.replace("evidenceDigest", "evidenceDigset"), "missing field"),
        (text.replacen("{\"_type", "{\"_type\":\"\",\"_type", 1), "duplicate field"),
        ("[]".to_owned(), "shape"),
    ] {
        let report = check_payload(changed);
        let (part, message) = failure(&report);
        assert!(part == Part::Statement && message.contains(said), "{message}");
        assert_eq!(outcome(&report, Part::Rerun), Outcome::NotChecked);
    }
    let report = check_payload(text.replace("reident/evidence/v1\"", "reident/evidence/v7\""));
    assert!(failure(&report).0 == Part::EvidenceSchema && failure(&report).1.contains("v7"));
    // Statement and evidence about different files, each consistent in itself.
    let mut elsewhere = subject_of(b"another file");
    let report =
        check_payload(text.replace(&serde_json::to_string(&super::sample::subject()).expect("JSON"), &elsewhere));
    assert_eq!(failure(&report).0, Part::EvidenceRelease);
    // Only SM3 is wrong.
    elsewhere = text.replace(Digests::of(RELEASE).sm3.as_deref().expect("SM3"), &"0".repeat(64));
    let release = Digests::of(RELEASE);
    let inputs = Inputs { release: Some(&release), ..Inputs::default() };
    let report = check(&signed(elsewhere.into_bytes(), &[&private()]).to_json(), &inputs);
    assert!(failure(&report).0 == Part::Release && failure(&report).1.contains("SM3"), "{report:?}");
}

fn subject_of(bytes: &[u8]) -> String {
    let subject = Subject { name: Some("release.csv".to_owned()), digest: Digests::of(bytes) };
    serde_json::to_string(&subject).expect("JSON")
}

#[test]
fn statements_carry_evidence_and_no_digest_of_persons() {
    let text = String::from_utf8(payload()).expect("JSON");
    assert!(text.contains(evidence_text().trim_end()), "byte for byte");
    for table in [ORIGINAL, CONTROL] {
        let digests = Digests::of(table);
        assert!(!text.contains(&digests.sha256) && !text.contains(digests.sm3.as_deref().expect("SM3")));
    }
    let build = |text: &str, extras| evidence_statement(subject(), text, tool(), extras).expect_err("refused");
    let with = |change: fn(&mut reident_reports::Evidence)| {
        let mut evidence = evidence();
        change(&mut evidence);
        build(&json::write(&evidence), Extras::default())
    };
    assert!(matches!(build("{}", Extras::default()), BuildError::Evidence(_)));
    assert!(matches!(build(&evidence_text().replace("  ", " "), Extras::default()), BuildError::Edited));
    assert!(matches!(with(|e| e.inputs.anonymized.sha256 = None), BuildError::NoRelease));
    assert!(matches!(with(|e| e.inputs.anonymized.sha256 = Some("0".repeat(64))), BuildError::OtherRelease));
    let plain: fn(&mut _) = |e: &mut reident_reports::Evidence| e.inputs.original.sha256 = Some("0".repeat(64));
    assert!(matches!(with(plain), BuildError::PlainDigest("original")));
    let extras = |commitments| Extras { commitments: Some(commitments), ..Extras::default() };
    let without_control = Commitments { control: None, ..commitments() };
    assert!(matches!(build(&evidence_text(), extras(without_control)), BuildError::Commitments("control")));
    let without_original = Commitments { original: None, ..commitments() };
    assert!(matches!(build(&evidence_text(), extras(without_original)), BuildError::Commitments("original")));
}

#[test]
fn tables_and_secrets() {
    let with = |tables: Commitments| check(&envelope(), &Inputs { tables: Some(&tables), ..Inputs::default() });
    let other = CommitmentKey::generate().expect("randomness");
    let report = with(Commitments::of(&other, ORIGINAL, Some(CONTROL)));
    assert!(failure(&report).1.contains("commitment key is not the one"), "{report:?}");
    let report = with(Commitments::of(&commitment_key(), CONTROL, Some(ORIGINAL)));
    assert!(failure(&report).1.contains("original is not the table"), "{report:?}");
    assert_eq!(report.failures().count(), 2);
    let report = with(Commitments::of(&commitment_key(), ORIGINAL, None));
    assert!(report.ok() && outcome(&report, Part::Control) == Outcome::NotChecked);
    let bare = evidence_statement(subject(), &evidence_text(), tool(), Extras::default()).expect("evidence");
    let tables = commitments();
    let inputs = Inputs { tables: Some(&tables), ..Inputs::default() };
    let report = check(&signed(bare, &[&private()]).to_json(), &inputs);
    assert!(failure(&report).1.contains("no commitment to the original"), "{report:?}");
}

#[test]
fn a_run_that_gave_something_else() {
    let mut again = evidence();
    again.inputs.columns[1].kind = "MARKER".to_owned();
    let text = json::write(&again);
    let report = check(&envelope(), &Inputs { rerun: Some(text.as_bytes()), ..Inputs::default() });
    let (part, message) = failure(&report);
    let line = 1 + text.lines().position(|line| line.contains("MARKER")).expect("the change");
    assert_eq!(part, Part::Rerun);
    assert!(message.contains(&format!("line {line}, at `/inputs/columns/1/kind`")), "{message}");
    assert!(!message.contains("MARKER"));
    // Time and place differ in every run, and only they may.
    let timed = |started: &str, seed| {
        let run = Run { started: started.to_owned(), seconds: 0.1, threads: 2, platform: "x".to_owned() };
        let mut evidence = evidence();
        (evidence.run, evidence.settings.seed) = (Some(run), seed);
        json::write(&evidence)
    };
    let payload = evidence_statement(subject(), &timed("a", 7), tool(), Extras::default()).expect("evidence");
    let file = signed(payload, &[&private()]).to_json();
    for (rerun, ok) in [(timed("b", 7), true), (timed("a", 8), false), (evidence_text(), true)] {
        let report = check(&file, &Inputs { rerun: Some(rerun.as_bytes()), ..Inputs::default() });
        assert_eq!(report.ok(), ok, "{report:?}");
        assert!(report.checks.last().expect("a line").message.contains("settings/seed") != ok);
    }
}

#[test]
fn test_results() {
    let policy = Resource { name: "cn-health-39725".to_owned(), digest: Digests::of(b"policy") };
    let tests = |numbers: [usize; 3]| numbers.map(|number| (0..number).map(|at| format!("test {at}")).collect());
    let result = |numbers| TestResult::new(policy.clone(), evidence_text().as_bytes(), tests(numbers));
    for (numbers, verdict) in [
        ([2, 0, 0], Verdict::Passed),
        ([2, 1, 0], Verdict::Warned),
        ([0, 1, 0], Verdict::Warned),
        ([2, 1, 1], Verdict::Failed),
    ] {
        assert_eq!(result(numbers).expect("some tests").result, verdict);
    }
    assert!(matches!(result([0, 0, 0]), Err(BuildError::NoTests)));
    let payload = test_result_statement(subject(), result([1, 1, 1]).expect("some tests"));
    let text = String::from_utf8(payload.clone()).expect("JSON");
    assert!(text.contains(r#""predicateType":"https://in-toto.io/attestation/test-result/v0.1","predicate":{"result":"FAILED","configuration":[{"name":"cn-health-39725","digest":{"sha256":"#));
    let file = signed(payload, &[&private()]).to_json();
    let (release, evidence) = (Digests::of(RELEASE), evidence_text());
    let mut inputs = Inputs { release: Some(&release), evidence: Some(evidence.as_bytes()), ..Inputs::default() };
    let report = check(&file, &inputs);
    assert!(report.ok() && report.evidence.is_none(), "{report:?}");
    assert_eq!(outcome(&report, Part::EvidenceFile), Outcome::Passed);
    inputs.evidence = Some(b"other");
    assert_eq!(failure(&check(&file, &inputs)).0, Part::EvidenceFile);
    // A verdict that its own lists deny.
    assert_eq!(failure(&check_payload(text.replace("FAILED", "PASSED"))).0, Part::Statement);
}

#[test]
fn messages_do_not_steer_terminals() {
    let text = String::from_utf8(payload()).expect("JSON");
    let report = check_payload(text.replacen("\"commit\":", "\"\\u001b[2J\":0,\"commit\":", 1));
    assert_eq!(failure(&report).0, Part::Statement, "{report:?}");
    assert!(report.checks.iter().all(|check| !check.message.contains(char::is_control)));
}
