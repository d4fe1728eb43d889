//! Ed25519 keys (RFC 8032) and their files.
//!
//! Private keys are PKCS#8 PEM (RFC 5958, RFC 8410), with a passphrase `EncryptedPrivateKeyInfo` by PBES2 with scrypt
//! and AES-256-CBC (RFC 8018, RFC 7914). scrypt runs at N = 2^14, r = 8, p = 1: weaker than what is advised for
//! passwords today, but OpenSSL reads no costlier file without being told, and a key that other tools cannot read is
//! not the holder's own. Public keys are `SubjectPublicKeyInfo` PEM. `openssl pkey` reads and writes all of them.
//!
//! The file of a private key must be readable by its owner only (mode 0600, created with that mode and not over an
//! existing file): the caller writes the file, so the caller sees to it.

use crate::digest;
use ed25519_dalek::pkcs8::spki::{DecodePublicKey, EncodePublicKey};
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes, PublicKeyBytes};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use pkcs8::{EncryptedPrivateKeyInfoRef, LineEnding, SecretDocument};
use std::fmt;
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

/// Why a key could not be made or read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The operating system gave no randomness.
    #[error("no randomness from the operating system: {0}")]
    Randomness(getrandom::Error),
    /// There is no PEM block.
    #[error("there is no PEM key: no line `-----BEGIN …-----`")]
    NotPem,
    /// A PEM block of another kind.
    #[error("the PEM block is `{found}`, but a {expected} is needed")]
    Label {
        /// What was asked for.
        expected: &'static str,
        /// The label found.
        found: String,
    },
    /// A private key was given where a public one belongs.
    #[error("this is a private key; give the public one here, and keep this file to yourself")]
    PrivateGiven,
    /// A public key was given where a private one belongs.
    #[error("this is a public key; signing needs the private one")]
    PublicGiven,
    /// The private key is encrypted and no passphrase was given.
    #[error("the private key is protected by a passphrase, and none was given")]
    PassphraseNeeded,
    /// The passphrase does not open the private key.
    #[error("the passphrase does not open the private key (or its encrypted part is damaged)")]
    WrongPassphrase,
    /// An empty passphrase for a new key.
    #[error("an empty passphrase protects nothing: give one, or ask for a key without")]
    EmptyPassphrase,
    /// A key of another algorithm.
    #[error("the key is not Ed25519 (its algorithm is {0})")]
    NotEd25519(String),
    /// The block's content is damaged.
    #[error("the key is damaged: {0}")]
    Damaged(String),
    /// The public key in the private key's file belongs to another private key.
    #[error("the private key's file names a public key that is not its own")]
    Mismatch,
    /// A public key for which anybody can make signatures.
    #[error("the public key has small order: anybody could sign for it")]
    Weak,
}

/// A key that signs. Wiped from memory when dropped; never shown by `Debug`.
pub struct PrivateKey(SigningKey);

impl PrivateKey {
    /// A new key from the operating system's randomness.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn generate() -> Result<PrivateKey, KeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut()).map_err(KeyError::Randomness)?;
        Ok(PrivateKey(SigningKey::from_bytes(&seed)))
    }

    /// Reads a PKCS#8 PEM private key. A passphrase that an unprotected key does not need is not looked at.
    ///
    /// # Errors
    /// When the text is no private Ed25519 key or the passphrase is missing or wrong.
    pub fn from_pem(pem: &str, passphrase: Option<&str>) -> Result<PrivateKey, KeyError> {
        let pem = pem.trim();
        let mut pair = match label(pem)? {
            "PRIVATE KEY" => KeypairBytes::from_pkcs8_pem(pem).map_err(damaged)?,
            "ENCRYPTED PRIVATE KEY" => open(pem, passphrase.ok_or(KeyError::PassphraseNeeded)?)?,
            "PUBLIC KEY" => return Err(KeyError::PublicGiven),
            found => return Err(KeyError::Label { expected: "PKCS#8 `PRIVATE KEY`", found: found.to_owned() }),
        };
        let key = SigningKey::try_from(&pair);
        pair.secret_key.zeroize();
        key.map(PrivateKey).map_err(|_| KeyError::Mismatch)
    }

    /// The key as PKCS#8 PEM, encrypted when a passphrase is given.
    ///
    /// Version 1 of the format, without the public key: OpenSSL 3.0 does not read version 2.
    ///
    /// # Errors
    /// When the passphrase is empty or the operating system has no randomness for the salt.
    pub fn to_pem(&self, passphrase: Option<&str>) -> Result<Zeroizing<String>, KeyError> {
        let mut pair = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        let pem = match passphrase {
            None => pair.to_pkcs8_pem(LineEnding::LF).map_err(damaged),
            Some("") => Err(KeyError::EmptyPassphrase),
            Some(passphrase) => pair.to_pkcs8_encrypted_pem(passphrase, LineEnding::LF).map_err(damaged),
        };
        pair.secret_key.zeroize();
        pem
    }

    /// The key that checks this one's signatures.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs a message (PureEdDSA: the same message always gives the same signature).
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PrivateKey(of {})", self.public().id())
    }
}

/// A key that checks signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo` PEM public key.
    ///
    /// # Errors
    /// When the text is no public Ed25519 key, or one for which anybody could sign.
    pub fn from_pem(pem: &str) -> Result<PublicKey, KeyError> {
        let pem = pem.trim();
        match label(pem)? {
            "PUBLIC KEY" => {}
            "PRIVATE KEY" | "ENCRYPTED PRIVATE KEY" => return Err(KeyError::PrivateGiven),
            found => return Err(KeyError::Label { expected: "`PUBLIC KEY`", found: found.to_owned() }),
        }
        let bytes = PublicKeyBytes::from_public_key_pem(pem).map_err(|error| damaged(error.into()))?;
        PublicKey::from_bytes(bytes.as_ref())
    }

    /// Reads the 32 bytes of RFC 8032.
    ///
    /// # Errors
    /// When they are no point of the curve, or one of small order.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<PublicKey, KeyError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|error| KeyError::Damaged(error.to_string()))?;
        if key.is_weak() { Err(KeyError::Weak) } else { Ok(PublicKey(key)) }
    }

    /// The key as `SubjectPublicKeyInfo` PEM.
    pub fn to_pem(&self) -> String {
        PublicKeyBytes(self.0.to_bytes()).to_public_key_pem(LineEnding::LF).expect("32 bytes always encode")
    }

    /// The key's name: SHA-256 of its `SubjectPublicKeyInfo` in DER, hexadecimal.
    ///
    /// `openssl pkey -pubin -in KEY -outform DER | sha256sum` gives the same.
    pub fn id(&self) -> String {
        let der = PublicKeyBytes(self.0.to_bytes()).to_public_key_der().expect("32 bytes always encode");
        digest::sha256(der.as_bytes())
    }

    /// Whether the signature is this key's of the message.
    ///
    /// By the strict rules, where no signature can be changed into another valid one (Chalkias, Garillot, Nikolaenko,
    /// "Taming the many EdDSAs", 2020).
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}

/// Decrypts a private key.
fn open(pem: &str, passphrase: &str) -> Result<KeypairBytes, KeyError> {
    let document = SecretDocument::from_pem(pem).map_err(|error| damaged(error.into()))?.1;
    let sealed = EncryptedPrivateKeyInfoRef::try_from(document.as_bytes()).map_err(damaged)?;
    let opened = sealed.decrypt(passphrase).map_err(|error| match error {
        pkcs8::Error::EncryptedPrivateKey(
            unsupported @ (pkcs8::pkcs5::Error::UnsupportedAlgorithm { .. }
            | pkcs8::pkcs5::Error::AlgorithmParametersInvalid { .. }),
        ) => KeyError::Damaged(unsupported.to_string()),
        _ => KeyError::WrongPassphrase,
    })?;
    KeypairBytes::from_pkcs8_der(opened.as_bytes()).map_err(|error| match damaged(error) {
        // A wrong passphrase shows as bad padding or, once in 256, as garbage that is no key.
        KeyError::Damaged(_) => KeyError::WrongPassphrase,
        other => other,
    })
}

/// The label of the text's first PEM block.
fn label(pem: &str) -> Result<&str, KeyError> {
    let line = pem.lines().next().unwrap_or_default().trim_end();
    line.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----")).ok_or(KeyError::NotPem)
}

/// Names what is wrong with a key's block.
fn damaged(error: pkcs8::Error) -> KeyError {
    match error {
        pkcs8::Error::PublicKey(pkcs8::spki::Error::OidUnknown { oid }) => KeyError::NotEd25519(oid.to_string()),
        other => KeyError::Damaged(other.to_string()),
    }
}
