//! DSSE v1 envelopes (Dead Simple Signing Envelope: `protocol.md` and `envelope.md` of secure-systems-lab/dsse).
//!
//! The payload's bytes are signed as they are, together with their type; nothing is re-serialised, so no canonical JSON
//! is needed. Whoever reads an envelope checks a signature before looking into the payload.
//!
//! An envelope has bytes that no signature covers: white space, key ids, the spelling of Base64. So
//! [`Envelope::to_json`] writes one form only, and [`Envelope::is_own_form`] says whether a file has it; a file in
//! another form is not what `reident` wrote, though its signatures may be good.

use super::keys::{PrivateKey, PublicKey};
use base64ct::{Base64, Base64Url, Encoding};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The payload type of in-toto statements.
pub const IN_TOTO: &str = "application/vnd.in-toto+json";

/// Why a file is no envelope.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// Not JSON, a field missing, twice or of a wrong type.
    #[error("the envelope is not a DSSE envelope in JSON: {0}")]
    Json(serde_json::Error),
    /// The payload is not Base64.
    #[error("the envelope's payload is not Base64 (RFC 4648, padded, one spelling only)")]
    Payload,
    /// A signature is not Base64.
    #[error("signature {number} is not Base64 (RFC 4648, padded, one spelling only)")]
    Signature {
        /// Position in `signatures`, from 1.
        number: usize,
    },
}

/// This key's signature is already there: the same key always makes the same signature.
#[derive(Debug, Error)]
#[error("the envelope already carries a signature of key {0}")]
pub struct AlreadySigned(pub String);

/// A payload, its type and signatures over both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// What the payload is.
    pub payload_type: String,
    /// The signed bytes.
    pub payload: Vec<u8>,
    /// Signatures by one or several keys.
    pub signatures: Vec<EnvelopeSignature>,
}

/// One signature of an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvelopeSignature {
    /// Which key it claims to be from: a hint that nothing protects. Absent in some tools' envelopes.
    pub keyid: Option<String>,
    /// The signature.
    pub signature: Vec<u8>,
}

/// The envelope as JSON. Fields that DSSE does not know are skipped, as it asks; a known field that stands twice is an
/// error, so no two readers can take different values for it.
#[derive(Serialize, Deserialize)]
struct Wire {
    payload: String,
    #[serde(rename = "payloadType")]
    payload_type: String,
    signatures: Vec<WireSignature>,
}

#[derive(Serialize, Deserialize)]
struct WireSignature {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keyid: Option<String>,
    sig: String,
}

/// What is signed: type and payload with their lengths, so that neither can be taken for part of the other.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

impl Envelope {
    /// An envelope around bytes, not yet signed.
    pub fn new(payload_type: &str, payload: Vec<u8>) -> Envelope {
        Envelope { payload_type: payload_type.to_owned(), payload, signatures: Vec::new() }
    }

    /// Adds a key's signature. Signatures already there are neither checked nor changed.
    ///
    /// # Errors
    /// When there is a signature of this key's already.
    pub fn sign(&mut self, key: &PrivateKey) -> Result<(), AlreadySigned> {
        let id = key.public().id();
        if self.signatures.iter().any(|signature| signature.keyid.as_ref() == Some(&id)) {
            return Err(AlreadySigned(id));
        }
        let signature = key.sign(&pae(&self.payload_type, &self.payload)).to_vec();
        self.signatures.push(EnvelopeSignature { keyid: Some(id), signature });
        Ok(())
    }

    /// For each signature the position in `keys` of the key that made it, if it is one of them.
    ///
    /// All keys are tried: the key id is unprotected and decides nothing.
    pub fn signers(&self, keys: &[PublicKey]) -> Vec<Option<usize>> {
        let message = pae(&self.payload_type, &self.payload);
        let signer = |one: &EnvelopeSignature| keys.iter().position(|key| key.verify(&message, &one.signature));
        self.signatures.iter().map(signer).collect()
    }

    /// The envelope as its file: JSON indented by two spaces, standard Base64, a line break at the end.
    pub fn to_json(&self) -> String {
        let wire = Wire {
            payload: Base64::encode_string(&self.payload),
            payload_type: self.payload_type.clone(),
            signatures: self
                .signatures
                .iter()
                .map(|one| WireSignature { keyid: one.keyid.clone(), sig: Base64::encode_string(&one.signature) })
                .collect(),
        };
        let mut text = serde_json::to_string_pretty(&wire).expect("strings are plain JSON");
        text.push('\n');
        text
    }

    /// Reads an envelope, of this program's form or of another tool's.
    ///
    /// # Errors
    /// When the bytes are no DSSE envelope. Base64 must be padded and canonical: standard or URL-safe, without white
    /// space and without stray bits at the end.
    pub fn from_json(bytes: &[u8]) -> Result<Envelope, EnvelopeError> {
        let wire: Wire = serde_json::from_slice(bytes).map_err(EnvelopeError::Json)?;
        let signature = |(at, one): (usize, WireSignature)| {
            let signature = base64(&one.sig).ok_or(EnvelopeError::Signature { number: at + 1 })?;
            Ok(EnvelopeSignature { keyid: one.keyid.filter(|id| !id.is_empty()), signature })
        };
        Ok(Envelope {
            payload: base64(&wire.payload).ok_or(EnvelopeError::Payload)?,
            payload_type: wire.payload_type,
            signatures: wire.signatures.into_iter().enumerate().map(signature).collect::<Result<_, _>>()?,
        })
    }

    /// Whether a file is byte for byte what [`Envelope::to_json`] writes for what was read from it.
    pub fn is_own_form(&self, file: &[u8]) -> bool {
        self.to_json().as_bytes() == file
    }
}

/// Both alphabets, as DSSE asks of verifiers, but not mixed.
fn base64(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).or_else(|_| Base64Url::decode_vec(text)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pae_of_the_protocol() {
        let example = pae("http://example.com/HelloWorld", b"hello world");
        assert_eq!(example, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
        // Lengths are of bytes, not of characters.
        assert_eq!(pae("é", b""), "DSSEv1 2 é 0 ".as_bytes());
    }

    #[test]
    fn envelope_of_the_protocol() {
        let text = br#"{"payload": "aGVsbG8gd29ybGQ=",
 "payloadType": "http://example.com/HelloWorld",
 "signatures": [{"sig": "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="}]}"#;
        let envelope = Envelope::from_json(text).expect("the protocol's example");
        assert_eq!(envelope.payload, b"hello world");
        assert_eq!((envelope.signatures.len(), envelope.signatures[0].signature.len()), (1, 64));
        assert!(!envelope.is_own_form(text));
        // Made with ECDSA: no Ed25519 key can have made it.
        let key = PrivateKey::generate().expect("randomness").public();
        assert_eq!(envelope.signers(&[key]), [None]);
    }

    #[test]
    fn base64_has_one_spelling() {
        assert_eq!(base64("+/8="), base64("-_8="));
        assert!(base64("aGk=").is_some());
        // Stray bits, no padding, too much of it, white space, mixed alphabets, line break.
        for wrong in ["aGl=", "aGk", "aGk==", "aGk= ", " aGk=", "aG k", "+_8=", "aGk=\n", "aGk=aGk=", "====", "a"] {
            assert_eq!(base64(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn fields_stand_once() {
        for text in [
            r#"{"payload":"","payload":"aGk=","payloadType":"t","signatures":[]}"#,
            r#"{"payload":"","payloadType":"t","payloadType":"u","signatures":[]}"#,
            r#"{"payload":"","payloadType":"t","signatures":[],"signatures":[]}"#,
            r#"{"payload":"","payloadType":"t","signatures":[{"sig":"","sig":"aGk="}]}"#,
            r#"{"payload":"","payloadType":"t","signatures":[{"keyid":"a","keyid":"b","sig":""}]}"#,
            r#"{"payload":"","payloadType":"t"}"#,
            r#"{"payload":"","payloadType":"t","signatures":[]} x"#,
        ] {
            assert!(matches!(Envelope::from_json(text.as_bytes()), Err(EnvelopeError::Json(_))), "{text}");
        }
        // A field that DSSE does not know may stand as often as it likes: nobody reads it.
        let unknown = br#"{"x":1,"x":2,"payload":"aGk=","payloadType":"t","signatures":[]}"#;
        assert_eq!(Envelope::from_json(unknown).expect("unknown fields are skipped").payload, b"hi");
    }
}
