//! JSONata expressions.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let expression = asl_fuzz::quoted(&[b"{%".as_slice(), bytes, b"%}"].concat());
    let definition = format!(
        r#"{{ "QueryLanguage": "JSONata", "StartAt": "A", "States": {{ "A": {{ "Type": "Pass", "Output": {expression}, "End": true }} }} }}"#
    );
    asl_fuzz::survive("fuzzed.asl.json", definition.as_bytes());
});
