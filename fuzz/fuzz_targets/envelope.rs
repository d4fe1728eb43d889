//! Signed envelopes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use reident_reports::attest::verify::{Inputs, verify};

fuzz_target!(|bytes: &[u8]| {
    let nothing = Inputs { release: None, evidence: None, tables: None, log: None, rerun: None, foreign_form: true };
    drop(verify(bytes, &[], &nothing));
});
