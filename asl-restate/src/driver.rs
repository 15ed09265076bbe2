//! Executions within an invocation: what they want is asked of Restate, and what comes of that they are told. Most invocations have one; the children
//! of a large Map Run share some.
//!
//! Nothing in here reads the time for the execution, or draws a number: an invocation that is woken after a crash goes through all of this
//! again, with the same answers, and must ask for the same in the same order.

use crate::futures::{Came, Futures};
use crate::message::{Answer, Coded};
use crate::names::Names;
use asl_engine::{Progress, Told, Work};
use asl_runtime::engine::{
    ChildEnd, ChildStart, EffectId, MapRunStart, Outcome, Perform, Shared, Timer, Want,
};
use asl_runtime::{Clock, Core, Error, ExecutionError, Host, TaskError, Text, Timestamp, Value};
use restate_sdk::context::DurableFuture as _;
use restate_sdk::endpoint::ContextInternal;
use restate_sdk::errors::TerminalError;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

/// The signal by which an execution is told to stop, with its error and its cause.
pub(crate) const STOP: &str = "stop";
/// How long an execution may always compute at a stretch: when it is gone through again its time may be over, and how long that took before is not known.
const AGAIN: Duration = Duration::from_secs(10);

/// Where an execution tells what happens in it, if that is asked for.
pub(crate) type Events = Arc<Mutex<Telling>>;

/// What an execution tells that is gone through for its history.
#[derive(Debug, Default)]
pub(crate) struct Telling {
    pub(crate) told: Vec<Told>,
    /// It computes for longer than anyone waits for a history.
    pub(crate) is_too_long: bool,
}

/// How an execution has ended, and when.
pub(crate) type End = (Result<Value, ExecutionError>, Timestamp);

/// So many invocations an execution waits for at once, about, whose children are many: for each that ends Restate is told all that are left.
const INVOCATIONS: usize = 100;

/// What is waited for.
#[derive(Debug)]
pub(crate) struct Key {
    effect: EffectId,
    what: What,
}

#[derive(Debug)]
enum What {
    /// A task that another service does.
    Task,
    /// A time. The timer that replaces one of the same kind is waited for in its place.
    Timer(Timer),
    /// What comes in for a token.
    Token,
    /// That the execution is to stop.
    Stop,
    /// Child executions of a Map Run, which are one invocation.
    Children(Vec<u64>),
    /// The next items of a Map Run.
    Read,
    /// The results of a Map Run, until they are written.
    Write,
}

/// A Map Run under way.
struct MapRun {
    start: MapRunStart,
    finishes: bool,
    /// Children that have ended, where their results are to be written.
    ended: Vec<(Shared<ChildStart>, Box<ChildEnd>)>,
}

pub(crate) struct Driver<'c> {
    context: &'c ContextInternal,
    names: &'c Names,
    host: &'c dyn Host,
    core: Box<dyn Core>,
    now: Timestamp,
    futures: Futures<'c, Key>,
    tokens: BTreeMap<EffectId, Text>,
    map_runs: BTreeMap<EffectId, MapRun>,
    children: BTreeMap<(EffectId, u64), Shared<ChildStart>>,
    /// Those that are to be started.
    new_children: Vec<Shared<ChildStart>>,
    /// When the execution has taken too long.
    due: Option<Timestamp>,
    is_stopped: bool,
    events: Option<Events>,
}

impl<'c> Driver<'c> {
    pub(crate) fn new(
        context: &'c ContextInternal,
        names: &'c Names,
        host: &'c dyn Host,
        core: Box<dyn Core>,
        futures: Futures<'c, Key>,
        events: Option<Events>,
    ) -> Self {
        let now = core.context().start_time;
        Self {
            context,
            names,
            host,
            core,
            now,
            futures,
            tokens: BTreeMap::new(),
            map_runs: BTreeMap::new(),
            children: BTreeMap::new(),
            new_children: Vec::new(),
            due: None,
            is_stopped: false,
            events,
        }
    }

    /// The same, which can be told to stop.
    pub(crate) fn stoppable(self) -> Self {
        let told = self.context.signal::<Coded<Answer>>(STOP).map_ok(|Coded(answer)| answer);
        self.futures.add(Key { effect: EffectId::EXECUTION, what: What::Stop }, told);
        self
    }

    /// Lets the execution go on until it waits for something, or has ended.
    async fn advance(&mut self) -> Option<End> {
        let result = self.until_waiting().await?;
        // One that was cancelled has no time for that, and Restate has cancelled its calls.
        let _ = self.leave().await;
        Some((result, self.now))
    }

    async fn until_waiting(&mut self) -> Option<Result<Value, ExecutionError>> {
        let mut goes_on = true;
        loop {
            self.tell();
            while let Some(want) = self.core.next_want() {
                if let Want::Ended(result) = want {
                    return Some(result);
                }
                let answered = self.perform(want).await;
                goes_on |= answered.unwrap_or_else(|_| self.stop());
            }
            self.start_children();
            if !std::mem::take(&mut goes_on) {
                break;
            }
            if let Err(too_long) = self.run().await {
                return Some(Err(too_long.into()));
            }
        }
        let waits = self.futures.any(|key| !matches!(key.what, What::Stop));
        // Otherwise nothing can come any more.
        (!waits).then(|| Err(Error::runtime("The execution waits for nothing.").into()))
    }

    /// Tells what has happened, if that is asked for.
    fn tell(&mut self) {
        if let Some(events) = &self.events {
            events.lock().unwrap_or_else(PoisonError::into_inner).told.extend(self.core.told());
        }
    }

    /// Goes on as far as the execution can by itself, or until its time is over.
    ///
    /// # Errors
    /// It is gone through for its history, and that takes too long. No time limit of its own ends it then: that it had not ended is known.
    async fn run(&mut self) -> Result<(), Error> {
        let now = self.now;
        let clock = self.host.clock();
        let limit = match (&self.events, self.due) {
            (Some(_), _) => Some(AGAIN),
            (None, due) => due.map(|due| due.since(clock.now()).max(AGAIN)),
        };
        let mut over = pin!(elapsed(clock, limit));
        let (mut is_over, mut is_interrupted) = (false, false);
        loop {
            let was_interrupted = std::mem::take(&mut is_interrupted);
            let progress = poll_fn(|context| {
                let progress = self.core.poll_run(context, &|| now);
                let goes_on = matches!(progress, Poll::Pending | Poll::Ready(Progress::More));
                // Also of one that has always more to do. What is over is not asked for again.
                if goes_on && !is_over && over.as_mut().poll(context).is_ready() {
                    (is_over, is_interrupted) = (true, true);
                    self.core.interrupt();
                    return Poll::Ready(Progress::More);
                }
                progress
            });
            let progress = progress.await;
            if was_interrupted {
                if let Some(events) = &self.events {
                    events.lock().unwrap_or_else(PoisonError::into_inner).is_too_long = true;
                    return Err(Error::runtime("The execution computes for too long."));
                }
                self.now = self.now.max(self.due.unwrap_or(now));
                self.answer(&EffectId::EXECUTION, Outcome::Fired(Timer::Timeout));
            }
            if progress != Progress::More {
                return Ok(());
            }
            tokio::task::yield_now().await;
        }
    }

    /// The invocation was cancelled: the execution is stopped. `true` if it had not been before.
    fn stop(&mut self) -> bool {
        let was_stopped = std::mem::replace(&mut self.is_stopped, true);
        if !was_stopped {
            let cause = Some(String::from("the invocation was cancelled"));
            self.answer(&EffectId::EXECUTION, Outcome::Stopped { error: None, cause });
        }
        !was_stopped
    }

    fn answer(&mut self, effect: &EffectId, outcome: Outcome) {
        self.core.answer(effect, outcome, self.now);
    }

    /// Asks Restate for what the execution wants; `true` if something came of it at once.
    #[expect(clippy::wildcard_enum_match_arm, reason = "an end is seen before this, and others may be added")]
    async fn perform(&mut self, want: Want) -> Result<bool, TerminalError> {
        if !matches!(want, Want::Child(_)) {
            self.start_children();
        }
        match want {
            Want::Perform(perform) => self.task(&perform),
            Want::Timer { effect, timer, due } => self.timer(effect, timer, due),
            Want::Await { effect, task_token } => {
                self.tokens.insert(effect.clone(), task_token);
                self.listen(effect).await?;
            }
            Want::Work(work) => {
                self.offer(*work).await?;
                return Ok(true);
            }
            Want::MapRun(start) => {
                let run = MapRun { start: *start, finishes: false, ended: Vec::new() };
                self.map_runs.insert(run.start.effect.clone(), run);
            }
            Want::Read { effect } => self.read(effect),
            Want::Child(child) => self.new_children.push(child),
            Want::Finish { effect, failed } => return self.finish(&effect, failed).await,
            Want::Cancel { effect } => self.cancel(&effect).await?,
            _ => {}
        }
        Ok(false)
    }

    fn task(&mut self, perform: &Shared<Perform>) {
        let key = Key { effect: perform.effect.clone(), what: What::Task };
        let task = Coded((Shared::clone(self.core.context()), Shared::clone(perform)));
        self.futures.call(key, self.context.request(self.names.task("perform"), task).call());
    }

    fn timer(&mut self, effect: EffectId, timer: Timer, due: Timestamp) {
        if timer == Timer::Heartbeat && !self.tokens.contains_key(&effect) {
            // The service that does the task listens to it.
            return;
        }
        if effect.is_execution() {
            self.due = Some(due);
        }
        self.futures
            .forget(|key| key.effect == effect && matches!(key.what, What::Timer(kind) if kind == timer));
        // Restate keeps the moment at which this ends; when that is looked at again, the time does not matter.
        let sleep = self.context.sleep(due.since(self.host.clock().now()));
        let fired =
            move |slept: Result<(), TerminalError>| slept.map(|()| (vec![Outcome::Fired(timer)], due));
        self.futures.add(Key { effect, what: What::Timer(timer) }, sleep.map(fired));
    }

    /// Waits for what comes in for the token of an effect, until something comes.
    async fn listen(&mut self, effect: EffectId) -> Result<(), TerminalError> {
        let Some(task_token) = self.tokens.get(&effect) else { return Ok(()) };
        let (awakeable, came) = self.context.awakeable::<Coded<Answer>>();
        // Before the token can be used.
        let register = self.names.token(task_token, "register");
        self.context.request::<_, ()>(register, awakeable).call().await?;
        let key = Key { effect, what: What::Token };
        self.futures.add(key, came.map_ok(|Coded(answer)| answer));
        Ok(())
    }

    async fn offer(&mut self, work: Work) -> Result<(), TerminalError> {
        let effect = work.effect.clone();
        let add = self.names.activity(&work.activity, "add");
        let work = Coded((work.task_token, work.input));
        self.context.request::<_, ()>(add, work).call().await?;
        self.answer(&effect, Outcome::Accepted);
        Ok(())
    }

    fn read(&mut self, effect: EffectId) {
        let Some(run) = self.map_runs.get(&effect) else { return };
        let read = self.context.request(self.names.task("read"), Coded(run.start.clone())).call();
        self.futures.call(Key { effect, what: What::Read }, read);
    }

    /// Starts the children that are to be started: each as an invocation, or several as one where they are many.
    fn start_children(&mut self) {
        let children = std::mem::take(&mut self.new_children);
        let together = (self.children.len() + children.len()).div_ceil(INVOCATIONS).max(1);
        for of_run in children.chunk_by(|one, other| one.effect == other.effect) {
            for some in of_run.chunks(together) {
                let Some(effect) = some.first().map(|child| child.effect.clone()) else { continue };
                let indexes = some.iter().map(|child| child.index).collect();
                let run = self.context.request(self.names.child(), Coded(some.to_vec())).call();
                self.futures.call(Key { effect, what: What::Children(indexes) }, run);
            }
        }
        let started = children.into_iter().map(|child| ((child.effect.clone(), child.index), child));
        self.children.extend(started);
    }

    /// A Map Run is over as soon as no child of it runs any more.
    async fn finish(&mut self, effect: &EffectId, failed: bool) -> Result<bool, TerminalError> {
        if let Some(run) = self.map_runs.get_mut(effect) {
            run.finishes = true;
        }
        if failed {
            self.futures.stop(|key| is_child(key, effect)).await?;
        }
        Ok(self.finish_if_over(effect))
    }

    fn finish_if_over(&mut self, effect: &EffectId) -> bool {
        let Some(run) = self.map_runs.get_mut(effect) else { return false };
        if !run.finishes || self.futures.any(|key| is_child(key, effect)) {
            return false;
        }
        run.finishes = false;
        if run.start.result_writer.is_none() {
            self.answer(effect, Outcome::Finished(Ok(None)));
            return true;
        }
        let results = Coded((run.start.clone(), std::mem::take(&mut run.ended)));
        let write = self.context.request(self.names.task("write"), results).call();
        self.futures.call(Key { effect: effect.clone(), what: What::Write }, write);
        false
    }

    async fn cancel(&mut self, effect: &EffectId) -> Result<(), TerminalError> {
        self.map_runs.remove(effect);
        self.children.retain(|(of, _), _| of != effect);
        if self.is_stopped {
            // Restate has cancelled its calls.
            self.futures.forget(|key| key.effect == *effect);
        } else {
            self.futures.cancel(|key| key.effect == *effect).await?;
        }
        self.forget_token(effect);
        Ok(())
    }

    fn forget_token(&mut self, effect: &EffectId) {
        if let Some(task_token) = self.tokens.remove(effect) {
            // Nothing waits for that.
            drop(self.context.request::<_, ()>(self.names.token(&task_token, "forget"), ()).send());
        }
    }

    /// Whatever the execution has asked for is over with it.
    async fn leave(&mut self) -> Result<(), TerminalError> {
        for effect in self.tokens.keys().cloned().collect::<Vec<_>>() {
            self.forget_token(&effect);
        }
        if self.is_stopped { Ok(()) } else { self.futures.cancel(|_| true).await }
    }

    /// Tells the execution what has come.
    async fn take(&mut self, key: Key, came: Came) {
        let (outcomes, at) = came.unwrap_or_else(|error| (self.failed(&key, &error), self.now));
        self.now = self.now.max(at);
        let Key { effect, what } = key;
        for outcome in outcomes {
            if let Outcome::Signalled(_) = &outcome {
                self.tokens.remove(&effect);
            } else if let Outcome::ChildEnded(end) = &outcome {
                self.child_ended(&effect, end);
            } else if let (Outcome::Items(Ok(items)), Some(run)) = (&outcome, self.map_runs.get_mut(&effect))
            {
                run.start.read += items.items.len() as u64;
            }
            self.answer(&effect, outcome);
        }
        // A heartbeat is not the last that comes.
        if matches!(what, What::Token) && self.listen(effect.clone()).await.is_err() {
            self.stop();
        }
        if matches!(what, What::Children(_)) {
            self.finish_if_over(&effect);
        }
    }

    fn child_ended(&mut self, effect: &EffectId, end: &ChildEnd) {
        let child = self.children.remove(&(effect.clone(), end.index));
        if let (Some(child), Some(run)) = (child, self.map_runs.get_mut(effect))
            && run.start.result_writer.is_some()
        {
            run.ended.push((child, Box::new(end.clone())));
        }
    }

    /// What it means that an invocation failed which should have answered: that a person has cancelled or killed it.
    fn failed(&self, key: &Key, error: &TerminalError) -> Vec<Outcome> {
        let failed = || TaskError::new("States.TaskFailed", error.message());
        let aborted = |index: &u64| {
            Outcome::ChildEnded(Box::new(ChildEnd {
                index: *index,
                result: Err(ExecutionError::aborted(None, Some(error.message().to_owned()))),
                stop_date: self.now,
                written: Ok(0),
            }))
        };
        vec![match &key.what {
            What::Task | What::Timer(_) => Outcome::Ended(Err(failed())),
            What::Stop => Outcome::Stopped { error: None, cause: Some(error.message().to_owned()) },
            What::Token => Outcome::Signalled(Err(failed())),
            What::Read => Outcome::Items(Err(failed())),
            What::Write => Outcome::Finished(Err(failed())),
            What::Children(indexes) => return indexes.iter().map(aborted).collect(),
        }]
    }
}

/// Drives executions to their ends, all at once: what came of each, and when.
pub(crate) async fn drive(mut drivers: Vec<Driver<'_>>) -> Vec<End> {
    let mut ends: Vec<Option<End>> = Vec::new();
    for driver in &mut drivers {
        ends.push(driver.advance().await);
    }
    while let Some(futures) = drivers.first().map(|driver| driver.futures.of(0))
        && ends.iter().any(Option::is_none)
    {
        let was_cancelled = match futures.next().await {
            Ok((owner, key, came)) => {
                // What comes for one that has ended is of no use to it.
                if let (Some(driver), Some(end @ None)) = (drivers.get_mut(owner), ends.get_mut(owner)) {
                    driver.take(key, came).await;
                    *end = driver.advance().await;
                }
                drivers.iter().any(|driver| driver.is_stopped)
            }
            Err(_) => true,
        };
        // Only one of them is told that the invocation was cancelled, which is said to all.
        let running = drivers.iter_mut().zip(&mut ends).filter(|(_, end)| was_cancelled && end.is_none());
        for (driver, end) in running {
            if driver.stop() {
                *end = driver.advance().await;
            }
        }
    }
    ends.into_iter().flatten().collect()
}

async fn elapsed(clock: &Clock, limit: Option<Duration>) {
    match limit {
        Some(limit) => clock.sleep(limit).await,
        None => std::future::pending().await,
    }
}

fn is_child(key: &Key, run: &EffectId) -> bool {
    key.effect == *run && matches!(key.what, What::Children(_))
}
