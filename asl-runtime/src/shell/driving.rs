//! An execution that is driven as long as there is something to be done for it.

use super::Shell;
use super::core::Core;
use super::mailbox::{Mailbox, Reports};
use crate::host::Host;
use crate::integration::BoxFuture;
use asl_engine::error::ExecutionError;
use asl_value::Value;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

/// Drives an execution until it has ended, or has only waited for a time or a token for a while. A host that has kept what it was told can
/// [leave](Self::leave) it then, and make it again when its time has come; or let it [go on](Self::go_on).
///
/// Only executions rest that say so ([`Core::rests`]), and only by the system's clock.
pub struct Driving<'h> {
    shell: Shell<'h>,
    patience: Duration,
    wait: Option<BoxFuture<'static, ()>>,
}

/// As far as an execution has come.
#[derive(Debug)]
pub enum Driven {
    /// It has ended.
    Ended(Result<Value, ExecutionError>),
    /// It rests.
    Rests,
}

impl<'h> Driving<'h> {
    /// Drives an execution on a host until it has rested for so long.
    #[must_use]
    pub fn new(host: &'h dyn Host, execution: Box<dyn Core>, patience: Duration) -> Self {
        Self { shell: Shell::new(host, execution), patience, wait: None }
    }

    /// Goes on until the execution has ended, or rests.
    pub async fn go_on(&mut self) -> Driven {
        let host = self.shell.host;
        host.clock().drive(self).await
    }

    /// The execution.
    pub fn core(&mut self) -> &mut dyn Core {
        &mut *self.shell.core
    }

    /// From now on it is to rest for twice as long before this says so.
    pub fn be_more_patient(&mut self) {
        self.patience = self.patience.saturating_mul(2);
    }

    /// Drops an execution that rests. Its tokens are still waited for: the host takes what comes for them, and what [still comes
    /// here](Left::forward).
    #[must_use]
    pub fn leave(mut self) -> Left {
        let Some(more) = &mut self.shell.more else { return Left(Arc::default()) };
        more.tokens.clear();
        Left(Arc::clone(&more.mailbox))
    }

    fn wait(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let clock = self.shell.host.clock();
        if !self.shell.core.rests() || !clock.is_system() {
            self.wait = None;
            return Poll::Pending;
        }
        if self.wait.is_none() {
            let end = clock.now().plus(self.patience);
            if self.shell.timers.next().is_some_and(|due| due < end) {
                // It goes on before that.
                return Poll::Pending;
            }
        }
        let wait = self.wait.get_or_insert_with(|| clock.sleep(self.patience));
        if wait.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        self.wait = None;
        Poll::Ready(())
    }
}

impl Future for Driving<'_> {
    type Output = Driven;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Driven> {
        if let Poll::Ready(result) = Pin::new(&mut self.shell).poll(context) {
            return Poll::Ready(Driven::Ended(result));
        }
        self.wait(context).map(|()| Driven::Rests)
    }
}

impl fmt::Debug for Driving<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driving").field("execution", &self.shell.core.context().id).finish_non_exhaustive()
    }
}

/// An execution that was left.
#[derive(Debug)]
pub struct Left(Arc<Mailbox>);

impl Left {
    /// Hands on what has come for it since, and what still comes.
    pub fn forward(self, to: Arc<dyn Reports>) {
        self.0.forward(to);
    }
}
