//! The input of an execution: text of JSON from wherever the arguments say.

use super::arguments::Input;
use asl_language::files;
use asl_value::{Object, Value};
use std::io::{IsTerminal, stdin};
use std::path::Path;

/// Reads it. Nobody is kept waiting at a terminal who did not ask to type there.
pub(super) fn read(input: Option<&Input>) -> Result<Value, String> {
    match input {
        Some(Input::Text(text)) => parse("the input", text).map_err(|reason| reason + meant(text)),
        Some(Input::File(path)) => {
            parse(&format!("`{}`", path.display()), &files::text(path, files::FileKind::Data)?)
        }
        Some(Input::Pipe) => parse("the standard input", &standard_input()?),
        None if stdin().is_terminal() => Ok(Object::new().into()),
        None => match standard_input()? {
            text if text.trim().is_empty() => Ok(Object::new().into()),
            text => parse("the standard input", &text),
        },
    }
}

impl Input {
    /// What an option says: JSON itself, `@FILE`, or `-` for the standard input.
    pub(super) fn of(text: String) -> Self {
        match text.strip_prefix('@') {
            Some(file) => Self::File(file.into()),
            None if text == "-" => Self::Pipe,
            None => Self::Text(text),
        }
    }
}

/// What was probably meant by a text that is not JSON.
fn meant(text: &str) -> &'static str {
    if Path::new(text).is_file() { "; a file is named with an `@` before it" } else { "" }
}

fn parse(name: &str, text: &str) -> Result<Value, String> {
    // Editors on Windows begin a file so.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Value::from_json(text).map_err(|error| format!("{name} is not JSON: {error}"))
}

fn standard_input() -> Result<String, String> {
    files::text_of("<stdin>", stdin().lock(), files::FileKind::Data)
}
