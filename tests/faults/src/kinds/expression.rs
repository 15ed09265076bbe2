//! JSONata expressions that are none, or read what there is not.

use super::path::misspell_names;
use crate::edit::Editor;
use crate::typo::mistype;
use crate::workflow::{StateAt, StringAt};
use asl_compiler::json::Text;

pub(super) fn expressions<'a>(editor: &Editor<'a>) -> Vec<(StateAt<'a>, StringAt<'a>)> {
    let states = editor.workflow.states().into_iter().filter(|state| state.is_jsonata);
    let of = |state: StateAt<'a>| {
        state.strings().into_iter().filter(StringAt::is_expression).map(move |expression| (state, expression))
    };
    states.flat_map(of).collect()
}

/// The place before the closing `%}`.
fn inner_end(text: &Text) -> usize {
    let inner = text.value.trim_end_matches("%}").trim_end();
    inner.len()
}

pub(super) fn unbalanced(editor: &mut Editor<'_>) {
    for (_, expression) in expressions(editor) {
        let text = expression.text;
        for wrong in [")", "]", "}", " (", " & ", " + ", " ."] {
            editor.replace_in(text, inner_end(text), 0, wrong);
        }
        for close in [')', '}', ']'] {
            if let Some(at) = text.value.get(..inner_end(text)).and_then(|inner| inner.rfind(close)) {
                editor.replace_in(text, at, 1, "");
            }
        }
        if let Some(at) = text.value.rfind('\'') {
            editor.replace_in(text, at, 1, "");
        }
    }
}

/// The end or the start of the expression is missing, so that it is a text.
pub(super) fn unclosed(editor: &mut Editor<'_>) {
    for (_, expression) in expressions(editor) {
        let length = expression.text.value.len();
        editor.replace_in(expression.text, length - 2, 2, "");
        editor.replace_in(expression.text, length - 2, 1, "");
        editor.replace_in(expression.text, 0, 2, "");
    }
}

/// The names behind a `$`, with where they start.
fn names(text: &Text) -> Vec<(usize, &str)> {
    let of = |(at, _): (usize, &str)| {
        let rest = text.value.get(at + 1..)?;
        let length =
            rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(rest.len());
        rest.get(..length).filter(|name| !name.is_empty()).map(|name| (at + 1, name))
    };
    text.value.match_indices('$').filter_map(of).collect()
}

fn is_call(text: &Text, start: usize, name: &str) -> bool {
    text.value.get(start + name.len()..).is_some_and(|rest| rest.starts_with('('))
}

pub(super) fn function_misspelt(editor: &mut Editor<'_>) {
    for (_, expression) in expressions(editor) {
        for (start, name) in names(expression.text) {
            if is_call(expression.text, start, name) {
                let typo = mistype(name, 0).unwrap_or_else(|| format!("{name}x"));
                editor.replace_in(expression.text, start, name.len(), &typo);
            }
        }
    }
}

pub(super) fn variable_misspelt(editor: &mut Editor<'_>) {
    for (_, expression) in expressions(editor) {
        for (start, name) in names(expression.text) {
            if !is_call(expression.text, start, name) {
                let typo = mistype(name, 0).unwrap_or_else(|| format!("{name}Q"));
                editor.replace_in(expression.text, start, name.len(), &typo);
            }
        }
    }
}

pub(super) fn states_field_misspelt(editor: &mut Editor<'_>) {
    for (_, expression) in expressions(editor) {
        for (at, prefix) in expression.text.value.match_indices("$states.") {
            let start = at + prefix.len();
            let rest = expression.text.value.get(start..).unwrap_or_default();
            let length = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
            if let Some(typo) = rest.get(..length).and_then(|name| mistype(name, 0)) {
                editor.replace_in(expression.text, start, length, &typo);
            }
        }
    }
}

pub(super) fn context_field_misspelt(editor: &mut Editor<'_>) {
    for (_, expression) in expressions(editor) {
        for (at, prefix) in expression.text.value.match_indices("$states.context.") {
            misspell_names(editor, expression.text, at + prefix.len());
        }
    }
}

/// `$states.result` before there is one, and `$states.errorOutput` where there was no error.
pub(super) fn field_out_of_place(editor: &mut Editor<'_>) {
    for (_, expression) in expressions(editor) {
        for (at, right) in expression.text.value.match_indices("$states.input") {
            let wrong: &[&str] = match expression.field {
                "Arguments" | "Items" | "ItemSelector" => &["$states.result", "$states.errorOutput"],
                "Output" | "Assign" => &["$states.errorOutput"],
                "Choices" => &["$states.result"],
                _ => &[],
            };
            wrong.iter().for_each(|wrong| editor.replace_in(expression.text, at, right.len(), wrong));
        }
    }
}

/// Whole expressions that must fail.
fn put(editor: &mut Editor<'_>, wrong: &[&str]) {
    for (_, expression) in expressions(editor) {
        for wrong in wrong {
            editor.rename(expression.text, &format!("{{% {wrong} %}}"));
        }
    }
}

pub(super) fn arguments_wrong(editor: &mut Editor<'_>) {
    put(
        editor,
        &[
            "$uuid(1)",
            "$length('a', 'b')",
            "$uppercase(5)",
            "$sum('a')",
            "$substring()",
            "$length(5)",
            "$round('x')",
            "$join(5)",
            "$keys(1, 2)",
            "$parse()",
            "$range(1)",
        ],
    );
}

pub(super) fn operand_mistyped(editor: &mut Editor<'_>) {
    put(editor, &["'a' + 1", "1 - 'b'", "-'x'", "true * 2", "'a' < 1", "[1..'x']"]);
}

/// A name or a `$states` without its `$` reads data that an expression does not have.
pub(super) fn without_dollar(editor: &mut Editor<'_>) {
    for (_, expression) in expressions(editor) {
        if let Some(at) = expression.text.value.find("$states") {
            editor.replace_in(expression.text, at, 1, "");
        }
    }
    put(editor, &["input.x", "foo", "$$.a", "$.a"]);
}

/// A path or a call of the other language.
pub(super) fn json_path(editor: &mut Editor<'_>) {
    put(editor, &["States.Format('{}', 1)", "$$.Execution.Id"]);
}
