//! What is lost on one of the ways to a state, ways that lead round without a change, and what was never asked for.

use super::result::fields;
use crate::edit::{Editor, plain};
use crate::workflow::{StateAt, StringAt};
use asl_compiler::json::{Member, Value};

/// The names of the states that a state leads to, those of its catchers apart.
fn followers(state: StateAt<'_>) -> Vec<&str> {
    let rules = state.elements("Choices").iter().filter_map(|rule| rule.get("Next")?.as_str());
    rules.chain(state.text("Next")).chain(state.text("Default")).collect()
}

/// The names of the states that its catchers lead to.
fn caught(state: StateAt<'_>) -> impl Iterator<Item = &str> {
    state.elements("Catch").iter().filter_map(|catcher| catcher.get("Next")?.as_str())
}

fn is_start(state: StateAt<'_>) -> bool {
    state.machine.value.get("StartAt").and_then(Value::as_str) == Some(&state.name.value)
}

fn has_any(value: &Value, names: &[&str]) -> bool {
    names.iter().any(|name| value.get(name).is_some())
}

/// What a state reads of its input.
fn reads(state: StateAt<'_>) -> impl Iterator<Item = StringAt<'_>> {
    let sees = !state.is_jsonata && state.get("InputPath").is_none();
    let reads = state.strings().into_iter().filter(move |path| {
        sees && path.is_path() && ["Parameters", "ErrorPath", "CausePath"].contains(&path.field)
    });
    reads.filter(|path| path.text.value.starts_with("$."))
}

fn first_step(path: &str) -> &str {
    let rest = path.strip_prefix("$.").unwrap_or_default();
    rest.get(..rest.find(['.', '[']).unwrap_or(rest.len())).unwrap_or_default()
}

/// A result takes the place of what the next state reads, to which other ways lead as well.
pub(super) fn input_lost_on_one_way(editor: &mut Editor<'_>) {
    for task in editor.workflow.states_of("Task").into_iter().filter(|task| !task.is_jsonata) {
        let known = fields(task);
        let Some(path) = task.value.member("ResultPath").filter(|_| !known.is_empty()) else { continue };
        if has_any(task.value, &["OutputPath", "ResultSelector"]) {
            continue;
        }
        let states = task.machine.states();
        let next = states.iter().find(|next| Some(next.name.value.as_str()) == task.text("Next"));
        let Some(next) = next.filter(|next| next.text("Type") != Some("Choice")) else { continue };
        let leads = |other: &&StateAt<'_>| followers(**other).contains(&next.name.value.as_str());
        if states.iter().filter(leads).count() < 2 {
            continue;
        }
        for read in reads(*next).filter(|read| !known.contains(&first_step(&read.text.value))) {
            let line = editor.workflow.line(read.text.span.start);
            editor.edit(
                &[(path.value.span, "\"$\"")],
                line..=line,
                "the result replaces the data".to_owned(),
            );
        }
    }
}

/// One of the catchers that lead to a state puts the Error Output elsewhere.
pub(super) fn error_output_kept_elsewhere(editor: &mut Editor<'_>) {
    for handler in editor.workflow.states().into_iter().filter(|state| !is_start(*state)) {
        let name = handler.name.value.as_str();
        let states = handler.machine.states();
        if states.iter().any(|state| followers(*state).contains(&name)) {
            continue;
        }
        let catchers =
            states.iter().filter(|state| !state.is_jsonata).flat_map(|state| state.elements("Catch"));
        let catchers: Vec<_> = catchers
            .filter(|catcher| plain(catcher, "Next").is_some_and(|next| next.value == name))
            .filter_map(|catcher| plain(catcher, "ResultPath"))
            .collect();
        let (Some(first), Some(last)) = (catchers.first(), catchers.last()) else { continue };
        if catchers.len() < 2
            || first.value != last.value
            || states.iter().filter(|state| caught(**state).any(|next| next == name)).count() < 2
        {
            continue;
        }
        for read in reads(handler).filter(|read| {
            ["Error", "Cause"].iter().any(|field| read.text.value == format!("{}.{field}", last.value))
        }) {
            let line = editor.workflow.line(read.text.span.start);
            let what = "the Error Output is elsewhere".to_owned();
            editor.edit(&[(last.inner_span(), "$.elsewhere")], line..=line, what);
        }
    }
}

/// A pause behind a Choice leads back to it, and not to the task that asks.
pub(super) fn back_to_the_choice(editor: &mut Editor<'_>) {
    const CHANGES: [&str; 4] = ["InputPath", "OutputPath", "Output", "Assign"];
    for choice in editor.workflow.states_of("Choice") {
        let text = choice.value.span;
        let is_fleeting = ["$$.", "$now", "$millis", "$random", "$states.context"]
            .iter()
            .any(|part| editor.workflow.slice(text).contains(part));
        if is_fleeting || has_any(choice.value, &CHANGES) {
            continue;
        }
        for wait in choice.machine.states().into_iter().filter(|state| state.text("Type") == Some("Wait")) {
            let rules =
                choice.elements("Choices").iter().filter(|rule| !has_any(rule, &["Output", "Assign"]));
            let mut targets =
                rules.filter_map(|rule| rule.get("Next")?.as_str()).chain(choice.text("Default"));
            let is_led_to = targets.any(|target| target == wait.name.value);
            if let Some(next) =
                plain(wait.value, "Next").filter(|_| is_led_to && !has_any(wait.value, &CHANGES))
            {
                editor.rename(next, &choice.name.value);
            }
        }
    }
}

/// The old or new attributes of an item, for which DynamoDB is not asked.
pub(super) fn attributes_not_asked_for(editor: &mut Editor<'_>) {
    for task in editor.workflow.states_of("Task") {
        let is_change =
            task.text("Resource").is_some_and(|resource| resource.ends_with("dynamodb:updateItem"));
        let parameters = task.get(if task.is_jsonata { "Arguments" } else { "Parameters" });
        let Some(wanted) = parameters.and_then(|given| plain(given, "ReturnValues")).filter(|_| is_change)
        else {
            continue;
        };
        for read in task.strings() {
            let reads = (read.field == "ResultSelector" && read.text.value.starts_with("$.Attributes"))
                || (read.field == "Output" && read.text.value.starts_with("{% $states.result.Attributes"));
            if reads {
                let line = editor.workflow.line(read.text.span.start);
                editor.edit(
                    &[(wanted.inner_span(), "NONE")],
                    line..=line,
                    "`ReturnValues` -> `NONE`".to_owned(),
                );
            }
        }
    }
}

/// The name of a resource in place of its ARN.
pub(super) fn name_for_an_arn(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Task") {
        let parameters = state.get(if state.is_jsonata { "Arguments" } else { "Parameters" });
        for parameter in ["TopicArn", "StateMachineArn"] {
            let arn = parameters.and_then(|given| plain(given, parameter));
            if let Some(arn) = arn.filter(|arn| arn.value.starts_with("arn:aws:") && !arn.value.contains('<'))
            {
                editor.rename(arn, "orders-done");
            }
        }
    }
}

/// A slash in the ARN of an activity, or no account.
pub(super) fn activity_misformed(editor: &mut Editor<'_>) {
    for state in editor.workflow.states_of("Task") {
        let Some(resource) = plain(state.value, "Resource") else { continue };
        let Some((before, name)) = resource.value.split_once(":activity:") else { continue };
        editor.rename(resource, &format!("{before}:activity/{name}"));
        if let Some((region, _)) = before.rsplit_once(':') {
            editor.rename(resource, &format!("{region}:activity:{name}"));
        }
    }
}

/// A header of a table twice.
pub(super) fn header_twice(editor: &mut Editor<'_>) {
    for map in editor.workflow.states_of("Map") {
        let headers =
            map.get("ItemReader").and_then(|reader| reader.get("ReaderConfig")?.member("CSVHeaders"));
        let headers =
            headers.map(|member: &Member| &member.value).and_then(Value::as_array).unwrap_or_default();
        if let [first, .., last] = headers {
            let again = editor.workflow.slice(first.span).to_owned();
            editor.replace(last.span, &again);
        }
    }
}

/// A variable is not assigned on one of the ways to a state that needs it.
pub(super) fn assignment_lost_on_one_way(editor: &mut Editor<'_>) {
    for state in editor.workflow.states().into_iter().filter(|state| state.is_jsonata) {
        for catcher in state.elements("Catch") {
            for assigned in catcher.get("Assign").and_then(Value::as_object).unwrap_or_default() {
                let name = assigned.name();
                let Some(next) = plain(catcher, "Next") else { continue };
                let only_here = state.machine.states().iter().all(|other| {
                    other.name.value == state.name.value
                        || !editor.workflow.slice(other.value.span).contains(&format!("\"{name}\": \"{{%"))
                });
                for user in
                    state.machine.states().iter().filter(|user| user.name.value == next.value && only_here)
                {
                    for read in user.strings().iter().filter(|read| {
                        read.text.value == format!("{{% ${name} %}}") && read.field != "Assign"
                    }) {
                        let line = editor.workflow.line(read.text.span.start);
                        let what = format!("`{name}` -> `other`");
                        editor.edit(&[(assigned.key.span, "\"other\"")], line..=line, what);
                    }
                }
            }
        }
    }
}
