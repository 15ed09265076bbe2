//! Expressions and attributes that DynamoDB refuses.

use crate::edit::{Editor, plain};
use asl_compiler::json::{Text, Value};

const CONDITIONS: [&str; 3] = ["ConditionExpression", "KeyConditionExpression", "FilterExpression"];

fn parameters<'a>(editor: &Editor<'a>) -> Vec<&'a Value> {
    let states = editor.workflow.states_of("Task").into_iter();
    let of_service =
        states.filter(|state| state.text("Resource").is_some_and(|resource| resource.contains(":dynamodb:")));
    of_service.filter_map(|state| state.get("Parameters").or_else(|| state.get("Arguments"))).collect()
}

/// The texts of expressions, and whether each is an update.
fn expressions<'a>(editor: &Editor<'a>) -> Vec<(&'a Text, bool)> {
    let of = |parameters: &'a Value| {
        let conditions =
            CONDITIONS.iter().filter_map(|name| plain(parameters, name)).map(|text| (text, false));
        conditions.chain(plain(parameters, "UpdateExpression").map(|text| (text, true))).collect::<Vec<_>>()
    };
    parameters(editor).into_iter().flat_map(of).collect()
}

/// A word that is reserved in the place of an attribute, which has another name or represents one.
pub(super) fn reserved_word(editor: &mut Editor<'_>) {
    for (text, is_update) in expressions(editor) {
        let start = if is_update { text.value.find(' ').map_or(0, |at| at + 1) } else { 0 };
        let rest = text.value.get(start..).unwrap_or_default();
        let length =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '#')).unwrap_or(rest.len());
        let follows = rest.get(length..).unwrap_or_default().trim_start();
        if length > 0 && follows.starts_with('=') {
            for word in ["status", "name", "Data", "TTL"] {
                editor.replace_in(text, start, length, word);
            }
        }
    }
}

pub(super) fn operator_of_another_language(editor: &mut Editor<'_>) {
    for (text, is_update) in expressions(editor) {
        if let Some(at) = text.value.find(" = ") {
            editor.replace_in(text, at, 3, " == ");
            if !is_update {
                editor.replace_in(text, at, 3, " != ");
            }
        }
        if let Some(at) = text.value.to_ascii_lowercase().find(" and ").filter(|_| !is_update) {
            editor.replace_in(text, at, 5, " && ");
        }
    }
}

/// A value in the place of its placeholder.
pub(super) fn value_written_out(editor: &mut Editor<'_>) {
    for (text, _) in expressions(editor) {
        let Some(at) = text.value.find(':') else { continue };
        let rest = text.value.get(at + 1..).unwrap_or_default();
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        for value in ["5", "'paid'", "$.total"] {
            editor.replace_in(text, at, length + 1, value);
        }
    }
}

/// Clauses twice, and commas and parentheses that are missing or too many.
pub(super) fn clause_broken(editor: &mut Editor<'_>) {
    for (text, is_update) in expressions(editor) {
        let length = text.value.len();
        if is_update {
            editor.replace_in(text, length, 0, ",");
            if let Some(at) = text
                .value
                .find(", ")
                .filter(|at| !text.value.get(..*at).is_some_and(|text| text.contains('(')))
            {
                editor.replace_in(text, at, 2, " ");
                editor.replace_in(text, at, 2, ", SET ");
            }
            let first = text.value.find(' ').unwrap_or(length);
            editor.replace_in(text, 0, first, "");
        } else {
            editor.replace_in(text, length, 0, " AND");
        }
        if let Some(at) = text.value.rfind(')') {
            editor.replace_in(text, at, 1, "");
        }
    }
}

/// Types that attributes do not have.
pub(super) fn type_unknown(editor: &mut Editor<'_>) {
    for parameters in parameters(editor) {
        for holder in ["Item", "Key", "ExpressionAttributeValues"] {
            for member in parameters.get(holder).and_then(Value::as_object).unwrap_or_default() {
                for typed in member.value.as_object().unwrap_or_default() {
                    for (right, wrong) in
                        [("S", "String"), ("N", "Number"), ("S", "s"), ("BOOL", "Boolean"), ("M", "Map")]
                    {
                        let name = typed.name();
                        if name.trim_end_matches(".$") == right {
                            editor.rename(&typed.key, &name.replacen(right, wrong, 1));
                        }
                    }
                }
            }
        }
    }
}
