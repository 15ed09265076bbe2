//! The input of an execution: text of JSON from wherever the arguments say.

use super::arguments::Input;
use super::error::InputError;
use asl_language::files::{self, ReadError};
use asl_value::{Object, Value};
use std::io::{IsTerminal, Write, stderr, stdin};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// How long a pipe may be silent before it is said that it is read.
const PATIENCE: Duration = Duration::from_secs(2);

/// Reads it. A terminal is read only where the user asks for that.
pub(super) fn read(input: Option<&Input>) -> Result<Value, InputError> {
    match input {
        Some(Input::Text(text)) => parse("the input", text, Path::new(text).is_file()),
        Some(Input::File(path)) => {
            parse(&format!("`{}`", path.display()), &files::text(path, files::FileKind::Data)?, false)
        }
        Some(Input::Pipe) => parse("the standard input", &standard_input()?, false),
        None if stdin().is_terminal() => Ok(Object::new().into()),
        None => match patiently(standard_input)? {
            text if text.trim().is_empty() => Ok(Object::new().into()),
            text => parse("the standard input", &text, false),
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

fn parse(name: &str, text: &str, names_file: bool) -> Result<Value, InputError> {
    // Editors on Windows begin a file so.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Value::from_json(text).map_err(|error| InputError::NotJson { from: name.to_owned(), error, names_file })
}

/// Says what it waits for, if that takes long: someone who gave no input may not know that the standard input is read.
fn patiently<T>(read: impl FnOnce() -> T) -> T {
    let (done, ended) = mpsc::channel::<()>();
    let notice = thread::spawn(move || {
        if ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            let _ =
                writeln!(stderr(), "reading the input from the standard input; `--input '{{}}'` gives one");
        }
    });
    let result = read();
    drop(done);
    let _ = notice.join();
    result
}

fn standard_input() -> Result<String, ReadError> {
    files::text_of("<stdin>", stdin().lock(), files::FileKind::Data)
}
