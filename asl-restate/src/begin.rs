//! What an execution begins with that is not the same twice: the time, and chance.

use crate::kept::once;
use asl_engine::history::Needs;
use asl_runtime::engine::Start;
use asl_runtime::{ExecutionContext, Host, Timestamp};
use restate_sdk::endpoint::ContextInternal;
use restate_sdk::errors::TerminalError;

/// The time, and for each execution of an invocation two numbers that cannot be guessed. They are drawn once, and Restate keeps them.
pub(crate) struct Beginning {
    pub(crate) time: Timestamp,
    seeds: Vec<(u64, u64)>,
}

impl Beginning {
    /// What was drawn for so many executions.
    pub(crate) async fn of(
        context: &ContextInternal,
        host: &dyn Host,
        executions: usize,
    ) -> Result<Self, TerminalError> {
        let seeds = || (0..executions).map(|_| (host.chance(), host.chance())).collect();
        let drawn = once(context, "begin", async { (host.clock().now(), seeds()) });
        let (time, seeds) = drawn.await?;
        Ok(Self { time, seeds })
    }

    /// How each of these executions starts, by its facts. It tells nothing unless its history is asked for, because it is gone through again whenever
    /// it is woken.
    pub(crate) fn starts(
        self,
        host: &dyn Host,
        facts: impl IntoIterator<Item = ExecutionContext>,
        tells: Option<Needs>,
    ) -> impl Iterator<Item = Start> {
        facts.into_iter().zip(self.seeds).map(move |(facts, (chance, tokens))| {
            let (limits, refusals) = (host.limits(), host.refusals());
            Start { limits, refusals, tells, ..Start::new(facts, [chance, tokens]) }
        })
    }
}
