//! Machines that may still be built: executions of them begin at once, and wait until they are.
//!
//! In: the definition of a machine. Out: a machine. One that cannot be built ends the executions that begin with it; those that began before stay
//! as they are, and go on when it can.

use crate::compile::{Building, Machines};
use asl_engine::context::ExecutionContext;
use asl_engine::history::Needs;
use asl_engine::{ChildStart, EffectId, Outcome, Progress, Snapshot, SnapshotError, Start, Told, Want};
use asl_runtime::engine::Shared;
use asl_runtime::{Called, Core, Error, Machine, Text, Timestamp};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// A machine that is built when it is needed.
#[derive(Clone, Debug)]
pub(super) struct Late {
    machines: Machines,
    name: Text,
    definition: Text,
}

impl Late {
    pub(super) const fn new(machines: Machines, name: Text, definition: Text) -> Self {
        Self { machines, name, definition }
    }
}

impl Machine for Late {
    fn name(&self) -> Text {
        self.name.clone()
    }

    fn states(&self) -> Vec<Text> {
        Vec::new()
    }

    fn definition(&self) -> Text {
        self.definition.clone()
    }

    fn handle(&self) -> Arc<dyn Machine> {
        Arc::new(self.clone())
    }

    fn start(&self, start: Start) -> Box<dyn Core> {
        let building = self.machines.machine(&self.definition);
        match building.peek() {
            // Nothing waits for what is there.
            Some(Ok(machine)) => machine.start(start),
            _ => LateCore::new(self, building, Shared::clone(&start.context), Begins::Start(Box::new(start))),
        }
    }

    fn restore(
        &self,
        context: Shared<ExecutionContext>,
        snapshot: &Snapshot,
        tells: Option<Needs>,
    ) -> Result<Box<dyn Core>, SnapshotError> {
        let building = self.machines.machine(&self.definition);
        match building.peek() {
            Some(Ok(machine)) => machine.restore(context, snapshot, tells),
            _ => Ok(LateCore::new(self, building, context, Begins::Restore(snapshot.clone(), tells))),
        }
    }
}

/// How an execution begins when its machine is there.
enum Begins {
    Start(Box<Start>),
    Restore(Snapshot, Option<Needs>),
}

/// An execution whose machine is built.
struct LateCore {
    machine: Late,
    context: Shared<ExecutionContext>,
    place: LateState,
    /// What it was told before the machine was there.
    untold: Vec<(EffectId, Outcome, Timestamp)>,
    /// What it begins with is to be given up.
    is_interrupted: bool,
    /// That it could not begin.
    ended: Option<Want>,
}

enum LateState {
    Building(Building, Begins),
    Here(Box<dyn Core>),
    /// It could not begin, for this reason.
    Nowhere(String),
}

impl LateCore {
    #[expect(clippy::new_ret_no_self, reason = "callers need not know what it is")]
    fn new(
        machine: &Late,
        building: Building,
        context: Shared<ExecutionContext>,
        begins: Begins,
    ) -> Box<dyn Core> {
        let place = LateState::Building(building, begins);
        let machine = machine.clone();
        Box::new(Self { machine, context, place, untold: Vec::new(), is_interrupted: false, ended: None })
    }

    /// Is ready when the machine is there, or will not be.
    fn poll_machine(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let LateState::Building(building, _) = &mut self.place else { return Poll::Ready(()) };
        let Poll::Ready(machine) = Pin::new(building).poll(context) else { return Poll::Pending };
        let place = std::mem::replace(&mut self.place, LateState::Nowhere(String::new()));
        let LateState::Building(_, begins) = place else { return Poll::Ready(()) };
        let begun = machine.map_err(|reason| format!("The machine could not be built: {reason}"));
        let begun = begun.and_then(|machine| match begins {
            Begins::Start(start) => Ok(machine.start(*start)),
            Begins::Restore(snapshot, tells) => machine
                .restore(Shared::clone(&self.context), &snapshot, tells)
                .map_err(|error| error.to_string()),
        });
        match begun {
            Ok(mut core) => {
                for (effect, outcome, now) in self.untold.drain(..) {
                    core.answer(&effect, outcome, now);
                }
                self.place = LateState::Here(core);
            }
            Err(reason) => {
                self.ended = Some(Want::Ended(Err(Error::runtime(reason.clone()).into())));
                self.place = LateState::Nowhere(reason);
            }
        }
        Poll::Ready(())
    }

    fn here(&self) -> Option<&dyn Core> {
        match &self.place {
            LateState::Here(core) => Some(&**core),
            LateState::Building(..) | LateState::Nowhere(_) => None,
        }
    }

    fn here_mut(&mut self) -> Option<&mut Box<dyn Core>> {
        match &mut self.place {
            LateState::Here(core) => Some(core),
            LateState::Building(..) | LateState::Nowhere(_) => None,
        }
    }

    /// Why nothing can be asked of it.
    fn reason(&self) -> String {
        match &self.place {
            LateState::Nowhere(reason) => reason.clone(),
            LateState::Building(..) | LateState::Here(_) => String::from("the machine is being built"),
        }
    }
}

impl Core for LateCore {
    fn context(&self) -> &Shared<ExecutionContext> {
        &self.context
    }

    fn poll_run(&mut self, context: &mut Context<'_>, now: &dyn Fn() -> Timestamp) -> Poll<Progress> {
        if self.poll_machine(context).is_pending() {
            return Poll::Pending;
        }
        let is_interrupted = std::mem::take(&mut self.is_interrupted);
        let Some(core) = self.here_mut() else { return Poll::Ready(Progress::Ended) };
        let polled = core.poll_run(context, now);
        if is_interrupted && polled.is_pending() {
            core.interrupt();
        }
        polled
    }

    fn interrupt(&mut self) {
        match &mut self.place {
            LateState::Here(core) => core.interrupt(),
            LateState::Building(..) => self.is_interrupted = true,
            LateState::Nowhere(_) => {}
        }
    }

    fn is_elsewhere(&self) -> bool {
        self.here().is_none_or(Core::is_elsewhere)
    }

    fn fault(&self) -> Option<String> {
        self.here()?.fault()
    }

    fn answer(&mut self, effect: &EffectId, outcome: Outcome, now: Timestamp) -> bool {
        match self.here_mut() {
            Some(core) => core.answer(effect, outcome, now),
            None => {
                self.untold.push((effect.clone(), outcome, now));
                true
            }
        }
    }

    fn next_want(&mut self) -> Option<Want> {
        self.ended.take().or_else(|| self.here_mut()?.next_want())
    }

    fn told(&mut self) -> Vec<Told> {
        self.here_mut().map(|core| core.told()).unwrap_or_default()
    }

    fn state(&self) -> Option<u16> {
        self.here()?.state()
    }

    fn events(&self) -> u64 {
        self.here().map_or(0, Core::events)
    }

    fn poll_snapshot(&mut self, context: &mut Context<'_>) -> Poll<Result<Snapshot, String>> {
        if self.poll_machine(context).is_pending() {
            return Poll::Pending;
        }
        let reason = self.reason();
        self.here_mut().map_or(Poll::Ready(Err(reason)), |core| core.poll_snapshot(context))
    }

    fn poll_outstanding(&mut self, context: &mut Context<'_>) -> Poll<Result<Vec<Want>, String>> {
        if self.poll_machine(context).is_pending() {
            return Poll::Pending;
        }
        let reason = self.reason();
        self.here_mut().map_or(Poll::Ready(Err(reason)), |core| core.poll_outstanding(context))
    }

    fn ready(&self, most: usize) -> usize {
        self.here().map_or(0, |core| core.ready(most))
    }

    fn action(&self, state: u16, resource: &str) -> Called {
        self.here().map_or((None, None), |core| core.action(state, resource))
    }

    fn child(&self, child: &ChildStart, mut start: Start) -> Box<dyn Core> {
        match self.here() {
            Some(core) => core.child(child, start),
            None => {
                start.part = Some(child.part);
                self.machine.start(start)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::Compile;
    use asl_runtime::{BoxFuture, Compiled, InMemory, Launch, Value};
    use futures_util::FutureExt;
    use std::future::poll_fn;
    use tokio::sync::Notify;

    asl_runtime::asl_machine!("../../tests/api/definitions/think.asl.json");

    /// Has its machine, which thinks forever, when the gate is opened.
    struct Gated(Arc<Notify>);

    impl Compile for Gated {
        fn machine(&self, _: &str) -> BoxFuture<'static, Result<Arc<dyn Machine>, String>> {
            let gate = Arc::clone(&self.0);
            Box::pin(async move {
                gate.notified().await;
                Ok(Arc::new(Compiled::of::<think::Machine>()) as Arc<dyn Machine>)
            })
        }
    }

    #[tokio::test]
    async fn what_was_to_be_given_up_before_the_machine_was_there_is_given_up_then() {
        let gate = Arc::new(Notify::new());
        let machines = Machines::new(Arc::new(Gated(Arc::clone(&gate))));
        let (host, late) = (InMemory::new(), Late::new(machines, "think".into(), "{}".into()));
        let start = Launch::new(&host, &late, None, Value::from(0), None).start(&host);
        let now = start.context.start_time;
        let mut core = late.start(start);
        let started = poll_fn(|context| core.poll_run(context, &|| now)).now_or_never();
        assert_eq!(started, None, "the machine is being built");
        core.interrupt();
        gate.notify_one();
        let progress = poll_fn(|context| core.poll_run(context, &|| now)).await;
        // The evaluation is not over, and begins anew when it goes on.
        assert_eq!(progress, Progress::More);
    }
}
