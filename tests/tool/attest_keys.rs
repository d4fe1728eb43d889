//! Keys, passphrases, other ways of reading tables, and that no secret is ever shown.

use crate::attest::{TABLES, VERIFY, finished, ok, payload, signed};
use crate::support::{Place, demo_tables};
use std::os::unix::fs::PermissionsExt;

const PASSPHRASE: &str = "a phrase of four words";

fn mode(place: &Place, name: &str) -> u32 {
    std::fs::metadata(place.path().join(name)).unwrap().permissions().mode() & 0o777
}

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
fn secrets_that_others_can_read_are_warned_of() {
    let place = signed(60, "--attacks 20");
    std::fs::set_permissions(place.path().join("key.pem"), std::fs::Permissions::from_mode(0o644)).unwrap();
    let shown = ok(&place, "sign evidence.json --key key.pem --anonymized a.csv --out envelope.json").stderr();
    assert!(shown.contains("chmod 600 key.pem"), "{shown}");
}
