//! Evidence.

#![no_main]

use libfuzzer_sys::fuzz_target;
use reident_reports::json;

fuzz_target!(|bytes: &[u8]| drop(json::read(&String::from_utf8_lossy(bytes))));
