//! The error names that the language reserves (States Language, "Errors"; AWS, "Handling errors in Step Functions workflows").

/// Matches every error that can be caught.
pub const ALL: &str = "States.ALL";
/// Matches every error of a task but [`TIMEOUT`].
pub const TASK_FAILED: &str = "States.TaskFailed";
/// A task, or the whole execution, took too long.
pub const TIMEOUT: &str = "States.Timeout";
/// The execution broke on its own definition or data. Never caught.
pub const RUNTIME: &str = "States.Runtime";
/// A `ResultPath` cannot be applied to the input.
pub const REFERENCE_PATH_CONFLICT: &str = "States.ReferencePathConflict";
/// A JSONata expression failed, or gave what its field cannot take.
pub const QUERY_EVALUATION_ERROR: &str = "States.QueryEvaluationError";
/// A payload is too large.
pub const DATA_LIMIT_EXCEEDED: &str = "States.DataLimitExceeded";
/// The `ItemReader` of a Map cannot read its items.
pub const ITEM_READER_FAILED: &str = "States.ItemReaderFailed";
/// The `ResultWriter` of a Map cannot write its results.
pub const RESULT_WRITER_FAILED: &str = "States.ResultWriterFailed";
/// More child executions of a Map failed than are tolerated.
pub const EXCEED_TOLERATED_FAILURE_THRESHOLD: &str = "States.ExceedToleratedFailureThreshold";
/// The socket of an HTTP task failed, or the answer took over 60 seconds.
pub const HTTP_SOCKET: &str = "States.Http.Socket";
/// What the error name of an HTTP status outside of 2xx starts with; the number follows.
pub const HTTP_STATUS_PREFIX: &str = "States.Http.StatusCode.";

/// Every name that starts with `States.` and that a retrier or catcher may give, those with a number behind them aside.
pub const NAMES: &[&str] = &[
    ALL,
    "States.BranchFailed",
    DATA_LIMIT_EXCEEDED,
    EXCEED_TOLERATED_FAILURE_THRESHOLD,
    "States.HeartbeatTimeout",
    "States.Http.AccessDenied",
    HTTP_SOCKET,
    "States.IntrinsicFailure",
    ITEM_READER_FAILED,
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    QUERY_EVALUATION_ERROR,
    REFERENCE_PATH_CONFLICT,
    "States.ResultPathMatchFailure",
    RESULT_WRITER_FAILED,
    RUNTIME,
    TASK_FAILED,
    TIMEOUT,
];

/// Whether a retrier or catcher may give this name: a custom one, or one that is reserved and exists.
///
/// ```
/// use asl_language::errors::is_known;
/// assert!(is_known("MyError"));
/// assert!(is_known("States.Http.StatusCode.404"));
/// assert!(!is_known("States.TaskFailedId"));
/// ```
#[must_use]
pub fn is_known(name: &str) -> bool {
    if !name.starts_with("States.") {
        return true;
    }
    if let Some(code) = name.strip_prefix(HTTP_STATUS_PREFIX) {
        return code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit());
    }
    NAMES.contains(&name)
}
