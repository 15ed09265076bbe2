//! Whole definitions in JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| asl_fuzz::survive("fuzzed.asl.json", bytes));
