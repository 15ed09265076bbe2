//! A command that does the work of a Lambda function.
//!
//! In: a payload, which goes to the standard input. Out: what it writes to the standard output, or what it raised, in the form in which Lambda
//! tells it: an exit code other than 0 is an error of the function. What it writes to the standard error goes to that of this process.

use super::name::Name;
use super::{client_error, function_error};
use asl_engine::error::TaskError;
use asl_language::limits::AWS_PAYLOAD_BYTES;
use asl_value::{Object, Value};
use futures_util::future::join;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

/// A call of a function.
pub(super) struct FunctionCall<'a> {
    pub(super) name: Name<'a>,
    pub(super) payload: &'a str,
    pub(super) request_id: &'a str,
}

/// A command, with its arguments, and where it runs.
pub(super) struct Started<'a> {
    pub(super) program: &'a Path,
    pub(super) arguments: &'a [String],
    pub(super) folder: &'a Path,
}

/// Starts the command, and waits for its end. It is killed where nothing waits any more.
pub(super) async fn call(started: Started<'_>, call: &FunctionCall<'_>) -> Result<Value, TaskError> {
    let Started { program, arguments, folder } = started;
    let child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("AWS_LAMBDA_FUNCTION_NAME", call.name.function())
        .env("AWS_LAMBDA_FUNCTION_VERSION", call.name.version())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let unusable =
        |what: &str, error: std::io::Error| client_error(format!("`{}` {what}: {error}", program.display()));
    let mut child = child.map_err(|error| unusable("cannot be started", error))?;
    let output = speak(&mut child, call.payload).await.map_err(|error| unusable("cannot be read", error))?;
    let Some(output) = output else { return Err(client_error("the answer is too large")) };
    let status = child.wait().await.map_err(|error| unusable("cannot be waited for", error))?;
    answer(status, &output, call.request_id)
}

/// Writes the payload, and reads all that comes, unless it is too much.
async fn speak(child: &mut Child, payload: &str) -> std::io::Result<Option<Vec<u8>>> {
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let write = async {
        if let Some(mut input) = input {
            // A function need not read its payload.
            let _ = input.write_all(payload.as_bytes()).await;
        }
    };
    let read = async {
        let mut bytes = Vec::new();
        if let Some(output) = output {
            output.take(AWS_PAYLOAD_BYTES as u64 + 1).read_to_end(&mut bytes).await?;
        }
        Ok((bytes.len() <= AWS_PAYLOAD_BYTES).then_some(bytes))
    };
    join(write, read).await.1
}

fn answer(status: ExitStatus, output: &[u8], request_id: &str) -> Result<Value, TaskError> {
    let text = String::from_utf8_lossy(output);
    let text = text.trim();
    if !status.success() {
        return Err(function_error(&raised(status, text, request_id)));
    }
    if text.is_empty() {
        return Ok(Value::Null);
    }
    Value::from_json(text).map_err(|_| {
        let message = format!("RequestId: {request_id} Error: the function wrote something other than JSON");
        function_error(&error_object("Runtime.MarshalError", &message))
    })
}

/// What the function says of its error, or that it has exited.
fn raised(status: ExitStatus, text: &str, request_id: &str) -> String {
    let said = Value::from_json(text).ok().filter(|said| {
        ["errorType", "errorMessage"]
            .iter()
            .any(|field| said.get(field).is_some_and(|text| text.as_str().is_some()))
    });
    match said {
        Some(_) => text.to_owned(),
        None => {
            let status = status.to_string().replacen("exit status: ", "exit status ", 1);
            let message = format!("RequestId: {request_id} Error: Runtime exited with error: {status}");
            error_object("Runtime.ExitError", &message)
        }
    }
}

fn error_object(kind: &str, message: &str) -> String {
    let mut object = Object::new();
    object.insert("errorType", kind);
    object.insert("errorMessage", message);
    Value::from(object).to_string()
}
