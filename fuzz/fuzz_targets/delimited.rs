//! Delimited text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use reident::input::untrusted;

fuzz_target!(|bytes: &[u8]| untrusted::delimited_text(bytes));
