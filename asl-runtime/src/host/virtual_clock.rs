//! A clock for tests: an hour of waiting takes no time.
//!
//! Time stands still while anything can happen. When every execution waits for the clock, it jumps to the next moment that
//! something waits for. A task that waits for something else (a socket, a channel, a timer of tokio's) holds it still.

use asl_language::timestamp::Timestamp;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

/// A clock that starts at a chosen time and moves only when nothing else can happen.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use asl_runtime::VirtualClock;
/// use std::time::Duration;
///
/// let clock = VirtualClock::default();
/// let start = clock.now();
/// clock.drive(clock.sleep(Duration::from_secs(86_400))).await;
/// assert_eq!(clock.now().since(start).as_secs(), 86_400);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct VirtualClock {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    now: Timestamp,
    /// Who waits, by the moment and a number that makes moments unique.
    sleepers: BTreeMap<(Timestamp, u64), Waker>,
    next_sleeper: u64,
    /// Executions that are driven.
    driven: usize,
    /// Those of them that can do nothing until they are woken.
    idle: usize,
    /// Tasks that wait for something that is not this clock.
    outside: usize,
    /// It has jumped, and those that waited for this moment are being woken.
    wakes: bool,
    /// Another thread would have jumped meanwhile.
    asked_meanwhile: bool,
}

thread_local! {
    /// Whether the task that is being polled has waited for the clock.
    static WAITED: Cell<bool> = const { Cell::new(false) };
}

impl VirtualClock {
    /// A clock that shows `now`.
    ///
    /// ```
    /// use asl_runtime::{Timestamp, VirtualClock};
    ///
    /// let moment = Timestamp::parse("2026-02-28T23:59:59Z").ok_or("not a timestamp")?;
    /// assert_eq!(VirtualClock::new(moment).now(), moment);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        let inner = Inner {
            now,
            sleepers: BTreeMap::new(),
            next_sleeper: 0,
            driven: 0,
            idle: 0,
            outside: 0,
            wakes: false,
            asked_meanwhile: false,
        };
        Self { inner: Arc::new(Mutex::new(inner)) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Jumps to the next moment that something waits for, if nothing else can happen.
    fn advance(&self) {
        while let Some(due) = self.jump() {
            // A waker may come back to this clock: the lock is free by now. Executions that are not woken yet still count as idle, so no other
            // thread may jump meanwhile.
            due.into_iter().for_each(Waker::wake);
            let mut inner = self.lock();
            inner.wakes = false;
            if !std::mem::take(&mut inner.asked_meanwhile) {
                return;
            }
        }
    }

    /// Who waited for the moment that it has jumped to.
    fn jump(&self) -> Option<Vec<Waker>> {
        let mut inner = self.lock();
        if inner.wakes {
            inner.asked_meanwhile = true;
            return None;
        }
        if inner.idle < inner.driven || inner.outside > 0 {
            return None;
        }
        let (&(moment, _), _) = inner.sleepers.first_key_value()?;
        inner.now = inner.now.max(moment);
        inner.wakes = true;
        let mut due = Vec::new();
        while let Some(sleeper) = inner.sleepers.first_entry().filter(|sleeper| sleeper.key().0 == moment) {
            due.push(sleeper.remove());
        }
        Some(due)
    }
}

/// Starts at 2024-01-01T00:00:00Z.
impl Default for VirtualClock {
    fn default() -> Self {
        Self::new(Self::START)
    }
}

impl VirtualClock {
    /// When it starts if nothing else is said.
    pub(crate) const START: Timestamp = Timestamp::new(1_704_067_200, 0);

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.lock().now
    }

    /// Waits.
    pub fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + use<> {
        Sleep { clock: self.clone(), until: self.now().plus(duration), number: None }
    }

    /// Runs an execution, and moves time on when nothing can happen.
    pub async fn drive<F: Future + Send>(&self, execution: F) -> F::Output {
        let mut execution = pin!(execution);
        let driven = Driven::new(self.clone());
        std::future::poll_fn(|context| driven.poll(execution.as_mut(), context)).await
    }

    /// Runs something that executions wait for in the background, on the tokio runtime that this is called in.
    pub fn spawn<F: Future<Output = ()> + Send + 'static>(&self, execution: F) {
        // It counts from now on, not from when it is first polled: until then, time stands still.
        let driven = Driven::new(self.clone());
        tokio::spawn(async move {
            let mut execution = pin!(execution);
            std::future::poll_fn(|context| driven.poll(execution.as_mut(), context)).await;
        });
    }

    /// Time stands still until this is dropped.
    pub(crate) fn hold(&self) -> Held {
        self.lock().outside += 1;
        Held(self.clone())
    }

    /// Runs a task. While it waits for something that is not this clock, time stands still.
    pub async fn task<F: Future + Send>(&self, task: F) -> F::Output {
        let mut task = pin!(task);
        let mut outside = None;
        std::future::poll_fn(|context| {
            let before = WAITED.replace(false);
            let poll = task.as_mut().poll(context);
            let waited = WAITED.replace(before);
            if poll.is_ready() || waited {
                outside = None;
            } else {
                outside.get_or_insert_with(|| self.hold());
            }
            poll
        })
        .await
    }
}

/// A wait for a moment of the clock.
struct Sleep {
    clock: VirtualClock,
    until: Timestamp,
    number: Option<u64>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let until = self.until;
        let clock = self.clock.clone();
        let mut inner = clock.lock();
        if inner.now >= until {
            return Poll::Ready(());
        }
        let number = *self.number.get_or_insert_with(|| {
            inner.next_sleeper += 1;
            inner.next_sleeper
        });
        inner.sleepers.insert((until, number), context.waker().clone());
        WAITED.set(true);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.clock.lock().sleepers.remove(&(self.until, number));
        }
    }
}

/// Something waits for what is not the clock.
#[derive(Debug)]
pub(crate) struct Held(VirtualClock);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.lock().outside -= 1;
    }
}

/// An execution, counted as idle from a poll that found nothing to do until its next wake.
struct Driven {
    clock: VirtualClock,
    wake: Arc<DrivenWake>,
}

struct DrivenWake {
    clock: VirtualClock,
    state: Mutex<DrivenState>,
}

#[derive(Default)]
struct DrivenState {
    idle: bool,
    woken: bool,
    /// It was found idle once, and others were let run since.
    idle_before: bool,
    outer: Option<Waker>,
}

impl Driven {
    fn new(clock: VirtualClock) -> Self {
        clock.lock().driven += 1;
        Self { wake: Arc::new(DrivenWake { clock: clock.clone(), state: Mutex::default() }), clock }
    }

    fn poll<F: Future>(&self, execution: Pin<&mut F>, context: &Context<'_>) -> Poll<F::Output> {
        let idle_before = self.wake.busy(|state| {
            state.outer = Some(context.waker().clone());
            let woken = std::mem::take(&mut state.woken);
            std::mem::take(&mut state.idle_before) && !woken
        });
        let waker = Waker::from(Arc::clone(&self.wake));
        let poll = execution.poll(&mut Context::from_waker(&waker));
        if poll.is_pending() && self.wake.rest(!idle_before) {
            if idle_before {
                self.clock.advance();
            } else {
                // Others may be about to start at this moment: time moves on only when they had their turn.
                context.waker().wake_by_ref();
            }
        }
        poll
    }
}

impl Drop for Driven {
    fn drop(&mut self) {
        self.wake.busy(|_| ());
        self.clock.lock().driven -= 1;
        self.clock.advance();
    }
}

impl DrivenWake {
    fn state(&self) -> MutexGuard<'_, DrivenState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts the execution as busy, and changes its state.
    fn busy<T>(&self, change: impl FnOnce(&mut DrivenState) -> T) -> T {
        let mut state = self.state();
        if std::mem::take(&mut state.idle) {
            self.clock.lock().idle -= 1;
        }
        change(&mut state)
    }

    /// Counts the execution as idle unless it has been woken since it was polled.
    fn rest(&self, for_the_first_time: bool) -> bool {
        let mut state = self.state();
        let idle = !state.woken;
        if idle {
            state.idle = true;
            state.idle_before = for_the_first_time;
            self.clock.lock().idle += 1;
        }
        idle
    }
}

impl Wake for DrivenWake {
    fn wake(self: Arc<Self>) {
        let outer = self.busy(|state| {
            state.woken = true;
            state.outer.clone()
        });
        if let Some(outer) = outer {
            outer.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex as StdMutex;

    const HOUR: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn time_jumps_from_moment_to_moment_in_order() {
        let clock = VirtualClock::default();
        let start = clock.now();
        let log = StdMutex::new(Vec::new());
        let wait = async |hours: u32| {
            clock.sleep(HOUR * hours).await;
            log.lock().unwrap().push((hours, clock.now().seconds() - start.seconds()));
        };
        clock.drive(futures_util::future::join3(wait(3), wait(1), wait(2))).await;
        assert_eq!(*log.lock().unwrap(), [(1, 3600), (2, 7200), (3, 10800)]);
        assert!(clock.lock().sleepers.is_empty());
    }

    #[tokio::test]
    async fn a_task_that_waits_for_something_else_holds_time_still() {
        let clock = VirtualClock::default();
        let (sender, receiver) = tokio::sync::oneshot::channel::<()>();
        // It comes when the execution has had many turns in which it found nothing to do.
        tokio::spawn(async {
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            drop(sender);
        });
        let outside = clock.task(receiver);
        assert!(clock.drive(first(outside, clock.sleep(HOUR))).await);
        let inside = clock.task(clock.sleep(HOUR * 2));
        assert!(!clock.drive(first(inside, clock.sleep(HOUR))).await);
    }

    /// Whether `one` ends before `other`.
    async fn first(one: impl Future, other: impl Future) -> bool {
        matches!(
            futures_util::future::select(pin!(one), pin!(other)).await,
            futures_util::future::Either::Left(_)
        )
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn executions_on_several_threads_share_one_time() {
        let clock = VirtualClock::default();
        let runs: Vec<_> = (1..=50_u32)
            .map(|hours| {
                let clock = clock.clone();
                tokio::spawn(async move {
                    let start = clock.now();
                    clock.drive(clock.sleep(HOUR * hours)).await;
                    clock.now().seconds() - start.seconds()
                })
            })
            .collect();
        for (run, hours) in runs.into_iter().zip(1..) {
            assert!(run.await.unwrap() >= 3600 * hours);
        }
        let inner = clock.lock();
        assert_eq!((inner.driven, inner.idle, inner.outside, inner.sleepers.len()), (0, 0, 0, 0));
    }
}
