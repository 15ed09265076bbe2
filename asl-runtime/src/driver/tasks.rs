//! Tasks: their time limits, and the ways in which they end.

use super::{Driver, within};
use crate::callback::{ActivityTask, Pending, Signal};
use crate::host::Host;
use asl_engine::error::{Error, TaskError};
use asl_engine::history::EventDetails;
use asl_engine::program::Position;
use asl_engine::resource::{Pattern, Resource};
use asl_engine::task::Task;
use asl_value::{Text, Value};
use std::time::Duration;

/// How a task ended.
enum Ended {
    Succeeded(Value),
    Failed(TaskError),
    TimedOut,
}

impl<H: Host> Driver<'_, H> {
    /// Does a task once, by the pattern of its resource.
    pub(super) async fn task(&self, at: &mut Position, task: &Task) -> Result<Value, Error> {
        let resource = task.resource;
        let kind = Resource::parse(resource);
        if kind == Resource::Activity && !self.host.serves_activity(resource) {
            return Err(Error::runtime(format!("The activity {resource} does not exist.")));
        }
        self.host.admit(task)?;
        let (parameters, timeout, heartbeat) = (&task.parameters, task.timeout, task.heartbeat);
        self.facts.event(&mut at.last_event, || EventDetails::TaskScheduled {
            resource,
            region: self.host.identity().region.clone(),
            parameters: parameters.clone(),
            credentials: task.credentials.clone(),
            timeout,
            heartbeat,
        });
        let ended = match kind {
            Resource::Activity => self.activity(at, task).await,
            Resource::Service { pattern: Pattern::Sync, .. } => {
                self.facts
                    .event(&mut at.last_event, || EventDetails::TaskStarted { resource, worker_name: None });
                self.job(at, task).await
            }
            Resource::Lambda | Resource::Service { .. } | Resource::Other => {
                self.facts
                    .event(&mut at.last_event, || EventDetails::TaskStarted { resource, worker_name: None });
                if kind.waits_for_token() { self.callback(at, task).await } else { self.request(task).await }
            }
        };
        self.end_task(at, resource, ended)
    }

    fn end_task(&self, at: &mut Position, resource: &'static str, ended: Ended) -> Result<Value, Error> {
        let last_event = &mut at.last_event;
        let result = match ended {
            Ended::Succeeded(output) => match &self.facts.limits {
                None => Ok(output),
                Some(limits) => limits.result(resource, output),
            },
            Ended::Failed(error) => Err(error),
            Ended::TimedOut => {
                self.facts.event(last_event, || EventDetails::TaskTimedOut { resource });
                return Err(Error::timeout());
            }
        };
        match &result {
            Ok(output) => self
                .facts
                .event(last_event, || EventDetails::TaskSucceeded { resource, output: output.clone() }),
            // What ends the execution is told as its end.
            Err(error) if error.is_fatal() => {}
            Err(error) => self.facts.event(last_event, || EventDetails::TaskFailed {
                resource,
                error: Text::from(error.error()),
                cause: error.cause().map(str::to_owned),
            }),
        }
        result.map_err(Error::from)
    }

    /// A task that is done when its resource has answered. It cannot say that it is alive, so it is silent until it ends, and the
    /// heartbeat limits it as the time-out does.
    async fn request(&self, task: &Task) -> Ended {
        let limit = [task.timeout, task.heartbeat].into_iter().flatten().min();
        match within(self.host, limit, self.host.invoke(task)).await {
            Some(Ok(output)) => Ended::Succeeded(output),
            Some(Err(error)) => Ended::Failed(error),
            None => Ended::TimedOut,
        }
    }

    /// A task that is done when the job that it starts has ended.
    async fn job(&self, at: &mut Position, task: &Task) -> Ended {
        let ended = self.request(task).await;
        if let Some(output) = task.submission() {
            let (resource, output) = (task.resource, output.clone());
            self.facts.event(&mut at.last_event, || EventDetails::TaskSubmitted { resource, output });
        }
        ended
    }

    /// A task that is done when someone sends a result for its token.
    async fn callback(&self, at: &mut Position, task: &Task) -> Ended {
        let token = self.task_token(at);
        let task = &task.clone().with_token(token.clone());
        let mut pending = self.host.callbacks().register(token);
        let submitted = async {
            let output = match self.host.invoke(task).await {
                Ok(output) => output,
                Err(error) => return Ended::Failed(error),
            };
            self.facts.event(&mut at.last_event, || EventDetails::TaskSubmitted {
                resource: task.resource,
                output,
            });
            self.signals(&mut pending, task.heartbeat).await
        };
        within(self.host, task.timeout, submitted).await.unwrap_or(Ended::TimedOut)
    }

    /// A task that is done by a worker who asks the activity for work. Its limits count from when the worker has it.
    async fn activity(&self, at: &mut Position, task: &Task) -> Ended {
        let task_token = self.task_token(at);
        let mut pending = self.host.callbacks().register(task_token.clone());
        self.host
            .callbacks()
            .schedule(task.resource, ActivityTask { task_token, input: task.parameters.clone() });
        loop {
            match pending.signal().await {
                Signal::Started { worker_name } => {
                    self.facts.event(&mut at.last_event, || EventDetails::TaskStarted {
                        resource: task.resource,
                        worker_name,
                    });
                    break;
                }
                Signal::Ended(result) => return ended(result),
                Signal::Heartbeat => {}
            }
        }
        let signals = self.signals(&mut pending, task.heartbeat);
        within(self.host, task.timeout, signals).await.unwrap_or(Ended::TimedOut)
    }

    /// Waits until a task is over, or silent for too long.
    async fn signals(&self, pending: &mut Pending, heartbeat: Option<Duration>) -> Ended {
        loop {
            match within(self.host, heartbeat, pending.signal()).await {
                None => return Ended::TimedOut,
                Some(Signal::Ended(result)) => return ended(result),
                Some(Signal::Heartbeat | Signal::Started { .. }) => {}
            }
        }
    }

    /// The token that the task's parameters were made with, or a new one where they do not hold it.
    fn task_token(&self, at: &mut Position) -> Text {
        at.task_token.take().unwrap_or_else(|| asl_engine::random::token(|| self.host.random()))
    }
}

fn ended(result: Result<Value, TaskError>) -> Ended {
    match result {
        Ok(output) => Ended::Succeeded(output),
        Err(error) => Ended::Failed(error),
    }
}
