//! Executions of machines that came of chance, with any answers.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| asl_fuzzed::execution(bytes));
