//! JSON as options take it.
//!
//! In: JSON itself, `@FILE`, or `-` for the standard input. Out: the text, or the value.

use crate::read::read;
use serde_json::Value;
use std::path::Path;

/// The text of what an option takes.
pub(crate) fn text(argument: &str) -> Result<String, String> {
    match argument.strip_prefix('@') {
        Some(file) => Ok(read(file)?.text().to_owned()),
        None if argument == "-" => Ok(read("-")?.text().to_owned()),
        None => Ok(argument.to_owned()),
    }
}

/// The value that an option takes.
pub(crate) fn json(argument: &str) -> Result<Value, String> {
    serde_json::from_str(&text(argument)?).map_err(|error| {
        let meant =
            if Path::new(argument).is_file() { "; a file is named with an `@` before it" } else { "" };
        format!("`{argument}` is not JSON: {error}{meant}")
    })
}

/// The file that an option names, if it names one.
pub(crate) fn file(argument: &str) -> Option<&str> {
    if argument == "-" { Some(argument) } else { argument.strip_prefix('@') }
}
