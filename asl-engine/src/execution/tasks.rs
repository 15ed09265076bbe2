//! Tasks: the ways in which they end, and their time limits.

use super::lane::{Doing, Lane, LaneKey, LaneStep, Phase, TaskAtWork};
use super::want::iteration;
use super::{Execution, Outcome, Perform, Timer, Want, Work};
use crate::Shared;
use crate::error::{Error, TaskError};
use crate::history::EventDetails;
use crate::random::token_of;
use crate::resource::{Pattern, Resource};
use crate::task::Task;
use crate::turn::WorkPart;
use asl_language::limits::VALUE_DEPTH;
use asl_value::{Text, Value};

/// How a task ended.
pub(super) enum Ended {
    Came(Result<Value, TaskError>),
    TimedOut,
}

impl Execution {
    /// A task is scheduled, by the pattern of its resource.
    pub(super) fn begin_task(&mut self, key: LaneKey, lane: &mut Lane, task: Task) {
        let name = self.info(lane).map_or("", |info| info.name);
        if let Some(cause) = self.refusal(lane) {
            let error = Error::from(TaskError::runtime(cause));
            return self.again(key, lane, Doing::Turn(LaneStep::Settle(Err(error))));
        }
        let kind = Resource::of_step_functions(&task.resource);
        let pattern = kind.pattern();
        let is_activity = kind == Resource::Activity;
        let task_token = (is_activity || pattern == Pattern::WaitForTaskToken).then(|| self.task_token(lane));
        let perform = Shared::new(Perform {
            effect: lane.effect(),
            state_id: lane.at.state,
            state: Text::new_static(name),
            iteration: iteration(lane.item.as_ref()),
            task,
            pattern,
            task_token,
            submitted: None,
        });
        let mut at_work = TaskAtWork {
            perform: Shared::clone(&perform),
            phase: if is_activity { Phase::Offered } else { Phase::Asked },
            limits: None,
            early: None,
            submitted: None,
        };
        if let Some(task_token) = &perform.task_token {
            let (effect, task_token) = (perform.effect.clone(), task_token.clone());
            self.wants.push_back(Want::Await { effect, task_token });
        }
        if is_activity {
            self.wants.push_back(Want::Work(Box::new(perform.as_work())));
        } else {
            self.task_scheduled(lane, &perform);
            self.task_started(lane, &perform.task, None);
            self.limit(&mut at_work, Timer::Timeout);
            if pattern != Pattern::WaitForTaskToken {
                self.limit(&mut at_work, Timer::Heartbeat);
            }
            self.wants.push_back(Want::Perform(perform));
        }
        lane.doing = Doing::Task(at_work);
    }

    /// Why the lane's state must not begin its task, if it must not.
    pub(super) fn refusal(&self, lane: &Lane) -> Option<String> {
        if self.refusals.is_empty() {
            return None;
        }
        let info = self.info(lane)?;
        let (_, cause) = self.refusals.iter().find(|(state, _)| state == info.name)?;
        Some(cause.clone())
    }

    fn task_scheduled(&mut self, lane: &mut Lane, perform: &Perform) {
        let task = &perform.task;
        let region = if self.tells() { self.context.region() } else { Text::default() };
        self.event(&mut lane.at.last_event, || EventDetails::TaskScheduled {
            effect: perform.effect.clone(),
            resource: task.resource.clone(),
            region,
            parameters: task.parameters.clone(),
            credentials: task.credentials.clone(),
            timeout: task.timeout,
            heartbeat: task.heartbeat,
        });
    }

    fn task_started(&mut self, lane: &mut Lane, task: &Task, worker_name: Option<Text>) {
        self.event(&mut lane.at.last_event, || EventDetails::TaskStarted {
            resource: task.resource.clone(),
            worker_name,
        });
    }

    fn task_submitted(&mut self, lane: &mut Lane, task: &Task, output: Value) {
        self.event(&mut lane.at.last_event, || EventDetails::TaskSubmitted {
            resource: task.resource.clone(),
            output,
        });
    }

    /// Sets a time limit of a task, if it has it, from now on.
    fn limit(&mut self, at_work: &mut TaskAtWork, timer: Timer) {
        let Perform { task, effect, .. } = &*at_work.perform;
        let limit = match timer {
            Timer::Heartbeat => task.heartbeat,
            Timer::Timeout | Timer::Wait | Timer::Retry => task.timeout,
        };
        if let Some(limit) = limit {
            let due = self.now.plus(limit);
            let limits = at_work.limits.get_or_insert_default();
            match timer {
                Timer::Heartbeat => limits.heartbeat = Some(due),
                Timer::Timeout | Timer::Wait | Timer::Retry => limits.timeout = Some(due),
            }
            self.wants.push_back(Want::Timer { effect: effect.clone(), timer, due });
        }
    }

    /// The token that the task's parameters were made with, or a new one where they do not hold it.
    fn task_token(&self, lane: &mut Lane) -> Text {
        lane.at.task_token.take().map(|token| *token).unwrap_or_else(|| {
            let drawn = [lane.at.entered, lane.attempt, WorkPart::Engine as u32];
            let mixed = drawn.into_iter().fold(0, |mixed, number| mixed << 24 ^ u64::from(number));
            token_of([self.facts.tokens, lane.seed, mixed])
        })
    }

    pub(super) fn task_answered(&mut self, key: LaneKey, lane: &mut Lane, outcome: Outcome) -> bool {
        let outcome = match self.task_called(key, lane, outcome) {
            Ok(()) => return true,
            Err(outcome) => outcome,
        };
        let Doing::Task(at_work) = &mut lane.doing else { return false };
        let perform = Shared::clone(&at_work.perform);
        let waits_for_token = perform.pattern == Pattern::WaitForTaskToken;
        match (at_work.phase, outcome) {
            (Phase::Offered, Outcome::Ended(Err(error))) => {
                self.settle_task(key, lane, Err(error.into()), true);
            }
            (Phase::Asked, Outcome::Ended(Ok(output))) if waits_for_token => {
                self.token_called(key, lane, &perform, output);
            }
            (Phase::Asked, Outcome::Submitted(output)) if perform.pattern == Pattern::Sync => {
                at_work.phase = Phase::Submitted;
                at_work.submitted = Some(output.clone());
                self.task_submitted(lane, &perform.task, output);
            }
            (Phase::Asked, Outcome::Signalled(result)) if waits_for_token => {
                // A worker can be faster than the answer of the call that handed it the token. The first result counts.
                at_work.early.get_or_insert_with(|| Box::new(result));
            }
            (Phase::Called | Phase::Queued | Phase::Worked, Outcome::Signalled(result)) => {
                self.end_task(key, lane, &perform.task, Ended::Came(result), true);
            }
            (Phase::Offered, Outcome::Accepted) => {
                at_work.phase = Phase::Queued;
                self.task_scheduled(lane, &perform);
            }
            (Phase::Queued, Outcome::Started { worker_name }) => {
                self.worker_started(lane, &perform, worker_name);
            }
            (_, Outcome::Heartbeat) => return self.heartbeat(lane),
            (_, Outcome::Fired(timer)) if at_work.are_over(timer, self.now) => {
                self.end_task(key, lane, &perform.task, Ended::TimedOut, true);
            }
            _ => return false,
        }
        true
    }

    /// What most tasks come to: their resource, or their job, is done. Anything else is given back.
    fn task_called(&mut self, key: LaneKey, lane: &mut Lane, outcome: Outcome) -> Result<(), Outcome> {
        match (std::mem::replace(&mut lane.doing, Doing::Nothing), outcome) {
            (
                Doing::Task(TaskAtWork { perform, phase: Phase::Asked | Phase::Submitted, limits, .. }),
                Outcome::Ended(result),
            ) if perform.pattern != Pattern::WaitForTaskToken || result.is_err() => {
                // A shell that set no timer and waits for no token has nothing to cancel: most tasks end without another want.
                let had_timers = limits.is_some() || perform.pattern == Pattern::WaitForTaskToken;
                self.end_task(key, lane, &perform.task, Ended::Came(result), had_timers);
                Ok(())
            }
            (doing, outcome) => {
                lane.doing = doing;
                Err(outcome)
            }
        }
    }

    /// The resource has answered, and the task waits for its token.
    fn token_called(&mut self, key: LaneKey, lane: &mut Lane, perform: &Perform, output: Value) {
        self.task_submitted(lane, &perform.task, output);
        let Doing::Task(at_work) = &mut lane.doing else { return };
        at_work.phase = Phase::Called;
        match at_work.early.take() {
            Some(result) => self.end_task(key, lane, &perform.task, Ended::Came(*result), true),
            None => self.limit(at_work, Timer::Heartbeat),
        }
    }

    /// A worker has the task: its limits count from now on.
    fn worker_started(&mut self, lane: &mut Lane, perform: &Perform, worker_name: Option<Text>) {
        self.task_started(lane, &perform.task, worker_name);
        let Doing::Task(at_work) = &mut lane.doing else { return };
        at_work.phase = Phase::Worked;
        self.limit(at_work, Timer::Timeout);
        self.limit(at_work, Timer::Heartbeat);
    }

    /// The task is alive. `true` if an observer needs it.
    fn heartbeat(&mut self, lane: &mut Lane) -> bool {
        let Doing::Task(at_work) = &mut lane.doing else { return false };
        if at_work.limits.as_ref().is_some_and(|limits| limits.heartbeat.is_some()) {
            self.limit(at_work, Timer::Heartbeat);
        }
        true
    }

    pub(super) fn end_task(
        &mut self,
        key: LaneKey,
        lane: &mut Lane,
        task: &Task,
        ended: Ended,
        cancel: bool,
    ) {
        let result = match ended {
            Ended::TimedOut => {
                let resource = || task.resource.clone();
                self.event(&mut lane.at.last_event, || EventDetails::TaskTimedOut { resource: resource() });
                return self.settle_task(key, lane, Err(Error::timeout()), true);
            }
            Ended::Came(result) => self.task_ended(lane, task, result),
        };
        self.settle_task(key, lane, result, cancel);
    }

    /// What comes of the task for its state.
    pub(super) fn task_ended(
        &mut self,
        lane: &mut Lane,
        task: &Task,
        result: Result<Value, TaskError>,
    ) -> Result<Value, Error> {
        let resource = || task.resource.clone();
        let result = match result {
            // Results come from outside, and deeper data would overflow the stack when it is printed or dropped.
            Ok(output) if output.depth() > VALUE_DEPTH => {
                let cause = format!("The result of the task is nested more than {VALUE_DEPTH} levels deep.");
                Err(TaskError::runtime(cause))
            }
            Ok(output) => match &self.facts.limits {
                None => Ok(output),
                Some(limits) => limits.result(&task.resource, output),
            },
            Err(error) => Err(error),
        };
        match &result {
            Ok(output) => self.event(&mut lane.at.last_event, || EventDetails::TaskSucceeded {
                resource: resource(),
                output: output.clone(),
            }),
            // What ends the execution is reported as its end.
            Err(error) if error.is_fatal() => {}
            Err(error) => self.event(&mut lane.at.last_event, || EventDetails::TaskFailed {
                resource: resource(),
                error: Text::from(error.error()),
                cause: error.cause().map(str::to_owned),
            }),
        }
        result.map_err(Error::from)
    }

    fn settle_task(&mut self, key: LaneKey, lane: &mut Lane, result: Result<Value, Error>, cancel: bool) {
        if cancel {
            self.wants.push_back(Want::Cancel { effect: lane.effect() });
        }
        self.again(key, lane, Doing::Turn(LaneStep::Settle(result)));
    }
}

impl Perform {
    /// The same for a worker of an activity.
    pub(super) fn as_work(&self) -> Work {
        Work {
            effect: self.effect.clone(),
            activity: self.task.resource.clone(),
            state: self.state.clone(),
            iteration: self.iteration,
            input: self.task.parameters.clone(),
            task_token: self.task_token.clone().unwrap_or_default(),
        }
    }
}
