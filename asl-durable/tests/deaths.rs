//! Executions whose process ends while this one goes on: they are made again of what they were told, in a new one.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[expect(dead_code, reason = "other tests need more of it")]
mod common;

use asl_engine::context::ExecutionContext;
use asl_engine::history::Needs;
use asl_engine::{ChildStart, EffectId, Outcome, Progress, Snapshot, SnapshotError, Start, Told, Want};
use asl_runtime::engine::Shared;
use asl_runtime::{Called, Compiled, Core, Machine, Text, Timestamp, Value, asl_machine};
use common::{Calls, folder, open, process};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

asl_machine!(mod report = "machines/report.json");

/// A machine whose processes end when an execution goes on with an answer, so many times.
#[derive(Clone)]
struct Mortal {
    machine: Compiled,
    deaths: Arc<AtomicUsize>,
}

impl Mortal {
    fn new(deaths: usize) -> Self {
        Self { machine: Compiled::of::<report::Machine>(), deaths: Arc::new(AtomicUsize::new(deaths)) }
    }

    fn around(&self, core: Box<dyn Core>) -> Box<dyn Core> {
        Box::new(MortalCore { core, deaths: Arc::clone(&self.deaths), goes_on: false, is_dead: false })
    }
}

impl Machine for Mortal {
    fn name(&self) -> Text {
        self.machine.name()
    }

    fn states(&self) -> Vec<Text> {
        self.machine.states()
    }

    fn definition(&self) -> Text {
        self.machine.definition()
    }

    fn handle(&self) -> Arc<dyn Machine> {
        Arc::new(self.clone())
    }

    fn start(&self, start: Start) -> Box<dyn Core> {
        self.around(self.machine.start(start))
    }

    fn restore(
        &self,
        context: Shared<ExecutionContext>,
        snapshot: &Snapshot,
        tells: Option<Needs>,
    ) -> Result<Box<dyn Core>, SnapshotError> {
        Ok(self.around(self.machine.restore(context, snapshot, tells)?))
    }
}

struct MortalCore {
    core: Box<dyn Core>,
    deaths: Arc<AtomicUsize>,
    goes_on: bool,
    is_dead: bool,
}

impl Core for MortalCore {
    fn context(&self) -> &Shared<ExecutionContext> {
        self.core.context()
    }

    fn poll_run(&mut self, context: &mut Context<'_>, now: &dyn Fn() -> Timestamp) -> Poll<Progress> {
        let dies = |left: usize| left.checked_sub(1);
        if self.goes_on && self.deaths.fetch_update(Ordering::Relaxed, Ordering::Relaxed, dies).is_ok() {
            self.is_dead = true;
        }
        if self.is_dead { Poll::Ready(Progress::Waits) } else { self.core.poll_run(context, now) }
    }

    fn interrupt(&mut self) {
        self.core.interrupt();
    }

    fn fault(&self) -> Option<String> {
        self.is_dead.then(|| String::from("it is dead"))
    }

    fn answer(&mut self, effect: &EffectId, outcome: Outcome, now: Timestamp) -> bool {
        self.goes_on = true;
        !self.is_dead && self.core.answer(effect, outcome, now)
    }

    fn next_want(&mut self) -> Option<Want> {
        self.core.next_want()
    }

    fn told(&mut self) -> Vec<Told> {
        self.core.told()
    }

    fn state(&self) -> Option<u16> {
        self.core.state()
    }

    fn events(&self) -> u64 {
        self.core.events()
    }

    fn poll_snapshot(&mut self, context: &mut Context<'_>) -> Poll<Result<Snapshot, String>> {
        self.core.poll_snapshot(context)
    }

    fn poll_outstanding(&mut self, context: &mut Context<'_>) -> Poll<Result<Vec<Want>, String>> {
        self.core.poll_outstanding(context)
    }

    fn ready(&self, most: usize) -> usize {
        self.core.ready(most)
    }

    fn action(&self, state: u16, resource: &str) -> Called {
        self.core.action(state, resource)
    }

    fn child(&self, child: &ChildStart, start: Start) -> Box<dyn Core> {
        self.core.child(child, start)
    }
}

#[test]
fn an_execution_goes_on_in_a_new_process_and_its_tasks_are_not_done_again() {
    let (folder, calls) = (folder("deaths"), Calls::default());
    process(async {
        let host = open(&folder, calls.host(common::now(), "nowhere"));
        let machine = Mortal::new(2);
        let input = Value::from_json(r#"{"execution": "a"}"#).unwrap();
        let arn = host.start_execution(&machine, None, None, input).await.unwrap();
        assert_eq!(host.end(&arn).await.unwrap(), Ok(Value::from("Write")));
        assert_eq!(machine.deaths.load(Ordering::Relaxed), 0);
    });
    assert_eq!(calls.take().len(), 1);
}

#[test]
fn an_execution_that_ends_its_process_again_and_again_fails_and_harms_no_other() {
    let (folder, calls) = (folder("deaths-forever"), Calls::default());
    let input = || Value::from_json(r#"{"execution": "a"}"#).unwrap();
    let arn = process(async {
        let host = open(&folder, calls.host(common::now(), "nowhere"));
        let machine = Mortal::new(3);
        let arn = host.start_execution(&machine, None, None, input()).await.unwrap();
        let error = host.end(&arn).await.unwrap().unwrap_err();
        let cause = error.cause().unwrap_or_default();
        assert!(cause.contains("has ended 3 times in a row: it is dead"), "{cause}");
        let other = host.start_execution(&machine, None, None, input()).await.unwrap();
        assert_eq!(host.end(&other).await.unwrap(), Ok(Value::from("Write")));
        arn
    });
    process(async {
        let host = open(&folder, calls.host(common::now(), "nowhere")).machine::<report::Machine>();
        assert_eq!(host.resume().await.unwrap().running, 0);
        assert_eq!(host.describe(&arn).await.unwrap().status().as_str(), "FAILED");
    });
}
