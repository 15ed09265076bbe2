//! An execution that runs already, for those who start it once more.

use crate::kept::nowhere;
use asl_engine::context::ExecutionContext;
use asl_engine::error::ExecutionError;
use asl_engine::{ChildStart, EffectId, Outcome, Progress, Snapshot, Start, Timestamp, Told, Want};
use asl_runtime::engine::Shared;
use asl_runtime::{BoxFuture, Called, Core};
use asl_value::Value;
use std::task::{Context, Poll};

/// An execution that is driven elsewhere: its end is the end of this one.
pub(crate) struct Followed {
    context: Shared<ExecutionContext>,
    end: BoxFuture<'static, Result<Value, ExecutionError>>,
    ended: Option<Want>,
    is_over: bool,
}

impl Followed {
    pub(crate) fn new(
        context: Shared<ExecutionContext>,
        end: BoxFuture<'static, Result<Value, ExecutionError>>,
    ) -> Self {
        Self { context, end, ended: None, is_over: false }
    }
}

impl Core for Followed {
    fn context(&self) -> &Shared<ExecutionContext> {
        &self.context
    }

    fn poll_run(&mut self, context: &mut Context<'_>, _: &dyn Fn() -> Timestamp) -> Poll<Progress> {
        if !self.is_over {
            let Poll::Ready(result) = self.end.as_mut().poll(context) else { return Poll::Pending };
            self.is_over = true;
            self.ended = Some(Want::Ended(result));
        }
        Poll::Ready(Progress::Ended)
    }

    fn interrupt(&mut self) {}

    fn is_elsewhere(&self) -> bool {
        true
    }

    fn answer(&mut self, _: &EffectId, _: Outcome, _: Timestamp) -> bool {
        false
    }

    fn next_want(&mut self) -> Option<Want> {
        self.ended.take()
    }

    fn told(&mut self) -> Vec<Told> {
        Vec::new()
    }

    fn state(&self) -> Option<u16> {
        None
    }

    fn events(&self) -> u64 {
        0
    }

    fn poll_snapshot(&mut self, _: &mut Context<'_>) -> Poll<Result<Snapshot, String>> {
        Poll::Ready(Err(nowhere()))
    }

    fn poll_outstanding(&mut self, _: &mut Context<'_>) -> Poll<Result<Vec<Want>, String>> {
        Poll::Ready(Err(nowhere()))
    }

    fn ready(&self, _: usize) -> usize {
        0
    }

    fn action(&self, _: u16, _: &str) -> Called {
        (None, None)
    }

    fn child(&self, _: &ChildStart, start: Start) -> Box<dyn Core> {
        Box::new(Self::new(start.context, Box::pin(std::future::pending())))
    }
}
