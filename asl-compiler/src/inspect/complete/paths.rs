//! Completion inside of strings: paths, fields of the context object, variables, functions.
//!
//! In: a string, and how far it is written. Out: what the word at the cursor can become. Never touches what is after the cursor.

use super::{Asked, Completion, CompletionKind, completion};
use crate::inspect::data::{at_path, fields, known_here};
use crate::inspect::variables::{Notation, notation};
use crate::intrinsic;
use crate::json::Value;
use crate::jsonata::{Dialect, functions};
use crate::path::context_paths;
use crate::source::Span;

pub(super) fn complete(asked: &Asked<'_>, value: &Value) -> Vec<Completion> {
    let (Some(field), Some(text)) = (asked.place.field(), value.as_text()) else { return Vec::new() };
    let Some(written) = asked.text.get(text.span_of(0..0).start..asked.offset) else { return Vec::new() };
    let (word, mut found) = match notation(field, &text.value, asked.jsonata) {
        Notation::Plain => return Vec::new(),
        Notation::Path => {
            let word = word(written, |c| is_of_name_path(c) || matches!(c, '[' | ']'));
            (word, in_path(asked, field, word))
        }
        Notation::Expression => {
            let word = word(written, is_of_name_path);
            (word, in_expression(asked, word))
        }
    };
    found.extend(data_fields(asked, word));
    let start = asked.offset - word.len();
    let replaced = |mut completion: Completion| {
        completion.span = Span::new(start, asked.offset);
        completion.text.clone_from(&completion.label);
        completion
    };
    found.into_iter().map(replaced).collect()
}

/// The fields that the data has behind the last point of a path.
fn data_fields(asked: &Asked<'_>, word: &str) -> Vec<Completion> {
    let holder = match word.rsplit_once('.') {
        Some((holder, _)) if holder.starts_with('$') && !holder.starts_with("$$") => holder,
        None if !asked.jsonata && matches!(word, "" | "$") => "$",
        _ => return Vec::new(),
    };
    let Some(known) = known_here(asked) else { return Vec::new() };
    let Some(shape) = at_path(asked, &known, holder) else { return Vec::new() };
    let of = |(name, shape): (String, String)| path(&format!("{holder}.{name}"), &shape);
    fields(&shape).into_iter().map(of).collect()
}

/// The end of a text, as far as it is one word.
fn word(written: &str, is_of_word: impl Fn(char) -> bool) -> &str {
    let start = written.char_indices().rev().take_while(|(_, c)| is_of_word(*c)).last();
    start.and_then(|(start, _)| written.get(start..)).unwrap_or_default()
}

fn is_of_name_path(character: char) -> bool {
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
    let functions = functions::all(Dialect::States).filter(|_| !word.contains('.'));
    found.extend(functions.map(|function| {
        completion(&format!("${}", function.name), CompletionKind::Function, "JSONata function", "")
    }));
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
