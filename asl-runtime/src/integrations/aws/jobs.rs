//! `.sync`: waits for the end of a job by asking how it is.
//!
//! In: what the service answered when the job was started, and what the compiler knows about jobs of that kind. Out: the last description of
//! the job, or `States.TaskFailed` with it as the cause. Where nothing waits any longer, because the task has timed out or the execution was
//! stopped, the job is stopped too, as far as the service lets it, and as long as the program runs.

use super::{ActionCall, Aws};
use crate::invocation::Invocation;
use crate::parameters::asks::{Sources, all, collected};
use asl_engine::error::TaskError;
use asl_engine::generated::action::{Job, Question};
use asl_language::action::Outcome;
use asl_language::errors;
use asl_value::{Text, Value};
use tokio::runtime::Handle;

/// How often in a row a question may fail in a way that passes.
const PATIENCE: u32 = 8;

/// What is in the names of errors that pass: too much is asked, or what was started is not yet known everywhere.
const PASSING: &[&str] = &[
    "SdkClient",
    "Throttl",
    "TooManyRequests",
    "LimitExceeded",
    "Unavailable",
    "Internal",
    "ServerException",
];

/// What is in the names of errors that say that there is no such thing.
const MISSING: &[&str] = &["NotFound", "DoesNotExist", "NoSuch"];

/// A job whose end was not seen yet. Where this is dropped, nothing waits for it.
struct Running<'a> {
    aws: &'a Aws,
    /// What stops it.
    stop: Option<(&'static Question, Value)>,
    token: Text,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let (Some((stop, parameters)), Ok(runtime)) = (self.stop.take(), Handle::try_current()) else {
            return;
        };
        let (aws, token) = (self.aws.clone(), self.token.clone());
        runtime.spawn(async move {
            // Whether it has stopped is not asked.
            let _ = aws.call(ActionCall { action: stop.action, is_sdk: false }, &parameters, &token).await;
        });
    }
}

impl Aws {
    /// What a job came to that a task has started, and which the service answered so.
    pub(super) async fn ended_job(
        &self,
        job: &'static Job,
        task: &Invocation,
        answer: &Value,
    ) -> Result<Value, TaskError> {
        let (sources, token) =
            (Sources { answer, ..Sources::given(task.parameters()) }, task.idempotency_uuid());
        let stop = job.stop.as_ref().map(|stop| (stop, collected(stop.parameters, sources).into()));
        let mut running = Running { aws: self, stop, token: token.clone() };
        let asked = collected(job.describe.parameters, sources).into();
        let ended = self.wait(job, &asked, answer, &token).await;
        running.stop = None;
        let mut ended = ended?;
        if let Value::Object(result) = &mut ended {
            for name in job.outcome.kept {
                result.insert(*name, answer.get(name).cloned().unwrap_or_default());
            }
        }
        Ok(ended)
    }

    async fn wait(
        &self,
        job: &Job,
        asked: &Value,
        started: &Value,
        token: &Text,
    ) -> Result<Value, TaskError> {
        let call = ActionCall { action: job.describe.action, is_sdk: false };
        let [mut pause, longest] = self.pauses;
        let (mut failures, mut last) = (0, started.clone());
        loop {
            let failure = match self.call(call, asked, token).await {
                Ok(answer) => match job.outcome.description(answer) {
                    Some(description) => {
                        if let Some(ended) = job.outcome.end(&description) {
                            return ended;
                        }
                        last = description;
                        None
                    }
                    None => Some(TaskError::new(Text::new_static(errors::TASK_FAILED), started.to_string())),
                },
                Err(error) if job.outcome.gone && is_one_of(&error, MISSING) => {
                    return Ok(job.outcome.result(last));
                }
                Err(error) if is_one_of(&error, PASSING) || is_one_of(&error, MISSING) => Some(error),
                Err(error) => return Err(error),
            };
            failures = match failure {
                None => 0,
                Some(error) if failures == PATIENCE => return Err(error),
                Some(_) => failures + 1,
            };
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(longest);
        }
    }
}

fn is_one_of(error: &TaskError, names: &[&str]) -> bool {
    names.iter().any(|name| error.error().contains(name))
}

/// How a job is seen to have ended.
trait End {
    /// The description of the job in an answer, if it is there.
    fn description(&self, answer: Value) -> Option<Value>;

    /// What the job came to, if it has ended.
    fn end(&self, description: &Value) -> Option<Result<Value, TaskError>>;

    /// The result of the task.
    fn result(&self, description: Value) -> Value;
}

impl End for Outcome {
    fn description(&self, answer: Value) -> Option<Value> {
        let mut description = all(&answer, self.found).into_iter().next()?.as_object()?.clone();
        description.remove("SdkHttpMetadata");
        description.remove("SdkResponseMetadata");
        for name in self.json {
            let text = description.get(name).and_then(Value::as_str);
            if let Some(json) = text.and_then(|text| Value::from_json(text).ok()) {
                description.insert(*name, json);
            }
        }
        Some(description.into())
    }

    fn end(&self, description: &Value) -> Option<Result<Value, TaskError>> {
        let status = all(description, self.status).into_iter().next()?.as_str()?;
        let ran = self.containers.is_empty()
            || all(description, self.containers)
                .into_iter()
                .all(|container| container.get("ExitCode").and_then(Value::as_i64) == Some(0));
        let succeeded = self.succeeded.contains(&status);
        if succeeded && ran {
            return Some(Ok(self.result(description.clone())));
        }
        (succeeded || self.failed.contains(&status)).then(|| {
            Err(TaskError::new(
                Text::new_static(errors::TASK_FAILED),
                self.result(description.clone()).to_string(),
            ))
        })
    }

    fn result(&self, description: Value) -> Value {
        match self.named {
            "" => description,
            name => asl_engine::generated::template::object([(name, description)]),
        }
    }
}
