//! An execution that waits for long, folded up: nothing goes on in it until it is unfolded.

use super::Called;
use super::core::{Core, Local};
use asl_engine::Shared;
use asl_engine::context::ExecutionContext;
use asl_engine::error::Error;
use asl_engine::{ChildStart, EffectId, Execution, Folded, Outcome, Progress, Snapshot, Start, Told, Want};
use asl_language::timestamp::Timestamp;
use std::task::{Context, Poll};

fn unfolded(folded: &Folded) -> Result<Execution, String> {
    folded.unfold().map_err(|error| error.to_string())
}

impl Core for Folded {
    fn context(&self) -> &Shared<ExecutionContext> {
        self.context()
    }

    fn poll_run(&mut self, _: &mut Context<'_>, _: &dyn Fn() -> Timestamp) -> Poll<Progress> {
        Poll::Ready(Progress::Waits)
    }

    fn interrupt(&mut self) {}

    fn fault(&self) -> Option<String> {
        unfolded(self).err()
    }

    fn answer(&mut self, _: &EffectId, _: Outcome, _: Timestamp) -> bool {
        false
    }

    fn next_want(&mut self) -> Option<Want> {
        Core::fault(self).map(|fault| Want::Ended(Err(Error::runtime(fault).into())))
    }

    fn told(&mut self) -> Vec<Told> {
        Vec::new()
    }

    fn state(&self) -> Option<u16> {
        self.state()
    }

    fn events(&self) -> u64 {
        self.events()
    }

    fn poll_snapshot(&mut self, _: &mut Context<'_>) -> Poll<Result<Snapshot, String>> {
        Poll::Ready(unfolded(self).map(|execution| execution.snapshot()))
    }

    fn poll_outstanding(&mut self, _: &mut Context<'_>) -> Poll<Result<Vec<Want>, String>> {
        Poll::Ready(unfolded(self).map(|execution| execution.outstanding()))
    }

    fn unfold(&self) -> Option<Box<dyn Core>> {
        Some(Box::new(Local::of(Folded::unfold(self).ok()?)))
    }

    fn ready(&self, _: usize) -> usize {
        0
    }

    fn action(&self, state: u16, _: &str) -> Called {
        self.program().action(state)
    }

    fn child(&self, child: &ChildStart, mut start: Start) -> Box<dyn Core> {
        start.part = Some(child.part);
        Box::new(Local::new(self.program(), start))
    }
}
