//! Starting executions, and the handle to one that runs.

use crate::driver;
use crate::host::{Clock, Host};
use asl_engine::context::ExecutionContext;
use asl_engine::error::{ExecutionError, Status};
use asl_engine::history::{Event, EventDetails, Observer};
use asl_engine::machine::{State, StateMachine};
use asl_engine::program::program;
use asl_value::{Text, Value};
use std::collections::HashMap;
use std::future::{Future, IntoFuture, pending};
use std::pin::Pin;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

/// Runs an execution to its end.
///
/// # Errors
/// The execution failed or timed out.
pub async fn run<M: StateMachine, H: Host>(
    host: &H,
    input: impl Into<Value> + Send,
) -> Result<Value, ExecutionError> {
    let context = new_execution(host, M::NAME, input.into(), None);
    host.drive(driver::execute(host, program::<M>(), context, host.observer(), pending())).await
}

/// Runs an execution whose input is JSON text.
///
/// # Errors
/// The text is no JSON (`InvalidExecutionInput`), or the execution failed or timed out.
pub async fn run_json<M: StateMachine, H: Host>(host: &H, input: &str) -> Result<Value, ExecutionError> {
    let input = Value::from_json(input).map_err(|error| ExecutionError::invalid_input(&error))?;
    run::<M, H>(host, input).await
}

/// Starts an execution in the background, on the tokio runtime that this is called in.
///
/// # Panics
/// As `tokio::spawn`: this is called outside of a tokio runtime.
pub fn start<M: StateMachine, H: Host>(host: &H, input: impl Into<Value>) -> Execution<M::State> {
    let host = host.clone();
    let context = new_execution(&host, M::NAME, input.into(), None);
    let name = context.name.clone();
    let (progress, watch) = watch::channel(Progress { status: Status::Running, state: None });
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(async move {
        let reporter = Reporter::<H, M::State>::new(&host, progress);
        let result = host
            .drive(driver::execute(&host, program::<M>(), context, Some(&reporter), stop_signal(stopped)))
            .await;
        let status = result.as_ref().map_or_else(ExecutionError::status, |_| Status::Succeeded);
        reporter.progress.send_modify(|progress| progress.status = status);
        result
    });
    Execution { name, task, watch, stop: Some(stop) }
}

/// An execution that runs in the background. Awaiting it gives its output; dropping it lets it run on.
#[derive(Debug)]
pub struct Execution<S> {
    name: Text,
    task: JoinHandle<Result<Value, ExecutionError>>,
    watch: watch::Receiver<Progress<S>>,
    stop: Option<oneshot::Sender<Stop>>,
}

/// How far an execution is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<S> {
    /// Its status.
    pub status: Status,
    /// The state that was entered last, in whatever branch; `None` before the first.
    pub state: Option<S>,
}

/// Why an execution is stopped.
type Stop = (Option<Text>, Option<String>);

impl<S: State> Execution<S> {
    /// `$$.Execution.Name`
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How far it is now.
    #[must_use]
    pub fn progress(&self) -> Progress<S> {
        *self.watch.borrow()
    }

    /// Waits until it has come further since this was last called, and says how far. Steps that follow each other faster than they
    /// are watched are passed over; an observer of the host hears about all of them. `None` when it has ended and that was told.
    pub async fn watch(&mut self) -> Option<Progress<S>> {
        self.watch.changed().await.ok()?;
        Some(*self.watch.borrow_and_update())
    }

    /// Stops it: whatever its tasks do is cancelled, and it ends with [`Status::Aborted`] and this error and cause. Does nothing
    /// if it has ended.
    pub fn stop(&mut self, error: Option<&str>, cause: Option<&str>) {
        if let Some(stop) = self.stop.take() {
            // An execution that has ended does not listen any more, which is fine.
            let _ = stop.send((error.map(Text::from), cause.map(str::to_owned)));
        }
    }
}

impl<S: State> IntoFuture for Execution<S> {
    type Output = Result<Value, ExecutionError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            // The stop channel stays open while the execution is awaited.
            let Self { task, stop, .. } = self;
            let result = task.await;
            drop(stop);
            result.unwrap_or_else(|error| match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(ExecutionError::aborted(None, Some(String::from("the runtime was shut down")))),
            })
        })
    }
}

async fn stop_signal(stopped: oneshot::Receiver<Stop>) -> Stop {
    match stopped.await {
        Ok(stop) => stop,
        // The handle was dropped: the execution runs on.
        Err(_) => std::future::pending().await,
    }
}

/// Keeps the handle of an execution informed, and the host's own observer too.
struct Reporter<'a, H, S> {
    host: &'a H,
    states: HashMap<&'static str, S>,
    progress: watch::Sender<Progress<S>>,
}

impl<'a, H: Host, S: State> Reporter<'a, H, S> {
    fn new(host: &'a H, progress: watch::Sender<Progress<S>>) -> Self {
        Self { host, states: S::ALL.iter().map(|state| (state.name(), *state)).collect(), progress }
    }
}

impl<H: Host, S: State> Observer for Reporter<'_, H, S> {
    fn event(&self, execution: &ExecutionContext, event: &Event) {
        if let EventDetails::StateEntered { name, .. } = &event.details {
            let state = self.states.get(name).copied();
            self.progress.send_modify(|progress| progress.state = state);
        }
        if let Some(next) = self.next() {
            next.event(execution, event);
        }
    }

    fn next(&self) -> Option<&dyn Observer> {
        self.host.observer()
    }
}

/// The facts of an execution that starts now.
pub(crate) fn new_execution<H: Host>(
    host: &H,
    machine: &'static str,
    input: Value,
    name: Option<Text>,
) -> Box<ExecutionContext> {
    let identity = host.identity();
    let (region, account) = (&identity.region, &identity.account);
    let name = name.unwrap_or_else(|| asl_engine::random::uuid(|| host.random()));
    Box::new(ExecutionContext {
        id: format!("arn:aws:states:{region}:{account}:execution:{machine}:{name}").into(),
        name,
        input,
        role_arn: identity.role_arn.clone(),
        start_time: host.clock().now(),
        state_machine_id: format!("arn:aws:states:{region}:{account}:stateMachine:{machine}").into(),
        state_machine_name: Text::new_static(machine),
    })
}
