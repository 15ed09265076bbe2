//! Runs executions: the one place where anything waits.
//!
//! The driver owns the order of things: retriers, catchers, time-outs, concurrency, cancellation. Machines say what they want,
//! hosts do it. The driver is compiled once for each type of host, not for each machine.

mod lanes;

use crate::context::{ExecutionContext, MapItem};
use crate::error::{Error, ExecutionError};
use crate::history::{EventDetails, Observer};
use crate::host::Host;
use crate::machine::{Effect, StateInfo, Transition, Until};
use crate::program::{Advance, Facts, Position, Program, StateId, context};
use crate::retry::{self, Retries};
use crate::task::Task;
use crate::value::{Text, Value};
use asl_language::timestamp::Timestamp;
use futures_util::future::{Either, select};
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::AtomicU64;
use std::task::Poll;
use std::time::Duration;

/// Runs one execution to its end, or until `stop` says that it is enough.
pub(crate) async fn execute<H: Host>(
    host: &H,
    program: &'static dyn Program,
    execution: ExecutionContext,
    observer: Option<&dyn Observer>,
    stop: impl Future<Output = (Option<Text>, Option<String>)> + Send,
) -> Result<Value, ExecutionError> {
    let input = execution.input.clone();
    let now = || host.now();
    let facts = Facts { context: execution, observer, now: &now, events: AtomicU64::new(0) };
    let mut last_event = 0;
    facts.event(&mut last_event, || EventDetails::ExecutionStarted { input: input.clone() });
    let driver = Driver { host, program, facts: &facts };
    // The first state was led to by no event, not even by the start of the execution.
    let run = driver.run(Position::new(program.start_at(), input, 0), None);
    let end = match select(pin!(within(host, program.timeout(), run)), pin!(stop)).await {
        Either::Left((Some(Ok(at)), _)) => {
            last_event = at.last_event;
            End::Succeeded(at.data)
        }
        Either::Left((Some(Err(error)), _)) => {
            last_event = error.event();
            End::Failed(error)
        }
        Either::Left((None, _)) => End::TimedOut,
        Either::Right(((error, cause), _)) => End::Aborted(error, cause),
    };
    facts.event(&mut last_event, || end.event());
    end.into()
}

/// How an execution ended.
enum End {
    Succeeded(Value),
    Failed(Error),
    TimedOut,
    Aborted(Option<Text>, Option<String>),
}

impl End {
    fn event(&self) -> EventDetails {
        match self {
            Self::Succeeded(output) => EventDetails::ExecutionSucceeded { output: output.clone() },
            Self::Failed(error) => EventDetails::ExecutionFailed {
                error: Some(Text::from(error.error())),
                cause: error.cause().map(str::to_owned),
            },
            Self::TimedOut => EventDetails::ExecutionTimedOut,
            Self::Aborted(error, cause) => EventDetails::ExecutionAborted { error: error.clone(), cause: cause.clone() },
        }
    }
}

impl From<End> for Result<Value, ExecutionError> {
    fn from(end: End) -> Self {
        match end {
            End::Succeeded(output) => Ok(output),
            End::Failed(error) => Err(error.into()),
            End::TimedOut => Err(ExecutionError::timed_out()),
            End::Aborted(error, cause) => Err(ExecutionError::aborted(error, cause)),
        }
    }
}

/// The output of a future, unless it takes longer than `timeout`.
async fn within<H: Host, F: Future>(host: &H, timeout: Option<Duration>, future: F) -> Option<F::Output> {
    let Some(timeout) = timeout else { return Some(future.await) };
    match select(pin!(future), pin!(host.sleep(timeout))).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(_) => None,
    }
}

/// Lets others run.
async fn yield_now() {
    let mut yielded = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

struct Driver<'a, H> {
    host: &'a H,
    program: &'static dyn Program,
    facts: &'a Facts<'a>,
}

impl<H: Host> Driver<'_, H> {
    /// Runs an execution, a branch or an iteration from its first state to its end.
    async fn run(&self, mut at: Position, item: Option<&MapItem>) -> Result<Position, Error> {
        let first = self.program.advance(&mut at, self.facts, item)?;
        self.go_on(at, item, first).await
    }

    async fn go_on(&self, mut at: Position, item: Option<&MapItem>, mut advance: Advance) -> Result<Position, Error> {
        loop {
            match advance {
                Advance::Ended => return Ok(at),
                Advance::Yielded => yield_now().await,
                Advance::Asked(effect) => match self.perform(&mut at, effect, item).await? {
                    Transition::Next(next) => at.state = next,
                    Transition::End => return Ok(at),
                },
            }
            advance = self.program.advance(&mut at, self.facts, item)?;
        }
    }

    /// Performs what a state asks for, as often as its retriers want, and leaves the state.
    async fn perform(
        &self,
        at: &mut Position,
        mut effect: Effect<StateId>,
        item: Option<&MapItem>,
    ) -> Result<Transition<StateId>, Error> {
        let (state, info) = (at.state, self.program.info(at.state)?);
        let located = |error: Error, at: &Position| error.in_state(info.name, at.entered_event).after_event(at.last_event);
        let (mut retries, mut retry_count) = (Retries::new(info.retry), 0);
        loop {
            let context = |at: &Position, retry_count| context(self.facts, info, retry_count, item).entered_at(at.entered_time);
            let resumed = match self.effect(at, info, effect, item).await {
                Ok(result) => {
                    let context = context(at, retry_count);
                    self.program.resume(state, &mut at.data, result, &context)
                }
                Err(error) => Err(error),
            };
            let transition = match resumed {
                Ok(transition) => transition,
                Err(error) => {
                    let error = located(error, at);
                    if let Some(delay) = retries.delay(&error, || self.host.random()) {
                        self.host.sleep(delay).await;
                        retry_count += 1;
                        let context = context(at, retry_count);
                        effect = self.program.enter(state, &mut at.data, &context).map_err(|error| located(error, at))?;
                        continue;
                    }
                    let Some(catcher) = retry::catcher(info.catch, &error) else { return Err(error) };
                    let context = context(at, retry_count);
                    let caught = self.program.catch(state, &mut at.data, catcher, error.output(), &context);
                    caught.map_err(|error| located(error, at))?
                }
            };
            self.facts.exited(at, info)?;
            return Ok(transition);
        }
    }

    /// Performs one effect once.
    async fn effect(
        &self,
        at: &mut Position,
        info: &'static StateInfo,
        effect: Effect<StateId>,
        item: Option<&MapItem>,
    ) -> Result<Value, Error> {
        match effect {
            Effect::Go(_) => Err(Error::runtime("the state asked for nothing when it was entered again")),
            Effect::Task(task) => self.task(&mut at.last_event, &task).await,
            Effect::Wait(until) => {
                self.host.sleep(remaining(until, || self.host.now())).await;
                Ok(Value::Null)
            }
            Effect::Parallel { branches, input } => self.parallel(at, item, &branches, input).await,
            Effect::Map(iterations) => self.map(at, info, *iterations).await,
        }
    }

    async fn task(&self, last_event: &mut u64, task: &Task) -> Result<Value, Error> {
        let resource = task.resource;
        self.facts.event(last_event, || EventDetails::TaskScheduled { resource, parameters: task.parameters.clone() });
        self.facts.event(last_event, || EventDetails::TaskStarted { resource });
        match within(self.host, time_limit(task), self.host.invoke(task)).await {
            Some(Ok(result)) => {
                self.facts.event(last_event, || EventDetails::TaskSucceeded { resource, output: result.clone() });
                Ok(result)
            }
            Some(Err(error)) => {
                self.facts.event(last_event, || EventDetails::TaskFailed {
                    resource,
                    error: Text::from(error.error()),
                    cause: error.cause().map(str::to_owned),
                });
                Err(error.into())
            }
            None => {
                self.facts.event(last_event, || EventDetails::TaskTimedOut { resource });
                Err(Error::timeout())
            }
        }
    }
}

/// A task that cannot report that it is alive is silent until it ends, so the heartbeat limits it as the time-out does.
fn time_limit(task: &Task) -> Option<Duration> {
    [task.timeout, task.heartbeat].into_iter().flatten().min()
}

/// How long a Wait state still waits.
fn remaining(until: Until, now: impl FnOnce() -> Timestamp) -> Duration {
    match until {
        Until::Elapsed(duration) => duration,
        Until::Moment(moment) => moment.since(now()),
    }
}
