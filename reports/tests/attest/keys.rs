//! RFC 8032 and RFC 8410 vectors, files of OpenSSL, and files that are not what was asked for.

use super::sample::{PRIVATE, PUBLIC, private, public};
use base64ct::{Base64, Encoding};
use reident_reports::attest::keys::{KeyError, PrivateKey, PublicKey};

fn bytes(hexadecimal: &str) -> Vec<u8> {
    let digits: Vec<u8> = hexadecimal.chars().map(|digit| digit.to_digit(16).expect("a digit") as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn from_seed(seed: &str) -> PrivateKey {
    let der = bytes(&format!("302e020100300506032b657004220420{seed}"));
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", Base64::encode_string(&der));
    PrivateKey::from_pem(&pem, None).expect("a PKCS#8 key")
}

/// RFC 8032, section 7.1, tests 1 to 3: seed, public key, message, signature.
const RFC_8032: [[&str; 4]; 3] = [
    [
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ],
];

#[test]
fn rfc_8032() {
    for [seed, public, message, signature] in RFC_8032 {
        let (key, message) = (from_seed(seed), bytes(message));
        let point: [u8; 32] = bytes(public).try_into().expect("32 bytes");
        assert_eq!(key.public(), PublicKey::from_bytes(&point).expect("a point"));
        assert_eq!(key.sign(&message).to_vec(), bytes(signature));
        assert!(key.public().verify(&message, &bytes(signature)));
        assert!(!key.public().verify(b"other", &bytes(signature)));
    }
}

#[test]
fn signatures_cannot_be_rewritten() {
    let [seed, _, message, signature] = RFC_8032[2];
    let key = from_seed(seed).public();
    // S + L names the same number modulo the group's order L: RFC 8032 section 5.1.7 wants S < L.
    let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut malleable = bytes(signature);
    let mut carry = 0;
    for (byte, add) in malleable[32..].iter_mut().zip(order) {
        carry += u16::from(*byte) + u16::from(add);
        *byte = carry as u8;
        carry >>= 8;
    }
    assert!(!key.verify(&bytes(message), &malleable));
    assert!(!key.verify(&bytes(message), &malleable[..63]));
    // The neutral point: with it as the key, one signature fits every message.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    assert!(matches!(PublicKey::from_bytes(&neutral), Err(KeyError::Weak)));
}

#[test]
fn rfc_8410_files() {
    assert_eq!(private().public(), public());
    assert_eq!(*private().to_pem(None).expect("plain"), PRIVATE);
    assert_eq!(public().to_pem(), PUBLIC);
    // openssl pkey -pubin -outform DER | sha256sum
    assert_eq!(public().id(), "a1e9156054e04fac899ae9f275132cdc07a5dbc4ea2c2ad3a1ffc6e0d253681f");
    // Version 2 of the format, section 10.3: with an attribute and the public key.
    let second = "-----BEGIN PRIVATE KEY-----
MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
Z9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PRIVATE KEY-----
";
    assert_eq!(PrivateKey::from_pem(second, None).expect("version 2").public(), public());
    let foreign = second.replace("Z9w7", "Z9w8");
    assert!(matches!(PrivateKey::from_pem(&foreign, None), Err(KeyError::Mismatch)));
}

#[test]
fn passphrases() {
    // openssl pkcs8 -topk8 -scrypt -passout pass:correct, OpenSSL 3.0
    let openssl = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGTME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAglbNRmRBiX1wICQAAC
AQgCAQEwHQYJYIZIAWUDBAEqBBDzIhhiG376wHeHGb+sLMWyBECyukN9X8qrc5QC
zOdbpaohiOmd9ymPonMi/YGS7eGysdpqTuU7low2ZmapI+a3855YvdzLf/e9xLQF
jiiJQB/X
-----END ENCRYPTED PRIVATE KEY-----
";
    assert_eq!(PrivateKey::from_pem(openssl, Some("correct")).expect("the passphrase").public(), public());
    let own = private().to_pem(Some("密码 correct")).expect("randomness");
    assert_eq!(PrivateKey::from_pem(&own, Some("密码 correct")).expect("the passphrase").public(), public());
    assert_ne!(*own, *private().to_pem(Some("密码 correct")).expect("randomness"), "another salt every time");
    for pem in [openssl, &own] {
        assert!(matches!(PrivateKey::from_pem(pem, Some("wrong")), Err(KeyError::WrongPassphrase)));
        assert!(matches!(PrivateKey::from_pem(pem, None), Err(KeyError::PassphraseNeeded)));
    }
    assert!(matches!(private().to_pem(Some("")), Err(KeyError::EmptyPassphrase)));
    assert!(PrivateKey::from_pem(PRIVATE, Some("not needed")).is_ok());
}

#[test]
fn wrong_files_are_named() {
    let wrong_private = |pem: &str| PrivateKey::from_pem(pem, None).expect_err("no Ed25519 key").to_string();
    let wrong_public = |pem: &str| PublicKey::from_pem(pem).expect_err("no Ed25519 key").to_string();
    assert!(wrong_private(PUBLIC).contains("this is a public key"));
    assert!(wrong_public(PRIVATE).contains("this is a private key"));
    assert!(wrong_private("").contains("no PEM key"));
    assert!(wrong_public("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5").contains("no PEM key"));
    assert!(wrong_private("-----BEGIN OPENSSH PRIVATE KEY-----\n").contains("OPENSSH PRIVATE KEY"));
    let x25519 = PRIVATE.replace("K2Vw", "K2Vu");
    assert!(wrong_private(&x25519).contains("not Ed25519 (its algorithm is 1.3.101.110)"));
    let elliptic = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEUMmCjqbysKpnPPY1SF8lM/eOYRLw
QKf55TdVkp6dKq1B7Y6fl0KatJVdcQNMle5zzmnegfGMPBsa8ohziJvR0A==
-----END PUBLIC KEY-----
";
    assert!(wrong_public(elliptic).contains("not Ed25519 (its algorithm is 1.2.840.10045.2.1)"));
    assert!(wrong_private(&PRIVATE.replace("MC4C", "MC4!")).contains("damaged"));
    // Nothing of a private key in what is shown of it or said about it.
    let damaged = PRIVATE.replace("EdVhC", "EdVh");
    for text in [format!("{:?}", private()), wrong_private(&damaged), format!("{:?}", KeyError::WrongPassphrase)] {
        assert!(!text.contains("INTuctv5") && !text.contains("d4ee72db"), "{text}");
    }
}

#[test]
fn new_keys_differ() {
    let (one, other) = (PrivateKey::generate().expect("randomness"), PrivateKey::generate().expect("randomness"));
    assert_ne!(one.public().id(), other.public().id());
    assert!(!other.public().verify(b"message", &one.sign(b"message")));
}
