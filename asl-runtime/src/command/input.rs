//! The input of an execution: text of JSON from wherever the arguments say.

use super::arguments::Input;
use asl_value::{Object, Value};
use std::io::{IsTerminal, Read, stdin};
use std::path::Path;

/// Reads it. Nobody is kept waiting at a terminal who did not ask to type there.
pub(super) fn read(input: Option<&Input>) -> Result<Value, String> {
    match input {
        Some(Input::Text(text)) => parse("the input", text),
        Some(Input::File(path)) => parse(&format!("`{}`", path.display()), &file(path)?),
        Some(Input::Pipe) => parse("the standard input", &standard_input()?),
        None if stdin().is_terminal() => Ok(Object::new().into()),
        None => match standard_input()? {
            text if text.trim().is_empty() => Ok(Object::new().into()),
            text => parse("the standard input", &text),
        },
    }
}

fn parse(name: &str, text: &str) -> Result<Value, String> {
    // Editors on Windows begin a file so.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Value::from_json(text).map_err(|error| format!("{name} is no JSON: {error}"))
}

fn file(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))
}

fn standard_input() -> Result<String, String> {
    let mut text = String::new();
    match stdin().lock().read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(error) => Err(format!("the standard input cannot be read: {error}")),
    }
}
