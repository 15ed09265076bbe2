//! What an execution begins with that is not the same twice: the time, and chance.

use crate::message::Coded;
use asl_engine::history::Needs;
use asl_runtime::engine::Start;
use asl_runtime::{ExecutionContext, Host, Timestamp};
use restate_sdk::context::RunFuture;
use restate_sdk::endpoint::ContextInternal;
use restate_sdk::errors::TerminalError;
use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::OnceLock;
use std::task::Poll;

/// The time, and two numbers that cannot be guessed. They are drawn once, and Restate keeps them.
pub(crate) struct Beginning {
    pub(crate) time: Timestamp,
    seed: [u64; 2],
}

impl Beginning {
    /// What was drawn. Where it is drawn now, the execution goes on with it at once: Restate keeps what an invocation sends in the order in which it
    /// is sent, so that it has nothing that follows from this without this.
    pub(crate) async fn of(context: &ContextInternal, host: &dyn Host) -> Result<Self, TerminalError> {
        let drawn = OnceLock::new();
        let draw = || async {
            Ok(Coded(*drawn.get_or_init(|| (host.clock().now(), (host.chance(), host.chance())))))
        };
        let mut kept = pin!(context.run(draw).name("begin"));
        let Coded((time, (chance, tokens))) =
            poll_fn(|waker| match (kept.as_mut().poll(waker), drawn.get()) {
                (Poll::Pending, Some(drawn)) => Poll::Ready(Ok(Coded(*drawn))),
                (kept, _) => kept,
            })
            .await?;
        Ok(Self { time, seed: [chance, tokens] })
    }

    /// How an execution with these facts starts. It tells nothing unless its history is asked for, because it is gone through again whenever it is
    /// woken.
    pub(crate) fn start(self, host: &dyn Host, facts: ExecutionContext, tells: Option<Needs>) -> Start {
        Start { limits: host.limits(), refusals: host.refusals(), tells, ..Start::new(facts, self.seed) }
    }
}
