//! Machines that are compiled into another process, a [worker](asl_engine::worker), which goes on with their executions. All that they want
//! is done here: a host cannot tell them from machines of its program.
//!
//! In: the path of a worker, and how the actions are sent that its tasks call. Out: machines. A worker that dies, or that says what makes no
//! sense, ends the executions that it has with an error that says so; the next one starts it again.

mod error;
mod process;

pub use error::WorkerError;

use crate::shell::{Called, Core, Machine};
use asl_engine::Shared;
use asl_engine::context::ExecutionContext;
use asl_engine::error::Error;
use asl_engine::history::Needs;
use asl_engine::trial::{Trial, Tried};
use asl_engine::worker::{FrameError, MachineDescription, Ran, Request, Response};
use asl_engine::{ChildStart, EffectId, Outcome, Progress, Snapshot, SnapshotError, Start, Told, Want};
use asl_language::timestamp::Timestamp;
use asl_value::Text;
use process::{Process, Reply};
use std::collections::VecDeque;
use std::fmt;
use std::future;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

/// What a process did that answered something else.
const NONSENSE: &str = "the process of the machine answered something else than it was asked";
/// How long a process may take until it says what machines it has.
const TIME_TO_START: Duration = Duration::from_secs(60);

/// A process of compiled machines. A clone is the same one; the process ends with the last of them.
#[derive(Clone)]
pub struct Worker {
    inner: Arc<Inner>,
    renews: bool,
}

struct Inner {
    program: PathBuf,
    /// So many bytes of memory may a process of it have.
    memory: Option<u64>,
    actions: Box<dyn Fn(&str) -> Called + Send + Sync>,
    machines: Vec<MachineDescription>,
    process: Mutex<Arc<Process>>,
    /// The number of the next execution, which no other has, in whatever process.
    next: AtomicU64,
}

impl Worker {
    /// Starts a worker. `actions` tells by the resource of a task how its action is sent.
    ///
    /// # Errors
    /// The program cannot be started, or is not a worker.
    pub fn start(
        program: impl Into<PathBuf>,
        actions: impl Fn(&str) -> Called + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Self::start_within(program, None, actions)
    }

    /// The same for a worker that may have so many bytes of memory, where the system sees to that: more ends it. What is only reserved counts
    /// as well, which is 1 GiB at the start.
    ///
    /// # Errors
    /// The program cannot be started, or is not a worker.
    pub fn start_within(
        program: impl Into<PathBuf>,
        memory: Option<u64>,
        actions: impl Fn(&str) -> Called + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let program = program.into();
        let process = Process::start(&program, memory)?;
        let frame = Request::Describe.to_frame().map_err(io::Error::other)?;
        let machines = match process.send(&frame, 0).wait(TIME_TO_START) {
            Ok(Response::Described { machines }) => machines,
            Ok(_) => return Err(io::Error::other("it did not say what machines it has")),
            Err(reason) => return Err(io::Error::other(reason)),
        };
        let inner = Inner {
            program,
            memory,
            actions: Box::new(actions),
            machines,
            process: Mutex::new(Arc::new(process)),
            next: AtomicU64::new(0),
        };
        Ok(Self { inner: Arc::new(inner), renews: false })
    }

    /// The same, but at every answer each execution is made into bytes and goes on as what comes of these, as after a crash. The same
    /// comes of it.
    #[must_use]
    pub const fn renewing(mut self) -> Self {
        self.renews = true;
        self
    }

    /// The machine of this number, if there is one.
    #[must_use]
    pub fn machine(&self, number: usize) -> Option<Arc<dyn Machine>> {
        self.inner.machines.get(number)?;
        Some(Arc::new(RemoteMachine { worker: self.clone(), number }))
    }

    /// Tries a single state of the machine of this number, which is to be compiled to tell its stages.
    ///
    /// # Errors
    /// There is no such state, or the process has ended.
    #[doc(hidden)]
    pub async fn try_state(&self, machine: usize, trial: Trial) -> Result<Tried, WorkerError> {
        let process = self.living().map_err(WorkerError::Start)?;
        let machine = u32::try_from(machine).unwrap_or(u32::MAX);
        let request = Request::Try { machine, trial: Box::new(trial) };
        let frame = request.to_frame().map_err(|error| WorkerError::Request(error.to_string()))?;
        let reply = process.send(&frame, 0);
        let response = future::poll_fn(|context| reply.poll(context)).await.map_err(WorkerError::Ended)?;
        let Response::Tried { tried } = response else { return Err(WorkerError::Nonsense) };
        Ok(*tried)
    }

    /// Ends the process, and with it all executions that it has. The next execution starts it again.
    pub fn end(&self) {
        self.process().end();
    }

    /// Why there is no process at the moment, if that is so: what it said before it ended.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        self.process().fault()
    }

    fn process(&self) -> Arc<Process> {
        Arc::clone(&self.inner.process.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The process, started again if it has ended.
    fn living(&self) -> io::Result<Arc<Process>> {
        let mut process = self.inner.process.lock().unwrap_or_else(PoisonError::into_inner);
        // Under the lock, so that executions which begin at once share the new process.
        if process.is_over() {
            *process = Arc::new(Process::start(&self.inner.program, self.inner.memory)?);
        }
        Ok(Arc::clone(&process))
    }

    fn execution(&self, machine: usize, start: Start) -> Box<dyn Core> {
        let (context, start) = (Shared::clone(&start.context), Box::new(start));
        self.begin(machine, context, |execution, machine| Request::Start { execution, machine, start })
    }

    /// An execution that begins with this request, which gets the numbers of the execution and of the machine.
    fn begin(
        &self,
        machine: usize,
        context: Shared<ExecutionContext>,
        request: impl FnOnce(u64, u32) -> Request,
    ) -> Box<dyn Core> {
        let mut remote = Remote {
            worker: self.clone(),
            machine,
            number: self.inner.next.fetch_add(1, Ordering::Relaxed),
            context,
            process: None,
            is_known: false,
            unsent: Vec::new(),
            requests: 0,
            reply: None,
            asked: None,
            is_settled: false,
            fault: None,
            wants: VecDeque::new(),
            told: Vec::new(),
            state: None,
            events: 0,
        };
        match self.living() {
            Ok(process) => {
                remote.process = Some(process);
                remote.ask(&request(remote.number, u32::try_from(machine).unwrap_or(u32::MAX)));
            }
            Err(error) => remote.fail(&format!("the process of the machine cannot be started: {error}")),
        }
        Box::new(remote)
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("program", &self.inner.program)
            .field("machines", &self.inner.machines)
            .finish_non_exhaustive()
    }
}

/// A machine of a worker.
struct RemoteMachine {
    worker: Worker,
    number: usize,
}

impl RemoteMachine {
    fn description(&self) -> Option<&MachineDescription> {
        self.worker.inner.machines.get(self.number)
    }
}

impl Machine for RemoteMachine {
    fn name(&self) -> Text {
        self.description().map(|machine| machine.name.clone()).unwrap_or_default()
    }

    fn states(&self) -> Vec<Text> {
        let states = self.description().map_or(&[][..], |machine| &machine.states);
        states.iter().map(|state| state.name.clone()).collect()
    }

    fn definition(&self) -> Text {
        self.description().map(|machine| machine.definition.clone()).unwrap_or_default()
    }

    fn handle(&self) -> Arc<dyn Machine> {
        Arc::new(Self { worker: self.worker.clone(), number: self.number })
    }

    fn start(&self, start: Start) -> Box<dyn Core> {
        self.worker.execution(self.number, start)
    }

    fn restore(
        &self,
        context: Shared<ExecutionContext>,
        snapshot: &Snapshot,
        tells: Option<Needs>,
    ) -> Result<Box<dyn Core>, SnapshotError> {
        let snapshot = snapshot.as_bytes().to_vec().into();
        let request = |execution, machine| Request::Restore { execution, machine, snapshot, tells };
        Ok(self.worker.begin(self.number, context, request))
    }
}

/// An execution in a worker.
struct Remote {
    worker: Worker,
    machine: usize,
    number: u64,
    context: Shared<ExecutionContext>,
    /// `None` if it has failed for want of one.
    process: Option<Arc<Process>>,
    /// The process has heard of it.
    is_known: bool,
    /// Requests that go out with the next `Run`.
    unsent: Vec<u8>,
    /// So many responses come before that to the `Run`.
    requests: usize,
    /// The response to `Run` that is waited for.
    reply: Option<Reply>,
    /// The response to another question that is waited for.
    asked: Option<Reply>,
    /// It has come as far as it can, and was told nothing since.
    is_settled: bool,
    /// Why it has failed, if it has.
    fault: Option<String>,
    wants: VecDeque<Want>,
    told: Vec<Told>,
    state: Option<u16>,
    events: u64,
}

impl Remote {
    /// Asks for something with the next `Run`.
    fn ask(&mut self, request: &Request) {
        match request.to_frame() {
            Ok(frame) => {
                self.unsent.extend_from_slice(&frame);
                self.requests += 1;
                self.is_settled = false;
            }
            Err(error) => self.refuse(&error),
        }
    }

    fn refuse(&mut self, error: &FrameError) {
        self.fail(&format!("what was to be said to the process of the machine is malformed: {error}"));
    }

    /// Ends the execution. What the process says of it later counts for nothing.
    fn fail(&mut self, reason: &str) {
        self.forget();
        self.process = None;
        self.reply = None;
        self.is_settled = true;
        self.fault = Some(reason.to_owned());
        self.wants = VecDeque::from([Want::Ended(Err(Error::runtime(reason).into()))]);
    }

    /// The execution has no owner any more.
    fn forget(&self) {
        let Some(process) = &self.process else { return };
        let execution = self.number;
        process.leave(execution);
        if !self.is_known {
            return;
        }
        if self.reply.is_some() {
            process.tell(&Request::Stop { execution });
        }
        if let Ok(frame) = (Request::Forget { execution }).to_frame() {
            drop(process.send(&frame, 0));
        }
    }

    /// Sends what is to be sent, of which the last is a request with a response that is waited for.
    fn send(&mut self, request: &Request) -> Option<Reply> {
        match request.to_frame() {
            Ok(frame) => self.unsent.extend_from_slice(&frame),
            Err(error) => self.refuse(&error),
        }
        let reply = self.process.as_ref()?.send(&self.unsent, self.requests);
        self.is_known = true;
        self.unsent.clear();
        self.requests = 0;
        Some(reply)
    }

    /// The response to a question that changes nothing.
    fn poll_response(&mut self, request: &Request, context: &Context<'_>) -> Poll<Result<Response, String>> {
        if self.asked.is_none() {
            self.asked = self.send(request);
        }
        let Some(reply) = &self.asked else {
            return Poll::Ready(Err(String::from("there is no process of the machine")));
        };
        let Poll::Ready(response) = reply.poll(context) else { return Poll::Pending };
        self.asked = None;
        if let Err(reason) = &response {
            self.fail(reason);
        }
        Poll::Ready(response)
    }

    fn ran(&mut self, ran: Ran) -> Progress {
        let Ran { progress, wants, told, state, events } = ran;
        self.is_settled = progress == Progress::Waits;
        self.wants.extend(wants);
        self.told.extend(told);
        self.state = state;
        self.events = events;
        // What was given up is over, or tried again when it is asked for.
        if progress == Progress::Interrupted { Progress::More } else { progress }
    }
}

impl Core for Remote {
    fn context(&self) -> &Shared<ExecutionContext> {
        &self.context
    }

    fn poll_run(&mut self, context: &mut Context<'_>, now: &dyn Fn() -> Timestamp) -> Poll<Progress> {
        if self.reply.is_none() && !self.is_settled {
            self.reply = self.send(&Request::Run { execution: self.number, now: now() });
        }
        let Some(reply) = &self.reply else {
            // It waits, and is notified of the end of the process.
            if let Some(reason) =
                self.process.as_ref().and_then(|process| process.end_of(self.number, context))
            {
                self.fail(&reason);
            }
            return Poll::Ready(Progress::Waits);
        };
        let Poll::Ready(response) = reply.poll(context) else { return Poll::Pending };
        self.reply = None;
        Poll::Ready(match response {
            Ok(Response::Ran(ran)) => self.ran(ran),
            Ok(_) => {
                self.fail(NONSENSE);
                Progress::Waits
            }
            Err(reason) => {
                self.fail(&reason);
                Progress::Waits
            }
        })
    }

    fn interrupt(&mut self) {
        if let (Some(process), Some(_)) = (&self.process, &self.reply) {
            process.tell(&Request::Stop { execution: self.number });
        }
    }

    fn is_elsewhere(&self) -> bool {
        true
    }

    fn fault(&self) -> Option<String> {
        self.fault.clone()
    }

    fn answer(&mut self, effect: &EffectId, outcome: Outcome, now: Timestamp) -> bool {
        if self.process.is_none() {
            return false;
        }
        let (execution, renews) = (self.number, self.worker.renews);
        let renew = || Request::Renew { execution };
        if renews {
            self.ask(&renew());
        }
        self.ask(&Request::Answer { execution, effect: effect.clone(), outcome, now });
        if renews {
            self.ask(&renew());
        }
        true
    }

    fn next_want(&mut self) -> Option<Want> {
        self.wants.pop_front()
    }

    fn told(&mut self) -> Vec<Told> {
        std::mem::take(&mut self.told)
    }

    fn state(&self) -> Option<u16> {
        self.state
    }

    fn events(&self) -> u64 {
        self.events
    }

    fn poll_snapshot(&mut self, context: &mut Context<'_>) -> Poll<Result<Snapshot, String>> {
        let response = self.poll_response(&Request::Snapshot { execution: self.number }, context);
        response.map(|response| {
            let Response::Snapshot { snapshot } = response? else { return Err(String::from(NONSENSE)) };
            Snapshot::from_bytes(snapshot).map_err(|error| error.to_string())
        })
    }

    fn poll_outstanding(&mut self, context: &mut Context<'_>) -> Poll<Result<Vec<Want>, String>> {
        let response = self.poll_response(&Request::Outstanding { execution: self.number }, context);
        response.map(|response| {
            let Response::Outstanding { wants } = response? else { return Err(String::from(NONSENSE)) };
            Ok(wants)
        })
    }

    fn ready(&self, _most: usize) -> usize {
        usize::from(!self.is_settled)
    }

    fn action(&self, _state: u16, resource: &str) -> Called {
        (self.worker.inner.actions)(resource)
    }

    fn child(&self, child: &ChildStart, mut start: Start) -> Box<dyn Core> {
        start.part = Some(child.part);
        self.worker.execution(self.machine, start)
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        self.forget();
    }
}
