//! Drives executions: does what they want, and tells them what came of it. The one place where anything waits.
//!
//! What an execution is about is in the engine ([`asl_engine::execution`]), which waits for nothing. A shell is a future around it: it
//! keeps timers, tasks under way and child executions, and passes events on to observers.

mod at_once;
pub(crate) mod core;
pub(crate) mod driving;
mod folded;
pub(crate) mod mailbox;
mod map_run;
mod tasks;
mod timers;

pub(crate) use self::core::Local;
pub use self::core::{Compiled, Core, EndedChildren, Machine};
pub use map_run::{read_some_items, write_all_results};
pub use tasks::{PANIC, panicked};

use self::at_once::AtOnce;
use crate::host::{Held, Host};
use crate::integration::BoxFuture;
use crate::invocation::Invocation;
use asl_engine::error::ExecutionError;
use asl_engine::generated::action::{Action, Job};
use asl_engine::{EffectId, Outcome, Perform, Progress, Shared, Timer, Want, Work};
use asl_language::timestamp::Timestamp;
use asl_value::{Text, Value};
use mailbox::{Mailbox, Signals};
use map_run::MapRuns;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tasks::Tasks;
use timers::Timers;
use tokio::runtime::{Handle, RuntimeFlavor};

/// How the action is sent that a state calls, and how its job is waited for.
pub type Called = (Option<&'static Action>, Option<&'static Job>);

/// Why an execution is stopped: the error and the cause that it ends with.
pub type Stop = (Option<Text>, Option<String>);

/// Receives which state was entered last.
pub(crate) type Progressed = Box<dyn Fn(Option<u16>) + Send>;

/// An execution that waits for longer is folded up.
const LONG: Duration = Duration::from_secs(1);

/// After this many rounds others may run.
const ROUNDS: u32 = 64;
/// After this many tasks that were done at once others may run.
const AT_ONCE: u32 = 64;

/// An execution on its way.
pub(crate) struct Shell<'h> {
    host: &'h dyn Host,
    core: Box<dyn Core>,
    timers: Timers,
    /// What few executions have.
    more: Option<Box<More<'h>>>,
    /// What still fewer have while they wait.
    control: Option<Box<Control<'h>>>,
    has_begun: bool,
    is_away: bool,
    /// It takes little memory, and nothing but the time of its timer goes by it.
    is_folded: bool,
}

/// What there is of an execution that is started rather than run, or is in another process.
#[derive(Default)]
struct Control<'h> {
    stop: Option<BoxFuture<'h, Stop>>,
    progress: Option<Progressed>,
    /// Time stands still while another process goes on with the execution.
    held: Option<Held>,
    patience: Patience,
}

/// How long another process is waited for before it is asked what has happened so far, which would go unreported during a long evaluation.
#[derive(Default)]
struct Patience {
    wait: Option<BoxFuture<'static, ()>>,
    /// It was asked.
    has_asked: bool,
    /// So often in a row it was asked before.
    asked_before: u32,
}

impl Patience {
    /// How long it is waited: longer each time, because what was given up begins anew.
    fn length(&self) -> Duration {
        PATIENCE * GROWTH.pow(self.asked_before.min(MOST_GROWTH))
    }

    /// The answer has come.
    fn answered(&self) -> Self {
        let asked_before = if self.has_asked { self.asked_before.saturating_add(1) } else { 0 };
        Self { asked_before, ..Self::default() }
    }
}

/// An evaluation that takes longer is given up, and tried again with so many times as long.
const PATIENCE: Duration = Duration::from_millis(50);
const GROWTH: u32 = 4;
/// After so many times it is hours.
const MOST_GROWTH: u32 = 10;

/// What an execution has that asks for more than time.
#[derive(Default)]
struct More<'h> {
    tasks: Tasks<'h>,
    /// Tasks that are to begin.
    wanted: Vec<Shared<Perform>>,
    mailbox: Arc<Mailbox>,
    /// The tokens that are waited for.
    tokens: BTreeMap<EffectId, Text>,
    map_runs: MapRuns,
    /// What came in while the execution was in another thread.
    letters: Vec<(EffectId, Outcome)>,
    ended: Vec<(EffectId, tasks::Done)>,
}

impl More<'_> {
    /// Whether nothing is under way, and nothing can come in for it any more.
    fn is_over(&self) -> bool {
        let Self { tasks, wanted, mailbox, tokens, map_runs, letters, ended } = self;
        let is_idle = tasks.is_empty() && wanted.is_empty() && letters.is_empty() && ended.is_empty();
        is_idle && tokens.is_empty() && map_runs.is_empty() && Arc::strong_count(mailbox) == 1
    }
}

impl<'h> Shell<'h> {
    pub(crate) fn new(host: &'h dyn Host, core: Box<dyn Core>) -> Self {
        Self {
            host,
            core,
            timers: Timers::default(),
            more: None,
            control: None,
            has_begun: false,
            is_away: false,
            is_folded: false,
        }
    }

    /// The same until `stop` says that it is enough.
    pub(crate) fn until(mut self, stop: Option<BoxFuture<'h, Stop>>) -> Self {
        if stop.is_some() {
            self.control().stop = stop;
        }
        self
    }

    /// The same with a listener for which state was entered last.
    pub(crate) fn with_progress(mut self, progress: Progressed) -> Self {
        self.control().progress = Some(progress);
        self
    }

    fn control(&mut self) -> &mut Control<'h> {
        self.control.get_or_insert_with(Box::default)
    }

    fn more(&mut self) -> &mut More<'h> {
        self.more.get_or_insert_with(Box::default)
    }

    /// Tells the execution what came of an effect, and says when that was.
    fn answer(&mut self, effect: &EffectId, outcome: Outcome) -> Timestamp {
        let now = self.host.clock().now();
        self.unfolded().answer(effect, outcome, now);
        now
    }

    fn unfolded(&mut self) -> &mut dyn Core {
        if std::mem::take(&mut self.is_folded)
            && let Some(core) = self.core.unfold()
        {
            self.core = core;
        }
        &mut *self.core
    }

    /// Folds the execution up if it will wait for long, and for nothing but a time.
    fn fold(&mut self) {
        let clock = self.host.clock();
        // A virtual clock is about to jump over the wait, so that nothing would be saved.
        if self.is_folded || !clock.is_system() {
            return;
        }
        let waits_long = self.timers.next().is_some_and(|due| due.since(clock.now()) > LONG);
        if !waits_long || self.more.as_ref().is_some_and(|more| !more.is_over()) {
            return;
        }
        if let Some(core) = self.core.fold() {
            self.core = core;
            self.is_folded = true;
            // What tasks before it needed.
            self.more = None;
        }
    }

    /// The execution goes on as far as it can, and what it wants is done. `None` while it is in another thread. What was just looked at of
    /// the clock is good for this round.
    fn round(
        &mut self,
        context: &mut Context<'_>,
        now: Option<Timestamp>,
        at_once_left: &mut u32,
    ) -> Option<Result<Round, ExecutionError>> {
        let host = self.host;
        if !std::mem::replace(&mut self.has_begun, true) {
            // Its time limit counts during its first evaluation, too.
            self.tell();
            if let Some(result) = self.perform_wants(&mut None) {
                return Some(result.map(Round::Ended));
            }
        }
        let moment = Cell::new(now);
        let progress = self.control.as_ref().and_then(|control| control.progress.as_ref());
        let mut at_once = AtOnce {
            host,
            waker: context.waker(),
            progress,
            left: at_once_left,
            moment: &moment,
            begun: None,
        };
        let now = || moment.get().unwrap_or_else(|| host.clock().now());
        let progress = match self.core.poll_run_with(context, &now, &mut at_once) {
            Poll::Ready(progress) => progress,
            Poll::Pending => {
                self.is_away = true;
                if self.core.is_elsewhere() {
                    let held = &mut self.control().held;
                    *held = held.take().or_else(|| host.clock().hold());
                }
                self.wait_patiently(context);
                return None;
            }
        };
        let begun = at_once.begun;
        self.is_away = false;
        if let Some(control) = &mut self.control {
            control.held = None;
            control.patience = control.patience.answered();
        }
        self.tell();
        let mut answered = None;
        if let Some(result) = self.perform_wants(&mut answered) {
            return Some(result.map(Round::Ended));
        }
        answered = self.perform_tasks(context, begun).or(answered);
        Some(Ok(match (progress, answered) {
            (Progress::More, _) => Round::More,
            (_, Some(now)) => Round::Busy(now),
            (_, None) => Round::Waits,
        }))
    }

    /// Does what the execution wants, but for tasks; its end, if it has ended.
    fn perform_wants(&mut self, answered: &mut Option<Timestamp>) -> Option<Result<Value, ExecutionError>> {
        while let Some(want) = self.core.next_want() {
            if let Want::Ended(result) = want {
                self.leave();
                return Some(result);
            }
            *answered = self.perform(want).or(*answered);
        }
        None
    }

    /// Takes in what has come from outside: `true` if anything has. What comes later wakes this.
    fn listen(&mut self, context: &mut Context<'_>) -> bool {
        let stopped = self.poll_stop(context);
        if self.is_away {
            // While an evaluation takes long, only what ends the execution is looked at.
            if let Some(timed_out) = self.poll_time_out(context) {
                self.more().letters.push(timed_out);
                self.core.interrupt();
            }
            return false;
        }
        if let Some(more) = &self.more {
            more.mailbox.listen(context.waker());
        }
        let come_in = self.take_in(context);
        let fired = self.poll_timers(context);
        stopped || come_in || fired
    }

    /// Asks another process what has happened, if its answer takes long.
    fn wait_patiently(&mut self, context: &mut Context<'_>) {
        let clock = self.host.clock();
        if !clock.is_system() || !self.core.is_elsewhere() {
            return;
        }
        let patience = &mut self.control().patience;
        if patience.has_asked {
            return;
        }
        let length = patience.length();
        let wait = patience.wait.get_or_insert_with(|| clock.sleep(length));
        if wait.as_mut().poll(context).is_ready() {
            (patience.has_asked, patience.wait) = (true, None);
            self.core.interrupt();
        }
    }

    fn tell(&mut self) {
        let observer = self.host.observer();
        if observer.is_none() && self.control.is_none() {
            return;
        }
        let told = self.core.told();
        if let Some(observer) = observer {
            for told in &told {
                told.tell(observer, self.core.context());
            }
        }
        if let Some(progress) = self.control.as_ref().and_then(|control| control.progress.as_ref()) {
            progress(self.core.state());
        }
    }

    fn poll_stop(&mut self, context: &mut Context<'_>) -> bool {
        let Some(control) = &mut self.control else { return false };
        let Some(stop) = &mut control.stop else { return false };
        let Poll::Ready((error, cause)) = stop.as_mut().poll(context) else { return false };
        control.stop = None;
        self.more().letters.push((EffectId::EXECUTION, Outcome::Stopped { error, cause }));
        self.core.interrupt();
        true
    }

    /// While an evaluation takes long, only the time of the execution itself is looked at.
    fn poll_time_out(&mut self, context: &mut Context<'_>) -> Option<(EffectId, Outcome)> {
        let now = self.host.clock().now();
        if let Some(due) = self.timers.of(&EffectId::EXECUTION) {
            if due <= now {
                self.timers.cancel(&EffectId::EXECUTION);
                return Some((EffectId::EXECUTION, Outcome::Fired(Timer::Timeout)));
            }
            self.timers.poll_until(due, now, self.host.clock(), context);
        }
        None
    }

    /// Whether the time of any timer has come.
    fn poll_timers(&mut self, context: &mut Context<'_>) -> bool {
        let Some(due) = self.timers.next() else {
            self.timers.rest();
            return false;
        };
        let now = self.host.clock().now();
        if due > now && !self.timers.poll_until(due, now, self.host.clock(), context) {
            return false;
        }
        // What was waited for is due, even if the clock has been set back since.
        let now = self.host.clock().now().max(due);
        while let Some((effect, timer)) = self.timers.take_due(now) {
            self.unfolded().answer(&effect, Outcome::Fired(timer), now);
        }
        true
    }

    /// Hands on what has come in from tasks, and from elsewhere; `true` if anything has.
    fn take_in(&mut self, context: &mut Context<'_>) -> bool {
        let Some(more) = &mut self.more else { return false };
        let mut letters = std::mem::take(&mut more.letters);
        more.mailbox.take(&mut letters);
        let mut ended = std::mem::take(&mut more.ended);
        if more.tasks.poll(context, &mut ended) {
            context.waker().wake_by_ref();
        }
        let has_come = !letters.is_empty() || !ended.is_empty();
        for (effect, outcome) in letters {
            if let Outcome::Ended(_) = &outcome {
                // It was done by another thread.
                self.more().tasks.forget(&effect);
            } else if let Outcome::ChildEnded(_) = &outcome {
                self.more().map_runs.child_ended(&effect);
            }
            self.answer(&effect, outcome);
        }
        for (effect, result) in ended.drain(..) {
            self.answer(&effect, Outcome::Ended(result));
        }
        self.more().ended = ended;
        has_come
    }

    /// Does what the execution wants, but for tasks; when something came of it at once, if anything did.
    #[expect(clippy::wildcard_enum_match_arm, reason = "an end is seen before this")]
    fn perform(&mut self, want: Want) -> Option<Timestamp> {
        match want {
            Want::Perform(perform) => self.more().wanted.push(perform),
            Want::Timer { effect, timer, due } => self.timers.set(effect, timer, due),
            Want::Await { effect, task_token } => {
                let signals = self.signals(&effect);
                self.host.callback_store().register(&task_token, signals);
                self.more().tokens.insert(effect, task_token);
            }
            Want::Work(work) => return Some(self.schedule(*work)),
            Want::MapRun(start) => {
                let (host, mailbox) = (self.host, Arc::clone(&self.more().mailbox));
                let before = self.core.ended_children(&start.effect);
                self.more().map_runs.begin(host, *start, before, mailbox);
            }
            Want::Read { effect } => self.more().map_runs.read(&effect),
            Want::Child(child) => {
                let start = crate::execution::start_of(self.host, child.context.clone());
                let core = self.core.child(&child, start);
                let (host, mailbox) = (self.host, Arc::clone(&self.more().mailbox));
                self.more().map_runs.start_child(host, core, child, mailbox);
            }
            Want::Finish { effect, failed } => self.more().map_runs.finish(&effect, failed),
            Want::Cancel { effect } => self.cancel(&effect),
            _ => {}
        }
        None
    }

    fn signals(&mut self, effect: &EffectId) -> Signals {
        let mailbox = Arc::clone(&self.more().mailbox);
        Signals::new(mailbox, effect.clone())
    }

    /// Begins the tasks that are wanted: one alone here, several side by side; when one has ended at once, if any has.
    fn perform_tasks(
        &mut self,
        context: &mut Context<'_>,
        mut begun: Option<BoxFuture<'h, tasks::Done>>,
    ) -> Option<Timestamp> {
        let more = self.more.as_mut()?;
        if more.wanted.is_empty() {
            return None;
        }
        let mut wanted = std::mem::take(&mut more.wanted);
        let are_many = wanted.len() > 1 || !more.tasks.is_empty();
        let mut answered = None;
        for perform in wanted.drain(..) {
            answered = self.perform_task(perform, begun.take(), are_many, context).or(answered);
        }
        // Its room is kept.
        self.more().wanted = wanted;
        answered
    }

    fn perform_task(
        &mut self,
        perform: Shared<Perform>,
        begun: Option<BoxFuture<'h, tasks::Done>>,
        are_many: bool,
        context: &mut Context<'_>,
    ) -> Option<Timestamp> {
        let (action, job) = self.core.action(perform.state_id, &perform.task.resource);
        let effect = perform.effect.clone();
        let invocation = Invocation::of(Shared::clone(self.core.context()), perform)
            .with_action(action, job)
            .reporting_to(Arc::clone(&self.more().mailbox) as _);
        let host = self.host;
        let is_limited = invocation.timeout().is_some() || invocation.heartbeat_interval().is_some();
        // Spawned, a task that never yields keeps neither its own timers nor the other tasks from their turn. A single one
        // without a limit is polled here, which saves a thread switch.
        if begun.is_none() && (is_limited || are_many) && host.clock().is_system() && has_threads() {
            let (host, signals) = (host.handle(), self.signals(&effect));
            let task = async move {
                let mut work = begin(&*host, invocation);
                let result = std::future::poll_fn(|context| tasks::poll(work.as_mut(), context)).await;
                signals.report(Outcome::Ended(result));
            };
            let elsewhere = tokio::spawn(task).abort_handle();
            self.more().tasks.keep(effect, elsewhere);
            return None;
        }
        let work = begun.unwrap_or_else(|| begin(host, invocation));
        let result = self.more().tasks.begin(&effect, work, context)?;
        Some(self.answer(&effect, Outcome::Ended(result)))
    }

    fn schedule(&mut self, work: Work) -> Timestamp {
        let effect = work.effect.clone();
        let outcome = match self.host.callback_store().schedule(work) {
            Ok(()) => Outcome::Accepted,
            Err(error) => Outcome::Ended(Err(error)),
        };
        self.answer(&effect, outcome)
    }

    /// Leaves all that is under way.
    fn leave(&mut self) {
        self.timers.rest();
        if let Some(more) = self.more.take() {
            let store = self.host.callback_store();
            more.tokens.values().for_each(|token| store.forget(token));
        }
    }

    fn cancel(&mut self, effect: &EffectId) {
        self.timers.cancel(effect);
        let Some(more) = &mut self.more else { return };
        more.tasks.forget(effect);
        more.wanted.retain(|perform| perform.effect != *effect);
        more.map_runs.forget(effect);
        if let Some(token) = more.tokens.remove(effect) {
            self.host.callback_store().forget(&token);
        }
    }
}

/// How a round ended.
enum Round {
    /// There is more to do; others may run first.
    More,
    /// Something came at once of what it wants, at this time.
    Busy(Timestamp),
    /// It waits.
    Waits,
    /// The execution has ended.
    Ended(Value),
}

/// A task as a future, from its first moment on: what a host does before it returns one counts as well.
fn begin(host: &dyn Host, invocation: Invocation) -> BoxFuture<'_, tasks::Done> {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| host.invoke(invocation))) {
        Ok(work) => work,
        Err(panic) => Box::pin(std::future::ready(Err(tasks::panicked(&*panic)))),
    }
}

/// Whether the runtime that this is called in has several threads.
fn has_threads() -> bool {
    Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread)
}

impl Future for Shell<'_> {
    type Output = Result<Value, ExecutionError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // Nothing has come for it, so it is not unfolded to find out that it still waits.
        if !self.listen(context) && self.is_folded {
            return Poll::Pending;
        }
        let (mut now, mut at_once_left) = (None, AT_ONCE);
        for _ in 0..ROUNDS {
            match self.round(context, now.take(), &mut at_once_left) {
                None => {
                    // What ends it meanwhile wakes this.
                    self.listen(context);
                    return Poll::Pending;
                }
                Some(Err(error)) => return Poll::Ready(Err(error)),
                Some(Ok(Round::Ended(output))) => return Poll::Ready(Ok(output)),
                Some(Ok(Round::More)) => break,
                // There is no time for more of them.
                Some(Ok(_)) if at_once_left == 0 => break,
                Some(Ok(Round::Busy(moment))) => now = Some(moment),
                Some(Ok(Round::Waits)) => {
                    if !self.listen(context) {
                        self.fold();
                        return Poll::Pending;
                    }
                }
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Drop for Shell<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}
