//! The host of tests: every task is answered by a mock, on its own clock.

use super::mocks::{Answered, Mocks};
use super::trace::Trace;
use crate::callback::{CallbackStore, Callbacks};
use crate::host::{Clock, Host, Identity, Observers, VirtualClock};
use crate::integration::BoxFuture;
use crate::invocation::Invocation;
use crate::map_run::store::{ObjectStore, Objects};
use crate::parameters::typed;
use crate::shell::mailbox::Signals;
use asl_engine::Work;
use asl_engine::error::TaskError;
use asl_engine::history::Observer;
use asl_engine::limits::Limits;
use asl_engine::random::{STEP, mix};
use asl_value::{Text, Value};
use futures_util::future::{Either, select};
use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// A host for one execution.
#[derive(Clone)]
pub(super) struct Mocked {
    inner: Arc<Inner>,
}

struct Inner {
    virtual_clock: VirtualClock,
    clock: Clock,
    mocks: Mutex<Mocks>,
    trace: Arc<Trace>,
    observers: Observers,
    objects: Objects,
    limits: Limits,
    callbacks: Callbacks,
    /// The tokens for which a mock comes later, as long as something waits for it.
    late: Mutex<HashMap<Text, oneshot::Sender<()>>>,
    identity: Identity,
    /// The same in every run, so that a test that passes once passes always.
    chance: AtomicU64,
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
            clock: Clock::Virtual(clock.clone()),
            virtual_clock: clock,
            mocks: Mutex::new(mocks),
            trace,
            observers,
            objects,
            limits,
            callbacks: Callbacks::with_all_activities(),
            late: Mutex::default(),
            identity: Identity::default(),
            chance: AtomicU64::new(0),
        };
        Self { inner: Arc::new(inner) }
    }

    pub(super) fn trace(&self) -> &Trace {
        &self.inner.trace
    }

    fn answer(&self, task: &Invocation) -> Answered {
        self.inner.trace.sent(task.state(), task.parameters());
        self.inner.mocks.lock().unwrap_or_else(PoisonError::into_inner).answer(task)
    }

    fn late(&self) -> MutexGuard<'_, HashMap<Text, oneshot::Sender<()>>> {
        self.inner.late.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn pass(&self, duration: Duration) {
        if !duration.is_zero() {
            self.inner.virtual_clock.sleep(duration).await;
        }
    }

    /// Ends the task that has a token. What waited may have gone on, because of a timeout.
    fn send(&self, token: &str, result: Result<Value, TaskError>) {
        let _ = match result {
            Ok(output) => self.inner.callbacks.send_task_success(token, output),
            Err(error) => self.inner.callbacks.send_task_failure(token, error),
        };
    }

    async fn mocked(&self, answered: Answered, token: Option<Text>) -> Result<Value, TaskError> {
        let Answered { after, result } = answered;
        match token.filter(|_| !is_fatal(&result)) {
            // The mock is what comes in for the token, and not what the service answers, which it does at once.
            Some(token) if after.is_zero() => {
                self.send(&token, result);
                Ok(Value::Null)
            }
            Some(token) => {
                let host = self.clone();
                let (waits, forgotten) = oneshot::channel();
                host.late().insert(token.clone(), waits);
                self.inner.virtual_clock.spawn(async move {
                    if let Either::Left(_) = select(pin!(host.pass(after)), forgotten).await {
                        host.late().remove(&token);
                        host.send(&token, result);
                    }
                });
                Ok(Value::Null)
            }
            None => {
                self.pass(after).await;
                result
            }
        }
    }
}

impl Host for Mocked {
    fn handle(&self) -> Arc<dyn Host> {
        Arc::new(self.clone())
    }

    fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
        let mut answered = self.answer(&invocation);
        if let Err(refused) = typed::check(&invocation) {
            // Whatever the mock says, AWS does not come to call the service.
            answered.result = Err(refused);
        }
        let token = invocation.task_token().cloned();
        Box::pin(self.mocked(answered, token))
    }

    fn chance(&self) -> u64 {
        mix(self.inner.chance.fetch_add(STEP, Ordering::Relaxed))
    }

    fn callback_store(&self) -> &dyn CallbackStore {
        self
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

/// Mocks do the work of all activities, as one of their workers.
impl CallbackStore for Mocked {
    fn register(&self, task_token: &Text, signals: Signals) {
        self.inner.callbacks.register(task_token, signals);
    }

    fn forget(&self, task_token: &Text) {
        // Nothing waits for a mock that comes later.
        self.late().remove(task_token);
        self.inner.callbacks.forget(task_token);
    }

    fn schedule(&self, work: Work) -> Result<(), TaskError> {
        let answered = self.answer(&Invocation::of_work(&work));
        let (host, arn) = (self.clone(), work.activity.clone());
        self.inner.callbacks.schedule(work)?;
        self.inner.virtual_clock.spawn(async move {
            let work = host.inner.callbacks.activity_task(&arn, Some("mock")).await;
            host.pass(answered.after).await;
            host.send(&work.task_token, answered.result);
        });
        Ok(())
    }
}

fn is_fatal(result: &Result<Value, TaskError>) -> bool {
    result.as_ref().is_err_and(TaskError::is_fatal)
}
