//! Values of the right type that are not among those that are allowed: numbers, words, conditions, addresses.

use super::expression::expressions;
use crate::edit::{Editor, plain};
use crate::workflow::StateAt;
use asl_compiler::json::{Member, Text, Value};

/// The parameters of tasks that call a service.
fn parameters<'a>(editor: &Editor<'a>) -> Vec<&'a Value> {
    let states = editor.workflow.states_of("Task").into_iter();
    let calls = states.filter(|state| state.text("Resource").is_some_and(|text| text.contains(":states:::")));
    calls.filter_map(|state| state.get(if state.is_jsonata { "Arguments" } else { "Parameters" })).collect()
}

/// The members of an object and of the objects in it.
fn members<'a>(value: &'a Value, found: &mut Vec<&'a Member>) {
    for member in value.as_object().unwrap_or_default() {
        found.push(member);
        members(&member.value, found);
    }
}

pub(super) fn number_out_of_bounds(editor: &mut Editor<'_>) {
    const BEYOND: [(&str, &str); 6] = [
        ("Attempts", "11"),
        ("AttemptDurationSeconds", "30"),
        ("DelaySeconds", "3600"),
        ("MaxNumberOfMessages", "20"),
        ("Size", "1"),
        ("WaitTimeSeconds", "60"),
    ];
    for given in parameters(editor) {
        let mut found = Vec::new();
        members(given, &mut found);
        for member in found.iter().filter(|member| member.value.as_number().is_some()) {
            if let Some((_, beyond)) = BEYOND.iter().find(|(name, _)| *name == member.name()) {
                editor.replace(member.value.span, beyond);
            }
        }
    }
}

/// A copy of nothing.
pub(super) fn copy_without_source(editor: &mut Editor<'_>) {
    for given in parameters(editor) {
        for source in ["CopySource", "CopySource.$"] {
            editor.remove_member(given.as_object().unwrap_or_default(), source, given.span);
        }
    }
}

/// What conditions on other attributes can say, and those on keys cannot.
pub(super) fn condition_on_keys(editor: &mut Editor<'_>) {
    for given in parameters(editor) {
        let Some(text) = plain(given, "KeyConditionExpression") else { continue };
        if let Some(at) = text.value.find(" AND ").filter(|_| !text.value.contains("BETWEEN")) {
            editor.replace_in(text, at, " AND ".len(), " OR ");
            editor.replace_in(text, at, " AND ".len(), " AND NOT ");
        }
        if let Some(at) = text.value.find(" = ") {
            editor.replace_in(text, at, " = ".len(), " <> ");
        }
        if let Some(at) = text.value.find("begins_with(") {
            editor.replace_in(text, at, "begins_with(".len(), "contains(");
        }
    }
}

/// The ARN of something else.
pub(super) fn address_of_another_service(editor: &mut Editor<'_>) {
    for given in parameters(editor) {
        let mut found = Vec::new();
        members(given, &mut found);
        let texts = found.iter().filter_map(|member| member.value.as_text().map(|text| (member, text)));
        for (member, text) in texts.filter(|(_, text)| text.value.starts_with("arn:aws:")) {
            let is_one = ["Cluster", "EventBusName", "JobQueue", "TaskDefinition", "SecretId"];
            let service = text.value.split(':').nth(2).unwrap_or_default();
            if is_one.contains(&member.name()) {
                editor.replace_in(text, "arn:aws:".len(), service.len(), "sns");
            }
        }
    }
}

/// The Choices that see what a task of `aws-sdk` yields as it is.
fn behind_services<'a>(editor: &Editor<'a>) -> Vec<StateAt<'a>> {
    let states = editor.workflow.states();
    let kept = ["ResultPath", "ResultSelector", "OutputPath", "Output"];
    let leads = |state: &StateAt<'_>, name: &str| state.text("Next") == Some(name);
    let is_service = |state: &&StateAt<'_>| {
        state.text("Resource").is_some_and(|text| text.contains(":aws-sdk:"))
            && kept.iter().all(|field| state.get(field).is_none())
    };
    let choices = states.iter().filter(|state| state.text("Type") == Some("Choice"));
    let behind = choices.filter(|choice| {
        let before: Vec<_> = states.iter().filter(|state| leads(state, &choice.name.value)).collect();
        !before.is_empty() && before.iter().all(is_service)
    });
    behind.copied().collect()
}

/// A status or the like, in other letters.
pub(super) fn word_in_other_letters(editor: &mut Editor<'_>) {
    let other = |word: &str| {
        let is_loud = word.chars().any(char::is_lowercase);
        if is_loud { word.to_uppercase() } else { word.to_lowercase() }
    };
    for choice in behind_services(editor) {
        for rule in choice.choice_rules() {
            if let Some(text) = plain(rule, "StringEquals") {
                editor.rename(text, &other(&text.value));
            }
            if let Some((text, at, word)) = plain(rule, "Condition").and_then(last_word) {
                editor.replace_in(text, at, word.len(), &other(word));
            }
        }
    }
}

/// The text that a condition compares with last, and where it begins.
fn last_word(text: &Text) -> Option<(&Text, usize, &str)> {
    let end = text.value.rfind('\'')?;
    let start = text.value.get(..end)?.rfind('\'')? + 1;
    Some((text, start, text.value.get(start..end)?))
}

/// Arguments that a function of JSONata refuses, and ranges that are none.
pub(super) fn value_refused(editor: &mut Editor<'_>) {
    const WRONG: [&str; 12] = [
        "$formatBase(10, 1)",
        "$split('a,b', ',', -1)",
        "$replace('a', '', 'b')",
        "$formatNumber(5, 'abc')",
        "$single([1, 2])",
        "$partition([1, 2], -2)",
        "$reduce([1, 2], $sum)",
        "$sort([{ 'a': 1 }, { 'a': 2 }])",
        "[0.5..3]",
        "[1..20000000]",
        "function($x) { $x }",
        "($new = 1; $new)",
    ];
    for (_, expression) in expressions(editor) {
        if ["Output", "Assign", "Arguments"].contains(&expression.field) {
            WRONG.iter().for_each(|wrong| editor.rename(expression.text, &format!("{{% {wrong} %}}")));
        }
    }
}
