//! The host of tests: every task is answered by a mock, on a clock of its own.

use super::mocks::{Answered, Mocks};
use super::trace::Trace;
use crate::callback::Callbacks;
use crate::host::{Clock, Host, Identity, Observers, VirtualClock};
use crate::map_run::store::{ObjectStore, Objects};
use asl_engine::error::TaskError;
use asl_engine::history::Observer;
use asl_engine::limits::Limits;
use asl_engine::random::Random;
use asl_engine::resource::Resource;
use asl_engine::task::Task;
use asl_value::Value;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A host for one execution.
#[derive(Clone)]
pub(super) struct Mocked {
    inner: Arc<Inner>,
}

struct Inner {
    clock: VirtualClock,
    mocks: Mutex<Mocks>,
    trace: Arc<Trace>,
    observers: Observers,
    objects: Objects,
    limits: Limits,
    callbacks: Callbacks,
    identity: Identity,
    random: Random,
}

impl Mocked {
    pub(super) fn new(
        clock: VirtualClock,
        mocks: Mocks,
        objects: Objects,
        limits: Limits,
        mut observers: Observers,
    ) -> Self {
        let trace = Arc::new(Trace::default());
        observers.add(Arc::clone(&trace));
        let inner = Inner {
            clock,
            mocks: Mutex::new(mocks),
            trace,
            observers,
            objects,
            limits,
            callbacks: Callbacks::default(),
            identity: Identity::default(),
            // Chance is the same in every run, so that a test that passes once passes always.
            random: Random::new(0),
        };
        Self { inner: Arc::new(inner) }
    }

    pub(super) fn trace(&self) -> &Trace {
        &self.inner.trace
    }

    fn answer(&self, task: &Task) -> Answered {
        self.inner.mocks.lock().unwrap_or_else(PoisonError::into_inner).answer(task)
    }

    async fn pass(&self, duration: Duration) {
        if !duration.is_zero() {
            self.inner.clock.sleep(duration).await;
        }
    }

    /// Ends the task that has a token. Whoever waited may have gone on, because of a time-out.
    fn send(&self, token: &str, result: Result<Value, TaskError>) {
        let _ = match result {
            Ok(output) => self.inner.callbacks.send_task_success(token, output),
            Err(error) => self.inner.callbacks.send_task_failure(token, error),
        };
    }

    /// Does the work of an activity, as one of its workers.
    fn work(&self, arn: &'static str, answered: Answered) {
        let host = self.clone();
        self.inner.clock.spawn(async move {
            let work = host.inner.callbacks.activity_task(arn, Some("mock")).await;
            host.pass(answered.after).await;
            host.send(&work.task_token, answered.result);
        });
    }
}

impl Host for Mocked {
    type Clock = VirtualClock;

    fn clock(&self) -> &VirtualClock {
        &self.inner.clock
    }

    fn admit(&self, task: &Task) -> Result<(), TaskError> {
        self.inner.trace.sent(task.state, &task.parameters);
        if Resource::parse(task.resource) == Resource::Activity {
            self.work(task.resource, self.answer(task));
        }
        Ok(())
    }

    fn invoke(&self, task: &Task) -> impl Future<Output = Result<Value, TaskError>> + Send {
        let answered = self.answer(task);
        let token = task.task_token.clone();
        async move {
            self.pass(answered.after).await;
            match (token, answered.result) {
                (Some(token), result) if !is_fatal(&result) => {
                    // The mock is what comes in for the token, and not what the service answers.
                    self.send(&token, result);
                    Ok(Value::Null)
                }
                (_, result) => result,
            }
        }
    }

    fn random(&self) -> f64 {
        self.inner.random.number()
    }

    fn callbacks(&self) -> &Callbacks {
        &self.inner.callbacks
    }

    fn serves_activity(&self, _arn: &str) -> bool {
        true
    }

    fn identity(&self) -> &Identity {
        &self.inner.identity
    }

    fn limits(&self) -> Limits {
        self.inner.limits
    }

    fn observer(&self) -> Option<&dyn Observer> {
        Some(&self.inner.observers)
    }

    fn object_store(&self) -> Option<&dyn ObjectStore> {
        Some(&self.inner.objects)
    }
}

fn is_fatal(result: &Result<Value, TaskError>) -> bool {
    result.as_ref().is_err_and(TaskError::is_fatal)
}
