//! The pure part of an execution, wherever it is: in this thread, or, while an evaluation takes long, in another one.

use asl_engine::Shared;
use asl_engine::context::ExecutionContext;
use asl_engine::history::Needs;
use asl_engine::machine::StateMachine;
use asl_engine::program::Program;
use asl_engine::{
    AtOnce, ChildEnd, ChildStart, EffectId, Execution, Outcome, Pace, Progress, Snapshot, SnapshotError,
    Start, Told, Want,
};
use asl_language::timestamp::Timestamp;
use asl_value::Text;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::thread;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// A compiled machine that executions can be started of.
///
/// ```standalone_crate
/// # asl_runtime::asl_machine!("../../doc/order.asl.json");
/// # fn main() {
/// use asl_runtime::{Compiled, Machine};
/// use std::collections::BTreeMap;
/// use std::sync::Arc;
///
/// // Machines by their names, for a program that is told which to run.
/// let machines: [Arc<dyn Machine>; 1] = [Arc::new(Compiled::of::<order::Machine>())];
/// let registry: BTreeMap<_, _> = machines.into_iter().map(|machine| (machine.name(), machine)).collect();
/// assert!(registry.contains_key("order"));
/// # }
/// ```
pub trait Machine: Send + Sync {
    /// Its name.
    fn name(&self) -> Text;

    /// The names of its states.
    fn states(&self) -> Vec<Text>;

    /// The text of its definition; empty for one that was written by hand.
    fn definition(&self) -> Text;

    /// Another handle to it.
    fn handle(&self) -> Arc<dyn Machine>;

    /// Starts an execution.
    fn start(&self, start: Start) -> Box<dyn Core>;

    /// Goes on with an execution, whose facts are these, that was made into bytes. From now on it tells this.
    ///
    /// # Errors
    /// It was one of another machine, or the bytes are damaged. Where the machine is in another process, the execution says so itself.
    fn restore(
        &self,
        context: Shared<ExecutionContext>,
        snapshot: &Snapshot,
        tells: Option<Needs>,
    ) -> Result<Box<dyn Core>, SnapshotError>;
}

/// An execution of a machine, wherever it is.
pub trait Core: Send {
    /// The facts of the execution that do not change.
    fn context(&self) -> &Shared<ExecutionContext>;

    /// Goes on as far as it can by itself. It is ready when it has come as far as that; until then nothing else is asked of it.
    #[doc(hidden)]
    fn poll_run(&mut self, context: &mut Context<'_>, now: &dyn Fn() -> Timestamp) -> Poll<Progress>;

    /// As [`poll_run`](Self::poll_run), with something that does tasks at once. An execution that is kept somewhere ignores it.
    #[doc(hidden)]
    fn poll_run_with(
        &mut self,
        context: &mut Context<'_>,
        now: &dyn Fn() -> Timestamp,
        at_once: &mut dyn AtOnce,
    ) -> Poll<Progress> {
        let _ = at_once;
        self.poll_run(context, now)
    }

    /// Gives up an evaluation that takes long, if there is one under way: [`poll_run`](Self::poll_run) is ready soon then. What has first to be
    /// made or read abandons the evaluation that it waits with.
    #[doc(hidden)]
    fn interrupt(&mut self);

    /// Whether another process goes on with it, so that a clock that jumps has to wait as long as it is not ready.
    #[doc(hidden)]
    fn is_elsewhere(&self) -> bool {
        false
    }

    /// Why it can go no further, though it has not ended: the process that it was in has. A host that has kept what it received can make it again;
    /// for others it wants its end.
    #[doc(hidden)]
    fn fault(&self) -> Option<String> {
        None
    }

    /// Takes note of what came of an effect.
    #[doc(hidden)]
    fn answer(&mut self, effect: &EffectId, outcome: Outcome, now: Timestamp) -> bool;

    /// What it wants next.
    #[doc(hidden)]
    fn next_want(&mut self) -> Option<Want>;

    /// What has happened since this was asked last.
    #[doc(hidden)]
    fn told(&mut self) -> Vec<Told>;

    /// The number of the state that was entered last.
    fn state(&self) -> Option<u16>;

    /// The number of events so far.
    fn events(&self) -> u64;

    /// It as bytes. Asked for only while it is not going on by itself; what was wanted is to have been taken.
    ///
    /// # Errors
    /// Why there are none, for people.
    #[doc(hidden)]
    fn poll_snapshot(&mut self, context: &mut Context<'_>) -> Poll<Result<Snapshot, String>>;

    /// Everything that it waits for, said once more. Asked for only while it is not going on by itself.
    ///
    /// # Errors
    /// Why it is not known, for people.
    #[doc(hidden)]
    fn poll_outstanding(&mut self, context: &mut Context<'_>) -> Poll<Result<Vec<Want>, String>>;

    /// Whether it only waits for a time or a token, and can be made again elsewhere of what it was told.
    #[doc(hidden)]
    fn rests(&self) -> bool {
        false
    }

    /// The same, folded up, where it will wait for a time and does nothing else.
    #[doc(hidden)]
    fn fold(&self) -> Option<Box<dyn Core>> {
        None
    }

    /// The same, as it was before it was folded up.
    #[doc(hidden)]
    fn unfold(&self) -> Option<Box<dyn Core>> {
        None
    }

    /// How many of its lanes could go on now, up to a number.
    #[doc(hidden)]
    fn ready(&self, most: usize) -> usize;

    /// How the action is sent that a state calls, and how its job is waited for.
    #[doc(hidden)]
    fn action(&self, state: u16, resource: &str) -> crate::shell::Called;

    /// A child execution of a distributed Map, of the same machine.
    #[doc(hidden)]
    fn child(&self, child: &ChildStart, start: Start) -> Box<dyn Core>;

    /// The children of a Map Run that ended before it came here, whose results its writer has not taken here. An execution that is where it
    /// began has none.
    #[doc(hidden)]
    fn ended_children(&mut self, run: &EffectId) -> EndedChildren {
        let _ = run;
        Box::new(std::iter::empty())
    }
}

/// Children of a Map Run and their ends, one after the other, or why they cannot be read.
#[doc(hidden)]
pub type EndedChildren =
    Box<dyn Iterator<Item = Result<(Shared<ExecutionContext>, ChildEnd), String>> + Send>;

/// A machine that is compiled into this program.
#[derive(Clone, Copy)]
pub struct Compiled(pub &'static dyn Program);

impl Compiled {
    /// The machine of a module that `asl_machine!` has made.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # fn main() {
    /// use asl_runtime::{Compiled, Machine};
    ///
    /// let machine = Compiled::of::<order::Machine>();
    /// assert_eq!(machine.name(), "order");
    /// assert!(machine.states().contains(&"Charge".into()));
    /// # }
    /// ```
    #[must_use]
    pub const fn of<M: StateMachine>() -> Self {
        Self(asl_engine::program::program::<M>())
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Compiled").field(&self.0.name()).finish()
    }
}

impl Machine for Compiled {
    fn name(&self) -> Text {
        Text::new_static(self.0.name())
    }

    fn states(&self) -> Vec<Text> {
        self.0.states().iter().map(|state| Text::new_static(state.name)).collect()
    }

    fn definition(&self) -> Text {
        Text::new_static(self.0.definition())
    }

    fn handle(&self) -> Arc<dyn Machine> {
        Arc::new(*self)
    }

    fn start(&self, start: Start) -> Box<dyn Core> {
        Box::new(Local::new(self.0, start))
    }

    fn restore(
        &self,
        _: Shared<ExecutionContext>,
        snapshot: &Snapshot,
        tells: Option<Needs>,
    ) -> Result<Box<dyn Core>, SnapshotError> {
        let execution = Execution::restore(self.0, snapshot)?.telling(tells);
        Ok(Box::new(Local::of(execution)))
    }
}

/// If turns take longer than this, twice in a row, those after them are taken by several threads. Once is often another process's doing.
const SLOW: Duration = Duration::from_millis(2);
/// How long several threads should be at work before others run.
const SHIFT: Duration = Duration::from_millis(20);
/// How many turns several threads take at first.
const FIRST_SHIFT: u32 = 64;

/// An execution in this process.
pub(crate) struct Local {
    place: ExecutionPlace,
    wide: Wide,
}

/// Where an execution is.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are here, and a box would be memory of its own for each"
)]
enum ExecutionPlace {
    Here(Execution),
    /// In another thread.
    Away(Box<Away>),
}

/// Whether several threads take turns.
#[derive(Clone, Copy)]
enum Wide {
    /// One is enough.
    No,
    /// One has taken long, once.
    Perhaps,
    /// They take so many turns before others run.
    Turns(u32),
}

/// An execution whose evaluation takes long.
struct Away {
    program: &'static dyn Program,
    context: Shared<ExecutionContext>,
    thread: Option<JoinHandle<(Execution, Progress)>>,
    enough: Arc<AtomicBool>,
}

impl Local {
    pub(super) fn new(program: &'static dyn Program, start: Start) -> Self {
        Self::of(Execution::start(program, start))
    }

    pub(crate) const fn of(execution: Execution) -> Self {
        Self { place: ExecutionPlace::Here(execution), wide: Wide::No }
    }

    fn here(&self) -> Option<&Execution> {
        match &self.place {
            ExecutionPlace::Here(execution) => Some(execution),
            ExecutionPlace::Away(_) => None,
        }
    }

    fn here_mut(&mut self) -> Option<&mut Execution> {
        match &mut self.place {
            ExecutionPlace::Here(execution) => Some(execution),
            ExecutionPlace::Away(_) => None,
        }
    }

    fn program(&self) -> &'static dyn Program {
        match &self.place {
            ExecutionPlace::Here(execution) => execution.program(),
            ExecutionPlace::Away(away) => away.program,
        }
    }

    /// `None` while it is in another thread.
    fn run(&mut self, now: &dyn Fn() -> Timestamp, at_once: &mut dyn AtOnce) -> Option<Progress> {
        let ExecutionPlace::Here(execution) = &mut self.place else { return None };
        if execution.ready(2) < 2 {
            self.wide = Wide::No;
            // It goes through its first states at the moment at which it starts.
            let now = if execution.state().is_none() { execution.context().start_time } else { now() };
            return Some(execution.run_with(now, &Pace::short(), at_once));
        }
        let started = Instant::now();
        let progress = match self.wide {
            Wide::No | Wide::Perhaps => execution.run(now(), &Pace::short()),
            Wide::Turns(turns) => execution.run_wide(now(), threads(), turns as usize),
        };
        let took = started.elapsed();
        self.wide = match self.wide {
            Wide::No if took > SLOW && progress.is_more() => Wide::Perhaps,
            Wide::Perhaps if took > SLOW && progress.is_more() => Wide::Turns(FIRST_SHIFT),
            Wide::No | Wide::Perhaps => Wide::No,
            Wide::Turns(turns) if took > SHIFT => Wide::Turns((turns / 2).max(2)),
            Wide::Turns(turns) if took < SHIFT / 4 => Wide::Turns((turns * 2).min(1 << 16)),
            Wide::Turns(turns) => Wide::Turns(turns),
        };
        Some(progress)
    }

    /// Lets another thread go on, which has all the time it needs.
    fn send_away(&mut self, now: Timestamp) {
        let Some(execution) = self.here() else { return };
        let enough = Arc::new(AtomicBool::new(false));
        let (program, context) = (execution.program(), Shared::clone(execution.context()));
        let away = Away { program, context, thread: None, enough: Arc::clone(&enough) };
        let here = std::mem::replace(&mut self.place, ExecutionPlace::Away(Box::new(away)));
        if let (ExecutionPlace::Here(mut execution), ExecutionPlace::Away(away)) = (here, &mut self.place) {
            away.thread = Some(tokio::task::spawn_blocking(move || {
                let progress = execution.run(now, &Pace::Until(&enough));
                (execution, progress)
            }));
        }
    }
}

/// How many threads take turns.
fn threads() -> usize {
    static THREADS: OnceLock<usize> = OnceLock::new();
    *THREADS.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
}

impl Core for Local {
    fn context(&self) -> &Shared<ExecutionContext> {
        match &self.place {
            ExecutionPlace::Here(execution) => execution.context(),
            ExecutionPlace::Away(away) => &away.context,
        }
    }

    fn poll_run(&mut self, context: &mut Context<'_>, now: &dyn Fn() -> Timestamp) -> Poll<Progress> {
        self.poll_run_with(context, now, &mut ())
    }

    fn poll_run_with(
        &mut self,
        context: &mut Context<'_>,
        now: &dyn Fn() -> Timestamp,
        at_once: &mut dyn AtOnce,
    ) -> Poll<Progress> {
        if let Some(progress) = self.run(now, at_once) {
            if progress != Progress::Interrupted {
                return Poll::Ready(progress);
            }
            self.send_away(now());
        }
        let ExecutionPlace::Away(away) = &mut self.place else { return Poll::Ready(Progress::More) };
        let Some(thread) = &mut away.thread else { return Poll::Pending };
        match Pin::new(thread).poll(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok((execution, progress))) => {
                self.place = ExecutionPlace::Here(execution);
                // What was given up is over, or tried again when it is asked for.
                Poll::Ready(if progress == Progress::Interrupted { Progress::More } else { progress })
            }
            Poll::Ready(Err(error)) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime is being shut down, and this with it.
                Err(_) => Poll::Pending,
            },
        }
    }

    fn interrupt(&mut self) {
        if let ExecutionPlace::Away(away) = &self.place {
            away.enough.store(true, Ordering::Relaxed);
        }
    }

    fn answer(&mut self, effect: &EffectId, outcome: Outcome, now: Timestamp) -> bool {
        self.here_mut().is_some_and(|execution| execution.answer(effect, outcome, now))
    }

    fn next_want(&mut self) -> Option<Want> {
        self.here_mut()?.next_want()
    }

    fn told(&mut self) -> Vec<Told> {
        self.here_mut().filter(|execution| execution.has_told()).map(Execution::told).unwrap_or_default()
    }

    fn state(&self) -> Option<u16> {
        self.here()?.state()
    }

    fn events(&self) -> u64 {
        self.here().map_or(0, Execution::events)
    }

    fn poll_snapshot(&mut self, _: &mut Context<'_>) -> Poll<Result<Snapshot, String>> {
        Poll::Ready(self.here().map(Execution::snapshot).ok_or_else(is_away))
    }

    fn poll_outstanding(&mut self, _: &mut Context<'_>) -> Poll<Result<Vec<Want>, String>> {
        Poll::Ready(self.here().map(Execution::outstanding).ok_or_else(is_away))
    }

    fn fold(&self) -> Option<Box<dyn Core>> {
        let folded = self.here()?.fold()?;
        Some(Box::new(folded))
    }

    fn ready(&self, most: usize) -> usize {
        self.here().map_or(0, |execution| execution.ready(most))
    }

    fn action(&self, state: u16, _resource: &str) -> crate::shell::Called {
        self.program().action(state)
    }

    fn child(&self, child: &ChildStart, mut start: Start) -> Box<dyn Core> {
        start.part = Some(child.part);
        Box::new(Self::new(self.program(), start))
    }
}

/// A caller that asks now has not waited.
fn is_away() -> String {
    String::from("the execution is in another thread")
}

impl Drop for Local {
    fn drop(&mut self) {
        self.interrupt();
    }
}
