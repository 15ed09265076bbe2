//! Who waits for something to be on the disk.
//!
//! All that waits for a sync is woken by it at once. If a thread outside of their runtime woke them one by one, it would be interrupted
//! by what it wakes, again and again; so it wakes one task of the runtime, a bell, which wakes the others there.

use super::locked;
use crate::error::DurableError;
use futures_util::task::AtomicWaker;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use tokio::runtime::{Handle, Id, RuntimeFlavor};

/// What has become of something that was to be written.
type Answer = Result<(), DurableError>;

/// Says what has become of something. One that is dropped says that the journal is closed.
pub(super) struct Ticket(Arc<Slot>);

/// When something is on the disk.
pub(crate) struct Written(Arc<Slot>);

#[derive(Default)]
struct Slot(Mutex<State>);

enum State {
    Waits(Option<Waiter>),
    /// The answer, until it is taken.
    Answered(Option<Answer>),
}

impl Default for State {
    fn default() -> Self {
        Self::Waits(None)
    }
}

/// Who is to be woken.
pub(super) struct Waiter {
    waker: Waker,
    /// The runtime with several threads that it is in.
    runtime: Option<Handle>,
}

/// A ticket, and what it is for.
pub(super) fn ticket() -> (Ticket, Written) {
    let slot = Arc::<Slot>::default();
    (Ticket(Arc::clone(&slot)), Written(slot))
}

impl Ticket {
    /// Answers: who is to be woken.
    pub(super) fn answer(&self, answer: Answer) -> Option<Waiter> {
        match std::mem::replace(&mut *locked(&self.0.0), State::Answered(Some(answer))) {
            State::Waits(waiter) => waiter,
            State::Answered(_) => None,
        }
    }

    /// Answers, and wakes who waits.
    pub(super) fn send(self, answer: Answer) {
        if let Some(waiter) = self.answer(answer) {
            waiter.waker.wake();
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let waiter = match &mut *locked(&self.0.0) {
            State::Answered(_) => return,
            state => std::mem::replace(state, State::Answered(None)),
        };
        if let State::Waits(Some(waiter)) = waiter {
            waiter.waker.wake();
        }
    }
}

impl Future for Written {
    type Output = Answer;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer> {
        match &mut *locked(&self.0.0) {
            State::Answered(answer) => {
                let closed = || Err(DurableError::Journal(String::from("it is closed")));
                Poll::Ready(answer.take().unwrap_or_else(closed))
            }
            State::Waits(Some(waiter)) if waiter.waker.will_wake(context.waker()) => Poll::Pending,
            State::Waits(waiter) => {
                *waiter = Some(Waiter::new(context.waker().clone()));
                Poll::Pending
            }
        }
    }
}

impl Waiter {
    fn new(waker: Waker) -> Self {
        let has_threads = |runtime: &Handle| runtime.runtime_flavor() == RuntimeFlavor::MultiThread;
        Self { waker, runtime: Handle::try_current().ok().filter(has_threads) }
    }
}

/// The bells of the runtimes in which anything has waited.
#[derive(Default)]
pub(super) struct Bells(Vec<(Id, Arc<Bell>)>);

impl Bells {
    /// Wakes all of these.
    pub(super) fn wake(&mut self, waiters: Vec<Waiter>) {
        let mut runtimes: Vec<(Handle, Vec<Waker>)> = Vec::new();
        for Waiter { waker, runtime } in waiters {
            let Some(runtime) = runtime else {
                waker.wake();
                continue;
            };
            match runtimes.iter_mut().find(|(known, _)| known.id() == runtime.id()) {
                Some((_, wakers)) => wakers.push(waker),
                None => runtimes.push((runtime, vec![waker])),
            }
        }
        for (runtime, mut wakers) in runtimes {
            match wakers.pop() {
                Some(alone) if wakers.is_empty() => alone.wake(),
                last => {
                    wakers.extend(last);
                    self.ring(&runtime, wakers);
                }
            }
        }
    }

    fn ring(&mut self, runtime: &Handle, wakers: Vec<Waker>) {
        let place = self.0.iter().position(|(id, _)| *id == runtime.id()).unwrap_or_else(|| {
            // Runtimes that are shut down meanwhile do not come back.
            self.0.retain(|(_, bell)| bell.hangs());
            self.0.push((runtime.id(), Bell::hung_in(runtime)));
            self.0.len() - 1
        });
        if let Some((_, bell)) = self.0.get(place)
            && !bell.ring(wakers)
        {
            // The runtime is shut down.
            self.0.swap_remove(place);
        }
    }
}

impl Drop for Bells {
    fn drop(&mut self) {
        self.0.iter().for_each(|(_, bell)| bell.take_down());
    }
}

/// Wakes many in a runtime.
struct Bell {
    /// Whom it wakes next; nothing if it does not hang there any more.
    wakers: Mutex<Option<Vec<Waker>>>,
    ringer: AtomicWaker,
}

impl Bell {
    fn hung_in(runtime: &Handle) -> Arc<Self> {
        let bell = Arc::new(Self { wakers: Mutex::new(Some(Vec::new())), ringer: AtomicWaker::new() });
        drop(runtime.spawn(Ringing(Arc::clone(&bell))));
        bell
    }

    /// Wakes these: `false` if it does not hang in its runtime any more.
    fn ring(&self, wakers: Vec<Waker>) -> bool {
        let left = match &mut *locked(&self.wakers) {
            Some(waiting) => {
                waiting.extend(wakers);
                None
            }
            None => Some(wakers),
        };
        let hangs = left.is_none();
        left.into_iter().flatten().for_each(Waker::wake);
        self.ringer.wake();
        hangs
    }

    fn hangs(&self) -> bool {
        locked(&self.wakers).is_some()
    }

    fn take_down(&self) {
        let wakers = locked(&self.wakers).take();
        wakers.into_iter().flatten().for_each(Waker::wake);
        self.ringer.wake();
    }
}

/// The task that wakes the others.
struct Ringing(Arc<Bell>);

impl Future for Ringing {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.0.ringer.register(context.waker());
        let wakers = locked(&self.0.wakers).as_mut().map(std::mem::take);
        let Some(wakers) = wakers else { return Poll::Ready(()) };
        wakers.into_iter().for_each(Waker::wake);
        Poll::Pending
    }
}

impl Drop for Ringing {
    fn drop(&mut self) {
        self.0.take_down();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::runtime::Builder;

    fn runtime() -> tokio::runtime::Runtime {
        Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap()
    }

    /// Tasks of a runtime that wait, and their tickets, once all of them do.
    fn waiting(runtime: &Handle, count: usize) -> (Vec<tokio::task::JoinHandle<Answer>>, Vec<Ticket>) {
        let (tickets, waiting): (Vec<_>, Vec<_>) = (0..count).map(|_| ticket()).unzip();
        let tasks = waiting.into_iter().map(|written| runtime.spawn(written)).collect();
        let waits = |ticket: &Ticket| matches!(&*locked(&ticket.0.0), State::Waits(Some(_)));
        while !tickets.iter().all(waits) {
            std::thread::yield_now();
        }
        (tasks, tickets)
    }

    fn answer(bells: &mut Bells, tickets: Vec<Ticket>) {
        bells.wake(tickets.iter().filter_map(|ticket| ticket.answer(Ok(()))).collect());
    }

    #[test]
    fn all_that_wait_are_woken_in_whatever_runtimes_they_are() {
        let (one, other) = (runtime(), runtime());
        let mut bells = Bells::default();
        for count in [1, 2, 64] {
            let (tasks, tickets) = waiting(one.handle(), count);
            let (others, more) = waiting(other.handle(), count);
            answer(&mut bells, tickets.into_iter().chain(more).collect());
            for task in tasks.into_iter().chain(others) {
                assert_eq!(one.block_on(task).unwrap(), Ok(()));
            }
        }
        assert_eq!(bells.0.len(), 2);
    }

    #[test]
    fn a_runtime_that_is_shut_down_keeps_no_one_waiting() {
        let (one, other) = (runtime(), runtime());
        let mut bells = Bells::default();
        let (tasks, tickets) = waiting(one.handle(), 2);
        answer(&mut bells, tickets);
        tasks.into_iter().for_each(|task| assert_eq!(other.block_on(task).unwrap(), Ok(())));
        let handle = one.handle().clone();
        one.shutdown_timeout(Duration::from_secs(60));
        // They were polled in the runtime, and wait outside of it.
        let (tickets, mut waiting): (Vec<_>, Vec<_>) = (0..2).map(|_| ticket()).unzip();
        {
            let _in_it = handle.enter();
            let mut context = Context::from_waker(Waker::noop());
            waiting.iter_mut().for_each(|it| assert!(Pin::new(it).poll(&mut context).is_pending()));
        }
        answer(&mut bells, tickets);
        assert!(bells.0.is_empty());
        waiting.into_iter().for_each(|it| assert_eq!(other.block_on(it), Ok(())));
    }

    #[test]
    fn a_ticket_that_is_dropped_says_that_the_journal_is_closed() {
        let (ticket, written) = ticket();
        drop(ticket);
        let closed = DurableError::Journal(String::from("it is closed"));
        assert_eq!(runtime().block_on(written), Err(closed));
    }
}
