//! What the tests have in common: a separate folder, and processes that are runtimes of tokio which are dropped in the midst of things.

use asl_durable::Durable;
use asl_runtime::{Clock, InMemory, Invocation, TaskError, Timestamp, Value, VirtualClock};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

pub(crate) const CALL: &str = "arn:aws:lambda:us-east-1:123456789012:function:Call";

/// A folder that is empty.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("durable").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// A process: what it has begun is gone when it ends.
pub(crate) fn process<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(work)
}

/// Calls of functions, in their order.
#[derive(Clone, Default)]
pub(crate) struct Calls(Arc<Mutex<Vec<String>>>);

impl Calls {
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    pub(crate) fn add(&self, call: impl Into<String>) {
        self.0.lock().unwrap().push(call.into());
    }

    /// A host that answers each call with the name of the state, and never comes to an end where the state is called `hangs`.
    pub(crate) fn host(&self, clock: Clock, hangs: &'static str) -> InMemory {
        let calls = self.clone();
        InMemory::with_clock(clock).function(CALL, move |invocation: Invocation| {
            let calls = calls.clone();
            async move {
                let state = invocation.state().clone();
                calls.add(format!("{state} {}", invocation.idempotency_key()));
                if state == hangs {
                    std::future::pending::<()>().await;
                }
                Ok::<_, TaskError>(Value::from(state))
            }
        })
    }
}

/// The system's clock, in which no wait of these tests ends.
pub(crate) fn now() -> Clock {
    Clock::System
}

/// A clock by which so many hours have passed. It moves on as soon as nothing else happens.
pub(crate) fn after(hours: i64) -> Clock {
    VirtualClock::new(Timestamp::new(Clock::System.now().seconds() + hours * 3600, 0)).into()
}

/// Waits till something is so: other threads are at work on it.
pub(crate) async fn until(mut is_so: impl FnMut() -> bool) {
    while !is_so() {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

pub(crate) fn open(name: &Path, host: InMemory) -> Durable {
    Durable::over(host, name).unwrap()
}
