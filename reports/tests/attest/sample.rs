//! One small evaluation and all that belongs to it.

use reident_reports::attest::commitment::{CommitmentKey, Commitments};
use reident_reports::attest::dsse::{Envelope, IN_TOTO};
use reident_reports::attest::keys::{PrivateKey, PublicKey};
use reident_reports::attest::log::{self, Entry, Item};
use reident_reports::attest::statement::{Extras, Subject, evidence_statement};
use reident_reports::digest::Digests;
use reident_reports::evidence::*;
use reident_reports::json;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The private key of RFC 8410, section 10.3.
pub const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
";
/// Its public key, section 10.1.
pub const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
";

pub const RELEASE: &[u8] = b"age,city\n30-39,A*\n40-49,B*\n";
pub const ORIGINAL: &[u8] = b"age,city\n34,Aachen\n47,Bonn\n";
pub const CONTROL: &[u8] = b"age,city\n35,Ahlen\n41,Bern\n";

pub fn private() -> PrivateKey {
    PrivateKey::from_pem(PRIVATE, None).expect("the key of RFC 8410")
}

pub fn public() -> PublicKey {
    PublicKey::from_pem(PUBLIC).expect("the key of RFC 8410")
}

pub fn commitment_key() -> CommitmentKey {
    CommitmentKey::from_text(&"5a".repeat(32)).expect("64 digits")
}

pub fn commitments() -> Commitments {
    Commitments::of(&commitment_key(), ORIGINAL, Some(CONTROL))
}

pub fn tool() -> Tool {
    Tool { name: "reident".to_owned(), version: "0.1.0".to_owned(), commit: "unknown".to_owned() }
}

pub fn evidence() -> Evidence {
    let shape = |sha256| TableShape { rows: 2, columns: 2, sha256 };
    let column = |name: &str, kind: &str| ColumnShape {
        name: name.to_owned(),
        kind: kind.to_owned(),
        missing_original: 0,
        missing_anonymized: 0,
        generalized: 2,
        comparable: None,
    };
    Evidence {
        schema: SCHEMA.to_owned(),
        format: FORMAT,
        tool: tool(),
        inputs: Inputs {
            original: shape(None),
            anonymized: shape(Some(Digests::of(RELEASE).sha256)),
            control: Some(shape(None)),
            columns: vec![column("age", "numeric"), column("city/区", "categorical")],
            not_released: vec![],
            only_released: vec![],
            overlap: Some(Overlap { shared: 0, expected_at_most: 0.1 + 0.2, beyond_chance: false }),
            control_checks: Vec::new(),
            earlier: Vec::new(),
            population: None,
            blank_rows: None,
        },
        settings: Settings {
            seed: 7,
            only: vec![AttackKind::SinglingOut],
            predicates: 2000,
            // Read without the feature float_roundtrip of serde_json, this number comes out as its neighbour.
            tolerance: 0.9073038322028689,
            nulls: vec!["NA".to_owned()],
            groups: None,
            ..Settings::default()
        },
        // Two records hold nothing that stands alone: a result, and evidence without an attacker is none.
        attacks: vec![Attack {
            attack: AttackKind::SinglingOut,
            attacker: Attacker::Univariate { columns: [0, 1].into_iter().collect(), predicates: 2000 },
            main: None,
            control: None,
            nonmember: None,
            baseline: None,
            risk: None,
            status: Status::Infeasible,
            apart: None,
            groups: Vec::new(),
            detail: Detail::SinglingOut { exist: None, persons: None },
            warnings: vec![],
        }],
        headline: BTreeMap::from([(
            AttackKind::SinglingOut,
            Headline {
                risk: None,
                interval: None,
                attacker: None,
                attackers_tried: 1,
                infeasible: 1,
                undetermined: 0,
                apart: 0,
                contradicted: 0,
                broken: false,
                status: Status::Infeasible,
            },
        )]),
        measures: vec![],
        findings: vec![],
        calibration: None,
        warnings: vec![],
        run: None,
        unknown: vec![],
    }
}

pub fn evidence_text() -> String {
    static TEXT: LazyLock<String> = LazyLock::new(|| json::write(&evidence()));
    TEXT.clone()
}

pub fn subject() -> Subject {
    Subject { name: Some("release.csv".to_owned()), digest: Digests::of(RELEASE) }
}

pub fn payload() -> Vec<u8> {
    let head = log::verify(log_text().as_bytes(), None).expect("a whole log");
    let extras = Extras { commitments: Some(commitments()), audit_log: Some(head), signed_on: None };
    evidence_statement(subject(), &evidence_text(), tool(), extras).expect("evidence of the release")
}

pub fn signed(payload: Vec<u8>, keys: &[&PrivateKey]) -> Envelope {
    let mut envelope = Envelope::new(IN_TOTO, payload);
    keys.iter().for_each(|key| envelope.sign(key).expect("a new key"));
    envelope
}

pub fn envelope() -> String {
    static FILE: LazyLock<String> = LazyLock::new(|| signed(payload(), &[&private()]).to_json());
    FILE.clone()
}

pub fn entry(number: u64) -> Entry {
    Entry {
        time: format!("2026-01-02T03:04:{number:02}Z"),
        actor: "auditor".to_owned(),
        action: "evaluate".to_owned(),
        parameters_sha256: Digests::of(b"parameters").sha256,
        inputs: vec![
            Item { name: "release.csv".to_owned(), digest: Some(format!("sha256:{}", Digests::of(RELEASE).sha256)) },
            Item { name: "original".to_owned(), digest: None },
        ],
        outputs: vec![Item { name: "evidence.json".to_owned(), digest: None }],
    }
}

pub fn log_text() -> String {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        (1..=5).fold(String::new(), |text, number| {
            let line = log::append(text.as_bytes(), entry(number)).expect("a whole log");
            text + &line
        })
    });
    TEXT.clone()
}
