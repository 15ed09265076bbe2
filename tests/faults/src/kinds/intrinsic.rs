//! Calls of intrinsic functions that there are not, or with other arguments.

use crate::edit::Editor;
use crate::typo::mistype;
use crate::workflow::StringAt;
use asl_compiler::json::Text;

/// A call, not within another one.
struct IntrinsicCall<'a> {
    text: &'a Text,
    name: &'a str,
    arguments: &'a str,
}

fn calls<'a>(editor: &Editor<'a>) -> Vec<IntrinsicCall<'a>> {
    let states = editor.workflow.states().into_iter().filter(|state| !state.is_jsonata);
    let strings = states.flat_map(|state| state.strings()).filter(StringAt::is_path);
    strings.filter_map(|string| call(string.text)).collect()
}

fn call(text: &Text) -> Option<IntrinsicCall<'_>> {
    let (name, rest) = text.value.strip_prefix("States.")?.split_once('(')?;
    let arguments = rest.strip_suffix(')')?;
    Some(IntrinsicCall { text, name, arguments })
}

pub(super) fn misspelt(editor: &mut Editor<'_>) {
    for call in calls(editor) {
        let typo = mistype(call.name, 0).unwrap_or_else(|| format!("{}x", call.name));
        let prefix = "States.".len();
        editor.replace_in(call.text, prefix, call.name.len(), &typo);
        editor.replace_in(call.text, 0, prefix, "State.");
        editor.replace_in(call.text, 0, prefix, "states.");
        editor.replace_in(call.text, 0, prefix, "");
    }
    for call in calls(editor) {
        // Those within, at the same line.
        for (at, prefix) in call.arguments.match_indices("States.") {
            let start = call.text.value.len() - 1 - call.arguments.len() + at + prefix.len();
            let rest = call.text.value.get(start..).unwrap_or_default();
            let length = rest.find('(').unwrap_or_default();
            if let Some(typo) = rest.get(..length).and_then(|name| mistype(name, 0)) {
                editor.replace_in(call.text, start, length, &typo);
            }
        }
    }
}

fn put_arguments(editor: &mut Editor<'_>, call: &IntrinsicCall<'_>, arguments: &str) {
    let start = "States.".len() + call.name.len() + 1;
    editor.replace_in(call.text, start, call.arguments.len(), arguments);
}

pub(super) fn arguments_missing(editor: &mut Editor<'_>) {
    for call in calls(editor).iter().filter(|call| !matches!(call.name, "UUID" | "Array")) {
        put_arguments(editor, call, "");
    }
}

/// One more than any call takes; a text with places for arguments has one more than places.
pub(super) fn arguments_too_many(editor: &mut Editor<'_>) {
    for call in calls(editor).iter().filter(|call| counts_arguments(call)) {
        let arguments = match call.name {
            "UUID" => "1".to_owned(),
            "MathRandom" => format!("{}, 1, 1", call.arguments),
            _ => format!("{}, 1", call.arguments),
        };
        put_arguments(editor, call, &arguments);
    }
}

/// `Array` takes any number of arguments, and how many a looked-up template takes is not known.
fn counts_arguments(call: &IntrinsicCall<'_>) -> bool {
    call.name != "Array" && (call.name != "Format" || call.arguments.starts_with('\''))
}

pub(super) fn argument_mistyped(editor: &mut Editor<'_>) {
    for call in calls(editor) {
        let wrong = match call.name {
            "Format" | "StringToJson" | "Base64Encode" | "Base64Decode" => "5",
            "ArrayLength" | "ArrayUnique" => "'x'",
            "ArrayContains" | "ArrayGetItem" | "ArrayPartition" => "'x', 1",
            "ArrayRange" => "'a', 1, 1",
            "MathAdd" => "'a', 1",
            "MathRandom" => "'a', 10",
            "StringSplit" => "5, ','",
            "Hash" => "'a', 'SHA-5'",
            "JsonMerge" => "'a', 'b', false",
            _ => continue,
        };
        put_arguments(editor, &call, wrong);
    }
}

pub(super) fn unbalanced(editor: &mut Editor<'_>) {
    for call in calls(editor) {
        let end = call.text.value.len();
        editor.replace_in(call.text, end - 1, 1, "");
        editor.replace_in(call.text, end, 0, ")");
        put_arguments(editor, &call, &format!("{}, ", call.arguments));
        if let Some(quote) = call.text.value.rfind('\'') {
            editor.replace_in(call.text, quote, 1, "");
        }
    }
}

/// Calls whose arguments are of the right type, and that always fail.
pub(super) fn value_wrong(editor: &mut Editor<'_>) {
    const WRONG: [&str; 7] = [
        "States.ArrayRange(0, 5000, 1)",
        "States.ArrayRange(1, 9, 0)",
        "States.Base64Decode('not base64!')",
        "States.ArrayGetItem(States.Array(1, 2), 2)",
        "States.ArrayPartition($.list, 0)",
        "States.StringToJson('not json')",
        "States.Hash($.text, 'SHA-3')",
    ];
    for call in calls(editor) {
        WRONG.iter().for_each(|wrong| editor.rename(call.text, wrong));
    }
}
