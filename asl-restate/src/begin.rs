//! What an execution begins with that is not the same twice: the time, and chance.

use crate::message::Coded;
use asl_engine::history::Needs;
use asl_runtime::engine::Start;
use asl_runtime::{ExecutionContext, Host, Timestamp};
use restate_sdk::context::RunFuture;
use restate_sdk::endpoint::ContextInternal;
use restate_sdk::errors::TerminalError;

/// The time, and two numbers that cannot be guessed. They are drawn once, and Restate keeps them.
pub(crate) struct Beginning {
    pub(crate) time: Timestamp,
    seed: [u64; 2],
}

impl Beginning {
    pub(crate) async fn of(context: &ContextInternal, host: &dyn Host) -> Result<Self, TerminalError> {
        let drawn = || async { Ok(Coded((host.clock().now(), (host.chance(), host.chance())))) };
        let Coded((time, (chance, tokens))) = context.run(drawn).name("begin").await?;
        Ok(Self { time, seed: [chance, tokens] })
    }

    /// How an execution with these facts starts. It tells nothing unless its history is asked for, because it is gone through again whenever it is
    /// woken.
    pub(crate) fn start(self, host: &dyn Host, facts: ExecutionContext, tells: Option<Needs>) -> Start {
        Start { limits: host.limits(), refusals: host.refusals(), tells, ..Start::new(facts, self.seed) }
    }
}
