//! Templates with definitions, in YAML or JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| asl_fuzz::survive_each("fuzzed.yaml", bytes));
