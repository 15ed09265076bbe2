//! Runs executions: the one place where anything waits.
//!
//! The driver owns the order of things: retriers, catchers, time-outs, concurrency, cancellation. Machines say what they want,
//! hosts do it. The driver is compiled once for each type of host, not for each machine.

mod crew;
mod lanes;
mod map_run;
mod tasks;

use crate::host::{Clock, Host};
use asl_engine::context::{Context, ExecutionContext, MapItem, Sources};
use asl_engine::error::{Error, ExecutionError};
use asl_engine::history::{Decision, EventDetails, Observer};
use asl_engine::limits::Limits;
use asl_engine::machine::{Effect, StateInfo, StateType, Transition, Until};
use asl_engine::program::{Advance, Facts, Position, Program, StateId, context};
use asl_engine::retry::{self, Retries, Retry};
use asl_engine::task::{Caller, Task};
use asl_language::timestamp::Timestamp;
use asl_value::{Object, Text, Value};
use futures_util::future::{Either, select};
use std::future::{Future, pending};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::task::Poll;
use std::time::Duration;

/// Runs one execution to its end, or until `stop` says that it is enough.
pub(crate) fn execute<H: Host>(
    host: &H,
    program: &'static dyn Program,
    execution: Box<ExecutionContext>,
    observer: Option<&dyn Observer>,
    stop: impl Future<Output = (Option<Text>, Option<String>)> + Send,
) -> impl Future<Output = Result<Value, ExecutionError>> + Send {
    execute_part(
        host,
        program,
        Part { start_at: program.start_at(), timeout: program.timeout() },
        execution,
        observer,
        stop,
    )
}

/// What an execution runs of a machine.
struct Part {
    start_at: StateId,
    timeout: Option<Duration>,
}

async fn execute_part<H: Host>(
    host: &H,
    program: &'static dyn Program,
    part: Part,
    execution: Box<ExecutionContext>,
    observer: Option<&dyn Observer>,
    stop: impl Future<Output = (Option<Text>, Option<String>)> + Send,
) -> Result<Value, ExecutionError> {
    let input = execution.input.clone();
    let sources = HostSources(host);
    let facts = Facts {
        context: execution,
        observer,
        sources: &sources,
        limits: Some(host.limits()).filter(|limits| *limits != Limits::none()).map(Box::new),
        events: AtomicU64::new(0),
        over: AtomicBool::new(false),
    };
    let mut last_event = 0;
    facts.event(&mut last_event, || EventDetails::ExecutionStarted {
        input: input.clone(),
        role_arn: facts.context.role_arn.clone(),
    });
    let driver = Driver { host, program, facts: &facts };
    let mut at = Position::new(part.start_at, input, Object::new(), facts.first_event(last_event));
    // Only a machine with a time-out takes memory for one.
    let timeout = part.timeout.map(|timeout| Box::pin(host.clock().sleep(timeout)));
    let timeout = async {
        match timeout {
            Some(timeout) => timeout.await,
            None => pending().await,
        }
    };
    let (timeout, stop) = (pin!(timeout), pin!(stop));
    // What comes from outside follows no event.
    last_event = 0;
    let ended = match select(pin!(driver.run(&mut at)), select(timeout, stop)).await {
        Either::Left((ended, _)) => ended.map_err(|error| {
            last_event = error.event();
            End::Failed(error)
        }),
        // What is dropped after this is over with the execution, and tells nobody.
        Either::Right((interrupted, _)) => {
            facts.end();
            Err(match interrupted {
                Either::Left(_) => End::TimedOut,
                Either::Right(((error, cause), _)) => End::Aborted(error, cause),
            })
        }
    };
    let end = match ended {
        Err(end) => end,
        Ok(()) => {
            last_event = at.last_event;
            End::Succeeded(at.data)
        }
    };
    facts.end();
    facts.event(&mut last_event, || end.event());
    end.into()
}

/// The time and chance of a host, and who hears about decisions. It is kept by every execution that waits, so it is small.
struct HostSources<'a, H>(&'a H);

impl<H: Host> Sources for HostSources<'_, H> {
    fn now(&self) -> Timestamp {
        self.0.clock().now()
    }

    fn random(&self) -> f64 {
        self.0.random()
    }

    fn took_rule(&self, execution: &ExecutionContext, state: &'static str, rule: Option<usize>) {
        if let Some(observer) = self.0.observer() {
            observer.decision(execution, &Decision::TookRule { state, rule });
        }
    }
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
            Self::Failed(error) => {
                EventDetails::ExecutionFailed { error: error.name(), cause: error.cause().map(str::to_owned) }
            }
            Self::TimedOut => EventDetails::ExecutionTimedOut,
            Self::Aborted(error, cause) => {
                EventDetails::ExecutionAborted { error: error.clone(), cause: cause.clone() }
            }
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
    match select(pin!(future), pin!(host.clock().sleep(timeout))).await {
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
    /// Runs an execution from its first state to its end, where `at` has its output.
    async fn run(&self, at: &mut Position) -> Result<(), Error> {
        let first = self.program.advance(at, self.facts, None)?;
        self.go_on(at, None, first).await
    }

    /// Runs an execution, a branch or an iteration to its end. What it keeps while it waits is small, because many may wait: what a
    /// line of states is about is borrowed, and the ways to perform an effect are boxed.
    async fn go_on(
        &self,
        at: &mut Position,
        item: Option<&MapItem>,
        mut advance: Advance,
    ) -> Result<(), Error> {
        loop {
            match advance {
                Advance::Ended => return Ok(()),
                Advance::Yielded => yield_now().await,
                Advance::Asked(effect) => match self.perform(at, effect, item).await? {
                    Transition::Next(next) => at.state = next,
                    Transition::End => return Ok(()),
                },
            }
            advance = self.program.advance(at, self.facts, item)?;
        }
    }

    /// Performs what a state asks for, as often as its retriers want, and leaves the state.
    async fn perform(
        &self,
        at: &mut Position,
        mut effect: Result<Effect<StateId>, Error>,
        item: Option<&MapItem>,
    ) -> Result<Transition<StateId>, Error> {
        let mut visit = Visit { info: self.program.info(at.state)?, item, retry_count: 0 };
        let mut retries = Retries::new(visit.info.retry);
        let mut stay = Stay::new(self.facts, visit.info.state_type, at);
        loop {
            if let Ok(Effect::Task(task)) = &mut effect {
                visit.label(task, &self.facts.context);
            }
            let result = self.effect(stay.at, visit.info, effect, item).await;
            let settled =
                self.settle(stay.at, &visit, &mut retries, result).map_err(|error| stay.failed(error))?;
            match settled {
                Settled::Left(transition) => {
                    stay.left();
                    return Ok(transition);
                }
                Settled::RetryAfter(delay) => {
                    self.host.clock().sleep(delay).await;
                    visit.retry_count += 1;
                    effect = self.enter_again(stay.at, &visit);
                }
            }
        }
    }

    /// Decides what comes after an effect: the rest of the state, another attempt, a catcher, or the error.
    fn settle(
        &self,
        at: &mut Position,
        visit: &Visit<'_>,
        retries: &mut Retries,
        result: Result<Value, Error>,
    ) -> Result<Settled, Error> {
        let variables = at.variables.clone();
        let context = visit.context(self.facts, &variables, at);
        let resumed = result.and_then(|result| self.program.resume(at.state, &mut at.data, result, &context));
        let transition = match resumed {
            Ok(transition) => transition,
            Err(error) => {
                let error = visit.located(error, at, self.facts);
                if let Some(Retry { retrier, delay }) = retries.next(&error, || self.host.random()) {
                    self.facts.decided(|| Decision::Retried { state: visit.info.name, retrier });
                    at.last_event = error.event();
                    return Ok(Settled::RetryAfter(delay));
                }
                let error = self.failed(at, visit, error);
                let Some(catcher) = retry::catcher(visit.info.catch, &error) else { return Err(error) };
                self.facts.decided(|| Decision::Caught { state: visit.info.name, catcher });
                // What was assigned before the error does not count.
                context.take_assigned();
                let caught = self.program.catch(at.state, &mut at.data, catcher, error.output(), &context);
                caught.map_err(|error| visit.located(error, at, self.facts))?
            }
        };
        let assigned = context.take_assigned();
        at.assign(assigned.as_ref());
        self.facts.exited(at, visit.info, assigned)?;
        Ok(Settled::Left(transition))
    }

    /// The end of branches or iterations that are not tried again.
    fn failed(&self, at: &mut Position, visit: &Visit<'_>, error: Error) -> Error {
        let details = match visit.info.state_type {
            StateType::Parallel => EventDetails::ParallelStateFailed,
            StateType::Map => EventDetails::MapStateFailed,
            StateType::Pass
            | StateType::Task
            | StateType::Choice
            | StateType::Wait
            | StateType::Succeed
            | StateType::Fail => return error,
        };
        if error.is_fatal() {
            return error;
        }
        at.last_event = error.event();
        self.facts.event(&mut at.last_event, || details);
        error.after_event(at.last_event)
    }

    fn enter_again(&self, at: &mut Position, visit: &Visit<'_>) -> Result<Effect<StateId>, Error> {
        let variables = at.variables.clone();
        let context = visit.context(self.facts, &variables, at);
        let entered = self.program.enter(at.state, &mut at.data, &context);
        at.task_token = context.take_task_token();
        entered.map_err(|error| visit.located(error, at, self.facts))
    }

    /// Performs one effect once, if the state got as far as to ask for it.
    async fn effect(
        &self,
        at: &mut Position,
        info: &'static StateInfo,
        effect: Result<Effect<StateId>, Error>,
        item: Option<&MapItem>,
    ) -> Result<Value, Error> {
        match effect {
            Err(error) => Err(error),
            Ok(Effect::Go(_)) => Err(Error::runtime("the state asked for nothing when it was entered again")),
            // In boxes, because every execution has room for the largest of these.
            Ok(Effect::Task(task)) => Box::pin(self.task(at, &task)).await,
            Ok(Effect::Wait(until)) => {
                self.host.clock().sleep(remaining(until, || self.host.clock().now())).await;
                Ok(Value::Null)
            }
            Ok(Effect::Parallel { branches, input }) => {
                Box::pin(self.parallel(at, item, &branches, input)).await
            }
            Ok(Effect::Map(iterations)) => Box::pin(self.map(at, info, *iterations)).await,
            Ok(Effect::MapRun(run)) => Box::pin(self.map_run(at, info, *run)).await,
        }
    }
}

/// One stay in a state that asks for something.
struct Visit<'a> {
    info: &'static StateInfo,
    item: Option<&'a MapItem>,
    retry_count: u32,
}

/// A stay in a state that ends with leaving it, with an error, or, when it is dropped before, with being aborted.
struct Stay<'a> {
    facts: &'a Facts<'a>,
    state_type: StateType,
    at: &'a mut Position,
    is_over: bool,
}

impl<'a> Stay<'a> {
    const fn new(facts: &'a Facts<'a>, state_type: StateType, at: &'a mut Position) -> Self {
        Self { facts, state_type, at, is_over: false }
    }

    fn left(&mut self) {
        self.is_over = true;
    }

    /// A task that fails a branch is told as aborted on top (recorded from AWS).
    fn failed(&mut self, error: Error) -> Error {
        self.is_over = !(self.at.in_branch && self.state_type == StateType::Task) || error.is_fatal();
        if !self.is_over {
            self.at.last_event = error.event();
        }
        error
    }
}

impl Drop for Stay<'_> {
    fn drop(&mut self) {
        if !self.is_over && !self.facts.is_over() {
            let state_type = self.state_type;
            self.facts.event_beside(self.at.last_event, || EventDetails::StateAborted { state_type });
        }
    }
}

/// What comes after an effect.
enum Settled {
    /// The state is left.
    Left(Transition<StateId>),
    /// The state tries again after a while.
    RetryAfter(Duration),
}

impl Visit<'_> {
    /// Says on a task whose it is.
    fn label(&self, task: &mut Task, execution: &ExecutionContext) {
        task.state = self.info.name;
        task.iteration = self.item.map(|item| item.index);
        task.retry_count = self.retry_count;
        task.caller = task.action.map(|_| Caller {
            execution: execution.id.clone(),
            state_machine: execution.state_machine_id.clone(),
        });
    }

    fn context<'c>(&'c self, facts: &'c Facts<'_>, variables: &'c Object, at: &Position) -> Context<'c> {
        context(facts, self.info, variables, self.retry_count, self.item).entered_at(at.entered_time)
    }

    fn located(&self, error: Error, at: &mut Position, facts: &Facts<'_>) -> Error {
        facts.failed(error, self.info, at.entered_event, &mut at.last_event)
    }
}

/// How long a Wait state still waits.
fn remaining(until: Until, now: impl FnOnce() -> Timestamp) -> Duration {
    match until {
        Until::Elapsed(duration) => duration,
        Until::Moment(moment) => moment.since(now()),
    }
}
