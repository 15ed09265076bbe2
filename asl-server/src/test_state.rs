//! `TestState`: one state of a machine, with what its data is on the way through its fields.
//!
//! In: the request as the API has it, and a [`Bench`] that runs compiled code and does tasks. Out: the answer, or the error of the API. The
//! definition is compiled like any other, but for states that tell their stages; nothing of it is interpreted, and nothing in here reaches
//! for a network.
//!
//! ```text
//! request -> Test::read -> Test      a machine to compile, and what is to be tried
//!         -> Test::run  -> Tried     what the compiled state did on the bench
//!         -> answer
//! ```

mod answer;
mod configuration;
mod context;
mod definition;
mod mock;
mod request;
mod schema;
#[cfg(test)]
mod tests;
mod text;

pub use definition::MachineCode;
pub use request::Setting;

use asl_compiler::Options;
use asl_engine::task::Task;
use asl_engine::trial::{Trial, TrialEnd, Tried};
use asl_runtime::{BoxFuture, Exchange, TaskError};
use asl_value::Value;
use definition::Definition;
use request::Request;
use std::borrow::Cow;
use std::fmt;

/// Why a request is refused, as the API says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The name of the error: `ValidationException`.
    pub kind: &'static str,
    /// Its text.
    pub message: Cow<'static, str>,
}

impl Refusal {
    pub(crate) fn validation(message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind: "ValidationException", message: message.into() }
    }

    pub(crate) fn definition(message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind: "InvalidDefinition", message: message.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

impl std::error::Error for Refusal {}

/// Why a state is not tried, although the request is valid.
#[derive(Debug)]
pub enum BenchError {
    /// The machine cannot be built, for this reason.
    Build(String),
    /// Its process does not answer, and why.
    Worker(Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for BenchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Build(reason) => f.write_str(reason),
            Self::Worker(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for BenchError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Build(_) => None,
            Self::Worker(error) => Some(&**error),
        }
    }
}

impl BenchError {
    /// The process of a machine does not answer, whatever kind of process that is.
    pub fn worker(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Worker(Box::new(error))
    }
}

/// For commands, whose errors are messages.
impl From<BenchError> for String {
    fn from(error: BenchError) -> Self {
        error.to_string()
    }
}

/// What a test needs of the world.
pub trait Bench: Send + Sync {
    /// Builds the machine, if it is not there yet, and tries a state of it.
    fn try_state<'b>(
        &'b self,
        code: &'b MachineCode,
        trial: Trial,
    ) -> BoxFuture<'b, Result<Tried, BenchError>>;

    /// Does a task that is not mocked. If someone wants to see what is sent and what comes, and it is an HTTP task, it is shown.
    fn perform(&self, task: Task, seen: Option<Exchange>) -> BoxFuture<'_, Result<Value, TaskError>>;
}

/// Answers a request. The profile of the options says whether what AWS alone refuses is refused.
///
/// # Errors
/// Those of the API.
pub async fn test_state(
    request: &serde_json::Value,
    setting: &Setting,
    options: &Options,
    bench: &dyn Bench,
) -> Result<serde_json::Value, Refusal> {
    let test = Test::read(request, setting, options)?;
    test.run(bench)
        .await
        .map_err(|error| Refusal { kind: "InternalFailure", message: error.to_string().into() })
}

/// A request that makes sense: a machine to compile, and what is to be tried with it.
#[derive(Debug)]
pub struct Test {
    request: Request,
    definition: Definition,
    trial: Trial,
}

impl Test {
    /// Reads a request, and compiles its definition to code.
    ///
    /// # Errors
    /// Those of the API.
    pub fn read(request: &serde_json::Value, setting: &Setting, options: &Options) -> Result<Self, Refusal> {
        let request = Request::read(request)?;
        let definition = Definition::read(&request, options)?;
        let state = &definition.state;
        configuration::check(&request, state)?;
        let outcome = mock::outcome(&request, state)?;
        let context = context::context(&request, state, setting)?;
        let trial = Trial {
            state: state.name.as_str().into(),
            input: request.input.clone(),
            variables: request.variables.clone(),
            context,
            now: setting.now,
            chance: setting.chance,
            outcome,
            retries: request.configuration.retrier_retry_count.unwrap_or_default(),
            items: configuration::items(&request)?,
            failed_iterations: request.configuration.map_iteration_failure_count.unwrap_or_default(),
        };
        Ok(Self { request, definition, trial })
    }

    /// The machine that is to be compiled.
    #[must_use]
    pub const fn code(&self) -> &MachineCode {
        &self.definition.code
    }

    /// What is to be tried with it.
    #[must_use]
    pub const fn trial(&self) -> &Trial {
        &self.trial
    }

    /// Tries the state, and returns the answer of the API. A task that is not mocked is done, and the state goes on with what comes of it.
    ///
    /// # Errors
    /// The machine could not be built, or its process has ended.
    pub async fn run(&self, bench: &dyn Bench) -> Result<serde_json::Value, BenchError> {
        let tried = bench.try_state(self.code(), self.trial.clone()).await?;
        let TrialEnd::Asks(task) = tried.end else { return Ok(self.answer(&tried, None)) };
        let seen = self.request.exchange();
        let outcome = Some(bench.perform(*task, seen.clone()).await);
        let tried = bench.try_state(self.code(), Trial { outcome, ..self.trial.clone() }).await?;
        Ok(self.answer(&tried, seen.as_ref()))
    }

    fn answer(&self, tried: &Tried, seen: Option<&Exchange>) -> serde_json::Value {
        answer::answer(&self.request, &self.definition.state, tried, seen)
    }
}
