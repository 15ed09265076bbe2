//! How an execution ends, as its invocation answers it.

use asl_runtime::{Error, ExecutionError, Text, Value};
#[cfg(feature = "endpoint")]
use {
    asl_runtime::{Object, Status},
    restate_sdk::errors::TerminalError,
};

/// The output, or a terminal error whose message is a JSON object with the status, the error and the cause, as `DescribeExecution` has them.
#[cfg(feature = "endpoint")]
pub(crate) fn of(result: Result<Value, ExecutionError>) -> Result<Value, TerminalError> {
    result.map_err(|error| {
        let mut fields = Object::new();
        fields.insert("status", error.status().as_str());
        fields.extend(error.error().map(|name| ("error", name)));
        fields.extend(error.cause().map(|cause| ("cause", cause)));
        TerminalError::new_with_code(code(error.status()), Value::from(fields).to_string())
    })
}

#[cfg(feature = "endpoint")]
const fn code(status: Status) -> u16 {
    match status {
        Status::TimedOut => 408,
        Status::Aborted => 409,
        Status::Running | Status::Succeeded | Status::Failed => 500,
    }
}

/// The failure of an execution by the message that its invocation failed with; nothing if that is not one of an execution.
///
/// ```
/// let failure = asl_restate::failure(r#"{"status":"FAILED","error":"CardDeclined","cause":"it has expired"}"#).unwrap();
/// assert_eq!((failure.error(), failure.cause()), (Some("CardDeclined"), Some("it has expired")));
/// ```
#[must_use]
pub fn failure(message: &str) -> Option<ExecutionError> {
    let fields = Value::from_json(message).ok()?;
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let (error, cause) = (text("error").map(Text::from), text("cause").map(str::to_owned));
    match text("status")? {
        "FAILED" => Some(Error::catchable(error.unwrap_or_default(), cause).into()),
        "TIMED_OUT" => Some(ExecutionError::timed_out()),
        "ABORTED" => Some(ExecutionError::aborted(error, cause)),
        _ => None,
    }
}

#[cfg(all(test, feature = "endpoint"))]
mod tests {
    use super::*;

    #[test]
    fn failures_are_read_as_they_are_written() {
        let failed = |name: &'static str, cause: Option<&str>| {
            ExecutionError::from(Error::catchable(name, cause.map(str::to_owned)))
        };
        for error in [
            failed("CardDeclined", Some("it has expired")),
            failed("", None),
            ExecutionError::timed_out(),
            ExecutionError::aborted(None, Some("enough".into())),
        ] {
            let message = of(Err(error.clone())).unwrap_err().message().to_owned();
            assert_eq!(failure(&message), Some(error));
        }
        assert_eq!(failure("cancelled"), None);
    }
}
