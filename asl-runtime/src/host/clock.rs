//! Where time comes from.

use asl_language::timestamp::Timestamp;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::{JoinError, JoinHandle};

/// A source of time.
pub trait Clock: Clone + Send + Sync + 'static {
    /// The time.
    fn now(&self) -> Timestamp;

    /// Waits.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;

    /// Runs an execution, and moves time on for it if that is this clock's way.
    fn drive<F: Future + Send>(&self, execution: F) -> impl Future<Output = F::Output> + Send {
        execution
    }

    /// Runs an execution in the background, on the tokio runtime that this is called in.
    fn spawn<F: Future<Output = ()> + Send + 'static>(&self, execution: F) {
        let clock = self.clone();
        tokio::spawn(async move { clock.drive(execution).await });
    }

    /// Runs a task, which may wait for things that are not this clock's.
    fn task<F: Future + Send>(&self, task: F) -> impl Future<Output = F::Output> + Send {
        task
    }

    /// Runs a function that serves a resource, which may take processor time too.
    fn function<T, F>(&self, function: F) -> impl Future<Output = T> + Send
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        self.task(function)
    }
}

/// The clock of the machine; waits with tokio's timer.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::new(i64::try_from(since.as_secs()).unwrap_or(i64::MAX), since.subsec_nanos())
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        tokio::time::sleep(duration)
    }

    /// On a runtime with several threads, functions of branches and iterations that run at once run on all of them.
    async fn function<T, F>(&self, function: F) -> T
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        match Handle::try_current() {
            Ok(runtime) if runtime.runtime_flavor() == RuntimeFlavor::MultiThread => {
                Spawned(runtime.spawn(function)).await
            }
            Ok(_) | Err(_) => function.await,
        }
    }
}

/// A function on a thread of the runtime. When it is dropped, the function is cancelled.
struct Spawned<T>(JoinHandle<T>);

impl<T> Future for Spawned<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        match ready!(Pin::new(&mut self.0).poll(context)).map_err(JoinError::try_into_panic) {
            Ok(output) => Poll::Ready(output),
            Err(Ok(panic)) => std::panic::resume_unwind(panic),
            // The runtime is being shut down, and this with it.
            Err(Err(_)) => Poll::Pending,
        }
    }
}

impl<T> Drop for Spawned<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
