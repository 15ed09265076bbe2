//! Values of fields that are of another type, out of range, or at odds with another field.

use crate::edit::{Editor, plain};
use crate::typo::mistype;
use crate::workflow::StateAt;
use asl_compiler::json::Value;

/// Fields, and what they cannot be.
const MISTYPED: &[(&str, &[&str])] = &[
    ("Type", &["1", "null"]),
    ("Resource", &["5", "{}"]),
    ("Next", &["5", "null", "[]"]),
    ("End", &["\"true\"", "1", "false"]),
    ("Default", &["5", "{}"]),
    ("TimeoutSeconds", &["\"60\"", "[]", "1.5"]),
    ("HeartbeatSeconds", &["\"60\"", "{}"]),
    ("Seconds", &["\"10\"", "[]", "1.5"]),
    ("SecondsPath", &["5"]),
    ("Timestamp", &["5"]),
    ("TimestampPath", &["5"]),
    ("ResultPath", &["5", "{}", "true"]),
    ("InputPath", &["5", "{}"]),
    ("OutputPath", &["5", "{}"]),
    ("ItemsPath", &["5", "[]"]),
    ("Retry", &["{}", "\"x\"", "5"]),
    ("Catch", &["{}", "\"x\"", "5"]),
    ("Choices", &["{}", "\"x\""]),
    ("Branches", &["{}", "\"x\""]),
    ("ItemProcessor", &["[]", "\"x\""]),
    ("Iterator", &["[]", "\"x\""]),
    ("MaxConcurrency", &["\"5\"", "[]", "1.5"]),
    ("ResultSelector", &["5", "[]", "\"x\""]),
    ("Error", &["5", "[]"]),
    ("Cause", &["5", "[]"]),
    ("Comment", &["5", "[]"]),
    ("Assign", &["5", "[]"]),
    ("Label", &["5"]),
];

fn put(editor: &mut Editor<'_>, state: StateAt<'_>, field: &str, wrong: &str) {
    if let Some(value) = state.get(field) {
        editor.replace(value.span, wrong);
    }
}

pub(super) fn mistyped(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for (field, values) in MISTYPED {
            // In a state with JSONata a string can be an expression, but none of these is one.
            values.iter().for_each(|wrong| put(editor, state, field, wrong));
        }
    }
}

/// Fields, and values of the right type that they cannot have.
const OUT_OF_RANGE: &[(&str, &[&str])] = &[
    ("TimeoutSeconds", &["0", "-1", "100000000"]),
    ("HeartbeatSeconds", &["0", "-1"]),
    ("Seconds", &["-1", "100000000"]),
    ("Timestamp", &["\"tomorrow\"", "\"2026-13-01T00:00:00Z\"", "\"2026-01-01\""]),
    ("MaxConcurrency", &["-1"]),
    ("Retry", &["[5]"]),
    ("Catch", &["[{}]"]),
    ("Choices", &["[]"]),
    ("ToleratedFailurePercentage", &["101", "-1"]),
    ("ToleratedFailureCount", &["-1"]),
];

pub(super) fn out_of_range(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for (field, values) in OUT_OF_RANGE {
            values.iter().for_each(|wrong| put(editor, state, field, wrong));
        }
    }
}

/// A field, and another one that it does not go with.
const EXCLUSIVE: &[(&str, &str)] = &[
    ("Seconds", "\"Timestamp\": \"2026-01-01T00:00:00Z\""),
    ("Seconds", "\"SecondsPath\": \"$.x\""),
    ("SecondsPath", "\"Seconds\": 5"),
    ("Timestamp", "\"Seconds\": 5"),
    ("TimestampPath", "\"Seconds\": 5"),
    ("TimeoutSeconds", "\"TimeoutSecondsPath\": \"$.x\""),
    ("HeartbeatSeconds", "\"HeartbeatSecondsPath\": \"$.x\""),
    ("TimeoutSeconds", "\"HeartbeatSeconds\": 99999990"),
    ("Error", "\"ErrorPath\": \"$.x\""),
    ("Cause", "\"CausePath\": \"$.x\""),
    ("MaxConcurrency", "\"MaxConcurrencyPath\": \"$.x\""),
    (
        "Iterator",
        "\"ItemProcessor\": { \"StartAt\": \"Xyz\", \"States\": { \"Xyz\": { \"Type\": \"Succeed\" } } }",
    ),
];

/// The line of either field is right.
pub(super) fn exclusive(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for (field, other) in EXCLUSIVE {
            let Some(member) = state.value.member(field) else { continue };
            let is_there = other.split('"').nth(1).is_some_and(|name| state.get(name).is_some());
            let is_number = member.value.as_number().is_some() || !other.contains("Heartbeat");
            if !is_there && is_number {
                editor.add_member(member, other);
                let first = editor.workflow.line(member.span().start);
                if let Some(fault) = editor.faults.last_mut() {
                    fault.lines = first..=*fault.lines.end();
                }
            }
        }
    }
}

/// Words that only a few are allowed for.
pub(super) fn misspelt(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        let retriers = state.elements("Retry").iter().filter_map(|retrier| plain(retrier, "JitterStrategy"));
        let reader = state.get("ItemReader").and_then(|reader| reader.get("ReaderConfig"));
        let words = ["InputType", "CSVHeaderLocation"];
        let config =
            reader.into_iter().flat_map(|config| words.iter().filter_map(|word| plain(config, word)));
        for text in plain(state.value, "QueryLanguage").into_iter().chain(retriers).chain(config) {
            if let Some(typo) = mistype(&text.value, 3) {
                editor.rename(text, &typo);
            }
        }
    }
    for machine in editor.workflow.machines() {
        let language = machine.value.get("QueryLanguage").and_then(Value::as_text);
        if let Some((text, typo)) = language.and_then(|text| Some((text, mistype(&text.value, 3)?))) {
            editor.rename(text, &typo);
        }
        // Not a version that there ever was.
        if let Some(version) = machine.value.get("Version") {
            editor.replace(version.span, "\"2.5\"");
        }
    }
}
