//! All that an execution waits for, at once. Unlike in the set that the SDK has, what is not waited for any more can be taken away.
//!
//! This is the one place that needs what the SDK has for its own macros: the handles by which its futures are waited for together.

use crate::message::{Answer, Coded};
use restate_sdk::context::macro_support::SealedDurableFuture as _;
use restate_sdk::context::{CallFuture, DurableFuture, InvocationHandle};
use restate_sdk::endpoint::ContextInternal;
use restate_sdk::errors::TerminalError;
use restate_sdk_shared_core::NotificationHandle;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What came, or how the invocation failed that it should have come of.
pub(crate) type Came = Result<Answer, TerminalError>;

type Boxed<'c, T> = Pin<Box<dyn Future<Output = T> + Send + 'c>>;
type Pending<'c> = Pin<Box<dyn DurableFuture<Output = Came> + Send + 'c>>;

/// A call of another service, which can be cancelled.
trait CancellableCall: DurableFuture<Output = Result<Coded<Answer>, TerminalError>> {
    fn handle_of_invocation(&self) -> Boxed<'_, Result<InvocationHandle, TerminalError>>;
}

impl<C: CallFuture<Response = Coded<Answer>>> CancellableCall for C {
    fn handle_of_invocation(&self) -> Boxed<'_, Result<InvocationHandle, TerminalError>> {
        Box::pin(self.invocation_handle())
    }
}

/// One that is waited for.
enum Waiting<'c> {
    Call(Pin<Box<dyn CancellableCall + Send + 'c>>),
    Other(Pending<'c>),
}

impl Waiting<'_> {
    fn handle(&self) -> NotificationHandle {
        match self {
            Self::Call(call) => call.handle(),
            Self::Other(other) => other.handle(),
        }
    }

    async fn come(self) -> Came {
        match self {
            Self::Call(call) => call.await.map(|Coded(answer)| answer),
            Self::Other(other) => other.await,
        }
    }
}

/// What one execution waits for, each with a key: its part of all that its invocation waits for.
pub(crate) struct Futures<'c, K> {
    all: Arc<All<'c, K>>,
    /// The number of the execution among those of the invocation.
    owner: usize,
}

/// All that an invocation waits for, each with the number of the execution that it is for.
struct All<'c, K> {
    context: &'c ContextInternal,
    entries: Mutex<Vec<(usize, K, Waiting<'c>)>>,
}

impl<'c, K: Send> Futures<'c, K> {
    /// That of the first execution of an invocation, which waits for nothing yet.
    pub(crate) fn new(context: &'c ContextInternal) -> Self {
        Self { all: Arc::new(All { context, entries: Mutex::default() }), owner: 0 }
    }

    /// That of another execution of the same invocation.
    pub(crate) fn of(&self, owner: usize) -> Self {
        Self { all: Arc::clone(&self.all), owner }
    }

    fn entries(&self) -> MutexGuard<'_, Vec<(usize, K, Waiting<'c>)>> {
        self.all.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a call, too.
    pub(crate) fn call(&self, key: K, call: impl CallFuture<Response = Coded<Answer>> + Send + 'c) {
        self.entries().push((self.owner, key, Waiting::Call(Box::pin(call))));
    }

    /// Waits for something else, too.
    pub(crate) fn add(&self, key: K, future: impl DurableFuture<Output = Came> + Send + 'c) {
        self.entries().push((self.owner, key, Waiting::Other(Box::pin(future))));
    }

    /// What comes next for any execution of the invocation, of at least one thing that is waited for: for which one it is, and for what.
    ///
    /// # Errors
    /// The invocation that waits was cancelled.
    pub(crate) async fn next(&self) -> Result<(usize, K, Came), TerminalError> {
        let handles = self.entries().iter().map(|(.., future)| future.handle()).collect();
        let place = self.all.context.select(handles).await?;
        let (owner, key, future) = self.entries().swap_remove(place);
        Ok((owner, key, future.come().await))
    }

    /// Whether anything is waited for with such a key.
    pub(crate) fn any(&self, is_one: impl Fn(&K) -> bool) -> bool {
        self.entries().iter().any(|(owner, key, _)| *owner == self.owner && is_one(key))
    }

    /// Waits no more for what has such a key.
    pub(crate) fn forget(&self, is_one: impl Fn(&K) -> bool) {
        drop(self.taken(is_one));
    }

    fn taken(&self, is_one: impl Fn(&K) -> bool) -> Vec<(K, Waiting<'c>)> {
        let mut entries = self.entries();
        let taken = entries.extract_if(.., |(owner, key, _)| *owner == self.owner && is_one(key));
        taken.map(|(_, key, future)| (key, future)).collect()
    }

    /// The same, and cancels the calls among them.
    ///
    /// # Errors
    /// The invocation that waits was cancelled.
    pub(crate) async fn cancel(&self, is_one: impl Fn(&K) -> bool) -> Result<(), TerminalError> {
        for (_, future) in self.taken(is_one) {
            if let Waiting::Call(call) = future {
                call.handle_of_invocation().await?.cancel();
            }
        }
        Ok(())
    }

    /// Cancels the calls that have such a key, and goes on waiting for their ends.
    ///
    /// # Errors
    /// The invocation that waits was cancelled.
    pub(crate) async fn stop(&self, is_one: impl Fn(&K) -> bool) -> Result<(), TerminalError> {
        for (key, future) in self.taken(is_one) {
            if let Waiting::Call(call) = &future {
                call.handle_of_invocation().await?.cancel();
            }
            self.entries().push((self.owner, key, future));
        }
        Ok(())
    }
}
