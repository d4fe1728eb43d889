//! Configuration files.

#![no_main]

use libfuzzer_sys::fuzz_target;
use reident::settings::config::Config;

fuzz_target!(|bytes: &[u8]| drop(Config::parse(&String::from_utf8_lossy(bytes))));
