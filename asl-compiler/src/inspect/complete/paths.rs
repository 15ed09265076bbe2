//! Completion inside of strings: paths, fields of the context object, variables, functions.
//!
//! In: a string, and how far it is written. Out: what the word at the cursor can become. Never touches what stands after the cursor.

use super::{Asked, Completion, CompletionKind, completion};
use crate::inspect::variables::{Notation, notation};
use crate::intrinsic;
use crate::json::Value;
use crate::path::context_paths;
use crate::source::Span;

pub(super) fn complete(asked: &Asked<'_>, value: &Value) -> Vec<Completion> {
    let (Some(field), Some(text)) = (asked.place.field(), value.as_text()) else { return Vec::new() };
    let Some(written) = asked.text.get(text.span.start + 1..asked.offset) else { return Vec::new() };
    let found = match notation(field, &text.value, asked.jsonata) {
        Notation::Plain => return Vec::new(),
        Notation::Path => in_path(asked, field, word(written, is_of_path)),
        Notation::Expression => in_expression(asked, word(written, is_of_path)),
    };
    let start = asked.offset - word(written, is_of_path).len();
    let replaced = |mut completion: Completion| {
        completion.span = Span::new(start, asked.offset);
        completion.text.clone_from(&completion.label);
        completion
    };
    found.into_iter().map(replaced).collect()
}

/// The end of a text, as far as it is one word.
fn word(written: &str, is_of_word: fn(char) -> bool) -> &str {
    let start = written.char_indices().rev().take_while(|(_, c)| is_of_word(*c)).last();
    start.and_then(|(start, _)| written.get(start..)).unwrap_or_default()
}

fn is_of_path(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$' | '.')
}

fn in_path(asked: &Asked<'_>, field: &str, word: &str) -> Vec<Completion> {
    if field == "ResultPath" {
        return vec![path("$", "replaces the input"), path("$.", "a field of the input")];
    }
    let mut found = vec![path("$", "all of the data")];
    found.extend(variables(asked));
    if word.starts_with("$$") {
        found = Vec::new();
    }
    if !matches!(field, "ItemsPath" | "InputPath" | "OutputPath" | "Variable") || word.starts_with("$$") {
        found.extend(context_paths().iter().map(|name| path(name, "context object")));
    }
    let takes_calls = field.ends_with(".$") || matches!(field, "ErrorPath" | "CausePath");
    if takes_calls && !word.starts_with('$') {
        let of = |name: &str| completion(name, CompletionKind::Function, "intrinsic function", "");
        found.extend(intrinsic::function_names().map(of));
    }
    found
}

fn in_expression(asked: &Asked<'_>, word: &str) -> Vec<Completion> {
    if word.starts_with("$states.context.") {
        let names = context_paths().into_iter();
        let of = |name: String| path(&name.replacen("$$", "$states.context", 1), "context object");
        return names.map(of).collect();
    }
    let mut found =
        vec![path("$states.input", "the input of the state"), path("$states.context", "the context object")];
    if asked.in_catcher() {
        found.push(path("$states.errorOutput", "the error that was caught"));
    } else if asked.has_result() {
        found.push(path("$states.result", "the result of the state"));
    }
    found.extend(variables(asked));
    found
}

fn variables<'a>(asked: &'a Asked<'_>) -> impl Iterator<Item = Completion> + 'a {
    let scope = asked.outline.scope_at(asked.root, asked.offset);
    let names = asked.outline.variables(scope).into_iter();
    names.map(|name| completion(&format!("${name}"), CompletionKind::Variable, "variable", ""))
}

fn path(name: &str, detail: &str) -> Completion {
    completion(name, CompletionKind::Path, detail, "")
}
