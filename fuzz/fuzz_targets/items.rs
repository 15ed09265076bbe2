//! Files of items of distributed Maps.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| asl_fuzzed::items(bytes));
