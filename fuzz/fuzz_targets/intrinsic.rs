//! Calls of intrinsic functions.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let call = asl_fuzz::quoted(&[b"States.".as_slice(), bytes].concat());
    let definition = format!(
        r#"{{ "StartAt": "A", "States": {{ "A": {{ "Type": "Pass", "Parameters": {{ "a.$": {call} }}, "End": true }} }} }}"#
    );
    asl_fuzz::survive("fuzzed.asl.json", definition.as_bytes());
});
