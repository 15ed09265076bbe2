//! Mock configurations of Step Functions Local.

use crate::histories::order;
use asl_runtime::Value;
use asl_runtime::test::{Case, MockConfig};

/// Reads a text as a mock configuration, and runs its test cases: each is refused, or ends.
pub fn mock_config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(config) = MockConfig::from_json("MockConfigFile.json", &text) else { return };
    for (_, name, states) in config.test_cases().take(10) {
        let is_function = |state: &str| state == "Charge";
        let mocks = config.mocks(name, is_function);
        if let Ok(mocks) = config.mocks_of(states, is_function) {
            run(serde_json::json!({ "mocks": mocks }));
        }
        if let Ok(mocks) = mocks {
            run(serde_json::json!({ "mocks": mocks, "input": { "items": [1, 2] } }));
        }
    }
}

fn run(case: serde_json::Value) {
    let Ok(case) = Value::from_serialize(&case) else { return };
    let Ok(case) = Case::from_json(&case) else { return };
    // What is not written as it should be is refused.
    let _ = crate::done(case.run::<order::Machine>());
}
