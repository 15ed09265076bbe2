//! Paths that are not written as paths, and names in them that there are not.

use crate::edit::Editor;
use crate::typo::mistype;
use crate::workflow::{StateAt, StringAt};
use asl_compiler::json::Text;

/// The paths of all states with JSON paths.
fn paths<'a>(editor: &Editor<'a>) -> Vec<(StateAt<'a>, StringAt<'a>)> {
    let states = editor.workflow.states().into_iter().filter(|state| !state.is_jsonata);
    let of = |state: StateAt<'a>| {
        state.strings().into_iter().filter(StringAt::is_path).map(move |path| (state, path))
    };
    states.flat_map(of).collect()
}

/// A path that is read, and no call.
fn is_plain(text: &Text) -> bool {
    text.value.starts_with('$') && !text.value.contains("${")
}

pub(super) fn broken(editor: &mut Editor<'_>) {
    for (_, path) in paths(editor).into_iter().filter(|(_, path)| is_plain(path.text)) {
        let value = &path.text.value;
        let end = value.len();
        for wrong in [".", "..", "[", "[0", "]", "[?(@.a", " x", "['a"] {
            editor.replace_in(path.text, end, 0, wrong);
        }
        if let Some(at) = value.find("$.") {
            editor.replace_in(path.text, at + 1, 1, ". ");
        }
    }
}

pub(super) fn without_dollar(editor: &mut Editor<'_>) {
    for (_, path) in paths(editor) {
        let value = &path.text.value;
        if is_plain(path.text) && value.starts_with("$.") {
            editor.replace_in(path.text, 0, 2, "");
            editor.replace_in(path.text, 0, 1, "");
        }
    }
}

/// `"a.$": "$.b"` becomes `"a": "$.b"`, a text.
pub(super) fn dollar_dropped_from_key(editor: &mut Editor<'_>) {
    for state in editor.workflow.states().into_iter().filter(|state| !state.is_jsonata) {
        for (key, value) in keys(state).into_iter().filter(|(key, _)| key.value.ends_with(".$")) {
            if value.starts_with("$.") || value.starts_with("$$.") || value.starts_with("States.") {
                editor.replace_in(key, key.value.len() - 2, 2, "");
            }
        }
    }
}

pub(super) fn dollar_added_to_key(editor: &mut Editor<'_>) {
    for state in editor.workflow.states().into_iter().filter(|state| !state.is_jsonata) {
        for (key, value) in keys(state).into_iter().filter(|(key, _)| !key.value.ends_with(".$")) {
            if !value.starts_with(['$', '{']) && !value.starts_with("States.") && !value.contains("${") {
                editor.replace_in(key, key.value.len(), 0, ".$");
            }
        }
    }
}

/// The members of templates that are strings.
pub(super) fn keys<'a>(state: StateAt<'a>) -> Vec<(&'a Text, &'a str)> {
    let mut keys = Vec::new();
    let mut values: Vec<_> = ["Parameters", "ResultSelector", "ItemSelector"]
        .iter()
        .filter_map(|field| state.get(field))
        .collect();
    while let Some(value) = values.pop() {
        values.extend(value.as_array().unwrap_or_default());
        for member in value.as_object().unwrap_or_default() {
            keys.extend(member.value.as_str().map(|text| (&member.key, text)));
            values.push(&member.value);
        }
    }
    keys
}

/// Every name of a path into the context object, but not those in the input of the execution or in items, which can be anything.
pub(super) fn context_field_misspelt(editor: &mut Editor<'_>) {
    for (_, path) in paths(editor) {
        for (at, _) in path.text.value.match_indices("$$.") {
            misspell_names(editor, path.text, at + 3);
        }
    }
}

/// Misspells the names of a path into the context object that are known.
pub(super) fn misspell_names(editor: &mut Editor<'_>, text: &Text, from: usize) {
    let known = [
        "Execution",
        "Input",
        "Id",
        "Name",
        "RoleArn",
        "StartTime",
        "State",
        "EnteredTime",
        "RetryCount",
        "StateMachine",
        "Task",
        "Token",
        "Map",
        "Item",
        "Value",
        "Index",
    ];
    let mut start = from;
    loop {
        let rest = text.value.get(start..).unwrap_or_default();
        let length = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or_default();
        if !known.contains(&name) {
            return;
        }
        let typo =
            mistype(name, 0).unwrap_or_else(|| format!("{name}{}", name.chars().last().unwrap_or('x')));
        editor.replace_in(text, start, length, &typo);
        if matches!(name, "Input" | "Value") || rest.get(length..=length) != Some(".") {
            return;
        }
        start += length + 1;
    }
}

/// `$.Map.Item.Value` for `$$.Map.Item.Value`, in the selector of a Map, whose input is known to be something else.
pub(super) fn context_dollar_missing(editor: &mut Editor<'_>) {
    for (state, path) in paths(editor) {
        if path.text.value.starts_with("$$.Map.Item.") && state.text("Type") == Some("Map") {
            editor.replace_in(path.text, 0, 1, "");
        }
    }
}

pub(super) fn variable_misspelt(editor: &mut Editor<'_>) {
    for (_, path) in paths(editor) {
        let value = &path.text.value;
        let Some(name) =
            value.strip_prefix('$').map(|rest| rest.split(['.', '[']).next().unwrap_or_default())
        else {
            continue;
        };
        if name.chars().next().is_some_and(|letter| letter.is_ascii_alphabetic()) {
            let typo = mistype(name, 0).unwrap_or_else(|| format!("{name}Q"));
            editor.replace_in(path.text, 1, name.len(), &typo);
        }
    }
}

pub(super) fn result_path_no_reference(editor: &mut Editor<'_>) {
    for state in editor.workflow.states().into_iter().filter(|state| !state.is_jsonata) {
        let own = state.get("ResultPath");
        let catchers = state.elements("Catch").iter().filter_map(|catcher| catcher.get("ResultPath"));
        for text in own.into_iter().chain(catchers).filter_map(|value| value.as_text()) {
            for wrong in
                ["$.a[*]", "$..a", "$.a[?(@.b == 1)]", "$.a[0:2]", "result", "$$.Execution", "a.b", ""]
            {
                editor.rename(text, wrong);
            }
        }
    }
}
