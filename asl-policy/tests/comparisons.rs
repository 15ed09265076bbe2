//! Policies against definitions, from outside of this project: what lacks, what is conditional and what is broader, case by case.
//!
//! The cases are in `../shared/conformance/permissions/compare` where that folder is beside the workspace.

#![expect(clippy::expect_used, reason = "a test that cannot set its scene fails")]

use asl_compiler::diagnostic::Diagnostics;
use asl_compiler::json;
use asl_compiler::source::SourceFile;
use asl_policy::{Granted, MachinePlace, Settings, Verdict, compare, policy};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

/// Says why nothing was tested, past the test harness, which hides what a test that passes prints.
fn skipped(reason: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}

#[test]
fn policies_are_judged_as_iam_judges_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance/permissions/compare");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        skipped(&format!("there is no folder `{}`", folder.display()));
        return;
    };
    let mut wrong = Vec::new();
    for entry in entries {
        let path = entry.expect("a file").path();
        let case: Value = serde_json::from_str(&std::fs::read_to_string(&path).expect("text")).expect("JSON");
        let found = judged(&case);
        let expected = ["lacking", "conditional", "broader"].map(|kind| actions(&case["expect"][kind]));
        if found != expected {
            wrong.push(format!("{}: {found:?}, not {expected:?}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn actions(list: &Value) -> BTreeSet<String> {
    list.as_array().into_iter().flatten().filter_map(|action| action.as_str().map(str::to_owned)).collect()
}

fn judged(case: &Value) -> [BTreeSet<String>; 3] {
    let options: Vec<_> =
        case["options"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let option = |name: &str| {
        options.iter().skip_while(|option| **option != name).nth(1).map(|value| (*value).to_owned())
    };
    let place = MachinePlace {
        partition: option("--partition"),
        region: option("--region"),
        account: option("--account"),
        name: option("--name"),
    };
    let source = SourceFile::new("machine.asl.json", case["definition"].to_string());
    let definition = json::parse(&source, &mut Diagnostics::default()).expect("JSON");
    let needed = policy(&definition, Settings::default());
    let comparison = compare(&needed, &place, Granted { policies: Some(&case["policy"]), boundary: None });
    let names = |verdicts: &[Verdict]| verdicts.iter().map(|verdict| verdict.action.clone()).collect();
    [names(&comparison.lacking), names(&comparison.conditional), comparison.broader.into_keys().collect()]
}
