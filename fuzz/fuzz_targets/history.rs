//! Histories of executions that are run again.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| asl_fuzzed::history(bytes));
