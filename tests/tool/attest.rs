//! Signatures, verification and the audit log, as users drive them.

use crate::support::{Finished, Place, demo_tables};

pub fn ok(place: &Place, line: &str) -> Finished {
    finished(place, line, 0)
}

pub fn finished(place: &Place, line: &str, code: i32) -> Finished {
    let finished = place.run(&line.split_whitespace().collect::<Vec<_>>());
    assert_eq!(finished.code(), code, "{line}:\n{}{}", finished.stdout(), finished.stderr());
    finished
}

pub const TABLES: &str = "--original o.csv --control c.csv --anonymized a.csv";
pub const VERIFY: &str = "verify envelope.json --public-key key.pub";

/// Demo tables, keys, evidence, a log and an envelope about all of it.
pub fn signed(rows: usize, more: &str) -> Place {
    let place = demo_tables(rows, 0.2);
    ok(&place, "keygen --out key.pem");
    ok(&place, "keygen --commitment --out commitment.key");
    place.write("reident.toml", CONFIG);
    ok(&place, &format!("evaluate {TABLES} --quiet --out evidence.json --audit-log log.jsonl --actor anna {more}"));
    ok(
        &place,
        &format!(
            "sign evidence.json --key key.pem {TABLES} --commitment-key commitment.key --signed-on --audit-log log.jsonl \
             --actor anna --out envelope.json"
        ),
    );
    place
}

/// Halves, secrets, roles, kinds and neighbours that no default would give.
const CONFIG: &str = r#"
seed = 11
attacks = 120
nulls = ["?"]
suppressed = ["*", "~"]
delimiter = ","
encoding = "utf-8"
[columns.sex]
role = "ignored"
[columns.district]
kind = "categorical"
[singling_out]
columns_per_predicate = [2]
columns = ["age", "income", "diagnosis"]
predicates = 150
[linkability]
halves = [[["age", "income"], ["district"]]]
neighbors = 2
[inference]
secrets = ["diagnosis", "income"]
known = ["age", "district"]
neighbors = 3
tolerance = 0.07
"#;

#[test]
fn everything_is_verified_and_run_again_at_another_thread_count() {
    let place = signed(400, "--config reident.toml --threads 2");
    let everything = format!(
        "{VERIFY} --evidence evidence.json {TABLES} --commitment-key commitment.key --audit-log log.jsonl --actor otto \
         --rerun"
    );
    for threads in ["1", "3"] {
        let shown = ok(&place, &format!("{everything} --threads {threads}")).stdout();
        assert!(shown.contains("gave the same evidence, byte for byte"), "{shown}");
        assert!(shown.contains("13 checks passed, none failed, 0 were not made"), "{shown}");
        assert!(!shown.contains("FAILED") && !shown.contains("not checked"), "{shown}");
    }
    let nothing = ok(&place, VERIFY).stdout();
    assert!(nothing.contains("7 checks passed, none failed, 6 were not made"), "{nothing}");
    // The evidence is not asked: without a control it cannot be run again.
    let refused = finished(&place, &format!("{VERIFY} --original o.csv --anonymized a.csv --rerun"), 2).stderr();
    assert!(refused.contains("give --control"), "{refused}");

    // One line for each action, by whom, and no plain digest of original or control.
    let log = place.read("log.jsonl");
    let actions: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = actions.iter().map(|a| (a["action"].as_str().unwrap(), a["actor"].as_str().unwrap())).collect();
    assert_eq!(told, [("evaluate", "anna"), ("sign", "anna"), ("verify", "otto"), ("verify", "otto")]);
    for table in ["o.csv", "c.csv"] {
        let digest = sha256(&std::fs::read(place.path().join(table)).unwrap());
        for file in ["log.jsonl", "envelope.json", "evidence.json"] {
            assert!(!place.read(file).contains(&digest), "{table} in {file}");
        }
        assert!(!payload(&place).contains(&digest));
    }
    assert!(payload(&place).contains("\"signedOn\"") && payload(&place).contains("\"auditLog\":{\"entries\":1,"));
    assert!(log.contains("hmac-sha256:"));
    let shown = ok(&place, "log verify log.jsonl").stdout();
    let head = shown.lines().last().unwrap().strip_prefix("head ").unwrap().to_owned();
    assert!(head.starts_with("4:"));
    ok(&place, &format!("log verify log.jsonl --head {head}"));
    let cut: String = log.split_inclusive('\n').take(3).collect();
    place.write("log.jsonl", cut);
    ok(&place, "log verify log.jsonl");
    let shown = finished(&place, &format!("log verify log.jsonl --head {head}"), 5).stderr();
    assert!(shown.contains("the end was cut off"), "{shown}");
    finished(&place, "log verify log.jsonl --head 3:abc", 2);
}

#[test]
fn tables_that_are_not_those_of_the_run_are_found() {
    let place = signed(150, "--attacks 50");
    let everything = format!("{VERIFY} {TABLES} --commitment-key commitment.key --rerun");
    for (file, part) in [("o.csv", "original"), ("c.csv", "control"), ("a.csv", "release")] {
        let bytes = std::fs::read(place.path().join(file)).unwrap();
        let mut changed = bytes.clone();
        let at = changed.len() - 2;
        changed[at] ^= 1;
        place.write(file, &changed);
        let found = finished(&place, &everything, 5);
        assert!(found.stderr().contains(&format!("not verified: {part} failed")), "{}", found.stderr());
        assert!(found.stdout().contains("were not run again"), "{}", found.stdout());
        place.write(file, bytes);
    }
    // Without the secret a changed original shows in what the attacks give.
    let text = place.read("o.csv");
    let fewer: String = text.split_inclusive('\n').take(120).collect();
    place.write("o.csv", fewer);
    let found = finished(&place, &format!("{VERIFY} {TABLES} --rerun"), 5);
    assert!(found.stderr().contains("re-run failed") && found.stdout().contains("/inputs/original/rows"));
    place.write("o.csv", "age\n1\n");
    let found = finished(&place, &format!("{VERIFY} {TABLES} --rerun"), 5);
    assert!(found.stdout().contains("cannot be run again"), "{}", found.stdout());
    place.write("o.csv", text);
    ok(&place, "keygen --commitment --out other.key");
    let found = finished(&place, &format!("{VERIFY} {TABLES} --commitment-key other.key"), 5);
    assert!(found.stderr().contains("original, control failed"), "{}", found.stderr());
    assert!(found.stdout().contains("commitment key is not the one"), "{}", found.stdout());
}

#[test]
fn a_flipped_byte_is_found_wherever_it_is_and_named() {
    let place = signed(100, "--attacks 30");
    let everything =
        format!("{VERIFY} --evidence evidence.json --anonymized a.csv --audit-log log.jsonl --actor otto --quiet");
    for (file, names) in [
        ("envelope.json", &["envelope", "signature"][..]),
        ("evidence.json", &["evidence file"]),
        ("a.csv", &["release"]),
        ("log.jsonl", &["audit log"]),
    ] {
        let bytes = std::fs::read(place.path().join(file)).unwrap();
        // Positions spread over the file, first and last byte too; another bit each time.
        for step in 0..12 {
            let mut changed = bytes.clone();
            changed[step * (bytes.len() - 1) / 11] ^= 1 << (step % 7);
            place.write(file, &changed);
            let found = finished(&place, &everything, 5).stderr();
            assert!(names.iter().any(|name| found.contains(name)), "{file}, step {step}: {found}");
            assert_eq!(
                std::fs::read(place.path().join(file)).unwrap(),
                changed,
                "verify changes nothing that is broken"
            );
            if file == "log.jsonl" {
                let found = finished(&place, "log verify log.jsonl", 5).stderr();
                assert!(found.contains("line"), "{found}");
            }
        }
        place.write(file, &bytes);
    }
    ok(&place, &everything);
    // Nothing is added to a broken log, and the envelope that would not be recorded is not written.
    let log = place.read("log.jsonl").replacen("anna", "otto", 1);
    place.write("log.jsonl", &log);
    let line = "sign evidence.json --key key.pem --anonymized a.csv --out new.json --audit-log log.jsonl";
    assert!(finished(&place, line, 5).stderr().contains("line 1 was changed"));
    finished(&place, &format!("evaluate {TABLES} --quiet --out new.json --audit-log log.jsonl"), 5);
    assert_eq!((place.read("log.jsonl"), place.path().join("new.json").exists()), (log, false));
}

#[test]
fn several_signers_and_wrong_keys() {
    let place = signed(60, "--attacks 20");
    ok(&place, "keygen --out second.pem");
    ok(&place, "keygen --out stranger.pem");
    let found = finished(&place, "verify envelope.json --public-key stranger.pub", 5);
    assert!(found.stderr().contains("signature failed") && found.stdout().contains("not checked"));
    let add = "sign evidence.json --key second.pem --add-to envelope.json";
    ok(&place, &format!("{add} {TABLES} --commitment-key commitment.key"));
    assert!(finished(&place, add, 2).stderr().contains("already carries a signature"));
    for keys in ["--public-key key.pub", "--public-key second.pub", "--public-key second.pub --public-key key.pub"] {
        ok(&place, &format!("verify envelope.json {keys}"));
    }
    assert!(finished(&place, "verify envelope.json --public-key key.pem", 2).stderr().contains("private key"));
    assert!(finished(&place, "verify gone.json --public-key key.pub", 2).stderr().contains("gone.json"));
    assert!(finished(&place, "verify envelope.json", 2).stderr().contains("--public-key"));
    // A second signer signs what the files at hand say, or nothing.
    place.write("other.csv", place.read("a.csv") + "\n");
    let refused = "sign evidence.json --key stranger.pem --add-to envelope.json";
    assert!(finished(&place, &format!("{refused} --anonymized other.csv"), 5).stderr().contains("another release"));
    let swapped = "--original c.csv --control o.csv --commitment-key commitment.key";
    assert!(
        finished(&place, &format!("{refused} {swapped}"), 5).stderr().contains("not the one that was committed to")
    );
    place.write("edited.json", place.read("evidence.json").replacen("\"seed\": 0", "\"seed\": 1", 1));
    let line = "sign edited.json --key stranger.pem --add-to envelope.json";
    assert!(finished(&place, line, 5).stderr().contains("other evidence"));
    let line = "sign evidence.json --key stranger.pem --anonymized other.csv --out new.json";
    assert!(finished(&place, line, 5).stderr().contains("another release"));
}

#[test]
fn figures_that_were_changed_before_signing_do_not_survive_a_rerun() {
    let place = signed(100, "--attacks 30 --reproducible");
    let text = place.read("evidence.json");
    let mut evidence: serde_json::Value = serde_json::from_str(&text).unwrap();
    let commit = evidence["tool"]["commit"].as_str().unwrap().to_owned();
    // Figures that contradict each other would be refused; this one only says what did not happen.
    let ambiguous = evidence["attacks"][4]["main"]["ambiguous"].as_u64().unwrap();
    evidence["attacks"][4]["main"]["ambiguous"] = (ambiguous + 1).into();
    place.write("evidence.json", serde_json::to_string_pretty(&evidence).unwrap() + "\n");
    let sign = "sign evidence.json --key key.pem --anonymized a.csv --out envelope.json";
    ok(&place, sign);
    let found = finished(&place, &format!("{VERIFY} {TABLES} --rerun"), 5);
    assert!(found.stdout().contains("/attacks/4/main/ambiguous"), "{}", found.stdout());
    // Another build is said, and all the rest compared.
    place.write("evidence.json", text.replace(&commit, "0123456789"));
    ok(&place, sign);
    let shown = ok(&place, &format!("{VERIFY} {TABLES} --rerun")).stdout();
    assert!(shown.contains("program") && shown.contains("commit 0123456789"), "{shown}");
    assert!(shown.contains("byte for byte"), "{shown}");
}

#[test]
fn the_result_of_a_check_is_signed_beside_the_evidence() {
    use reident_reports::check;
    let place = signed(60, "--attacks 20");
    let evidence = reident_reports::json::read(&place.read("evidence.json")).unwrap();
    let mut result = check::check(&evidence, &check::profiles::policy("eu-wp216").unwrap());
    place.write("check.json", serde_json::to_string_pretty(&result).unwrap());
    let sign = "sign evidence.json --key key.pem --anonymized a.csv --out envelope.json --check-result check.json";
    ok(&place, &format!("{sign} --check-out check-envelope.json --audit-log log.jsonl"));
    let verify = "verify check-envelope.json --public-key key.pub --anonymized a.csv --evidence evidence.json";
    let shown = ok(&place, verify).stdout();
    assert!(shown.contains("The evidence file is the one that was tested"), "{shown}");
    place.write("evidence.json", place.read("evidence.json") + " ");
    assert!(finished(&place, verify, 5).stderr().contains("evidence file failed"));
    place.write("evidence.json", reident_reports::json::write(&evidence));
    result.subject.seed += 1;
    place.write("check.json", serde_json::to_string_pretty(&result).unwrap());
    let refused = finished(&place, &format!("{sign} --check-out other.json"), 5).stderr();
    assert!(refused.contains("other evidence") && !place.path().join("other.json").exists(), "{refused}");
    assert!(finished(&place, sign, 2).stderr().contains("--check-out"));
    place.write("check.json", "{}");
    finished(&place, &format!("{sign} --check-out other.json"), 2);
}

#[test]
fn lines_written_at_once_follow_one_another() {
    let place = signed(60, "--attacks 20");
    std::thread::scope(|scope| {
        for actor in 0..8 {
            let place = &place;
            scope.spawn(move || ok(place, &format!("{VERIFY} --quiet --audit-log log.jsonl --actor a{actor}")));
        }
    });
    assert!(ok(&place, "log verify log.jsonl").stdout().starts_with("10 entries"));
}

/// What was signed.
pub fn payload(place: &Place) -> String {
    let envelope: serde_json::Value = serde_json::from_str(&place.read("envelope.json")).unwrap();
    let digits = |byte: u8| match byte {
        b'A'..=b'Z' => u32::from(byte - b'A'),
        b'a'..=b'z' => u32::from(byte - b'a') + 26,
        b'0'..=b'9' => u32::from(byte - b'0') + 52,
        b'+' => 62,
        _ => 63,
    };
    let text = envelope["payload"].as_str().unwrap().trim_end_matches('=');
    let bytes = text.as_bytes().chunks(4).flat_map(|four| {
        let bits = four.iter().enumerate().fold(0, |bits, (at, byte)| bits | digits(*byte) << (18 - 6 * at));
        bits.to_be_bytes()[1..four.len()].to_vec()
    });
    String::from_utf8(bytes.collect()).unwrap()
}

fn sha256(bytes: &[u8]) -> String {
    reident_reports::digest::sha256(bytes)
}
