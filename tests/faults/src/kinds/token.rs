//! Task tokens that never leave the task.

use crate::edit::Editor;
use crate::workflow::StateAt;
use asl_compiler::json::{Kind, Member, Value};
use asl_compiler::source::Span;

/// What holds the token.
const TOKENS: [&str; 2] = ["$$.Task.Token", "{% $states.context.Task.Token %}"];

/// The token is taken as it is written.
pub(super) fn as_text(editor: &mut Editor<'_>) {
    for (_, _, member) in senders(editor) {
        if let Some(key) = member.key.value.strip_suffix(".$") {
            let line = editor.workflow.line(member.key.span.start);
            let key_without = format!("\"{key}\"");
            editor.edit(&[(member.key.span, &key_without)], line..=line, format!("`{key}` without `.$`"));
        } else if let Some(text) = member.value.as_text() {
            editor.rename(text, "$states.context.Task.Token");
        }
    }
}

/// The token is not sent.
pub(super) fn left_out(editor: &mut Editor<'_>) {
    for (state, members, member) in senders(editor) {
        let holder = Span::new(state.name.span.start, state.value.span.end);
        editor.remove_member(members, member.name(), holder);
    }
}

/// The members that send a token, each with those beside it, of tasks that send it once.
fn senders<'a>(editor: &Editor<'a>) -> Vec<(StateAt<'a>, &'a [Member], &'a Member)> {
    let tasks = editor.workflow.states_of("Task").into_iter();
    let waiting =
        tasks.filter(|state| state.text("Resource").is_some_and(|text| text.ends_with(".waitForTaskToken")));
    waiting
        .filter_map(|state| {
            let mut found = Vec::new();
            collect(state.get(if state.is_jsonata { "Arguments" } else { "Parameters" })?, &mut found);
            let [(members, member)] = found.as_slice() else { return None };
            Some((state, *members, *member))
        })
        .collect()
}

fn collect<'a>(value: &'a Value, found: &mut Vec<(&'a [Member], &'a Member)>) {
    match &value.kind {
        Kind::Object(members) => {
            for member in members {
                if member.value.as_str().is_some_and(|text| TOKENS.contains(&text)) {
                    found.push((members, member));
                }
                collect(&member.value, found);
            }
        }
        Kind::Array(elements) => elements.iter().for_each(|element| collect(element, found)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
    }
}
