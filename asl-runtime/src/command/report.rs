//! How an execution ended, for the caller of the program.

use super::advice::{Given, advice};
use super::arguments::{Format, Log, Options};
use super::error::CommandError;
use crate::printer::layout;
use asl_engine::error::{ExecutionError, Status};
use asl_value::{Object, Value};
use std::io::{ErrorKind, IsTerminal, Write, stderr, stdout};
use std::process::ExitCode;

const COULD_NOT_RUN: u8 = 2;

/// The width of lines on a terminal.
const WIDTH: usize = 110;

/// The output goes to the standard output, an error to the standard error; for programs both are one object on the standard output.
pub(super) fn print(
    options: &Options,
    name: &str,
    result: Result<&Value, &ExecutionError>,
    given: Given,
) -> Result<(), CommandError> {
    written(match (options.format, result) {
        (Format::Json, result) => writeln!(stdout(), "{}", to_json(name, result)),
        (Format::Human, Ok(output)) if stdout().is_terminal() => {
            writeln!(stdout(), "{}", layout(output, WIDTH, None).join("\n"))
        }
        (Format::Human, Ok(output)) => writeln!(stdout(), "{output}"),
        (Format::Human, Err(_)) if options.log == Log::Off => Ok(()),
        (Format::Human, Err(error)) => stderr().write_all(to_text(error, given).as_bytes()),
    })
}

/// Whether a text was written. The reader may be gone, which changes nothing about the execution; but output that is waited for
/// and not written is not a success.
pub(super) fn written(result: std::io::Result<()>) -> Result<(), CommandError> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CommandError::Output(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Says why there is no execution; the exit code. As above, for programs that is on the standard output.
pub(super) fn refuse(format: Format, reason: &str) -> ExitCode {
    let told = match format {
        Format::Human => false,
        Format::Json => {
            let mut object = Object::new();
            object.insert("error", reason.to_owned());
            writeln!(stdout(), "{}", Value::from(object)).is_ok()
        }
    };
    if !told {
        let _ = writeln!(stderr(), "error: {reason}");
    }
    ExitCode::from(COULD_NOT_RUN)
}

fn to_text(error: &ExecutionError, given: Given) -> String {
    let name = error.error().unwrap_or("without an error name");
    let cause = error.cause().map(|cause| format!("\n  {}", cause.replace('\n', "\n  "))).unwrap_or_default();
    let help = advice(error, given).map(|help| format!("help: {help}\n")).unwrap_or_default();
    format!("execution {}: {name}{cause}\n{help}", error.status())
}

fn to_json(name: &str, result: Result<&Value, &ExecutionError>) -> Value {
    let mut object = Object::new();
    object.insert("name", name.to_owned());
    match result {
        Ok(output) => {
            object.insert("status", Status::Succeeded.as_str());
            object.insert("output", output.clone());
        }
        Err(error) => {
            object.insert("status", error.status().as_str());
            object.extend(error.error().map(|name| ("error", name.to_owned())));
            object.extend(error.cause().map(|cause| ("cause", cause.to_owned())));
        }
    }
    object.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_one_object_for_programs_and_some_lines_for_people() {
        let output: Result<_, ExecutionError> = Ok(Value::from(7));
        assert_eq!(
            to_json("a", output.as_ref()).to_string(),
            r#"{"name":"a","status":"SUCCEEDED","output":7}"#
        );
        let error = ExecutionError::timed_out();
        let json = r#"{"name":"a","status":"TIMED_OUT","error":"States.Timeout"}"#;
        assert_eq!(to_json("a", Err(&error)).to_string(), json);
        assert_eq!(to_text(&error, Given::default()), "execution TIMED_OUT: States.Timeout\n");
        let stopped = ExecutionError::aborted(None, Some(String::from("one\ntwo")));
        assert_eq!(
            to_text(&stopped, Given::default()),
            "execution ABORTED: without an error name\n  one\n  two\n"
        );
    }
}
