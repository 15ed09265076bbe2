//! Mock configurations of Step Functions Local.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| asl_fuzzed::mock_config(bytes));
