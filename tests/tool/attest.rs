//! Keys, signatures, verification and the audit log, as users drive them.

use crate::support::{Finished, Place, demo_tables};
use std::os::unix::fs::PermissionsExt;

const PASSPHRASE: &str = "a phrase of four words";

fn ok(place: &Place, line: &str) -> Finished {
    finished(place, line, 0)
}

fn finished(place: &Place, line: &str, code: i32) -> Finished {
    let finished = place.run(&line.split_whitespace().collect::<Vec<_>>());
    assert_eq!(finished.code(), code, "{line}:\n{}{}", finished.stdout(), finished.stderr());
    finished
}

fn mode(place: &Place, name: &str) -> u32 {
    std::fs::metadata(place.path().join(name)).unwrap().permissions().mode() & 0o777
}

const TABLES: &str = "--original o.csv --control c.csv --anonymized a.csv";
const VERIFY: &str = "verify envelope.json --public-key key.pub";

/// Demo tables, keys, evidence, a log and an envelope about all of it.
fn signed(rows: usize, more: &str) -> Place {
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
fn keys_are_for_their_owner_and_never_replaced() {
    let place = Place::new();
    let shown = ok(&place, "keygen --out key.pem").stdout();
    assert_eq!((mode(&place, "key.pem"), mode(&place, "key.pub")), (0o600, 0o644));
    assert!(place.read("key.pem").starts_with("-----BEGIN PRIVATE KEY-----"));
    let secret = place.read("key.pem").lines().nth(1).unwrap().to_owned();
    assert!(shown.contains("key id ") && !shown.contains(&secret), "{shown}");
    let before = place.read("key.pem");
    for (line, expected) in [
        ("keygen --out key.pem", "key.pub is there already"),
        ("keygen --commitment --out key.pem", "key.pem is there already"),
    ] {
        let refused = finished(&place, line, 2).stderr();
        assert!(refused.contains(expected), "{refused}");
    }
    // A public key alone is enough to refuse, and no private key is left behind.
    place.write("other.pub", "");
    finished(&place, "keygen --out other.pem", 2);
    assert_eq!((place.read("key.pem"), place.read("other.pub")), (before, String::new()));
    let shown = ok(&place, "keygen --commitment --out commitment.key").stdout();
    assert_eq!((mode(&place, "commitment.key"), place.read("commitment.key").len()), (0o600, 65));
    assert!(!shown.contains(place.read("commitment.key").trim()), "{shown}");
    assert_eq!(place.files(), ["commitment.key", "key.pem", "key.pub", "other.pub"]);
    finished(&place, "keygen --commitment --passphrase-env X --out k", 2);
    assert!(finished(&place, "keygen --out none/key.pem", 2).stderr().contains("none/key.pem"));
}

#[test]
fn a_passphrase_is_asked_of_the_environment() {
    let place = demo_tables(60, 0.2);
    let run = |line: &str, variables: &[(&str, &str)]| {
        place.run_with(&line.split_whitespace().collect::<Vec<_>>(), variables)
    };
    let made = run("keygen --out key.pem --passphrase-env PHRASE", &[("PHRASE", PASSPHRASE)]);
    assert_eq!(made.code(), 0, "{}", made.stderr());
    assert!(place.read("key.pem").starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    ok(&place, &format!("evaluate {TABLES} --attacks 20 --quiet --out evidence.json"));
    let sign = "sign evidence.json --anonymized a.csv --out envelope.json";
    let pem = place.read("key.pem");
    let with = |more: &str, phrase: &str| run(&format!("{sign} {more}"), &[("PHRASE", phrase), ("PEM", &pem)]);
    for (more, phrase, expected) in [
        ("--key key.pem --passphrase-env PHRASE", "wrong", "the passphrase does not open the private key"),
        ("--key-env PEM --passphrase-env PHRASE", "wrong", "the passphrase does not open the private key"),
        ("--key key.pem", PASSPHRASE, "protected by a passphrase, and none was given"),
        ("--key key.pem --passphrase-env NOT_SET", PASSPHRASE, "NOT_SET is not set"),
        ("--key-env NOT_SET", PASSPHRASE, "NOT_SET is not set"),
        ("--key key.pub", PASSPHRASE, "this is a public key"),
        ("--key a.csv", PASSPHRASE, "no PEM key"),
    ] {
        let refused = with(more, phrase);
        assert_eq!(refused.code(), 2, "{more}: {}", refused.stderr());
        assert!(refused.stderr().contains(expected), "{more}: {}", refused.stderr());
        assert!(!refused.stderr().contains(PASSPHRASE) && !refused.stderr().contains("wrong"), "{}", refused.stderr());
        assert!(!place.files().contains(&"envelope.json".to_owned()));
    }
    let mut envelopes = Vec::new();
    for more in ["--key key.pem --passphrase-env PHRASE", "--key-env PEM --passphrase-env PHRASE"] {
        assert_eq!(with(more, PASSPHRASE).code(), 0);
        envelopes.push(place.read("envelope.json"));
    }
    assert_eq!(envelopes[0], envelopes[1], "without a time, the same key gives the same envelope");
    assert!(ok(&place, VERIFY).stdout().contains("verified:"));
    // An empty passphrase protects nothing, and nothing is written.
    let refused = run("keygen --out bare.pem --passphrase-env PHRASE", &[("PHRASE", "")]);
    assert_eq!((refused.code(), place.path().join("bare.pem").exists()), (2, false), "{}", refused.stderr());
}

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
fn defaults_and_keys_of_records_are_run_again_too() {
    let place = signed(150, "--attacks 50");
    assert!(ok(&place, &format!("{VERIFY} {TABLES} --rerun --threads 1")).stdout().contains("byte for byte"));
    // A release with intervals and suppressed cells, a record key, no control, in another encoding and delimiter.
    let place = Place::new();
    let table = |release: bool| -> Vec<u8> {
        let row = |at: u32| match (release, at % 5) {
            (true, 0) => format!("{at};20-30;*\n"),
            (_, place) => format!("{at};{};北{place}\n", 20 + at % 9),
        };
        let text = format!("id;age;城市\n{}", (0..60).map(row).collect::<String>());
        // GB18030 of the few characters here; everything else is ASCII.
        text.chars()
            .flat_map(|character| match character {
                '北' => vec![0xb1, 0xb1],
                '城' => vec![0xb3, 0xc7],
                '市' => vec![0xca, 0xd0],
                ascii => vec![ascii as u8],
            })
            .collect()
    };
    place.write("o.csv", table(false));
    place.write("a.csv", table(true));
    place.write("reident.toml", "[columns.id]\nrole = \"record_key\"\n[columns.\"城市\"]\nrole = \"secret\"\n");
    ok(&place, "keygen --out key.pem");
    for (name, reading) in [("fixed", "--encoding gb18030 --delimiter ;"), ("found", "")] {
        let tables = "--original o.csv --anonymized a.csv";
        ok(&place, &format!("evaluate {tables} --config reident.toml {reading} -q --out evidence.json"));
        assert_eq!(place.read("evidence.json").contains("\"encoding\": \"gb18030\""), name == "fixed");
        ok(&place, "sign evidence.json --key key.pem --anonymized a.csv --out envelope.json");
        // Elsewhere the files have other names: nothing in the evidence may depend on them.
        for file in ["o.csv", "a.csv"] {
            std::fs::copy(place.path().join(file), place.path().join(format!("copy-{file}"))).unwrap();
        }
        let again = "--original copy-o.csv --anonymized copy-a.csv --rerun --threads 3";
        assert!(ok(&place, &format!("{VERIFY} {again}")).stdout().contains("byte for byte"), "{name}");
    }
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
    // A second signer signs what he has before him, or nothing.
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
    evidence["attacks"][4]["main"]["successes"] = 0.into();
    place.write("evidence.json", serde_json::to_string_pretty(&evidence).unwrap() + "\n");
    let sign = "sign evidence.json --key key.pem --anonymized a.csv --out envelope.json";
    ok(&place, sign);
    let found = finished(&place, &format!("{VERIFY} {TABLES} --rerun"), 5);
    assert!(found.stdout().contains("/attacks/4/main/successes"), "{}", found.stdout());
    // Another build is said, and all the rest compared.
    place.write("evidence.json", text.replace(&commit, "0123456789"));
    ok(&place, sign);
    let shown = ok(&place, &format!("{VERIFY} {TABLES} --rerun")).stdout();
    assert!(shown.contains("program") && shown.contains("commit 0123456789"), "{shown}");
    assert!(shown.contains("byte for byte"), "{shown}");
}

#[test]
fn neither_values_nor_keys_are_in_any_output() {
    let place = Place::new();
    let markers = ["Zyxomma", "271828182", "Quagga", "31415926", "Wisent", "16180339"];
    for (name, at) in [("o.csv", 0), ("a.csv", 2), ("c.csv", 4)] {
        let rows: String = (0..40).map(|row| format!("w{},{}\n", row % 7, row * 3)).collect();
        place.write(name, format!("word,number\n{rows}{},{}\n", markers[at], markers[at + 1]));
    }
    ok(&place, "keygen --out key.pem");
    ok(&place, "keygen --commitment --out commitment.key");
    ok(
        &place,
        &format!("evaluate {TABLES} --quiet --out evidence.json --audit-log log.jsonl --allow-overlapping-control"),
    );
    let mut shown = Vec::new();
    let mut run = |line: &str, code: i32| {
        let finished = finished(&place, line, code);
        shown.push(finished.stdout() + &finished.stderr());
    };
    let tables = format!("{TABLES} --commitment-key commitment.key --audit-log log.jsonl");
    run(&format!("sign evidence.json --key key.pem {tables} --out envelope.json"), 0);
    run(&format!("{VERIFY} {tables} --rerun"), 0);
    place.write("o.csv", place.read("o.csv").replace("w1,3", &format!("w1,{},{}", markers[0], markers[1])));
    run(&format!("{VERIFY} {tables} --rerun"), 5);
    run(&format!("{VERIFY} {TABLES} --rerun"), 5);
    run("verify key.pem --public-key key.pub", 5);
    run("verify envelope.json --public-key commitment.key", 2);
    run(&format!("{VERIFY} {TABLES} --commitment-key key.pem"), 2);
    run("sign evidence.json --key commitment.key --anonymized a.csv --out x.json", 2);
    run("sign key.pem --key key.pem --anonymized a.csv --out x.json", 2);
    run("log verify key.pem", 5);
    shown.extend(["evidence.json", "envelope.json", "log.jsonl"].map(|name| place.read(name)));
    shown.push(payload(&place));
    let pem = place.read("key.pem").lines().nth(1).unwrap().to_owned();
    let secret = place.read("commitment.key").trim().to_owned();
    for output in &shown {
        for marker in markers.iter().copied().chain([pem.as_str(), secret.as_str()]) {
            assert!(!output.contains(marker), "{marker} in {output}");
        }
    }
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
fn secrets_that_others_can_read_are_warned_of() {
    let place = signed(60, "--attacks 20");
    std::fs::set_permissions(place.path().join("key.pem"), std::fs::Permissions::from_mode(0o644)).unwrap();
    let shown = ok(&place, "sign evidence.json --key key.pem --anonymized a.csv --out envelope.json").stderr();
    assert!(shown.contains("chmod 600 key.pem"), "{shown}");
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
fn payload(place: &Place) -> String {
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
    reident_reports::attest::digest::sha256(bytes)
}
