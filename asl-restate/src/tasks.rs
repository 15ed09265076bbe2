//! The service that does tasks. Each is a call of it, so that they are done side by side, by whatever process of the cluster has room.
//!
//! A task is done again, with the same key, if the process dies before Restate has its result. One that starts a job says so before it waits
//! for the job's end, so that this job is started once.

use crate::answer::failure;
use crate::endpoint::Served;
use crate::kept::once;
use crate::message::{Answer, Coded};
use crate::services::{Access, Request, Service};
use crate::tokens;
use asl_runtime::engine::{ChildEnd, ChildStart, EffectId, MapRunStart, Outcome, Perform, Shared, Timer};
use asl_runtime::{
    ExecutionContext, ExecutionError, Invocation, Nested, Pattern, Reports, TaskError, Text, Value, panicked,
    read_some_items, write_all_results,
};
use restate_sdk::context::{RequestTarget, RunFuture as _};
use restate_sdk::endpoint::ContextInternal;
use restate_sdk::errors::TerminalError;
use restate_sdk::serde::Json;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until};

/// Does the tasks of a machine.
#[derive(Clone)]
pub(crate) struct Tasks {
    pub(crate) served: Served,
    /// The machines that are served, which executions can start.
    pub(crate) machines: Arc<[Text]>,
}

/// A task, and whose it is.
type Task = (Shared<ExecutionContext>, Shared<Perform>);
/// A Map Run, and its children whose results are to be written.
type Results = (MapRunStart, Vec<(Shared<ChildStart>, Box<ChildEnd>)>);

impl Tasks {
    pub(crate) fn service(self) -> Service {
        let (perform, read, write) = (self.clone(), self.clone(), self);
        Service::new(&perform.served.names.tasks)
            .handler("perform", Access::Private, move |request| perform.clone().perform(request))
            .handler("read", Access::Private, move |request| read.clone().read(request))
            .handler("write", Access::Private, move |request| write.clone().write(request))
    }

    async fn perform(self, request: Request<Coded<Task>>) -> Result<Coded<Answer>, TerminalError> {
        let Request { context, input: Coded((facts, perform)), .. } = request;
        let (action, job) = self.served.program.action(perform.state_id);
        let invocation = Invocation::of(facts, Shared::clone(&perform)).with_action(action, job);
        if let Some(nested) = self.nested(&invocation) {
            return self.start_execution(&context, &invocation, nested).await;
        }
        if job.is_none() {
            // What came of it is kept before it is told: otherwise it would be done again by one that was to tell it, and had died.
            return once(&context, "do", self.attend(invocation, false)).await.map(Coded);
        }
        let started = invocation.clone();
        let Coded((mut outcomes, at)) =
            context.run(|| async { Ok(Coded(self.attend(started, true).await)) }).name("start").await?;
        let Some(Outcome::Submitted(answer)) = outcomes.last() else { return Ok(Coded((outcomes, at))) };
        let under_way = Perform { submitted: Some(answer.clone()), ..Perform::clone(&perform) };
        let facts = Shared::new(invocation.execution().clone());
        let invocation = Invocation::of(facts, Shared::new(under_way)).with_action(action, job);
        let Coded((end, at)) =
            context.run(|| async { Ok(Coded(self.attend(invocation, false).await)) }).name("wait").await?;
        outcomes.extend(end);
        Ok(Coded((outcomes, at)))
    }

    /// Does a task until its end, or until it says that its job was started. It may take as long as it may, and be silent as long.
    async fn attend(&self, invocation: Invocation, until_submitted: bool) -> Answer {
        let heard = Arc::new(Heard::default());
        let interval = invocation.heartbeat_interval();
        let due = invocation.timeout().map(|timeout| Instant::now() + timeout);
        let mut silent_until = interval.map(|interval| Instant::now() + interval);
        let invocation = invocation.reporting_to(Arc::clone(&heard) as _);
        let host = self.served.host.handle();
        // Elsewhere, so that one that panics has failed, and nothing else has.
        let mut work = tokio::spawn(async move { host.invoke(invocation).await });
        let _stopped = Stopped(work.abort_handle());
        let mut outcomes = Vec::new();
        loop {
            tokio::select! {
                biased;
                () = heard.news.notified() => {
                    silent_until = interval.map(|interval| Instant::now() + interval);
                    outcomes.extend(heard.take());
                    if until_submitted && matches!(outcomes.last(), Some(Outcome::Submitted(_))) {
                        break;
                    }
                }
                done = &mut work => {
                    outcomes.extend(heard.take());
                    outcomes.push(Outcome::Ended(done.unwrap_or_else(|error| Err(failed(error)))));
                    break;
                }
                () = moment(due) => {
                    outcomes.push(Outcome::Fired(Timer::Timeout));
                    break;
                }
                () = moment(silent_until) => {
                    outcomes.push(Outcome::Fired(Timer::Heartbeat));
                    break;
                }
            }
        }
        (outcomes, self.served.host.clock().now())
    }

    /// The execution that a task starts, if it is one of a machine that is served here.
    fn nested(&self, invocation: &Invocation) -> Option<Nested> {
        Nested::of(&*self.served.host, invocation)
            .filter(|nested| self.machines.contains(&nested.machine().name()))
    }

    /// Starts an execution as a workflow of its own, and waits for its end if that is asked for.
    async fn start_execution(
        &self,
        context: &ContextInternal,
        invocation: &Invocation,
        nested: Nested,
    ) -> Result<Coded<Answer>, TerminalError> {
        let now = tokens::now(context, &self.served).await?;
        let nested = nested.at(now);
        let facts = nested.context();
        let target = RequestTarget::workflow(nested.machine().name(), facts.name.as_str(), "run");
        let request = context.request::<_, Json<Value>>(target, Json(facts.input.clone()));
        if invocation.pattern() != Pattern::Sync {
            drop(request.send());
            return Ok(Coded((vec![Outcome::Ended(Ok(nested.started()))], now)));
        }
        let result = request.call().await.map(|Json(output)| output).map_err(|error| {
            failure(error.message())
                .unwrap_or_else(|| ExecutionError::aborted(None, Some(error.message().to_owned())))
        });
        let ended = tokens::now(context, &self.served).await?;
        let outcomes =
            vec![Outcome::Submitted(nested.started()), Outcome::Ended(nested.ended(ended, result))];
        Ok(Coded((outcomes, ended)))
    }

    async fn read(self, request: Request<Coded<MapRunStart>>) -> Result<Coded<Answer>, TerminalError> {
        let (host, Coded(start)) = (&*self.served.host, request.input);
        let read = async { (vec![Outcome::Items(read_some_items(host, &start).await)], host.clock().now()) };
        once(&request.context, "read", read).await.map(Coded)
    }

    async fn write(self, request: Request<Coded<Results>>) -> Result<Coded<Answer>, TerminalError> {
        let (host, Coded((start, children))) = (&*self.served.host, request.input);
        let ended = children.into_iter().map(|(child, end)| (Shared::new(child.context.clone()), *end));
        let write = async {
            let written = write_all_results(host, &start, ended).await;
            (vec![Outcome::Finished(written)], host.clock().now())
        };
        once(&request.context, "write", write).await.map(Coded)
    }
}

/// What a task says of itself.
#[derive(Default)]
struct Heard {
    outcomes: Mutex<Vec<Outcome>>,
    news: Notify,
}

impl Heard {
    /// What was heard, but for heartbeats: they have been listened to.
    fn take(&self) -> Vec<Outcome> {
        let mut outcomes = std::mem::take(&mut *self.outcomes.lock().unwrap_or_else(PoisonError::into_inner));
        outcomes.retain(|outcome| *outcome != Outcome::Heartbeat);
        outcomes
    }
}

impl Reports for Heard {
    fn report(&self, _: &EffectId, outcome: Outcome) {
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner).push(outcome);
        self.news.notify_one();
    }
}

/// A task is stopped when nothing waits for it any more.
struct Stopped(AbortHandle);

impl Drop for Stopped {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn moment(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending::<()>().await,
    }
}

fn failed(error: tokio::task::JoinError) -> TaskError {
    match error.try_into_panic() {
        Ok(panic) => panicked(&*panic),
        // The process ends.
        Err(error) => TaskError::from(error),
    }
}
