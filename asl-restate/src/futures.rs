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

/// What is waited for, each with a key of its own.
pub(crate) struct Futures<'c, K> {
    context: &'c ContextInternal,
    entries: Vec<(K, Waiting<'c>)>,
}

impl<'c, K> Futures<'c, K> {
    pub(crate) const fn new(context: &'c ContextInternal) -> Self {
        Self { context, entries: Vec::new() }
    }

    /// Waits for a call, too.
    pub(crate) fn call(&mut self, key: K, call: impl CallFuture<Response = Coded<Answer>> + Send + 'c) {
        self.entries.push((key, Waiting::Call(Box::pin(call))));
    }

    /// Waits for something else, too.
    pub(crate) fn add(&mut self, key: K, future: impl DurableFuture<Output = Came> + Send + 'c) {
        self.entries.push((key, Waiting::Other(Box::pin(future))));
    }

    /// What comes next, of at least one thing that is waited for.
    ///
    /// # Errors
    /// The invocation that waits was cancelled.
    pub(crate) async fn next(&mut self) -> Result<(K, Came), TerminalError> {
        let handles = self.entries.iter().map(|(_, future)| future.handle()).collect();
        let place = self.context.select(handles).await?;
        let (key, future) = self.entries.swap_remove(place);
        Ok((key, future.come().await))
    }

    /// Whether anything is waited for with such a key.
    pub(crate) fn any(&self, is_one: impl Fn(&K) -> bool) -> bool {
        self.entries.iter().any(|(key, _)| is_one(key))
    }

    /// Waits no more for what has such a key.
    pub(crate) fn forget(&mut self, is_one: impl Fn(&K) -> bool) {
        self.entries.retain(|(key, _)| !is_one(key));
    }

    /// The same, and cancels the calls among them.
    ///
    /// # Errors
    /// The invocation that waits was cancelled.
    pub(crate) async fn cancel(&mut self, is_one: impl Fn(&K) -> bool) -> Result<(), TerminalError> {
        let mut result = Ok(());
        for (_, future) in self.entries.extract_if(.., |(key, _)| is_one(key)) {
            if let Waiting::Call(call) = future
                && result.is_ok()
            {
                result = call.handle_of_invocation().await.map(|invocation| invocation.cancel());
            }
        }
        result
    }

    /// Cancels the calls that have such a key, and goes on waiting for their ends.
    ///
    /// # Errors
    /// The invocation that waits was cancelled.
    pub(crate) async fn stop(&mut self, is_one: impl Fn(&K) -> bool) -> Result<(), TerminalError> {
        for (key, future) in &mut self.entries {
            if let Waiting::Call(call) = future
                && is_one(key)
            {
                call.handle_of_invocation().await?.cancel();
            }
        }
        Ok(())
    }
}
