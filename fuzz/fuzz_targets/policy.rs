//! Policies.

#![no_main]

use libfuzzer_sys::fuzz_target;
use reident_reports::check::policy::Policy;

fuzz_target!(|bytes: &[u8]| drop(Policy::parse(&String::from_utf8_lossy(bytes), "policy.toml")));
