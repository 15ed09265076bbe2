//! Paths and reference paths, wherever a state has them.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let path = asl_fuzz::quoted(bytes);
    let definition = format!(
        r#"{{ "StartAt": "A", "States": {{
        "A": {{ "Type": "Pass", "InputPath": {path}, "Parameters": {{ "a.$": {path} }}, "ResultPath": {path}, "Next": "B" }},
        "B": {{ "Type": "Choice", "Choices": [{{ "Variable": {path}, "IsPresent": true, "Next": "C" }}], "Default": "C" }},
        "C": {{ "Type": "Succeed", "OutputPath": {path} }} }} }}"#
    );
    asl_fuzz::survive("fuzzed.asl.json", definition.as_bytes());
});
