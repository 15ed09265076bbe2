//! What a user can do about an execution that failed.
//!
//! In: how it failed, and what it was given. Out: one line, where there is something to do that the error itself does not say.

use asl_engine::error::ExecutionError;
use asl_language::errors;

/// What an execution was given, where that can be why it failed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Given {
    /// No input: it began with `{}`.
    pub(super) no_input: bool,
    /// Mocks answer its tasks.
    pub(super) mocks: bool,
}

/// The errors of a definition that does not find in its data what it needs.
const OF_DATA: &[&str] = &[
    errors::RUNTIME,
    errors::QUERY_EVALUATION_ERROR,
    errors::REFERENCE_PATH_CONFLICT,
    "States.IntrinsicFailure",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.ResultPathMatchFailure",
];

/// What to do; nothing where the error says it all.
pub(super) fn advice(error: &ExecutionError, given: Given) -> Option<&'static str> {
    let name = error.error()?;
    if given.no_input && OF_DATA.contains(&name) {
        return Some(NO_INPUT);
    }
    if given.mocks || !(name.ends_with("SdkClientException") || name == errors::HTTP_SOCKET) {
        return None;
    }
    // What the SDKs say where they have no credentials is only what the last of many places said that they look at.
    let is_signed = name != errors::HTTP_SOCKET;
    Some(if is_signed && !has_credentials() { NO_CREDENTIALS } else { OUT_OF_REACH })
}

const NO_INPUT: &str =
    "the execution began with `{}`, because it was given no input: `--input '{..}'`, or `--input @FILE`";
const NO_CREDENTIALS: &str = "there are no credentials of AWS: set `AWS_PROFILE`, or `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` (to anything, for an emulator), and `AWS_REGION`; \
    `asl run --mock FILE` asks no service";
const OUT_OF_REACH: &str =
    "`--endpoint SERVICE=URL` calls a service elsewhere; `asl run --mock FILE` asks none";

/// Whether the user has credentials in one of the usual places.
fn has_credentials() -> bool {
    let variables = [
        "AWS_ACCESS_KEY_ID",
        "AWS_PROFILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_CONFIG_FILE",
    ];
    let home = std::env::home_dir().unwrap_or_default();
    variables.iter().any(|name| std::env::var_os(name).is_some())
        || ["credentials", "config"].iter().any(|file| home.join(".aws").join(file).exists())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TaskError;

    fn failed(name: &str) -> ExecutionError {
        asl_engine::error::Error::from(TaskError::new(name.to_owned(), "")).into()
    }

    #[test]
    fn an_execution_that_misses_its_input_is_told_how_to_get_one() {
        let nothing = Given { no_input: true, mocks: false };
        assert_eq!(advice(&failed("States.QueryEvaluationError"), nothing), Some(NO_INPUT));
        assert_eq!(advice(&failed("States.Runtime"), Given { mocks: true, ..nothing }), Some(NO_INPUT));
        assert_eq!(advice(&failed("States.Runtime"), Given::default()), None);
        assert_eq!(advice(&failed("Order.TooLarge"), nothing), None);
    }

    #[test]
    fn a_service_out_of_reach_can_be_replaced() {
        assert_eq!(advice(&failed("States.Http.Socket"), Given::default()), Some(OUT_OF_REACH));
        assert_eq!(advice(&failed("States.Http.Socket"), Given { mocks: true, no_input: false }), None);
    }
}
