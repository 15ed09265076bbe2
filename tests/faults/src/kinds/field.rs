//! Fields that are misspelt, missing or not of the state they are in.

use crate::edit::Editor;
use crate::typo::{mistype, other_case};
use crate::workflow::StateAt;
use asl_compiler::json::{Member, Value};

fn misspell(editor: &mut Editor<'_>, members: &[Member]) {
    for member in members.iter().filter(|member| member.name() != "Comment") {
        if let Some(typo) = mistype(member.name(), 1) {
            editor.rename(&member.key, &typo);
        }
    }
}

fn members(value: &Value) -> &[Member] {
    value.as_object().unwrap_or_default()
}

pub(super) fn misspelt(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        misspell(editor, state.members());
    }
}

pub(super) fn in_other_case(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for member in state.members() {
            editor.rename(&member.key, &other_case(member.name()));
        }
    }
}

pub(super) fn of_handler_misspelt(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        state.handlers().for_each(|handler| misspell(editor, members(handler)));
    }
}

pub(super) fn of_rule_misspelt(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        state.choice_rules().into_iter().for_each(|rule| misspell(editor, members(rule)));
    }
}

pub(super) fn of_machine_misspelt(editor: &mut Editor<'_>) {
    for machine in editor.workflow.machines() {
        misspell(editor, members(machine.value));
    }
}

/// In the objects of a Map that are not template.
pub(super) fn of_map_misspelt(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Map") {
        let processor = ["ItemProcessor", "Iterator"].iter().filter_map(|field| state.get(field));
        let config = processor.filter_map(|processor| processor.get("ProcessorConfig"));
        let reader = state.get("ItemReader");
        let reader_config = reader.and_then(|reader| reader.get("ReaderConfig"));
        let others = ["ItemBatcher", "ResultWriter"].iter().filter_map(|field| state.get(field));
        for value in config.chain(reader).chain(reader_config).chain(others) {
            misspell(editor, members(value));
        }
    }
}

/// Fields with a value that would be right in another state.
const ELSEWHERE: &[(&str, &str, &[&str])] = &[
    ("Choices", "[]", &["Task", "Pass", "Wait"]),
    ("Default", "\"X\"", &["Task", "Pass", "Wait"]),
    ("Seconds", "5", &["Task", "Pass", "Choice", "Fail"]),
    ("Timestamp", "\"2026-01-01T00:00:00Z\"", &["Task", "Pass"]),
    (
        "Resource",
        "\"arn:aws:states:::lambda:invoke\"",
        &["Pass", "Wait", "Choice", "Fail", "Map", "Parallel"],
    ),
    ("Retry", "[]", &["Pass", "Wait", "Choice", "Fail", "Succeed"]),
    ("Catch", "[]", &["Pass", "Wait", "Choice", "Fail", "Succeed"]),
    ("TimeoutSeconds", "5", &["Pass", "Wait", "Choice", "Map", "Parallel"]),
    ("HeartbeatSeconds", "5", &["Pass", "Wait", "Choice", "Map", "Parallel"]),
    ("Branches", "[]", &["Task", "Pass", "Map"]),
    ("Iterator", "{}", &["Task", "Pass", "Parallel"]),
    ("ItemProcessor", "{}", &["Task", "Pass", "Parallel"]),
    ("MaxConcurrency", "5", &["Task", "Pass", "Parallel", "Choice"]),
    ("ItemSelector", "{}", &["Task", "Pass", "Parallel"]),
    ("Error", "\"E\"", &["Task", "Pass", "Succeed", "Wait"]),
    ("Cause", "\"C\"", &["Task", "Pass", "Succeed", "Wait"]),
    ("Next", "\"X\"", &["Choice", "Fail", "Succeed"]),
    ("End", "true", &["Choice", "Fail", "Succeed"]),
    ("Assign", "{}", &["Fail", "Succeed"]),
    ("Bogus", "1", &["Task", "Pass", "Wait", "Choice", "Fail", "Succeed", "Map", "Parallel"]),
];

/// The same, of states with JSON paths only.
const ELSEWHERE_WITH_PATHS: &[(&str, &str, &[&str])] = &[
    ("ResultPath", "\"$.x\"", &["Wait", "Choice", "Fail", "Succeed"]),
    ("Parameters", "{}", &["Wait", "Choice", "Fail", "Succeed"]),
    ("ResultSelector", "{}", &["Wait", "Choice", "Fail", "Succeed", "Pass"]),
    ("Result", "{}", &["Task", "Wait", "Choice", "Map", "Parallel"]),
    ("InputPath", "\"$.x\"", &["Fail"]),
    ("OutputPath", "\"$.x\"", &["Fail"]),
    ("ItemsPath", "\"$.x\"", &["Task", "Pass", "Parallel"]),
    ("SecondsPath", "\"$.x\"", &["Task", "Pass", "Choice"]),
];

pub(super) fn of_another_type(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        let with_paths = ELSEWHERE_WITH_PATHS.iter().filter(|_| !state.is_jsonata);
        for (field, value, types) in ELSEWHERE.iter().chain(with_paths) {
            if types.iter().any(|name| state.text("Type") == Some(name)) {
                add_field(editor, state, field, value);
            }
        }
    }
}

pub(super) fn of_another_language(editor: &mut Editor<'_>) {
    let task_paths: &[(&str, &str)] = &[
        ("Parameters", "{}"),
        ("ResultPath", "\"$.x\""),
        ("InputPath", "\"$.x\""),
        ("OutputPath", "\"$.x\""),
        ("ResultSelector", "{}"),
    ];
    let task_expressions: &[(&str, &str)] = &[("Arguments", "{}"), ("Output", "{}")];
    for state in editor.workflow.states_of("Task") {
        for (field, value) in if state.is_jsonata { task_paths } else { task_expressions } {
            add_field(editor, state, field, value);
        }
    }
}

fn add_field(editor: &mut Editor<'_>, state: StateAt<'_>, field: &str, value: &str) {
    let Some(behind) = state.value.member("Type").filter(|_| state.get(field).is_none()) else { return };
    editor.add_member(behind, &format!("\"{field}\": {value}"));
}

pub(super) fn missing(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for field in [
            "Type",
            "Resource",
            "Choices",
            "Branches",
            "ItemProcessor",
            "Iterator",
            "Seconds",
            "SecondsPath",
            "Timestamp",
            "TimestampPath",
        ] {
            editor.remove_field(state, field);
        }
        for (list, fields) in
            [("Retry", &["ErrorEquals"][..]), ("Catch", &["ErrorEquals", "Next"]), ("Choices", &["Next"])]
        {
            for element in state.elements(list) {
                for field in fields {
                    editor.remove_member(members(element), field, element.span);
                }
            }
        }
    }
    for machine in editor.workflow.machines() {
        for field in ["StartAt", "States"] {
            editor.remove_member(members(machine.value), field, machine.value.span);
        }
    }
}

pub(super) fn twice(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        for field in ["Type", "Next", "Resource"] {
            let Some(member) = state.value.member(field) else { continue };
            let text = editor.workflow.slice(member.span()).to_owned();
            editor.add_member(member, &text);
        }
    }
}

pub(super) fn type_misspelt(editor: &mut Editor<'_>) {
    for state in editor.workflow.states() {
        let Some(text) = state.get("Type").and_then(Value::as_text) else { continue };
        let typo = mistype(&text.value, 2);
        for wrong in typo.into_iter().chain([other_case(&text.value), "Loop".to_owned()]) {
            editor.rename(text, &wrong);
        }
    }
}
