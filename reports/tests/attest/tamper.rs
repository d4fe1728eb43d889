//! Any byte, changed in any way: found, and the part named.

use super::sample::*;
use proptest::prelude::*;
use reident_reports::attest::keys::PrivateKey;
use reident_reports::attest::report::{Part, Report};
use reident_reports::attest::verify::{Inputs, verify};
use reident_reports::digest::Digests;

fn flipped(bytes: &[u8], at: prop::sample::Index, flip: u8) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = at.index(bytes.len());
    bytes[at] ^= flip;
    bytes
}

fn first_failure(report: &Report) -> Option<Part> {
    report.failures().next().map(|check| check.part)
}

fn fails_at(report: &Report, parts: &[Part]) -> Result<(), TestCaseError> {
    let found = first_failure(report);
    prop_assert!(!report.ok(), "nothing was found");
    prop_assert!(found.is_some_and(|part| parts.contains(&part)), "{:?}", report.checks);
    Ok(())
}

/// The positions that a random one may miss, at the commonest accident: one bit.
#[test]
fn every_byte_of_the_envelope() {
    let (whole, keys) = (envelope().into_bytes(), [public()]);
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        let report = verify(&changed, &keys, &Inputs::default());
        let found = first_failure(&report);
        assert!(matches!(found, Some(Part::Envelope | Part::Signature)), "byte {at}: {report:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn envelope_byte(at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let report = verify(&flipped(envelope().as_bytes(), at, flip), &[public()], &Inputs::default());
        fails_at(&report, &[Part::Envelope, Part::Signature])?;
        // What nobody vouches for is not handed on.
        prop_assert!(report.evidence.is_none() || !report.signers.is_empty());
    }

    #[test]
    fn envelope_of_two_signers(at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let second = PrivateKey::generate().expect("randomness");
        let file = signed(payload(), &[&private(), &second]).to_json();
        let report = verify(&flipped(file.as_bytes(), at, flip), &[public(), second.public()], &Inputs::default());
        fails_at(&report, &[Part::Envelope, Part::Signature])?;
    }

    #[test]
    fn envelope_cut_or_grown(at in any::<prop::sample::Index>(), byte: u8) {
        let whole = envelope().into_bytes();
        let at = at.index(whole.len());
        prop_assert!(!verify(&whole[..at], &[public()], &Inputs::default()).ok());
        let mut grown = whole;
        grown.insert(at, byte);
        fails_at(&verify(&grown, &[public()], &Inputs::default()), &[Part::Envelope, Part::Signature])?;
    }

    /// By somebody who has the key: the signature fits, the digest does not.
    #[test]
    fn evidence_inside_signed_again(at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let (whole, inside) = (payload(), evidence_text());
        let inside = inside.trim_end().as_bytes();
        let start = whole.windows(inside.len()).position(|window| window == inside).expect("the evidence as it is");
        let mut changed = whole.clone();
        changed[start..start + inside.len()].copy_from_slice(&flipped(inside, at, flip));
        let report = verify(signed(changed, &[&private()]).to_json().as_bytes(), &[public()], &Inputs::default());
        fails_at(&report, &[Part::Statement, Part::EvidenceSchema, Part::EvidenceDigest])?;
        if first_failure(&report) == Some(Part::EvidenceSchema) {
            prop_assert!(report.failures().any(|check| check.part == Part::EvidenceDigest));
        }
    }

    #[test]
    fn evidence_file_byte(at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let file = flipped(evidence_text().as_bytes(), at, flip);
        let beside = Inputs { evidence: Some(&file), ..Inputs::default() };
        fails_at(&verify(envelope().as_bytes(), &[public()], &beside), &[Part::EvidenceFile])?;
        let again = Inputs { rerun: Some(&file), ..Inputs::default() };
        fails_at(&verify(envelope().as_bytes(), &[public()], &again), &[Part::Rerun])?;
    }

    #[test]
    fn table_byte(at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let release = Digests::of(&flipped(RELEASE, at, flip));
        let changed = Inputs { release: Some(&release), ..Inputs::default() };
        fails_at(&verify(envelope().as_bytes(), &[public()], &changed), &[Part::Release])?;
        for (part, original, control) in [
            (Part::Original, flipped(ORIGINAL, at, flip), CONTROL.to_vec()),
            (Part::Control, ORIGINAL.to_vec(), flipped(CONTROL, at, flip)),
        ] {
            let tables = reident_reports::attest::commitment::Commitments::of(&commitment_key(), &original, Some(&control));
            let changed = Inputs { tables: Some(&tables), ..Inputs::default() };
            fails_at(&verify(envelope().as_bytes(), &[public()], &changed), &[part])?;
        }
    }

    #[test]
    fn log_byte(at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let log = flipped(log_text().as_bytes(), at, flip);
        let changed = Inputs { log: Some(&log), ..Inputs::default() };
        fails_at(&verify(envelope().as_bytes(), &[public()], &changed), &[Part::AuditLog])?;
    }
}
